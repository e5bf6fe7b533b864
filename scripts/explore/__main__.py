"""Open the warehouse in Datasette: `python -m scripts.explore`."""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import socket
import sys
from pathlib import Path

from scripts import settings
from scripts.arguments import port
from scripts.command import command, fail
from scripts.dashboards import DeclarationError
from scripts.explore.metadata import metadata
from scripts.run.build import UNPARSED, load
from scripts.warehouse import opened

HERE = Path(__file__).parent
OWN = "-/own"
"""Path that the files of `static/` are served under."""
NEEDED = ("datasette", "datasette_dashboards")


@command("explore")
def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted; return the exit code if that fails."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.explore",
        description="Open the warehouse in Datasette, on this machine alone.",
    )
    settings.add_options(parser)
    parser.add_argument("--port", type=port, default=8001, help="default: 8001")
    parser.add_argument(
        "--open", action="store_true", help="open it in the browser at once"
    )
    options = parser.parse_args(arguments)
    chosen = settings.load(options.target, options.db, existing=True)
    return serve(chosen, options.port, options.open)


def serve(chosen: settings.Settings, port: int, opens: bool = False) -> int:
    """Put Datasette in the place of this process.

    Raises QueryError if there is no warehouse, DeclarationError for a
    dashboard that cannot be read.
    """
    if not all(map(importlib.util.find_spec, NEEDED)):
        needs = "pip install -r requirements-explore.txt"
        return fail("explore", f"Datasette is not installed: {needs}", 2)
    if chosen.engine != "sqlite":
        return fail(
            "explore",
            "Datasette opens SQLite files; choose such a target, or a copy "
            "that DuckDB has written (attach … (type sqlite))",
            2,
        )
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError as error:
            other = f'make explore ARGS="--port {port + 1}"'
            problem = f"port {port}: {error.strerror}; name another: {other}"
            return fail("explore", problem, 3)
    # what Python says to a process that makes way for another
    os.environ.setdefault("PYTHONWARNINGS", "ignore:resource_tracker:UserWarning")
    command = command_for(chosen, port) + (["--open"] if opens else [])
    print(f"http://127.0.0.1:{port}/-/dashboards (Ctrl-C ends it)", flush=True)
    os.execv(sys.executable, command)  # noqa: S606 (a command of our own words)
    raise AssertionError("unreachable")


def command_for(chosen: settings.Settings, port: int) -> list[str]:
    """Write what Datasette needs to know; return the command that starts it."""
    chosen.export()
    with opened(chosen) as warehouse:
        manifest = load()
        if manifest is None:
            raise DeclarationError(UNPARSED)
        known = metadata(manifest, warehouse, chosen.database.stem)
    folder = settings.PROJECT / os.environ.get("DBT_TARGET_PATH", "target") / "explore"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{chosen.database.stem}.json"
    path.write_text(json.dumps(known, indent=1), encoding="utf-8")
    return [
        *(sys.executable, "-m", "datasette", "serve", str(chosen.database)),
        *("--host", "127.0.0.1", "--port", str(port)),
        *("--metadata", str(path), "--plugins-dir", str(HERE / "plugins")),
        *("--template-dir", str(HERE / "templates")),
        *("--static", f"{OWN}:{HERE / 'static'}"),
        *("--setting", "sql_time_limit_ms", "10000"),
        *("--setting", "facet_time_limit_ms", "1000"),
        *("--setting", "default_page_size", "50"),
        *("--setting", "allow_download", "off"),
    ]


if __name__ == "__main__":
    sys.exit(main())
