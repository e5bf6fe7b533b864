"""kill -9 at any moment, then a rerun: the database equals a clean run's."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

from scripts.ingest import lake
from scripts.settings import PROJECT

from .conftest import Shop
from .lakeside import mirror

RUN = """
import sys
from pathlib import Path
from scripts.ingest import ingest, lake
if __name__ == "__main__":
    lake.PARALLEL_FROM = 0
    folder = Path(sys.argv[1])
    print("ready", flush=True)
    ingest(
        folder / "inbox", folder / sys.argv[2],
        lake=folder / "lake" if sys.argv[2] == "shop.duckdb" else None,
        archive_to=folder / "data", declarations=folder / "declarations",
    )
"""
RUNS = 2  # each killed twice; `make torture` kills more


def deliver(shop) -> None:
    for number in range(1, 4):
        lines = [f"{n},{n * number},note {n}" for n in range(4000)]
        lines[1000] = '"stray'
        shop.put(f"sales_{number}.csv", "id,amount,note\n" + "\n".join(lines) + "\n")
        records = [{"id": n, "odd": number} for n in range(3000)]
        shop.put(f"sales_{number}.json", json.dumps(records)[: 10 * -number])
    shop.put("sales_4.csv", "amount\n1\n")
    shop.put("other.csv", "id\n1\n")


def start(shop) -> subprocess.Popen:
    script = shop.folder / "run.py"  # other processes import it again
    script.write_text(RUN)
    process = subprocess.Popen(
        [sys.executable, str(script), str(shop.folder)]
        + ["shop.duckdb" if shop.lake else "shop.db"],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        env={
            **os.environ,
            "REVENUE_WAREHOUSE_NOW": "2024-05-01T00:00:00Z",
            "PYTHONPATH": str(PROJECT),
        },
    )
    process.stdout.readline()
    return process


def contents(shop) -> dict[str, list[tuple]]:
    """Every table but the batches; the numbers of batches are left out."""
    if shop.lake:
        mirror(shop.lake, shop.db)
    with closing(sqlite3.connect(shop.db)) as conn:
        names = "select name from sqlite_master where type = 'table' order by name"
        tables = {}
        for (table,) in conn.execute(names).fetchall():
            columns = [row[1] for row in conn.execute(f"pragma table_info({table})")]
            kept = [c for c in columns if c not in ("batch_id", "_batch_id")]
            rows = conn.execute(f"select {', '.join(kept)} from {table} order by 1")
            tables[table] = rows.fetchall()
        (whole,) = conn.execute("pragma integrity_check").fetchone()
        assert whole == "ok"
    del tables["ingest_batches"]
    tables["sqlite_sequence"] = [
        row for row in tables["sqlite_sequence"] if row[0] != "ingest_batches"
    ]
    return tables


def files_below(folder) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    """What a run that is not killed makes, by where it lands."""
    made = {}
    for is_lake in (False, True):
        folder = tmp_path_factory.mktemp("clean")
        shop = Shop(folder, folder / "lake" if is_lake else None)
        deliver(shop)
        began = time.monotonic()
        assert start(shop).wait() == 0
        took = time.monotonic() - began
        made[is_lake] = contents(shop), files_below(shop.data), took
    return made


@pytest.mark.long
@pytest.mark.parametrize("seed", range(RUNS))
def test_killed_and_run_again_equals_a_clean_run(shop, clean, seed):
    database, archived, took = clean[bool(shop.lake)]
    deliver(shop)
    moment = random.Random(seed)
    for _ in range(2):
        process = start(shop)
        time.sleep(moment.uniform(0, took))
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert start(shop).wait() == 0
    assert contents(shop) == database
    assert files_below(shop.data) == archived
    assert files_below(shop.inbox) == {}
    statuses = [s for (s,) in shop.query("select status from ingest_batches")]
    assert "running" not in statuses
    assert not list(shop.folder.glob("*.lock"))


def test_lake_equals_tables_however_it_is_written(tmp_path, monkeypatch):
    """In one process, in several, and as tables: the same rows and ledger."""
    monkeypatch.setenv("REVENUE_WAREHOUSE_NOW", "2024-05-01T00:00:00Z")
    found = []
    for place, parallel_from in (("tables", 0), ("lake", 0), ("lake", 1 << 40)):
        monkeypatch.setattr(lake, "PARALLEL_FROM", parallel_from)
        folder = tmp_path / str(len(found))
        shop = Shop(folder, folder / "lake" if place == "lake" else None)
        deliver(shop)
        shop.run()
        found.append(contents(shop))
    assert sum(len(rows) for rows in found[0].values()) > 20_000
    assert found[0] == found[1] == found[2]
