"""The parsed project, and the columns of its relations on empty bronze tables."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from dbt.cli.main import dbtRunner

from tests.python.warehouse import conftest as warehouses

ROOT = Path(__file__).parents[3]
LOOKED_UP = {
    *("phone_plans", "phone_regions", "currencies", "size_bands"),
    *("nicknames", "email_providers", "platform_domains", "shared_mailboxes"),
}
PACKAGE = "revenue_warehouse"
PROFILES = {"int_operations__column_profiles", "int_operations__column_values"}
"""Models that count what is in every table that is delivered, as it is declared."""
IN_TREE = {name: ROOT / "packages" / name for name in ("cleaning", "identity")}
"""The packages that come with the project, and their folders."""


empty_warehouses = warehouses.project


@dataclass(frozen=True)
class Project:
    """The manifest, with shorthands."""

    manifest: dict[str, Any]

    def nodes(self, *kinds: str) -> dict[str, dict]:
        """Return this package's nodes of some kinds, by their unique id."""
        return {
            key: node
            for key, node in self.manifest["nodes"].items()
            if node["resource_type"] in kinds and node["package_name"] == PACKAGE
        }

    @property
    def models(self) -> dict[str, dict]:
        return self.nodes("model")

    @property
    def sources(self) -> dict[str, dict]:
        return self.manifest["sources"]

    @property
    def macros(self) -> dict[str, dict]:
        """The macros of this project and of its packages, by name."""
        return {
            macro["name"]: macro
            for macro in self.manifest["macros"].values()
            if macro["package_name"] in {PACKAGE, *IN_TREE}
        }

    def parents(self, model: Mapping[str, Any], *kinds: str) -> set[str]:
        """Return the ids that a model reads, of some kinds or of all.

        What only its foreign keys refer to is no parent, nor what a macro looks up,
        nor a table whose columns it only counts.
        """
        code = model["raw_code"]
        referred = {
            re.sub(r"\W", " ", constraint["to"]).split()[-1]
            for column in model["columns"].values()
            for constraint in column["constraints"]
            if constraint["type"] == "foreign_key"
        }
        return {
            parent
            for parent in model["depends_on"]["nodes"]
            for name in [parent.rsplit(".", 1)[1]]
            if (not kinds or parent.split(".")[0] in kinds)
            and name not in LOOKED_UP
            and not (model["name"] in PROFILES and parent in self.sources)
            and (name not in referred or f"'{name}'" in code)
        }

    def tests_of(self, key: str) -> list[dict]:
        """Return the data tests that are attached to a node."""
        return [
            test
            for test in self.nodes("test").values()
            if test.get("attached_node") == key  # a test of several has none
        ]


def layer_of(node: Mapping[str, Any]) -> str:
    """Return the folder of a model's layer: staging, intermediate or marts."""
    return node["fqn"][1]


def hold(found: Iterable[str], exceptions: Mapping[str, str] | None = None) -> None:
    """Fail for what is found and not excepted, and for exceptions not needed."""
    found, excepted = set(found), set(exceptions or {})
    assert not found - excepted, "\n".join(["found:", *sorted(found - excepted)])
    unneeded = sorted(excepted - found)
    assert not unneeded, "\n".join(["exceptions no longer needed:", *unneeded])


@pytest.fixture(scope="session")
def folder(
    tmp_path_factory: pytest.TempPathFactory, parsed: Callable[[Path], Path]
) -> Path:
    return parsed(tmp_path_factory.mktemp("manifest"))


def dbt(folder: Path, *command: str) -> Any:
    """Run dbt on the real project, with its output and database elsewhere."""
    os.environ["WAREHOUSE_DB"] = str(folder / "warehouse.db")
    place = [f"--{kind}-dir={ROOT}" for kind in ("project", "profiles")]
    paths = [f"--target-path={folder}", f"--log-path={folder}"]
    return dbtRunner().invoke(["--quiet", command[0], *place, *paths, *command[1:]])


@pytest.fixture(scope="session")
def project(folder: Path) -> Project:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WAREHOUSE_DB", "")
        parsed = dbt(folder, "parse")
    assert parsed.success, parsed.exception
    return Project(json.loads((folder / "manifest.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def columns(
    project: Project, empty_warehouses: Callable[[str], Any], folder: Path
) -> dict[str, list[str]]:
    """Columns of every model and seed, built on sources without rows."""
    template = empty_warehouses("sqlite").template
    copy = shutil.copytree(template, folder / "built")  # with its log, if it has one
    with closing(sqlite3.connect(copy / "warehouse.db")) as db:
        return {
            key: [
                name
                for (name,) in db.execute(
                    f"select name from pragma_table_info('{node['alias']}')"
                )
            ]
            for key, node in project.nodes("model", "seed").items()
            if node["config"]["materialized"] != "ephemeral"
        }


@pytest.fixture(scope="session")
def compiled(empty_warehouses: Callable[[str], Any]) -> dict[str, str]:
    """SQL of every model and of functions that it calls, of a build without rows."""
    kept = empty_warehouses("sqlite").compiled
    functions = kept["functions"]
    return {
        key: "\n".join([kept[key][0], *(body for *_, body in functions[key])])
        for key in kept
        if key.startswith("model.")
    }
