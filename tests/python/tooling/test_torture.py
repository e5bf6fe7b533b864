"""The harness of `make torture` works, and sees what it is there to see."""

from __future__ import annotations

import os
import re
import sys
import time
from random import Random

import pytest

from scripts.settings import PROJECT
from tools.torture import fuzz, kills
from tools.torture.__main__ import main
from tools.torture.place import Child, Failure, Place, compare, hashes, ingesting
from tools.torture.plans import MEANINGS
from tools.torture.samples import write


def test_damaged_files_are_counted_in_a_table(capsys, tmp_path):
    place = ["--keep", str(tmp_path), "--target", "sqlite"]
    place += ["--results", str(tmp_path / "results")]
    assert main(["--only", "fuzz", "--count", "20", *place]) == 0
    assert "20 tried, 0 failed" in capsys.readouterr().out
    (file,) = (tmp_path / "results").iterdir()
    kept = file.read_text()
    assert "20 tried, 0 failed" in kept
    assert re.match(r"sqlite, seed 0, commit \w+.*: finished\n", kept)


@pytest.fixture
def place(tmp_path):
    place = Place(tmp_path / "place", "sqlite", tmp_path / "target")
    place.deliver(write(tmp_path / "samples", seed=0)[0])
    return place


@pytest.mark.long
def test_killed_ingestion_equals_a_clean_one(place, tmp_path):
    place.save(tmp_path / "bases" / "empty")
    phase = kills.Phase("ingest", 1, "empty", ingesting(), landed_only=True)
    clean = kills._clean(place, phase, tmp_path / "bases")
    assert clean["bronze_crm__contacts"]
    killed = kills._killed(place, phase, tmp_path / "bases", Random(0), clean, 1)
    assert killed == 1


def test_a_lost_file_a_changed_row_and_a_missing_record_are_seen(place, tmp_path):
    place.do(ingesting())
    place.check_files()
    state = place.state()
    compare(state, place.state())
    name = next(iter(state))
    with pytest.raises(Failure, match=name):
        compare(state, state | {name: ["(1,)"]})
    with pytest.raises(Failure, match="exit code 2"):
        place.do(ingesting("--inbox", str(tmp_path / "nowhere")))
    kept = next((place.data / "archive").rglob("*.gz"))
    assert hashes([kept.parent])
    kept.unlink()
    with pytest.raises(Failure, match="neither kept nor there"):
        place.check_files()


def test_a_file_that_lacks_a_good_record_is_seen(tmp_path):
    inbox = tmp_path / "inbox" / "crm"
    inbox.mkdir(parents=True)
    (inbox / "companies.csv").write_text("id,name\nC1,One\nC2,Two\n")
    fuzz._measured(tmp_path, "sqlite")
    label = "crm/companies.csv"
    found = dict(fuzz._unaccounted(tmp_path, "sqlite", {label: {"C1", "C3"}}))
    assert found == {label: "1 good records missing: C3"}
    assert not dict(fuzz._unaccounted(tmp_path, "sqlite", {label: {"C1", "C2"}}))


def test_a_process_that_has_become_another_is_killed_in_time(tmp_path):
    def work() -> int:
        words = [sys.executable, "-c", "import time; time.sleep(60)"]
        os.execv(sys.executable, words)  # noqa: S606

    child = Child(work, {}, tmp_path / "log")
    began = time.monotonic()
    assert child.wait(0.5) is None and time.monotonic() - began < 30
    child.kill(with_children=False)
    assert child.was_killed


@pytest.mark.parametrize(("name", "text", "_"), MEANINGS)
def test_what_is_edited_is_there(name, text, _):
    assert text in (PROJECT / name).read_text("utf-8")
