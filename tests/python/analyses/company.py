"""The exports of the imaginary company, read by `csv` and `decimal` alone."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

Rows = list[dict[str, str]]
CLOCK = "2025-06-30T12:00:00Z"
"""When the files are read: what only deliveries show is of this month."""


@dataclass(frozen=True)
class Deal:
    """A deal as last delivered; not one that was deleted or merged into another."""

    system: str
    pipeline: str
    stage: str
    owner: str
    currency: str
    amount: Decimal
    weighted: Decimal
    """As the system's own columns give it."""
    created: str
    closed: str
    """Day of closing, empty for an open one."""
    is_won: bool


class Files:
    """What the files say."""

    def __init__(self, inbox: Path) -> None:
        self.inbox = inbox
        self.deals = [*self._hubspot(), *self._salesforce()]

    def rows(self, pattern: str) -> Rows:
        """Records of the files of this name, the earlier delivery first."""
        found: Rows = []
        for path in sorted(self.inbox.glob(pattern)):
            found += _csv(path.read_text(encoding="utf-8"))
        return found

    def members(self, name: str, delivery: int = -1) -> Rows:
        """Records of a member of Salesforce's archives, of the last delivery."""
        folder = sorted((self.inbox / "salesforce").iterdir())[delivery]
        for path in sorted(folder.iterdir()):
            with zipfile.ZipFile(path) as archive:
                if name in archive.namelist():
                    return _csv(archive.read(name).decode())
        raise FileNotFoundError(name)

    def _hubspot(self) -> list[Deal]:
        rows = self.rows("hubspot/*deals*.csv")
        last = {row["Record ID"]: row for row in rows}
        merged = {
            former
            for row in rows
            for former in row["Merged object IDs"].split(";")
            if former
        }
        return [
            Deal(
                "hubspot",
                row["Pipeline"],
                row["Deal Stage"],
                row["Deal owner"],
                row["Currency"],
                Decimal(row["Amount"]),
                Decimal(row["Amount"]) * Decimal(row["Deal Stage Probability"]),
                row["Create Date"],
                row["Close Date"][:10] if row["Is Deal Closed?"] == "true" else "",
                row["Deal Stage Probability"] == "1",
            )
            for key, row in last.items()
            if key not in merged
        ]

    def _salesforce(self) -> list[Deal]:
        users = {row["Id"]: row["Name"] for row in self.members("User.csv")}
        return [
            Deal(
                "salesforce",
                "default",
                row["StageName"],
                users[row["OwnerId"]],
                row["CurrencyIsoCode"],
                Decimal(row["Amount"]),
                Decimal(row["ExpectedRevenue"]),
                row["CreatedDate"],
                row["CloseDate"][:10] if row["IsClosed"] == "1" else "",
                row["IsWon"] == "1",
            )
            for row in self.members("Opportunity.csv")
            if row["IsDeleted"] == "0"
        ]

    # -- money ----------------------------------------------------------------------

    def orders(self) -> dict[str, dict[str, str]]:
        """The first row of each order as last delivered, by its number."""
        rows = self.rows("shopify/*/orders_export_1.csv")
        return {row["Name"]: row for row in rows if row["Total"]}

    def charges(self) -> dict[str, dict[str, str]]:
        """Payments at Stripe as last delivered, but no tests and failures."""
        rows = self.rows("stripe/*/unified_payments.csv")
        return {
            row["id"]: row
            for row in rows
            if row["Mode"] == "Live"
            and row["Captured"] == "true"
            and row["Status"] in ("Paid", "Refunded")
        }

    def sales(self) -> list[tuple[str, str, str, str, Decimal]]:
        """Kind, day, currency, address and amount of what was sold, each once."""
        found = [
            (
                "orders",
                utc(row["Created at"]),
                row["Currency"],
                row["Email"],
                Decimal(row["Total"]),
            )
            for row in self.orders().values()
            if row["Financial Status"] != "voided"
        ]
        found += [
            (
                "other",
                row["Created date (UTC)"],
                row["Currency"].upper(),
                row["Customer Email"],
                Decimal(row["Amount"]),
            )
            for row in self.charges().values()
            if not row["order_id (metadata)"]
        ]
        return found

    def refunds(self) -> list[tuple[str, str, str, Decimal]]:
        """Day, currency, address and amount of what was given back, each once.

        Those of orders by the shop's transactions; of Stripe's payments those
        without an order, in one sum with the day of the last.
        """
        orders = self.orders()
        seen = {}
        for row in self.rows("shopify/*/transactions_export_1.csv"):
            if row["Kind"] == "refund":
                seen[row["Order"], row["Created At"], row["Amount"]] = row
        found = [
            (
                utc(row["Created At"]),
                row["Currency"],
                orders[row["Name"]]["Email"],
                Decimal(row["Amount"]),
            )
            for row in seen.values()
        ]
        found += [
            (
                row["Refunded date (UTC)"],
                row["Currency"].upper(),
                row["Customer Email"],
                Decimal(row["Amount Refunded"]),
            )
            for row in self.charges().values()
            if Decimal(row["Amount Refunded"]) and not row["order_id (metadata)"]
        ]
        return found

    def mrr(self) -> dict[tuple[str, str], dict[str, Decimal]]:
        """By month and currency what subscriptions bring, by simulation.

        What another delivery shows (seats, plan) is of the month of the clock.
        """
        before, after = (
            {row["id"]: row for row in _csv(path.read_text(encoding="utf-8"))}
            for path in sorted(self.inbox.glob("stripe/*/subscriptions.csv"))
        )
        now = CLOCK[:7]
        customers: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(
            lambda: defaultdict(Decimal)
        )
        for key, last in after.items():
            first = before.get(key, last)
            since = last["Trial End (UTC)"] or last["Start Date (UTC)"]
            until = last["Ended At (UTC)"]
            customer = last["Customer ID"], last["Currency"].upper()
            for month in months(since[:7], now):
                if until and month >= until[:7]:
                    break
                row = last if month == now else first
                customers[customer][month] += monthly(row)
        return _movements(customers, now)


