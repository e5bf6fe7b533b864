"""What people type: not too long, no strange signs, and no formula."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from scripts import seeds
from scripts.desk import accepted, decisions, lines, typed
from scripts.desk.lines import LineError

LIKE = [{"rule": "email_malformed"}]


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WAREHOUSE_CONFIG", str(tmp_path))
    decisions._steps.clear()
    return tmp_path


def cells(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return [value for row in csv.reader(file) for value in row]


@pytest.mark.parametrize("text", ["=1+1", "+1 702", "-x", "@sum(a)", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_compute_is_text_in_the_file(own, text):
    decisions.decide("contacts", [("a", "b")], "same", text, "2026-07-01", text)
    assert accepted.accept(LIKE, "", text, text, "2026-07-01") == 1
    for path in own.glob("*.csv"):
        assert not [c for c in cells(path) if c.startswith(("=", "+", "-", "@"))]
        assert not [c for c in cells(path) if c.startswith(("\t", "\r"))]
    (decision,), (line,) = decisions.own(), accepted.own()
    said = text.strip()
    assert (decision.decided_by, decision.reason) == (said, said)
    assert line["reason"].strip() == said
    bare = {name: value.strip() for name, value in line.items()}
    assert accepted.key_of(line) == accepted.key_of(bare)
    assert decisions.undo(decision) == 1
    assert accepted.undo(accepted.key_of(bare))
    assert decisions.own() == accepted.own() == []


@pytest.mark.parametrize(
    "until, by, reason, fault",
    [
        ("", "x" * 101, "y", "the name has more than 100 characters"),
        ("", "x", "y" * 1001, "the reason has more than 1,000 characters"),
        ("2" * 11, "x", "y", "the day has more than 10 characters"),
        ("", "x", "a\x07", "the reason has signs that no text has"),
    ],
)
def test_an_acceptance_is_as_limited_as_a_decision(own, until, by, reason, fault):
    with pytest.raises(LineError, match=fault):
        accepted.accept(LIKE, until, by, reason, "2026-07-01")
    assert not [*own.iterdir()]


def test_a_name_is_one_line():
    assert typed.name(" Ann \r\n Lee ") == "Ann Lee"


def test_a_folder_in_the_place_of_a_file_is_one_line(own):
    (own / "accepted_findings.csv").mkdir()
    with pytest.raises(LineError, match=r"accepted_findings.csv cannot be read: Is a"):
        accepted.own()
    with pytest.raises(LineError, match=r"accepted_findings.csv cannot be"):
        accepted.accept(LIKE, "", "x", "y", "2026-07-01")
    with pytest.raises(seeds.SeedError, match="cannot be read: Is a directory"):
        seeds.prepare(own)
    with pytest.raises(LineError, match="cannot be read"):
        lines.read("accepted_findings", own)
