"""What the project was when something was built from it: its files, its engine."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from scripts import seeds
from scripts.settings import PROJECT, Settings
from scripts.yaml_text import read_yaml

DECLARATIONS = ("dbt_project.yml", "profiles.yml", "packages.yml", "dependencies.yml")
ADAPTERS = "adapters/dbt-strict/src"
READ = {".sql", ".yml", ".yaml", ".csv", ".md"}
"""Suffixes of files that dbt reads."""
UNBUILT = ("analysis-paths", "snapshot-paths", "docs-paths")
PACKAGE_TESTS = "integration_tests"
"""Folder of a package that is a project of its own."""


def fingerprints(settings: Settings) -> dict[str, str]:
    """Return the hash of each file that dbt reads, and the versions under "engine"."""
    found = {"engine": _engine(settings)}
    if currency := os.environ.get("WAREHOUSE_REPORTING_CURRENCY"):
        found["reporting currency"] = currency
    if (reader := os.environ.get("WAREHOUSE_READER")) and settings.url:
        found["reader"] = reader
    for path in sorted(_files(PROJECT)):
        name = seeds.tracked(path.relative_to(PROJECT).as_posix())
        found[name] = blake2b(path.read_bytes(), digest_size=12).hexdigest()
    return found


def also_parsed() -> dict[str, str]:
    """Return the hash of each file that dbt parses and builds nothing from."""
    declared = read_yaml((PROJECT / DECLARATIONS[0]).read_bytes())
    folders = [folder for key in UNBUILT for folder in declared.get(key, ())]
    places = [PROJECT / "selectors.yml"]
    for folder in sorted(folders):
        places += sorted((PROJECT / folder).rglob("*"))
    return {
        path.relative_to(PROJECT).as_posix(): blake2b(path.read_bytes()).hexdigest()
        for path in places
        if path.is_file() and path.suffix in READ
    }


def _files(project: Path) -> Iterator[Path]:
    yield from filter(Path.is_file, (project / name for name in DECLARATIONS))
    declared = read_yaml((project / DECLARATIONS[0]).read_bytes())
    folders = {declared.get("packages-install-path", "dbt_packages"), ADAPTERS}
    folders.add(os.environ.get(seeds.VARIABLE) or seeds.TRACKED)
    for key in ("model-paths", "macro-paths", "test-paths"):
        folders |= set(declared.get(key, ()))
    seen: set[str] = set()
    for folder in sorted(folders):
        # a package may be a link, and its own tests install it once more
        for place, below, names in os.walk(project / folder, followlinks=True):
            below[:] = sorted(set(below) - {PACKAGE_TESTS})
            if (real := os.path.realpath(place)) in seen:
                below.clear()
                continue
            seen.add(real)
            yield from (Path(place, n) for n in names if Path(n).suffix in READ)


def _engine(settings: Settings) -> str:
    packages = ["dbt-core", "dbt-adapters", f"dbt-{settings.engine}", "dbt-strict"]
    parts = [settings.target, f"SQLite {sqlite3.sqlite_version}"]
    for package in packages:
        try:
            parts.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    if settings.engine == "duckdb":
        parts.append(f"duckdb {version('duckdb')}")
    if settings.engine == "spark":
        parts += [f"{name} {version(name)}" for name in ("pyspark", "sqlglot")]
    return ", ".join(parts)
