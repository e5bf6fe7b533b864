"""Each generic test on rows that pass and on rows of each fault it is for."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import pytest
from dbt.cli.main import dbtRunner

ROOT = Path(__file__).parents[3]
FOLDERS = ["macros/compat", "tests/generic"]
PROJECT = {
    "name": "revenue_warehouse",
    "version": "1.0.0",
    "profile": "revenue_warehouse",
    "macro-paths": [str(ROOT / folder) for folder in FOLDERS],
    "packages-install-path": str(ROOT / "dbt_packages"),
    "flags": {"send_anonymous_usage_stats": False},
}
PROFILE = {
    "revenue_warehouse": {
        "target": "dev",
        "outputs": {
            "dev": {
                "type": "sqlite",
                "threads": 1,
                "database": "warehouse",
                "schema": "main",
                "schema_directory": "schemas",
                "schemas_and_paths": {"main": "warehouse.db"},
            }
        },
    }
}
OTHER = "{{ source('raw', 'other') }}"  # (a): 1, 2, NULL, 4

# (test, arguments, rows, failing rows). A row is (a, b, c); the tests of one
# column are on `a`. Which rows fail was worked out by hand.
CASES = {
    "in_range: within, on the bounds, NULL": (
        "in_range", {"minimum": 0, "maximum": 100}, [(0,), (50.5,), (100,), (None,)], 0,
    ),
    "in_range: below and above": (
        "in_range", {"minimum": 0, "maximum": 100}, [(-1,), (100.01,), (5,)], 2,
    ),
    "in_range: minimum alone": (
        "in_range", {"minimum": 1}, [(0,), (1,), (10**12,), (None,)], 1,
    ),
    "in_range: maximum alone, which is zero": (
        "in_range", {"maximum": 0}, [(-5,), (0,), (1,), (2,)], 2,
    ),
    "in_range: dates": (
        "in_range", {"minimum": "'2024-01-01'"}, [("2023-12-31",), ("2024-01-01",)], 1,
    ),
    "in_range: no rows": ("in_range", {"minimum": 0}, [], 0),
    "in_order": (
        "in_order", {"earlier": "a", "later": "b"},
        [("2024-01-01", "2024-01-02"), ("2024-01-01", "2024-01-01"),
         ("2024-01-01T10:00:00.000000Z", "2024-01-01"), (None, "2024-01-01"),
         ("2024-01-01", None), (None, None)], 0,
    ),
    "in_order: dates, times, and one of each": (
        "in_order", {"earlier": "a", "later": "b"},
        [("2024-01-02", "2024-01-01"),
         ("2024-01-01T10:00:00.000001Z", "2024-01-01T10:00:00.000000Z"),
         ("2024-01-02T00:00:00.000000Z", "2024-01-01"),
         ("2024-01-02", "2024-01-01T23:59:59.999999Z"),
         ("2024-01-01", "2024-01-02")], 4,
    ),
    "is_primary_key": (
        "is_primary_key", {"columns": ["a", "b"]},
        [(1, "x"), (1, "y"), (2, "x"), ("", ""), (1, "é"), (1, "e")], 0,
    ),
    "is_primary_key: twice, and without a value": (
        "is_primary_key", {"columns": ["a", "b"]},
        [(1, "x"), (1, "x"), (2, "ß"), (2, "ß"), (2, "ß"), (None, "z"), (3, None),
         (4, "x")], 4,
    ),
    "is_primary_key: of one column": (
        "is_primary_key", {"columns": ["a"]},
        [(1, "x"), (1, "y"), (None, "z"), (2, None)], 2,
    ),
    "sum_equality": (
        "sum_equality", {"left_columns": ["a", "b"], "right_columns": ["c"]},
        [(1, 2, 3), (0, 0, 0), (None, 3, 3), (None, None, None), (None, 0, None),
         (-5, 5, 0)], 0,
    ),
    "sum_equality: off, NULL is nothing": (
        "sum_equality", {"left_columns": ["a", "b"], "right_columns": ["c"]},
        [(1, 2, 4), (None, 3, None), (3, None, 3), (None, None, 1)], 3,
    ),
    "conserves_rows": (
        "conserves_rows", {"of": OTHER}, [(None,), (None,), ("",), ("ü",)], 0,
    ),
    "conserves_rows: one lost": ("conserves_rows", {"of": OTHER}, [(1,)] * 3, 1),
    "conserves_rows: one too many": ("conserves_rows", {"of": OTHER}, [(1,)] * 5, 1),
    "conserves_rows: all lost": ("conserves_rows", {"of": OTHER}, [], 1),
    "conserves_rows: of parts": (
        "conserves_rows",
        {"of": OTHER, "condition": "a = 1", "of_condition": "a is not null"},
        [(1,), (1,), (1,), (2,)], 0,
    ),
    "conserves_rows: of parts, one lost": (
        "conserves_rows",
        {"of": OTHER, "condition": "a = 1", "of_condition": "a is not null"},
        [(1,), (1,), (2,)], 1,
    ),
}  # fmt: skip
OF_A_COLUMN = {"in_range"}
MISTAKES = [
    ("in_range", {}, ["in_range", "minimum or maximum"]),
    ("in_range", {"minimum": 5, "maximum": 3}, ["in_range", "5 and 3"]),
    ("is_primary_key", {"columns": "a"}, ["is_primary_key", "list", "got: a"]),
    ("is_primary_key", {"columns": []}, ["is_primary_key", "got: []"]),
    (
        "sum_equality",
        {"left_columns": "a", "right_columns": ["b"]},
        ["sum_equality", "lists of columns", "got: a"],
    ),
    (
        "sum_equality",
        {"left_columns": ["a"], "right_columns": []},
        ["sum_equality", "lists of columns", "got: []"],
    ),
]


def declared(table: str, test: str, arguments: dict) -> dict:
    """Return a source table with one generic test."""
    tests = [{test: {"arguments": arguments, "name": f"test_{table}"}}]
    if test in OF_A_COLUMN:
        return {"name": table, "columns": [{"name": "a", "data_tests": tests}]}
    return {"name": table, "data_tests": tests}


class Project:
    """A project whose sources are the tables under test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("dbt_project.yml", PROJECT)
        self.write("profiles.yml", PROFILE)

    def write(self, name: str, content: dict) -> None:
        """Write a YAML file; JSON is YAML."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")

    def test(self, tables: list[dict]):
        """Run the tests of the tables."""
        source = {"name": "raw", "schema": "main", "tables": tables}
        self.write("models/sources.yml", {"sources": [source]})
        here = Path.cwd()
        os.chdir(self.folder)
        try:
            return dbtRunner().invoke(["--quiet", "--log-path", "logs", "test"])
        finally:
            os.chdir(here)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(tmp_path_factory.mktemp("generic_tests"))


@pytest.fixture(scope="module")
def failures(project: Project) -> dict[str, int]:
    """Failing rows by case."""
    connection = sqlite3.connect(project.folder / "warehouse.db")
    connection.execute("create table other (a)")
    connection.executemany("insert into other values (?)", [(1,), (2,), (None,), (4,)])
    tables = [{"name": "other"}]
    for number, (test, arguments, rows, _) in enumerate(CASES.values()):
        table = f"case_{number}"
        connection.execute(f"create table {table} (a, b, c)")
        for row in rows:
            full = [*row, None, None][:3]
            connection.execute(f"insert into {table} values (?, ?, ?)", full)
        tables.append(declared(table, test, arguments))
    connection.commit()
    connection.close()
    ran = project.test(tables)
    assert ran.exception is None, ran.exception
    found = {result.node.name: result for result in ran.result.results}
    assert len(found) == len(CASES)
    return {
        case: found[f"test_case_{number}"].failures for number, case in enumerate(CASES)
    }


@pytest.mark.parametrize("case", CASES)
def test_failing_rows(failures, case):
    assert failures[case] == CASES[case][-1]


def test_every_generic_test_has_a_clean_and_a_dirty_case():
    names = {path.stem for path in (ROOT / "tests" / "generic").glob("*.sql")}
    assert {test for test, _, _, failing in CASES.values() if not failing} == names
    assert {test for test, _, _, failing in CASES.values() if failing} == names


@pytest.mark.parametrize(("test", "arguments", "words"), MISTAKES)
def test_mistake_has_a_clear_message(project, failures, test, arguments, words):
    ran = project.test([declared("other", test, arguments)])
    assert not ran.success
    for word in words:
        assert word in str(ran.exception or ran.result.results[0].message)
