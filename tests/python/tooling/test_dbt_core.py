"""What dbt is spared changes nothing that it makes; three modules alone import it."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from time import sleep
from types import SimpleNamespace
from typing import Any

import jinja2.sandbox
import pytest
from dbt.clients.jinja import MacroGenerator, MacroStack
from dbt.graph.queue import GraphQueue
from dbt.task.runnable import GraphRunnableTask
from dbt_common.clients.jinja import get_environment
from dbt_common.exceptions import CaughtMacroErrorWithNodeError
from networkx import DiGraph

from scripts.dbt_core import slim
from scripts.settings import PROJECT

IMPORT = re.compile(r"^\s*(from|import) (dbt|dbt_common)\b", re.MULTILINE)


def test_three_modules_import_dbt() -> None:
    paths = [path for f in ("scripts", "tools") for path in (PROJECT / f).rglob("*.py")]
    found = {
        path.relative_to(PROJECT).as_posix()
        for path in paths
        if IMPORT.search(path.read_text(encoding="utf-8"))
    }
    assert found == {f"scripts/dbt_{name}.py" for name in ("core", "names", "slim")}


@pytest.mark.parametrize("native", [False, True])
def test_templates_kept_give_what_they_gave(native: bool) -> None:
    source = "{%- set x = 1 %}{{ x }}{{ y }}{# é #}"
    given = [
        str(get_environment(native=native).from_string(source).render({"y": y}))
        for y in (2, 2, "é")
    ]
    assert given == ["12", "12", "1é"]


def test_a_template_that_cannot_be_compiled_says_so_each_time() -> None:
    for _ in range(2):
        with pytest.raises(jinja2.TemplateSyntaxError, match="unknown tag"):
            get_environment().from_string("{% nonsense %}")


def test_a_macro_looks_its_names_up_at_each_call():
    names: dict[str, Any] = {"y": 1}
    sql = "{% macro m(x) %}{{ y }}{{ x }}{{ n(x) if n }}{% endmacro %}"
    node = SimpleNamespace(depends_on=SimpleNamespace(add_macro=lambda _: None))
    called = SimpleNamespace(name="m", unique_id="macro.p.m", macro_sql=sql)
    macro = MacroGenerator(called, names, node, MacroStack())
    given = [macro(2)]
    names["y"] = 3
    inner = SimpleNamespace(
        name="n",
        unique_id="macro.p.n",
        macro_sql="{% macro n(x) %}{{ x.z }}{% endmacro %}",
    )
    names["n"] = MacroGenerator(inner, names, node, macro.stack)
    given.append(macro({"z": 4}))
    assert given == ["12", "3{'z': 4}4"]
    with pytest.raises(CaughtMacroErrorWithNodeError, match="no keyword argument 'q'"):
        macro(q=1)
    assert macro.stack.depth == 0


@pytest.mark.parametrize(
    "source", ["{{ ''.__class__.mro() }}", "{{ '{0.__class__.mro}'.format(1) }}"]
)
def test_templates_see_no_more_of_python_than_before(source: str) -> None:
    for _ in range(2):
        with pytest.raises(jinja2.sandbox.SecurityError, match="unsafe"):
            get_environment().from_string(source).render({})


def test_a_log_that_cannot_be_written_prints_no_traceback():
    script = """
import logging, logging.handlers, resource, signal, sys
import scripts.dbt_core
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1, 1))
log = logging.getLogger("dbt")
log.propagate = False
log.addHandler(logging.handlers.RotatingFileHandler(sys.argv[1], maxBytes=1000))
for _ in range(3):
    log.error("some line")
"""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-c", script, f"{folder}/dbt.log"],
            cwd=PROJECT, capture_output=True, text=True,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_the_longest_way_is_begun_first() -> None:
    slim()
    ways = [("b.first", "b.second"), ("b.second", "test.b"), ("test.b", "b.last")]
    graph = DiGraph([*ways, ("a.one", "test.a"), ("c.one", "c.two")])
    known = SimpleNamespace(expect=lambda name: SimpleNamespace(unique_id=name))
    queue = GraphQueue(graph, known, set(graph))
    order = []
    while not queue.empty():
        order.append(queue.get().unique_id)
        queue.mark_done(order[-1])
    # three models in a row, two, one, and none; those of one length by name
    assert order == [
        *("b.first", "b.second", "c.one", "a.one", "c.two", "test.b", "b.last"),
        "test.a",
    ]


def test_a_node_is_handed_out_when_a_thread_is_free() -> None:
    slim()
    graph = DiGraph()
    graph.add_nodes_from("abc")
    known = SimpleNamespace(expect=lambda name: SimpleNamespace(unique_id=name))
    queue = GraphQueue(graph, known, set(graph))
    events = []

    def done(name: str) -> None:
        events.append(f"{name} is done")
        queue.mark_done(name)

    task = SimpleNamespace(
        job_queue=queue,
        get_runner=lambda node: SimpleNamespace(node=node),
        _raise_set_error=lambda: None,
        _skipped_children={},
        _submit=lambda _, runners, __: events.append(runners[0].node.unique_id),
    )
    with ThreadPoolExecutor() as others:
        pool = SimpleNamespace(max_threads=2)
        for _ in range(2):
            GraphRunnableTask.handle_job_queue(task, pool, None)
        others.submit(lambda: (sleep(0.2), done("b")))
        GraphRunnableTask.handle_job_queue(task, pool, None)
    assert events == ["a", "b", "b is done", "c"]
