"""The Stripe account: payments, balance, customers, subscriptions, payouts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from tools.generate.company.catalogue import PLANS
from tools.generate.company.headers import STRIPE
from tools.generate.company.shop import Charge, Entry, Shop, Subscription, dollars
from tools.generate.company.truth import Person

NAMES = ("payments", "balance", "customers", "subscriptions", "payouts")
FILES = {
    "payments": "unified_payments.csv",
    "balance": "Itemized_balance_change_from_activity_USD_{since}_to_{until}.csv",
    "customers": "customers.csv",
    "subscriptions": "subscriptions.csv",
    "payouts": "payouts.csv",
}
Row = dict[str, object]


def headers(name: str) -> list[str]:
    """Headers of an export."""
    return STRIPE[name]


def rows(shop: Shop, name: str, moment: datetime, since: datetime) -> Iterator[Row]:
    """The records of an export at a moment.

    Payments are those changed since another moment, movements and payouts those
    made since; customers and subscriptions are all of them.
    """
    found: dict[str, Iterator[Row]] = {
        "payments": (
            _payment(shop, charge, moment)
            for charge in shop.charges
            if charge.at <= moment and _changed(charge, moment) > since
        ),
        "balance": (
            _entry(shop, number, entry)
            for number, entry in enumerate(shop.entries)
            if since < entry.at <= moment
        ),
        "payouts": (
            _payout(number, at, cents)
            for number, at, cents in shop.payouts
            if since < at <= moment
        ),
        "customers": _customers(shop, moment),
        "subscriptions": (
            _subscription(found, moment)
            for found in shop.subscriptions
            if found.started <= moment
        ),
    }
    yield from found[name]


def _changed(charge: Charge, moment: datetime) -> datetime:
    return max([charge.at, *(r.at for r in charge.refunds if r.at <= moment)])


def _money(minor: int, currency: str) -> str:
    """In main units; the yen has none smaller."""
    return str(minor) if currency == "JPY" else f"{minor / 100:.2f}"


def _time(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else ""


def _id(prefix: str, number: int) -> str:
    return f"{prefix}_3Lu{number:012}"


def customer_id(person: Person) -> str:
    """Identifier of a customer."""
    return f"cus_Lu{person.number:012}"


def payers(shop: Shop) -> list[Person]:
    """Who has ever paid or subscribed."""
    people = {charge.person.email: charge.person for charge in shop.charges}
    people |= {s.person.email: s.person for s in shop.subscriptions}
    return list(people.values())


def _payment(shop: Shop, charge: Charge, moment: datetime) -> Row:
    refunds = [refund for refund in charge.refunds if refund.at <= moment]
    back = sum(refund.cents for refund in refunds)
    status = "Refunded" if back == charge.minor else charge.status
    found = charge.subscription
    payout = shop.paid_out.get(charge.number)
    paid_out = payout is not None and payout < len(shop.payouts)
    gross = dollars(charge.minor, charge.currency)
    return {
        "id": _id("ch", charge.number),
        "Created date (UTC)": _time(charge.at),
        "Amount": _money(charge.minor, charge.currency),
        "Amount Refunded": _money(back, charge.currency),
        "Currency": charge.currency.lower(),
        "Captured": str(charge.is_captured and charge.status != "Failed").lower(),
        "Converted Amount": _money(gross, "USD"),
        "Converted Amount Refunded": _money(dollars(back, charge.currency), "USD"),
        "Converted Currency": "usd",
        "Decline Reason": "insufficient_funds" if charge.status == "Failed" else "",
        "Description": (
            f"Order #{charge.order.number}" if charge.order else "Subscription update"
        ),
        "Fee": _money(gross * 29 // 1000 + 30 if charge.is_money else 0, "USD"),
        "Mode": charge.mode,
        "PaymentIntent ID": _id("pi", charge.number),
        "Payment Source Type": "card",
        "Refunded date (UTC)": _time(refunds[-1].at) if refunds else "",
        "Status": status if charge.is_captured else "Uncaptured",
        "Seller Message": "Payment complete.",
        "Taxes On Fee": "0.00",
        "Card ID": _id("card", charge.person.number),
        "Customer ID": customer_id(charge.person),
        "Customer Description": charge.person.name,
        "Customer Email": charge.person.email,
        "Invoice ID": _id("in", charge.number) if found else "",
        "Transfer": _id("po", payout) if paid_out and payout is not None else "",
        "order_id (metadata)": charge.order.number if charge.order else "",
    }


def _entry(shop: Shop, number: int, entry: Entry) -> Row:
    charge = entry.charge
    prefix = {"charge": "ch", "refund": "re", "dispute": "du", "payout": "po"}
    source = charge.number if charge else entry.payout or 0
    if entry.kind == "refund":
        source = number
    available = (entry.at + timedelta(days=2)).replace(hour=0, minute=0)
    is_paid_out = entry.payout is not None and entry.payout < len(shop.payouts)
    found = charge.subscription if charge else None
    return {
        "balance_transaction_id": _id("txn", number),
        "created_utc": _time(entry.at),
        "created": _time(entry.at - timedelta(hours=6)),
        "available_on_utc": _time(available),
        "available_on": _time(available - timedelta(hours=6)),
        "currency": "usd",
        "gross": _money(entry.gross, "USD"),
        "fee": _money(entry.fee, "USD"),
        "net": _money(entry.gross - entry.fee, "USD"),
        "reporting_category": entry.kind,
        "source_id": _id(prefix[entry.kind], source),
        "description": (
            "STRIPE PAYOUT"
            if charge is None
            else f"Order #{charge.order.number}"
            if charge.order
            else "Subscription update"
        ),
        "automatic_payout_id": _id("po", entry.payout or 0) if is_paid_out else "",
        "customer_id": customer_id(charge.person) if charge else "",
        "customer_email": charge.person.email if charge else "",
        "charge_id": _id("ch", charge.number) if charge else "",
        "payment_intent_id": _id("pi", charge.number) if charge else "",
        "subscription_id": _id("sub", found.number) if found else "",
        "payment_method_type": "card" if charge else "",
    }


def _payout(number: int, at: datetime, cents: int) -> Row:
    return {
        "id": _id("po", number),
        "Amount": _money(cents, "USD"),
        "Created (UTC)": _time(at),
        "Currency": "usd",
        "Arrival Date (UTC)": _time((at + timedelta(days=2)).replace(hour=0, minute=0)),
        "Source Type": "card",
        "Destination": "ba_3Lu000000000001",
        "Status": "paid",
        "Type": "bank_account",
        "Method": "standard",
        "Description": "STRIPE PAYOUT",
        "Balance Transaction": _id("txn", number),
    }


def _customers(shop: Shop, moment: datetime) -> Iterator[Row]:
    paid: dict[str, list[Charge]] = {}
    for charge in shop.charges:
        if charge.at <= moment:
            paid.setdefault(charge.person.email, []).append(charge)
    for person in payers(shop):
        email = person.email
        charges = [c for c in paid.get(email, []) if c.is_money]
        back = [r for c in charges for r in c.refunds if r.at <= moment]
        yield {
            "id": customer_id(person),
            "Email": email,
            "Name": person.name,
            "Created (UTC)": _time(person.created),
            "Delinquent": "false",
            # of several currencies the account converts
            "Total Spend": _money(
                sum(dollars(c.minor, c.currency) for c in charges), "USD"
            ),
            "Payment Count": len(charges),
            "Refunded Volume": _money(sum(r.cents for r in back), "USD"),
            "Dispute Losses": "0.00",
        }


def _subscription(found: Subscription, moment: datetime) -> Row:
    plan, seats = found.at(moment)
    product, interval, _ = PLANS[plan]
    ended = found.ended if found.ended and found.ended <= moment else None
    trial = found.trial_until
    status = "active"
    if ended:
        status = "canceled"
    elif trial and trial > moment:
        status = "trialing"
    elif found.is_late and moment > found.started + timedelta(days=40):
        status = "past_due"
    return {
        "id": _id("sub", found.number),
        "Customer ID": customer_id(found.person),
        "Customer Email": found.person.email,
        "Customer Name": found.person.name,
        "Plan": plan,
        "Product": f"prod_{product}",
        "Quantity": seats,
        "Currency": found.currency.lower(),
        "Interval": interval,
        "Amount": _money(found.price(plan), found.currency),
        "Status": status,
        "Created (UTC)": _time(found.started),
        "Start (UTC)": _time(found.started),
        "Start Date (UTC)": _time(found.started),
        "Current Period Start (UTC)": _time(moment - timedelta(days=20)),
        "Current Period End (UTC)": _time(moment + timedelta(days=10)),
        "Trial Start (UTC)": _time(found.started) if trial else "",
        "Trial End (UTC)": _time(trial),
        "Canceled At (UTC)": _time(ended),
        "Ended At (UTC)": _time(ended),
        "Cancel At Period End": "false",
        "Cancellation Reason": "cancellation_requested" if ended else "",
    }
