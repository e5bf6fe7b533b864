"""Warehouses for tests; per engine the project is parsed and built once."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt.cli.main import dbtRunner

from scripts.ingest.clock import VARIABLE
from scripts.settings import PROJECT
from tests.python.conftest import TARGETS, one_at_a_time

from .warehouse import CLOCK, Project, Warehouse

Fill = Callable[[Warehouse], None]


@contextmanager
def at_home(side_by_side: bool = False) -> Iterator[pytest.MonkeyPatch]:
    """Work in the folder of the project, with the tests' clock and no settings.

    Unless `side_by_side`, DuckDB has one thread for each query: sharing out the
    few rows of a test takes it a third of its time.
    """
    connect = duckdb.connect

    def with_one_thread(*place: Any, config: Any = None, **more: Any) -> Any:
        return connect(*place, config={"threads": 1} | (config or {}), **more)

    with pytest.MonkeyPatch.context() as patch:
        if not side_by_side:
            patch.setattr(duckdb, "connect", with_one_thread)
        patch.chdir(PROJECT)
        for name in ("DBT_PROJECT_DIR", "DBT_PROFILES_DIR"):  # of an editable project
            patch.delenv(name, raising=False)
        patch.setenv(VARIABLE, CLOCK)
        for name in ("TARGET", "DB", "LAKE", "POSTGRES", "REPORTING_CURRENCY"):
            patch.setenv(f"WAREHOUSE_{name}", "")
        yield patch


@pytest.fixture(scope="session")
def project(
    tmp_path_factory: pytest.TempPathFactory,
    made_once: Path,
    parsed: Callable[..., Path],
    request: pytest.FixtureRequest,
) -> Callable[[str], Project]:
    """Return a giver of the project per engine, with a warehouse to start from.

    Processes side by side share the warehouse and what dbt made of the project.
    """

    def server(engine: str) -> str:
        is_one = engine == "postgres"
        return request.getfixturevalue("postgres_server") if is_one else ""

    def parse(engine: str, target: Path) -> Project:
        options = ("--log-level", "none", "--no-write-json")
        outcome = dbtRunner().invoke(["parse", *options, "--target-path", str(target)])
        assert outcome.success, outcome.exception
        return Project(engine, outcome.result, target, server=server(engine))

    @cache
    def give(engine: str) -> Project:
        # each process has a server of its own, and all use the files of one
        place = tmp_path_factory.mktemp("of_server") if server(engine) else made_once
        parts = place / f"parts_{engine}"
        target = tmp_path_factory.mktemp("target")
        with at_home() as patch, one_at_a_time(parts):
            patch.setenv("WAREHOUSE_TARGET", TARGETS[engine])
            if not (parts / "done").exists():
                parsed(parts / "target", engine)
                empty = Warehouse(parts / "template", parse(engine, parts / "target"))
                empty.run_all()
                empty.settle()
                (parts / "compiled").write_bytes(pickle.dumps(empty._compiled))
                (parts / "done").touch()
            shutil.copy(parts / "target" / "partial_parse.msgpack", target)
            made = parse(engine, target)
        compiled = pickle.loads((parts / "compiled").read_bytes())  # noqa: S301
        return replace(made, template=parts / "template", compiled=compiled)

    return give


@pytest.fixture(scope="session")
def filled_once(
    tmp_path_factory: pytest.TempPathFactory, project: Callable[[str], Project]
) -> Callable[[Fill, str, str], Project]:
    """Return a giver of the project with a warehouse that `fill` has filled.

    What several tests begin with is delivered and built for the first of them;
    each works on a copy.
    """

    @cache
    def give(fill: Fill, engine: str, domain: str) -> Project:
        template = tmp_path_factory.mktemp("filled") / "template"
        with at_home():
            warehouse = Warehouse(template, project(engine), domain)
            fill(warehouse)
            warehouse.settle()
        return replace(project(engine), template=template)

    return give


@pytest.fixture(scope="session")
def looked_at(
    tmp_path_factory: pytest.TempPathFactory,
    filled_once: Callable[[Fill, str, str], Project],
) -> Callable[[Fill, str, str], Warehouse]:
    """Return a giver of a warehouse that `fill` has filled, only to be looked at."""

    def give(fill: Fill, engine: str, domain: str = "crm") -> Warehouse:
        made = filled_once(fill, engine, domain)
        return Warehouse(tmp_path_factory.mktemp("built") / "w", made, domain)

    return give


@pytest.fixture
def engine() -> str:
    """Return the engine; modules that test both override this."""
    return "sqlite"


@pytest.fixture
def domain() -> str:
    """Return the domain whose models are built; modules of another override this."""
    return "crm"


@pytest.fixture
def new_warehouse(
    project: Callable[[str], Project],
    filled_once: Callable[[Fill, str, str], Project],
    engine: str,
    domain: str,
    tmp_path: Path,
) -> Iterator[Callable[..., Warehouse]]:
    """Return a maker of warehouses that are built and hold nothing yet.

    Or what `filled` puts into them, which is done once for all tests of a process.
    """
    made = 0

    def make(
        on: str = engine, domain: str = domain, filled: Fill | None = None
    ) -> Warehouse:
        nonlocal made
        made += 1
        begin = filled_once(filled, on, domain) if filled else project(on)
        return Warehouse(tmp_path / f"warehouse_{made}", begin, domain)

    with at_home():
        yield make


@pytest.fixture
def warehouse(new_warehouse: Callable[[], Warehouse]) -> Warehouse:
    """Return a warehouse that is built and holds nothing yet."""
    return new_warehouse()


@pytest.fixture
def own_systems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the systems that a user declares, still empty."""
    folder = tmp_path / "config" / "systems"
    folder.mkdir(parents=True)
    monkeypatch.setenv("WAREHOUSE_CONFIG", str(folder.parent))
    return folder


@pytest.fixture
def editable_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the project whose seeds a test may change."""
    project = tmp_path / "project"
    for name in (
        *("models", "macros", "dbt_packages", "seeds", "tests/generic", "analyses"),
    ):
        shutil.copytree(PROJECT / name, project / name)
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(PROJECT / name, project / name)
    monkeypatch.chdir(project)
    for name in ("DBT_PROJECT_DIR", "DBT_PROFILES_DIR"):
        monkeypatch.setenv(name, str(project))
    return project
