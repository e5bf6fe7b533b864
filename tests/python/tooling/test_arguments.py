"""What is wrong with the arguments of a command is said before anything is done."""

from __future__ import annotations

import importlib
import socket
import subprocess
from collections.abc import Iterator

import pytest

from scripts import export
from scripts.explore import __main__ as explore
from scripts.settings import PROJECT, Settings
from tools import docs, phone_plans
from tools.generate.__main__ import main as generate

USAGE = [
    (
        "tools.demo_api",
        ["--port", "99999"],
        "'99999' is no whole number from 0 to 65535",
    ),
    ("tools.demo_api", ["--port", "-1"], "'-1' is no whole number"),
    ("tools.demo_api", ["--days", "0"], "'0' is no whole number of 1 or more"),
    ("scripts.explore.__main__", ["--port", "99999"], "'99999' is no whole number"),
    ("tools.bench", ["--scales", "0"], "'0' is no whole number of 1 or more"),
    (
        "tools.generate.__main__",
        ["--out", "x", "--leads", "-5"],
        "'-5' is no whole number",
    ),
    ("scripts.run.__main__", ["--inbox", ""], "--inbox: the name is empty"),
    ("scripts.ingest.__main__", ["--inbox", " "], "--inbox: the name is empty"),
    ("scripts.watch.__main__", ["--inbox", ""], "--inbox: the name is empty"),
    ("scripts.run.__main__", ["--db", ""], "--db: the name is empty"),
    ("scripts.export", [""], "DEST: the name is empty"),
]


@pytest.mark.parametrize(("module", "arguments", "words"), USAGE)
def test_usage_is_looked_at_first(capsys, module, arguments, words):
    main = importlib.import_module(module).main
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert words in last


@pytest.mark.parametrize("module", [docs, phone_plans])
def test_asking_for_help_writes_nothing(monkeypatch, capsys, module, tmp_path):
    monkeypatch.setattr(module, "PROJECT", tmp_path)
    with pytest.raises(SystemExit) as stop:
        module.main(["--help"])
    assert stop.value.code == 0
    assert "usage: python -m tools." in capsys.readouterr().out
    assert not list(tmp_path.iterdir())


@pytest.fixture
def taken() -> Iterator[int]:
    """Return a port that another program listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_port_that_is_taken_is_one_line(capsys, tmp_path, taken):
    chosen = Settings("dev", tmp_path, tmp_path / "warehouse.db")
    assert explore.serve(chosen, taken) == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"explore: port {taken}: Address already in use")


def test_a_file_in_the_place_of_a_folder_is_one_line(capsys, tmp_path):
    (tmp_path / "file").write_text("x")
    assert generate(["--out", str(tmp_path / "file"), "--scale", "0.1"]) == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert line == f"generate: {tmp_path}/file/crm: a file is in the place of a folder"


def test_a_store_without_credentials_is_one_line(capsys, tmp_path, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    database = tmp_path / "warehouse.db"
    with export.settings.sqlite3.connect(database) as db:
        for model in export.marts():
            names = ", ".join(column["name"] for column in model["columns"])
            db.execute(f"create table {model['name']} ({names})")
    assert export.main(["s3://somewhere/x", "--db", str(database)]) == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert line == "export: s3://somewhere/x: Unable to locate credentials"


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (["INBOX=x", "DB=y", "WAREHOUSE_CONFIG=z"], ""),
        (["INBX=x"], "unknown setting INBX: there are INBOX FILE DB DEST"),
        (["inbox=x", "DB=y"], "unknown setting inbox: there are INBOX FILE DB DEST"),
    ],
)
def test_make_refuses_a_misspelled_setting(given, problem):
    """It would take the samples, or data/inbox, in place of what was meant."""
    done = subprocess.run(
        ["make", "-n", "run", *given],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert problem in done.stderr
    assert done.returncode == (2 if problem else 0)
    assert ('--inbox "$INBOX"' in done.stdout) is not bool(problem)
