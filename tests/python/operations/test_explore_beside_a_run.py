"""What explore has open stays readable, and is up to date, while a run writes."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from urllib.request import urlopen

import pytest

from scripts import settings
from scripts.explore.sight import Sight
from tools import screenshots

RUN = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("update dim_companies set company_name = ?", [sys.argv[2]])
db.commit()
db.execute("vacuum")
db.close()
"""


def test_it_reads_what_a_run_has_written(morning, tmp_path, monkeypatch):
    """The log of a database goes with its last connection, but not while there are
    readers: whose locks end if their process closes a file of it."""
    database = tmp_path / "warehouse.db"
    morning.query("vacuum into ?", str(database))
    with closing(sqlite3.connect(database)) as db:
        db.execute("pragma journal_mode = wal")
    monkeypatch.setenv("WAREHOUSE_PERSONAL", "shown")
    names = "/warehouse.csv?sql=select+distinct+company_name+from+dim_companies"
    pages = ("/warehouse/dim_companies", "/-/dashboards/pipeline", "/review")
    with screenshots.served(settings.load(None, database)) as address:
        for name in ("first", "second", "third"):
            for page in (*pages, "/findings/files", "/warehouse/fct_activities"):
                urlopen(address + page).close()  # noqa: S310 (our own)
            command = [sys.executable, "-c", RUN, str(database), name]
            subprocess.run(command, check=True)
            with urlopen(address + names) as answer:  # noqa: S310 (our own)
                assert answer.read().decode().split() == ["company_name", name]


def test_it_reads_a_copy_that_takes_its_place(morning, tmp_path, monkeypatch):
    """Such as one that was kept of yesterday: on each of its connections."""
    database, other = tmp_path / "warehouse.db", tmp_path / "other.db"
    morning.query("vacuum into ?", str(database))
    shutil.copy(database, other)
    subprocess.run([sys.executable, "-c", RUN, str(other), "another"], check=True)
    monkeypatch.setenv("WAREHOUSE_PERSONAL", "shown")
    names = "/warehouse.csv?sql=select+distinct+company_name+from+dim_companies"
    with screenshots.served(settings.load(None, database)) as address:
        for _ in range(6):
            urlopen(f"{address}/warehouse/dim_companies").close()  # noqa: S310
        other.replace(database)
        for _ in range(6):
            with urlopen(address + names) as answer:  # noqa: S310 (our own)
                assert answer.read().decode().split() == ["company_name", "another"]


def test_what_is_hidden_is_asked_of_the_copy(tmp_path):
    database, other = tmp_path / "a.db", tmp_path / "b.db"
    for path, value in ((database, 1), (other, "Ann")):
        with closing(sqlite3.connect(path)) as db:
            db.execute("create table bronze_crm__deals (notes)")
            db.execute("insert into bronze_crm__deals values (?)", [value])
            db.commit()
    sight = Sight(database, {})
    assert not sight.hides("bronze_crm__deals", "notes")
    state = database.stat()
    other.replace(database)
    os.utime(database, ns=(state.st_atime_ns, state.st_mtime_ns))  # as a copy keeps it
    assert sight.hides("bronze_crm__deals", "notes")


@pytest.mark.parametrize("page", ["/-/dashboards", "/-/dashboards/pipeline"])
def test_a_warehouse_that_cannot_be_read_is_named_without_its_folder(
    morning, tmp_path, page
):
    database = tmp_path / "warehouse.db"
    morning.query("vacuum into ?", str(database))
    with screenshots.served(settings.load(None, database)) as address:
        database.write_bytes(b"no database")
        with urlopen(address + page) as answer:  # noqa: S310 (our own)
            text = answer.read().decode()
    assert "warehouse.db: file is not a database" in text
    assert str(tmp_path) not in text
