"""What happened at the company; the exports are views of it at a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeVar

from tools.generate.company.catalogue import (
    PIPELINES,
    SALESFORCE_STAGES,
    SOURCES,
    Stage,
)
from tools.generate.people import REGIONS, ascii_slug, phone, pools

START = datetime(2024, 7, 1, 8)
WEEKS = (datetime(2025, 6, 20, 18), datetime(2025, 6, 27, 18))
"""The moments of the two deliveries."""
CRMS = ("hubspot", "salesforce")

COUNTRIES = {
    "US": ("United States", "Austin", "TX", "USD"),
    "CA": ("Canada", "Toronto", "ON", "CAD"),
    "GB": ("United Kingdom", "Leeds", "", "GBP"),
    "DE": ("Germany", "Kassel", "", "EUR"),
    "FR": ("France", "Lyon", "", "EUR"),
    "AU": ("Australia", "Perth", "WA", "AUD"),
}
"""Name, city, state and currency of a country's customers."""
LEGAL_FORMS = {
    "US": "Inc.", "CA": "Inc.", "GB": "Ltd", "DE": "GmbH", "FR": "SARL", "AU": "Pty Ltd"
}  # fmt: skip
TRADES = ("Logistics", "Dairy", "Clinic", "Hotels", "Museum", "Foods", "Archive")
INDUSTRIES = {
    "Logistics": "Transportation",
    "Dairy": "Food Production",
    "Clinic": "Healthcare",
    "Hotels": "Hospitality",
    "Museum": "Education",
    "Foods": "Food Production",
    "Archive": "Government",
}
TITLES = ("Facility Manager", "Head of Quality", "Buyer", "CEO", "VP, Operations")


@dataclass
class Owner:
    """A sales person; `later_name` counts from the second delivery on."""

    number: int
    name: str
    later_name: str
    is_active: bool
    systems: tuple[str, ...]

    def name_at(self, moment: datetime) -> str:
        """The name that the systems show at a moment."""
        return self.later_name if moment >= WEEKS[1] else self.name

    @property
    def email(self) -> str:
        """The address at the company, which a marriage does not change."""
        return f"{ascii_slug(self.name)}@sensors.example"


@dataclass
class Entered:
    """What is entered in a CRM, and its end there."""

    number: int
    created: datetime
    systems: tuple[str, ...]
    gone: dict[str, datetime] = field(default_factory=dict)
    """System → when it was deleted there."""
    merged: dict[str, tuple[datetime, int]] = field(default_factory=dict)
    """System → when, and into which number."""

    def is_in(self, system: str, moment: datetime) -> bool:
        """Whether the system knows of it, deleted or not."""
        return system in self.systems and self.created <= moment

    def is_deleted(self, system: str, moment: datetime) -> bool:
        """Whether it has been deleted or merged away in the system."""
        ends = [self.gone.get(system), self.merged.get(system, (None,))[0]]
        return any(end is not None and end <= moment for end in ends)

    def master(self, system: str, moment: datetime) -> int | None:
        """The number that it has been merged into."""
        end = self.merged.get(system)
        return end[1] if end and end[0] <= moment else None


@dataclass(kw_only=True)
class Account(Entered):
    """A firm that buys; two of them may be one firm entered twice."""

    name: str
    legal_form: str
    country: str
    trade: str
    domain: str
    employees: int
    revenue: int
    phone: str
    owners: dict[str, Owner]
    same_as: int | None = None
    """The account that it is entered a second time for."""


@dataclass(kw_only=True)
class Person(Entered):
    """Somebody at an account, or a consumer without one."""

    account: Account | None = None
    first: str
    last: str
    email: str
    title: str = ""
    phone: str = ""
    country: str = "US"
    same_as: int | None = None

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"

    @property
    def firm(self) -> Account:
        """The account of somebody whom a CRM knows."""
        if self.account is None:
            raise ValueError(f"{self.name} is a consumer")
        return self.account


@dataclass(frozen=True)
class Change:
    """A deal's state from a moment on; cents are hundredths, of the yen too."""

    at: datetime
    stage: Stage
    cents: int
    close: datetime


@dataclass
class Line:
    """A product of a deal."""

    sku: str
    product: str
    quantity: int
    cents: int


