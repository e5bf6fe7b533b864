"""Lines that are added to the user's own file of a seed, and taken away again.

All else in the file stays as it is, byte for byte. The file is replaced at once, so a
reader sees it as it was before or after, and one writer waits for the other.
"""

from __future__ import annotations

import csv
import io
import os
import stat
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from scripts import seeds
from scripts.command import CommandError, did_you_mean
from scripts.durable import sync
from scripts.ingest.errors import BusyError, IngestError
from scripts.ingest.lock import lock
from scripts.seed_lines import ALIASES, Line

BOM = "\ufeff"
LONGEST_WAIT = 10.0
"""Seconds that a writer waits for another one."""
_one_thread = threading.Lock()


class LineError(CommandError):
    """A line cannot be written; the message says why."""


Lines = list[Line]


def append(seed: str, line: Line, own: Path | None = None) -> None:
    """Add a line to the user's file of a seed, which is made if there is none.

    A line that is there already is not added again.
    Raises LineError, or SeedError for a file that no run could read.
    """
    change(seed, lambda _: ([line], []), own)


def remove(seed: str, line: Line, own: Path | None = None) -> bool:
    """Take a line out of the user's file of a seed; return whether it was there.

    Raises LineError, or SeedError for a file that no run could read.
    """
    return change(seed, lambda _: ([], [line]), own)


def change(
    seed: str, choose: Callable[[Lines], tuple[Lines, Lines]], own: Path | None = None
) -> bool:
    """Add and take away lines in one step; return whether that changed the file.

    `choose` is given the lines that are there, and returns those to add and those to
    take away. Nobody else writes meanwhile.
    Raises LineError, or SeedError for a file that no run could read.
    """
    columns = _columns(seed)

    def edit(path: Path, content: bytes) -> bytes:
        file = _File(path, content, columns)
        added, removed = choose(file.lines)
        for line in removed:
            content = file.without(_checked(seed, line, columns))
            file = _File(path, content, columns)
        for line in added:
            wanted = _checked(seed, line, columns)
            if wanted not in file.lines:
                content = file.with_line(wanted)
                file = _File(path, content, columns)
        return content

    return _change(_path(seed, own), edit)


def read(seed: str, own: Path | None = None) -> list[tuple[int, Line]]:
    """Return the lines of the user's file of a seed with their numbers.

    Raises SeedError for a file that no run could read.
    """
    path = _path(seed, own)
    text = seeds.text_of(_content(path) or b"")
    return seeds.own_lines(path, text, _columns(seed))


def _columns(seed: str) -> list[str]:
    shipped = {path.stem: path for path in (seeds.PROJECT / "seeds").rglob("*.csv")}
    if seed not in shipped:
        raise LineError(f"no seed is named {seed}{did_you_mean(seed, shipped)}")
    if why := seeds.NOT_OWN.get(seed):
        raise LineError(f"{seed} cannot be added to: {why}")
    with shipped[seed].open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file))


def _path(seed: str, own: Path | None) -> Path:
    return (own or seeds.folder()) / f"{seed}.csv"


def _checked(seed: str, line: Line, columns: list[str]) -> Line:
    """Return the line with all columns of the seed."""
    for name, value in line.items():
        if name not in columns:
            hint = did_you_mean(name, columns)
            raise LineError(f"{seed} has no column {name}{hint}")
        if "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
            raise LineError(f"{seed}: {name} has signs that no text has")
    return {name: line.get(name, "") for name in columns}


# -- the content of a file -----------------------------------------------------


class _Record(NamedTuple):
    """Where a record begins and ends in the text, and its values."""

    start: int
    end: int
    values: list[str]

    @property
    def is_filled(self) -> bool:
        return any(map(str.strip, self.values))


