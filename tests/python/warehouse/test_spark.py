"""The same deliveries on SQLite and on a Spark cluster give the same marts.

Takes many minutes, and what requirements-dev.txt lacks: `make test-spark`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from scripts import spark
from scripts.ingest import IngestError, lock
from scripts.ingest.clock import VARIABLE
from scripts.settings import PROJECT, Settings
from scripts.warehouse import opened
from tests.python.conftest import settings_taken_back
from tools.generate.deliveries import deliveries
from tools.generate.files import write
from tools.spark import served

from .test_engines import Rows, first_difference, other_domains
from .warehouse import CLOCK, VOLATILE

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(bool(spark.lacking()), reason=f"needs {spark.lacking()}"),
]
MARTS = ("dim_", "fct_", "rpt_", "bridge_")
NOWHERE = "spark://127.0.0.1:9"
"""A cluster that is not there."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    with served() as url:
        yield url


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a delivery of each domain."""
    made = tmp_path_factory.mktemp("spark")
    (made / "inbox" / "crm").mkdir(parents=True)
    (first,) = deliveries(seed=1, count=1, scale=0.2)
    write(first, made / "inbox" / "crm")
    other_domains(made / "inbox")
    return made


def start(target: str, folder: Path, url: str) -> subprocess.Popen[str]:
    """Begin the main job on the inbox of a folder."""
    environment = {
        **os.environ,
        VARIABLE: CLOCK,
        "WAREHOUSE_SPARK": url,
        "WAREHOUSE_DATA": str(folder),
        "WAREHOUSE_DB": str(place(target, folder).database),
    }
    place_of_inbox = ("--inbox", str(folder / "inbox"))
    return subprocess.Popen(
        [sys.executable, "-m", "scripts.run", "--target", target, *place_of_inbox],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run(target: str, folder: Path, url: str = NOWHERE) -> str:
    """Do the main job; return what it prints."""
    done = start(target, folder, url)
    said, _ = done.communicate()
    assert done.returncode == 0, said[-3000:]
    assert "warning: page" not in said, said
    return said


def place(target: str, folder: Path) -> Settings:
    """The settings of a warehouse of the folder."""
    if target == "dev":
        return Settings("dev", folder, folder / "one.db")
    tables = str(folder / "one.tables")
    path, lake = folder / "one.spark", folder / "one.lake"
    return Settings("spark", folder, path, "spark", lake, tables=tables)


def marts(target: str, folder: Path) -> dict[str, Rows]:
    """All marts, as SQLite has their values; a killed run is a batch more."""
    found = {}
    with settings_taken_back(), opened(place(target, folder)) as warehouse:
        for name in warehouse.tables() | warehouse.views():
            if name in VOLATILE or not name.startswith(MARTS):
                continue
            columns, rows = warehouse.named_rows(f'select * from "{name}"', 1_000_000)
            found[name] = [
                {
                    column: _as_sqlite(value)
                    for column, value in sorted(zip(columns, row, strict=True))
                    if column != "batch_id"
                }
                for row in rows
            ]
    return found


def _as_sqlite(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value


def wait_for_java(database: Path) -> None:
    """Wait until the Java process of a killed run has ended, and its lock with it."""
    for _ in range(60):
        with suppress(IngestError), lock(database):
            return
        time.sleep(1)


def test_a_killed_run_and_another_give_what_sqlite_gives(
    cluster: str, folder: Path
) -> None:
    killed = start("spark", folder, cluster)
    for line in killed.stdout or ():
        if line.startswith("node ") and int(line.split()[1].replace(",", "")) > 60:
            break
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    wait_for_java(place("spark", folder).database)
    said = run("spark", folder, cluster)
    assert "Findings" in said and f"{folder}/report.html" in said
    run("dev", folder)
    one, other = (marts(target, folder) for target in ("dev", "spark"))
    assert first_difference(one, other) is None
    assert one["dim_contacts"] and one["fct_sales"] and one["dim_prospective_orgs"]


def test_nothing_new_needs_no_spark(folder: Path) -> None:
    said = run("spark", folder)
    assert "nothing is new" in said
    assert "Findings" in said and "dim_contacts" in said


def test_a_second_delivery_gives_what_sqlite_gives(folder: Path) -> None:
    """In one process, which keeps rows of small tables."""
    _, second = deliveries(seed=1, count=2, scale=0.2)
    write(second, folder / "inbox" / "crm")
    known = marts("dev", folder)["fct_opportunities"]
    for target in ("dev", "spark"):
        run(target, folder, "local[2]")
    one, other = (marts(target, folder) for target in ("dev", "spark"))
    assert first_difference(one, other) is None
    assert one["fct_opportunities"] != known
