"""The same deliveries on SQLite and on a PostgreSQL server give the same warehouse."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet as pq
import pytest

psycopg2 = pytest.importorskip("psycopg2")

from scripts.explore.__main__ import copied as explored  # noqa: E402
from scripts.ingest import ingest  # noqa: E402
from scripts.ingest import postgres as loader  # noqa: E402
from scripts.ingest.clock import VARIABLE  # noqa: E402
from scripts.ingest.errors import IngestError  # noqa: E402
from scripts.settings import PROJECT, Settings  # noqa: E402
from scripts.share import pseudonyms  # noqa: E402
from scripts.share.__main__ import main as share  # noqa: E402
from scripts.warehouse import opened  # noqa: E402
from tools.generate.company.files import write as write_company  # noqa: E402
from tools.generate.company.truth import Company  # noqa: E402
from tools.generate.deliveries import deliveries  # noqa: E402
from tools.generate.files import write  # noqa: E402

from .test_engines import Rows, first_difference  # noqa: E402
from .warehouse import CLOCK, THOROUGH, VOLATILE, content, differences  # noqa: E402

TARGETS = {"dev": "sqlite", "postgres": "postgres"}
"""Those that are compared here, with their engines."""


@pytest.fixture
def at_server(postgres_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of a database on a server of our own, as the loader finds it."""
    monkeypatch.setenv(loader.VARIABLE, postgres_server)
    return postgres_server


def run(target: str, folder: Path, url: str, *options: str, **variables: str) -> None:
    """Run the main job on the inbox of a folder; its page has all of its charts."""
    inbox = ("--inbox", str(folder / "inbox"))
    said = called(target, folder, url, "run", *inbox, *options, **variables)
    assert "warning: page" not in said, said


