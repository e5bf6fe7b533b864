"""What a profile says of a database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Dict, List  # noqa: UP035

from dbt.adapters.contracts.connection import Credentials
from dbt.include.strict.shown import shown


@dataclass
class StrictCredentials(Credentials):
    """One database file, in which everything is built, and others to read."""

    database: str = "main"
    schema: str = "main"
    path: str = "warehouse.db"
    attach: Dict[str, str] = field(default_factory=dict)  # noqa: UP006
    """Path by schema of further databases, whose tables can be sources."""
    extensions: List[str] = field(default_factory=list)  # noqa: UP006
    log_queries: bool = True
    """Whether each query goes to the debug log."""

    @property
    def type(self) -> str:
        """The adapter's name in a profile."""
        return "sqlite_strict"

    @property
    def unique_field(self) -> str:
        """What dbt hashes for its statistics of use."""
        return self.path

    @property
    def schemas_and_paths(self) -> dict[str, str]:
        """The databases as dbt-sqlite knows them."""
        return {"main": self.path, **self.attach}

    def connection_info(
        self, *, with_aliases: bool = False
    ) -> Iterable[tuple[str, Any]]:
        """Give what dbt shows; where files lie is no reason to parse anew."""
        found = super().connection_info(with_aliases=with_aliases)
        return shown(found, ("path", "attach"))

    def _connection_keys(self) -> tuple[str, ...]:
        return ("database", "schema", "path", "attach")
