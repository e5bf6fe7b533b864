"""The morning page: its figures by SQL and by reading the files, and that nothing that
came with the data does anything in it. What is expected was worked out from
`mornings.py`."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from scripts import settings
from scripts.dashboards import DASHBOARDS, names, read
from scripts.ingest.clock import VARIABLE as CLOCK
from scripts.morning import masks
from scripts.morning.write import place, write
from scripts.run.__main__ import main as run
from scripts.warehouse import opened
from tools import screenshots

from .browsing import violations
from .mornings import BAD_DAY, GOOD_DAY
from .pages import Shown
from .test_explore import HOSTILE, NO_LINKS, RUN

RULES = """
select rule from fct_row_errors
where loaded_at >= ? and cause_finding_id is null
"""


@pytest.fixture(scope="module")
def page(morning) -> Shown:
    """The page that the second run wrote."""
    return Shown(written_by_run(morning))


def written_by_run(morning) -> Path:
    return morning.database.with_suffix(".report.html")


def copied(morning, folder: Path, *changes: str) -> settings.Settings:
    """A copy of the warehouse with a data folder of its own, changed."""
    database = folder / "copy.db"
    morning.query("vacuum into ?", str(database))
    with closing(sqlite3.connect(database)) as db:
        for change in changes:
            db.execute(change)
        db.commit()
    loaded = settings.load(None, database)
    return settings.Settings(loaded.target, folder / "data", loaded.database)


def written(chosen: settings.Settings, **options) -> Shown:
    path = write(chosen, **options)
    assert path == place(chosen)
    return Shown(path)


def board(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


# -- figures ----------------------------------------------------------------------


def deals(folder: Path) -> dict[str, dict]:
    return {row["id"]: row for row in json.loads(folder.read_text())}


def test_what_became_of_deals_is_counted_from_the_files(morning, page):
    """O10 is won, O11 lost, O12 and O1 move, O40 is new, O13 and O0 have another
    amount; of the others the name has changed. O2 is marked as closed, but in a stage
    that is open: that counts."""
    files = morning.database.parent
    before = deals(files / "good/crm/opportunities.json")
    now = deals(files / "bad/crm/opportunities_2.json")
    kinds = Counter()
    for key, deal in now.items():
        if key not in before:
            kinds["new"] += 1
        elif deal["stage"].startswith("Closed"):
            kinds["won" if deal["stage"] == "Closed Won" else "lost"] += 1
        elif deal["stage"] != before[key]["stage"]:
            kinds["moved"] += 1
        elif deal["amount"] != before[key]["amount"]:
            kinds["revalued"] += 1
        else:
            kinds["edited"] += 1
    assert sum(kinds.values()) == len(now) == 40
    metrics = page.sections["This morning"].metrics
    assert metrics["Deals new"] == str(kinds["new"]) == "1"
    assert metrics["Deals won"] == str(kinds["won"]) == "1"
    assert metrics["Deals lost"] == str(kinds["lost"]) == "1"
    assert metrics["Deals in another stage"] == str(kinds["moved"]) == "2"
    rows = page.sections["This morning"].cards["What became of deals, by currency"].rows
    shown = {row["what"]: row for row in rows}
    assert {what: int(row["deals"]) for what, row in shown.items()} == kinds
    assert {row["currency"] for row in rows} == {"USD"}
    assert shown["won"]["amount"] == "1,500.50"
    assert shown["revalued"]["amount"] == "2,495.25"  # -5 and 2,500.25
    assert {row["without amount"] for row in rows} == {"0"}
    largest = page.sections["This morning"].cards["Largest of each kind and currency"]
    stages = {(row["what"], row["stage"]) for row in largest.rows}
    assert ("won", "Proposal → Closed Won") in stages
    assert ("moved", "Proposal → Hibernation") in stages


def test_files_and_findings_of_the_day_are_counted(morning, page):
    section = page.sections["This morning"]
    assert section.metrics["Newest day with files"] == (f"{BAD_DAY} against {GOOD_DAY}")
    assert section.metrics["Files landed"] == "4"  # contacts, deals, calls, leads
    assert section.metrics["Files refused"] == "1"
    ((name,),) = morning.query(
        "select file_name from ingest_files where status = 'refused'"
    )
    assert section.cards["Files refused"].rows == [
        {"file": f"crm/{name}", "reason": "required column name is missing (…)"}
    ]
    came = section.cards["Files that came"].rows
    expected = morning.query(
        "select source_name, table_name, count(*), sum(landed_count),"
        " sum(rejected_count) from ingest_files"
        " where status = 'landed' and loaded_at >= ? group by 1, 2 order by 1, 2",
        BAD_DAY,
    )
    assert [tuple(row.values()) for row in came] == [
        tuple(map(str, row)) for row in expected
    ]
    assert "Nothing is overdue" in section.cards["Deliveries overdue"].text
    rules = Counter(rule for (rule,) in morning.query(RULES, BAD_DAY))
    assert section.metrics["New findings, without what follows from others"] == str(
        sum(rules.values())
    )
    shown = Counter()
    for row in section.cards["New findings"].rows:
        shown[row["rule"]] += int(row["findings"])
    assert shown == rules
    (line,) = [
        row
        for row in section.cards["New findings"].rows
        if row["rule"] == "email_malformed"
    ]
    assert (line["file"], line["line"]) == ("contacts_2.csv", "2")


def test_quality_by_source_has_owner_trend_and_limit(morning, page):
    rows = (
        page.sections["This morning"]
        .cards["Quality by source, in percent of the values"]
        .rows
    )
    expected = dict(
        morning.query(
            "select source_name, score from rpt_data_quality"
            " where level = 'source' and is_latest"
        )
    )
    assert {row["source"]: float(row["score"]) for row in rows} == expected
    assert {row["source"]: row["responsible"] for row in rows} == {
        "crm": "Sales operations",
        "leads": "Marketing",
    }
    for row in rows:
        (score,), (before,) = morning.query(
            "select score from rpt_data_quality where level = 'source'"
            " and source_name = ? order by delivery_day desc limit 2",
            row["source"],
        )
        assert (float(row["score"]), float(row["before"])) == (score, before)
        change = float(row["change"].replace("−", "-"))
        assert change == pytest.approx(score - before)
        limits = (float(row["limit"]), row["status"])
        assert limits == (95, "fail" if score < 80 else "warn")


def test_figures_of_the_pages_are_those_of_the_files(morning, page):
    """Deals by reading the JSON, activities too: what is held is a conversation."""
    files = morning.database.parent
    before = deals(files / "good/crm/opportunities.json")
    now = before | deals(files / "bad/crm/opportunities_2.json")
    open_ = [d for d in now.values() if not d["stage"].startswith("Closed")]
    pipeline = page.sections["Pipeline"].metrics
    assert pipeline["Open deals"] == str(len(open_)) == "39"
    total = sum(float(deal["amount"]) for deal in open_)
    assert pipeline["Open amount"] == f"USD {round(total):,}"
    assert pipeline["Open deals without amount, in no total"] == "0"
    assert pipeline["Win rate of decided deals"] == "50 %"
    calls = deals(files / "bad/crm/activities_2.json")
    activity = page.sections["Activity"].metrics
    assert activity["Activities"] == str(len(deals(files / "good/crm/activities.json")))
    held = [c for c in calls.values() if c["outcome"] == "Completed"]
    assert {call["type"] for call in calls.values()} == {"call"}
    later = [call for call in held if call["timestamp"] > BAD_DAY]
    assert len(later) == 1  # A0, of 2031
    # A2 came the day before; the file names A3 in its place once more
    assert activity["Conversations held"] == str(40 - len(later))
    assert activity[
        "Activities in no chart, undated or later than the newest file"
    ] == ("1")


def test_the_title_says_when_and_of_what(morning, page):
    assert page.title == (
        f"Tuesday, 3 June 2025: warehouse.db, files until {BAD_DAY} 06:30 UTC"
    )
    assert ("html", {"lang": "en"}) in page.tags
    sections = [*page.sections]
    assert sections[0] == "This morning"
    assert set(sections) >= {
        *(
            "Pipeline",
            "Activity",
            "Lead quality",
            "Prospects",
            "Sales",
            "Money of shops",
        ),
        *("Owners", "Data quality"),
    }
    assert "Nothing yet." in page.sections["Sales"].text
    assert "Nothing wrong" in page.sections["Data quality"].text


# -- safety -------------------------------------------------------------------------


def test_the_page_asks_for_nothing_and_is_its_owners(morning, page):
    path = written_by_run(morning)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.stat().st_size < 1_500_000
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "form", "base"}
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on")], tag
        assert not {"src", "srcset", "xlink:href", "style"} & set(attributes), tag
        assert re.match(r"#page-\d+$", attributes.get("href", "#page-1")), tag
    (policy,) = [a["content"] for t, a in page.tags if a.get("http-equiv")]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")


@pytest.fixture(scope="module")
def hostile(morning, tmp_path_factory) -> settings.Settings:
    """A warehouse in which every text that the page shows is hostile."""
    texts = [*HOSTILE, *NO_LINKS, "{{7*7}}", "'\"><b>", "\x1b[2J\u202e", "=1+1"]
    lines = []
    for number, text in enumerate(texts):
        value = "'" + text.replace("'", "''") + "'"
        lines += [
            f"update fct_opportunities set opportunity_name = {value}, stage = {value}"
            f" where opportunity_id = 'O{number}'",
            f"update fct_activities set outcome = {value}, activity_type = {value}"
            f" where activity_id = 'A{number}'",
        ]
    first = "'" + HOSTILE[0].replace("'", "''") + "'"
    fourth = "'" + HOSTILE[4].replace("'", "''") + "'"
    lines += [
        f"update ingest_files set file_name = {first}, reason = {fourth}",
        f"update fct_ingest_files set file_name = {first}, reason = {fourth}",
        f"update fct_row_errors set file_name = {first}",
        f"update rpt_data_quality_rules set example_value = {fourth}",
        f"update rpt_data_quality set source_name = {first} where source_name = 'crm'",
        f"update dim_deal_stages set stage = {fourth}",
    ]
    return copied(morning, tmp_path_factory.mktemp("hostile"), *lines)


@pytest.mark.long
def test_what_was_delivered_is_shown_and_not_run(hostile, monkeypatch):
    monkeypatch.setenv(masks.VARIABLE, masks.SHOWN)
    shown = written(hostile)
    plain = " ".join(shown.text.split())
    for text in (*HOSTILE, *NO_LINKS, "{{7*7}}", r"\x1b[2J\u202e"):
        assert text in plain, text
    # everything but text is ours
    ours = {tag for tag, _ in Shown(write(hostile)).tags}
    assert not ours & {"script", "svg onload", "iframe", "img", "b", "details open"}
    attributes = {name for _, found in shown.tags for name in found}
    assert not {n for n in attributes if n.startswith("on")} | {"srcdoc", "src"} & (
        attributes
    )
    assert {a["href"][0] for _, a in shown.tags if "href" in a} == {"#"}
    if screenshots.browser() is None:
        pytest.skip("no Chromium or Chrome on the path")
    dom = screenshots.look(place(hostile).as_uri(), "--dump-dom").decode()
    assert "<title>7" not in dom


@pytest.mark.long
def test_a_script_that_was_not_escaped_would_not_run(morning, page, tmp_path):
    if screenshots.browser() is None:
        pytest.skip("no Chromium or Chrome on the path")
    text = written_by_run(morning).read_text(encoding="utf-8")
    forged = tmp_path / "forged.html"
    for hostile in (*HOSTILE, f'<body onload="{RUN}">', f'<style onload="{RUN}">'):
        forged.write_text(text.replace("<h1>", f"<h1>{hostile}", 1), encoding="utf-8")
        shown = screenshots.look(forged.as_uri(), "--dump-dom").decode()
        assert "<title>Tuesday, 3 June" in shown, hostile


def test_personal_data_are_masked_unless_a_setting_says_not(
    morning, tmp_path, monkeypatch, capsys
):
    chosen = copied(
        morning,
        tmp_path,
        "insert into dim_owners (owner_id, owner_name, owner_label, email,"
        " is_delivered, source_name, instance_name, _row_id, _file_id) values"
        " ('u1', 'Ada Quill', 'Ada Quill', 'ada@quill.example', 1, 'crm', 'crm', 1, 1),"
        " ('u2', 'Ben Quill', 'Ben Quill', 'ben@quill.example', 1, 'crm', 'crm', 1, 1)",
        "update fct_opportunities set owner_id ="
        " case when cast(substr(opportunity_id, 2) as int) % 3 = 0 then 'u1'"
        " else 'u2' end",
    )
    shown = written(chosen)
    assert "Personal data are masked" in shown.text
    assert not re.search(r"Quill|ann at ex|Deal O\d", shown.text)
    owners = shown.sections["Owners"].cards["Open amount by owner"].rows
    masked = {row["owner"]: row["deals"] for row in owners}
    assert all(re.fullmatch(r"masked-[0-9a-f]{6}", owner) for owner in masked)
    owners = shown.sections["Owners"].cards
    months = {row["month"] for row in owners["Won amount by month and owner"].rows}
    assert months == {"2024-06"}  # of O10
    title = "Leaderboard, closed in the newest twelve months with a won deal"
    (leader,) = owners[title].rows
    assert (leader["place"], leader["won"], leader["won deals"]) == (
        "1",
        "1,500.50",
        "1",
    )
    assert leader["currency"] == "USD"
    by_hand = morning_counts(chosen.database)
    assert sorted(map(int, masked.values())) == sorted(by_hand.values())
    monkeypatch.setenv(masks.VARIABLE, masks.SHOWN)
    shown = written(chosen, is_new=False)  # the setting alone is new
    assert f"Personal data are shown: {masks.VARIABLE}=shown" in shown.text
    owners = shown.sections["Owners"].cards["Open amount by owner"].rows
    assert {row["owner"]: int(row["deals"]) for row in owners} == by_hand
    monkeypatch.setenv(masks.VARIABLE, "yes")
    assert write(chosen) is None
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith(f"{masks.VARIABLE}: expected masked or shown, not 'yes'")


def morning_counts(database: Path) -> dict[str, int]:
    with closing(sqlite3.connect(database)) as db:
        return dict(
            db.execute(
                "select owner_name, count(*) from fct_opportunities"
                " join dim_owners using (owner_id) where is_closed = 0 group by 1"
            )
        )


@pytest.mark.parametrize(
    "query",
    [
        "select email as v from dim_contacts",
        "select upper(email) as v from dim_contacts",
        "select group_concat(email) as v from (select email from dim_contacts)",
        "select c.email as v from dim_contacts as c left join dim_companies using"
        " (company_id)",
        "with a as (select * from DIM_CONTACTS) select email as v from a",
        "select email as v from dim_contacts_history",
        "select email as v from bronze_crm__contacts",
        "select source_value as v from fct_row_errors where rule = 'email_malformed'",
        "select email as v from int_contacts__versioned",
        'select email as v from "dim_contacts"',
        "select email as v from main.dim_contacts union all select 1",
        'select email as v from "main" . "dim_contacts"',
    ],
)
def test_no_query_finds_what_is_masked(morning, tmp_path, capsys, query):
    board(
        tmp_path / "boards",
        "1_all.yml",
        "title: All\ncharts:\n"
        f"  one: {{title: One, library: table, query: {json.dumps(query)}}}\n",
    )
    chosen = settings.Settings("dev", tmp_path / "data", morning.database)
    shown = written(chosen, folder=tmp_path / "boards")
    (card,) = shown.sections["All"].cards.values()
    assert "@" not in card.text and "ann at" not in card.text
    assert not re.search("example.com", card.text, re.I)
    assert ("cannot be masked" in card.text) == ("main" in query)
    if "main" not in query:
        assert re.search("masked-[0-9a-f]", card.text, re.I)
    assert len(capsys.readouterr().err.splitlines()) == ("main" in query)


def test_codes_of_lookups_and_currencies_are_no_persons(tmp_path):
    with closing(sqlite3.connect(tmp_path / "w.db")) as db:
        db.execute("create table currencies (code)")
        db.execute("insert into currencies values ('EUR')")
        db.execute("create table rpt_money_monthly (currency_code, sold, money_key)")
        db.executemany(
            "insert into rpt_money_monthly values (?, 1.5, 'x')",
            [("EUR",), ("ada",), (None,)],
        )
        db.commit()
    query = "select currency_code, sold, money_key from rpt_money_monthly"
    with opened(settings.Settings("dev", tmp_path, tmp_path / "w.db")) as warehouse:
        masks.Masks(warehouse).hide(query)
        first, second, third = warehouse.rows(query)
    key = first[2]
    assert re.fullmatch(r"masked-[0-9a-f]{16}", key)
    assert first == ("EUR", 1.5, key)
    assert re.fullmatch(r"masked-[0-9a-f]{16}", second[0]) and second[0] != key
    assert third == (None, 1.5, key)


JOINS = {
    "left": "one left join two on one.k = two.k",
    "inner": "two inner join one on two.k = one.k",
    "itself": "one inner join one as again on one.k = again.k",
    "within": "one where one.k in (select k from two)",
    "each": "one where exists (select 1 from two where two.k = one.k)",
}


@pytest.mark.parametrize("query", JOINS.values(), ids=JOINS)
def test_joins_of_masked_keys_cost_what_their_rows_do(tmp_path, query, monkeypatch):
    """Not a pseudonym for each pair of rows."""
    rows, made = 400, []

    def counted(key):
        return lambda value: made.append(value) or f"masked-{value}"

    monkeypatch.setattr(masks, "_pseudonyms", counted)
    with closing(sqlite3.connect(tmp_path / "w.db")) as db:
        for name in ("one", "two"):
            db.execute(f"create table {name} (k primary key, v)")
            db.executemany(
                f"insert into {name} values (?, 1)", ((f"k{at}",) for at in range(rows))
            )
        db.commit()
    with opened(settings.Settings("dev", tmp_path, tmp_path / "w.db")) as warehouse:
        hidden = masks.Masks(warehouse)
        for _ in range(2):  # also after another query
            sql = f"select count(*) from {query}"
            hidden.hide(sql)
            made.clear()
            assert warehouse.rows(sql) == [(rows,)]
            assert rows <= len(made) <= 6 * rows
            hidden.hide("select k from one")
            assert warehouse.rows("select k from one limit 1") == [("masked-k0",)]


# -- when it is written ---------------------------------------------------------------


def test_it_is_left_as_it_is_until_something_is_new(morning, tmp_path, monkeypatch):
    shutil.copytree(DASHBOARDS, tmp_path / "boards")
    monkeypatch.setenv(CLOCK, f"{BAD_DAY}T06:30:00Z")
    chosen = copied(morning, tmp_path)
    boards = {"folder": tmp_path / "boards"}
    place(chosen).write_text("of somebody else")
    place(chosen).chmod(0o644)

    def page() -> tuple[int, int]:
        assert write(chosen, is_new=False, **boards) == place(chosen)
        found = place(chosen).stat()
        return found.st_ino, found.st_mode & 0o777

    first = page()
    assert first[1] == 0o600 or os.umask(os.umask(0)) != 0o077
    assert "This morning" in place(chosen).read_text()
    assert page() == first
    board(boards["folder"], "9_more.yml", "title: More\ncharts: {}\n")
    second = page()
    assert second != first
    assert page() == second
    monkeypatch.setenv(CLOCK, "2025-06-04T00:00:00Z")
    third = page()
    assert third != second
    assert "Wednesday, 4 June 2025" in place(chosen).read_text()
    write(chosen, is_new=True, **boards)
    assert page() != third
    there = [path.name for path in tmp_path.rglob("*report*")]
    assert there == [place(chosen).name] == ["copy.report.html"]
    usual = replace(chosen, database=chosen.data / "demo.db")
    assert place(usual) == chosen.data / "report.html"


def test_a_run_with_nothing_new_names_the_page_and_goes_on(
    morning, tmp_path, monkeypatch, capsys
):
    """Whatever is wrong with a dashboard: the exit code is that of the run."""
    chosen = copied(morning, tmp_path)
    chosen.data.mkdir()
    (tmp_path / "inbox").mkdir()
    boards = board(tmp_path / "boards", "1_broken.yml", "charts: [")
    monkeypatch.setattr("scripts.morning.write.DASHBOARDS", boards)
    monkeypatch.setenv("WAREHOUSE_DATA", str(chosen.data))
    monkeypatch.setenv(CLOCK, f"{BAD_DAY}T06:30:00Z")
    monkeypatch.chdir(chosen.data)
    arguments = ["--inbox", str(tmp_path / "inbox"), "--db", str(chosen.database)]
    assert run(arguments) == 0
    told = capsys.readouterr()
    assert re.search("^Built .*nothing is new$", told.out, re.M)
    assert re.search(r"^Page      .*copy\.report\.html ", told.out, re.M)
    # steps are named there, too
    (line,) = re.findall("^warning.*", told.err, re.M)
    assert line.startswith(f"warning: page: {boards}/1_broken.yml: ")
    before = place(chosen).stat()
    assert before.st_mode & 0o777 == 0o600
    assert run(arguments) == 0
    assert "warning" not in capsys.readouterr().err
    assert place(chosen).stat().st_ino == before.st_ino


def test_a_build_that_failed_is_said(morning, tmp_path):
    chosen = settings.Settings("dev", tmp_path, morning.database)
    failures = ["model dim_x: no such column <b>", "test y: 3 rows"]
    shown = written(chosen, failures=failures, is_new=False)
    head = shown.text.partition("This morning")[0]
    assert "The last build failed" in head
    assert failures[0] in head and failures[1] in head


BROKEN = {
    "not yaml": "charts: [",
    "not a mapping": "- 1",
    "no charts": "title: x\ncharts: 3\n",
    "chart of text": "title: x\ncharts: {one: two}\n",
    "library": "title: x\ncharts: {one: {library: map, query: select 1}}\n",
    "query": "title: x\ncharts: {one: {library: table, query: [1]}}\n",
    "display": "title: x\ncharts: {one: {library: table, query: '', display: 3}}\n",
    "layout": "title: x\nlayout: [[two]]\ncharts: {one: {library: table, query: ''}}\n",
    "layout of text": "title: x\nlayout: one\ncharts: {}\n",
    "tables": "title: x\ntables: dim_contacts\ncharts: {}\n",
    "bytes": "title: \x00\n",
    "morning": "title: x\nmorning: often\ncharts: {}\n",
    "filters": "title: x\nfilters: [owner]\ncharts: {}\n",
    "kind": "title: x\nfilters: {owner: {kind: map}}\ncharts: {}\n",
    "choices": "title: x\nfilters: {owner: {kind: choice}}\ncharts: {}\n",
    "name": "title: x\nfilters: {row_a: {kind: choice, query: ''}}\ncharts: {}\n",
    "clause": "title: x\ncharts: {one: {library: table, query: '[[ and a = :a ]]'}}\n",
    "open": "title: x\ncharts: {one: {library: table, query: 'select 1 [['}}\n",
    "rows": "title: x\ncharts: {one: {library: table, query: '', rows: select 1}}\n",
    "figures": "title: x\ncharts: {one: {library: table, query: '',"
    " rows: {query: select 1}}}\n",
    "other filters": "title: x\nfilters: {p: {kind: period}}\ncharts: {one: {library:"
    " table, query: '1 [[ :to ]]', rows: {query: select 1, figures: {a: count}}}}\n",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_broken_dashboard_is_one_line_and_the_others_are_shown(
    morning, tmp_path, capsys, text
):
    boards = board(tmp_path / "boards", "1_broken.yml", text)
    shutil.copy(DASHBOARDS / "1_pipeline.yml", boards / "2_pipeline.yml")
    chosen = settings.Settings("dev", tmp_path, morning.database)
    shown = written(chosen, folder=boards)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"warning: page: {boards}/1_broken.yml: ")
    assert "1_broken.yml cannot be read" in shown.sections["broken"].text
    assert shown.sections["Pipeline"].metrics["Open deals"] == "39"


LIMITED = """
title: Limited
charts:
  most: {title: Most, library: table, query: "{THREE} limit 2"}
  all: {title: All, library: table, query: "{THREE} limit 3"}
  within: {title: Within, library: table, query: "select * from ({THREE} limit 2)"}