def called(
    target: str,
    folder: Path,
    url: str,
    command: str,
    *options: str,
    codes: tuple[int, ...] = (0, 1),
    **variables: str,
) -> str:
    """Call a command; return what it prints. `codes` are those it may end with."""
    environment = {
        **os.environ,
        VARIABLE: CLOCK,
        loader.VARIABLE: url,
        "WAREHOUSE_DATA": str(folder / "data"),
        "WAREHOUSE_DB": str(place(target, folder)),
        **variables,
    }
    done = subprocess.run(
        [sys.executable, "-m", f"scripts.{command}", "--target", target, *options],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in codes, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout + done.stderr


def place(target: str, folder: Path) -> Path:
    """The file that is or stands for the database of a target."""
    return folder / ("one.db" if target == "dev" else f"one.{target}")


def of(target: str, folder: Path) -> Settings:
    engine = {"dev": "sqlite"}.get(target, target)
    lake = folder / "one.lake" if engine == "duckdb" else None
    return Settings(target, folder, place(target, folder), engine, lake)


def relations(target: str, folder: Path, url: str = "") -> dict[str, Rows]:
    """All tables and views but bronze, as SQLite has their values."""
    found = {}
    if url:
        os.environ[loader.VARIABLE] = url
    with opened(of(target, folder)) as warehouse:
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


@pytest.fixture(scope="module")
def built(
    postgres_server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A folder with a warehouse on each engine: a first delivery, then a second as a
    delta; if there is time, all anew. From the second on a reader is named."""
    folder = tmp_path_factory.mktemp("built")
    inbox = folder / "inbox"
    (inbox / "crm").mkdir(parents=True)
    with closing(psycopg2.connect(postgres_server, dbname="postgres")) as conn:
        conn.autocommit = True
        conn.cursor().execute("create role reader login")
    first, second = deliveries(seed=1, count=2, scale=0.3)
    for _ in write_company(Company(seed=1, scale=0.3), inbox):
        pass
    steps = [(first, (), ""), (second, (), "reader")]
    if THOROUGH:
        steps.append((second, ("--full-refresh",), "reader"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(loader.VARIABLE, postgres_server)
        for step, options, reader in steps:
            write(step, inbox / "crm")
            for target in TARGETS:
                run(target, folder, postgres_server, *options, WAREHOUSE_READER=reader)
            one, other = (relations(target, folder) for target in TARGETS)
            assert first_difference(one, other) is None
            if not reader:
                assert granted(folder) == set()
        yield folder


@pytest.mark.long
def test_both_give_the_same_cells(built: Path) -> None:
    one = relations("postgres", built)
    assert len(one["dim_contacts"]) > 100
    assert one["fct_orders"] and one["fct_row_errors"]


@pytest.mark.long
def test_keys_checks_descriptions_and_indexes_are_in_the_database(built: Path) -> None:
    with closing(loader.connect(place("postgres", built))) as conn:
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


@pytest.mark.long
def test_an_orphan_fails_each_run_until_it_is_gone(
    built: Path, postgres_server: str
) -> None:
    name = "fct_activities__contact_id__fkey"

    def ended(code: int) -> tuple[bool, dict[str, bool]]:
        """Whether a run names the key; which keys hold for all rows, after it."""
        words = ("dbt", "run", "--select", "dim_owners")
        said = called("postgres", built, postgres_server, *words, codes=(code,))
        with closing(loader.connect(place("postgres", built))) as conn:
            keys = conn.execute(
                "select conname, convalidated from pg_constraint where contype = 'f'"
            )
            return name in said, dict(keys.fetchall())

    with closing(loader.connect(place("postgres", built))) as conn:
        activity, contact = conn.execute(
            "select activity_id, contact_id from fct_activities"
            " where contact_id is not null order by activity_id limit 1"
        ).fetchone()
        conn.execute(f"alter table fct_activities drop constraint {name}")
        conn.execute(
            "update fct_activities set contact_id = 'x'"
            f" where activity_id = '{activity}'"
        )
    for _ in range(2):
        is_named, keys = ended(2)
        assert is_named and not keys[name]
    with closing(loader.connect(place("postgres", built))) as conn:
        conn.execute(
            f"update fct_activities set contact_id = '{contact}'"
            f" where activity_id = '{activity}'"
        )
    is_named, keys = ended(0)
    assert not is_named and all(keys.values()) and len(keys) > 50


def granted(folder: Path) -> set[str]:
    """What the reader may select from."""
    with closing(loader.connect_to_look(place("postgres", folder))) as conn:
        rows = conn.execute(
            "select relname from pg_class where relkind in ('r', 'v')"
            " and relnamespace = 'main'::regnamespace"
            " and has_table_privilege('reader', oid, 'select')"
        )
        return {name for (name,) in rows.fetchall()}


@pytest.mark.long
def test_a_reader_sees_the_marts_alone(built: Path, postgres_server: str) -> None:
    with opened(of("postgres", built)) as warehouse:
        there = warehouse.tables() | warehouse.views()
    marts = {n for n in there if n.startswith(("dim_", "fct_", "rpt_", "bridge_"))}
    assert len(marts) > 100
    assert granted(built) == marts
    # a table that is built anew, and the views of it that are made again with it
    named = ("--full-refresh", "--select", "dim_owners", "dim_dates")
    called("postgres", built, postgres_server, "dbt", "run", *named)
    assert granted(built) == marts
    with closing(psycopg2.connect(postgres_server, user="reader")) as conn:
        conn.autocommit = True
        cursor = conn.cursor()
        cursor.execute("select count(*) from main.rpt_company_winners")
        assert cursor.fetchone()[0] > 0
        for sql in (
            "select * from main.stg_crm__contacts",
            "select * from main.bronze_crm__contacts",
            "select * from main.ingest_files",
            "select * from main.int_contacts__current",
            "delete from main.dim_owners",
            "create table main.mine (x int)",
        ):
            with pytest.raises(psycopg2.Error, match="permission denied"):
                cursor.execute(sql)


@pytest.mark.long
def test_a_share_is_the_same(
    built: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    parsed: Callable[..., Path],
) -> None:
    """Cell by cell, with pseudonyms of one key; and explore's has nobody in it."""
    monkeypatch.setattr(pseudonyms.secrets, "token_bytes", bytes)
    monkeypatch.setenv("WAREHOUSE_DATA", str(tmp_path))
    monkeypatch.setenv("WAREHOUSE_LAKE", "")
    copies = []
    for target in TARGETS:
        copied_to = tmp_path / f"{target}.db"
        known = parsed(tmp_path / target, TARGETS[target])
        monkeypatch.setenv("DBT_TARGET_PATH", str(known))
        monkeypatch.setenv("DBT_LOG_PATH", str(known))
        database = ["--target", target, "--db", str(place(target, built))]
        assert share([*database, str(copied_to)]) == 0
        copies.append(content(copied_to))
    one, other = copies
    assert one.keys() == other.keys() and len(one) > 100
    assert differences(one, other) == []

    shown = explored(replace(of("postgres", built), data=tmp_path))
    assert shown.engine == "sqlite"
    text = shown.database.read_bytes()
    with opened(of("postgres", built)) as warehouse:
        rows = warehouse.rows("select email, last_name, phone_e164 from dim_contacts")
    values = {v for row in rows for v in row if v and len(v) > 6}
    assert len(values) > 50
    assert not [value for value in values if value.encode() in text]
    with closing(sqlite3.connect(shown.database)) as db:
        found = db.execute("select distinct currency_code from fct_opportunities")
        assert {"USD", "EUR"} <= {code for (code,) in found}
        assert db.execute("select count(*) from int_opportunities__stays").fetchone()[0]


@pytest.mark.long
def test_an_export_is_the_same(
    built: Path, postgres_server: str, tmp_path: Path
) -> None:
    found = {}
    for target in TARGETS:
        folder = tmp_path / target
        called(target, built, postgres_server, "export", str(folder))
        manifest = json.loads((folder / "manifest.json").read_text())
        found[target] = {
            f"{name}/{file['path']}": sorted(
                map(
                    repr,
                    pq.read_table(
                        folder / manifest["folder"] / name / file["path"],
                        partitioning=None,
                    ).to_pylist(),
                )
            )
            for name, facts in manifest["tables"].items()
            for file in facts["files"]
        }
    assert found["postgres"] == found["dev"]
    assert sum(map(len, found["dev"].values())) > 50


@pytest.mark.long
def test_rows_are_read_in_batches(built: Path) -> None:
    """And the server keeps the others: the driver would hold all of them."""
    with opened(of("postgres", built)) as warehouse:
        batches = warehouse.batches("select * from generate_series(1, 25)", 10)
        assert len(next(batches)) == 10
        assert warehouse.rows("select count(*) from pg_cursors") == [(1,)]
        assert [len(rows) for rows in batches] == [10, 5]
        assert warehouse.rows("select count(*) from pg_cursors") == [(0,)]


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "made", "said"),
    [
        ("plain", "lc_collate 'C' lc_ctype 'C'", "lc_ctype C,"),
        # which sorts a before B, whatever lc_collate is
        (
            "icu",
            "locale_provider icu icu_locale 'en' lc_collate 'C' lc_ctype 'C.UTF-8'",
            "lc_collate C of ICU",
        ),
        ("latin", "encoding 'LATIN1' lc_collate 'C' lc_ctype 'C'", "encoding LATIN1"),
    ],
)
def test_a_database_that_sorts_otherwise_is_refused(
    at_server: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    name: str,
    made: str,
    said: str,
) -> None:
    with closing(psycopg2.connect(at_server, dbname="postgres")) as conn:
        conn.autocommit = True
        conn.cursor().execute(f"create database {name} template template0 {made}")
    dsn = psycopg2.extensions.make_dsn(at_server, dbname=name)
    monkeypatch.setenv(loader.VARIABLE, dsn)
    with pytest.raises(IngestError, match=f"database {name} .*{said}.*UTF8"):
        loader.connect(tmp_path / "refused.postgres")
    assert not (tmp_path / "refused.postgres").exists()


