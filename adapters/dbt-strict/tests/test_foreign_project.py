"""The package in a project that has nothing of ours: installed, then built."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from dbt.cli.main import dbtRunner

pytestmark = pytest.mark.long

PACKAGE = Path(__file__).parents[1]
PROJECT = """
name: shop
version: 1.0.0
profile: shop
flags: {send_anonymous_usage_stats: false}
models: {shop: {+materialized: table}}
snapshots: {shop: {+unique_key: id}}
"""
MODELS = """
models:
  - name: customers
    config: {contract: {enforced: true}, materialized: table}
    columns:
      - name: id
        data_type: int
        constraints: [{type: not_null}, {type: primary_key}]
      - {name: name, data_type: varchar}
  - name: orders
    config: {contract: {enforced: true}}
    columns:
      - name: id
        data_type: int
        constraints: [{type: not_null}, {type: primary_key}]
      - name: customer_id
        data_type: int
        constraints:
          - {type: foreign_key, to: ref('customers'), to_columns: [id]}
      - name: amount
        data_type: numeric(10, 2)
        constraints: [{type: check, expression: amount >= 0}]
  - name: seen
    config: {contract: {enforced: true}, materialized: view}
    columns: [{name: id, data_type: int}]
unit_tests:
  - name: amounts_are_summed
    model: totals
    given:
      - input: ref('orders')
        rows: [{customer_id: 1, amount: 2}, {customer_id: 1, amount: 3}]
    expect: {rows: [{customer_id: 1, amount: 5}]}
"""
FILES = {
    "dbt_project.yml": PROJECT,
    "seeds/given.csv": "name\nAnn\nBob\n",
    "models/models.yml": MODELS,
    "models/customers.sql": """
        select row_number() over (order by name) as id, name from {{ ref('given') }}
        """,
    "models/orders.sql": "select 7 as id, 2 as customer_id, 5 as amount",
    "models/totals.sql": """
        select customer_id, sum(amount) as amount from {{ ref('orders') }} group by 1
        """,
    "models/seen.sql": "select id from {{ ref('shop', 'orders') }}",
    "snapshots/changes.yml": """
snapshots:
  - name: changes
    relation: ref('customers')
    config: {strategy: check, check_cols: [name]}
