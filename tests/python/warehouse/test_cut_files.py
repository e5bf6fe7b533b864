"""A file that is not whole is one finding; what follows from it is told as that."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .deliveries import activity, company, contact, opportunity
from .warehouse import ENGINES, Warehouse

ASKED = ("rpt_data_quality", "rpt_data_quality_rules")


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return request.param


def torn(*records: dict[str, Any]) -> str:
    """Records as a file whose end is missing, from within the last of them."""
    return json.dumps(records)[:-20]


@pytest.fixture
def delivered(warehouse: Warehouse) -> Warehouse:
    """Return a warehouse of a whole delivery, and one of which two files are cut."""
    warehouse.deliver("contacts.json", [contact("P1", company_id="C1")])
    warehouse.deliver(
        "activities.json",
        [activity("A0", contact_id="PX", opportunity_id=None)],
    )
    warehouse.land()
    warehouse.deliver("companies.json", torn(company("C2"), company("C9")))
    people = [contact(key, company_id="C2") for key in ("P2", "P3")]
    warehouse.deliver("contacts_2.json", torn(*people))
    warehouse.deliver(
        "opportunities.json", [opportunity("O1", company_id="C9", contact_id="P3")]
    )
    warehouse.deliver(
        "activities_2.json", [activity("A1", contact_id="P3", opportunity_id="O1")]
    )
    warehouse.land()
    warehouse.build_models(*ASKED)
    return warehouse


def test_what_follows_from_a_cut_file(delivered: Warehouse) -> None:
    warehouse = delivered
    found = warehouse.query(
        "select result.record_id, result.column_name, cause.file_name, cause.rule,"
        " cause.source_value like 'truncated:%' from fct_row_errors as result"
        " left join fct_row_errors as cause"
        " on result.cause_finding_id = cause.finding_id"
        " where result.rule = 'reference_unknown' order by 1, 2"
    )
    companies = ("companies.json", "file_cut", 1)
    contacts = ("contacts_2.json", "file_cut", 1)
    assert found == [
        ("A0", "contact_id", None, None, None),  # unknown when contacts were whole
        ("A1", "contact_id", *contacts),
        ("O1", "company_id", *companies),
        ("O1", "contact_id", *contacts),
        ("P1", "company_id", *companies),  # companies never were
    ]
    (own,) = warehouse.query(
        "select count(*), count(cause_finding_id) from fct_row_errors"
        " where rule = 'row_unreadable'"
    )
    assert own == (2, 2)  # the record at which each was cut
    # what is cut has no score, nor what it is a part of; what follows costs nothing
    scores = "select table_name, score, status from rpt_data_quality where is_latest"
    assert warehouse.query(f"{scores} and level = 'table' order by 1") == [
        ("activities", pytest.approx(100 - 100 / 9 / 2, abs=0.01), "warn"),
        ("companies", None, "incomplete"),
        ("contacts", None, "incomplete"),
        ("opportunities", 100, "pass"),
    ]
    for level in ("source", "warehouse"):
        assert warehouse.query(
            "select score, status, incomplete_table_count from rpt_data_quality"
            f" where is_latest and level = '{level}'"
        ) == [(None, "incomplete", 2)]
    assert not warehouse.query(
        "select * from rpt_data_quality_rules where table_name = 'opportunities'"
    )

    # whole under the same name: the finding goes, and what followed from it
    whole = [contact(key, company_id="C2") for key in ("P2", "P3")]
    warehouse.deliver("contacts_2.json", whole)
    warehouse.run(*ASKED)
    left = warehouse.query(
        "select rule, record_id, column_name from fct_row_errors"
        " where rule in ('file_cut', 'reference_unknown') order by 1, 2"
    )
    assert left == [
        ("file_cut", None, "file"),
        ("reference_unknown", "A0", "contact_id"),
        ("reference_unknown", "O1", "company_id"),
        ("reference_unknown", "P1", "company_id"),
    ]
    tables = warehouse.query(f"{scores} and level = 'table' order by 1")
    assert tables[1:3] == [
        ("companies", None, "incomplete"),
        ("contacts", 100, "pass"),  # the record that was cut is there now
    ]
