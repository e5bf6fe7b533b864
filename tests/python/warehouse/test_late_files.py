"""Files that come after newer ones and take records back are pointed out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .test_full_pictures import BUILT
from .test_increments import ON_EACH
from .warehouse import Warehouse

SYSTEM = """
system: portal
evidence: seen
tables:
  prospects:
    into: crm.leads
    key: [id]
    recognised_by: [[Prospect No, Prospect Title]]
    columns:
      id: [Prospect No]
      title: [Prospect Title]
      last_modified: [Prospect Changed]
"""
FULL = SYSTEM.replace("portal", "whole").replace("Prospect", "Record").replace(
    "evidence: seen", "evidence: seen\nsettings: {delivery: full}"
)  # fmt: skip
DATED = r"""
system: portal
settings: {delivery_time: {file_name: '(?P<date>\d{4}-\d\d-\d\d)'}}
"""
Rounds = list[tuple[str, str, str]]
"""Of each run the name of a file, its records (`1a` is record 1 with title a), and the
findings after it: `1 < deals` has one record that went back behind that file."""
CASES: dict[str, Rounds] = {
    # a copy of a file, of which a newer one has landed since
    "copied": [
        ("d-2026-11-20", "1a 2a", ""),
        ("d-2026-11-27", "1b 2b", ""),
        ("d-2026-11-20 (1)", "1a 2a", "2 = d-2026-11-20 < d-2026-11-27 ?"),
        ("d-2026-12-04", "1b 2b", ""),  # all is as a newer file has it
    ],
    "numbered": [
        ("week 1", "1a 2a", ""),
        ("week 2", "1a 2b", ""),
        ("week 3", "1a 2a", "1 = week 1 < week 2"),
        ("week 2 again", "1a 2b", ""),  # what the finding advises
    ],
    # an older date in its name
    "older": [
        ("d-2026-11-20", "1b 2a", ""),
        ("d-2026-11-27", "1c 3a", ""),
        ("d-2026-11-13", "1a 2a", "1 < d-2026-11-27 ?"),
    ],
    # between the newer ones, one has the record
    "parts": [
        ("d_20261120", "1b", ""),
        ("d_20261127", "2b", ""),
        ("d_20261113", "1a", "1 < d_20261120 ?"),
    ],
    "german": [
        ("d 24.11.2026", "1a", ""),
        ("d 01.12.2026", "1b", ""),
        ("d 30.11.2026", "1c", "1 < d 01.12.2026 ?"),
    ],
    "years": [("d 31.12.25", "1a", ""), ("d 01.01.26", "1b", "")],
    # nothing to find
    "in order": [
        ("d-2026-11-13", "1a 2a", ""),
        ("d-2026-11-20", "1b 2a", ""),
        ("d-2026-11-27", "1b 2b", ""),
    ],
    "twice": [
        ("d-2026-11-13", "1a", ""),
        ("d-2026-11-13 (1)", "1a", ""),
        ("d-2026-11-20", "1b", ""),
        ("d-2026-11-20 (1)", "1b", ""),
    ],
    "undated": [("deals", "1a", ""), ("deals_1", "1b", ""), ("deals_2", "1c", "")],
    "back again": [  # by its name the newest
        ("d-2026-11-13", "1a", ""),
        ("d-2026-11-20", "1b", ""),
        ("d-2026-11-27", "1a", ""),
    ],
    "months": [  # each has others
        ("d-2026-11", "1a 2a", ""),
        ("d-2026-12", "3a", ""),
        ("d-2026-10", "4a", ""),
    ],
    "unchanged": [
        ("d-2026-11-20", "1a 2a", ""),
        ("d-2026-11-27", "1a 2a 3a", ""),
        ("d-2026-11-13", "1a 2a", ""),
    ],
    # the time of a change decides, whatever came last
    "changed": [
        ("d-2025-11-20", "1a@2025-11-19", ""),
        ("d-2025-11-27", "1b@2025-11-26", ""),
        ("d-2025-11-20 (1)", "1a@2025-11-19", ""),
        ("d-2025-11-13", "1c@2025-11-27", ""),
    ],
    # a full picture brings back what was deleted, and deletes what is new
    "whole": [
        ("d-2026-11-20", "1a 2a 3a 4a 5a 6a", ""),
        ("d-2026-11-27", "1a 2a 3a 4a 5a 7a", ""),
        ("d-2026-11-20 (1)", "1a 2a 3a 4a 5a 6a", "2 = d-2026-11-20 < d-2026-11-27 ?"),
        ("d-2026-12-04", "1a 2a 3a 4a 5a 7a", ""),
    ],
}
FOUND = """
select files.instance_name, findings.source_value
from int_crm__findings as findings
inner join stg_ingest__files as files on findings.file_id = files.file_id
inner join rules on findings.rule = rules.rule and rules.severity = 'warning'
where findings.rule = 'file_late'
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the user's folder, which knows two systems."""
    folder = tmp_path / "config" / "systems"
    folder.mkdir(parents=True)
    (folder / "portal.yml").write_text(SYSTEM)
    (folder / "whole.yml").write_text(FULL)
    monkeypatch.setenv("WAREHOUSE_CONFIG", str(folder.parent))
    return folder


