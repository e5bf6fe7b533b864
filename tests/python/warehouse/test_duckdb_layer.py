"""What contracts and builds promise on DuckDB, where the engine does not itself."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from .deliveries import company, contact
from .warehouse import Warehouse

pytestmark = pytest.mark.long


@pytest.fixture
def engine() -> str:
    return "duckdb"


def company_and_contact(warehouse: Warehouse) -> None:
    warehouse.deliver("companies.json", [company()])
    warehouse.deliver("contacts.json", [contact()])
    warehouse.run()


@pytest.fixture
def filled(new_warehouse: Callable[..., Warehouse]) -> Warehouse:
    """A warehouse of one company and its contact."""
    return new_warehouse(filled=company_and_contact)


def test_contracts_are_constraints(filled: Warehouse) -> None:
    for change, reason in [
        ("insert into dim_contacts from dim_contacts", "Duplicate key"),
        ("update dim_contacts set _file_id = null", "NOT NULL"),
        ("update dim_contacts set phone_e164 = '030'", "CHECK"),
        ("update dim_contacts set created_at = '2024-01-01'", "CHECK"),
        ("update dim_contacts set created_at = '2021-02-30T00:00:00.000000Z'", "CHECK"),
    ]:
        with pytest.raises(duckdb.ConstraintException, match=reason):
            filled.query(change)


def test_a_lost_parent_fails_the_build_until_it_is_back(filled: Warehouse) -> None:
    filled.query("delete from dim_companies")
    filled.query("update _build_state set are_children_checked = 0")
    for _ in range(2):
        with pytest.raises(
            AssertionError, match=r"dim_contacts.company_id \(C1\) is not in dim_comp"
        ):
            filled.build("--select", "stg_ingest__files")
    filled.build("--select", "dim_companies", "--full-refresh")
    filled.build("--select", "stg_ingest__files")


def test_a_failed_model_leaves_the_old_table(
    editable_project: Path, filled: Warehouse
) -> None:
    os.chdir(editable_project)
    model = editable_project / "models" / "marts" / "crm" / "dim_companies.sql"
    model.write_text(
        model.read_text().replace(
            "select * from final", "select * from final where cast('x' as int) = 1"
        )
    )
    filled.reparse()
    with pytest.raises(AssertionError, match=r"(?s)dim_companies: .*Conversion"):
        filled.build("--select", "dim_companies")
    assert filled.query("select company_id from dim_companies") == [("C1",)]


def test_without_a_lake_the_build_says_what_to_do(filled: Warehouse) -> None:
    filled.lake = filled.folder / "none"
    with pytest.raises(AssertionError, match=r"nothing has landed in .*none yet"):
        filled.build("--select", "stg_ingest__files")


def test_orphaned_files_are_not_read(filled: Warehouse) -> None:
    """A Parquet file that the ledger does not name, as a crash leaves it."""
    folder = filled.lake / "crm" / "contacts"
    (folder / "77.parquet").write_bytes(
        next(folder.glob("[1-9]*.parquet")).read_bytes()
    )
    filled.build("--select", "stg_crm__contacts", "--full-refresh")
    assert filled.value("select count(*) from bronze_crm__contacts") == 1
    assert filled.value("select count(*) from stg_crm__contacts") == 1
    filled.land()
    assert not (folder / "77.parquet").exists()


def test_queries_over_few_rows_are_not_optimized(
    editable_project: Path, filled: Warehouse
) -> None:
    os.chdir(editable_project)
    (editable_project / "macros" / "remember_plan.sql").write_text(
        """{% macro remember_plan() %}{% if execute %}
        {%- set plan = dbt.run_sql('explain select 1 as one where 1 = 2')[0][1] -%}
        {%- do dbt.run_sql('create or replace table remembered as select '
            ~ ("true" if 'EMPTY_RESULT' in plan else "false") ~ ' as is_optimized') -%}
        {% endif %}{% endmacro %}"""
    )
    model = editable_project / "models" / "staging" / "crm" / "stg_crm__companies.sql"
    model.write_text(
        model.read_text().replace(
            "{{ config(", "{{ config(post_hook='{{ remember_plan() }}', "
        )
    )
    filled.reparse()
    filled.build("--select", "stg_crm__companies")
    assert filled.value("select is_optimized from remembered") == 0
    filled.query(
        "insert into stg_crm__companies select stg_crm__companies.*"
        " from stg_crm__companies, range(10000)"
    )
    filled.build("--select", "stg_crm__companies")
    assert filled.value("select is_optimized from remembered") == 1
