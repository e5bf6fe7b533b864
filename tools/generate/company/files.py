"""Writes the company's exports into an inbox, a folder for each system."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from tools.generate.company import hubspot, salesforce, shopify, stripe
from tools.generate.company.shop import Shop
from tools.generate.company.truth import WEEKS, Company

SYSTEMS = ("hubspot", "salesforce", "shopify", "stripe")


def write(
    company: Company,
    inbox: Path,
    deliveries: int = len(WEEKS),
    systems: Iterable[str] = SYSTEMS,
) -> Iterator[Path]:
    """Write the deliveries, a week apart, and give the paths of their files.

    The CRMs export everything each week; the shop and Stripe what has changed, and
    all customers and subscriptions.
    """
    shop = Shop(company)
    for number, moment in enumerate(WEEKS[:deliveries]):
        since = WEEKS[0] if number else shopify.BEGINNING
        for system in systems:
            folder = inbox / system
            if system != "hubspot":
                folder /= f"{moment:%Y-%m-%d}"
            folder.mkdir(parents=True, exist_ok=True)
            yield from _WRITERS[system](company, shop, folder, moment, since)


def identities(company: Company) -> Iterator[tuple[str, int, str, str]]:
    """Give who is who: kind, number of the firm or person, system, its identifier."""
    for kind, name, things in (
        ("company", "Account", company.accounts),
        ("contact", "Contact", company.people),
    ):
        for thing in things:
            truth = thing.number if thing.same_as is None else thing.same_as
            if "hubspot" in thing.systems:
                yield kind, truth, "hubspot", hubspot.record_id(kind, thing.number)
            if "salesforce" in thing.systems:
                yield kind, truth, "salesforce", salesforce.sf_id(name, thing.number)
    shop = Shop(company)
    for person in shop.customers:
        yield "contact", person.number, "shopify", shopify.customer_id(person)
    for person in shop.subscribers:
        yield "contact", person.number, "stripe", stripe.customer_id(person)


def _hubspot(
    company: Company, shop: Shop, folder: Path, moment: datetime, since: datetime
) -> Iterator[Path]:
    for name in hubspot.NAMES:
        path = folder / f"hubspot-crm-exports-all-{name}-{moment:%Y-%m-%d}.csv"
        text = _csv(
            hubspot.headers(name),
            hubspot.rows(company, name, moment),
            quoting=csv.QUOTE_ALL,
        )
        yield _text(path, text)


def _salesforce(
    company: Company, shop: Shop, folder: Path, moment: datetime, since: datetime
) -> Iterator[Path]:
    for part, members in enumerate(salesforce.PARTS, 1):
        path = folder / salesforce.archive_name(part)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in members:
                text = _csv(
                    salesforce.headers(name),
                    salesforce.rows(company, name, moment),
                    quoting=csv.QUOTE_ALL,
                )
                # of a fixed date: equal seeds give equal bytes
                member = zipfile.ZipInfo(f"{name}.csv", moment.timetuple()[:6])
                member.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(member, text.encode())
        yield path


def _shopify(
    company: Company, shop: Shop, folder: Path, moment: datetime, since: datetime
) -> Iterator[Path]:
    for name in shopify.NAMES:
        found = shopify.rows(shop, name, moment, since)
        text = _csv(shopify.headers(name), found)
        yield _text(folder / shopify.FILES[name], text)


def _stripe(
    company: Company, shop: Shop, folder: Path, moment: datetime, since: datetime
) -> Iterator[Path]:
    for name in stripe.NAMES:
        file_name = stripe.FILES[name].format(
            since=f"{since:%Y-%m-%d}", until=f"{moment:%Y-%m-%d}"
        )
        found = stripe.rows(shop, name, moment, since)
        text = _csv(stripe.headers(name), found)
        yield _text(folder / file_name, text)


_WRITERS = {
    "hubspot": _hubspot,
    "salesforce": _salesforce,
    "shopify": _shopify,
    "stripe": _stripe,
}


def _csv(
    headers: list[str], rows: Iterable[dict[str, object]], quoting: int = 0
) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(
        out,
        headers,
        restval="",
        quoting=csv.QUOTE_ALL if quoting else csv.QUOTE_MINIMAL,
        lineterminator="\n",
    )
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _text(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    return path
