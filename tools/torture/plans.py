"""Runs that build only what is new: as builds of everything after the same files."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from random import Random

from scripts.ingest.clock import VARIABLE
from scripts.settings import PROJECT
from tests.python.warehouse.warehouse import CLOCK, LEARNED, WATERMARKS, content
from tools.torture.place import TARGETS, Failure, Place, compare
from tools.torture.report import Report
from tools.torture.samples import write

COUNT = 40
EVERY = 5
"""Steps after which the two databases are compared."""
PARTS = (
    *("dbt_packages", "macros", "models", "packages", "scripts", "seeds"),
    *("tests/generic", "dbt_project.yml", "packages.yml", "profiles.yml", ".dbtignore"),
)
EXCLUDED = {"DBT_EXCLUDE_RESOURCE_TYPES"}
LANDED, REFUSED, BROKEN = 0, 1, 4
LONGEST = 6.0
"""Seconds after which a run is killed, at most."""


def torture(
    report: Report, place: Place, work: Path, seed: int, count: int = COUNT
) -> None:
    """Take `count` random steps: files, edits, failures, kills, other commands."""
    history = History(place.engine, work / "plans", Random(f"plans {seed}"))
    for number in range(count):
        name, step = history.choose()
        where = f"seed {seed}, step {number}"
        report.attempt(name, where, step)
        if number % EVERY == EVERY - 1 or number == count - 1:
            report.attempt("equal to a build of all", where, history.check)


class History:
    """Two warehouses with the same files: one run by plan, one built whole."""

    def __init__(self, engine: str, work: Path, random: Random) -> None:
        self._engine, self._random, self._work = engine, random, work
        self._project, self._inbox = work / "project", work / "inbox"
        shutil.rmtree(work, ignore_errors=True)
        self._project.mkdir(parents=True)
        for name in PARTS:
            if (PROJECT / name).is_dir():
                shutil.copytree(PROJECT / name, self._project / name, symlinks=True)
            elif (PROJECT / name).exists():
                shutil.copy(PROJECT / name, self._project)
        suffix = "db" if engine == "sqlite" else "duckdb"
        self._planned, self._whole = (
            work / name / f"warehouse.{suffix}" for name in ("planned", "whole")
        )
        for database in (self._planned, self._whole):
            database.parent.mkdir(parents=True)
        samples = work / "samples"
        write(samples, random.randrange(1_000_000))
        self._files = sorted(p for p in samples.rglob("*") if p.is_file())
        random.shuffle(self._files)
        self._broken: dict[Path, str] = {}
        self._edits = 0

    def choose(self) -> tuple[str, Callable[[], None]]:
        """Return the next step, with its name."""
        steps: list[tuple[str, Callable[[], None]]] = [
            ("files", self._deliver),
            ("files", self._deliver),
            ("a file that is refused", self._refuse),
            ("nothing new", self._do_nothing),
            ("an edited model, seed, macro or YAML", self._edit),
            ("a broken model, later mended", self._break),
            ("a killed run", self._kill),
            ("another dbt command", self._build_elsewhere),
        ]
        return self._random.choice(steps)

    def check(self) -> None:
        """Mend what is broken, run, and compare with a build of everything."""
        self._mend()
        self._run()
        self._do("scripts.dbt", "build", database=self._whole, codes=(LANDED, BROKEN))
        compare(self._state(self._whole), self._state(self._planned))

    # -- steps ---------------------------------------------------------------

    def _deliver(self) -> None:
        for path in self._files[: self._random.randint(1, 3)]:
            self._files.remove(path)
            to = self._inbox / path.parent.name / path.name
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, to)
        self._run()

    def _refuse(self) -> None:
        path = self._inbox / "crm" / f"contacts_{self._random.random()}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("nothing,that,is,known\n1,2,3,4\n")
        self._run()

    def _do_nothing(self) -> None:
        self._run()
        found = self._run()
        if not self._broken and "nothing is new" not in found:
            (line,) = (line for line in found.splitlines() if "nodes" in line)
            raise Failure(f"a second run found something new: {line}")

    def _edit(self) -> None:
        self._edits += 1
        path = self._random.choice(
            sorted(self._project.glob("models/**/*.sql"))
            + sorted(self._project.glob("macros/**/*.sql"))
            + sorted(self._project.glob("seeds/**/rules.csv")) * 9
            + sorted(self._project.glob("models/marts/**/*.yml")) * 3
        )
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".sql":
            text += f"\n-- edited {self._edits}\n"
        elif path.suffix == ".csv":
            text = text.replace(" is ", f" is ({self._edits}) ", 1)
        else:
            text = text.replace("One row per", f"One ({self._edits}) row per", 1)
        path.write_text(text, encoding="utf-8")
        self._run()

    def _break(self) -> None:
        models = sorted(self._project.glob("models/marts/**/dim_*.sql"))
        path = self._random.choice(models)
        self._broken.setdefault(path, path.read_text(encoding="utf-8"))
        path.write_text(self._broken[path] + "where no_such_column = 1\n", "utf-8")
        self._run()
        if self._random.random() < 0.5:
            self._mend()
            self._run()

    def _mend(self) -> None:
        for path, text in self._broken.items():
            path.write_text(text, encoding="utf-8")
        self._broken.clear()

    def _kill(self) -> None:
        if self._files and self._random.random() < 0.7:
            path = self._files.pop()
            to = self._inbox / path.parent.name / path.name
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, to)
        process = self._start("scripts.run", *self._from_inbox, database=self._planned)
        time.sleep(self._random.uniform(0.2, LONGEST))
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        options = "scripts.ingest", *self._from_inbox
        self._do(*options, database=self._planned, codes=(LANDED, REFUSED))
        self._land()  # in the same order

    def _build_elsewhere(self) -> None:
        name = self._random.choice(("dim_companies", "stg_crm__contacts", "fct_sales"))
        options = "scripts.dbt", "run", "--select", name
        codes = LANDED, 2, 3, BROKEN  # there may be nothing to build from yet
        self._do(*options, database=self._planned, codes=codes)

    # -- commands ------------------------------------------------------------

    @property
    def _from_inbox(self) -> tuple[str, str]:
        self._inbox.mkdir(exist_ok=True)
        return "--inbox", str(self._inbox)

    def _run(self) -> str:
        codes = (LANDED, REFUSED, BROKEN) if self._broken else (LANDED, REFUSED)
        found = self._do(
            "scripts.run", *self._from_inbox, database=self._planned, codes=codes
        )
        self._land()
        return found

    def _land(self) -> None:
        """Give the other warehouse the same files in the same order."""
        options = "scripts.ingest", *self._from_inbox
        self._do(*options, database=self._whole, codes=(LANDED, REFUSED))

    def _do(self, *words: str, database: Path, codes: tuple[int, ...]) -> str:
        process = self._start(*words, database=database)
        output, _ = process.communicate()
        if process.returncode not in codes:
            raise Failure(
                f"{words[0]}: exit code {process.returncode}: {output[-400:]}"
            )
        return output

    def _start(self, module: str, *options: str, database: Path) -> subprocess.Popen:
        # tests of the data count, too: what they say is owed
        inherited = {k: v for k, v in os.environ.items() if k not in EXCLUDED}
        return subprocess.Popen(
            [sys.executable, "-m", module, "--db", str(database), *options],
            cwd=self._project,
            env={
                **inherited,
                VARIABLE: CLOCK,
                "WAREHOUSE_DATA": str(database.parent),
                "WAREHOUSE_TARGET": TARGETS[self._engine],
                "DBT_TARGET_PATH": str(self._work / f"{database.parent.name} target"),
                "DBT_PROJECT_DIR": str(self._project),
                "DBT_PROFILES_DIR": str(self._project),
                "DBT_LOG_PATH": str(self._work / "logs"),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def _state(self, database: Path) -> dict[str, list[str]]:
        found = content(database, {"batch_id", "_batch_id", *WATERMARKS})
        found = {name: rows for name, rows in found.items() if not LEARNED.match(name)}
        if self._engine == "sqlite":
            with closing(sqlite3.connect(database)) as db:
                made = db.execute("select name, sql from sqlite_master").fetchall()
            found["schema"] = sorted(
                str(row) for row in made if "_last_build" not in row[0]
            )
        return found
