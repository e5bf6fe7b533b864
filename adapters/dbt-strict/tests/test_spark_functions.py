"""SQL functions of Spark's sessions: their bodies are out of the optimizer's sight."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys

import pytest

needed = all(map(importlib.util.find_spec, ("pyspark", "sqlglot")))
pytestmark = pytest.mark.skipif(
    not (needed and shutil.which("java")),
    reason="needs Java and requirements-spark.txt",
)

PROGRAM = r"""
import sys, threading
from dbt.adapters.spark_strict import connections, functions, session

base = session.plain(sys.argv[1], sys.argv[2])
handle = session.Handle(base, sys.argv[2] + "/x.spark", "")

def rows(sql, handle=handle):
    cursor = handle.cursor()
    cursor.execute(sql)
    return cursor.fetchall()

# steps, a value that is used twice, and a variable of a lambda
assert functions.define("halves", 1, '''(
    with
    given as (select upper(trim(_1, ' ')) as v),
    cut as (select nullif(split_part(v, '@', 1), '') as v, v as whole from given)
    select v || '/' || length(whole) from cut where whole <> 'NONE'
)''')
assert functions.define("twice", 2, "halves(halves(_1)) || _2")
assert not functions.define("looked_up", 1, "(select max(x) from t where y = _1)")
assert functions.is_known("looked_up") is None
assert [f.name for f in functions.behind("select TWICE, twice(x, 1)")] == [
    "twice", "halves"
]

values = "(values (' ann@x'), ('straße'), ('日本@'), ('none'), (null)) as t (x)"
assert rows(f"select x, halves(x), twice(x, 7) from {values}") == [
    (" ann@x", "ANN/5", "ANN/5/57"),
    ("straße", "STRAẞE/6", "STRAẞE/6/87"),
    ("日本@", "日本/3", "日本/3/47"),
    ("none", None, None),
    (None, None, None),
]
# of constants, of no type, of a number, within a lambda and a condition
assert rows("select halves('a'), halves(null), halves(12)") == [("A/1", None, "12/2")]
assert rows("select list_transform(['a@b', 'c'], lambda v: halves(v))") == [
    (["A/3", "C/1"],)
]
assert rows(f"select count(*) from {values} where halves(x) like 'A%'") == [(1,)]

# its body is no part of a query's plan for the optimizer to work on
plan = base.sql("select halves(string(id)) from range(9)")._jdf.queryExecution()
assert plan.optimizedPlan().expressions().apply(0).numberedTreeString().count("\n") < 20

# the estimated size of rows kept again and again stays a number
handle.keep("kept", "select id as k from range(9)")
for again in range(6):
    handle.keep("kept", "select a.k from kept a join kept b on a.k = b.k")
size = base.table("kept")._jdf.queryExecution().analyzed().stats().sizeInBytes()
assert size < 2**64 and handle.sizes.is_small(base.table("kept"))

# a recursion finds more rows than Spark lets one find by default
assert rows(
    "with recursive steps (id, step) as (select id, 0 from range(400000) union all"
    " select id, step + 1 from steps where step < 3) select count(*) from steps"
) == [(1600000,)]

# an error of Java is its reason, without the lines of its code
try:
    base.range(1)._jdf.repartition(-1)
except Exception as error:
    (line,) = connections.said_by(error).splitlines()
    assert "Number of partitions (-1) must be positive" in line, line
    assert line.startswith("java.lang."), line

# threads compute the same function side by side, on the driver and in tasks
wrong = []
def compute(number):
    own = session.Handle(session.cloned(base), handle.path, "")
    for again in range(4):
        found = rows(
            f"select halves('{number}'), min(halves('{number}' || x % 3)),"
            f" count(distinct halves(x || '@')) from range(4000) as t (x)", own
        )
        if found != [(f"{number}/1", f"{number}0/2", 4000)]:
            wrong.append(found)
threads = [threading.Thread(target=compute, args=(n,)) for n in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert not wrong, wrong
print("all equal")
"""


@pytest.mark.parametrize("master", ["local[2]", "local-cluster[2,1,1024]"])
def test_functions_compute_what_their_text_says(master: str, tmp_path) -> None:
    """In a process of its own, as a process has one session of Spark."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, master, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )

    assert done.stdout.strip() == "all equal", done.stderr[-2000:]
