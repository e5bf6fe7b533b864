"""A bad delivery leads to findings, scores, one alert and a dashboard that shows
it; a good one to none. What is expected was worked out from `mornings.py`."""

from __future__ import annotations

import json
import re
import time
from html import unescape

import pytest

from scripts.alerts import send
from scripts.alerts.faults import Fault
from scripts.clauses import whole
from scripts.dashboards import DASHBOARDS, behinds, names, read
from scripts.ingest.clock import VARIABLE as CLOCK
from scripts.morning import masks
from scripts.run.record import record
from scripts.settings import PROJECT
from scripts.warehouse import QueryError
from tools import screenshots

from .channels import free_port, mailbox, webhook
from .mornings import BAD_DAY

COLUMNS = {"companies": 9, "contacts": 10, "opportunities": 12, "activities": 9}
# Of 40 contacts one could not be read and one had no identifier.
WITHOUT_TWO = 100 - 100 * 2 / 40
# What else costs, in records, by the weights of the rules.
# The company that is not known may be in the file that was refused: that costs nothing.
CONTACTS = {"email": 1 + 2 * 0.5, "created_date": 1, "phone": 0.5}
OPPORTUNITIES = {"amount": 1, "stage": 0.5, "is_closed": 0.5}
ACTIVITIES = {"timestamp": 0.5, "duration_minutes": 0.5, "id": 0.5}


def lost(records: float) -> float:
    return 100 * records / 40


def test_a_good_delivery_leads_to_nothing(morning):
    assert morning.told.exit_codes[0] == 0
    assert morning.told.alerts_of_good_day == 0
    assert set(morning.told.scores_of_good_day) == {100.0}
    assert not morning.query(
        "select * from fct_row_errors where loaded_at < ?", BAD_DAY
    )


def test_each_fault_is_found(morning):
    assert morning.told.exit_codes[1] == 1  # a file was refused
    found = morning.query(
        "select rule, file_name, line, record_id, column_name from fct_row_errors"
    )
    contacts, deals = "contacts_2.csv", "opportunities_2.json"
    calls = "activities_2.json"
    assert sorted(found, key=str) == sorted(
        [
            ("file_refused", "companies_2.csv", None, None, "file"),
            ("email_malformed", contacts, 2, "P0", "email"),
            ("date_unreadable", contacts, 3, "P1", "created_date"),
            ("id_missing", contacts, 4, None, "id"),
            ("email_shared", contacts, 5, "P3", "email"),
            ("email_shared", contacts, 6, "P4", "email"),
            ("reference_unknown", contacts, 7, "P5", "company_id"),
            ("phone_unreadable", contacts, 8, "P6", "phone"),
            ("row_unreadable", contacts, 9, None, None),
            ("column_unexpected", contacts, None, None, "shoe_size"),
            ("amount_negative", deals, 1, "O0", "amount"),
            ("code_unknown", deals, 1, "O1", "stage"),
            ("closed_contradicts_stage", deals, 1, "O2", "is_closed"),
            ("date_in_future", calls, 1, "A0", "timestamp"),
            ("duration_out_of_range", calls, 1, "A1", "duration_minutes"),
            ("id_repeated_in_file", calls, 1, "A3", "id"),
            # each lacks a record whose row had another id, or none
            ("picture_likely", contacts, None, None, "file"),
            ("picture_likely", deals, None, None, "file"),
            ("picture_likely", calls, None, None, "file"),
            ("column_constant", "data_2025-06-02.csv", None, None, "is_set"),
        ],
        key=str,
    )


def scores(morning, level: str) -> dict[str, float]:
    return {
        ".".join(filter(None, names)): score
        for *names, score in morning.query(
            "select source_name, table_name, column_name, score from rpt_data_quality"
            " where level = ? and is_latest",
            level,
        )
    }


