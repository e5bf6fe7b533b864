"""What explore has open stays readable, and is up to date, while a run writes."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from urllib.request import urlopen

from scripts import settings
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
