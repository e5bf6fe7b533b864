"""Reports on customers, computed in plain Python from the rows of facts.

Written from the descriptions of the reports, not from their SQL: each customer is
looked at by itself, through all that is known of it.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

LEADS = ("crm_lead", "form_lead", "prospect_lead", "call_centre")
ORDER = (
    *("form_lead", "list", "crm_lead", "prospect_lead", "call_centre", "account"),
    *("contact", "deal", "activity", "order", "sale", "payment"),
)
"""Of what happened at one time the first counts as the first touch."""
Row = dict[str, Any]
Said = list[tuple[str, bool]]
"""From when each version is valid, and whether it says that its record is qualified."""
Customer = tuple[str, str]
"""Whether a person or an organisation, and its identifier."""


@dataclass
class Event:
    """Something that happened with a customer."""

    kind: str
    key: str
    person: str | None
    organisation: str | None
    at: str | None
    system: str
    lead_source: str | None = None
    was_lead: bool = False
    qualified: bool = False
    qualified_at: str | None = None
    won_at: str | None = None
    is_open: bool = False
    is_won: bool = False
    currency: str | None = None
    amount: int | None = None

    @property
    def brings_money(self) -> bool:
        """Whether it is in the ledger of revenue."""
        return self.kind in ("order", "sale", "payment", "refund", "chargeback")

    @property
    def is_purchase(self) -> bool:
        """Whether something was bought."""
        bought = self.kind in ("order", "sale", "payment")
        return bought and (self.amount is None or self.amount >= 0)

    @property
    def is_lead(self) -> bool:
        """Whether it is a lead, or a contact that was one by its status."""
        return self.kind in LEADS or self.was_lead

    @property
    def source(self) -> str:
        """System, and lead source where one is given."""
        return self.system + (f": {self.lead_source}" if self.lead_source else "")

    @property
    def customers(self) -> list[Customer]:
        """Whose journey it is in."""
        found = [("person", self.person), ("organisation", self.organisation)]
        return [(kind, key) for kind, key in found if key]

    @property
    def customer(self) -> Customer | None:
        """Who it counts for where each event counts once."""
        return self.customers[-1] if self.customers else None


class Facts:
    """The rows of a warehouse, and what is to be made of them."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.people = {r["person_id"]: r for r in self._rows("dim_people")}
        self.organisations = {
            row["organisation_id"]: row for row in self._rows("dim_organisations")
        }
        self._systems = {
            row["file_id"]: row["system_name"] or row["source_name"]
            for row in self._rows("fct_ingest_files")
        }
        self._words = {
            row["source_value"]
            for row in self._rows("int_crm__codes")
            if row["lookup"] == "contact_status"
            and row["code"] in ("Qualified", "Customer")
        }
        self.events = [
            *(*self._leads(), *self._prospects(), *self._calls(), *self._contacts()),
            *(*self._deals(), *self._money()),
            *self._plain("activity", "fct_activities", "activity_id", "occurred_at"),
            *self._plain(
                "account", "dim_shop_customers", "shop_customer_id", "created_at"
            ),
        ]
        for event in self.events:
            person = self.people.get(event.person or "")
            if event.organisation is None and person:
                event.organisation = person["organisation_id"]

    def _rows(self, table: str) -> list[Row]:
        self._db.row_factory = sqlite3.Row
        return [dict(r) for r in self._db.execute(f"select * from {table}")]

    def _event(
        self, kind: str, key: str, row: Row, at: str | None, **more: Any
    ) -> Event:
        return Event(
            kind,
            row[key],
            row.get("person_id"),
            row.get("organisation_id"),
            at,
            self._systems[row["_file_id"]],
            **more,
        )

    def _plain(self, kind: str, table: str, key: str, at: str) -> Iterator[Event]:
        for row in self._rows(table):
            yield self._event(kind, key, row, row[at])

    def _says_qualified(self, text: str | None) -> bool:
        said = (text or "").strip(" ").lower().replace("_", " ").replace("-", " ")
        return said in self._words

    def _leads(self) -> Iterator[Event]:
        said: dict[str, Said] = defaultdict(list)
        for row in self._rows("int_crm_leads__versioned"):
            contact, converted = row["source_converted_contact_id"], row["is_converted"]
            is_known = row["status"] or contact or converted is not None
            if row["row_status"] in ("current", "superseded") and is_known:
                is_so = converted or contact or self._says_qualified(row["status"])
                said[row["lead_id"]].append((row["valid_from"], bool(is_so)))
        for row in self._rows("fct_leads"):
            was, since = _qualified(said[row["lead_id"]])
            is_lead = row["kind"] == "crm_lead"
            if row["kind"] != "form_lead":  # those of fct_form_leads
                yield self._event(
                    row["kind"],
                    "lead_id",
                    row,
                    row["created_at"],
                    lead_source=row["lead_source"],
                    qualified=is_lead and bool(row["is_converted"] or was),
                    qualified_at=since if is_lead else None,
                )
        for row in self._rows("fct_form_leads"):
            if not row["is_test"]:
                yield self._event(
                    "form_lead",
                    "lead_id",
                    row,
                    row["submitted_at"],
                    lead_source=row["source_name"] or row["platform"],
                    qualified=self._says_qualified(row["source_status"]),
                )

    def _prospects(self) -> Iterator[Event]:
        versions: dict[str, list[Row]] = defaultdict(list)
        for row in self._rows("int_salesforce_leads__versioned"):
            if row["row_status"] in ("current", "superseded"):
                versions[row["lead_id"]].append(row)
        person = self._persons("prospect_lead")
        for key, states in versions.items():
            (now,) = (row for row in states if row["row_status"] == "current")
            if not now["is_deleted"]:
                now["person_id"] = person.get(key)
                was, since = _qualified(
                    [
                        (row["valid_from"], self._says_qualified(row["status"]))
                        for row in states
                        if row["status"]
                    ]
                )
                yield self._event(
                    "prospect_lead",
                    "lead_id",
                    now,
                    min(row["valid_from"] for row in states),
                    qualified=was,
                    qualified_at=since,
                )

    def _persons(self, kind: str) -> dict[str, str]:
        return {
            row["source_record_id"]: row["person_id"]
            for row in self._rows("bridge_people_records")
            if row["record_kind"] == kind
        }

    def _calls(self) -> Iterator[Event]:
        callers, known = self._persons("call_centre"), self._persons("backend")
        numbers: dict[str, list[Row]] = defaultdict(list)
        for row in self._rows("dim_leads_history"):
            numbers[row["lead_number"]].append(row)
        reached: dict[str, list[str | None]] = defaultdict(list)
        for number, versions in numbers.items():
            (now,) = (row for row in versions if row["is_current"])
            met = ("is_set_repaired", "is_demo", "has_been_sold")
            was, since = _qualified(
                [(row["valid_from"], any(map(row.get, met))) for row in versions]
            )
            if now["lead_uuid"]:
                reached[now["lead_uuid"]] += [since] if was else []
                continue
            entries = [row["entry_date"] for row in versions if row["entry_date"]]
            now["person_id"] = callers.get(number)
            yield self._event(
                "call_centre",
                "lead_number",
                now,
                _day(min(entries or [row["valid_from"] for row in versions])),
                qualified=was,
                qualified_at=_day(since),
            )
        for row in self._rows("dim_leads"):
            row["person_id"] = known.get(row["lead_uuid"])
            of_numbers = reached[row["lead_uuid"]]
            yield self._event(
                "call_centre",
                "lead_uuid",
                row,
                _day(row["entry_date"] or row["first_seen_date"]),
                qualified=bool(of_numbers),
                qualified_at=_day(_first_of_all(of_numbers)),
            )

    def _contacts(self) -> Iterator[Event]:
        person = self._persons("contact")
        golden = {
            row["contact_record_id"]: row["contact_id"]
            for row in self._rows("bridge_contact_records")
        }
        said: dict[str, Said] = defaultdict(list)
        leads = set()
        for row in self._rows("dim_contacts_history"):
            if row["status"] == "Lead":
                leads.add(golden.get(row["contact_id"], row["contact_id"]))
            if row["status"]:
                is_so = row["status"] in ("Qualified", "Customer", "Churned")
                said[row["contact_id"]].append((row["valid_from"], is_so))
        since: dict[str, list[str | None]] = defaultdict(list)
        for record, states in said.items():
            was, at = _qualified(states)
            since[golden.get(record, record)] += [at] if was else []
        for row in self._rows("dim_contacts"):
            row["person_id"] = person.get(row["contact_id"])
            of_records = since[row["contact_id"]]
            yield self._event(
                "contact",
                "contact_id",
                row,
                row["created_at"],
                lead_source=row["lead_source"] or row["source_lead_source"],
                was_lead=row["contact_id"] in leads,
                qualified=bool(of_records),
                qualified_at=_first_of_all(of_records),
            )

    def _deals(self) -> Iterator[Event]:
        for row in self._rows("fct_opportunities"):
            is_won = bool(row["is_closed"] and row["is_won"])
            yield self._event(
                "deal",
                "opportunity_id",
                row,
                row["created_at"],
                lead_source=row["lead_source"],
                won_at=_day(row["actual_close_date"]) if is_won else None,
                is_open=row["is_closed"] != 1,
                is_won=is_won,
                currency=row["currency_code"],
                amount=row["amount_minor"],
            )

    def _money(self) -> Iterator[Event]:
        orders = {row["order_id"]: row for row in self._rows("fct_orders")}
        reports = {row["order_id"]: row for row in self._rows("bridge_order_reports")}
        sales = [row for row in self._rows("fct_sales") if row["order_id"] is None]
        payments = {row["payment_id"]: row for row in self._rows("fct_payments")}
        links = {row["payment_id"]: row for row in self._rows("bridge_payment_orders")}
        customers = self._persons("customer")
        copies, numbers = set(), {row["source_sale_id"] for row in sales}

        def event(kind: str, key: str, row: Row, at: str | None, minor: str) -> Event:
            currency, amount = row["currency_code"], row[minor]
            return self._event(kind, key, row, at, currency=currency, amount=amount)

        for key, row in orders.items():
            report = reports.get(key)
            as_sale = bool(report) and report["evidence"] == "delivered as a sale"
            if row["is_sale"] and (not report or as_sale):
                yield event("order", "order_id", row, row["ordered_at"], "total_minor")
                copies |= {report["counted_id"]} if as_sale else set()
        for row in sales:
            if row["sale_id"] not in copies:
                row = {**row, "person_id": customers.get(row["customer_id"])}
                day = _day(row["sales_date"])
                yield event("sale", "sale_id", row, day, "total_cost_minor")
        for key, row in payments.items():
            link = links.get(key)
            order_id = link["order_id"] if link else row["order_id"]
            report = reports.get(order_id)
            counted = report["counted_id"] if report else order_id
            is_of_sale = bool(report) and report["evidence"] == "delivered as a sale"
            is_of_order = any(
                one in orders and orders[one]["is_sale"] for one in (order_id, counted)
            )
            number = row["order_number"] or ""
            is_elsewhere = link and (link["is_repeated"] or not link["order_id"])
            if row["payment_kind"] == "payment" and not (
                is_elsewhere
                or is_of_order
                or is_of_sale
                or (len(number) >= 8 and number in numbers)
            ):
                at = row["created_at"]
                yield event("payment", "payment_id", row, at, "amount_minor")
        for row in self._rows("fct_refunds"):
            whose = [
                orders.get(row["order_id"]),
                payments.get(row["payment_id"]),
                payments.get(row["refund_id"]),
            ]
            for column in ("person_id", "organisation_id"):
                given = [one[column] for one in whose if one and one[column]]
                row[column] = given[0] if given else None
            row["taken_minor"] = -row["amount_minor"]
            kind, at = row["refund_kind"], row["refunded_at"]
            yield event(kind, "refund_id", row, at, "taken_minor")

    # -- what is known of a customer ---------------------------------------------------

    def journeys(self) -> dict[Customer, Row]:
        """The path of every person and organisation, columns as in the report."""
        of: dict[Customer, list[Event]] = {
            **{("person", key): [] for key in self.people},
            **{("organisation", key): [] for key in self.organisations},
        }
        for event in self.events:
            for customer in event.customers:
                of[customer].append(event)
        return {customer: _journey(events) for customer, events in of.items()}

    def once(self) -> tuple[dict[Customer, list[Event]], list[Event]]:
        """The events of each customer, every event once; and those of nobody."""
        of: dict[Customer, list[Event]] = defaultdict(list)
        nobody = []
        for event in self.events:
            if event.customer:
                of[event.customer].append(event)
            else:
                nobody.append(event)
        return of, nobody

    def funnel(self) -> dict[tuple[str, str | None, str | None], Row]:
        """Counts, amounts and medians by source, month and currency."""
        of, nobody = self.once()
        found: dict[tuple[str, str | None, str | None], Row] = defaultdict(
            lambda: defaultdict(int)
        )
        days: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for events in of.values():
            path = _path(events)
            source = path["first_source"] or "unknown"
            month = (path["first_touch_at"] or "")[:7] or None
            row = source, month, _first_currency(events)
            steps = _steps(path, path["purchase_count"])
            found[row]["customer_count"] += 1
            for step, number in steps.items():
                found[row][f"{step}_count"] += number > 0
            for span, (since, until) in SPANS.items():
                if path[since] and path[until] and path[since] <= path[until]:
                    days[row, span].append(_days(path[since], path[until]))
            for event in events:
                _add(found, (source, month, event.currency), event)
        for event in nobody:
            path = _path([event])
            steps = _steps(path, path["purchase_count"])
            if any(steps.values()) or event.brings_money:
                month = (event.at or "")[:7] or None
                row = "nobody known", month, event.currency
                for step, number in steps.items():
                    found[row][f"{step}_count"] += number
                _add(found, row, event)
        for (row, span), values in days.items():
            found[row][f"{span}_days"] = median(values)
        return found

    def cohorts(self, clock: str) -> dict[Cohort, Row]:
        """Customers, active ones and revenue by cohort, month since and currency."""
        of, nobody = self.once()
        found: dict[Cohort, Row] = defaultdict(lambda: {"active": 0, "revenue": 0})
        size: dict[tuple[str | None, str | None], int] = defaultdict(int)
        shown = set()
        for events in (*of.values(), nobody):
            money = [event for event in events if event.brings_money]
            bought = [e for e in money if e.is_purchase and e.at and e.customer]
            dated = sorted((e.at or "", e.currency or "") for e in bought)
            cohort, currency = None, None
            if dated:
                cohort, currency = dated[0][0][:7], dated[0][1] or None
                size[cohort, currency] += 1
                shown |= {(cohort, one.currency) for one in money}
            for month in {at[:7] for at, _ in dated}:
                found[cohort, _months(cohort, month), currency]["active"] += 1
            for event in money:
                row = cohort, _months(cohort, event.at), event.currency
                found[row]["revenue"] += event.amount or 0
        months = [e.at[:7] for e in self.events if e.is_purchase and e.at]
        newest = max((month for month in months if month <= clock), default=None)
        for cohort, one in shown | size.keys():
            for since in range(max(1, (_months(cohort, newest) or 0) + 1)):
                found[cohort, since, one]["active"] += 0
        for (cohort, _, one), row in found.items():
            row["customers"] = size[cohort, one] if cohort else None
        return found


