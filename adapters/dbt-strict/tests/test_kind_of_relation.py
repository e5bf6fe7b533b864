"""What a name is in DuckDB, without the catalogue's list of all relations."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

duckdb = pytest.importorskip("duckdb")

from dbt.adapters.duckdb_strict import DuckDB_StrictAdapter  # noqa: E402

MADE = """
create schema other;
create table first (n integer primary key);
create table "It's a table" as select 1 as n;
create table gone (n integer);
create view seen as select * from first;
create view numbered as select 7 as rowid;
create view broken as select * from gone;
drop table gone;
create temp table passing as select 1 as n;
create table other.elsewhere as select 1 as n;
"""
KINDS = {
    "first": "table",
    "FIRST": "table",
    "It's a table": "table",
    "seen": "view",
    "numbered": "view",
    "broken": "view",
    "gone": None,
    "passing": None,
    "elsewhere": None,
    "no such table": None,
}


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(MADE)
        yield connection


@pytest.mark.parametrize("name", KINDS)
def test_a_name_is_a_table_a_view_or_nothing(
    connection: duckdb.DuckDBPyConnection, name: str
) -> None:
    adapter = object.__new__(DuckDB_StrictAdapter)
    handle = SimpleNamespace(cursor=lambda: connection)
    adapter.connections = SimpleNamespace(
        get_thread_connection=lambda: SimpleNamespace(handle=handle)
    )
    connection.execute("begin; insert into first values (1)")
    assert adapter.kind_of_relation("memory", "main", name) == KINDS[name]
    # the transaction goes on
    connection.execute("insert into first values (2); commit")
    assert connection.execute("select count(*) from first").fetchone() == (2,)
