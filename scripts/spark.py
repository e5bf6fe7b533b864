"""What a warehouse on Spark needs on this machine, and where its tables are."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

OLDEST_JAVA = 17
MARK = int.from_bytes(b"RWsp", "big")
"""What the file of the state says of itself where SQLite keeps whose file it is."""
GET_JAVA = "apt install openjdk-17-jre-headless, brew install openjdk@17, or JAVA_HOME"


def lacking() -> str:
    """Say what Spark lacks on this machine; empty if nothing."""
    if importlib.util.find_spec("pyspark") is None:
        return "pyspark: pip install -r requirements-spark.txt"
    version = java_version()
    if version is None:
        return f"Java {OLDEST_JAVA} or later, and there is none ({GET_JAVA})"
    if version < OLDEST_JAVA:
        return f"Java {OLDEST_JAVA} or later, not {version} ({GET_JAVA})"
    return ""


def java_version() -> int | None:
    """Return which Java pyspark would start; None if there is none."""
    home = os.environ.get("JAVA_HOME")
    found = str(Path(home, "bin", "java")) if home else shutil.which("java")
    if not found or not Path(found).exists():
        return None
    program = Path(found).resolve()
    text = ""
    with suppress(OSError):  # a file beside it says it at once
        text = (program.parent.parent / "release").read_text(encoding="utf-8")
    said = re.search(r'JAVA_VERSION="([\d.]+)', text)
    if not said:
        with suppress(OSError, subprocess.SubprocessError):
            done = subprocess.run(
                [program, "-version"], capture_output=True, text=True, timeout=60
            )
            said = re.search(r'version "([\d.]+)', done.stderr)
    if not said:
        return None
    first, _, rest = said[1].partition(".")
    return int(rest.partition(".")[0] or 0) if first == "1" else int(first)


def place(tables: str, project: Path) -> str:
    """Return where the tables are: a folder with its whole path, a bucket as it is."""
    return tables if "://" in tables else str(project / tables)


def is_gone(tables: str) -> bool:
    """Return whether a folder of tables is named, and is not there."""
    return bool(tables) and "://" not in tables and not Path(tables).is_dir()
