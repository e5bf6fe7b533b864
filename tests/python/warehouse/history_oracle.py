"""What the history should be, worked out key by key in plain Python."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """One delivered record: its key, its state and when its source changed it."""

    key: str
    state: tuple[Any, ...]
    changed_at: str | None = None


def history(deliveries: list[list[Row]]) -> dict[str, list[tuple[Any, ...]]]:
    """Return the states that each key went through, oldest first.

    Each delivered row is put, in the order of arrival, behind every row that is
    not newer. A row that does not say when it changed counts as being as new as
    the newest row before it. Equal neighbours are one state.
    """
    timelines: dict[str, list[tuple[str, tuple[Any, ...]]]] = defaultdict(list)
    newest: dict[str, str] = defaultdict(str)
    for delivery in deliveries:
        for row in delivery:
            changed_at = row.changed_at or newest[row.key]
            newest[row.key] = max(newest[row.key], changed_at)
            timeline = timelines[row.key]
            place = len(timeline)
            while place > 0 and timeline[place - 1][0] > changed_at:
                place -= 1
            timeline.insert(place, (changed_at, row.state))
    return {key: _without_repeats(timeline) for key, timeline in timelines.items()}


def _without_repeats(
    timeline: list[tuple[str, tuple[Any, ...]]],
) -> list[tuple[Any, ...]]:
    states: list[tuple[Any, ...]] = []
    for _, state in timeline:
        if not states or states[-1] != state:
            states.append(state)
    return states
