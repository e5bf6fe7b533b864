"""A warehouse in a temporary folder, for tests to deliver to and look at."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
from dbt.cli.main import dbtRunner

from scripts.dbt_core import close_connections
from scripts.ingest import Summary, ingest
from scripts.settings import Settings
from tests.python.conftest import TARGETS

from . import databases
from .compiled import Kept, compiled_once

THOROUGH = bool(os.environ.get("THOROUGH"))
"""Whether to take the time for what says little that is new (`make thorough`)."""

ENGINES = ("sqlite", "duckdb") if THOROUGH else ("sqlite",)
"""Those that scenarios are built on. DuckDB takes three times as long as SQLite, and
test_engines compares the two on the same files, cell by cell."""

CLOCK = "2026-01-01T00:00:00Z"
"""Every run of a test takes place now, so that databases can be compared."""

VOLATILE = {
    *("_build_state", "ingest_batches", "stg_ingest__batches", "fct_ingest_batches"),
    *("run_results", "stg_ingest__run_results", "fct_model_runs", "fct_test_results"),
    *("fct_run_findings", "sqlite_stat1", "_last_build", "_ingest_numbers"),
}
"""What may differ between two ways to the same warehouse."""

NAMES = {
    "sqlite": "select name from sqlite_master where type in ('table', 'view')"
    " and name not like 'sqlite_%' and name not like '%duckdb_%'",
    "postgres": "select relname from pg_class where relkind in ('r', 'v')"
    " and relnamespace = 'main'::regnamespace",
}
"""How to ask for all tables and views; what is not here does as SQLite."""
COLUMNS = {
    "sqlite": "select name from pragma_table_info('{}')",
    "postgres": "select attname from pg_attribute where attnum > 0"
    " and not attisdropped and attrelid = to_regclass('{}')",
}
"""How to ask for the columns of one."""

IDENTITY = {
    "crm": ("int_companies__*", "int_contacts__*"),
    "leads": ("int_leads__*",),
    "prospects": ("intermediate.customers", "int_people__*", "int_organisations__*"),
    "customers": ("int_people__*", "int_organisations__*"),
}
"""The models of a domain that are in the folder of identity resolution."""

LANDED = (
    *("stg_ingest__batches", "stg_ingest__files", "stg_ingest__rejects"),
    *("fct_ingest_batches", "int_operations__findings"),
    "int_operations__unknown_codes",
    *("fct_ingest_files", "fct_row_errors", "rpt_record_conservation"),
)
"""What tells of files, records and findings; scores and logs have their own tests."""

LEARNED = re.compile(
    r"int_(companies|contacts|leads|people|organisations)__"
    r"(learned|counted|weighted|adjusted|compared|paired)"
    r"|rpt_(company|contact|lead|person|organisation)_(merges|review)|rpt_identity_drift"
    r"|int_organisations__(current|normalized|clustered|linked)"  # with what is gone
)
CUSTOMERS = re.compile(r"int_(people|organisations)__")
"""Read records of all domains, so that their watermarks say which files came before a
build, and not what a file changed."""
WATERMARKS = ("latest_file_id", "touched_file_id")
"""What a full build of identity may give otherwise than increments: it learns anew,
and looks at every record again."""


@dataclass(frozen=True)
class Project:
    """The parsed project, as one engine sees it."""

    engine: str
    manifest: Any
    target: Path
    template: Path | None = None
    """A folder with a warehouse to start from."""
    compiled: Kept = field(default_factory=dict)
    server: str = ""
    """URL of the server that PostgreSQL's warehouses are on."""


