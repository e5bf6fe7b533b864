"""Deltas: what is applied, what is left alone, and up to which file."""

from __future__ import annotations

import pytest

from .conftest import Layer, Project

SOURCES = """
sources:
  - name: raw
    schema: main
    tables: [name: left_rows, name: right_rows]
"""
TABLES = """
create table left_rows (key_a, key_b, value, _file_id);
create table right_rows (key_a, key_b, value, _file_id);
"""


def model(config: str, source: str = "left_rows", columns: str = "*") -> str:
    return f"""
        {{{{ config(materialized='incremental', {config}) }}}}
        select {columns} from {{{{ source('raw', '{source}') }}}}
        where _file_id > {{{{ watermark() }}}}
        """


UNIQUE = "indexes=[{'columns': ['key_a', 'key_b'], 'unique': true}]"
COMPOSITE = "unique_key=['key_a', 'key_b']"
STRATEGIES = {
    "models/appended.sql": model(""),
    "models/replaced.sql": model(
        "incremental_strategy='delete+insert', unique_key='key_a'"
    ),
    "models/replaced_pairs.sql": model(
        f"incremental_strategy='delete+insert', {COMPOSITE}"
    ),
    "models/merged.sql": model(f"incremental_strategy='merge', {COMPOSITE}, {UNIQUE}"),
    "models/keys_only.sql": model(
        f"incremental_strategy='merge', {COMPOSITE}, {UNIQUE}",
        columns="distinct key_a, key_b",
    ),
    "models/sources.yml": SOURCES,
}
FIRST = [("a", 1, "x"), ("a", 2, None), ("b", 1, "y"), ("c", 1, None)]
# ("a", 1) changes, ("a", 2) gets a value, ("b", 1) loses it, ("c", 1) stays NULL.
SECOND = [("a", 1, "X"), ("a", 2, "v"), ("b", 1, None), ("c", 1, None), ("d", 1, "z")]
OF_FIRST = [(*row, 1) for row in FIRST]
OF_SECOND = [(*row, 2) for row in SECOND]
AFTER = {
    "appended": sorted(OF_FIRST + OF_SECOND, key=str),
    "replaced": OF_SECOND,
    "replaced_pairs": OF_SECOND,
    "merged": OF_SECOND,
    "keys_only": [row[:2] for row in SECOND],
}
# What the stock adapter makes of it; append is no override of ours.
STOCK_IS_RIGHT = {"appended", "replaced"}


@pytest.fixture(scope="module")
def delivered_twice(layer: Layer) -> tuple[Project, dict[str, str]]:
    project = layer.project(STRATEGIES, TABLES)
    project.deliver(1, "left_rows", FIRST)
    project.dbt("run")
    project.deliver(2, "left_rows", SECOND)
    return project, project.dbt("run").status


@pytest.mark.parametrize("name", AFTER)
def test_strategies(layer, delivered_twice, name):
    project, status = delivered_twice
    found = sorted(project.rows(name), key=str)
    is_right = status[name] == "success" and found == sorted(AFTER[name], key=str)
    if name in STOCK_IS_RIGHT:
        assert is_right
    else:
        layer.expect(is_right, f"apply a delta to {name}")


def test_merge_leaves_equal_rows_alone(layer):
    """A row that is written again gives a row to RETURNING and to a trigger."""
    columns = "key_a, key_b, value, 1 as _file_id"
    project = layer.project(
        {
            "models/sources.yml": SOURCES,
            "models/merged.sql": model(
                "incremental_strategy='merge', unique_key='key_a', "
                "indexes=[{'columns': ['key_a'], 'unique': true}]",
                columns=columns,
            ).replace(
                "> {{ watermark() }}", "= (select max(file_id) from ingest_files)"
            ),
        },
        TABLES,
    )
    project.deliver(1, "left_rows", FIRST[1:])
    assert project.dbt("run").success
    project.execute(
        "create table writes (key_a);"
        "create trigger updated after update on merged"
        "  begin insert into writes values (new.key_a); end;"
        "create trigger inserted after insert on merged"
        "  begin insert into writes values (new.key_a); end;"
    )
    project.deliver(2, "left_rows", [("a", 2, None), ("b", 1, "Y"), ("c", 1, None)])
    assert project.dbt("run").success
    layer.expect(
        project.rows("select key_a from writes") == [("b",)], "write changes alone"
    )


WRONG = {
    "no_strategy": (
        model("incremental_strategy='insert_overwrite'"),
        ["append, delete+insert or merge", "got: insert_overwrite"],
    ),
    "no_key": (model("incremental_strategy='merge'"), ["needs a unique_key"]),
    "hidden_question": (
        "{{ config(materialized='incremental') }} select 1 as id {{ only_new() }}",
        ["is_incremental()", "call that in the model"],
    ),
    "predicates": (
        model("incremental_predicates=['1 = 1']"),
        ["incremental_predicates are not supported"],
    ),
    "elsewhere": (
        "{{ config(schema='other') }} select 1 as id",
        ["builds in one schema, main", "got: main_other"],
    ),
}
ONLY_NEW = """
{% macro only_new() %}{% if is_incremental() %} where 1 = 0 {% endif %}{% endmacro %}
"""


