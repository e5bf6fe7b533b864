"""Registers for tests: files in the shapes of the declared ones."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from .warehouse import Warehouse

Row = dict[str, Any]


def as_csv(rows: Iterable[Row]) -> str:
    """Return rows as CSV, with the headers of the first."""
    rows = list(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def nevada(number: int = 1, **changes: Any) -> Row:
    """Return a row of the register of Nevada without a fault."""
    return {
        "Name": f"Sunny Days {number}",
        "Credential Type": "CENTER",
        "Credential Number": f"{1000 + number}-22",
        "Status": "Active",
        "Expiration Date": "11/30/23",
        "Disciplinary Action": "N",
        "Address": f"{100 + number} ELM ST HENDERSON, NV 89015",
        "State": "NV",
        "County": "CLARK",
        "Phone": f"702-456-{number:04}",
        "First Issue Date": "12/1/13",
        "Primary Contact Name": "ANN SMITH",
        "Primary Contact Role": "Director",
    } | changes


def texas(number: int = 1, **changes: Any) -> Row:
    """Return a row of the register of Texas without a fault."""
    return {
        "Operation": f"{500 + number}",
        "Agency Number": "",
        "Operation Name": f"Lone Star {number}",
        "Address": f"{200 + number} OAK ST",
        "City": "DALLAS",
        "State": "TX",
        "Zip": "75201",
        "County": "DALLAS",
        "Phone": f"214-456-{number:04}",
        "Type": "Licensed Center",
        "Status": "Full Permit",
        "Issue Date": "10/13/11",
        "Capacity": "82",
        "Email Address": f"star{number}@example.com",
        "Facility ID": f"{900 + number}",
        "Infant": "Y",
        "Toddler": "Y",
        "Preschool": "N",
        "School": "N",
    } | changes


def oklahoma(number: int = 1, **changes: Any) -> Row:
    """Return a row of the register of Oklahoma without a fault."""
    return {
        "Company": f"Red Dirt {number}",
        "Type License": f"CHILD CARE CENTER - K82{number:04}",
        "License Monitoring Since": "Monitoring since 2015-03-02",
        "Accepts Subsidy": "Accepts Subsidy",
        "School Year Only": "",
        "Evening Hours": "",
        "Mon": "7:30AM - 5:30PM",
        "Tues": "CLOSED",
        "Primary Caregiver": "ANN SMITH",
        "Phone": f"405-456-{number:04}",
        "Email": "ann@example.com",
        "Address1": f"{300 + number} ELM ST",
        "Address2": "STE 4",
        "City": "TULSA",
        "State": "OK",
        "Zip": "74104",
        "Total Cap": "40",
        "Ages Accepted 1": "Infants (0-11 months)",
        "AA2": "Toddlers",
    } | changes


def lead(key: str = "1", **changes: Any) -> Row:
    """Return a lead of the CRM that is nobody of the registers."""
    return {
        "id": key,
        "is_deleted": "FALSE",
        "last_name": "Miller",
        "first_name": "Bob",
        "company": f"Elsewhere {key}",
        "street": "1 Nowhere Rd",
        "city": "Austin",
        "state": "TX",
        "postal_code": "73301",
        "phone": f"512-456-{int(key):04}",
        "mobile_phone": "",
        "email": f"lead{key}@example.org",
        "status": "Working",
        "last_modified_date": "2024-05-17 18:28:33",
    } | changes


def deliver(warehouse: Warehouse, **files: str) -> None:
    """Put files into the inbox of prospects, named without their suffix."""
    folder = warehouse.inbox / "prospects"
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")


def changing(seed: int, days: int) -> Iterator[tuple[str, list[Row]]]:
    """Yield (date, rows) of deliveries in which states change, and change back."""
    chance = random.Random(seed)
    rows = [nevada(number) for number in range(1, 9)]
    # without a phone: told by licence, and one by name and ZIP
    rows[6]["Phone"] = rows[7]["Phone"] = ""
    rows[7]["Credential Number"] = ""
    for day in range(1, days + 1):
        for row in chance.sample(rows, 3):
            row["Status"] = chance.choice(["Active", "Expired", "Pending"])
            row["Primary Contact Name"] = chance.choice(["ANN SMITH", "BO LEE"])
        there = [dict(row) for row in rows if chance.random() > 0.2]
        chance.shuffle(there)
        yield f"2024-03-{day:02}", there


def histories(deliveries: Iterable[tuple[str, list[Row]]]) -> dict[str, list[tuple]]:
    """Work out the versions of each name: (valid_from, status, contact)."""
    found: dict[str, list[tuple]] = {}
    for date, rows in sorted(deliveries, key=lambda delivery: delivery[0]):
        for row in rows:
            versions = found.setdefault(row["Name"], [])
            state = (row["Status"], row["Primary Contact Name"])
            if not versions or versions[-1][1:] != state:
                versions.append((f"{date}T00:00:00.000000Z", *state))
    return found


def real(warehouse: Warehouse, folder: Path) -> None:
    """Put the real registers and leads into the inbox."""
    inbox = warehouse.inbox / "prospects"
    for path in sorted((folder / "prospects").glob("*.csv")):
        (inbox / path.name).write_bytes(path.read_bytes())
