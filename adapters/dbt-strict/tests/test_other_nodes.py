"""Views, seeds, unit tests, freshness and documentation."""

from __future__ import annotations

import csv
import io
import sqlite3
from contextlib import closing

import pytest

from .conftest import Layer, Project


def text_of(rows: list[list]) -> str:
    """Return rows as the text of a CSV file."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


SEEDS = """
seeds:
  - name: typed
    config:
      column_types: {zip: text, amount: integer}
      indexes: [{columns: [zip], unique: true}]
  - name: long
    config: {column_types: {number: integer, square: text}}
"""
WIDE = [[f"column_{n}" for n in range(200)]] + [
    [f"{row} of {n}" for n in range(200)] for row in range(170)
]
LONG = [["number", "square"]] + [[n, f"0{n * n}"] for n in range(5000)]
FILES = {
    "seeds/typed.csv": "zip,name,amount\n01234,Zoë,5\n00501,,-7\n",
    "seeds/wide.csv": text_of(WIDE),
    "seeds/long.csv": text_of(LONG),
    "seeds/untyped.csv": "zip,name\n01234,a\n",
    "seeds/day.csv": "day\n2024-01-01\n",
    "seeds/seeds.yml": SEEDS,
    "models/view_on_nothing.sql": """
        {{ config(materialized='view') }}
        select absent from (select 1 as present)
        """,
    "models/view_on_seed.sql": """
        {{ config(materialized='view') }}
        with given as (select * from {{ ref('typed') }})
        select typed.zip from {{ ref('typed') }} as typed
        inner join given on typed.zip = given.zip
        """,
}


@pytest.fixture(scope="module")
def built(layer: Layer):
    project = layer.project(FILES)
    return project, project.dbt("build")


def test_view_over_a_missing_column_fails(layer, built):
    layer.expect(built[1].status["view_on_nothing"] == "error", "read a new view")


def test_a_file_with_views_can_be_attached(layer, built):
    with closing(sqlite3.connect(":memory:")) as other:
        try:
            other.execute("attach ? as w", [str(built[0].database)])
            rows = other.execute("select zip from w.view_on_seed").fetchall()
        except sqlite3.DatabaseError as error:
            rows = str(error)
    layer.expect(len(rows) == 2, "name no database in a view")


def test_seed_keeps_its_text(built):
    """Stock and ours alike: the column has a type."""
    assert built[0].rows("select * from typed order by name") == [
        ("00501", None, -7), ("01234", "Zoë", 5),
    ]  # fmt: skip


def test_seed_has_its_keys(layer, built):
    unique = built[0].rows("select name from pragma_index_list('typed')")
    layer.expect(len(unique) == 1, "index a seed")


@pytest.mark.parametrize("seed", ["untyped", "day"])
def test_seed_refuses_to_guess_a_type(layer, built, seed):
    column = {"untyped": "zip", "day": "day"}[seed]
    message = built[1].message[seed]
    layer.expect(
        built[1].status[seed] == "error"
        and all(word in message for word in (seed, column, "column_types")),
        "ask for the type of a column of numbers or times",
    )


def test_wide_seed(layer, built):
    is_right = built[1].status["wide"] == "success" and sorted(
        built[0].rows("wide")
    ) == sorted(map(tuple, WIDE[1:]))
    options = dict(
        option.partition("=")[::2]
        for (option,) in built[0].rows("select * from pragma_compile_options")
    )
    variables = int(options.get("MAX_VARIABLE_NUMBER", 32766))
    if variables < len(WIDE) * len(WIDE[0]):
        layer.expect(is_right, "load a seed of 200 columns")
    else:  # this SQLite takes them all at once
        assert is_right


def test_long_seed(built):
    assert built[0].rows("select * from long order by number") == [
        (n, f"0{n * n}") for n in range(5000)
    ]


def test_seed_is_loaded_when_it_changed(layer):
    """A file over 1 MB too, whose checksum dbt takes of its path."""
    lines = 1100
    project = layer.project({"seeds/big.csv": "a\n" + f"{'x' * 1000}\n" * lines})
    assert project.dbt("seed").success
    project.execute("insert into big values ('by hand')")
    assert project.dbt("seed").success
    layer.expect(
        project.rows("select count(*) from big") == [(lines + 1,)],
        "leave it when unchanged",
    )
    project.write({"seeds/big.csv": "a\n" + f"{'y' * 1000}\n" * lines})
    assert project.dbt("seed").success
    assert project.rows("select distinct substr(a, 1, 1) from big") == [("y",)]
    project.write({"seeds/big.csv": "b,c\nx,y\n"})
    outcome = project.dbt("seed")
    layer.expect(
        outcome.success and project.rows("big") == [("x", "y")],
        "take other columns without a full refresh",
    )


PEOPLE = """
sources:
  - name: raw
    schema: main
    config:
      loaded_at_field: loaded_at
      freshness:
        warn_after: {count: 2, period: day}
        error_after: {count: 20, period: day}
    tables: [{name: fresh}, {name: stale}, {name: old}, {name: empty}]
models:
  - name: people
    description: All of them.
    columns: [{name: id, description: Number.}]
unit_tests:
  - name: keeps_text
    model: people
    given:
      - input: source('raw', 'fresh')
        rows:
          - {id: 1, name: ANN, _file_id: 7}
          - {id: 2, name: '007', _file_id: 8}
          - {id: 3, _file_id: 9}
    expect:
      rows:
        - {id: 1, name: ANN}
        - {id: 2, name: '007'}
        - {id: 3, name: null}
  - name: can_fail
    model: people
    given:
      - input: source('raw', 'fresh')
        rows: [{id: 1, name: ANN, _file_id: 7}]
    expect:
      rows: [{id: 1, name: BOB}]
"""
TABLES = """
create table %(name)s (id, name, _file_id, loaded_at);
insert into %(name)s
select 1, 'x', 9, strftime('%%Y-%%m-%%dT%%H:%%M:%%S.000000Z', 'now', '%(age)s')
where '%(name)s' <> 'empty';
"""


@pytest.fixture(scope="module")
def people(layer: Layer) -> Project:
    ages = {"fresh": "-1 day", "stale": "-3 day", "old": "-30 day", "empty": "0 day"}
    return layer.project(
        {
            "models/models.yml": PEOPLE,
            "models/people.sql": """
                {{ config(materialized='incremental') }}
                select id, name, _file_id from {{ source('raw', 'fresh') }}
                where _file_id > {{ watermark() }}
                """,
        },
        "".join(TABLES % {"name": name, "age": age} for name, age in ages.items()),
    )


def test_unit_tests_read_text_and_all_their_rows(layer, people):
    """Before the first build and after one, whose watermark is not theirs."""
    before = people.dbt("test")
    people.deliver(9, "fresh", [])
    assert people.dbt("run").success
    after = people.dbt("test")
    for run in (before, after):
        assert run.status["can_fail"] != "pass"
        layer.expect(run.status["keeps_text"] == "pass", "take the rows as given")


def test_freshness(layer, people):
    found = people.dbt("source", "freshness").status
    expected = {"fresh": "pass", "stale": "warn", "old": "error", "empty": "error"}
    layer.expect(
        all(found[source] == status for source, status in expected.items()),
        "read times that are text",
    )


def test_documentation_is_generated(people):
    assert people.dbt("run").success
    outcome = people.dbt("docs", "generate")
    assert outcome.success
    table = outcome.result.nodes["model.plain.people"]
    assert list(table.columns) == ["id", "name", "_file_id"]
