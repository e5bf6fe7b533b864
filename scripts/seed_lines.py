"""What the lines of the user's seeds have to be: for `scripts.seeds`.

A wrong rate or target would make wrong figures without a finding, and a text for a
number would end the build, so it is refused with its line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

ALIASES = {"fx_rates": {"from": "from_currency", "to": "to_currency"}}
"""Per seed: other names of its columns."""
_CODE = re.compile(r"[A-Z]{3}")
_RATE = re.compile(r"[0-9]+(\.[0-9]+)?|\.[0-9]+")
_PERIOD = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]|Q[1-4]))?")
MEASURES = tuple(
    f"{state}_{kind}"
    for state in ("won", "created", "lost")
    for kind in ("amount", "count")
) + ("win_rate",)
"""What rpt_owner_performance measures."""
LIKE = (
    "rule",
    "source_name",
    "table_name",
    "column_name",
    "record_id",
    "source_value",
    "file_name",
    "record",
)
"""What a finding has in common with the line that accepts it."""
_MOST_DIGITS, _MOST_DECIMALS = 12, 17

Line = dict[str, str]
"""A line of a seed by column."""
CURRENCIES = {
    "fx_rates": ("from_currency", "to_currency"),
    "targets": ("currency",),
}
"""Per seed: columns with codes of the seed `currencies`."""
KNOWN = {"accepted_findings": (("rule", "rules"),)}
"""Per seed: columns that name a line of another seed, by its first column."""
SHIPPED = {"source_trust": ("record_kind",)}
"""Per seed: columns whose values are those of the lines that ship."""
NUMBERS = {
    "integer": (re.compile(r"-?[0-9]{1,18}(\.0*)?"), "a whole number"),
    "double": (re.compile(r"-?([0-9]+\.?[0-9]*|\.[0-9]+)"), "a number"),
}
"""Per type of a column: what its values look like, and what that is."""


def _currency(line: Line) -> str | None:
    if not _CODE.fullmatch(line.get("code", "")):
        return f"code must be three capital letters, found {line.get('code', '')!r}"
    if line.get("decimals", "") not in ("0", "1", "2", "3", "4"):
        return f"decimals must be 0 to 4, found {line.get('decimals', '')!r}"
    return None


def _rate(line: Line) -> str | None:
    day, rate = line.get("day", ""), line.get("rate", "")
    if not _is_day(day):
        return f"day must be a date such as 2026-01-31, found {day!r}"
    for column in ("from_currency", "to_currency"):
        if not _CODE.fullmatch(line.get(column, "")):
            found = line.get(column, "")
            return f"{column} must be three capital letters, found {found!r}"
    if line["from_currency"] == line["to_currency"]:
        return f"{line['from_currency']} has no rate to itself"
    digits = rate.replace(".", "").strip("0")
    if not _RATE.fullmatch(rate) or not digits:
        return f"rate must be a number above 0 such as 1.0837, found {rate!r}"
    if len(rate.replace(".", "").lstrip("0")) > _MOST_DIGITS:
        return f"rate has more than {_MOST_DIGITS} digits: {rate}"
    if len(rate.partition(".")[2]) > _MOST_DECIMALS:
        return f"rate has more than {_MOST_DECIMALS} decimals: {rate}"
    return None


def _target(line: Line) -> str | None:
    measure, currency = line.get("measure", ""), line.get("currency", "")
    if not line.get("owner"):
        return "owner is empty: give an identifier, e-mail address or name"
    if not _PERIOD.fullmatch(line.get("period", "")):
        found = line.get("period", "")
        return f"period must be such as 2026-03, 2026-Q1 or 2026, found {found!r}"
    if measure not in MEASURES:
        return f"measure must be one of {', '.join(MEASURES)}, found {measure!r}"
    if measure.endswith("_amount") and not _CODE.fullmatch(currency):
        return f"currency must be three capital letters, found {currency!r}"
    if not measure.endswith("_amount") and currency:
        return f"{measure} has no currency, found {currency!r}"
    if not _RATE.fullmatch(amount := line.get("amount", "")):
        return f"amount must be a number such as 50000 or 0.3, found {amount!r}"
    return None


def _trust(line: Line) -> str | None:
    if not line.get("source_name"):
        return "source_name is empty: * is for all others"
    if not re.fullmatch(r"[1-9][0-9]{0,8}", place := line.get("place", "")):
        return f"place must be a whole number above 0, found {place!r}"
    return None


def _acceptance(line: Line) -> str | None:
    for column in LIKE:
        if (value := line.get(column, "")).lower() == "null":  # as dbt reads nothing
            return f"{column} {value!r} reads as an empty one, which is for anything"
    if line.get("record_id") and not (
        line.get("source_name") and line.get("table_name")
    ):
        return (
            "record_id needs source_name and table_name: others have such records too"
        )
    if line.get("record") and not line.get("file_name"):
        return "record needs file_name"
    for column in ("accepted_until", "accepted_on"):
        if (day := line.get(column, "")) and not _is_day(day):
            return f"{column} must be a day such as 2026-01-31, found {day!r}"
    return None


def _mapped_file(line: Line) -> str | None:
    lacking = [
        name
        for name in ("file_name", "system_name", "table_name")
        if not line.get(name)
    ]
    return f"{lacking[0]} is empty" if lacking else None


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


CHECKS: dict[str, Callable[[Line], str | None]] = {
    "accepted_findings": _acceptance,
    "currencies": _currency,
    "fx_rates": _rate,
    "mapped_files": _mapped_file,
    "source_trust": _trust,
    "targets": _target,
}
"""Per seed: what is wrong with a line, or None."""


def no_number(line: Line, types: Mapping[str, str]) -> str | None:
    """Return which column of a line lacks the number that its type needs."""
    for column, kind in types.items():
        form, what = NUMBERS.get(kind, (None, ""))
        value = line.get(column, "").strip()
        if form and value not in ("", "null") and not form.fullmatch(value):
            return f"{column} must be {what}, found {value!r}"
    return None


def faults(
    check: Callable[[Line], str | None],
    lines: Iterable[tuple[int, Line]],
    key: tuple[str, ...],
) -> Iterator[tuple[int, str]]:
    """Give number and fault of each wrong line; blanks around values go.

    Without a `key` no line takes the place of another.
    """
    places: dict[tuple[str, ...], int] = {}
    for number, line in lines:
        line.update({name: value.strip() for name, value in line.items()})
        first = places.setdefault(tuple(line[name] for name in key), number)
        if fault := check(line):
            yield number, fault
        elif key and first != number:
            yield number, f"is that of line {first} again"
