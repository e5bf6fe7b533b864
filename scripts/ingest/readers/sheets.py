"""Workbooks of other formats (.xls, .xlsb, .ods), read by a process of their own."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing
from importlib.util import find_spec
from pathlib import Path
from threading import Timer
from typing import Any

from ..errors import Refusal
from ..files import CHUNK, Content
from ..limits import limit
from ..memory import VARIABLE
from ..sources import PROJECT, Table
from .base import CELL_ERROR, Batch
from .cells import Lost
from .layout import LOOKED, Score, header_of
from .peek import Head
from .rows import Row, RowsReader

LIBRARY = "python_calamine"
MISSING = (
    "reading .xls, .xlsb and .ods needs python-calamine: make sheets (or pip install "
    "-r requirements-sheets.txt); or save it as .xlsx or CSV"
)
SECONDS = 600
"""After which a workbook that is still being read is given up."""


def heads(content: Content, score: Score | None) -> list[Head]:
    """The header of each visible sheet that holds anything."""
    found: list[Head] = []
    name, rows = "", []
    with ExitStack() as files:
        path = _path(content, files)
        for line in (*_lines(path, str(LOOKED)), {"sheet": ""}):
            if isinstance(line, list):
                rows.append(_row(line))
                continue
            at = header_of([row.cells for row in rows], score)
            if at is not None:
                number, headers = rows[at[0]].line, tuple(at[2])
                found.append(Head("sheets", headers, number, sheet=name))
            name, rows = line["sheet"], []
    if not found:
        raise Refusal("the workbook has no visible sheet that holds anything")
    return found


class SheetsReader(RowsReader):
    """Reads one sheet of a workbook."""

    format = "sheets"

    def __init__(self, content: Content, table: Table, sheet: str | None) -> None:
        self._files = ExitStack()
        self._path = _path(content, self._files)
        self._sheet = sheet or heads(content, None)[0].sheet or ""
        self._errors: list[tuple[int, int, str]] = []
        self._is_read = False
        super().__init__(table, self._open)

    def _open(self) -> Iterator[Row]:
        with closing(_lines(self._path, "0", self._sheet)) as lines:
            for line in lines:
                number, *cells = line
                if not self._is_read:
                    self._errors += [
                        (number, at, cell["error"])
                        for at, cell in enumerate(cells)
                        if isinstance(cell, dict)
                    ]
                yield _row(line)

    def batches(self) -> Iterator[Batch]:
        """The records; then the cells with errors are noted."""
        yield from super().batches()
        self._is_read = True  # once more, to add up, they are the same
        for line, at, value in self._errors:
            if line > self._line and at < self.width:
                self.note_fault(CELL_ERROR, self._names[at], value, line)


def _row(line: list[Any]) -> Row:
    number, *cells = line
    return Row(number, [_cell(cell) for cell in cells])


def _cell(cell: Any) -> str | None:
    if isinstance(cell, dict):  # an error
        return None
    return Lost(cell[0]) if isinstance(cell, list) else cell


def _path(content: Content, files: ExitStack) -> str:
    """Where the workbook is; what is within another file gets a file of its own."""
    if content.stream is content.raw:
        return os.fspath(content.raw.name)
    kept = tempfile.NamedTemporaryFile(delete=False)  # noqa: SIM115 (closed below)
    files.callback(Path(kept.name).unlink, missing_ok=True)
    with kept:
        while chunk := content.stream.read(CHUNK):
            kept.write(chunk)
    return kept.name


def _lines(path: str, *arguments: str) -> Generator[Any, None, None]:
    """What the other process writes; raises Refusal if it fails or is killed."""
    if find_spec(LIBRARY) is None:
        raise Refusal(MISSING)
    megabytes = limit(VARIABLE)
    process = subprocess.Popen(
        [sys.executable, "-m", "scripts.ingest.readers.calamine", path]
        + [str(megabytes), *arguments],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    timer = Timer(SECONDS, process.kill)
    timer.start()
    try:
        for text in process.stdout or ():
            line = json.loads(text)
            if isinstance(line, dict) and "error" in line:
                raise Refusal(line["error"])
            yield line
        said = (process.stderr.read() if process.stderr else "").strip()
        if process.wait():
            lines = said.splitlines() or ["it was stopped"]
            last = next((line for line in lines if "memory" in line), lines[-1])[:200]
            raise Refusal(
                f"it cannot be read within {megabytes:,} MB ({VARIABLE}) and "
                f"{SECONDS:,} seconds: {last}; save it as .xlsx or CSV"
            )
    finally:
        timer.cancel()
        process.kill()
        process.communicate()
