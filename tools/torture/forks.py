"""Commands of a project's own copy, in forks of a process that has dbt imported."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

SERVE = """
import json, os, sys
import scripts.dbt_core, scripts.dbt, scripts.ingest.__main__, scripts.run.__main__
commands = {
    "dbt": scripts.dbt.main,
    "ingest": scripts.ingest.__main__.main,
    "run": scripts.run.__main__.main,
}
for line in sys.stdin:
    words, environment, log = json.loads(line)
    child = os.fork()
    if not child:
        os.setsid()
        for number in (1, 2):
            os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        os.environ.clear()
        os.environ.update(environment)
        sys.exit(commands[words[0]](words[1:]))
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Forks:
    """Runs one command at a time; ends with the process that made it."""

    def __init__(self, project: Path, log: Path) -> None:
        self._log = log
        self._server = subprocess.Popen(
            [sys.executable, "-c", SERVE],
            cwd=project,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, words: list[str], environment: dict[str, str]) -> int:
        """Begin `python -m scripts.` with some words; return the process."""
        line = json.dumps([words, environment, str(self._log)])
        print(line, file=self._server.stdin, flush=True)
        return int(self._answer())

    def end(self) -> tuple[int, str]:
        """Wait for its end; return exit code and output."""
        code = int(self._answer())
        return code, self._log.read_text(encoding="utf-8", errors="replace")

    def close(self) -> None:
        """Let the process end."""
        self._server.communicate()

    def _answer(self) -> str:
        return (self._server.stdout or sys.stdin).readline()


def kill(process: int) -> None:
    """End a command and what it has started."""
    with suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)
