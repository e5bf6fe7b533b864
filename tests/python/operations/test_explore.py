"""What was delivered is shown in a real browser and never run; no foreign page can
ask for it, and links lead to every identifier."""

from __future__ import annotations

import contextlib
import html
import http.client
import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

import pytest

from scripts import settings
from scripts.explore.__main__ import main
from scripts.morning import masks
from tools import screenshots

RUN = "document.title=7"
HOSTILE = (
    f'<img src="x" onerror="{RUN}">',
    f"<svg onload={RUN}>",
    f"<script>{RUN}</script>",
    f'<iframe srcdoc="<script>parent.{RUN}</script>"></iframe>',
    f"</script><script>{RUN}</script>",
    f"\"><details open ontoggle='{RUN}'>",
)
NO_LINKS = ("javascript:alert(1)", "file:///etc/passwd", "data:text/html,<b>")
AWKWARD = (
    *("a/b", "a,b", "100%", "what?x=1&y", "a#b", "~tilde", "C7.json", "two words"),
    *("a+b", "Zoë", "%2F", "a:b;c", "'quoted\"", "<i>x</i>", "..", "ann@example.com"),
)


@pytest.fixture(scope="module")
def hostile(morning, tmp_path_factory):
    """A copy of the warehouse in which everything shown is hostile."""
    database = tmp_path_factory.mktemp("hostile") / "ware.house, 1.db"
    morning.query("vacuum into ?", str(database))
    with closing(sqlite3.connect(database)) as db:
        for number, text in enumerate(HOSTILE):
            db.execute(
                "insert into rpt_sales_team_monthly (team_month_id, sales_month,"
                " store_id, salesperson_id, full_name, sale_count, total_cents)"
                " values (?, '2025-05', ?, null, ?, 1, 1)",
                [str(number), text, text],
            )
            db.execute(
                "insert into dim_prospective_orgs (org_id, version_number, valid_from,"
                " is_current, source_register, company, city, state_key, _row_id,"
                " _file_id) values"
                " (?, 1, '2025-01-01T00:00:00.000000Z', 1, 'nv', ?, ?, '', 1, 1)",
                [text, text, text],
            )
        db.execute(
            "update rpt_data_quality_rules set example_value = ?,"
            " example_file_name = ?, column_name = ?",
            [HOSTILE[1], HOSTILE[0], HOSTILE[4]],
        )
        db.execute("update rpt_data_quality set worst_rule = ?", [HOSTILE[0]])
        names = [*HOSTILE, *NO_LINKS, "https://example.com/?a=1"]
        for number, name in enumerate(names):
            sql = "update dim_companies set company_name = ?, domain = ?"
            db.execute(f"{sql} where company_id = 'C{number + 20}'", [name, name])
        for number, key in enumerate(AWKWARD):
            for table in ("dim_companies", "fct_opportunities", "dim_contacts"):
                db.execute(
                    f"update {table} set company_id = ? where company_id = ?",
                    [key, f"C{number}"],
                )
        db.commit()
    return settings.load(None, database)


