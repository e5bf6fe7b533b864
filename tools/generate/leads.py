"""Daily lists of leads as a call centre sends them, and the backend's leads.

The lists drift as real ones do: columns move, change their names and their ways
of writing, lose their values for some days, and come back. Every digest is of an
address or number that nobody has.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha1
from pathlib import Path
from random import Random
from typing import Any

DAYS = 22
WINDOW = 120
"""Days after its entry for which a lead stays in the lists."""
FIRST_DAY = date(2023, 3, 14)
"""The day of data_01.csv, as the source declares it."""

PLACES = {
    "AZ": (("Phoenix", "85041"), ("Tucson", "85706"), ("Mesa", "85204")),
    "ID": (("Boise", "83709"),),
    "NV": (("Las Vegas", "89131"), ("Henderson", "89015"), ("Reno", "89502")),
    "OR": (("Portland", "97206"), ("Salem", "97301")),
    "WA": (("Seattle", "98118"), ("Tacoma", "98404"), ("Spokane", "99205")),
}
DISQUALIFIED = ("DQ-Wrong Number", "DNC", "DQ - R/P/C", "DQ-Out of Area")
CANCELLED = ("CXL-BT", "CXL-NI", "CXL-MGMT", "CAD")
NOT_SOLD = ("DNS-P", "DNS-Pro", "DNS-OE", "DNS-1L")
JOBS = ("New", "Scheduled", "Completed")

# The drift, by the number of the list.
SEPARATOR_FROM = 6
SWAPPED = range(9, 11)
CITY_LAST_FROM = 11
DEMO_IN_WORDS = range(11, 21)
LOCATION_FROM = 13
SET_BROKEN = range(16, 23)
STATE_EMPTY = range(21, 23)

Row = dict[str, Any]


@dataclass
class Lead:
    """A lead, and what happens to it on which day after its entry."""

    number: int
    entered: date
    email_hash: str
    phone_hash: str
    city: str
    state: str
    zip: str
    first: int | None
    """The number of the first with its digests; none if the two are of several."""
    events: list[tuple[int, Row]] = field(default_factory=list)

    def on(self, day: date) -> Row:
        """What the list of a day says of it."""
        known = {"appointment": None, "demo": False, "dispo": "Data", "job": ""}
        for offset, change in self.events:
            if offset <= (day - self.entered).days:
                known |= change
        return known


class Leads:
    """Makes leads; equal seeds give equal ones.

    Some are people who are `known` to other systems, by the digests of address and
    telephone; of somebody without a telephone that digest is of nobody.
    """

    def __init__(
        self,
        seed: int,
        per_list: int,
        days: int = DAYS,
        known: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.random = Random(f"leads-{seed}")
        self.days = days
        self.leads: list[Lead] = []
        first = FIRST_DAY - timedelta(days=WINDOW - 1)
        span = WINDOW + days - 1
        for number in range(per_list * span // WINDOW):
            self.leads.append(self._lead(200_000 + number * 7, first, span))
        self.known = self._make_known(known)
        """Number of the first lead with the digests of somebody known → who of them."""
        self.backend = self._backend()

    def _make_known(self, known: Sequence[tuple[str, str]]) -> dict[int, int]:
        firsts = [lead for lead in self.leads if lead.first == lead.number]
        found: dict[int, int] = {}
        digests: dict[str, str] = {}
        for place, (email, phone) in enumerate(known[: len(firsts) // 2]):
            lead = firsts[len(firsts) * (place + 1) // (len(known) + 1)]
            found[lead.number] = place
            digests[lead.email_hash] = email
            digests[lead.phone_hash] = phone or lead.phone_hash
        for lead in self.leads:
            lead.email_hash = digests.get(lead.email_hash, lead.email_hash)
            lead.phone_hash = digests.get(lead.phone_hash, lead.phone_hash)
        return found

    def _backend(self) -> list[Row]:
        """The leads that the backend knows: one for each pair of digests.

        It has an older telephone of some, an older e-mail of others, and takes
        the telephone of a few for another lead's.
        """
        known: dict[str, Row] = {}
        phones: set[str] = set()
        for lead in self.leads:
            email, phone = lead.email_hash, lead.phone_hash
            chance = self.random.random()
            if chance < 0.02:
                phone = _digest(f"old-{phone}")
            elif chance < 0.03:
                email = _digest(f"old-{email}")
            elif chance < 0.04:
                continue
            if email not in known and phone not in phones:
                phones.add(phone)
                known[email] = {
                    "lead_UUID": _digest(f"uuid-{email}-{phone}"),
                    "phone_hash": phone,
                    "email_hash": email,
                }
        return list(known.values())

    def listed(self, number: int) -> Iterator[tuple[Lead, Row]]:
        """The leads of a list, with what it says of each."""
        day = FIRST_DAY + timedelta(days=number - 1)
        for lead in self.leads:
            if 0 <= (day - lead.entered).days < WINDOW:
                yield lead, lead.on(day)

    def _lead(self, number: int, first: date, span: int) -> Lead:
        random = self.random
        state = random.choices(list(PLACES), weights=(30, 1, 28, 11, 30))[0]
        city, zip_code = random.choice(PLACES[state])
        email, phone = _digest(f"e{number}"), _digest(f"p{number}")
        own: int | None = number
        if self.leads and random.random() < 0.04:  # comes a second time
            other = random.choice(self.leads)
            email, phone, own = other.email_hash, other.phone_hash, other.first
            if random.random() < 0.25:
                phone, own = random.choice(self.leads).phone_hash, None
        lead = Lead(
            number,
            first + timedelta(days=random.randrange(span)),
            email,
            phone,
            city + " " * random.choice((0, 0, 0, 20)),
            random.choices((state, "  ", "nu"), weights=(990, 4, 1))[0],
            random.choices((zip_code, "", "0"), weights=(995, 4, 1))[0],
            own,
        )
        lead.events = list(self._events(lead.entered))
        return lead

    def _events(self, entered: date) -> Iterator[tuple[int, Row]]:
        random = self.random
        offset = random.randrange(1, 9)
        chance = random.random()
        if chance < 0.4:
            return
        if chance < 0.75:
            yield offset, {"dispo": random.choice(DISQUALIFIED)}
            return
        while True:
            wait = random.randrange(1, 12)
            hour = time(random.randrange(9, 20), random.choice((0, 30)))
            day = entered + timedelta(days=offset + wait)
            yield offset, {"appointment": datetime.combine(day, hour), "dispo": "Set"}
            if random.random() > 0.1:
                break
            offset += random.randrange(1, wait + 1)  # another time is found
        offset += wait
        chance = random.random()
        if chance < 0.05:
            yield offset, {"appointment": None, "dispo": "CXL"}
        elif chance < 0.3:
            yield offset, {"dispo": random.choice(CANCELLED)}
        elif chance < 0.8:
            yield offset, {"dispo": random.choice(NOT_SOLD), "demo": True}
        else:
            yield offset, {"dispo": "Sale", "demo": True}
            for job in JOBS:
                offset += random.randrange(1, 10)
                yield offset, {"job": job}


def write(leads: Leads, folder: Path) -> Iterator[Path]:
    """Write the lists, data_01.csv and on, and leads.parquet; give their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, leads.days + 1):
        path = folder / f"data_{number:02}.csv"
        columns = _columns(number)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            if number >= SEPARATOR_FROM:
                writer.writerow(["-----"] * len(columns))
            for lead, known in leads.listed(number):
                row = _row(number, lead, known)
                writer.writerow([row[column] for column in columns])
        yield path
    yield _write_backend(leads.backend, folder / "leads.parquet")


