"""Each fault alone in an otherwise good delivery: it is named, nothing else lost."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from scripts.ingest import Summary

from .deliveries import activity, company, contact, opportunity
from .warehouse import Warehouse

MARTS = {
    "companies": "dim_companies",
    "contacts": "dim_contacts",
    "opportunities": "fct_opportunities",
    "activities": "fct_activities",
}


def good(own: str = "") -> dict[str, list[dict[str, Any]]]:
    """Return ten good records of each table; `own` begins their ids."""
    numbers = range(10)
    c, p, o, a = (f"{own}{letter}" for letter in "CPOA")
    return {
        "companies": [company(f"{c}{n}") for n in numbers],
        "contacts": [contact(f"{p}{n}", company_id=f"{c}{n}") for n in numbers],
        "opportunities": [
            opportunity(f"{o}{n}", company_id=f"{c}{n}", contact_id=f"{p}{n}")
            for n in numbers
        ],
        "activities": [
            activity(f"{a}{n}", contact_id=f"{p}{n}", opportunity_id=f"{o}{n}")
            for n in numbers
        ],
    }


def as_csv(rows: list[dict[str, Any]], newline: str = "\n") -> str:
    """Return records as a CSV file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator=newline)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@dataclass
class Fault:
    """A file put in the place of a good one, and what should come of it."""

    name: str
    table: str
    content: Callable[[list[dict[str, Any]]], bytes | str | None]
    """Makes the file's content of the good records; None leaves it out."""
    findings: set[tuple[str, str | None, str | None]] = field(default_factory=set)
    """(rule, record or file, column) of the findings, as if it came alone."""
    lost: set[str] = field(default_factory=set)
    """Records that cannot be in the mart."""
    refused: str | None = None
    """A part of the reason, if the file is refused."""
    reject: tuple[int | None, str] | None = None
    """Line and a part of the reason, if a row is rejected."""
    mended: str | None = None
    """What is added to the name of a good file that is delivered after it."""
    mart: dict[str, Any] = field(default_factory=dict)
    """Query and its one value; the query is given how the delivery's ids begin."""


def replaced(table: str, index: int, **changes: Any) -> Callable[..., str]:
    """Return a maker of the good file with one record changed."""
    return lambda rows: as_csv(
        [row | changes if n == index else row for n, row in enumerate(rows)]
    )


def with_column(table: str, index: int, **values: Any) -> Callable[..., str]:
    """Return a maker of the good file with columns that one record alone fills."""
    empty = dict.fromkeys(values, "")
    return lambda rows: as_csv(
        [row | (values if n == index else empty) for n, row in enumerate(rows)]
    )


def with_line(line: int, change: Callable[[bytes], bytes]) -> Callable[..., bytes]:
    """Return a maker of the good CSV file with one physical line changed."""

    def make(rows: list[dict[str, Any]]) -> bytes:
        lines = as_csv(rows).encode().splitlines(keepends=True)
        lines[line - 1] = change(lines[line - 1])
        return b"".join(lines)

    return make


def without_column(column: str) -> Callable[..., str]:
    """Return a maker of the good file with a column left out."""
    return lambda rows: as_csv(
        [{key: row[key] for key in row if key != column} for row in rows]
    )


def broken_json(rows: list[dict[str, Any]]) -> str:
    """Break the syntax of the third of the records, each on its line."""
    lines = [json.dumps(row) for row in rows]
    lines[2] = lines[2].replace('"id": ', '"id" ', 1)
    return "[" + ",\n".join(lines) + "]"


OWN_ACTIVITIES = "fct_activities where activity_id like ? || '%'"
ALL = {
    "companies": {f"C{n}" for n in range(10)},
    "contacts": {f"P{n}" for n in range(10)},
    "opportunities": {f"O{n}" for n in range(10)},
    "activities": {f"A{n}" for n in range(10)},
}

