"""The HubSpot portal: views exported with all columns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from tools.generate.company.catalogue import PIPELINES, RATES
from tools.generate.company.headers import HUBSPOT
from tools.generate.company.truth import (
    COUNTRIES,
    INDUSTRIES,
    Account,
    Deal,
    Person,
    merged_into,
)
from tools.generate.company.truth import Company as Truth

SYSTEM = "hubspot"
Row = dict[str, object]
NAMES = ("companies", "contacts", "deals", "calls", "meetings")
MEETINGS = [
    "Record ID", "Meeting name", "Meeting start time", "Meeting end time",
    "Activity assigned to", "Meeting outcome", "Meeting description",
    "Associated Contact IDs", "Associated Company IDs", "Associated Deal IDs",
]  # fmt: skip
"""As the vendor's documentation names them."""


def entered(stage: str, pipeline: str) -> str:
    """Header of the moment at which a deal came into a stage."""
    return f"Date entered '{stage} ({pipeline})'"


def headers(name: str) -> list[str]:
    """Headers of a view; of deals with a column for each stage there is."""
    if name == "meetings":
        return MEETINGS
    found = list(HUBSPOT[name])
    if name == "deals":
        last = max(i for i, header in enumerate(found) if header.startswith("Date ent"))
        more = [
            entered(stage.name, pipeline)
            for pipeline, stages in PIPELINES.items()
            for stage in stages
        ]
        found[last + 1 : last + 1] = [header for header in more if header not in found]
    return found


def rows(truth: Truth, name: str, moment: datetime) -> Iterator[Row]:
    """The records of a view at a moment; what is deleted or merged is not there."""
    if name == "companies":
        for account in truth.accounts:
            if _is_there(account, moment):
                yield _company(truth, account, moment)
    elif name == "contacts":
        people = merged_into(truth.people, SYSTEM, moment)
        for person in truth.people:
            if _is_there(person, moment):
                yield _contact(person, people.get(person.number, []), moment)
    elif name == "deals":
        deals = merged_into(truth.deals, SYSTEM, moment)
        for deal in truth.deals:
            if _is_there(deal, moment):
                yield _deal(deal, deals.get(deal.number, []), moment)
    else:
        yield from _touches(truth, name.removesuffix("s"), moment)


def record_id(kind: str, number: int) -> str:
    """A number as HubSpot gives them: long for companies and deals."""
    first = {"company": 9_100_000_101, "contact": 5_101, "deal": 30_200_200_300}
    return str(first.get(kind, 66_600_001) + number * (37 if kind == "company" else 50))


def _is_there(thing: Account | Person | Deal, moment: datetime) -> bool:
    return thing.is_in(SYSTEM, moment) and not thing.is_deleted(SYSTEM, moment)


def _company(truth: Truth, account: Account, moment: datetime) -> Row:
    name, city, state, _ = COUNTRIES[account.country]
    people = [
        p for p in truth.people_of.get(account.number, []) if _is_there(p, moment)
    ]
    return {
        "Record ID": record_id("company", account.number),
        "Company name": account.name,
        "Company Domain Name": account.domain,
        "Website URL": f"https://www.{account.domain}",
        "Phone Number": account.phone,
        "City": city,
        "State/Region": state,
        "Country/Region": name,
        "Industry": INDUSTRIES[account.trade],
        "Number of Employees": account.employees,
        "Annual Revenue": account.revenue,
        "Lifecycle Stage": "Customer" if account.number % 2 else "Opportunity",
        "Company owner": _owner(account, moment),
        "Create Date": _time(account.created),
        "Last Modified Date": _time(account.created + timedelta(days=1)),
        "Associated Contact IDs": ";".join(
            record_id("contact", p.number) for p in people
        ),
        "Associated Contact": ";".join(f"{p.name} ({p.email})" for p in people),
    }


def _owner(account: Account | None, moment: datetime) -> str:
    owner = account.owners.get(SYSTEM) if account else None
    return owner.name_at(moment) if owner else ""


