"""Delivery times as written in names and columns, brought to UTC text."""

import re
from datetime import date, datetime, time, timedelta, timezone

from .clock import iso

_CLOCK = (
    r"(?:[T ]+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)"
    r"(?:[.,](?P<fraction>\d{1,9}))?)? ?(?P<half>[AaPp][Mm])?"
    r" ?(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)
_ISO = re.compile(r"(?P<year>\d{4})(\D?)(?P<month>\d\d)\2(?P<day>\d\d)" + _CLOCK)
_OTHER = {
    "mdy": re.compile(r"(?P<month>\d\d?)\D(?P<day>\d\d?)\D(?P<year>\d{4})" + _CLOCK),
    "dmy": re.compile(r"(?P<day>\d\d?)\D(?P<month>\d\d?)\D(?P<year>\d{4})" + _CLOCK),
}


def in_utc(moment: datetime, zone: str) -> str:
    """A moment as UTC text; without a zone of its own it is in `zone`."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=offset(zone))
    return iso(moment)


def utc_text(text: str, zone: str = "UTC", date_order: str = "mdy") -> str | None:
    """A date or timestamp as UTC text, or None if it is neither.

    ISO forms are always understood, others by `date_order` (mdy or dmy).
    """
    text = text.strip()
    found = _ISO.fullmatch(text) or _OTHER[date_order].fullmatch(text)
    return from_parts(found.groupdict(), zone) if found else None


def from_parts(parts: dict[str, str | None], zone: str = "UTC") -> str | None:
    """Year, month, day, perhaps hour, minute and second, as UTC text."""
    try:
        moment = datetime(
            int(parts["year"] or ""),
            int(parts["month"] or ""),
            int(parts["day"] or ""),
            _hour(parts),
            int(parts.get("minute") or 0),
            int(parts.get("second") or 0),
            int((parts.get("fraction") or "0").ljust(6, "0")[:6]),
        )
        own_zone = parts.get("zone")
        if own_zone:
            moment = moment.replace(tzinfo=offset(own_zone))
        return in_utc(moment, zone)
    except (KeyError, ValueError, OverflowError):
        return None


def numbered_day(number: str, first_day: date, zone: str = "UTC") -> str | None:
    """The midnight of the day that a file's number stands for, 1 being the first."""
    try:
        day = first_day + timedelta(days=int(number) - 1)
        if day < first_day:
            return None
        return in_utc(datetime.combine(day, time.min), zone)
    except (ValueError, OverflowError):
        return None


def _hour(parts: dict[str, str | None]) -> int:
    hour = int(parts.get("hour") or 0)
    half = (parts.get("half") or "").lower()
    if not half:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(hour)
    return hour % 12 + (12 if half == "pm" else 0)


def offset(text: str) -> timezone | None:
    """`UTC`, `Z` or an offset such as `+02:00`; None for anything else.

    Named zones are left out: SQL has no calendar of summer times, and a setting
    must mean the same there.
    """
    if text in ("UTC", "Z"):
        return timezone.utc
    found = re.fullmatch(r"([+-])(0\d|1[0-4]):?([0-5]\d)", text)
    if not found:
        return None
    sign, hours, minutes = found.groups()
    distance = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-distance if sign == "-" else distance)
