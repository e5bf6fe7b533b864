"""Files whose table the user has chosen: `mapped_files.csv` of their folder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from scripts.command import did_you_mean
from scripts.seeds import PROJECT, TRACKED, SeedError, own_lines, text_of

from .errors import UsageError
from .headers import normal
from .sources import Source, Table

SEED = "mapped_files"


@dataclass(frozen=True)
class Mapped:
    """A line of the user's file."""

    file: str
    """Folder and name of the files, with `*` for any signs."""
    shape: Table
    place: str
    """File and line that say so."""

    def is_of(self, label: str) -> bool:
        """Return whether the line is of a file."""
        return fnmatchcase(label.casefold(), self.file.casefold())

    def lacking(self, headers: Iterable[str]) -> list[str]:
        """Return the columns that the table needs and the headers lack."""
        there = {normal(header) for header in headers}
        return [name for name, known in needed(self.shape) if not there & known]


def needed(shape: Table) -> list[tuple[str, set[str]]]:
    """Return the columns without which no file is taken: how each is called first,
    and the headers that it may have."""
    names = shape.key if shape.system else ()
    found = []
    for column in shape.columns:
        if column.name in names or (not shape.system and column.required):
            own = (column.name, *column.aliases)
            headers = own if column.headers is None else column.headers
            first = headers[0] if headers else column.name
            found.append((first, {normal(header) for header in headers}))
    return found


def shapes_by_name(
    sources: dict[str, Source], shapes: Iterable[Table]
) -> dict[tuple[str, str], Table]:
    """Return what a user can choose for a file, by system or source, and table."""
    own = (shape for source in sources.values() for shape in source.shapes)
    found = {(s.source, s.name): s for s in own if not s.register}
    known = (s for s in shapes if s.system and s.shape and not s.not_read)
    return found | {(str(s.system), str(s.shape)): s for s in known}


def load(
    path: Path, sources: dict[str, Source], shapes: Iterable[Table]
) -> tuple[Mapped, ...]:
    """Return the user's lines; raises UsageError naming file and line."""
    if not path.is_file():
        return ()
    known = shapes_by_name(sources, shapes)
    (shipped,) = (PROJECT / TRACKED).rglob(f"{SEED}.csv")
    columns = shipped.read_text(encoding="utf-8").partition("\n")[0].split(",")
    try:
        lines = own_lines(path, text_of(path.read_bytes()), columns)
    except SeedError as error:
        raise UsageError(str(error)) from None
    found = []
    for number, line in lines:
        place = f"{path}: line {number}"
        given = {name: value.strip() for name, value in line.items()}
        file = given.get("file_name", "")
        name = given.get("system_name", ""), given.get("table_name", "")
        if not file:
            raise UsageError(f"{place}: file_name is empty: give folder and name")
        if name not in known:
            raise UsageError(f"{place}: {_unknown(name, known)}")
        found.append(Mapped(file, known[name], place))
    return tuple(found)


def _unknown(name: tuple[str, str], known: dict[tuple[str, str], Table]) -> str:
    system, table = name
    systems = sorted({each for each, _ in known})
    if system not in systems:
        return f"system {system!r} is unknown{did_you_mean(system, systems)}"
    tables = sorted(each for of, each in known if of == system)
    listed = ", ".join(tables)
    hint = did_you_mean(table, tables)
    return f"{system} has no table {table!r} (known: {listed}){hint}"