@pytest.mark.long
def test_what_no_index_can_hold_is_rejected_by_record(
    at_server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """And free text, a repeated character and thousands of columns are not."""
    dsn = psycopg2.extensions.make_dsn(at_server, dbname="long")
    monkeypatch.setenv(loader.VARIABLE, dsn)
    noise = Random(1)
    texts = "".join(chr(noise.randrange(0x4E00, 0x9FFF)) for _ in range(9_000))
    rows = [
        {"id": "A1", "contact_id": "P1", "notes": texts},
        {"id": texts, "notes": "x"},
        {"id": "A3", "subject": "x" * 5_000_000},
        {"id": "x" * 50_000, "notes": "x"},
        {"id": "A5", "type": texts[:3_000]},
        {"id": "A6", "occurred_at": "infinity", "timestamp": "294277-01-01"},
        {"id": "A7", **{f"c{n}": "v" for n in range(3_000)}},
        {"id": "A8", "notes": "nul \0"},
        {"id": "A9", "notes": "lone \ud800"},
    ]
    inbox = tmp_path / "inbox"
    (inbox / "crm").mkdir(parents=True)
    (inbox / "crm" / "activities.json").write_text(json.dumps(rows))
    database = tmp_path / "long.postgres"
    ingest(inbox, database)
    with closing(loader.connect(database)) as conn:
        sql = "select record, reason from ingest_rejects order by record"
        rejects = dict(conn.execute(sql).fetchall())
        assert list(rejects) == [2, 5, 8, 9]
        assert rejects[2] == "id: 9,000 characters, too long for an index"
        assert rejects[5].startswith("type: 3,000 characters")
        sql = "select landed_count, rejected_count from ingest_files"
        assert conn.execute(sql).fetchone() == (5, 4)
        sql = "select _row_id, id from bronze_crm__activities order by 1"
        kept = conn.execute(sql).fetchall()
        assert kept == list(enumerate(["A1", "A3", "x" * 50_000, "A6", "A7"], start=1))


@pytest.mark.long
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


@pytest.mark.long
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
