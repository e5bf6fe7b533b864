"""Write a copy for others, without personal data: `python -m scripts.share`."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from pathlib import Path

from scripts import settings
from scripts.ingest import IngestError, lock
from scripts.run.build import load
from scripts.share.columns import marked
from scripts.share.copy import ShareError, share


def main(arguments: list[str] | None = None) -> int:
    """Write the copy; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.share",
        description="Write a copy of the warehouse in which everything personal "
        "(marked pii in the YAML) is replaced by pseudonyms, and prove it.",
    )
    parser.add_argument(
        "file",
        type=Path,
        nargs="?",
        help="copy to write (default: <database>_shared.db beside it)",
    )
    settings.add_options(parser)
    options = parser.parse_args(arguments)
    try:
        chosen = settings.load(options.target, options.db)
        if chosen.engine != "sqlite":
            return _fail("only a warehouse on SQLite can be shared so far", 2)
        if not chosen.database.exists():
            return _fail(f"{chosen.database} does not exist; make run makes it", 3)
        database = chosen.database
        default = database.with_name(f"{database.stem}_shared{database.suffix}")
        target = (options.file or default).expanduser().resolve()
        if target.exists():
            raise ShareError(f"{target} exists already; move it or name another")
        chosen.export()
        manifest = load()
        if manifest is None:
            return _fail("the project cannot be parsed: dbt parse says why", 4)
        with lock(database):
            proof = share(database, target, marked(manifest))
    except settings.SettingsError as error:
        return _fail(str(error), 2)
    except IngestError as error:
        return _fail(str(error), error.exit_code)
    except (ShareError, sqlite3.Error) as error:
        return _fail(str(error), 3)
    except OSError as error:
        return _fail(f"{error.filename}: {error.strerror}", 3)
    print(
        f"{target}: none of {proof.values:,} personal values is left in "
        f"{proof.texts:,} different texts of {proof.columns:,} columns"
    )
    return 0


def _fail(message: str, code: int) -> int:
    print(f"share: {message}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
