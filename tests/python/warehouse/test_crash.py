"""A run killed at any moment and then repeated equals a run that was not."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.ingest.clock import VARIABLE
from scripts.settings import PROJECT

from .warehouse import CLOCK, content, differences

pytestmark = pytest.mark.long

KILLS = 2


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an inbox of two generated deliveries."""
    inbox = tmp_path_factory.mktemp("sample")
    subprocess.run(
        [sys.executable, "-m", "tools.generate", "--out", str(inbox)]
        + ["--deliveries", "2", "--scale", "0.2"],
        cwd=PROJECT,
        check=True,
        capture_output=True,
    )
    return inbox


class Runs:
    """Runs of the main job on one database."""

    def __init__(self, folder: Path, target: Path, inbox: Path) -> None:
        self.database = folder / "warehouse.db"
        self._inbox = inbox
        self._environment = os.environ | {
            VARIABLE: CLOCK,
            "WAREHOUSE_DATA": str(folder / "data"),
            "DBT_TARGET_PATH": str(target),
            # tests of the data write nothing that is compared
            "DBT_EXCLUDE_RESOURCE_TYPES": "test",
        }

    def start(self) -> subprocess.Popen[bytes]:
        """Start a run."""
        return subprocess.Popen(
            [sys.executable, "-m", "scripts.run"]
            + ["--inbox", str(self._inbox), "--db", str(self.database)],
            cwd=PROJECT,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def finish(self) -> float:
        """Run to the end; return the seconds it took."""
        began = time.monotonic()
        run = self.start()
        output, _ = run.communicate()
        assert run.returncode == 0, output.decode()
        return time.monotonic() - began

    def forget(self) -> None:
        """Remove the database."""
        for path in self.database.parent.glob(f"{self.database.name}*"):
            path.unlink()
        shutil.rmtree(self.database.parent / "data", ignore_errors=True)


def test_killed_runs(
    sample: Path, tmp_path: Path, parsed: Callable[[Path], Path]
) -> None:
    runs = Runs(tmp_path, parsed(tmp_path / "target"), sample)
    seconds = runs.finish()
    clean = content(runs.database, ignore_columns={"batch_id", "_batch_id"})
    assert len(clean["dim_contacts"]) >= 100

    random_ = random.Random(1)
    was_killed = 0
    runs.forget()
    while was_killed < KILLS:  # one upon the other
        run, began = runs.start(), time.monotonic()
        try:
            run.wait(random_.uniform(0.1, 0.6) * seconds)
        except subprocess.TimeoutExpired:
            run.send_signal(signal.SIGKILL)
        assert run.wait() in (0, -signal.SIGKILL)
        was_killed += run.returncode == -signal.SIGKILL
        run.stdout.close()
        if run.returncode == 0:  # quicker than the first: anew, by its time
            seconds, was_killed = time.monotonic() - began, 0
            runs.forget()
    runs.finish()
    again = content(runs.database, ignore_columns={"batch_id", "_batch_id"})
    assert not differences(clean, again)
