"""Sets in which nobody stands twice: every merge of two records is a false one.

Each shares what strangers may share: a firm, a home, a number, a mailbox, a name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from random import Random
from typing import NamedTuple

from tools.generate.labelled.crowds import CROWDS
from tools.generate.labelled.leftovers import LEFTOVERS
from tools.generate.labelled.names import Names
from tools.generate.people import ascii_slug

PRIVATE = ("gmail.com", "yahoo.com", "outlook.com", "hotmail.com", "icloud.com")
FIELDS = {
    "first_name": "first_name", "last_name": "last_name", "email": "email",
    "phone": "phone", "street": "street", "postcode": "postcode", "city": "city",
    "country": "country", "company": "company", "born": "date",
}  # fmt: skip

# Given names, then family names, the commonest first.
NAMES = {
    "VN": (
        "Anh Minh Linh Hung Huong Lan Thanh Tuan Hoa Dung Hai Mai Nga Phuong Quang "
        "Thao Trang Hanh Khanh Long Nam Phuc Son Tam Thu Trung Tu Van Viet Yen",
        "Nguyen Tran Le Pham Hoang Huynh Phan Vu Vo Dang Bui Do Ho Ngo Duong Ly",
    ),
    "CN": (
        "Wei Fang Li Na Min Jing Yan Jun Lei Yang Tao Ming Chao Xia Ping Gang Hui "
        "Xin Yu Hao Bo Lin Ying Hong Mei Jie Qiang Peng Rui Ting Xiaoming Xiaoyan",
        "Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin "
        "Gao Luo Zheng Liang Xie Tang Song Han Feng Deng Cao Peng",
    ),
    "IN": (
        "Rahul Priya Amit Anjali Sanjay Sunita Rajesh Pooja Vijay Neha Suresh Kavita "
        "Ravi Deepa Anil Meena Arun Lakshmi Manoj Asha Vikram Divya Ashok Rekha Kiran",
        "Kumar Singh Sharma Patel Gupta Devi Khan Das Reddy Yadav Verma Rao Nair Jain "
        "Mehta Shah Mishra Iyer Joshi Chauhan",
    ),
    "AE": (
        "Mohammed Ahmed Ali Fatima Omar Aisha Hassan Khalid Maryam Ibrahim Yusuf Sara "
        "Abdullah Layla Hamad Noor Salem Zainab Tariq Huda Mustafa Amina Karim Rania",
        "Al-Farsi Khan Hassan Ahmed Ali Al-Mansoori Hussein Ibrahim Al-Hashimi Saleh "
        "Mahmoud Abbas Al-Sayed Nasser Haddad Aziz Rahman Mansour Khalil Darwish",
    ),
    "ES": (
        "Maria Jose Antonio Carmen Manuel Ana Francisco Isabel Juan Laura David Marta "
        "Javier Cristina Daniel Lucia Carlos Elena Alejandro Pilar Miguel Rosa Sofia",
        "Garcia Rodriguez Gonzalez Fernandez Lopez Martinez Sanchez Perez Gomez Martin "
        "Jimenez Ruiz Hernandez Diaz Moreno Munoz Alvarez Romero Alonso Gutierrez",
    ),
}  # fmt: skip
TOWNS = {
    "VN": "Hanoi Hue Danang Saigon Vinh", "CN": "Beijing Shanghai Wuhan Xian Chengdu",
    "IN": "Mumbai Delhi Chennai Pune Kolkata", "AE": "Dubai Sharjah Ajman Muscat Doha",
    "ES": "Madrid Sevilla Valencia Bilbao Malaga",
}  # fmt: skip


class Place(NamedTuple):
    """Where somebody works or lives."""

    street: str
    postcode: str
    city: str
    country: str


class Strangers:
    """Makes records of as many persons."""

    fields = FIELDS
    columns = ("id", "person", *FIELDS)

    def __init__(self, kind: str, seed: int, records: int) -> None:
        """Equal kinds and seeds give equal records."""
        self.names = Names(seed)
        self.random = Random(f"strangers-{kind}-{seed}")
        self.kind = kind
        self.records = records
        self._emails: set[str] = set()

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Yield the records in an order that says nothing."""
        made = list(islice(CLEAN[self.kind](self), self.records))
        self.random.shuffle(made)
        for at, row in enumerate(made):
            yield (f"R{at}", f"P{at}", *row)

    def person(
        self,
        place: Place | None = None,
        company: str = "",
        email: str | None = "",
        phone: str | None = "",
        name: tuple[str, str] | None = None,
        born: str = "",
    ) -> tuple[str, ...]:
        """Return a person; what is not given is the person's own, None is missing."""
        first, last = name or (self.names.first(), self.names.last())
        place = place or self.home()
        if email == "":
            email = self.mailbox(first, last, self.random.choice(PRIVATE))
        if phone == "":
            phone = self.number()
        return (first, last, email or "", phone or "", *place, company, born)

    def mailbox(self, first: str, last: str, domain: str) -> str:
        """Return an address that nobody else has."""
        first, last = ascii_slug(first), ascii_slug(last)
        forms = (
            (f"{first}.{last}",) * 3
            if domain not in PRIVATE
            else (f"{first}.{last}", f"{first[:1]}{last}", f"{first}{last}")
        )
        name = self.random.choice(forms)
        number = 1
        email = f"{name}@{domain}"
        while email in self._emails:
            number += 1
            email = f"{name}{number}@{domain}"
        self._emails.add(email)
        return email

    def number(self) -> str:
        """Return a telephone number, hardly that of anybody else."""
        return f"+1 {self.random.randrange(10**9, 10**10)}"

    def home(self, country: str = "US") -> Place:
        """Return an address."""
        if country in TOWNS:
            at = self.random.randrange(5)
            city, code = TOWNS[country].split()[at], f"{country}{at}"
        else:
            city, _, code = self.random.choice(self.names.towns)
        street = (
            f"{self.random.randrange(1, 200)} {self.random.choice(self.names.streets)}"
        )
        return Place(street, code, city, country)

    def site(self) -> tuple[str, str, Place, str]:
        """Return a firm: name, domain, place and switchboard."""
        name = f"{self.names.last()} {self.random.choice(self.names.trades)}"
        return name, f"{ascii_slug(name)}.com", self.home(), self.number()

    def birthday(self) -> str:
        """Return a day of birth."""
        return (date(1940, 1, 1) + timedelta(self.random.randrange(25_000))).isoformat()

    def named(self, country: str) -> tuple[str, str]:
        """Return a name of a country in which few family names are very common."""
        firsts, lasts = (text.split() for text in NAMES[country])
        at = min(int(self.random.expovariate(5 / len(lasts))), len(lasts) - 1)
        first = self.random.choice(firsts)
        if self.random.random() < 0.4:
            first = f"{first} {self.random.choice(firsts)}"
        return first, lasts[at]


