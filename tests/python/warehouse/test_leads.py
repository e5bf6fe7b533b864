"""The leads against an oracle in plain Python, in any order of arrival."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tools.generate.leads import Leads, write

from .leads_oracle import MATCHES, Oracle, number_of
from .warehouse import ENGINES, Warehouse, differences

ON_EACH = pytest.mark.parametrize("engine", ENGINES)
REAL = Path(__file__).parents[4] / "shared" / "data" / "leads"

COLUMNS = (
    "lead_number", "snapshot_date", "email_hash", "phone_hash", "city", "state",
    "state_origin", "zip", "entry_date", "appointment_at", "is_set", "is_demo",
    "job_status", "is_set_repaired", "lead_uuid", "phone_lead_uuid", "match_type",
)  # fmt: skip
CLUSTERED = "int_leads__clustered"
MARTS = (
    "dim_leads", "dim_leads_history", "fct_lead_snapshots", "fct_appointments",
    "fct_row_errors", "rpt_lead_conversion_daily", "rpt_lead_quality_current",
    "rpt_lead_quality_daily", "rpt_lead_quality_matching",
)  # fmt: skip
BY_ARRIVAL = (
    "_row_id", "_file_id", "latest_file_id", "file_id", "row_id", "finding_id",
    "valid_from", "_record", "_line", "record", "line", "file_name",
)  # fmt: skip
"""Columns that tell which file came when, and so differ with the order."""


def backend_of(content: bytes) -> list[tuple[Any, Any, Any]]:
    rows = pq.read_table(io.BytesIO(content)).to_pylist()
    return [(r["lead_UUID"], r["email_hash"], r["phone_hash"]) for r in rows]


def parquet(rows: Iterable[tuple[Any, Any, Any]]) -> bytes:
    """Write leads of the backend: (lead_uuid, email, phone)."""
    names = ("lead_UUID", "email_hash", "phone_hash")
    table = pa.Table.from_pylist([dict(zip(names, r, strict=True)) for r in rows])
    place = io.BytesIO()
    pq.write_table(table, place)
    return place.getvalue()


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the files of 22 days with 150 leads each."""
    folder = tmp_path_factory.mktemp("leads")
    paths = list(write(Leads(seed=3, per_list=150), folder))
    return {path.name: path.read_bytes() for path in paths}


