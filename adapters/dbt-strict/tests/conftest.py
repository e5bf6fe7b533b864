"""Throw-away dbt projects, built by this adapter or by dbt-sqlite as it comes.

A test that runs on both layers says by `layer.expect` what ours does right and the
stock adapter does wrong. It fails when the stock adapter becomes right: then the
override can go.
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import sqlite3
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from dbt.cli.main import dbtRunner

# Numbered deliveries, which some of the tests are about.
BATCHES = """
{% macro batch_column() %}{{ return('_file_id') }}{% endmacro %}
{% macro newest_batch() %}
  {{ return('select max(file_id) from ingest_files') }}
{% endmacro %}
{% macro changes_of_source(source) %}
  {{ return("select max(amended_at) from ingest_files where source_name = '"
      ~ source.source_name ~ "' and table_name = '" ~ source.name ~ "'") }}
{% endmacro %}
"""
# What the stock adapter lacks and the fixtures call.
STOCK_MACROS = """
{% macro watermark() %}
  {%- if is_incremental() -%}
    (select coalesce(max(_file_id), -1) from {{ this }})
  {%- else -%} (-1) {%- endif -%}
{% endmacro %}
"""
PROFILES = {
    "ours": {"type": "sqlite_strict", "path": "warehouse.db", "log_queries": False},
    "stock": {
        "type": "sqlite",
        "database": "warehouse",
        "schema": "main",
        "schema_directory": "schemas",
        "schemas_and_paths": {"main": "warehouse.db"},
    },
}
LEDGER = """create table ingest_files
    (file_id integer primary key, source_name, table_name, amended_at)"""


@dataclass
class Outcome:
    """What became of one dbt command and of each of its nodes."""

    success: bool
    status: dict[str, str]
    message: dict[str, str]
    result: Any


class Project:
    """A dbt project in a folder of its own, with one SQLite file."""

    def __init__(self, folder: Path, layer: str, parsed: Path | None = None) -> None:
        self.folder = folder
        self.database = folder / "warehouse.db"
        self.write(
            {
                "dbt_project.yml": """
                    name: plain
                    version: 1.0.0
                    profile: plain
                    flags: {send_anonymous_usage_stats: false}
                    """,
                # JSON is YAML
                "profiles.yml": json.dumps(
                    {"plain": {"target": "it", "outputs": {"it": PROFILES[layer]}}}
                ),
                "macros/given.sql": BATCHES if layer == "ours" else STOCK_MACROS,
            }
        )
        if parsed is not None:
            (folder / "target").mkdir()
            shutil.copy(parsed, folder / "target")
        self.execute(f"pragma journal_mode = wal; {LEDGER}")

    def write(self, files: dict[str, str]) -> None:
        """Write files, paths relative to the project."""
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")

    def arguments(self, *command: str) -> list[str]:
        """Return the arguments of a dbt command on this project."""
        place = ["--project-dir", str(self.folder), "--profiles-dir", str(self.folder)]
        # whatever the environment says
        place += ["--target-path", str(self.folder / "target")]
        return [
            "--quiet",
            "--no-version-check",
            "--no-write-json",
            "--log-path",
            str(self.folder / "logs"),
            *command,
            *place,
        ]

    def dbt(self, *command: str) -> Outcome:
        """Run a dbt command in this process."""
        here = Path.cwd()
        os.chdir(self.folder)  # the profile names the database relative to it
        try:
            ran = dbtRunner().invoke(self.arguments(*command))
        finally:
            os.chdir(here)
        nodes = getattr(ran.result, "results", [])
        message = {node.node.name: node.message or "" for node in nodes}
        if ran.exception is not None:
            message["dbt"] = str(ran.exception)
        return Outcome(
            success=ran.success,
            status={node.node.name: str(node.status) for node in nodes},
            message=message,
            result=ran.result,
        )

    def execute(self, script: str) -> None:
        """Run a script on the database."""
        connection = sqlite3.connect(self.database)
        try:
            connection.executescript(script)
        finally:
            connection.close()

    def rows(self, query: str) -> list[tuple]:
        """Return the rows of a query or of a whole table."""
        if " " not in query:
            query = f"select * from {query} order by 1, 2"
        connection = sqlite3.connect(self.database)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    def deliver(self, file_id: int, table: str, rows: Iterable[tuple]) -> None:
        """Land rows, whose last column is `_file_id`, and their ledger row."""
        connection = sqlite3.connect(self.database)
        with connection:
            connection.execute(
                "insert into ingest_files (file_id) values (?) on conflict do nothing",
                [file_id],
            )
            for row in rows:
                marks = ", ".join("?" * (len(row) + 1))
                connection.execute(
                    f"insert into {table} values ({marks})", [*row, file_id]
                )
        connection.close()


@dataclass
class Layer:
    """The layer under test: ours, or the adapter as it comes."""

    name: str
    folder: Callable[[], Path]
    parsed: Path

    @property
    def is_ours(self) -> bool:
        return self.name == "ours"

    def project(self, files: dict[str, str], script: str = "") -> Project:
        """Return a new project on this layer, its database prepared by a script."""
        project = Project(self.folder(), self.name, self.parsed)
        project.write(files)
        project.execute(script)
        return project

    def expect(self, is_right: bool, what: str) -> None:
        """Expect ours to be right and stock to be wrong."""
        if self.is_ours:
            assert is_right, f"ours does not: {what}"
        else:
            assert not is_right, f"stock does now: {what}; our override can go"


@pytest.fixture(scope="session")
def layers(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Layer]:
    """Layers by name; dbt's own macros are parsed once for all their projects."""

    @functools.cache
    def layer(name: str) -> Layer:
        folder = tmp_path_factory.mktemp(name)
        assert Project(folder, name).dbt("parse").success
        return Layer(
            name,
            lambda: tmp_path_factory.mktemp(name),
            folder / "target" / "partial_parse.msgpack",
        )

    return layer


@pytest.fixture(scope="module", params=["ours", "stock"])
def layer(request: pytest.FixtureRequest, layers: Callable[[str], Layer]) -> Layer:
    """Each of the two layers in turn."""
    return layers(request.param)


@pytest.fixture(scope="module")
def ours(layers: Callable[[str], Layer]) -> Layer:
    """Our layer, for what the stock adapter has no counterpart to."""
    return layers("ours")
