"""What the columns of a file hold, guessed from their values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from scripts.ingest.amounts import amount
from scripts.ingest.preview import day

MOST = 5_000
"""Rows that are looked at."""
MOSTLY = 0.9
"""Share of the values that show a type."""
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"'?[+(]?\d[\d\s().\-/]{6,}")
_DAY = re.compile(
    r"\d{4}-\d\d-\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|[A-Z][a-z]{2}[a-z]* \d"
)
_ORDERED = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-]\d{2,4}")
_YES = {"true", "false", "yes", "no", "y", "n", "ja", "nein", "wahr", "falsch"}
_NUMBER = re.compile(r"[-+(]?\s*\D{0,4}\d[\d.,'\s]*\D{0,4}")
_MISSING = {"-", "–", "—", "n/a", "na", "null", "none", "nan", "k.a.", "?"}
_PERSONAL = re.compile(
    r"name|ansprechpartner|kontaktperson|mail|phone|mobile|address|street|birth|telefon|stra",
    re.I,
)


@dataclass
class Column:
    """What is seen of a column."""

    header: str
    filled: int = 0
    rows: int = 0
    is_unlike: bool = True
    """Whether no value comes twice."""
    kind: str = "text"
    """`date`, `money`, `integer`, `boolean`, `email`, `phone` or `text`."""
    share: float = 1.0
    """Share of the values that show it."""
    orders: set[str] = field(default_factory=set)
    """Orders of day and month that its values allow."""
    marks: set[str] = field(default_factory=set)
    """Decimal marks that its values show."""
    is_running: bool = False
    """Whether its values number the rows, as 1, 2, 3 …"""

    @property
    def may_be_key(self) -> bool:
        """Whether it has another value in each row."""
        return self.rows > 0 and self.filled == self.rows and self.is_unlike

    @property
    def is_personal(self) -> bool:
        """Whether it seems to be of a person."""
        return self.kind in ("email", "phone") or bool(_PERSONAL.search(self.header))


def look(headers: Sequence[str], rows: Iterable[Sequence[str | None]]) -> list[Column]:
    """Look at the columns of some rows."""
    taken = [row for row, _ in zip(rows, range(MOST), strict=False)]
    return [
        _column(header, [row[at] for row in taken]) for at, header in enumerate(headers)
    ]


def _column(header: str, values: list[str | None]) -> Column:
    texts = [text.strip() for text in values if text and text.strip()]
    texts = [text for text in texts if text.casefold() not in _MISSING]
    found = Column(header, len(texts), len(values), len(set(texts)) == len(texts))
    if not texts:
        return found
    for kind, test in (
        ("email", _EMAIL.fullmatch),
        ("boolean", lambda text: text.casefold() in _YES),
        ("date", _is_day),
        ("integer", lambda text: re.fullmatch(r"-?\d{1,18}", text)),
        ("money", lambda text: _NUMBER.fullmatch(text) and amount(text) is not None),
        ("phone", _PHONE.fullmatch),
    ):
        share = sum(bool(test(text)) for text in texts) / len(texts)
        if share >= MOSTLY:
            found.kind, found.share = kind, share
            break
    found.is_running = len(texts) == len(values) and _are_running(texts)
    if found.kind == "date":
        pairs = [(int(p[1]), int(p[2])) for t in texts if (p := _ORDERED.match(t))]
        if pairs:
            found.orders = {"dmy", "mdy"}
            if any(one > 12 for one, _ in pairs):
                found.orders -= {"mdy"}
            if any(other > 12 for _, other in pairs):
                found.orders -= {"dmy"}
    if found.kind == "money":
        found.marks = {
            mark
            for text in texts
            if (mark := re.sub(r".*([.,])\d{1,2}\D*|.*", r"\1", text))
        }
    return found


def _are_running(texts: Sequence[str]) -> bool:
    """Whether they are 1, 2, 3 … or 0, 1, 2 …, perhaps as `01.`"""
    numbers = [re.fullmatch(r"0*(\d{1,9})\.?", text) for text in texts]
    found = [int(number[1]) for number in numbers if number]
    return any(found == [*range(first, first + len(texts))] for first in (0, 1))


def _is_day(text: str) -> bool:
    if not _DAY.match(text):
        return False
    return any(day(text, order) for order in ("mdy", "dmy"))
