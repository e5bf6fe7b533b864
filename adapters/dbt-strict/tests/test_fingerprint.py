"""After any change a build equals a full refresh, and rebuilds no more than it must."""

from __future__ import annotations

import pytest

from .conftest import Layer, Project

MODEL = """
{{{{ config(materialized='incremental', incremental_strategy='merge',
    unique_key='id', indexes=[{{'columns': ['id'], 'unique': true}}]) }}}}
select {columns} from {parent} as given {join}
where given._file_id > {{{{ watermark() }}}}
"""


def model(parent: str, columns: str = "given.id, given.name, _file_id", join: str = ""):
    return MODEL.format(parent="{{ " + parent + " }}", columns=columns, join=join)


# A function that calls one: the SQL of a model stays, whatever they are.
CALLED = """
{{% macro called(x) %}}
  {{%- if execute and not adapter.has_sql_function('outer_function') -%}}
    {{%- do adapter.define_sql_function('inner_function', 1, "{body}") -%}}
    {{%- do adapter.define_sql_function('outer_function', 1, 'inner_function(_1)') -%}}
  {{%- endif -%}}
  outer_function({{{{ x }}}})
{{% endmacro %}}
"""
YAML = """
sources:
  - name: raw
    schema: main
    tables:
      - name: people
  - name: other
    schema: main
    tables: [name: people_too]
models:
  - name: contracted
    config: {{on_schema_change: fail, contract: {{enforced: true}}}}
    columns:
      - {{name: id, data_type: integer}}
      - {{name: name, data_type: text{constraint}}}
      - {{name: _file_id, data_type: integer}}
"""
# staged ── contracted
#    └───── seen (view) ── behind (ephemeral) ── last
# lookup (seed) ── coded ── after_coded
# aside
FILES = {
    "macros/shout.sql": "{% macro shout(x) %}upper({{ x }}){% endmacro %}",
    "macros/called.sql": CALLED.format(body="lower(_1)"),
    "models/models.yml": YAML.format(constraint=""),
    "models/staged.sql": model(
        "source('raw', 'people')", "given.id, {{ shout('name') }} as name, _file_id"
    ),
    "models/contracted.sql": model("ref('staged')"),
    "models/seen.sql": "select *, 1 as version from {{ ref('staged') }}",
    "models/behind.sql": "{{ config(materialized='ephemeral') }}"
    "select *, 1 as version_too from {{ ref('seen') }}",
    "models/last.sql": model("ref('behind')", "given.*"),
    "seeds/lookup.csv": "code,label\nA,first\n",
    "models/coded.sql": model(
        "source('other', 'people_too')",
        "given.id, label as name, _file_id",
        "left join {{ ref('lookup') }} on code = given.name",
    ),
    "models/after_coded.sql": model("ref('coded')"),
    "models/aside.sql": model("source('other', 'people_too')"),
    "models/functional.sql": model(
        "source('other', 'people_too')",
        "given.id, {{ called('name') }} as name, _file_id",
    ),
}
TABLES = (
    "staged", "contracted", "last", "coded", "after_coded", "aside", "functional",
)  # fmt: skip
SCRIPT = """
create table people (id, name, _file_id);
create table people_too (id, name, _file_id);
"""
CHANGES = {
    "nothing": ({}, set()),
    "SQL": (
        {"models/coded.sql": FILES["models/coded.sql"].replace("label as", "code as")},
        {"coded", "after_coded"},
    ),
    "a macro": (
        {"macros/shout.sql": "{% macro shout(x) %}lower({{ x }}){% endmacro %}"},
        {"staged", "contracted", "last"},
    ),
    "a function": (
        {"macros/called.sql": CALLED.format(body="upper(_1)")},
        {"functional"},
    ),
    "a contract": (
        {
            "models/models.yml": YAML.format(
                constraint=", constraints: [type: not_null]"
            )
        },
        {"contracted"},
    ),
    "a view": (
        {"models/seen.sql": "select *, 2 as version from {{ ref('staged') }}"},
        {"last"},
    ),
    "an ephemeral model": (
        {
            "models/behind.sql": FILES["models/behind.sql"].replace(
                "1 as version_too", "2 as version_too"
            )
        },
        {"last"},
    ),
    "a seed": (
        {"seeds/lookup.csv": "code,label\nA,First\n"},
        {"coded", "after_coded"},
    ),
    "an index": (
        {
            "models/aside.sql": FILES["models/aside.sql"].replace(
                "indexes=[", "indexes=[{'columns': ['name']}, "
            )
        },
        {"aside"},
    ),
}


