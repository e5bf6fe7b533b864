"""Connections that stay open from node to node."""

from __future__ import annotations

import threading
from typing import Any

import psycopg2
from dbt.adapters.contracts.connection import Connection, ConnectionState
from dbt.adapters.exceptions import FailedToConnectError
from dbt.adapters.postgres.connections import PostgresConnectionManager
from dbt.adapters.postgres_strict.credentials import StrictCredentials
from dbt.include.strict.queries import QuietQueries

SETTINGS = {
    "search_path": "{schema}",
    "timezone": "UTC",
    "datestyle": "ISO",
    # compiling costs more than most queries here do
    "jit": "off",
    # that a table is not there to drop, or a transaction not open
    "client_min_messages": "warning",
}


class StrictConnections(QuietQueries, PostgresConnectionManager):
    """Leaves a connection open from node to node, for as long as a worker lives.

    A new one is a new process on the server, which has to read the catalogue anew and
    to compile every pattern. The main thread lives on, and keeps nothing.

    Transactions begin and end by statements alone: what runs outside of one is
    committed at once, as SQLite does it.
    """

    TYPE = "postgres_strict"
    _kept = threading.local()

    @classmethod
    def open(cls, connection: Connection) -> Connection:
        """Open the database of the profile, or take up the one that is open."""
        if connection.state == ConnectionState.OPEN:
            return connection
        credentials: StrictCredentials = connection.credentials
        wanted = credentials.url, credentials.schema
        kept, handle = cls._kept.__dict__.pop("opened", (None, None))
        if kept != wanted or handle.closed:
            if handle:
                handle.close()
            try:
                handle = _opened(credentials)
            except psycopg2.Error as error:
                connection.handle, connection.state = None, ConnectionState.FAIL
                raise FailedToConnectError(str(error).strip()) from error
        connection.handle, connection.state = handle, ConnectionState.OPEN
        return connection

    @classmethod
    def _rollback_handle(cls, connection: Connection) -> None:
        if connection.handle and not connection.handle.closed:
            connection.handle.cursor().execute("rollback")

    @classmethod
    def _close_handle(cls, connection: Connection) -> None:
        handle = connection.handle
        is_main = threading.current_thread() is threading.main_thread()
        if is_main or handle is None or handle.closed:
            super()._close_handle(connection)
            return
        cursor = handle.cursor()
        cursor.execute("rollback")  # what dbt does not know to be open
        cursor.execute("discard temp")
        credentials = connection.credentials
        cls._kept.opened = (credentials.url, credentials.schema), handle


def _opened(credentials: StrictCredentials) -> Any:
    options = " ".join(
        f"-c {name}={value.format(schema=credentials.schema)}"
        for name, value in SETTINGS.items()
    )
    handle = psycopg2.connect(
        credentials.url, options=options, application_name="dbt", connect_timeout=10
    )
    handle.autocommit = True
    return handle
