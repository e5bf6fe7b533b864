"""Figures and texts as people read them, safe inside HTML."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from html import escape
from typing import Any, TypeGuard

from scripts.morning.masks import shortened
from scripts.printable import printable

LONGEST = 200
"""Characters of a text that are shown."""
NUMBERS_THAT_NAME = frozenset(
    {"line", "period", "place", "record", "run", "store", "year"}
)
"""Columns whose numbers name something: they have no thousands separators."""
STEPS = (1, 2, 2.5, 5, 10)
SUFFIXES = ((1e12, "T"), (1e9, "bn"), (1e6, "m"), (1e3, "k"))


def is_number(value: Any) -> TypeGuard[float | Decimal]:
    """Whether a value of a database is a number; a truth value is none."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def is_figure(value: Any) -> bool:
    """Whether a value is a number, or a text that a query has made of one."""
    if isinstance(value, str):
        digits = value.replace(",", "").replace(".", "", 1).lstrip("-")
        return digits.isascii() and digits.isdigit()
    return is_number(value)


def number(value: Any, decimals: int | None = None) -> str:
    """Return a number rounded half up, with thousands separators.

    `decimals` are as many as it needs, at most two, if not given.

    >>> number(1234.565), number(-0.001), number(12), number(12, 2)
    ('1,234.57', '0', '12', '12.00')
    """
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    places = decimals_of(value) if decimals is None else decimals
    rounded = _exact(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{rounded + 0:,f}".replace("-", "−") if rounded else f"{0:.{places}f}"


def decimals_of(value: Any) -> int:
    """Return how many decimals a value needs: none, one of a small one, or two."""
    if not is_number(value) or (isinstance(value, float) and not math.isfinite(value)):
        return 0
    rounded = _exact(value).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if rounded == rounded.to_integral_value():
        return 0
    return 1 if abs(rounded) < 1000 and rounded * 10 % 1 == 0 else 2


def _exact(value: Any) -> Decimal:
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def short(value: float) -> str:
    """Return a number as an axis shows it.

    >>> short(0), short(2_500_000), short(0.5), short(-12000)
    ('0', '2.5m', '0.5', '−12k')
    """
    for size, suffix in SUFFIXES:
        if abs(value) >= size:
            return f"{value / size:g}{suffix}".replace("-", "−")
    return f"{value:g}".replace("-", "−")


def cell(value: Any, column: str = "", decimals: int | None = None) -> str:
    """Return a value of a table as HTML."""
    if value is None or value == "":
        return '<span class="none">–</span>'
    if isinstance(value, bool):
        return "yes" if value else "no"
    if is_number(value):
        return str(value) if column in NUMBERS_THAT_NAME else number(value, decimals)
    if isinstance(value, bytes):
        return f"{len(value):,} bytes"
    return words(value)


def words(value: Any) -> str:
    """Return any text as HTML: on one line, cut where it is too long."""
    text = shortened(printable(str(value)))
    return escape(text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…")


def head(name: str) -> str:
    """Return the name of a column as the head of a table."""
    return words(name.replace("_", " "))


def ticks(low: float, high: float, count: int = 4) -> list[float]:
    """Return round numbers that span a range.

    >>> ticks(0, 87)
    [0.0, 25.0, 50.0, 75.0, 100.0]
    """
    span = high - low or abs(high) or 1
    size = 10 ** math.floor(math.log10(span / count))
    step = next(size * s for s in STEPS if span / (size * s) <= count)
    first = math.floor(low / step + 1e-9)
    last = math.ceil(high / step - 1e-9)
    return [round(n * step, 10) for n in range(first, max(last, first + 1) + 1)]