Cohort = tuple[str | None, int | None, str | None]
"""Month of the first purchase, months since, and currency."""
SPANS = {
    "lead_to_qualified": ("lead_stage_at", "qualified_at"),
    "qualified_to_deal": ("qualified_at", "first_deal_at"),
    "deal_to_won": ("first_deal_at", "first_won_at"),
    "won_to_paid": ("first_won_at", "first_purchase_at"),
}


def _steps(path: Row, bought: int) -> dict[str, int]:
    return {
        "lead": path["lead_stage_count"],
        "qualified": path["qualified_count"],
        "deal": path["deal_count"],
        "won": path["won_count"],
        "paid": bought,
    }


def _add(found: dict[Any, Row], row: Any, event: Event) -> None:
    """Add the amount of an event to the row of its currency, if it has one."""
    if event.is_won:
        found[row]["won_minor"] += event.amount or 0
    if event.brings_money:
        kind = "paid_minor" if event.is_purchase else "refunded_minor"
        sign = 1 if event.is_purchase else -1
        found[row][kind] += sign * (event.amount or 0)


def _path(events: list[Event]) -> Row:
    leads = [event for event in events if event.is_lead]
    return _journey(events) | {
        "lead_stage_at": min((e.at for e in leads if e.at), default=None),
        "lead_stage_count": len(leads),
    }


