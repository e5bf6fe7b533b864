"""Small deliveries of every source, made by the project's own generator."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from scripts.settings import PROJECT

LATER = ("_2.", "_03.", "2024-03-01", "2025-06")


def write(folder: Path, seed: int) -> tuple[Path, Path]:
    """Write two deliveries; return their folders."""
    first, second = folder / "first", folder / "second"
    subprocess.run(
        [sys.executable, "-m", "tools.generate", "--out", str(first)]
        + ["--seed", str(seed), "--scale", "0.05", "--deliveries", "2"]
        + ["--leads", "12", "--days", "3", "--registers", "5", "--twice", "0.1"]
        + ["--sales", "40", "--sales-days", "20", "--dirt", "0.1"],
        cwd=PROJECT,
        check=True,
        capture_output=True,
    )
    for path in sorted(first.rglob("*")):
        if path.is_file() and any(mark in path.name for mark in LATER):
            target = second / path.relative_to(first)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
    return first, second