@pytest.fixture(scope="module")
def project(ours: Layer) -> Project:
    made = ours.project(FILES, SCRIPT)
    for table in ("people", "people_too"):
        made.deliver(1, table, [(1, "A"), (2, "b")])
    outcome = made.dbt("build")
    assert outcome.success, outcome.message
    return made


def rebuilt_tables(project: Project, *command: str) -> set[str]:
    """Return the tables that a build makes anew: a row put in by hand is gone."""
    for table in TABLES:
        project.execute(f"insert into {table} (id, name) values (-1, 'by hand')")
    outcome = project.dbt("build", *command)
    assert outcome.success, outcome.message
    kept = {
        table
        for table in TABLES
        if project.rows(f"select 1 from {table} where id = -1")
    }
    for table in kept:
        project.execute(f"delete from {table} where id = -1")
    return set(TABLES) - kept


@pytest.mark.parametrize("change", CHANGES)
def test_change_rebuilds_the_model_and_its_descendants(project, change):
    files, expected = CHANGES[change]
    project.write(files)
    assert rebuilt_tables(project) == expected


def test_amended_bronze_rows_rebuild_what_reads_them(project):
    project.execute(
        "update ingest_files set source_name = 'raw', table_name = 'people',"
        " amended_at = '2026-01-01T00:00:00.000000Z' where file_id = 1"
    )
    assert rebuilt_tables(project) == {"staged", "contracted", "last"}
    assert rebuilt_tables(project) == set()


def test_a_fresh_parse_is_no_change(project):
    assert rebuilt_tables(project, "--no-partial-parse") == set()


def test_changed_sql_is_noticed(layer):
    config = "{{ config(materialized='incremental') }}"
    project = layer.project({"models/changed.sql": f"{config} select 1 as id"})
    assert project.dbt("run").success
    project.write({"models/changed.sql": f"{config} select 2 as id"})
    assert project.dbt("run").success
    layer.expect(
        project.rows("select id from changed") == [(2,)], "rebuild after a change"
    )


def test_functions_of_a_session_can_be_read(project):
    written = project.folder / "target/functions"
    found = {path.name: path.read_text("utf-8").strip() for path in written.iterdir()}
    assert found["outer_function.sql"] == "inner_function(_1)"
    assert found["inner_function.sql"] in ("lower(_1)", "upper(_1)")


def test_full_refresh_rebuilds_everything(project):
    assert rebuilt_tables(project, "--full-refresh") == set(TABLES)


def test_failed_model_keeps_its_watermark_and_is_tried_again(ours):
    made = ours.project(FILES, SCRIPT)
    made.deliver(1, "people_too", [(1, "A")])
    assert made.dbt("build", "--select", "+after_coded").success
    made.deliver(2, "people_too", [(2, "A")])
    good = FILES["models/coded.sql"]
    made.write({"models/coded.sql": good.replace("label as", "nothing as")})
    failed = made.dbt("build", "--select", "+after_coded")
    assert failed.status["coded"] == "error"
    assert failed.status["after_coded"] == "skipped"
    made.write({"models/coded.sql": good})
    assert made.dbt("build", "--select", "+after_coded").success
    for table in ("coded", "after_coded"):
        assert made.rows(f"select id, name from {table}") == [
            (1, "first"),
            (2, "first"),
        ]
