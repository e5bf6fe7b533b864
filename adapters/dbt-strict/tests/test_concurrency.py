"""Readers, other writers and a kill in the middle of a build."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from .conftest import Layer, Project

pytestmark = pytest.mark.long

MODEL = """
{{ config(materialized='table') }}
with recursive counted (n) as (
    select 1 union all select n + 1 from counted
    where n < (select size from settings)
)
select count(*) as n from counted
"""


def project_with_a_table(layer: Layer, size: int) -> Project:
    """A table of one row, whose next build counts to `size`."""
    project = layer.project(
        {"models/slow.sql": MODEL},
        "create table settings (size); insert into settings values (1)",
    )
    assert project.dbt("run").success
    project.execute(f"update settings set size = {size}")
    return project


@contextmanager
def watched(project: Project) -> Iterator[list]:
    """Read the table all the time; the list holds each different answer."""
    seen: list = []
    is_over = threading.Event()

    def read() -> None:
        connection = sqlite3.connect(project.database)
        while not is_over.is_set():
            try:
                answer = connection.execute("select n from slow").fetchall()
            except sqlite3.OperationalError as error:
                answer = str(error)
            if not seen or seen[-1] != answer:
                seen.append(answer)
            time.sleep(0.005)
        connection.close()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield seen
        time.sleep(0.1)
    finally:
        is_over.set()
        reader.join()


def test_reader_sees_the_old_table_until_it_sees_the_new(layer):
    size = 1_000_000
    project = project_with_a_table(layer, size)
    with watched(project) as seen:
        assert project.dbt("run").success
    layer.expect(seen == [[(1,)], [(size,)]], "hide a rebuild from readers")


def test_writer_waits_for_another(layer, monkeypatch):
    """Stock waits as long as Python's library does by default, here not at all."""
    connect = sqlite3.connect
    project = project_with_a_table(layer, 2)
    monkeypatch.setattr(
        sqlite3, "connect", lambda *a, **k: connect(*a, **({"timeout": 0} | k))
    )
    other = connect(project.database, check_same_thread=False, isolation_level=None)
    other.execute("begin immediate")
    timer = threading.Timer(3, lambda: other.execute("commit"))
    timer.start()
    outcome = project.dbt("run")
    timer.join()
    other.close()
    layer.expect(outcome.success, "wait for another writer")


def is_in_mid_build(project: Project) -> bool:
    """Whether the build has locked the database, or dropped the table."""
    connection = sqlite3.connect(project.database, timeout=0, isolation_level=None)
    try:
        connection.execute("select n from slow")
        connection.execute("begin immediate")
    except sqlite3.OperationalError:
        return True
    finally:
        connection.close()
    return False


def test_killed_build_keeps_the_old_table(layer):
    project = project_with_a_table(layer, 10**12)
    code = "import sys; from dbt.cli.main import cli; cli(sys.argv[1:])"
    build = subprocess.Popen(
        [sys.executable, "-c", code, *project.arguments("run")],
        cwd=project.folder,
        stdout=subprocess.DEVNULL,
    )
    try:
        in_a_row = 0
        while in_a_row < 5:  # a lock that lasts is that of the slow model
            assert build.poll() is None, "the build ended before it was killed"
            time.sleep(0.1)
            in_a_row = in_a_row + 1 if is_in_mid_build(project) else 0
    finally:
        build.send_signal(signal.SIGKILL)
        build.wait()
    found = project.rows("select name from sqlite_master where name = 'slow'")
    layer.expect(
        bool(found) and project.rows("select n from slow") == [(1,)],
        "keep the old table when killed",
    )
    project.execute("update settings set size = 3")
    assert project.dbt("run").success
    assert project.rows("select n from slow") == [(3,)]
