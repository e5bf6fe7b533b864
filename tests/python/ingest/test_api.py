"""REST interfaces, on a real server that misbehaves in every way it can."""

import gzip
import json
import socket
import sys
import threading
import time
from collections import Counter
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from http.server import ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from scripts.ingest import UsageError
from scripts.ingest.clock import VARIABLE
from scripts.ingest.feeds import client
from scripts.ingest.land import Lander
from tools import demo_api

from .conftest import Shop

DECLARED = """
sources:
  - name: shop
    tables:
      - name: sales
        identifier: bronze_shop__sales
        config:
          meta:
            files: sales*
            api: {api}
        columns:
          - {{name: id, config: {{meta: {{optional: true}}}}}}
          - {{name: sales_date, config: {{meta: {{required: true}}}}}}
          - {{name: price}}
"""
PAGING = {
    "page": {"kind": "page", "parameter": "page", "size": 3},
    "cursor": {"kind": "cursor", "parameter": "cursor", "next": "next_cursor"},
    "link": {"kind": "link"},
}
WINDOW = {"begin": "from", "end": "to", "first": "2025-01-01", "days": 10, "settle": 5}


class Server:
    """Sales over HTTP; each request first takes a fault, if one is planned."""

    def __init__(self) -> None:
        self.sales: list[dict] = []
        self.faults: list = []
        self.always = None
        self.asked: list[str] = []
        self.headers: list[dict] = []
        self.token = demo_api.TOKEN

        def handler(*arguments):
            return Misbehaving(self, *arguments)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.01,)).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/sales"

    def asked_for(self, name: str) -> list[str | None]:
        """The values of a parameter, request by request."""
        queries = [parse_qs(urlsplit(path).query) for path in self.asked]
        return [query.get(name, [None])[0] for query in queries]


class Misbehaving(demo_api.Handler):
    def __init__(self, planned: Server, *arguments) -> None:
        self.planned = planned
        super().__init__(planned.sales, *arguments)

    def log_message(self, *arguments) -> None:
        pass

    def do_GET(self) -> None:  # noqa: N802
        planned = self.planned
        planned.asked.append(self.path)
        planned.headers.append(dict(self.headers))
        fault = planned.faults.pop(0) if planned.faults else planned.always
        if callable(fault):
            fault = fault(self)
        if fault is None:
            super().do_GET()

    def say(self, status: int, body: bytes = b"", **headers: str) -> str:
        self.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)
        return "said"


def status(code: int, body: bytes = b"", **headers: str):
    return lambda handler: handler.say(code, body, **headers)


def cut(handler: Misbehaving) -> str:
    """Promise more than comes."""
    handler.say(200, b'{"sales": [{"id', Content_Length="1000")
    handler.connection.shutdown(socket.SHUT_RDWR)
    return "cut"


def slow(handler: Misbehaving) -> str:
    time.sleep(0.5)
    return "late"


def as_if(**changes: str):
    """Answer another request than the one that came."""

    def answer(handler: Misbehaving) -> None:
        for name, value in changes.items():
            query = parse_qs(urlsplit(handler.path).query)
            query = {n: v[0] for n, v in query.items()} | {name: value}
            pairs = "&".join(f"{n}={v}" for n, v in query.items())
            handler.path = f"/sales?{pairs}"

    return answer


@pytest.fixture
def shop(tmp_path, request):
    """Lands in SQLite tables, if a test does not ask for a lake."""
    is_lake = getattr(request, "param", "tables") == "lake"
    return Shop(tmp_path, tmp_path / "lake" if is_lake else None)


@pytest.fixture
def server():
    server = Server()
    yield server
    server.server.shutdown()
    server.server.server_close()


@pytest.fixture(autouse=True)
def naps(monkeypatch):
    """The pauses that were made, without their time."""
    naps: list[float] = []
    monkeypatch.setattr(client, "wait", naps.append)
    return naps


