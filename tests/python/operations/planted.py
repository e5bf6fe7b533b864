"""Deliveries in which every field of every source holds a value of its own.

Words are made of syllables, so that none is a word of the project or part of
another; each is remembered, to be looked for.
"""

from __future__ import annotations

import hashlib
import itertools
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml

from scripts.settings import PROJECT
from tests.python.warehouse import registers

from .mornings import as_csv, write

ROWS = 6
"""Of each table in its first file."""
LIKE_LOOKUPS = ("Jordan", "Austin", "Virginia", "Georgia")
"""Given names that are countries, cities and states, too."""

GOOD = {
    "timestamp": "2024-05-17 18:28:33",
    **{"date": "2024-05-17", "money": "120.50", "number": "40"},
    **{"integer": "3", "boolean": "True"},
}


class Planted:
    """Makes values, and knows what it has made."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.values: list[str] = []
        self.numbers: list[str] = []
        self._syllables = itertools.product("bdfgklmnprstvz", "aeiou")
        self._pairs = itertools.product(list(self._syllables), repeat=3)
        self._count = itertools.count()
        self._keys: dict[tuple[str, int], str] = {}

    def word(self) -> str:
        """A word of nine letters, now and then with an accent or of two halves."""
        number = next(self._count)
        ends = f"{'kmprt'[number % 5]}{'aeiou'[number // 5 % 5]}x"
        for _ in range(37):  # neighbours shall differ in more than a letter
            made = next(self._pairs)
        word = "".join(map("".join, made)).capitalize() + ends
        if number % 7 == 0:
            word = word.replace("a", "ä", 1) + "é"
            return self._kept(
                unicodedata.normalize("NFD" if number % 2 else "NFC", word)
            )
        self.words.append(word)
        return self._kept(f"{word}-{self.word()}" if number % 11 == 0 else word)

    def phone(self) -> str:
        digits = f"202456{next(self._count):04}"
        self.numbers.append(digits)
        area, first, last = digits[:3], digits[3:6], digits[6:]
        forms = ("+1 ({}) {}-{}", "{}\u2013{}\u2013{}", "{} {} {}", "001{}{}{}")
        return self._kept(forms[len(self.numbers) % 4].format(area, first, last))

    def email(self) -> str:
        at = "%40" if len(self.values) % 5 == 0 else "@"
        return self._kept(f"{self.word()}.{self.word()}{at}{self.word()}.com".lower())

    def digest(self) -> str:
        return self._kept(hashlib.sha1(self.email().encode()).hexdigest())  # noqa: S324

    def text(self) -> str:
        return self._kept(f"Met {self.word()} <{self.email()}>\n{self.phone()}")

    def key(self, table: str, number: int) -> str:
        """The identifier of a record; of one it is an e-mail address."""
        if (table, number) not in self._keys:
            self._keys[table, number] = self.email() if number == 4 else self.word()
        return self._keys[table, number]

    def of(self, column: str) -> str:
        """A value for a column, by its name."""
        for part, make in (
            ("hash", self.digest),
            ("mail", self.email),
            ("phone", self.phone),
            ("notes", self.text),
            ("reviews", self.text),
        ):
            if part in column.lower():
                return make()
        return self.word()

    def _kept(self, value: str) -> str:
        self.values.append(value)
        return value

    def forms(self) -> Iterator[tuple[str, str]]:
        """Each value with each form in which it could be left, in lower case."""
        for value in self.values:
            texts = {unicodedata.normalize(form, value) for form in ("NFC", "NFD")}
            for text in texts | {re.sub(r"[^\x00-\x7f]", "", value)}:
                yield value, text.casefold()
                yield value, quote(text, safe="").casefold()
                for shape in {text, text.lower(), text.upper()}:
                    yield value, shape.encode().hex()
        for part in (*self.words, *LIKE_LOOKUPS):
            yield part, part.casefold()
        for number in self.numbers:
            yield number, number
            yield number, number[-9:]


def tables() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each source with each of its tables, as declared."""
    for path in sorted((PROJECT / "models/staging").glob("*/*sources.yml")):
        for source in yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]:
            for table in source["tables"]:
                yield source["name"], table


KEYS = {"contact_id": "contacts", "company_id": "companies"}
KEYS |= {"opportunity_id": "opportunities", "customer_id": "customers"}
KEYS |= {"store_id": "stores", "sales_person_id": "salespeople"}
KEYS |= {"manager_id": "salespeople", "product_name": "product"}
FILES = {"transactions": "sales", "salespeople": "sales_team", "snapshots": "data"}
FILES |= {"backend": "leads"}


def inbox(folder: Path, planted: Planted) -> Path:
    """Write files of every table, and some with each kind of fault."""
    files: dict[str, str | list] = {}
    for source, table in tables():
        name = table["name"]
        if source == "ingest" or name == "registers":
            continue
        kinds = {c["name"]: c.get("data_type", "text") for c in table["columns"]}
        rows = [_row(planted, name, kinds, number) for number in range(ROWS)]
        twin = dict(rows[0])  # another record of the first, where there are keys
        twin[next(iter(kinds))] = planted.word()
        stem = f"{source}/{FILES.get(name, name)}"
        files[f"{stem}_2024-05-0{len(name) % 9 + 1}.csv"] = as_csv([*rows, twin])
        lines = as_csv([_row(planted, name, kinds, n + ROWS) for n in range(3)]).split(
            "\n", 1
        )
        files[f"{stem}_{planted.word()}.csv"] = lines[1]  # no header
    files |= _registers(planted)
    contacts = files["crm/contacts_2024-05-09.csv"]
    assert isinstance(contacts, str)
    torn = ",".join(planted.word() for _ in range(30))
    files["crm/contacts_2024-05-09.csv"] = f"{contacts}{torn}\n"
    return write(folder, files)


def _row(
    planted: Planted, table: str, kinds: dict[str, str], number: int
) -> dict[str, str]:
    """The first two rows hold nothing readable; the others go their way."""
    row = {}
    for column, kind in kinds.items():
        if column in KEYS or column == "id":
            row[column] = planted.key(KEYS.get(column, table), number)
        elif kind == "text" or number < 2:
            row[column] = planted.of(column)
        else:
            row[column] = GOOD[kind]
    if "first_name" in row and number in range(2, 6):
        row["first_name"] = LIKE_LOOKUPS[number - 2]
    if "city" in row and number == 3:
        row["city"] = "Austin"
    row["Private number"] = planted.phone()
    row["Nickname"] = planted.word()
    return row


def _registers(planted: Planted) -> dict[str, str]:
    found = {}
    for name, make in (("nv", registers.nevada), ("tx", registers.texas)):
        rows = []
        for number in range(ROWS):
            row = make(number)
            for column in row:
                if not {"Date", "State", "Capacity", "Zip"} & set(column.split()):
                    row[column] = planted.of(column)
            row["Inspector"] = planted.word()
            if number == 0:  # kept out of the marts
                row["Phone"] = row["Name" if name == "nv" else "Operation Name"] = ""
            rows.append(row)
        found[f"prospects/{name}_2024-05-01.csv"] = registers.as_csv(rows)
        found[f"prospects/{name}_2024-06-01.csv"] = registers.as_csv(rows).split(
            "\n", 1
        )[1]
    return found
