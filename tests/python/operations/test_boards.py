"""Dashboards in explore: filters, the rows behind a figure, and nobody's name in them.
What is expected is counted in the files of `mornings.py`."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from scripts.clauses import bound
from scripts.dashboards import DASHBOARDS, DeclarationError
from scripts.explore import boards
from scripts.morning import masks
from tests.python.adding_up import add_up

BASE = "/-/dashboards"
HOSTILE = '"><script>document.title=7</script>'


@pytest.fixture(scope="module")
def database(morning, tmp_path_factory) -> Path:
    """A copy of the warehouse in which every deal has one of two owners."""
    database = tmp_path_factory.mktemp("boards") / "copy.db"
    morning.query("vacuum into ?", str(database))
    with closing(sqlite3.connect(database)) as db:
        for owner in ("ada", "ben"):
            db.execute(
                "insert into dim_owners (owner_id, owner_name, owner_label,"
                " is_delivered, source_name, instance_name, _row_id, _file_id)"
                f" values ('hs:{owner}', '{owner} Quill', '{owner} Quill', 1, 'crm',"
                " 'crm', 1, 1)"
            )
        db.execute(
            "update fct_opportunities set owner_id ="
            " case when cast(substr(opportunity_id, 2) as int) % 3 = 0"
            " then 'hs:ada' else 'hs:ben' end"
        )
        db.commit()
    return database


@pytest.fixture(scope="module")
def deals(morning) -> dict[str, dict]:
    """The deals of both files, by identifier."""
    found = {}
    for name in ("good/crm/opportunities.json", "bad/crm/opportunities_2.json"):
        text = (morning.database.parent / name).read_text()
        found |= {deal["id"]: deal for deal in json.loads(text)}
    return found


def page(database: Path, name: str, **asked: str) -> boards.Page:
    return boards.board(database, name, BASE, asked)


def metric(shown: boards.Page, title: str) -> str:
    """What a figure says, its words alone."""
    body = re.search(rf"<dt>{re.escape(title)}</dt><dd[^>]*>(.*?)</dd>", shown.body)[1]
    return re.sub("<[^>]*>", "", body)


def behind(database: Path, shown: boards.Page, title: str) -> boards.Page:
    """The rows that the link of a figure leads to."""
    found = re.search(
        rf'<dt>{re.escape(title)}</dt><dd[^>]*><a href="(.*?)"', shown.body
    )
    return rows(database, unescape(found[1]))


def rows(database: Path, address: str) -> boards.Page:
    parts = urlsplit(address)
    name, chart = re.fullmatch(rf"{BASE}/(\w+)/(\w+)/rows", parts.path).groups()
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    path = "/w/{}/{}".format
    return boards.rows(database, name, chart, BASE, asked, path)


def options(shown: boards.Page, name: str) -> list[str]:
    field = shown.form.partition(f'name="{name}"')[2].partition("</select>")[0]
    return [unescape(value) for value in re.findall('value="([^"]+)"', field)]


def is_open(deal: dict) -> bool:
    return not deal["stage"].startswith("Closed")


def test_an_owner_can_be_chosen_though_the_name_is_masked(database, deals):
    whole = page(database, "pipeline")
    values = options(whole, "owner")[:-1]  # without nobody
    assert len(values) == 2
    counts = {0: 0, 1: 0}
    for key, deal in deals.items():
        counts[int(key[1:]) % 3 > 0] += is_open(deal)
    found = []
    for value in values:
        shown = page(database, "pipeline", owner=value)
        assert "Quill" not in shown.body + shown.form and "hs:" not in shown.body
        found.append(int(metric(shown, "Open deals")))
        listed = behind(database, shown, "Open deals")
        assert f"<strong>{found[-1]} rows</strong>" in listed.body
        assert "Quill" not in listed.body + listed.description
        assert re.search("Of Owner: masked-", listed.description)
    assert sorted(found) == sorted(counts.values())
    assert sum(found) == int(metric(whole, "Open deals"))


def test_nobody_can_be_chosen_as_owner(morning, tmp_path):
    place = tmp_path / "warehouse.db"
    morning.query("vacuum into ?", str(place))
    with closing(sqlite3.connect(place)) as db:
        sql = "select count(*) from fct_opportunities where is_closed is not true"
        db.execute("update fct_opportunities set owner_id = null")
        db.execute(
            "update fct_opportunities set owner_id = 'ada' where opportunity_id in"
            " (select opportunity_id from fct_opportunities"
            " where is_closed is not true limit 1)"
        )
        db.commit()
        ((deals,),) = db.execute(sql)
    nobody = page(place, "pipeline", owner="None")
    assert metric(nobody, "Open deals") == str(deals - 1) != "0"


def test_names_are_in_the_form_if_the_setting_says_so(database, monkeypatch):
    monkeypatch.setenv(masks.VARIABLE, masks.SHOWN)
    shown = page(database, "pipeline", owner="hs:ada")
    assert options(shown, "owner") == ["hs:ada", "hs:ben", "None"]
    assert '<option value="hs:ada" selected>ada Quill</option>' in shown.form


def test_a_period_is_of_days_and_both_are_in_it(morning, database):
    calls: dict[str, dict] = {}
    for name in ("good/crm/activities.json", "bad/crm/activities_2.json"):
        text = (morning.database.parent / name).read_text()
        calls |= {call["id"]: call for call in json.loads(text)}
    days = sorted({call["timestamp"][:10] for call in calls.values()})
    first = days[0]
    expected = sum(call["timestamp"][:10] == first for call in calls.values())
    asked = {"from": first, "to": first}
    shown = page(database, "activity", **asked)
    assert metric(shown, "Activities") == str(expected)
    assert 0 < expected < len(calls)
    before = page(database, "activity", to="1999-12-31")
    assert metric(before, "Activities") == "0"
    assert "Nothing yet." in before.body


def test_what_is_not_filtered_says_so(database):
    value = options(page(database, "morning"), "owner")[0]
    body = page(database, "morning", owner=value, source="crm").body
    files = body.partition("<dt>Files landed</dt>")[2].partition("</div>")[0]
    assert "Not filtered by owner." in files
    new = body.partition("<dt>Deals new</dt>")[2].partition("</div>")[0]
    assert "Not filtered by source." in new
    assert "Not filtered" not in page(database, "morning").body


def test_charts_of_daily_lists_follow_the_state(morning):
    """Each state by itself, as the newest list has it; all of them are the whole."""
    whole = page(morning.database, "leads")
    newest = "select max(snapshot_date) from fct_lead_snapshots"
    by_state = dict(
        morning.query(
            "select state, count(*) from fct_lead_snapshots"
            f" where snapshot_date = ({newest}) group by 1"
        )
    )
    title = "Leads on the newest day"
    assert metric(whole, title) == str(sum(by_state.values()))
    states = options(whole, "state")
    assert states
    for state in states:
        shown = page(morning.database, "leads", state=state)
        expected = by_state.get(state, 0)
        assert metric(shown, title) == (str(expected) if expected else "Nothing yet")
        # what is of all systems, or of whole lists
        assert shown.body.count("Not filtered by state.") == 2


def test_a_figure_says_which_rows_it_is_of(database, deals):
    """A share of decided deals leads to them, and to how many were won."""
    shown = page(database, "pipeline")
    listed = behind(database, shown, "Win rate of decided deals")
    won = sum(deal["stage"] == "Closed Won" for deal in deals.values())
    lost = sum(deal["stage"] == "Closed Lost" for deal in deals.values())
    assert won and lost
    percent = f"{100 * won / (won + lost):.1f}".removesuffix(".0")
    assert metric(shown, "Win rate of decided deals") == f"{percent} %"
    assert re.search(rf"won {won} of {won + lost}: {percent}(\.0)? %", listed.body)
    rates = page(database, "owners").body.partition("Win rate by owner")[2]
    links = re.findall(r'href="([^"]*row_figure=lost[^"]*)">(\d+)', rates)
    assert sum(int(count) for _, count in links) == lost
    for link, count in links:
        found = rows(database, unescape(link))
        assert f"{count} row" in found.body and "figure: lost" in found.description


def test_what_one_end_of_a_period_filters_says_so_and_names_its_month(database):
    """By hand: the newest month until a day is not later than that day's."""
    asked = {"from": "2000-01-01", "to": "2099-12-31"}
    for given, said in [
        (asked, "Of the period (months) only the last day counts."),
        ({"to": asked["to"]}, ""),
        ({"from": asked["from"]}, "Not filtered by period (months)."),
    ]:
        body = page(database, "pipeline", **given).body
        card = body.partition("How the open amount moved")[2]
        card = card.partition('class="card')[0]
        assert ("Not filtered" in card or "only the" in card) is bool(said)
        assert said in card
        assert re.match(r", newest month with movement: 20\d\d-\d\d</h3?", card)


