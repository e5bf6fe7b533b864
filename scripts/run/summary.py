"""The closing summary of a run: what landed, what is wrong, what there is."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from scripts import terminal
from scripts.settings import Settings, shown
from scripts.terminal import glued
from scripts.warehouse import QueryError, Warehouse, opened

TOP_RULES = 12
TITLES = (
    *("Findings", "Quality", "Builds", "Files", "Built", "Marts", "Database", "Page"),
    "Try",
)
TITLE = 10
"""Columns of the titles of the summary."""
GAP = 2
"""Columns between two counts that are beside each other."""
COPIED = ("Database", "Page", "Try")
"""What people copy, so that nothing is left out of it."""
SEVERITIES = {
    "critical": "critical",
    "error": "errors",
    "warning": "warnings",
    "info": "info",
}
"""Gravest first, each with its plural."""

FINDINGS = """
select
    severity,
    rule,
    coalesce(table_name, source_name, 'in no folder of a source') as place,
    count(*)
from rpt_findings
where
    not is_accepted
    and cause_finding_id is null
    and rule <> 'file_cut'
    and finding_id not in (
        select cause_finding_id from fct_row_errors
        where cause_finding_id is not null
    )
group by 1, 2, 3
order by
    case severity
        when 'critical' then 1 when 'error' then 2 when 'warning' then 3 else 4
    end,
    count(*) desc, rule, place
"""

# Each with what follows from it.
CUT = """
select
    cut.severity,
    cut.rule,
    cut.source_name || '/' || cut.file_name as place,
    cut.source_value,
    count(result.finding_id)
from rpt_findings as cut
left join fct_row_errors as result on cut.finding_id = result.cause_finding_id
where cut.rule in ('file_cut', 'file_refused') and not cut.is_accepted
group by 1, 2, 3, 4, cut.finding_id, cut.rule
having cut.rule = 'file_cut' or count(result.finding_id) > 0
order by count(result.finding_id) desc, place
"""

ACCEPTED = "select count(*) from rpt_findings where is_accepted"

ROWS = "select count(*) from fct_row_errors"

SCORES = """
select level, coalesce(source_name, 'warehouse'), score, status
from rpt_data_quality
where is_latest and level in ('warehouse', 'source')
order by level desc, source_name
"""

PARTS = """
select source_name, table_name, status
from rpt_data_quality
where is_latest and level = 'table' and status in ('not judged', 'incomplete')
order by source_name, table_name
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
    "select stage, currency_code, count(*) as deals, sum(amount_cents) / 100 as amount "
    "from fct_opportunities group by stage, currency_code",
    "select snapshot_date, lead_count, high_count_repaired "
    "from rpt_lead_quality_daily order by 1",
    "select file_name, status, reason from fct_ingest_files",
)


def summary(
    known: dict[str, list[str]],
    ingested: Iterable[str],
    built: str,
    page: Path | None = None,
) -> dict[str, list[str]]:
    """Return the lines to show, by what they are about: what is wrong comes first.

    `known` is what `look` gives, `ingested` are the lines of ingestion's own report,
    `built` says what was built, `page` is the morning page.
    """
    of_run = {
        "Files": list(ingested),
        "Built": [built],
        "Page": [f"{glued(shown(page))} (to open in a browser)"] if page else [],
    }
    found = {title: (known | of_run).get(title, []) for title in TITLES}
    return {title: lines for title, lines in found.items() if lines}


def look(settings: Settings, marts: Iterable[str]) -> dict[str, list[str]]:
    """Return what the summary says of the warehouse, by what it is about.

    `marts` are the models whose rows are counted. Raises QueryError if the database
    cannot be read.
    """
    database = settings.database
    with opened(settings) as warehouse:
        return {
            "Findings": list(_findings(warehouse)),
            "Quality": list(_scores(warehouse)),
            "Builds": list(_builds(warehouse)),
            "Marts": list(_marts(warehouse, marts)),
            "Database": [f"{_place(settings)} ({_size(warehouse, database)})"],
            "Try": list(_next_steps(warehouse, settings)),
        }


def show(sections: dict[str, list[str]]) -> None:
    """Print what `summary` gives, on a terminal as wide as that is."""
    for title, lines in sections.items():
        if title == "Marts":
            lines = _beside(lines)
        for number, line in enumerate(lines):
            head = "" if number else title
            terminal.show(
                [f"{head:<{TITLE}}{line}"], indent=TITLE, shortens=title not in COPIED
            )


