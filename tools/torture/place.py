"""A data folder of its own to hurt, and the processes that work on it."""

from __future__ import annotations

import gzip
import hashlib
import multiprocessing
import os
import re
import shutil
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import closing, suppress
from functools import cache, partial
from pathlib import Path
from typing import Any, cast

import duckdb

from scripts.ingest import IngestError, lock
from scripts.ingest.clock import VARIABLE
from scripts.ingest.files import GZIP_MAGIC
from scripts.orphans import die_with_parent
from scripts.settings import PROJECT
from tests.python.ingest.lakeside import mirror
from tests.python.warehouse.warehouse import (
    CLOCK,
    LEARNED,
    WATERMARKS,
    content,
    differences,
)

TARGETS = {"sqlite": "dev", "duckdb": "duckdb"}
BATCHES = ("batch_id", "_batch_id")
"""Numbers that a killed run uses up."""
MAY_CLOSE = 10
"""Seconds that what a killed process has started may live on."""
UNCLEAR = re.compile(r"Traceback|unexpected |more in .*traceback\.log")
Work = Callable[[], int]


class Failure(Exception):  # noqa: N818 (a finding)
    """A promise that was not kept."""


class Skipped(Exception):  # noqa: N818 (a verdict)
    """Something that cannot be tried here, and why."""


class Child:
    """A process at work on a place."""

    def __init__(self, work: Work, environment: dict[str, str], log: Path) -> None:
        context = multiprocessing.get_context("fork")
        self.log = log
        self.began = time.monotonic()
        self._process = context.Process(target=_do, args=(work, environment, log))
        self._process.start()

    def wait(self, seconds: float | None = None) -> int | None:
        """Wait for its end, for some seconds at most; return the exit code."""
        if seconds is None:
            self._process.join()
            return self._process.exitcode
        # joining would wait for the end of a process that has become another
        end = time.monotonic() + seconds
        while self._process.exitcode is None and time.monotonic() < end:
            time.sleep(0.002)
        return self._process.exitcode

    def kill(self, with_children: bool) -> None:
        """End it at once, alone or together with what it has started."""
        with suppress(ProcessLookupError):
            if with_children:
                os.killpg(cast(int, self._process.pid), signal.SIGKILL)
        self._process.kill()
        self._process.join()

    def interrupt(self) -> None:
        """Interrupt it."""
        if self._process.is_alive():
            os.kill(cast(int, self._process.pid), signal.SIGINT)

    @property
    def was_killed(self) -> bool:
        """Whether a kill met it alive."""
        return self._process.exitcode == -signal.SIGKILL

    @property
    def output(self) -> str:
        """What it has printed."""
        return self.log.read_text(encoding="utf-8", errors="replace")


def _do(work: Work, environment: dict[str, str], log: Path) -> None:
    die_with_parent()
    with suppress(OSError):
        os.setpgid(0, 0)
    with log.open("wb") as file:
        for number in (1, 2):
            os.dup2(file.fileno(), number)
    sys.stdout = os.fdopen(1, "w", buffering=1, closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False)
    os.environ.update(environment)
    os.chdir(PROJECT)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.exit(work())


class Place:
    """An inbox, an archive and a database below one folder."""

    def __init__(
        self, folder: Path, engine: str, target: Path, database: str = "warehouse"
    ) -> None:
        self.folder, self.engine = folder, engine
        self.data = folder / "data"
        self.inbox = self.data / "inbox"
        suffix = "db" if engine == "sqlite" else "duckdb"
        self.database = self.data / f"{database}.{suffix}"
        self.lake = None if engine == "sqlite" else self.data / f"{database}.lake"
        self.environment = {
            VARIABLE: CLOCK,
            "WAREHOUSE_DATA": str(self.data),
            "WAREHOUSE_TARGET": TARGETS[engine],
            "WAREHOUSE_DB": str(self.database),
            "WAREHOUSE_LAKE": str(self.lake or ""),
            "DBT_TARGET_PATH": str(target),
            "DBT_LOG_PATH": str(folder / "logs"),
            # tests of the data write nothing that is compared
            "DBT_EXCLUDE_RESOURCE_TYPES": "test",
        }
        self.delivered: set[str] = set()
        self._logs = 0
        self.inbox.mkdir(parents=True, exist_ok=True)

    @property
    def ledger(self) -> Path:
        """The SQLite database that holds the ledger."""
        return self.lake / "ledger.db" if self.lake else self.database

    def deliver(self, folder: Path) -> None:
        """Copy a folder of deliveries into the inbox."""
        shutil.copytree(folder, self.inbox, dirs_exist_ok=True)
        self.delivered |= hashes([folder])

    def start(self, work: Work) -> Child:
        """Begin some work in a process of its own."""
        self._logs += 1
        logs = self.folder / "output"
        logs.mkdir(parents=True, exist_ok=True)
        return Child(work, self.environment, logs / f"{self._logs}.log")

    def do(self, work: Work, codes: Collection[int] = (0,)) -> Child:
        """Do some work to its end; raises Failure for another exit code."""
        return self.finished(self.start(work), codes)

    def finished(self, child: Child, codes: Collection[int] = (0,)) -> Child:
        """Wait for the end of some work; raises Failure as `do` does."""
        code = child.wait()
        if code not in codes:
            raise Failure(f"exit code {code}: {last_lines(child.output)}")
        if UNCLEAR.search(child.output):
            raise Failure(f"no clear line: {unclear(child.output)}")
        return child

    def settle(self) -> None:
        """Wait until nothing that a killed process has started is left."""
        end = time.monotonic() + MAY_CLOSE
        while True:
            try:
                with lock(self.database):
                    return
            except IngestError:
                if time.monotonic() > end:
                    raise Failure("the lock outlives the process killed") from None
                time.sleep(0.01)

    def save(self, to: Path) -> None:
        """Keep a copy, for `restore`."""
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(self.data, to)

    def restore(self, saved: Path) -> None:
        """Be as when a copy was saved; every file there counts as delivered."""
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.copytree(saved, self.data)
        self.delivered = self.kept()

    def kept(self) -> set[str]:
        """Return the hashes of what lies in the inbox, is archived or set aside."""
        names = ("inbox", "archive", "refused")
        return hashes(self.data / name for name in names)

    def check_files(self) -> None:
        """Raise Failure if a delivered file is gone."""
        lost = self.delivered - self.kept()
        if lost:
            raise Failure(f"{len(lost)} delivered files are neither kept nor there")

    def clear(self) -> None:
        """Begin anew."""
        shutil.rmtree(self.data, ignore_errors=True)
        self.inbox.mkdir(parents=True)
        self.delivered = set()

    def state(
        self, landed_only: bool = False, but: Iterable[str] = BATCHES
    ) -> dict[str, list[str]]:
        """Return every row of every table and view, and the schema as written."""
        database = self.database
        if self.lake and landed_only:
            database = self.folder / "mirror.db"
            try:
                mirror(self.lake, database)
            except AssertionError as error:
                raise Failure(f"lake and ledger differ: {str(error)[:200]}") from None
        found = content(database, set(but))
        if database.suffix == ".db":
            with closing(sqlite3.connect(database)) as db:
                (whole,) = db.execute("pragma integrity_check").fetchone()
                if whole != "ok":
                    raise Failure(f"integrity check: {whole}")
                found["schema"] = sorted(
                    str(row)
                    for row in db.execute("select type, name, sql from sqlite_master")
                )
        return found

    def lasting(self, but: Iterable[str] = ()) -> dict[str, list[str]]:
        """Return what does not depend on when weights were learned."""
        found = self.state(but={*BATCHES, *WATERMARKS, *but})
        return {name: rows for name, rows in found.items() if not LEARNED.match(name)}


