"""Lands one inbox in a process of its own and says what that took, as JSON."""

from __future__ import annotations

import json
import os
import re
import resource
import sys
import time
import traceback
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

from scripts.ingest import ingest

PATIENCE = 60
"""Seconds of the processor that one inbox may take, at the most."""


def main(folder: Path, engine: str) -> dict[str, Any]:
    """Land `folder/inbox` twice; return seconds by file, memory and trouble."""
    database = folder / f"fuzz.{'db' if engine == 'sqlite' else 'duckdb'}"
    lake = None if engine == "sqlite" else folder / "lake"
    ticks: list[tuple[str, float]] = []

    def tick(_: int, __: int, label: str) -> None:
        label = label.partition(": ")[2]  # after which of how many it is
        if not ticks or ticks[-1][0] != label:
            ticks.append((label, time.process_time()))

    told: dict[str, Any] = {"again": [], "skipped": []}
    try:
        made = ingest(folder / "inbox", database, lake=lake, logs=folder, progress=tick)
        told["skipped"] = [
            outcome.label for outcome in made.outcomes if outcome.status == "skipped"
        ]
        ticks.append(("", time.process_time()))
        again = ingest(folder / "inbox", database, lake=lake)
        told["again"] = [
            outcome.label
            for outcome in again.outcomes
            if outcome.status == "landed"
            or (outcome.status == "refused" and not outcome.is_known)
        ]
    except Exception:
        told["trouble"] = traceback.format_exc()
    told["seconds"] = {
        label: end - start for (label, start), (_, end) in pairwise(ticks)
    }
    return told | {"megabytes": _peak()}


def _peak() -> float:
    """Peak memory; the share of the process that started this one left out."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    with suppress(OSError):
        status = Path("/proc/self/status").read_text(encoding="ascii")
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        if found:
            return max(int(found[1]) / 1024, children)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE + 1))
    answer = main(Path(sys.argv[1]), sys.argv[2])
    sys.stdout.flush()
    os.write(1, ("\n" + json.dumps(answer)).encode())
