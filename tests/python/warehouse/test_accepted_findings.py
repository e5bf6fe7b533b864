"""A finding that is accepted is no alarm, as long as it is the same one."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.ingest.clock import VARIABLE

from .deliveries import company, contact
from .warehouse import ENGINES, Warehouse, differences

ON_EACH = pytest.mark.parametrize("engine", ENGINES)
SHOWN = (
    *("int_operations__acceptances", "bridge_accepted_findings"),
    *("rpt_findings", "rpt_accepted_findings"),
)
MARKED = """
select rule, coalesce(record_id, file_name), source_value from rpt_findings
where is_accepted order by 1, 2, 3
"""
ALARMS = MARKED.replace("where is", "where not is")
LINES = """
select seed_line, is_expired, finding_count from rpt_accepted_findings order by 1
"""
OF_P1 = {
    **{"rule": "email_malformed", "source_name": "crm", "table_name": "contacts"},
    **{"column_name": "email", "record_id": "P1", "source_value": "broken"},
    **{"accepted_until": "2026-01-31", "accepted_by": "Ann", "reason": "is\nknown"},
}


@pytest.mark.long
@ON_EACH
def test_an_acceptance_is_of_one_fault_and_ends(
    editable_project: Path,
    new_warehouse: Callable[..., Warehouse],
    engine: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    warehouse = new_warehouse(engine)
    os.chdir(editable_project)
    warehouse.deliver("companies.json", [company()])
    broken = [contact(key, email="broken", phone="12345") for key in ("P1", "P2")]
    warehouse.deliver("contacts.json", broken)
    write(
        editable_project,
        OF_P1,
        {"rule": "phone_unreadable", "source_name": "crm", "table_name": "contacts"},
        OF_P1 | {"record_id": "P9"},
        OF_P1 | {"accepted_until": "2025-12-31"},
        {"rule": "phone_unreadable", "source_value": "12345", "column_name": "email"},
    )
    warehouse.reparse()
    warehouse.run_with_seeds(*SHOWN)
    mine = ("email_malformed", "P1", "broken")
    other = ("email_malformed", "P2", "broken")
    phones = [("phone_unreadable", key, "12345") for key in ("P1", "P2")]
    assert warehouse.query(MARKED) == [mine, *phones]
    assert warehouse.query(ALARMS) == [other]
    # the line breaks of a reason count
    assert warehouse.query(LINES) == [
        *[(2, 0, 1), (4, 0, 2), (5, 0, 0), (7, 1, 1), (9, 0, 0)]
    ]
    assert warehouse.query(
        "select accepted_until, accepted_by, accepted_reason, accepted_line"
        " from rpt_findings where record_id = 'P1' and rule = 'email_malformed'"
    ) == [("2026-01-31", "Ann", "is\nknown", 2)]

    # the same fault of a later file
    again = {"title": "CTO", "last_modified": "2024-02-01T00:00:00"}
    warehouse.deliver(
        "contacts_2.json", [broken[0] | again, broken[1], contact("P3", email="broken")]
    )
    warehouse.run(*SHOWN[1:])
    file = "select file_name from rpt_findings where is_accepted and rule = ?"
    assert ("contacts_2.json",) in warehouse.query(file, mine[0])
    assert {other, (*mine[:1], "P3", "broken")} <= {*warehouse.query(ALARMS)}

    # the day after the last one, with nothing new
    for day, is_known in (("2026-01-31", True), ("2026-02-01", False)):
        monkeypatch.setenv(VARIABLE, f"{day}T06:00:00Z")
        warehouse.land()
        assert (mine in warehouse.query(MARKED)) is is_known
    assert warehouse.query(LINES)[0] == (2, 1, 2)  # in both files

    # another fault of the record, and a wider line in the seed
    write(
        editable_project, OF_P1 | {"accepted_until": ""}, {"rule": "phone_unreadable"}
    )
    warehouse.deliver(
        "contacts_3.json",
        [contact(email="also broken", last_modified="2024-03-01T00:00:00")],
    )
    warehouse.reparse()
    warehouse.run_with_seeds(*SHOWN)
    assert ("email_malformed", "P1", "also broken") in warehouse.query(ALARMS)
    assert mine in warehouse.query(MARKED)  # of an earlier state of the record
    kept = warehouse.lasting()
    warehouse.run_with_seeds(*SHOWN, "--full-refresh")
    assert not differences(kept, warehouse.lasting())


@ON_EACH
def test_what_has_no_identifier_is_named_by_its_place(
    editable_project: Path, new_warehouse: Callable[..., Warehouse], engine: str
) -> None:
    warehouse = new_warehouse(engine)
    os.chdir(editable_project)
    warehouse.deliver("companies.csv", "a,b\n1,2\n")
    warehouse.deliver("contacts.json", [contact(id=""), contact(id="")])
    write(
        editable_project,
        {"rule": "file_refused", "file_name": "companies.csv"},
        {"rule": "id_missing", "file_name": "contacts.json", "record": "1"},
        {"rule": "id_missing", "file_name": "contacts_2.json", "record": "1"},
    )
    warehouse.reparse()
    warehouse.run_with_seeds(*SHOWN)
    found = warehouse.query(
        "select rule, file_name, record, is_accepted from rpt_findings"
        " where rule in ('file_refused', 'id_missing') order by 1, 2, 3"
    )
    assert found == [
        ("file_refused", "companies.csv", None, 1),
        ("id_missing", "contacts.json", 1, 1),
        ("id_missing", "contacts.json", 2, 0),
    ]
    assert warehouse.query(LINES)[2] == (4, 0, 0)


def write(project: Path, *lines: dict[str, str]) -> None:
    """Put lines into the seed."""
    path = project / "seeds" / "quality" / "accepted_findings.csv"
    columns = path.read_text().partition("\n")[0].split(",")
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
