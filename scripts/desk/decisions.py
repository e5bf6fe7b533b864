"""Decisions of people on pairs of records, in the user's own file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from scripts import seeds
from scripts.command import CommandError
from scripts.desk import lines
from scripts.desk.base import Base
from scripts.desk.typed import harmless
from scripts.desk.typed import name as name_of
from scripts.desk.typed import reason as reason_of
from scripts.seed_lines import Line

SEED = "identity_overrides"
SAME, DIFFERENT, LATER = "same", "different", "later"
WORDS = (SAME, DIFFERENT, LATER)
LONGEST_ID = 1000
"""Characters of an identifier."""
MOST_LINES = 500
"""Lines that one decision may need."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
Pair = frozenset[str]


class DecisionError(CommandError):
    """A decision that cannot be kept; the message says why."""

    exit_code = 2


@dataclass(frozen=True)
class Decision:
    """A line of the file, as the models read it."""

    entity: str
    record_id: str
    other_record_id: str
    decision: str
    decided_by: str = ""
    decided_on: str = ""
    reason: str = ""

    @property
    def pair(self) -> Pair:
        """The two records, in any order."""
        return frozenset((self.record_id, self.other_record_id))

    @property
    def line(self) -> Line:
        """The line of the file."""
        return {name: harmless(value) for name, value in asdict(self).items()}

    @property
    def day(self) -> str:
        """The day; one that cannot be read is older than any."""
        return self.decided_on if _DAY.fullmatch(self.decided_on) else ""


def read(line: Line) -> Decision:
    """Return a line of the file as the models read it."""
    values = {name: (line.get(name) or "").strip() for name in _NAMES}
    for name in ("entity", "decision"):
        values[name] = values[name].lower()
    return Decision(**values)


_NAMES = tuple(Decision.__dataclass_fields__)


def own() -> list[Decision]:
    """Return the decisions of the user's own file; raises SeedError."""
    return [read(line) for _, line in lines.read(SEED)]


def all_lines() -> list[Decision]:
    """Return all decisions, those that ship with the project first.

    Raises SeedError.
    """
    (shipped,) = (seeds.PROJECT / seeds.TRACKED).rglob(f"{SEED}.csv")
    text = seeds.text_of(shipped.read_bytes())
    given = seeds.own_lines(shipped, text, [*_NAMES])
    return [read(line) for _, line in given] + own()


def counting(found: Iterable[Decision]) -> dict[tuple[str, Pair], Decision]:
    """Return the decision that counts on each pair: the latest, else `different`."""
    counts: dict[tuple[str, Pair], Decision] = {}
    for decision in found:
        if decision.decision not in (SAME, DIFFERENT):
            continue
        key = decision.entity, decision.pair
        other = counts.get(key)
        is_first = other is None or decision.day > other.day
        if is_first or (
            other and decision.day == other.day and decision.decision == DIFFERENT
        ):
            counts[key] = decision
    return counts


def postponed(found: Iterable[Decision]) -> dict[tuple[str, Pair], int]:
    """Return the pairs that were put off, with their order."""
    put_off = [d for d in found if d.decision == LATER]
    put_off.sort(key=lambda decision: decision.day)
    return {(d.entity, d.pair): place for place, d in enumerate(put_off)}


def waiting(found: list[Decision], base: Base) -> tuple[list[Decision], list[Decision]]:
    """Return the decisions that no run has seen yet, and those taken back since."""
    rows = base.rows(f"select * from {SEED}") if base.has(SEED) else []
    built = Counter(read(row) for row in rows)
    new, gone = [], built - Counter(found)
    for decision in found:
        if built[decision]:
            built[decision] -= 1
        elif decision.decision in (SAME, DIFFERENT):
            new.append(decision)
    return new, [d for d in gone.elements() if d.decision in (SAME, DIFFERENT)]


# -- writing -------------------------------------------------------------------


