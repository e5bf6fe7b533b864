"""Columns that Iceberg keeps for itself, under names of our own.

A table with such a column can be written, and then not be read.
"""

from __future__ import annotations

import re

OURS = {"_row_id": "_row_no"}
THEIRS = {ours: theirs for theirs, ours in OURS.items()}

_RESERVED = re.compile(rf"\b({'|'.join(OURS)})\b")


def ours(sql: str) -> str:
    """Return SQL, or a name, with what such columns are called in tables."""
    return _RESERVED.sub(lambda found: OURS[found.group()], sql)


def theirs(name: str) -> str:
    """Return what models call a column."""
    return THEIRS.get(name, name)
