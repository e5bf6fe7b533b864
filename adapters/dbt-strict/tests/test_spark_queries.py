"""Queries in DuckDB's dialect, written for Spark; what they give: the macro tables."""

from __future__ import annotations

import pytest

pytest.importorskip("sqlglot", reason="needs requirements-spark.txt")

from dbt.adapters.spark_strict.dialect import translated
from dbt.adapters.spark_strict.names import ours, theirs
from dbt.adapters.spark_strict.patterns import (
    first_pattern,
    java_pattern,
    java_replacement,
)
from dbt.adapters.spark_strict.statements import read


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("^a.$", r"(?d)^a.\z"),
        ("[]a[&$]", r"(?d)[\]a\[\&$]"),
        ("[^]^-]", r"(?d)[^\]^-]"),
        (r"\$[.]", r"(?d)\$[.]"),
    ],
)
def test_patterns_mean_the_same_in_java(given: str, expected: str) -> None:
    assert java_pattern(given) == expected


def test_only_the_first_match_is_replaced() -> None:
    assert first_pattern("^a|^b") == ("^a|^b", 0)
    assert first_pattern("^a|b") == (r"\A((?s:.*?))(?:^a|b)", 1)
    assert java_replacement(r"\1,00$", 1) == r"$1$2,00\$"


def test_a_chain_about_one_row_has_no_subquery() -> None:
    found = translated(
        "select (with a as (select x as v), b as (select v || '!' as v from a"
        " where v <> '') select v from b union all select v from a) from t"
    )
    assert found.upper().count("SELECT") == 1


def test_what_a_chain_looks_up_stands_outside_of_it() -> None:
    found = translated(
        "select (with a as (select x || (select max(y) from u where u.k = t.k) as v)"
        " select v from a) from t"
    )
    inner = found.index("(SELECT *, (SELECT MAX(y) FROM u WHERE u.k = t.k)")
    assert found.index("GET(TRANSFORM(") < inner


def test_a_subquery_over_a_table_stays_one() -> None:
    assert "(SELECT MAX(y) FROM u)" in translated("select (select max(y) from u)")


def test_statements_are_told_apart() -> None:
    assert read("select max(watermark) from _build_state").is_state
    assert not read("select * from a cross join _build_state").is_state
    assert read("create or replace temp table step_a as select 1").temporary == "step_a"
    assert read("-- spark\nmerge into a using b").sql == "merge into a using b"
    assert read("create view v as select 7 // 2 as x").sql == (
        "create or replace view v as SELECT 7 DIV 2 AS x"
    )


def test_reserved_columns_have_names_of_our_own() -> None:
    assert ours("select a._row_id, b_row_id") == "select a._row_no, b_row_id"
    assert theirs("_row_no") == "_row_id"
