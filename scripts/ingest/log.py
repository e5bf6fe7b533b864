"""The structured log of a run: one JSON object a line."""

import json
import os
from pathlib import Path
from typing import Any

from scripts.printable import printable_json

from . import clock


class Log:
    """Writes events to a file in `folder`; without a folder, nowhere.

    A log that cannot be written stops nothing; `problem` says why.
    """

    def __init__(self, folder: Path | None) -> None:
        self.path: Path | None = None
        self.problem: str | None = None
        self._file = None
        if folder is None:
            return
        stamp = clock.now()[:19].replace(":", "").replace("-", "")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.path = folder / f"ingest-{stamp}Z-{os.getpid()}.jsonl"
            self._file = self.path.open(
                "a", encoding="utf-8", errors="backslashreplace"
            )
        except OSError as error:
            self.problem = f"no log in {folder}: {error.strerror}"
            self.path = None

    def write(self, event: str, level: str = "info", **facts: Any) -> None:
        """Add one event; facts are whatever JSON can hold."""
        if self._file is None:
            return
        line = {"at": clock.now(), "level": level, "event": event, **facts}
        text = json.dumps(line, ensure_ascii=False, default=str)
        try:
            self._file.write(printable_json(text) + "\n")
            self._file.flush()
        except OSError as error:
            self.problem = f"the log {self.path} ends early: {error.strerror}"
            self._file = None

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None
