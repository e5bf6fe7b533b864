"""Lists that have addresses and numbers hashed, and the clear records of others."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from .deliveries import company, contact
from .warehouse import Warehouse, differences

ON_BOTH = pytest.mark.parametrize("engine", ["sqlite", "duckdb"])
HEADER = "LEADNUMBER,ENTRYDATE,email_hash,phone_hash,CITY,STATE,ZIP"
PEOPLE = ["int_people__given", "int_people__hashed", "int_people__hashes"]


def sha1(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def listed(warehouse: Warehouse, name: str, *leads: tuple[int, str, str]) -> None:
    """Deliver a list of the call centre: number, hashes of address and telephone."""
    lines = [
        f"{n},02/05/2023,{email},{phone},Reno,NV,89502" for n, email, phone in leads
    ]
    folder = warehouse.inbox / "leads"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("\n".join([HEADER, *lines, ""]))


def build(warehouse: Warehouse) -> None:
    warehouse.land()
    warehouse.build("--select", "+int_people__hashes")


def found(warehouse: Warehouse) -> dict[str, str | None]:
    """Return the clear value of each hash; a placeholder's is `-`."""
    rows = warehouse.query("select hash, value, is_placeholder from int_people__hashes")
    assert len(rows) == len({digest for digest, *_ in rows})
    return {digest: "-" if nobody else value for digest, value, nobody in rows}


def equals_full_build(warehouse: Warehouse) -> None:
    """Compare the models with what they are if built at once."""
    before = {
        name: rows for name, rows in warehouse.lasting().items() if name in PEOPLE
    }
    warehouse.build("--select", *PEOPLE, "--full-refresh")
    after = {name: rows for name, rows in warehouse.lasting().items() if name in PEOPLE}
    assert differences(before, after) == []


def person(
    key: str, email: str | None, phone: str | None, **more: Any
) -> dict[str, Any]:
    return contact(key, email=email, phone=phone, **more)


@ON_BOTH
def test_hashes_find_clear_values_and_follow_them(
    new_warehouse: Callable[..., Warehouse], engine: str
) -> None:
    warehouse = new_warehouse()
    warehouse.deliver("companies.json", [company()])
    warehouse.deliver(
        "contacts.json",
        [
            person("P1", "Ann.Lee@C1.example.com", "(202) 456-1111"),
            person("P2", "bob@c1.example.com", "+1 202 456 1111"),
            person("P3", "noemail@c1.example.com", "+1 202 777 7777"),
            person("P4", "zoë@c1.example.com", None),
        ],
    )
    build(warehouse)
    assert found(warehouse) == {}
    assert warehouse.value("select count(*) from int_people__hashed") == 0

    ann, bob, zoe = map(
        sha1, ("ann.lee@c1.example.com", "bob@c1.example.com", "zoë@c1.example.com")
    )
    phone, later = sha1("2024561111"), sha1("cy@c1.example.com")
    other = sha1("2024562222")
    nobodies = [sha1("noemail@c1.example.com"), sha1("null"), sha1("none@none.com")]
    idle = [sha1("2027777777"), sha1("0000000000"), sha1("5555555555")]
    unknown = sha1("who@c1.example.com")
    listed(
        warehouse,
        "data_01.csv",
        (1, ann.upper(), phone),
        (2, f" {bob} ", f"0x{phone.upper()}"),
        (3, nobodies[0], idle[0]),
        (4, nobodies[1], idle[1]),
        (5, nobodies[2], idle[2]),
        (6, later, other),
        (7, unknown, sha1("+12024561111")),
        (8, zoe, ""),
    )
    build(warehouse)
    expected: dict[str, str | None] = {
        ann: "ann.lee@c1.example.com",
        bob: "bob@c1.example.com",
        zoe: "zoë@c1.example.com",
        phone: "+12024561111",
        later: None,
        other: None,
        unknown: None,
        sha1("+12024561111"): None,  # another form than is declared
    } | dict.fromkeys([*nobodies, *idle], "-")
    assert found(warehouse) == expected
    equals_full_build(warehouse)

    # one has a number and another address, another one the address of the list
    warehouse.deliver(
        "contacts_2.json",
        [
            person("P2", "rob@c1.example.com", "202-456-2222",
                   last_modified="2024-02-01T00:00:00"),
            person("P4", None, None, last_modified="2024-02-01T00:00:00"),
            person("P5", "cy@c1.example.com", None),
        ],
    )  # fmt: skip
    newest = warehouse.value("select max(file_id) from ingest_files")
    build(warehouse)
    changed = {bob: None, later: "cy@c1.example.com", other: "+12024562222", zoe: None}
    expected |= changed
    assert found(warehouse) == expected
    fresh = warehouse.query(
        "select hash from int_people__hashes where latest_file_id > ?", newest
    )
    assert {digest for (digest,) in fresh} >= changed.keys()
    equals_full_build(warehouse)

    # the list of the same day again, without two leads and with another
    listed(
        warehouse,
        "data_01.csv",
        (1, ann, phone),
        (7, unknown, ""),
        (9, sha1("rob@c1.example.com"), ""),
    )
    build(warehouse)
    equals_full_build(warehouse)
    assert found(warehouse) == {
        ann: "ann.lee@c1.example.com",
        phone: "+12024561111",
        unknown: None,
        sha1("rob@c1.example.com"): "rob@c1.example.com",
    }
