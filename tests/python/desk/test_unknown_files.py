"""Files that no table takes: where they are found, and what they can be said to be."""

from __future__ import annotations

import sqlite3
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