def test_columns_lose_what_their_faults_weigh(morning):
    found = scores(morning, "column")
    assert {found[c] for c in found if c.startswith("crm.companies.")} == {0}
    of_contacts = {c.split(".")[2]: s for c, s in found.items() if ".contacts." in c}
    assert len(of_contacts) == COLUMNS["contacts"]
    for column, score in of_contacts.items():
        expected = WITHOUT_TWO - lost(CONTACTS.get(column, 0))
        assert score == pytest.approx(expected), column
    for table, costs in (("opportunities", OPPORTUNITIES), ("activities", ACTIVITIES)):
        for column, records in costs.items():
            assert found[f"crm.{table}.{column}"] == 100 - lost(records)
    assert found["leads.snapshots.is_set"] == 0
    assert found["leads.snapshots.zip"] == 100


def test_one_number_for_each_source_and_one_for_all(morning):
    tables = [
        100 - lost(sum(costs.values())) / COLUMNS[table]
        for table, costs in (
            ("opportunities", OPPORTUNITIES),
            ("activities", ACTIVITIES),
        )
    ]
    contacts = WITHOUT_TWO - lost(sum(CONTACTS.values())) / COLUMNS["contacts"]
    crm = (0 + contacts + sum(tables)) / 4  # no company came
    leads = 100 * 12 / 13  # one of thirteen columns is at fault
    found = scores(morning, "source")
    assert found == {"crm": round(crm, 2), "leads": round(leads, 2)}
    assert scores(morning, "warehouse") == {"": round((crm + leads) / 2, 2)}
    statuses = dict(
        morning.query(
            "select coalesce(source_name, '') || coalesce('.' || table_name, ''),"
            " status from rpt_data_quality where level <> 'column' and is_latest"
        )
    )
    assert statuses == {
        **{"": "warn", "crm": "fail", "leads": "warn", "leads.snapshots": "warn"},
        **{"crm.companies": "fail", "crm.contacts": "warn"},
        **{"crm.opportunities": "pass", "crm.activities": "pass"},
    }


def test_a_score_leads_to_its_rows(morning):
    """Of each column that lost something: the rule, the file, the line."""
    rows = morning.query(
        """
        select quality.column_name, errors.rule, errors.file_name, errors.line
        from rpt_data_quality as quality
        join fct_row_errors as errors
            on quality.example_finding_id = errors.finding_id
        where quality.level = 'column' and quality.table_name = 'contacts'
        """
    )
    assert set(rows) >= {
        ("email", "email_malformed", "contacts_2.csv", 2),
        ("phone", "phone_unreadable", "contacts_2.csv", 8),
        ("id", "id_missing", "contacts_2.csv", 4),
    }


def test_the_trend_is_told(morning):
    ((before, change),) = morning.query(
        "select previous_score, score_change from rpt_data_quality"
        " where level = 'column' and column_name = 'email' and is_latest"
    )
    assert (before, change) == (100, -10)


def test_drift_is_told(morning):
    found = morning.query("select file_name, change, column_name from rpt_schema_drift")
    first = "data_2025-06-01.csv"
    renamed = {(n, c, k) for n, c, k in found if c == "renamed"}
    assert {n for n, _, _ in renamed} == {first}  # the aliases of the first list
    assert set(found) - renamed == {
        ("contacts_2.csv", "appeared", "shoe_size"),
        ("contacts_2.csv", "new_value", "title"),
        ("contacts_2.csv", "missing_value", "title"),
        ("opportunities_2.json", "new_value", "stage"),
        ("opportunities_2.json", "new_value", "is_closed"),
        ("data_2025-06-02.csv", "missing_value", "is_set"),
    }


def test_one_alert_tells_it_all_to_each_channel(morning):
    (posted,), (mailed,) = morning.told.posted, morning.told.mailed
    assert (
        posted["title"] == mailed["subject"] == "Revenue warehouse (dev): 6 new faults"
    )
    *lines, empty, page = posted["message"].splitlines()
    assert len(lines) == 6
    assert empty == ""
    assert re.fullmatch(r"The whole morning: /.*/morning/warehouse\.report\.html", page)
    assert lines[0].startswith("- crm/companies_2.csv: refused on 2025-06-03 06:30 UTC")
    assert lines[1] == (
        "- crm.companies: quality fails, 0 of 100 on 2025-06-03; "
        "file_refused in companies_2.csv"
    )
    line = (
        "crm.contacts.email: quality is low, 90 of 100 on 2025-06-03; "
        "email_malformed in contacts_2.csv line 2"
    )
    assert f"- {line}" in lines
    assert line in re.sub(r"\s+", " ", mailed["text"])
    # a mail has the page with it, for its readers have no such path
    attached = mailed["attached warehouse.report.html"]
    written = morning.database.with_suffix(".report.html").read_text("utf-8")
    assert attached.replace("\r\n", "\n") == written
    assert "attachments" not in posted or not posted["attachments"]


