"""Hostile values in every column of every table: the build succeeds on each engine,
no record is lost, all data tests pass, and the engines agree."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml

from scripts.settings import PROJECT
from tests.python.hostile import HOSTILE, STORABLE, UNSTORABLE

from .deliveries import activity, company, contact, opportunity
from .registers import nevada, oklahoma, texas
from .test_engines import first_difference
from .warehouse import Warehouse

Row = dict[str, Any]


@pytest.fixture
def side_by_side() -> bool:
    return True


def salesforce_lead(key: str) -> Row:
    return {"id": key, "company": f"Org {key}", "phone": "702-456-1111"}


def sale(key: str) -> Row:
    return {
        "id": key,
        "customer_id": "K1",
        "store_id": "S1",
        "product_name": "Tea",
        "sales_date": "2025-01-02",
        "sales_person_id": "E1",
        "price": "2.50",
        "quantity": "2",
        "total_cost": "5.00",
    }


GOOD: dict[str, Callable[[str], Row]] = {
    "crm/companies": company,
    "crm/contacts": contact,
    "crm/opportunities": opportunity,
    "crm/activities": activity,
    "sales/sales": sale,
    "prospects/salesforce_leads": salesforce_lead,
    "prospects/nv": lambda key: nevada(7, Name=key),
    "prospects/ok": lambda key: oklahoma(7, Company=key),
    "prospects/tx": lambda key: texas(7, Operation=key),
}
"""Records without a fault; of other tables, their identifier alone."""

FILES = {
    "sales/transactions": "sales.json",
    "sales/salespeople": "sales_team.json",
    "leads/snapshots": "data_01.json",
    "leads/backend": "leads.json",
    "commerce/customers": "shop_customers.json",
    "commerce/products": "shop_products.json",
}
"""Names of files that are not those of their tables."""


def declared() -> Iterator[tuple[str, list[str]]]:
    """Give each declared table with its columns; registers by their state."""
    for path in sorted(PROJECT.glob("models/staging/*/_*__sources.yml")):
        for source in yaml.safe_load(path.read_text("utf-8"))["sources"]:
            for table in source["tables"] if source["name"] != "ingest" else []:
                name = f"{source['name']}/{table['name']}"
                yield name, [column["name"] for column in table["columns"]]


def hostile_rows(name: str, columns: list[str]) -> Iterator[Row]:
    """Every value in every column: in half of the columns at once, so that much of
    the record is good, and in the identifier alone. And one that is there twice."""
    good = GOOD.get(name, lambda key: {columns[0]: key})
    # a file of a register is read by lines
    values = STORABLE if name.startswith("prospects/") else HOSTILE
    for number, value in enumerate(values):
        for part in range(2):
            row = good(f"K{number}-{part}")
            for place, column in enumerate(columns):
                if place and place % 2 == part:
                    row[column] = values[(number + place) % len(values)]
            yield row
        yield good(f"K{number}-id") | {columns[0]: value}
    if name == "crm/companies":
        twin = {"name": "Quarry & Kiln", "domain": "quarry.io", "is_customer": "yes"}
        yield from (good(key) | twin for key in ("T1", "T2"))


def deliver(warehouse: Warehouse) -> int:
    """Write the files of all tables; how many records they have."""
    count = 0
    files = {
        name: (FILES.get(name, f"{name.partition('/')[2]}.json"), columns)
        for name, columns in declared()
        if name != "prospects/registers"
    }
    for state, make in (("nv", nevada), ("ok", oklahoma), ("tx", texas)):
        files[f"prospects/{state}"] = (f"{state}_2025-01-01.csv", list(make(1)))
    for name, (file_name, columns) in files.items():
        rows = list(hostile_rows(name, columns))
        count += len(rows)
        place = warehouse.inbox / name.split("/")[0] / file_name
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.suffix == ".csv":
            with place.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(rows[0]), quoting=csv.QUOTE_ALL)
                writer.writeheader()
                writer.writerows(rows)
        else:
            place.write_text(json.dumps(rows), "ascii")
    return count


def parsed(relations: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Read the JSON of findings: engines escape controls as \\u000f or \\u000F."""
    for rows in relations.values():
        for row in rows:
            if row.get("_findings"):
                row["_findings"] = json.loads(row["_findings"])
    return relations


def test_every_value_in_every_column(new_warehouse: Callable[..., Warehouse]) -> None:
    both = [new_warehouse(engine) for engine in ("sqlite", "duckdb")]
    for warehouse in both:
        count = deliver(warehouse)
        warehouse.land()
        warehouse.build(command="build")
        ((landed, rejected, apart, refused),) = warehouse.query(
            "select sum(landed_count), sum(rejected_count), sum(separator_count),"
            " sum(case when status <> 'landed' then 1 else 0 end)"
            " from fct_ingest_files"
        )
        assert (landed + rejected + apart, refused) == (count, 0)
        # ten blanks as the only value of a record, in twenty files of JSON
        assert apart == 200
        assert rejected >= len(UNSTORABLE)
    one, other = (parsed(warehouse.relations()) for warehouse in both)
    assert first_difference(one, other) is None
    assert {row["value"] for row in one["rpt_company_winners"]} >= {"true"}
