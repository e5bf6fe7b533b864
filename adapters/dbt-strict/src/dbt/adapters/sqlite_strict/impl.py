"""The adapter: dbt-sqlite with contracts that hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Optional  # noqa: UP035

from dbt.adapters.base import AdapterConfig
from dbt.adapters.base.impl import ConstraintSupport
from dbt.adapters.base.meta import available
from dbt.adapters.sqlite import SQLiteAdapter
from dbt.adapters.sqlite_strict.connections import StrictConnections
from dbt.adapters.sqlite_strict.functions import Database
from dbt.include.strict.functions import write_function
from dbt_common.contracts.constraints import ConstraintType


@dataclass
class StrictConfigs(AdapterConfig):
    """What models configure beside dbt's own."""

    indexes: Optional[List[Dict[str, Any]]] = None  # noqa: UP006, UP045


class SQLite_StrictAdapter(SQLiteAdapter):  # noqa: N801 (dbt reads its type there)
    """Builds tables with the keys, checks and types of their contracts."""

    ConnectionManager = StrictConnections
    AdapterSpecificConfigs = StrictConfigs
    CONSTRAINT_SUPPORT = dict.fromkeys(ConstraintType, ConstraintSupport.ENFORCED)

    @available.parse(lambda *_: False)
    def has_sql_function(self, name: str) -> bool:
        """Whether this session has an SQL function of that name."""
        return self._database().has_sql_function(name)

    @available.parse(lambda *_: False)
    def define_sql_function(self, name: str, arguments: int, expression: str) -> bool:
        """Add an SQL function of so many arguments (`_1`, `_2` …) to this session.

        What it is can be read in the target folder, as `functions/<name>.sql`.
        """
        self._database().define_sql_function(name, arguments, expression)
        write_function(self.config.project_target_path, name, expression)
        return True

    @available.parse_list
    def sql_functions_behind(self, query: str) -> list[str]:
        """Return what the SQL functions are that a query calls."""
        found = self._database().sql_functions_behind(query)
        return sorted(function.definition for function in found)

    def _database(self) -> Database:
        handle: Database = self.connections.get_thread_connection().handle
        return handle
