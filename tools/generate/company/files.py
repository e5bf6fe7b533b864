"""Writes the company's exports into an inbox, a folder for each system."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from tools.generate.company import forms, hubspot, salesforce, shopify, stripe
from tools.generate.company.enquiries import Enquiries
from tools.generate.company.headers import META, TYPEFORM
from tools.generate.company.shop import Shop
from tools.generate.company.truth import WEEKS, Company

SYSTEMS = ("hubspot", "salesforce", "shopify", "stripe", "typeform", "meta")


def write(
    company: Company,
    inbox: Path,
    deliveries: int = len(WEEKS),
    systems: Iterable[str] = SYSTEMS,
) -> Iterator[Path]:
    """Write the deliveries, a week apart, and give the paths of their files.

    The CRMs and Typeform export everything each week; the shop, Stripe and Meta what
    has changed, and all customers and subscriptions.
    """
    made = Enquiries(company, Shop(company))
    for number, moment in enumerate(WEEKS[:deliveries]):
        since = WEEKS[0] if number else shopify.BEGINNING
        for system in systems:
            folder = inbox / system
            if system not in _DATED:
                folder /= f"{moment:%Y-%m-%d}"
            folder.mkdir(parents=True, exist_ok=True)
            yield from _WRITERS[system](made, folder, moment, since)


_DATED = ("hubspot", "meta")
"""Systems whose files have a day in their name."""


def _hubspot(
    made: Enquiries, folder: Path, moment: datetime, since: datetime
) -> Iterator[Path]:
    for name in hubspot.NAMES:
        path = folder / f"hubspot-crm-exports-all-{name}-{moment:%Y-%m-%d}.csv"
        text = _csv(
            hubspot.headers(name),
            hubspot.rows(made.company, name, moment),
            quoting=csv.QUOTE_ALL,
        )
        yield _text(path, text)


def _salesforce(
    made: Enquiries, folder: Path, moment: datetime, since: datetime
) -> Iterator[Path]:
    for part, members in enumerate(salesforce.PARTS, 1):
        path = folder / salesforce.archive_name(part)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in members:
                text = _csv(
                    salesforce.headers(name),
                    salesforce.rows(made, name, moment),
                    quoting=csv.QUOTE_ALL,
                )
                # of a fixed date: equal seeds give equal bytes
                member = zipfile.ZipInfo(f"{name}.csv", moment.timetuple()[:6])
                member.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(member, text.encode())
        yield path


def _shopify(
    made: Enquiries, folder: Path, moment: datetime, since: datetime
) -> Iterator[Path]:
    for name in shopify.NAMES:
        found = shopify.rows(made.shop, name, moment, since)
        text = _csv(shopify.headers(name), found)
        yield _text(folder / shopify.FILES[name], text)


def _stripe(
    made: Enquiries, folder: Path, moment: datetime, since: datetime
) -> Iterator[Path]:
    for name in stripe.NAMES:
        file_name = stripe.FILES[name].format(
            since=f"{since:%Y-%m-%d}", until=f"{moment:%Y-%m-%d}"
        )
        found = stripe.rows(made.shop, name, moment, since)
        text = _csv(stripe.headers(name), found)
        yield _text(folder / file_name, text)


def _typeform(
    made: Enquiries, folder: Path, moment: datetime, since: datetime
) -> Iterator[Path]:
    text = _csv(TYPEFORM, forms.answers(made, moment))
    yield _text(folder / forms.TYPEFORM_FILE, text)


def _meta(
    made: Enquiries, folder: Path, moment: datetime, since: datetime
) -> Iterator[Path]:
    since = max(since, moment - forms.KEPT)
    text = _csv(META, forms.ads(made, since, moment), delimiter="\t")
    path = folder / forms.META_FILE.format(since=since, until=moment)
    # a Windows program's: two bytes a letter, the mark of their order before
    path.write_text(text, encoding="utf-16", newline="")
    yield path


_WRITERS = {
    "hubspot": _hubspot,
    "salesforce": _salesforce,
    "shopify": _shopify,
    "stripe": _stripe,
    "typeform": _typeform,
    "meta": _meta,
}


def _csv(
    headers: list[str],
    rows: Iterable[dict[str, object]],
    quoting: int = 0,
    delimiter: str = ",",
) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(
        out,
        headers,
        restval="",
        delimiter=delimiter,
        quoting=csv.QUOTE_ALL if quoting else csv.QUOTE_MINIMAL,
        lineterminator="\n",
    )
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _text(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    return path
