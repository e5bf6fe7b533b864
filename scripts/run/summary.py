"""The closing summary of a run, read from the warehouse."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

TOP_RULES = 10

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


def findings(database: Path) -> list[str]:
    """Return the findings by rule, the gravest first; one line each."""
    with closing(_open(database)) as db:
        try:
            rows = db.execute(FINDINGS).fetchall()
        except sqlite3.OperationalError:
            return ["none known: fct_row_errors was not built"]
    if not rows:
        return ["none"]
    lines = [f"{sum(row[-1] for row in rows):,}"]
    lines += [
        f"{count:>9,}  {severity:<8}  {rule} ({table})"
        for severity, rule, table, count in rows[:TOP_RULES]
    ]
    rest = rows[TOP_RULES:]
    if rest:
        lines.append(
            f"{sum(row[-1] for row in rest):>9,}  of {len(rest)} further rules"
        )
    return lines


def marts(database: Path, names: list[str]) -> list[str]:
    """Return the number of rows of each mart that is a table; one line each."""
    with closing(_open(database)) as db:
        tables = {name for (name,) in db.execute("select name from pragma_table_list")}
        return [
            f"{db.execute(f'select count(*) from {name}').fetchone()[0]:>9,}  {name}"
            for name in sorted(tables.intersection(names))
        ]


def _open(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)