@pytest.fixture
def ask(shop, server, monkeypatch):
    """Declare the interface, with changes, and run."""
    monkeypatch.setenv("SHOP_URL", server.url)
    monkeypatch.setenv("SHOP_TOKEN", demo_api.TOKEN)
    monkeypatch.setenv(VARIABLE, "2025-01-28T12:00:00Z")

    def ask(kind: str = "page", **changes):
        api = {
            "name": "till",
            "url": "${SHOP_URL}",
            "bearer": "SHOP_TOKEN",
            "records": "sales",
            "paging": PAGING[kind],
            "parameters": {} if kind == "page" else {"limit": 3},
            "timeout": 0.2,
            "requests_per_minute": 100_000,
            **changes,
        }
        text = json.dumps({k: v for k, v in api.items() if v is not None})
        shop.declare(DECLARED.format(api=text.replace('"2025-01-01"', "2025-01-01")))
        server.asked.clear()
        return shop.run()

    return ask


def sale(day: int, price: object = "1.50", **more) -> dict:
    return {"sales_date": f"2025-01-{day:02}", "price": price, **more}


def standing(shop) -> Counter:
    """What counts of the landed sales: those of the newest file of each name."""
    shop.check_counts()
    return Counter(
        shop.query(
            """
            select sales_date, price from bronze_shop__sales
            where _file_id in (
                select max(file_id) from ingest_files
                where status = 'landed' group by file_name
            )
            """
        )
    )


def sold(server: Server) -> Counter:
    return Counter((s["sales_date"], str(s["price"])) for s in server.sales)


FAULTS = {
    "busy": status(429, Retry_After="7"),
    "broken": status(500),
    "cut": cut,
    "slow": slow,
    "no JSON": status(200, b'{"sales": ['),
    "no text": status(200, b"\xff\xfe\x00"),
}


