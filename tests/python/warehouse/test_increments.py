"""What a second delivery does, and what it leaves alone."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from .deliveries import activity, company, contact, opportunity
from .warehouse import ENGINES, Warehouse, differences

ON_EACH = pytest.mark.parametrize("engine", ENGINES)


def first_delivery(warehouse: Warehouse) -> None:
    """Deliver and build one good record of each table, and a spare contact."""
    warehouse.deliver("companies.json", [company()])
    warehouse.deliver("contacts.json", [contact(), contact("P2")])
    warehouse.deliver("opportunities.json", [opportunity()])
    warehouse.deliver("activities.json", [activity()])
    warehouse.run()


@pytest.fixture
def begun(new_warehouse: Callable[..., Warehouse]) -> Warehouse:
    """Return a warehouse with the first delivery."""
    return new_warehouse(filled=first_delivery)


def versions(warehouse: Warehouse, contact_id: str) -> list[str]:
    """Return the titles that a contact has had."""
    return [
        title
        for (title,) in warehouse.query(
            "select title from dim_contacts_history where contact_id = ?"
            " order by version_number",
            contact_id,
        )
    ]


def test_new_changed_unchanged_and_stale_rows(begun: Warehouse) -> None:
    begun.deliver(
        "contacts_2.json",
        [
            contact("P3"),  # new
            contact("P1", title="CTO", last_modified="2024-02-01T00:00:00"),  # changed
            contact("P2"),  # unchanged
            contact("P2", title="Clerk", last_modified="2024-01-02T00:00:00"),  # stale
        ],
    )
    begun.run()
    assert dict(begun.query("select contact_id, title from dim_contacts")) == {
        "P1": "CTO",
        "P2": "CEO",
        "P3": "CEO",
    }
    assert versions(begun, "P1") == ["CEO", "CTO"]
    assert versions(begun, "P2") == ["Clerk", "CEO"]
    assert versions(begun, "P3") == ["CEO"]


@pytest.mark.long
def test_change_there_and_back_is_two_changes(begun: Warehouse) -> None:
    for number, name in enumerate(["Bolt", "Company C1"]):
        begun.deliver(f"companies_{number}.json", [company(name=name)])
        begun.run()
    assert begun.query(
        "select company_name from dim_companies_history order by version_number"
    ) == [("Company C1",), ("Bolt",), ("Company C1",)]


def test_same_delivery_twice_changes_nothing(begun: Warehouse) -> None:
    before = begun.content()
    assert begun.run().files("skipped") == 4
    assert not differences(before, begun.content())


@pytest.mark.long
def test_same_rows_in_another_file_change_no_mart(begun: Warehouse) -> None:
    marts = "select * from dim_contacts_history"
    before = begun.query(marts)
    findings = begun.findings()
    begun.deliver("contacts_again.json", [contact(), contact("P2")])
    begun.run()
    assert begun.query(marts) == before
    assert begun.findings() == findings


@pytest.mark.long
@ON_EACH
def test_late_company_is_linked_and_its_finding_goes(warehouse: Warehouse) -> None:
    warehouse.deliver("contacts.json", [contact(company_id="C7", phone="030 123456")])
    warehouse.deliver("opportunities.json", [opportunity(company_id="C7")])
    warehouse.run()
    unknown = ("reference_unknown", "P1", "company_id")
    assert unknown in warehouse.findings()
    assert warehouse.query("select company_id, phone_e164 from dim_contacts") == [
        (None, None)
    ]

    warehouse.deliver("companies.json", [company("C7", country="DE")])
    warehouse.run()
    assert unknown not in warehouse.findings()
    # the number is read with the country of the company
    assert warehouse.query("select company_id, phone_e164 from dim_contacts") == [
        ("C7", "+4930123456")
    ]
    assert warehouse.value("select company_id from fct_opportunities") == "C7"


def test_only_touched_rows_are_written(begun: Warehouse) -> None:
    """A row that a delivery does not touch keeps its place in the table."""
    rowid = "select rowid from dim_contacts_history where contact_id = ?"
    before = {key: begun.value(rowid, key) for key in ("P1", "P2")}
    begun.deliver(
        "contacts_2.json",
        [contact("P1", title="CTO", last_modified="2024-02-01T00:00:00")],
    )
    begun.run()
    assert begun.value(rowid, "P2") == before["P2"]
    assert versions(begun, "P1") == ["CEO", "CTO"]


def edit_seed(path: Path, change: Callable[[list[list[str]]], None]) -> None:
    """Apply a change to the rows of a seed, header included."""
    rows = list(csv.reader(path.read_text().splitlines()))
    change(rows)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue())


@pytest.mark.long
def test_changed_seed_equals_full_refresh(
    editable_project: Path, new_warehouse: Callable[[], Warehouse]
) -> None:
    """Synonyms, stages, countries and severities reach what was built before."""
    warehouse = new_warehouse()
    os.chdir(editable_project)
    warehouse.reparse()
    warehouse.deliver("companies.json", [company(industry="Zoos", country="Freedonia")])
    warehouse.deliver(
        "contacts.json", [contact(), contact("P2", first_name="Bob", email="broken")]
    )
    warehouse.deliver("opportunities.json", [opportunity(stage="Almost there")])
    warehouse.run_with_seeds()
    seeds = editable_project / "seeds"
    assert ("code_unknown", "C1", "industry") in warehouse.findings()
    assert warehouse.value("select count(*) from dim_contacts") == 2

    edit_seed(
        seeds / "crm" / "code_synonyms.csv",
        lambda rows: rows.extend(
            [
                ["industry", "zoos", "Hospitality"],
                ["opportunity_stage", "almost there", "Closed Won"],
            ]
        ),
    )
    edit_seed(
        seeds / "reference" / "country_synonyms.csv",
        lambda rows: rows.append(["freedonia", "FR"]),
    )

    def make_critical(rows: list[list[str]]) -> None:
        (rule,) = (row for row in rows if row[0] == "email_malformed")
        rule[1] = "critical"

    edit_seed(seeds / "quality" / "rules.csv", make_critical)
    warehouse.reparse()
    warehouse.run_with_seeds()
    assert warehouse.query("select industry, country_code from dim_companies") == [
        ("Hospitality", "FR")
    ]
    assert warehouse.value("select is_won from fct_opportunities") == 1
    assert warehouse.query("select contact_id from dim_contacts") == [("P1",)]
    assert ("code_unknown", "C1", "industry") not in warehouse.findings()

    changed = warehouse.content()
    warehouse.run_with_seeds("--full-refresh")
    assert not differences(changed, warehouse.content())


def with_a_lead(warehouse: Warehouse) -> None:
    """Deliver and build the first delivery, with a lead that became its deal."""
    lead = {"id": "L1", "last_name": "Smith", "converted_opportunity_id": "O1"}
    warehouse.deliver("leads.json", [lead])
    first_delivery(warehouse)


@pytest.mark.long
@ON_EACH
def test_what_refers_to_a_deleted_deal_stays(
    new_warehouse: Callable[..., Warehouse], engine: str
) -> None:
    """Though it is not delivered again."""
    warehouse = new_warehouse(engine, filled=with_a_lead)
    links = (
        "select opportunity_id from fct_activities union all"
        " select converted_opportunity_id from fct_leads"
    )
    assert warehouse.query(links) == [("O1",), ("O1",)]
    for is_deleted, left in (("1", None), ("0", "O1")):
        warehouse.deliver("opportunities.json", [opportunity(is_deleted=is_deleted)])
        warehouse.run()
        assert warehouse.query(links) == [(left,), (left,)]
        found = warehouse.query("select opportunity_id from fct_opportunities")
        assert found == ([(left,)] if left else [])


@pytest.mark.long
@ON_EACH
def test_a_merge_that_is_undone_reopens_the_stay_of_the_deal(
    new_warehouse: Callable[..., Warehouse], engine: str
) -> None:
    """The other deal no longer lists it, and nothing of its own is delivered."""
    warehouse = new_warehouse(engine)
    given = {"contact_id": None, "company_id": None, "is_closed": "false"}
    both = [opportunity("O1", merged_ids="O2", **given), opportunity("O2", **given)]
    stays = (
        "select opportunity_id, left_at is null from fct_deal_stage_changes order by 1"
    )
    for name, rows, is_open in (("one", both, 0), ("two", [both[0]], 1)):
        rows[0]["merged_ids"] = None if is_open else "O2"
        warehouse.deliver(f"opportunities_{name}.json", rows)
        warehouse.run()
        assert warehouse.query(stays) == [("O1", 1), ("O2", is_open)]
    incremental = warehouse.lasting()
    warehouse.build_models("--full-refresh")
    assert not differences(incremental, warehouse.lasting())
