"""Axes of time: where a day or month lies, and what is written below it."""

from __future__ import annotations

from datetime import date
from typing import Any

MONTHS = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
]
MOST_LABELS = 5
STEPS = {"month": (1, 2, 3, 6, 12, 24, 60, 120), "day": (1, 2, 7, 14, 28, 91, 182, 365)}


def unit_of(texts: list[Any], declared: str) -> str:
    """Return whether an axis is one of days or of months."""
    if declared:
        return "day" if "date" in declared else "month"
    longest = max((len(str(text)) for text in texts), default=0)
    return "month" if longest <= len("2025-01") else "day"


def place(value: Any, unit: str) -> int | None:
    """Return the number of a day or month; None for what is neither."""
    text = str(value)
    try:
        if unit == "month":
            day = date.fromisoformat(f"{text[:7]}-01")
            return day.year * 12 + day.month - 1
        return date.fromisoformat(text[:10]).toordinal()
    except ValueError:
        return None


def name(place: int, unit: str) -> str:
    """Return a day or month as tables write it."""
    if unit == "month":
        return f"{place // 12:04}-{place % 12 + 1:02}"
    return date.fromordinal(place).isoformat()


def labels(first: int, last: int, unit: str) -> list[tuple[int, str]]:
    """Return the places that have a label, each with it."""
    span = last - first
    steps = STEPS[unit]
    fits = (step for step in steps if span // step < MOST_LABELS)
    step = next(fits, span // MOST_LABELS + 1)
    start = first
    if unit == "month" and step >= 3:  # quarters, halves and years begin in January
        start = -(-first // step) * step
    return [(at, _label(at, unit, step)) for at in range(start, last + 1, step)]


def _label(place: int, unit: str, step: int) -> str:
    if unit == "month":
        year, month = divmod(place, 12)
        return f"{year:04}" if step >= 12 else f"{MONTHS[month]} {year % 100:02}"
    day = date.fromordinal(place)
    if step >= 91:
        return f"{MONTHS[day.month - 1]} {day.year % 100:02}"
    return f"{day.day} {MONTHS[day.month - 1]}"