def agree(warehouse: Warehouse, oracle: Oracle) -> None:
    """Compare every mart with what the oracle says of it."""

    def rows(sql: str) -> list[tuple[Any, ...]]:
        return sorted(warehouse.query(sql), key=repr)

    def same(found: list[tuple[Any, ...]], expected: Iterable[tuple[Any, ...]]) -> None:
        expected = sorted(
            (tuple(int(v) if isinstance(v, bool) else v for v in r) for r in expected),
            key=repr,
        )
        assert len(found) == len(expected)
        assert next(
            (f, e)
            for f, e in [*zip(found, expected, strict=True), (1, 1)]
            if f != e or f == 1
        ) == (1, 1)

    leads = oracle.snapshots()
    same(
        rows(
            f"select {', '.join(COLUMNS)}, coalesce(disposition, source_disposition)"
            " from fct_lead_snapshots"
        ),
        ([*(getattr(lead, c) for c in COLUMNS), lead.disposition] for lead in leads),
    )
    conversion = oracle.conversion()
    same(
        rows(
            "select lead_number, partition_date, lead_quality_flag,"
            " lead_quality_flag_repaired, email_match, phone_match,"
            " round(conversion_rate, 9) from rpt_lead_quality_matching"
        ),
        (
            (
                lead.lead_number,
                lead.snapshot_date,
                lead.quality(lead.is_set),
                lead.quality(lead.is_set_repaired),
                lead.match_type in ("both", "email", "conflict"),
                lead.match_type in ("both", "phone", "conflict"),
                _rate(conversion, lead),
            )
            for lead in leads
        ),
    )
    same(
        rows(
            "select snapshot_date, state, entry_month, lead_count, sold_count"
            " from rpt_lead_conversion_daily"
        ),
        ((*cohort, *counts) for cohort, counts in conversion.items()),
    )
    versions = oracle.versions()
    same(
        rows(
            "select lead_number, version_number, valid_from, valid_to, is_current,"
            " state, appointment_at, is_set_repaired, job_status, lead_uuid"
            " from dim_leads_history"
        ),
        (
            (
                number,
                place + 1,
                lead.snapshot_date,
                following.snapshot_date if following else None,
                following is None,
                lead.state,
                lead.appointment_at,
                lead.is_set_repaired,
                lead.job_status,
                lead.lead_uuid,
            )
            for number, every in versions.items()
            for place, (lead, following) in enumerate(
                zip(every, [*every[1:], None], strict=True)
            )
        ),
    )
    same(
        rows(
            "select lead_number, appointment_at, appointment_status"
            " from fct_appointments"
        ),
        ((*key, status) for key, status in oracle.appointments().items()),
    )
    daily = oracle.daily()
    counts = list(next(iter(daily.values())))
    same(
        rows(f"select snapshot_date, {', '.join(counts)} from rpt_lead_quality_daily"),
        ((day, *numbers.values()) for day, numbers in daily.items()),
    )
    same(
        rows(
            "select lead_uuid, lead_number_count, first_seen_date, last_seen_date"
            " from dim_leads"
        ),
        ((uuid, *numbers) for uuid, numbers in oracle.leads().items()),
    )
    same(rows("select lead_uuid from rpt_lead_quality_current"), zip(oracle.uuids))
    faulty = warehouse.query(
        "select file_name from fct_row_errors where rule = 'column_constant'"
        " and column_name = 'is_set'"
    )
    days = sorted(oracle.days)
    named = sorted({number_of(name) for (name,) in faulty})
    assert [day for day in days if _number(day) in named] == oracle.faulty
    ((separators,),) = warehouse.query(
        "select sum(separator_count) from fct_ingest_files where status = 'landed'"
    )
    assert separators == oracle.separators


def _number(day: str) -> int:
    from datetime import date

    from .leads_oracle import FIRST_DAY

    return (date.fromisoformat(day) - FIRST_DAY).days + 1


def _rate(conversion: dict[Any, tuple[int, int]], lead: Any) -> float | None:
    if not lead.state or not lead.entry_date:
        return None
    known, sold = conversion[lead.snapshot_date, lead.state, lead.entry_date[:7]]
    return round(sold / known, 9)


@ON_EACH
def test_all_days_at_once(
    new_warehouse: Callable[..., Warehouse], generated: dict[str, bytes]
) -> None:
    warehouse = new_warehouse(domain="leads")
    for name, content in generated.items():
        warehouse.deliver(name, content)
    warehouse.run()
    lists = [(n, c.decode()) for n, c in generated.items() if n.endswith("csv")]
    oracle = Oracle(lists, backend_of(generated["leads.parquet"]))
    assert {lead.match_type for lead in oracle.snapshots()} == set(MATCHES)
    assert len(oracle.faulty) == 7
    agree(warehouse, oracle)
    assert warehouse.query(
        "select file_name from fct_row_errors where rule = 'column_went_empty'"
        " order by file_name"
    ) == [("data_21.csv",), ("data_22.csv",)]


@pytest.mark.long
def test_the_real_files(new_warehouse: Callable[..., Warehouse]) -> None:
    if not REAL.is_dir():
        pytest.skip("no real lead files beside the checkout (../shared/data/leads)")
    warehouse = new_warehouse(domain="leads")
    files = {path.name: path.read_bytes() for path in sorted(REAL.iterdir())}
    for name, content in files.items():
        warehouse.deliver(name, content)
    warehouse.run()
    lists = [(n, c.decode()) for n, c in files.items() if n.endswith("csv")]
    agree(warehouse, Oracle(lists, backend_of(files["leads.parquet"])))
    # every record of the files, less the separators, stands in exactly one row
    records = sum(len(c.splitlines()) - 1 for n, c in lists)
    ((found,),) = warehouse.query("select count(*) from rpt_lead_quality_matching")
    assert found == records - sum(c.count("\n-----") for _, c in lists)