Rows = Iterator[tuple[str, ...]]


def _one_firm(made: Strangers) -> Rows:
    """Three sites of one firm, each with a switchboard; half have a direct line."""
    name, domain, _, _ = made.site()
    sites = [(made.home(), made.number()) for _ in range(3)]
    for _ in range(made.records):
        place, board = made.random.choice(sites)
        first, last = made.names.first(), made.names.last()
        yield made.person(
            place, name,
            made.mailbox(first, last, domain) if made.random.random() < 0.8 else None,
            board if made.random.random() < 0.5 else made.number(),
            (first, last),
        )  # fmt: skip


def _franchises(made: Strangers) -> Rows:
    """Branches of franchises: one switchboard and info@ for all ten of a branch."""
    brands = [made.site()[:2] for _ in range(max(2, made.records // 150))]
    while True:
        for at, (name, domain) in enumerate(brands):
            place, board = made.home(), made.number()
            office = f"info.{place.city.lower().replace(' ', '')}{at}@{domain}"
            for _ in range(10):
                email = f"info@{domain}" if made.random.random() < 0.5 else office
                yield made.person(place, name, email, board)


def _families(made: Strangers) -> Rows:
    """Two to five of one surname at one address and landline; a third: one mailbox."""
    while True:
        last, place, line = made.names.last(), made.home(), made.number()
        shared = f"{ascii_slug(last)}.{made.random.randrange(10**4)}@gmail.com"
        has_one = made.random.random() < 1 / 3
        firsts = {made.names.first() for _ in range(made.random.randint(2, 5))}
        for first in sorted(firsts):
            yield made.person(
                place, email=shared if has_one else "", phone=line, name=(first, last)
            )


def _world(made: Strangers) -> Rows:
    """Vietnamese, Chinese, Indian, Arabic and Spanish names, in firms of twenty."""
    firms = {
        country: [made.site()[:2] for _ in range(max(1, made.records // 100))]
        for country in NAMES
    }
    while True:
        for country in NAMES:
            first, last = made.named(country)
            firm, domain = made.random.choice(firms[country])
            yield made.person(
                made.home(country), firm, made.mailbox(first, last, domain),
                made.number(), (first, last),
            )  # fmt: skip


def _one_day(made: Strangers) -> Rows:
    """The same, all with the birthday that a form fills in by itself."""
    for row in _world(made):
        yield (*row[:-1], "1980-01-01")


def _hospital(made: Strangers) -> Rows:
    """One house, one switchboard for all; a third without mail."""
    name, domain, place, board = made.site()
    while True:
        first, last = made.names.first(), made.names.last()
        mail = (
            made.mailbox(first, last, domain) if made.random.random() < 0.67 else None
        )
        yield made.person(place, name, mail, board, (first, last))


def _university(made: Strangers) -> Rows:
    """One domain, mailboxes of letters and numbers, hardly a number or address."""
    name, domain, place, _ = made.site()
    for at in range(made.records):
        first, last = made.names.first(), made.names.last()
        slug = f"{ascii_slug(first)[:1]}{ascii_slug(last)[:4]}{at % 97}"
        email = f"{slug}@{domain}"
        if email in made._emails:
            email = f"{slug}x{at}@{domain}"
        made._emails.add(email)
        yield made.person(
            place, name, email, made.number() if made.random.random() < 0.3 else None,
            (first, last),
        )  # fmt: skip


def _couples(made: Strangers) -> Rows:
    """Two of one surname with one mailbox, each with a number of their own."""
    while True:
        last, place = made.names.last(), made.home()
        slug = f"{ascii_slug(last)}{made.random.randrange(10**4)}"
        email = f"{slug}@{made.random.choice(PRIVATE)}"
        for first in {made.names.first(): 1, made.names.first(): 1}:
            yield made.person(place, email=email, name=(first, last))


def _twins(made: Strangers) -> Rows:
    """Two of one surname, house, landline and birthday."""
    while True:
        last, place, line = made.names.last(), made.home(), made.number()
        born = made.birthday()
        for first in {made.names.first(): 1, made.names.first(): 1}:
            yield made.person(place, phone=line, name=(first, last), born=born)


def _office(made: Strangers) -> Rows:
    """Firms of two to nine, all with office@ of their firm, some without a number."""
    while True:
        name, domain, place, board = made.site()
        office = f"{made.random.choice(('office', 'info', 'team.one'))}@{domain}"
        for _ in range(made.random.randint(2, 9)):
            phone = board if made.random.random() < 0.6 else None
            yield made.person(place, name, office, phone)


def _call_centre(made: Strangers) -> Rows:
    """One number for all, whatever their names and addresses."""
    number = made.number()
    while True:
        yield made.person(
            phone=number, email=None if made.random.random() < 0.5 else ""
        )


def _placeholders(made: Strangers) -> Rows:
    """What is typed where a form requires an address or a number."""
    emails = ("noemail@noemail.com", "no@mail.com", "keine@angabe.de", "x@x.xx")
    phones = ("0000000000", "000000", "1111111", "9999999999", "+1 555 000 0000")
    while True:
        yield made.person(
            email=made.random.choice(emails), phone=made.random.choice(phones)
        )


def _namesakes(made: Strangers) -> Rows:
    """Firms in which five have one of three names, each with an own mailbox."""
    while True:
        name, domain, place, _ = made.site()
        names = [(made.names.first(), made.names.last()) for _ in range(3)]
        for at in range(5):
            first, last = names[at % 3]
            email = made.mailbox(first, last, domain)
            yield made.person(place, name, email, "", (first, last))


def _business(made: Strangers) -> Rows:
    """Contacts of firms of some twelve, with street and town of the firm."""
    while True:
        name, domain, place, board = made.site()
        for _ in range(made.random.randint(3, 21)):
            first, last = made.names.first(), made.names.last()
            kind = made.random.random()
            yield made.person(
                place, name,
                made.mailbox(first, last, domain) if kind < 0.75 else None,
                board if made.random.random() < 0.3 else made.number(), (first, last),
            )  # fmt: skip


CLEAN: dict[str, Callable[[Strangers], Rows]] = {
    "one_firm": _one_firm,
    "franchises": _franchises,
    "families": _families,
    "world": _world,
    "one_day": _one_day,
    "hospital": _hospital,
    "university": _university,
    "couples": _couples,
    "twins": _twins,
    "office": _office,
    "call_centre": _call_centre,
    "placeholders": _placeholders,
    "namesakes": _namesakes,
    "business": _business,
    **CROWDS,
    **LEFTOVERS,
}
"""Sets in which each person is once, by name."""
