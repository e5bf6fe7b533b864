"""Write the warehouse's DDL as a script: `python -m scripts.schema [FILE]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scripts import settings
from scripts.command import command
from scripts.warehouse import opened

# SQLite checks the tables of an index at once, those of a view when it is read.
STATEMENTS = """
select sql from sqlite_master
where sql is not null and name not like 'sqlite\\_%' escape '\\'
order by
    case type when 'table' then 1 when 'index' then 2 when 'view' then 3 else 4 end,
    name
"""


def ddl(chosen: settings.Settings) -> str:
    """Return a script that makes the same tables, indexes and views, empty.

    On DuckDB the views of bronze name the Parquet files that they read. Raises
    QueryError if there is no warehouse, or none that can be read.
    """
    with opened(chosen) as warehouse:
        return "".join(_ended(sql.strip()) for (sql,) in warehouse.rows(STATEMENTS))


def _ended(statement: str) -> str:
    """Close a statement, on a line of its own if a comment may end the last."""
    statement = statement.rstrip(";")  # DuckDB gives it with its end
    is_comment = "--" in statement.rpartition("\n")[2]
    return statement + ("\n;\n\n" if is_comment else ";\n\n")


@command("schema")
def main(arguments: list[str] | None = None) -> int:
    """Write the script; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.schema",
        description="Write the DDL of the warehouse as a script.",
    )
    parser.add_argument(
        "file",
        type=Path,
        nargs="?",
        default=settings.PROJECT / "target" / "schema.sql",
        help="script to write (default: target/schema.sql)",
    )
    settings.add_options(parser)
    options = parser.parse_args(arguments)
    script = ddl(settings.load(options.target, options.db, existing=True))
    options.file.parent.mkdir(parents=True, exist_ok=True)
    options.file.write_text(script, encoding="utf-8")
    print(options.file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
