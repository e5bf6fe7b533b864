"""Warehouses for tests; the project is parsed once for all of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from dbt.cli.main import dbtRunner

from scripts.ingest.clock import VARIABLE
from scripts.settings import PROJECT

from .warehouse import CLOCK, Warehouse


@pytest.fixture(scope="session")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    """Return the parsed project and the folder for what dbt writes."""
    target = tmp_path_factory.mktemp("target")
    before = Path.cwd()
    os.chdir(PROJECT)
    try:
        outcome = dbtRunner().invoke(
            ["parse", "--log-level", "none", "--target-path", str(target)]
        )
    finally:
        os.chdir(before)
    assert outcome.success, outcome.exception
    return outcome.result, target


@pytest.fixture(scope="session")
def template(
    parsed: tuple[Any, Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return a warehouse built with nothing delivered, to start from."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(PROJECT)
        patch.setenv(VARIABLE, CLOCK)
        patch.setenv("WAREHOUSE_DB", "")
        empty = Warehouse(tmp_path_factory.mktemp("template"), *parsed)
        empty.run_all()
        empty.query("pragma wal_checkpoint(truncate)")
    return empty.database


@pytest.fixture
def new_warehouse(
    parsed: tuple[Any, Path],
    template: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[[], Warehouse]]:
    """Return a maker of warehouses that are built and hold nothing yet."""
    monkeypatch.chdir(PROJECT)
    monkeypatch.setenv(VARIABLE, CLOCK)
    monkeypatch.setenv("WAREHOUSE_DB", "")
    made = 0

    def make() -> Warehouse:
        nonlocal made
        made += 1
        return Warehouse(tmp_path / f"warehouse_{made}", *parsed, template)

    yield make


@pytest.fixture
def warehouse(new_warehouse: Callable[[], Warehouse]) -> Warehouse:
    """Return a warehouse that is built and holds nothing yet."""
    return new_warehouse()
