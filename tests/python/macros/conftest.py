"""Renders macros with dbt and evaluates them over lists of inputs.

Those of the package are rendered as another project calls them: the package's
integration tests, in a folder of their own. The others are this project's.
"""

from __future__ import annotations

import csv
import importlib.util
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import psycopg2
import psycopg2.extras
import pyarrow as pa
import pytest
import yaml
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.adapters.duckdb_strict.functions import Functions
from dbt.adapters.factory import FACTORY, get_adapter_by_type
from dbt.adapters.sqlite_strict.connections import add_functions
from dbt.adapters.sqlite_strict.functions import Database
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.context.providers import generate_runtime_macro_context

from tests.python.conftest import TARGETS

ROOT = Path(__file__).parents[3]
PACKAGES = ROOT / "packages"
PACKAGE = PACKAGES / "cleaning"
PHONES = PACKAGE / "seeds/_phones__seeds.yml"
REFERENCE = ROOT / "seeds/reference/_reference__seeds.yml"
SEEDS = {"phone_regions": PHONES, "phone_plans": PHONES, "currencies": REFERENCE}

STOCK = {"spark": "spark_strict"}
"""The adapter with which a package is tested, if it is not dbt's own of the engine."""

QUIET = ["--quiet", "--no-send-anonymous-usage-stats", "--no-version-check"]


class SqliteEngine:
    """Evaluates expressions with Python's own SQLite library, and what we add to it."""

    name = label = "sqlite"

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:", factory=Database)
        add_functions(self.connection)
        load_seeds(self.connection)

    def evaluate(
        self, expression: str, rows: Iterable[Sequence[Any]], columns: Sequence[str]
    ) -> list[Any]:
        """One value per row, in their order; `expression` names the columns."""
        self.load(rows, columns)
        found = self.connection.execute(
            f"select {expression} from inputs order by inputs.rowid"
        )
        return [value for (value,) in found]

    def load(self, rows: Iterable[Sequence[Any]], columns: Sequence[str]) -> None:
        """Fill the table `inputs` anew, its columns without a type."""
        self.connection.execute("drop table if exists temp.inputs")
        self.connection.execute(f"create temp table inputs ({', '.join(columns)})")
        marks = ", ".join("?" * len(columns))
        self.connection.executemany(f"insert into inputs values ({marks})", rows)


class FunctionsEngine(SqliteEngine):
    """The same, with macros as models have them: as SQL functions of the session."""

    label = "functions"


class DuckdbEngine:
    """Evaluates expressions with DuckDB; inputs are text, as in bronze."""

    name = label = "duckdb"

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        # macros name relations with the database of this project (`own`) or of the
        # integration tests
        for database in ("unused", "integration"):
            self.connection.execute(f"attach ':memory:' as {database}; use {database}")
            load_seeds(self.connection)

    def evaluate(
        self, expression: str, rows: Iterable[Sequence[Any]], columns: Sequence[str]
    ) -> list[Any]:
        """One value per row, in their order; booleans as SQLite gives them."""
        self.load(rows, columns)
        found = self.connection.execute(
            f"select {expression} from inputs order by inputs.place"
        ).fetchall()
        return [int(v) if isinstance(v, bool) else v for (v,) in found]

    def load(self, rows: Iterable[Sequence[Any]], columns: Sequence[str]) -> None:
        """Fill the table `inputs` anew; a column of numbers is one."""
        values = [list(column) for column in zip(*rows, strict=True)]
        values = values or [[] for _ in columns]
        inputs = pa.table(
            {
                "place": pa.array(range(len(values[0])), pa.int64()),
                **{
                    name: pa.array(_plain(column), _type(column))
                    for name, column in zip(columns, values, strict=True)
                },
            }
        )
        self.connection.register("given", inputs)
        self.connection.execute("create or replace table inputs as from given")


class DuckdbFunctionsEngine(DuckdbEngine):
    """The same, with macros as models have them: as functions of the session."""

    label = "duckdb_functions"


