"""A contract is physical, and a failed build leaves the old table as it was."""

from __future__ import annotations

import re
import sqlite3

import pytest

from .conftest import Layer, Outcome, Project

GOOD = """
delete from given;
insert into given values
    ('keyed', 1, 'a'), ('keyed', 2, 'b'),
    ('checked', 1, 'a'), ('checked', 2, 'b'),
    ('typed', 1, 'a'), ('typed', 2, 'b'),
    ('required', 1, 'a'), ('required', 2, 'b'),
    ('referring', 1, 'a'), ('referring', 2, 'b'),
    ('computed', 1, '[1]'), ('computed', 2, '[2]');
"""
# One fault per model. That of `computed` shows while rows are being read.
BAD = """
insert into given values
    ('keyed', 1, 'c'), ('checked', -1, 'c'), ('typed', 'one', 'c'),
    ('required', 3, null), ('referring', 3, 'nobody'), ('computed', 3, '[3');
"""
MODEL = "select id, name from {{ source('raw', 'given') }} where model = '%s'"
MODELS = {
    f"models/{name}.sql": MODEL % name
    for name in ("keyed", "checked", "typed", "required", "referring")
} | {
    "models/computed.sql": """
        {{ config(materialized='table') }}
        select id, json(name) as name from {{ source('raw', 'given') }}
        where model = 'computed'
        """,
    # The comment at the end must not swallow what the layer writes after it.
    "models/parents.sql": """
        {{ config(materialized='table') }}
        select 'a' as name union all select 'b'  -- two letters
        """,
    "models/everything.sql": """
        {{ config(materialized='table', indexes=[
            {'columns': ['amount', 'day']},
            {'columns': ['label'], 'unique': true},
        ]) }}
        select
            1 as id, 'a' as name, 1 as version, 'x' as label, 5 as amount,
            '2024-02-29' as day, '2024-02-29T23:59:59.999999Z' as at,
            1 as flag, 0.5 as share, 2 as half, 1 as id_a, 1 as id_b
        """,
    "models/pairs.sql": """
        {{ config(materialized='table') }}
        select 1 as id_a, 1 as id_b
        """,
    "models/lacks.sql": "select 1 as id, 2 as odd",
    "models/described.sql": "select 1 as id",
    "models/odd_type.sql": "select 1 as id",
    "models/elsewhere_written.sql": """
        -- depends_on: {{ ref('parents') }}
        select '1' as "order", 'a' as label, 1.5 as amount, 2 as size, 0.5 as share,
            '2024-02-29 10:00:00' as at, true as flag
        """,
    "models/odd_constraint.sql": "select 1 as id",
}
NOT_NULL_KEY = "[{type: not_null}, {type: primary_key}]"
KEY = f"{{name: id, data_type: integer, constraints: {NOT_NULL_KEY}}}"
NAME = "{name: name, data_type: text}"
CONTRACTS = f"""
sources:
  - name: raw
    schema: main
    tables: [name: given]
models:
  - name: parents
    config: {{contract: {{enforced: true}}}}
    columns:
      - name: name
        data_type: text
        constraints: [{{type: not_null}}, {{type: primary_key}}]
  - name: keyed
    config: {{materialized: table, contract: {{enforced: true}}}}
    columns: [{KEY}, {NAME}]
  - name: typed
    config: {{materialized: table, contract: {{enforced: true}}}}
    columns: [{{name: id, data_type: integer}}, {NAME}]
  - name: checked
    config: {{materialized: table, contract: {{enforced: true}}}}
    constraints: [{{type: check, columns: [id], expression: id > 0}}]
    columns: [{KEY}, {NAME}]
  - name: required
    config: {{materialized: table, contract: {{enforced: true}}}}
    columns:
      - {KEY}
      - {{name: name, data_type: text, constraints: [type: not_null]}}
  - name: referring
    config: {{materialized: table, contract: {{enforced: true}}}}
    columns:
      - {KEY}
      - name: name
        data_type: text
        constraints:
          - {{type: foreign_key, to: ref('parents'), to_columns: [name]}}
  - name: pairs
    config: {{contract: {{enforced: true}}}}
    constraints: [{{type: primary_key, columns: [id_a, id_b]}}]
    columns:
      - {{name: id_a, data_type: integer}}
      - {{name: id_b, data_type: integer}}
  - name: described
    description: One of each.
    config:
      materialized: table
      contract: {{enforced: true}}
      persist_docs: {{relation: true, columns: true}}
    columns:
      - name: id
        data_type: integer
        description: A number; not '%', "quoted" -- or
          on one line.
  - name: everything
    config: {{contract: {{enforced: true}}}}
    constraints:
      - {{type: primary_key, columns: [id, version]}}
      - {{type: unique, columns: [label, amount]}}
      - {{type: foreign_key, columns: [id_a, id_b], to: ref('pairs'),
         to_columns: [id_a, id_b]}}
    columns:
      - {{name: id, data_type: integer, constraints: [type: not_null]}}
      - name: name
        data_type: text
        constraints:
          - {{type: foreign_key, to: ref('parents'), to_columns: [name]}}
      - {{name: version, data_type: integer, constraints: [type: not_null]}}
      - {{name: label, data_type: text, constraints: [type: unique]}}
      - name: amount
        data_type: bigint
        constraints: [{{type: check, expression: amount % 5 = 0}}]
      - {{name: day, data_type: date}}
      - {{name: at, data_type: timestamp}}
      - {{name: flag, data_type: boolean}}
      - {{name: share, data_type: double}}
      - {{name: half, data_type: integer}}
      - {{name: id_a, data_type: integer}}
      - {{name: id_b, data_type: integer}}
  - name: lacks
    config: {{materialized: table, contract: {{enforced: true}}}}
    columns: [{KEY}, {NAME}]
  - name: odd_type
    config: {{materialized: table, contract: {{enforced: true}}}}
    columns: [{{name: id, data_type: geometry}}]
  - name: odd_constraint
    config: {{materialized: table, contract: {{enforced: true}}}}
    constraints: [{{type: custom, expression: what ever}}]
    columns: [{{name: id, data_type: integer}}]
  - name: elsewhere_written
    config: {{materialized: table, contract: {{enforced: true}}}}
    constraints: [{{type: unique, name: one_order, columns: ['"order"', label]}}]
    columns:
      - {{name: order, quote: true, data_type: "VARCHAR(20)"}}
      - name: label
        data_type: char(1)
        constraints:
          - {{type: foreign_key, expression: "parents (name)", name: of_parent}}
          - {{type: custom, expression: collate nocase}}
      - {{name: amount, data_type: "decimal(10, 2)"}}
      - {{name: at, data_type: datetime}}
      - {{name: size, data_type: INT}}
      - {{name: share, data_type: float}}
      - {{name: flag, data_type: bool}}
"""
FAULTS = ("keyed", "checked", "typed", "required", "referring", "computed")


