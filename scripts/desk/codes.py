"""Codes that no list knows, and the user's own lines that say what they mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from scripts.command import CommandError
from scripts.desk import lines
from scripts.desk.base import Base, Row
from scripts.desk.findings import SHOWN
from scripts.desk.lines import LineError
from scripts.desk.typed import harmless
from scripts.seed_lines import Line

UNKNOWN = f"""
select {SHOWN} from rpt_findings
where
    rule in ('code_unknown', 'currency_unknown', 'interval_unknown', 'coupon_unknown')
    and not is_accepted
    and cause_finding_id is null
order by occurrence_count desc, finding_id
"""


@dataclass(frozen=True)
class Listed:
    """A list of codes, and the seed that takes further spellings."""

    seed: str
    given: str
    """Column of the seed that has the spelling."""
    copied: tuple[str, ...]
    """Columns that a known code fills."""
    known: str
    """The known codes: a query of what is copied, with a label first."""
    said: tuple[tuple[str, str], ...] = ()
    """Columns of the seed that are the same for all lines of the list."""
    key: Callable[[str], str] = str.strip
    """How the seed spells what is given."""


def _code_key(text: str) -> str:
    return text.strip(" ").lower().replace("_", " ").replace("-", " ")


def _synonyms(lookup: str, table: str, column: str) -> Listed:
    known = f"select {column} as label, {column} from {table} order by 1"
    said = (("lookup", lookup),)
    return Listed("code_synonyms", "source_value", ("code",), known, said, _code_key)


def _states(status_of: str) -> Listed:
    copied = ("order_state", "is_sale", "is_paid")
    known = f"""
        select distinct order_state || case is_sale when 1 then ', a sale' else
            ', no sale' end || case is_paid when 1 then ', paid' else ', not paid' end,
            order_state, is_sale, is_paid
        from order_states where status_of = '{status_of}' order by 1
    """
    said = (("status_of", status_of),)
    return Listed("order_states", "source_status", copied, known, said, _code_key)


_LEAD_SOURCE = _synonyms("lead_source", "lead_sources", "lead_source")
LISTS = {
    ("crm", "companies", "industry"): _synonyms("industry", "industries", "industry"),
    ("crm", "companies", "size"): _synonyms("size_band", "size_bands", "size_band"),
    ("crm", "companies", "country"): Listed(
        *("country_synonyms", "source_value", ("country_code",)),
        "select country_name || ' (' || country_code || ')', country_code"
        " from countries order by 1",
        key=lambda text: text.strip().lower(),
    ),
    ("crm", "contacts", "status"): _synonyms(
        "contact_status", "contact_statuses", "status"
    ),
    ("crm", "contacts", "lead_source"): _LEAD_SOURCE,
    ("crm", "leads", "lead_source"): _LEAD_SOURCE,
    ("crm", "opportunities", "lead_source"): _LEAD_SOURCE,
    ("crm", "opportunities", "stage"): _synonyms(
        "opportunity_stage", "opportunity_stages", "stage"
    ),
    ("crm", "opportunities", "product"): _synonyms("product", "products", "product"),
    ("crm", "opportunities", "forecast_category"): _synonyms(
        "forecast_category", "forecast_categories", "forecast_category"
    ),
    ("crm", "activities", "type"): _synonyms(
        "activity_type", "activity_types", "activity_type"
    ),
    ("crm", "activities", "outcome"): _synonyms(
        "activity_outcome", "activity_outcomes", "outcome"
    ),
    ("commerce", "subscriptions", "status"): Listed(
        *("subscription_states", "source_status", ("subscription_state",)),
        "select distinct subscription_state as label, subscription_state"
        " from subscription_states order by 1",
        key=_code_key,
    ),
    ("commerce", "subscriptions", "billing_interval"): Listed(
        *("billing_intervals", "billing_interval", ("per_year",)),
        "select min(billing_interval) || ', ' || per_year || ' times a year', per_year"
        " from billing_intervals group by per_year order by per_year desc",
        key=_code_key,
    ),
    ("commerce", "order_lines", "payment_status"): _states("payment"),
    ("commerce", "order_lines", "status"): _states("order"),
    ("commerce", "payments", "status"): Listed(
        *("payment_states", "source_status", ("is_money",)),
        "select distinct case is_money when 1 then 'money came' else 'no money came'"
        " end, is_money from payment_states order by 1",
        key=_code_key,
    ),
    ("leads", "snapshots", "disposition"): Listed(
        *("lead_dispositions", "disposition", ("disposition_group", "is_sold")),
        "select distinct disposition_group || case is_sold when 1 then ', sold' else ''"
        " end, disposition_group, is_sold from lead_dispositions order by 1",
    ),
}
"""By source, table and column of a finding."""
ADVICE = {
    "currency_unknown": "no currency of ISO 4217: mend it in the source, or add it to"
    " config/currencies.csv",
    "coupon_unknown": "add it with its discount to config/coupons.csv",
    "interval_unknown": "add it with its times a year to config/billing_intervals.csv",
}
"""By rule, what to do where nothing can be chosen."""
ELSE = "no list takes it: mend it in the source, or accept it"


@dataclass(frozen=True)
class Unknown:
    """A code that no list knows."""

    finding: Row
    seed: str | None = None
    options: list[tuple[str, str]] = field(default_factory=list)
    """Key and label of what it can mean."""
    chosen: str | None = None
    """What the user's file says already, for the next run."""
    advice: str | None = None