def test_a_page_that_shows_persons_is_in_no_mail(morning, monkeypatch):
    page = morning.database.with_suffix(".report.html")
    with mailbox() as box:
        for personal in ("shown", "masked"):
            monkeypatch.setenv("WAREHOUSE_PERSONAL", personal)
            assert send.send(box.url, "Title", "Text", page)
        assert send.send(box.url, "Title", "Text", page.with_name("gone.html"))
        found = [[*mail.iter_attachments()] for mail in box.messages]
    assert [len(parts) for parts in found] == [0, 1, 0]


def test_no_fault_is_told_twice_and_a_dead_channel_is_told_later(
    morning, monkeypatch, capsys
):
    dead = f"json://127.0.0.1:{free_port()}"
    # the first would be missed, had anything been sent there again
    monkeypatch.setenv(send.VARIABLE, f"{morning.told.webhook} {dead} nonsense://x")
    send.after_run(morning.settings)
    warnings = capsys.readouterr().err.splitlines()
    assert [line.split(": ", 2)[2][:8] for line in warnings] == ["json://…", "not a UR"]
    with webhook() as mended:
        monkeypatch.setenv(send.VARIABLE, mended.url)
        send.after_run(morning.settings, ["model dim_x: no such column"])
        send.after_run(morning.settings)
        ((message,),) = [[m["message"] for m in mended.messages]]
        assert message.startswith("- build: model dim_x: no such column\n")
        # mended in between, so it is news again
        send.after_run(morning.settings, ["model dim_x: no such column"])
        assert mended.messages[1]["message"].startswith("- build: model dim_x")
        assert "6 told of before" in mended.messages[1]["message"]
        send.after_failure(morning.settings, "the disk is full")
        assert mended.messages[2]["message"] == "- ingestion failed: the disk is full"


def test_a_channel_that_drips_is_given_up(morning, monkeypatch, capsys):
    with webhook() as slow, webhook() as quick:
        slow.drips = True
        monkeypatch.setattr(send, "SECONDS", 10)
        monkeypatch.setenv(send.VARIABLE, f"{slow.url} {quick.url}")
        start = time.monotonic()
        send.after_failure(morning.settings, "the disk is full of drops")
        assert time.monotonic() - start < 60
        assert len(slow.messages) == len(quick.messages) == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert "json://… took longer than 10 s" in line
        slow.drips = False
        send.after_failure(morning.settings, "the disk is full of drops")
        assert (len(slow.messages), len(quick.messages)) == (2, 1)


def test_a_name_forges_no_line(morning, monkeypatch):
    forged = "a.csv\n- build: model dim_x: broken\r\u2028- gone\x1b[2J\u202e"
    fault = Fault("key of the forger", f"{forged}: refused, see s3://AKIA:zzz@b/x")
    _, text = send.message("dev", [fault], 1)
    (line,) = text.splitlines()
    assert line.isprintable() and line.count("- ") == 3 and "zzz" not in line
    with webhook() as hook:
        monkeypatch.setenv(send.VARIABLE, hook.url)
        send.after_failure(morning.settings, forged)
        (line,) = hook.messages[0]["message"].splitlines()
        assert line.startswith("- ingestion failed: a.csv\\x0a- build")


@pytest.mark.parametrize(
    "url",
    [
        "mailto://u:p@zzz:q@", "zzz@host/x", "u:zzz@host", "nonsense://u:zzz@host",
        "json://u:zzz@127.0.0.1:1/zzz?key=zzz", "zzz", "json://u:zz/zzz@",
    ],
)  # fmt: skip
def test_no_part_of_the_url_of_a_channel_is_shown(morning, monkeypatch, capsys, url):
    monkeypatch.setenv(send.VARIABLE, url)
    send.after_failure(morning.settings, f"the disk is full for {url}")
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("warning: alerts: ") and "zzz" not in line


