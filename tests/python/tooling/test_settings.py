"""Settings: what wins over what, and that dbt reads profiles.yml alike."""

import os
import shutil
import subprocess
import sys

import pytest

from scripts import settings
from scripts.settings import PROJECT, SettingsError, load


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Return a project folder with nothing set."""
    for name in ("WAREHOUSE_TARGET", "WAREHOUSE_DB", "WAREHOUSE_DATA"):
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
    assert f"{{'main': '{tmp_path}/warehouse_qa.db'}}" in result.stdout
