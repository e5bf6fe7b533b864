"""Who may read what commands write: its owner, unless WAREHOUSE_UMASK says more.

Databases, their journals, archives, lakes, logs and exports are made by many
libraries; the umask of the process reaches all of them.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dotenv import load_dotenv

PROJECT = Path(__file__).resolve().parent.parent
VARIABLE = "WAREHOUSE_UMASK"
OWNER_ONLY = 0o077
"""Files are made 0600, folders 0700."""


class SettingError(Exception):
    """The setting is no umask."""


@contextmanager
def private() -> Iterator[None]:
    """Make new files and folders readable as the setting says.

    Raises SettingError for a setting that is no umask.
    """
    before = os.umask(_mask())
    try:
        yield
    finally:
        os.umask(before)


def own(path: Path) -> None:
    """Give a file that was moved here the rights of one that was made here."""
    mask = os.umask(OWNER_ONLY)
    os.umask(mask)
    with suppress(OSError):  # it may belong to somebody else
        path.chmod(0o666 & ~mask)


def _mask() -> int:
    load_dotenv(PROJECT / ".env")
    text = os.environ.get(VARIABLE) or f"{OWNER_ONLY:03o}"
    try:
        mask = int(text, 8)
    except ValueError:
        mask = -1
    if not 0 <= mask <= 0o077:
        raise SettingError(f"{VARIABLE}: expected 000 to 077, not {text!r}")
    return mask
