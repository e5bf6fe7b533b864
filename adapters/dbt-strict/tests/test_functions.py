"""SQL functions of a session."""

from __future__ import annotations

import gc
import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import closing

import pytest
from dbt.adapters.sqlite_strict import functions
from dbt.adapters.sqlite_strict.functions import Database

LETTERS = "(with g as (select trim(_1) as v) select v in ('a', 'b', 'c', 'd') from g)"


@pytest.fixture
def database() -> Iterator[Database]:
    with closing(sqlite3.connect(":memory:", factory=Database)) as opened:
        opened.execute("create table given (a, b)")
        rows = [(" a ", 1), (None, 2), ("x", None), (3, "ß"), ("a", 1.5), ("", b"\0")]
        opened.executemany("insert into given values (?, ?)", rows)
        yield opened


def test_a_function_is_its_expression_for_each_row(database):
    database.define_sql_function("is_letter", 1, LETTERS)
    database.define_sql_function("both", 2, "upper(_1) || coalesce(_2, '-')")
    assert database.execute(
        "select is_letter(a), both(a, b) from given where b is not x'00'"
    ).fetchall() == [
        (1, " A 1"), (None, None), (0, "X-"), (0, "3ß"), (1, "A1.5"),
    ]  # fmt: skip


def test_a_function_may_have_no_arguments_and_call_others(database):
    database.define_sql_function("one", 0, "1")
    database.define_sql_function("two", 1, "one() + one() + _1")
    assert database.execute("select two(5), two(two(1)), two(null)").fetchall() == [
        (7, 5, None)
    ]
    assert [f.name for f in database.sql_functions_behind("select two(1)")] == [
        "one",
        "two",
    ]


def test_values_keep_their_types(database):
    database.define_sql_function("same", 1, "_1")
    assert database.execute("select typeof(same(b)) from given").fetchall() == [
        ("integer",), ("integer",), ("null",), ("text",), ("real",), ("blob",),
    ]  # fmt: skip


def test_tables_are_looked_up(database, monkeypatch):
    """A small one in a copy, with its index; others where they are."""
    database.execute("create table seed (code text, label text, unique (code))")
    database.execute("insert into seed values ('x', 'first')")
    database.execute("create view shown as select * from seed")
    look_up = "(select label from {} where code = _1)"
    database.define_sql_function("of_seed", 1, look_up.format("main.seed"))
    database.define_sql_function("of_view", 1, look_up.format("shown"))
    monkeypatch.setattr(functions, "_LOOKED_UP", 0)
    database.execute("create table large as select * from seed")
    database.define_sql_function("of_large", 1, look_up.format("large"))
    asked = "select of_seed(a), of_view(a), of_large(a) from given where a = 'x'"
    assert database.execute(asked).fetchall() == [("first", "first", "first")]
    for table in ("seed", "large"):
        database.execute(f"update {table} set label = 'second'")
    assert database.execute(asked).fetchall() == [("first", "first", "first")]
    database.forget_results()
    assert database.execute(asked).fetchall() == [("first", "second", "second")]


def test_tables_can_be_dropped_after_a_call(database):
    """No query that computes a function stays open on the database itself."""
    database.define_sql_function("is_letter", 1, LETTERS)
    database.execute("create table made as select is_letter(a) as x from given")
    database.execute("drop table made")
    database.execute("drop table given")
    database.rollback()


def test_an_error_ends_one_call(database):
    database.define_sql_function("halved", 1, "abs(_1)")
    with pytest.raises(sqlite3.OperationalError):  # it has no positive number
        database.execute("select halved(-9223372036854775808)").fetchall()
    assert database.execute("select halved(-4)").fetchall() == [(4,)]


def test_a_connection_that_nobody_holds_is_closed():
    """A worker of dbt ends without a word to its connection."""
    opened = sqlite3.connect(":memory:", factory=Database)
    opened.execute("create table large as select 1 as x")
    opened.execute("create view shown as select * from large")
    opened.define_sql_function("is_letter", 1, LETTERS)
    opened.define_sql_function("of_view", 1, "(select x from shown where x = _1)")
    asked = "select is_letter('a'), of_view(1)"
    assert opened.execute(asked).fetchall() == [(1, 1)]
    seen, beside = weakref.ref(opened), weakref.ref(opened.beside)
    del opened
    gc.collect()
    assert seen() is None
    assert beside() is None


def test_what_is_no_sql_is_refused(database):
    for wrong in ("(select x from absent)", "1 +", "_2", "unknown_function(_1)"):
        with pytest.raises(sqlite3.OperationalError):
            database.define_sql_function("wrong", 1, wrong)
    assert not database.has_sql_function("wrong")
