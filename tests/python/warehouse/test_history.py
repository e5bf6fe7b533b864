"""History built delivery by delivery, against an oracle and a full refresh."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from scripts.ingest.clock import VARIABLE

from .deliveries import company, contact
from .history_oracle import UNKNOWN, Row, Version, history, moment
from .test_increments import ON_EACH
from .warehouse import Warehouse, differences

pytestmark = pytest.mark.long

# Names so unlike that none is taken for another, who has the same telephone.
LAST_NAMES = dict(
    zip(
        "ABCDEFGH",
        ("Ahrens", "Okafor", "Lindqvist", "Moreau", "Tanaka", "Vlk", "Szabo", "Quill"),
        strict=True,
    )
)
COMPANIES = {"C1": "Acme", "C2": "Zephyr", "C3": "Quorn"}
COLUMNS = ("first_name", "title", "company_id")
HISTORY = """
select
    contact_id, valid_from, valid_to, is_current,
    first_name, title, source_company_id
from dim_contacts_history
order by contact_id, version_number
"""
CLOCKS = (
    "2026-01-02T06:00:10", "2026-01-02T06:00:05", "1970-01-01T00:00:00",
    "2026-01-02T06:00:20", "2025-12-31T23:00:00", "2026-01-05T06:00:00",
)  # fmt: skip
"""Set back by seconds, to the zero of a clock, and by days, and put right again."""
CHANGES = (
    None, "2099-01-01", "0001-01-01T00:00:00", "1970-01-01T00:00:00",
    *(f"2024-0{month}-01T00:00:00" for month in (1, 2, 3, 3, 4)),
)  # fmt: skip


@ON_EACH
def test_random_deliveries(
    new_warehouse: Callable[[str], Warehouse],
    engine: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """New, changed, stale and undated rows, files that lack columns, bad clocks."""
    random_ = random.Random(engine)
    warehouse = new_warehouse(engine)
    deliveries, companies = [], []
    for number, clock in enumerate(CLOCKS, 1):
        monkeypatch.setenv(VARIABLE, f"{clock}Z")
        keys = random_.choices("ABCDEFGH", k=random_.randint(3, 10))
        lacking = random_.choice([(), (), ("title",), ("first_name", "company_id")])
        rows = [
            contact(
                key,
                last_name=LAST_NAMES[key],
                first_name=random_.choice(["Ann", "Bob", None]),
                title=random_.choice(["CEO", "CTO", None]),
                company_id=random_.choice(["C1", "C2", "C3", "C9"]),
                phone=random_.choice(["+1 202 456 1111", "+1 (202) 456-1111"]),
                status=random_.choice(["Lead", " lead"]),
                last_modified=random_.choice(CHANGES),
            )
            for key in keys
        ]
        rows = [{k: v for k, v in row.items() if k not in lacking} for row in rows]
        warehouse.deliver(f"contacts_{number}.json", rows)
        deliveries.append((moment(clock), rows))
        if random_.random() < 0.5:
            companies.append(
                [
                    company(
                        key,
                        name=f"{COMPANIES[key]} {random_.choice(['Works', 'Mills'])}",
                        country=random_.choice(["US", "UK", "GB"]),
                    )
                    for key in random_.choices(list(COMPANIES), k=2)
                ]
            )
            warehouse.deliver(f"companies_{number}.json", companies[-1])
        warehouse.land()
        if number in (1, 6) or random_.random() < 0.4:
            warehouse.build_models()

    expected = history(
        [
            (
                clock,
                [
                    Row(
                        row["id"],
                        tuple(row.get(column, UNKNOWN) for column in COLUMNS),
                        row["last_modified"] and moment(row["last_modified"]),
                    )
                    for row in rows
                ],
            )
            for clock, rows in deliveries
        ]
    )
    found: dict[str, list[Version]] = {}
    ends: dict[str, list[tuple[str | None, int]]] = {}
    for key, begin, end, is_current, *state in warehouse.query(HISTORY):
        began = moment(begin.removesuffix("Z"))
        found.setdefault(key, []).append((began, tuple(state)))
        ends.setdefault(key, []).append((begin, end, is_current))
    assert _in_milliseconds(found) == _in_milliseconds(expected)
    for periods in ends.values():
        following = [begin for begin, *_ in periods[1:]] + [None]
        assert [end for _, end, _ in periods] == following
        assert all(begin < end for begin, end, _ in periods if end)
        assert [c for *_, c in periods] == [0] * (len(periods) - 1) + [1]
    assert {
        key: tuple(state)
        for key, *state in warehouse.query(
            "select contact_id, first_name, title, source_company_id from dim_contacts"
        )
    } == {key: states[-1][1] for key, states in expected.items()}

    known = {row["id"] for delivery in companies for row in delivery}
    for company_id, given in warehouse.query(
        "select company_id, source_company_id from dim_contacts"
    ):
        assert company_id == (given if given in known else None)

    incremental = warehouse.lasting()
    warehouse.build_with_seeds("--full-refresh")
    assert not differences(incremental, warehouse.lasting())


def _in_milliseconds(versions: dict[str, list[Version]]) -> dict[str, list[Version]]:
    """Versions that began together are told apart by some microseconds."""
    return {
        key: [(t.replace(microsecond=t.microsecond // 1000), s) for t, s in each]
        for key, each in versions.items()
    }


def test_periods_follow_each_other(warehouse: Warehouse) -> None:
    """Each version ends where the next begins; the last one is current."""
    for number, (title, modified) in enumerate(
        [
            ("CEO", "2024-03-01T00:00:00"),
            ("CTO", "2024-05-01T00:00:00"),
            ("CFO", "2024-04-01T00:00:00"),  # stale: between the two
        ]
    ):
        warehouse.deliver(
            f"contacts_{number}.json", [contact(title=title, last_modified=modified)]
        )
        warehouse.run()
    assert warehouse.query(
        "select title, valid_from, valid_to, is_current from dim_contacts_history"
        " order by version_number"
    ) == [
        ("CEO", "2024-03-01T00:00:00.000000Z", "2024-04-01T00:00:00.000000Z", 0),
        ("CFO", "2024-04-01T00:00:00.000000Z", "2024-05-01T00:00:00.000000Z", 0),
        ("CTO", "2024-05-01T00:00:00.000000Z", None, 1),
    ]
    assert warehouse.value("select title from dim_contacts") == "CTO"
