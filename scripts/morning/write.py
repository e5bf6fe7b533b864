"""Writes the morning page, as often as there is something new to it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from scripts.dashboards import DASHBOARDS, names
from scripts.discreet import discreet
from scripts.ingest import clock
from scripts.morning import masks
from scripts.settings import Settings, holds

NAME = "report.html"
MARK = '<meta name="stamp" content="'


def place(settings: Settings) -> Path:
    """Return where the page is: that of a database elsewhere is beside it."""
    if settings.database.parent == settings.data:
        return settings.data / NAME
    return settings.database.with_suffix(f".{NAME}")


def write(
    settings: Settings,
    failures: Iterable[str] = (),
    is_new: bool = True,
    folder: Path | None = None,
) -> Path | None:
    """Write the page and return its path; None if there is none.

    `failures` are the lines of what failed in the build, `folder` holds dashboards
    other than the project's. If nothing `is_new`, a page
    of the same day, database, declarations and settings is left as it is. Raises
    nothing: what goes wrong is a line on stderr.
    """
    try:
        return _write(settings, list(failures), is_new, folder or DASHBOARDS)
    except Exception as error:  # whatever it is, the run went as it went
        _warn(f"{type(error).__name__}: {error}")
        return None


def _write(
    settings: Settings, failures: list[str], is_new: bool, folder: Path
) -> Path | None:
    if not holds(settings.database):  # nothing was built, as the run says
        return None
    path = place(settings)
    stamp = _stamp(settings, folder)
    if not is_new and not failures and _stamp_of(path) == stamp:
        return path
    from scripts.morning.page import Page
    from scripts.warehouse import opened

    page = Page(settings, folder, clock.now(), failures)
    with opened(settings) as warehouse:
        html = page.html(warehouse, stamp)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        draft.write_text(html, encoding="utf-8", errors="backslashreplace")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    for warning in page.warnings:
        _warn(warning)
    return path


def _stamp(settings: Settings, folder: Path) -> str:
    """Return a digest of what a page says apart from what was built."""
    digest = sha256(f"{clock.now()[:10]} {settings.database}".encode())
    digest.update(os.environ.get(masks.VARIABLE, "").encode())
    own = Path(__file__).parent
    for path in [*names(folder), *sorted(own.glob("*.py")), *sorted(own.glob("*.css"))]:
        digest.update(f"\n{path} ".encode(errors="surrogateescape") + path.read_bytes())
    return digest.hexdigest()[:32]


def _stamp_of(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            start = file.read(500)
    except (OSError, UnicodeDecodeError):
        return ""
    return start.partition(MARK)[2].partition('"')[0]


def _warn(text: str) -> None:
    print(f"warning: page: {discreet(text)}", file=sys.stderr)
