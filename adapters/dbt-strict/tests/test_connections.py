"""A worker keeps its database open from node to node, and leaves no trace in it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from dbt.adapters.exceptions import FailedToConnectError
from dbt.adapters.sqlite_strict import StrictConnections, StrictCredentials
from dbt.cli.main import dbtRunner
from dbt_common.events.event_manager import EventManager
from dbt_common.events.event_manager_client import (
    ctx_set_event_manager,
    get_event_manager,
)

from .conftest import Layer


def opened(path: Path, **attach: str) -> Any:
    """Return a connection as a node has it."""
    keys = StrictCredentials(path=str(path), attach=attach)
    made = SimpleNamespace(state="init", handle=None, credentials=keys, name="node")
    made.transaction_open = False
    return StrictConnections.open(made)


def in_a_worker(work: Callable[[], Any]) -> Any:
    """Return what `work` gives in a thread of its own."""
    answers: list[Any] = []
    thread = threading.Thread(target=lambda: answers.append(work()))
    thread.start()
    thread.join()
    return answers[0]


def test_a_worker_keeps_its_database_open_without_traces(tmp_path: Path) -> None:
    def two_nodes() -> tuple[bool, list[Any], Any]:
        first = opened(tmp_path / "w.db")
        first.handle.execute("create temp table step_x (a)")
        first.handle.execute("pragma foreign_keys = on")
        handle = first.handle
        StrictConnections.close(first)
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
        StrictConnections.close(first)
        return opened(tmp_path / "w.db").handle.execute("select * from t").fetchall()

    assert in_a_worker(two_nodes) == []


def test_the_main_thread_keeps_nothing_open(tmp_path: Path) -> None:
    node = opened(tmp_path / "w.db")
    StrictConnections.close(node)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        node.handle.execute("select 1")


def test_another_database_is_opened_for_itself(tmp_path: Path) -> None:
    def two_nodes() -> list[Any]:
        first = opened(tmp_path / "a.db")
        first.handle.execute("create table t (a)")
        StrictConnections.close(first)
        other = opened(tmp_path / "b.db")
        return other.handle.execute("select name from sqlite_master").fetchall()

    assert in_a_worker(two_nodes) == []


def test_another_database_can_be_read(tmp_path: Path) -> None:
    source = sqlite3.connect(tmp_path / "shop.db")
    source.execute("create table sales as select 5 as amount")
    source.close()
    node = opened(tmp_path / "w.db", shop=str(tmp_path / "shop.db"))
    assert node.handle.execute("select amount from shop.sales").fetchall() == [(5,)]
    StrictConnections.close(node)


def test_a_database_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(FailedToConnectError, match=r"absent.w\.db.*unable to open"):
        opened(tmp_path / "absent" / "w.db")


def test_where_a_database_lies_is_shown_and_no_reason_to_parse_anew() -> None:
    """dbt compares representations."""
    one, other = (
        list(StrictCredentials(path=path).connection_info())
        for path in ("a.db", "b.db")
    )
    assert str(dict(one)["path"]) == "a.db"
    assert repr(one) == repr(other)
    assert repr(one) != repr(list(StrictCredentials(schema="x").connection_info()))


@pytest.fixture
def every_event() -> Iterator[None]:
    """Let dbt fire all of its events, whatever other tests have set."""
    before = get_event_manager()
    ctx_set_event_manager(EventManager())
    yield
    ctx_set_event_manager(before)


@pytest.mark.usefixtures("every_event")
@pytest.mark.parametrize(
    ("log_queries", "level", "is_logged"),
    [(True, "info", True), (False, "info", False), (False, "debug", True)],
)
def test_queries_are_logged_as_the_profile_says(
    ours: Layer,
    monkeypatch: pytest.MonkeyPatch,
    log_queries: bool,
    level: str,
    is_logged: bool,
) -> None:
    made = ours.project({"models/one.sql": "select 1 as one"})
    monkeypatch.chdir(made.folder)
    profiles = made.folder / "profiles.yml"
    said = profiles.read_text().replace("false", str(log_queries).lower())
    profiles.write_text(said)
    seen: list[Any] = []
    ran = dbtRunner(callbacks=[seen.append]).invoke(
        made.arguments("run", "--log-level-file", level)
    )
    assert ran.success
    queries = [event.data.sql for event in seen if event.info.name == "SQLQuery"]
    assert bool([sql for sql in queries if "create view" in sql]) == is_logged


def test_a_connection_has_digests(tmp_path: Path) -> None:
    handle = opened(tmp_path / "w.db").handle
    digests = "select hex_digest('sha1', ?), hex_digest('md5', ?)"
    # the examples of FIPS 180 and RFC 1321
    assert handle.execute(digests, ("abc", "abc")).fetchone() == (
        "a9993e364706816aba3e25717850c26c9cd0d89d",
        "900150983cd24fb0d6963f7d28e17f72",
    )
    assert handle.execute(digests, (None, b"abc")).fetchone() == (
        None,
        "900150983cd24fb0d6963f7d28e17f72",
    )
