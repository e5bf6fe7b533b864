"""Builds the identity models over a file, in a project and database of their own."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from scripts.settings import PROJECT

DBT_PROJECT = {
    "name": "revenue_warehouse",
    "version": "1.0.0",
    "profile": "identity_eval",
    "models": {"+materialized": "table"},
    "flags": {"send_anonymous_usage_stats": False},
}


PARTS = {
    "models": Path(__file__).parent / "models",
    "macros": PROJECT / "macros",
    "seeds": PROJECT / "seeds" / "identity",
}


class BuildError(Exception):
    """The models could not be built; the message says which and why."""


def land(
    database: Path, columns: Sequence[str], rows: Iterable[Sequence[str | None]]
) -> None:
    """Write the records as the table that the models read.

    A row holds the record's id, its label and the values of the columns.
    """
    texts = ", ".join(f"{column} text" for column in ("record_id", "truth", *columns))
    names = ", ".join(("record_id", "truth", *columns))
    marks = ", ".join("?" * (len(columns) + 2))
    with closing(sqlite3.connect(database)) as db, db:
        db.execute(
            "create table labelled_records (record_number integer primary key,"
            f" {texts}, created_at text, latest_file_id integer default 1)"
        )
        db.executemany(f"insert into labelled_records ({names}) values ({marks})", rows)
        # what the models ask of the ledger of a warehouse
        db.execute(
            "create table ingest_files"
            " (file_id integer, source_name text, table_name text, amended_at text)"
        )
        db.execute("insert into ingest_files (file_id) values (1)")


def build(folder: Path, database: Path, fields: list[dict[str, str]]) -> None:
    """Run the identity models over the records; raises BuildError."""
    from dbt.cli.main import dbtRunner

    project = DBT_PROJECT | {"vars": {"identity": {"labelled": {"fields": fields}}}}
    output = {
        "type": "sqlite",
        "threads": 1,
        "database": "warehouse",
        "schema": "main",
        "schema_directory": str(folder / "schemas"),
        "schemas_and_paths": {"main": str(database)},
    }
    profile = {"target": "dev", "outputs": {"dev": output}}
    # JSON is YAML
    (folder / "dbt_project.yml").write_text(json.dumps(project), encoding="utf-8")
    (folder / "profiles.yml").write_text(
        json.dumps({"identity_eval": profile}), encoding="utf-8"
    )
    for name, path in PARTS.items():
        shutil.copytree(path, folder / name)
    outcome = dbtRunner().invoke(
        ["--quiet", "--log-level", "none", "--log-level-file", "none", "build"]
        + ["--project-dir", str(folder), "--profiles-dir", str(folder)]
    )
    failed = [
        f"{result.node.name}: {result.message}"
        for result in getattr(outcome.result, "results", None) or []
        if str(result.status) not in ("success", "pass", "no-op")
    ]
    if outcome.exception is not None:
        failed.append(str(outcome.exception))
    if failed:
        raise BuildError("\n".join(failed))
