"""Files with hostile values in every column of every table."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from typing import Any

import yaml

from scripts.settings import PROJECT
from tests.python.hostile import HOSTILE, STORABLE

from .deliveries import activity, company, contact, opportunity
from .registers import nevada, oklahoma, texas
from .warehouse import Warehouse

Row = dict[str, Any]


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


LARGE = {
    **{"money": "999999999999999.99", "number": "999999999999999999"},
    **{"integer": "999999999999999999", "timestamp": "2025-01-02 10:00:00"},
}
"""The largest values of their type, of which many are added up."""
GROUP = {
    **{"order_id": "G", "payout_id": "G", "source_id": "G", "payment_id": "G"},
    **{"currency": "USD", "kind": "charge", "status": "paid", "stage": "Won"},
    **{"product": "Tea", "customer_id": "K1", "company_id": "K1", "owner": "O"},
}
"""What records have in common that are added up."""
MANY = 200


def declared() -> Iterator[tuple[str, dict[str, str]]]:
    """Give each declared table with its columns and types; registers by state."""
    for path in sorted(PROJECT.glob("models/staging/*/_*__sources.yml")):
        for source in yaml.safe_load(path.read_text("utf-8"))["sources"]:
            for table in source["tables"] if source["name"] != "ingest" else []:
                name = f"{source['name']}/{table['name']}"
                columns = table["columns"]
                yield name, {c["name"]: c.get("data_type", "text") for c in columns}


def hostile_rows(name: str, types: dict[str, str]) -> Iterator[Row]:
    """Every value in every column: in half of the columns at once, so that much of
    the record is good, and in the identifier alone. And one that is there twice."""
    columns = list(types)
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
    large = {c: LARGE[kind] for c, kind in types.items() if kind in LARGE}
    large |= {c: value for c, value in GROUP.items() if c in columns[1:]}
    for number in range(MANY if large else 0):
        less = {c: "999999999999.99" for c in large if types[c] == "money"}
        yield good(f"L{number}") | large | (less if number % 2 else {})
    if name == "crm/activities":
        yield activity("S1") | {"duration_minutes": "", "duration_seconds": "1e57"}
    if name == "crm/companies":
        twin = {"name": "Quarry & Kiln", "domain": "quarry.io", "is_customer": "yes"}
        yield from (good(key) | twin for key in ("T1", "T2"))


def deliver(warehouse: Warehouse) -> tuple[int, int]:
    """Write the files of all tables; how many records they have, and how many blank."""
    count = blanks = 0
    files = {
        name: (FILES.get(name, f"{name.partition('/')[2]}.json"), columns)
        for name, columns in declared()
        if name != "prospects/registers"
    }
    for state, make in (("nv", nevada), ("ok", oklahoma), ("tx", texas)):
        columns = dict.fromkeys(make(1), "text")
        files[f"prospects/{state}"] = (f"{state}_2025-01-01.csv", columns)
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
            if name not in GOOD and not name.startswith("prospects/"):
                blanks += 10  # of the values; with them alone a record is blank
    return count, blanks


def parsed(relations: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Read the JSON of findings: engines escape controls as \\u000f or \\u000F."""
    for rows in relations.values():
        for row in rows:
            if row.get("_findings"):
                row["_findings"] = json.loads(row["_findings"])
    return relations
