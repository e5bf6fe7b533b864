"""Warehouses for tests; per engine the project is parsed and built once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from dbt.cli.main import dbtRunner

from scripts.ingest.clock import VARIABLE
from scripts.settings import PROJECT
from tests.python.conftest import one_at_a_time

from .warehouse import CLOCK, Project, Warehouse

TARGETS = {"sqlite": "dev", "duckdb": "duckdb"}


@pytest.fixture(scope="session")
def project(
    tmp_path_factory: pytest.TempPathFactory,
    made_once: Path,
    parsed: Callable[[Path], Path],
) -> Callable[[str], Project]:
    """Return a giver of the project per engine, with a warehouse to start from.

    Processes that test side by side share the warehouse and what dbt parsed.
    """

    def parse(engine: str, target: Path) -> Project:
        outcome = dbtRunner().invoke(
            ["parse", "--log-level", "none", "--target-path", str(target)]
        )
        assert outcome.success, outcome.exception
        return Project(engine, outcome.result, target)

    @cache
    def give(engine: str) -> Project:
        parts = made_once / f"parts_{engine}"
        target = tmp_path_factory.mktemp("target")
        with pytest.MonkeyPatch.context() as patch, one_at_a_time(parts):
            patch.chdir(PROJECT)
            patch.setenv(VARIABLE, CLOCK)
            patch.setenv("WAREHOUSE_TARGET", TARGETS[engine])
            for name in ("WAREHOUSE_DB", "WAREHOUSE_LAKE"):
                patch.setenv(name, "")
            if not (parts / "done").exists():
                if engine == "sqlite":
                    parsed(parts / "target")
                empty = Warehouse(parts / "template", parse(engine, parts / "target"))
                empty.run_all()
                empty.query("select 1")  # opened and closed: no log is left
                (parts / "done").touch()
            shutil.copy(parts / "target" / "partial_parse.msgpack", target)
            made = parse(engine, target)
        return replace(made, template=parts / "template")

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
    engine: str,
    domain: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Warehouse]:
    """Return a maker of warehouses that are built and hold nothing yet."""
    monkeypatch.chdir(PROJECT)
    monkeypatch.setenv(VARIABLE, CLOCK)
    for name in ("WAREHOUSE_TARGET", "WAREHOUSE_DB", "WAREHOUSE_LAKE"):
        monkeypatch.setenv(name, "")
    made = 0

    def make(on: str = engine, domain: str = domain) -> Warehouse:
        nonlocal made
        made += 1
        return Warehouse(tmp_path / f"warehouse_{made}", project(on), domain)

    return make


@pytest.fixture
def warehouse(new_warehouse: Callable[[], Warehouse]) -> Warehouse:
    """Return a warehouse that is built and holds nothing yet."""
    return new_warehouse()


@pytest.fixture
def editable_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the project whose seeds a test may change."""
    project = tmp_path / "project"
    for name in ("models", "macros", "seeds", "tests/generic", "analyses"):
        shutil.copytree(PROJECT / name, project / name)
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(PROJECT / name, project / name)
    monkeypatch.chdir(project)
    for name in ("DBT_PROJECT_DIR", "DBT_PROFILES_DIR"):
        monkeypatch.setenv(name, str(project))
    return project
