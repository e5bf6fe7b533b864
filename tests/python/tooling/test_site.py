"""The documentation site is shown to this machine alone, and nothing beside it."""

from __future__ import annotations

import http.client
import re
import threading
from functools import partial
from http.server import ThreadingHTTPServer

import pytest

from scripts.site import Pages


@pytest.fixture
def ask(tmp_path):
    """Return an asker of a served folder: status, body and policy of an answer."""
    for name in ("index.html", "manifest.json", "catalog.json", "leads.html"):
        (tmp_path / name).write_text(f"this is {name}", encoding="utf-8")
    (tmp_path / "explore").mkdir()
    handler = partial(Pages, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()

        def get(path: str, host: str = "localhost") -> tuple[int, str, str]:
            connection = http.client.HTTPConnection(*server.server_address)
            connection.putrequest("GET", path, skip_host=True)
            if host:
                connection.putheader("Host", host)
            connection.endheaders()
            answer = connection.getresponse()
            policy = answer.headers["Content-Security-Policy"]
            return answer.status, answer.read().decode(), policy

        yield get
        server.shutdown()


@pytest.mark.parametrize("path", ["/", "/index.html?x=1", "/manifest.json?cb=1"])
def test_the_site_is_shown(ask, path):
    name = path.strip("/").partition("?")[0] or "index.html"
    status, text, policy = ask(path)
    assert (status, text) == (200, f"this is {name}")
    assert {"frame-ancestors 'none'", "connect-src 'self'"} <= {*policy.split("; ")}


def test_the_page_loads_nothing_from_elsewhere(ask):
    """dbt's own has a script that counts its readers, by another machine."""
    sources = re.findall(r"[a-z]+-src ([^;]*)", ask("/")[2])
    known = {"'self'", "'none'", "'unsafe-inline'", "'unsafe-eval'", "data:"}
    assert len(sources) > 5
    assert {word for source in sources for word in source.split()} <= known


@pytest.mark.parametrize(
    "path", ["/leads.html", "/explore/", "/../pyproject.toml", "/x/../leads.html"]
)
def test_nothing_else_is(ask, path):
    status, text, _ = ask(path)
    assert status == 404
    assert "this is" not in text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", ""])
def test_other_names_are_not_answered(ask, host):
    status, text, _ = ask("/manifest.json", host)
    assert status == 421
    assert "this is" not in text