@pytest.fixture(scope="module")
def built(layer: Layer) -> tuple[Project, Outcome, Outcome]:
    """The project after a good build and a second one on faulty rows."""
    files = MODELS | {"models/models.yml": CONTRACTS}
    project = layer.project(files, f"create table given (model, id, name); {GOOD}")
    first = project.dbt("run")
    project.execute(BAD)
    return project, first, project.dbt("run", "--select", *FAULTS)


@pytest.mark.parametrize("model", FAULTS)
def test_failed_build_keeps_the_old_table(layer, built, model):
    project, first, second = built
    assert first.status[model] == "success", first.message[model]
    kept = {"computed": [(1, "[1]"), (2, "[2]")]}.get(model, [(1, "a"), (2, "b")])
    try:
        is_kept = project.rows(model) == kept
    except sqlite3.OperationalError:  # no such table
        is_kept = False
    layer.expect(
        second.status[model] == "error" and is_kept, "fail and keep the old table"
    )


def test_failure_names_child_column_and_parent(layer, built):
    message = built[2].message["referring"]
    layer.expect(
        "referring.name" in message and "parents" in message, "name what is broken"
    )


def column(project: Project, table: str, name: str) -> tuple:
    """(type, not null, position in the primary key) of a column."""
    [row] = project.rows(
        f"select lower(type), \"notnull\", pk from pragma_table_info('{table}') "
        f"where name = '{name}'"
    )
    return row


def test_contract_is_in_the_file(layer, built):
    project = built[0]
    layer.expect(column(project, "keyed", "id") == ("int", 1, 1), "primary key")
    layer.expect(
        [column(project, "everything", name)[2] for name in ("id", "version")]
        == [1, 2],
        "primary key of two columns",
    )
    unique = project.rows(
        "select group_concat(c.name) from pragma_index_list('everything') as i, "
        "pragma_index_info(i.name) as c where i.origin = 'u' group by i.name"
    )
    layer.expect(sorted(unique) == [("label",), ("label,amount",)], "unique")
    keys = project.rows(
        'select "table", group_concat("from"), group_concat("to") '
        "from pragma_foreign_key_list('everything') group by id"
    )
    layer.expect(
        sorted(keys)
        == [("pairs", "id_a,id_b", "id_a,id_b"), ("parents", "name", "name")],
        "foreign keys",
    )


def test_indexes(layer, built):
    indexed = built[0].rows(
        'select i."unique", group_concat(c.name) from '
        "pragma_index_list('everything') as i, pragma_index_info(i.name) as c "
        "where i.origin = 'c' group by i.name"
    )
    layer.expect(
        sorted(indexed)
        == [(0, "amount,day"), (0, "id_a,id_b"), (0, "name"), (1, "label")],
        "create the configured indexes, and one per foreign key",
    )


