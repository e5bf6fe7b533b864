"""What a profile says of a database on a server."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dbt.adapters.contracts.connection import Credentials
from dbt.include.strict.shown import shown


@dataclass
class StrictCredentials(Credentials):
    """One database, in one schema of which everything is built."""

    database: str = "warehouse"
    """What dbt calls the database; which one it is, `url` says."""
    schema: str = "main"
    url: str = ""
    """`postgresql://…`; what it does not say, the usual variables (`PGHOST` …) do."""
    path: str = ""
    """A file to name in place of the database where a path is needed; not read here."""
    log_queries: bool = True
    """Whether each query goes to the debug log."""

    @property
    def type(self) -> str:
        """The adapter's name in a profile."""
        return "postgres_strict"

    @property
    def unique_field(self) -> str:
        """What dbt hashes for its statistics of use."""
        return self.database

    def connection_info(
        self, *, with_aliases: bool = False
    ) -> Iterable[tuple[str, Any]]:
        """Give what dbt shows; where the server is is no reason to parse anew."""
        found = super().connection_info(with_aliases=with_aliases)
        return shown(found, ())

    def _connection_keys(self) -> tuple[str, ...]:
        # a URL may hold a password
        return ("database", "schema")
