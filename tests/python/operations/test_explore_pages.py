"""The pages of explore: what the first one lists, and that everybody can read them."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
from contextlib import closing
from html import unescape
from urllib.request import urlopen

import pytest

from scripts import dbt_core, settings
from scripts.dashboards import names
from scripts.explore import known
from scripts.explore.__main__ import command_for, main
from scripts.explore.plugins.home import first_sentence
from scripts.morning import masks
from tools import screenshots

from .browsing import proxy, too_wide, violations, whole
from .test_explore import HOSTILE

PAGES = {
    "home": "/",
    "database": "/warehouse?_show_hidden=1",
    "table": "/warehouse/dim_companies?_facet=country_code&company_id__not=x",
    "view": "/warehouse/rpt_win_rate",
    "row": "/warehouse/ingest_files/1",
    "query": "/warehouse/stalled_deals",
    "sql": "/warehouse?sql=select+*+from+dim_contacts+where+contact_id+!=+:other",
    "error": "/warehouse/no_such_table",
}
DESK = {"list": "/review", "people": "/review/people", "boards": "/-/dashboards"}
BOARDS = [path.stem.lstrip("0123456789_") for path in names()]


@pytest.fixture(scope="module")
def address(morning):
    with screenshots.served(morning.settings) as address:
        yield address


def read(address: str) -> str:
    with urlopen(address) as answer:  # noqa: S310 (our own)
        return answer.read().decode()


# -- what they show ----------------------------------------------------------------


def test_home_lists_domains_with_their_pages_questions_and_tables(morning, address):
    text = read(address)
    domains = {
        p.parent.name for p in (settings.PROJECT / "models/marts").glob("*/*.sql")
    }
    assert set(re.findall(r'<h2 id="(\w+)"', text)) == domains
    models = {
        path.stem: path.parent.name
        for path in (settings.PROJECT / "models/marts").glob("*/*.sql")
    }
    assert set(re.findall(r'<h2 id="(\w+)"', text)) == set(models.values())
    tables = {
        n
        for (n,) in morning.query("select name from sqlite_master where type = 'table'")
    }
    for section in re.split("<section", text)[1:]:
        domain = re.search(r'<h2 id="(\w+)"', section)[1]
        listed = re.findall(r'href="/warehouse/(\w+)">\1</a>', section)
        expected = [n for n, d in models.items() if d == domain and n in tables]
        assert listed == sorted(expected)
    queries = {p.stem for p in (settings.PROJECT / "analyses").glob("*.sql")}
    linked = set(re.findall(r'href="/warehouse/(\w+)"', text))
    assert linked == queries | (tables & set(models))
    assert "Which open deals has nobody worked on?</a>" in text
    assert "What is open, how it moved" in text
    boards = re.findall(r'href="/-/dashboards/(\w+)"', text)
    assert "pipeline" in boards
    assert len(boards) == len(set(boards)) <= len(names())


def test_home_says_how_many_rows_there_are(morning, address):
    ((count,),) = morning.query("select count(*) from dim_companies")
    found = re.search(r">dim_companies</a>\s*<span[^>]*>([\d,]+) rows", read(address))
    assert found[1] == f"{count:,}"


def test_staging_seeds_and_views_are_a_link_away(address):
    hidden = ("stg_crm__contacts", "int_contacts__clustered", "bronze_crm__contacts")
    for path in ("/", "/warehouse"):
        text = read(address + path)
        for name in (*hidden, "rpt_contact_review", "opportunity_stages"):
            assert f"/{name}" not in text
    text = read(f"{address}/warehouse?_show_hidden=1")
    for name in (*hidden, "rpt_contact_review", "opportunity_stages"):
        assert f'href="/warehouse/{name}"' in text
    names = {t["name"] for t in json.loads(read(f"{address}/warehouse.json"))["tables"]}
    assert "dim_companies" in names
    assert not names & {*hidden, "rpt_contact_review"}


@pytest.mark.long
def test_every_table_query_and_view_has_a_page(morning, address):
    text = read(f"{address}/warehouse?_show_hidden=1")
    paths = re.findall(r'href="(/warehouse/\w+)"', text)
    queries = len(list((settings.PROJECT / "analyses").glob("*.sql")))
    ((count,),) = morning.query(
        "select count(*) from sqlite_master where type in ('table', 'view')"
    )
    assert len(paths) == count + queries
    shown = [path for path in paths if "stg_" not in path and "int_" not in path]
    for path in shown:
        assert "<h1>" in read(address + path)


def test_descriptions_and_sql_are_folded(address):
    for path in (PAGES["table"], PAGES["query"], PAGES["view"]):
        text = read(address + path)
        unfolded = re.sub(r"<details.*</details>", "", text, flags=re.DOTALL)
        assert "Name of the company." not in unfolded
        assert "select" not in re.sub("<select.*?</select>", "", unfolded, flags=re.S)
        assert re.search(r"<details[^>]*><summary>SQL</summary><pre", text)


def test_the_values_of_a_column_can_be_counted(morning, address):
    text = read(f"{address}/warehouse/fct_opportunities?_facet=is_won")
    sql = "select is_won, count(*) from fct_opportunities where is_won >= 0 group by 1"
    card = text.partition('id="facet-is_won"')[2].partition("</section>")[0]
    found = re.findall(r">(\d)</a> <span[^>]*>([\d,]+)<", card)
    shown = {int(value): int(count) for value, count in found}
    assert shown == dict(morning.query(sql))


@pytest.mark.parametrize(
    "text, first",
    [
        ("What is sold? One row per sale.", "What is sold?"),
        ("Rows of `dim_x`, i.e. all.", "Rows of dim_x, i.e."),
        ("No end", "No end"),
        ("", ""),
    ],
)
def test_one_line_is_the_first_sentence(text, first):
    assert first_sentence(text) == first


# -- for everybody -----------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", [page for page in PAGES if page != "error"])
def test_axe_finds_nothing(address, tmp_path, page, scheme):
    if screenshots.browser() is None:
        pytest.skip("no Chromium or Chrome on the path")
    text = whole(address, PAGES[page], scheme)
    assert violations(text, 1280 if scheme == "light" else 500, tmp_path) == ""


@pytest.mark.long
@pytest.mark.parametrize("path", [*DESK.values(), *BOARDS])
def test_axe_finds_nothing_on_desk_and_boards(address, tmp_path, path):
    if screenshots.browser() is None:
        pytest.skip("no Chromium or Chrome on the path")
    is_dark = path in BOARDS[::2]
    path = path if path.startswith("/") else f"/-/dashboards/{path}"
    text = whole(address, path, "dark" if is_dark else "light")
    assert violations(text, 500 if is_dark else 1280, tmp_path) == ""


@pytest.mark.long
@pytest.mark.parametrize(
    "path",
    [
        *(path for page, path in PAGES.items() if page != "error"),
        *DESK.values(),
        "/-/dashboards/pipeline",
        "/-/dashboards/identity",
        "/-/dashboards/operations",
    ],
)
def test_nothing_is_wider_than_a_telephone(address, tmp_path, path):
    if screenshots.browser() is None:
        pytest.skip("no Chromium or Chrome on the path")
    assert too_wide(whole(address, path), tmp_path) == "390"


@pytest.mark.parametrize("page", PAGES)
def test_pages_have_what_readers_need_and_no_script(address, page):
    try:
        text = read(address + PAGES[page])
    except OSError as error:
        text = error.read().decode()
    assert '<html lang="en">' in text
    assert 'name="viewport" content="width=device-width, initial-scale=1"' in text
    assert text.count("<h1") == 1
    assert "<script" not in text
    for path in ("/", "/-/dashboards", "/review", "/findings"):
        assert f'<li><a href="{path}"' in text
    labelled = set(re.findall(r'<label for="([^"]*)"', text))
    inputs = re.findall(r"<(?:input|select|textarea)\b[^>]*>", text)
    for field in inputs:
        kind = re.search(r'type="(\w+)"', field)
        if kind and kind[1] in ("hidden", "submit", "checkbox"):
            continue
        name = re.search(r' id="([^"]*)"', field)
        assert "aria-label" in field or (name and name[1] in labelled), field


# -- safety in a browser -----------------------------------------------------------


@pytest.mark.long
def test_no_page_asks_another_machine(morning, tmp_path):
    """Whatever came with the data: a browser asks its proxy for all but this one."""
    if screenshots.browser() is None:
        pytest.skip("no Chromium or Chrome on the path")
    database = tmp_path / "warehouse.db"
    morning.query("vacuum into ?", str(database))
    outside = "http://outside.example/x.png"
    values = (
        *HOSTILE,
        f'<img src="{outside}">',
        f"url({outside})",
        outside,
        f'"><link rel=stylesheet href="{outside}">',
        "file:///etc/hosts",
    )
    with closing(sqlite3.connect(database)) as db:
        for number, value in enumerate(values):
            sql = (
                "update dim_companies set company_name = ?, domain = ? where rowid = ?"
            )
            db.execute(sql, [value, value, number + 1])
        db.commit()
    with pytest.MonkeyPatch.context() as patch, proxy() as (place, asked):
        patch.setenv(masks.VARIABLE, masks.SHOWN)
        options = (f"--proxy-server={place}", "--dump-dom")
        with screenshots.served(settings.load(None, database)) as address:
            paths = (
                "/",
                "/warehouse/dim_companies?_facet=domain&_size=max",
                "/warehouse?sql=select+company_name,domain+from+dim_companies",
                "/-/dashboards/pipeline",
            )
            for path in paths:
                text = screenshots.look(address + path, *options).decode()
                assert "<title>7" not in text
        assert [line for line in asked if "outside" in line] == []
        (tmp_path / "asks.html").write_text(f'<img src="{outside}">')
        screenshots.look((tmp_path / "asks.html").as_uri(), *options)
        assert [line for line in asked if "outside" in line] != []
        others = {line for line in asked if "google" not in line}
    assert others == {line for line in others if "outside.example" in line}


# -- what is kept between starts ---------------------------------------------------


def test_dbt_is_asked_once_for_a_state_of_the_project(
    morning, parsed, tmp_path, monkeypatch
):
    monkeypatch.setenv("DBT_TARGET_PATH", str(parsed(tmp_path / "target")))
    chosen = morning.settings
    assert known.kept(chosen) is None
    command_for(chosen, 1)
    found = known.kept(chosen)
    assert found["queries"]["stalled_deals"]["params"] == ["stalled_after_days"]
    monkeypatch.setattr(dbt_core, "run", None)
    command_for(chosen, 1)  # asks nobody
    file = settings.PROJECT / "models" / "docs.md"
    state = file.stat()
    monkeypatch.setattr(
        known, "_files", lambda: iter([file, settings.PROJECT / "profiles.yml"])
    )
    assert known.kept(chosen) is None  # other files
    assert state == file.stat()


def test_a_run_keeps_what_it_knows(morning, manifest, tmp_path, monkeypatch):
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path / "target"))
    known.keep(morning.settings, manifest)
    found = known.kept(morning.settings)
    assert found["tables"]["dim_companies"]["domain"] == "crm"
    assert 'from "rpt_win_rate"' in found["queries"]["win_rate_by_month"]["sql"]
    assert found["queries"]["mrr_by_month"]["domain"] == "commerce"
    (tmp_path / "target" / "explore" / "project.json").write_text("{", "utf-8")
    assert known.kept(morning.settings) is None
    known.keep(morning.settings, None)  # nothing is known, and nothing raised
    assert known.kept(morning.settings) is None


def test_names_in_addresses_are_text(address):
    text = unescape(read(f"{address}/warehouse/dim_companies?company_id=%3Cb%3E"))
    assert "<b>" in text
    assert "<b>" not in read(f"{address}/warehouse/dim_companies?company_id=%3Cb%3E")


def test_home_says_whose_data_it_shows_and_until_when(morning, address):
    ((newest,),) = morning.query("select max(loaded_at) from fct_ingest_files")
    page = read(f"{address}/")
    assert f"files until {newest[:10]} {newest[11:16]} UTC" in page
    assert "Samples" not in page
    sql = "select+1401470.51+as+amount,+2.5+as+price,+1234567.891+as+x,+0.125+as+y"
    cells = read(f"{address}/warehouse?sql={sql}")
    for shown in ("1,401,470.51", "2.50", "1,234,567.89", "0.125"):
        assert f">{shown}<" in cells
    sql = "select+123456+as+amount_cents,+1.5+as+fee,+'EUR'+as+currency_code,"
    cells = read(f"{address}/warehouse?sql={sql}+'JPY'+as+fee_currency_code")
    assert ">EUR 1,234.56<" in cells and ">JPY 1.50<" in cells


def test_a_port_in_use_leaves_the_rest_of_the_command(morning, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        given = ["--db", str(morning.database), "--personal", "--port", str(port)]
        assert main(given) == 3
    said = f'make explore DB={morning.database} ARGS="--port {port + 1} --personal"'
    assert said in capsys.readouterr().err
