"""dbt adapter `duckdb_strict`: the same materializations on DuckDB."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import duckdb
from dbt.adapters.base import AdapterPlugin
from dbt.adapters.base.meta import available
from dbt.adapters.contracts.connection import Connection
from dbt.adapters.duckdb import (
    DuckDBAdapter,
    DuckDBConnectionManager,
    DuckDBCredentials,
)
from dbt.adapters.duckdb_strict.functions import Functions, Known
from dbt.include import strict
from dbt.include.strict.functions import write_function
from dbt.include.strict.queries import QuietQueries
from dbt.include.strict.shown import shown

__all__ = ["DuckDB_StrictAdapter", "Plugin", "StrictConnections", "StrictCredentials"]


@dataclass
class StrictCredentials(DuckDBCredentials):
    """The settings of dbt-duckdb, and one more."""

    log_queries: bool = True
    """Whether each query goes to the debug log."""

    @property
    def type(self) -> str:
        """The adapter's name in a profile."""
        return "duckdb_strict"

    def connection_info(
        self, *, with_aliases: bool = False
    ) -> Iterable[tuple[str, Any]]:
        """Give what dbt shows; where files lie is no reason to parse anew."""
        found = super().connection_info(with_aliases=with_aliases)
        return shown(found, ("path", "external_root"))


class StrictConnections(QuietQueries, DuckDBConnectionManager):
    """Connections of dbt-duckdb, which keeps the open database in its own class."""

    TYPE = "duckdb_strict"

    @classmethod
    def open(cls, connection: Connection) -> Connection:
        """Open the database, or take up the one that is open."""
        return DuckDBConnectionManager.open(connection)

    @classmethod
    def close_all_connections(cls) -> None:
        """Forget the open database."""
        DuckDBConnectionManager.close_all_connections()


class DuckDB_StrictAdapter(DuckDBAdapter):  # noqa: N801 (dbt reads its type there)
    """Builds tables with the keys, checks and types of their contracts."""

    ConnectionManager = StrictConnections

    @available.parse(lambda *_: False)
    def has_sql_function(self, name: str) -> bool:
        """Whether this session has an SQL function of that name."""
        return self._functions().has_sql_function(name)

    @available.parse(lambda *_: False)
    def define_sql_function(self, name: str, arguments: int, expression: str) -> bool:
        """Add an SQL function of so many arguments (`_1`, `_2` …) to this session.

        What it is can be read in the target folder, as `functions/<name>.sql`.
        """
        self._functions().define_sql_function(name, arguments, expression)
        write_function(self.config.project_target_path, name, expression)
        return True

    @available.parse_list
    def sql_functions_behind(self, query: str) -> list[str]:
        """Return what the SQL functions are that a query calls."""
        found = self._functions().sql_functions_behind(query)
        return sorted(made.definition for made in found)

    def _functions(self) -> Functions:
        handle: Any = self.connections.get_thread_connection().handle
        if not hasattr(handle, "functions"):
            # dbt opens a connection for each node
            known: Known = self.__dict__.setdefault("_known_functions", {})
            handle.functions = Functions(handle.cursor(), known)
        functions: Functions = handle.functions
        return functions

    @available
    def kind_of_relation(self, database: str, schema: str, name: str) -> str | None:
        """Return 'table' or 'view', or None if there is no relation of that name.

        The catalogue writes the SQL of every relation before it finds one, which takes
        longer than most models. A question about storage names one, and fails at once;
        such a failure does not end a transaction.
        """
        place = ".".join(
            '"' + part.replace('"', '""') + '"' for part in (database, schema, name)
        )
        literal = place.replace("'", "''")
        cursor = self.connections.get_thread_connection().handle.cursor()
        try:
            cursor.execute(f"from pragma_storage_info('{literal}') limit 0")
        except duckdb.CatalogException as error:
            return None if "does not exist" in str(error) else "view"
        return "table"


Plugin = AdapterPlugin(
    adapter=DuckDB_StrictAdapter,  # type: ignore[arg-type]  # as dbt-duckdb does
    credentials=StrictCredentials,
    include_path=strict.PACKAGE_PATH,
    dependencies=["duckdb"],
)
