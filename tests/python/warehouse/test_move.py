"""A warehouse that was moved holds what it held, on whatever engine."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from psycopg2.extensions import make_dsn

from scripts.alerts.told import Told
from scripts.ingest import ingest
from scripts.ingest.clock import VARIABLE as CLOCK_VARIABLE
from scripts.ingest.postgres import VARIABLE, Connection
from scripts.move.copy import MoveError, move
from scripts.settings import PROJECT, Settings
from tools.generate.deliveries import deliveries
from tools.generate.files import write

from . import hostile_files
from .test_engines import first_difference
from .test_postgres import place as database
from .test_postgres import relations, run
from .warehouse import CLOCK

TARGETS = {
    "sqlite": "dev",
    "duckdb": "duckdb",
    "postgres": "postgres",
    "spark": "spark",
}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Every hostile value, a second delivery with another header, and an alert."""
    chosen = place(tmp_path_factory.mktemp("source"), "sqlite")
    inbox = chosen.data / "inbox"
    hostile_files.deliver(SimpleNamespace(inbox=inbox))  # type: ignore[arg-type]
    (inbox / "crm" / "bad.csv").write_text("a,b\n1,2\n")
    ingest(inbox, chosen.database)
    (inbox / "crm" / "companies_2.csv").write_text("id,name,colour\nC1,Ann,red\n")
    ingest(inbox, chosen.database)
    with closing(sqlite3.connect(chosen.database, isolation_level=None)) as conn:
        Told(conn, "json://example.com").remember([SimpleNamespace(key="f")])  # type: ignore[list-item]
        # the newest one is gone: its number is never issued again
        conn.execute("update sqlite_sequence set seq = seq + 1")
    return chosen


def place(folder: Path, engine: str, url: str = "") -> Settings:
    folder.mkdir(exist_ok=True)
    suffix = {"sqlite": "db"}.get(engine, engine)
    lake = folder / "moved.lake" if engine in ("duckdb", "spark") else None
    database = folder / f"moved.{suffix}"
    return Settings(TARGETS[engine], folder, database, engine, lake, url)


def content(database: Path) -> dict[str, list[Any]]:
    """The columns and rows of every table of an SQLite file."""
    found = {}
    with closing(sqlite3.connect(database)) as db:
        names = "select name from sqlite_master where type = 'table'"
        for (name,) in db.execute(names).fetchall():
            rows = db.execute(f'select * from "{name}" order by 1, 2')
            found[name] = [[c[0] for c in rows.description], *rows]
    return found


