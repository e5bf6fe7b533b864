"""What the marts of the leads must hold, computed in plain Python from the files.

Written from the descriptions of the marts, not from their SQL: whole days in
memory, dictionaries and loops over everything.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

SEEDS = Path(__file__).parents[3] / "seeds"
FIRST_DAY = date(2023, 3, 14)
MISSING = {"", "0", "nu", "none", "null", "nan", "n/a", "|"}
MATCHES = ("both", "email", "phone", "conflict", "none")


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


STATES = {row["state"] for row in seed("reference/us_states.csv")}
ZIPS = {
    row["zip_prefix"]: row["state"] for row in seed("reference/us_zip_prefixes.csv")
}
GROUPS = {
    row["disposition"]: row["disposition_group"]
    for row in seed("leads/lead_dispositions.csv")
}
SOLD = {
    row["disposition"]
    for row in seed("leads/lead_dispositions.csv")
    if row["is_sold"] == "1"
}


@dataclass
class Lead:
    """A lead on one day."""

    lead_number: str
    snapshot_date: str
    email_hash: str | None
    phone_hash: str | None
    city: str | None
    state: str | None
    state_origin: str | None
    zip: str | None
    entry_date: str | None
    appointment_at: str | None
    is_set: bool | None
    is_demo: bool | None
    disposition: str | None
    job_status: str | None
    is_set_repaired: bool | None = None
    lead_uuid: str | None = None
    phone_lead_uuid: str | None = None
    match_type: str = "none"

    @property
    def version(self) -> tuple[Any, ...]:
        """What a change of is a new version."""
        left_out = ("snapshot_date", "state_origin", "is_set", "lead_uuid")
        left_out += ("phone_lead_uuid", "match_type")
        return tuple(
            getattr(self, f.name) for f in fields(self) if f.name not in left_out
        )

    def quality(self, is_set: bool | None) -> str:
        return ("Low", "Medium", "High")[bool(is_set) + bool(self.is_demo)]


def tidy(text: str | None) -> str | None:
    text = " ".join((text or "").split())
    return None if text.lower() in MISSING or set(text) <= {"-"} else text


def number_of(name: str) -> int:
    return int(re.search(r"\d+", name).group())


def read(name: str, content: str) -> tuple[str, list[Lead], int]:
    """Give the day of a daily list, its leads, and its separator rows."""
    day = (FIRST_DAY + timedelta(days=number_of(name) - 1)).isoformat()
    leads: dict[str, Lead] = {}
    separators = 0
    for raw in csv.DictReader(content.splitlines()):
        if set(raw.values()) == {"-----"}:
            separators += 1
            continue
        row = {key.lower(): tidy(value) for key, value in raw.items()}
        if row["leadnumber"] is not None:
            leads[row["leadnumber"]] = _lead(day, row)
    return day, list(leads.values()), separators


def _lead(day: str, row: dict[str, str | None]) -> Lead:
    where, _, behind = (row.get("location") or "").partition("|")
    zip_code = row["zip"] if re.fullmatch(r"\d{5}", row["zip"] or "") else None
    states = {
        "given": row["state"] if row["state"] in STATES else None,
        "location": behind.strip() if behind.strip() in STATES else None,
        "zip": ZIPS.get(zip_code[:3]) if zip_code else None,
    }
    origin = next((name for name, state in states.items() if state), None)
    appointment = row["appt date"]
    if appointment:
        moment = datetime.strptime(appointment, "%m/%d/%Y %I:%M%p")
        appointment = f"{moment:%Y-%m-%dT%H:%M}:00.000000Z"
    entered = row["entrydate"]
    if entered:
        entered = f"{entered[6:]}-{entered[:2]}-{entered[3:5]}"
    return Lead(
        lead_number=row["leadnumber"] or "",
        snapshot_date=day,
        email_hash=_digest(row["email_hash"]),
        phone_hash=_digest(row["phone_hash"]),
        city=row.get("city") or row.get("cityname") or tidy(where),
        state=states[origin] if origin else None,
        state_origin=origin,
        zip=zip_code,
        entry_date=entered,
        appointment_at=appointment,
        # of 0 and 1 tidy() makes None and 1
        is_set=row["set"] in ("1", "True"),
        is_demo=row["demo"] in ("1", "True"),
        disposition=row["dispo"],
        job_status=row["job status"],
    )


def _digest(text: str | None) -> str | None:
    text = (text or "").lower()
    return text if re.fullmatch("[0-9a-f]{40}", text) else None


class Oracle:
    """The marts, from daily lists in order of arrival and the backend's leads."""

    def __init__(
        self, lists: Iterable[tuple[str, str]], backend: Iterable[tuple[Any, Any, Any]]
    ) -> None:
        """`lists` are (name, content), `backend` (lead_uuid, email, phone)."""
        days: dict[str, list[Lead]] = {}
        self.separators = 0
        for name, content in lists:
            day, leads, separators = read(name, content)
            days[day] = leads
            self.separators += separators
        self.days = dict(sorted(days.items()))
        self.uuids = [uuid for uuid, _, _ in backend]
        by_email = _owners((email, uuid) for uuid, email, _ in backend)
        by_phone = _owners((phone, uuid) for uuid, _, phone in backend)
        varied = False
        self.faulty = []
        for day, leads in self.days.items():
            values = {lead.is_set for lead in leads}
            at_fault = varied and len(values) == 1 and len(leads) >= 30
            varied |= len(values) > 1
            self.faulty += [day] * at_fault
            for lead in leads:
                repaired = lead.appointment_at is not None if at_fault else lead.is_set
                lead.is_set_repaired = repaired
                _match(
                    lead, by_email.get(lead.email_hash), by_phone.get(lead.phone_hash)
                )
        self.seen: dict[str, list[Lead]] = defaultdict(list)
        for leads in self.days.values():
            for lead in leads:
                self.seen[lead.lead_number].append(lead)

    def snapshots(self) -> list[Lead]:
        return [lead for leads in self.days.values() for lead in leads]

    def versions(self) -> dict[str, list[Lead]]:
        """The first lead of each version, by lead number."""
        found: dict[str, list[Lead]] = {}
        for number, leads in self.seen.items():
            found[number] = leads[:1]
            for before, lead in pairwise(leads):
                if lead.version != before.version:
                    found[number].append(lead)
        return found

    def conversion(self) -> dict[tuple[str, str, str], tuple[int, int]]:
        """Leads and sales by day, state and month of entry."""
        found = {}
        for day, leads in self.days.items():
            known: Counter[tuple[str | None, str]] = Counter()
            sold: Counter[tuple[str | None, str]] = Counter()
            for every in self.seen.values():
                before = [lead for lead in every if lead.snapshot_date <= day]
                if before:
                    cohort = before[-1].state, (before[-1].entry_date or "")[:7]
                    known[cohort] += 1
                    sold[cohort] += any(lead.disposition in SOLD for lead in before)
            for lead in leads:
                if lead.state and lead.entry_date:
                    cohort = lead.state, lead.entry_date[:7]
                    found[(day, *cohort)] = known[cohort], sold[cohort]
        return found

    def appointments(self) -> dict[tuple[str, str], str]:
        """What became of each lead number's times."""
        found = {}
        for number, versions in self.versions().items():
            for time in {v.appointment_at for v in versions if v.appointment_at}:
                places = [i for i, v in enumerate(versions) if v.appointment_at == time]
                last = versions[places[-1]]
                after = versions[places[-1] + 1 :][:1]
                if any(versions[i].is_demo for i in places):
                    status = "held"
                elif after and after[0].appointment_at:
                    status = "rescheduled"
                elif after or GROUPS.get(last.disposition or "") == "cancelled":
                    status = "cancelled"
                else:
                    status = "scheduled"
                found[number, time] = status
        return found

    def daily(self) -> dict[str, dict[str, int]]:
        """Counts by day."""
        found = {}
        earlier: set[str] = set()
        before: set[str] = set()
        for day, leads in self.days.items():
            numbers = {lead.lead_number for lead in leads}
            counts = {
                "lead_count": len(leads),
                "new_lead_count": len(numbers - earlier),
                "aged_out_count": len(before - numbers),
                "sold_count": sum(lead.disposition in SOLD for lead in leads),
            }
            for quality in ("High", "Medium", "Low"):
                counts[f"{quality.lower()}_count"] = sum(
                    lead.quality(lead.is_set) == quality for lead in leads
                )
                counts[f"{quality.lower()}_count_repaired"] = sum(
                    lead.quality(lead.is_set_repaired) == quality for lead in leads
                )
            for match in MATCHES:
                counts[f"match_{match}_count"] = sum(
                    lead.match_type == match for lead in leads
                )
            found[day] = counts
            earlier |= numbers
            before = numbers
        return found

    def leads(self) -> dict[str, tuple[int, str | None, str | None]]:
        """Lead numbers, first and last day of each lead of the backend."""
        numbers: dict[str, set[str]] = {uuid: set() for uuid in self.uuids}
        days: dict[str, list[str]] = {uuid: [] for uuid in self.uuids}
        for lead in self.snapshots():
            if lead.lead_uuid:
                numbers[lead.lead_uuid].add(lead.lead_number)
                days[lead.lead_uuid].append(lead.snapshot_date)
        return {
            uuid: (
                len(numbers[uuid]),
                min(days[uuid], default=None),
                max(days[uuid], default=None),
            )
            for uuid in self.uuids
        }


def _owners(pairs: Iterable[tuple[str | None, str]]) -> dict[str | None, str]:
    """The lead of each digest that belongs to one lead alone."""
    owners = defaultdict(set)
    for digest, uuid in pairs:
        owners[_digest(digest)].add(uuid)
    return {
        digest: min(uuids)
        for digest, uuids in owners.items()
        if digest and len(uuids) == 1
    }


def _match(lead: Lead, by_email: str | None, by_phone: str | None) -> None:
    lead.lead_uuid = by_email or by_phone
    if by_email and by_phone:
        lead.match_type = "both" if by_email == by_phone else "conflict"
        lead.phone_lead_uuid = None if by_email == by_phone else by_phone
    elif by_email or by_phone:
        lead.match_type = "email" if by_email else "phone"