def test_a_failed_build_is_told_though_the_warehouse_cannot_be_read(
    morning, monkeypatch
):
    def closed(*_):
        raise QueryError("another process has it open")

    monkeypatch.setattr(send, "opened", closed)
    with webhook() as hook:
        monkeypatch.setenv(send.VARIABLE, hook.url)
        send.after_run(morning.settings, ["model dim_z: no such column"])
        (message,) = hook.messages
    assert "build: model dim_z: no such column" in message["message"]


def test_an_overdue_delivery_is_told(morning, manifest, monkeypatch):
    """The CRM declares two days; nothing came for four."""
    with webhook() as hook:
        monkeypatch.setenv(send.VARIABLE, hook.url)
        send.after_run(morning.settings)
        monkeypatch.setenv(CLOCK, "2025-06-07T06:30:00Z")
        record(morning.settings, manifest, [], "2025-06-07T06:29:00.000000Z")
        send.after_run(morning.settings)
        lines = hook.messages[1]["message"].splitlines()
    assert lines[0] == (
        "- crm.activities: no file came for longer than the source declares: the "
        "newest file came 2025-06-03 06:30 UTC, more than 2 day(s) ago"
    )
    overdue = {line.split(":")[0][2:] for line in lines if "longer than" in line}
    crm = {"crm.activities", "crm.companies", "crm.contacts", "crm.opportunities"}
    assert overdue == crm | {"leads.snapshots"}  # the backend never sent anything


def test_slow_and_shrunken_models_are_findings(morning):
    from contextlib import closing

    from scripts.ingest.database import connect
    from scripts.ingest.ledger import Ledger

    def node(name: str, milliseconds: int, rows: int) -> dict:
        return {
            **{"node_type": "model", "node_name": name, "status": "success"},
            **{"layer": "marts", "domain": "crm"},
            **{"milliseconds": milliseconds, "row_count": rows},
        }

    runs = [[("slow", 100, 50), ("small", 9, 50), ("fine", 9, 50)]] * 3
    runs.append([("slow", 1500, 50), ("small", 9, 39), ("fine", 900, 41)])
    with closing(connect(morning.database)) as conn:
        ledger = Ledger(conn)
        for number, run in enumerate(runs):
            facts = {"started_at": f"2025-07-0{number + 1}", "is_full_refresh": 0}
            last = ledger.add_results(facts, [node(*model) for model in run])
        found = morning.query(
            "select node_name, rule, found from fct_run_findings where run_id = ?", last
        )
        conn.execute("delete from run_results where started_at like '2025-07%'")
    assert set(found) == {
        ("slow", "model_slow", "1500 ms, 100 ms before"),
        ("small", "model_shrunken", "39 rows, 50 before"),
    }


def test_builds_are_logged(morning):
    runs = morning.query(
        "select distinct run_id, started_at from fct_model_runs where batch_id <= 2"
    )
    assert {run for run, _ in runs} >= {1, 2}
    ((rows, before),) = morning.query(
        "select row_count, previous_row_count from fct_model_runs"
        " where model_name = 'dim_contacts_history' and run_id = 2"
    )
    assert (rows, before) == (78, 40)  # all changed but the two that were lost
    passed = morning.query(
        "select run_id, count(*) from fct_test_results"
        " where status = 'pass' and run_id <= 2 group by run_id order by run_id"
    )
    # the second run tests what it builds: the sources of which no file came are not
    assert passed[0] > (1, 100)
    assert passed[1] > (2, 50)
    assert passed[0][1] > passed[1][1]


@pytest.mark.parametrize(
    "path", sorted(DASHBOARDS.glob("*.yml")), ids=lambda path: path.stem
)
def test_dashboards_ask_for_what_there_is(morning, path):
    declared = read(path)
    relations = {name for (name,) in morning.query("select name from sqlite_master")}
    assert set(declared["tables"]) <= relations
    charts = declared["charts"].values()
    queries = [c["query"] for c in charts]
    queries += [behind["query"] for c in charts for behind in behinds(c)]
    queries += [f["query"] for f in declared["filters"].values() if "query" in f]
    for query in queries:
        morning.query(whole(query))
        asked = set(re.findall(r"\b(?:from|join)\s+((?:dim|fct|int|rpt)_\w+)", query))
        assert asked <= set(declared["tables"])
    laid_out = {name for row in declared["layout"] for name in row}
    assert laid_out == set(declared["charts"])
    assert len({len(row) for row in declared["layout"]}) == 1  # or nothing is laid out


