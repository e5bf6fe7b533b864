"""The tables of a copy, as their YAML declares them, in the words of SQLite."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scripts.ingest.bronze import META
from scripts.ingest.database import quoted

_TYPES = {
    "boolean": "int",
    "integer": "int",
    "bigint": "int",
    "int": "int",
    "hugeint": "int",
    "double": "real",
    "double precision": "real",
    "numeric": "any",
    "decimal": "any",
}
"""What SQLite calls a logical type; all others are text."""


@dataclass(frozen=True)
class Key:
    """A foreign key."""

    columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...]


@dataclass
class Definition:
    """What is declared of a table."""

    name: str
    description: str = ""
    types: dict[str, str] = field(default_factory=dict)
    """Of each column, in SQLite."""
    descriptions: dict[str, str] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    rules: dict[str, list[str]] = field(default_factory=dict)
    """Keys and checks of a column, as its line in the DDL has them."""
    whole_rules: list[str] = field(default_factory=list)
    """Those of the table."""
    keys: list[Key] = field(default_factory=list)
    indexes: list[tuple[tuple[str, ...], bool]] = field(default_factory=list)
    """Columns of each, and whether it is unique."""
    is_strict: bool = True
    """Whether each value has the type of its column; a view's may have another."""

    def statements(
        self, columns: Iterable[str], parents: Mapping[str, Any]
    ) -> Iterator[str]:
        """Give the SQL that makes the table, with those columns that are there.

        A key that leads to no table of the copy is left out.
        """
        keys = [key for key in self.keys if key.parent in parents]
        there = list(columns)
        lines = [
            (
                " ".join([quoted(name), self.types.get(name, "text"), *self._of(name)]),
                self.descriptions.get(name, ""),
            )
            for name in there
        ]
        lines += [(rule, "") for rule in self.whole_rules]
        lines += [
            (
                f"foreign key ({_list(key.columns)}) references {quoted(key.parent)}"
                f" ({_list(key.parent_columns)})",
                "",
            )
            for key in keys
        ]
        last = len(lines) - 1
        body = "\n".join(
            f"    {ddl}{',' * (place < last)}{_comment(text)}"
            for place, (ddl, text) in enumerate(lines)
        )
        head = f"create table {quoted(self.name)} ({_comment(self.description)}\n"
        yield f"{head}{body}\n){' strict' * self.is_strict}"
        wanted = list(self.indexes)
        leading = {of[0] for of, _ in wanted}
        wanted += [(k.columns, False) for k in keys if k.columns[0] not in leading]
        for of, is_unique in wanted:
            if set(of) <= set(there):
                yield (
                    f"create {'unique ' * is_unique}index "
                    f"{quoted('__'.join([self.name, *of]))} on {quoted(self.name)}"
                    f" ({_list(of)})"
                )

    def _of(self, column: str) -> list[str]:
        rules = self.rules.get(column, [])
        return ["not null", *rules] if column in self.required else rules


def of_node(node: Any) -> Definition:
    """Return what is declared of a mart or a seed."""
    given = node.config.get("column_types") or {}
    found = Definition(
        node.alias,
        node.description,
        {
            name: type_of(column.data_type or given.get(name))
            for name, column in node.columns.items()
        },
        {name: column.description for name, column in node.columns.items()},
        is_strict=node.config.materialized != "view",
    )
    if not found.is_strict:
        return found  # the keys of a view are tests
    for name, column in node.columns.items():
        for constraint in column.constraints or []:
            _add(found, constraint, (name,), found.rules.setdefault(name, []))
    for constraint in getattr(node, "constraints", None) or []:
        _add(found, constraint, tuple(constraint.columns), found.whole_rules)
    found.indexes = [
        (tuple(index["columns"]), bool(index.get("unique")))
        for index in node.config.get("indexes") or []
    ]
    return found


def of_source(source: Any) -> Definition:
    """Return what ingestion makes of a declared table."""
    return Definition(
        source.identifier,
        types={name: "text" if kind is str else "int" for name, kind in META.items()},
        rules={"_row_id": ["primary key"]},
        required={"_file_id", "_record", "_batch_id", "_loaded_at"},
        indexes=[(("_file_id",), False)],
    )


def _add(
    found: Definition, constraint: Any, columns: tuple[str, ...], rules: list[str]
) -> None:
    kind = str(getattr(constraint.type, "value", constraint.type))
    listed = f" ({_list(columns)})" if rules is found.whole_rules else ""
    if kind == "not_null":
        found.required.update(columns)
    elif kind == "check":
        rules.append(f"check ({constraint.expression})")
    elif kind in ("primary_key", "unique"):
        rules.append(kind.replace("_", " ") + listed)
    elif kind == "foreign_key":
        found.keys.append(_key(constraint, columns))


def _key(constraint: Any, columns: tuple[str, ...]) -> Key:
    """`to: ref('parent')`, as dbt renders it, or the older `parent (column)`."""
    parent = constraint.to or (constraint.expression or "").partition("(")[0]
    *_, name = re.findall(r"\w+", parent)
    of = constraint.to_columns or re.findall(
        r"\w+", (constraint.expression or "").partition("(")[2]
    )
    return Key(columns, name, tuple(of))


def type_of(declared: str | None) -> str:
    """Return what SQLite calls a type of a contract, or of an engine."""
    return _TYPES.get((declared or "text").partition("(")[0].strip().lower(), "text")


def _comment(text: str) -> str:
    return f"  -- {' '.join(text.split())}" if text.strip() else ""


def _list(columns: Iterable[str]) -> str:
    return ", ".join(map(quoted, columns))
