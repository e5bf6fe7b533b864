"""What is spared dbt changes nothing that it makes."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2
import pytest
from dbt.adapters.sqlite import SQLiteAdapter, SQLiteCredentials
from dbt_common.clients.jinja import get_environment


def opened(path: Path) -> Any:
    """Return a connection as a node has it."""
    keys = SQLiteCredentials(
        database="warehouse",
        schema="main",
        schemas_and_paths={"main": str(path)},
        schema_directory="none",
    )
    made = SimpleNamespace(state="init", handle=None, credentials=keys, name="node")
    made.transaction_open = False
    return SQLiteAdapter.ConnectionManager.open(made)


def in_a_worker(work: Callable[[], Any]) -> Any:
    """Return what `work` gives in a thread of its own."""
    answers: list[Any] = []
    thread = threading.Thread(target=lambda: answers.append(work()))
    thread.start()
    thread.join()
    return answers[0]


def test_a_worker_keeps_its_database_open_without_traces(tmp_path: Path) -> None:
    manager = SQLiteAdapter.ConnectionManager

    def two_nodes() -> tuple[bool, list[Any], Any]:
        first = opened(tmp_path / "w.db")
        first.handle.execute("create temp table step_x (a)")
        first.handle.execute("pragma foreign_keys = on")
        handle = first.handle
        manager.close(first)
        assert first.state == "closed"
        second = opened(tmp_path / "w.db").handle
        left = second.execute("select name from sqlite_temp_master").fetchall()
        return second is handle, left, second.execute("pragma foreign_keys").fetchone()

    assert in_a_worker(two_nodes) == (True, [], (0,))


def test_an_open_transaction_ends_with_its_node(tmp_path: Path) -> None:
    def two_nodes() -> list[Any]:
        first = opened(tmp_path / "w.db")
        first.handle.execute("create table t (a)")
        first.handle.execute("insert into t values (1)")
        SQLiteAdapter.ConnectionManager.close(first)
        return opened(tmp_path / "w.db").handle.execute("select * from t").fetchall()

    assert in_a_worker(two_nodes) == []


def test_the_main_thread_keeps_nothing_open(tmp_path: Path) -> None:
    node = opened(tmp_path / "w.db")
    SQLiteAdapter.ConnectionManager.close(node)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        node.handle.execute("select 1")


def test_where_a_database_lies_is_no_reason_to_parse_anew(tmp_path: Path) -> None:
    one, other = (opened(tmp_path / name).credentials for name in ("a.db", "b.db"))
    assert list(one.connection_info()) == list(other.connection_info())


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
