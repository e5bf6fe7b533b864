"""Writes that outlive a crash."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def sync(folder: Path) -> None:
    """Make names in a folder last, where folders can be synchronised."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
