"""Which files of the inbox have arrived whole."""

from __future__ import annotations

import errno
from pathlib import Path

from scripts.run.job import visible_files

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

State = tuple[int, int]
"""Time of change and size: equal as long as nobody writes."""


class Arrivals:
    """Looks into an inbox again and again, and says what is new there."""

    def __init__(self, inbox: Path) -> None:
        self._inbox = inbox
        self._done: dict[Path, State] = {}
        self._seen: dict[Path, State] = {}

    def look(self) -> tuple[list[Path], bool]:
        """Return the files that arrived, and whether more are on their way.

        A file has arrived if it is as it was at the look before and no process
        has it open for writing.
        """
        states = self._states()
        new = {path for path, state in states.items() if self._done.get(path) != state}
        arrived = {
            path
            for path in new
            if self._seen.get(path) == states[path] and not is_being_written(path)
        }
        self._seen = states
        return sorted(arrived), bool(new - arrived)

    def done(self, paths: list[Path]) -> None:
        """Take files for dealt with, as they were seen."""
        self._done |= {path: self._seen[path] for path in paths}
        self._done = {p: s for p, s in self._done.items() if p in self._seen}

    def _states(self) -> dict[Path, State]:
        found = {}
        for path in visible_files(self._inbox):
            try:
                stat = path.stat()
            except OSError:  # gone meanwhile
                continue
            found[path] = stat.st_mtime_ns, stat.st_size
        return found


def is_being_written(path: Path) -> bool:
    """Return whether a process has the file open for writing, where that can be known.

    Linux gives a lease for reading only while nobody can write; elsewhere, and
    on a file of somebody else's, the answer is no.
    """
    if not hasattr(fcntl, "F_SETLEASE"):
        return False
    try:
        with path.open("rb") as file:
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno in (errno.EAGAIN, errno.ENOENT)
    return False
