"""Persons as registers hold them: three sets, each with its own difficulty."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import ClassVar

from tools.generate.labelled.names import Names
from tools.generate.labelled.slips import nickname, typo, typos, wrong_digit

Row = tuple[str, ...]


class _Register:
    """Makes persons and several records of each."""

    columns: ClassVar[tuple[str, ...]]
    fields: ClassVar[dict[str, str]]
    times: ClassVar[tuple[int, ...]]

    def __init__(self, seed: int, records: int) -> None:
        """Equal seeds give equal records."""
        self.names = Names(seed)
        self.random = Random(f"{type(self).__name__}-{seed}")
        self.records = records

    def rows(self) -> Iterator[Row]:
        """Yield the records, those of one person at different places."""
        rows: list[Row] = []
        number = 0
        while len(rows) < self.records:
            for person in self._family():
                copies = self.random.choice(self.times)
                rows.append((f"P{number}", *person))
                rows += [(f"P{number}", *self._slip(person)) for _ in range(copies)]
                number += 1
        del rows[self.records :]
        self.random.shuffle(rows)
        for at, row in enumerate(rows):
            yield (f"R{at}", *row)

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    def _birth(self, first: int, last: int) -> date:
        days = (date(last, 12, 31) - date(first, 1, 1)).days
        return date(first, 1, 1) + timedelta(days=self.random.randrange(days))

    def _family(self) -> list[Row]:
        raise NotImplementedError

    def _slip(self, person: Row) -> Row:
        raise NotImplementedError


class Persons(_Register):
    """Five fields, each of them often missing or misspelt."""

    columns = ("id", "person", "first_name", "surname", "dob", "city", "email")
    fields: ClassVar = {
        "first_name": "first_name", "surname": "last_name", "dob": "date",
        "city": "city", "email": "email",
    }  # fmt: skip
    times = (0, 1, 2, 3, 4, 5, 6)

    def _family(self) -> list[Row]:
        first, last = self.names.first(), self.names.last()
        mailbox = f"{first}.{last}" if self._chance(0.3) else f"{first}{last[:1]}"
        host = f"{self.names.last()}.{self.random.choice(('com', 'net', 'org', 'biz'))}"
        email = f"{mailbox}{self.random.randrange(100)}@{host}".lower().replace(" ", "")
        city = self.random.choice(self.names.towns)[0]
        return [(first, last, self._birth(1970, 2020).isoformat(), city, email)]

    def _slip(self, person: Row) -> Row:
        first, last, birth, city, email = person
        first = self._spoilt(first)
        last = self._spoilt(last)
        if self._chance(0.1):
            first = nickname(self.random, first)
        if self._chance(0.04):
            first, last = last, first
        if self._chance(0.3):
            birth = wrong_digit(self.random, birth)
        return first, last, birth, self._spoilt(city), self._spoilt(email)

    def _spoilt(self, text: str) -> str:
        if self._chance(0.2):
            return ""
        return typos(self.random, text, 4) if self._chance(0.25) else text


class Historical(_Register):
    """Many records of each person, relatives among them, and few sure fields."""

    columns = (
        "id", "person", "first_name", "surname", "dob", "birth_place", "postcode",
        "gender", "occupation",
    )  # fmt: skip
    fields: ClassVar = {
        "first_name": "first_name", "surname": "last_name", "dob": "date",
        "birth_place": "city", "postcode": "postcode", "gender": "category",
        "occupation": "category",
    }  # fmt: skip
    times = (1, 2, 4, 6, 8, 10, 12, 15, 18)

    def _family(self) -> list[Row]:
        last = self.names.last()
        town, region, postcode = self.random.choice(self.names.towns)
        outward = f"{region}{postcode[:2]}".lower()
        size = self.random.choices((1, 2, 3), (80, 14, 6))[0]
        return [
            (
                self.names.first(),
                last,
                self._birth(1700, 1950).isoformat(),
                town,
                self._postcode(outward),
                self.random.choice(("male", "male", "female")),
                self.random.choice(self.names.jobs[:60]),
            )
            for _ in range(size)
        ]

    def _postcode(self, outward: str) -> str:
        letters = "".join(self.random.choices("abdefghjlnpqrstuwxyz", k=2))
        return f"{outward} {self.random.randrange(10)}{letters}"

    def _slip(self, person: Row) -> Row:
        first, last, birth, town, postcode, gender, job = person
        random = self.random
        first, last = self._renamed(first, last)
        if self._chance(0.12):
            birth = wrong_digit(random, birth)
        if self._chance(0.1):
            birth = f"{birth[:4]}-01-01"
        if self._chance(0.2):
            postcode = self._postcode(postcode.split(" ")[0])
        if self._chance(0.05):
            town = random.choice(self.names.towns)[0]
        if self._chance(0.08):
            job = random.choice(self.names.jobs[:60])
        shares = (0.05, 0.05, 0.12, 0.2, 0.2, 0.25, 0.35)
        given = (first, last, birth, town, postcode, gender, job)
        return tuple(
            "" if self._chance(share) else value
            for share, value in zip(shares, given, strict=True)
        )

    def _renamed(self, first: str, last: str) -> tuple[str, str]:
        random = self.random
        if self._chance(0.25):
            first = nickname(random, first)
        if self._chance(0.04):
            first = self.names.first()  # known under another name
        if self._chance(0.05):
            last = self.names.last()  # married, or a title
        if self._chance(0.12):
            first = typo(random, first)
        if self._chance(0.15):
            last = typo(random, last)
        if self._chance(0.03):
            first, last = last, first
        return first, last


class Addresses(_Register):
    """Persons with an address and a number, copied with a few slips."""

    columns = (
        "id", "person", "given_name", "surname", "street_number", "address_1",
        "address_2", "suburb", "postcode", "state", "date_of_birth", "soc_sec_id",
    )  # fmt: skip
    fields: ClassVar = {
        "given_name": "first_name", "surname": "last_name",
        "street_number": "house_number", "address_1": "street", "address_2": "text",
        "suburb": "city", "postcode": "postcode", "state": "region",
        "date_of_birth": "date", "soc_sec_id": "identifier",
    }  # fmt: skip
    times = (0, 1, 1, 2, 3, 5)

    def _family(self) -> list[Row]:
        town, region, postcode = self.random.choice(self.names.towns)
        house = (
            f"{self.names.last()} {self.random.choice(('Park', 'Court', 'Village'))}"
        )
        return [
            (
                self.names.first().lower() if self._chance(0.96) else "",
                self.names.last().lower() if self._chance(0.98) else "",
                str(self.random.randrange(1, 300)) if self._chance(0.95) else "",
                self.random.choice(self.names.streets).lower(),
                house.lower() if self._chance(0.75) else "",
                town.lower(),
                postcode,
                region.lower() if self._chance(0.9) else "",
                f"{self._birth(1900, 1999):%Y%m%d}" if self._chance(0.9) else "",
                str(self.random.randrange(10**6, 10**7)),
            )
        ]

    def _slip(self, person: Row) -> Row:
        values = list(person)
        for _ in range(self.random.randint(1, 8)):
            at = self.random.randrange(len(values))
            kind = self.random.random()
            if kind < 0.2:
                values[at] = ""
            elif kind < 0.25 and at < 2:
                values[0], values[1] = values[1], values[0]
            elif values[at].isdigit():
                values[at] = wrong_digit(self.random, values[at])
            else:
                values[at] = typos(self.random, values[at], 2)
        return tuple(values)
