"""History built delivery by delivery, against an oracle and a full refresh."""

from __future__ import annotations

import random
from collections.abc import Callable

from .deliveries import company, contact
from .history_oracle import Row, history
from .warehouse import Warehouse, differences

# Names so unlike that none is taken for another, who has the same telephone.
LAST_NAMES = dict(
    zip(
        "ABCDEFGH",
        ("Ahrens", "Okafor", "Lindqvist", "Moreau", "Tanaka", "Vlk", "Szabo", "Quill"),
        strict=True,
    )
)
HISTORY = """
select contact_id, first_name, title, source_company_id
from dim_contacts_history
order by contact_id, version_number
"""


def test_random_deliveries(new_warehouse: Callable[[], Warehouse]) -> None:
    """New, changed, unchanged, stale, undated and repeated rows, in any mixture."""
    random_ = random.Random(0)
    warehouse = new_warehouse()
    contacts, companies = [], []
    for number in range(1, 5):
        keys = random_.choices("ABCDEFGH", k=random_.randint(1, 8))
        contacts.append(
            [
                contact(
                    key,
                    last_name=LAST_NAMES[key],
                    first_name=random_.choice(["Ann", "Bob"]),
                    title=random_.choice(["CEO", "CTO"]),
                    company_id=random_.choice(["C1", "C2", "C3", "C9"]),
                    phone="202 456 1111",
                    last_modified=random_.choice(
                        [None, "2099-01-01"]
                        + [f"2024-0{month}-01T00:00:00" for month in range(1, 9)]
                    ),
                )
                for key in keys
            ]
        )
        warehouse.deliver(f"contacts_{number}.json", contacts[-1])
        if random_.random() < 0.7:
            companies.append(
                [
                    company(
                        random_.choice(["C1", "C2", "C3"]),
                        name=random_.choice(["Acme", "Bolt"]),
                        country=random_.choice(["US", "UK", "GB"]),
                    )
                    for _ in range(random_.randint(1, 3))
                ]
            )
            warehouse.deliver(f"companies_{number}.json", companies[-1])
        warehouse.land()
        if number in (1, 4) or random_.random() < 0.7:
            warehouse.build_models()

    expected = history(
        [
            [
                Row(
                    row["id"],
                    (row["first_name"], row["title"], row["company_id"]),
                    # a change that lies in the future of its load is no time
                    None
                    if row["last_modified"] == "2099-01-01"
                    else row["last_modified"],
                )
                for row in delivery
            ]
            for delivery in contacts
        ]
    )
    found: dict[str, list[tuple[str, ...]]] = {}
    for key, *state in warehouse.query(HISTORY):
        found.setdefault(key, []).append(tuple(state))
    assert found == expected
    assert {
        key: tuple(state)
        for key, *state in warehouse.query(
            "select contact_id, first_name, title, source_company_id from dim_contacts"
        )
    } == {key: states[-1] for key, states in expected.items()}

    known = {row["id"] for delivery in companies for row in delivery}
    for company_id, given in warehouse.query(
        "select company_id, source_company_id from dim_contacts"
    ):
        assert company_id == (given if given in known else None)

    incremental = warehouse.lasting()
    warehouse.build_with_seeds("--full-refresh")
    assert not differences(incremental, warehouse.lasting())


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
