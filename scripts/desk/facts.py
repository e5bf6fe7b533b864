"""What hangs on golden records: deals, orders, sales and activities."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from scripts import seeds
from scripts.desk.base import Base, Row
from scripts.desk.entities import Entity
from scripts.morning.figures import number

KINDS = ("deal", "order", "sale", "activity")
SELECTS = {
    "deal": (
        "fct_opportunities",
        """
        select asked.golden_id, 'deal' as kind, facts.opportunity_id as id,
            facts.opportunity_name as title, facts.created_at as at,
            case when facts.is_won then 'won' when facts.is_closed then 'lost'
                else 'open' end as state,
            facts.currency_code, facts.amount_minor
        from asked
        join fct_opportunities as facts on facts.{own} = asked.{key}
        """,
    ),
    "order": (
        "fct_orders",
        """
        select asked.golden_id, 'order' as kind, facts.order_id as id,
            facts.order_number as title, facts.ordered_at as at,
            facts.order_state as state, facts.currency_code,
            case when facts.is_sale
                then facts.total_minor - coalesce(facts.refunded_minor, 0)
            end as amount_minor
        from asked
        join fct_orders as facts on facts.{unit} = asked.unit_id
        """,
    ),
    "sale": (
        "fct_sales",
        """
        select asked.golden_id, 'sale' as kind, facts.sale_id as id,
            facts.source_product_name as title, facts.sales_date as at, '' as state,
            facts.currency_code, facts.total_cost_minor as amount_minor
        from asked
        join bridge_people_records as buyers
            on buyers.person_id = asked.unit_id and buyers.record_kind = 'customer'
        join fct_sales as facts on facts.customer_id = buyers.source_record_id
        """,
    ),
    "activity": (
        "fct_activities",
        """
        select asked.golden_id, 'activity' as kind, facts.activity_id as id,
            facts.subject as title, facts.occurred_at as at,
            facts.activity_type as state, null as currency_code,
            null as amount_minor
        from asked
        join fct_activities as facts on facts.{unit} = asked.unit_id
        """,
    ),
}
"""Per kind: the table of the facts, and the query that gives them."""
MOST = 3
"""Facts of each kind that are listed; the last ones."""


@dataclass
class Facts:
    """The facts of one golden record, counted and summed by currency."""

    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    """By kind and state."""
    sums: dict[tuple[str, str, str], int] = field(default_factory=dict)
    """By kind, state and currency, in minor units."""
    last: list[Row] = field(default_factory=list)
    """The last ones of each kind."""

    def worth(self) -> dict[str, int]:
        """Return open and won deals, orders and sales by currency, in minor units."""
        found: dict[str, int] = defaultdict(int)
        for (kind, state, currency), amount in self.sums.items():
            if currency and (kind != "deal" or state != "lost"):
                found[currency] += amount
        return dict(found)

    def count(self, *kinds: str) -> int:
        """Return how many facts of some kinds there are."""
        return sum(n for (kind, _), n in self.counts.items() if kind in kinds)

    def words(self) -> list[str]:
        """Return a line for each kind and state."""
        lines = []
        for (kind, state), count in sorted(self.counts.items()):
            of_kind = f"{state} {kind}" if kind == "deal" else kind
            plural = "activities" if kind == "activity" else f"{of_kind}s"
            amounts = [
                money(amount, currency)
                for (k, s, currency), amount in sorted(self.sums.items())
                if (k, s) == (kind, state)
            ]
            line = f"{number(count)} {of_kind if count == 1 else plural}"
            lines.append(f"{line}: {', '.join(amounts)}" if amounts else line)
        return lines


def facts(base: Base, entity: Entity, golden: list[str]) -> dict[str, Facts]:
    """Return what hangs on some golden records, counted and summed."""
    found = {name: Facts() for name in golden}
    for query in _queries(base, entity):
        rows = base.rows(
            f"""
            {query[0]}
            select golden_id, kind,
                case when kind = 'deal' then state else '' end as state,
                currency_code, count(*) as n, sum(amount_minor) as amount_minor
            from ({query[1]}) group by 1, 2, 3, 4
            """,
            golden,
        )
        for row in rows:
            into, key = found[row["golden_id"]], (row["kind"], row["state"])
            into.counts[key] = into.counts.get(key, 0) + row["n"]
            if row["amount_minor"] is not None:
                into.sums[(*key, row["currency_code"] or "")] = row["amount_minor"]
    return found


def last_facts(base: Base, entity: Entity, golden: list[str]) -> dict[str, list[Row]]:
    """Return the last facts of each kind of some golden records."""
    found: dict[str, list[Row]] = {name: [] for name in golden}
    for start, query in _queries(base, entity):
        rows = base.rows(
            f"""
            {start}
            select * from (
                select *, row_number() over (
                    partition by golden_id order by at desc nulls last, id) as place
                from ({query}))
            where place <= {MOST} order by place
            """,
            golden,
        )
        for row in rows:
            found[row["golden_id"]].append(row)
    return found


def _queries(base: Base, entity: Entity) -> list[tuple[str, str]]:
    """Return the beginning and the query of each kind whose tables are there."""
    bridges = ("bridge_people_records", "bridge_organisation_records")
    if not base.has(*(bridge for bridge in bridges if bridge in entity.units)):
        return []
    start = f"with asked as ({entity.units})"
    found = []
    for kind, (table, query) in SELECTS.items():
        if not base.has(table) or (kind == "sale" and entity.unit != "person_id"):
            continue
        if kind == "sale" and not base.has("bridge_people_records"):
            continue
        own, key = (entity.own, "golden_id") if entity.own else (entity.unit, "unit_id")
        found.append((start, query.format(own=own, key=key, unit=entity.unit)))
    return found


def money(minor: int, currency: str) -> str:
    """Return an amount as people read it.

    >>> money(123456, "EUR"), money(500, "JPY"), money(1, "")
    ('EUR 1,234.56', 'JPY 500', '0.01 in an unknown currency')
    """
    decimals = _decimals().get(currency, 2)
    amount = number(Decimal(minor).scaleb(-decimals), decimals)
    return f"{currency} {amount}" if currency else f"{amount} in an unknown currency"


@lru_cache(maxsize=1)
def _decimals() -> dict[str, int]:
    """Return the decimals of the currencies, the user's own too."""
    found: dict[str, int] = {}
    tracked = seeds.PROJECT / seeds.TRACKED / "reference"
    for path in (tracked / "currencies.csv", seeds.folder() / "currencies.csv"):
        if path.is_file():
            text = seeds.text_of(path.read_bytes())
            for line in csv.DictReader(io.StringIO(text, newline="")):
                if (line.get("decimals") or "").isdigit():
                    found[line.get("code") or ""] = int(line["decimals"])
    return found
