"""Which lines take a golden record apart, or join it with another one.

Records are merged while the pairs between them speak for it on average, and a
decision outweighs any estimate. So records are apart for sure once each pair of the
two sides is named: with one pair alone the others go to the side that they are most
like.
"""

from __future__ import annotations

from collections.abc import Iterable

from scripts.desk import records
from scripts.desk.base import Base
from scripts.desk.decisions import DIFFERENT, Decision, DecisionError, counting
from scripts.desk.entities import Entity

Pairs = list[tuple[str, str]]


def to_split(members: list[str], chosen: set[str]) -> Pairs:
    """Return the pairs that have to be `different`, so that some records are apart.

    Raises DecisionError if none are chosen, or all.
    """
    rest = [name for name in members if name not in chosen]
    if not chosen:
        raise DecisionError("choose the records that are of somebody else")
    if not rest:
        raise DecisionError("all records are chosen: leave out those that stay")
    return [(name, other) for name in members if name in chosen for other in rest]


def to_join(
    base: Base,
    entity: Entity,
    members: list[str],
    other: str,
    known: Iterable[Decision],
) -> Pairs:
    """Return the pairs that have to be `same`, so that two golden records are one.

    Those that somebody decided are different are named too, or they would win.
    Raises DecisionError for an identifier that nobody has.
    """
    other = other.strip()
    if not other:
        raise DecisionError("give the identifier of the other record")
    found = records.named(base, entity, other)
    if found is None:
        raise DecisionError(f"no record of {entity.name} has the identifier {other!r}")
    other, others = found, records.cluster_of(base, entity, found)
    if other in members:
        raise DecisionError("the other record is part of this one already")
    apart = {
        pair
        for (name, pair), decision in counting(known).items()
        if name == entity.name and decision.decision == DIFFERENT
    }
    pairs = [(members[0], other)]
    for one in members:
        pairs += [(one, two) for two in others if frozenset((one, two)) in apart]
    return [*dict.fromkeys(pairs)]
