"""A warehouse in a temporary folder, for tests to deliver to and look at."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from typing import Any

from dbt.cli.main import dbtRunner

from scripts.ingest import Summary, ingest

CLOCK = "2026-01-01T00:00:00Z"
"""Every run of a test takes place now, so that databases can be compared."""

VOLATILE = {"_build_state", "ingest_batches", "sqlite_stat1"}
"""What may differ between two ways to the same warehouse."""


class Warehouse:
    """An inbox, a database, and the two steps between them."""

    def __init__(
        self, folder: Path, manifest: Any, target: Path, template: Path | None = None
    ) -> None:
        self.inbox = folder / "inbox"
        self.database = folder / "warehouse.db"
        self._manifest = manifest
        self._target = target
        (self.inbox / "crm").mkdir(parents=True)
        if template:
            shutil.copyfile(template, self.database)

    def deliver(self, name: str, content: bytes | str | list[dict[str, Any]]) -> None:
        """Put a file of the CRM into the inbox; rows are written as JSON."""
        if isinstance(content, list):
            content = json.dumps(content)
        if isinstance(content, str):
            content = content.encode()
        (self.inbox / "crm" / name).write_bytes(content)

    def land(self) -> Summary:
        """Ingest the inbox."""
        return ingest(self.inbox, self.database)

    def build(self, *arguments: str, command: str = "run") -> None:
        """Run dbt; fails the test with the messages of what failed."""
        os.environ["WAREHOUSE_DB"] = str(self.database)
        # a copy: compiling changes the foreign keys in it, and not twice
        outcome = dbtRunner(manifest=self._manifest.deepcopy()).invoke(
            [
                command,
                "--log-level",
                "none",
                "--log-level-file",
                "none",
                "--target-path",
                str(self._target),
                *arguments,
            ]
        )
        assert not outcome.exception, outcome.exception
        broken = [
            f"{result.node.name}: {result.message}"
            for result in outcome.result.results
            if result.status not in ("success", "pass", "no-op", "warn")
        ]
        assert not broken, "\n".join(broken)

    def reparse(self) -> None:
        """Read the project of the working folder anew, into a target of its own."""
        os.environ["WAREHOUSE_DB"] = str(self.database)
        self._target = Path.cwd() / "target"
        outcome = dbtRunner().invoke(
            ["parse", "--no-partial-parse", "--log-level", "none"]
            + ["--target-path", str(self._target)]
        )
        assert outcome.success, outcome.exception
        self._manifest = outcome.result

    def run(self, *arguments: str) -> Summary:
        """Ingest, and build the models of the CRM and of operations."""
        summary = self.land()
        self.build_models(*arguments)
        return summary

    def run_all(self, *arguments: str) -> None:
        """Ingest and build all, with the seeds but without the data tests."""
        self.land()
        self.build("--exclude-resource-type", "test", *arguments, command="build")

    def build_models(self, *arguments: str) -> None:
        """Build the models of the CRM and of operations."""
        self.build("--select", "staging.crm+", "staging.ingest+", *arguments)

    def query(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with closing(sqlite3.connect(self.database)) as db:
            return db.execute(sql, values).fetchall()

    def value(self, sql: str, *values: Any) -> Any:
        """Return the one value of a query."""
        ((value,),) = self.query(sql, *values)
        return value

    def findings(self) -> set[tuple[str, str | None, str | None]]:
        """Return the findings as (rule, record or file, column)."""
        return set(
            self.query(
                "select rule, coalesce(record_id, file_name), column_name"
                " from fct_row_errors"
            )
        )

    def content(self) -> dict[str, list[str]]:
        """Return every row of every table and view, for comparison."""
        return content(self.database)


def content(
    database: Path, ignore_columns: Collection[str] = ()
) -> dict[str, list[str]]:
    """Return every row of every table and view of a database, as text."""
    with closing(sqlite3.connect(database)) as db:
        names = [
            name
            for (name,) in db.execute(
                "select name from sqlite_master where type in ('table', 'view')"
                " and name not like 'sqlite_%'"
            )
            if name not in VOLATILE
        ]
        found = {}
        for name in names:
            columns = [
                f'"{column}"'
                for _, column, *_ in db.execute(f'pragma table_info("{name}")')
                if column not in ignore_columns
            ]
            rows = db.execute(f'select {", ".join(columns)} from "{name}"')
            found[name] = sorted(map(repr, rows))
    return found


def differences(one: dict[str, list[str]], other: dict[str, list[str]]) -> list[str]:
    """Name what stands in one content and not in the other."""
    found = []
    for name in sorted(one.keys() | other.keys()):
        for sign, here, there in (("-", one, other), ("+", other, one)):
            rows = set(here.get(name, [])) - set(there.get(name, []))
            found += [f"{sign} {name} {row}" for row in sorted(rows)]
        if len(one.get(name, [])) != len(other.get(name, [])):
            found.append(f"{name}: number of rows differs")
    return found