def compare(clean: dict[str, list[str]], found: dict[str, list[str]]) -> None:
    """Raise Failure if two states differ."""
    other = differences(clean, found)
    if other:
        names = sorted({line.split()[1] for line in other if line[0] in "+-"})
        raise Failure(
            f"{len(other)} rows differ in {', '.join(names[:6])}: {other[0][:300]}"
        )


def hashes(folders: Iterable[Path]) -> set[str]:
    """Return the hashes of the files below some folders, unzipped."""
    found = set()
    for folder in folders:
        for path in folder.rglob("*"):
            name = path.name
            if path.is_file() and not name.endswith((".reason.txt", ".part")):
                content = path.read_bytes()
                if content[:2] == GZIP_MAGIC:
                    with suppress(OSError, EOFError):
                        content = gzip.decompress(content)
                found.add(hashlib.sha256(content).hexdigest())
    return found


def unclear(text: str) -> str:
    """Return the first line of an output that no user should read."""
    return next(line for line in text.splitlines() if UNCLEAR.search(line))[:400]


def last_lines(text: str, count: int = 3) -> str:
    """Return the last lines of an output as one; those of a failed build first."""
    lines = text.strip().splitlines()
    failed = [line for line in lines if line.startswith("build failed")]
    return " / ".join((failed or lines)[-count:])[-400:]


@cache
def load() -> None:
    """Load dbt and parse the project, once for every process forked from here."""
    from scripts.run import planned
    from scripts.run.build import load as parse
    from scripts.watch import __main__ as watch

    manifest = parse()
    if manifest is None:
        raise Failure("the project cannot be parsed")
    duckdb.connect = partial(_with_one_thread, duckdb.connect)
    planned.load = watch.load = lambda *_: manifest  # type: ignore[attr-defined]


def _with_one_thread(connect: Callable[..., Any], *place: Any, **more: Any) -> Any:
    """Connect to DuckDB; sharing out a few rows would take most of its time."""
    return connect(*place, **more | {"config": {"threads": 1} | more.get("config", {})})


def ingesting(*arguments: str) -> Work:
    """`python -m scripts.ingest`."""
    from scripts.ingest.__main__ import main

    return partial(main, list(arguments))


def running(*arguments: str) -> Work:
    """`python -m scripts.run`, with the project parsed before."""
    from scripts.run.__main__ import main

    load()
    return partial(main, list(arguments))


def building(*select: str) -> Work:
    """Build some models, with the project parsed before."""
    from scripts import settings
    from scripts.run import planned
    from scripts.run.__main__ import BUILD_FAILED
    from scripts.run.build import build

    load()

    def work() -> int:
        chosen = settings.load()
        chosen.export()
        with lock(chosen.database):
            manifest = planned.load()  # type: ignore[attr-defined]  # as set there
            made = build(manifest, select=select)
        made.print_problems()
        return BUILD_FAILED if made.failures else 0

    return work


def watching(*arguments: str) -> Work:
    """`python -m scripts.watch`, with the project parsed before."""
    from scripts.watch.__main__ import main

    load()
    return partial(main, list(arguments))


def cold(*arguments: str) -> Work:
    """`python -m scripts.run`, started anew."""

    def work() -> int:
        os.execv(sys.executable, [sys.executable, "-m", "scripts.run", *arguments])  # noqa: S606

    return work
