"""A good delivery of all kinds of files, and one with each kind of fault once."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any

from tests.python.warehouse.deliveries import activity, company, contact, opportunity

ROWS = 40
GOOD_DAY, BAD_DAY = "2025-06-02", "2025-06-03"
LEAD = [
    *("ENTRYDATE", "LEADNUMBER", "email_hash", "phone_hash", "CITY", "STATE", "ZIP"),
    *("Appt Date", "Set", "Demo", "Dispo", "Job Status", "location"),
]


def crm(changes: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Forty good records of each table, all with the same changes."""
    rows = range(ROWS)
    return {
        "companies": [company(f"C{n}") for n in rows],
        "contacts": [contact(f"P{n}", company_id=f"C{n}", **changes) for n in rows],
        "opportunities": [
            opportunity(f"O{n}", company_id=f"C{n}", contact_id=f"P{n}") for n in rows
        ],
        "activities": [
            activity(f"A{n}", contact_id=f"P{n}", opportunity_id=f"O{n}") for n in rows
        ],
    }


def leads(day: int, is_set: str | None = None) -> str:
    """A daily list; `is_set` stands in every row instead of what is right."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(LEAD)
    for n in range(ROWS):
        digest = hashlib.sha1(str(n).encode()).hexdigest()  # noqa: S324
        has_appointment = n % 2 == 0
        writer.writerow(
            [
                f"05/{1 + n % 20:02}/2025",
                1000 + n,
                digest,
                digest[::-1],
                "Springfield" if n % 3 else "Shelbyville",
                "IL" if n % 2 else "MO",
                62701 if n % 2 else 63469,
                f"06/{day:02}/2025 10:00AM" if has_appointment else "",
                is_set or ("1" if has_appointment else "0"),
                (n % 4 == 0 and 1) or 0,
                "Data" if n % 2 else "Set",
                "Open" if n % 2 else "Done",
                "Springfield | IL" if n % 2 else "Shelbyville | MO",
            ]
        )
    return text.getvalue()


def as_csv(rows: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write(inbox: Path, files: dict[str, str | list]) -> Path:
    for name, content in files.items():
        path = inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, encoding="utf-8")
    return inbox


def good(inbox: Path) -> Path:
    """Deliver what nobody can complain of."""
    files = {f"crm/{table}.json": rows for table, rows in crm({}).items()}
    return write(inbox, {**files, "leads/data_2025-06-01.csv": leads(1)})


def bad(inbox: Path) -> Path:
    """Deliver each kind of fault once, in files that are new in every record."""
    rows = crm({"title": "CTO", "last_modified": "2025-06-01T00:00:00"})
    for company_ in rows["companies"]:
        del company_["name"]  # a required column: the file is refused
    contacts = rows["contacts"]
    contacts[0]["email"] = "ann at example.com"
    contacts[1]["created_date"] = "2024-02-30T00:00:00"
    contacts[2]["id"] = ""  # goes no further
    contacts[3]["email"] = contacts[4]["email"]  # two findings
    contacts[5]["company_id"] = "C-LOST"
    contacts[6]["phone"] = "12345"
    for number, contact_ in enumerate(contacts):  # a column that nobody declared
        contact_["shoe_size"] = f"{number + 30}"
    lines = as_csv(contacts).splitlines(keepends=True)
    lines[8] = lines[8].rstrip("\n") + ",one,too,many\n"  # line 9, of P7: rejected
    deals = rows["opportunities"]
    for deal in deals:
        deal["name"] += " renewed"
    deals[0]["amount"] = "-5"
    deals[1]["stage"] = "Hibernation"
    deals[2]["is_closed"] = "True"
    # what happens to deals on any day
    deals[10] |= {"stage": "Closed Won", "is_closed": "True", "probability": "100"}
    deals[11] |= {"stage": "Closed Lost", "is_closed": "True", "probability": "0"}
    deals[12]["stage"] = "Negotiation"
    deals[13]["amount"] = "2500.25"
    deals[39]["id"] = "O40"
    calls = rows["activities"]
    for call in calls:
        call["subject"] += " again"
    calls[0]["timestamp"] = "2031-01-01T00:00:00"
    calls[1]["duration_minutes"] = "5000"
    calls[2] = dict(calls[3])  # the same identifier twice
    return write(
        inbox,
        {
            "crm/companies_2.csv": as_csv(rows["companies"]),
            "crm/contacts_2.csv": "".join(lines),
            "crm/opportunities_2.json": deals,
            "crm/activities_2.json": calls,
            "leads/data_2025-06-02.csv": leads(2, is_set="0"),
        },
    )
