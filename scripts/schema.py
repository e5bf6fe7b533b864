"""Write the warehouse's DDL as a script: `python -m scripts.schema [FILE]`."""

from __future__ import annotations

import argparse
import errno
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from scripts import settings

# SQLite checks the tables of an index at once, those of a view when it is read.
STATEMENTS = """
select sql from sqlite_master
where sql is not null and name not like 'sqlite\\_%' escape '\\'
order by
    case type when 'table' then 1 when 'index' then 2 when 'view' then 3 else 4 end,
    name
"""


def ddl(database: Path) -> str:
    """Return a script that makes the same tables, indexes and views, empty.

    Raises FileNotFoundError, or sqlite3.Error if the file is no database.
    """
    if not database.exists():
        raise FileNotFoundError(
            errno.ENOENT, "does not exist; make run makes it", str(database)
        )
    # quote: a path may hold what a URI gives a meaning to.
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as db:
        return "".join(_ended(sql.strip()) for (sql,) in db.execute(STATEMENTS))


def _ended(statement: str) -> str:
    """Close a statement, on a line of its own if a comment may end the last."""
    is_comment = "--" in statement.rpartition("\n")[2]
    return statement + ("\n;\n\n" if is_comment else ";\n\n")


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
    try:
        database = settings.load(options.target, options.db).database
        script = ddl(database)
        options.file.parent.mkdir(parents=True, exist_ok=True)
        options.file.write_text(script, encoding="utf-8")
    except settings.SettingsError as error:
        print(f"schema: {error}", file=sys.stderr)
        return 2
    except sqlite3.Error as error:
        print(f"schema: {database}: {error}", file=sys.stderr)
        return 3
    except OSError as error:
        print(f"schema: {error.filename}: {error.strerror}", file=sys.stderr)
        return 3
    print(options.file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
