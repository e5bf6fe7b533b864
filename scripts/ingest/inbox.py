"""What lies in the inbox, which table each file is for, and in which order."""

import os
import re
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import groupby
from pathlib import Path
from typing import cast
from unicodedata import decimal

from scripts.command import did_you_mean
from scripts.printable import printable

from .containers import BETWEEN
from .contents import Found, contents
from .errors import Refusal, UsageError
from .files import Inner
from .headers import match
from .mapped import Mapped
from .readers.layout import DELIMITERS
from .readers.peek import TEXTS, Head
from .sources import Source, Table
from .systems.recognise import Catalogue, called, is_named
from .times import from_parts, numbered_day, utc_text

FORMATS = {
    ".json": "json",
    ".ndjson": "json",
    ".jsonl": "json",
    ".parquet": "parquet",
}
"""Formats that a suffix means, where the content is no text with known headers."""
NO_EXPORT = "it is no"
_JUNK = re.compile(
    r"\..*|~\$.*|__macosx|thumbs\.db|ehthumbs.*\.db|desktop\.ini|icon\r|.*~", re.DOTALL
)
"""Names, in lower case, of what systems and programs leave beside files."""
_DATE = re.compile(
    r"(?<!\d)(?:20\d\d([-_.]?)(?:0[1-9]|1[0-2])(?:\1(?:0[1-9]|[12]\d|3[01])|(?!\d))"
    r"|(?:0[1-9]|[12]\d|3[01])([-_.])(?:0[1-9]|1[0-2])\2(?:20)?\d\d(?!\d))"
)
_NO_TEXT = re.compile(r"[\0-\x08\x0e-\x19\x1b-\x1f]")
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
    """The declared source that takes it; if none does, its folder."""
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
    folder: str | None = None
    """Folder of the inbox, empty for its top; None for that of the source."""
    inner: Inner = ()
    """Where in a ZIP file it is, for `files.opened`."""
    sheet: str | None = None
    """The sheet of a workbook that it is."""
    packed_size: int | None = None
    """Bytes that it takes in its ZIP file."""
    part: str = ""
    """Which part of the file it is: `!Account.csv`, the end of `file_name`."""
    notes: tuple[str, ...] = ()
    """What a person should know of the file besides."""

    @property
    def name(self) -> str:
        """Its own name, without folders."""
        part = self.part.removesuffix(f"{BETWEEN}{self.sheet}" if self.sheet else "")
        return Path(part.rpartition(BETWEEN)[2] or self.path.name).name

    @property
    def whole_label(self) -> str:
        """The name of the file that it is, or is a part of, as messages show it."""
        return self.label.removesuffix(printable(self.part))

    @property
    def label(self) -> str:
        """The name of the file as messages show it."""
        folder = self.source if self.folder is None else self.folder
        return printable(f"{folder}/{self.file_name}" if folder else self.file_name)

    @property
    def known_table(self) -> Table:
        """The table of a delivery that is not refused for a problem."""
        return cast(Table, self.table)

    @property
    def system(self) -> str | None:
        """The system that it was exported from; None if it is a source's own."""
        return self.table.system if self.table else None

    @property
    def instance(self) -> str | None:
        """Which of several systems it is of: the folder it lay in."""
        name = self.folder or self.system or self.source
        return name and printable(name)

    @property
    def id_scope(self) -> str | None:
        """What the identifiers of its records are scoped by, if by anything."""
        if self.table is None or self.instance is None:
            return None
        if self.instance == self.source:  # whatever system: one folder, one source
            return None
        if self.system is None or is_named(self.instance, self.system):
            return self.instance
        return f"{self.instance}.{self.system}"

    @property
    def listed_name(self) -> str:
        """The file name as the ledger has it."""
        return printable(self.file_name)

    @property
    def size(self) -> int:
        """Bytes on disk, 0 if that is unknown."""
        if self.packed_size is not None:
            return self.packed_size
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
    inbox: Path,
    sources: dict[str, Source],
    catalogue: Catalogue,
    waiting: list[str] | None = None,
) -> list[Delivery]:
    """The files below `inbox`, by delivery time, then by name.

    Args:
        inbox: folder of deliveries.
        sources: the declared sources, whose names folders may have.
        catalogue: the shapes by which other files are recognised.
        waiting: takes the names of those that are still being downloaded.

    Raises:
        UsageError: the folder cannot be read.
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
    found = [
        delivery
        for path in paths
        for delivery in _in_file(path, inbox, root, sources, catalogue)
    ]
    return sorted(found, key=lambda d: (d.delivered_at or "", natural(d.label)))


def natural(name: str) -> list[tuple[int, int, str, str]]:
    """A sort key: data before data_2 before data_10, whatever the suffix."""
    stem, suffix = os.path.splitext(name.casefold())  # noqa: PTH122
    parts = re.findall(r"\d+|\D+", stem)
    key = [_number(p) if p.isdecimal() else (2, 0, "", p) for p in parts]
    return [*key, (0, 0, "", suffix)]


def _number(digits: str) -> tuple[int, int, str, str]:
    """Orders by the number, however long; ٣ is a 3, too."""
    plain = "".join(str(decimal(digit)) for digit in digits).lstrip("0")
    return (1, len(plain), plain, digits)


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


def _in_file(
    path: Path,
    inbox: Path,
    root: Path,
    sources: dict[str, Source],
    catalogue: Catalogue,
) -> list[Delivery]:
    """A file of the inbox, or what is within it; a fault costs this file alone."""
    folder, *within = path.relative_to(inbox).parts
    if not within:
        folder, within = "", [folder]
    known = printable(folder) or None
    delivery = Delivery(path, "/".join(within), known, folder=folder)
    try:
        return _deliveries(delivery, root, sources, catalogue)
    except Exception as error:  # the other files go on
        return [
            replace(delivery, problem=f"unexpected {type(error).__name__}: {error}")
        ]


def _deliveries(
    delivery: Delivery, root: Path, sources: dict[str, Source], catalogue: Catalogue
) -> list[Delivery]:
    path = delivery.path
    if not Path(os.path.realpath(path)).is_relative_to(root):  # loops, too
        problem = "is a link to a place outside the inbox"
        return [replace(delivery, problem=problem, is_foreign=True)]
    if not path.is_file():
        return [replace(delivery, problem="is not a regular file", is_foreign=True)]
    source = sources.get(delivery.folder or "")
    try:
        held = contents(path, catalogue.score)
    except Refusal as refusal:  # landing meets it again
        return [replace(delivery, problem=refusal.reason)]
    found = list(
        _without_other_sheets(
            _delivery(delivery, each, source, sources, catalogue) for each in held.found
        )
    )
    notes = (*found[0].notes, *held.notes)
    return [replace(found[0], notes=notes), *found[1:]]


def _delivery(
    delivery: Delivery,
    found: Found,
    source: Source | None,
    sources: dict[str, Source],
    catalogue: Catalogue,
) -> Delivery:
    """One table that a file holds, as a delivery."""
    delivery = within(delivery, found)
    if said := catalogue.said_of(delivery.label):
        return _as_said(delivery, found, said)
    if source:
        delivery = matched(delivery, source, found)
        table = delivery.table
        if table and (delivery.problem or not _is_unlike(found, table)):
            return delivery
    else:
        problem = found.problem or _no_source(delivery, sources, catalogue)
        delivery = replace(delivery, problem=problem)
    if found.head is None:
        return delivery
    known = recognised(delivery, found.head, catalogue)
    is_unlike = known.table is not None and known.table is delivery.table
    if known.sheet and is_unlike and known.problem is None:
        nothing = f"sheet {known.sheet} has no known header"
        return replace(known, problem=nothing)
    return known


def _as_said(delivery: Delivery, found: Found, said: Mapped) -> Delivery:
    """A file whose table the user has chosen."""
    delivery = replace(delivery, source=said.shape.source)
    if found.head is None:
        return _refused(delivery, found.problem or "", said.shape)
    if lacking := said.lacking(found.head.headers):
        return _refused(
            delivery,
            f"{said.place} says that it is {called(said.shape)}, but it has no "
            f"{' and no '.join(lacking)}: add this header to its system, see "
            "docs/systems.md",
        )
    return _as(delivery, said.shape, found.head.kind)


def within(delivery: Delivery, found: Found) -> Delivery:
    """The delivery of what was found in its file."""
    return replace(
        delivery,
        file_name=delivery.file_name + found.label,
        part=found.label,
        inner=found.inner,
        sheet=found.head.sheet if found.head else None,
        packed_size=found.size,
    )


def _without_other_sheets(found: Iterable[Delivery]) -> Iterator[Delivery]:
    """The deliveries, sheets of no table noted where another sheet is of one."""
    for _, group in groupby(found, key=lambda each: each.inner):
        sheets = list(group)
        known = [each for each in sheets if not each.problem]
        others = [str(each.sheet) for each in sheets if each.problem and each.sheet]
        if known and others:
            note = f"sheets of no known table, not read: {', '.join(others[:8])}"
            known[0] = replace(known[0], notes=(*known[0].notes, note))
        yield from known or sheets[:1]


def _no_source(
    delivery: Delivery, sources: dict[str, Source], catalogue: Catalogue
) -> str:
    """What to say of a file in the folder of no source, unless its header is known."""
    inbox = delivery.path.resolve().parent
    if not delivery.folder and inbox.name in sources:
        return (
            f"the inbox named is the folder of source {inbox.name}: name the folder "
            f"above it, {printable(str(inbox.parent))}"
        )
    if not delivery.folder:
        return "lies outside the folders of the sources: move it to <source>/"
    known = ", ".join(sorted(sources)) or "none"
    problem = f"{delivery.folder} is not a declared source (declared: {known})"
    systems = {str(each.system): each.system_title for each in catalogue.systems}
    for system, title in systems.items():
        if is_named(delivery.folder, system):
            return f"{NO_EXPORT} {title} export that is known"
    return problem + did_you_mean(delivery.folder, [*sources, *systems])


def _is_unlike(found: Found, table: Table) -> bool:
    """Whether the table that a file's name stands for does not take its header."""
    if table.register or found.head is None or _is_written_otherwise(table):
        return False  # its reader says what is wrong
    columns = match(found.head.headers, table.columns).columns
    needed = {column.name for column in table.columns if column.required}
    return not columns or not needed <= columns.keys()