VALUES = [
    ("id", None, False),
    ("id", 2, True),
    ("label", 5, True),  # a number is text as soon as it is stored
    ("label", b"\x00", False),
    ("amount", 10, True),
    ("amount", 7, False),
    ("amount", "ten", False),
    ("amount", 2.5, False),
    ("amount", 2**63 - 8, True),
    ("day", "2023-02-28", True),
    ("day", None, True),
    ("day", "2023-02-29", False),
    ("day", "2023-2-1", False),
    ("day", "2023-02-28T00:00:00.000000Z", False),
    ("day", "", False),
    ("day", "soon", False),
    ("at", "2024-12-31T23:59:59.999999Z", True),
    ("at", "1900-01-01T00:00:00.000000Z", True),
    ("at", None, True),
    ("at", "2024-02-30T00:00:00.000000Z", False),
    ("at", "2024-02-28T24:00:00.000000Z", False),
    ("at", "2024-02-28T10:61:00.000000Z", False),
    ("at", "2024-02-28 10:00:00.000000Z", False),
    ("at", "2024-02-28T10:00:00.000Z", False),
    ("at", "2024-02-28T10:00:00.000000", False),
    ("at", "2024-02-28T10:00:00.000000+00:00", False),
    ("flag", 0, True),
    ("flag", None, True),
    ("flag", 2, False),
    ("flag", "true", False),
    ("share", 1, True),
    ("share", "half", False),
    ("name", None, True),
]


@pytest.mark.parametrize(("name", "value", "is_taken"), VALUES)
def test_logical_types(layer, built, name, value, is_taken):
    row = {
        "id": 99, "name": "b", "version": 1, "label": "y", "amount": 5,
        "day": "2024-01-01", "at": "2024-01-01T00:00:00.000000Z", "flag": 0,
        "share": 0.1, "half": 1, "id_a": 1, "id_b": 1,
    } | {name: value}  # fmt: skip
    connection = sqlite3.connect(built[0].database)
    try:
        connection.execute(
            f"insert into everything ({', '.join(row)}) "
            f"values ({', '.join('?' * len(row))})",
            list(row.values()),
        )
        was_taken = True
    except sqlite3.IntegrityError:
        was_taken = False
    finally:
        connection.close()
    if is_taken:
        assert was_taken
    else:
        layer.expect(not was_taken, f"refuse {value!r} in {name}")


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("lacks", ["lacks", "declared but not selected: name", "not declared: odd"]),
        ("odd_type", ["odd_type", "text, date, timestamp, boolean", "got: geometry"]),
        ("odd_constraint", ["odd_constraint", "custom", "the whole table"]),
    ],
)
def test_broken_contract_has_a_clear_message(layer, built, model, words):
    first = built[1]
    layer.expect(
        first.status[model] == "error"
        and all(word in first.message[model] for word in words),
        f"name {words}",
    )


def test_descriptions_stand_in_the_ddl(layer, built):
    ddl = built[0].rows("select sql from sqlite_master where name = 'described'")
    layer.expect(
        built[1].status["described"] == "success"
        and bool(re.search(r"\(\s*-- One of each\.", ddl[0][0]))
        and "-- A number; not '%', \"quoted\" -- or on one line." in ddl[0][0],
        "write descriptions into the DDL",
    )


WRITTEN = {"order": "2", "label": "a", "amount": 1, "at": None, "size": 1, "share": 1}


@pytest.mark.parametrize(
    ("name", "value", "is_taken"),
    [
        ("label", "A", False),  # the parent's key is the lower case letter
        ("amount", 2.25, True),
        ("amount", "2.25", False),
        ("amount", None, True),
        ("at", "2024-02-29", True),
        ("at", "2024-02-29 23:59:59.5", True),
        ("at", "2024-02-29T23:59:59+02:00", True),
        ("at", "2023-02-29 10:00:00", False),
        ("at", "2023-02-28 25:00:00", False),
        ("at", "10:00:00", False),
        ("size", 1.5, False),
        ("order", "1", False),  # of the unique pair
    ],
)
def test_types_and_constraints_as_other_projects_write_them(
    layer, built, name, value, is_taken
):
    """Rows that break nothing but one rule."""
    project, first, _ = built
    assert first.status["elsewhere_written"] == "success"
    row = WRITTEN | {name: value}
    names = ", ".join(f'"{column}"' for column in row)
    connection = sqlite3.connect(project.database)
    try:
        connection.execute("pragma foreign_keys = on")
        connection.execute(
            f"insert into elsewhere_written ({names}) values (?, ?, ?, ?, ?, ?)",
            list(row.values()),
        )
        was_taken = True
    except sqlite3.IntegrityError:
        was_taken = False
    finally:
        connection.close()
    if is_taken:
        assert was_taken
    else:
        layer.expect(not was_taken, f"refuse {value!r} in {name}")