@pytest.mark.parametrize(
    "asked, problem",
    [
        ({"owner": HOSTILE}, "none of the choices"),
        ({"owner": "hs:ada"}, "none of the choices"),  # masked: nobody can try
        ({"from": "2025-02-30"}, "is no day"),
        ({"to": HOSTILE}, "is no day"),
        ({"from": "2025-02-02", "to": "2025-02-01"}, "is before"),
        ({"nonsense": "1"}, "no filter of this page"),
        ({"currency": "USD' or 1=1 --"}, "none of the choices"),
    ],
)
def test_what_cannot_be_chosen_is_one_line(database, deals, asked, problem):
    shown = page(database, "pipeline", **asked)
    (line,) = shown.problems
    assert problem in line
    assert metric(shown, "Open deals") == str(sum(map(is_open, deals.values())))
    assert "<script" not in shown.body + shown.form
    assert "Clear" not in shown.form  # nothing is chosen


def test_a_row_leads_to_its_file_and_line(morning, database, deals):
    shown = behind(database, page(database, "pipeline"), "Open deals")
    links = dict(
        re.findall(
            r'<a href="(/w/bronze_crm__opportunities/\d+)">(.*?)</a>', shown.body
        )
    )
    assert len(links) == sum(map(is_open, deals.values()))
    for link, text in links.items():
        ((file, line, key),) = morning.query(
            "select file_name, _line, bronze.id"
            " from bronze_crm__opportunities as bronze"
            " join fct_ingest_files as files on files.file_id = bronze._file_id"
            " where bronze._row_id = ?",
            link.rsplit("/", 1)[1],
        )
        assert text == f"{file} line {line}"
        assert is_open(deals[key])


