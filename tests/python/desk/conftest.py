"""A small warehouse, made by hand, and the desk that reads it."""

from __future__ import annotations

import asyncio
import html
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from scripts.desk import decisions
from scripts.ingest.clock import VARIABLE as CLOCK
from scripts.settings import PROJECT

TODAY = "2026-07-02"
EXPLORE = PROJECT / "scripts" / "explore"
AWKWARD = "a/b, 100%?x=1#y~z <b>"
TABLES = """
create table int_contacts__current (contact_id, record_number, first_name, last_name,
    company_id, email, source_phone, title, is_gone, created_at, _row_id, _file_id);
create table int_contacts__clustered (record_number, record_id, cluster_id);
create table rpt_contact_review (review_rank, contact_record_id,
    other_contact_record_id, probability, is_merged, evidence);
create table rpt_contact_merges (contact_id, contact_record_id,
    other_contact_record_id, probability, field, finding, value_count, of_count,
    weight_bits, explanation);
create table rpt_contact_winners (contact_id, field, value, contact_record_id, rule);
create table dim_contacts (contact_id text primary key, first_name);
create table bridge_people_records (record_id, person_id, record_kind,
    source_record_id);
create table fct_opportunities (opportunity_id text primary key, contact_id, person_id,
    opportunity_name, created_at, is_won, is_closed, currency_code, amount_minor);
create table fct_orders (order_id text primary key, person_id, order_number, ordered_at,
    order_state, is_sale, currency_code, total_minor, refunded_minor);
create table fct_sales (sale_id text primary key, customer_id, source_product_name,
    sales_date, currency_code, total_cost_minor);
create table fct_activities (activity_id text primary key, person_id, subject,
    occurred_at, activity_type);
create table fct_ingest_files (file_id, file_name, source_name, table_name);
create table bronze_crm__contacts (_row_id integer primary key, _line);
create table identity_overrides (entity, record_id, other_record_id, decision,
    decided_by, decided_on, reason);
create table rpt_identity_faults (line, fault, entity, record_id, other_record_id,
    decision);
insert into fct_ingest_files values (1, 'contacts.csv', 'crm', 'contacts');
"""


class Made:
    """The warehouse, to be filled."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._count = 0
        self.run(TABLES)

    def run(self, sql: str, *values: Any) -> None:
        with closing(sqlite3.connect(self.path)) as db:
            if values:
                db.execute(sql, values)
            else:
                db.executescript(sql)
            db.commit()

    def add(self, table: str, **row: Any) -> None:
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        self.run(f"insert into {table} ({names}) values ({marks})", *row.values())

    def contact(self, record: str, golden: str | None = None, **row: Any) -> str:
        self._count += 1
        number = self._count
        self.add(
            "int_contacts__current",
            **{"contact_id": record, "record_number": number, "first_name": "Ann"}
            | {"last_name": record.title(), "email": f"{number}@firm.example"}
            | {"is_gone": 0, "created_at": "2026-01-02T03:04:05.000000Z"}
            | {"_row_id": number, "_file_id": 1}
            | row,
        )
        clustered = {"record_id": record, "cluster_id": golden or record}
        self.add("int_contacts__clustered", record_number=number, **clustered)
        self.add("bronze_crm__contacts", _row_id=number, _line=number + 1)
        if golden in (None, record):
            self.add("dim_contacts", contact_id=record, first_name="Ann")
            person = {"record_id": f"contact:{record}", "person_id": f"p:{record}"}
            self.add("bridge_people_records", record_kind="contact", **person)
        return record

    def pair(self, one: str, other: str, likely: float, evidence: str = "") -> None:
        self._count += 1
        self.add(
            "rpt_contact_review",
            review_rank=self._count,
            contact_record_id=one,
            other_contact_record_id=other,
            probability=likely,
            evidence=evidence,
        )

    def deal(self, contact: str, code: str, minor: int, state: str = "open") -> None:
        self._count += 1
        self.add(
            "fct_opportunities",
            opportunity_id=f"O{self._count}",
            contact_id=contact,
            opportunity_name=f"Deal of {contact}",
            created_at="2026-03-04T00:00:00.000000Z",
            is_won=state == "won",
            is_closed=state != "open",
            currency_code=code,
            amount_minor=minor,
        )


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own file, which is not there yet."""
    monkeypatch.setenv("WAREHOUSE_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv(CLOCK, f"{TODAY}T06:00:00Z")
    monkeypatch.setenv("WAREHOUSE_PERSONAL", "shown")
    monkeypatch.setattr(decisions, "_steps", [])
    return tmp_path / "config" / "identity_overrides.csv"


@pytest.fixture
def made(tmp_path: Path, own: Path) -> Made:
    return Made(tmp_path / "ware house.db")


class Desk:
    """The desk as a browser sees it, without one."""

    def __init__(self, path: Path) -> None:
        from datasette.app import Datasette

        self.datasette = Datasette(
            [str(path)],
            plugins_dir=str(EXPLORE / "plugins"),
            template_dir=str(EXPLORE / "templates"),
            static_mounts=[("-/own", str(EXPLORE / "static"))],
            metadata={"plugins": {"explore": {"pii": {}, "shown": [], "names": []}}},
        )
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, **options: Any) -> Any:
        """Send one request."""
        options.setdefault("headers", {})
        options["headers"]["cookie"] = "; ".join(
            f"{name}={value}" for name, value in self.cookies.items()
        )
        asked = getattr(self.datasette.client, method)(path, **options)
        answer = asyncio.run(asked)
        self.cookies |= dict(answer.cookies)
        return answer

    def page(self, path: str = "/review") -> str:
        answer = self.ask("get", path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def send(self, path: str, form: dict[str, Any], follow: bool = True) -> str:
        """Send a form of the page and return the page that it leads to."""
        headers = {"origin": "http://localhost"}
        data = {"csrftoken": self.cookies["ds_csrftoken"]} | form
        answer = self.ask("post", path, data=data, headers=headers)
        assert answer.status_code == 303, answer.text
        return self.page(answer.headers["location"].partition("#")[0])

    def decide(self, word: str, at: int = 0, page: str = "", **form: Any) -> str:
        """Decide one of the questions of the list."""
        found = re.findall(r'name="question" value="([^"]*)"', page or self.page())
        return self.send(
            "/review/contacts",
            {"question": found[at], "decision": word, "by": "Zoë", "at": at + 1} | form,
        )


@pytest.fixture
def desk(made: Made) -> Callable[[], Desk]:
    """Open the desk; the warehouse may be filled before and after."""
    pytest.importorskip("datasette", reason="Datasette is an extra")
    return lambda: Desk(made.path)


def sides(page: str) -> list[list[list[str]]]:
    """The records of both sides of each question of a page."""
    found = []
    for head in re.findall(r'<table class="sides">.*?<thead>(.*?)</thead>', page, re.S):
        columns = re.findall(r"<th.*?</th>", head, re.S)
        if columns:
            found.append(
                [
                    [html.unescape(n) for n in re.findall(r"/review/[^>]*>([^<]*)<", c)]
                    for c in columns
                ]
            )
    return found


def text_of(page: str) -> str:
    """What a page says, on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PYTHONWARNINGS", "ignore")
    yield
