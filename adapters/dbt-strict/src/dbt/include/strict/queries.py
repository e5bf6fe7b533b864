"""Runs queries without the log events that nothing reads."""

from __future__ import annotations

from typing import Any

from dbt.adapters.contracts.connection import Connection
from dbt.adapters.sql import SQLConnectionManager
from dbt_common.events.base_types import EventLevel
from dbt_common.events.event_manager_client import get_event_manager


class QuietQueries(SQLConnectionManager):
    """Makes no events of its queries where the profile says `log_queries: false`.

    dbt makes three of each query, and each costs more than most queries do. With
    `--debug` they are made all the same.
    """

    def add_query(  # type: ignore[override]  # dbt-sqlite takes no retries
        self,
        sql: str,
        auto_begin: bool = True,
        bindings: Any | None = None,
        abridge_sql_log: bool = False,
        **retries: Any,
    ) -> tuple[Connection, Any]:
        """Run one statement; return the connection and its cursor."""
        credentials: Any = self.profile.credentials
        if credentials.log_queries or _is_debugged():
            return super().add_query(
                sql, auto_begin, bindings, abridge_sql_log, **retries
            )
        connection = self.get_thread_connection()
        if auto_begin and not connection.transaction_open:
            self.begin()
        with self.exception_handler(sql):
            cursor = connection.handle.cursor()
            # psycopg2 looks for marks of values where it is given any, even none
            cursor.execute(sql, *([bindings] if bindings else []))
            return connection, cursor


def _is_debugged() -> bool:
    loggers = get_event_manager().loggers
    return any(logger.level == EventLevel.DEBUG for logger in loggers)