def _is_written_otherwise(table: Table) -> bool:
    """Whether a declaration says what a look at the content cannot know."""
    is_usual = table.delimiter is None or table.delimiter in DELIMITERS
    return not is_usual or table.encoding not in ("utf-8", "cp1252")


def recognised(delivery: Delivery, head: Head, catalogue: Catalogue) -> Delivery:
    """The delivery with the shape that its header shows; as it is if none does."""
    stem, _ = _stem(delivery.name)
    found = catalogue.find(head.headers, delivery.folder or None, stem)
    if found.shape is None:
        if found.near and found.near.system is None:  # adds to what is known
            more = delivery.problem and f"{delivery.problem}; {found.problem}"
            return replace(delivery, problem=more)
        problem = found.problem or _of_nothing(delivery, head)
        return replace(delivery, problem=problem)
    given = replace(delivery, source=found.shape.source)
    return _as(given, found.shape, head.kind)


def _of_nothing(delivery: Delivery, head: Head) -> str | None:
    """What to say of a file whose header nothing knows, though it is a table."""
    headers = [header.strip() for header in head.headers if header.strip()]
    if not delivery.problem:
        return None
    if _NO_TEXT.search("".join(headers)):
        return f"{delivery.problem}; its content is no text and no known format"
    if len(headers) < 2:
        if not delivery.problem.startswith(NO_EXPORT):
            return delivery.problem
        what = f"one column only ({printable(headers[0])})" if headers else "no header"
        return f"{delivery.problem}; it has {what}"
    shown = printable(", ".join(headers[:4])) + (" …" if len(headers) > 4 else "")
    marks = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars"}
    between = (
        f" between {marks.get(head.delimiter, 'others')}" if head.delimiter else ""
    )
    file = shlex.quote(printable(delivery.name))
    return (
        f"{delivery.problem}; its header is of no known export ({len(headers)} columns"
        f"{between}: {shown}): `make source FILE={file}` drafts a declaration"
    )