""",
}
ENGINES = {
    "sqlite": {"type": "sqlite_strict", "path": "shop.sqlite"},
    "duckdb": {"type": "duckdb_strict", "path": "shop.duckdb"},
}


class Shop:
    """The project in a folder of its own, on one of the engines."""

    def __init__(self, folder: Path, engine: str) -> None:
        self.folder, self.engine = folder, engine
        profile = {"shop": {"target": "it", "outputs": {"it": ENGINES[engine]}}}
        for name, text in (FILES | {"profiles.yml": json.dumps(profile)}).items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def build(self, *select: str) -> tuple[dict[str, str], list[str]]:
        """Build the project; return what each node says, and all warnings."""
        warnings = []

        def note(event: Any) -> None:
            if event.info.level == "warn":
                warnings.append(event.info.msg)

        with pytest.MonkeyPatch.context() as patch:
            for name in [name for name in os.environ if name.startswith("DBT_")]:
                patch.delenv(name)  # of another project
            patch.chdir(self.folder)
            outcome = dbtRunner(callbacks=[note]).invoke(["build", "--quiet", *select])
        if self.engine == "duckdb":  # one process at a time may hold the file
            from dbt.adapters.duckdb import DuckDBConnectionManager

            DuckDBConnectionManager._ENV.close()
            DuckDBConnectionManager.close_all_connections()
        assert outcome.exception is None
        wrong = {
            r.node.name: str(r.message)
            for r in outcome.result.results
            if str(r.status) not in ("success", "pass")
        }
        return wrong, warnings

    def rows(self, query: str) -> list[tuple]:
        """Return the rows of a query."""
        if self.engine == "sqlite":
            connection = sqlite3.connect(self.folder / "shop.sqlite")
        else:
            import duckdb

            connection = duckdb.connect(str(self.folder / "shop.duckdb"))
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()


@pytest.fixture(scope="module", params=ENGINES)
def shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Shop:
    """The project on each engine, built, which gave no warning."""
    if importlib.util.find_spec(f"dbt.adapters.{request.param}") is None:
        pytest.skip(f"needs dbt-{request.param}")
    made = Shop(tmp_path_factory.mktemp("shop"), request.param)
    assert made.build() == ({}, [])
    return made


def test_contracts_are_in_the_file(shop: Shop) -> None:
    assert shop.rows("select * from totals") == [(2, 5)]
    for change in (
        "insert into customers values (1, 'again')",
        "insert into customers values (null, 'nobody')",
        "insert into orders values (8, 2, -1)",
    ):
        with pytest.raises(Exception, match=r"(?i)constraint"):
            shop.rows(change)


def test_a_snapshot_keeps_what_was(shop: Shop) -> None:
    snapshot = FILES["snapshots/changes.yml"]
    ends = "strategy: check, hard_deletes: invalidate"
    shop.write("snapshots/changes.yml", snapshot.replace("strategy: check", ends))
    for names in ("Ann\nBob\nCid", "Ann\nBobby\nCid", "Ann\nBobby", "Ann\nBobby"):
        shop.write("seeds/given.csv", f"name\n{names}\n")
        assert shop.build("--select", "+changes")[0] == {}
    found = shop.rows("select name, dbt_valid_to is null from changes order by id, 2")
    assert found == [("Ann", 1), ("Bob", 0), ("Bobby", 1), ("Cid", 0)]


def test_an_orphan_fails_the_build(shop: Shop) -> None:
    orphan = "select 7 as id, 99 as customer_id, 5 as amount"
    shop.write("models/orders.sql", orphan)
    wrong, _ = shop.build("--select", "orders")
    assert "Foreign key broken: orders.customer_id" in wrong["orders"]
    assert "customers" in wrong["orders"]
    assert shop.rows("select customer_id from orders") == [(2,)]


KEYED = """
{{ config(materialized='incremental', incremental_strategy='append',
    indexes=[{'columns': ['a', 'b'], 'unique': true}]) }}
{% if is_incremental() %}{{ var('added') }}{% else %}{{ var('first') }}{% endif %}
"""
GIVEN = "select 1 as a, 'x' as b"
BROKEN = {
    "twice": ("select 2 as a, 'y' as b from (values (1), (2)) as t", "(?i)unique"),
    "no b": (
        "select 2 as a, cast(null as text) as b",
        r"\(a, b\) has \(2, None\) in a",
    ),
    "no a": ("select cast(null as int) as a, 'y' as b", r"has \(None, y\) in a row"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_unique_index_is_a_key(shop: Shop, case: str) -> None:
    """On engines that scan columns, too; in a full build and in a delta."""
    rows, message = BROKEN[case]
    shop.write("models/keyed.sql", KEYED)

    def build(*options: str, **variables: str) -> str | None:
        given = json.dumps({"first": GIVEN, "added": rows} | variables)
        wrong, _ = shop.build("--select", "keyed", "--vars", given, *options)
        return wrong.get("keyed")

    assert build("--full-refresh") is None
    for options, variables in (((), {}), (("--full-refresh",), {"first": rows})):
        assert re.search(message, build(*options, **variables) or "")
        assert shop.rows("select a, b from keyed") == [(1, "x")]


def test_it_installs_without_a_download(tmp_path):
    """Into a folder of its own, as a wheel."""
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--no-index"),
            *("--no-deps", "--target", str(tmp_path), str(PACKAGE)),
        ],
        check=True,
        env=os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )
    installed = {
        path.relative_to(tmp_path).as_posix()
        for path in (tmp_path / "dbt").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    source = PACKAGE / "src"
    assert installed == {
        path.relative_to(source).as_posix()
        for path in (source / "dbt").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
