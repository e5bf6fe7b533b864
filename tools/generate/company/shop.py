"""What happened in the shop and at the bank: orders, subscriptions, payouts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from tools.generate.company.catalogue import PLANS, PRODUCTS, RATES
from tools.generate.company.truth import START, WEEKS, Company, Person, moment
from tools.generate.people import ascii_slug, international

PROVIDER = "mail.example"
"""Where private mailboxes are."""
FEE, FEE_FIXED = 29, 30
"""What Stripe takes: thousandths and cents."""


@dataclass
class Item:
    """A line of an order."""

    sku: str
    name: str
    quantity: int
    cents: int


@dataclass
class Refund:
    """Money given back."""

    at: datetime
    cents: int


@dataclass
class Order:
    """An order with what became of it."""

    number: int
    at: datetime
    person: Person
    currency: str
    items: list[Item]
    discount: int
    shipping: int
    tax: int
    gateway: str
    paid_at: datetime | None
    cancelled_at: datetime | None = None
    refunds: list[Refund] = field(default_factory=list)
    is_authorised_only: bool = False

    @property
    def subtotal(self) -> int:
        """Lines less the discount, in cents."""
        return sum(item.quantity * item.cents for item in self.items) - self.discount

    @property
    def total(self) -> int:
        """What is to be paid, in cents."""
        return self.subtotal + self.shipping + self.tax

    def refunded(self, moment: datetime) -> int:
        """What has been given back up to a moment, in cents."""
        return sum(refund.cents for refund in self.refunds if refund.at <= moment)

    def is_paid(self, moment: datetime) -> bool:
        """Whether the money has come."""
        return self.paid_at is not None and self.paid_at <= moment

    def changed(self, moment: datetime) -> datetime:
        """When it last changed before a moment."""
        times = [self.at, self.paid_at, self.cancelled_at]
        times += [refund.at for refund in self.refunds]
        return max(time for time in times if time is not None and time <= moment)


@dataclass
class Subscription:
    """Seats of a plan; `changes` are moment, plan and seats."""

    number: int
    person: Person
    currency: str
    changes: list[tuple[datetime, str, int]]
    ended: datetime | None
    trial_until: datetime | None = None
    is_late: bool = False
    """Whether its last payments failed."""

    @property
    def started(self) -> datetime:
        """When it began."""
        return self.changes[0][0]

    def at(self, moment: datetime) -> tuple[str, int]:
        """Plan and seats at a moment."""
        return [(plan, n) for at, plan, n in self.changes if at <= moment][-1]

    def price(self, plan: str) -> int:
        """Minor units of a seat."""
        cents = PLANS[plan][2]
        return cents * 3 // 2 if self.currency == "JPY" else cents


@dataclass
class Charge:
    """A payment at Stripe; `minor` counts units of its currency."""

    number: int
    at: datetime
    person: Person
    currency: str
    minor: int
    status: str
    order: Order | None = None
    subscription: Subscription | None = None
    refunds: list[Refund] = field(default_factory=list)
    disputed_at: datetime | None = None
    is_captured: bool = True
    mode: str = "Live"

    @property
    def is_money(self) -> bool:
        """Whether anything was paid."""
        return self.status == "Paid" and self.is_captured and self.mode == "Live"


@dataclass(frozen=True)
class Entry:
    """A movement of the account at Stripe, in cents of the dollar."""

    at: datetime
    kind: str
    charge: Charge | None
    gross: int
    fee: int
    payout: int | None


def dollars(minor: int, currency: str) -> int:
    """Cents of the dollar for minor units of a currency."""
    unit = 1 if currency == "JPY" else 100
    return round(minor / unit * RATES[currency] * 100)


class Shop:
    """The shop's orders and Stripe's account of one company."""

    def __init__(self, company: Company) -> None:
        """Sell to people whom the CRMs know, and to others."""
        self.company = company
        self.random = Random(f"shop-{company.seed}")
        self.consumers = [self._consumer(n) for n in range(company.size(24))]
        known = [p for p in company.people if p.same_as is None]
        self.customers = [*known[::2], *self.consumers]
        self.orders = [self._order(number) for number in range(company.size(80))]
        self.subscribers = [person for person in known if person.number % 5 < 2]
        self.subscriptions = list(self._subscriptions())
        self.at_home = [_at_home(p) for p in known[1::2] if p.number % 14 == 3]
        """Customers who are contacts, by their private mailbox."""
        self.customers += self.at_home
        self.guests = [p for p in known[1::2] if p.number % 14 == 7]
        first = len(self.consumers)
        self.guests += [self._consumer(first + n) for n in range(company.size(3))]
        """Who order without being a customer; some are contacts."""
        self.orders += self._more_orders(len(self.orders))
        self.orders.sort(key=lambda order: order.at)
        for number, order in enumerate(self.orders):
            order.number = 1001 + number
        self.charges = sorted(self._charges(), key=lambda charge: charge.at)
        for number, charge in enumerate(self.charges):
            charge.number = number
        self.entries, self.payouts = self._account()
        self.paid_out = {
            entry.charge.number: entry.payout
            for entry in self.entries
            if entry.charge and entry.kind == "charge"
        }
        """Charge → number of the payout that it is part of."""

    def _consumer(self, number: int) -> Person:
        random = self.random
        pool = self.company.pools["US"]
        first, last = random.choice(pool.first_names), random.choice(pool.last_names)
        email = f"{ascii_slug(first)}.{ascii_slug(last)}{number}@{PROVIDER}"
        return Person(
            20_000 + number,
            START,
            ("shopify",),
            first=first,
            last=last,
            email=email,
        )

    def _order(self, number: int, person: Person | None = None) -> Order:
        random = self.random
        person = person or random.choice(self.customers)
        at = moment(random, START, WEEKS[1] - timedelta(days=number % 2))
        items = []
        for handle, title, _, variants in random.sample(
            PRODUCTS, random.choice((1, 1, 2, 3))
        ):
            place = random.randrange(len(variants))
            variant, cents = variants[place]
            name = f"{title} - {variant}"
            items.append(Item(sku(handle, place), name, random.randrange(1, 5), cents))
        gross = sum(item.quantity * item.cents for item in items)
        discount = gross // 10 if number % 7 == 0 else 0
        order = Order(
            number,
            at,
            person,
            "EUR" if person.country in ("DE", "FR") else "USD",
            items,
            discount,
            random.choice((0, 600, 1_250)),
            (gross - discount) * 8 // 100,
            "Stripe" if number % 3 == 0 else "Shopify Payments",
            at,
        )
        self._end(order, number)
        return order

    def _more_orders(self, number: int) -> Iterator[Order]:
        """One of each who buys otherwise than known, some by Stripe; all are paid."""
        for place, person in enumerate([*self.at_home, *self.guests]):
            order = self._order(number + place, person)
            order.refunds, order.cancelled_at = [], None
            order.paid_at, order.is_authorised_only = order.at, False
            order.gateway = "Stripe" if place % 3 == 0 else "Shopify Payments"
            yield order

    def _end(self, order: Order, number: int) -> None:
        """What becomes of some: by plan, so that each kind is there."""
        later = order.at + timedelta(days=5, minutes=self.random.randrange(900))
        match number % 20:
            case 1:  # part of it comes back
                order.refunds.append(Refund(later, order.items[0].cents))
            case 4:  # all of it, in two goes
                half = order.total // 2
                order.refunds.append(Refund(later, half))
                order.refunds.append(
                    Refund(later + timedelta(days=9), order.total - half)
                )
            case 7:  # cancelled, and paid back
                order.cancelled_at = order.at + timedelta(hours=3)
                order.refunds.append(Refund(order.cancelled_at, order.total))
            case 10:  # cancelled before it was paid
                order.paid_at, order.gateway = None, "Shopify Payments"
                order.cancelled_at = order.at + timedelta(days=1)
            case 13:  # by bank transfer: not yet here, or a week later
                order.gateway = "Bank Deposit"
                order.paid_at = later + timedelta(days=2)
            case 16:
                order.paid_at, order.gateway = None, "Shopify Payments"
                order.is_authorised_only = True

    def _subscriptions(self) -> Iterator[Subscription]:
        """Some go, some come back, some grow or shrink, half a year long."""
        random = self.random
        first, last = datetime(2024, 10, 1), WEEKS[1] - timedelta(days=10)
        between = WEEKS[0] + timedelta(days=4)
        number = 0
        for place, person in enumerate(self.subscribers):
            start = moment(random, first, last - timedelta(days=75))
            plan = tuple(PLANS)[place % len(PLANS)]
            currency = "EUR" if person.country in ("DE", "FR") else "USD"
            found = Subscription(
                number,
                person,
                "JPY" if place % 9 == 5 else currency,
                [(start, plan, 1 + place % 3)],
                None,
            )
            match place % 7:
                case 1:  # more seats
                    found.changes.append((start + timedelta(days=40), plan, 5))
                case 2:
                    found.ended = start + timedelta(days=65)
                case 3:  # a better plan, between the deliveries
                    found.changes.append((between, "price_site_month", 3))
                case 4:  # fewer seats, between the deliveries
                    found.changes = [(start, plan, 4), (between, plan, 2)]
                case 5:
                    found.trial_until = start + timedelta(days=14)
                case 6:
                    found.is_late = True
            number += 1
            yield found
            if place % 14 == 2 and found.ended:  # comes back after two months
                again = found.ended + timedelta(days=62)
                if again < WEEKS[1]:
                    yield Subscription(
                        number, person, found.currency, [(again, plan, 1)], None
                    )
                    number += 1

    def _charges(self) -> Iterator[Charge]:
        for order in self.orders:
            if order.gateway == "Stripe" and order.paid_at:
                yield Charge(
                    0,
                    order.paid_at,
                    order.person,
                    order.currency,
                    order.total,
                    "Paid",
                    order=order,
                    refunds=list(order.refunds),
                )
        for found in self.subscriptions:
            yield from self._invoices(found)
        person = self.subscribers[0]
        at = WEEKS[0] - timedelta(days=30)
        yield Charge(0, at, person, "USD", 4_900, "Paid", mode="Test")
        at += timedelta(days=1)
        yield Charge(0, at, person, "USD", 12_000, "Paid", is_captured=False)

    def _invoices(self, found: Subscription) -> Iterator[Charge]:
        """A charge for each period; the last ones of a late payer fail."""
        at = found.trial_until or found.started
        count = 0
        while at <= WEEKS[1] and not (found.ended and at >= found.ended):
            plan, seats = found.at(at)
            months = 12 if PLANS[plan][1] == "year" else 1
            following = _months_later(at, months)
            is_last = following > WEEKS[0]
            charge = Charge(
                0,
                at,
                found.person,
                found.currency,
                seats * found.price(plan),
                "Failed" if found.is_late and is_last else "Paid",
                subscription=found,
            )
            count += 1
            if charge.is_money and (found.number + count) % 9 == 0:
                is_whole = count % 2 and months == 1
                back = charge.minor if is_whole else charge.minor // 4
                charge.refunds.append(Refund(at + timedelta(days=3), back))
            elif charge.is_money and (found.number + count) % 23 == 0:
                charge.disputed_at = at + timedelta(days=8)
            yield charge
            at = following

    def _account(self) -> tuple[list[Entry], list[tuple[int, datetime, int]]]:
        """The movements of the account, and a payout of each week's sum."""
        moved: list[tuple[datetime, str, Charge, int, int]] = []
        for charge in self.charges:
            if not charge.is_money:
                continue
            gross = dollars(charge.minor, charge.currency)
            fee = gross * FEE // 1000 + FEE_FIXED
            moved.append((charge.at, "charge", charge, gross, fee))
            for refund in charge.refunds:
                back = dollars(refund.cents, charge.currency)
                moved.append((refund.at, "refund", charge, -back, 0))
            if charge.disputed_at:
                moved.append((charge.disputed_at, "dispute", charge, -gross, 1_500))
        moved.sort(key=lambda entry: entry[0])
        entries: list[Entry] = []
        payouts: list[tuple[int, datetime, int]] = []
        due, waiting = START + timedelta(days=7), 0
        for at, kind, charge, gross, fee in moved:
            while at >= due:
                if waiting > 0:
                    payouts.append((len(payouts), due, waiting))
                    entries.append(
                        Entry(due, "payout", None, -waiting, 0, len(payouts) - 1)
                    )
                    waiting = 0
                due += timedelta(days=7)
            waiting += gross - fee
            entries.append(Entry(at, kind, charge, gross, fee, len(payouts)))
        return entries, payouts


def private_email(person: Person) -> str:
    """The mailbox at home of somebody at a firm."""
    name = f"{ascii_slug(person.last)}.{ascii_slug(person.first)}"
    return f"{name}{person.number}@{PROVIDER}"


def is_private(email: str) -> bool:
    """Whether an address is no firm's."""
    return email.lower().endswith(f"@{PROVIDER}")


def _at_home(person: Person) -> Person:
    """Somebody of a firm as a customer by the private mailbox; half name the firm."""
    return Person(
        **{
            **vars(person),
            "account": person.account if person.number % 4 == 3 else None,
            "number": 40_000 + person.number,
            "same_as": person.number,
            "systems": ("shopify",),
            "email": private_email(person),
            "phone": international(person.phone, person.country),
        }
    )


def sku(handle: str, place: int) -> str:
    """Stock-keeping unit of a variant."""
    return f"{handle[:3].upper()}-{handle[-3:].upper()}-{place + 1}"


def _months_later(moment: datetime, months: int) -> datetime:
    month = moment.month - 1 + months
    day = min(moment.day, 28)
    return moment.replace(year=moment.year + month // 12, month=month % 12 + 1, day=day)
