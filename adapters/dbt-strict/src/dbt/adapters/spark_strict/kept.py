"""Rows of small tables as they were written, for those that read them next.

Spark takes longer to plan and open the files of a small table than to read its rows,
and sorts rows out among tasks, as it does not know that one task reads them all. So
what this process wrote is read from memory. It has to be the process that also runs the
tasks: a worker of a cluster that ends takes such rows with it.
"""

from __future__ import annotations

import re
from typing import Any

from sqlglot import exp

OF_FILES = {"_file", "_pos", "_partition", "_spec_id", "_deleted"}
"""Columns that Iceberg alone has."""


class Kept:
    """Plans of rows that are kept, by the table that they were written to."""

    def __init__(self, schema: str) -> None:
        self.schema = schema
        self.plans: dict[str, Any] = {}
        self._named = re.compile(rf"\b{re.escape(schema)}[`\"]?\.[`\"]?(\w+)")

    def keep(self, name: str, frame: Any) -> None:
        """Read a table from these rows from now on."""
        self.plans[name] = frame._jdf.queryExecution().analyzed()

    def forget(self, sql: str) -> None:
        """Read the tables that a statement names from their files from now on."""
        for name in self._named.findall(sql):
            self.plans.pop(name, None)

    def read(self, tree: exp.Expression) -> dict[str, Any]:
        """Put views in the place of tables in a query; return what each shows."""
        found: dict[str, Any] = {}
        if any(column.name in OF_FILES for column in tree.find_all(exp.Column)):
            return found
        for table in tree.find_all(exp.Table):
            plan = self.plans.get(table.name) if table.db == self.schema else None
            if plan is not None:
                if not table.alias:
                    alias = exp.to_identifier(table.name)
                    table.set("alias", exp.TableAlias(this=alias))
                view = f"_kept__{table.name}"
                table.set("this", exp.to_identifier(view))
                table.set("db", None)
                found[view] = plan
        return found