FAULTS = [
    Fault("missing file", "activities", lambda rows: None, lost=ALL["activities"]),
    Fault(
        "empty file",
        "activities",
        lambda rows: "",
        {("file_refused", "activities.csv", "file")},
        lost=ALL["activities"],
        refused="empty",
    ),
    Fault(
        "refused, then mended", "activities", lambda rows: "", refused="e", mended=""
    ),
    Fault(
        "refused, then mended as a copy",
        "activities",
        lambda rows: as_csv(rows).replace("id,", "number,", 1),
        refused="required column id is missing",
        mended="_fixed (1)",
        mart={
            "select count(*) from fct_ingest_files as refused inner join"
            " fct_ingest_files as mended on mended.file_id ="
            " refused.repaired_by_file_id where refused.file_name like '%' || ? || '%'"
            " and mended.status = 'landed'": 1,
        },
    ),
    Fault(
        "refused, and others refer to it",
        "contacts",
        lambda rows: "",
        {
            ("file_refused", "contacts.csv", "file"),
            *(("reference_unknown", f"O{n}", "contact_id") for n in range(10)),
            *(("reference_unknown", f"A{n}", "contact_id") for n in range(10)),
        },
        lost=ALL["contacts"],
        refused="empty",
        mart={
            "select count(*) from fct_row_errors as results inner join fct_row_errors"
            " as causes on results.cause_finding_id = causes.finding_id where"
            " causes.rule = 'file_refused' and results.record_id like ? || '%'": 20,
        },
    ),
    Fault(
        "header only",
        "activities",
        lambda rows: as_csv(rows).splitlines()[0] + "\n",
        {("file_without_records", "activities.csv", "file")},
        lost=ALL["activities"],
    ),
    Fault(
        "totals that differ",
        "opportunities",
        lambda rows: as_csv([*rows, {"id": "Total", "amount": "123456.78"}]),
        {("totals_differ", "opportunities.csv", "amount")},
        mart={
            "select line || ': ' || source_value from fct_row_errors where"
            " rule = 'totals_differ' and file_name like '%' || ? || '%'": (
                "12: 123456.78, records 15005.00"
            )
        },
    ),
    Fault(
        "count and footer",
        "opportunities",
        lambda rows: as_csv(
            [*rows, {"id": "10 deals"}, {"id": "Confidential - Acme, Inc."}]
        ),
    ),
    Fault(
        "malformed JSON",
        "activities",
        broken_json,
        {("row_unreadable", "activities.json", None)},
        lost={"A2"},
        reject=(3, ""),
    ),
    Fault(
        "truncated array",
        "activities",
        lambda rows: json.dumps(rows)[:-30],
        {
            ("row_unreadable", "activities.json", None),
            ("file_cut", "activities.json", "file"),
        },
        lost={"A9"},
        reject=(1, "end"),
    ),
    Fault(
        "missing required column",
        "activities",
        without_column("contact_id"),
        {("file_refused", "activities.csv", "file")},
        lost=ALL["activities"],
        refused="contact_id",
    ),
    Fault(
        "extra column",
        "activities",
        lambda rows: as_csv([row | {"Mood": "fine"} for row in rows]),
        {("column_unexpected", "activities.csv", "Mood")},
        mart={
            "select count(*) from bronze_crm__activities"
            " where _extra = '{\"Mood\":\"fine\"}' and id like ? || '%'": 10
        },
    ),
    Fault(
        "renamed column",
        "activities",
        lambda rows: as_csv(rows).replace("duration_minutes", "Duration"),
        mart={f"select sum(duration_minutes) from {OWN_ACTIVITIES}": 300},
    ),
    Fault(
        "columns in another order",
        "activities",
        lambda rows: as_csv([dict(reversed(row.items())) for row in rows]),
        mart={f"select sum(duration_minutes) from {OWN_ACTIVITIES}": 300},
    ),
    Fault(
        "unknown company",
        "contacts",
        replaced("contacts", 4, company_id="C77"),
        {("reference_unknown", "P4", "company_id")},
        mart={
            "select count(*) from dim_contacts where company_id is null"
            " and contact_id like ? || '%'": 1
        },
    ),
    Fault(
        "future date",
        "activities",
        replaced("activities", 4, timestamp="2099-01-01T00:00:00"),
        {("date_in_future", "A4", "timestamp")},
    ),
    Fault(
        "impossible date",
        "activities",
        replaced("activities", 4, timestamp="2021-02-30"),
        {("date_unreadable", "A4", "timestamp")},
        mart={f"select count(*) from {OWN_ACTIVITIES} and occurred_at is null": 1},
    ),
    Fault(
        "negative amount",
        "opportunities",
        replaced("opportunities", 4, amount="-5"),
        {("amount_negative", "O4", "amount")},
        mart={
            "select sum(amount_cents) from fct_opportunities"
            " where opportunity_id like ? || '%'": 9 * 150050 - 500
        },
    ),
    Fault(
        "thousands after the decimal mark",
        "opportunities",
        replaced("opportunities", 4, amount="EUR 1.500"),
        {
            ("amount_ambiguous", "O4", "amount"),
            ("currency_other", "O4", "amount"),
        },
        mart={
            "select sum(amount_cents) filter (where source_amount is null)"
            " || ' ' || max(source_amount) from fct_opportunities"
            " where opportunity_id like ? || '%'": (f"{9 * 150050} EUR 1.500"),
            "select count(*) from dim_opportunities_history"
            " where amount_cents = 150 and source_amount = 'EUR 1.500'"
            " and opportunity_id like ? || '%'": 1,
        },
    ),
    Fault(
        "another currency",
        "opportunities",
        replaced("opportunities", 4, amount="€ 500.00"),
        {("currency_other", "O4", "amount")},
        mart={
            "select sum(amount_cents) filter (where source_amount is null)"
            " || ' ' || max(source_amount) from fct_opportunities"
            " where opportunity_id like ? || '%'": (f"{9 * 150050} € 500.00")
        },
    ),
    Fault(
        "a currency that nobody knows",
        "opportunities",
        with_column("opportunities", 4, currency="ZZZ"),
        {("currency_unknown", "O4", "currency")},
        mart={
            "select sum(amount_cents) from fct_opportunities"
            " where currency_code = 'USD' and opportunity_id like ? || '%'": 9 * 150050,
            "select count(*) from fct_opportunities where currency_code is null"
            " and amount_cents = 150050 and opportunity_id like ? || '%'": 1,
        },
    ),
    Fault(
        "a currency of its own",
        "opportunities",
        with_column("opportunities", 4, currency="eur"),
        mart={
            "select sum(amount_cents) from fct_opportunities"
            " where currency_code = 'USD' and opportunity_id like ? || '%'": 9 * 150050,
            "select sum(amount_cents) from fct_opportunities"
            " where currency_code = 'EUR' and opportunity_id like ? || '%'": 150050,
        },
    ),
    Fault(
        "the source's own currency",
        "opportunities",
        replaced("opportunities", 4, amount="USD 500.00"),
        mart={
            "select sum(amount_cents) || coalesce(max(source_amount), '')"
            " from fct_opportunities where opportunity_id like ? || '%'": (
                f"{9 * 150050 + 50000}"
            )
        },
    ),
    Fault(
        "repeated id in one file",
        "activities",
        lambda rows: as_csv([*rows, rows[4] | {"subject": "Second call"}]),
        {("id_repeated_in_file", "A4", "id")},
        mart={
            f"select subject from {OWN_ACTIVITIES} and activity_id like '%A4'": (
                "Second call"
            )
        },
    ),
    Fault(
        "same e-mail on two contacts",
        "contacts",
        lambda rows: replaced(
            "contacts",
            4,
            first_name="Zoe",
            last_name="Quill",
            email=rows[5]["email"].replace("p5@", "P5@"),
        )(rows),
        {("email_shared", "P4", "email"), ("email_shared", "P5", "email")},
    ),
    Fault(
        "field of 10 MB",
        "activities",
        replaced("activities", 4, notes="x" * 10_000_000),
        mart={f"select max(length(notes)) from {OWN_ACTIVITIES}": 10_000_000},
    ),
    Fault(
        "NUL byte",
        "activities",
        with_line(4, lambda line: line.replace(b"Went", b"We\0t")),
        {("row_unreadable", "activities.csv", None)},
        lost={"A2"},
        reject=(4, "NUL"),
    ),
    Fault(
        "invalid UTF-8",
        "activities",
        with_line(4, lambda line: line.replace(b"Went", b"W\xffnt")),
        {("row_unreadable", "activities.csv", None)},
        lost={"A2"},
        reject=(4, "utf-8"),
    ),
    Fault(
        "stray quote",
        "activities",
        with_line(4, lambda line: line.replace(b"Went", b'"Went')),
        {("row_unreadable", "activities.csv", None)},
        lost={"A2"},
        reject=(4, ""),
    ),
    Fault(
        "mixed line ends",
        "activities",
        with_line(4, lambda line: line.replace(b"\n", b"\r\n")),
    ),
    Fault(
        "1,000 columns",
        "activities",
        lambda rows: as_csv(
            [row | {f"column {n}": f"{n}" for n in range(991)} for row in rows]
        ),
        {
            ("column_unexpected", "activities.csv", f"column {number}")
            for number in range(991)
        },
    ),
]


