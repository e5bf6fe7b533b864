"""Whether the user's own lines of seeds have changed, such as by a decision."""

from __future__ import annotations

from pathlib import Path

from scripts.seeds import folder
from scripts.watch.arrivals import State


class OwnSeeds:
    """Looks into the user's own folder again and again."""

    def __init__(self) -> None:
        self._done = self._seen = _states()

    def look(self) -> bool:
        """Return whether there is another state than at `done`, whole by now.

        A state is whole if it is the same at two looks.
        """
        before, self._seen = self._seen, _states()
        return self._seen == before != self._done

    def done(self) -> None:
        """Take the files for dealt with, as they are now."""
        self._done = self._seen = _states()


def _states() -> dict[Path, State]:
    found = {}
    for path in folder().glob("*.csv"):
        try:
            stat = path.stat()
        except OSError:  # gone meanwhile
            continue
        found[path] = stat.st_mtime_ns, stat.st_size
    return found
