"""The package in a project that has nothing of ours: installed, then built."""

from __future__ import annotations

import importlib.util
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from dbt.cli.main import dbtRunner

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
    config: {contract: {enforced: true}, materialized: %(materialized)s}
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
    "models/models.yml": MODELS % {"materialized": "table"},
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


def project(folder: Path, engine: str) -> None:
    if importlib.util.find_spec(f"dbt.adapters.{engine}") is None:
        pytest.skip(f"needs dbt-{engine}")
    profile = {"shop": {"target": "it", "outputs": {"it": ENGINES[engine]}}}
    for name, text in (FILES | {"profiles.yml": json.dumps(profile)}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def rows(folder: Path, engine: str, query: str) -> list[tuple]:
    if engine == "sqlite":
        connection = sqlite3.connect(folder / "shop.sqlite")
    else:
        import duckdb

        connection = duckdb.connect(str(folder / "shop.duckdb"))
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment says of another project."""
    for name in [name for name in os.environ if name.startswith("DBT_")]:
        monkeypatch.delenv(name)


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("engine", ENGINES)
def test_a_foreign_project_is_built(tmp_path, monkeypatch, engine):
    project(tmp_path, engine)
    monkeypatch.chdir(tmp_path)
    said = []
    note = lambda event: said.append((event.info.level, event.info.msg))  # noqa: E731
    outcome = dbtRunner(callbacks=[note]).invoke(["build", "--quiet"])
    results = {r.node.name: r.message for r in getattr(outcome.result, "results", [])}
    assert outcome.success, (results, outcome.exception)
    assert [text for level, text in said if level == "warn"] == []
    if engine == "duckdb":  # one process at a time may hold the file
        from dbt.adapters.duckdb import DuckDBConnectionManager

        DuckDBConnectionManager._ENV.close()
        DuckDBConnectionManager.close_all_connections()
    assert rows(tmp_path, engine, "select * from totals") == [(2, 5)]
    assert rows(
        tmp_path, engine, "select count(*), max(dbt_valid_to) from changes"
    ) == [(2, None)]
    for change in (
        "insert into customers values (1, 'again')",
        "insert into customers values (null, 'nobody')",
        "insert into orders values (8, 2, -1)",
    ):
        with pytest.raises(Exception, match=r"(?i)constraint"):
            rows(tmp_path, engine, change)


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("engine", ENGINES)
def test_an_orphan_fails_the_build(tmp_path, monkeypatch, engine):
    project(tmp_path, engine)
    orphan = "select 7 as id, 99 as customer_id, 5 as amount"
    (tmp_path / "models" / "orders.sql").write_text(orphan)
    monkeypatch.chdir(tmp_path)
    outcome = dbtRunner().invoke(["build", "--quiet"])
    said = {r.node.name: str(r.message) for r in outcome.result.results}
    assert "Foreign key broken: orders.customer_id" in said["orders"]
    assert "customers" in said["orders"]


@pytest.mark.usefixtures("quiet")
def test_a_snapshot_keeps_what_was(tmp_path, monkeypatch):
    project(tmp_path, "sqlite")
    path = tmp_path / "snapshots" / "changes.yml"
    ends = "strategy: check, hard_deletes: invalidate"
    path.write_text(path.read_text().replace("strategy: check", ends))
    monkeypatch.chdir(tmp_path)
    for names in ("Ann\nBob\nCid", "Ann\nBobby\nCid", "Ann\nBobby", "Ann\nBobby"):
        (tmp_path / "seeds" / "given.csv").write_text(f"name\n{names}\n")
        assert dbtRunner().invoke(["build", "--quiet"]).success
    found = rows(
        tmp_path,
        "sqlite",
        "select name, dbt_valid_to is null from changes order by id, 2",
    )
    assert found == [("Ann", 1), ("Bob", 0), ("Bobby", 1), ("Cid", 0)]


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
