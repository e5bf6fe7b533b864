"""What a profile says of a Spark session and of where its tables lie."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from dbt.adapters.contracts.connection import Credentials
from dbt.include.strict.shown import shown


@dataclass
class StrictCredentials(Credentials):
    """One catalogue of Iceberg tables, in one schema of which everything is built."""

    database: str = "warehouse"
    """The catalogue."""
    schema: str = "main"
    master: str = "local[*]"
    """Where the work is done: `local[2]`, or `spark://host:7077` for a cluster."""
    warehouse: str = ""
    """Folder or bucket of the tables, unless `conf` has another catalogue."""
    conf: dict[str, str] = field(default_factory=dict)
    """Further settings of Spark, which win over those of this adapter."""
    conf_file: str = ""
    """A file of such settings, as Spark's own `spark-defaults.conf`; `conf` wins."""
    path: str = ""
    """The file of what is known of relations; a bucket's catalogue is beside it."""
    external_root: str = ""
    """Folder of the delivered rows."""
    log_queries: bool = True
    """Whether each query goes to the debug log."""

    @property
    def type(self) -> str:
        """The adapter's name in a profile."""
        return "spark_strict"

    @property
    def unique_field(self) -> str:
        """What dbt hashes for its statistics of use."""
        return self.database

    def connection_info(
        self, *, with_aliases: bool = False
    ) -> Iterable[tuple[str, Any]]:
        """Give what dbt shows; where tables lie is no reason to parse anew."""
        found = super().connection_info(with_aliases=with_aliases)
        return shown(
            found, ("path", "external_root", "warehouse", "master", "conf_file")
        )

    def _connection_keys(self) -> tuple[str, ...]:
        return ("database", "schema", "master", "warehouse")
