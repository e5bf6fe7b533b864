"""What the values of a cursor column allow: an order to follow, or none."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from .. import clock
from ..errors import Refusal
from ..readers.text import is_clean

_STAMP = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:([ T])(\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)?"
    r"(Z| ?[+-]\d\d(?::?\d\d)?)?)?"
)
_UUID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?([0-9a-f])[0-9a-f]{3}-?[0-9a-f-]+", re.I)
_DAY_FIRST = re.compile(r"\d\d?\D\d\d?\D\d{4}.*")
_ANY = re.compile("[0-9A-Za-z]")
LONGEST_NUMBER = 18
"""Digits that every engine counts exactly."""
FIRST_DAY = date(1, 1, 2)
"""In whatever zone, Python has a value for it."""
AHEAD = timedelta(days=1)
"""How far a clock may be ahead of ours, with its zone."""


class UnknownTime(str):
    """A time that Python has no value for, such as `infinity`, as text."""

    __slots__ = ()


@dataclass(frozen=True)
class Order:
    """How the values of a cursor follow one another."""

    kind: str
    """`number`, `time`, `day`, `digits`, `stamp`, `text`, or `none`."""
    problem: str = ""
    """Why there is none to rely on."""
    has_zone: bool = False
    """Of times: whether each is in a zone of its own."""

    def bounds(self) -> tuple[Any, Any] | None:
        """The values between which times are to be relied on; None without any.

        After a time that is yet to come nothing would follow until then.
        """
        now = datetime.fromisoformat(clock.now().replace("Z", "+00:00")) + AHEAD
        if self.kind == "stamp":  # a text that begins with a day is after the day
            return "", (now.date() + AHEAD).isoformat()
        if self.kind == "day":
            return FIRST_DAY, now.date()
        if self.kind != "time":
            return None
        first = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day)
        if self.has_zone:
            return first.replace(tzinfo=timezone.utc), now
        return first, now.replace(tzinfo=None)

    def value(self, kept: Any) -> Any:
        """A value as it was kept, as one that can be compared.

        Raises Refusal if it is none of this kind.
        """
        try:
            if kept is None or self.kind == "none":
                return None
            if self.kind == "digits":
                return int(kept)
            if self.kind == "number":
                return kept if isinstance(kept, int | float) else Decimal(kept)
            if self.kind == "time":
                moment = datetime.fromisoformat(kept)
                if (moment.tzinfo is not None) != self.has_zone:
                    raise ValueError(kept)
                return moment
            return date.fromisoformat(kept) if self.kind == "day" else str(kept)
        except (ValueError, TypeError, ArithmeticError):
            raise Refusal(
                f"its values are no longer like {kept!r}, the last that was read: "
                "declare it under another name",
                retry=True,
            ) from None

    def was_read(self, value: Any, last: Any, lag: float) -> bool:
        """Whether a value lies where, after the last one, none comes any more."""
        if self.kind == "none" or last is None:
            return False
        try:
            value = self.value(value) if self.kind == "digits" else value
            if self.kind in ("text", "stamp") and len(value) != len(last):
                return False
            return value < self.before(last, lag)
        except (TypeError, ValueError, Refusal):  # of another kind
            return False

    def before(self, value: Any, lag: float) -> Any:
        """The value from which on rows may still come."""
        if not lag or value is None or self.kind == "none":
            return value
        if self.kind in ("number", "digits"):
            amount = int(lag) if float(lag).is_integer() else lag
            return value - (Decimal(str(lag)) if isinstance(value, Decimal) else amount)
        if self.kind == "time":
            return value - timedelta(seconds=lag)
        if self.kind == "day":
            return value - timedelta(days=math.ceil(lag / 86_400))
        found = _STAMP.fullmatch(value)
        if self.kind != "stamp" or not found:
            raise Refusal("lag: its cursor is neither a number nor a time", retry=True)
        moment = datetime.fromisoformat(f"{found[1]} {found[3] or '00:00'}")
        text = (moment - timedelta(seconds=lag)).isoformat(found[2] or "T")
        return text[: 11 + len(found[3])] if found[3] else text[:10]


def has_place(value: Any) -> bool:
    """Whether a value has a place among others; `infinity` and NaN have none."""
    if isinstance(value, float | Decimal):
        return math.isfinite(value)
    return not isinstance(value, UnknownTime)


def order_of(values: Iterable[Any]) -> Order:
    """The order of the values given; those of one type but text may be one alone."""
    kinds: dict[str, Any] = {}
    texts = _Texts()
    for value in values:
        kind = _kind(value)
        kinds.setdefault(kind, value)
        if kind == "text":
            texts.add(value)
        elif kind not in ("number", "time", "day"):
            return Order("none", f"it holds values such as {_shown(value)}")
        if len(kinds) > 1:
            return Order(
                "none", f"it holds {' and '.join(map(_shown, kinds.values()))}"
            )
    if "text" in kinds:
        return texts.order()
    kind = next(iter(kinds), "none")
    has_zone = kind == "time" and kinds[kind].tzinfo is not None
    return Order(kind, has_zone=has_zone)


class _Texts:
    """What the texts of a column have in common."""

    def __init__(self) -> None:
        self._first: str | None = None
        self._shape = ""
        self._has_lower = self._has_upper = False
        self._other: str | None = None
        self._is_digits = True
        self._longest = 0
        self._is_even = True
        self._forms: set[tuple[str, str | None]] = set()
        self._is_stamp = True
        self._is_random = False

    def add(self, text: str) -> None:
        """Take note of one."""
        shape = _ANY.sub("x", text)
        self._has_lower = self._has_lower or text != text.upper()
        self._has_upper = self._has_upper or text != text.lower()
        if self._first is None:
            self._first, self._shape = text, shape
        # each database has an order of its own for cases and signs
        is_other = shape != self._shape or (self._has_lower and self._has_upper)
        if is_other and self._other is None:
            self._is_even, self._other = False, text
        self._longest = max(self._longest, len(text))
        self._is_digits = self._is_digits and text.isascii() and text.isdigit()
        stamp = _STAMP.fullmatch(text) if self._is_stamp else None
        self._is_stamp = stamp is not None
        if stamp and len(self._forms) < 2:
            self._forms.add((re.sub(r"\d", "0", text), stamp[4]))
        if not self._is_random:
            found = _UUID.fullmatch(text)
            is_uuid = found is not None and found[1] not in "67"
            self._is_random = is_uuid or not is_clean(text)

    def order(self) -> Order:
        """Whether it follows from their form."""
        if self._is_stamp:
            if len(self._forms) == 1:
                return Order("stamp")
            return Order("none", "its times are written in several forms or zones")
        if self._is_digits and self._longest <= LONGEST_NUMBER:
            return Order("digits")
        if self._is_random or _DAY_FIRST.fullmatch(self._first or ""):
            return Order("none", f"texts such as {self._first!r} do not grow")
        if self._is_even:
            return Order("text")
        return Order("none", f"texts such as {self._first!r} and {self._other!r}")


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "other"
    if isinstance(value, float | Decimal) and not math.isfinite(value):
        return "other"
    for kind, types in (
        ("number", (int, float, Decimal)),
        ("time", datetime),  # a datetime is a date, too
        ("day", date),
        ("text", str),
    ):
        if isinstance(value, types):
            return kind
    return "other"


def _shown(value: Any) -> str:
    return repr(value)[:40]
