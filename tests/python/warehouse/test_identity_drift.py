"""Weights learned once, deliveries after them, and what a full build would change."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from tools.generate.labelled.contacts import Contacts

from .deliveries import company, contact
from .warehouse import Warehouse

pytestmark = pytest.mark.long

MADE = 1900
DELIVERIES = [1200, 70, 4, 400]
"""Records that there are, and how many of them come in each delivery."""


def contacts() -> list[dict]:
    """Return contacts of which many were entered twice, in any order."""
    made = Contacts(7, MADE)
    records = [dict(zip(made.columns, row, strict=True)) for row in made.rows()]
    Random(1).shuffle(records)
    return [
        contact(
            f"P{number:05}",
            first_name=record["first_name"],
            last_name=record["last_name"],
            email=record["email"],
            phone=record["phone"],
            company_id=firm(record),
            created_date=f"2024-01-02T08:00:00.{number:06}",
        )
        for number, record in enumerate(records)
    ]


def firm(record: dict) -> str:
    return "F" + "".join(c for c in record["company"].lower() if c.isalnum())[:6]


def golden(warehouse: Warehouse) -> dict[str, str]:
    return dict(
        warehouse.query(
            "select contact_record_id, contact_id from bridge_contact_records"
        )
    )


def drift(warehouse: Warehouse) -> tuple[int, ...]:
    """Return records learned from, records checked, records, and those to differ."""
    (row,) = warehouse.query(
        "select learned_record_count, checked_record_count, record_count,"
        " differing_record_count from rpt_identity_drift where entity = 'contacts'"
    )
    return row


def differing(one: dict[str, str], other: dict[str, str]) -> set[tuple[str, str, str]]:
    return {(key, one[key], other[key]) for key in one if one[key] != other[key]}


def test_a_full_build_differs_as_reported(
    warehouse: Warehouse, new_warehouse: Callable[[], Warehouse]
) -> None:
    rows = contacts()
    anew = new_warehouse()
    for place in (warehouse, anew):
        firms = sorted({row["company_id"] for row in rows})
        place.deliver("companies.json", [company(key, name=key) for key in firms])
    files = []
    for size in DELIVERIES:
        at = sum(len(file) for file in files)
        files.append(rows[at : at + size])

    def build(place: Warehouse, *arguments: str) -> None:
        place.land()
        place.build("--select", "+bridge_contact_records", *arguments)

    def deliver(number: int) -> tuple[int, ...]:
        warehouse.deliver(f"contacts_{number}.json", files[number])
        build(warehouse)
        return drift(warehouse)

    assert deliver(0) == (1200, 1200, 1200, 0)
    # what would differ is learned in the same build, or reported
    learned, *counts, count = deliver(1)
    assert counts == [1270, 1270]
    assert learned == (1200 if count else 1270) or not count
    assert 1000 * count <= 1270
    for number in (0, 1):
        anew.deliver(f"contacts_{number}.json", files[number])
    build(anew)
    reported = warehouse.query(
        "select record_id, golden_id, relearned_golden_id"
        " from rpt_identity_drift_records where entity = 'contacts'"
    )
    assert set(reported) == differing(golden(warehouse), golden(anew))
    assert len(reported) == count
    # four records are no reason to check
    assert deliver(2) == (learned, 1270, 1274, count)
    # of hundreds more than one in 1,000 differs
    assert deliver(3) == (1674, 1674, 1674, 0)
    merged = golden(warehouse)
    build(warehouse, "--full-refresh")
    assert differing(merged, golden(warehouse)) == set()
