"""The parsed project, kept from run to run for as long as nothing in it changes.

dbt keeps it too (`partial_parse.msgpack`), but takes half a second to read that and to
compare every file. This is in target/ and as trustworthy as the code beside it.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Mapping
from contextlib import suppress
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any

from scripts.run.project import also_parsed
from scripts.settings import PROJECT

NAME = "project.pickle"
PACKAGES = ("dbt-core", "dbt-common", "dbt-adapters", "mashumaro")
OF_A_BUILD = ("DBT_ENV_CUSTOM_ENV_",)
"""Variables that dbt hands to a build, and that say nothing of the project."""


def find(project: Mapping[str, str]) -> Any:
    """Return what was kept of just this project; None if that is another."""
    try:
        with _file().open("rb") as file:
            if pickle.load(file) == _stamp(project):  # noqa: S301
                return pickle.load(file)  # noqa: S301
    except Exception:  # whatever is wrong with it, dbt reads the project
        return None
    return None


def keep(project: Mapping[str, str], parsed: Any) -> None:
    """Keep what was parsed, in the place of what was kept, at once."""
    place = _file()
    draft = place.with_name(f"{NAME}.{os.getpid()}")
    with suppress(OSError):  # it saves time, and is no reason to fail
        try:
            with draft.open("wb") as file:
                pickle.dump(_stamp(project), file)
                pickle.dump(parsed, file, pickle.HIGHEST_PROTOCOL)
            draft.replace(place)
        finally:
            draft.unlink(missing_ok=True)


def forget_stale() -> None:
    """Have dbt read the whole project where a macro is newer than what dbt keeps.

    It would read the models anew that call the macro, but not see what they come to
    depend on by a macro that this one calls: the build would stop.
    """
    kept = _folder() / "partial_parse.msgpack"
    try:
        newest = max(
            path.stat().st_mtime_ns
            for folder in ("macros", "packages")
            for path in (PROJECT / folder).rglob("*.sql")
        )
        if newest > kept.stat().st_mtime_ns:
            kept.unlink()
    except (OSError, ValueError):  # nothing kept, or no macros
        return


def _file() -> Path:
    return _folder() / NAME


def _folder() -> Path:
    return PROJECT / os.environ.get("DBT_TARGET_PATH", "target")


def _stamp(project: Mapping[str, str]) -> str:
    """A digest of all that parsing depends on."""
    settings = {
        name: value
        for name, value in os.environ.items()
        if name.startswith(("DBT_", "WAREHOUSE_")) and not name.startswith(OF_A_BUILD)
    }
    versions = [sys.version, *map(version, PACKAGES)]
    parts = PROJECT, versions, settings, dict(project), also_parsed()
    text = repr([sorted(p.items()) if isinstance(p, dict) else p for p in parts])
    return blake2b(text.encode(), digest_size=16).hexdigest()