@pytest.mark.parametrize("kind", PAGING)
@pytest.mark.parametrize(
    ("shop", "window"), [("tables", None), ("lake", WINDOW)], indirect=["shop"]
)
def test_every_record_lands_once(shop, server, ask, naps, kind, window):
    """In each way of paging, with equal records, in spite of passing faults."""
    server.sales[:] = [sale(n // 3 + 1, n // 2) for n in range(20)]
    server.faults = [None, *FAULTS.values(), None, status(503)]
    assert ask(kind, window=window, attempts=9).exit_code == 0
    assert standing(shop) == sold(server)
    assert 7 in naps and len(naps) == len(FAULTS) + 1
    assert all(h["Authorization"] == "Bearer demo" for h in server.headers)
    before = shop.files("*")
    assert ask(kind, window=window).exit_code == 0
    assert [row[0] for row in shop.files("*")] == [row[0] for row in before]
    # more of the last day, as it goes on
    server.sales += [sale(7, 77), sale(7, 77)]
    ask(kind, window=window)
    assert standing(shop) == sold(server)


@pytest.mark.parametrize("kind", PAGING)
@pytest.mark.parametrize("end", ["killed", "expired"])
def test_the_next_run_goes_on_where_this_one_ended(
    shop, server, ask, monkeypatch, kind, end
):
    server.sales[:] = [sale(n // 3 + 1, n // 2) for n in range(20)]
    if end == "expired":
        server.faults = [None, None, None, status(401)]
        found = ask(kind, window=WINDOW)
        assert found.exit_code == 1
        (remark,) = found.outcomes[-1].remarks
        assert "401" in remark and "SHOP_TOKEN" in remark
    else:
        land, landed = Lander.land, []

        def killed(self, delivery, progress):
            if len(landed) == 3:
                raise KeyboardInterrupt
            landed.append(delivery)
            return land(self, delivery, progress)

        with monkeypatch.context() as patch:
            patch.setattr(Lander, "land", killed)
            with pytest.raises(KeyboardInterrupt):
                ask(kind, window=WINDOW)
    assert len(standing(shop)) and sum(standing(shop).values()) == 9
    assert ask(kind, window=WINDOW).exit_code == 0
    assert standing(shop) == sold(server)
    assert server.asked_for("from")[0] == "2025-01-01"
    if kind != "link":
        first = server.asked_for(PAGING[kind]["parameter"])[0]
        assert first == {"page": "4", "cursor": "9"}[kind]


def test_late_records_change_their_window(shop, server, ask, monkeypatch):
    server.sales[:] = [sale(day, day) for day in (2, 12, 14, 25)]
    ask(window=WINDOW)
    server.sales.remove(sale(14, 14))
    server.sales += [sale(20, 7), sale(3, 9)]
    monkeypatch.setenv(VARIABLE, "2025-01-25T12:00:00Z")
    ask(window=WINDOW)
    assert set(server.asked_for("from")) == {"2025-01-11", "2025-01-21"}
    assert server.asked_for("to")[0] == "2025-01-20"
    server.sales.remove(sale(3, 9))  # settled, so nobody asks for it again
    assert standing(shop) == sold(server)


def test_a_window_that_shrinks_loses_its_last_pages(shop, server, ask):
    server.sales[:] = [sale(2, n) for n in range(8)]
    window = {**WINDOW, "settle": 100}
    ask(window=window)
    del server.sales[2:]
    ask(window=window)
    assert standing(shop) == sold(server)


@pytest.mark.parametrize("size", [2, 7])
def test_pages_that_change_their_size(shop, server, ask, size):
    """Page 3 begins elsewhere then: the window is read again from its start."""
    server.sales[:] = [sale(1, n) for n in range(30)]
    server.faults = [None, None]
    server.always = as_if(per_page=str(size))
    assert ask().exit_code == 0
    assert standing(shop) == sold(server)


def test_a_page_that_comes_again_is_asked_again(shop, server, ask):
    server.sales[:] = [sale(1, n) for n in range(8)]
    server.faults = [None, as_if(page="1"), None]
    assert ask().exit_code == 0
    assert standing(shop) == sold(server)


REFUSED = {
    "a page repeats the one before it": {"always": as_if(page="1")},
    "500": {"always": status(500)},
    "429 Too Many Requests, to be asked in 9000 s": {
        "always": status(429, Retry_After="9000")
    },
    "no answer within 0.2 s": {"always": slow},
    "without sending complete message body": {"always": cut},
    "not JSON": {"always": status(200, b"<html>")},
    "no list of records at sales": {"always": status(200, b'{"sale": []}')},
    "302": {"always": status(302, Location="http://elsewhere.invalid/")},
    "404": {"always": status(404)},
    "is SHOP_TOKEN still valid?": {"always": status(403)},
    "said to be on elsewhere.invalid": {
        "kind": "link",
        "always": status(
            200, b'{"sales": [{"sales_date": "2025-01-01"}]}',
            Link='<http://elsewhere.invalid/sales>; rel="next"',
        ),
    },
    "leads back to an earlier one": {
        "kind": "cursor",
        "always": lambda handler: handler.say(
            200,
            b'{"sales": [{"sales_date": "%d"}], "next_cursor": "x"}'
            % len(handler.planned.asked),
        ),
    },
}  # fmt: skip


@pytest.mark.parametrize("said", REFUSED)
def test_what_does_not_pass_is_one_line_and_stops_nothing_else(shop, server, ask, said):
    case = dict(REFUSED[said])
    server.sales[:] = [sale(1, n) for n in range(8)]
    server.always = case.pop("always")
    shop.put("sales.csv", "sales_date,price\n2025-01-01,1\n")
    found = ask(attempts=2, **case)
    assert found.exit_code == 1
    labels = {outcome.label: outcome for outcome in found.outcomes}
    assert labels["shop/sales.csv"].status == "landed"
    (remark,) = labels["shop/till"].remarks
    assert said in remark and "\n" not in remark and "demo" not in remark
    assert ("till", "refused") in shop.files("file_name, status")
    assert ask(attempts=2, **case).outcomes[-1].is_known


def said(records: list, cursor: str | None = None) -> bytes:
    return json.dumps({"sales": records, "next_cursor": cursor}).encode()


def windowed(answers):
    """Answer by the first day and the cursor that are asked for."""

    def answer(handler: Misbehaving) -> str:
        query = parse_qs(urlsplit(handler.path).query)
        day, cursor = (query.get(name, [""])[0] for name in ("from", "cursor"))
        return handler.say(200, answers(day, cursor, handler.planned))

    return answer


@pytest.mark.parametrize("window", [None, WINDOW])
@pytest.mark.parametrize("end", ["the same", "an earlier one", "none"])
def test_an_empty_page_that_leads_nowhere_new_is_the_end(
    shop, server, ask, window, end
):
    """Some interfaces give a cursor with every page, the last one included."""

    def answers(day, cursor, _):
        if day > "2025-01-01":
            return said([sale(int(day[-2:]))], None)
        following = {"the same": "b", "an earlier one": "a", "none": None}[end]
        pages = {"": ([sale(1)], "a"), "a": ([sale(2)], "b"), "b": ([], following)}
        return said(*pages[cursor])

    server.always = windowed(answers)
    for _ in range(2):
        assert ask("cursor", window=window).exit_code == 0
        days = [1, 2, 11, 21] if window else [1, 2]
        wanted = Counter((f"2025-01-{day:02}", "1.50") for day in days)
        assert standing(shop) == wanted


def fresh(_day, _cursor, planned):
    return said([], f"n{len(planned.asked)}")


def in_turns(_day, _cursor, planned):
    number = len(planned.asked)
    return said([sale(1 + number % 2)], f"n{number}")


def back(_day, cursor, _planned):
    return said([sale(2 if cursor else 1)], "x")


@pytest.mark.parametrize(
    ("endless", "problem", "kept"),
    [
        (fresh, "11 pages in a row brought nothing new", 0),
        (in_turns, "11 pages in a row brought nothing new", 12),
        (back, "page 2 leads back to an earlier one", 2),
    ],
)
def test_a_window_without_end_is_stopped_and_the_later_ones_go_on(
    shop, server, ask, endless, problem, kept
):
    is_mended = []

    def answers(day, cursor, planned):
        if day == "2025-01-01" and not is_mended:
            return endless(day, cursor, planned)
        return said([sale(int(day[-2:]))], None)

    server.always = windowed(answers)
    window = {**WINDOW, "settle": 1}
    found = ask("cursor", window=window)
    assert found.exit_code == 1
    (remark,) = found.outcomes[-1].remarks
    assert problem in remark and "2025-01-01" in remark and "\n" not in remark
    assert len(server.asked) < 20
    later = Counter({("2025-01-11", "1.50"): 1, ("2025-01-21", "1.50"): 1})
    assert later <= standing(shop)
    assert sum(standing(shop).values()) == 2 + kept
    # it has settled, but is asked again, for it did not end
    assert ask("cursor", window=window).outcomes[-1].is_known
    is_mended.append(True)
    assert ask("cursor", window=window).exit_code == 0
    assert standing(shop) == later + Counter({("2025-01-01", "1.50"): 1})
    ask("cursor", window=window)
    assert set(server.asked_for("from")) == {"2025-01-21"}


def test_an_empty_page_may_be_declared_to_be_the_end(server, ask):
    server.always = windowed(fresh)
    assert ask("cursor", max_idle_pages=0).exit_code == 0
    assert len(server.asked) == 1


def test_pages_that_are_empty_on_the_way_are_gone_through(shop, server, ask):
    server.faults = [status(200, said([], f"n{n}")) for n in range(10)]
    server.faults.append(status(200, said([sale(1)])))
    assert ask("cursor").exit_code == 0
    assert sum(standing(shop).values()) == 1


@pytest.mark.parametrize("where", ["head", "body", "endless body"])
def test_a_dripping_answer_has_its_time(shop, server, ask, where):
    """Each byte comes in time, the answer does not."""

    def drip(handler: Misbehaving) -> str:
        body = said([sale(1)])
        head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
        if where == "endless body":
            head = b"HTTP/1.1 200 OK\r\n\r\n"
        parts = head if where == "head" else b""
        try:
            handler.wfile.write(head if not parts else b"")
            for byte in parts + body + b" " * 100:
                handler.wfile.write(bytes([byte]))
                handler.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass
        return "dripped"

    server.faults = [drip, drip]
    start = time.monotonic()
    found = ask("cursor", attempts=2)
    assert time.monotonic() - start < 3
    assert found.exit_code == 1
    assert "no answer within 0.2 s" in found.outcomes[-1].reason
    server.faults = [drip]
    server.sales[:] = [sale(1)]
    assert ask("cursor", attempts=2).exit_code == 0
    assert standing(shop) == sold(server)


ENDS = ("null", '""', "false", "{}", "[]")


@pytest.mark.parametrize("packing", [None, "gzip"])
def test_an_answer_may_be_so_long(server, ask, packing):
    body = said([sale(1, note="x" * 2_000_000)])
    more = {}
    if packing:
        body, more = gzip.compress(body), {"Content_Encoding": packing}
    server.always = status(200, body, **more)
    found = ask("cursor", max_megabytes=1, timeout=10)
    assert "larger than 1 MB (max_megabytes)" in found.outcomes[-1].reason
    assert len(server.asked) == 1  # it would not be smaller
    assert ask("cursor", max_megabytes=3, timeout=10).exit_code == 0


def test_an_answer_is_packed_once(server, ask):
    body = gzip.compress(gzip.compress(b" " * 1_000_000))
    server.always = status(200, body, Content_Encoding="gzip, gzip")
    assert "more than once" in ask("cursor", timeout=30).outcomes[-1].reason
    assert len(server.asked) == 1


@pytest.mark.long
def test_an_answer_takes_no_more_memory_than_a_file(server, shop, ask, monkeypatch):
    server.always = status(200, b'{"sales": [' + b"{}," * 5_000_000 + b"{}]}")
    monkeypatch.setattr(shop, "run", lambda: shop.run_apart(80))
    assert "WAREHOUSE_MEMORY_LIMIT" in ask("cursor", timeout=30)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "cursor, asked",
    [("0", ["0"]), ('"0"', ["0"]), ("1.50", ["1.50"]), *((c, []) for c in ENDS)],
)
def test_a_cursor_may_be_a_number_or_say_that_there_is_none(server, ask, cursor, asked):
    answers = iter([cursor, "null"])

    def answer(handler: Misbehaving) -> str:
        sales = f'[{{"sales_date": "2025-01-0{len(server.asked)}"}}]'
        text = f'{{"sales": {sales}, "next_cursor": {next(answers)}}}'
        return handler.say(200, text.encode())

    server.always = answer
    assert ask("cursor").exit_code == 0
    assert server.asked_for("cursor") == [None, *asked]


def test_a_cursor_that_is_none_is_said(server, ask):
    server.always = status(200, b'{"sales": [], "next_cursor": {"after": 1}}')
    assert "no cursor at next_cursor: {" in ask("cursor").outcomes[-1].reason


@pytest.mark.parametrize("token", ["g\u00ebheim", "\u79d8\u5bc6", "ge\x07heim"])
def test_a_key_that_no_header_can_hold_is_named_and_not_shown(
    server, ask, monkeypatch, token
):
    monkeypatch.setenv("OTHER_TOKEN", token)
    reason = ask("cursor", bearer="OTHER_TOKEN").outcomes[-1].reason
    assert reason == "OTHER_TOKEN holds characters that no header can"
    assert not server.asked


DEEP = b'{"sales_date": "2025-01-02", "x": %s}' % (b"[" * 5000 + b"]" * 5000)
BAD_RECORDS = {
    "lone surrogate": (rb'{"sales_date": "2025-01-02", "price": "\ud83d"}', "ud83d"),
    "surrogate in a name": (rb'{"sales_date": "2025-01-02", "\udfff": 1}', "udfff"),
    "surrogate within": (rb'{"sales_date": "2025", "x": [{"y": "\ud800"}]}', "ud800"),
    "no text": (b'{"sales_date": "2025-01-02", "price": "\xff"}', "invalid utf-8"),
    "NUL": (rb'{"sales_date": "2025-01-02", "price": "\u0000"}', "NUL"),
    "number": (b"7", "not an object"),
    "list": (b"[[1]]", "not an object"),
    "nothing": (b"null", "not an object"),
    "deep": (DEEP, "nested too deeply"),
}


@pytest.mark.parametrize("bad", BAD_RECORDS)
@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize("shop", ["tables", "lake"], indirect=True)
def test_a_bad_record_costs_itself_alone(shop, server, ask, bad, alone):
    """Also where it is the only one of its page."""
    record, reason = BAD_RECORDS[bad]
    good = b"" if alone else b", " + json.dumps(sale(1)).encode()
    page = b'{"sales": [%s%s], "next_cursor": "2"}' % (record, good)
    server.faults = [status(200, page), status(200, said([sale(3)]))]
    assert ask("cursor").exit_code == 0
    wanted = [3] if alone else [1, 3]
    assert standing(shop) == Counter((f"2025-01-0{day}", "1.50") for day in wanted)
    ((line, _, said_, raw),) = shop.rejects()
    assert reason in said_ and line == 1 and raw


def test_a_list_that_is_deep_and_whole_lands(shop, server, ask):
    nested = b"[" * 150 + b'"a]{"' + b"]" * 150
    server.faults = [
        status(200, b'{"sales": [{"sales_date": "1", "x": %s, "price": 2}]}' % nested)
    ]
    assert ask("cursor").exit_code == 0
    ((price, extra),) = shop.rows("sales", "price, _extra")
    assert price == "2" and json.loads(extra)["x"] == nested.decode()


def test_reasons_of_http_move_no_cursor(server, ask):
    def shout(handler: Misbehaving) -> str:
        handler.wfile.write(
            b"HTTP/1.1 404 Gone \x1b[2J\xe2\x80\xae!\r\nContent-Length: 0\r\n\r\n"
        )
        return "shouted"

    server.always = shout
    (remark,) = ask("cursor").outcomes[0].remarks
    assert remark.isprintable() and "404" in remark


SECRETS = {
    "http://u:p@zzz:q@{rest}": "%40",  # unescaped, it is told apart from the address
    "http://u:pq/zzzq@{rest}": "%2F",
    "http://u:zzz@{rest}?api_key=qqqzzz&x=1": "404",
    "http://u:zzz@nowhere.invalid:99999/x": "",
    "nothing://u:zzz@{rest}": "",
    "http://127.0.0.1:1/x?token=zzz": "127.0.0.1",
    "http://u:p@nowhere.invalid:zzz/x": "cannot be read",
}


@pytest.mark.parametrize("url", SECRETS)
def test_no_part_of_a_secret_is_shown(shop, server, ask, monkeypatch, url):
    server.always = status(404)
    rest = server.url.removeprefix("http://")
    found_in = SECRETS[url]
    monkeypatch.setenv("SHOP_TOKEN", "zzz-of-the-bearer")

    def echo(handler: Misbehaving) -> str:
        handler.send_response(404, f"no {handler.headers['Authorization']}")
        handler.end_headers()
        return "echoed"

    server.always = echo
    (outcome,) = ask("cursor", url=url.format(rest=rest), attempts=1).outcomes
    told = f"{outcome.remarks} {shop.files('*')}"
    assert "zzz" not in told and found_in in outcome.reason, told


def test_retry_after_may_be_a_time(server, ask, naps):
    soon = datetime.now(timezone.utc) + timedelta(seconds=90)
    server.faults = [status(503, Retry_After=format_datetime(soon, usegmt=True))]
    assert ask().exit_code == 0
    assert 80 < naps[0] <= 90


def test_bad_records_are_rejected_and_pages_without_a_column_refused(shop, server, ask):
    good = json.dumps(sale(1)).encode()
    server.faults = [status(200, b'{"sales": [7, %s]}' % good)]
    found = ask("cursor")
    assert (found.outcomes[0].landed, found.outcomes[0].rejected) == (1, 1)
    server.faults = [status(200, b'{"sales": [{"price": 1}], "next_cursor": "9"}')]
    found = ask("cursor")
    assert "sales_date" in found.outcomes[-1].reason
    assert len(server.asked) == 1  # what follows would hide the gap


def test_numbers_land_as_written(shop, server, ask):
    body = b'{"sales": [{"sales_date": "1", "price": 1.10}, '
    body += b'{"sales_date": "2", "price": 12345678901234567890.50}]}'
    server.faults = [status(200, body)]
    ask("cursor")
    assert shop.rows("sales", "price") == [("1.10",), ("12345678901234567890.50",)]


def test_it_is_asked_while_its_address_is_set(shop, server, ask, monkeypatch):
    server.sales[:] = [sale(1)]
    monkeypatch.delenv("SHOP_URL")
    assert not ask().outcomes and not server.asked
    monkeypatch.setenv("SHOP_URL", server.url)
    monkeypatch.delenv("SHOP_TOKEN")
    found = ask()
    assert found.exit_code == 1 and not server.asked
    assert found.outcomes[0].reason == "SHOP_TOKEN is not set"
    assert shop.run(dry_run=True).unasked == ["shop/till"]
    assert not server.asked


def test_an_api_key_goes_into_a_header(server, ask):
    server.always = status(200, b'{"sales": []}')
    ask(bearer=None, key="SHOP_TOKEN", key_header="X-Key")
    assert server.headers[0]["X-Key"] == "demo"


def test_without_its_packages_it_says_what_to_install(server, ask, monkeypatch):
    for name in ("api", "client"):
        monkeypatch.delitem(sys.modules, f"scripts.ingest.feeds.{name}", False)
    monkeypatch.setitem(sys.modules, "httpx", None)
    (outcome,) = ask().outcomes
    assert outcome.reason == (
        "needs more packages (httpx): pip install -r requirements-api.txt"
    )


def test_requests_keep_to_the_rate(server, ask, monkeypatch):
    """The limiter is asked before every request, tries again included."""
    asked = []
    monkeypatch.setattr(
        client.Limiter, "try_acquire", lambda self, name: asked.append(name)
    )
    server.sales[:] = [sale(1, n) for n in range(8)]
    server.faults = [status(500)]
    ask()
    assert len(asked) == len(server.asked) > 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"paging": {"kind": "offset"}}, "cursor, link, page"),
        ({"paging": {"kind": "cursor", "parameter": "c"}}, "next is missing"),
        ({"pagging": {}}, "pagging is not known"),
        ({"url": None}, "'url'"),
        ({"timeout": 0}, "timeout"),
        ({"max_megabytes": 0}, "max_megabytes"),
        ({"max_idle_pages": -1}, "max_idle_pages"),
        ({"name": "a/b"}, "a/b"),
        ({"window": {**WINDOW, "first": "soon"}}, "soon"),
        ({"window": {"begin": "from"}}, "'end'"),
    ],
)
def test_a_faulty_declaration_is_one_line(ask, change, said):
    with pytest.raises(UsageError) as failure:
        ask(**change)
    assert said in str(failure.value) and "shop.sales" in str(failure.value)
