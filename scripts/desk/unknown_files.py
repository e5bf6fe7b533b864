"""Files that no table takes, and the user's own lines that say what they are."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Sequence
from contextlib import suppress
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any

from scripts import settings
from scripts.command import CommandError
from scripts.desk import lines, typed
from scripts.desk.base import Base, Row
from scripts.desk.lines import LineError
from scripts.desk.veil import Veil
from scripts.ingest.containers import BETWEEN
from scripts.ingest.contents import contents
from scripts.ingest.errors import Refusal
from scripts.ingest.mapped import SEED, Mapped, shapes_by_name
from scripts.ingest.readers.peek import Head
from scripts.ingest.sources import DECLARATIONS, Table, declaring, load_sources
from scripts.ingest.systems import folders, load_shapes
from scripts.ingest.systems.recognise import Catalogue, called
from scripts.morning.masks import without_values
from scripts.printable import printable
from scripts.seed_lines import Line

UNKNOWN = """
select files.file_id, files.instance_name, files.source_name, files.file_name,
    files.reason, files.loaded_at, files.archived_as
from rpt_findings as findings
inner join fct_ingest_files as files on findings.file_id = files.file_id
where
    findings.rule = 'file_refused'
    and not findings.is_accepted
    and files.table_name is null
order by files.file_id desc
"""
ASKED = UNKNOWN.replace("order by", "and files.file_id = :file_id\norder by")
INBOX = "EXPLORE_INBOX"
"""Variable with the folder that `make explore INBOX=…` names."""
MOST_LOGS = 50
"""Logs, the newest, that are searched for the folders that were read."""
NEAREST = 5
MOST_HEADERS = 40
LONGEST_PATTERN = 500
DATES = re.compile(r"\d{4}[-_.]?\d\d([-_.]?\d\d)?|\d{2}[-_.]\d\d[-_.]\d{2,4}|\d{5,}")
SPECIAL = re.compile(r"[*?[]")
ADVISED = re.compile(r": `make source FILE=.*` drafts a declaration$", re.DOTALL)
"""The end of a reason, which knows the name of a file and not where it lies."""


def unknown(base: Base) -> list[Row]:
    """Return the refused files that no table takes, the newest first."""
    return base.rows(UNKNOWN)


def looked_at(
    base: Base, file: Row, veil: Veil, names_folders: bool = True
) -> dict[str, Any]:
    """Return what a page shows of a file: its header, and what it can be.

    `names_folders`: whether it may say where a file lies outside of the project.
    A file without a header begins with a record, so words that are no header of any
    table are veiled, and the reason is without what it quotes.
    """
    label, path = _label(file), _place(base, file)
    head = _head(path, label) if path else None
    said = _said_of(label)
    catalogue, names = _known(_declared())
    near = catalogue.nearest(head.headers)[:NEAREST] if head else []
    by_shape = {shape: key for key, shape in names.items()}
    lacks = {s: _lacking(s, head.headers) for s in by_shape} if head else {}
    reason = ADVISED.sub("", str(file["reason"]))
    return {
        "file_id": file["file_id"],
        "label": label,
        "reason": reason if veil.is_shown else without_values(reason),
        "drafted_by": drafted_by(path, names_folders) if path else None,
        "loaded_at": file["loaded_at"],
        "is_there": path is not None,
        "headers": [
            printable(h) if catalogue.is_header(h) else veil.text(printable(h))
            for h in (head.headers[:MOST_HEADERS] if head else ())
        ],
        "header_count": len(head.headers) if head else 0,
        "pattern": pattern(label),
        "nearest": [
            (_key(by_shape[shape]), called(shape))
            for shape in near
            if shape in lacks and not lacks[shape]
        ],
        "near": [(called(shape), lacks[shape]) for shape in near if lacks.get(shape)],
        "others": sorted(
            (_key(key), called(shape))
            for key, shape in names.items()
            if shape in lacks and not lacks[shape]
        ),
        "chosen": _called(said, names) if said else None,
    }


def keep(base: Base, file_id: str, wanted: str, shape: str, by: str, today: str) -> str:
    """Write what a file is, and put it back where the next run finds it.

    `wanted` is the pattern of its names, `shape` the key of its table. Returns what to
    say; raises LineError.
    """
    file = _asked(base, file_id)
    label, (_, names) = _label(file), _known(_declared())
    keys = {_key(key): key for key in names}
    if shape not in keys:
        raise LineError("choose what it is")
    wanted = typed.typed(wanted, LONGEST_PATTERN, "name of files") or pattern(label)
    system, table = keys[shape]
    mapped = Mapped(wanted, names[system, table], "")
    if not mapped.is_of(label):
        raise LineError(f"{wanted} is not a name of this file: {label}")
    if not _names_any(wanted):
        raise LineError(f"{wanted} is a name of files of any kind: leave some of it")
    path = _place(base, file)
    head = _head(path, label) if path else None
    if head is None:
        raise LineError("its header cannot be read: send the file again, whole")
    if lacking := mapped.lacking(head.headers):
        raise LineError(
            f"{called(mapped.shape)} needs {' and '.join(lacking)}, and this file has "
            "no such header: say in config/systems which of its headers that is, or "
            "let `make source` draft a system of its own"
        )
    for line in _mine(label):
        lines.remove(SEED, line)
    said = {"file_name": wanted, "system_name": system, "table_name": table}
    said |= {"mapped_by": typed.name(by), "mapped_on": today}
    lines.append(SEED, {name: typed.harmless(value) for name, value in said.items()})
    return f"Kept: {called(mapped.shape)}. {_put_back(base, file, path)}"


def drafted_by(path: Path, names_folders: bool = True) -> str | None:
    """Return the command that drafts a system of a file, to be pasted as it is.

    None for a name that no shell takes as it is shown, or that may not be shown.
    """
    whole, home = path.resolve(), Path.home()
    if whole.is_relative_to(settings.PROJECT):
        text = str(whole.relative_to(settings.PROJECT))
    elif not names_folders:
        return None
    elif whole.is_relative_to(home):
        text = f"~/{whole.relative_to(home)}"  # the command expands it
    else:
        text = str(whole)
    is_plain = text == printable(text) == text.strip()
    return f"make source FILE={shlex.quote(text)}" if is_plain else None


def forget(base: Base, file_id: str) -> None:
    """Take out what the user's file says of a file. Raises LineError."""
    for line in _mine(_label(_asked(base, file_id))):
        lines.remove(SEED, line)


