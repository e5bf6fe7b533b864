"""What may stay in a copy, from the `pii` of the columns in the YAML."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scripts.command import CommandError, did_you_mean
from scripts.share import tables
from scripts.site import BRONZE

if TYPE_CHECKING:
    from scripts.dbt_core import Manifest

STAYS, PSEUDONYM, DROPPED, CODE = False, True, "drop", "codes"
"""What `pii` may be: not personal; personal; free text and the like; a code or
name of this project, else as delivered. A column without `pii` is personal."""

Columns = dict[str, bool | str]


class UnknownColumnError(CommandError):
    """A column that no mart has; the message is one line for the user."""

    exit_code = 2


@dataclass
class Declared:
    """The tables that a copy can have, with the `pii` of their columns."""

    marts: dict[str, Columns] = field(default_factory=dict)
    seeds: dict[str, Columns] = field(default_factory=dict)
    """In the copy if a mart refers to them."""
    bronze: dict[str, Columns] = field(default_factory=dict)
    """Only the columns that ingestion adds stay."""
    names: set[str] = field(default_factory=lambda: {"file", "record"})
    """Of sources, their tables and columns: no delivery has given them."""
    definitions: dict[str, tables.Definition] = field(default_factory=dict)
    """Of each table, how the copy has it."""
    lookups: dict[str, str] = field(default_factory=dict)
    """Seeds that are in the copy whether a mart refers to them or not, each with the
    column of its codes."""
    inner: set[str] = field(default_factory=set)
    """Other relations that are in the copy: figures stay, all text gets pseudonyms."""

    def keep(self, columns: Iterable[str]) -> None:
        """Let columns of marts stay, each given as `table.column`.

        Raises UnknownColumnError.
        """
        for name in columns:
            table, _, column = name.partition(".")
            if column not in self.marts.get(table, {}):
                known = [
                    f"{t}.{c}" for t, columns in self.marts.items() for c in columns
                ]
                hint = did_you_mean(name, known)
                raise UnknownColumnError(f"--keep {name}: no mart has it{hint}")
            self.marts[table][column] = STAYS

    def show(
        self,
        columns: Collection[str],
        codes: re.Pattern[str],
        lookups: dict[str, str],
        relations: Iterable[str],
    ) -> None:
        """Let a copy have what pages show that mask personal data by themselves.

        `columns` of marts stay, each given as `table.column`; others whose name fits
        `codes` keep a code of the `lookups`. A key of which one end alone has
        pseudonyms leads nowhere, so it is none. Of `relations` also those come along
        that are no marts.
        """
        self.inner = set(relations) - self.marts.keys() - self.seeds.keys()
        self.lookups = {n: column for n, column in lookups.items() if n in self.seeds}
        for name in lookups.keys() & self.seeds.keys():
            self.seeds[name] = dict.fromkeys(self.seeds[name], STAYS)
        for mart, given in self.marts.items():
            for column, pii in given.items():
                if f"{mart}.{column}" in columns:
                    given[column] = STAYS
                elif pii is not STAYS and codes.search(column):
                    given[column] = CODE
        known = self.marts | self.seeds
        for name in self.marts:
            definition = self.definitions[name]
            definition.keys = [
                key
                for key in definition.keys
                if [known[name].get(column) for column in key.columns]
                == [known.get(key.parent, {}).get(c) for c in key.parent_columns]
            ]


def declared(manifest: Manifest) -> Declared:
    """Return what the project declares."""
    found = Declared()
    for source in manifest.sources.values():
        if source.source_name != "ingest":  # marts show the ledger
            delivered = dict.fromkeys([*source.columns, "_extra"], DROPPED)
            found.bronze[source.identifier] = dict.fromkeys(BRONZE, STAYS) | delivered
            found.definitions[source.identifier] = tables.of_source(source)
            found.names |= {source.source_name, source.name, *source.columns}
    for node in manifest.nodes.values():
        columns = {name: _pii(column) for name, column in node.columns.items()}
        kind = str(node.resource_type)
        if kind == "seed":
            found.seeds[node.alias] = columns
        elif kind == "model" and node.fqn[1] == "marts":
            found.marts[node.alias] = columns
        else:
            continue
        found.definitions[node.alias] = tables.of_node(node)
    return found


def _pii(column: Any) -> bool | str:
    meta = (column.config.meta if column.config else None) or {}
    return meta.get("pii", PSEUDONYM)