def said(expected: str) -> str:
    """What a finding says, in full."""
    text, is_dated = expected.removesuffix(" ?"), expected.endswith(" ?")
    counted, _, newer = text.partition(" < ")
    count, _, same = counted.partition(" = ")
    start = (
        f"the same as {same}.csv, and came after {newer}.csv"
        if same
        else f"by its name older than {newer}.csv, which came before"
    )
    return (
        f"{start}; records that went back: {count}. To mend it, deliver {newer}.csv"
        " again under another name"
        + (", or declare delivery_time: {file_name: ...}" if is_dated else "")
    )


def deliver(warehouse: Warehouse, folder: str, name: str, records: str) -> None:
    """Deliver a file of prospects, with the time of a change where it has one."""
    place = warehouse.inbox / folder
    place.mkdir(exist_ok=True)
    what = "Record" if folder == "whole" else "Prospect"
    rows = [each.partition("@") for each in records.split()]
    header = f"{what} No,{what} Title" + (f",{what} Changed" if "@" in records else "")
    lines = [f"{row[0]},{row[1]}" + (f",{at}" if at else "") for row, _, at in rows]
    (place / f"{name}.csv").write_text("\n".join([header, *lines, ""]))


@ON_EACH
def test_files_that_take_records_back_are_found(
    new_warehouse: Callable[[str], Warehouse], engine: str, config: Path
) -> None:
    """Until a newer file has the records again; each case in a folder of its own."""
    warehouse = new_warehouse(engine)
    for number in range(4):
        expected = {}
        for folder, rounds in CASES.items():
            if number < len(rounds):
                deliver(warehouse, folder, *rounds[number][:2])
            if finding := rounds[min(number, len(rounds) - 1)][2]:
                expected[folder] = said(finding)
        warehouse.land()
        warehouse.build("--select", *BUILT, "int_crm__findings")
        assert dict(warehouse.query(FOUND)) == expected, number


@ON_EACH
def test_a_delivery_time_of_a_system_orders_what_landed(
    new_warehouse: Callable[[str], Warehouse], engine: str, config: Path
) -> None:
    """Declared in config/, for files of before and after."""
    warehouse = new_warehouse(engine)
    titles = "select title from int_crm_leads__versioned where row_status = 'current'"

    def run() -> tuple[list[tuple[str]], int]:
        warehouse.land()
        warehouse.build("--select", *BUILT, "int_crm__findings")
        return warehouse.query(titles), len(warehouse.query(FOUND))

    for name, title in [("d-2026-11-20", "a"), ("d-2026-11-27", "b")]:
        deliver(warehouse, "acme", name, f"1{title}")
        assert run() == ([(title,)], 0)
    deliver(warehouse, "acme", "d-2026-11-13", "1c")
    assert run() == ([("c",)], 1)
    (config / "portal2.yml").write_text(DATED)
    assert run() == ([("b",)], 0)
    deliver(warehouse, "acme", "d-2026-11-26", "1d")
    assert run() == ([("b",)], 0)
    deliver(warehouse, "acme", "d-2026-11-28", "1e")
    assert run() == ([("e",)], 0)
    # a name without a date is as new as its arrival, and the clock stands in 2026-01
    deliver(warehouse, "acme", "undated", "1f")
    assert run() == ([("e",)], 0)
    delivered = dict(
        warehouse.query("select file_name, delivered_at from stg_ingest__files")
    )
    assert delivered["d-2026-11-13.csv"][:10] == "2026-11-13"
    assert delivered["undated.csv"] is None
