"""`python -m scripts.ingest`: land the files of the inbox in the database."""

import argparse
import sys

from scripts import settings, terminal
from scripts.arguments import folder
from scripts.command import Parser, command

from .batch import ingest
from .console import found, progress_bar, report

EPILOG = """\
The inbox is laid out as <inbox>/<source>/<file>. Files are csv, tsv, json,
ndjson, jsonl, parquet, xlsx or html, each also in .gz or .zip. Sources are declared in
models/staging/<source>/_<source>__sources.yml.

exit codes:
  0  every file landed, or had landed before
  1  a file was refused or is not whole; the others landed
  2  wrong usage: unknown option, no such inbox, a faulty declaration
  3  another run is at work, or the database cannot be written
"""


@command("ingest")
def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = Parser(
        prog="python -m scripts.ingest",
        description="Land delivered files in the bronze tables of the warehouse.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--inbox",
        metavar="DIR",
        type=folder,
        help="folder to read, left as it is; without it the project's own inbox "
        "is read, and its files are archived or set aside",
    )
    settings.add_options(parser)
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="say what would become of each file, and write nothing",
    )
    options = parser.parse_args(arguments)
    chosen = settings.load(options.target, options.db)
    chosen.choose()
    with progress_bar() as progress:
        summary = ingest(
            options.inbox or chosen.inbox,
            chosen.database,
            lake=chosen.lake,
            archive_to=None if options.inbox else chosen.data,
            dry_run=options.dry_run,
            logs=chosen.logs,
            progress=progress,
            each=None if options.dry_run else found(),
        )
    terminal.show(report(summary))
    return summary.exit_code


if __name__ == "__main__":
    sys.exit(main())
