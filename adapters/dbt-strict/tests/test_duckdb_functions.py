"""SQL functions of a session on DuckDB: subqueries become lambda functions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.importorskip("duckdb", reason="needs requirements-duckdb.txt")

import duckdb
from dbt.adapters.duckdb_strict.functions import Functions, Known
from dbt.adapters.duckdb_strict.lambdas import has_subquery, with_lambdas

TRIMMED = "(with g as (select trim(_1) as v) select v || _2 from g where v <> '')"
SHARED = """(
    with given as (select _1 as a, _2 as b),
    sides as (select a as v from given union all select b from given)
    select max(v) from sides where v ~ '[a-z]' and not regexp_matches(v, 'y')
)"""
VALUES = [("a", "b"), (" a ", "-"), ("", "b"), ("xy", "c"), ("ab", "q"), (None, "z")]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute("create table rows_of (n integer, a text, b text)")
        rows = [(n, a, b) for n, (a, b) in enumerate(VALUES)]
        opened.executemany("insert into rows_of values (?, ?, ?)", rows)
        yield opened


def found(connection, expression: str) -> list:
    query = f"select {expression} from rows_of order by n"
    return [value for (value,) in connection.execute(query).fetchall()]


@pytest.mark.parametrize("expression", [TRIMMED, SHARED])
def test_what_a_subquery_gives_stays_the_same(connection, expression):
    functions = Functions(connection.cursor())
    functions.define_sql_function("made", 2, expression)
    assert not has_subquery(with_lambdas(expression))
    in_full = expression.replace("_1", "rows_of.a").replace("_2", "rows_of.b")
    expected = found(connection, in_full)
    assert found(functions._cursor, "made(a, b)") == expected
    assert expected[0] == {TRIMMED: "ab", SHARED: "b"}[expression]


def test_functions_call_each_other_within_lambdas(connection):
    functions = Functions(connection.cursor())
    functions.define_sql_function("one", 2, TRIMMED)
    functions.define_sql_function(
        "two", 1, "(with g as (select one(_1, '1') as v) select one(v, _1) from g)"
    )
    assert found(functions._cursor, "two(a)") == [
        "a1a", "a1 a ", None, "xy1xy", "ab1ab", None,
    ]  # fmt: skip


def test_an_argument_may_be_a_subquery(connection):
    functions = Functions(connection.cursor())
    functions.define_sql_function("one", 2, TRIMMED)
    last = "(select max(o.b) from rows_of as o where o.n <= rows_of.n)"
    assert found(functions._cursor, f"one(a, {last})") == [
        "ab", "ab", None, "xyc", "abq", None,
    ]  # fmt: skip


def test_what_reads_a_table_stays_a_subquery_and_what_calls_it(connection):
    functions = Functions(connection.cursor())
    known = "(select max(n) from rows_of where rows_of.a = _1)"
    functions.define_sql_function("place", 1, known)
    functions.define_sql_function(
        "next_place", 1, "(with g as (select place(_1) as v) select v + 1 from g)"
    )
    assert has_subquery(functions.sql_functions_behind("next_place(a)")[-1].body)
    values = "from (values ('a'), ('xy'), ('?'), (null)) as v (a)"
    assert functions._cursor.execute(f"select next_place(a) {values}").fetchall() == [
        (1,), (4,), (None,), (None,),
    ]  # fmt: skip


def test_what_has_no_form_as_lists_stays_a_subquery(connection):
    functions = Functions(connection.cursor())
    letters = "(select max(u.v) from (select unnest(string_split(_1, '')) as v) as u)"
    functions.define_sql_function(
        "last", 1, f"(with g as (select trim(_1) as _1) select {letters} from g)"
    )
    # the only part of an empty text is empty
    assert found(functions._cursor, "last(a)") == ["a", "a", "", "y", "b", None]


def test_another_connection_has_what_is_known(connection):
    known: Known = {}
    first = Functions(connection.cursor(), known)
    first.define_sql_function("one", 2, TRIMMED)
    first.define_sql_function("two", 1, "one(_1, '2')")
    with duckdb.connect() as other:
        second = Functions(other, known)
        assert not second.has_sql_function("three")
        assert second.sql_functions_behind("two(1)") == []
        assert second.has_sql_function("two")
        assert other.execute("select two('a')").fetchall() == [("a2",)]
        behind = second.sql_functions_behind("two(1)")
        assert [made.name for made in behind] == ["one", "two"]
