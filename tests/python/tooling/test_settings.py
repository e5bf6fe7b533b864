"""Settings: what wins over what, and that dbt reads profiles.yml alike."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import duckdb
import pytest

from scripts import settings
from scripts.settings import PROJECT, DatabaseFileError, SettingsError, load


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Return a project folder with nothing set."""
    for name in (
        *("WAREHOUSE_TARGET", "WAREHOUSE_DB", "WAREHOUSE_DATA", "WAREHOUSE_LAKE"),
    ):
        # Set first, so that what load_dotenv sets is undone as well.
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    shutil.copy(PROJECT / "profiles.yml", tmp_path)
    monkeypatch.setattr(settings, "PROJECT", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("target", "name"),
    [
        (None, "warehouse.db"),
        ("dev", "warehouse.db"),
        ("qa", "warehouse_qa.db"),
        ("prod", "warehouse_prod.db"),
    ],
)
def test_each_target_has_its_database(project, target, name):
    found = load(target)
    assert found.target == (target or "dev")
    assert found.database == project / "data" / name
    assert found.inbox == project / "data" / "inbox"


def test_the_data_folder_moves_everything(project, monkeypatch, tmp_path):
    monkeypatch.setenv("WAREHOUSE_DATA", str(tmp_path / "elsewhere"))
    found = load("qa")
    assert found.database == tmp_path / "elsewhere" / "warehouse_qa.db"
    assert found.archive == tmp_path / "elsewhere" / "archive"


def test_dotenv_is_read_and_the_environment_wins(project, monkeypatch):
    (project / ".env").write_text("WAREHOUSE_TARGET=qa\nWAREHOUSE_DB='my file.db'\n")
    assert load() == settings.Settings("qa", project / "data", project / "my file.db")
    monkeypatch.setenv("WAREHOUSE_TARGET", "prod")
    assert load().target == "prod"


def test_an_argument_wins_over_all(project, monkeypatch, tmp_path):
    monkeypatch.setenv("WAREHOUSE_DB", "environment.db")
    monkeypatch.chdir(tmp_path)
    assert load(database="given.db").database == tmp_path / "given.db"


def test_an_empty_variable_is_none(project, monkeypatch):
    monkeypatch.setenv("WAREHOUSE_DB", "")
    monkeypatch.setenv("WAREHOUSE_TARGET", "")
    assert load().database == project / "data" / "warehouse.db"


def test_an_unknown_target_names_the_known(project):
    with pytest.raises(SettingsError, match=r"'live'.*dev, qa, prod"):
        load("live")
    with pytest.raises(SettingsError, match=r"did you mean prod\?"):
        load("prd")


def made(path, engine="sqlite"):
    """Write a database with one table."""
    path.parent.mkdir(exist_ok=True)
    module = sqlite3 if engine == "sqlite" else duckdb
    with closing(module.connect(path)) as db:
        db.execute("create table t (a int)")
    return path


@pytest.mark.parametrize(
    ("there", "target", "expected"),
    [
        ([], None, "warehouse.db"),
        (["demo.db"], None, "demo.db"),
        (["demo.db", "warehouse.db"], None, "warehouse.db"),
        (["demo.db"], "prod", "warehouse_prod.db"),
        (["demo.db"], "duckdb", "warehouse.duckdb"),
        (["demo.duckdb", "demo.db"], "duckdb", "demo.duckdb"),
    ],
)
def test_who_reads_takes_the_database_that_exists(
    project, capsys, there, target, expected
):
    for name in there:
        made(project / "data" / name, "duckdb" if "duck" in name else "sqlite")
    found = load(target, existing=True)
    assert found.database == project / "data" / expected
    assert load(target).database.stem.startswith("warehouse")  # who writes does not
    if expected.startswith("demo"):
        assert expected in capsys.readouterr().err
        assert found.lake in (None, project / "data" / "demo.lake")


def test_samples_stand_in_for_no_database_that_is_named_or_full(project, monkeypatch):
    made(project / "data" / "demo.db")
    (project / "data" / "warehouse.db").touch()  # as the sqlite3 shell leaves it
    assert load(existing=True).database.name == "demo.db"
    monkeypatch.setenv("WAREHOUSE_DB", "data/mine.db")
    assert load(existing=True).database.name == "mine.db"


@pytest.mark.parametrize("name", ["WAREHOUSE_DB", "WAREHOUSE_DATA", "WAREHOUSE_LAKE"])
def test_a_mistyped_folder_is_one_line_and_not_made(project, monkeypatch, name):
    monkeypatch.setenv("WAREHOUSE_TARGET", "duckdb")
    monkeypatch.setenv(name, str(project / "no" / "such" / "x"))
    with pytest.raises(SettingsError, match="no/such does not exist") as caught:
        load()
    assert caught.value.exit_code == 2
    assert not (project / "no").exists()


def test_a_file_of_another_kind_is_seen_at_once(project):
    (project / "x.csv").write_text("id,name\n1,Ann\n" * 9)
    with pytest.raises(DatabaseFileError, match=r"x\.csv is not an SQLite database$"):
        load(database=project / "x.csv")
    with pytest.raises(DatabaseFileError, match="is a folder"):
        load(database=project)
    with pytest.raises(DatabaseFileError, match=r"not an SQLite .* but a DuckDB"):
        load(database=made(project / "x.duckdb", "duckdb"))
    with pytest.raises(DatabaseFileError, match=r"not a DuckDB .* but an SQLite"):
        load("duckdb", made(project / "x.db"))


def test_an_old_sqlite_is_refused(project, monkeypatch):
    monkeypatch.setattr(settings.sqlite3, "sqlite_version_info", (3, 38, 5))
    with pytest.raises(SettingsError, match=r"3\.39 or later"):
        load()


def test_a_broken_profile_is_one_line(project):
    (project / "profiles.yml").write_text("revenue_warehouse: {outputs: {}}")
    with pytest.raises(SettingsError, match=r"profiles\.yml"):
        load()


def test_dbt_finds_the_same_database(tmp_path):
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("WAREHOUSE_", "DBT_"))
    }
    environment |= {
        "WAREHOUSE_TARGET": "qa",
        "WAREHOUSE_DATA": str(tmp_path),
        "DBT_LOG_PATH": str(tmp_path),
        "DBT_TARGET_PATH": str(tmp_path),
    }
    result = subprocess.run(
        [sys.executable, "-c", "from dbt.cli.main import cli; cli()", "debug"],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"path: {tmp_path}/warehouse_qa.db" in result.stdout


def test_seeds_are_named_only_where_they_lie_elsewhere(tmp_path, monkeypatch):
    """A variable that comes and goes has dbt parse the whole project anew."""
    monkeypatch.setattr(os, "environ", dict(os.environ))
    own = tmp_path / "config"
    own.mkdir()
    monkeypatch.setitem(os.environ, "WAREHOUSE_CONFIG", str(own))
    chosen = settings.Settings("dev", tmp_path, tmp_path / "x.db")
    for lines, place in (("status,status_order\n", "target/seeds-"), ("", None)):
        path = own / "contact_statuses.csv"
        path.write_text(lines) if lines else path.unlink()
        chosen.export()
        found = os.environ.get(settings.seeds.VARIABLE)
        assert found is place is None or found.startswith(place)
