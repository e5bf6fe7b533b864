"""What is wrong after a run, worth waking somebody for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from scripts.warehouse import QueryError, Warehouse


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong."""

    key: str
    """The same as long as it is the same fault."""
    text: str
    """One line: what, since when, where to look."""


BATCHES = """
select batch_id, status, started_at from fct_ingest_batches
where status in ('failed', 'interrupted')
    and batch_id >= (select max(batch_id) - 1 from fct_ingest_batches)
order by batch_id
"""

# Files of which somebody has accepted that they are refused or cut.
ACCEPTED = """
select file_id from rpt_findings where rule in ('file_refused', 'file_cut')
    and is_accepted
"""
NONE = "select null where 1 = 0"

# A refusal is open until the same content, or a file of the same name, has landed.
REFUSALS = """
select
    coalesce(source_name || '/', '') || file_name as label,
    coalesce(content_hash, reason) as content,
    reason,
    loaded_at
from fct_ingest_files as refused
where
    status = 'refused'
    and refused.file_id not in ({accepted})
    and not exists (
        select 1 from fct_ingest_files as later
        where
            later.status = 'landed'
            and (
                later.content_hash = refused.content_hash
                or (
                    later.file_id > refused.file_id
                    and later.file_name = refused.file_name
                    and coalesce(later.source_name, '')
                    = coalesce(refused.source_name, '')
                )
            )
    )
order by file_id
"""

# A file that is not whole is open until a whole one of its name has landed.
CUTS = """
select
    coalesce(source_name || '/', '') || file_name as label,
    content_hash,
    cut_reason,
    loaded_at
from fct_ingest_files as cut
where
    cut_reason is not null
    and cut.file_id not in ({accepted})
    and not exists (
        select 1 from fct_ingest_files as later
        where
            later.status = 'landed'
            and later.cut_reason is null
            and later.file_id > cut.file_id
            and later.file_name = cut.file_name
            and coalesce(later.source_name, '') = coalesce(cut.source_name, '')
    )
order by file_id
"""

# Of a table that fails nothing but that; else its columns, if there are any to
# report. Since: the first day after the last good one. What is low because of
# accepted findings alone is not reported; what costs a record costs every column.
SCORES = """
with costly as (
    select distinct
        found.source_name,
        found.table_name,
        substr(coalesce(files.delivered_at, files.loaded_at), 1, 10) as delivery_day,
        case
            when found.is_error or found.column_name = 'file' then null
            else found.column_name
        end as column_name
    from rpt_findings as found
    inner join fct_ingest_files as files on found.file_id = files.file_id
    inner join rules on found.rule = rules.rule
    where
        not found.is_accepted
        and found.cause_finding_id is null
        and (rules.weight > 0 or found.is_error)
),
low as (
    select * from rpt_data_quality as scored
    where
        is_latest
        and status in ('warn', 'fail')
        and level in ('column', 'table')
        and exists (
            select 1 from costly
            where
                costly.source_name = scored.source_name
                and costly.table_name = scored.table_name
                and costly.delivery_day = scored.delivery_day
                and (
                    scored.level = 'table'
                    or costly.column_name is null
                    or costly.column_name = scored.column_name
                )
        )
),
told as (
    select low.* from low
    where
        low.level = 'table'
        and (
            low.status = 'fail'
            or not exists (
                select 1 from low as part
                where
                    part.level = 'column'
                    and part.source_name = low.source_name
                    and part.table_name = low.table_name
            )
        )
    union all
    select low.* from low
    where
        low.level = 'column'
        and not exists (
            select 1 from low as whole
            where
                whole.level = 'table'
                and whole.status = 'fail'
                and whole.source_name = low.source_name
                and whole.table_name = low.table_name
        )
)
select
    told.source_name || '.' || told.table_name
    || coalesce('.' || told.column_name, '') as place,
    told.status,
    told.score,
    told.delivery_day,
    (
        select min(bad.delivery_day) from rpt_data_quality as bad
        where
            bad.level = told.level
            and bad.source_name = told.source_name
            and bad.table_name = told.table_name
            and coalesce(bad.column_name, '') = coalesce(told.column_name, '')
            and bad.delivery_day > coalesce((
                select max(good.delivery_day) from rpt_data_quality as good
                where
                    good.level = told.level
                    and good.source_name = told.source_name
                    and good.table_name = told.table_name
                    and coalesce(good.column_name, '')
                    = coalesce(told.column_name, '')
                    and good.status = 'pass'
            ), '')
    ) as since,
    told.worst_rule,
    rules.finding_count,
    rules.example_file_name,
    rules.example_line
from told
left join rpt_data_quality_rules as rules
    on told.example_finding_id = rules.example_finding_id
order by told.score, place
"""

