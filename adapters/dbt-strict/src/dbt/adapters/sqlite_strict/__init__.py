"""dbt adapter `sqlite_strict`: contracts as keys of the database file."""

from dbt.adapters.base import AdapterPlugin
from dbt.adapters.sqlite_strict.connections import StrictConnections
from dbt.adapters.sqlite_strict.credentials import StrictCredentials
from dbt.adapters.sqlite_strict.impl import SQLite_StrictAdapter
from dbt.include import strict

__all__ = ["Plugin", "SQLite_StrictAdapter", "StrictConnections", "StrictCredentials"]

Plugin = AdapterPlugin(
    adapter=SQLite_StrictAdapter,  # type: ignore[arg-type]  # as dbt-sqlite does
    credentials=StrictCredentials,
    include_path=strict.PACKAGE_PATH,
    dependencies=["sqlite"],
)
