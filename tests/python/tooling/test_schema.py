"""The DDL script: run on an empty database it gives the same schema."""

import sqlite3
from contextlib import closing

import pytest

from scripts.dbt import main as dbt
from scripts.schema import main

MADE = """
create table parents (
    parent_id text not null primary key  -- a comment stays
) strict;
create view summary as select count(*) as rows_counted from children;
create table "odd ""name" (a, b);
create view commented as select 1 as one -- the last word
;
create table children (
    child_id text not null primary key,
    parent_id text references parents (parent_id),
    share real check (share between 0 and 1)
) strict;
create unique index children__share on children (share);
create table counted (id integer primary key autoincrement);
insert into counted values (7);
"""


def schema(path):
    with sqlite3.connect(path) as db:
        return db.execute(
            "select type, name, tbl_name, sql from sqlite_master order by type, name"
        ).fetchall()


@pytest.fixture
def warehouse(tmp_path):
    path = tmp_path / "what? a #1 warehouse.db"
    with sqlite3.connect(path) as db:
        db.executescript(MADE)
    return path


def test_the_script_makes_the_same_schema(tmp_path, warehouse):
    script, copy = tmp_path / "new" / "schema.sql", tmp_path / "copy.db"
    assert main([str(script), "--db", str(warehouse)]) == 0
    with sqlite3.connect(copy) as db:
        db.executescript(script.read_text())
        assert db.execute("select * from counted").fetchall() == []
    assert schema(copy) == schema(warehouse)


def test_a_missing_database_is_one_line_and_not_made(tmp_path, capsys):
    missing = tmp_path / "none.db"
    assert main([str(tmp_path / "schema.sql"), "--db", str(missing)]) == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert str(missing) in line
    assert not missing.exists()


def test_who_reads_leaves_nothing_beside_the_database(tmp_path, warehouse):
    with closing(sqlite3.connect(warehouse)) as db:
        db.execute("pragma journal_mode = wal")
    before = {path.name for path in tmp_path.iterdir()}
    assert main([str(tmp_path / "schema.sql"), "--db", str(warehouse)]) == 0
    assert {path.name for path in tmp_path.iterdir()} == {*before, "schema.sql"}


@pytest.mark.parametrize(
    "words", ["docs generate", "compile", "show --inline x", "test", "source freshness"]
)
def test_dbt_asks_no_database_that_is_not_there(tmp_path, capsys, words):
    missing = tmp_path / "none.db"
    assert dbt(["--db", str(missing), *words.split()]) == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert line == f"dbt: {missing} does not exist; make run makes it"
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_no_database_is_one_line(tmp_path, capsys):
    other = tmp_path / "other.db"
    other.write_text("no database at all, but long enough to have a header" * 9)
    assert main([str(tmp_path / "schema.sql"), "--db", str(other)]) == 3
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_an_unknown_target_is_a_usage_error(tmp_path, capsys):
    assert main([str(tmp_path / "schema.sql"), "--target", "live"]) == 2
    assert "dev, qa, prod" in capsys.readouterr().err