def matched(delivery: Delivery, source: Source, found: Found) -> Delivery:
    """The delivery with the table and format that its name stands for."""
    stem, suffix = _stem(delivery.name)
    tables = [table for table in source.shapes if takes(table, stem)]
    if delivery.sheet and delivery.part:
        sheet = delivery.sheet
        tables = [t for t in source.shapes if takes(t, sheet)] or tables
    if not tables:
        return _refused(delivery, found.problem or _unknown_name(source, stem))
    if len(tables) > 1:
        those = " and ".join(table.register or table.name for table in tables)
        return _refused(
            delivery, f"its name fits the tables {those}: make `files` narrower"
        )
    (table,) = tables
    if found.head is None:
        return _refused(delivery, found.problem or "", table)
    kind = found.head.kind
    if kind in TEXTS:
        named: str | None = None if table.register else table.format
        if named is None and _is_unlike(found, table):
            named = FORMATS.get(suffix.lower())
        kind = named or kind
    return _as(delivery, table, kind)


def _as(delivery: Delivery, table: Table, kind: str) -> Delivery:
    """The delivery as a file of a table, dated by its name where declared."""
    if problem := _of_register(table, kind):
        return _refused(delivery, problem, table)
    delivered_at = None
    if table.delivery_patterns:
        names = delivery.name, delivery.path.name
        times = (named_time(without_gz(name), table) for name in names)
        delivered_at = next(filter(None, times), None)
        # of a register or system a file that names no date is as new as its arrival
        if delivered_at is None and not (table.register or table.system):
            problem = "its name holds no delivery date as declared"
            return _refused(delivery, problem, table)
    return replace(
        delivery, table=table, format=kind, delivered_at=delivered_at, problem=None
    )


