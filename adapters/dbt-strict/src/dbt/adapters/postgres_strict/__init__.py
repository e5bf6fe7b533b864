"""dbt adapter `postgres_strict`: the same materializations on PostgreSQL."""

from dbt.adapters.base import AdapterPlugin
from dbt.adapters.postgres_strict.connections import StrictConnections
from dbt.adapters.postgres_strict.credentials import StrictCredentials
from dbt.adapters.postgres_strict.impl import Postgres_StrictAdapter
from dbt.include import strict

__all__ = ["Plugin", "Postgres_StrictAdapter", "StrictConnections", "StrictCredentials"]

Plugin = AdapterPlugin(
    adapter=Postgres_StrictAdapter,  # type: ignore[arg-type]  # as dbt-postgres does
    credentials=StrictCredentials,
    include_path=strict.PACKAGE_PATH,
    dependencies=["postgres"],
)