@dataclass(kw_only=True)
class Deal(Entered):
    """A deal with all its states."""

    name: str
    account: Account
    people: list[Person]
    pipeline: str
    currency: str
    owner: Owner
    source: str
    lost_reason: str
    campaign: int | None
    lines: list[Line] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def until(self, moment: datetime) -> list[Change]:
        """Its states up to a moment."""
        return [change for change in self.changes if change.at <= moment]


@dataclass(frozen=True)
class Touch:
    """A call or a meeting."""

    number: int
    kind: str
    at: datetime
    person: Person
    deal: Deal | None
    owner: Owner
    outcome: str
    seconds: int
    system: str


Thing = TypeVar("Thing", bound=Entered)


def _grouped(
    things: Iterable[Thing], key: Callable[[Thing], object]
) -> dict[Any, list[Thing]]:
    found: dict[Any, list[Thing]] = {}
    for thing in things:
        found.setdefault(key(thing), []).append(thing)
    return found


def _account_number(person: Person) -> int | None:
    return person.account.number if person.account else None


def merged_into(
    things: Iterable[Thing], system: str, moment: datetime
) -> dict[int, list[Thing]]:
    """By the number of a record those that have been merged into it."""
    return _grouped(
        (thing for thing in things if thing.master(system, moment) is not None),
        lambda thing: thing.master(system, moment),
    )


