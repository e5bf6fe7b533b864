"""Which columns hold personal data, from the marks in the YAML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest


@dataclass
class Marked:
    """What the YAML says of the columns."""

    personal: dict[str, set[str]] = field(default_factory=dict)
    """Table to the columns marked `pii`."""
    opaque: dict[str, set[str]] = field(default_factory=dict)
    """Table to columns that can hold anything of a personal table: `_extra`, raw
    lines. Nobody has declared what is in them."""
    emptied: set[str] = field(default_factory=set)
    """Tables marked `pii` as a whole: keys made of personal data, for instance."""
    lookups: set[str] = field(default_factory=set)
    """Seeds, the words of this project itself."""


def marked(manifest: Manifest) -> Marked:
    """Return the marks of sources and models."""
    found = Marked()
    for node in [*manifest.sources.values(), *manifest.nodes.values()]:
        if node.resource_type not in ("source", "model", "seed"):
            continue
        table = getattr(node, "identifier", None) or node.alias
        if node.resource_type != "source" and node.config.meta.get("pii"):
            found.emptied.add(table)
        elif node.resource_type == "seed":
            found.lookups.add(table)
        if columns := set(_pii(node)):
            found.personal[table] = columns
            if node.resource_type == "source":
                found.opaque[table] = {"_extra"}
    if found.personal:
        for table in ("ingest_rejects", "stg_ingest__rejects"):
            found.opaque[table] = {"raw_text"}
    return found


def _pii(node: Any) -> Iterator[str]:
    for column in node.columns.values():
        meta = (column.config.meta if column.config else None) or {}
        if meta.get("pii"):
            yield column.name
