"""What lies in the inbox, which table each file is for, and in which order."""

import os
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from scripts.command import did_you_mean
from scripts.printable import printable

from .errors import UsageError
from .sources import Source, Table
from .times import from_parts, numbered_day, utc_text

FORMATS = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".json": "json",
    ".ndjson": "json",
    ".jsonl": "json",
    ".parquet": "parquet",
}
WORKBOOKS = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".numbers"}
_JUNK = re.compile(
    r"\..*|~\$.*|__macosx|thumbs\.db|ehthumbs.*\.db|desktop\.ini|icon\r|.*~", re.DOTALL
)
"""Names, in lower case, of what systems and programs leave beside files."""
_PARTS = (
    ".crdownload", ".part", ".partial", ".filepart", ".download", ".opdownload", ".tmp",
    ".temp", ".!ut", ".aria2",
)  # fmt: skip
"""Suffixes, in lower case, of files that are still being written."""


@dataclass(frozen=True)
class Delivery:
    """A file of the inbox; without a table it is refused for `problem`."""

    path: Path
    file_name: str
    """Path relative to the folder of its source."""
    source: str | None = None
    table: Table | None = None
    format: str | None = None
    delivered_at: str | None = None
    problem: str | None = None
    is_foreign: bool = False
    """Nothing to open or move: a link out of the inbox, a feed that failed."""
    position: str | None = None
    """Of a page of a feed: where the next one begins."""
    is_page: bool = False
    """One of many of a feed, each as long as it happens to be."""

    @property
    def label(self) -> str:
        """The name of the file as messages show it."""
        label = f"{self.source}/{self.file_name}" if self.source else self.file_name
        return printable(label)

    @property
    def listed_name(self) -> str:
        """The file name as the ledger has it."""
        return printable(self.file_name)

    @property
    def size(self) -> int:
        """Bytes on disk, 0 if it cannot be told."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0


def is_junk(name: str) -> bool:
    """Whether a file or folder of this name is no delivery, and nothing to say of."""
    return _JUNK.fullmatch(name.lower()) is not None


def is_part(name: str) -> bool:
    """Whether a file or folder of this name is still being downloaded or written."""
    return name.lower().endswith(_PARTS)


def check(inbox: Path) -> None:
    """Raise UsageError if `inbox` is no folder."""
    if not inbox.is_dir():
        what = "is not a folder" if inbox.exists() else "does not exist"
        raise UsageError(f"inbox {inbox} {what}")


def deliveries(
    inbox: Path, sources: dict[str, Source], waiting: list[str] | None = None
) -> list[Delivery]:
    """The files below `inbox`, by delivery time, then by name.

    `waiting` takes the names of those that are still being downloaded. Raises
    UsageError if the folder cannot be read.
    """
    check(inbox)
    root = inbox.resolve()
    paths = []
    for path in _files(inbox):
        if any(map(is_part, path.relative_to(inbox).parts)):
            (waiting if waiting is not None else []).append(
                printable(path.relative_to(inbox).as_posix())
            )
        else:
            paths.append(path)
    found = [_delivery(path, inbox, root, sources) for path in paths]
    return sorted(found, key=lambda d: (d.delivered_at or "", natural(d.label)))


def natural(name: str) -> list[tuple[int, int, str]]:
    """A sort key: data before data_2 before data_10, whatever the suffix."""
    stem, suffix = os.path.splitext(name.casefold())  # noqa: PTH122
    parts = re.findall(r"\d+|\D+", stem)
    key = [(1, int(p), p) if p.isdecimal() else (2, 0, p) for p in parts]
    return [*key, (0, 0, suffix)]


def _files(inbox: Path) -> list[Path]:
    def fail(error: OSError) -> None:
        raise UsageError(f"{error.filename} cannot be read: {error.strerror}")

    found = []
    for folder, folders, names in os.walk(inbox, onerror=fail):
        folders[:] = [name for name in folders if not is_junk(name)]
        linked = [name for name in folders if (Path(folder) / name).is_symlink()]
        names = [name for name in names + linked if not is_junk(name)]
        found += [Path(folder) / name for name in names]
    return found


def _delivery(
    path: Path, inbox: Path, root: Path, sources: dict[str, Source]
) -> Delivery:
    parts = path.relative_to(inbox).parts
    if len(parts) == 1:
        problem = "lies outside the folders of the sources: move it to <source>/"
        return Delivery(path, parts[0], problem=problem)
    folder, name = parts[0], "/".join(parts[1:])
    source = sources.get(folder)
    if source is None:
        known = ", ".join(sorted(sources)) or "none"
        problem = f"{folder} is not a declared source (declared: {known})"
        problem += did_you_mean(folder, sources)
        return Delivery(path, name, printable(folder), problem=problem)
    if not Path(os.path.realpath(path)).is_relative_to(root):  # loops, too
        problem = "is a link to a place outside the inbox"
        return Delivery(path, name, folder, problem=problem, is_foreign=True)
    if not path.is_file():
        problem = "is not a regular file"
        return Delivery(path, name, folder, problem=problem, is_foreign=True)
    return matched(Delivery(path, name, folder), source)


def _unknown_name(source: Source, stem: str) -> str:
    globs = [glob for table in source.shapes for glob in table.files]
    bare = re.sub(r"[\W\d_]+$", "", stem)
    hint = did_you_mean(bare, [glob.rstrip("*_-") for glob in globs])
    taken = ", ".join(globs)
    return f"no table of {source.name} takes this name (taken: {taken}){hint}"


def matched(delivery: Delivery, source: Source) -> Delivery:
    """The delivery with the table and format that its name stands for."""

    def refused(problem: str, table: Table | None = None) -> Delivery:
        return Delivery(
            delivery.path, delivery.file_name, delivery.source, table, problem=problem
        )

    name = delivery.path.name
    bare = name[:-3] if name.lower().endswith(".gz") else name
    stem, suffix = os.path.splitext(bare)  # noqa: PTH122 (a name, not a path)
    tables = [table for table in source.shapes if takes(table, stem)]
    if problem := _workbook(suffix, tables):
        return refused(problem)
    if not tables:
        return refused(_unknown_name(source, stem))
    if len(tables) > 1:
        names = " and ".join(table.register or table.name for table in tables)
        return refused(f"its name fits the tables {names}: make `files` narrower")
    (table,) = tables
    kind = FORMATS.get(suffix.lower())
    if table.format and not table.register:
        kind = table.format
    if kind is None:
        known = ", ".join(FORMATS)
        return refused(f"format {suffix or 'without suffix'} is not one of {known}")
    if problem := _of_register(table, kind):
        return refused(problem, table)
    delivered_at = None
    if table.delivery_patterns:
        delivered_at = named_time(bare, table)
        # a register that names no date is as new as its arrival
        if delivered_at is None and not table.register:
            return refused("its name holds no delivery date as declared", table)
    return Delivery(
        delivery.path, delivery.file_name, source.name, table, kind, delivered_at
    )


def _of_register(table: Table, kind: str) -> str | None:
    """What keeps a file of a register out."""
    if table.register and kind not in ("csv", "tsv"):
        return "a register comes as csv or tsv"
    if table.register and not table.mapped:
        return f"register {table.register} has no mapping"
    return None


def _workbook(suffix: str, tables: list[Table]) -> str | None:
    """What to say of a workbook, unless its table says that it is something else."""
    if suffix.lower() not in WORKBOOKS:
        return None
    if any(table.format and not table.register for table in tables):
        return None
    return f"{suffix} is a workbook: save it as CSV (UTF-8)"


def takes(table: Table, stem: str) -> bool:
    """Whether a table takes files of this name, without suffix."""
    return any(fnmatchcase(stem.lower(), glob.lower()) for glob in table.files)


def named_time(name: str, table: Table) -> str | None:
    """The delivery time in a file name, without .gz, or None."""
    for pattern in table.delivery_patterns:
        found = pattern.search(name)
        if found is None:
            continue
        parts = found.groupdict()
        if "number" in parts and table.first_day:
            return numbered_day(parts["number"], table.first_day, table.time_zone)
        if "date" in parts:
            return utc_text(parts["date"], table.time_zone, table.date_order)
        return from_parts(parts, table.time_zone)
    return None
