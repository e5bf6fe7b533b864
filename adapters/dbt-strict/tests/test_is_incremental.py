"""Incremental models as other projects write them, with is_incremental()."""

from __future__ import annotations

import pytest

from .conftest import Layer, Project

SOURCES = """
sources:
  - name: raw
    schema: main
    tables: [name: events]
"""
MODEL = """
{{{{ config(materialized='incremental', unique_key='id'{config}) }}}}
select id, {value} as value, at from {{{{ source('raw', 'events') }}}}
{{% if is_incremental() %}}
where at > (select max(at) from {{{{ this }}}})
{{% endif %}}
"""
KEPT = ", full_refresh=false"
FILES = {
    "models/sources.yml": SOURCES,
    "models/events.yml": "models: [{name: seen}, {name: kept}]",
    "models/seen.sql": MODEL.format(config="", value="value"),
    "models/kept.sql": MODEL.format(config=KEPT, value="value"),
}
FIRST = "delete from events; insert into events values (1, 'a', 1), (2, 'b', 2);"
SECOND = "delete from events; insert into events values (2, 'c', 3), (3, 'd', 3);"


@pytest.fixture
def project(ours: Layer) -> Project:
    """A project after a build; then the source holds later rows alone."""
    made = ours.project(FILES, f"create table events (id, value, at); {FIRST}")
    assert made.dbt("build").success
    made.execute(SECOND)
    return made


def values(project: Project, table: str) -> dict[int, str]:
    return dict(project.rows(f"select id, value from {table}"))


def test_new_rows_alone_are_taken(project):
    """The row 1 is gone from the source, and stays: nothing was built anew."""
    assert project.dbt("build").success
    assert project.dbt("build").success
    for table in ("seen", "kept"):
        assert values(project, table) == {1: "a", 2: "c", 3: "d"}


def test_a_changed_model_asks_for_all_rows_and_is_built_anew(project):
    project.write({"models/seen.sql": MODEL.format(config="", value="upper(value)")})
    assert project.dbt("build").success
    assert values(project, "seen") == {2: "C", 3: "D"}


def test_full_refresh_asks_for_all_rows(project):
    assert project.dbt("build", "--full-refresh").success
    assert values(project, "seen") == {2: "c", 3: "d"}


def test_a_model_that_must_be_kept_is_never_built_anew(project):
    project.write({"models/kept.sql": MODEL.format(config=KEPT, value="upper(value)")})
    assert project.dbt("build", "--full-refresh").success
    assert values(project, "kept") == {1: "a", 2: "C", 3: "D"}


def test_it_can_be_compiled_before_anything_was_built(ours: Layer):
    made = ours.project(FILES, "create table events (id, value, at)")
    compiled = made.dbt("compile")
    assert compiled.success
    code = {r.node.name: r.node.compiled_code for r in compiled.result.results}
    assert "where at >" not in code["seen"]


def test_the_default_strategy_replaces_rows_of_a_key(layer: Layer):
    model = "{{ config(materialized='incremental', unique_key='id') }} select * from "
    files = {"models/sources.yml": SOURCES}
    files["models/whole.sql"] = model + "{{ source('raw', 'events') }}"
    made = layer.project(files, f"create table events (id, value, at); {FIRST}")
    for _ in range(2):
        assert made.dbt("build").success
    assert values(made, "whole") == {1: "a", 2: "b"}
    assert len(made.rows("whole")) == 2
