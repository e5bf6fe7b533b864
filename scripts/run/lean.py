"""dbt without work whose result nobody sees."""

from __future__ import annotations

import gc
import sqlite3
import threading
from functools import cache
from types import CodeType
from typing import Any

from dbt.adapters.contracts.connection import Connection, ConnectionState
from dbt.adapters.events.base_types import DebugLevel
from dbt.adapters.sqlite import SQLiteAdapter, SQLiteCredentials
from dbt.adapters.sqlite.connections import SQLiteConnectionManager
from dbt.version import __version__ as dbt_version
from dbt_common.clients.jinja import MacroFuzzEnvironment
from dbt_common.events.base_types import BaseEvent, EventLevel
from dbt_common.events.event_manager import EventManager
from dbt_common.events.event_manager_client import ctx_set_event_manager
from jinja2 import FileSystemBytecodeCache

READ = {"NodeFinished"}
"""The debug events that somebody listens to."""


def slim() -> None:
    """Spare dbt, in this process, what costs time and changes nothing."""
    ctx_set_event_manager(_WithoutDebug())
    DebugLevel.__init__ = lambda self, **_: None  # of adapters, several a query
    SQLiteAdapter.ConnectionManager = _KeptOpen
    _keep_templates()
    # else each database has dbt parse the project anew: the keys are hashed
    SQLiteCredentials._connection_keys = lambda _: ["database", "schema"]
    # dbt keeps what it makes; looking through it for garbage again and again
    # takes a tenth of the time
    gc.set_threshold(100_000, 20, 20)
    if not gc.get_freeze_count():  # what is imported stays, to the end
        gc.freeze()


@cache
def _keep_templates() -> None:
    """Keep what Jinja compiles between runs, by its own cache of bytecode."""
    try:
        kept = FileSystemBytecodeCache()
    except RuntimeError:  # no folder for temporary files that is ours alone
        return
    compile_anew = MacroFuzzEnvironment.compile

    def compile_once(
        environment: MacroFuzzEnvironment, source: str, *_: Any, **__: Any
    ) -> CodeType:
        # native environments compile to something else
        name = f"{dbt_version} {type(environment).__name__} {source}"
        bucket = kept.get_bucket(environment, name, None, source)
        if bucket.code is None:
            bucket.code = compile_anew(environment, source)
            kept.set_bucket(bucket)
        return bucket.code

    MacroFuzzEnvironment.compile = compile_once


class _WithoutDebug(EventManager):
    """Drops debug events, some fifty a node, before they become messages."""

    def fire_event(
        self,
        e: BaseEvent,
        level: EventLevel | None = None,
        node: Any = None,
        force_warn_or_error_handling: bool = False,
    ) -> None:
        if (level or e.level_tag()) != EventLevel.DEBUG or type(e).__name__ in READ:
            super().fire_event(e, level, node, force_warn_or_error_handling)


class _KeptOpen(SQLiteConnectionManager):
    """Leaves a database open from node to node, for as long as a worker lives.

    Whoever opens it reads its whole schema, which takes 8 ms with the tables of
    this project; a worker thread ends with dbt's command. The main thread lives
    on, while files may be moved or deleted, and keeps nothing.
    """

    _kept = threading.local()

    @classmethod
    def open(cls, connection: Connection) -> Connection:
        kept = cls._kept.__dict__.pop("handle", None)
        if kept is None:
            return super().open(connection)
        connection.handle, connection.state = kept, ConnectionState.OPEN
        return connection

    @classmethod
    def _close_handle(cls, connection: Connection) -> None:
        if threading.current_thread() is threading.main_thread():
            super()._close_handle(connection)
            return
        handle: sqlite3.Connection = connection.handle
        handle.rollback()  # what dbt does not know to be open
        handle.execute("pragma foreign_keys = off")
        made = "select name from sqlite_temp_master where type = 'table'"
        for (name,) in handle.execute(made).fetchall():
            handle.execute(f"drop table temp.{name}")
        handle.execute("pragma shrink_memory")  # the caches of the node
        cls._kept.handle = handle
