"""Connections that stay open from node to node."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from pathlib import Path

from dbt.adapters.contracts.connection import Connection, ConnectionState
from dbt.adapters.exceptions import FailedToConnectError
from dbt.adapters.sqlite.connections import SQLiteConnectionManager
from dbt.adapters.sqlite_strict.credentials import StrictCredentials
from dbt.adapters.sqlite_strict.functions import Database
from dbt.include.strict.queries import QuietQueries


class StrictConnections(QuietQueries, SQLiteConnectionManager):
    """Leaves a database open from node to node, for as long as a worker lives.

    To open it SQLite reads its whole schema, which takes 8 ms with a hundred tables
    and their descriptions; a worker thread ends with dbt's command. The main thread
    lives on, while files may be moved or deleted, and keeps nothing.
    """

    TYPE = "sqlite_strict"
    _kept = threading.local()

    @classmethod
    def open(cls, connection: Connection) -> Connection:
        """Open the databases of the profile, or take up those that are open."""
        if connection.state == ConnectionState.OPEN:
            return connection
        credentials: StrictCredentials = connection.credentials
        wanted = _databases(credentials)
        kept, handle = cls._kept.__dict__.pop("opened", (None, None))
        if kept != wanted:
            if handle:
                handle.close()
            try:
                handle = _opened(wanted, credentials.extensions)
            except sqlite3.Error as error:
                connection.handle, connection.state = None, ConnectionState.FAIL
                raise FailedToConnectError(f"{wanted}: {error}") from error
        connection.handle, connection.state = handle, ConnectionState.OPEN
        return connection

    @classmethod
    def _close_handle(cls, connection: Connection) -> None:
        if threading.current_thread() is threading.main_thread():
            super()._close_handle(connection)
            return
        handle: Database = connection.handle
        handle.forget_results()
        handle.rollback()  # what dbt does not know to be open
        handle.execute("pragma foreign_keys = off")
        made = "select name from sqlite_temp_master where type = 'table'"
        for (name,) in handle.execute(made).fetchall():
            handle.execute(f'drop table temp."{name}"')
        handle.execute("pragma shrink_memory")  # the caches of the node
        cls._kept.opened = _databases(connection.credentials), handle


def _databases(credentials: StrictCredentials) -> dict[str, str]:
    """Return the path of each database by its schema."""
    paths = credentials.schemas_and_paths.items()
    return {schema: str(Path(path).absolute()) for schema, path in paths}


def _opened(databases: dict[str, str], extensions: list[str]) -> Database:
    handle = sqlite3.connect(databases["main"], factory=Database)
    try:
        if extensions:
            handle.enable_load_extension(True)
            for extension in extensions:
                handle.load_extension(extension)
        else:
            # what dbt-sqlite's own macros call, to hash and in snapshots
            handle.create_function("md5", 1, _md5, deterministic=True)
        add_functions(handle)
        for schema, path in databases.items():
            if schema != "main":
                handle.execute(f'attach ? as "{schema}"', [path])
    except sqlite3.Error:
        handle.close()
        raise
    return handle


def add_functions(handle: sqlite3.Connection) -> None:
    """Add what other engines have of their own: `hex_digest('sha1', text)`."""
    handle.create_function("hex_digest", 2, _hex_digest, deterministic=True)


def _hex_digest(algorithm: str, value: object) -> str | None:
    if value is None:
        return None
    data = value if isinstance(value, bytes) else str(value).encode()
    return hashlib.new(algorithm, data, usedforsecurity=False).hexdigest()


def _md5(value: object) -> bytes | None:
    if value is None:
        return None
    data = value if isinstance(value, bytes) else str(value).encode()
    return hashlib.md5(data, usedforsecurity=False).digest()
