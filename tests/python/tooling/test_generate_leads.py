"""The generated lists of leads look and drift as real ones do."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from scripts.ingest.sources import load_sources
from tools.generate.__main__ import main

EARLY = "ENTRYDATE,LEADNUMBER,email_hash,phone_hash,CITY,STATE,ZIP,Appt Date,Set,Demo,"
SWAPPED = (
    "ENTRYDATE,LEADNUMBER,email_hash,phone_hash,STATE,CITY,ZIP,Appt Date,Demo,Set,"
)
LATE = "ENTRYDATE,LEADNUMBER,email_hash,phone_hash,STATE,ZIP,Appt Date,Demo,Set,"
HEADERS = {
    **dict.fromkeys(range(1, 9), f"{EARLY}Dispo,Job Status"),
    **dict.fromkeys(range(9, 11), f"{SWAPPED}Dispo,Job Status"),
    **dict.fromkeys(range(11, 13), f"{LATE}Dispo,Job Status,CityName"),
    **dict.fromkeys(range(13, 23), f"{LATE}Dispo,Job Status,CityName,location"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("inbox")
    assert main(["--out", str(out), "--scale", "0.01", "--leads", "200"]) == 0
    return out / "leads"


def rows(folder: Path, number: int) -> list[dict[str, str]]:
    with (folder / f"data_{number:02}.csv").open(newline="") as file:
        return [r for r in csv.DictReader(file) if set(r.values()) != {"-----"}]


def test_equal_seeds_give_equal_files(folder, tmp_path):
    arguments = ["--out", str(tmp_path), "--scale", "0.01", "--leads", "200"]
    assert main(arguments) == 0
    for path in folder.iterdir():
        assert (tmp_path / "leads" / path.name).read_bytes() == path.read_bytes()
    assert main([*arguments, "--seed", "1"]) == 0
    assert rows(tmp_path / "leads", 1) != rows(folder, 1)


def test_lists_have_the_shapes_of_real_ones(folder):
    assert len(list(folder.iterdir())) == 23
    for number, header in HEADERS.items():
        first, second, *_ = (folder / f"data_{number:02}.csv").read_text().splitlines()
        assert first == header
        assert (set(second.split(",")) == {"-----"}) == (number >= 6)


def test_lists_drift_as_real_ones_do(folder):
    for number in HEADERS:
        listed = rows(folder, number)
        set_ = {r["Set"] == "1" for r in listed}
        booked = {bool(r["Appt Date"]) for r in listed}
        assert set_ == ({False} if number >= 16 else booked)
        if number < 16:
            assert all((r["Set"] == "1") == bool(r["Appt Date"]) for r in listed)
        demo = {"True", "False"} if 11 <= number <= 20 else {"0", "1"}
        assert {r["Demo"] for r in listed} == demo
        assert ({r["STATE"] for r in listed} == {""}) == (number >= 21)


def test_lists_are_windows_of_120_days(folder):
    first_day = load_sources()["leads"].tables[0].first_day
    assert first_day == date(2023, 3, 14)
    for number in HEADERS:
        listed = rows(folder, number)
        day = first_day + timedelta(days=number - 1)
        ages = [
            (day - datetime.strptime(r["ENTRYDATE"], "%m/%d/%Y").date()).days
            for r in listed
        ]
        assert min(ages) >= 0
        assert max(ages) <= 119
        assert max(Counter(r["LEADNUMBER"] for r in listed).values()) == 1


def test_the_backend_knows_each_hash_once(folder):
    backend = pq.read_table(folder / "leads.parquet").to_pylist()
    for column in ("lead_UUID", "email_hash", "phone_hash"):
        values = [row[column] for row in backend]
        assert len(set(values)) == len(values)
        assert {len(value) for value in values} == {40}
