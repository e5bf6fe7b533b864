"""Named time zones, brought to one that SQL works out."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..times import offset

CHANGING = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
    "America/Anchorage", "America/Halifax", "Europe/London", "Europe/Berlin",
    "Europe/Athens",
)  # fmt: skip
"""Zones whose summer times the macro `zone_offset` knows."""
_FIRST, _LAST = 2017, 2037


def known_zone(name: str) -> str:
    """`UTC`, an offset or one of `CHANGING` that is the same as a zone.

    >>> known_zone("Europe/Vienna"), known_zone("Asia/Kathmandu")
    ('Europe/Berlin', '+05:45')
    """
    if offset(name) is not None:
        return name
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            "expected UTC, an offset such as '+02:00' or a name such as "
            f"Europe/Berlin, not {name}"
        ) from None
    found = _offsets(zone)
    if len(set(found)) == 1:
        minutes = int(found[0].total_seconds() // 60)
        sign = "-" if minutes < 0 else "+"
        return f"{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
    for other in CHANGING:
        if _offsets(ZoneInfo(other)) == found:
            return other
    raise ValueError(f"summer times of {name} are not known: give an offset")


def _offsets(zone: ZoneInfo) -> list[timedelta]:
    """The offset at noon of each day of twenty years."""
    first = datetime(_FIRST, 1, 1, 12, tzinfo=zone)
    days = (datetime(_LAST, 12, 31) - datetime(_FIRST, 1, 1)).days
    found = (first + timedelta(days=n) for n in range(days))
    return [moment.utcoffset() or timedelta() for moment in found]
