"""Serve generated sales over HTTP, to try a connector.

`python -m tools.demo_api` prints what to set, and serves until it is stopped.

    GET /sales?from=2025-06-01&to=2025-06-30&limit=500

answers `{"sales": […], "next_cursor": …}`, and with a `Link` to the next page; with
`page` and `per_page` the pages are numbered. A caller has to send the token.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from scripts.arguments import port, whole_number
from scripts.command import command, fail
from tools.generate.sales import LAST_DAY, Shop

PORT = 8765
TOKEN = "demo"  # noqa: S105 (opens nothing but samples)
LIMIT = 100

Answer = tuple[int, dict[str, str], Any]
"""Status, headers and what becomes JSON."""


def answer(sales: Sequence[Mapping[str, Any]], path: str, token: str | None) -> Answer:
    """Answer one request, by its path with the query."""
    place = urlsplit(path)
    query = dict(parse_qsl(place.query))
    if token != TOKEN:
        return 401, {}, {"error": "the token is not valid"}
    if place.path != "/sales":
        return 404, {}, {"error": f"there is no {place.path}"}
    try:
        start, size = _slice(query)
    except ValueError:
        return 400, {}, {"error": "page, cursor and limit are numbers"}
    first, last = query.get("from", ""), query.get("to", "9")
    found = [sale for sale in sales if first <= sale["sales_date"] <= last]
    end = start + size
    if end >= len(found):
        return 200, {}, {"sales": found[start:end], "next_cursor": None}
    following = urlencode({**query, "cursor": end})
    headers = {"Link": f'<{place.path}?{following}>; rel="next"'}
    return 200, headers, {"sales": found[start:end], "next_cursor": str(end)}


def _slice(query: Mapping[str, str]) -> tuple[int, int]:
    size = max(1, int(query.get("per_page") or query.get("limit") or LIMIT))
    if "page" in query:
        return max(0, int(query["page"]) - 1) * size, size
    return max(0, int(query.get("cursor", 0))), size


class Handler(BaseHTTPRequestHandler):
    """Hands requests to `answer`."""

    protocol_version = "HTTP/1.1"

    def __init__(self, sales: Sequence[Mapping[str, Any]], *arguments: Any) -> None:
        self.sales = sales
        super().__init__(*arguments)

    def do_GET(self) -> None:
        """Answer a request."""
        kind, _, token = self.headers.get("Authorization", "").partition(" ")
        is_bearer = kind.lower() == "bearer"
        status, headers, body = answer(
            self.sales, self.path, token if is_bearer else None
        )
        text = json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


def generated(count: int, seed: int, days: int) -> Iterable[dict[str, Any]]:
    """Yield `count` sales of the `days` up to the last one, with identifiers."""
    shop = Shop(seed, max(1, count // 20))
    for day in range(days):
        number = count * (day + 1) // days - count * day // days
        yield from shop.sales(LAST_DAY - timedelta(days=days - 1 - day), number)


@command("demo-api")
def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.demo_api",
        description="Serve generated sales over HTTP, to try out `make run` with.",
    )
    parser.add_argument(
        "--port", type=port, default=PORT, metavar="N", help=f"default: {PORT}"
    )
    parser.add_argument(
        "--sales",
        type=whole_number(0),
        default=2_000,
        metavar="N",
        help="default: 2,000",
    )
    parser.add_argument(
        "--days",
        type=whole_number(1),
        default=91,
        metavar="N",
        help="they are spread over (default: 91)",
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="S", help="equal seeds, equal sales"
    )
    options = parser.parse_args(arguments)
    sales = list(generated(options.sales, options.seed, options.days))
    try:
        server = ThreadingHTTPServer(
            ("127.0.0.1", options.port), partial(Handler, sales)
        )
    except OSError as error:
        return fail("demo-api", f"port {options.port}: {error.strerror}", 3)
    url = f"http://127.0.0.1:{server.server_port}/sales"
    print(f"{len(sales):,} sales on {url}; stop with Ctrl-C. In another terminal:")
    print(f"  SALES_API_URL={url} SALES_API_TOKEN={TOKEN} make run", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
