"""What of the fields looks wrongly declared, by the values they have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from tools.identity_eval.records import Field, Fields, Record

SAMPLE = 5000
"""How many records are looked at."""
EXPECTED = {
    "email": (r".@.", "addresses"),
    "phone": (r"(\D*\d){6}", "numbers"),
    "date": (r"\d.*\d", "dates"),
    "postcode": (r"\d", "postcodes"),
    "domain": (r"\w\.\w", "domains"),
    "house_number": (r"\d", "numbers of houses"),
}
"""A pattern that most values of a kind have, and what they are."""
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
OTHERS = (
    ("email", EMAIL.pattern, None),
    ("date", r"(19|20)\d\d-?[01]\d-?[0-3]\d", None),
    ("phone", r"(\+|00)[\d\s()./-]{7,}|\(?0\d[\d\s()./-]{6,}", ("text", "category")),
    ("domain", r"(https?://)?[\w-]+(\.[\w-]+)*\.[a-z]{2,}/?", ("text", "category")),
    ("country or region", r"[A-Za-z]{2}", ("text", "category", "city")),
)
"""Kinds that values of another declared kind may show, and of which; None: of any."""
DATE = re.compile(
    r"(1[89]|20)\d\d-?[01]\d-?[0-3]\d|[0-3]?\d[./][0-3]?\d[./](1[89]|20)\d\d"
)
GENERAL = ("text", "category", "identifier")
"""Kinds that say little of a value."""
NAMES = {
    "first_name": "fnamec?|vorname|prenom|(first|given|fore)name",
    "last_name": "lnamec?|nachname|(sur|last|family)name",
}
"""Headers that say it instead, as far as they have letters."""
FEW = ("category", "country", "region")
SINGLE = ("hash", "identifier", "email", "phone")


def doubts(fields: Fields, rows: Iterable[Record]) -> list[str]:
    """Return a line for each field whose values do not look like its kind."""
    found: list[str] = []
    columns = zip(*(row[2:] for row in rows), strict=True)
    for field, values in zip(fields.compared, columns, strict=False):
        given = [value for value in values if value]
        doubt = _doubt(field.kind, given)
        if doubt:
            found.append(f"{field.name} is declared as {field.kind}, but {doubt}")
    return found


def read_as(fields: Fields, rows: Iterable[Record]) -> Fields:
    """Return the fields as dates, addresses and names, where their kind says little."""
    columns = zip(*(row[2:] for row in rows), strict=True)
    kinds = [field.kind for field in fields.compared]
    read = []
    for field, values in zip(fields.compared, columns, strict=False):
        kind = _meant(field, [value.strip() for value in values if value], kinds)
        kinds.append(kind)
        read.append(replace(field, kind=kind))
    return replace(fields, compared=tuple(read)) if read else fields


def _meant(field: Field, given: list[str], kinds: list[str]) -> str:
    """Return the kind that values, or the header and values, show."""
    if field.kind in GENERAL and given:
        for kind, form in (("date", DATE), ("email", EMAIL)):
            if sum(1 for value in given if form.fullmatch(value)) > 0.9 * len(given):
                return kind
        words = sum(1 for value in given if not re.search(r"[\d@]", value))
        for kind, header in NAMES.items():
            if (
                re.fullmatch(header, re.sub("[^a-z]", "", field.name.lower()))
                and not {kind, "full_name"} & set(kinds)
                and words > 0.9 * len(given)
            ):
                return kind
    return field.kind


def _doubt(kind: str, given: list[str]) -> str | None:
    if not given:
        return "has no values"
    differing = len(set(given))
    if kind in EXPECTED:
        pattern, what = EXPECTED[kind]
        like = sum(1 for value in given if re.search(pattern, value)) / len(given)
        if like < 0.5:
            return f"only {like:.0%} of its values look like {what}"
    for other, pattern, of in OTHERS:
        like = sum(1 for value in given if re.fullmatch(pattern, value.strip()))
        if other != kind and (of is None or kind in of) and like > 0.9 * len(given):
            return f"its values look like another kind: {other}?"
    if kind in FEW and differing > max(20, len(given) / 5):
        return f"{differing:,} of {len(given):,} values differ"
    if kind in SINGLE and len(given) >= 100 and differing < len(given) / 20:
        return f"only {differing:,} of {len(given):,} values differ"
    if kind == "first_name" and sum(" " in value for value in given) > 0.8 * len(given):
        return "nearly all of its values have several words: full_name?"
    return None
