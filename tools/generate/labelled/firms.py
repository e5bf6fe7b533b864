"""Sets of companies in which none stands twice, however alike name or domain are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from random import Random

from tools.generate.labelled.names import Names
from tools.generate.people import ascii_slug

FIELDS = {
    "name": "company", "domain": "domain", "city": "city", "country": "country",
}  # fmt: skip
COUNTRIES = {
    "US": ("Inc.", "LLC", "com"), "GB": ("Ltd", "PLC", "co.uk"),
    "DE": ("GmbH", "AG", "de"),
    "FR": ("SAS", "SARL", "fr"), "AU": ("Pty Ltd", "", "com.au"),
}  # fmt: skip
PLATFORMS = (
    "facebook.com", "linktr.ee", "instagram.com", "sites.google.com", "gmail.com",
    "etsy.com", "github.io", "myshopify.com",
)  # fmt: skip
SHOPS = ("Cafe", "Bakery", "Dental", "Roofing", "Barber", "Florist", "Yoga", "Garage")

Row = tuple[str, ...]


class Firms:
    """Makes records of as many companies."""

    fields = FIELDS
    columns = ("id", "person", *FIELDS)

    def __init__(self, kind: str, seed: int, records: int) -> None:
        """Equal kinds and seeds give equal records."""
        self.names = Names(seed)
        self.random = Random(f"firms-{kind}-{seed}")
        self.kind = kind
        self.records = records
        self._domains: set[str] = set()

    def rows(self) -> Iterator[Row]:
        """Yield the records in an order that says nothing."""
        made = list(islice(CLEAN[self.kind](self), self.records))
        self.random.shuffle(made)
        for at, row in enumerate(made):
            yield (f"R{at}", f"C{at}", *row)

    def domain(self, name: str, country: str) -> str:
        """Return a domain that nobody else has, made of the name."""
        slug = ascii_slug(name)
        top = self.random.choice((COUNTRIES[country][2], "com", "net"))
        forms = [
            slug,
            slug.replace("-", ""),
            f"{slug}-{country.lower()}",
            f"get-{slug}",
        ]
        for form in [*forms, *(f"{slug}{at}" for at in range(2, 99))]:
            if f"{form}.{top}" not in self._domains:
                self._domains.add(f"{form}.{top}")
                return f"{form}.{top}"
        raise AssertionError(name)

    def form(self, country: str) -> str:
        """Return a legal form of the country."""
        return self.random.choice(COUNTRIES[country][:2])

    def city(self) -> str:
        """Return a town, a large one more often."""
        return self.random.choice(self.names.towns)[0]


def _countries(made: Firms) -> Iterator[Row]:
    """Firms of one name in two or three countries, each with its own domain."""
    while True:
        name = f"{made.names.last()} {made.random.choice(made.names.trades)}"
        for country in made.random.sample(list(COUNTRIES), made.random.randint(2, 3)):
            yield (
                f"{name} {made.form(country)}".strip(), made.domain(name, country),
                made.city(), country,
            )  # fmt: skip


def _platforms(made: Firms) -> Iterator[Row]:
    """Small shops whose web site is a page of a platform, with names much alike."""
    seen = set()
    while True:
        owner, city = made.names.last(), made.city()
        if (owner, city) in seen:
            continue  # nobody could separate its shops from those of before
        seen.add((owner, city))
        for shop in made.random.sample(SHOPS, 3):
            yield f"{owner} {shop}", made.random.choice(PLATFORMS), city, "US"


def _branches(made: Firms) -> Iterator[Row]:
    """Houses of chains: one domain, one name and that of the town."""
    while True:
        brand = f"{made.names.last()} {made.random.choice(('Inn', 'Gym', 'Foods'))}"
        domain = made.domain(brand, "US")
        style = made.random.choice(("{} - {}", "{} {}", "{}"))
        cities = dict.fromkeys(made.city() for _ in range(made.random.randint(2, 30)))
        for city in cities:
            yield style.format(brand, city), domain, city, "US"


def _alike(made: Firms) -> Iterator[Row]:
    """Firms of one trade and town whose names share their first or last word."""
    trades = made.names.trades[:40]
    while True:
        owner, trade = made.names.last(), made.random.choice(trades)
        city, country = made.city(), made.random.choice(list(COUNTRIES))
        for name in dict.fromkeys((
            f"{owner} {trade}", f"{owner} {made.random.choice(trades)}",
            f"{made.names.last()} {trade}",
        )):  # fmt: skip
            yield name, made.domain(name, country), city, country


def _funds(made: Firms) -> Iterator[Row]:
    """Companies that are numbered, of one house and domain."""
    numerals = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
    while True:
        house, city = (
            f"{made.names.last()} {made.random.choice(made.names.trades)}",
            made.city(),
        )
        domain = made.domain(house, "US")
        style = made.random.choice(
            ("Fund {} LP", "Opportunity Fund {}, L.P.", "{} LLC")
        )
        counted = made.random.choice((numerals, range(1, 15)))
        for at in range(made.random.randint(2, 10)):
            yield f"{house} {style.format(counted[at])}", domain, city, "US"


def _brands(made: Firms) -> Iterator[Row]:
    """Brands and departments of one house, with its domain and town."""
    while True:
        house, city = f"{made.names.last()} Clinic", made.city()
        domain = made.domain(house, "US")
        for part in dict.fromkeys(made.names.last() for _ in range(5)):
            name = made.random.choice((f"{part} Snacks", f"{house} - {part} Ward"))
            yield name, domain, city, "US"


def _offices(made: Firms) -> Iterator[Row]:
    """Firms of one name in towns of other countries, some without a domain."""
    seen = set()
    while True:
        name = f"{made.names.last()} {made.random.choice(made.names.trades)}"
        for country in made.random.sample(list(COUNTRIES), made.random.randint(2, 4)):
            city = made.city()
            if (name, city) in seen:
                continue  # nobody could separate it from the one of before
            seen.add((name, city))
            domain = made.domain(name, country) if made.random.random() < 0.6 else ""
            yield name, domain, city, country


CLEAN: dict[str, Callable[[Firms], Iterator[Row]]] = {
    "countries": _countries,
    "platforms": _platforms,
    "branches": _branches,
    "alike": _alike,
    "funds": _funds,
    "brands": _brands,
    "offices": _offices,
}
"""What no company is in twice, by name."""