def _refused(delivery: Delivery, problem: str, table: Table | None = None) -> Delivery:
    return replace(delivery, table=table, problem=problem)


def _stem(name: str) -> tuple[str, str]:
    """The name of a file without suffix, and the suffix, .gz left aside."""
    return os.path.splitext(without_gz(name))  # noqa: PTH122 (a name, not a path)


def dates_in(name: str) -> str | None:
    """The dates in a file's name, which separate the full pictures of a run."""
    return " ".join(found[0] for found in _DATE.finditer(name)) or None


def without_gz(name: str) -> str:
    """The name by which deliveries of one file are compared."""
    return name[:-3] if name.lower().endswith(".gz") else name


def _unknown_name(source: Source, stem: str) -> str:
    globs = [glob for table in source.shapes for glob in table.files]
    bare = re.sub(r"[\W\d_]+$", "", stem)
    hint = did_you_mean(bare, [glob.rstrip("*_-") for glob in globs])
    fronts = (re.match(r"\w+", glob) for glob in globs)
    taken = ", ".join(dict.fromkeys(front[0] for front in fronts if front))
    begin = f" (those taken begin with {taken})" if taken else ""
    return f"no table of {source.name} takes this name{begin}{hint}"


def _of_register(table: Table, kind: str) -> str | None:
    """What keeps a file of a register out."""
    if table.register and kind in ("json", "parquet"):
        return "a register comes as text with delimiters or as a workbook"
    if table.register and not table.mapped:
        return f"register {table.register} has no mapping"
    return None


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
