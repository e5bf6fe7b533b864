"""Files that the user says the table of: `config/mapped_files.csv`."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from scripts.ingest import Summary, UsageError, ingest

HEADER = "file_name,system_name,table_name\n"
DEALS = "External ID,Opportunity,Expected Revenue,Stage\n7,One,100,Won\n"


@pytest.fixture
def land(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Summary]:
    """Return a giver of what becomes of the inbox, with lines of the user's file."""
    monkeypatch.setenv("WAREHOUSE_CONFIG", str(tmp_path / "config"))
    (tmp_path / "config").mkdir()
    (tmp_path / "inbox" / "misc").mkdir(parents=True)

    def give(lines: str = "", **options: object) -> Summary:
        (tmp_path / "config" / "mapped_files.csv").write_text(HEADER + lines)
        return ingest(tmp_path / "inbox", tmp_path / "db", **options)

    return give


def deliver(folder: Path, name: str, text: str) -> None:
    (folder / "inbox" / name).write_text(text)


def test_a_refused_file_is_read_again_when_it_is_mapped(land, tmp_path):
    deliver(tmp_path, "misc/Deals_2025[1].csv", DEALS)
    deliver(tmp_path, "misc/other.csv", DEALS.replace("7", "8"))
    for _ in range(2):  # the second time it is known
        assert [o.status for o in land().outcomes] == ["refused", "refused"]
    before = sorted((tmp_path / "inbox" / "misc").iterdir())
    found = land("misc/deals_2025?1?.*,odoo,opportunities\n").outcomes
    assert {o.label: o.status for o in found} == {
        "misc/Deals_2025[1].csv": "landed",
        "misc/other.csv": "refused",
    }
    with closing(sqlite3.connect(tmp_path / "db")) as db:
        rows = db.execute(
            "select id, name, amount from bronze_crm__opportunities"
        ).fetchall()
        repaired = db.execute(
            "select count(*) from ingest_files where repaired_by is not null"
        ).fetchone()
    assert [tuple(map(str, row)) for row in rows] == [("7", "One", "100")]
    assert repaired == (1,)
    assert sorted((tmp_path / "inbox" / "misc").iterdir()) == before


def test_the_last_line_of_several_counts_and_goes_before_names(land, tmp_path):
    (tmp_path / "inbox" / "crm").mkdir()
    deliver(tmp_path, "crm/contacts.csv", "id,name\nC1,One\n")
    assert land().outcomes[0].status == "refused"  # contacts have no name
    lines = "crm/*,crm,activities\ncrm/contacts.csv,crm,companies\n"
    (outcome,) = land(lines).outcomes
    assert (outcome.status, outcome.table) == ("landed", "companies")


def test_what_lacks_its_key_is_refused_with_the_line(land, tmp_path):
    deliver(tmp_path, "misc/x.csv", "Opportunity,Stage\nOne,Won\n")
    (outcome,) = land("misc/x.csv,odoo,opportunities\n").outcomes
    assert outcome.status == "refused"
    assert "mapped_files.csv: line 2 says that it is an Odoo opp" in outcome.reason
    assert "but it has no External ID" in outcome.reason


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (",odoo,opportunities", "line 2: file_name is empty"),
        (
            "a,oddo,opportunities",
            "line 2: system 'oddo' is unknown; did you mean odoo?",
        ),
        ("a,odoo,deals", "line 2: odoo has no table 'deals' (known: opportunities)"),
        ("a,hubspot,tickets", "line 2: hubspot has no table 'tickets'"),
        ("a,odoo", "line 2: expected 3 fields, found 2"),
    ],
)
def test_a_wrong_line_is_one_line(land, tmp_path, line, problem):
    deliver(tmp_path, "misc/x.csv", DEALS)
    with pytest.raises(UsageError) as raised:
        land(f"{line}\n")
    assert problem in str(raised.value)
    assert str(raised.value).startswith(f"{tmp_path}/config/mapped_files.csv: ")
