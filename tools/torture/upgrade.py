"""A database made by the code of some commits ago goes on as if made by today's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

from scripts.settings import PROJECT
from tools.torture.place import (
    Failure,
    Place,
    Skipped,
    compare,
    last_lines,
    running,
)
from tools.torture.report import Report
from tools.torture.samples import write

COUNT = 100
"""Commits back."""


def torture(
    report: Report, place: Place, work: Path, seed: int, count: int = COUNT
) -> None:
    """Deliver to the code of `count` commits ago, then to today's."""
    old = work / "old"
    one = partial(_upgraded, place, work, old, seed, count)
    try:
        report.attempt(f"from {count} commits back", f"seed {seed}", one)
    finally:
        _git("worktree", "remove", "--force", str(old))


def _upgraded(place: Place, work: Path, old: Path, seed: int, count: int) -> None:
    first, second = write(work / "samples", seed)
    made = _git("worktree", "add", "--detach", str(old), f"HEAD~{count}")
    if made.returncode:
        raise Skipped(last_lines(made.stderr, 1))
    for folder in list(first.iterdir()):
        if not (old / "models" / "staging" / folder.name).is_dir():  # not known then
            shutil.copytree(folder, second / folder.name, dirs_exist_ok=True)
            shutil.rmtree(folder)
    place.clear()
    place.deliver(first)
    environment = os.environ | place.environment
    environment["DBT_TARGET_PATH"] = str(work / "old_target")
    for name in ("DBT_PROJECT_DIR", "DBT_PROFILES_DIR"):
        environment.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-m", "scripts.run"],
        cwd=old,
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        said = last_lines(done.stdout + done.stderr)
        raise Failure(f"the old code: exit code {done.returncode}: {said}")
    place.deliver(second)
    place.do(running())
    place.check_files()
    upgraded = _state(place)
    place.clear()
    for folder in (first, second):
        place.deliver(folder)
        place.do(running())
    compare(_state(place), upgraded)


def _state(place: Place) -> dict[str, list[str]]:
    """Return all but how the old code called what it archived, the order in which it
    named what is missing, and its DDL."""
    found = place.lasting(["archived_as", "missing_columns"])
    found.pop("schema", None)
    return found


def _git(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", *arguments], cwd=PROJECT, capture_output=True, text=True
    )