@dataclass(frozen=True)
class _Step:
    """What one decision has done to the file."""

    added: tuple[Decision, ...]
    removed: tuple[Line, ...]


_steps: list[_Step] = []
"""The decisions since the desk was opened, so that each is taken back as a whole."""


def decide(
    entity: str,
    pairs: Iterable[tuple[str, str]],
    decision: str,
    by: str,
    on: str,
    reason: str,
) -> int:
    """Keep a decision on some pairs; return the number of lines it needed.

    A contrary line that is no older would win, so it is taken away.
    Raises DecisionError, LineError or SeedError.
    """
    by = name_of(by)
    if not by:
        raise DecisionError("say who decides: the name is empty")
    if decision not in WORDS:
        raise DecisionError(f"decision {decision!r} is none of {', '.join(WORDS)}")
    reason = reason_of(reason)
    wanted = [Decision(entity, *pair, decision, by, on, reason) for pair in pairs]
    _check(wanted)
    steps: list[_Step] = []

    def choose(there: list[Line]) -> tuple[list[Line], list[Line]]:
        steps.append(_step(wanted, there))
        return [line.line for line in steps[-1].added], [*steps[-1].removed]

    lines.change(SEED, choose)
    if steps[-1].added:
        _steps.append(steps[-1])
    return len(steps[-1].added)


def _check(wanted: list[Decision]) -> None:
    """Raise DecisionError for lines that would decide nothing, or too many."""
    if not wanted:
        raise DecisionError("no pair is named")
    if len(wanted) > MOST_LINES:
        raise DecisionError(
            f"this needs {len(wanted):,} lines of the file, more than {MOST_LINES}: "
            "choose fewer records at once"
        )
    for line in wanted:
        if line.record_id == line.other_record_id:
            raise DecisionError("a record cannot be set against itself")
        if max(len(line.record_id), len(line.other_record_id)) > LONGEST_ID:
            raise DecisionError("an identifier is too long")
        if line != read(line.line):
            raise DecisionError("an identifier begins or ends with a blank")


def _step(wanted: list[Decision], there: list[Line]) -> _Step:
    """Return which lines come and go."""
    known = [(line, read(line)) for line in there]
    counts = counting(decision for _, decision in known)
    added, removed = [], []
    for new in wanted:
        key = new.entity, new.pair
        of_pair = [item for item in known if (item[1].entity, item[1].pair) == key]
        if new.decision == LATER:
            removed += [line for line, old in of_pair if old.decision == LATER]
        elif key in counts and counts[key].decision == new.decision:
            continue
        else:
            removed += [
                line
                for line, old in of_pair
                if old.decision in (SAME, DIFFERENT)
                and old.decision != new.decision
                and old.day >= new.day
            ]
        added.append(new)
    return _Step(tuple(added), tuple(removed))


def undo(decision: Decision) -> int:
    """Take a decision back, with the lines that came with it; return how many.

    Lines that it had replaced come back. After a restart of the desk each line is a
    decision by itself. Raises LineError or SeedError.
    """
    step = next((s for s in reversed(_steps) if decision in s.added), None)
    gone = step.added if step else (decision,)
    count = 0

    def choose(there: list[Line]) -> tuple[list[Line], list[Line]]:
        nonlocal count
        removed = [line for line in there if read(line) in gone]
        count = len(removed)
        return [*step.removed] if step and removed else [], removed

    lines.change(SEED, choose)
    if step:
        _steps.remove(step)
    return count


def last(found: Iterable[Decision]) -> Decision | None:
    """Return a line of the last decision since the desk was opened, of any word.

    `found` are those that count: of others there is nothing to undo.
    """
    there = {*found}
    for step in reversed(_steps):
        if there & {*step.added}:
            return step.added[0]
    return None


def together(decision: Decision) -> tuple[Decision, ...]:
    """Return the lines that came with a decision, itself among them."""
    step = next((s for s in reversed(_steps) if decision in s.added), None)
    return step.added if step else (decision,)
