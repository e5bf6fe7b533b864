"""Runs that build only what is new: as builds of everything after the same files."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Collection
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from scripts.ingest.clock import VARIABLE
from scripts.settings import PROJECT
from tests.python.warehouse.warehouse import CLOCK, content
from tools.torture.forks import Forks, kill
from tools.torture.place import BATCHES, TARGETS, Failure, Place, compare
from tools.torture.report import Report
from tools.torture.samples import write

COUNT = 40
PARTS = (
    *("dbt_packages", "macros", "models", "packages", "scripts", "seeds", "systems"),
    *("tests/generic", "tests/singular"),
    *("dbt_project.yml", "packages.yml", "profiles.yml", ".dbtignore"),
)
EXCLUDED = {"DBT_EXCLUDE_RESOURCE_TYPES"}
LANDED, REFUSED, BROKEN = 0, 1, 4
LONGEST = 6.0
"""Seconds after which a run is killed, at most."""

MEANINGS = (
    ("macros/quality/in_future.sql", "' > '", "' >= '"),
    ("macros/history/phone_alike.sql", "'x' ||", "'#' ||"),
    ("packages/cleaning/macros/cleaning/missing_markers.sql", "'nan', 'na'", "'na'"),
    ("dbt_project.yml", "quality_warn_below: 95", "quality_warn_below: 99"),
    ("dbt_project.yml", "threshold: 250", "threshold: 300"),
    ("models/staging/crm/_crm__sources.yml", "date_order: mdy", "date_order: dmy"),
    ("models/staging/crm/_crm__sources.yml", "currency: USD", "currency: EUR"),
)
"""File, text and its replacement: edits of what belongs to no single node."""

DAY = "TORTURE_TODAY"
TODAY = f"""\
-- As a model of a user that reads the clock: it would say now().
select '{{{{ env_var('{DAY}') }}}}' as today
"""
NEW = "select company_id, company_name from {{ ref('dim_companies') }}\n"
FAILING = "select * from {{ ref('int_extra') }} limit 1\n"
DERIVED = "select count(*) as companies from {{ ref('int_extra') }}\n"


def torture(
    report: Report, place: Place, work: Path, seed: int, count: int = COUNT
) -> None:
    """Take `count` random steps, and compare after each."""
    history = History(place.engine, work / "plans", Random(f"plans {seed}"))
    for number in range(count):
        name, step = history.choose()
        report.attempt(name, f"seed {seed}, step {number}", step)
        if history.is_lost:
            break
    history.close()


class History:
    """Two warehouses with the same files: one run by plan, one built whole.

    After each step every table of both is compared, but for the log of builds.
    """

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
        self._now = datetime.fromisoformat(CLOCK.rstrip("Z"))
        self._originals: dict[Path, str | None] = {}
        self._broken: set[Path] = set()
        self._edits = 0
        self._waits = False
        self._write("models/intermediate/crm/int_today.sql", TODAY)
        self._originals.clear()
        self._forks = Forks(self._project, work / "output.log")
        self.is_lost = False
        """Whether the two differ, so that nothing further can be compared."""

    @property
    def kinds(self) -> dict[str, Callable[[], None]]:
        """Every kind of step, by name."""
        return {
            "files": self._deliver,
            "a file that is refused": self._refuse,
            "nothing new": self._do_nothing,
            "an edited model": self._edit_model,
            "an edited seed": self._edit_seed,
            "an edited description": self._edit_description,
            "an edited macro, variable or declaration": self._edit_meaning,
            "a model and a test that come and go": self._come_and_go,
            "a broken model": self._break_model,
            "a test that fails": self._break_test,
            "a project that cannot be parsed": self._break_project,
            "all is mended": self._mend,
            "a killed run": self._kill,
            "another dbt command": self._build_elsewhere,
            "a dbt build": self._build_all,
            "another target": self._switch,
            "another day": self._next_day,
            "--all": self._run_all,
            "--full-refresh": self._refresh,
        }

    def choose(self) -> tuple[str, Callable[[], None]]:
        """Return the next step, with its name."""
        kinds = self.kinds
        often = ["files"] * (5 if self._files else 0) + ["all is mended"] * 3
        name = self._random.choice([*kinds, *often])
        return name, lambda: self.take(name)

    def take(self, *names: str) -> None:
        """Change what the kinds of some names do, run by plan once, and compare.

        Raises Failure if there is a difference.
        """
        self._now += timedelta(minutes=1)
        for name in names:
            self._waits = name != names[-1]
            self.kinds[name]()
        try:
            compare(self._state(self._whole), self._state(self._planned))
        except Failure:
            self.is_lost = True
            raise

    def close(self) -> None:
        """End what it has started."""
        self._forks.close()

    # -- steps ---------------------------------------------------------------

    def _deliver(self) -> None:
        self._put(self._random.randint(1, 3))
        self._run()

    def _put(self, count: int) -> None:
        for path in self._files[:count]:
            self._files.remove(path)
            to = self._inbox / path.parent.name / path.name
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, to)

    def _refuse(self) -> None:
        path = self._inbox / "crm" / f"contacts_{self._random.random()}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("nothing,that,is,known\n1,2,3,4\n")
        self._run()

    def _do_nothing(self) -> None:
        self._run()
        found = self._plan()
        if not self._broken and "nothing is new" not in found:
            (line,) = (line for line in found.splitlines() if "nodes" in line)
            raise Failure(f"a second run found something new: {line}")

    def _edit_model(self) -> None:
        path = self._random.choice(sorted(self._project.glob("models/**/*.sql")))
        self._edits += 1
        self._write(path, path.read_text("utf-8") + f"\n-- edited {self._edits}\n")
        self._run()

    def _edit_seed(self) -> None:
        """Take a row out, or put it in again."""
        seeds = sorted(self._project.glob("seeds/**/*.csv"))
        path = self._random.choice(seeds)
        if path in self._originals:
            self._restore(path)
        else:
            head, *rows = path.read_text("utf-8").splitlines(keepends=True)
            if rows:
                rows.remove(self._random.choice(rows))
            self._write(path, "".join([head, *rows]))
            self._broken.add(path)  # what refers to the row may fail
        self._run()

    def _edit_description(self) -> None:
        models = sorted(self._project.glob("models/marts/**/*.yml"))
        path = self._random.choice(models)
        self._edits += 1
        text = path.read_text("utf-8")
        path.write_text(text.replace("One row per", f"One ({self._edits}) row per", 1))
        self._run()

    def _edit_meaning(self) -> None:
        name, text, other = self._random.choice(MEANINGS)
        path = self._project / name
        found = path.read_text("utf-8")
        old, new = (text, other) if text in found else (other, text)
        if old not in found:
            raise Failure(f"{name} has no {text}")
        path.write_text(found.replace(old, new, 1), "utf-8")
        self._run()

    def _come_and_go(self) -> None:
        """A new model and one made from it; or both go, as their tables may not."""
        extra = "models/intermediate/crm/int_extra.sql"
        derived = "models/intermediate/crm/int_extra__counted.sql"
        if (self._project / extra).exists():
            for name in (extra, derived, "tests/singular/fails.sql"):
                (self._project / name).unlink(missing_ok=True)
                self._broken.discard(self._project / name)
        else:
            (self._project / extra).write_text(NEW, "utf-8")
            (self._project / derived).write_text(DERIVED, "utf-8")
        self._run()

    def _break_model(self) -> None:
        models = sorted(self._project.glob("models/marts/**/dim_*.sql"))
        path = self._random.choice(models)
        self._write(path, path.read_text("utf-8") + "where no_such_column = 1\n")
        self._broken.add(path)
        self._run()

    def _break_test(self) -> None:
        """A test fails, and what is made from what it tests is skipped."""
        extra = self._project / "models/intermediate/crm/int_extra.sql"
        if not extra.exists():
            self._come_and_go()
        path = self._project / "tests/singular/fails.sql"
        path.write_text(FAILING, "utf-8")
        self._broken.add(path)
        self._run()

    def _break_project(self) -> None:
        path = self._project / "models/groups.yml"
        before = path.read_text("utf-8")
        path.write_text(before + "\n  nothing: [that\n", "utf-8")
        self._put(1)
        self._land_both()
        words = "run", *self._from_inbox
        self._do(*words, database=self._planned, codes=(BROKEN,))
        path.write_text(before, "utf-8")
        self._run()

    def _mend(self) -> None:
        for path in list(self._originals):
            self._restore(path)
        for path in self._broken:
            path.unlink()  # a test that fails
        self._broken.clear()
        self._run()

    def _kill(self) -> None:
        if self._random.random() < 0.7:
            self._put(1)
        process = self._start("run", *self._from_inbox, database=self._planned)
        time.sleep(self._random.uniform(0.1, LONGEST))
        kill(process)
        self._forks.end()
        self._land_both()  # before the next file comes: it may have landed or not
        self._run(is_known=False)

    def _build_elsewhere(self) -> None:
        names = "dim_companies", "stg_crm__contacts", "fct_sales", "rules+"
        name = self._random.choice(names)
        self._put(self._random.randint(0, 1))
        self._land_both()
        words = "dbt", "build", "--select", name
        codes = LANDED, REFUSED, 2, 3, BROKEN  # some have nothing to build from yet
        for database in (self._planned, self._whole):
            self._do(*words, database=database, codes=codes)
        self._run()

    def _build_all(self) -> None:
        self._put(self._random.randint(0, 1))
        self._land_both()
        for database in (self._planned, self._whole):
            self._do("dbt", "build", database=database, codes=(0, 1, 4))

    def _switch(self) -> None:
        """A run by another target on this database, or of the other engine."""
        if self._engine == "sqlite" and self._random.random() < 0.5:
            self._run("--target", "qa")
        else:
            other = "duckdb" if self._engine == "sqlite" else "db"
            database = self._work / "other" / f"warehouse.{other}"
            database.parent.mkdir(exist_ok=True)
            target = TARGETS["duckdb" if other == "duckdb" else "sqlite"]
            words = "run", *self._from_inbox, "--target", target
            self._do(*words, database=database, codes=(LANDED, REFUSED, BROKEN))
        self._run()

    def _next_day(self) -> None:
        self._now += timedelta(days=self._random.randint(1, 3))
        self._run()

    def _run_all(self) -> None:
        self._put(self._random.randint(0, 1))
        self._run("--all")

    def _refresh(self) -> None:
        self._run("--full-refresh")

    # -- files ---------------------------------------------------------------

    def _write(self, name: Path | str, text: str) -> None:
        """Change a file until all is mended."""
        path = self._project / name
        before = path.read_text("utf-8") if path.exists() else None
        self._originals.setdefault(path, before)
        path.write_text(text, "utf-8")

    def _restore(self, path: Path) -> None:
        before = self._originals.pop(path)
        self._broken.discard(path)
        if before is not None:
            path.write_text(before, "utf-8")

    # -- commands ------------------------------------------------------------

    @property
    def _from_inbox(self) -> tuple[str, str]:
        self._inbox.mkdir(exist_ok=True)
        return "--inbox", str(self._inbox)

    def _run(self, *options: str, is_known: bool = True) -> None:
        """Run by plan; give the other warehouse the same, and build all of it.

        Unless `is_known`, the first may have built what the other has yet to.
        """
        if self._waits:
            return
        words = "run", *self._from_inbox, *options
        found = self._do(*words, database=self._planned, codes=self._codes)
        self._land(self._whole)
        if is_known and "nothing is new" in found and self._random.random() < 0.7:
            return  # often true; the next build of all shows whether it is
        refresh = [option for option in options if option == "--full-refresh"]
        # tests write nothing that is compared, but what fails keeps back the rest
        untested = () if self._broken else ("--exclude-resource-type", "test")
        words = "dbt", "build", *refresh, *untested
        codes = (LANDED, REFUSED, BROKEN) if self._broken else (LANDED,)
        self._do(*words, database=self._whole, codes=codes)

    def _plan(self) -> str:
        words = "run", *self._from_inbox, "--plan"
        return self._do(*words, database=self._planned, codes=(LANDED,))

    @property
    def _codes(self) -> tuple[int, ...]:
        return (LANDED, REFUSED, BROKEN) if self._broken else (LANDED, REFUSED)

    def _land_both(self) -> None:
        for database in (self._planned, self._whole):
            self._land(database)

    def _land(self, database: Path) -> None:
        """Land what is new, in the same order for both."""
        words = "ingest", *self._from_inbox
        self._do(*words, database=database, codes=(LANDED, REFUSED))

    def _do(self, *words: str, database: Path, codes: Collection[int]) -> str:
        self._start(*words, database=database)
        code, output = self._forks.end()
        if code not in codes:
            raise Failure(f"{words[0]}: exit code {code}: {output[-400:]}")
        return output

    def _start(self, module: str, *options: str, database: Path) -> int:
        # what tests of the data say counts here
        inherited = {k: v for k, v in os.environ.items() if k not in EXCLUDED}
        return self._forks.start(
            [module, "--db", str(database), *options],
            {
                **inherited,
                VARIABLE: f"{self._now.isoformat()}Z",
                DAY: f"{self._now:%Y-%m-%d}",
                "WAREHOUSE_DATA": str(database.parent),
                "WAREHOUSE_TARGET": TARGETS[self._engine],
                "DBT_TARGET_PATH": str(self._work / "target"),
                "DBT_PROJECT_DIR": str(self._project),
                "DBT_PROFILES_DIR": str(self._project),
                "DBT_LOG_PATH": str(self._work / "logs"),
            },
        )

    def _state(self, database: Path) -> dict[str, list[str]]:
        if not database.exists():
            return {}
        found = content(database, BATCHES)
        if self._engine == "sqlite":
            with closing(sqlite3.connect(database)) as db:
                made = db.execute("select name, sql from sqlite_master").fetchall()
            found["schema"] = sorted(
                str(row) for row in made if "_last_build" not in row[0]
            )
        return found
