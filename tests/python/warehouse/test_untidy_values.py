"""Values as spreadsheets and web pages leave them, in every column that staging reads.

And values that contradict what is declared of how a file writes them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from .notations import note
from .warehouse import ENGINES, Warehouse

MODELS = Path(__file__).parents[3] / "models/staging"
SOURCES = ("crm", "commerce", "marketing", "sales", "leads")
FILES = {
    "commerce.customers": "shop_customers", "commerce.products": "shop_products",
    "sales.transactions": "sales", "leads.snapshots": "data_01",
    "sales.salespeople": "salespeople",
}  # fmt: skip

OF_TYPE = {
    # what a cell holds, and what it is
    "integer": ("9", 9),
    "number": ("40", 40),
    "money": ("1250.5", 125050),
    "date": ("2026-03-07", "2026-03-07"),
    "timestamp": ("2026-03-07 09:14", "2026-03-07T09:14:00.000000Z"),
    "boolean": ("1", 1),
    "text": ("71", "71"),
}
OF_COLUMN = {
    "currency": "EUR", "base_currency": "EUR", "converted_currency": "EUR",
    "country": "DE", "email": "A7@ex.example.com", "state": "TX", "zip": "78701",
    "contact_email": "A7@ex.example.com", "work_email": "A7@ex.example.com",
    "phone": "+14155550123", "mobile_phone": "+14155550123",
    "order_time": "09:14", "created_time": "09:14", "zone": "UTC",
    "email_hash": "7" * 64, "phone_hash": "8" * 64, "interval_count": "3",
    "duration_text": "00:05:20", "location": "Austin|TX",
}  # fmt: skip

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
FORMS: dict[str, Callable[[str], str]] = {
    "as it is": lambda v: v,
    "apostrophe": lambda v: f"'{v}",
    "formula": lambda v: f'="{v}"',
    "quotes": lambda v: f'"{v}"',
    "single quotes": lambda v: f"'{v}'",
    "no-break spaces": lambda v: f"\u00a0{v}\u00a0",
    "byte order mark": lambda v: f"\ufeff{v}",
    "blanks": lambda v: f"  {v}\t",
    "entity": lambda v: f"&#{ord(v[0])};{v[1:]}",
    "named entity": lambda v: f"&nbsp;{v}",
    "full-width digits": lambda v: v.translate(WIDE),
}


def tables() -> dict[str, dict[str, str]]:
    """The declared columns of each table, with their types."""
    found = {}
    for source in SOURCES:
        path = MODELS / source / f"_{source}__sources.yml"
        (declared,) = yaml.safe_load(path.read_text("utf-8"))["sources"]
        for table in declared["tables"]:
            found[f"{source}.{table['name']}"] = {
                column["name"]: column.get("data_type") or "text"
                for column in table["columns"]
            }
    return found


TABLES = tables()


CLOCKS = {"ordered_at": "order_time", "created_at": "created_time"}


def record(columns: dict[str, str]) -> dict[str, str]:
    """A plain record: one value for each column."""
    return {
        name: "2026-03-07"  # its time of day is in a column beside it
        if CLOCKS.get(name) in columns
        else OF_COLUMN.get(name) or OF_TYPE[kind][0]
        for name, kind in columns.items()
    }


def file_name(table: str, kind: str) -> str:
    return f"{FILES.get(table, table.split('.')[1])}_{kind}_untidy.json"


HUBSPOT = {"system_name": "hubspot", "id_scope": "hubspot",
           "notation": {"links": "ids", "list_separator": ";"}}  # fmt: skip
COMMA = HUBSPOT | {"id_scope": "comma", "notation": {"decimal_mark": ","}}
POINT = HUBSPOT | {"id_scope": "point", "notation": {"decimal_mark": "."}}
DAY = HUBSPOT | {"id_scope": "day", "notation": {"date_order": "dmy"}}
MONTH = HUBSPOT | {"id_scope": "month", "notation": {"date_order": "mdy"}}
PERCENT = HUBSPOT | {"id_scope": "percent", "notation": {"probability": "percent"}}

AMOUNTS = ["1.234,50", "12.50", "1,234.50", "2.500", "2,500", "0.125", "1234.567",
           "12,5", "1.234.567", "70"]  # fmt: skip
AMOUNTS_READ = {
    # in cents, and whether the value could be read both ways
    "comma": [123450, 1250, 123450, 250000, 250, 13, 123457, 1250, 123456700, 7000],
    "point": [123450, 1250, 123450, 250, 250000, 13, 123457, 1250, 123456700, 7000],
}
TWO_WAY = {"2.500", "2,500"}
DATES = ["31/12/2026", "12/31/2026", "05/04/2026", "06/06/2026"]
DATES_READ = {
    "day": ["2026-12-31", "2026-12-31", "2026-04-05", "2026-06-06"],
    "month": ["2026-12-31", "2026-12-31", "2026-05-04", "2026-06-06"],
}
MONEY = {"crm.opportunities": "amount", "commerce.payments": "amount",
         "marketing.campaigns": "cost"}  # fmt: skip
TIMES = {"crm.opportunities": "created_date", "commerce.payments": "created_at",
         "marketing.campaigns": "started_on"}  # fmt: skip


def minor(table: str, column: str) -> str:
    return f"{column}_cents" if table.startswith("crm") else f"{column}_minor"


def time(table: str, column: str) -> str:
    return "created_at" if table.startswith("crm") else column


def deliver(warehouse: Warehouse) -> list[tuple[str, dict[str, Any]]]:
    """Write these files; return what is to be noted of some."""
    noted = []

    def put(table: str, kind: str, rows: list[dict[str, Any]], facts: Any) -> None:
        folder = warehouse.inbox / table.split(".")[0]
        folder.mkdir(exist_ok=True)
        (folder / file_name(table, kind)).write_text(json.dumps(rows), "utf-8")
        if facts:
            noted.append((file_name(table, kind), facts))

    for table, columns in TABLES.items():
        plain = record(columns)
        rows = [
            {name: form(value) for name, value in plain.items()}
            for form in FORMS.values()
        ]
        put(table, "own", rows, None)
        if table.split(".")[0] in ("crm", "commerce", "marketing"):
            put(table, "noted", rows, HUBSPOT)
    for table in MONEY:
        key = next(iter(TABLES[table]))
        base = dict.fromkeys(TABLES[table]) | {"name": "A", "currency": "EUR"}
        base = {name: base[name] for name in TABLES[table]}
        for facts in (COMMA, POINT):
            put(table, facts["id_scope"], [
                base | {key: str(number), MONEY[table]: value}
                for number, value in enumerate(AMOUNTS)
            ], facts)  # fmt: skip
        for facts in (DAY, MONTH):
            put(table, facts["id_scope"], [
                base | {key: str(number), TIMES[table]: value}
                for number, value in enumerate(DATES)
            ], facts)  # fmt: skip
    deal = dict.fromkeys(TABLES["crm.opportunities"])
    put("crm.opportunities", "percent", [
        deal | {"id": "1", "probability": "0.2"}, deal | {"id": "2", "probability": "1"}
    ], PERCENT)  # fmt: skip
    return noted


def fill(warehouse: Warehouse) -> None:
    noted = deliver(warehouse)
    outcomes = warehouse.land().outcomes
    assert not [(o.label, o.reason) for o in outcomes if o.status == "refused"]
    for name, facts in noted:
        note(warehouse, name, **facts)
    warehouse.build(
        "--select", "path:seeds", *(f"staging.{s}" for s in (*SOURCES, "ingest")),
        "--exclude-resource-type", "test", command="build",
    )  # fmt: skip


@pytest.fixture(scope="module", params=ENGINES)
def built(
    request: pytest.FixtureRequest, looked_at: Callable[[Any, str], Warehouse]
) -> Warehouse:
    """Return a warehouse of all these files, for tests that only look."""
    return looked_at(fill, request.param)


LINEAGE = ("_row_id", "_record", "_line", "_file_id", "_delivered_at", "_loaded_at")


def staged(warehouse: Warehouse, table: str, kind: str) -> list[dict[str, Any]]:
    """The rows of a file as staging has them, in their order."""
    (number,) = warehouse.query(
        "select file_id from ingest_files where file_name = ?", file_name(table, kind)
    )[0]
    rows = warehouse.rows(f"stg_{table.replace('.', '__')}")
    rows = [row for row in rows if row["_file_id"] == number]
    rows.sort(key=lambda row: row["_record"])
    return [{k: v for k, v in row.items() if k not in LINEAGE} for row in rows]


@pytest.mark.parametrize("kind", ["own", "noted"])
@pytest.mark.parametrize("table", TABLES)
def test_untidy_values_are_what_they_mean(
    built: Warehouse, table: str, kind: str
) -> None:
    if kind == "noted" and table.split(".")[0] in ("sales", "leads"):
        return
    rows = staged(built, table, kind)
    assert len(rows) == len(FORMS)
    plain = rows[0]
    for column, type_ in TABLES[table].items():
        # as the columns of commerce and marketing are named, which all are typed alike
        name = f"{column}_minor" if type_ == "money" else column
        if table.split(".")[0] in ("commerce", "marketing") and type_ != "text":
            expected = OF_TYPE[type_][1]
            if column in OF_COLUMN:
                expected = int(OF_COLUMN[column])
            assert plain[name] == expected, name
    untidy = {
        form: {
            column: (row[column], plain[column])
            for column in plain
            # the text of what is no number yet, findings with it, and notes, which
            # stay as they were written
            if row[column] != plain[column]
            and column != "notes"
            and not column.startswith("given_")
        }
        for form, row in zip(FORMS, rows, strict=True)
    }
    assert untidy == {form: {} for form in FORMS}


@pytest.mark.parametrize("table", MONEY)
@pytest.mark.parametrize("kind", ["comma", "point"])
def test_an_amount_that_contradicts_the_declared_mark(
    built: Warehouse, table: str, kind: str
) -> None:
    rows = staged(built, table, kind)
    column = minor(table, MONEY[table])
    assert [row[column] for row in rows] == AMOUNTS_READ[kind]
    doubted = {
        value
        for value, row in zip(AMOUNTS, rows, strict=True)
        if "amount_ambiguous" in (row["_findings"] or "")
    }
    assert doubted >= TWO_WAY
    assert doubted <= TWO_WAY | {"0.125"}


@pytest.mark.parametrize("table", TIMES)
@pytest.mark.parametrize("kind", ["day", "month"])
def test_a_date_that_contradicts_the_declared_order(
    built: Warehouse, table: str, kind: str
) -> None:
    rows = staged(built, table, kind)
    column = time(table, TIMES[table])
    assert [row[column][:10] for row in rows] == DATES_READ[kind]
    assert [
        value
        for value, row in zip(DATES, rows, strict=True)
        if "date_ambiguous" in (row["_findings"] or "")
    ] == ["05/04/2026"]


def test_shares_of_a_system_that_declares_percent_are_found(built: Warehouse) -> None:
    rows = staged(built, "crm.opportunities", "percent")
    assert [row["probability"] for row in rows] == [0.2, 1]
    assert ["probability_is_share" in (row["_findings"] or "") for row in rows] == [
        True,
        False,
    ]
