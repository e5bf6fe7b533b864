"""Business contacts as two or three sales tools would hold them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from tools.generate.labelled.names import Names
from tools.generate.labelled.slips import nickname, typo, wrong_digit
from tools.generate.people import ascii_slug

COLUMNS = (
    "id", "person", "first_name", "last_name", "company", "title", "email",
    "phone", "city", "country",
)  # fmt: skip
FIELDS = {
    "first_name": "first_name", "last_name": "last_name", "company": "company",
    "email": "email", "phone": "phone", "city": "city", "country": "country",
}  # fmt: skip

PRIVATE = ("gmail.com", "gmail.com", "yahoo.com", "outlook.com", "hotmail.com")
FORMS = ("Inc", "LLC", "Ltd", "GmbH", "Corp", "Group", "")
ROLES = ("info", "sales", "office", "contact", "hello")
JUNK = ("test@test.com", "none@none.com", "noemail@example.com")
COUNTRIES = {
    "US": ("+1", ""),
    "GB": ("+44", "0"),
    "DE": ("+49", "0"),
    "FR": ("+33", "0"),
}


@dataclass(frozen=True)
class Company:
    """An employer: its names, domain, seat and switchboard."""

    name: str
    form: str
    domain: str
    city: str
    country: str
    switchboard: str
    pattern: int


@dataclass(frozen=True)
class Person:
    """One who has records: what is true of them."""

    first: str
    last: str
    company: Company
    former: Company | None
    title: str
    mobile: str
    direct: str
    mailbox: str
    private_email: str


class Contacts:
    """Makes persons and their records; one in four persons has several."""

    columns = COLUMNS
    fields = FIELDS

    def __init__(self, seed: int, records: int) -> None:
        """Draw the companies, about one for twelve records."""
        self.names = Names(seed)
        self.random = Random(f"contacts-{seed}")
        self.records = records
        self._domains: set[str] = set()
        self._emails: set[str] = set()
        self.companies = [self._company() for _ in range(max(3, records // 12))]

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Yield the records, those of one person at different places."""
        rows: list[tuple[str, ...]] = []
        number = 0
        while len(rows) < self.records:
            for person in self._persons():
                times = self.random.choices((1, 2, 3, 4), (70, 19, 8, 3))[0]
                rows += [self._record(f"P{number}", person) for _ in range(times)]
                number += 1
        del rows[self.records :]
        self.random.shuffle(rows)
        for at, row in enumerate(rows):
            yield (f"R{at}", *row)

    def _phone(self, country: str) -> str:
        code, _ = COUNTRIES[country]
        area = self.random.choice((20, 30, 41, 51, 61, 71, 83, 96, 27, 36))
        length = 8 if country == "US" else 7
        digits = "".join(self.random.choices("23456789", k=length))
        return f"{code}{area}{digits}"

    def _company(self) -> Company:
        random = self.random
        name = f"{self.names.last()} {random.choice(self.names.trades)}"
        domain = f"{ascii_slug(name)}.{random.choice(('com', 'com', 'net', 'io'))}"
        if domain in self._domains:
            name = f"{self.names.last()} & {name}"
            domain = f"{ascii_slug(name)}.com"
        self._domains.add(domain)
        country = random.choices(tuple(COUNTRIES), (6, 2, 2, 1))[0]
        return Company(
            name,
            random.choice(FORMS),
            domain,
            random.choice(self.names.towns)[0],
            country,
            self._phone(country),
            random.randrange(4),
        )

    def _employer(self) -> Company:
        """Return a company, a few of them large."""
        at = int(len(self.companies) * self.random.random() ** 2)
        return self.companies[at]

    def _persons(self) -> list[Person]:
        """Return one person, rarely with a namesake at the same address."""
        random = self.random
        company = self._employer()
        first, last = self.names.first(), self.names.last()
        mailbox = random.choice(
            (
                f"{ascii_slug(first)}.{ascii_slug(last)}",
                f"{ascii_slug(first)}{ascii_slug(last)}",
                f"{ascii_slug(first)[:1]}{ascii_slug(last)}{random.randrange(100)}",
                f"{ascii_slug(last)}{random.randrange(1950, 2005)}",
            )
        )
        person = Person(
            first,
            last,
            company,
            self._employer() if random.random() < 0.12 else None,
            random.choice(self.names.jobs),
            self._phone(company.country),
            self._phone(company.country),
            self._mailbox(first, last, company),
            self._unused(f"{mailbox}@{random.choice(PRIVATE)}"),
        )
        if random.random() > 0.004:
            return [person]
        # father and son: one name, one firm, one landline
        son = replace(
            person,
            title=random.choice(self.names.jobs),
            mobile=self._phone(company.country),
            mailbox=self._mailbox(first, last, company),
            private_email=self._unused(f"{ascii_slug(first)}@gmail.com"),
        )
        return [person, son]

    def _mailbox(self, first: str, last: str, company: Company) -> str:
        first, last = ascii_slug(first), ascii_slug(last)
        patterns = (
            f"{first}.{last}",
            f"{first[:1]}{last}",
            first,
            f"{last}.{first[:1]}",
        )
        return self._unused(f"{patterns[company.pattern]}@{company.domain}")

    def _unused(self, email: str) -> str:
        """Return the address, with a number if somebody has it already."""
        mailbox, _, domain = email.partition("@")
        number = 1
        while email in self._emails:
            number += 1
            email = f"{mailbox}{number}@{domain}"
        self._emails.add(email)
        return email

    def _record(self, label: str, person: Person) -> tuple[str, ...]:
        random = self.random
        former = person.former if person.former and random.random() < 0.4 else None
        moved, company = former is not None, former or person.company
        first, last = self._spelt(person)
        name = company.name
        if company.form and random.random() < 0.6:
            name = f"{name}{random.choice((' ', ', '))}{company.form}"
        if random.random() < 0.04:
            name = typo(random, name)
        title = random.choice(self.names.jobs) if moved else person.title
        city = company.city if random.random() < 0.9 else typo(random, company.city)
        return (
            label,
            first,
            last,
            name if random.random() < 0.92 else "",
            title if random.random() < 0.8 else "",
            self._email(person, company, moved),
            self._dialled(person, company, moved),
            city if random.random() < 0.8 else "",
            company.country if random.random() < 0.85 else "",
        )

    def _spelt(self, person: Person) -> tuple[str, str]:
        random = self.random
        first, last = person.first, person.last
        if random.random() < 0.15:
            first = nickname(random, first)
        if random.random() < 0.05:
            first = typo(random, first)
        if random.random() < 0.06:
            last = typo(random, last)
        if random.random() < 0.04:
            first = f"{first[:1]}."
        if random.random() < 0.03:
            first = ""
        if random.random() < 0.02:
            last = self.names.last()  # married
        if random.random() < 0.03:
            first, last = last, first
        style = random.random()
        if style < 0.05:
            return first.upper(), last.upper()
        if style < 0.1:
            return first.lower(), last.lower()
        return first, last

    def _email(self, person: Person, company: Company, moved: bool) -> str:
        random = self.random
        kind = random.random()
        if kind < 0.18:
            return ""
        if kind < 0.21:
            return f"{random.choice(ROLES)}@{company.domain}"
        if kind < 0.215:
            return random.choice(JUNK)
        if kind < 0.4:
            email = person.private_email
        else:
            if moved:
                mailbox = person.mailbox.partition("@")[0]
                email = f"{mailbox}@{company.domain}"
            else:
                email = person.mailbox
        if random.random() < 0.03:
            at = email.index("@")
            email = typo(random, email[:at]) + email[at:]
        if random.random() < 0.05:
            email = email.upper()
        elif random.random() < 0.02:
            email = email.replace("@", "+crm@")
        return email

    def _dialled(self, person: Person, company: Company, moved: bool) -> str:
        random = self.random
        kind = random.random()
        if kind < 0.25:
            return ""
        if kind < 0.37:
            number = company.switchboard
        elif kind < 0.8 or moved:
            number = person.mobile
        else:
            number = person.direct
        if random.random() < 0.03:
            number = number[:4] + wrong_digit(random, number[4:])
        country = (
            company.country if number == company.switchboard else person.company.country
        )
        return self._written(number, country)

    def _written(self, number: str, country: str) -> str:
        code, trunk = COUNTRIES[country]
        rest = number.removeprefix(code)
        area, line = rest[:-7], rest[-7:]
        return self.random.choice(
            (
                number,
                f"{code} {area} {line}",
                f"{code}-{area}-{line[:3]}-{line[3:]}",
                f"({trunk}{area}) {line[:3]}-{line[3:]}",
                f"{trunk}{area} {line}",
                f"{trunk}{area}.{line[:3]}.{line[3:]}",
                f"00{code[1:]} {area} {line}"
                if country != "US"
                else f"1 {area} {line}",
            )
        )
