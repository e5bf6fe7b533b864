"""Declarations of times and of what a delivery means, made after files have landed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.ingest import ingest
from scripts.ingest.clock import VARIABLE

from .deliveries import company, contact
from .test_increments import ON_EACH
from .test_sales import deliver as deliver_sales
from .test_sales import sale
from .warehouse import Warehouse, differences

pytestmark = pytest.mark.long

HISTORY = """
select company_name, substr(valid_from, 1, 16)
from dim_companies_history order by version_number
"""


def declare(project: Path, source: str, table: str, setting: str) -> None:
    """Put a setting into the declaration of a table."""
    path = project / f"models/staging/{source}/_{source}__sources.yml"
    text = path.read_text(encoding="utf-8")
    at = re.search(rf"- name: {table}\n(?:.*\n)*?( +)files:", text)
    path.write_text(
        f"{text[: at.start(1)]}{at[1]}{setting}\n{text[at.start(1) :]}",
        encoding="utf-8",
    )


@ON_EACH
def test_a_later_declaration_counts_for_what_has_landed(
    editable_project: Path,
    new_warehouse: Callable[[str], Warehouse],
    engine: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    warehouse = new_warehouse(engine)
    monkeypatch.chdir(editable_project)

    def land() -> None:
        ingest(
            warehouse.inbox,
            warehouse.database,
            lake=warehouse.lake,
            declarations=editable_project / "models" / "staging",
        )

    (warehouse.inbox / "sales").mkdir()
    shop = Warehouse.__new__(Warehouse)
    shop.__dict__.update(warehouse.__dict__, domain="sales")
    for clock, day, name in [
        ("2026-01-01T06:00:10Z", "2025-12-03", "March"),
        ("2026-01-01T06:00:05Z", "2025-12-01", "January"),
        ("2026-01-01T05:00:00Z", None, "Undated"),
    ]:
        monkeypatch.setenv(VARIABLE, clock)
        file_name = f"companies_{day or 'x'}.json"
        exported = f"{day}T12:00:00" if day else "never"
        told = {"exported_at": exported} | ({} if day else {"mood": "fine"})
        warehouse.deliver(file_name, [company(name=name, **told)])
        land()
    created = [("CTO", "2025-05-01"), ("CEO", "2025-04-01")]
    for number, (title, day) in enumerate(created):
        row = contact(title=title, last_modified=None, created_date=day)
        warehouse.deliver(f"contacts_{number}.json", [row])
    deliver_sales(shop, "sales_1.csv", sale(), sale(total_cost="1.00"))
    land()
    deliver_sales(shop, "sales_1.csv", sale(), sale(total_cost="2.00"))
    land()
    warehouse.reparse()
    build = [f"{layer}.sales" for layer in ("staging", "intermediate", "marts")]
    build += ["int_operations__column_*", "rpt_schema_drift"]
    warehouse.build_with_seeds(*build)
    # in the order of arrival, whatever the clock said
    assert [name for name, _ in warehouse.query(HISTORY)] == [
        "March", "January", "Undated",
    ]  # fmt: skip
    drift = "select file_id, change, previous_file_id from rpt_schema_drift"
    assert warehouse.query(f"{drift} where column_name = 'mood'") == [
        (3, "appeared", 2)
    ]
    assert warehouse.value("select title from dim_contacts") == "CEO"
    assert warehouse.value("select count(*) from fct_sales") == 3

    pattern = r"delivery_time: {file_name: '(?P<date>\d{4}-\d\d-\d\d)'}"
    declare(editable_project, "crm", "companies", pattern)
    path = editable_project / "models/staging/crm/_crm__sources.yml"
    text = path.read_text(encoding="utf-8")
    before, contacts, rest = text.partition("      - name: contacts\n")
    rest = rest.replace(
        "business_time: last_modified", "business_time: created_date", 1
    )
    path.write_text(before + contacts + rest, encoding="utf-8")
    declare(editable_project, "sales", "transactions", "delivery: period")
    land()
    warehouse.reparse()
    warehouse.build_with_seeds(*build)
    assert warehouse.query(HISTORY) == [
        ("January", "2025-12-01T00:00"),
        ("March", "2025-12-03T00:00"),
        ("Undated", "2026-01-01T06:00"),
    ]
    assert warehouse.value("select title from dim_contacts") == "CTO"
    assert warehouse.query("select total_cost_cents from fct_sales order by 1") == [
        (200,), (750,),
    ]  # fmt: skip

    # by a column, which was not even declared when the files landed
    text = path.read_text(encoding="utf-8").replace(
        pattern, "delivery_time: {column: exported_at}"
    )
    column = "          - name: domain\n"
    added = "          - name: exported_at\n            description: When.\n"
    path.write_text(text.replace(column, f"{added}{column}", 1), encoding="utf-8")
    land()
    warehouse.reparse()
    warehouse.build_with_seeds(*build)
    assert warehouse.query(HISTORY) == [
        ("January", "2025-12-01T12:00"),
        ("March", "2025-12-03T12:00"),
        ("Undated", "2026-01-01T06:00"),
    ]
    before = warehouse.lasting()
    warehouse.build_with_seeds(*build, "--full-refresh")
    assert differences(before, warehouse.lasting())[:5] == []


@ON_EACH
def test_values_of_a_later_alias_are_counted(
    editable_project: Path,
    new_warehouse: Callable[[str], Warehouse],
    engine: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    warehouse = new_warehouse(engine)
    monkeypatch.chdir(editable_project)
    staging = editable_project / "models" / "staging"

    def filled() -> int:
        ingest(
            warehouse.inbox,
            warehouse.database,
            lake=warehouse.lake,
            declarations=staging,
        )
        warehouse.reparse()
        warehouse.build_with_seeds("staging.ingest", "int_operations__column_profiles")
        counts = "select value_count from int_operations__column_profiles"
        return warehouse.value(f"{counts} where column_name = 'domain'")

    given = company(homepage="acme.example")
    del given["domain"]
    warehouse.deliver("companies.json", [given])
    assert filled() == 0
    path = staging / "crm" / "_crm__sources.yml"
    text = path.read_text(encoding="utf-8")
    aliases = "aliases: [website, web_site, company_domain]"
    assert text.count(aliases) == 1
    text = text.replace(aliases, "aliases: [website, homepage]")
    path.write_text(text, encoding="utf-8")
    assert filled() == 1