def pattern(label: str) -> str:
    """Return a pattern of a file's name, for later files as well: without dates."""
    plain = SPECIAL.sub("?", label)
    found = re.sub(r"\*+", "*", DATES.sub("*", plain))
    return found if _names_any(found) else plain


def _names_any(wanted: str) -> bool:
    """Whether a pattern has anything of a name but its suffix."""
    return any(map(str.isalnum, re.sub(r"\.\w+$|\[[^]]*\]", "", wanted)))


def _put_back(base: Base, file: Row, path: Path | None) -> str:
    """Move a refused file from where it was set aside into the inbox."""
    if path is None:
        return "The next run that meets it lands it: send it again if it is gone."
    chosen = _settings(base)
    if path.is_relative_to(chosen.inbox):
        return "The next run lands it."
    if not path.is_relative_to(chosen.data / "refused"):
        return "The next run of its folder (make run INBOX=…) lands it."
    whole = without_part(_label(file))
    target = chosen.inbox / whole
    if not target.resolve().is_relative_to(chosen.inbox.resolve()):
        return "Send it again."
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.hardlink_to(path)  # which replaces nothing
        path.unlink()
    except OSError as error:
        return f"It lies in {settings.shown(path)} ({error.strerror}): send it again."
    return "It lies in the inbox again, and the next run lands it."