def test_many_rows_have_pages(database, monkeypatch):
    monkeypatch.setattr(boards, "PAGE", 25)
    shown = page(database, "activity")
    first = behind(database, shown, "Activities")
    assert "<strong>40 rows</strong>" in first.body
    assert "Previous" not in first.body
    (link,) = re.findall(r'<a href="([^"]*)">Next page', first.body)
    second = rows(database, unescape(link))
    assert "Next" not in second.body and "Previous page" in second.body
    assert second.body.count("<tr>") - 1 == 15
    for odd in ("0", "-1", "x", "9" * 30):
        rows(database, f"{BASE}/activity/activities/rows?_page={odd}")


ENDLESS = """
title: Endless
charts:
  one:
    library: table
    query: with recursive n (x) as (select 1 union all select x + 1 from n)
      select count(*) from n
"""


def test_a_query_that_takes_too_long_is_ended(database, tmp_path, monkeypatch):
    (tmp_path / "1_endless.yml").write_text(ENDLESS)
    (tmp_path / "2_broken.yml").write_text("charts: [")
    monkeypatch.setattr(boards, "names", lambda: sorted(tmp_path.iterdir()))
    monkeypatch.setattr(boards, "SECONDS", 0.1)
    shown = page(database, "endless")
    assert "Cannot be answered: the query takes too long" in shown.body
    assert len(shown.problems) == 1
    notes = {board.name: board.note for board in boards.listed(database)}
    assert notes["endless"] == ""
    assert "2_broken.yml" in notes["broken"]
    with pytest.raises(DeclarationError):
        page(database, "broken")


@pytest.mark.parametrize("name", ["nowhere", "..", "1_pipeline", HOSTILE])
def test_there_is_no_other_page(database, name):
    with pytest.raises(boards.UnknownError):
        page(database, name)
    with pytest.raises(boards.UnknownError):
        boards.rows(database, "pipeline", name, BASE, {}, "{}{}".format)


def test_values_are_bound_and_clauses_without_one_are_left_out():
    query = "select 1 [[ where a = :a ]] [[ and b between :from and :to ]]"
    assert bound(query, {}) == ("select 1  ", {})
    sql, values = bound(query, {"a": HOSTILE, "from": 1})
    assert (sql.split(), values) == (
        ["select", "1", "where", "a", "=", ":a"],
        {"a": HOSTILE},
    )
    assert bound("select ':x', a::text, '10:30'", {"x": 1})[1] == {}


def test_rows_of_leads_and_prospects_add_up(morning):
    with closing(sqlite3.connect(morning.database)) as db:
        assert add_up(db, DASHBOARDS / "3_leads.yml")["count"] > 0
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute(
            "create table rpt_new_prospects (org_id, source_register, company, city,"
            " state, phone, capacity, license_status, certificate_expiration_date,"
            " ages_served)"
        )
        db.execute(
            "create table dim_prospective_orgs (org_id, is_current, _file_id, _row_id)"
        )
        db.executemany(
            "insert into rpt_new_prospects values (?, ?, 'x', 'y', ?, ?, ?, ?, ?, '')",
            [
                ("1", "nv", "NV", "+1", 12, "Active", "2025-01-31"),
                ("2", "nv", "NV", None, None, None, None),
                ("3", "ok", "OK", "+2", 7, "Active", "2024-12-01"),
                ("4", "ok", None, "+3", None, "Lapsed", "2025-04-30"),
            ],
        )
        # two versions of one
        db.executemany(
            "insert into dim_prospective_orgs values (?, ?, 1, ?)",
            [("1", 0, 1), ("1", 1, 2), ("3", 1, 3)],
        )
        kinds = add_up(db, DASHBOARDS / "4_prospects.yml")
    assert kinds["count"] > 20 and kinds["summed"] > 1
