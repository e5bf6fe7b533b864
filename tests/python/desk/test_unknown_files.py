"""Files that no table takes: where they are found, and what they can be said to be."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from scripts import settings
from scripts.desk import unknown_files
from scripts.desk.base import opened
from scripts.desk.lines import LineError
from scripts.desk.veil import Veil
from scripts.ingest import ingest

BUILT = """
create view fct_ingest_files as select * from ingest_files;
create view rpt_findings as select file_id, 'file_refused' as rule, 0 as is_accepted
    from ingest_files where status = 'refused';
"""


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A warehouse whose last run read a folder that it was told to."""
    monkeypatch.setenv("WAREHOUSE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("WAREHOUSE_CONFIG", str(tmp_path / "config"))
    monkeypatch.delenv(unknown_files.INBOX, raising=False)
    (inbox := tmp_path / "mine" / "misc").mkdir(parents=True)
    (inbox / "x.csv").write_text("Record ID,Shape,Colour,Taste\n1,A,red,b\n")
    (inbox / "y.csv").write_text("Colour,Taste\nred,sweet\n")
    (inbox / "z.xlsx").write_bytes(b"PK\3\4 no more of it")
    place = tmp_path / "data" / "warehouse.db"
    place.parent.mkdir()
    monkeypatch.setenv("WAREHOUSE_DB", str(place))
    ingest(inbox.parent, place, logs=settings.load().logs)
    with closing(sqlite3.connect(place)) as db:
        db.executescript(BUILT)
    return place


def looked_at(database: Path) -> dict[str, dict]:
    with opened(database) as base:
        found = [
            unknown_files.looked_at(base, file, Veil(True))
            for file in unknown_files.unknown(base)
        ]
    return {file["label"]: file for file in found}


def test_the_folder_of_the_last_runs_is_known_or_named(database, tmp_path, monkeypatch):
    found = looked_at(database)
    assert found["misc/y.csv"]["headers"] == ["Colour", "Taste"]
    (tmp_path / "mine").rename(tmp_path / "elsewhere")
    assert not looked_at(database)["misc/y.csv"]["is_there"]
    monkeypatch.setenv(unknown_files.INBOX, str(tmp_path / "elsewhere"))
    assert looked_at(database)["misc/y.csv"]["is_there"]


def test_no_table_is_offered_that_lacks_its_key_or_of_what_cannot_be_read(
    database, tmp_path
):
    found = looked_at(database)
    assert found["misc/z.xlsx"]["is_there"] and not found["misc/z.xlsx"]["others"]
    hubspot = "hubspot.deals"
    assert hubspot not in dict(found["misc/y.csv"]["others"])
    assert hubspot in dict(found["misc/x.csv"]["others"])
    (tmp_path / "mine").rename(tmp_path / "gone")
    lost = looked_at(database)["misc/x.csv"]
    assert not lost["others"] and not lost["nearest"]


@pytest.mark.parametrize("wanted", ["*", "**", "*.csv", "?*/*.csv", "[!a]*"])
def test_a_name_of_any_file_is_refused(database, wanted):
    file = looked_at(database)["misc/x.csv"]
    keep = str(file["file_id"]), wanted, "hubspot.deals", "Zoë", "2026-07-01"
    with opened(database) as base, pytest.raises(LineError, match="any kind"):
        unknown_files.keep(base, *keep)
    assert not (database.parent.parent / "config").exists()


def test_the_command_that_drafts_a_system_can_be_pasted(
    database, tmp_path, monkeypatch
):
    """From the project's folder, whatever the name of the file; and names no other."""
    awkward = 'it\'s $(shell touch a) `touch b` "$HOME" #1%.csv'
    path = tmp_path / "data" / "refused" / "misc" / awkward
    path.parent.mkdir(parents=True)
    path.write_text("Colour,Taste\nred,sweet\n")
    monkeypatch.setattr(settings, "PROJECT", tmp_path)
    command = unknown_files.drafted_by(path)
    makefile = 'source:\n\t@printf %s "$$FILE"\n'
    whole = (Path(__file__).parents[3] / "Makefile").read_text(encoding="utf-8")
    names = re.search(r"^named := (.*)$", whole, re.MULTILINE)[1].split()
    assert {"FILE", "INBOX", "DB"} <= {*names}
    assert not [name for name in names if f'"$({name})"' in whole], "by the shell"
    start = whole.index("named :=")
    literal = whole[start : whole.index("\n\n", start)]
    (tmp_path / "Makefile").write_text(f"{literal}\n{makefile}")
    for name in [name for name in os.environ if name.startswith("MAKE")]:
        monkeypatch.delenv(name)  # of the make that runs the tests
    said = subprocess.run(
        ["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert said.stdout == f"data/refused/misc/{awkward}"
    assert (tmp_path / said.stdout).samefile(path)
    assert not {"a", "b"} & {file.name for file in tmp_path.iterdir()}
    monkeypatch.setattr(settings, "PROJECT", tmp_path / "elsewhere")
    assert unknown_files.drafted_by(path, names_folders=False) is None
    assert str(tmp_path) in unknown_files.drafted_by(path)
    assert unknown_files.drafted_by(path.with_name("a\nb.csv")) is None


def test_a_reason_leaves_the_command_to_the_page(database):
    file = looked_at(database)["misc/y.csv"]
    assert "make source" not in file["reason"]
    assert file["drafted_by"].endswith("/mine/misc/y.csv")
