"""Who is answered by explore, from where writes are taken, and what is not shown."""

from __future__ import annotations

import asyncio
import getpass
import http.client
import re
import socket
import sqlite3
import subprocess
import time
from contextlib import closing
from types import SimpleNamespace
from urllib.parse import urlencode, urlsplit

import pytest

from scripts import settings
from scripts.explore import access
from scripts.explore.__main__ import command_for, main
from scripts.explore.faults import plain
from scripts.explore.forms import DECIDED_BY, who
from scripts.explore.guard import Guard
from scripts.explore.plugins import safety
from tools import screenshots

ANY = "0.0.0.0"  # noqa: S104 (never bound)


@pytest.fixture(scope="module")
def address(morning):
    with screenshots.served(morning.settings) as address:
        yield address


def ask(address: str, path: str, method: str = "GET", **given: str):
    connection = http.client.HTTPConnection(urlsplit(address).netloc)
    named = {name.replace("_", "-"): value for name, value in given.items()}
    connection.request(method, path, headers=named)
    answer = connection.getresponse()
    return answer.status, answer.read().decode("utf-8", "replace"), answer.headers


# -- writes -----------------------------------------------------------------------


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize(
    "origin, site, is_taken",
    [
        ("own", None, True),
        ("own", "same-origin", True),
        ("own", "none", True),
        ("own", "same-site", False),  # another port of this machine
        ("own", "cross-site", False),
        (None, None, False),
        (None, "same-origin", False),
        ("null", None, False),
        ("http://evil.example", None, False),
        ("http://127.0.0.1:1", None, False),
        ("http://127.0.0.1", None, False),
    ],
)
def test_writes_are_taken_from_own_pages_alone(address, method, origin, site, is_taken):
    given = {"Origin": address if origin == "own" else origin, "Sec_Fetch_Site": site}
    given = {name: value for name, value in given.items() if value}
    status, text, _ = ask(address, "/", method, **given)
    assert (text == "not from a page of this site") is not is_taken
    assert (status == 403) is not is_taken or "csrf" in text.lower()


def test_reading_needs_no_origin(address):
    for given in ({}, {"Origin": "http://evil.example"}):
        assert ask(address, "/", **given)[0] == 200


@pytest.mark.parametrize(
    "site, mode, aim, query, status",
    [
        ("cross-site", "no-cors", "image", "", 403),
        ("cross-site", "no-cors", "script", "?sql=select+1", 403),
        ("same-site", "cors", "empty", "?sql=select+1", 403),
        ("cross-site", "navigate", "iframe", "", 403),
        ("cross-site", "navigate", "document", "?sql=select+1", 403),
        ("cross-site", None, None, "", 403),
        ("cross-site", "navigate", "document", "", 200),
        ("same-origin", "navigate", "document", "?sql=select+1", 200),
        ("none", "navigate", "document", "?sql=select+1", 200),
        (None, None, None, "?sql=select+1", 200),
    ],
)
def test_other_sites_open_a_page_and_ask_nothing(
    morning, address, site, mode, aim, query, status
):
    """They could learn an answer by the time it takes."""
    given = {"Sec_Fetch_Site": site, "Sec_Fetch_Mode": mode, "Sec_Fetch_Dest": aim}
    given = {name: value for name, value in given.items() if value}
    assert ask(address, f"/{morning.database.stem}{query}", **given)[0] == status


# -- what is asked wrongly --------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        *("_where=1%00", "_facet=email%00", "_sort=nothing", "_sort_desc=nothing"),
        *("_through=nothing", "_through=1", "_through={}", "_through=[]"),
        '_through={"table":"a","column":"b","value":"c"}',
    ],
)
def test_a_wrong_question_is_no_fault_of_the_server(morning, address, query):
    path = f"/{morning.database.stem}/dim_contacts?{query}"
    assert ask(address, path)[0] == 400


