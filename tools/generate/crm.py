"""The clean records of a CRM: companies, contacts, opportunities, activities."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from tools.generate.people import REGIONS, ascii_slug, phone, pools

Record = dict[str, Any]
Tables = dict[str, list[Record]]

# Records per table at scale 1.
SIZES = {"companies": 100, "contacts": 500, "opportunities": 200, "activities": 1000}

START = datetime(2023, 1, 2)
AS_OF = datetime(2025, 6, 30, 18)

INDUSTRIES = ("Finance", "Healthcare", "Manufacturing", "Retail", "Technology")
TRADES = {
    "Finance": ("Capital", "Finance", "Credit"),
    "Healthcare": ("Health", "Medical", "Care"),
    "Manufacturing": ("Works", "Industries", "Engineering"),
    "Retail": ("Stores", "Retail", "Trading"),
    "Technology": ("Software", "Systems", "Data"),
}
# Band of employees and the largest annual revenue that goes with it.
SIZE_BANDS = {
    "1-10": 2_000_000,
    "11-50": 8_000_000,
    "51-200": 40_000_000,
    "201-500": 120_000_000,
    "501-1000": 300_000_000,
    "1000+": 2_000_000_000,
}
TITLES = ("CEO", "CTO", "Director", "Engineer", "Manager", "VP Sales")
STATUSES = ("Lead", "Qualified", "Customer", "Churned")
OPEN_STAGES = ("Prospecting", "Qualification", "Proposal", "Negotiation")
CLOSED_STAGES = ("Closed Won", "Closed Lost")
PRODUCTS = {"Basic": 8_000, "Pro": 30_000, "Enterprise": 120_000}
FORECASTS = ("Pipeline", "Best Case", "Commit")
ACTIVITY_TYPES = ("call", "demo", "email", "meeting", "task")
OUTCOMES = ("Completed", "Rescheduled", "No Show")
NOTES = (
    "Asked for a quote, decides with the board next month.",
    "Wants to see the reports before going on.",
    "Budget is there, the timing is not.",
    "Happy with the trial; legal reads the contract.",
    "Uses a competitor until the end of the year.",
    "Left a message, call again on Thursday.",
    "Sent the price list and two references.",
    "Needs single sign-on and a data processing agreement.",
)


class Crm:
    """Makes records whose references, dates and codes are sound."""

    def __init__(self, seed: int) -> None:
        """Draw the pools of names; equal seeds give equal records."""
        self.random = Random(f"crm-{seed}")
        self.pools = pools(seed)
        self.tables: Tables = {table: [] for table in SIZES}
        self._domains: set[str] = set()
        self._emails: set[str] = set()
        # For references: position, country and time of what was made.
        self._home: dict[str, str] = {}
        self._made_at: dict[str, datetime] = {}

    def add(self, table: str, count: int, before: datetime = AS_OF) -> list[Record]:
        """Make `count` further records, all of them dated before `before`."""
        make = getattr(self, f"_{table}")
        rows = self.tables[table]
        first = len(rows)
        for number in range(first, first + count):
            rows.append(make(number, before))
        return rows[first:]

    def moment(self, since: datetime, until: datetime) -> datetime:
        """Return a moment between the two, to the microsecond."""
        span = (until - since) // timedelta(microseconds=1)
        return since + timedelta(microseconds=self.random.randrange(max(span, 1)))

    def _companies(self, number: int, before: datetime) -> Record:
        random = self.random
        company_id = f"COMP{number:03d}"
        country = random.choice(tuple(REGIONS))
        pool = self.pools[country]
        industry = random.choice(INDUSTRIES)
        size = random.choice(tuple(SIZE_BANDS))
        name = f"{random.choice(pool.last_names)} {random.choice(TRADES[industry])}"
        domain = f"{ascii_slug(name)}.example"
        if domain in self._domains:
            partner = random.choice(pool.last_names)
            name = f"{partner} & {name}"
            domain = f"{ascii_slug(name)}.example"
        if domain in self._domains:
            domain = f"{ascii_slug(name)}-{number}.example"
        self._domains.add(domain)
        created = self.moment(START, before - timedelta(days=180))
        self._home[company_id] = country
        self._made_at[company_id] = created
        largest = SIZE_BANDS[size]
        return {
            "id": company_id,
            "name": f"{name} {random.choice(pool.legal_forms)}",
            "domain": domain,
            "industry": industry,
            "size": size,
            "country": country,
            "created_date": timestamp(created),
            "is_customer": random.random() < 0.45,
            "annual_revenue": random.randrange(largest // 10, largest),
        }

    def _contacts(self, number: int, before: datetime) -> Record:
        random = self.random
        contact_id = f"CONT{number:03d}"
        company = random.choice(self.tables["companies"])
        country = self._home[company["id"]]
        pool = self.pools[country]
        first = random.choice(pool.first_names)
        last = random.choice(pool.last_names)
        mailbox = f"{ascii_slug(first)}.{ascii_slug(last)}"
        email = f"{mailbox}@{company['domain']}"
        if email in self._emails:
            email = f"{mailbox}{number}@{company['domain']}"
        self._emails.add(email)
        created = self.moment(self._made_at[company["id"]], before - timedelta(days=30))
        self._made_at[contact_id] = created
        return {
            "id": contact_id,
            "email": email,
            "first_name": first,
            "last_name": last,
            "title": random.choice(TITLES),
            "company_id": company["id"],
            "phone": phone(random, country),
            "status": random.choice(STATUSES),
            "created_date": timestamp(created),
            "last_modified": timestamp(self.moment(created, before)),
        }

    def _opportunities(self, number: int, before: datetime) -> Record:
        random = self.random
        opportunity_id = f"OPP{number:03d}"
        contact = random.choice(self.tables["contacts"])
        product = random.choice(tuple(PRODUCTS))
        created = self.moment(self._made_at[contact["id"]], before - timedelta(days=7))
        self._made_at[opportunity_id] = created
        close = self.moment(created + timedelta(days=1), created + timedelta(days=180))
        is_closed = close < before and random.random() < 0.5
        stage = random.choice(CLOSED_STAGES if is_closed else OPEN_STAGES)
        if is_closed:
            probability = 100 if stage == "Closed Won" else 0
        else:
            probability = random.randrange(5, 95)
        price = PRODUCTS[product]
        return {
            "id": opportunity_id,
            "name": f"{contact['company_id']} - {product} Deal",
            "contact_id": contact["id"],
            "company_id": contact["company_id"],
            "amount": random.randrange(price // 2, price * 2),
            "stage": stage,
            "product": product,
            "probability": probability,
            "created_date": timestamp(created),
            "close_date": timestamp(close),
            "is_closed": is_closed,
            "forecast_category": "Closed" if is_closed else random.choice(FORECASTS),
        }

    def _activities(self, number: int, before: datetime) -> Record:
        random = self.random
        # Most activities serve no deal.
        if random.random() < 0.1:
            opportunity = random.choice(self.tables["opportunities"])
            contact_id = opportunity["contact_id"]
            opportunity_id = opportunity["id"]
        else:
            contact_id = random.choice(self.tables["contacts"])["id"]
            opportunity_id = None
        contact = self.tables["contacts"][int(contact_id.removeprefix("CONT"))]
        since = self._made_at[opportunity_id or contact_id]
        kind = random.choice(ACTIVITY_TYPES)
        return {
            "id": f"ACT{number:03d}",
            "contact_id": contact_id,
            "opportunity_id": opportunity_id,
            "type": kind,
            "subject": f"{kind.capitalize()} with {contact['first_name']}",
            "timestamp": timestamp(self.moment(since, before)),
            "duration_minutes": random.randrange(5, 61),
            "outcome": random.choice(OUTCOMES),
            "notes": random.choice(NOTES),
        }


def timestamp(moment: datetime) -> str:
    """Return the moment as the exports write it."""
    return moment.isoformat(timespec="microseconds")