def test_each_dashboard_has_an_exposure():
    exposures = "".join(
        path.read_text(encoding="utf-8")
        for path in (PROJECT / "models/marts").glob("*/*exposures.yml")
    )
    for path in DASHBOARDS.glob("*.yml"):
        assert f"`dashboards/{path.name}`" in exposures


# -- in the browser -----------------------------------------------------------


@pytest.fixture(scope="module")
def address(morning):
    if screenshots.browser() is None:
        pytest.skip("no Chromium or Chrome on the path")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(masks.VARIABLE, masks.SHOWN)
        with screenshots.served(morning.settings) as address:
            yield address


def page(url: str) -> str:
    return screenshots.look(url, "--dump-dom").decode()


@pytest.mark.long
def test_the_dashboard_shows_it(address):
    text = page(f"{address}/-/dashboards/data_quality")
    assert len(re.findall("<svg viewBox", text)) == 1
    words = re.sub(r"<[^>]+>", " ", text)
    assert re.search(r"Quality of the warehouse, of 100\s+82\.82", words)
    assert re.search(r"Files refused\s+1\b", words)
    assert re.search(r"contacts\.email\s+2025-06-03\s+90[.0]*\s+−10[.0]*\s+warn", words)
    assert re.search(r"email_malformed\s+1\s+contacts_2\.csv\s+2\s+ann at ex", words)


@pytest.mark.long
def test_links_lead_from_a_deal_to_its_company_and_its_line(address, morning):
    name = morning.database.stem
    deal = page(f"{address}/{name}/fct_opportunities/O7")
    link = re.search(rf'<a href="(/{name}/dim_companies/C7)"', deal)
    company = page(address + link[1])
    assert "Company C7" in company
    link = re.search(rf'<a href="(/{name}/bronze_crm__companies/\d+)"', company)
    record_ = page(address + link[1])
    row = dict(re.findall(r'<td class="col-(\w+)[^"]*">(.*?)</td>', record_, re.DOTALL))
    assert row["id"].strip() == "C7"
    ((line, file),) = morning.query(
        "select _line, _file_id from bronze_crm__companies where id = 'C7'"
    )
    (line_shown,) = [text for name, text in row.items() if name.startswith("line")]
    (link,) = [text for name, text in row.items() if name.startswith("file_id")]
    assert line_shown.strip() == str(line)
    assert f"fct_ingest_files/{file}" in link


@pytest.mark.long
def test_every_dashboard_and_query_has_an_answer(address, morning):
    from urllib.request import urlopen

    def ask(path: str) -> dict:
        with urlopen(address + path) as answer:  # noqa: S310 (our own)
            return json.load(answer)

    name = morning.database.stem
    with urlopen(f"{address}/-/dashboards") as answer:  # noqa: S310 (our own)
        listed = re.findall(r'href="(/-/dashboards/\w+)"', answer.read().decode())
    assert len(listed) == len(names(DASHBOARDS))
    for board in listed:
        with urlopen(address + board) as answer:  # noqa: S310
            text = answer.read().decode()
        assert "Cannot be answered" not in text, board
        for behind in set(re.findall(r'href="(/-/dashboards/[^"]*/rows[^"]*)"', text)):
            with urlopen(address + unescape(behind)) as answer:  # noqa: S310
                assert answer.status == 200
    queries = [path.stem for path in PROJECT.glob("analyses/*.sql")]
    for query in queries:
        assert ask(f"/{name}/{query}.json")["columns"], query
    few = ask(f"/{name}/stalled_deals.json?stalled_after_days=9999")
    all_ = ask(f"/{name}/stalled_deals.json?stalled_after_days=-9999")
    assert len(few["rows"]) == 0 < len(all_["rows"])