@pytest.mark.long
@ON_EACH
def test_any_order_gives_the_same(
    new_warehouse: Callable[..., Warehouse], generated: dict[str, bytes]
) -> None:
    """Late days, a day sent again and changed, the backend late and changed."""
    backend = backend_of(generated["leads.parquet"])
    older = [  # of some another telephone, of one the e-mail of another
        (uuid, email if place else backend[1][1], phone if place % 9 else "0" * 40)
        for place, (uuid, email, phone) in enumerate(backend[:-20])
    ]
    again = generated["data_20.csv"].decode().splitlines(keepends=True)
    again = "".join(line for place, line in enumerate(again) if place % 5 != 1)
    steps = [
        ["data_20.csv", "data_16.csv"],  # not known to be at fault yet
        ["data_15.csv", "data_21.csv", "data_20_again.csv", "leads.parquet"],
        ["data_18.csv", "leads_2.parquet"],
    ]
    contents = generated | {
        "leads.parquet": parquet(older),
        "leads_2.parquet": parquet(backend),
        "data_20_again.csv": again.encode(),
    }
    stepwise = new_warehouse(domain="leads")
    for names in steps:
        for name in names:
            stepwise.deliver(name, contents[name])
        stepwise.run()
        for name in names:
            (stepwise.inbox / "leads" / name).unlink()
    lists = [
        (name, contents[name].decode())
        for s in steps
        for name in s
        if name.endswith("csv")
    ]
    agree(stepwise, Oracle(lists, backend))

    before, lasting = stepwise.content(), stepwise.lasting()
    stepwise.build_models("--full-refresh")
    assert differences(lasting, stepwise.lasting())[:5] == []
    after = stepwise.content()
    for name in {name for name in before if name not in lasting} | {CLUSTERED}:
        del before[name], after[name]  # learned anew, every record looked at
    assert differences(before, after)[:5] == []

    at_once = new_warehouse(domain="leads")
    for name in [name for names in steps for name in names]:
        at_once.deliver(name, contents[name])
    at_once.run()
    here, there = (
        {
            name: sorted(map(repr, rows))
            for name, rows in warehouse.relations(but=BY_ARRIVAL).items()
            if name in MARTS
        }
        for warehouse in (stepwise, at_once)
    )
    assert differences(here, there)[:5] == []


HEADER = "ENTRYDATE,LEADNUMBER,email_hash,phone_hash,CITY,STATE,ZIP,Appt Date,Set,Demo,"
HEADER += "Dispo,Job Status\n"
A, B, C, D = ("a" * 40, "b" * 40, "c" * 40, "d" * 40)


def line(number: str, **values: str) -> str:
    """Write a sound record, with some values changed."""
    row = {
        "entry_date": "03/01/2023", "number": number, "email": A, "phone": B,
        "city": "Reno", "state": "NV", "zip": "89502", "appointment": "", "set": "0",
        "demo": "0", "dispo": "Data", "job": "",
    }  # fmt: skip
    return ",".join((row | values).values()) + "\n"