def _beside(lines: list[str]) -> list[str]:
    """Put short lines beside each other, as many as a terminal has room for."""
    room = terminal.columns(sys.stdout)
    if not room or not lines:
        return lines
    margin = min(len(line) - len(line.lstrip()) for line in lines)
    width = max(map(len, lines)) - margin + GAP
    rows = -(-len(lines) // max(1, (room + GAP - TITLE) // width))
    return [
        "".join(f"{line[margin:]:<{width}}" for line in lines[row::rows]).rstrip()
        for row in range(rows)
    ]


def _findings(warehouse: Warehouse) -> Iterator[str]:
    try:
        cut, rows = warehouse.rows(CUT), warehouse.rows(FINDINGS)
        ((accepted,),), ((total,),) = warehouse.rows(ACCEPTED), warehouse.rows(ROWS)
    except QueryError:
        yield "unknown: there is no rpt_findings"
        return
    unjudged = [name for name, status in _parts(warehouse) if status == "not judged"]
    if unjudged:
        yield f"not judged: {', '.join(unjudged)} (see docs/adding-a-domain.md)"
    also = f"{accepted:,} accepted (rpt_findings)" if accepted else ""
    if not rows and not cut:
        none = "none in the others" if unjudged else "none"
        yield f"{none}, {also}" if also else none
        return
    known, follow = _total(rows) + len(cut), _total(cut)
    every = _by_severity([(row[0], 1) for row in cut] + rows)
    yield f"{known:,}: {every} ({_rows(total, known, follow)})"
    if also:
        yield f"and {also}"
    for severity, rule, place, what, count in cut[:TOP_RULES]:
        line = f"{1:>9,}  {_painted(severity)}  {rule} ({glued(place)}): {what}"
        yield f"{line}; {_count(count)} from it" if count else line
    if hidden := cut[TOP_RULES:]:
        few = _by_severity((row[0], 1) for row in hidden)
        yield f"and {few} more, files that are cut or refused: fct_row_errors"
    shown_rules = TOP_RULES if len(rows) > TOP_RULES + 1 else len(rows)
    for severity, rule, place, count in rows[:shown_rules]:
        yield f"{count:>9,}  {_painted(severity)}  {rule} ({glued(place)})"
    if rest := rows[shown_rules:]:
        yield f"and {_by_severity(rest)} more, of {len(rest)} kinds: fct_row_errors"


def _rows(total: int, known: int, follow: int) -> str:
    """Say how many rows the table of findings has, and which of them do not count."""
    if total == known:
        return "all of them in fct_row_errors"
    parts = [f"{follow:,} that follow from these"] if follow else []
    if rest := total - known - follow:
        parts.append(f"{rest:,} accepted, with what follows from them")
    return f"fct_row_errors has {total:,} rows, with {' and '.join(parts)}"


def _painted(severity: str) -> str:
    return terminal.painted(f"{severity:<8}", severity)


def _by_severity(rows: Iterable[tuple[Any, ...]]) -> str:
    """Count findings by severity: that is first in a row, and their number last."""
    counts = Counter[str]()
    for severity, *_, count in rows:
        counts[severity] += count
    return ", ".join(
        f"{counts[name]:,} {name if counts[name] == 1 else plural}"
        for name, plural in SEVERITIES.items()
        if counts[name]
    )


def _scores(warehouse: Warehouse) -> Iterator[str]:
    try:
        scores = warehouse.rows(SCORES)
    except QueryError:
        return
    if not scores:
        return
    parts = ", ".join(_score(name, score, status) for _, name, score, status in scores)
    scale = " of 100" if any(score is not None for _, _, score, _ in scores) else ""
    yield f"{parts}{scale} (by day and column in rpt_data_quality)"
    for word in ("incomplete", "not judged"):
        names = [name for name, status in _parts(warehouse) if status == word]
        if names:
            yield f"{word}: {', '.join(names)}"


def _score(name: str, score: float | None, status: str) -> str:
    if score is None:
        return f"{name} {status}"
    return f"{name} {score:g}" + (f" ({status})" if status != "pass" else "")


def _parts(warehouse: Warehouse) -> list[tuple[str, str]]:
    """The tables that have no score, and why."""
    try:
        rows = warehouse.rows(PARTS)
    except QueryError:
        return []
    return [(f"{source}.{table}", status) for source, table, status in rows]


def _count(number: int) -> str:
    return "1 finding follows" if number == 1 else f"{number:,} findings follow"


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


def _total(rows: list[tuple[Any, ...]]) -> int:
    return sum(count for *_, count in rows)


def _marts(warehouse: Warehouse, marts: Iterable[str]) -> Iterator[str]:
    """Count tables that hold something; a view shows nothing new, maybe slowly."""
    for name in sorted(warehouse.tables().intersection(marts)):
        ((count,),) = warehouse.rows(f'select count(*) from "{name}"')
        if count:
            yield f"{count:>9,}  {name}"


def _place(settings: Settings) -> str:
    """Where it is: of a database on a server what the file for it says."""
    if settings.engine == "postgres":
        return settings.database.read_text(encoding="utf-8").strip()
    if settings.engine == "spark":
        is_folder = "://" not in settings.tables
        return glued(shown(Path(settings.tables)) if is_folder else settings.tables)
    return glued(shown(settings.database))


def _size(warehouse: Warehouse, database: Path) -> str:
    if warehouse.engine == "spark":
        return f"{len(warehouse.tables()):,} tables of Iceberg"
    size = database.stat().st_size
    if warehouse.engine == "postgres":
        ((size,),) = warehouse.rows("select pg_database_size(current_database())")
    return f"{size / 1e6:,.1f} MB"


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
    elif settings.engine == "postgres":
        from scripts.ingest.postgres import shown as of_server

        place = of_server(settings.url)
        yield f'psql "{place}" -c "set search_path = main" -c "{query}"'
        target = f" TARGET={settings.target}"
    elif settings.engine == "spark":
        target = f" TARGET={settings.target}"
        yield f"make explore DB={database}{target}  (a copy without personal data)"
    elif shutil.which("sqlite3"):
        yield f'sqlite3 -box {database} "{query}"'
    else:
        yield f'.venv/bin/sqlite-utils -t {database} "{query}"'
    if settings.engine == "sqlite":
        yield f"make explore DB={database}  (tables, dashboards, questions)"
    yield f"make serve DB={database}{target}  (models, columns and lineage to browse)"
