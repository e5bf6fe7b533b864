"""What Datasette knows of the warehouse, from the project's own YAML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scripts.site import BRONZE
from scripts.warehouse import Warehouse

if TYPE_CHECKING:
    from scripts.dbt_core import Manifest
    from scripts.explore.known import Known

# A name that ends so says the unit, by the conventions of the project.
UNITS = {
    "_cents": "1/100 of the currency",
    "_minutes": "minutes",
    "_milliseconds": "ms",
    "_days": "days",
    "_percent": "percent",
    "byte_count": "bytes",
}

# {{ var('name', default) }}, with its quotes if it has some
VARIABLE = re.compile(
    r"(?P<quote>'?)\{\{\s*var\('(?P<name>\w+)',\s*(?P<default>'[^']*'|\d+)\)"
    r"\s*(\|\s*int\s*)?\}\}(?P=quote)"
)
WHOLE = re.compile(r'\bmain\."(\w+)"')


def metadata(known: Known, warehouse: Warehouse, name: str) -> dict[str, Any]:
    """Return Datasette's metadata for the database of the name `name`.

    What is no mart is there, but not listed.
    """
    there = warehouse.tables() | warehouse.views()
    hidden: dict[str, Any] = {table: {"hidden": True} for table in there}
    listed = {t: facts for t, facts in known["tables"].items() if t in there}
    return {
        "title": "Revenue Warehouse",
        "databases": {
            name: {
                "description": "Every row leads to the line that it came from.",
                "tables": hidden | listed,
                "queries": known["queries"],
            }
        },
        "plugins": {
            "explore": {
                "dashboards": [
                    dashboard
                    for dashboard in known["dashboards"]
                    if _is_there(dashboard, there, warehouse)
                ],
                **{key: known[key] for key in ("pii", "shown", "names")},
            },
        },
    }


# -- tables -------------------------------------------------------------------


def tables(manifest: Manifest) -> dict[str, Any]:
    """Titles and descriptions of tables and views; of marts the domain, too."""
    found: dict[str, Any] = {}
    for node in [*manifest.nodes.values(), *manifest.sources.values()]:
        kind = str(node.resource_type)
        if kind not in ("model", "seed", "source"):
            continue
        name = str(getattr(node, "identifier", None) or getattr(node, "alias", ""))
        is_mart = "marts" in node.fqn
        is_view = node.config.get("materialized") == "view"
        found[name] = {
            "title": name,
            "description": _flat(node.description),
            "columns": (BRONZE if kind == "source" else {})
            | {column.name: described(column) for column in node.columns.values()},
            "hidden": not is_mart or is_view,
            **_label(node.columns),
            **({"domain": node.fqn[node.fqn.index("marts") + 1]} if is_mart else {}),
        }
    return found


def described(column: Any) -> str:
    """The description of a column, with its unit."""
    meta = (column.config.meta if column.config else None) or {}
    unit = meta.get("unit") or next(
        (unit for end, unit in UNITS.items() if column.name.endswith(end)), None
    )
    text = _flat(column.description)
    return f"{text} Unit: {unit}." if unit else text


def _label(columns: dict[str, Any]) -> dict[str, str]:
    """The column that a link to a row shows."""
    names = [n for n in columns if n.endswith("_name") and not n.startswith("source_")]
    return {"label_column": names[0]} if names else {}


def _flat(text: str | None) -> str:
    return " ".join((text or "").split())


# -- queries ------------------------------------------------------------------


def queries(manifest: Manifest) -> dict[str, Any]:
    """The queries of analyses/, their variables as parameters.

    `of` are the tables that each reads.
    """
    from scripts import dbt_core
    from scripts.run.build import QUIET

    manifest = manifest.deepcopy()
    views = {
        node.alias
        for node in manifest.nodes.values()
        if node.config.get("materialized") == "view"
    }

    def without_schema(name: re.Match[str]) -> str:
        """A view by its name alone, by which the guard shows it."""
        return f'"{name[1]}"' if name[1] in views else name[0]

    parameters: dict[str, list[str]] = {}
    for node in manifest.nodes.values():
        if str(node.resource_type) == "analysis":
            found = VARIABLE.finditer(node.raw_code)
            parameters[node.name] = list(dict.fromkeys(m["name"] for m in found))
            node.raw_code = VARIABLE.sub(_parameter, node.raw_code)
    compiled = dbt_core.run(
        ["compile", "--select", "resource_type:analysis", *QUIET], manifest
    )
    return {
        result.node.name: {
            "title": result.node.name.replace("_", " ").capitalize(),
            "question": _flat(result.node.description).partition("?")[0] + "?",
            "description": _flat(result.node.description),
            "sql": WHOLE.sub(without_schema, result.node.compiled_code.strip()),
            "params": parameters[result.node.name],
            "of": [manifest.nodes[key].alias for key in result.node.depends_on.nodes],
        }
        for result in getattr(compiled.result, "results", None) or []
        if result.node.name in parameters
    }


def _parameter(match: re.Match[str]) -> str:
    """A parameter of SQLite that stands for its default when left empty."""
    default = match["default"]
    given = f"coalesce(nullif(:{match['name']}, ''), {default})"
    return given if default.startswith("'") else f"cast({given} as integer)"


def _is_there(dashboard: dict[str, Any], there: set[str], warehouse: Warehouse) -> bool:
    filled = dashboard["filled"]
    has_tables = set(dashboard["tables"]) <= there
    return has_tables and (not filled or _has_rows(warehouse, filled))


def _has_rows(warehouse: Warehouse, table: str) -> bool:
    return bool(warehouse.rows(f'select 1 from "{table}" limit 1'))
