"""Processes killed at any moment: the next run makes what a clean one makes."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from tests.python.warehouse.warehouse import LANDED
from tools.torture.place import (
    Child,
    Failure,
    Place,
    Work,
    building,
    cold,
    compare,
    ingesting,
    running,
    watching,
)
from tools.torture.report import Report
from tools.torture.samples import write

COUNT = 200
IN_A_ROW = (1, 1, 2, 3)
"""How many kills come before a run that may finish."""
DOMAIN = (
    *("staging.crm", "intermediate.crm", "marts.crm"),
    *("int_companies__*", "int_contacts__*", *LANDED),
    "fct_row_errors+",  # what shows findings, for newer ones take their place
)
TRIES = 6
"""How often a process that ended before it was killed is started again."""


@dataclass
class Phase:
    """What is killed, from which saved state, and what must make it whole."""

    name: str
    share: float
    base: str
    work: Work
    landed_only: bool = False
    """Whether nothing is built: ledger and bronze tables are compared."""
    beside: Work | None = None
    """What runs at the same time."""
    seconds: float = 0
    """How long it takes when it is not killed."""


def phases() -> list[Phase]:
    """Return what is killed; the shares add up to 1."""
    return [
        Phase("ingest, first files", 0.21, "empty", ingesting(), True),
        Phase("ingest, more files", 0.26, "more", ingesting(), True),
        Phase("archive", 0.27, "unarchived", ingesting(), True),
        Phase("build of one domain", 0.165, "landed", building(*DOMAIN)),
        Phase("build, new database", 0.01, "unbuilt", running()),
        Phase("build, incremental", 0.03, "landed", running()),
        Phase("run", 0.03, "more", running()),
        Phase("watch beside run", 0.02, "more", watching(), beside=running()),
        Phase("run, started anew", 0.005, "more", cold()),
    ]


def torture(
    report: Report, place: Place, work: Path, seed: int, count: int = COUNT
) -> None:
    """Kill `count` processes in all phases."""
    bases = work / "bases"
    first, second = write(work / "samples", seed)
    place.clear()
    for name, make in _bases(place, first, second).items():
        report.attempt("clean", f"state {name}", make)
        place.save(bases / name)
    due = 0.0
    done = 0
    for phase in phases():
        due += phase.share * count
        trials, done = round(due) - done, round(due)
        if trials:
            clean = report.attempt(
                "clean", phase.name, partial(_clean, place, phase, bases)
            )
        killed = 0 if clean else trials
        while killed < trials:
            trial = f"seed {seed}, kill {killed}"
            random = Random(f"{seed} {place.engine} {phase.name} {killed}")
            one = partial(
                _killed, place, phase, bases, random, clean or {}, trials - killed
            )
            failed = report.row(phase.name).failed
            times = report.attempt(phase.name, trial, one) or 1
            report.row(phase.name).tried += times - 1
            if report.row(phase.name).failed > failed:
                _keep(place, work / "failed" / f"{phase.base} {killed}")
            killed += times


def _bases(place: Place, first: Path, second: Path) -> dict[str, Callable[[], None]]:
    """Return makers of the states to begin with, each upon the one before it."""

    def unarchived() -> None:
        place.do(ingesting("--inbox", str(second)))

    def landed() -> None:
        place.do(ingesting())

    def more() -> None:
        place.do(running())
        place.deliver(second)

    return {
        "empty": partial(place.deliver, first),
        "unbuilt": landed,
        "more": more,
        "unarchived": unarchived,
        "landed": landed,
    }


def _clean(place: Place, phase: Phase, bases: Path) -> dict[str, list[str]]:
    place.restore(bases / phase.base)
    work = running() if phase.beside else phase.work
    began = time.monotonic()
    place.do(work)
    phase.seconds = time.monotonic() - began
    place.check_files()
    return place.state(phase.landed_only)


def _killed(
    place: Place,
    phase: Phase,
    bases: Path,
    random: Random,
    clean: dict[str, list[str]],
    most: int,
) -> int:
    """Kill once or a few times in a row, then run; return the number of kills."""
    wanted = 1 if phase.beside else min(most, random.choice(IN_A_ROW))
    killed = 0
    place.restore(bases / phase.base)
    for _ in range(TRIES):
        if _hurt(place, phase, random):
            killed += 1
        elif not killed:  # it ended before: from the beginning
            place.restore(bases / phase.base)
        place.settle()
        place.check_files()
        if killed == wanted:
            break
    if not killed:
        raise Failure("it always ended before it was killed")
    place.do(running() if phase.beside else phase.work)
    place.check_files()
    compare(clean, place.state(phase.landed_only))
    return killed


def _hurt(place: Place, phase: Phase, random: Random) -> bool:
    """Kill the process, or one of two; return whether it was still at work."""
    moments = sorted(random.uniform(0, phase.seconds) for _ in range(2))
    children = [place.start(phase.work)]
    if phase.beside:
        time.sleep(moments[0])
        children.append(place.start(phase.beside))
        time.sleep(moments[1])
    else:
        children[0].wait(moments[random.randrange(2)])
    victim = children[random.random() < 1 / 3 if phase.beside else 0]
    victim.kill(with_children=random.random() < 0.5)
    for child in _others(children, victim):
        child.interrupt()
        if child.wait(120) is None:
            child.kill(with_children=True)
            raise Failure("what ran beside it did not end")
    if not victim.was_killed:  # in less time than before
        phase.seconds = min(phase.seconds, time.monotonic() - victim.began)
    return victim.was_killed


def _others(children: Iterable[Child], victim: object) -> Iterator[Child]:
    return (child for child in children if child is not victim)


def _keep(place: Place, to: Path) -> None:
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(place.folder, to)