def _journey(events: list[Event]) -> Row:
    def times(kinds: tuple[str, ...]) -> list[str]:
        return sorted(e.at for e in events if e.at and e.kind in kinds)

    def first(values: list[str]) -> str | None:
        return values[0] if values else None

    touches = sorted(
        (e.at or "~", ORDER.index(e.kind), e.source, e.kind)
        for e in events
        if e.is_purchase or not e.brings_money
    )
    bought = [e for e in events if e.is_purchase]
    ordered = sorted(e.at for e in bought if e.at and e.kind != "payment")
    paid = sorted(e.at for e in bought if e.at)
    currencies = {e.currency for e in events if e.brings_money}
    currency = currencies.pop() if len(currencies) == 1 else None
    touched = touches[0] if touches else ("~", 0, None, None)
    return {
        "first_touch_at": None if touched[0] == "~" else touched[0],
        "first_source": touched[2],
        "first_touch_kind": touched[3],
        "first_lead_at": first(times(LEADS)),
        "qualified_at": _qualified_at(events),
        "first_contact_at": first(times(("contact",))),
        "first_activity_at": first(times(("activity",))),
        "first_deal_at": first(times(("deal",))),
        "first_won_at": first(sorted(e.won_at for e in events if e.won_at)),
        "first_order_at": first(ordered),
        "last_order_at": first(ordered[-1:]),
        "first_purchase_at": first(paid),
        "last_purchase_at": first(paid[-1:]),
        "lead_count": sum(e.kind in LEADS for e in events),
        "qualified_count": sum(e.qualified for e in events),
        "deal_count": sum(e.kind == "deal" for e in events),
        "open_deal_count": sum(e.is_open for e in events),
        "won_count": sum(e.is_won for e in events),
        "order_count": sum(e.kind != "payment" for e in bought),
        "purchase_count": len(bought),
        "currency_code": currency,
        "revenue_minor": sum(e.amount or 0 for e in events if e.brings_money)
        if currency
        else None,
    }