def test_wrong_settings_have_a_clear_message(ours):
    files = {f"models/{name}.sql": text for name, (text, _) in WRONG.items()}
    files |= {"models/sources.yml": SOURCES, "macros/only_new.sql": ONLY_NEW}
    project = ours.project(files, TABLES)
    messages = project.dbt("run").message
    for name, (_, words) in WRONG.items():
        for word in [name, *words]:
            assert word in messages[name]


# Two staging models, and what is made of both of them.
DAG = {
    "models/sources.yml": SOURCES,
    "models/stg_left.sql": model(""),
    "models/stg_right.sql": model("", "right_rows"),
    "models/through_view.sql": """
        {{ config(materialized='view') }} select * from {{ ref('stg_right') }}
        """,
    "models/through_nothing.sql": """
        {{ config(materialized='ephemeral') }} select * from {{ ref('through_view') }}
        """,
} | {
    f"models/{name}.sql": f"""
        {{{{ config(materialized='incremental', {config}) }}}}
        select * from {{{{ ref('stg_left') }}}} where _file_id > {{{{ watermark() }}}}
        union all
        select * from {{{{ ref('{right}') }}}} where _file_id > {{{{ watermark() }}}}
        """
    for name, right, config in [
        ("both_appended", "stg_right", "incremental_strategy='append'"),
        ("both_by_view", "through_view", "incremental_strategy='append'"),
        ("both_by_nothing", "through_nothing", "incremental_strategy='append'"),
        (
            "both_replaced",
            "stg_right",
            "incremental_strategy='delete+insert', unique_key='key_a'",
        ),
    ]
}
BOTH = ("both_appended", "both_by_view", "both_by_nothing", "both_replaced")


@pytest.fixture(scope="module")
def built_in_parts(ours: Layer) -> list[dict[str, list[tuple]]]:
    """The tables after builds of parts of the DAG, then after all of it."""
    project = ours.project(DAG, TABLES)
    project.deliver(1, "left_rows", [("a", 1, "left 1")])
    project.deliver(2, "right_rows", [("a", 2, "right 2"), (None, 2, "no key 2")])
    steps = []
    for command, delivery in [
        ("stg_left stg_right", None),
        ("through_view both_appended both_by_view both_by_nothing both_replaced", None),
        # the left is ahead of the right, and what is made of both reads it
        ("stg_left both_appended both_by_view both_by_nothing both_replaced", 3),
        ("*", 4),
        ("*", None),
    ]:
        if delivery:
            rows = [("b", delivery, "left"), (None, delivery, "no key")]
            project.deliver(delivery, "left_rows", rows)
            project.deliver(delivery, "right_rows", [("c", delivery, "right")])
        outcome = project.dbt("run", "--select", *command.split())
        assert outcome.success, outcome.message
        if "both_appended" in command or command == "*":
            steps.append({name: project.rows(name) for name in BOTH})
            watermarks = project.rows("select relation, watermark from _build_state")
            steps[-1]["watermarks"] = watermarks
    return steps


LEFT = [("a", 1, "left 1", 1)]
RIGHT = [("a", 2, "right 2", 2), (None, 2, "no key 2", 2)]
THREE = [("b", 3, "left", 3), (None, 3, "no key", 3)]
EXPECTED = [
    LEFT + RIGHT,
    LEFT + RIGHT + THREE,
    LEFT + RIGHT + THREE
    + [("c", 3, "right", 3), ("b", 4, "left", 4), (None, 4, "no key", 4)]
    + [("c", 4, "right", 4)],
]  # fmt: skip
EXPECTED.append(EXPECTED[-1])


@pytest.mark.parametrize("step", range(4))
@pytest.mark.parametrize("name", BOTH[:3])
def test_building_parts_neither_loses_nor_doubles(built_in_parts, name, step):
    found = built_in_parts[step][name]
    assert sorted(found, key=str) == sorted(EXPECTED[step], key=str)


@pytest.mark.parametrize("step", range(4))
def test_rows_without_a_key_are_not_doubled(built_in_parts, step):
    found = [row for row in built_in_parts[step]["both_replaced"] if row[0] is None]
    expected = [row for row in EXPECTED[step] if row[0] is None]
    assert sorted(found, key=str) == sorted(expected, key=str)


def test_watermark_is_the_oldest_parents(built_in_parts):
    for step, watermark in enumerate([2, 2, 4, 4]):
        held = dict(built_in_parts[step]["watermarks"])
        assert {held[name] for name in BOTH} == {watermark}


CHILD = {
    "models/models.yml": SOURCES
    + """
models:
  - name: parents
    config: {on_schema_change: fail, contract: {enforced: true}}
    columns:
      - name: key_a
        data_type: text
        constraints: [{type: not_null}, {type: primary_key}]
      - {name: _file_id, data_type: bigint}
  - name: children
    config: {on_schema_change: fail, contract: {enforced: true}}
    columns:
      - name: key_b
        data_type: text
        constraints: [{type: not_null}, {type: primary_key}]
      - name: key_a
        data_type: text
        constraints:
          - {type: foreign_key, to: ref('parents'), to_columns: [key_a]}
      - {name: _file_id, data_type: bigint}
""",
    "models/parents.sql": model(
        "incremental_strategy='merge', unique_key='key_a'",
        columns="key_a, _file_id",
    ),
    "models/children.sql": model(
        "incremental_strategy='merge', unique_key='key_b'",
        "right_rows",
        columns="key_b, key_a, _file_id",
    ),
}


