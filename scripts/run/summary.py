"""The closing summary of a run: what landed, what is wrong, what there is."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from scripts.run.job import shown
from scripts.settings import Settings
from scripts.warehouse import QueryError, Warehouse, opened

TOP_RULES = 12

FINDINGS = """
select
    severity,
    rule,
    coalesce(table_name, source_name, 'in no folder of a source') as place,
    count(*)
from fct_row_errors
group by 1, 2, 3
order by
    case severity
        when 'critical' then 1 when 'error' then 2 when 'warning' then 3 else 4
    end,
    count(*) desc, rule, place
"""

SCORES = """
select level, coalesce(source_name, 'warehouse'), score, status
from rpt_data_quality
where is_latest and level in ('warehouse', 'source')
order by level desc, source_name
"""

BUILD_FINDINGS = """
select node_name, rule, found
from fct_run_findings
where
    rule in ('model_slow', 'model_shrunken', 'delivery_overdue')
    and run_id = (select max(run_id) from fct_test_results)
order by rule, node_name
"""

# The first that answers something is proposed.
SAMPLE_QUERIES = (
    "select stage, count(*) as deals, sum(amount_cents) / 100 as amount "
    "from fct_opportunities group by stage",
    "select snapshot_date, lead_count, high_count_repaired "
    "from rpt_lead_quality_daily order by 1",
    "select file_name, status, reason from fct_ingest_files",
)


def summary(settings: Settings, ingested: Iterable[str], marts: Iterable[str]) -> str:
    """Return the lines to print.

    `ingested` are the lines of ingestion's own report, `marts` the models whose
    rows are counted. Raises QueryError if the database cannot be read.
    """
    database = settings.database
    with opened(settings) as warehouse:
        sections = {
            "Files": list(ingested),
            "Findings": list(_findings(warehouse)),
            "Quality": list(_scores(warehouse)),
            "Builds": list(_builds(warehouse)),
            "Marts": list(_marts(warehouse, marts)),
            "Database": [f"{shown(database)} ({_size(database)})"],
            "Try": list(_next_steps(warehouse, settings)),
        }
    return "\n".join(
        f"{'' if number else title:<10}{line}"
        for title, lines in sections.items()
        for number, line in enumerate(lines)
    )


def _findings(warehouse: Warehouse) -> Iterator[str]:
    try:
        rows = warehouse.rows(FINDINGS)
    except QueryError:
        yield "unknown: there is no fct_row_errors"
        return
    if not rows:
        yield "none"
        return
    yield f"{_total(rows):,} (all of them in fct_row_errors)"
    for severity, rule, place, count in rows[:TOP_RULES]:
        yield f"{count:>9,}  {severity:<8}  {rule} ({place})"
    if rest := rows[TOP_RULES:]:
        yield f"{_total(rest):>9,}  of {len(rest)} further kinds"


def _scores(warehouse: Warehouse) -> Iterator[str]:
    try:
        scores = warehouse.rows(SCORES)
    except QueryError:
        return
    parts = [
        f"{name} {score:g}" + (f" ({status})" if status != "pass" else "")
        for _, name, score, status in scores
    ]
    if parts:
        yield f"{', '.join(parts)} of 100 (by day and column in rpt_data_quality)"


def _builds(warehouse: Warehouse) -> Iterator[str]:
    """What is odd about this build, compared with those before it."""
    try:
        found = warehouse.rows(BUILD_FINDINGS)
    except QueryError:
        return
    for node, rule, what in found[:TOP_RULES]:
        yield f"{node}: {rule}, {what}"
    if rest := found[TOP_RULES:]:
        yield f"{len(rest)} more in fct_run_findings"


def _total(rows: list[tuple]) -> int:
    return sum(count for *_, count in rows)


def _marts(warehouse: Warehouse, marts: Iterable[str]) -> Iterator[str]:
    """Count tables that hold something; a view tells nothing new, maybe slowly."""
    for name in sorted(warehouse.tables().intersection(marts)):
        ((count,),) = warehouse.rows(f'select count(*) from "{name}"')
        if count:
            yield f"{count:>9,}  {name}"


def _size(database: Path) -> str:
    return f"{database.stat().st_size / 1e6:,.1f} MB"


def _answers(warehouse: Warehouse, sql: str) -> bool:
    try:
        return bool(warehouse.rows(sql))
    except QueryError:  # the build did not come so far
        return False


def _next_steps(warehouse: Warehouse, settings: Settings) -> Iterator[str]:
    query = next(filter(lambda sql: _answers(warehouse, sql), SAMPLE_QUERIES), None)
    if query is None:
        return
    database = shown(settings.database)
    target = ""
    if settings.engine == "duckdb":
        show = f"import duckdb; duckdb.connect('{database}').sql('{query}').show()"
        yield f'.venv/bin/python -c "{show}"'
        target = f" TARGET={settings.target}"
    elif shutil.which("sqlite3"):
        yield f'sqlite3 -box {database} "{query}"'
    else:
        yield f'.venv/bin/sqlite-utils -t {database} "{query}"'
    yield f"make serve DB={database}{target}  (models, columns and lineage to browse)"