def _qualified_at(events: list[Event]) -> str | None:
    """The first time, unless something may have been qualified before."""
    first = min((e.qualified_at for e in events if e.qualified_at), default=None)
    unseen = [e.at or "" for e in events if e.qualified and not e.qualified_at]
    return first if first and all(first <= at for at in unseen) else None


def _qualified(said: Said) -> tuple[bool, str | None]:
    """Whether versions say so of a record, and when that was seen to change."""
    since = [at for at, is_so in said if is_so]
    seen = since and min(since) > min(at for at, _ in said)
    return bool(since), min(since) if seen else None


def _first_of_all(times: list[str | None]) -> str | None:
    """The first time, if all are known."""
    known = [at for at in times if at]
    return min(known) if known and len(known) == len(times) else None


def _first_currency(events: list[Event]) -> str | None:
    known = sorted((e.at or "~", e.currency) for e in events if e.currency)
    return known[0][1] if known else None


def _day(day: str | None) -> str | None:
    return day and f"{day}T00:00:00.000000Z"


def _days(since: str, until: str) -> int:
    return (date.fromisoformat(until[:10]) - date.fromisoformat(since[:10])).days


def _months(since: str | None, until: str | None) -> int | None:
    if not since or not until:
        return None
    return 12 * (int(until[:4]) - int(since[:4])) + int(until[5:7]) - int(since[5:7])
