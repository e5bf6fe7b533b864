"""Connections that share one session."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dbt.adapters.contracts.connection import (
    AdapterResponse,
    Connection,
    ConnectionState,
)
from dbt.adapters.exceptions import FailedToConnectError
from dbt.adapters.spark_strict.credentials import StrictCredentials
from dbt.adapters.spark_strict.kept import Kept
from dbt.adapters.spark_strict.session import Handle, cloned, conf_of, opened
from dbt.include.strict.queries import QuietQueries
from dbt_common.exceptions import DbtRuntimeError


class StrictConnections(QuietQueries):
    """Connections are threads over one session; no statement needs a transaction."""

    TYPE = "spark_strict"
    _base: tuple[str, Any] | None = None
    kept: Kept | None = None
    """Rows of small tables, while the session is of this process alone."""
    _starting = threading.Lock()
    _own = threading.local()

    @classmethod
    def base(cls, credentials: StrictCredentials) -> Any:
        """Return the session that the others are copies of."""
        with cls._starting:
            if cls._base is None or cls._base[0] != credentials.warehouse:
                session = opened(
                    credentials.master,
                    credentials.database,
                    credentials.warehouse,
                    conf_of(credentials.conf_file) | credentials.conf,
                    credentials.path,
                )
                session.sql(
                    f"create schema if not exists"
                    f" {credentials.database}.{credentials.schema}"
                )
                session.sql(f"use {credentials.database}.{credentials.schema}")
                cls._base = credentials.warehouse, session
                is_local = session.sparkContext.master.startswith("local")
                cls.kept = Kept(credentials.schema) if is_local else None
            return cls._base[1]

    @classmethod
    def end(cls) -> None:
        """End the session; the next one may be elsewhere."""
        if cls._base:
            cls._base[1].stop()
            cls._base = cls.kept = None

    @classmethod
    def open(cls, connection: Connection) -> Connection:
        """Take up the session, or start it."""
        if connection.state == ConnectionState.OPEN:
            return connection
        credentials: StrictCredentials = connection.credentials
        try:
            connection.handle = cls._handle(credentials)
        except Exception as error:
            connection.handle, connection.state = None, ConnectionState.FAIL
            raise FailedToConnectError(said_by(error)) from error
        connection.state = ConnectionState.OPEN
        return connection

    @classmethod
    def _handle(cls, credentials: StrictCredentials) -> Handle:
        """Return what this thread queries with.

        Its session is its own, as another thread's temporary tables may have the same
        names, and is kept: Spark would keep each one that functions were added to.
        """
        base = cls.base(credentials)
        known = cls._own.__dict__
        if known.get("base") is not base:
            session = base
            if threading.current_thread() is not threading.main_thread():
                session = cloned(base)
                session.sql(f"use {credentials.database}.{credentials.schema}")
            ledger = f"{credentials.external_root}/ledger.db"
            known["base"] = base
            known["handle"] = Handle(
                session,
                credentials.path,
                ledger,
                is_own=session is not base,
                kept=cls.kept,
            )
        handle: Handle = known["handle"]
        return handle

    @contextmanager
    def exception_handler(self, sql: str) -> Iterator[None]:
        """Say what Spark says, without the lines of its Java code."""
        try:
            yield
        except DbtRuntimeError:
            raise
        except Exception as error:
            raise DbtRuntimeError(said_by(error)) from error

    def begin(self) -> None:
        """Do nothing: there are no transactions over statements."""

    def commit(self) -> None:
        """Do nothing, either."""

    def add_begin_query(self) -> None:
        """Do nothing, either."""

    def add_commit_query(self) -> None:
        """Do nothing, either."""

    def cancel(self, connection: Connection) -> None:
        """Stop what the session is doing."""
        connection.handle.session.sparkContext.cancelAllJobs()

    @classmethod
    def get_response(cls, cursor: Any) -> AdapterResponse:
        """Return what dbt prints of a statement."""
        return AdapterResponse(_message="OK")

    @classmethod
    def data_type_code_to_name(cls, type_code: int | str) -> str:
        """Return the name of a column's type."""
        return str(type_code)


def said_by(error: Exception) -> str:
    """Return what an error says, without where in Java's code it was."""
    lines = [line.strip() for line in str(error).splitlines()]
    of_java = ("An error occurred while calling", "at ")
    said = [line for line in lines if line and not line.startswith(of_java)]
    return "\n".join(said[:3]).removeprefix(": ") or type(error).__name__
