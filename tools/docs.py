"""Write the reference pages: `python -m tools.docs`.

They say what the YAML, the rules seed and the schema of declarations say, so that
they stay true; a test fails if they are not what this command writes.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import TypeAdapter

from scripts.command import CommandError, command
from scripts.ingest import schema
from scripts.ingest.declared import Api, Database
from scripts.ingest.systems import SHIPPED
from scripts.ingest.systems.read import parsed
from scripts.ingest.systems.schema import OfSystem
from scripts.settings import PROJECT

NOTICE = "<!-- Written by `python -m tools.docs`; mend what it reads instead. -->"
READING = {
    "cleaning": "How values are read",
    "normalization": "How values are brought to one form",
}
SETTINGS = {
    "docs/sources.md": ((schema.OfTable, schema.OfSource), (schema.OfColumn,)),
    "docs/connectors.md": ((Api,), (Database,)),
}
"""Guides with tables of settings, each between two marks."""
SYSTEMS_BEGIN = "<!-- systems: python -m tools.docs -->"
SYSTEMS_END = "<!-- end of systems -->"
BEGIN, END = "<!-- settings: python -m tools.docs -->", "<!-- end of settings -->"
SEVERITIES = ("critical", "error", "warning", "info")


class ParseError(CommandError):
    """dbt cannot parse the project; the message says why."""

    exit_code = 1


def parse() -> Any:
    """Return dbt's manifest of the project, without touching target/.

    Raises ParseError.
    """
    from scripts import dbt_core

    with tempfile.TemporaryDirectory() as folder:
        parsed = dbt_core.run(
            [
                *("--quiet", "--log-path", folder, "parse", "--target-path", folder),
                *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
            ]
        )
    if not parsed.success:
        raise ParseError(str(parsed.exception))
    return parsed.result


def pages(manifest: Any) -> dict[str, str]:
    """Return the text of each page, by its path in the project."""
    return {
        "docs/reference/cleaning-rules.md": _page(_cleaning_rules(manifest)),
        "docs/reference/schema.md": _page(_schema(manifest)),
        "docs/reference/systems.md": _page(_headers()),
        "docs/reference/sources.schema.json": _json_schema(schema.json_schema()),
        "docs/reference/systems.schema.json": _json_schema(OfSystem.json_schema()),
        **{name: _with_settings(name, kinds) for name, kinds in SETTINGS.items()},
        "docs/systems.md": _with_systems("docs/systems.md"),
    }


def _page(lines: Iterable[str]) -> str:
    return "\n".join([NOTICE, "", *lines]).rstrip() + "\n"


# -- cleaning rules -----------------------------------------------------------


def _cleaning_rules(manifest: Any) -> Iterator[str]:
    yield "# Cleaning rules"
    yield ""
    yield (
        "Bronze keeps every value as delivered. Staging reads it with the macros "
        "below; what cannot be read becomes NULL and a finding, never a guess."
    )
    for folder, title in READING.items():
        yield from ("", f"## {title}")
        for macro in sorted(manifest.macros.values(), key=lambda macro: macro.name):
            if macro.original_file_path.startswith(f"macros/{folder}/"):
                yield from _macro(macro)
    yield from ("", "## What is reported")
    yield ""
    yield (
        "Findings stand in `fct_row_errors` with file and line. A critical rule "
        "keeps its record out of the marts; all others let it through."
    )
    with (PROJECT / "seeds/quality/rules.csv").open(encoding="utf-8", newline="") as f:
        rules = list(csv.DictReader(f))
    for severity in SEVERITIES:
        found = [rule for rule in rules if rule["severity"] == severity]
        yield from ("", f"### {severity.capitalize()}", "")
        yield from _table(
            ("Rule", "Dimension", "What is wrong"),
            (
                (f"`{rule['rule']}`", rule["quality_dimension"], rule["description"])
                for rule in found
            ),
        )


def _macro(macro: Any) -> Iterator[str]:
    """A macro, but not the forms it has for each engine."""
    if "__" in macro.name or not macro.description:
        return
    yield from ("", f"### {macro.name}", "", macro.description.strip())
    if macro.arguments:
        yield ""
        yield from _table(
            ("Argument", "Type", "Meaning"),
            (
                (f"`{argument.name}`", argument.type or "", argument.description)
                for argument in macro.arguments
            ),
        )


# -- settings of sources ------------------------------------------------------


def _json_schema(found: dict[str, Any]) -> str:
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _with_systems(name: str) -> str:
    """A guide, with a table of the systems that ship."""
    text = (PROJECT / name).read_text(encoding="utf-8")
    before, _, rest = text.partition(SYSTEMS_BEGIN)
    after = rest.partition(SYSTEMS_END)[2]
    table = "\n".join(_systems())
    return f"{before}{SYSTEMS_BEGIN}\n{table}\n{SYSTEMS_END}{after}"


def _systems() -> Iterator[str]:
    """Each system with its files, where they land, and how to get them."""
    rows = []
    for path in SHIPPED.glob("*.yml"):
        system = parsed(path)
        files = []
        for name, shape in system.tables.items():
            title = shape.title or name.replace("_", " ")
            is_guess = (shape.evidence or system.evidence) == "guessed"
            guess = ", *guess*" if is_guess else ""
            into = f"`{shape.into}`" if shape.into else "not read"
            files.append(f"{title} ({into}{guess})")
        how = [system.export, *(shape.export for shape in system.tables.values())]
        title = f"{system.title or system.system} (`{system.system}`)"
        if (PROJECT / "docs" / "examples" / f"{system.system}.md").exists():
            title = f"[{title}](examples/{system.system}.md)"
        rows.append((title, "; ".join(files), " ".join(filter(None, how))))
    rows.sort(key=lambda row: row[0].casefold())
    yield from _table(("System", "Files, and what they fill", "How to get them"), rows)


EVIDENCE = {
    "seen": "from real files",
    "documented": "from the vendor's documentation",
    "guessed": "**guessed**, so taken only from a folder named after the system",
}


def _headers() -> Iterator[str]:
    """Which header of which file fills which column."""
    yield "# Headers of known systems"
    yield ""
    yield (
        "Of each file: the table that it fills, the headers that it is refused "
        "without, and which header fills which column, best first. Case, blanks and "
        "punctuation do not matter; all other columns are kept in `_extra`."
    )
    for path in sorted(SHIPPED.glob("*.yml")):
        system = parsed(path)
        yield from ("", f"## {system.title or system.system}")
        for name, shape in system.tables.items():
            key = list(shape.columns)[:1] if shape.key is None else shape.key
            needed = [f"`{shape.columns[column][0]}`" for column in key]
            evidence = EVIDENCE[shape.evidence or system.evidence or "seen"]
            yield from ("", f"### {shape.title or name.replace('_', ' ')}", "")
            if shape.into is None:
                yield f"Recognised, and refused: {shape.not_read}."
                continue
            yield (
                f"Fills `{shape.into}`; known {evidence}. "
                f"Needed: {', '.join(needed) or 'none'}."
            )
            yield ""
            yield from _table(
                ("Column", "Headers"),
                (
                    (f"`{column}`", ", ".join(f"`{header}`" for header in headers))
                    for column, headers in shape.columns.items()
                ),
            )


def _with_settings(name: str, kinds: tuple[tuple[Any, ...], ...]) -> str:
    """A guide, with a table of settings between each pair of marks."""
    first, *rest = (PROJECT / name).read_text(encoding="utf-8").split(BEGIN)
    tables = ("\n".join(_settings(kind)) for kind in kinds)
    parts = (
        f"{BEGIN}\n{table}\n{END}{part.partition(END)[2]}"
        for table, part in zip(tables, rest, strict=True)
    )
    return "".join([first, *parts])


def _settings(kinds: tuple[Any, ...]) -> Iterator[str]:
    """The settings of some models, each once, with meaning and default."""
    found: dict[str, dict[str, Any]] = {}
    for kind in kinds:
        described = TypeAdapter(kind).json_schema()
        needed = described.get("required", [])
        for key, setting in described["properties"].items():
            if "description" in setting:
                found.setdefault(key, {**setting, "is_needed": key in needed})
    yield from _table(
        ("Setting", "Meaning", "Default"),
        (
            (f"`{key}`", _meaning(setting), _default(setting))
            for key, setting in found.items()
        ),
    )


def _meaning(setting: dict[str, Any]) -> str:
    """The description, after the values if there are few."""
    kinds = [setting, *setting.get("anyOf", [])]
    values = [f"`{value}`" for kind in kinds for value in kind.get("enum", [])]
    listed = ", ".join(values) + ". " if values else ""
    return listed + setting["description"]


def _default(setting: dict[str, Any]) -> str:
    if setting["is_needed"]:
        return "required"
    default = setting.get("default")
    if default in (None, [], {}) or isinstance(default, dict):
        return "none"
    return f"`{default if isinstance(default, str) else json.dumps(default)}`"


# -- schema -------------------------------------------------------------------


def _schema(manifest: Any) -> Iterator[str]:
    marts = [
        node for node in _nodes(manifest, "model") if node.config.contract.enforced
    ]
    seeds = _nodes(manifest, "seed")
    described = {group.name: group.description for group in manifest.groups.values()}
    yield "# Schema"
    yield ""
    yield (
        "The public tables, as their contracts declare them. Timestamps are UTC "
        "text `YYYY-MM-DDTHH:MM:SS.ffffffZ`, dates `YYYY-MM-DD`, money whole cents. "
        "`make schema` writes the same as DDL."
    )
    for group, members in _by_group(marts).items():
        yield from ("", f"## {group}", "", described.get(group, ""), "")
        yield from _diagram(members, {node.name for node in marts})
        for node in members:
            yield from _model(node)
    yield from ("", "## Lookup tables", "")
    yield "Seeds in `seeds/`; a column that holds a code refers to one of them."
    yield ""
    yield from _table(
        ("Table", "Columns", "What it is"),
        (
            (
                f"`{seed.name}`",
                ", ".join(f"`{column}`" for column in seed.columns),
                seed.description,
            )
            for seed in seeds
        ),
    )


def _nodes(manifest: Any, kind: str) -> list[Any]:
    nodes = (node for node in manifest.nodes.values() if node.resource_type == kind)
    return sorted(nodes, key=lambda node: node.name)


def _by_group(nodes: Iterable[Any]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for node in nodes:
        groups.setdefault(node.config.group or "other", []).append(node)
    return dict(sorted(groups.items()))


def _diagram(nodes: list[Any], names: set[str]) -> Iterator[str]:
    """Mermaid: tables that refer to each other or to `names`, with their keys.

    Lookups stand beside the column, and the reference every row has to its
    file is left out: as lines they would hide the rest.
    """
    links = [
        (parent, "||" if _is_required(node, column) else "|o", node.name, column)
        for node in nodes
        for column, (parent, _) in _foreign_keys(node).items()
        if parent in names and not column.startswith("_")
    ]
    linked = {name for parent, _, child, _ in links for name in (parent, child)}
    if not links:
        return
    yield "```mermaid"
    yield "erDiagram"
    for parent, ending, child, column in links:
        yield f"    {parent} {ending}--o{{ {child} : {column}"
    for node in nodes:
        if node.name in linked:
            yield from _box(node)
    yield "```"


def _box(node: Any) -> Iterator[str]:
    keys = _foreign_keys(node)
    yield f"    {node.name} {{"
    for column in node.columns.values():
        if column.name in _primary_key(node):
            yield f"        {column.data_type} {column.name} PK"
        elif column.name in keys and not column.name.startswith("_"):
            parent, _ = keys[column.name]
            yield f'        {column.data_type} {column.name} FK "{parent}"'
    yield "    }"


def _model(node: Any) -> Iterator[str]:
    yield from ("", f"### {node.name}", "", _flat(node.description), "")
    keys, primary = _foreign_keys(node), _primary_key(node)
    rows = []
    for column in node.columns.values():
        kinds = {_kind(constraint) for constraint in column.constraints}
        marks = ["primary key"] if column.name in primary else []
        if "unique" in kinds:
            marks.append("unique")
        if "not_null" in kinds and not marks:
            marks.append("not null")
        if column.name in keys:
            marks.append("→ `{}.{}`".format(*keys[column.name]))
        rows.append(
            (f"`{column.name}`", column.data_type, ", ".join(marks), column.description)
        )
    yield from _table(("Column", "Type", "Key", "Meaning"), rows)
    checks = [
        constraint.expression
        for owner in (node, *node.columns.values())
        for constraint in owner.constraints
        if _kind(constraint) == "check"
    ]
    if checks:
        yield ""
        yield "Checked: " + "; ".join(f"`{check}`" for check in checks) + "."


def _kind(constraint: Any) -> str:
    return constraint.type.value


def _primary_key(node: Any) -> list[str]:
    of_table = [c.columns for c in node.constraints if _kind(c) == "primary_key"]
    of_column = [
        column.name
        for column in node.columns.values()
        if any(_kind(c) == "primary_key" for c in column.constraints)
    ]
    return of_table[0] if of_table else of_column


def _is_required(node: Any, column: str) -> bool:
    return any(_kind(c) == "not_null" for c in node.columns[column].constraints)


def _foreign_keys(node: Any) -> dict[str, tuple[str, str]]:
    """Columns that refer to another table, with its name and column."""
    return {
        column.name: (re.sub(r"ref\(['\"](\w+)['\"]\)", r"\1", c.to), c.to_columns[0])
        for column in node.columns.values()
        for c in column.constraints
        if _kind(c) == "foreign_key"
    }


# -- markdown -----------------------------------------------------------------


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(_flat(cell).replace('|', '&#124;') for cell in row)} |"


def _flat(text: str | None) -> str:
    return " ".join((text or "").split())


@command("docs")
def main(arguments: list[str] | None = None) -> int:
    """Write the pages; return the exit code."""
    argparse.ArgumentParser(
        prog="python -m tools.docs",
        description="Write docs/reference/ from YAML and the seed of rules.",
    ).parse_args(arguments)
    for name, text in pages(parse()).items():
        (PROJECT / name).parent.mkdir(parents=True, exist_ok=True)
        (PROJECT / name).write_text(text, encoding="utf-8")
        print(name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
