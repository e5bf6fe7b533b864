"""The packages as other projects install them, on each engine."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.python.macros.conftest import PACKAGE, dbt, installed

pytestmark = pytest.mark.long

PROJECT = """
name: somebody
version: 1.0.0
profile: cleaning_integration_tests
"""
MODEL = """
select
    {{ cleaning.clean_email("'Ann <Ann@X.com>'") }} as email,
    {{ cleaning.parse_timestamp("'1/5/2024 3:30 PM'") }} as seen_at,
    {{ cleaning.clean_text("'Keine Angabe'") }} as note,
    {{ cleaning.clean_text("'n/a'") }} as marker
"""
PHONES = """
select {{ cleaning.phone_e164("'020 7946 0958'", "'GB'") }} as phone
"""
SETTINGS = """
seeds: {cleaning: {+enabled: true}}
vars: {cleaning: {missing_markers: ['', 'keine angabe']}}
"""

engines = pytest.mark.parametrize("engine", ["sqlite", "duckdb"])


def ask(project: Path, engine: str, query: str) -> list[tuple[Any, ...]]:
    """Query the database of a project."""
    path = project / "target" / ("integration." + {"sqlite": "db"}.get(engine, engine))
    connection = (sqlite3 if engine == "sqlite" else duckdb).connect(str(path))
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def resources(project: Path) -> dict[str, set[str]]:
    """Return the packages that macros, and that all other resources, are of."""
    manifest = json.loads((project / "target" / "manifest.json").read_text("utf-8"))
    kinds = ("nodes", "sources", "exposures", "metrics", "unit_tests", "groups")
    return {
        "macros": {macro["package_name"] for macro in manifest["macros"].values()},
        "others": {key for kind in kinds for key in manifest[kind]},
    }


@engines
@pytest.mark.parametrize(
    ("package", "test"),
    [("cleaning", "people_are_read"), ("identity", "duplicates_are_found")],
)
def test_the_integration_tests_pass(
    tmp_path: Path, engine: str, package: str, test: str
) -> None:
    project = installed(tmp_path, engine, package)
    built = dbt(project, engine, "build").result.results
    passed = {result.node.name for result in built if result.status == "pass"}
    assert test in passed


@engines
def test_identity_says_what_it_needs(tmp_path: Path, engine: str) -> None:
    project = installed(tmp_path, engine, "identity")
    profiles = project / "profiles.yml"
    stock = profiles.read_text("utf-8").replace("_strict", "")
    wanted = "{database: here, schema: main, schema_directory: target}"
    files = "schemas_and_paths: {main: main.db}"
    stock = stock.replace("path: target/integration.db", f"<<: {wanted}\n      {files}")
    profiles.write_text(stock, "utf-8")
    with pytest.raises(RuntimeError, match=f"dbt-strict, .* received {engine}"):
        dbt(project, engine, "parse")


@pytest.mark.long
@engines
def test_another_project_gets_what_it_asks_for(tmp_path: Path, engine: str) -> None:
    project = tmp_path / "somebody"
    (project / "models").mkdir(parents=True)
    (project / "dbt_project.yml").write_text(PROJECT)
    (project / "packages.yml").write_text(f"packages: [{{local: {PACKAGE}}}]")
    (project / "models" / "read.sql").write_text(MODEL)
    profiles = (PACKAGE / "integration_tests" / "profiles.yml").read_text("utf-8")
    (project / "profiles.yml").write_text(profiles)

    dbt(project, engine, "deps")
    dbt(project, engine, "build")
    found = resources(project)
    assert "cleaning" in found["macros"]
    assert found["others"] == {"model.somebody.read"}
    assert ask(project, engine, "select * from read") == [
        ("ann@x.com", "2024-01-05T15:30:00.000000Z", "Keine Angabe", None)
    ]

    (project / "dbt_project.yml").write_text(PROJECT + SETTINGS)
    (project / "models" / "phones.sql").write_text(PHONES)
    dbt(project, engine, "build")
    assert ask(project, engine, "select note, marker from read") == [(None, "n/a")]
    assert ask(project, engine, "select phone from phones") == [("+442079460958",)]
