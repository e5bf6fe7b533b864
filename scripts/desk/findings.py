"""Findings as the desk shows them: in groups, and one by one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.desk.base import Base, Row, state

SEVERITIES = ("critical", "error", "warning", "info")
PARTS = ("severity", "source_name", "table_name", "rule", "column_name")
"""What a group has in common."""
GROUPS = """
select
    severity, source_name, table_name, rule, column_name,
    error_description,
    count(*) as finding_count,
    sum(is_accepted) as accepted_count,
    sum(case when not is_accepted then occurrence_count else 0 end) as record_count,
    min(case when not is_accepted then finding_id end) as example_id
from rpt_findings
where cause_finding_id is null
group by 1, 2, 3, 4, 5, 6
"""
FOLLOWING = (
    "select count(*) as n from fct_row_errors where cause_finding_id is not null"
)
SHOWN = """
    finding_id, source_name, table_name, rule, column_name, severity,
    error_description, file_id, file_name, record, line, record_id, source_value,
    row_id, row_status, occurrence_count, is_accepted, accepted_until, accepted_by,
    accepted_on, accepted_reason, accepted_line
"""
NAMED = f"""
select {SHOWN} from rpt_findings
where finding_id in (select value from json_each(:ids))
"""
ROWS = f"""
select {SHOWN} from rpt_findings
where
    rule = :rule
    and source_name is :source_name
    and table_name is :table_name
    and column_name is :column_name
    and cause_finding_id is null
    and is_accepted = :is_accepted
order by file_id desc, record, finding_id
limit :limit offset :start
"""
COUNTED = """
select accepted.*
from rpt_accepted_findings as accepted
order by seed_line
"""

_kept: tuple[tuple[Any, ...], list[Group], int] | None = None
"""The groups of a state of a warehouse, which take a look at all findings."""


@dataclass(frozen=True)
class Group:
    """Findings of one rule in one column of a table."""

    severity: str
    source_name: str | None
    table_name: str | None
    rule: str
    column_name: str | None
    description: str
    finding_count: int
    accepted_count: int
    record_count: int
    """How many records the open ones are about."""
    example_id: str | None

    @property
    def open_count(self) -> int:
        """Findings that nobody has accepted."""
        return self.finding_count - self.accepted_count


def groups(base: Base) -> list[Group]:
    """Return all groups, gravest first, the largest of these first."""
    return _looked_at(base)[0]


def following(base: Base) -> int:
    """Return how many findings only follow from others."""
    return _looked_at(base)[1]


def _looked_at(base: Base) -> tuple[list[Group], int]:
    global _kept
    mark = state(Path(base.path))
    if _kept is None or _kept[0] != mark:
        found = [Group(*row.values()) for row in base.rows(GROUPS)]
        found.sort(key=_place)
        (count,) = base.rows(FOLLOWING)
        _kept = mark, found, count["n"]
    return _kept[1], _kept[2]


def _place(group: Group) -> tuple[Any, ...]:
    severity = group.severity
    grave = SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)
    names = (group.rule, group.source_name or "", group.table_name or "")
    return grave, -group.open_count, *names, group.column_name or ""


def chosen(found: list[Group], filters: dict[str, str]) -> list[Group]:
    """Return the groups with these values of some of PARTS; `-` is none."""
    return [
        group
        for group in found
        if all((getattr(group, n) or "-") == v for n, v in filters.items())
    ]


def named(base: Base, ids: list[str]) -> dict[str, Row]:
    """Return findings by their identifiers."""
    return {row["finding_id"]: row for row in base.rows(NAMED, ids)}


def of_group(
    base: Base, group: Group, accepted: bool, start: int, limit: int
) -> list[Row]:
    """Return some findings of a group, of the newest files first."""
    parts = {name: getattr(group, name) for name in PARTS if name != "severity"}
    return base.rows(ROWS, **parts, is_accepted=int(accepted), start=start, limit=limit)


def acceptances(base: Base) -> list[Row]:
    """Return what has been accepted, with the number of findings."""
    return base.rows(COUNTED)