def test_a_form_with_files_is_refused(address):
    given = {"Origin": address, "Content_Type": "multipart/form-data; boundary=x"}
    assert ask(address, "/review/contacts", "POST", **given)[0] == 400


def test_a_value_has_a_longest_length(morning, address):
    if not hasattr(sqlite3.Connection, "setlimit"):
        pytest.skip("Python 3.10 sets no limits")
    for sql in (
        "select length(hex(zeroblob(600000)))",
        "select 'a' like '%' || hex(zeroblob(1200))",
    ):
        path = f"/{morning.database.stem}.json?{urlencode({'sql': sql})}"
        status, text, _ = ask(address, path)
        assert status == 400
        assert "too big" in text or "too complex" in text


@pytest.mark.parametrize("value", ["hex(zeroblob(400000 - n))", "zeroblob(800000 - n)"])
def test_an_answer_has_a_longest_length(morning, address, value):
    """Of a thousand rows of the longest values Python would need six gigabytes."""

    def asked(count: int):
        rows = f"select 1 as n union all select n + 1 from a limit {count}"
        sql = f"with recursive a as ({rows}) select {value} as x from a"
        path = f"/{morning.database.stem}.json?{urlencode({'sql': sql})}"
        return ask(address, path)

    status, text, _ = asked(1000)
    assert (status, "more than 50 MB" in text) == (400, True)
    assert [asked(40)[0] for _ in range(2)] == [200, 200]  # each counts by itself


def test_sqlite_may_take_so_much_memory_and_no_more():
    with closing(sqlite3.connect(":memory:")) as db:
        Guard(db, None)
    with closing(sqlite3.connect(":memory:")) as db:  # it is of the process
        assert db.execute("pragma hard_heap_limit").fetchone() == (500_000_000,)


