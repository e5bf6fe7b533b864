"""How large what is delivered may be; each limit is a variable of the environment."""

import os

from .errors import UsageError

DEFAULTS = {
    "WAREHOUSE_RECORD_LIMIT": 16_000_000,  # characters of a record
    "WAREHOUSE_COLUMN_LIMIT": 50_000,  # columns of a file
    "WAREHOUSE_REREADING_LIMIT": 100,  # times that broken JSON is read again
    "WAREHOUSE_SWELLING_LIMIT": 400,  # times that packing may hide
    "WAREHOUSE_ZIP_LIMIT": 2_000,  # files within a ZIP file
    "WAREHOUSE_MEMBER_LIMIT": 4_000_000_000,  # bytes of one of them
    "WAREHOUSE_UNPACKED_LIMIT": 8_000_000_000,  # bytes of all of them
    "WAREHOUSE_ROW_LIMIT": 1_048_576,  # rows of a sheet
    "WAREHOUSE_MEMORY_LIMIT": 400,  # MB that reading a file may take
}


def limit(variable: str) -> int:
    """The limit; raises UsageError if the variable holds no number above 0."""
    text = os.environ.get(variable) or ""
    if not text:
        return DEFAULTS[variable]
    if not (text.isascii() and text.isdecimal() and 0 < int(text) < 10**12):
        raise UsageError(f"{variable}: expected a number above 0, not {text!r}")
    return int(text)


def check() -> None:
    """Raise UsageError if a limit is set to what is none."""
    for variable in DEFAULTS:
        limit(variable)