class _File:
    """The content of a file, to be changed in places."""

    def __init__(self, path: Path, content: bytes, columns: list[str]) -> None:
        self.content = content
        self._columns = columns
        self._is_utf8 = True
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            self._is_utf8 = False
            text = content.decode("cp1252", "surrogateescape")
        self._mark = BOM if text.startswith(BOM) else ""
        self._text = text.removeprefix(BOM)
        given = seeds.own_lines(path, seeds.text_of(content), columns)
        self.lines = [{n: line.get(n, "") for n in columns} for _, line in given]
        if not self._text.strip():
            self._text = ""
        first = self._text.partition("\n")[0]
        self._delimiter = max(",;\t", key=first.count)
        self._break = "\r\n" if first.endswith("\r") else "\n"
        if "\n" not in self._text and "\r" in self._text:
            self._break = "\r"
        aliases = ALIASES.get(path.stem, {})
        header, *self._records = self._parsed() or [_Record(0, 0, [])]
        self._header = header
        self._names = [aliases.get(n.strip(), n.strip()) for n in header.values]

    def with_line(self, line: Line) -> bytes:
        """Return the content with a line at its end."""
        if not self._text:
            rows = [self._columns, [*line.values()]]
            return self._encoded("".join(map(self._written, rows)))
        lacking = [n for n, value in line.items() if value and n not in self._names]
        text = self._extended(lacking) if lacking else self._text
        if not text.endswith(("\r", "\n")):
            text += self._break
        values = [line[name] for name in [*self._names, *lacking]]
        return self._encoded(text + self._written(values))

    def without(self, line: Line) -> bytes:
        """Return the content without a line."""
        filled = [record for record in self._records if record.is_filled]
        gone = {
            record.start
            for record, found in zip(filled, self.lines, strict=True)
            if found == line
        }
        if not gone:
            return self.content
        kept = (r for r in [self._header, *self._records] if r.start not in gone)
        return self._encoded("".join(self._text[r.start : r.end] for r in kept))

    def _extended(self, names: list[str]) -> str:
        """Return the text with more columns, which are empty in all records."""
        parts = []
        for record in [self._header, *self._records]:
            text = self._text[record.start : record.end]
            if record.is_filled:
                end = len(text.rstrip("\r\n"))
                more = names if record is self._header else [""] * len(names)
                added = "".join(self._delimiter + name for name in more)
                text = text[:end] + added + text[end:]
            parts.append(text)
        return "".join(parts)

    def _parsed(self) -> list[_Record]:
        at = 0

        def lines() -> Iterator[str]:
            nonlocal at
            for line in io.StringIO(self._text, newline=""):
                at += len(line)
                yield line

        found, start = [], 0
        for row in csv.reader(lines(), delimiter=self._delimiter, strict=True):
            found.append(_Record(start, at, row))
            start = at
        return found

    def _written(self, values: Iterable[str]) -> str:
        text = io.StringIO(newline="")
        # by its line end csv knows what to quote
        writer = csv.writer(text, delimiter=self._delimiter, lineterminator="\r\n")
        writer.writerow(values)
        return text.getvalue().removesuffix("\r\n") + self._break

    def _encoded(self, text: str) -> bytes:
        text = self._mark + text
        if self._is_utf8:
            return text.encode("utf-8")
        try:
            return text.encode("cp1252", "surrogateescape")
        except UnicodeEncodeError:  # cp1252 lacks a letter of the new line
            known = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            return (BOM + known).encode("utf-8")


# -- the file on disk ----------------------------------------------------------


def _change(path: Path, edit: Callable[[Path, bytes], bytes]) -> bool:
    """Let the content of a file be edited; return whether that changed it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        real = path.resolve()
        with _locked(real):
            while True:
                before = _content(real)
                after = edit(path, before or b"")
                if after == (before or b""):
                    return False
                new = _written_beside(real, after)
                if _content(real) == before:
                    new.replace(real)
                    sync(real.parent)
                    return True
                new.unlink()  # somebody has saved the file meanwhile
    except OSError as error:
        raise LineError(f"{path} cannot be written: {error.strerror}") from None
    except IngestError as error:  # of the lock
        raise LineError(str(error)) from None


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Keep other threads and processes off a file, once they are done with it."""
    until = time.monotonic() + LONGEST_WAIT
    with _one_thread:
        while True:
            try:
                with lock(path):
                    yield
                return
            except BusyError:
                if time.monotonic() > until:
                    raise LineError(f"{path} is in use by another process") from None
            time.sleep(0.02)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LineError(f"{path} cannot be read: {error.strerror}") from None


def _written_beside(path: Path, content: bytes) -> Path:
    """Write what is to replace a file, with the rights of that."""
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)  # of a process that was killed
    with new.open("xb") as file:
        file.write(content)
        with suppress(FileNotFoundError):
            old = path.stat()
            with suppress(OSError):  # it may belong to somebody else
                os.chown(file.fileno(), old.st_uid, old.st_gid)
            new.chmod(stat.S_IMODE(old.st_mode))
        file.flush()
        os.fsync(file.fileno())
    return new
