"""The adapter: dbt-postgres in one schema, whatever the database is called."""

from __future__ import annotations

from dataclasses import dataclass, field

from dbt.adapters.contracts.relation import Policy
from dbt.adapters.postgres import PostgresAdapter
from dbt.adapters.postgres.relation import PostgresRelation
from dbt.adapters.postgres_strict.connections import StrictConnections


@dataclass(frozen=True, eq=False, repr=False)
class StrictRelation(PostgresRelation):
    """A relation by schema and name: the SQL is the same in every database."""

    include_policy: Policy = field(default_factory=lambda: Policy(database=False))


class Postgres_StrictAdapter(PostgresAdapter):  # noqa: N801 (dbt reads its type there)
    """Builds tables with the keys, checks and types of their contracts."""

    Relation = StrictRelation
    ConnectionManager = StrictConnections
