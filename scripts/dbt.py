"""dbt with this project's settings: `python -m scripts.dbt build`.

Beside `.env`, plain dbt lacks two things: the lock, which keeps a build and an
ingestion from running at once, and the shortcuts of our own runs.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import nullcontext

from scripts import settings
from scripts.command import command
from scripts.ingest import lock

WRITING = {"build", "run", "seed", "snapshot", "test", "retry", "run-operation"}


@command("dbt")
def main(arguments: list[str] | None = None) -> int:
    """Run dbt; return its exit code, or 2 for settings and 3 for the lock."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.dbt",
        description="Run dbt with the settings of .env and one run at a time.",
    )
    settings.add_options(parser)
    parser.add_argument(
        "command", nargs=argparse.REMAINDER, help="dbt's own command and options"
    )
    options = parser.parse_args(arguments)
    chosen = settings.load(options.target, options.db)
    chosen.export()
    writes = WRITING & set(options.command)
    with lock(chosen.database) if writes else nullcontext():
        return _dbt(options.command)


def _dbt(command: list[str]) -> int:
    from dbt.cli.main import cli

    from scripts.run.lean import slim

    if not {"-d", "--debug"} & set(command):
        slim()
    try:
        cli.main(args=command, prog_name="dbt")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
