"""What the history of deals should be, worked out deal by deal in plain Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timezone
from typing import Any, NamedTuple

ENDS = {"Closed Won": "won", "Closed Lost": "lost"}
TOLD = ("system_history", "dated_columns")


class Group(NamedTuple):
    """What the rows of the report are of, beside the month."""

    pipeline: str
    owner: str | None
    currency: str | None


@dataclass(frozen=True)
class Seen:
    """A version of a deal, as deliveries show it."""

    at: datetime
    stage: str
    amount: int | None
    close: date | None
    group: Group
    is_gone: bool = False


@dataclass(frozen=True)
class Told:
    """What the system itself says of a time; without `amount` only of the stage."""

    at: datetime
    stage: str
    amount: int | None = None
    close: date | None = None
    evidence: str = "system_history"
    has_amount: bool = False


@dataclass(frozen=True)
class State:
    """A deal from a time on."""

    at: datetime
    stage: str
    amount: int | None
    close: date | None
    group: Group
    is_gone: bool
    evidence: str
    stage_at: datetime
    is_told: bool = False
    is_entry: bool = False

    @property
    def phase(self) -> str:
        return "open" if self.is_entry else ENDS.get(self.stage, "open")

    @property
    def is_open(self) -> bool:
        return self.phase == "open" and not self.is_gone


def states(created: datetime | None, seen: list[Seen], told: list[Told]) -> list[State]:
    """Return the states of a deal, oldest first."""
    told = sorted(told, key=lambda t: (t.at, t.evidence != "system_history"))
    whole = [t.at for t in told if t.evidence == "system_history"]
    is_whole = bool(whole)
    told = [
        t
        for t in told
        if t.evidence == "system_history"
        or not whole
        or not whole[0] <= t.at <= whole[-1]
    ]
    dated = {t.stage for t in told}
    amounts = [t.at for t in told if t.has_amount]
    found: list[State] = []
    stage: tuple[str, datetime, str] | None = None
    money: tuple[int | None, date | None] | None = None
    first_money = next(
        ((e.amount, e.close) for e in _in_order(seen, told) if _has_amount(e)), None
    )
    latest, before = seen[0], None
    for event in _in_order(seen, told):
        is_told = isinstance(event, Told)
        if isinstance(event, Told):
            stage = (event.stage, event.at, event.evidence)
            if event.has_amount:
                money = (event.amount, event.close)
        else:
            latest = event
            inside = told and told[0].at <= event.at <= told[-1].at
            is_back = before is not None and before.is_gone and not event.is_gone
            if not inside or is_back or (not is_whole and event.stage not in dated):
                stage = (event.stage, event.at, "deliveries")
            if not (amounts and amounts[0] <= event.at <= amounts[-1]):
                money = (event.amount, event.close)
            before = event
        assert stage
        held = money or first_money or (None, None)
        state = State(
            event.at, stage[0], *held, latest.group, latest.is_gone, stage[2],
            stage[1], is_told,
        )  # fmt: skip
        if found or not state.is_gone:
            found.append(state)
    return _dated(created, _distinct(found))


def _in_order(seen: list[Seen], told: list[Told]) -> list[Seen | Told]:
    return sorted([*told, *seen], key=lambda event: event.at)


def _has_amount(event: Seen | Told) -> bool:
    return isinstance(event, Seen) or event.has_amount


def _distinct(found: Iterable[State]) -> list[State]:
    kept: list[State] = []
    for state in found:
        if (
            not kept
            or replace(
                state,
                at=kept[-1].at,
                stage_at=kept[-1].stage_at,
                is_told=kept[-1].is_told,
            )
            != kept[-1]
        ):
            kept.append(state)
    return kept


def _dated(created: datetime | None, found: list[State]) -> list[State]:
    """Put an end on its closing day, and the entry before all."""
    if not found:
        return found
    if created and created > found[0].at:
        created = None
    result: list[State] = []
    for number, state in enumerate(found):
        before = found[number - 1] if number else None
        since = before.at if before else created
        ends = not state.is_told and not state.is_gone and state.phase != "open"
        if ends and state.close and (before is None or before.is_open):
            midnight = datetime.combine(state.close, time(), timezone.utc)
            if state.close <= state.at.date():
                if since is None:
                    state = replace(state, at=midnight)
                elif state.close >= since.date():
                    state = replace(state, at=max(since, midnight))
                elif before is None:
                    state = replace(state, at=since)
        result.append(state)
    if created and created < result[0].at:
        result.insert(0, replace(result[0], at=created, is_entry=True))
    return result


Row = dict[str, int]


def movement(
    deals: Iterable[list[State]], last_month: str
) -> dict[tuple[str, Group], Row]:
    """Return what the report should say, of months with open deals or movement."""
    rows: dict[tuple[str, Group], Row] = defaultdict(lambda: defaultdict(int))
    deals = list(deals)

    def add(at: datetime, group: Group, measure: str, amount: int) -> None:
        rows[f"{at:%Y-%m}", group][measure] += amount
        rows[f"{at:%Y-%m}", group][f"{measure}_count"] += 1

    for found in deals:
        before: State | None = None
        for state in found:
            _moved(before, state, add)
            before = state
    groups = {state.group for found in deals for state in found}
    first = min((month for month, _ in rows), default=last_month)
    months = list(_months(first, last_month))
    for group in groups:
        for month in months:
            row = rows[month, group]
            for side, limit in (("start", month), ("end", _next(month))):
                there = [s for s in (_at(d, limit) for d in deals) if s and s.is_open]
                there = [s for s in there if s.group == group]
                row[f"open_at_{side}"] = sum(s.amount or 0 for s in there)
                row[f"open_at_{side}_count"] = len(there)
    at_end = {"open_at_end", "open_at_end_count"}
    found = {key: {k: v for k, v in row.items() if v} for key, row in rows.items()}
    return {key: row for key, row in found.items() if row.keys() - at_end}


def _moved(before: State | None, state: State, add: Any) -> None:
    amount = state.amount or 0
    if state.amount is None and before and not state.is_open:
        amount = before.amount or 0
    was_open = before is not None and before.is_open
    held = _brought(before, state, amount, add)
    if held is None:
        return
    if state.is_gone:
        add(state.at, state.group, "deleted", held)
        return
    if amount != held:
        name = "grown" if amount > held else "shrunk"
        add(state.at, state.group, name, abs(amount - held))
    if state.phase != "open":
        add(state.at, state.group, state.phase, amount)
    elif before and was_open and before.close and state.close:
        one, other = f"{before.close:%Y-%m}", f"{state.close:%Y-%m}"
        if other != one:
            name = "pushed_out" if other > one else "pulled_in"
            add(state.at, state.group, name, amount)


def _brought(before: State | None, state: State, amount: int, add: Any) -> int | None:
    """What an open deal brings into its group; None of one that is not open."""
    if before and before.is_open:
        held = before.amount or 0
        if state.group != before.group:
            add(state.at, before.group, "moved_out", held)
            if state.group.currency != before.group.currency:
                held = amount
            add(state.at, state.group, "moved_in", held)
        return held
    ends_at_once = before is None or (before.is_gone and before.phase == "open")
    if state.is_open or (not state.is_gone and ends_at_once):
        add(state.at, state.group, "reopened" if before else "created", amount)
        return amount
    return None


def _at(found: list[State], month: str) -> State | None:
    """The state of a deal when a month begins."""
    held = [state for state in found if f"{state.at:%Y-%m}" < month]
    return held[-1] if held else None


def _months(first: str, last: str) -> Iterable[str]:
    while first <= last:
        yield first
        first = _next(first)


def _next(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year + number // 12}-{number % 12 + 1:02}"


Stay = tuple[str, str, datetime, datetime | None, str, str]


def stays(found: list[State]) -> list[Stay]:
    """The stays of a deal: pipeline, stage, entered, left, outcome, evidence."""
    runs: list[list[State]] = []
    ends: list[datetime | None] = []
    before: State | None = None
    for state in (state for state in found if not state.is_entry):
        if state.is_gone:
            if before and not before.is_gone:
                ends[-1] = _least(ends[-1], state.at)
        elif (
            before is None
            or before.is_gone
            or (before.stage, before.group.pipeline)
            != (state.stage, state.group.pipeline)
            or (state.phase == "open") > (before.phase == "open")
        ):
            runs.append([state])
            ends.append(None)
        else:
            runs[-1].append(state)
        before = state
    entered = []
    for run in runs:
        told = [state.stage_at for state in run if state.evidence in TOLD]
        entered.append(min(told) if told else run[0].at)
    result = []
    for number, run in enumerate(runs):
        following = entered[number + 1] if number + 1 < len(runs) else None
        order = ("deliveries", "dated_columns", "system_history")
        evidence = max((s.evidence for s in run), key=order.index)
        result.append(
            (
                run[0].group.pipeline,
                run[0].stage,
                entered[number],
                _least(ends[number], following),
                run[-1].phase,
                evidence,
            )
        )
    return result


def _least(*times: datetime | None) -> datetime | None:
    return min((t for t in times if t), default=None)
