"""Licence registers of fictional organisations, in the shapes of three states, and
the leads that a CRM holds, some of whom are such organisations."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from random import Random

FIRST_DAY = date(2024, 1, 31)
NAMES = ("Sunny Days", "Little Oaks", "Bright Steps", "Happy Feet", "Blue Bird")
KINDS = ("Preschool", "Academy", "Day Care LLC", "Learning Center")
STREETS = ("ELM ST", "OAK AVE.", "S. MAIN STREET", "LAKE DR", "PINE BLVD., STE 5")
PEOPLE = ("ANN SMITH", "BO & MIA LEE & KING", "ROSA VAN DYKE", "KIM LOPEZ")
CITIES = {
    "nv": ("LAS VEGAS", "HENDERSON", "NORTH LAS VEGAS", "RENO"),
    "ok": ("TULSA", "NORMAN", "OKLAHOMA CITY"),
    "tx": ("DALLAS", "EL PASO", "HOUSTON"),
}
AREAS = {"nv": "702", "ok": "405", "tx": "214"}
UNUSED = (
    "title", "country", "website", "lead_source", "is_converted", "created_date",
    "last_activity_date", "last_viewed_date", "last_referenced_date",
    "email_bounced_reason", "email_bounced_date", "outreach_stage_c",
    "current_enrollment_c", "capacity_c", "lead_source_last_updated_c",
    "brightwheel_school_uuid_c",
)  # fmt: skip
"""Columns of the CRM's leads that are empty in the samples."""
HOURS = ("7:30AM - 5:30PM", "6:00AM - 6:00PM", "12:00AM - 12:00AM")


def write_registers(folder: Path, rows: int, deliveries: int, seed: int) -> list[Path]:
    """Write `rows` organisations per state, once a month; return the paths.

    A tenth of them has another contact or status in each later delivery. Every
    eighth is known to the CRM, whose leads are written beside.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths, known = [], []
    for state, shape in SHAPES.items():
        random = Random(f"{seed} {state}")
        orgs = [_org(random, state, number) for number in range(rows)]
        for delivery in range(deliveries):
            if delivery:
                for org in random.sample(orgs, -(-rows // 10)):
                    org["person"] = random.choice(PEOPLE)
                    org["status"] = random.choice(("Active", "Expired"))
            day = FIRST_DAY + timedelta(days=30 * delivery)
            paths.append(folder / f"{state}_{day}.csv")
            _write(paths[-1], [shape(org) for org in orgs])
        known += [org | {"state": state.upper()} for org in orgs[::8]]
    paths.append(folder / "salesforce_leads.csv")
    _write(paths[-1], [_lead(number, org) for number, org in enumerate(known, 1)])
    return paths


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _org(random: Random, state: str, number: int) -> dict[str, str]:
    return {
        "name": f"{random.choice(NAMES)} {random.choice(KINDS)} {number}",
        "street": f"{random.randint(1, 9999)} {random.choice(STREETS)}",
        "city": random.choice(CITIES[state]),
        "zip": f"{random.randint(70000, 89999)}",
        # numbers kept for fiction
        "phone": f"{AREAS[state]}-555-01{number % 100:02}",
        "licence": str(1000 + number),
        "capacity": str(random.randint(5, 200)),
        "hours": random.choice(HOURS),
        "person": random.choice(PEOPLE),
        "status": "Active",
    }


def _lead(number: int, org: dict[str, str]) -> dict[str, str]:
    """Known by telephone, or by name and ZIP code, or not known any more."""
    return dict.fromkeys(UNUSED, "") | {
        "id": str(number),
        "is_deleted": "TRUE" if number % 5 == 0 else "FALSE",
        "last_name": "Smith",
        "first_name": "Ann",
        "company": org["name"],
        "street": "",
        "city": org["city"],
        "state": org["state"],
        "postal_code": org["zip"],
        "phone": org["phone"] if number % 2 else "",
        "mobile_phone": "",
        "email": f"ann{number}@example.com",
        "status": "Working",
        "last_modified_date": "2024-01-15 09:00:00",
    }


def _nevada(org: dict[str, str]) -> dict[str, str]:
    return {
        "Name": org["name"].upper(),
        "Credential Type": "CENTER",
        "Credential Number": f"{org['licence']}-24",
        "Status": org["status"],
        "Expiration Date": "11/30/25",
        "Address": f"{org['street']} {org['city']}, NV {org['zip']}",
        "State": "NV",
        "County": "CLARK",
        "Phone": org["phone"],
        "First Issue Date": "12/1/13",
        "Primary Contact Name": org["person"],
        "Primary Contact Role": "Director",
    }


def _oklahoma(org: dict[str, str]) -> dict[str, str]:
    days = ("Mon", "Tues", "Wed", "Thurs", "Friday")
    return {
        "Type License": f"CHILD CARE CENTER - K{org['licence']}",
        "Company": f"{org['person']} DBA {org['name']}",
        "Accepts Subsidy": "Accepts Subsidy" if org["capacity"] > "5" else "",
        **dict.fromkeys(days, org["hours"]),
        "Saturday": "CLOSED",
        "Sunday": "CLOSED",
        "Primary Caregiver": f"{org['person']}\n \n Director",
        "Phone": org["phone"],
        "Email": f"office{org['licence']}@example.com",
        "Address1": org["street"],
        "Address2": "",
        "City": org["city"],
        "State": "OK",
        "Zip": org["zip"],
        "Total Cap": org["capacity"],
        "Ages Accepted 1": "Infants (0-11 months)",
        "AA2": "Toddlers (12-23 months; 1yr.)",
        "AA3": "",
        "AA4": "",
        "License Monitoring Since": "Monitoring since 2020-09-02",
        "School Year Only": "",
        "Evening Hours": "",
    }


def _texas(org: dict[str, str]) -> dict[str, str]:
    return {
        "Operation": org["licence"],
        "Operation Name": org["name"],
        "Address": org["street"],
        "City": org["city"],
        "State": "TX",
        "Zip": org["zip"],
        "County": "DALLAS",
        "Phone": org["phone"],
        "Type": "Licensed Center",
        "Status": org["status"],
        "Issue Date": "10/13/11",
        "Capacity": org["capacity"],
        "Email Address": f"office{org['licence']}@example.org",
        "Facility ID": f"9{org['licence']}",
        "Infant": "Y",
        "Toddler": "Y",
        "Preschool": "Y",
        "School": "N",
    }


SHAPES = {"nv": _nevada, "ok": _oklahoma, "tx": _texas}
