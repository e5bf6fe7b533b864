"""PostgreSQL keeps 32 compiled patterns a connection, and takes fifty times as long for
each that it has to compile again. So a row of usual values tries few: these tests count
those that are tried, by functions of the same names that are found first."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from .conftest import PostgresEngine

pytestmark = pytest.mark.long

MOST = 25
COUNTING = """
create schema counting;
create table counting.tried (pattern text);
create function counting.regexp_replace(text, text, text) returns text
language plpgsql as $$ begin
    insert into counting.tried values ($2);
    return pg_catalog.regexp_replace($1, $2, $3);
end $$;
create function counting.regexp_replace(text, text, text, text) returns text
language plpgsql as $$ begin
    insert into counting.tried values ($2);
    return pg_catalog.regexp_replace($1, $2, $3, $4);
end $$;
create function counting.regexp_match(text, text) returns text[]
language plpgsql as $$ begin
    insert into counting.tried values ($2);
    return pg_catalog.regexp_match($1, $2);
end $$;
create function counting.is_matched(text, text) returns boolean
language plpgsql as $$ begin
    insert into counting.tried values ($2);
    return $1 operator(pg_catalog.~) $2;
end $$;
create function counting.is_matched_any_case(text, text) returns boolean
language plpgsql as $$ begin
    insert into counting.tried values ($2);
    return $1 operator(pg_catalog.~*) $2;
end $$;
create operator counting.~
    (leftarg = text, rightarg = text, function = counting.is_matched);
create operator counting.~*
    (leftarg = text, rightarg = text, function = counting.is_matched_any_case);
"""
"""What is written as `substring(… from …)` is not found: two in a time of day."""
USUAL: list[tuple[str, dict[str, object], list[str], int]] = [
    ("clean_text", {}, ["Ann", "Quarry & Kiln", "Wendy's House"], 8),
    ("clean_email", {}, ["ann@example.com"], 6),
    ("clean_hash", {}, ["0123456789abcdef0123456789abcdef"], 3),
    ("us_zip", {}, ["89101", "89101-1234"], 3),
    ("parse_number", {}, ["12", "1200.50", "1,200.50"], 12),
    ("parse_boolean", {}, ["yes", "0", "TRUE"], 2),
    ("parse_date", {}, ["2025-06-01", "6/1/2025"], 5),
    ("parse_timestamp", {}, ["2025-06-01T10:00:00Z", "2025-06-01 10:00:00"], 6),
    (
        "parse_timestamp",
        {"time_zone": "-05:00"},
        ["2025-06-01 10:00:00", "6/1/2025 10:00", "06/01/2025 10:00:00"],
        5,
    ),
]
"""Macros, their settings, values of a usual form, and how many patterns one takes."""


@pytest.fixture(scope="module")
def tried(engine: object) -> Iterator[Callable[[], set[str]]]:
    """Return a function that lists the patterns tried since its last call."""
    if not isinstance(engine, PostgresEngine):
        pytest.skip("other engines keep all patterns of a statement")

    def since() -> set[str]:
        rows = engine.execute("delete from counting.tried returning pattern").fetchall()
        return {pattern for (pattern,) in rows}

    engine.execute(COUNTING)
    engine.execute("set search_path = counting, main, pg_catalog")
    yield since
    engine.execute("set search_path = main; drop schema counting cascade")


@pytest.mark.parametrize(("macro", "settings", "values", "most"), USUAL)
def test_a_usual_value_tries_few_patterns(
    tried: Callable[[], set[str]],
    evaluate: Callable[..., list],
    macro: str,
    settings: dict[str, object],
    values: list[str],
    most: int,
) -> None:
    for value in values:
        tried()
        assert evaluate(macro, [value], **settings) != [None]
        assert len(tried()) <= most, value


def test_all_of_them_in_one_row_are_kept(
    tried: Callable[[], set[str]], evaluate: Callable[..., list]
) -> None:
    """Of the commonest form of each; columns with one macro share its patterns."""
    tried()
    for macro, settings, values, _ in USUAL:
        evaluate(macro, values[:1], **settings)
    assert 5 < len(tried()) <= MOST
