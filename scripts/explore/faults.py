"""What is wrong, in words that name no folder of this machine."""

from __future__ import annotations

import os
import re
import sqlite3
from pathlib import Path

from scripts import seeds
from scripts.settings import PROJECT

FOLDER = re.compile(r"(?<![\w.<:/])(?:[A-Za-z]:)?[\\/](?:[^\s'\":,;]+[\\/])+")
"""A path as far as its last part; one with blanks may be left in part."""


def plain(error: Exception) -> str:
    """Return what is wrong in one line, of a file the name alone."""
    if isinstance(error, OSError):
        name = Path(str(error.filename)).name if error.filename else ""
        said = error.strerror or "cannot be read"
        return f"{name}: {said}" if name else said
    text = " ".join(str(error).split())
    if isinstance(error, sqlite3.Error):
        text = f"the warehouse cannot be read ({text}); make run builds it anew"
    return without_folders(text)


def without_folders(text: str) -> str:
    """Return a text with the names alone of files that it names by their paths."""
    for known in (seeds.folder(), seeds.folder().resolve(), PROJECT):
        text = text.replace(f"{known}{os.sep}", "")
    return FOLDER.sub("", text)