def without_part(label: str) -> str:
    """Return the name of the file that a part of a ZIP file is in."""
    return label.partition(BETWEEN)[0]


def _place(base: Base, file: Row) -> Path | None:
    """Where a file lies: as it was set aside, or in an inbox still."""
    chosen = _settings(base)
    whole = without_part(_label(file))
    places = [(inbox, whole) for inbox in _inboxes(chosen)]
    if file["archived_as"]:
        places.insert(0, (chosen.data, str(file["archived_as"])))
    for root, name in places:
        path = root / name
        try:
            if path.resolve().is_relative_to(root.resolve()) and path.is_file():
                return path
        except OSError:
            continue
    return None


def _inboxes(chosen: settings.Settings) -> list[Path]:
    """Where files of a database are looked for: named, its own, those of the last runs.

    The logs of runs say which folder each has read.
    """
    named = os.environ.get(INBOX)
    found = [Path(named)] if named else []
    logs = sorted(chosen.logs.glob("ingest-*.jsonl"), reverse=True)[:MOST_LOGS]
    for log in logs:
        with suppress(OSError, ValueError), log.open(encoding="utf-8") as lines:
            begun = json.loads(lines.readline())
            if begun.get("database") == str(chosen.database):
                found.append(Path(begun["inbox"]))
    return [*dict.fromkeys([*found, chosen.inbox])]


def _head(path: Path, label: str) -> Head | None:
    """The header of a file, or of the part of it that a label names."""
    catalogue, _ = _known(_declared())
    part = label.removeprefix(without_part(label))
    try:
        found = contents(path, catalogue.score).found
    except (Refusal, OSError):
        return None
    for each in found:
        if each.head and printable(each.label) == part:
            return each.head
    return found[0].head if len(found) == 1 else None


def _lacking(shape: Table, headers: Sequence[str]) -> list[str]:
    return Mapped("", shape, "").lacking(headers)


def _label(file: Row) -> str:
    folder = file["instance_name"]
    return f"{folder}/{file['file_name']}" if folder else str(file["file_name"])


def _asked(base: Base, file_id: str) -> Row:
    number = int(file_id) if file_id.isdecimal() and len(file_id) < 16 else -1
    for row in base.rows(ASKED, file_id=number):
        return row
    raise LineError("this file is not refused any more")


def _mine(label: str) -> list[Line]:
    """The user's lines on a file."""
    return [
        line
        for _, line in lines.read(SEED)
        if fnmatchcase(label.casefold(), line.get("file_name", "").strip().casefold())
    ]


def _said_of(label: str) -> Line | None:
    try:
        return next(reversed(_mine(label)), None)
    except CommandError:
        return None


def _called(line: Line, names: dict[tuple[str, str], Table]) -> str:
    key = line.get("system_name", "").strip(), line.get("table_name", "").strip()
    return called(names[key]) if key in names else " ".join(key)


def _key(name: tuple[str, str]) -> str:
    return ".".join(name)


def _declared() -> tuple[tuple[str, int], ...]:
    """What the declarations are, so that a change is seen."""
    files = [file for folder in folders() for file in sorted(folder.glob("*.yml"))]
    listed = [*declaring(DECLARATIONS), *files]
    return tuple((str(path), path.stat().st_mtime_ns) for path in listed)


@lru_cache(maxsize=1)
def _known(
    declared: tuple[tuple[str, int], ...],
) -> tuple[Catalogue, dict[tuple[str, str], Table]]:
    """All shapes, and those that a user can choose for a file."""
    sources = load_sources(DECLARATIONS)
    shapes = load_shapes(sources, folders(), declaring(DECLARATIONS))
    return Catalogue(sources, shapes), shapes_by_name(sources, shapes)


def _settings(base: Base) -> settings.Settings:
    return settings.load(None, base.path, is_open=True)
