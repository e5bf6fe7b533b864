"""Open the warehouse in Datasette: `python -m scripts.explore`."""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import shlex
import socket
import sys
from dataclasses import replace
from pathlib import Path

from scripts import settings
from scripts.arguments import folder, port
from scripts.command import command, fail
from scripts.dashboards import DeclarationError, names, read
from scripts.desk.unknown_files import INBOX
from scripts.explore import access, known
from scripts.explore.metadata import metadata
from scripts.morning import masks
from scripts.warehouse import opened

HERE = Path(__file__).parent
OWN = "-/own"
"""Path that the files of `static/` are served under."""
LOCAL = "127.0.0.1"
OPENED = "EXPLORE_OPEN"
"""Variable with the address that is opened in a browser as soon as it answers."""
NEEDED = ("datasette",)


@command("explore")
def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted; return the exit code if that fails."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.explore",
        description="Open the warehouse in Datasette, on this machine alone.",
    )
    settings.add_options(parser)
    parser.add_argument(
        "--inbox",
        type=folder,
        metavar="DIR",
        help="folder with the files that were refused, for the page of unknown files "
        "(default: those that the last runs have read)",
    )
    parser.add_argument("--port", type=port, default=8001, help="default: 8001")
    parser.add_argument(
        "--open", action="store_true", help="open it in the browser at once"
    )
    parser.add_argument(
        "--personal",
        action="store_true",
        help=f"show personal data, as {masks.VARIABLE}={masks.SHOWN} does",
    )
    parser.add_argument(
        "--host",
        default=LOCAL,
        metavar="ADDRESS",
        help="address of this machine to answer others at, who need a token "
        "(0.0.0.0: all of its addresses)",
    )
    parser.add_argument(
        "--name",
        action="append",
        default=[],
        help="name of this machine in the browsers of others; may be given several "
        "times (default: the address)",
    )
    options = parser.parse_args(arguments)
    chosen = settings.load(options.target, options.db, existing=True)
    if options.personal:
        os.environ[masks.VARIABLE] = masks.SHOWN
    if options.inbox:
        os.environ[INBOX] = str(options.inbox.expanduser().resolve())
    masks.are_shown()  # or says what is wrong with the setting
    name = access.opened_to(options.host, options.name)
    return serve(
        chosen, options.port, options.open, options.host, name, another(options)
    )


def another(options: argparse.Namespace) -> str:
    """Return the command that was given, with another port."""
    given = ["--port", str(options.port + 1)]
    given += ["--personal"] * options.personal
    given += ["--host", options.host] if options.host != LOCAL else []
    given += [text for name in options.name for text in ("--name", name)]
    named = {"INBOX": options.inbox, "DB": options.db, "TARGET": options.target}
    places = [shlex.quote(f"{name}={value}") for name, value in named.items() if value]
    return " ".join(["make explore", *places, f'ARGS="{shlex.join(given)}"'])


def serve(
    chosen: settings.Settings,
    port: int,
    opens: bool = False,
    host: str = LOCAL,
    name: str = LOCAL,
    other: str = "make explore",
) -> int:
    """Put Datasette in the place of this process.

    `other` is the command with another port, as this one may be in use.
    Raises QueryError if there is no warehouse, DeclarationError for a
    dashboard that cannot be read.
    """
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        needs = "pip install -r requirements-explore.txt"
        return fail("explore", f"Datasette is not installed: {needs}", 2)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as error:
            where = f"port {port}" if host == LOCAL else f"{host}, port {port}"
            problem = f"{where}: {error.strerror}; name another: {other}"
            return fail("explore", problem, 3)
    if chosen.engine != "sqlite":
        chosen = copied(chosen)
    # what Python says to a process that makes way for another
    os.environ.setdefault("PYTHONWARNINGS", "ignore:resource_tracker:UserWarning")
    command = command_for(chosen, port, host)
    address = f"http://{name}:{port}/"
    if token := access.token():
        address += f"?token={token}"
    print(f"{address} (Ctrl-C ends it)", flush=True)
    if opens:
        os.environ[OPENED] = address
    os.execv(sys.executable, command)  # noqa: S606 (a command of our own words)
    raise AssertionError("unreachable")


def copied(chosen: settings.Settings) -> settings.Settings:
    """Write a shared copy of a warehouse of another engine; return its settings.

    Datasette opens SQLite files alone. The copy has the marts; of personal data it has
    pseudonyms, whatever the setting says. Raises DeclarationError for a project that
    cannot be read, QueryError, ShareError or IngestError if there can be no copy.
    """
    from scripts.ingest import lock
    from scripts.run.build import UNPARSED, load
    from scripts.share.copy import share
    from scripts.share.declared import declared

    chosen.export()
    manifest = load()
    if manifest is None:
        raise DeclarationError(UNPARSED)
    target = chosen.data / f"{chosen.database.stem}.explore.db"
    found = declared(manifest)
    boards = [read(path) for path in names()]
    shown = {name for board in boards for name in board["shown"]}
    read_by = {name for board in boards for name in board["tables"]}
    found.show(shown, masks.CURRENCY, masks.LOOKUPS, read_by)
    with lock(chosen.database):
        counts = share(chosen, target, found)
    print(
        f"{target}: {counts['tables']} tables as of now, without personal data",
        flush=True,
    )
    return replace(
        chosen, target="dev", database=target, engine="sqlite", lake=None, url=""
    )


def command_for(chosen: settings.Settings, port: int, host: str = LOCAL) -> list[str]:
    """Write what Datasette needs to know; return the command that starts it."""
    chosen.export()
    with opened(chosen) as warehouse:
        text = json.dumps(metadata(_known(chosen), warehouse, chosen.database.stem))
    path = known.folder() / f"{chosen.database.stem}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return [
        *(sys.executable, "-m", "scripts.explore.server", "serve"),
        str(chosen.database),
        *("--host", host, "--port", str(port)),
        *("--metadata", str(path), "--plugins-dir", str(HERE / "plugins")),
        *("--template-dir", str(HERE / "templates")),
        *("--static", f"{OWN}:{HERE / 'static'}"),
        *("--setting", "sql_time_limit_ms", "10000"),
        *("--setting", "facet_time_limit_ms", "1000"),
        *("--setting", "default_page_size", "50"),
        # it looks at each column of each table, three times
        *("--setting", "suggest_facets", "off"),
        *("--setting", "allow_download", "off"),
    ]


def _known(chosen: settings.Settings) -> known.Known:
    if found := known.kept(chosen):
        return found
    from scripts.run.build import UNPARSED, load  # seconds, so only if needed

    manifest = load()
    if manifest is None:
        raise DeclarationError(UNPARSED)
    return known.learn(chosen, manifest)


if __name__ == "__main__":
    sys.exit(main())
