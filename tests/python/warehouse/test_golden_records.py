"""Duplicates in the CRM: merged, explained, counted as before, and undone."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from .deliveries import activity, company, contact, opportunity
from .warehouse import Warehouse

CONTACTS = [
    contact(
        "P1",
        first_name="Margaret",
        last_name="Oakhurst",
        email="m.oakhurst@tidewell.io",
        phone="+1 412 555 0177",
        title="Buyer",
        last_modified="2024-03-01T08:00:00",
    ),
    contact(
        "P2",
        first_name="Margaret",
        last_name="Oakhrust",
        email="M.Oakhurst@tidewell.io",
        phone="(412) 555-0177",
        title="Head of purchasing",
        company_id="C2",
        created_date="2024-02-02T08:00:00",
        last_modified="2024-02-02T08:00:00",
    ),
    contact(  # a colleague at the same telephone
        "P3",
        first_name="Oskar",
        last_name="Lindqvist",
        email="o.lindqvist@tidewell.io",
        phone="+1 412 555 0177",
    ),
]


def deliver(warehouse: Warehouse) -> None:
    tidewell = {"domain": "tidewell.io", "country": "US"}
    warehouse.deliver(
        "companies.json",
        [
            company("C1", name="Tidewell Labs", **tidewell),
            company(
                "C2",
                name="Tidewell Labs, Inc.",
                **tidewell,
                created_date="2024-01-05T08:00:00",
            ),
            company("C3", name="Quillon", domain="quillon.example.com"),
        ],
    )
    warehouse.deliver("contacts.json", CONTACTS)
    warehouse.deliver(
        "opportunities.json",
        [
            opportunity("O1", contact_id="P1", company_id="C1", amount="100.00"),
            opportunity("O2", contact_id="P2", company_id="C2", amount="20.50"),
            opportunity("O3", contact_id="P3", company_id="C3", amount="3.00"),
        ],
    )
    warehouse.deliver(
        "activities.json",
        [
            activity("A1", contact_id="P2", opportunity_id="O2"),
            activity("A2", contact_id="P3", opportunity_id="O3"),
        ],
    )


def golden(warehouse: Warehouse) -> dict[str, str]:
    """Return the contact that each record stands for."""
    return dict(
        warehouse.query(
            "select contact_record_id, contact_id from bridge_contact_records"
        )
    )


def test_duplicates_are_one_and_every_sum_stays(warehouse: Warehouse) -> None:
    deliver(warehouse)
    warehouse.run()

    assert golden(warehouse) == {"P1": "P1", "P2": "P1", "P3": "P3"}
    assert warehouse.query("select * from bridge_contact_aliases") == [("P2", "P1")]
    assert warehouse.query(
        "select company_id, company_name from dim_companies order by 1"
    ) == [("C1", "Tidewell Labs, Inc."), ("C3", "Quillon")]
    assert warehouse.query(
        "select opportunity_id, contact_id, source_contact_id, company_id,"
        " source_company_id, amount_cents from fct_opportunities order by 1"
    ) == [
        ("O1", "P1", "P1", "C1", "C1", 10000),
        ("O2", "P1", "P2", "C1", "C2", 2050),
        ("O3", "P3", "P3", "C3", "C3", 300),
    ]
    assert warehouse.query(
        "select activity_id, contact_id, opportunity_id from fct_activities order by 1"
    ) == [("A1", "P1", "O2"), ("A2", "P3", "O3")]

    # an older record of hers takes over; the former number leads to it
    warehouse.deliver(
        "contacts_2.json",
        [CONTACTS[0] | {"id": "P0", "created_date": "2023-06-01T08:00:00"}],
    )
    warehouse.run()
    assert golden(warehouse) == {"P0": "P0", "P1": "P0", "P2": "P0", "P3": "P3"}
    assert warehouse.query("select * from bridge_contact_aliases order by 1") == [
        ("P1", "P0"),
        ("P2", "P0"),
    ]
    assert warehouse.query(
        "select contact_id, count(*), sum(amount_cents) from fct_opportunities"
        " group by contact_id order by 1"
    ) == [("P0", 2, 12050), ("P3", 1, 300)]


def test_reports_say_why_and_who_won(warehouse: Warehouse) -> None:
    deliver(warehouse)
    warehouse.run()

    for entity in ("contact", "company"):
        plural = {"contact": "contacts", "company": "companies"}[entity]
        # the parts of a weight are the whole
        prior = warehouse.value(
            f"select weight from int_{plural}__adjusted where field = ''"
        )
        summed = warehouse.query(
            f"select {entity}_record_id, other_{entity}_record_id,"
            f" round(100 * sum(weight_bits)) from rpt_{entity}_merges group by 1, 2"
        )
        weights = warehouse.query(
            f"select one.record_id, other.record_id, weight from int_{plural}__paired"
            f" inner join int_{plural}__normalized as one"
            " on record_a = one.record_number"
            f" inner join int_{plural}__normalized as other"
            " on record_b = other.record_number"
        )
        expected = {(one, other): weight - prior for one, other, weight in weights}
        assert summed
        assert all(expected[one, other] == bits for one, other, bits in summed)

    (words,) = (
        explanation
        for field, explanation in warehouse.query(
            "select field, explanation from rpt_contact_merges"
        )
        if field == "last_name"
    )
    assert words.startswith("last name one slip apart (oakhurst / oakhrust")
    assert "speaks for one person" in words

    # by hand, with the rules of the seed: the longest name, else changed latest
    assert warehouse.query(
        "select field, value, contact_record_id, rule from rpt_contact_winners"
        " where field in ('last_name', 'title', 'created_at') order by 1"
    ) == [
        ("created_at", "2024-01-02T08:00:00.000001Z", "P1", "earliest"),
        ("last_name", "Oakhurst", "P1", "longest"),
        ("title", "Buyer", "P1", "latest"),
    ]
    assert warehouse.query(
        "select value, company_record_id from rpt_company_winners"
        " where field = 'company_name'"
    ) == [("Tidewell Labs, Inc.", "C2")]
    # what the reports name is what the golden records hold
    for field in ("first_name", "last_name", "email", "title", "source_phone"):
        assert warehouse.value(
            f"select {field} from dim_contacts where contact_id = 'P1'"
        ) == warehouse.value(
            "select value from rpt_contact_winners where field = ?", field
        )


# By hand: lines of the seed from its third on, and what is wrong with them.
DIRTY = [
    ("contacts,P1,P9,same,Ann,2025-07-01,P9 is nobody", ["other record unknown"]),
    ("contacts,p1,P3,same,Ann,2025-07-01,no such id", ["record unknown"]),
    ("persons,P1,P3,same,Ann,2025-07-01,no such entity", ["entity unknown"]),
    ("contacts,P1,P3,sme,Ann,2025-07-01,no such word", ["decision unknown"]),
    ("contacts,P3,P3,same,Ann,2025-07-01,herself", ["record named twice"]),
    (",P1,P3,same,Ann,2025-07-01,no entity", ["entity unknown"]),
    ("contacts,P1,P3,,Ann,2025-07-01,no decision", ["decision unknown"]),
    ("contacts,,P3,same,Ann,2025-07-01,no record", ["record unknown"]),
    (
        "contacts,P2,P1,same,Ann,2025-06-01,before",
        ["decided otherwise by another line"],
    ),
    ("contacts,P1,P2,different,Ann,1.7.2025,again", ["day unreadable"]),
    (",,,,,,", []),
    ("contacts,P1,P3,Later,Ann,2025-07-02,not now", []),
    ("contacts,P1,P2,later,Ann,2025-07-02,after the other", []),
    ('contacts,P1,P2,different,Ann,2025-07-01,"of two\nlines"', []),
    (
        "leads,P1,P2,same,Ann,2025-07-01,contacts",
        ["other record unknown", "record unknown"],
    ),
    (
        " Companies , C1 ,C3,SAME ,Ann,2025-07-01,one firm",
        [],
    ),
    ("companies,C1,C2,same,Ann,2025-07-01,one firm", []),
    (
        "companies,C2,C3,different,Ann,2025-07-01,not one",
        ["other decisions contradict it"],
    ),
]


@pytest.mark.long
def test_one_line_undoes_a_merge(
    editable_project: Path, new_warehouse: Callable[[], Warehouse]
) -> None:
    warehouse = new_warehouse()
    os.chdir(editable_project)
    warehouse.reparse()
    deliver(warehouse)
    warehouse.run_with_seeds()
    assert golden(warehouse)["P2"] == "P1"

    overrides = editable_project / "seeds" / "identity" / "identity_overrides.csv"
    lines = ["contacts,P1,P2,different,Ann,2025-07-01,mother and daughter"]
    lines += [line for line, _ in DIRTY]
    with overrides.open("a") as seed:
        seed.write("".join(f"{line}\n" for line in lines))
    warehouse.run_with_seeds()
    written = overrides.read_text().splitlines()
    expected = [
        (1 + written.index(line.partition("\n")[0]), fault)
        for line, faults in DIRTY
        for fault in faults
    ]
    found = warehouse.query("select line, fault from rpt_identity_faults order by 1, 2")
    assert found[-1][1] == "other decisions contradict it"
    # of three decisions of which two exclude the third, any may give way
    assert found[:-1] == expected[:-1]
    assert golden(warehouse) == {"P1": "P1", "P2": "P2", "P3": "P3"}
    assert warehouse.query("select * from bridge_contact_aliases") == []
    assert warehouse.query("select contact_id, title from dim_contacts order by 1") == [
        ("P1", "Buyer"),
        ("P2", "Head of purchasing"),
        ("P3", "CEO"),
    ]
    assert (
        warehouse.value(
            "select contact_id from fct_opportunities where opportunity_id = 'O2'"
        )
        == "P2"
    )

    # a delivery leaves each decided pair once
    warehouse.deliver("contacts_3.json", [contact("P4", email="p4@quillon.example")])
    warehouse.run_with_seeds()
    for entity in ("contacts", "companies"):
        pairs = warehouse.query(f"select record_a, record_b from int_{entity}__paired")
        assert len(pairs) == len(set(pairs)), entity