@ON_EACH
def test_dirt_is_found_and_nothing_is_lost(
    new_warehouse: Callable[..., Warehouse],
) -> None:
    warehouse = new_warehouse(domain="leads")
    rows = [
        line("1"),
        line("", city="nobody"),
        line("3", email="x" * 40),
        line("4", phone="12"),
        line("5", zip="123456"),
        line("6", zip="2134", state="nu"),
        line("7", entry_date="13/13/2023"),
        line("8", appointment="soon"),
        line("9", set="2", demo="maybe"),
        line("10", state="ZZ", zip=""),
        line("11", dispo="Never heard of"),
        line("12", set="1"),
        line("13", email=A.upper() + " ", phone=D),
        line("14", city="first"),
        line("14", city="last"),
        line("15", entry_date="01/01/2099"),
        line("16", zip="98311-1234", state="  "),
        "only,three,fields\n",
    ]
    warehouse.deliver("data_1.csv", HEADER + "".join(rows))
    warehouse.deliver(
        "leads.parquet",
        parquet(
            [
                ("U1", A, B),
                ("u2", C, C),
                ("u3", None, C),
                ("u4", None, D),
                (None, D, None),
                ("u5", "no digest", None),
                ("u6", D, None),
                ("u6", "e" * 40, None),
            ]
        ),
    )
    warehouse.run()
    assert warehouse.findings() - {
        ("column_absent", "data_1.csv", "location"),
    } == {
        ("id_missing", "data_1.csv", "lead_number"),
        ("hash_malformed", "3", "email_hash"),
        ("hash_malformed", "4", "phone_hash"),
        ("zip_malformed", "5", "zip"),
        ("date_unreadable", "7", "entry_date"),
        ("date_unreadable", "8", "appointment"),
        ("boolean_unreadable", "9", "is_set"),
        ("boolean_unreadable", "9", "is_demo"),
        ("code_unknown", "10", "state"),
        ("code_unknown", "11", "disposition"),
        ("set_contradicts_appointment", "12", "is_set"),
        ("match_conflict", "13", "phone_hash"),
        ("id_repeated_in_file", "14", "lead_number"),
        ("date_in_future", "15", "entry_date"),
        ("row_unreadable", "data_1.csv", None),
        ("id_missing", "leads.parquet", "lead_uuid"),
        ("hash_malformed", "u5", "email_hash"),
        ("hash_shared", "u2", "phone_hash"),
        ("hash_shared", "u3", "phone_hash"),
        ("id_repeated_in_file", "u6", "lead_uuid"),
    }
    assert (
        dict(warehouse.query("select lead_number, city from fct_lead_snapshots"))["14"]
        == "last"
    )
    assert warehouse.query(
        "select lead_number, state, zip, state_origin from fct_lead_snapshots"
        " where lead_number in ('6', '10', '16') order by lead_number"
    ) == [
        ("10", None, None, None),
        ("16", "WA", "98311", "zip"),
        ("6", "MA", "02134", "zip"),
    ]
    assert warehouse.query(
        "select lead_number, lead_uuid, phone_lead_uuid, match_type"
        " from fct_lead_snapshots where lead_number in ('1', '3', '4', '13')"
        " order by lead_number"
    ) == [
        ("1", "u1", None, "both"),
        ("13", "u1", "u4", "conflict"),
        ("3", "u1", None, "phone"),
        ("4", "u1", None, "email"),
    ]
    # what is given twice, or by a lead that contradicts itself, matches nothing
    warehouse.deliver(
        "data_2.csv",
        HEADER + line("1", email=D, phone=C) + line("2", email="e" * 40, phone=""),
    )
    warehouse.run()
    assert warehouse.query(
        "select lead_number, lead_uuid, match_type from fct_lead_snapshots"
        " where snapshot_date = '2023-03-15' order by lead_number"
    ) == [("1", None, "none"), ("2", None, "none")]
    ((lost,),) = warehouse.query(
        "select sum(delivered_count - landed_count - rejected_count"
        " - separator_count) + sum(landed_count - error_count - current_count"
        " - superseded_count - unchanged_count) from rpt_record_conservation"
        " where source_name = 'leads'"
    )
    assert lost == 0


@ON_EACH
def test_jumps_between_days_are_found(new_warehouse: Callable[..., Warehouse]) -> None:
    warehouse = new_warehouse(domain="leads")

    def day(number: int, rows: int, **values: str) -> None:
        lines = [
            line(str(n), zip=values.get("zip", "89502") if n % 3 else "89501")
            for n in range(rows)
        ]
        warehouse.deliver(f"data_{number}.csv", HEADER + "".join(lines))

    for number in (1, 2, 3):
        day(number, 40)
    day(4, 44)  # 10 % more, 0 % missing: nothing
    day(5, 20)  # half of what was usual
    day(6, 40, zip="")  # two of three ZIP codes are missing
    warehouse.run()
    found = warehouse.query(
        "select file_name, rule, column_name, source_value from fct_row_errors"
        " where rule like '%jumped' order by file_name"
    )
    assert found == [
        ("data_5.csv", "row_count_jumped", "file", "20 records, 41 before"),
        ("data_6.csv", "missing_rate_jumped", "zip", "65 % missing, 0 % before"),
    ]