def _contact(person: Person, former: list[Person], moment: datetime) -> Row:
    account = person.firm
    name, city, state, _ = COUNTRIES[person.country]
    company = record_id("company", account.number)
    phases = ("Lead", "Marketing Qualified Lead", "Opportunity", "Customer")
    return {
        "Record ID": record_id("contact", person.number),
        "First Name": person.first,
        "Last Name": person.last,
        "Email": person.email,
        "Phone Number": person.phone,
        "Job Title": person.title,
        "Company Name": account.name,
        "City": city,
        "State/Region": state,
        "Country/Region": name,
        "Lifecycle Stage": phases[person.number % 4],
        "Lead Status": ("New", "In progress", "Connected", "")[person.number % 4],
        "Contact owner": _owner(account, moment),
        "Create Date": _time(person.created),
        "Last Modified Date": _time(
            max([person.created, *(p.merged[SYSTEM][0] for p in former)])
        ),
        "Original Source": ("Organic Search", "Direct Traffic")[person.number % 2],
        "Merged Contact IDs": ";".join(record_id("contact", p.number) for p in former),
        "Associated Company IDs": company,
        "Associated Company": account.name,
        "Associated Company IDs (Primary)": company,
        "Associated Company (Primary)": account.name,
    }


def _deal(deal: Deal, former: list[Deal], moment: datetime) -> Row:
    account, states = deal.account, deal.until(moment)
    last = states[-1]
    amount = Decimal(last.cents) / 100
    is_lost = last.stage.is_closed and not last.stage.is_won
    return {
        "Record ID": record_id("deal", deal.number),
        "Deal Name": deal.name,
        "Pipeline": deal.pipeline,
        "Deal Stage": last.stage.name,
        "Amount": _number(amount),
        "Amount in company currency": _number(
            round(amount * Decimal(str(RATES[deal.currency])), 2)
        ),
        "Currency": deal.currency,
        "Close Date": _time(last.close),
        "Create Date": _time(deal.created),
        "Deal owner": deal.owner.name_at(moment),
        "Deal Type": ("New Business", "Existing Business")[deal.number // 2 % 2],
        "Deal Stage Probability": _number(Decimal(last.stage.probability) / 100),
        "Is Deal Closed?": str(last.stage.is_closed).lower(),
        "Closed Lost Reason": deal.lost_reason if is_lost else "",
        "Original Source Type": deal.source,
        "Last Modified Date": _time(
            max([last.at, *(d.merged[SYSTEM][0] for d in former)])
        ),
        "Merged object IDs": ";".join(record_id("deal", d.number) for d in former),
        **{entered(s.stage.name, deal.pipeline): _time(s.at) for s in states},
        "Associated Company IDs (Primary)": record_id("company", account.number),
        "Associated Company (Primary)": account.name,
        "Associated Contact IDs": ";".join(
            record_id("contact", p.number) for p in deal.people
        ),
        "Associated Contact": ";".join(p.name for p in deal.people),
    }


def _touches(truth: Truth, kind: str, moment: datetime) -> Iterator[Row]:
    for touch in truth.touches:
        if touch.system != SYSTEM or touch.kind != kind or touch.at > moment:
            continue
        row: Row = {
            "Record ID": record_id(kind, touch.number),
            "Activity assigned to": touch.owner.name_at(moment),
            "Associated Contact IDs": record_id("contact", touch.person.number),
            "Associated Company IDs": record_id("company", touch.person.firm.number),
            "Associated Deal IDs": (
                record_id("deal", touch.deal.number) if touch.deal else ""
            ),
        }
        if kind == "call":
            yield row | {
                "Call Title": f"Call with {touch.person.first}",
                "Activity date": _time(touch.at),
                "Call notes": "<p>Asked for an <b>offer</b>,\nwill call back</p>",
                "Call outcome": touch.outcome,
                "Call direction": ("Outbound", "Inbound")[touch.number // 2 % 2],
                "Call status": "Completed",
                "Call duration": str(timedelta(seconds=touch.seconds)).zfill(8),
            }
        else:
            yield row | {
                "Meeting name": f"Visit of {touch.person.last}",
                "Meeting start time": _time(touch.at),
                "Meeting end time": _time(touch.at + timedelta(hours=1)),
                "Meeting outcome": touch.outcome,
            }


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _number(value: Decimal) -> str:
    """Without zeros after the point, as HubSpot writes numbers."""
    text = f"{value:.2f}"
    return text.rstrip("0").rstrip(".")