def _movements(
    customers: dict[tuple[str, str], dict[str, Decimal]], now: str
) -> dict[tuple[str, str], dict[str, Decimal]]:
    found: dict[tuple[str, str], dict[str, Decimal]] = {}
    starts = {
        code: min(min(m) for (_, c), m in customers.items() if c == code and m)
        for code in {code for _, code in customers}
    }
    for code, start in starts.items():
        opening = Decimal(0)
        had: dict[str, Decimal] = {}
        ever: set[str] = set()
        for month in months(start, now):
            row = defaultdict(Decimal, opening=opening)
            for (customer, currency), by_month in customers.items():
                if currency != code:
                    continue
                old, new = (
                    had.get(customer, Decimal(0)),
                    by_month.get(month, Decimal(0)),
                )
                if old == new:
                    continue
                if not old:
                    kind = "reactivation" if customer in ever else "new"
                elif not new:
                    kind = "churn"
                else:
                    kind = "expansion" if new > old else "contraction"
                row[kind] += new - old
                ever.add(customer)
                had[customer] = new
                opening += new - old
            found[month, code] = {**row, "closing": opening}
    return found


def monthly(row: dict[str, str]) -> Decimal:
    """What a subscription brings a month."""
    worth = Decimal(row["Amount"]) * int(row["Quantity"])
    return worth / (12 if row["Interval"] == "year" else 1)


def months(first: str, last: str) -> list[str]:
    """The months from one to another, both counted."""
    found = []
    year, month = int(first[:4]), int(first[5:])
    while f"{year}-{month:02}" <= last:
        found.append(f"{year}-{month:02}")
        year, month = year + month // 12, month % 12 + 1
    return found


def utc(text: str) -> str:
    """A moment with an offset, as the shop writes it, in UTC."""
    moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S %z")
    return moment.astimezone(timezone(timedelta(0))).strftime("%Y-%m-%d %H:%M:%S")


def _csv(text: str) -> Rows:
    return list(csv.DictReader(io.StringIO(text, newline="")))