@pytest.mark.parametrize(
    "way",
    [
        ("duckdb", "sqlite"),
        ("spark", "sqlite"),
        pytest.param(("postgres", "sqlite"), marks=pytest.mark.long),
        pytest.param(("postgres", "duckdb", "sqlite"), marks=pytest.mark.long),
    ],
)
def test_what_was_moved_there_and_back_is_the_same(
    source: Settings,
    way: tuple[str, ...],
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = ""
    if "postgres" in way:
        server = request.getfixturevalue("postgres_server")
        url = str(make_dsn(server, dbname=f"moved_{len(way)}"))
        monkeypatch.setenv(VARIABLE, url)
    before, here = content(source.database), source
    for number, engine in enumerate(way):
        there = place(tmp_path / str(number), engine, url * (engine == "postgres"))
        counts = move(here, there)
        assert counts["bronze_crm__companies"] > 100
        with pytest.raises(MoveError, match="name a database that is new"):
            move(here, there)
        here = there
    after = content(here.database)
    assert after.keys() == before.keys()
    for name, rows in before.items():
        assert after[name] == rows, name
    assert content(source.database) == before


@pytest.mark.long
def test_what_a_server_cannot_index_is_named(
    postgres_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = str(make_dsn(postgres_server, dbname="unmoved"))
    monkeypatch.setenv(VARIABLE, url)
    here = place(tmp_path / "here", "sqlite")
    noise = "".join(map(chr, Random(1).sample(range(0x4E00, 0x9FFF), 3_000)))
    (tmp_path / "inbox" / "crm").mkdir(parents=True)
    lines = f"id,name,domain\nC1,Ann,a.example\nC2,{noise},b.example\n"
    (tmp_path / "inbox" / "crm" / "companies.csv").write_text(lines, "utf-8")
    ingest(tmp_path / "inbox", here.database)
    there = place(tmp_path / "there", "postgres", url)
    with pytest.raises(MoveError, match=r"companies, row 2: name: 3,000 characters"):
        move(here, there)
    with closing(Connection(url)) as conn:
        sql = "select count(*) from pg_class where relname = 'ingest_files'"
        assert conn.execute(sql).fetchone() == (0,)


def test_a_move_to_itself_is_refused(source: Settings) -> None:
    with pytest.raises(MoveError, match="to itself"):
        move(source, source)


STOPPED = """
import os, sys
from pathlib import Path
from scripts.move import copy
from scripts.settings import Settings
from tests.python.warehouse.test_move import place
for kind in (copy._File, copy._Server, copy._Lake):
    def stopped(self, table, columns, rows, add=kind.add_bronze):
        add(self, table, columns, rows)
        if table.name == "companies":
            os._exit(9)
    kind.add_bronze = stopped
source, folder, engine, url = sys.argv[1:]
copy.move(place(Path(source), "sqlite"), place(Path(folder), engine, url))
"""


@pytest.mark.long
@pytest.mark.parametrize("engine", ["sqlite", "duckdb", "postgres"])
def test_a_killed_move_leaves_nothing(
    source: Settings,
    engine: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = ""
    if engine == "postgres":
        server = request.getfixturevalue("postgres_server")
        url = str(make_dsn(server, dbname="stopped"))
        monkeypatch.setenv(VARIABLE, url)
    before = content(source.database)
    command = [sys.executable, "-c", STOPPED, source.data, tmp_path, engine, url]
    done = subprocess.run(
        [*map(str, command)], cwd=PROJECT, env=dict(os.environ), check=False
    )
    assert done.returncode == 9
    assert content(source.database) == before
    there = place(tmp_path, engine, url)
    assert engine == "postgres" or not there.database.exists()
    assert not (there.lake and there.lake.exists())
    if engine == "postgres":
        with closing(Connection(url)) as conn:
            sql = "select count(*) from pg_class where relkind = 'r'"
            sql += " and relnamespace = 'main'::regnamespace"
            assert conn.execute(sql).fetchone() == (0,)
    move(source, there)  # and then it works
    assert json.dumps(sorted(p.name for p in tmp_path.iterdir())).count("draft") == 0


@pytest.mark.long
def test_the_marts_are_equal_after_a_move(postgres_server: str, tmp_path: Path) -> None:
    """By the command, with its build; and what comes next lands as if nothing was."""
    url = str(make_dsn(postgres_server, dbname="marts"))
    inbox = tmp_path / "inbox"
    first, second = deliveries(seed=1, count=2, scale=0.2)
    write(first, inbox / "crm")
    run("dev", tmp_path, url)
    for target in ("postgres", "duckdb"):
        environment = {
            **os.environ,
            CLOCK_VARIABLE: CLOCK,
            VARIABLE: url,
            "WAREHOUSE_DATA": str(tmp_path / "data"),
            "WAREHOUSE_DB": "",
            "WAREHOUSE_LAKE": "",
            "WAREHOUSE_TARGET": "",
        }
        command = [sys.executable, "-m", "scripts.move", "--from", "dev"]
        command += ["--from-db", str(database("dev", tmp_path)), "--to", target]
        command += ["--to-db", str(database(target, tmp_path))]
        subprocess.run(command, cwd=PROJECT, env=environment, check=True)
    write(second, inbox / "crm")
    for step in ("moved", "later"):
        one = relations("dev", tmp_path)
        for target in ("postgres", "duckdb"):
            assert first_difference(one, relations(target, tmp_path, url)) is None
        assert len(one["dim_contacts"]) > 50
        if step == "moved":
            for target in ("dev", "postgres", "duckdb"):
                run(target, tmp_path, url)
