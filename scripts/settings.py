"""Where things lie: the data folder and the database of the chosen target.

Read from the environment, then from an ignored `.env` beside this project;
`.env.example` explains every variable. The path of a target's database is
declared in `profiles.yml` alone and read from there.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import sqlite3
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import yaml
from dotenv import load_dotenv
from jinja2 import TemplateError, Undefined
from jinja2.sandbox import SandboxedEnvironment

from scripts import seeds, spark
from scripts.arguments import place
from scripts.command import CommandError, did_you_mean
from scripts.yaml_text import read_yaml

PROJECT = Path(__file__).resolve().parent.parent
PROFILE = "revenue_warehouse"
OLDEST_SQLITE = (3, 39, 0)
SAMPLES = seeds.SAMPLES
"""Name, without suffix, of the database that samples go into."""
MARKS = {
    "spark": (68, b"RWsp"),  # in an SQLite file, so before that
    "sqlite": (0, b"SQLite format 3\0"),
    "duckdb": (8, b"DUCK"),
    "postgres": (0, b"postgresql://"),
}
"""Where a database file of each engine says what it is, and how."""
ENGINES = {
    "sqlite": "an SQLite",
    "duckdb": "a DuckDB",
    "postgres": "a PostgreSQL",
    "spark": "a Spark",
}


class SettingsError(CommandError):
    """A setting that cannot be used; the message is one line for the user."""

    exit_code = 2


class DatabaseFileError(CommandError):
    """A database file that cannot be used; the message is one line for the user."""


@dataclass(frozen=True)
class Settings:
    """The settings of one run; every path is absolute."""

    target: str
    data: Path
    database: Path
    engine: str = "sqlite"
    """Engine of the target: `sqlite`, `duckdb`, `postgres` or `spark`."""
    lake: Path | None = None
    """Folder of the Parquet files that are read; of DuckDB and Spark alone."""
    url: str = ""
    """Where the server is, for PostgreSQL: `database` is a file that stands for it."""
    tables: str = ""
    """Folder or bucket of the tables, for Spark: `database` is a file that knows what
    they were built from."""

    @property
    def inbox(self) -> Path:
        """Folder of deliveries, laid out as `<source>/<file>`."""
        return self.data / "inbox"

    @property
    def archive(self) -> Path:
        """Folder of landed files, compressed."""
        return self.data / "archive"

    @property
    def refused(self) -> Path:
        """Folder of refused files, each with its reason."""
        return self.data / "refused"

    @property
    def logs(self) -> Path:
        """Folder of the logs of runs."""
        return self.data / "logs"

    @property
    def ledger(self) -> Path:
        """The database that holds the ledger."""
        return self.lake / "ledger.db" if self.lake else self.database

    def choose(self) -> None:
        """Let all of this process, and those that it starts, work with this database.

        It decides which lines of the user's own count: `seeds.folder`.
        """
        os.environ["WAREHOUSE_TARGET"] = self.target
        os.environ["WAREHOUSE_DATA"] = str(self.data)
        os.environ["WAREHOUSE_DB"] = str(self.database)
        os.environ["WAREHOUSE_LAKE"] = str(self.lake or "")
        if self.url:
            os.environ["WAREHOUSE_POSTGRES"] = self.url
        if self.tables:
            os.environ["WAREHOUSE_TABLES"] = self.tables

    def export(self) -> None:
        """Hand the settings to dbt, in this process or in one that it starts."""
        self.choose()
        os.environ["DBT_PROJECT_DIR"] = os.environ["DBT_PROFILES_DIR"] = str(PROJECT)
        os.environ.setdefault("DBT_LOG_PATH", str(self.logs))
        found = seeds.prepare(project=PROJECT)
        if found != seeds.TRACKED:
            os.environ[seeds.VARIABLE] = found
        else:  # or dbt parses anew what was parsed without the variable
            os.environ.pop(seeds.VARIABLE, None)
        self.database.parent.mkdir(parents=True, exist_ok=True)


def load(
    target: str | None = None,
    database: str | os.PathLike[str] | None = None,
    *,
    existing: bool = False,
    is_open: bool = False,
) -> Settings:
    """Return the settings; an argument wins over environment and `.env`.

    A relative `database` starts at the working directory, a relative path
    from the environment at the project folder, as dbt sees it. `existing`: of a
    database that nobody names and that does not exist, the one of the samples
    takes the place, if it does. `is_open`: this process has the database open, so its
    file is not looked at; to close a file ends all locks that the process has on it,
    and a run would take away what readers read.
    Raises SettingsError for an unknown target, a folder that does not exist or an
    SQLite that is too old, DatabaseFileError for a file that is no database.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise SettingsError(
            f"SQLite {sqlite3.sqlite_version} is too old: "
            "this Python must come with 3.39 or later"
        )
    load_dotenv(PROJECT / ".env")
    environment = dict(os.environ)
    if target:
        environment["WAREHOUSE_TARGET"] = target
    if database:
        environment["WAREHOUSE_DB"] = str(Path(database).expanduser().resolve())
        for name in ("WAREHOUSE_LAKE", "WAREHOUSE_TABLES"):
            environment.pop(name, None)  # each database has its own
    name, adapter, path, lake, tables = _profile(environment)
    engine = adapter.removesuffix("_strict")
    _check_engine(name, engine, adapter)
    chosen = Settings(
        target=name,
        data=PROJECT / (environment.get("WAREHOUSE_DATA") or "data"),
        database=PROJECT / path,
        engine=engine,
        lake=PROJECT / lake if lake else None,
        url=_url(environment) if engine == "postgres" else "",
        tables=spark.place(tables, PROJECT) if tables else "",
    )
    for variable, file in (
        ("WAREHOUSE_DATA", chosen.data),
        ("WAREHOUSE_DB", chosen.database),
        ("WAREHOUSE_LAKE", chosen.lake),
    ):
        if file and environment.get(variable):
            _check_folder(file)
    is_named = environment.get("WAREHOUSE_DB") or (target and engine == "sqlite")
    if existing and not is_named:
        chosen = _or_samples(chosen)
    if not is_open:
        check_file(chosen.database, engine)
    return _led(chosen)