def family(layer: Layer) -> Project:
    project = layer.project(CHILD, TABLES)
    project.deliver(1, "left_rows", [("a", None, None), ("b", None, None)])
    project.deliver(1, "right_rows", [("a", "1", None), ("b", "2", None)])
    assert project.dbt("run").success
    return project


def test_delta_with_a_broken_reference_changes_nothing(layer):
    project = family(layer)
    before = project.rows("children")
    project.deliver(2, "right_rows", [("a", "3", None), ("nobody", "4", None)])
    failed = project.dbt("run", "--select", "children")
    layer.expect(
        failed.status["children"] == "error" and project.rows("children") == before,
        "refuse a delta with a broken reference as a whole",
    )
    project.deliver(3, "left_rows", [("nobody", None, None)])
    assert project.dbt("run").success
    assert project.rows("select key_b, key_a from children order by 1") == [
        ("1", "a"), ("2", "b"), ("3", "a"), ("4", "nobody"),
    ]  # fmt: skip


def test_orphans_of_a_rebuilt_parent_fail_every_run_until_they_are_gone(layer):
    project = family(layer)
    project.execute("delete from left_rows where key_a = 'b'")
    runs = [
        project.dbt("run", "--full-refresh", "--select", "parents"),
        project.dbt("run", "--select", "parents"),
    ]
    for run in runs:
        said = " ".join(run.message.values())
        layer.expect(
            not run.success
            and all(word in said for word in ("children.key_a", "row 2", "parents")),
            "fail and name child, column, row and parent",
        )
    project.execute("delete from right_rows where key_a = 'b'")
    assert project.dbt("run", "--full-refresh").success
    assert project.dbt("run").success


NEWEST_OF = """
    {% macro newest_batch_of(source) %}
      {{ return(
          none if source.name == 'unknown_rows'
          else 'select max(_file_id) from ' ~ source.relation_name
      ) }}
    {% endmacro %}
    """
LOOKED_UP = """
    {{ config(materialized='incremental') }}
    select left_rows.* from {{ source('raw', 'left_rows') }} as left_rows
    left join {{ ref('ahead') }} as ahead using (key_a)
    where left_rows._file_id > {{ watermark() }}
    """


def test_a_query_is_run_where_something_may_be_new(ours):
    """Of its source, of one whose numbers are not known, or of another parent."""
    project = ours.project(
        {
            "macros/newest_of.sql": NEWEST_OF,
            "models/sources.yml": SOURCES.replace("]", ", name: unknown_rows]"),
            "models/ahead.sql": model("", "right_rows"),
            "models/left_only.sql": model(""),
            "models/looked_up.sql": LOOKED_UP,
            "models/unknown.sql": model("", "unknown_rows"),
        },
        TABLES + "create table unknown_rows (key_a, key_b, value, _file_id);",
    )
    for table in ("left_rows", "right_rows", "unknown_rows"):
        project.deliver(1, table, FIRST)
    project.dbt("run")

    def idle(*command: str) -> set[str]:
        outcome = project.dbt("run", *command)
        assert outcome.success, outcome.message
        return {name for name, said in outcome.message.items() if "NOTHING" in said}

    assert idle() == {"ahead", "left_only", "looked_up"}
    project.deliver(2, "right_rows", SECOND)
    assert idle() == {"left_only"}
    assert sorted(project.rows("ahead"), key=str) == AFTER["appended"]
    # what was idle holds file 2 as well, of which it has no rows, and goes on with 3
    assert dict(project.rows("select relation, watermark from _build_state")) == (
        dict.fromkeys(("ahead", "left_only", "looked_up", "unknown"), 2)
    )
    project.deliver(3, "left_rows", SECOND)
    assert idle() == {"ahead"}
    for name in ("left_only", "looked_up"):
        found = {row for row in project.rows(name) if row[-1] == 3}
        assert found == {(*row, 3) for row in SECOND}, name
    assert idle("--full-refresh") == set()


def test_a_query_is_not_run_without_what_it_needs(ours):
    needing = """
        {{ config(materialized='incremental', only_with='needed') }}
        select * from {{ ref('needed') }} where _file_id > {{ watermark() }}
        """
    project = ours.project(
        {
            "models/sources.yml": SOURCES,
            "models/needed.sql": model("").rstrip() + " and key_a = 'd'",
            "models/needing.sql": needing,
        },
        TABLES,
    )
    project.deliver(1, "left_rows", FIRST)
    project.dbt("run")
    assert "NOTHING" in project.dbt("run").message["needing"]
    project.deliver(2, "left_rows", SECOND)
    assert "NOTHING" not in project.dbt("run").message["needing"]
    assert project.rows("needing") == [("d", 1, "z", 2)]
