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
from scripts.warehouse import QueryError

MAKING = {"build", "run", "seed", "snapshot", "retry"}
"""Commands that make the database if there is none."""
WRITING = MAKING | {"test", "run-operation"}
LOOKING = {"compile", "debug", "generate", "show", "source", "test", "run-operation"}
"""Commands that open it; `generate` is of `docs generate`."""
NODE_FAILED, BUILD_FAILED = 1, 4
"""What dbt ends with, and what docs/commands.md says for it."""


@command("dbt")
def main(arguments: list[str] | None = None) -> int:
    """Run dbt; return its exit code, or one of docs/commands.md: 4 if a node failed."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.dbt",
        description="Run dbt with the settings of .env and one run at a time.",
    )
    settings.add_options(parser)
    parser.add_argument(
        "command", nargs=argparse.REMAINDER, help="dbt's own command and options"
    )
    options = parser.parse_args(arguments)
    chosen = settings.load(options.target, options.db, existing=True)
    words = set(options.command)
    looks = LOOKING & words and not words & (MAKING | {"-h", "--help"})
    if looks and not settings.holds(chosen.database):
        raise QueryError(f"{chosen.database} does not exist; make run makes it")
    chosen.export()
    from scripts import dbt_core
    from scripts.run import parsed

    parsed.forget_stale()
    with lock(chosen.database) if WRITING & words else nullcontext():
        code = dbt_core.command_line(options.command)
    return BUILD_FAILED if code == NODE_FAILED else code


if __name__ == "__main__":
    sys.exit(main())
