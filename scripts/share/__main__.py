"""Write a copy for others, without personal data: `python -m scripts.share`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scripts import settings
from scripts.command import command, fail
from scripts.ingest import lock
from scripts.run.build import UNPARSED, load
from scripts.share.copy import ShareError, share
from scripts.share.declared import DROPPED, PSEUDONYM, declared


@command("share")
def main(arguments: list[str] | None = None) -> int:
    """Write the copy; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.share",
        description="Write a copy of the warehouse with what the YAML declares not "
        "to be personal (pii: false). All else is left out or gets a pseudonym.",
    )
    parser.add_argument(
        "file",
        type=Path,
        nargs="?",
        help="SQLite file to write (default: <database>_shared.db beside it)",
    )
    parser.add_argument(
        "--keep",
        action="append",
        default=[],
        metavar="MART.COLUMN",
        help="let a column stay as it is; may be given several times",
    )
    settings.add_options(parser)
    options = parser.parse_args(arguments)
    chosen = settings.load(options.target, options.db, existing=True)
    database = chosen.database
    if not database.exists():
        raise ShareError(f"{database} does not exist; make run makes it")
    default = database.with_name(f"{database.stem}_shared.db")
    target = (options.file or default).expanduser().resolve()
    if target.exists():
        raise ShareError(f"{target} exists already; move it or name another")
    chosen.export()
    manifest = load()
    if manifest is None:
        return fail("share", UNPARSED, 4)
    known = declared(manifest)
    known.keep(options.keep)
    with lock(database):
        counts = share(chosen, target, known)
    print(
        f"{target}: {counts['tables']} tables, {counts['rows']:,} rows; "
        f"{counts[PSEUDONYM]} columns have pseudonyms, {counts[DROPPED]} are left out"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