RUN_FINDINGS = """
select rule, node_name, finding_description, found from fct_run_findings
where
    rule in ('delivery_overdue', 'model_shrunken')
    and run_id = (select max(run_id) from fct_test_results)
order by rule, node_name
"""


def faults(warehouse: Warehouse, failures: Iterable[str] = ()) -> list[Fault]:
    """Return what is wrong, gravest first.

    `failures` are the lines of what failed in the build. What cannot be read,
    because its model was never built, is left out.
    """
    found = broken(failures)
    for part in (_batches, _refusals, _cuts, _scores, _run_findings):
        try:
            found += part(warehouse)
        except QueryError:
            continue
    return list({fault.key: fault for fault in found}.values())


def broken(failures: Iterable[str]) -> list[Fault]:
    """Return the faults of a build, by the lines of what failed in it."""
    return [Fault(f"build:{line.split(':')[0]}", f"build: {line}") for line in failures]


def ingestion_failed(reason: object) -> Fault:
    """Return the fault of a run that could not ingest."""
    return Fault(f"ingestion:{reason}", f"ingestion failed: {reason}")


def _batches(warehouse: Warehouse) -> Iterator[Fault]:
    for number, status, started in warehouse.rows(BATCHES):
        yield Fault(
            f"batch:{number}", f"run {number} of {_minute(started)} was {status}"
        )


def _refusals(warehouse: Warehouse) -> Iterator[Fault]:
    for label, content, reason, loaded_at in _of_files(warehouse, REFUSALS):
        yield Fault(
            f"refused:{label}:{content}",
            f"{label}: refused on {_minute(loaded_at)}: {reason}",
        )


def _cuts(warehouse: Warehouse) -> Iterator[Fault]:
    for label, content, reason, loaded_at in _of_files(warehouse, CUTS):
        yield Fault(
            f"cut:{label}:{content}",
            f"{label}: not whole on {_minute(loaded_at)}: {reason}",
        )


def _of_files(warehouse: Warehouse, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a query, also of a warehouse whose findings were never built."""
    is_built = "rpt_findings" in warehouse.tables() | warehouse.views()
    return warehouse.rows(sql.format(accepted=ACCEPTED if is_built else NONE))


def _scores(warehouse: Warehouse) -> Iterator[Fault]:
    for place, status, score, day, since, rule, count, file, line in warehouse.rows(
        SCORES
    ):
        verb = "fails" if status == "fail" else "is low"
        parts = [f"{place}: quality {verb}, {score:g} of 100 on {day}"]
        if since != day:
            parts.append(f"since {since}")
        if rule:
            at = f"{file} line {line}" if line else file
            parts.append(f"{rule} in {at}" + (f" and {count - 1:,} more" * (count > 1)))
        yield Fault(f"score:{place}:{status}", "; ".join(parts))


def _run_findings(warehouse: Warehouse) -> Iterator[Fault]:
    for rule, node, description, found in warehouse.rows(RUN_FINDINGS):
        yield Fault(f"{rule}:{node}", f"{node}: {description.lower()}: {found}")


def _minute(moment: str) -> str:
    return f"{moment[:16].replace('T', ' ')} UTC"
