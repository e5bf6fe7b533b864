"""What explore knows of the project, kept from one start to the next.

dbt takes seconds to read the project, so its answer is kept beside its own, as long as
no file that it was made from has changed. A run, which has read the project anyway,
writes it, too.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scripts.dashboards import name_of, names, read
from scripts.settings import PROJECT, Settings

if TYPE_CHECKING:
    from scripts.dbt_core import Manifest

FOLDERS = (
    *("models", "macros", "analyses", "packages", "seeds", "systems", "dashboards"),
    *("scripts/explore", "adapters/dbt-strict/src"),
)
FILES = ("dbt_project.yml", "profiles.yml", "packages.yml", "scripts/morning/masks.py")
SUFFIXES = (".yml", ".yaml", ".sql", ".py", ".md")
SYSTEM_NAME = re.compile(r"^ {0,2}([a-z][a-z0-9_]*):", re.MULTILINE)

Known = dict[str, Any]


def folder() -> Path:
    """Return where files of explore are kept."""
    target = os.environ.get("DBT_TARGET_PATH", "target")
    return PROJECT / target / "explore"


def kept(chosen: Settings) -> Known | None:
    """Return what was kept of the project as it is now; else None."""
    with suppress(OSError, ValueError):
        found = json.loads((folder() / "project.json").read_text(encoding="utf-8"))
        if found.pop("stamp") == stamp(chosen):
            return dict(found)
    return None


def keep(chosen: Settings, manifest: Manifest | None) -> None:
    """Keep what a run knows of the project; raises nothing."""
    with suppress(Exception):  # explore can call dbt itself
        if manifest and chosen.engine == "sqlite" and kept(chosen) is None:
            learn(chosen, manifest)


def learn(chosen: Settings, manifest: Manifest) -> Known:
    """Call dbt, keep what it lists and return it."""
    from scripts.explore.metadata import queries, tables
    from scripts.morning import masks

    before = stamp(chosen)
    known: Known = {
        "tables": tables(manifest),
        "queries": queries(manifest),
        "dashboards": list(_dashboards()),
        "pii": dict(masks.declared()),
        "shown": sorted({name for path in names() for name in read(path)["shown"]}),
        "names": sorted(
            {"file", "record", "files", *masks.source_names(), *_systems()}
        ),
    }
    domains = {
        name: t["domain"] for name, t in known["tables"].items() if "domain" in t
    }
    for query in known["queries"].values():
        query["domain"] = _most(query.pop("of"), domains)
    for dashboard in known["dashboards"]:
        of = [dashboard["filled"], *dashboard["tables"]]
        dashboard["domain"] = next((domains[t] for t in of if t in domains), "")
    place = folder()
    place.mkdir(parents=True, exist_ok=True)
    draft = place / f".project.{os.getpid()}.draft"
    draft.write_text(json.dumps({"stamp": before} | known), encoding="utf-8")
    draft.replace(place / "project.json")
    return known


def stamp(chosen: Settings) -> str:
    """Return a digest that changes with each file that matters, and the target."""
    digest = sha256(f"{chosen.target} {chosen.engine}".encode())
    for path in _files():
        state = path.stat()
        digest.update(f"\n{path} {state.st_size} {state.st_mtime_ns}".encode())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    yield from (PROJECT / name for name in FILES)
    for name in FOLDERS:
        for place, folders, files in os.walk(PROJECT / name):
            folders.sort()
            for file in sorted(files):
                if file.endswith(SUFFIXES):
                    yield Path(place, file)


def _dashboards() -> Iterator[dict[str, Any]]:
    for path in names():
        declared = read(path)
        yield {
            "name": name_of(path),
            "title": declared.get("title") or path.stem,
            "description": declared.get("description") or "",
            "tables": declared["tables"],
            "filled": declared.get("filled") or "",
        }


def _systems() -> Iterator[str]:
    for path in (PROJECT / "systems").glob("*.yml"):
        yield path.stem
        yield from SYSTEM_NAME.findall(path.read_text(encoding="utf-8"))


def _most(tables: list[str], domains: dict[str, str]) -> str:
    """The domain that most of the tables are of; of several, that of the first."""
    counted = Counter(domains[table] for table in tables if table in domains)
    return counted.most_common(1)[0][0] if counted else ""
