"""Make the documentation site: `python -m scripts.site`.

dbt's own site; what ingestion adds to every bronze table, which no YAML has to
repeat, is described in it too. `--serve` shows it, and nothing else of its folder, to
this machine alone.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import webbrowser
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scripts import settings
from scripts.command import command
from scripts.dbt import main as dbt
from scripts.local import HOST

# What ingestion adds to the declared columns, see scripts/ingest/bronze.py.
BRONZE = {
    "_row_id": "Number of the row in its table; only grows.",
    "_file_id": "The file it came in, in `ingest_files`.",
    "_record": "Number of the record in its file, from 1.",
    "_line": "Line of the file on which the record starts, from 1.",
    "_batch_id": "The run of ingestion that landed it, in `ingest_batches`.",
    "_loaded_at": "When the file was read. UTC.",
    "_delivered_at": "Delivery time where the source declares one. UTC.",
    "_extra": "Columns that are not declared, as a JSON object of header and value.",
}

HEADERS = {
    # dbt's page is one script that makes functions of text
    "Content-Security-Policy": "default-src 'none'; "
    "script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""No page shows this one in a frame, and it loads nothing from elsewhere."""
PAGES = {"/", "/index.html", "/manifest.json", "/catalog.json"}


def describe_bronze(manifest: dict[str, Any]) -> None:
    """Add the columns of ingestion to the sources of a manifest, as JSON has it."""
    for source in manifest["sources"].values():
        if source["source_name"] == "ingest":
            continue
        for name, description in BRONZE.items():
            source["columns"].setdefault(
                name,
                {"name": name, "description": description, "meta": {}, "tags": []},
            )


class Pages(SimpleHTTPRequestHandler):
    """Answers with the three files of the site, under a name of this machine."""

    def send_head(self) -> Any:
        """Open the requested file, or refuse."""
        if not HOST.fullmatch(self.headers.get("Host", "")):
            self.send_error(421)
        elif urlsplit(self.path).path not in PAGES:
            self.send_error(404)
        else:
            return super().send_head()
        return None

    def end_headers(self) -> None:
        """Say what a browser may do with the page."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing of each request."""


def serve(folder: Path, port: int) -> None:
    """Show the site until interrupted."""
    handler = partial(Pages, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        print(f"{address} (Ctrl-C ends it)", flush=True)
        webbrowser.open(address)
        with suppress(KeyboardInterrupt):
            server.serve_forever()


@command("site")
def main(arguments: list[str] | None = None) -> int:
    """Make the site; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.site",
        description="Make the documentation site, in dbt's target folder.",
    )
    settings.add_options(parser)
    parser.add_argument(
        "--serve", action="store_true", help="show it in a browser when it is made"
    )
    parser.add_argument("--port", type=int, default=8080, help="default: 8080")
    options = parser.parse_args(arguments)
    place = [("--db", options.db), ("--target", options.target)]
    chosen = [part for pair in place if pair[1] for part in pair]
    if code := dbt([*chosen, "docs", "generate"]):
        return code
    folder = settings.PROJECT / os.environ.get("DBT_TARGET_PATH", "target")
    path = Path(folder) / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    describe_bronze(manifest)
    path.write_text(json.dumps(manifest), encoding="utf-8")
    if options.serve:
        serve(folder, options.port)
    else:
        print(f"{folder / 'index.html'} (make serve shows it)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
