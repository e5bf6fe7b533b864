"""Tables on Spark: keys that are looked for, one commit for each change, and views."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from typing import Any

import pytest

needed = all(map(importlib.util.find_spec, ("pyspark", "sqlglot")))
pytestmark = pytest.mark.skipif(
    not (needed and shutil.which("java")),
    reason="needs Java and requirements-spark.txt",
)

FILES = {
    "dbt_project.yml": """
name: shop
version: 1.0.0
profile: shop
flags: {send_anonymous_usage_stats: false}
seeds: {shop: {+column_types: {id: integer, amount: integer}}}
""",
    "profiles.yml": """
shop:
  target: spark
  outputs:
    spark:
      type: spark_strict
      schema: main
      threads: 2
      master: local[2]
      warehouse: {folder}/tables
      path: {folder}/shop.spark
""",
    "seeds/given.csv": "id,amount,name\n1,10,O'Neill \\ Ann\n2,20,\n",
    "models/totals.sql": "select id, amount as _row_id, name from {{ ref('given') }}",
    "models/replaced.sql": """
{{ config(materialized='incremental', unique_key='id', full_refresh=false) }}
select id, amount, name from {{ ref('given') }}
""",
    "models/merged.sql": """
{{ config(materialized='incremental', unique_key='id',
          incremental_strategy='merge', full_refresh=false) }}
select id, amount, name from {{ ref('given') }}
""",
    "models/after.sql": """
{{ config(materialized='table') }}
select replaced.id, replaced.amount, merged.amount as merged_amount
from {{ ref('replaced') }} as replaced
left join {{ ref('merged') }} on merged.id = replaced.id
""",
    "models/seen.sql": """
{{ config(materialized='view') }}
select sum(given.amount) // 7 as total, (
    with
    given as (select totals.name as v),
    cut as (select substr(v, 1, 7) as v from given where v <> '')
    select v from cut
) as name
from {{ ref('totals') }} as totals inner join {{ ref('given') }} as given
    on given.id = totals.id
group by totals.id, totals.name
""",
    "models/schema.yml": """
models:
  - name: totals
    description: It's \\ described
    config:
      contract: {enforced: true}
      materialized: table
      persist_docs: {relation: true, columns: true}
    columns:
      - name: id
        data_type: integer
        description: The key's \\ column
        constraints: [{type: not_null}, {type: primary_key}]
      - name: _row_id
        data_type: bigint
        constraints: [{type: check, expression: _row_id < 100}]
      - {name: name, data_type: text}
""",
}

DRIVER = """
import json, os, pathlib
from dbt.cli.main import dbtRunner
from dbt.adapters.spark_strict.connections import StrictConnections
from dbt.adapters.spark_strict.names import theirs

os.chdir(pathlib.Path(__file__).parent)
seed = pathlib.Path("seeds/given.csv")
found = []

def build():
    done = dbtRunner().invoke(["--quiet", "build"])
    session = StrictConnections._base[1]
    rows = {}
    for name in ("totals", "replaced", "merged", "after", "seen"):
        try:
            frame = session.sql(f"select * from main.{name}")
        except Exception as error:
            rows[name] = str(error)[:80]
            continue
        columns = [theirs(column) for column in frame.columns]
        rows[name] = sorted(
            [dict(zip(columns, row)) for row in frame.collect()], key=str
        )
    about = session.sql("describe extended main.totals").collect()
    found.append({
        "success": done.success,
        "messages": [str(r.message) for r in done.result or [] if r.status == "error"],
        "rows": rows,
        "comments": [row.comment or row.data_type for row in about],
    })

build()
seed.write_text("id,amount,name\\n2,25,Bob\\n3,30,Cy\\n")
build()
seed.write_text("id,amount,name\\n3,30,Cy\\n3,31,Di\\n4,100,Ed\\n")
build()
pathlib.Path("found.json").write_text(json.dumps(found))
"""


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What three builds made, the seed changed before each."""
    folder = tmp_path_factory.mktemp("shop")
    for name, text in (FILES | {"driver.py": DRIVER}).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.replace("{folder}", str(folder)), "utf-8")
    done = subprocess.run(
        [sys.executable, str(folder / "driver.py")],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    found = folder / "found.json"
    assert found.exists(), done.stdout[-2000:] + done.stderr[-2000:]
    return json.loads(found.read_text("utf-8"))


def test_tables_and_views_hold_what_their_queries_find(builds: list[Any]) -> None:
    first = builds[0]
    assert first["success"], first["messages"]
    ann = {"id": 1, "name": "O'Neill \\ Ann"}
    assert first["rows"]["totals"] == [
        ann | {"_row_id": 10},
        {"id": 2, "name": None, "_row_id": 20},
    ]
    assert first["rows"]["seen"] == [
        {"total": 1, "name": "O'Neill"},
        {"total": 2, "name": None},
    ]


def test_descriptions_are_comments(builds: list[Any]) -> None:
    assert "The key's \\ column" in builds[0]["comments"]
    assert "It's \\ described" in builds[0]["comments"]


@pytest.mark.parametrize("model", ["replaced", "merged"])
def test_a_delta_replaces_the_rows_of_its_keys(builds: list[Any], model: str) -> None:
    assert builds[1]["success"], builds[1]["messages"]
    assert builds[1]["rows"][model] == [
        {"id": 1, "amount": 10, "name": "O'Neill \\ Ann"},
        {"id": 2, "amount": 25, "name": "Bob"},
        {"id": 3, "amount": 30, "name": "Cy"},
    ]


def test_what_comes_after_a_delta_reads_the_rows_of_now(builds: list[Any]) -> None:
    amounts = [
        [(row["amount"], row["merged_amount"]) for row in build["rows"]["after"]]
        for build in builds[:2]
    ]
    assert amounts == [[(10, 10), (20, 20)], [(10, 10), (25, 25), (30, 30)]]


def test_a_table_that_breaks_its_contract_is_not_put_in_place(
    builds: list[Any],
) -> None:
    assert not builds[2]["success"]
    [message] = [m for m in builds[2]["messages"] if "Contract of totals" in m]
    assert "id is not unique in 1 rows" in message
    assert "check (_row_id < 100) in 1 rows" in message
    assert builds[2]["rows"]["totals"] == builds[1]["rows"]["totals"]
