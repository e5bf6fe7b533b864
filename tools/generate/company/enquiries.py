"""Enquiries before a purchase: leads of Salesforce, answers to forms, callers.

By plan some are contacts or customers already, or become it; others are strangers,
colleagues and namesakes, who are nobody else. People write themselves as people
do: by their private mailbox, a nickname, with a slip in the domain.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha1
from random import Random

from tools.generate.company.shop import Shop, private_email
from tools.generate.company.truth import (
    START,
    TITLES,
    TRADES,
    WEEKS,
    Account,
    Company,
    Deal,
    Person,
    moment,
)
from tools.generate.people import (
    REGIONS,
    ascii_slug,
    international,
    national,
    notations,
    phone,
)

NICKNAMES = {
    "Alexander": "Alex", "Amanda": "Mandy", "Andrew": "Andy", "Anthony": "Tony",
    "Benjamin": "Ben", "Catherine": "Kate", "Christine": "Tina", "Daniel": "Dan",
    "Christopher": "Chris", "David": "Dave", "Elizabeth": "Liz", "James": "Jim",
    "Jennifer": "Jenny", "Jessica": "Jess", "Joseph": "Joe", "Kimberly": "Kim",
    "Margaret": "Maggie", "Matthew": "Matt", "Michael": "Mike", "Nicholas": "Nick",
    "Patricia": "Pat", "Rebecca": "Becky", "Robert": "Bob", "Samantha": "Sam",
    "Susan": "Sue", "Thomas": "Tom", "Timothy": "Tim", "Victoria": "Vicky",
    "William": "Bill",
}  # fmt: skip
UNKNOWN_FIRM = "[not provided]"
"""What Salesforce keeps for a lead that names no company."""
STRANGERS = {
    **{"lead": 1_000_000, "web": 2_000_000, "ad": 3_000_000, "call": 4_000_000},
    "firm": 5_000_000,
}
"""Numbers of those whom no CRM and no shop knows begin here."""


@dataclass(kw_only=True)
class Enquiry:
    """What somebody wrote of themselves, and who it was."""

    number: int
    at: datetime
    person: int
    """The number of the person in truth; that of a contact if it is one."""
    firm: int | None
    """The number of the firm in truth."""
    first: str
    last: str
    email: str
    phone: str
    company: str
    title: str
    country: str
    deal: Deal | None = None
    """The deal that came of it."""

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"


class Enquiries:
    """All of a company, whose shop has consumers among its customers."""

    def __init__(self, company: Company, shop: Shop) -> None:
        """Make them; equal companies give equal ones."""
        self.company, self.shop = company, shop
        self.random = Random(f"enquiries-{company.seed}")
        self._taken = {*company.taken}
        self.known = [p for p in company.people if p.same_as is None and not p.gone]
        self._next = {"hubspot": 0, "salesforce": 0, "consumer": 0, "deal": 0}
        self.leads: list[Enquiry] = []
        self.answers: list[Enquiry] = []
        """Those to the form of the web site."""
        self.ads: list[Enquiry] = []
        """Those to the form of an advertisement."""
        for number in range(company.size(24)):
            self.leads.append(self._lead(number))
        for number in range(company.size(22)):
            self.answers.append(self._answer(number))
        for number in range(max(round(6 * company.scale), 6)):
            self.ads.append(self._ad(number))

    def callers(self) -> list[Person]:
        """Contacts and consumers who were on the call centre's lists before."""
        people = [p for p in self.known if p.number % 7 == 4]
        both = zip(people, self.shop.consumers[1::5], strict=False)
        return [person for pair in both for person in pair]

    # -- leads of Salesforce --------------------------------------------------------

    def _lead(self, number: int) -> Enquiry:
        match number % 8:
            case 0 | 3:
                return self._converted(number)
            case 1:
                person = self._contact("hubspot")
                found = self._of(number, person, before=number % 16 == 1)
                return replace(found, email=person.email.upper())
            case 2:
                found = self._of(number, self._consumer(), before=True)
                return replace(found, company=UNKNOWN_FIRM)
            case 4:
                return self._colleague(number, "lead", self._contact("hubspot"))
            case 5:
                return self._namesake(number, "lead", self._contact("hubspot"))
            case 6:
                return self._stranger(number, "lead")
        firm = self.random.choice(self._firms())
        found = self._new_at(number, "lead", firm)
        if number % 24 == 23:  # new with the second delivery
            found.at = moment(self.random, *WEEKS)
        return replace(found, company=f"{firm.name} {firm.legal_form}")

    def _converted(self, number: int) -> Enquiry:
        """Somebody of Salesforce whose deal came of it nine days later."""
        deals: dict[int, Deal] = {}
        for deal in self.company.deals:
            if deal.systems == ("salesforce",) and not deal.gone:
                deals.setdefault(deal.people[0].number, deal)
        deal = list(deals.values())[self._next["deal"] % len(deals)]
        self._next["deal"] += 5
        found = self._of(number, deal.people[0], before=False)
        found.at = deal.created - timedelta(days=9)
        found.deal = deal
        if number % 8 == 3:
            found.email = private_email(deal.people[0])
        return found

    # -- answers to forms -----------------------------------------------------------

    def _answer(self, number: int) -> Enquiry:
        kind = number % 11
        match kind:
            case 4:
                return self._first_touch(number)
            case 5:
                return self._of(number, self._consumer(), before=True)
            case 6:
                return self._stranger(number, "web")
            case 7:
                return self._colleague(number, "web", self._contact("hubspot"))
            case 8:  # the first of these eleven, a second time
                earlier = self.answers[-8]
                at = earlier.at + timedelta(days=20)
                return replace(earlier, number=number, at=at, phone="")
            case 9:
                return self._before_lead(number)
            case 10:
                return self._namesake(number, "web", self._contact("hubspot"))
        return self._of_contact(number, kind)

    def _of_contact(self, number: int, kind: int) -> Enquiry:
        """Of somebody whom HubSpot hears of later, not written as there."""
        person = self._contact("hubspot", with_nickname=kind == 2)
        found = self._of(number, person, before=True)
        match kind:
            case 0:
                found.email = found.email.upper()
            case 1:
                found.email = private_email(person)
            case 2:
                found.first = NICKNAMES.get(person.first, person.first)
            case 3:
                found.email = _with_a_slip(found.email)
        return found

    def _before_lead(self, number: int) -> Enquiry:
        """Of somebody whom Salesforce has as a lead, and no CRM as a contact."""
        lead = self.leads[7 + number // 11 * 8]
        days = timedelta(days=self.random.randrange(2, 30))
        text = self.random.choice(notations(lead.phone, lead.country))
        return replace(lead, number=number, at=lead.at - days, phone=text)

    def _first_touch(self, number: int) -> Enquiry:
        """Of somebody who becomes a lead, a contact and the one of a deal."""
        converted = [(e, e.deal.people[0]) for e in self.leads if e.deal]
        lead, person = converted[number // 11 % len(converted)]
        found = self._of(number, person, before=True)
        found.at = min(found.at, lead.at - timedelta(days=5))
        found.first, found.last = person.first.lower(), person.last.lower()
        found.company = f"{person.firm.name} {person.firm.legal_form}"
        return found

    def _ad(self, number: int) -> Enquiry:
        """Without a company, of the last ninety days."""
        match number % 6:
            case 0:
                found = self._of(number, self._consumer(), before=False)
            case 1:
                found = self._of(number, self._contact("hubspot"), before=False)
            case 3:
                person = self._contact("salesforce")
                found = self._of(number, person, before=False)
                found.email = private_email(person)
            case 4:
                found = self._of(number, self._consumer(), before=False)
                found.first, found.last = found.first.upper(), found.last.upper()
            case _:
                found = self._stranger(number, "ad")
        found.at = moment(self.random, WEEKS[0] - timedelta(days=88), WEEKS[0])
        if number % 6 == 5:
            found.at = moment(self.random, *WEEKS)
        found.company = ""
        found.phone = international(found.phone, found.country) if found.phone else ""
        return found

    # -- people ---------------------------------------------------------------------

    def _contact(self, system: str, *, with_nickname: bool = False) -> Person:
        """The next of a system; each has its turn, who has a nickname too."""
        people = [p for p in self.known if system in p.systems]
        named = [p for p in people if p.first in NICKNAMES]
        people = named if with_nickname and named else people
        self._next[system] += 1
        # 3 and 5: not those of one firm one after another
        return people[(self._next[system] * 5 + 3) % len(people)]

    def _consumer(self) -> Person:
        self._next["consumer"] += 1
        return self.shop.consumers[
            self._next["consumer"] * 2 % len(self.shop.consumers)
        ]

    def _firms(self) -> list[Account]:
        return [a for a in self.company.accounts if a.same_as is None]

    def _of(self, number: int, person: Person, *, before: bool) -> Enquiry:
        """What a person writes, before or after a CRM has heard of them."""
        random = self.random
        days = timedelta(days=random.randrange(3, 45), minutes=random.randrange(1440))
        at = person.created - days if before else person.created + days
        if not person.account:  # the shop's, who come at any time
            at = moment(random, START, WEEKS[0])
        text = person.phone
        if text:
            text = random.choice(notations(text, person.country))
        return Enquiry(
            number=number,
            at=min(at, WEEKS[1] - timedelta(hours=2)),
            person=person.number,
            firm=person.account.number if person.account else None,
            first=person.first,
            last=person.last,
            email=person.email,
            phone=text,
            company=person.account.name if person.account else "",
            title=person.title,
            country=person.country,
        )

    def _new_at(self, number: int, kind: str, firm: Account) -> Enquiry:
        """Somebody of a firm whom no CRM knows."""
        random, pool = self.random, self.company.pools[firm.country]
        found = Enquiry(
            number=number,
            at=moment(random, START, WEEKS[1]),
            person=STRANGERS[kind] + number,
            firm=firm.number,
            first=random.choice(pool.first_names),
            last=random.choice(pool.last_names),
            email="",
            phone=phone(random, firm.country),
            company=firm.name,
            title=random.choice(TITLES),
            country=firm.country,
        )
        return self._with_mailbox(found, firm.domain)

    def _colleague(self, number: int, kind: str, contact: Person) -> Enquiry:
        """Somebody of the contact's firm with the same first or last name."""
        found = self._new_at(number, kind, contact.firm)
        if number % 2:
            found.first = contact.first
        else:
            found.last = contact.last
        if found.name == contact.name:
            found.first, found.last = f"Mary-{found.first}", f"{found.last}-Vega"
        return self._with_mailbox(found, contact.firm.domain)

    def _namesake(self, number: int, kind: str, contact: Person) -> Enquiry:
        """Somebody else with the contact's name, of another firm."""
        found = self._stranger(number, kind)
        found.first, found.last = contact.first, contact.last
        return self._with_mailbox(found, found.email.partition("@")[2])

    def _stranger(self, number: int, kind: str) -> Enquiry:
        """Somebody of a firm that nobody knows."""
        random, company = self.random, self.company
        country = random.choice(tuple(REGIONS))
        pool = company.pools[country]
        name = f"{random.choice(pool.last_names)} {random.choice(TRADES)}"
        while not self._is_free(ascii_slug(name)):
            name = f"{random.choice(pool.last_names)}-{name}"
        found = Enquiry(
            number=number,
            at=moment(random, START, WEEKS[1]),
            person=STRANGERS[kind] + number,
            firm=STRANGERS["firm"] + STRANGERS[kind] + number,
            first=random.choice(pool.first_names),
            last=random.choice(pool.last_names),
            email="",
            phone=phone(random, country),
            company=name,
            title=random.choice(TITLES),
            country=country,
        )
        return self._with_mailbox(found, f"{ascii_slug(name)}.example")

    def _with_mailbox(self, found: Enquiry, domain: str) -> Enquiry:
        name = f"{ascii_slug(found.first)}.{ascii_slug(found.last)}"
        found.email = f"{name}@{domain}"
        if not self._is_free(found.email):
            found.email = f"{name}{found.number}@{domain}"
        return found

    def _is_free(self, name: str) -> bool:
        """Take the name of a firm or mailbox, unless somebody has it."""
        is_free = name not in self._taken
        self._taken.add(name)
        return is_free


def _with_a_slip(email: str) -> str:
    """The address with two letters of its domain in each other's place."""
    name, _, domain = email.partition("@")
    place = next(i for i in range(2, len(domain)) if domain[i] != domain[i + 1])
    swapped = domain[place + 1] + domain[place]
    return f"{name}@{domain[:place]}{swapped}{domain[place + 2 :]}"


def called(company: Company) -> list[tuple[str, str]]:
    """Digests of address and telephone of those whom the call centre has called."""
    callers = Enquiries(company, Shop(company)).callers()
    return [hashes(person) for person in callers]


def hashes(person: Person) -> tuple[str, str]:
    """SHA-1 of the address in lower case and of the national number, if any."""
    number = national(person.phone, person.country) if person.phone else ""
    return _sha1(person.email.lower()), _sha1(number) if number else ""


def _sha1(text: str) -> str:
    return sha1(text.encode(), usedforsecurity=False).hexdigest()