def test_the_server_prints_no_address_that_was_asked_for(morning, tmp_path):
    """They hold what was asked for, and the token of others."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path / "log"
    with log.open("wb") as file:
        command = command_for(morning.settings, port)
        server = subprocess.Popen(command, stdout=file, stderr=file)
    try:
        while "running on" not in log.read_text():
            assert server.poll() is None
            time.sleep(0.1)
        status, _, headers = ask(f"http://127.0.0.1:{port}", "/?token=abc")
    finally:
        server.terminate()
        server.wait()
    assert (status, headers["server"]) == (200, None)
    assert "token" not in log.read_text()


def test_a_view_that_is_broken_stops_nothing_else(morning, tmp_path):
    database = tmp_path / "broken.db"
    morning.query("vacuum into ?", str(database))
    with closing(sqlite3.connect(database)) as db:
        db.execute("create view rpt_a as select no_such from dim_contacts")
        db.execute("create view rpt_b as select * from rpt_a")
    with screenshots.served(settings.load(None, database)) as own:
        page = ask(own, "/")[1]
        for view in ("rpt_a", "rpt_b"):
            assert f"{view} cannot be read: no such column: no_such" in page
        assert ask(own, "/broken/rpt_b")[0] == 400
        assert ask(own, "/broken/rpt_win_rate")[0] == 200
        database.rename(tmp_path / "moved.db")
        for path in ("/review", "/findings", "/broken/dim_companies"):
            text = ask(own, path)[1]
            assert str(tmp_path) not in text
            assert "Errno" not in text


@pytest.mark.parametrize(
    "error, said",
    [
        (FileNotFoundError(2, "No such file", "/a/b c/d.db"), "d.db: No such file"),
        (OSError("nothing"), "cannot be read"),
        (ValueError("/x/y z.csv: line 2: and/or\n"), "y z.csv: line 2: and/or"),
        (ValueError("in 'C:\\x\\y.csv'"), "in 'y.csv'"),
        (ValueError("see http://a/b"), "see http://a/b"),
    ],
)
def test_what_is_wrong_names_no_folder(error, said):
    assert plain(error) == said


def test_nor_does_it_if_the_own_folder_has_blanks(monkeypatch, tmp_path):
    monkeypatch.setenv("WAREHOUSE_CONFIG", str(tmp_path / "a b"))
    error = ValueError(f"{tmp_path}/a b/code_synonyms.csv: no column x")
    assert plain(error) == "code_synonyms.csv: no column x"


# -- what is not for others -------------------------------------------------------


@pytest.mark.parametrize("name", ["databases", "settings", "metadata", "versions"])
@pytest.mark.parametrize("end", ["", ".json", "/"])
def test_the_setup_is_not_shown(address, name, end):
    assert ask(address, f"/-/{name}{end}")[0] == 404


@pytest.mark.parametrize(
    "path",
    [
        *("/-/plugins", "/-/threads", "/-/config", "/-/config.json", "/-/actor.json"),
        *("/-/permissions", "/-/allow-debug", "/-/messages", "/-/patterns"),
        *("/-/logout", "/-/auth-token?token=x", "/-/static/app.css", "/-/", "/-"),
        *("//-/settings", "/-/own/../../known.py", "/-/own/%2e%2e/plugins/home.py"),
        *("/%2D/settings.json", "/-%2Fsettings.json", "/_internal"),
        *("/\\evil.example/", "//evil.example/%2f"),  # which would lead there
    ],
)
def test_nor_is_it_by_another_way(morning, address, path):
    status, text, headers = ask(address, path)
    while status == 302:
        status, text, headers = ask(address, headers["location"])
    assert status in (403, 404)
    assert str(morning.database.parent) not in text


@pytest.mark.parametrize(
    "path", ["", "?_show_hidden=1", ".json", "?sql=select+*+from+pragma_database_list"]
)
def test_no_page_names_a_folder(morning, address, path):
    text = ask(address, f"/{morning.database.stem}{path}")[1]
    assert str(morning.database.parent) not in text


def test_what_pages_need_is_shown(address):
    page = ask(address, "/")[1]
    styles = re.findall(r'<link rel="stylesheet" href="([^"]*)"', page)
    assert styles == ["/-/own/explore.css"]
    assert ask(address, styles[0])[0] == 200
    assert ask(address, "/-/dashboards")[0] == 200


# -- others ------------------------------------------------------------------------


@pytest.fixture
def opened(monkeypatch):
    """Opens it to others, for this test."""
    monkeypatch.setenv(access.NAMES, "")
    monkeypatch.setenv(access.TOKEN, "")
    return access.opened_to


def test_this_machine_needs_no_token(opened):
    assert opened("127.0.0.1", []) == "127.0.0.1"
    assert access.token() == ""
    assert access.is_named("localhost:8001")
    assert not access.is_named("warehouse.example:8001")


def test_others_come_by_the_name_that_is_given(opened):
    assert opened(ANY, ["warehouse.example"]) == "warehouse.example"
    first = access.token()
    assert len(first) > 40
    for host in ("warehouse.example", "warehouse.example:8001", "WAREHOUSE.example"):
        assert access.is_named(host)
    for host in (
        *("evil.example", "warehouse.example.evil.example", "localhost", "127.0.0.1"),
        *("warehouse.example:8001:1", "", "warehouse.example@evil.example"),
    ):
        assert not access.is_named(host)
    opened(ANY, ["warehouse.example"])
    assert access.token() != first


def test_any_address_is_also_that_by_which_others_are_reached(opened, monkeypatch):
    """Where the name of the machine leads to itself alone, as on Debian."""
    monkeypatch.setattr(socket, "gethostname", lambda: "here")
    itself = [(2, 1, 6, "", ("127.0.1.1", 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: itself)
    there = access.ELSEWHERE[0][1]
    monkeypatch.setattr(access, "ELSEWHERE", ((socket.AF_INET, "127.0.0.9"),))
    assert there.startswith("192.0.2.")  # of nobody, RFC 5737
    assert opened(ANY, []) == "here"
    assert access.is_named("127.0.1.1:8001") and access.is_named("127.0.0.1")
    monkeypatch.setattr(access, "LOCAL", ())
    opened(ANY, [])
    assert access.is_named("127.0.0.1")  # from there that address is reached


def test_others_are_not_taken_for_who_sits_here(opened):
    request = SimpleNamespace(cookies={})
    opened("127.0.0.1", [])
    assert who(request) == getpass.getuser()
    opened("192.0.2.7", [])
    assert who(request) == ""
    request.cookies[DECIDED_BY] = "Zo%C3%AB"
    assert who(request) == "Zoë"


def test_a_cookie_of_another_server_of_this_machine_locks_nobody_out(opened):
    opened("192.0.2.7", [])
    cookie = f"{access.COOKIE}={access.token()}"
    for others in ('a="b', "a[]={}", f"{access.COOKIE}=x", "=;;"):
        text = f"{others}; {cookie}".encode()
        assert access.has_token({"headers": [(b"cookie", text)]})
    assert not access.has_token({"headers": [(b"cookie", f"x{cookie}".encode())]})


def test_by_default_that_is_the_address(opened):
    assert opened("192.0.2.7", []) == "192.0.2.7"
    assert access.is_named("192.0.2.7:8001")
    assert not access.is_named("localhost")
    assert opened("2001:db8::1", []) == "[2001:db8::1]"
    assert access.is_named("[2001:db8::1]:8001")


@pytest.mark.parametrize(
    "options, says",
    [
        (["--name", "x.example"], "--name needs --host"),
        (["--host", "warehouse.example"], "--host warehouse.example: expected an"),
        (["--host", ANY, "--name", "x:8001"], "--name x:8001: expected a name"),
        (["--host", ANY, "--name", "*"], "--name *: expected a name"),
    ],
)
def test_options_that_do_not_fit_are_one_line(morning, capsys, opened, options, says):
    assert main(["--db", str(morning.database), *options]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert says in line


def request(path: str, **headers: str):
    """What the guard answers to a request under the name of the server."""
    sent = []
    asked = []

    async def app(scope, receive, send):
        asked.append(scope["path"])

    async def send(message):
        sent.append(message)

    path, _, query = path.partition("?")
    named = [(k.lower().encode(), v.encode()) for k, v in headers.items()]
    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode()}
    scope |= {"headers": [(b"host", b"warehouse.example"), *named]}
    scope["query_string"] = query.encode()
    asyncio.run(safety.asgi_wrapper()(app)(scope, None, send))
    return bool(asked), sent


def test_others_need_the_token(opened):
    opened(ANY, ["warehouse.example"])
    token = access.token()
    for path in ("/", "/-/own/explore.css", "/?token=", f"/?token={token[:-1]}", "/x"):
        is_answered, sent = request(path)
        assert (is_answered, sent[0]["status"]) == (False, 401)
        assert token.encode() not in sent[1]["body"]
    wrong = {"cookie": f"{access.COOKIE}={token}x"}
    assert not request("/", **wrong)[0]
    is_answered, sent = request(f"/?token={token}")
    assert (is_answered, sent[0]["status"]) == (False, 200)
    headers = dict(sent[0]["headers"])
    cookie, *rest = headers[b"set-cookie"].decode().split("; ")
    assert {"HttpOnly", "SameSite=Strict"} <= set(rest)
    assert headers[b"cache-control"] == b"no-store"
    assert request("/", cookie=f"other=1; {cookie}")[0]


def test_nothing_else_than_http_is_answered():
    asked = []

    async def app(scope, receive, send):
        asked.append(scope["type"])

    guarded = safety.asgi_wrapper()(app)
    for kind in ("lifespan", "websocket"):
        asyncio.run(guarded({"type": kind}, None, None))
    assert asked == ["lifespan"]