def unknown(base: Base) -> list[Unknown]:
    """Return the codes that nobody has accepted, the most frequent first."""
    kept: dict[Any, Any] = {}
    return [_of(base, row, kept) for row in base.rows(UNKNOWN)]


def keep(base: Base, finding_id: str, key: str) -> str:
    """Write what a code means; return the seed. Raises LineError."""
    listed, row = _asked(base, finding_id)
    if row["source_value"].strip().lower() == "null":
        raise LineError("null cannot be given a meaning: no line can hold it")
    copied = _known(base, listed).get(key)
    if copied is None:
        raise LineError("choose what it means")
    for line in _mine(listed, row):  # one meaning, the last that was chosen
        lines.remove(listed.seed, line)
    lines.append(listed.seed, _line(listed, row) | copied[1])
    return listed.seed


def forget(base: Base, finding_id: str) -> None:
    """Take out what the user's file says of a code. Raises LineError."""
    listed, row = _asked(base, finding_id)
    for line in _mine(listed, row):
        lines.remove(listed.seed, line)


def _asked(base: Base, finding_id: str) -> tuple[Listed, Row]:
    for row in base.rows(UNKNOWN):
        if row["finding_id"] == finding_id:
            if listed := _list(row):
                return listed, row
            raise LineError(ADVICE.get(row["rule"], ELSE))
    raise LineError("this code is not unknown any more")


def _of(base: Base, row: Row, kept: dict[Any, Any]) -> Unknown:
    listed = _list(row)
    if listed is None or not base.has(listed.seed):
        return Unknown(row, advice=ADVICE.get(row["rule"], ELSE))
    if listed.known not in kept:
        kept[listed.known] = _known(base, listed)
    known, chosen = kept[listed.known], None
    try:
        mine = _mine(listed, row)
    except CommandError:
        mine = []
    for line in mine:
        copied = {name: line.get(name, "").strip() for name in listed.copied}
        labels = [label for label, values in known.values() if values == copied]
        chosen = labels[0] if labels else ", ".join(copied.values())
    options = [(key, label) for key, (label, _) in known.items()]
    return Unknown(row, listed.seed, options, chosen)


def _list(row: Row) -> Listed | None:
    if row["rule"] == "currency_unknown" or not row["source_value"]:
        return None
    return LISTS.get((row["source_name"], row["table_name"], row["column_name"]))


def _known(base: Base, listed: Listed) -> dict[str, tuple[str, Line]]:
    """By key the label of a known code, and what it fills."""
    found = {}
    for place, row in enumerate(base.rows(listed.known)):
        label, *values = row.values()
        texts = ["" if value is None else str(value) for value in values]
        # a code is its own key, so that a page of yesterday chooses the same
        key = "|".join(texts)
        found[key or str(place)] = (
            str(label),
            dict(zip(listed.copied, texts, strict=True)),
        )
    return found


def _line(listed: Listed, row: Row) -> Line:
    given = listed.key(row["source_value"])
    # who reads a code by its key takes the blank away
    text = harmless(given) if listed.key is _code_key else given
    return {listed.given: text, **dict(listed.said)}


def _mine(listed: Listed, row: Row) -> list[Line]:
    """The user's lines on this code."""
    wanted = _line(listed, row)
    return [
        line
        for _, line in lines.read(listed.seed)
        if all(
            _code_key(line.get(name, "")) == _code_key(value)
            for name, value in wanted.items()
        )
    ]
