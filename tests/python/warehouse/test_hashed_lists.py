"""Lists that have addresses and numbers hashed, and the clear records of others."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .deliveries import company, contact
from .warehouse import ENGINES, Warehouse, differences

pytestmark = pytest.mark.long

ON_EACH = pytest.mark.parametrize("engine", ENGINES)
HEADER = "LEADNUMBER,ENTRYDATE,email_hash,phone_hash,CITY,STATE,ZIP"
PEOPLE = [f"int_people__{name}" for name in ("given", "hashed", "hashes", "current")]


def sha1(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def listed(warehouse: Warehouse, name: str, *leads: tuple[int, str, str]) -> None:
    """Deliver a list of the call centre: number, hashes of address and telephone."""
    lines = [
        f"{n},02/05/2023,{email},{phone},Reno,NV,89502" for n, email, phone in leads
    ]
    folder = warehouse.inbox / "leads"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("\n".join([HEADER, *lines, ""]))


def known(warehouse: Warehouse, *leads: tuple[str, str, str]) -> None:
    """Deliver leads of the backend: identifier, hashes of address and telephone."""
    lines = "".join(f"{uuid},{email},{phone}\n" for uuid, email, phone in leads)
    text = f"lead_UUID,email_hash,phone_hash\n{lines}"
    (warehouse.inbox / "leads" / "leads.csv").write_text(text)


def build(warehouse: Warehouse) -> None:
    """Land what was delivered, and build what of it concerns persons."""
    warehouse.land()
    warehouse.build("--select", "+int_people__current")


def found(warehouse: Warehouse) -> dict[str, str | None]:
    """Return the clear value of each hash; a placeholder's is `-`."""
    rows = warehouse.query("select hash, value, is_placeholder from int_people__hashes")
    assert len(rows) == len({digest for digest, *_ in rows})
    return {digest: "-" if nobody else value for digest, value, nobody in rows}


def equals_full_build(warehouse: Warehouse) -> None:
    """Compare the models with what they are if built at once."""

    def rows() -> dict[str, list[str]]:
        made = warehouse.lasting()
        return {name: made[name] for name in PEOPLE}

    before = rows()
    warehouse.build("--select", *PEOPLE, "--full-refresh")
    assert differences(before, rows()) == []


NAMES = {"P1": "Ann Lee", "P2": "Bob Stone", "P3": "Max Wu", "P4": "Zoë Park",
         "P5": "Cy Young", "P6": "Eve Hall", "P7": "Ian Ross"}  # fmt: skip


def person(key: str, email: str | None, phone: str | None, **more: Any) -> Any:
    """Return a contact with a name of its own."""
    first, last = NAMES[key].split()
    named = {"first_name": first, "last_name": last, "email": email, "phone": phone}
    return contact(key, **named, **more)


@ON_EACH
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
            person("P6", None, None),  # so many that one more is but a delta
            person("P7", None, None),
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
        (2, "", f" 0x{phone.upper()}"),
        (3, nobodies[0], idle[0]),
        (4, nobodies[1], idle[1]),
        (5, nobodies[2], idle[2]),
        (6, later, other),
        (7, unknown, sha1("+12024561111")),
    )
    known(warehouse, ("u1", bob, ""), ("u2", zoe, ""), ("u3", nobodies[1], idle[1]))
    build(warehouse)
    keys = warehouse.query("select match_hash from int_leads__match_keys")
    assert set(keys) == {(bob,), (zoe,)}  # the lead of `null` is no other lead
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
    # and the list of the day comes again, with other leads; the backend's does not
    listed(
        warehouse,
        "data_01.csv",
        (1, ann, phone),
        (6, later, other),
        (8, "", idle[1]),
        (9, sha1("rob@c1.example.com"), ""),
    )
    newest = warehouse.value("select max(file_id) from ingest_files")
    build(warehouse)
    assert found(warehouse) == {
        ann: "ann.lee@c1.example.com",
        phone: "+12024561111",
        bob: None,
        later: "cy@c1.example.com",
        other: "+12024562222",
        zoe: None,
        nobodies[1]: "-",
        idle[1]: "-",
        sha1("rob@c1.example.com"): "rob@c1.example.com",
    }
    touched = warehouse.query(
        "select hash from int_people__hashes where latest_file_id > ?", newest
    )
    assert {digest for (digest,) in touched} >= {bob, zoe, later, other}
    equals_full_build(warehouse)


def declare(project: Path, **hashes: str) -> None:
    """Say of each table of the call centre what its telephone hashes are of."""
    path = project / "models/staging/leads/_leads__sources.yml"
    text = re.sub(r"\n +config:\n +meta: {hash: .*}", "", path.read_text("utf-8"))
    for table, said in hashes.items():
        at = text.index("- name: phone_hash", text.index(f"- name: {table}"))
        key = text.index("data_type:", at)
        text = (
            text[:key]
            + f"config: {{meta: {{hash: {said}}}}}\n            "
            + text[key:]
        )
    path.write_text(text, "utf-8")


def test_a_later_declaration_finds_what_has_landed(
    editable_project: Path,
    new_warehouse: Callable[..., Warehouse],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    warehouse = new_warehouse()
    monkeypatch.chdir(editable_project)
    declare(editable_project)
    warehouse.deliver("companies.json", [company()])
    warehouse.deliver("contacts.json", [person("P1", None, "(202) 456-1111")])
    forms = ("+12024561111", "12024561111", "2024561111")
    plus, digits, national = map(sha1, forms)
    listed(warehouse, "data_01.csv", (1, "", plus), (2, "", digits), (3, "", national))
    known(warehouse, ("u1", "", md5(forms[1])), ("u2", "", md5(forms[2])))
    warehouse.reparse()
    build(warehouse)
    assert warehouse.value("select count(*) from int_people__given") == 6
    for name in ("hashed", "hashes"):
        assert warehouse.value(f"select count(*) from int_people__{name}") == 0

    declare(
        editable_project,
        snapshots="{of: phone, algorithm: sha1, form: [national, e164]}",
        backend="{of: phone, algorithm: md5, form: digits}",
    )
    warehouse.reparse()
    build(warehouse)
    clear = forms[0]
    assert found(warehouse) == {
        plus: clear,
        national: clear,
        digits: None,
        md5(forms[1]): clear,
        md5(forms[2]): None,
    }
    how = "select hash, algorithm, form from int_people__hashes where value is not null"
    assert {row[0]: row[1:] for row in warehouse.query(how)} == {
        plus: ("sha1", "e164"),
        national: ("sha1", "national"),
        md5(forms[1]): ("md5", "digits"),
    }
