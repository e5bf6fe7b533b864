"""The closing summary of a run: what landed, what is wrong, what there is."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from scripts.run.job import shown

TOP_RULES = 12

FINDINGS = """
select severity, rule, table_name, count(*)
from fct_row_errors
group by severity, rule, table_name
order by
    case severity
        when 'critical' then 1 when 'error' then 2 when 'warning' then 3 else 4
    end,
    count(*) desc, rule, table_name
"""

TABLES = "select name from sqlite_master where type = 'table'"

SAMPLE_QUERY = (
    "select stage, count(*) as deals, sum(amount_cents) / 100 as amount "
    "from fct_opportunities group by stage"
)


def summary(database: Path, ingested: Iterable[str], marts: Iterable[str]) -> str:
    """Return the lines to print.

    `ingested` are the lines of ingestion's own report, `marts` the models whose
    rows are counted. Raises sqlite3.Error if the database cannot be read.
    """
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as db:
        sections = {
            "Files": list(ingested),
            "Findings": list(_findings(db)),
            "Marts": list(_marts(db, marts)),
            "Database": [f"{shown(database)} ({_size(database)})"],
            "Try": list(_next_steps(db, database)),
        }
    return "\n".join(
        f"{'' if number else title:<10}{line}"
        for title, lines in sections.items()
        for number, line in enumerate(lines)
    )


def _findings(db: sqlite3.Connection) -> Iterator[str]:
    try:
        rows = db.execute(FINDINGS).fetchall()
    except sqlite3.OperationalError:
        yield "unknown: there is no fct_row_errors"
        return
    if not rows:
        yield "none"
        return
    yield f"{_total(rows):,} (all of them in fct_row_errors)"
    for severity, rule, table, count in rows[:TOP_RULES]:
        yield f"{count:>9,}  {severity:<8}  {rule} ({table})"
    if rest := rows[TOP_RULES:]:
        yield f"{_total(rest):>9,}  of {len(rest)} further kinds"


def _total(rows: list[tuple]) -> int:
    return sum(count for *_, count in rows)


def _marts(db: sqlite3.Connection, marts: Iterable[str]) -> Iterator[str]:
    """Count tables; a view tells nothing new and may be slow."""
    tables = {name for (name,) in db.execute(TABLES)}
    for name in sorted(tables.intersection(marts)):
        (count,) = db.execute(f'select count(*) from "{name}"').fetchone()
        yield f"{count:>9,}  {name}"


def _size(database: Path) -> str:
    return f"{database.stat().st_size / 1e6:,.1f} MB"


def _next_steps(db: sqlite3.Connection, database: Path) -> Iterator[str]:
    try:
        db.execute(SAMPLE_QUERY)
    except sqlite3.OperationalError:  # the build did not come so far
        return
    shell = "sqlite3 -box" if shutil.which("sqlite3") else ".venv/bin/sqlite-utils -t"
    yield f'{shell} {shown(database)} "{SAMPLE_QUERY}"'
    yield f"make serve DB={shown(database)}  (models, columns and lineage to browse)"