@dataclass
class Landed:
    """The warehouse of all faults, and what was said as each delivery landed."""

    warehouse: Warehouse
    summaries: dict[str, Summary]
    found: set[tuple[str, str | None, str | None]]

    def own(self, fault: Fault) -> str:
        """Return how the ids of a delivery begin, and its files end."""
        return own(FAULTS.index(fault))


def own(number: int) -> str:
    return f"F{number:02}"


@pytest.fixture(scope="module")
def landed(
    filled_once: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Landed:
    """Land each faulty delivery by itself, then build once.

    They do not interfere: no id, name, domain or e-mail address of one delivery
    stands in another, so that none refers to, replaces or resembles a record of
    another; and what is found in a file or record names it.
    """
    summaries = {}

    def fill(warehouse: Warehouse) -> None:
        for number, fault in enumerate(FAULTS):
            for table, rows in good(own(number)).items():
                content = fault.content(rows) if table == fault.table else as_csv(rows)
                if content is not None:
                    suffix = "json" if content[:1] in ("[", b"[") else "csv"
                    name = f"{table}_{own(number)}.{suffix}"
                    warehouse.deliver(name, content)
            summaries[fault.name] = warehouse.land()
            if fault.mended is not None:
                rows = good(own(number))[fault.table]
                name = f"{fault.table}_{own(number)}{fault.mended}.csv"
                warehouse.deliver(name, as_csv(rows))
                warehouse.land()
            for path in (warehouse.inbox / "crm").iterdir():
                path.unlink()
        warehouse.build_models()

    project = filled_once(fill, "sqlite", "crm")
    warehouse = Warehouse(tmp_path_factory.mktemp("landed") / "warehouse", project)
    return Landed(warehouse, summaries, warehouse.findings())


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault(landed: Landed, fault: Fault) -> None:
    warehouse, own = landed.warehouse, landed.own(fault)
    summary = landed.summaries[fault.name]

    assert {f for f in landed.found if own in (f[1] or "")} == expected(fault, own)
    for table, mart in MARTS.items():
        lost = fault.lost if table == fault.table else set()
        key = warehouse.query(f"select name from pragma_table_info('{mart}')")[0][0]
        keys = f"select {key} from {mart} where {key} like ? || '%'"
        found = {value.removeprefix(own) for (value,) in warehouse.query(keys, own)}
        assert found == ALL[table] - lost
    for sql, value in fault.mart.items():
        assert warehouse.value(sql, own) == value

    refusals = [o.reason for o in summary.outcomes if o.status == "refused"]
    assert bool(fault.refused) == bool(refusals)
    is_cut = any(rule == "file_cut" for rule, _, _ in fault.findings)
    assert (summary.exit_code == 1) == (bool(refusals) or is_cut)
    assert all(fault.refused in reason for reason in refusals)
    rejects = warehouse.query(
        "select first_line, rejects.reason from ingest_rejects as rejects"
        " join ingest_files using (file_id) where file_name like '%' || ? || '%'",
        own,
    )
    if fault.reject is None:
        assert rejects == []
    else:
        ((line, reason),) = rejects
        assert line == fault.reject[0]
        assert fault.reject[1] in reason


def expected(fault: Fault, own: str) -> set[tuple[str, str | None, str | None]]:
    """Return the findings of a fault in the delivery whose ids begin so."""
    return {
        (rule, f"_{own}.".join(place.split(".")) if "." in place else own + place, name)
        for rule, place, name in fault.findings
    }


def test_nothing_else_is_found_or_lost(landed: Landed) -> None:
    warehouse = landed.warehouse
    every = {f for fault in FAULTS for f in expected(fault, landed.own(fault))}
    assert landed.found == every
    assert warehouse.query("pragma foreign_key_check") == []
    assert not warehouse.query(
        "select * from rpt_record_conservation where delivered_count"
        " <> landed_count + rejected_count + separator_count or landed_count"
        " <> error_count + current_count + superseded_count + unchanged_count"
    )
    # of each file too: what one lost another cannot have made up for
    for table in MARTS:
        assert not warehouse.query(
            "select * from fct_ingest_files where status = 'landed' and"
            " (record_count <> landed_count + rejected_count + separator_count"
            f" or table_name = '{table}' and landed_count <> (select count(*)"
            f" from int_{table}__versioned where _file_id = file_id))"
        )
    for mart in MARTS.values():
        key = warehouse.query(f"select name from pragma_table_info('{mart}')")[0][0]
        assert not warehouse.query(f"select * from {mart} where {key} not like 'F__%'")