def moment(random: Random, since: datetime, until: datetime) -> datetime:
    """A minute between the two."""
    minutes = max(int((until - since).total_seconds() // 60), 1)
    return since + timedelta(minutes=random.randrange(minutes))


class Company:
    """Everything of one seed and size; sound, with the traps that systems have."""

    def __init__(self, seed: int = 0, scale: float = 1) -> None:
        """Make it; equal seeds and scales give equal companies."""
        self.seed, self.random = seed, Random(f"company-{seed}")
        self.scale = scale
        self.pools = pools(seed)
        self.taken: set[str] = set()
        """Names of firms and mailboxes that somebody has."""
        self.owners = list(self._owners())
        self.accounts: list[Account] = []
        self.people: list[Person] = []
        for number in range(self.size(60)):
            self.accounts.append(self._account(number))
        for number in range(self.size(84)):
            account = self.accounts[number % len(self.accounts)]
            self.people.append(self._person(number, account))
        self._enter_twice()
        self._buyers = {
            system: [
                p for p in self.people if system in p.systems and p.same_as is None
            ]
            for system in CRMS
        }
        self.people_of = _grouped(self.people, _account_number)
        self.deals = [self._deal(number) for number in range(self.size(96))]
        self._end_deals()
        self.touches = list(self._touches())

    def size(self, count: int) -> int:
        """A count of the sample at this scale; never too few for the traps."""
        return max(round(count * self.scale), min(count, 24))

    # -- who ----------------------------------------------------------------------

    def _owners(self) -> Iterator[Owner]:
        both, hubspot, salesforce = CRMS, ("hubspot",), ("salesforce",)
        plan = [
            ("Paula Hart", "Paula Hart-Vega", True, both),
            ("Tom Okafor", "Tom Okafor", True, hubspot),
            ("Ines Brandt", "Ines Brandt", True, hubspot),
            ("Hugo Marchand", "Hugo Marchand", True, salesforce),
            ("Lena Vogt", "Lena Vogt", True, salesforce),
            ("Gwen Parry", "Gwen Parry", False, both),
        ]
        for number, (name, later, is_active, systems) in enumerate(plan):
            yield Owner(number, name, later, is_active, systems)

    def owner(self, system: str, moment: datetime) -> Owner:
        """Somebody who sold in the system then; the former one until spring."""
        spring = datetime(2025, 3, 1)
        return self.random.choice(
            [
                owner
                for owner in self.owners
                if system in owner.systems and (owner.is_active or moment < spring)
            ]
        )

    def _systems(self, number: int) -> tuple[str, ...]:
        """By plan: of three accounts one is in each CRM and one in both."""
        return (CRMS, ("hubspot",), ("salesforce",))[number % 3]

    def _account(self, number: int) -> Account:
        random = self.random
        country = random.choice(tuple(REGIONS))
        pool = self.pools[country]
        trade = random.choice(TRADES)
        name = f"{random.choice(pool.last_names)} {trade}"
        while ascii_slug(name) in self.taken:
            name = f"{random.choice(pool.last_names)}-{name}"
        if number % 30 == 11:  # its name begins with that of another firm
            name = f"{self.accounts[-1].name} Trading"
        self.taken.add(ascii_slug(name))
        created = moment(self.random, START, WEEKS[0] - timedelta(days=40))
        systems = self._systems(number)
        return Account(
            number,
            created,
            systems,
            name=name,
            legal_form=LEGAL_FORMS[country],
            country=country,
            trade=trade,
            domain=f"{ascii_slug(name)}.example",
            employees=random.choice((5, 12, 40, 90, 250, 800)),
            revenue=random.randrange(5, 900) * 100_000,
            phone=phone(random, country),
            owners={system: self.owner(system, created) for system in systems},
        )

    def _person(self, number: int, account: Account) -> Person:
        random = self.random
        pool = self.pools[account.country]
        first, last = random.choice(pool.first_names), random.choice(pool.last_names)
        mailbox = f"{ascii_slug(first)}.{ascii_slug(last)}"
        if f"{mailbox}@{account.domain}" in self.taken:
            mailbox += str(number)
        email = f"{mailbox}@{account.domain}"
        self.taken.add(email)
        # those whom everybody deals with are in all systems of their account
        return Person(
            number,
            moment(self.random, account.created, account.created + timedelta(days=30)),
            account.systems,
            account=account,
            first=first,
            last=last,
            email=email,
            title=random.choice(TITLES),
            phone=phone(random, account.country),
            country=account.country,
        )

    def _enter_twice(self) -> None:
        """Enter firms and people a second time, and merge them again.

        In Salesforce one account goes into a second one in the week before the
        first delivery, and that into a third one a week later; so do contacts of
        HubSpot. A contact of Salesforce is merged between the deliveries.
        """
        before, between = WEEKS[0] - timedelta(days=4), WEEKS[0] + timedelta(days=3)
        one = next(a for a in self.accounts if a.systems == ("salesforce",))
        for step, (at, into) in enumerate(((before, 1), (between, -1))):
            number = len(self.accounts)
            target = one.number if into < 0 else number + 1
            twin = Account(**{**vars(one), "number": number, "same_as": one.number})
            twin.name = one.name if step else f"{one.name} {one.trade}"
            twin.gone, twin.merged = {}, {"salesforce": (at, target)}
            twin.created = one.created + timedelta(days=5 + step)
            self.accounts.append(twin)
        many = [p for p in self.people if p.systems == ("hubspot",)]
        self._twin_of(many[0], "hubspot", before, chained=False)
        self._twin_of(many[0], "hubspot", between, chained=True)
        other = next(p for p in self.people if p.systems == ("salesforce",))
        self._twin_of(other, "salesforce", between, chained=False)
        many[1].gone["hubspot"] = between

    def _twin_of(
        self, person: Person, system: str, at: datetime, *, chained: bool
    ) -> None:
        number = len(self.people)
        twin = Person(**{**vars(person), "number": number, "same_as": person.number})
        twin.systems, twin.gone = (system,), {}
        twin.email = f"{ascii_slug(person.last)}{number}@{person.email.split('@')[1]}"
        twin.created = person.created + timedelta(days=8)
        twin.merged = {system: (at, person.number)}
        if chained:  # the earlier twin went into this one
            earlier = self.people[-1]
            earlier.merged = {system: (earlier.merged[system][0], number)}
        self.people.append(twin)

    # -- what they buy --------------------------------------------------------------

    def _deal(self, number: int) -> Deal:
        random = self.random
        person = self._buyer(CRMS[number % 2])
        account, system = person.firm, CRMS[number % 2]
        created = moment(
            self.random,
            max(account.created, person.created),
            WEEKS[1] - timedelta(days=2),
        )
        pipeline = "" if system == "salesforce" else random.choice(tuple(PIPELINES))
        currency = COUNTRIES[account.country][3]
        if number % 16 in (3, 6):
            currency = "JPY"
        colleagues = [
            p
            for p in self.people_of[account.number]
            if p.is_in(system, created) and p.same_as is None and p is not person
        ]
        deal = Deal(
            number,
            created,
            (system,),
            name=f"{account.name} - {random.choice(('Cold rooms', 'Floor 2', 'Trial'))}"
            f" {created.year}",
            account=account,
            people=[person, *colleagues[: number % 2]],
            pipeline=pipeline,
            currency=currency,
            owner=self.owner(system, created),
            source=random.choice(SOURCES[system]),
            lost_reason=random.choice(("Price", "Timing", "Competitor", "No budget")),
            campaign=number % 3 if number % 4 == 0 else None,
        )
        if system == "salesforce" and number % 4 == 1:
            deal.lines = list(self._lines())
        deal.changes = list(self._changes(deal, system))
        return deal

    def _buyer(self, system: str) -> Person:
        return self.random.choice(self._buyers[system])

    def _lines(self) -> Iterator[Line]:
        for sku, product, cents in self.random.sample(
            (
                ("SNS-10", "Sensor, indoor", 8_900),
                ("SNS-20", "Sensor, cold room", 14_900),
                ("GW-1", "Gateway", 39_900),
                ("SRV-1", "Installation day", 95_000),
            ),
            self.random.randrange(1, 4),
        ):
            yield Line(sku, product, self.random.randrange(1, 40), cents)

    def _changes(self, deal: Deal, system: str) -> Iterator[Change]:
        """Walk through the stages, sometimes back, with other amounts and dates."""
        random = self.random
        stages = (
            list(SALESFORCE_STAGES)
            if system == "salesforce"
            else list(PIPELINES[deal.pipeline])
        )
        steps = [stage for stage in stages if not stage.is_closed]
        if random.random() < 0.1:
            steps.insert(2, steps[0])  # back to the start
        ends = [stage for stage in stages if stage.is_closed]
        end = random.choice((ends[0], ends[0], ends[1]))
        cents = sum(line.quantity * line.cents for line in deal.lines)
        cents = cents or random.randrange(8, 400) * 10_050
        if deal.currency == "JPY":
            cents = cents // 100 * 10_000
        at, close = deal.created, deal.created + timedelta(days=90)
        for stage in [*steps, end]:
            if stage.is_closed:
                close = at
            yield Change(at, stage, cents, close)
            at += timedelta(days=random.randrange(6, 50), minutes=random.randrange(600))
            if not deal.lines and random.random() < 0.3:
                cents = cents * random.choice((80, 110, 125)) // 100 // 100 * 100
            if random.random() < 0.3:
                close += timedelta(days=random.choice((-14, 30, 45)))

    def _end_deals(self) -> None:
        """Delete some, one of them between the deliveries; merge one of HubSpot."""
        before, between = WEEKS[0] - timedelta(days=9), WEEKS[0] + timedelta(days=2)
        old = [deal for deal in self.deals if deal.created < before]
        hubspot, salesforce = (
            [deal for deal in old if deal.systems == (system,)] for system in CRMS
        )
        salesforce[2].gone["salesforce"] = before
        salesforce[5].gone["salesforce"] = between
        hubspot[3].gone["hubspot"] = between
        hubspot[4].merged["hubspot"] = (between, hubspot[1].number)

    def _touches(self) -> Iterator[Touch]:
        random = self.random
        deals = _grouped(self.deals, lambda deal: deal.systems[0])
        for number in range(self.size(150)):
            system = CRMS[number % 2]
            deal = random.choice(deals[system]) if number % 3 else None
            person = deal.people[0] if deal else self._buyer(system)
            since = max(person.created, deal.created if deal else person.created)
            at = moment(self.random, since, max(WEEKS[1], since + timedelta(days=1)))
            kind = "meeting" if number % 5 == 0 else "call"
            outcomes = (
                ("Completed", "No show")
                if kind == "meeting"
                else ("Connected", "No answer", "Left voicemail")
            )
            yield Touch(
                number,
                kind,
                at,
                person,
                deal,
                self.owner(system, at),
                random.choice(outcomes),
                random.randrange(20, 2400),
                system,
            )