class Warehouse:
    """An inbox, a database, and the two steps between them."""

    def __init__(self, folder: Path, project: Project, domain: str = "crm") -> None:
        if project.template:
            shutil.copytree(project.template, folder)
        self.folder = folder
        self.engine = project.engine
        self.inbox = folder / "inbox"
        suffix = "db" if self.engine == "sqlite" else self.engine
        self.database = folder / f"warehouse.{suffix}"
        self.lake = folder / "warehouse.lake" if self.engine == "duckdb" else None
        self._url = ""
        if self.engine == "postgres":
            self._url = databases.copied(project.server, self.database)
        self.manifest = project.manifest
        self._compiled = project.compiled
        self._target = project.target
        self.domain = domain
        (self.inbox / domain).mkdir(parents=True, exist_ok=True)

    @property
    def ledger(self) -> Path:
        """The database that holds the ledger."""
        return self.lake / "ledger.db" if self.lake else self.database

    @property
    def settings(self) -> Settings:
        """As commands have them."""
        place = self.folder, self.database, self.engine, self.lake, self._url
        return Settings(TARGETS[self.engine], *place)

    def deliver(self, name: str, content: bytes | str | list[dict[str, Any]]) -> None:
        """Put a file of the domain into the inbox; rows are written as JSON."""
        if isinstance(content, list):
            content = json.dumps(content)
        if isinstance(content, str):
            content = content.encode()
        (self.inbox / self.domain / name).write_bytes(content)

    def land(self) -> Summary:
        """Ingest the inbox."""
        self.choose()
        return ingest(self.inbox, self.database, lake=self.lake)

    def build(self, *arguments: str, command: str = "run") -> None:
        """Run dbt; fails the test with the messages of what failed."""
        self.choose()
        options = ["--log-level", "none", "--log-level-file", "none"]
        options += ["--no-write-json", "--target-path", str(self._target)]
        with compiled_once(self._compiled):
            outcome = dbtRunner(manifest=self.manifest).invoke(
                [command, *options, *arguments]
            )
        close_connections(not outcome.success)
        if outcome.exception:
            raise AssertionError(str(outcome.exception)) from outcome.exception
        broken = [
            f"{result.node.name}: {result.message}"
            for result in outcome.result.results
            if result.status not in ("success", "pass", "no-op", "warn")
        ]
        assert not broken, "\n".join(broken)

    def reparse(self) -> None:
        """Read what has changed in the project of the working folder."""
        self.choose()
        target = Path.cwd() / "target"
        if target != self._target:
            target.mkdir()
            shutil.copy(self._target / "partial_parse.msgpack", target)
            self._target = target
        options = ("--log-level", "none", "--no-write-json")
        outcome = dbtRunner().invoke(["parse", *options, "--target-path", str(target)])
        assert outcome.success, outcome.exception
        self.manifest = outcome.result
        self._compiled = {}
        own = self.manifest.metadata.project_name
        for node in self.manifest.nodes.values():
            # dbt looks for a seed where it was parsed first
            if node.resource_type == "seed" and node.package_name == own:
                node.root_path = str(Path.cwd())

    def run(self, *arguments: str) -> Summary:
        """Ingest, and build the models of the domain."""
        summary = self.land()
        self.build_models(*arguments)
        return summary

    def run_all(self, *arguments: str) -> None:
        """Ingest and build all, with the seeds but without the data tests."""
        self.land()
        self.build("--exclude-resource-type", "test", *arguments, command="build")

    def run_with_seeds(self, *arguments: str) -> None:
        """Ingest; build all seeds, and the models of the domain."""
        self.land()
        self.build_with_seeds(*arguments)

    def build_with_seeds(self, *arguments: str) -> None:
        """Build all seeds, and the models of the domain."""
        arguments = ("path:seeds", *arguments, "--exclude-resource-type", "test")
        self.build_models(*arguments, command="build")

    def build_models(self, *arguments: str, command: str = "run") -> None:
        """Build the models of the domain, with the findings and what was landed."""
        layers = ("staging", "intermediate", "marts")
        folders = [f"{layer}.{self.domain}" for layer in layers]
        resolved = IDENTITY.get(self.domain, ())
        self.build(
            "--select", *folders, *resolved, *LANDED, *arguments, command=command
        )
        self._catch_up()

    def _catch_up(self) -> None:
        """Lift watermarks as a planned run does those of models that it spares.

        Otherwise a model that reads another domain, too, would be told of every file
        again, and no test would see what its delta leaves out.
        """
        with closing(self._connect(self.ledger)) as db:
            landed = "select max(file_id) from ingest_files where status = 'landed'"
            (newest,) = db.execute(landed).fetchone()
            others = db.execute(
                "select count(*) from ingest_files where source_name <> ?",
                [self.domain],
            ).fetchone()
        if newest and others == (0,):
            self.change(
                "update _build_state set watermark = ? where watermark >= 0", newest
            )

    def change(self, sql: str, *values: Any) -> int:
        """Run a statement that writes into the database; return how many rows."""
        with closing(self._connect()) as db:
            count = db.execute(sql, values).rowcount
            if self.engine != "postgres":  # where each statement is committed
                db.commit()
        return int(count)

    def settle(self) -> None:
        """Leave no log beside the database, for its folder to be copied."""
        self.query("select 1")  # opened and closed

    def query(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query, booleans as SQLite has them."""
        with self._opened() as ask:
            return ask(sql, *values)

    @contextmanager
    def _opened(self) -> Iterator[Callable[..., list[tuple[Any, ...]]]]:
        """Give what answers queries; DuckDB takes its time to open a file."""
        with closing(self._connect()) as db:

            def ask(sql: str, *values: Any) -> list[tuple[Any, ...]]:
                return [
                    tuple(int(v) if isinstance(v, bool) else v for v in row)
                    for row in db.execute(sql, values).fetchall()
                ]

            yield ask

    def _connect(self, database: Path | None = None) -> Any:
        """Open the database, or that of the ledger."""
        if self.engine == "postgres":
            return databases.Connection(self._url)
        is_lake = self.engine == "duckdb" and database is None
        return (duckdb if is_lake else sqlite3).connect(database or self.database)

    def choose(self) -> None:
        """Let this process work with the database."""
        os.environ["WAREHOUSE_TARGET"] = TARGETS[self.engine]
        os.environ[databases.VARIABLE] = self._url
        os.environ["WAREHOUSE_DB"] = str(self.database)
        os.environ["WAREHOUSE_LAKE"] = str(self.lake or "")

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
        return _as_text(self.relations())

    def lasting(self) -> dict[str, list[str]]:
        """Return the content that increments and a full build have in common."""
        found = _as_text(self.relations(WATERMARKS))
        return {name: rows for name, rows in found.items() if not LEARNED.match(name)}

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Return the rows of a table or view."""
        with self._opened() as ask:
            return self._rows(ask, name)

    def relations(self, but: Collection[str] = ()) -> dict[str, list[dict[str, Any]]]:
        """Return the rows of every table and view, all columns `but` some."""
        found = {}
        with self._opened() as ask:
            for (name,) in ask(NAMES.get(self.engine, NAMES["sqlite"])):
                if name in VOLATILE:
                    continue
                unlike = WATERMARKS if CUSTOMERS.match(name) else ()
                found[name] = self._rows(ask, name, {*but, *unlike})
        return found

    def _rows(
        self,
        ask: Callable[..., list[tuple[Any, ...]]],
        name: str,
        but: Collection[str] = (),
    ) -> list[dict[str, Any]]:
        sql = COLUMNS.get(self.engine, COLUMNS["sqlite"])
        columns = sorted({name for (name,) in ask(sql.format(name))} - set(but))
        quoted = ", ".join(f'"{column}"' for column in columns)
        return [
            dict(zip(columns, row, strict=True))
            for row in ask(f'select {quoted} from "{name}"')
        ]


def content(
    database: Path, ignore_columns: Collection[str] = ()
) -> dict[str, list[str]]:
    """Return every row of every table and view of a database, as text."""
    place = Warehouse.__new__(Warehouse)
    place.engine = "duckdb" if database.suffix == ".duckdb" else "sqlite"
    place.database = database
    return _as_text(place.relations(ignore_columns))


def _as_text(relations: dict[str, list[dict[str, Any]]]) -> dict[str, list[str]]:
    return {
        name: sorted(repr(tuple(row.values())) for row in rows)
        for name, rows in relations.items()
    }


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