class PostgresEngine:
    """Evaluates expressions with PostgreSQL; inputs are text, as in bronze."""

    name = label = "postgres"

    def __init__(self, url: str) -> None:
        # macros name relations with the database of the integration tests
        made = psycopg2.connect(url, dbname="postgres")
        made.autocommit = True
        made.cursor().execute("drop database if exists integration with (force)")
        made.cursor().execute(
            "create database integration template template0"
            " lc_collate 'C' lc_ctype 'C.UTF-8' encoding 'UTF8'"
        )
        made.close()
        opened = psycopg2.connect(
            url, dbname="integration", options="-c search_path=main"
        )
        opened.autocommit = True
        self.cursor = opened.cursor()
        self.connection = self  # what others have does what this one can
        self.cursor.execute("create schema main; create extension pgcrypto")
        load_seeds(self)

    def evaluate(
        self, expression: str, rows: Iterable[Sequence[Any]], columns: Sequence[str]
    ) -> list[Any]:
        """One value per row, in their order; numbers as SQLite gives them."""
        self.load(rows, columns)
        self.cursor.execute(f"select {expression} from inputs order by inputs.place")
        return [_as_sqlite(value) for (value,) in self.cursor.fetchall()]

    def load(self, rows: Iterable[Sequence[Any]], columns: Sequence[str]) -> None:
        """Fill the table `inputs` anew; a column of numbers is one."""
        values = [list(column) for column in zip(*rows, strict=True)]
        values = values or [[] for _ in columns]
        declared = ", ".join(
            f"{name} {'bigint' if _type(column) == pa.int64() else 'text'}"
            for name, column in zip(columns, values, strict=True)
        )
        self.execute("drop table if exists inputs")
        self.execute(f"create table inputs (place bigint, {declared})")
        rows = zip(range(len(values[0])), *map(_plain, values), strict=True)
        marks = ", ".join("?" * (len(columns) + 1))
        self.executemany(f"insert into inputs values ({marks})", rows)

    def execute(self, sql: str) -> Any:
        """Run a statement; the answer has `fetchall`."""
        self.cursor.execute(sql)
        return self.cursor

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run an insert for each of some rows, its values marked as SQLite's are."""
        psycopg2.extras.execute_batch(
            self.cursor, sql.replace("?", "%s"), [tuple(row) for row in rows], 1000
        )


class SparkEngine:
    """Evaluates expressions with Spark; inputs are text, as in bronze."""

    name = label = "spark"

    def __init__(self) -> None:
        from dbt.adapters.spark_strict.dialect import translated
        from dbt.adapters.spark_strict.session import plain

        self.translated = translated
        self.session = plain("local[2]", tempfile.mkdtemp())
        self.session.sql("create database main")
        self.session.sql("use main")
        self.connection = self
        load_seeds(self)

    def evaluate(
        self, expression: str, rows: Iterable[Sequence[Any]], columns: Sequence[str]
    ) -> list[Any]:
        """One value per row, in their order; booleans as SQLite gives them."""
        self.load(rows, columns)
        found = self.read(f"select {expression} as _found, place from inputs")
        found.sort(key=lambda row: row[1])
        return [_as_sqlite(value) for value, _ in found]

    def load(self, rows: Iterable[Sequence[Any]], columns: Sequence[str]) -> None:
        """Fill the table `inputs` anew; a column of numbers is one."""
        values = [list(column) for column in zip(*rows, strict=True)]
        values = values or [[] for _ in columns]
        declared = ", ".join(
            f"{name} {'bigint' if _type(column) == pa.int64() else 'string'}"
            for name, column in zip(columns, values, strict=True)
        )
        rows = list(zip(range(len(values[0])), *map(_plain, values), strict=True))
        self.show("inputs", rows, f"place bigint, {declared}")

    def show(self, name: str, rows: list[Any], declared: str) -> None:
        """Make a view of some rows."""
        frame = self.session.createDataFrame(rows, declared)
        frame.createOrReplaceTempView(name)

    def execute(self, sql: str) -> Any:
        """Run a query; the answer has `fetchall`."""
        self.rows = self.read(sql)
        return self

    def fetchall(self) -> list[Any]:
        """Return the rows of the last query."""
        return self.rows

    def read(self, sql: str) -> list[Any]:
        """Return the rows of a query."""
        return [tuple(row) for row in self.session.sql(self.translated(sql)).collect()]


