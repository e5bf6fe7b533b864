"""Faults as real exports have them, put into a declared share of the records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tools.generate.crm import Record, timestamp

# Returns the faulty value; the unchanged one if the fault does not fit.
MakeFault = Callable[[Random, Record, list[Record]], Any]


@dataclass(frozen=True)
class Fault:
    """One fault: `column` of the record `record_id` was spoilt."""

    table: str
    record_id: str
    column: str
    kind: str


COUNTRY_NAMES = {
    "AU": "australia",
    "CA": "Canada",
    "DE": "Germany",
    "FR": "France ",
    "GB": "UK",
    "US": "USA",
}
INDUSTRY_NAMES = {
    "Finance": "Financial Services",
    "Healthcare": "Health Care",
    "Manufacturing": "manufacturing ",
    "Retail": "RETAIL",
    "Technology": "Tech",
}
NEVER = "2023-02-30T09:15:00.000000"
FAR = "2099-01-01T00:00:00.000000"


def _constant(value: Any) -> MakeFault:
    return lambda random, record, rows: value


def _text(column: str, change: Callable[[str], Any]) -> MakeFault:
    return lambda random, record, rows: change(record[column])


def _negative(column: str) -> MakeFault:
    return lambda random, record, rows: -record[column]


def _before(column: str) -> MakeFault:
    """Date a record up to ten days before its own `column`."""

    def make(random: Random, record: Record, rows: list[Record]) -> str:
        moment = datetime.fromisoformat(record[column])
        return timestamp(moment - timedelta(seconds=random.randrange(60, 864_000)))

    return make


def _email_of_another(random: Random, record: Record, rows: list[Record]) -> str:
    return random.choice(rows)["email"]


def _fictional_phone(random: Random, record: Record, rows: list[Record]) -> str:
    return f"+1-555-{random.randrange(200, 999)}-{random.randrange(10_000):04d}"


def _closed_forecast(random: Random, record: Record, rows: list[Record]) -> str:
    return "Closed"


FAULTS: dict[str, dict[str, tuple[str, MakeFault]]] = {
    "companies": {
        "country_spelling": ("country", _text("country", COUNTRY_NAMES.__getitem__)),
        "unknown_country": ("country", _constant("ZZ")),
        "industry_spelling": (
            "industry",
            _text("industry", INDUSTRY_NAMES.__getitem__),
        ),
        "unknown_industry": ("industry", _constant("Space Mining")),
        "name_blanks": ("name", _text("name", lambda name: f"  {name}  ")),
        "missing_domain": ("domain", _constant("")),
        "missing_size": ("size", _constant("N/A")),
        "negative_revenue": ("annual_revenue", _negative("annual_revenue")),
        "revenue_notation": ("annual_revenue", _text("annual_revenue", "${:,}".format)),
        "impossible_date": ("created_date", _constant(NEVER)),
        "future_date": ("created_date", _constant(FAR)),
    },
    "contacts": {
        "updated_before_created": ("last_modified", _before("created_date")),
        "impossible_date": ("created_date", _constant(NEVER)),
        "unknown_company": ("company_id", _constant("COMP-LOST")),
        "duplicate_email": ("email", _email_of_another),
        "email_spelling": ("email", _text("email", lambda text: f" {text.upper()} ")),
        "broken_email": ("email", _text("email", lambda s: s.replace("@", " at "))),
        "fictional_phone": ("phone", _fictional_phone),
        "short_phone": ("phone", _constant("12345")),
        "missing_last_name": ("last_name", _constant(None)),
        "missing_title": ("title", _constant("nan")),
        "status_spelling": ("status", _text("status", lambda s: f"{s.upper()} ")),
    },
    "opportunities": {
        "unknown_company": ("company_id", _constant("COMP-LOST")),
        "negative_amount": ("amount", _negative("amount")),
        "amount_notation": ("amount", _text("amount", "${:,}.00".format)),
        "stage_spelling": ("stage", _text("stage", lambda s: s.lower() + " ")),
        "unknown_stage": ("stage", _constant("Parked")),
        "missing_probability": ("probability", _constant("")),
        "impossible_date": ("close_date", _constant(NEVER)),
        "closed_before_created": ("close_date", _before("created_date")),
        # On a closed deal this changes nothing, so another fault is taken.
        "closed_forecast": ("forecast_category", _closed_forecast),
    },
    "activities": {
        "unknown_contact": ("contact_id", _constant("CONT-LOST")),
        "type_spelling": ("type", _text("type", lambda s: f"{s.upper()} ")),
        "unknown_type": ("type", _constant("telepathy")),
        "missing_outcome": ("outcome", _constant("N/A")),
        "negative_duration": (
            "duration_minutes",
            _negative("duration_minutes"),
        ),
        "impossible_date": ("timestamp", _constant(NEVER)),
        "future_date": ("timestamp", _constant(FAR)),
    },
}


def spoil(
    random: Random, table: str, rows: list[Record], rate: float
) -> tuple[list[Record], list[Fault]]:
    """Return copies of the rows, round(rate × rows) of them with one fault each."""
    kinds = FAULTS[table]
    spoilt = list(rows)
    faults = []
    for position in sorted(random.sample(range(len(rows)), round(rate * len(rows)))):
        record = dict(rows[position])
        while True:
            kind = random.choice(tuple(kinds))
            column, make = kinds[kind]
            value = make(random, record, rows)
            if value != record[column]:
                break
        record[column] = value
        spoilt[position] = record
        faults.append(Fault(table, record["id"], column, kind))
    return spoilt, faults
