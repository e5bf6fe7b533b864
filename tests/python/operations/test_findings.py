"""The desk of findings: what is accepted, mapped or recognised there, the next run
knows. The faults are those of `mornings.py`."""

from __future__ import annotations

import asyncio
import csv
import html
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import duckdb
import pytest

from scripts import settings
from scripts.alerts.faults import faults
from scripts.dashboards import names, read
from scripts.ingest.clock import VARIABLE as CLOCK
from scripts.morning.masks import LEFT_OUT, QUOTED, REASONS, Masks, without_values
from scripts.run.__main__ import main
from scripts.settings import PROJECT
from scripts.warehouse import opened

from .mornings import BAD_DAY

pytest.importorskip("datasette", reason="Datasette is an extra")
EXPLORE = PROJECT / "scripts" / "explore"
NEXT_DAY, LAST_DAY = "2025-06-04", "2025-06-05"
AWKWARD = "a/b, 100%?x=1#y~z <b>"
HOSTILE = "</td><script>document.title=7</script><img src=x onerror=alert(1)>"
DEALS = (
    "External ID,Opportunity,Expected Revenue,Stage,Created on,Expected Closing\n"
    "7,One,100,Negotiation,2025-05-01,2025-07-01\n"
)


class Desk:
    """The desk as a browser sees it, without one."""

    def __init__(self, database: Path) -> None:
        from datasette.app import Datasette

        self.datasette = Datasette(
            [str(database)],
            plugins_dir=str(EXPLORE / "plugins"),
            template_dir=str(EXPLORE / "templates"),
            static_mounts=[("-/own", str(EXPLORE / "static"))],
            metadata={"plugins": {"explore": {"pii": {}, "shown": [], "names": []}}},
        )
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, **options: Any) -> Any:
        options.setdefault("headers", {})
        options["headers"]["cookie"] = "; ".join(
            f"{name}={value}" for name, value in self.cookies.items()
        )
        answer = asyncio.run(getattr(self.datasette.client, method)(path, **options))
        self.cookies |= dict(answer.cookies)
        return answer

    def page(self, path: str = "/findings") -> str:
        answer = self.ask("get", path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def send(self, path: str, **form: Any) -> str:
        """Send a form and return what the page that it leads to says."""
        headers = {"origin": "http://localhost"}
        data = {"csrftoken": self.cookies["ds_csrftoken"]} | form
        answer = self.ask("post", path, data=data, headers=headers)
        assert answer.status_code == 303, answer.text
        return text_of(self.page(answer.headers["location"]))


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def group(rule: str, table: str = "contacts", column: str = "email") -> str:
    parts = {"source_name": "crm", "table_name": table, "rule": rule}
    return "/findings/group?" + urlencode(parts | {"column_name": column})


def chosen(page: str) -> list[str]:
    found = re.findall(r'name="finding" value="([^"]*)"', page)
    return [html.unescape(value) for value in found]


def lines(folder: Path, seed: str) -> list[dict[str, str]]:
    with (folder / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return [{k: v for k, v in line.items() if v} for line in csv.DictReader(file)]


@pytest.fixture
def place(
    morning: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """Give a copy of the warehouse, with a data folder and a folder of the user's."""
    database = tmp_path / "data" / "warehouse.db"
    database.parent.mkdir()
    morning.query("vacuum into ?", str(database))
    monkeypatch.setenv("WAREHOUSE_DATA", str(database.parent))
    monkeypatch.setenv("WAREHOUSE_DB", str(database))
    monkeypatch.setenv("WAREHOUSE_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("WAREHOUSE_PERSONAL", "shown")
    monkeypatch.setenv(CLOCK, f"{BAD_DAY}T06:30:00Z")
    yield database


def ask(database: Path, sql: str, *values: Any) -> list[tuple]:
    with closing(sqlite3.connect(database)) as db:
        return db.execute(sql, values).fetchall()


def test_findings_are_counted_by_kind_with_an_example(place):
    page = Desk(place).page()
    text = text_of(page)
    # 17 findings, of which an unknown reference follows from the refused file
    assert "Open 16 Accepted 0 Unknown codes 1 Unknown files 0" in text
    assert "1 that only follow from others are left out" in text
    kinds = re.findall(r"<td><a[^>]*>(\w+)</a><br>", page)
    assert kinds[0] == "id_missing"  # critical
    assert set(kinds[1:6]) == {
        *("file_refused", "email_malformed", "date_unreadable", "row_unreadable"),
        *("amount_negative", "column_constant"),
    } - {kinds[6]}
    (row,) = re.findall(r"<tr>(?:(?!</tr>).)*email_malformed.*?</tr>", page, re.S)
    said = text_of(row)
    assert said.startswith("error email_malformed Not a well-formed e-mail address")
    assert said.endswith(
        "crm.contacts email 1 finding contacts_2.csv , line 2 ann at example.com"
    )
    assert 'href="/warehouse/bronze_crm__contacts/' in row
    only = text_of(Desk(place).page("/findings?severity=info&rule=column_unexpected"))
    assert "1 finding of 1 kind" in only


def test_an_acceptance_names_record_and_value_and_can_be_undone(place):
    desk, own = Desk(place), place.parent.parent / "config"
    path = group("email_shared")
    page = desk.page(path)
    found = chosen(page)
    assert len(found) == 2
    for form, problem in (
        ({"finding": found[0], "reason": "x", "by": ""}, "The name is empty"),
        ({"finding": found[0], "reason": "", "by": "Zoë"}, "The reason is empty"),
        ({"reason": "x", "by": "Zoë"}, "nothing was chosen"),
        ({"finding": "none", "reason": "x", "by": "Zoë"}, "nothing was chosen"),
        (
            {"finding": found[0], "reason": "x", "by": "Z", "until": "2025-06-02"},
            "in the past",
        ),
        (
            {"finding": found[0], "reason": "x", "by": "Z", "until": "tomorrow"},
            "must be a day",
        ),
    ):
        assert problem in desk.send(path, action="chosen", **form)
    assert not own.exists() or not list(own.glob("accepted*"))
    said = {"reason": 'family, "one" box', "by": "Zoë", "until": LAST_DAY}
    text = desk.send(path, action="chosen", finding=found[0], **said)
    assert "1 acceptance waits for the next run" in text
    assert len(re.findall("waits for the next run", text)) == 2  # the row, too
    (line,) = lines(own, "accepted_findings")
    assert line.pop("record_id") in ("P3", "P4")
    assert line == {
        **{"rule": "email_shared", "source_name": "crm", "table_name": "contacts"},
        **{"column_name": "email", "source_value": "p4@c1.example.com"},
        **{"accepted_until": LAST_DAY, "accepted_by": "Zoë", "accepted_on": BAD_DAY},
        "reason": 'family, "one" box',
    }
    desk.send(path, action="chosen", finding=found[0], **said)
    assert len(lines(own, "accepted_findings")) == 1  # never twice
    page = desk.page("/findings/accepted")
    (key,) = re.findall(r'name="line" value="([^"]*)"', page)
    text = desk.send("/findings/accepted", line=key)
    assert "Taken back" in text
    assert lines(own, "accepted_findings") == []
    assert "not in your file any more" in desk.send("/findings/accepted", line=key)


@pytest.mark.long
def test_the_next_run_knows_what_was_decided(place, capsys, monkeypatch):
    inbox, own = place.parent / "inbox", place.parent.parent / "config"
    (inbox / "misc").mkdir(parents=True)
    (inbox / "misc" / "deals_2025-06-04.csv").write_text(DEALS)
    monkeypatch.setenv(CLOCK, f"{NEXT_DAY}T06:30:00Z")
    assert main(["--db", str(place)]) == 1
    out = capsys.readouterr().out
    assert "misc/deals_2025-06-04.csv" in out
    assert "accepted" not in out

    desk = Desk(place)
    said = {"by": "Zoë", "reason": "known", "until": LAST_DAY}
    path = group("email_malformed")
    desk.send(path, action="chosen", finding=chosen(desk.page(path))[0], **said)
    path = group("column_unexpected", column="shoe_size")
    desk.page(path)
    desk.send(path, action="all", by="Zoë", reason="for good")
    path = group("file_refused", "companies", "file")
    desk.send(path, action="chosen", finding=chosen(desk.page(path))[0], **said)
    assert "3 acceptances wait" in text_of(desk.page())

    page = desk.page("/findings/codes")
    assert "Hibernation" in page
    (code,) = chosen(page)
    assert "choose what it means" in desk.send("/findings/codes", finding=code, code="")
    text = desk.send("/findings/codes", finding=code, code="Negotiation")
    assert "Negotiation: waits for the next run" in text
    assert lines(own, "code_synonyms") == [
        {
            "lookup": "opportunity_stage",
            "source_value": "hibernation",
            "code": "Negotiation",
        }
    ]

    page = desk.page("/findings/files")
    assert "Header: External ID , Opportunity , Expected Revenue" in text_of(page)
    near = re.search(r'label="nearest">(.*?)</optgroup>', page, re.S)[1]
    assert 'value="odoo.opportunities"' in near
    assert 'value="misc/deals_*.csv"' in page
    (file,) = re.findall(r'name="file" value="(\d+)"', page)
    form = {"file": file, "by": "Zoë", "shape": "odoo.opportunities"}
    assert "is not a name of this file" in desk.send(
        "/findings/files", **form, pattern="other/*"
    )
    text = desk.send("/findings/files", **form | {"shape": "hubspot.deals"})
    assert "needs Record ID" in text
    assert "It lies in the inbox again" in desk.send("/findings/files", **form)
    assert (inbox / "misc" / "deals_2025-06-04.csv").read_text() == DEALS

    assert main(["--db", str(place)]) == 0
    out = capsys.readouterr().out
    assert "3 accepted (rpt_findings)" in out
    assert "file_refused" not in out
    assert ask(
        place, "select count(*) from fct_row_errors where rule = 'code_unknown'"
    )[0] == (0,)
    assert ask(
        place,
        "select id_scope, system_name, status from fct_ingest_files"
        " where file_name = 'deals_2025-06-04.csv' and repaired_by_file_id is null",
    ) == [("misc.odoo", "odoo", "landed")]
    page = text_of(Desk(place).page())
    assert "Accepted 3 Unknown codes 0 Unknown files 0" in page
    assert "wait" not in page
    assert "for good" in text_of(Desk(place).page("/findings/accepted"))
    told = text_of(Desk(place).page(group("email_malformed") + "&accepted=1"))
    assert f"until {LAST_DAY}, by Zoë: known" in told

    def alarms() -> str:
        with opened(settings.load(None, place)) as warehouse:
            return " ".join(fault.text for fault in faults(warehouse))

    assert "companies_2.csv" not in alarms()
    assert "crm.contacts" in alarms()  # low for other faults, too
    # the last day is over: nothing is new, and it alarms again
    monkeypatch.setenv(CLOCK, "2025-06-06T06:30:00Z")
    assert main(["--db", str(place)]) == 0
    assert "1 accepted (rpt_findings)" in capsys.readouterr().out
    assert "companies_2.csv: refused" in alarms()


def test_a_low_score_of_accepted_findings_alone_is_no_alarm(place):
    def alarms() -> list[str]:
        with opened(settings.load(None, place)) as warehouse:
            return [f.text for f in faults(warehouse) if "leads.snapshots" in f.text]

    assert alarms()
    with closing(sqlite3.connect(place)) as db:
        db.execute(
            "insert into accepted_findings (rule, source_name, table_name)"
            " values ('column_constant', 'leads', 'snapshots')"
        )
        db.execute(
            "insert into bridge_accepted_findings (finding_id, seed_line, place)"
            " select finding_id, 2, 1 from fct_row_errors"
            " where rule = 'column_constant'"
        )
        db.commit()
    assert not alarms()


def test_values_are_text_and_masked_unless_shown(place, monkeypatch):
    with closing(sqlite3.connect(place)) as db:
        db.execute(
            "update fct_row_errors set source_value = ?, record_id = ?, file_name = ?"
            " where rule = 'email_malformed'",
            [HOSTILE, AWKWARD, f"{AWKWARD}.csv"],
        )
        db.commit()
    shown, path = Desk(place), group("email_malformed")
    for page in (shown.page(), shown.page(path)):
        assert "<script>document" not in page
        assert html.escape(HOSTILE) in page
        assert f"{html.escape(AWKWARD)}.csv" in page
    (finding,) = chosen(shown.page(path))
    form = {"action": "chosen", "finding": finding, "by": "Zoë", "reason": "known"}
    shown.send(path, **form)
    (line,) = lines(place.parent.parent / "config", "accepted_findings")
    assert (line["record_id"], line["source_value"]) == (AWKWARD, HOSTILE)
    paths = ("/findings", path, "/findings/accepted")
    assert all("document.title" in shown.page(path) for path in paths)
    monkeypatch.setenv("WAREHOUSE_PERSONAL", "masked")
    masked = Desk(place)
    for path in paths:
        page = masked.page(path)
        assert "document.title" not in page
        assert "masked-" in page
        assert "WAREHOUSE_PERSONAL=shown" in page


def test_awkward_kinds_and_foreign_forms(place):
    with closing(sqlite3.connect(place)) as db:
        db.execute(
            "update fct_row_errors set column_name = ?"
            " where rule = 'column_unexpected'",
            [AWKWARD],
        )
        db.commit()
    desk = Desk(place)
    link = re.search(r'href="([^"]*column_unexpected[^"]*)"', desk.page())[1]
    assert quote(AWKWARD, safe="") in link.replace("+", "%20")
    assert AWKWARD in text_of(desk.page(html.unescape(link)))
    path = group("email_malformed")
    form = {"action": "all", "by": "x", "reason": "y"}
    token = {"csrftoken": desk.cookies["ds_csrftoken"]}
    for data, headers in (
        (form | token, {"origin": "http://evil.example"}),
        (form | token, {}),
        (form, {"origin": "http://localhost"}),
    ):
        assert desk.ask("post", path, data=data, headers=headers).status_code == 403
    assert desk.ask("get", group("no_such_rule")).status_code == 404
    assert desk.ask("put", "/findings").status_code in (403, 405)
    assert not (place.parent.parent / "config").exists()


PERSON = "Ann Secretperson"


@pytest.fixture
def headless(place: Path) -> Path:
    """A refused file that begins with a record."""
    inbox = place.parent / "inbox" / "misc"
    inbox.mkdir(parents=True)
    (inbox / "x.csv").write_text(f"{PERSON},Email,7\nBob,b@example.org,8\n")
    reason = f"no export (3 columns between commas: {PERSON}, Email, 7): see the guide"
    with closing(sqlite3.connect(place)) as db:
        db.execute(
            "update fct_ingest_files set source_name = null, table_name = null,"
            " instance_name = 'misc', file_name = 'x.csv', reason = ?"
            " where status = 'refused'",
            [reason],
        )
        db.commit()
    return place


@pytest.mark.parametrize("is_shown", [True, False])
def test_a_file_without_header_begins_with_a_record(headless, monkeypatch, is_shown):
    monkeypatch.setenv("WAREHOUSE_INBOX", str(headless.parent / "inbox"))
    monkeypatch.setenv("WAREHOUSE_PERSONAL", "shown" if is_shown else "masked")
    page = text_of(Desk(headless).page("/findings/files"))
    assert (f"Header: {PERSON} , Email , 7" in page) is is_shown
    assert (f"commas: {PERSON}" in page) is is_shown
    assert (PERSON in page) is is_shown
    if not is_shown:
        assert "no export (…): see the guide" in page
        assert re.search(r"Header: masked-\w+ , Email , masked-\w+", page)


@pytest.mark.parametrize("is_shown", [True, False])
def test_why_a_file_was_refused_is_said(headless, monkeypatch, is_shown):
    """Also while data are masked, but for what the reason quotes."""
    monkeypatch.setenv("WAREHOUSE_PERSONAL", "shown" if is_shown else "masked")
    with closing(sqlite3.connect(headless)) as db:
        db.execute(
            "update fct_row_errors set source_value = ? where rule = 'file_refused'",
            [f"no export (3 columns: {PERSON}): see the guide"],
        )
        db.commit()
    page = text_of(Desk(headless).page("/findings?rule=file_refused"))
    assert ("no export (…): see the guide" in page) is not is_shown
    assert (PERSON in page) is is_shown


def test_the_morning_page_and_tables_do_not_show_it(headless):
    with opened(settings.load(None, headless)) as warehouse:
        Masks(warehouse).hide("select reason from fct_ingest_files")
        found = warehouse.rows("select reason from fct_ingest_files where reason <> ''")
    assert found == [("no export (…): see the guide",)]
    shown = {name for path in names() for name in read(path)["shown"]}
    assert not shown & REASONS


@pytest.mark.parametrize(
    "reason, left",
    [
        (None, None),
        ("required column id is missing", "required column id is missing"),
        ("it has one column only (Ann (x), 7)", "it has one column only (…)"),
        ("sign 'é' in 'Ann\nLee'; see", "sign (…); see"),
        ("unexpected KeyError: Ann", "(…)"),
        ("the workbook is corrupt: Ann is no number", "the workbook is (…)"),
    ],
)
def test_reasons_without_what_they_quote(reason, left):
    """On both engines."""
    assert without_values(reason) == left
    pattern = QUOTED.replace("'", "''")
    sql = f"select regexp_replace($1, '{pattern}', '{LEFT_OUT}', 'gs')"
    assert duckdb.execute(sql, [reason]).fetchone() == (left,)


def test_why_something_is_accepted_is_masked(place, monkeypatch):
    with closing(sqlite3.connect(place)) as db:
        db.execute(
            "insert into accepted_findings (rule, reason, accepted_by)"
            " values ('email_malformed', ?, 'Zoë')",
            [PERSON],
        )
        db.execute(
            "insert into bridge_accepted_findings (finding_id, seed_line, place)"
            " select finding_id, 2, 1 from fct_row_errors"
            " where rule = 'email_malformed'"
        )
        db.commit()
    folder = place.parent.parent / "config"
    folder.mkdir(exist_ok=True)
    (folder / "accepted_findings.csv").write_text(
        f"rule,reason,accepted_by\nphone_malformed,{PERSON} too,Zoë\n"
    )
    paths = ("/findings/accepted", group("email_malformed") + "&accepted=1")
    for setting in ("shown", "masked"):
        monkeypatch.setenv("WAREHOUSE_PERSONAL", setting)
        for path in paths:
            page = text_of(Desk(place).page(path))
            assert (PERSON in page) is (setting == "shown")
            assert ("(masked)" in page) is (setting == "masked")
