"""The exported files read by hand, and the few facts the expectations share."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

STAGES = {  # stage: (is_closed, is_won)
    "Prospecting": (False, False),
    "Qualification": (False, False),
    "Proposal": (False, False),
    "Negotiation": (False, False),
    "Closed Won": (True, True),
    "Closed Lost": (True, False),
}
LAST_CREDIBLE = "2098"


@dataclass(frozen=True)
class Deal:
    """The last delivered state of an opportunity."""

    id: str
    company: dict[str, Any]
    contact_id: str
    stage: str | None
    product: str | None
    category: str
    amount: Decimal
    probability: Decimal
    created: str
    close: str
    is_closed: bool
    is_won: bool | None

    @property
    def month(self) -> str:
        """Month of closing."""
        return self.close[:7] or "unknown"


class Exports:
    """The files of one inbox."""

    def __init__(self, inbox: Path) -> None:
        folder = inbox / "crm"
        self.companies = _by_id(_csv(folder / "companies.csv"))
        self.contacts = _by_id(_json(folder / "contacts.json"))
        self.activities = _json(folder / "activities.json")
        self.deliveries = [_csv(path) for path in sorted(folder.glob("opp*.csv"))]
        last = _by_id([row for rows in self.deliveries for row in rows])
        self.deals = [self._deal(row) for row in last.values()]
        self.newest = max(
            row["timestamp"]
            for row in self.activities
            if row["timestamp"] < LAST_CREDIBLE
        )

    def _deal(self, row: dict[str, str]) -> Deal:
        closed, won = STAGES.get(row["stage"], (row["is_closed"] == "True", None))
        return Deal(
            id=row["id"],
            company=self.companies.get(row["company_id"], {}),
            contact_id=row["contact_id"],
            stage=row["stage"] or None,
            product=row["product"] or None,
            category=row["forecast_category"],
            amount=Decimal(row["amount"] or 0),
            probability=Decimal(row["probability"] or 0),
            created=row["created_date"],
            close=row["close_date"],
            is_closed=closed,
            is_won=won,
        )

    def industry(self, deal: Deal) -> str:
        """Industry of the buyer; one of no lookup table is shown as given."""
        return deal.company.get("industry") or "unknown"


def days(since: str, until: str) -> int:
    """Days between the dates of two moments."""
    return (date.fromisoformat(until[:10]) - date.fromisoformat(since[:10])).days


def rounded(value: Decimal, digits: str) -> float:
    """Round half up, as people do: `digits` is 0.1 or 0.01."""
    return float(value.quantize(Decimal(digits), ROUND_HALF_UP))


def _csv(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _json(path: Path) -> list[dict[str, Any]]:
    return json.loads(path.read_text(encoding="utf-8"))


def _by_id(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in rows}
