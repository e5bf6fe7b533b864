"""The doubtful pairs as questions, the most valuable first."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scripts.desk.base import Base, Row, state
from scripts.desk.decisions import MOST_LINES
from scripts.desk.entities import Entity
from scripts.desk.facts import Facts, facts

MOST = 20_000
"""Pairs of an entity that are looked at, the first of its review."""
Pair = frozenset[str]


@dataclass(frozen=True)
class Question:
    """Whether the records of one side are those of the other; one answer for all."""

    entity: str
    pairs: tuple[tuple[str, str], ...]
    """Each with a record of either side."""
    probabilities: tuple[float, ...]
    evidence: str
    """What agrees of the first pair, as the report says it."""
    golden: tuple[str, ...]
    """The golden records of the sides; one if they are merged now."""
    worth: tuple[tuple[str, int], ...] = ()
    """Open and won deals, orders and sales of both by currency, in minor units."""
    members: tuple[tuple[str, ...], ...] = ()
    """The records of each golden record."""
    decided: frozenset[Pair] = frozenset()
    """Pairs that are decided already."""

    @property
    def sides(self) -> tuple[list[str], list[str]]:
        """The records of either side, each once; first come those in doubt."""
        ones, others = zip(*self.pairs, strict=True)
        if self.is_merged:
            rest = [n for group in self.members for n in group if n not in ones]
            return [*dict.fromkeys(ones)], [*dict.fromkeys([*others, *rest])]
        more = self.members or ((), ())
        return (
            [*dict.fromkeys([*ones, *more[0]])],
            [*dict.fromkeys([*others, *more[1]])],
        )

    @property
    def whole(self) -> tuple[tuple[str, str], ...]:
        """The pairs of all records of either side that nobody has decided.

        With those in doubt alone, records go to the side that they are most like.
        """
        ones, others = self.sides
        found = [(one, other) for one in ones for other in others]
        left = [pair for pair in found if frozenset(pair) not in self.decided]
        return tuple(left) if len(left) <= MOST_LINES else self.pairs

    @property
    def is_merged(self) -> bool:
        """Whether they are one golden record now."""
        return len(self.golden) == 1

    def without(self, decided: frozenset[Pair]) -> Question | None:
        """Return the question without pairs that are decided, if any are left."""
        if not decided:
            return self
        left = [
            n for n, pair in enumerate(self.pairs) if frozenset(pair) not in decided
        ]
        if not left:
            return None
        return replace(
            self,
            pairs=tuple(self.pairs[n] for n in left),
            probabilities=tuple(self.probabilities[n] for n in left),
            evidence=self.evidence if left[0] == 0 else "",
            decided=decided,
        )


_kept: dict[tuple[Path, str], tuple[Any, list[Question]]] = {}


def questions(base: Base, entity: Entity) -> list[Question]:
    """Return the questions of an entity in their order; kept until a run changes them.

    Each currency has its own row of questions, by what is at stake in it. First come
    the first of each row, then the second, so amounts of two currencies are never
    compared. Then come those without an amount, by the number of deals and
    activities. Among equals the least sure is first.
    """
    key, now = (base.path, entity.name), state(base.path)
    if key not in _kept or _kept[key][0] != now:
        _kept[key] = now, _read(base, entity)
    return _kept[key][1]


def _read(base: Base, entity: Entity) -> list[Question]:
    report, clustered = entity.report("review"), entity.clustered
    if not base.has(report, clustered):
        return []
    record = entity.record
    rows = base.rows(
        f"""
        select review.{record} as one, review.other_{record} as other,
            review.probability, review.evidence,
            ones.cluster_id as golden, others.cluster_id as other_golden
        from {report} as review
        join {clustered} as ones on ones.record_id = review.{record}
        join {clustered} as others on others.record_id = review.other_{record}
        where review.review_rank <= {MOST}
        order by review.review_rank
        """
    )
    found = [*_between(entity, rows), *_within(entity, rows)]
    golden = [*dict.fromkeys(name for question in found for name in question.golden)]
    groups = _groups(base, entity, golden)
    found = [
        replace(question, members=tuple(tuple(groups[g]) for g in question.golden))
        for question in found
    ]
    return _ordered(found, facts(base, entity, golden))


def _groups(base: Base, entity: Entity, golden: list[str]) -> dict[str, list[str]]:
    """Return the records of golden records."""
    groups: dict[str, list[str]] = defaultdict(list)
    rows = base.rows(
        f"""
        select cluster_id, record_id from {entity.clustered}
        where cluster_id in (select value from json_each(:ids))
        order by record_id <> cluster_id, record_id
        """,
        golden,
    )
    for row in rows:
        groups[row["cluster_id"]].append(str(row["record_id"]))
    return groups


def _between(entity: Entity, rows: list[Row]) -> list[Question]:
    """Return a question for each two golden records."""
    groups: dict[Pair, list[Row]] = defaultdict(list)
    for row in rows:
        if row["golden"] != row["other_golden"]:
            groups[frozenset((row["golden"], row["other_golden"]))].append(row)
    return [_question(entity, group, group[0]["golden"]) for group in groups.values()]


def _within(entity: Entity, rows: list[Row]) -> list[Question]:
    """Return the questions on golden records that may be several.

    The record with the most doubtful pairs is set against all of these; then the
    next one.
    """
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["golden"] == row["other_golden"]:
            groups[row["golden"]].append(row)
    found = []
    for left in groups.values():
        while left:
            counts = Counter(
                name for row in left for name in (row["one"], row["other"])
            )
            most = min(counts, key=lambda name: (-counts[name], name))
            star = [row for row in left if most in (row["one"], row["other"])]
            left = [row for row in left if row not in star]
            found.append(_question(entity, star, None, most))
    return found


def _question(
    entity: Entity, rows: list[Row], golden: str | None, one: str | None = None
) -> Question:
    """Return the question of some rows, turned so that one side is on the left."""
    turned = [
        (row["one"], row["other"])
        if (row["one"] == one if golden is None else row["golden"] == golden)
        else (row["other"], row["one"])
        for row in rows
    ]
    both = [name for row in rows[:1] for name in (row["golden"], row["other_golden"])]
    return Question(
        entity.name,
        tuple(turned),
        tuple(row["probability"] for row in rows),
        rows[0]["evidence"] or "",
        tuple(dict.fromkeys(both)),
    )


def _ordered(found: list[Question], known: dict[str, Facts]) -> list[Question]:
    worths: list[dict[str, int]] = []
    for question in found:
        worth: Counter[str] = Counter()
        for name in question.golden:
            worth.update(known[name].worth())
        worths.append({code: amount for code, amount in worth.items() if amount})
    places: dict[int, int] = {}
    for code in {code for worth in worths for code in worth}:
        row = [n for n, worth in enumerate(worths) if worth.get(code, 0) > 0]
        amounts = sorted({worths[n][code] for n in row}, reverse=True)
        at = {amount: place for place, amount in enumerate(amounts)}
        for n in row:
            place = at[worths[n][code]]
            places[n] = min(place, places.get(n, place))

    def key(n: int) -> tuple[Any, ...]:
        question = found[n]
        count = sum(known[g].count("deal", "activity") for g in question.golden)
        doubt = min(abs(p - 0.5) for p in question.probabilities)
        return (places.get(n, len(found)), -count, doubt, question.pairs)

    return [
        replace(found[n], worth=tuple(sorted(worths[n].items())))
        for n in sorted(range(len(found)), key=key)
    ]