def _write_backend(rows: list[Row], path: Path) -> Path:
    import pyarrow as pa  # takes its time to load
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


def _columns(number: int) -> list[str]:
    columns = ["ENTRYDATE", "LEADNUMBER", "email_hash", "phone_hash"]
    demo = ["Set", "Demo"] if number < SWAPPED.start else ["Demo", "Set"]
    rest = ["ZIP", "Appt Date", *demo, "Dispo", "Job Status"]
    if number < SWAPPED.start:
        return [*columns, "CITY", "STATE", *rest]
    if number in SWAPPED:
        return [*columns, "STATE", "CITY", *rest]
    location = ["location"] if number >= LOCATION_FROM else []
    return [*columns, "STATE", *rest, "CityName", *location]


def _row(number: int, lead: Lead, known: Row) -> Row:
    appointment = known["appointment"]
    is_set = appointment is not None and number not in SET_BROKEN
    return {
        "ENTRYDATE": f"{lead.entered:%m/%d/%Y}",
        "LEADNUMBER": lead.number,
        "email_hash": lead.email_hash,
        "phone_hash": lead.phone_hash,
        "CITY": lead.city,
        "CityName": lead.city,
        "STATE": "" if number in STATE_EMPTY else lead.state,
        "ZIP": lead.zip,
        "Appt Date": _clock(appointment) if appointment else "",
        "Set": int(is_set),
        "Demo": known["demo"] if number in DEMO_IN_WORDS else int(known["demo"]),
        "Dispo": known["dispo"],
        "Job Status": known["job"],
        "location": f"{lead.city} | {lead.state}",
    }


def _clock(moment: datetime) -> str:
    hour = moment.hour % 12 or 12
    return f"{moment:%m/%d/%Y} {hour:>2}:{moment:%M%p}"


def _digest(text: str) -> str:
    return sha1(f"{text}@example.test".encode(), usedforsecurity=False).hexdigest()