""".replace("{THREE}", "select column1 as a from (values (7), (8), (9))")


def test_a_table_that_ends_at_its_limit_says_so(morning, tmp_path):
    boards = board(tmp_path / "boards", "1_limited.yml", LIMITED)
    chosen = settings.Settings("dev", tmp_path, morning.database)
    cards = written(chosen, folder=boards).sections["Limited"].cards
    assert "Only the first 2 are shown" in cards["Most"].text
    assert "8" in cards["Most"].text and "9" not in cards["Most"].text
    assert "Only the first" not in cards["All"].text + cards["Within"].text
    assert "9" in cards["All"].text


ODD = """
title: Odd
charts:
  missing: {title: Missing, library: table, query: select a from nowhere}
  metric: {title: Metric, library: metric, query: select a from nowhere}
  wrong: {title: Wrong, library: table, query: selec}
  two: {title: Two, library: table, query: select 1 as a; select 2 as b}
  drop: {title: Drop, library: table, query: drop table dim_contacts}
  none: {title: None, library: table}
  pie: {title: Pie, library: vega-lite, query: "select 'x' as a, 12 as b",
        display: {mark: arc, encoding: {theta: {field: b}, color: {field: a}}}}
  gone: {title: Gone, library: vega-lite, query: "select 'x' as a, 12 as b",
        display: {mark: bar, encoding: {x: {field: c, type: nominal},
          y: {field: b, type: quantitative}}}}
  blob: {title: Blob, library: table, query: "select x'00ff' as a, 1e999 as b"}
  twice: {title: Twice, library: table, query: "select 1 as a, 2 as a"}
  text: {title: Text, library: markdown, display: {text: '**bold** <b>x</b>'}}
  fine: {title: Fine, library: table, query: select 7 as seven}
