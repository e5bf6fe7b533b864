"""Queries in DuckDB's dialect, written for Spark; what they give: the macro tables."""

from __future__ import annotations

import pytest

pytest.importorskip("dbt.adapters.spark", reason="needs requirements-spark.txt")

from dbt.adapters.spark_strict.dialect import parsed, translated
from dbt.adapters.spark_strict.kept import Kept
from dbt.adapters.spark_strict.names import ours, theirs
from dbt.adapters.spark_strict.patterns import (
    first_pattern,
    glob_pattern,
    java_pattern,
    java_replacement,
)
from dbt.adapters.spark_strict.statements import appended, read
from dbt.adapters.spark_strict.steps import parted


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


def test_glob_is_a_pattern_of_the_whole_text() -> None:
    assert glob_pattern("[^0-9]*.?") == r"(?d)\A(?:[^0-9](?s:.*)\.(?s:.))\z"


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


def test_what_a_group_looks_up_is_the_first_of_its_rows() -> None:
    found = translated(
        "select a, sum(b) / (select d from c where c.a = t.a) as q,"
        " sum((select d from c where c.a = t.b)) as s from t"
        " where a < (select max(a) from c) group by a"
    )
    assert "SUM(b) / FIRST((SELECT d FROM c WHERE c.a = t.a)) AS q" in found
    assert "SUM((SELECT d FROM c WHERE c.a = t.b)) AS s" in found
    assert "a < (SELECT MAX(a) FROM c)" in found


def test_groups_are_ordered_by_columns_of_their_own() -> None:
    found = translated(
        "select b as a, sum(a) as n from t group by b order by count(*) desc, 1 limit 3"
    )
    assert found == (
        "SELECT `a`, `n` FROM (SELECT b AS a, SUM(a) AS n, COUNT(*) AS _order_1"
        " FROM t GROUP BY b) AS _groups ORDER BY _order_1 DESC, 1 NULLS LAST LIMIT 3"
    )
    plain = "SELECT a FROM t GROUP BY a ORDER BY a"
    assert translated(plain).startswith(plain)


def test_a_condition_in_brackets_is_no_alias() -> None:
    """Spark reads `t where (false)` as the table t, named `where`."""
    made = translated("select a from t where (false) union select b from u where ((c))")
    assert made == "SELECT a FROM t WHERE FALSE UNION SELECT b FROM u WHERE c"


def test_what_a_chain_looks_up_stands_outside_of_it() -> None:
    found = translated(
        "select (with a as (select x || (select max(y) from u where u.k = t.k) as v)"
        " select v from a) from t"
    )
    inner = found.index("(SELECT *, (SELECT MAX(y) FROM u WHERE u.k = t.k)")
    assert found.index("GET(TRANSFORM(") < inner


def test_a_subquery_over_a_table_stays_one() -> None:
    assert "(SELECT MAX(y) FROM u)" in translated("select (select max(y) from u)")


def test_what_is_read_several_times_is_a_step_of_its_own() -> None:
    steps, left = parted(
        parsed(
            "with x as (select * from t),"
            " a as (select k, max(v) as v from x group by 1),"
            " b (k) as (select a.k from a join x on a.k = x.k),"
            " c as (select * from b union all select * from b)"
            " select k, (with a as (select c.k as z) select z from a) from c"
        ),
        "m",
    )

    assert [(step.name, step.query.sql("duckdb")) for step in steps] == [
        (
            "m__b",
            "WITH x AS (SELECT * FROM t),"
            " a AS (SELECT k, MAX(v) AS v FROM x GROUP BY 1)"
            " SELECT * FROM (SELECT a.k FROM a JOIN x ON a.k = x.k) AS _named(k)",
        )
    ]
    assert left.sql("duckdb") == (
        "WITH c AS (SELECT * FROM m__b AS b UNION ALL SELECT * FROM m__b AS b)"
        " SELECT k, (WITH a AS (SELECT c.k AS z) SELECT z FROM a) FROM c"
    )


def test_a_recursive_step_keeps_its_own_name_within() -> None:
    steps, left = parted(
        parsed(
            "with recursive r (n) as (select 1 union all select n + 1 from r)"
            " select * from r as a join r as b on a.n = b.n"
        ),
        "m",
    )

    (step,) = steps
    assert (step.name, step.query.sql("duckdb")) == (
        "m__r",
        "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r)"
        " SELECT * FROM r",
    )
    assert left.sql("duckdb") == ("SELECT * FROM m__r AS a JOIN m__r AS b ON a.n = b.n")


def test_rows_that_are_found_once_each_are_found_in_rounds() -> None:
    (step,), left = parted(
        parsed(
            "with recursive r (n) as (select x from t union select l.b from r join l"
            " on l.a = r.n) select count(*) from r"
        ),
        "m",
    )

    assert step.query.sql("duckdb") == (
        "SELECT DISTINCT * FROM (SELECT x FROM t) AS _first(n)"
    )
    assert step.again.sql("duckdb") == (
        "SELECT * FROM (SELECT l.b FROM m__r__new AS r JOIN l ON l.a = r.n) AS _again"
        " EXCEPT SELECT * FROM m__r"
    )
    assert left.sql("duckdb") == "SELECT COUNT(*) FROM m__r AS r"


def test_statements_are_told_apart() -> None:
    assert read("select max(watermark) from _build_state").is_state
    assert not read("select * from a cross join _build_state").is_state
    assert read("create or replace temp table step_a as select 1").temporary == "step_a"
    assert read("-- spark\nmerge into a using b").sql == "merge into a using b"
    assert not read("create temp table a as select 1 from ingest_files").is_state


def test_what_is_known_of_relations_is_put_in() -> None:
    known = {"SELECT 1 FROM _build_state WHERE relation = 'a'": 1}
    statement = read(
        "select x from t where exists (select 1 from _build_state where relation = 'a')"
    )

    _, spark = statement.written(
        lambda sql: int(any(f"exists ({query})" in sql for query in known))
    )

    assert spark == "SELECT x FROM t WHERE TRUE"


def test_rows_are_added_to_a_temporary_table_by_making_it_anew() -> None:
    sql = "-- note\ninsert into step_a (x, y) select b, c from d"
    assert appended(sql, {"step_a"}) == (
        "create temp table step_a as select x, y from step_a"
        " union all select * from (select b, c from d) as _added"
    )
    assert appended(sql, {"step_b"}) == sql


def test_reserved_columns_have_names_of_our_own() -> None:
    assert ours("select a._row_id, b_row_id") == "select a._row_no, b_row_id"
    assert theirs("_row_no") == "_row_id"


def test_rows_that_are_kept_are_read_in_place_of_their_tables() -> None:
    kept = Kept("main")
    kept.plans |= {"a": "rows of a", "b": "rows of b"}
    tree = parsed("select a.x from main.a join other.b on true join b on true")
    assert kept.read(tree) == {"_kept__a": "rows of a"}
    assert tree.sql("spark") == (
        "SELECT a.x FROM _kept__a AS a JOIN other.b ON TRUE JOIN b ON TRUE"
    )
    # the place of a row in a file is known of files alone
    assert kept.read(parsed("select a._pos from main.a")) == {}


def test_rows_are_kept_until_a_statement_names_their_table() -> None:
    kept = Kept("main")
    kept.plans |= dict.fromkeys("abcd", "rows")
    kept.forget("merge into main.a as old using main.`b` as new on old.x = c")
    kept.forget("drop table remain.d")
    assert set(kept.plans) == {"c", "d"}
    kept.forget('delete from "main"."d" where true')
    assert set(kept.plans) == {"c"}
