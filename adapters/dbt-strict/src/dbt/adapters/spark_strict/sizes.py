"""Plans for little data: one task, and no second thoughts.

A query over some thousand rows takes Spark longer to plan and to hand out than to work
out. Where all that it reads is small, it is one task that writes one file, joins sort
instead of sending a side around, and nothing is planned again on the way.
"""

from __future__ import annotations

from typing import Any

SMALL = 16 * 2**20
"""Bytes of all files that a small query reads."""

FOR_FEW_ROWS = {
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.autoBroadcastJoinThreshold": "-1",
}


class Sizes:
    """How a session plans what it runs next."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self.usual = {name: session.conf.get(name) for name in FOR_FEW_ROWS}
        self.is_for_few = False

    @staticmethod
    def is_small(frame: Any) -> bool:
        """Whether all that a query reads is small; one that reads nothing is not."""
        plan = frame._jdf.queryExecution().analyzed()
        plans, left = [plan], plan.subqueriesAll()
        plans += [left.apply(place) for place in range(left.size())]
        total = 0
        for each in plans:
            leaves = each.collectLeaves()
            for place in range(leaves.size()):
                size = _size(leaves.apply(place))
                if size is None:
                    return False
                total += size
        return total < SMALL

    def plan_for(self, *, is_small: bool) -> None:
        """Set what the next plan is made for."""
        if is_small == self.is_for_few:
            return
        self.is_for_few = is_small
        for name, value in (FOR_FEW_ROWS if is_small else self.usual).items():
            self.session.conf.set(name, value)


def _size(leaf: Any) -> int | None:
    """Return the bytes of a relation, None for what cannot be known."""
    kind = leaf.nodeName()
    if kind in ("LogicalRDD", "Scan ExistingRDD"):
        # rows that were worked out: in one part, if what they came from was small
        return 0 if leaf.rdd().getNumPartitions() == 1 else None
    if kind in ("OneRowRelation", "LocalRelation", "CTERelationRef", "Range"):
        return 0
    if kind.startswith(("LogicalRelation", "RelationV2", "DataSourceV2Relation")):
        return int(leaf.stats().sizeInBytes())
    return None
