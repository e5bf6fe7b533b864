"""What the history should be, worked out key by key in plain Python."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

Version = tuple[datetime, tuple[Any, ...]]
UNKNOWN = object()
"""The value of a column that a file does not have."""
TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Row:
    """One delivered record: its key, its state and when its source changed it."""

    key: str
    state: tuple[Any, ...]
    changed_at: datetime | None = None


def moment(text: str) -> datetime:
    """A time as tests write it, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


def history(deliveries: list[tuple[datetime, list[Row]]]) -> dict[str, list[Version]]:
    """Return the versions of each key, oldest first, with when they began.

    Each delivery comes with what the clock said. A row is put, in the order of
    arrival, behind every row that is not newer. One that does not say when it
    changed, or not credibly, counts as being as new as the newest row before it.
    What a file does not have stays as it was. Equal neighbours are one state.
    """
    timelines: dict[str, list[tuple[datetime | None, datetime, Row]]]
    timelines = defaultdict(list)
    newest: dict[str, datetime | None] = defaultdict(lambda: None)
    arrived = datetime.min.replace(tzinfo=timezone.utc)
    for clock, rows in deliveries:
        arrived = max(arrived, clock)
        too_late = datetime(*arrived.timetuple()[:3], tzinfo=timezone.utc)
        too_late += timedelta(days=1)
        for row in rows:
            time = row.changed_at
            if time is None or time.year < 1900 or time > too_late:
                time = newest[row.key]
            elif newest[row.key] is None or time > newest[row.key]:
                newest[row.key] = time
            timeline = timelines[row.key]
            place = len(timeline)
            while place > 0 and _is_newer(timeline[place - 1][0], time):
                place -= 1
            timeline.insert(place, (time, arrived, row))
    return {key: _versions(timeline) for key, timeline in timelines.items()}


def _is_newer(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and (other is None or one > other)


def _versions(
    timeline: list[tuple[datetime | None, datetime, Row]],
) -> list[Version]:
    versions: list[Version] = []
    known: list[Any] = [None] * len(timeline[0][2].state)
    times = sorted({time for time, *_ in timeline if time})
    for time, arrived, row in timeline:
        given = zip(known, row.state, strict=True)
        known = [old if new is UNKNOWN else new for old, new in given]
        if versions and versions[-1][1] == tuple(known):
            continue
        begin = time
        if begin is None or begin != row.changed_at:
            # when it was received, between the known times around it
            later = [other for other in times if time is None or other > time]
            begin = min([arrived, *later[:1]])
            begin = max(begin, time) if time else begin
        if versions:
            begin = max(begin, versions[-1][0] + TICK)
        versions.append((begin, tuple(known)))
    return versions
