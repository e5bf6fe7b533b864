"""What Datasette is told of the warehouse, from the project's own YAML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scripts.site import BRONZE
from scripts.warehouse import Warehouse

if TYPE_CHECKING:
    from scripts.dbt_core import Manifest

# A name that ends so says the unit, by the conventions of the project.
UNITS = {
    "_cents": "1/100 of the currency",
    "_minutes": "minutes",
    "_milliseconds": "ms",
    "_days": "days",
    "_percent": "percent",
    "byte_count": "bytes",
}

# {{ var('name', default) }}, with its quotes if it stands in some
VARIABLE = re.compile(
    r"(?P<quote>'?)\{\{\s*var\('(?P<name>\w+)',\s*(?P<default>'[^']*'|\d+)\)"
    r"\s*(\|\s*int\s*)?\}\}(?P=quote)"
)


def metadata(manifest: Manifest, warehouse: Warehouse, name: str) -> dict[str, Any]:
    """Return Datasette's metadata for the database of the name `name`."""
    there = warehouse.tables() | warehouse.views()
    database = {
        "description": "Every row leads to the file and line that it came from.",
        "tables": _tables(manifest, there),
        "queries": _queries(manifest),
    }
    return {
        "title": "Revenue Warehouse",
        "description": "Companies, deals, leads and the quality of what is known.",
        "databases": {name: database},
    }


# -- tables -------------------------------------------------------------------


def _tables(manifest: Manifest, there: set[str]) -> dict[str, Any]:
    """Titles and descriptions; what is no mart is there, but not listed."""
    tables: dict[str, Any] = {
        name: {"hidden": True} for name in there if name.startswith("_")
    }
    for node in [*manifest.nodes.values(), *manifest.sources.values()]:
        kind = node.resource_type
        if kind not in ("model", "seed", "source"):
            continue
        name = getattr(node, "identifier", None) or node.alias
        tables[name] = {
            "title": name,
            "description": _flat(node.description),
            "columns": (BRONZE if kind == "source" else {})
            | {column.name: described(column) for column in node.columns.values()},
            "hidden": "marts" not in node.fqn,
            **_label(node.columns),
        }
    return {name: known for name, known in tables.items() if name in there}


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


def _queries(manifest: Manifest) -> dict[str, Any]:
    """The queries of analyses/, their variables as parameters."""
    from scripts import dbt_core
    from scripts.run.build import QUIET

    manifest = manifest.deepcopy()
    parameters: dict[str, list[str]] = {}
    for node in manifest.nodes.values():
        if node.resource_type == "analysis":
            found = VARIABLE.finditer(node.raw_code)
            parameters[node.name] = list(dict.fromkeys(m["name"] for m in found))
            node.raw_code = VARIABLE.sub(_parameter, node.raw_code)
    compiled = dbt_core.run(
        ["compile", "--select", "resource_type:analysis", *QUIET], manifest
    )
    return {
        result.node.name: {
            "title": result.node.name.replace("_", " ").capitalize(),
            "description": _flat(result.node.description),
            "sql": result.node.compiled_code.strip(),
            "params": parameters[result.node.name],
        }
        for result in getattr(compiled.result, "results", None) or []
        if result.node.name in parameters
    }


def _parameter(match: re.Match[str]) -> str:
    """A parameter of SQLite that stands for its default when left empty."""
    default = match["default"]
    given = f"coalesce(nullif(:{match['name']}, ''), {default})"
    return given if default.startswith("'") else f"cast({given} as integer)"