"""


def test_a_chart_that_fails_leaves_the_others(morning, tmp_path, capsys):
    boards = board(tmp_path / "boards", "1_odd.yml", ODD)
    chosen = settings.Settings("dev", tmp_path, morning.database)
    section = written(chosen, folder=boards).sections["Odd"]
    lines = capsys.readouterr().err.splitlines()
    prefix = f"warning: page: {boards}/1_odd.yml: "
    failing = ["missing", "metric", "wrong", "two", "drop"]
    assert [line[len(prefix) :].split(":")[0] for line in lines] == failing
    for card in ("Missing", "Wrong", "Two", "Drop"):
        assert "Cannot be answered" in section.cards[card].text
    assert "Cannot be answered" in section.metrics["Metric"]
    assert section.cards["None"].text.endswith("Nothing yet.")
    assert section.cards["Pie"].rows == section.cards["Gone"].rows
    assert section.cards["Pie"].rows == [{"a": "x", "b": "12"}]
    assert section.cards["Blob"].rows == [{"a": "2 bytes", "b": "inf"}]
    assert section.cards["Twice"].rows == [{"a": "1", "a 2": "2"}]
    assert "**bold** <b>x</b>" in section.cards["Text"].text
    assert section.cards["Fine"].rows == [{"seven": "7"}]
    assert morning.query("select count(*) from dim_contacts") != [(0,)]


def test_without_dashboards_or_place_it_is_one_line(morning, tmp_path, capsys):
    chosen = copied(morning, tmp_path)
    assert write(chosen, folder=tmp_path / "nowhere") is not None
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("nowhere: no dashboard is declared there")
    place(chosen).unlink()
    place(chosen).mkdir()
    assert write(chosen) is None
    assert len(capsys.readouterr().err.splitlines()) == 1
    nothing = settings.Settings("dev", tmp_path / "data", tmp_path / "none.db")
    assert write(nothing) is None  # which the run says
    assert capsys.readouterr().err == ""


def test_an_empty_warehouse_says_so_everywhere(morning, tmp_path, capsys):
    relations = morning.query(
        "select name from sqlite_master where type = 'table' and (name like 'fct!_%'"
        " escape '!' or name like 'dim!_%' escape '!' or name like 'rpt!_%' escape '!'"
        " or name like 'stg!_%' escape '!' or name like 'int!_%' escape '!'"
        " or name in ('ingest_files', 'run_results'))"
    )
    changes = [f"delete from {name}" for (name,) in relations]
    shown = written(copied(morning, tmp_path, "pragma foreign_keys = off", *changes))
    assert capsys.readouterr().err == ""
    boards = [read(path) for path in names(DASHBOARDS)]
    shown_here = {board["title"] for board in boards if board["morning"]}
    assert set(shown.sections) == shown_here
    assert len(shown_here) == len(boards) - 1  # operations are in explore alone
    for section in shown.sections.values():
        if section.title != "Data quality":  # which needs no rows to be shown
            assert section.text.strip().endswith("Nothing yet."), section.title
    quality = shown.sections["Data quality"]
    assert quality.metrics["Findings, without what follows from others"] == "0"
    for card in quality.cards.values():
        assert re.search(r"Nothing (yet|wrong|has changed)\.$", card.text), card
    assert "no files yet" in shown.title


# -- for everybody ----------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [500, 1280])
def test_axe_finds_nothing(morning, page, tmp_path, scheme, width):
    if screenshots.browser() is None:
        pytest.skip("no Chromium or Chrome on the path")
    text = written_by_run(morning).read_text(encoding="utf-8")
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
    text = text.replace("<details>", "<details open>")
    if scheme == "dark":
        text = text.replace("(prefers-color-scheme: dark)", "all")
    assert violations(text, width, tmp_path) == ""


@pytest.mark.long
def test_nothing_is_wider_than_a_telephone(morning, page, tmp_path):
    """In a frame of 390 pixels the page does not scroll sideways, and no figure is
    wider than its box."""
    if screenshots.browser() is None:
        pytest.skip("no Chromium or Chrome on the path")
    text = written_by_run(morning).read_text(encoding="utf-8")
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
    measure = """<script>addEventListener('load', () => {
      const wide = [...document.querySelectorAll('body *')].filter(e =>
        !e.closest('.wide') && e.getBoundingClientRect().right > 391);
      const cut = [...document.querySelectorAll('dd')].filter(e =>
        e.scrollWidth > e.clientWidth + 1);
      parent.postMessage(document.documentElement.scrollWidth + ' '
        + wide.map(e => e.outerHTML.slice(0, 80)) + cut.map(e => e.outerHTML), '*');
    })</script>"""
    (tmp_path / "page.html").write_text(text.replace("</body>", measure), "utf-8")
    (tmp_path / "frame.html").write_text(
        "<title>x</title><script>addEventListener('message', e => document.title ="
        " e.data)</script><iframe src=page.html width=390 height=2000 style='border:0'>"
    )
    url = (tmp_path / "frame.html").as_uri()
    dom = screenshots.look(url, "--window-size=800,2000", "--dump-dom").decode()
    assert re.search("<title>(.*?)</title>", dom, re.DOTALL)[1] == "390 "