def _as_sqlite(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def load_seeds(connection: sqlite3.Connection | duckdb.DuckDBPyConnection) -> None:
    """Make the tables that macros look up, with the types and keys of their YAML."""
    for name, declaration in SEEDS.items():
        declared = yaml.safe_load(declaration.read_text("utf-8"))["seeds"]
        (seed,) = (seed for seed in declared if seed["name"] == name)
        load_seed(connection, seed, declaration.with_name(f"{name}.csv"))


def load_seed(
    connection: sqlite3.Connection | duckdb.DuckDBPyConnection, seed: Any, path: Path
) -> None:
    """Make one such table."""
    name, config = seed["name"], seed["config"]
    if isinstance(connection, SparkEngine):
        kinds = {"text": "string", "boolean": "boolean"}
        declared = ", ".join(
            f"{c} {kinds.get(t, 'bigint')}" for c, t in config["column_types"].items()
        )
        with path.open(encoding="utf-8", newline="") as lines:
            _, *rows = csv.reader(lines)
        read = [
            str
            if t == "text"
            else {"true": True, "false": False}.get
            if t == "boolean"
            else int
            for t in config["column_types"].values()
        ]
        frame = connection.session.createDataFrame(
            [
                [r(v) if v else None for r, v in zip(read, row, strict=True)]
                for row in rows
            ],
            declared,
        )
        frame.coalesce(1).write.saveAsTable(name)
        return
    columns = ", ".join(f"{c} {t}" for c, t in config["column_types"].items())
    key = ", ".join(config["indexes"][0]["columns"])
    connection.execute(f"create table {name} ({columns}, unique ({key}))")
    with path.open(encoding="utf-8", newline="") as lines:
        _, *rows = csv.reader(lines)
    values = [[value or None for value in row] for row in rows]
    if isinstance(connection, duckdb.DuckDBPyConnection):  # which is slow row by row
        columns = dict(
            zip(config["column_types"], zip(*values, strict=True), strict=True)
        )
        connection.register("given", pa.table(columns))
        connection.execute(f"insert into {name} from given")
        return
    marks = ", ".join("?" * len(config["column_types"]))
    connection.executemany(f"insert into {name} values ({marks})", values)


def _plain(values: Sequence[Any]) -> list[Any]:
    """Numbers among text as text: a column has one type here."""
    if _type(values) == pa.string():
        return [None if value is None else str(value) for value in values]
    return list(values)


def _type(values: Sequence[Any]) -> pa.DataType:
    kinds = {type(value) for value in values} - {type(None)}
    return pa.int64() if kinds == {int} else pa.string()


Engine = SqliteEngine | DuckdbEngine | PostgresEngine | SparkEngine


@pytest.fixture(scope="session")
def engines(request: pytest.FixtureRequest) -> Callable[[type], Engine]:
    """Return a giver of engines, which are kept: modules ask for each in turn."""

    @cache
    def give(kind: type) -> Engine:
        if kind is SparkEngine:
            if not (importlib.util.find_spec("pyspark") and shutil.which("java")):
                pytest.skip("needs Java and requirements-spark.txt")
            return SparkEngine()
        if kind is PostgresEngine:
            return PostgresEngine(request.getfixturevalue("postgres_server"))
        return kind()

    return give


@pytest.fixture(
    scope="session",
    params=[
        *(SqliteEngine, FunctionsEngine, DuckdbEngine),
        pytest.param(DuckdbFunctionsEngine, marks=pytest.mark.long),
        pytest.param(PostgresEngine, marks=pytest.mark.long),
        pytest.param(SparkEngine, marks=pytest.mark.long),
    ],
    ids=lambda kind: kind.label,
)
def engine(request: pytest.FixtureRequest, engines: Callable[[type], Engine]) -> Engine:
    """The engine under test."""
    return engines(request.param)


def installed(folder: Path, engine: str, package: str = "cleaning") -> Path:
    """Copy the integration tests of a package and install it there."""
    project = folder / "integration_tests"
    made = shutil.ignore_patterns("target", "logs", "dbt_packages", "package-lock.yml")
    tests = PACKAGES / package / "integration_tests"
    shutil.copytree(tests, project, ignore=made)
    needed = dict.fromkeys(["cleaning", package])
    listed = ", ".join(f"{{local: {PACKAGES / name}}}" for name in needed)
    (project / "packages.yml").write_text(f"packages: [{listed}]")
    dbt(project, engine, "deps")
    return project


def dbt(project: Path, engine: str, *command: str) -> dbtRunnerResult:
    """Run dbt in a project of its own folder, as somebody else would."""
    here = Path.cwd()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBT_TARGET", engine)
        os.chdir(project)
        try:
            done = dbtRunner().invoke([*QUIET, "--log-path", "logs", *command])
        finally:
            os.chdir(here)
            # dbt-duckdb keeps a database open, whatever project comes next
            DuckDBConnectionManager.close_all_connections()
    if done.exception or not done.success:
        failed = [f"{r.node.name}: {r.message}" for r in done.result or []]
        raise RuntimeError(f"dbt {' '.join(command)}: {done.exception or failed}")
    return done


def renderer(
    engine: str, folder: Path, parsed: Callable[..., Path]
) -> Callable[..., str]:
    """Parse the macros for an engine; gives what renders a call of one."""
    package = dbt(installed(folder, engine), engine, "parse").result
    adapter = get_adapter_by_type(STOCK.get(engine, engine))
    adapter.set_macro_context_generator(generate_runtime_macro_context)
    others: list[Any] = []

    def call(macro: str, *arguments: str, **settings: Any) -> str:
        if f"macro.cleaning.{macro}" in package.macros:
            adapter.config.project_name = "cleaning_integration_tests"
            given = {"macro": macro, "arguments": arguments, "settings": settings}
            return str(
                adapter.execute_macro("cleaned", macro_resolver=package, kwargs=given)
            )
        if not others:
            others.extend(own(folder / "own", engine, parsed))
        return executed(others, macro, arguments, settings)

    return call


def executed(
    parsed: Sequence[Any], macro: str, arguments: Any, settings: Any, **context: Any
) -> str:
    """Render a macro of this project, or of its packages: `parsed` is from `own`."""
    manifest, strict = parsed
    [owner] = (
        package
        for package in ("revenue_warehouse", "identity", "cleaning")
        if f"macro.{package}.{macro}" in manifest.macros
    )
    source = manifest.macros[f"macro.{owner}.{macro}"].macro_sql
    signature = re.search(r"\((.*?)\)", source, re.DOTALL).group(1)
    names = re.findall(r"(\w+)(?:=[^,]*)?\s*(?:,|$)", signature)
    values = dict(zip(names, arguments, strict=False)) | settings
    with pytest.MonkeyPatch.context() as patch:
        # two that render for SQLite have an adapter each
        patch.setitem(FACTORY.adapters, strict.type(), strict)
        return str(
            strict.execute_macro(
                macro,
                macro_resolver=manifest,
                kwargs=values,
                project=owner,
                context_override=context,
            )
        )


def functional(
    engine: FunctionsEngine | DuckdbFunctionsEngine,
    folder: Path,
    parsed: Callable[..., Path],
) -> Callable[..., str]:
    """Give what renders a call in a table, which defines functions on the engine."""
    manifest, strict = own(folder / "own", engine.name, parsed)
    if isinstance(engine, DuckdbFunctionsEngine):
        functions = Functions(engine.connection)
        strict._functions = lambda: functions
    else:
        strict._database = lambda: engine.connection
    model = {"resource_type": "model", "config": {"materialized": "table"}}

    def call(macro: str, *arguments: str, **settings: Any) -> str:
        return executed((manifest, strict), macro, arguments, settings, model=model)

    return call


def own(folder: Path, engine: str, parsed: Callable[..., Path]) -> tuple[Any, Any]:
    """Read the parsed project of an engine; return it and its adapter."""
    before = dict(FACTORY.adapters)  # dbt forgets those of other projects
    FACTORY.adapters.pop(f"{engine}_strict", None)
    if engine in TARGETS:
        parsed(folder, engine)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WAREHOUSE_TARGET", TARGETS.get(engine, engine))
        patch.setenv("WAREHOUSE_DB", str(folder / "unused.db"))
        paths = [f"--{kind}-path={folder}" for kind in ("target", "log")]
        places = [f"--{kind}-dir={ROOT}" for kind in ("project", "profiles")]
        done = dbtRunner().invoke([*QUIET, "parse", *places, *paths])
    if not done.success:
        raise RuntimeError(f"the project does not parse: {done.exception}")
    adapter = get_adapter_by_type(f"{engine}_strict")
    adapter.set_macro_context_generator(generate_runtime_macro_context)
    FACTORY.adapters.update(before)
    return done.result, adapter


@pytest.fixture(scope="session")
def renderers(
    tmp_path_factory: pytest.TempPathFactory, parsed: Callable[..., Path]
) -> Callable[[Engine], Callable[..., str]]:
    """Return a giver of what renders for an engine; dbt parses once for each."""

    @cache
    def make(engine: Engine) -> tuple[Callable[..., str], dict[str, Any]]:
        folder = tmp_path_factory.mktemp("macros")
        if isinstance(engine, FunctionsEngine | DuckdbFunctionsEngine):
            render = functional(engine, folder, parsed)
        else:
            render = renderer(engine.name, folder, parsed)
        return render, dict(FACTORY.adapters)

    def give(engine: Engine) -> Callable[..., str]:
        render, adapters = make(engine)
        FACTORY.adapters.update(adapters)  # dbt forgets those of other projects
        return render

    return give


@pytest.fixture(scope="session")
def render(
    engine: Engine, renderers: Callable[[Engine], Callable[..., str]]
) -> Callable[..., str]:
    """`render(macro, *arguments, **settings)` gives the SQL of a macro call."""
    return renderers(engine)


@pytest.fixture(scope="session")
def evaluate(engine: Engine, render: Callable[..., str]) -> Callable[..., list]:
    """`evaluate(macro, inputs, **settings)` gives one output per input.

    They are the column x; `on` names another expression of it for the macro.
    """

    def call(
        macro: str, inputs: Iterable[Any], on: str = "x", **settings: Any
    ) -> list[Any]:
        expression = render(macro, on, **settings)
        return engine.evaluate(expression, ([value] for value in inputs), ["x"])

    return call
