"""The same deliveries on SQLite and on a PostgreSQL server give the same warehouse."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

psycopg2 = pytest.importorskip("psycopg2")

from scripts.ingest import postgres as loader  # noqa: E402
from scripts.ingest.clock import VARIABLE  # noqa: E402
from scripts.ingest.errors import IngestError  # noqa: E402
from scripts.settings import PROJECT, Settings  # noqa: E402
from scripts.warehouse import opened  # noqa: E402
from tools.generate.company.files import write as write_company  # noqa: E402
from tools.generate.company.truth import Company  # noqa: E402
from tools.generate.deliveries import deliveries  # noqa: E402
from tools.generate.files import write  # noqa: E402

from .test_engines import Rows, first_difference  # noqa: E402
from .warehouse import CLOCK, THOROUGH, VOLATILE  # noqa: E402

TARGETS = {"dev": "sqlite", "postgres": "postgres"}


@pytest.fixture
def at_server(postgres_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of a database on a server of our own, as the loader finds it."""
    monkeypatch.setenv(loader.VARIABLE, postgres_server)
    return postgres_server


def run(target: str, folder: Path, url: str, *options: str) -> None:
    """Run the main job on the inbox of a folder."""
    environment = {
        **os.environ,
        VARIABLE: CLOCK,
        loader.VARIABLE: url,
        "WAREHOUSE_DATA": str(folder / "data"),
        "WAREHOUSE_DB": str(place(target, folder)),
    }
    done = subprocess.run(
        [sys.executable, "-m", "scripts.run", "--target", target]
        + ["--inbox", str(folder / "inbox"), *options],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr[-3000:]


def place(target: str, folder: Path) -> Path:
    """The file that is or stands for the database of a target."""
    return folder / ("one.db" if target == "dev" else "one.postgres")


def relations(target: str, folder: Path) -> dict[str, Rows]:
    """All tables and views but bronze, as SQLite has their values."""
    chosen = Settings(target, folder, place(target, folder), TARGETS[target])
    found = {}
    with opened(chosen) as warehouse:
        for name in warehouse.tables() | warehouse.views():
            if name in VOLATILE or name.startswith(("_", "bronze_", "sqlite_")):
                continue
            columns, rows = warehouse.named_rows(f'select * from "{name}"', 1_000_000)
            found[name] = [
                dict(zip(columns, map(_as_sqlite, row), strict=True)) for row in rows
            ]
    return found


def _as_sqlite(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value


def test_both_give_the_same_cells(at_server: str, tmp_path: Path) -> None:
    """A first delivery, then a second as a delta; if there is time, all anew."""
    inbox = tmp_path / "inbox"
    (inbox / "crm").mkdir(parents=True)
    first, second = deliveries(seed=1, count=2, scale=0.3)
    for _ in write_company(Company(seed=1, scale=0.3), inbox):
        pass
    steps = [(first, ()), (second, ())]
    if THOROUGH:
        steps.append((second, ("--full-refresh",)))
    for step, options in steps:
        write(step, inbox / "crm")
        for target in TARGETS:
            run(target, tmp_path, at_server, *options)
        one, other = (relations(target, tmp_path) for target in TARGETS)
        assert first_difference(one, other) is None
    assert len(one["dim_contacts"]) > 100
    assert one["fct_orders"] and one["fct_row_errors"]
    holds_its_promises(tmp_path)


def holds_its_promises(folder: Path) -> None:
    """Keys, checks, descriptions and indexes are in the database itself."""
    with closing(loader.connect(place("postgres", folder))) as conn:
        counts = dict(
            conn.execute(
                "select contype::text, count(*) from pg_constraint"
                " where connamespace = 'main'::regnamespace group by 1"
            ).fetchall()
        )
        assert counts["f"] > 50 and counts["p"] > 50 and counts["c"] > 50
        sql = "select count(*) from pg_constraint where conname like '%\\_\\_new%'"
        assert conn.execute(sql).fetchone() == (0,)
        said = "select obj_description('dim_contacts'::regclass, 'pg_class')"
        assert conn.execute(said).fetchone()[0]
        with pytest.raises(Exception, match="foreign key"):
            conn.execute("update fct_activities set contact_id = 'nobody'")


def test_a_database_that_sorts_otherwise_is_refused(
    at_server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with closing(psycopg2.connect(at_server, dbname="postgres")) as conn:
        conn.autocommit = True
        conn.cursor().execute(
            "create database plain template template0 lc_collate 'C' lc_ctype 'C'"
        )
    dsn = psycopg2.extensions.make_dsn(at_server, dbname="plain")
    monkeypatch.setenv(loader.VARIABLE, dsn)
    with pytest.raises(IngestError, match=r"database plain .* lc_ctype C, .*UTF8"):
        loader.connect(tmp_path / "plain.postgres")
    assert not (tmp_path / "plain.postgres").exists()


def test_runs_of_two_machines_exclude_each_other(
    at_server: str, tmp_path: Path
) -> None:
    one, other = tmp_path / "a.postgres", tmp_path / "b.postgres"
    with (
        loader.locked(one),
        pytest.raises(IngestError, match="another machine"),
        loader.locked(other),
    ):
        pass
    with loader.locked(other):
        pass


def test_a_killed_ingestion_lands_a_file_once(
    at_server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dsn = psycopg2.extensions.make_dsn(at_server, dbname="killed")
    monkeypatch.setenv(loader.VARIABLE, dsn)
    records, database = 200_000, tmp_path / "killed.postgres"
    (tmp_path / "inbox/crm").mkdir(parents=True)
    lines = "".join(f"C{n},Firm {n},f{n}.example\n" for n in range(records))
    (tmp_path / "inbox/crm/companies.csv").write_text("id,name,domain\n" + lines)
    command = [sys.executable, "-m", "scripts.ingest", "--target", "postgres"]
    command += ["--inbox", str(tmp_path / "inbox"), "--db", str(database)]
    copying = (
        "select count(*) from pg_stat_progress_copy"
        " where tuples_processed > 0 and datname = 'killed'"
    )
    with closing(loader.connect(database)) as conn:
        process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.DEVNULL)
        while not conn.execute(copying).fetchone()[0]:
            assert process.poll() is None, "it ended before it was killed"
        process.kill()
        process.wait()
        landed = "select count(*) from ingest_files where status = 'landed'"
        rows = "select count(*), count(distinct _row_id) from bronze_crm__companies"
        assert conn.execute(landed).fetchone() == (0,)
        assert conn.execute(rows).fetchone() == (0, 0)
        for _ in range(2):
            subprocess.run(command, cwd=PROJECT, stdout=subprocess.DEVNULL, check=True)
            assert conn.execute(landed).fetchone() == (1,)
            assert conn.execute(rows).fetchone() == (records, records)
        assert conn.execute("select max(file_id) from ingest_files").fetchone() == (1,)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["a", None, ""], "a\t\\N\t\n"),
        (["\\N", "x\ty"], "\\\\N\tx\\ty\n"),
        (["a\nb\r", "\0c"], "a\\nb\\r\tc\n"),
    ],
)
def test_a_line_is_as_copy_has_it(values: list[str | None], expected: str) -> None:
    assert loader.line(values) == expected


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select '?%' where a is ?", "select '?%%' where a is not distinct from %s"),
        ("b is not ? or x = :name", "b is distinct from %s or x = %(name)s"),
        ("select a::text from b where instr(a, ?) > 0",
         "select a::text from b where strpos(a, %s) > 0"),
        ("begin immediate", "begin"),
    ],
)  # fmt: skip
def test_statements_are_translated(sql: str, expected: str) -> None:
    assert loader.translated(sql) == expected