def samples(chosen: Settings) -> Settings:
    """Return the settings with the database of the samples."""
    return replace(
        chosen,
        database=chosen.data / f"{SAMPLES}{chosen.database.suffix}",
        lake=chosen.lake and chosen.data / f"{SAMPLES}.lake",
        url=_url_of_samples(chosen.url) if chosen.url else "",
        tables=chosen.tables and _tables_of_samples(chosen),
    )


def _tables_of_samples(chosen: Settings) -> str:
    """A bucket is beside the user's own, a folder with the other samples."""
    if "://" in chosen.tables:
        return f"{chosen.tables.rstrip('/')}_{SAMPLES}"
    return str(chosen.data / f"{SAMPLES}.tables")


def _led(chosen: Settings) -> Settings:
    """Let the path that stands for a database on a server lead to that of these."""
    if chosen.url:
        os.environ["WAREHOUSE_POSTGRES"] = chosen.url
    return chosen


def _url(environment: dict[str, str]) -> str:
    from scripts.ingest import postgres

    return postgres.url(environment.get(postgres.VARIABLE, ""))


def _url_of_samples(url: str) -> str:
    from scripts.ingest import postgres

    return postgres.of_samples(url)


def check_file(database: Path, engine: str) -> None:
    """Raise DatabaseFileError if a file is there and is no database of the engine.

    Looks at its first bytes alone; a file without any may become one.
    """
    if database.is_dir():
        raise DatabaseFileError(f"{database} is a folder, not a database file")
    if not database.exists():
        return
    if not database.is_file():
        raise DatabaseFileError(f"{database} is not a regular file")
    with database.open("rb") as file:
        start = file.read(100)
    other = next((e for e, (n, m) in MARKS.items() if start[n:].startswith(m)), None)
    if not start or other == engine:
        return
    hint = f" but {ENGINES[other]} one: name the target of that" if other else ""
    raise DatabaseFileError(f"{database} is not {ENGINES[engine]} database{hint}")


def _or_samples(chosen: Settings) -> Settings:
    """Return the settings of what there is: the user's own database or samples."""
    instead = samples(chosen)
    if holds(chosen.database) or not holds(instead.database):
        return chosen
    print(
        f"{shown(chosen.database)} does not exist yet: using "
        f"{shown(instead.database)}, made from samples",
        file=sys.stderr,
    )
    return instead


def holds(database: Path) -> bool:
    """Return whether a database file is there, with anything in it."""
    return database.is_file() and database.stat().st_size > 0


def shown(path: Path) -> str:
    """Return the path as short as it is from the working directory."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _check_folder(path: Path) -> None:
    """Raise SettingsError if the folder of what the user names does not exist."""
    folder = path.parent
    if not folder.exists():
        raise SettingsError(f"{folder} does not exist: make it, or correct {path}")
    if not folder.is_dir():
        raise DatabaseFileError(f"{folder} is not a folder, so {path} cannot be made")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options `--db` and `--target`, which `load` takes."""
    parser.add_argument(
        "--db",
        type=place,
        metavar="FILE",
        help="database, instead of the one of the target",
    )
    parser.add_argument(
        "--target", metavar="NAME", help="target of profiles.yml (default: dev)"
    )


def _check_engine(name: str, engine: str, adapter: str) -> None:
    for package, needs in (
        (engine, f"-r requirements-{engine}.txt"),
        (adapter, "-e adapters/dbt-strict"),
    ):
        if importlib.util.find_spec(f"dbt.adapters.{package}") is None:
            raise SettingsError(
                f"target {name} needs more packages: make install TARGET={name}, "
                f"or pip install {needs}"
            )
    if engine == "spark" and (lacking := spark.lacking()):
        raise SettingsError(f"target {name} needs {lacking}")


def _profile(environment: dict[str, str]) -> tuple[str, ...]:
    """Return target, adapter, database, lake and tables, rendered as by dbt."""

    def env_var(name: str, default: str | None = None) -> str:
        value = environment.get(name, default)
        if value is None:
            raise SettingsError(f"profiles.yml needs the variable {name}")
        return value

    jinja = SandboxedEnvironment(undefined=Undefined)
    jinja.globals["env_var"] = env_var
    try:
        text = (PROJECT / "profiles.yml").read_text(encoding="utf-8")
        profile = read_yaml(text)[PROFILE]
        target = jinja.from_string(profile["target"]).render()
        outputs = profile["outputs"]
        if target not in outputs:
            raise SettingsError(
                f"unknown target {target!r}: profiles.yml has {', '.join(outputs)}"
                + did_you_mean(target, outputs)
            )
        output = outputs[target]
        path = output["path"]
        others = (output.get(key, "") for key in ("external_root", "warehouse"))
        paths = (jinja.from_string(text).render() for text in (path, *others))
        return target, output["type"], *paths
    except (OSError, yaml.YAMLError, KeyError, TemplateError) as error:
        raise SettingsError(f"profiles.yml: {error}") from error
