"""Builds the identity models over records, in a project and database of their own."""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from scripts.command import CommandError
from scripts.settings import PROFILE, PROJECT
from tools.identity_eval.records import KINDS, Fields, Record

if TYPE_CHECKING:
    from scripts.dbt_core import Manifest, dbtRunnerResult

PARSED = PROJECT / "target" / "identity_eval.msgpack"
"""What dbt parsed last, of DuckDB with that suffix; the fields are no part of it."""

PACKAGES = PROJECT / "dbt_packages"
HARNESS = PROJECT / "packages" / "identity" / "integration_tests"
"""The project of another that uses the package; its models are evaluated."""

DUCKDB_MEMORY = "600MB"
"""Beyond it DuckDB writes to files, which takes no longer; it would take all else."""

QUIET = ["--quiet", "--log-level", "none", "--log-level-file", "none"]

NEEDED = [
    *("--select", "+labelled__clusters", "--exclude", "labelled_records"),
    *("--resource-type", "seed", "--resource-type", "model"),
]
"""The models and what they read, but for the records that the package is tested on."""

STAND_INS = [{"name": f"{kind} of no table", "kind": kind} for kind in KINDS]
"""Fields to parse the models with: one of each kind, for all that they may refer to.
The fields themselves come with the build; a query with one of these cannot run."""


class BuildError(CommandError):
    """The models could not be built; the message says which and why."""

    exit_code = 2


@dataclass(frozen=True)
class Project:
    """A folder with a dbt project and its database."""

    folder: Path
    target: str
    fields: Fields

    @property
    def database(self) -> Path:
        """The file of the records and of what is found about them."""
        return self.folder / f"labelled.{self.target}"

    @property
    def connect(self) -> Callable[[], Any]:
        """What opens the database."""
        if self.target == "sqlite":
            return lambda: sqlite3.connect(self.database)
        import duckdb

        return lambda: duckdb.connect(str(self.database))


def make(folder: Path, target: str, fields: Fields) -> Project:
    """Write the project's files; raises BuildError where the engine is missing."""
    if importlib.util.find_spec(f"dbt.adapters.{target}") is None:
        raise BuildError(f"{target}: pip install -r requirements-{target}.txt")
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    made = Project(folder, target, fields)
    for name in ("macros", "models", "seeds"):
        shutil.copytree(HARNESS / name, folder / name, dirs_exist_ok=True)
    made.database.unlink(missing_ok=True)
    project = {
        "name": "identity_eval",
        "version": "1.0.0",
        "profile": PROFILE,
        "packages-install-path": str(PACKAGES),
        "models": {"+materialized": "table"},
        "flags": {"send_anonymous_usage_stats": False},
        "vars": _variables(STAND_INS),
    }
    output = {
        "type": f"{target}_strict",
        "threads": 1,
        "path": str(made.database),
        "log_queries": False,
    }
    if target == "duckdb":
        output["settings"] = {"memory_limit": DUCKDB_MEMORY}
    profiles = {PROFILE: {"target": target, "outputs": {target: output}}}
    # JSON is YAML
    for name, content in (("dbt_project", project), ("profiles", profiles)):
        (folder / f"{name}.yml").write_text(json.dumps(content), encoding="utf-8")
    return made


def land(made: Project, rows: Iterable[Record]) -> None:
    """Write the records as the table that the models read."""
    columns = ["record_id", "truth", *(field.column for field in made.fields.compared)]
    texts = ", ".join(f"{column} text" for column in columns)
    with closing(made.connect()) as db:
        db.execute(
            "create table labelled_records (record_number integer primary key,"
            f" {texts},"
            " created_at text, touched_file_id bigint)"
        )
        numbered = ((at, *row, None, 1) for at, row in enumerate(rows, 1))
        if made.target == "sqlite":
            marks = ", ".join("?" * (len(columns) + 3))
            db.executemany(f"insert into labelled_records values ({marks})", numbered)
            db.commit()
        else:
            path = made.folder / "labelled.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(
                    numbered
                )
            # it would look for another dialect where a value has lines of its own
            texts = ", ".join(f"'c{at}': 'text'" for at in range(len(columns) + 3))
            db.execute(
                f"insert into labelled_records select * from read_csv('{path}',"
                f" header = false, columns = {{{texts}}}, auto_detect = false,"
                " parallel = false, delim = ',', quote = '\"', escape = '\"',"
                " max_line_size = 10000000)"
            )


def build(made: Project, landed: Callable[[], Any] = lambda: None) -> None:
    """Run the identity models over the records; raises BuildError.

    `landed` waits for the records, while dbt parses the project.
    """
    from scripts import dbt_core

    outcome = _parse(made)
    landed()
    if outcome.exception is None:
        listed = [{"name": f.column, "kind": f.kind} for f in made.fields.compared]
        given = ["--vars", json.dumps(_variables(listed))]
        building = [*QUIET, "build", *_place(made), *NEEDED, *given]
        outcome = dbt_core.run(building, cast("Manifest", outcome.result))
    failed = [
        f"{result.node.name}: {result.message}"
        for result in getattr(outcome.result, "results", None) or []
        if str(result.status) not in ("success", "pass", "no-op")
    ]
    if outcome.exception is not None:
        failed.append(str(outcome.exception))
    if failed:
        raise BuildError(" ".join(failed[0].split()))


def prepare() -> None:
    """Have dbt parse the project, so that the first evaluation need not."""
    with tempfile.TemporaryDirectory(prefix="identity_eval_") as name:
        _parse(make(Path(name), "sqlite", Fields("id", ())))


def _parse(made: Project) -> dbtRunnerResult:
    """Have dbt parse what changed in the project since the last evaluation."""
    from scripts import dbt_core

    parsing = [*QUIET, "parse", *_place(made)]
    written = made.folder / "target" / "partial_parse.msgpack"
    written.unlink(missing_ok=True)
    kept = PARSED if made.target == "sqlite" else PARSED.with_suffix(".duckdb")
    if kept.exists():
        parsing += ["--partial-parse-file-path", str(kept)]
    parsed = dbt_core.run(parsing)
    if written.exists():  # else nothing had changed
        with suppress(OSError):  # it saves time, and is no reason to fail
            _keep(written, kept)
    # DuckDB reads seeds where they were when dbt parsed them, in another folder
    for node in getattr(parsed.result, "nodes", {}).values():
        if node.resource_type == "seed" and node.package_name == "identity_eval":
            node.root_path = str(made.folder)
    return parsed


def _keep(written: Path, kept: Path) -> None:
    """Put a file in place of another at once, for others may read that meanwhile."""
    kept.parent.mkdir(exist_ok=True)
    new = kept.with_name(f"{kept.name}.{os.getpid()}")
    try:
        shutil.copyfile(written, new)
        new.replace(kept)
    finally:
        new.unlink(missing_ok=True)


def _place(made: Project) -> list[str]:
    folder = str(made.folder)
    target = str(made.folder / "target")
    places = ["--project-dir", folder, "--profiles-dir", folder]
    return [*places, "--target-path", target, "--no-write-json"]


def _variables(fields: list[dict[str, str]]) -> dict[str, Any]:
    return {"identity": {"labelled": {"fields": fields}}}
