"""The forms: answers at Typeform, and those to an advertisement at Meta."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from tools.generate.company.enquiries import Enquiries, Enquiry
from tools.generate.company.truth import COUNTRIES

Row = dict[str, object]
TYPEFORM_FILE = "responses.csv"
META_FILE = "Cold rooms_Leads_{since:%Y-%m-%d}_{until:%Y-%m-%d}.csv"
UTMS = (
    ("google", "cold-rooms"),
    ("newsletter", "spring-letter"),
    ("linkedin", "cold-rooms"),
    ("", ""),
)
"""Source and campaign that the address of the form's page carries."""
STEP = 0x9E3779B97F4A7C15F39CC0605CEDC835
"""Between the tokens of two answers; odd, so that none comes twice."""
KEPT = timedelta(days=90)
"""How long Meta keeps what was answered."""


def answers(enquiries: Enquiries, moment: datetime) -> Iterator[Row]:
    """All answers to the form of the web site up to a moment, as Typeform exports."""
    for answer in sorted(enquiries.answers, key=lambda a: (a.at, a.number)):
        if answer.at > moment:
            continue
        source, campaign = UTMS[answer.number % len(UTMS)]
        yield {
            "#": answer_id(answer),
            "First name": answer.first,
            "Last name": answer.last,
            "Phone number": f"'{answer.phone}" if answer.phone else "",
            "Email": answer.email,
            "Company": answer.company,
            "Country": COUNTRIES[answer.country][0],
            "utm_source": source,
            "utm_campaign": campaign,
            "Response Type": "completed",
            "Start Date (UTC)": _time(answer.at - timedelta(minutes=3)),
            "Submit Date (UTC)": _time(answer.at),
            "Network ID": f"{answer.number * 7_919:010x}",
        }


def ads(enquiries: Enquiries, since: datetime, moment: datetime) -> Iterator[Row]:
    """Answers to the form of the advertisement between two moments, as of Meta."""
    for ad in sorted(enquiries.ads, key=lambda a: (a.at, a.number)):
        if not since < ad.at <= moment:
            continue
        yield {
            "id": f"l:{ad_id(ad)}",
            "created_time": f"{ad.at:%Y-%m-%dT%H:%M:%S}+00:00",
            "ad_id": "ag:120250000000000101",
            "ad_name": "Cold rooms - video",
            "adset_id": "as:120250000000000201",
            "adset_name": "Europe",
            "campaign_id": "c:120250000000000301",
            "campaign_name": "Cold rooms",
            "form_id": "f:2250000000000401",
            "form_name": "Cold rooms",
            "is_organic": "FALSE",
            "platform": ("fb", "ig")[ad.number % 2],
            "full_name": ad.name,
            "phone_number": f"p:{ad.phone}" if ad.phone else "",
            "email": ad.email,
            "lead_status": "CREATED",
        }


def answer_id(answer: Enquiry) -> str:
    """The token of an answer."""
    return f"{(answer.number + 1) * STEP % (1 << 128):032x}"


def ad_id(ad: Enquiry) -> str:
    """The number of a lead at Meta, longer than a float holds."""
    return str(1_054_000_000_000_001_000 + ad.number * 7_919)


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"