@pytest.fixture(scope="module")
def address(hostile):
    """Where it is served with personal data: what is masked shows nothing hostile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(masks.VARIABLE, masks.SHOWN)
        with screenshots.served(hostile) as address:
            yield address


@pytest.fixture
def page(address):
    if screenshots.browser() is None:
        pytest.skip("no Chromium or Chrome on the path")
    return lambda path: screenshots.look(address + path, "--dump-dom").decode()


def names_of(address) -> str:
    """The path of the database, as the home page links to it."""
    with urlopen(address) as answer:  # noqa: S310 (our own)
        (found,) = re.findall(r'href="(/[^"/]+)">All tables', answer.read().decode())
    return html.unescape(found)


def get(address: str, path: str, host: str | None = None) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(urlsplit(address).netloc)
    connection.putrequest("GET", path, skip_host=True)
    if host is not None:
        connection.putheader("Host", host)
    connection.endheaders()
    return connection.getresponse()


@pytest.mark.long
@pytest.mark.parametrize("name", ["sales", "prospects", "data_quality"])
def test_dashboards_show_what_they_do_not_run(page, name):
    text = page(f"/-/dashboards/{name}")
    assert "<title>7" not in text
    shown = html.unescape(re.sub(r"<[^>]*>", "", text))
    expected = HOSTILE if name != "data_quality" else HOSTILE[:2]
    assert [hostile for hostile in expected if hostile not in shown] == []
    assert "<script" not in text.partition("<main")[2].partition("</main>")[0]


@pytest.mark.long
@pytest.mark.parametrize(
    "path",
    [
        "/dim_companies?_size=max&_facet=company_name&_sort=company_name",
        "/dim_companies/C21",
        "?sql=select+company_name,+domain+from+dim_companies",
        "/rpt_data_quality_rules?_labels=on",
    ],
)
def test_tables_show_what_they_do_not_run(page, address, path):
    text = page(names_of(address) + path)
    assert "<title>7" not in text
    assert re.search(r"onload|onerror", html.unescape(text))
    for target in re.findall(r'<a [^>]*href="([^"]*)"', text):
        assert re.match(r"[/?.#]|https?://", html.unescape(target)), target


@pytest.mark.long
def test_a_script_that_came_with_the_data_may_not_run(address):
    """Also if something shows it unescaped: a script needs what a template has."""
    answers = [get(address, "/", "localhost") for _ in range(2)]
    policies = [answer.headers["content-security-policy"] for answer in answers]
    assert policies[0] != policies[1]
    scripts = re.search(r"script-src ([^;]*)", policies[0])[1]
    nonce = re.fullmatch(r"'nonce-([\w-]{20,})'", scripts)[1]
    page = answers[0].read().decode()
    ours = re.findall(r"<script[^>]*>", page)
    assert all(f'nonce="{nonce}"' in script for script in ours)
    assert "default-src 'none'" in policies[0]
    assert "frame-ancestors 'none'" in policies[0]
    assert answers[0].headers["x-frame-options"] == "DENY"
    assert answers[0].headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "host, status",
    [
        ("127.0.0.1", 200),
        ("127.0.0.1:8001", 200),
        ("localhost:9", 200),
        ("LOCALHOST", 200),
        ("[::1]:8001", 200),
        ("evil.example", 421),
        ("evil.example:8001", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost.evil.example:8001", 421),
        ("evil.example/@127.0.0.1", 421),
        ("127.0.0.2", 421),
        ("10.0.0.1", 421),
        ("[::1].evil.example", 421),
        ("", 421),
    ],
)
def test_other_names_are_not_answered(address, hostile, host, status):
    sql = quote("select email from dim_contacts where email is not null")
    for path in ("/", f"{names_of(address)}.json?sql={sql}", "/-/own/explore.css"):
        answer = get(address, path, host)
        assert (answer.status, host) == (status, host)
        assert (b"example.com" in answer.read()) <= (status == 200)


@pytest.mark.parametrize("key", AWKWARD)
def test_links_lead_to_every_identifier(address, key):
    """From the page of a deal, and from the list of deals, to its company."""

    def ask(path: str) -> str:
        asked = quote(html.unescape(path), safe="/~%+?=&")  # as a browser does
        with urlopen(address + asked) as answer:  # noqa: S310 (our own)
            return answer.read().decode()

    base = names_of(address)
    filtered = f"{base}/fct_opportunities?company_id={quote(key, safe='')}"
    listed = re.findall(r'href="([^"]*/dim_companies/[^"]*)"', ask(filtered))
    (deal,) = re.findall(r'href="([^"]*/fct_opportunities/[^"?]*)"', ask(filtered))
    single = re.findall(r'href="([^"]*/dim_companies/[^"]*)"', ask(deal))
    assert len(listed) == len(single) == 1
    for link in (listed[0], single[0]):
        company = ask(link)
        shown = re.search(r'<td class="col-company_id[^>]*>(.*?)</td>', company, re.S)
        text = shown[1].partition('<a class="records"')[0]
        assert html.unescape(text).strip() == key


def test_what_it_writes_is_its_owners(hostile, tmp_path, parsed, monkeypatch):
    started = []
    monkeypatch.setattr(os, "execv", lambda *command: started.append(command[1]))
    monkeypatch.setenv("DBT_TARGET_PATH", str(parsed(tmp_path / "target")))
    with contextlib.suppress(AssertionError):
        main(["--db", str(hostile.database)])
    ((*_, command),) = [started]
    known = Path(command[command.index("--metadata") + 1])
    assert known.parent.parent == tmp_path / "target"
    assert known.stat().st_mode & 0o777 == 0o600
    assert known.parent.stat().st_mode & 0o777 == 0o700
