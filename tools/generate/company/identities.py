"""Identities: the records of each person and organisation of the company."""

from __future__ import annotations

from collections.abc import Iterator

from tools.generate.company import forms, hubspot, salesforce, shopify, stripe
from tools.generate.company.enquiries import STRANGERS, Enquiries, Enquiry
from tools.generate.company.shop import Shop, is_private
from tools.generate.company.truth import Account, Company, Person
from tools.generate.leads import Leads

Identity = tuple[str, int, str, str]
"""Kind (person, organisation), number of it, system, and `<kind>:<id>` of the record.

An organisation is also named by records of persons, `named:<kind>:<id>`: by a company
or by the domain of an address.
"""


def identities(company: Company, callers: Leads | None = None) -> Iterator[Identity]:
    """Give each record with the number of the person or organisation it is of."""
    made = Enquiries(company, Shop(company))
    yield from _of_crms(company)
    yield from _of_shop(made.shop)
    for lead in made.leads:
        if not salesforce.is_deleted(lead):
            key = salesforce.sf_id("Lead", lead.number)
            yield from _asked(lead, "salesforce", f"lead:salesforce:{key}")
    for answer in made.answers:
        key = forms.answer_id(answer)
        yield from _asked(answer, "typeform", f"form_lead:typeform:{key}")
    for ad in made.ads:
        yield from _asked(ad, "meta", f"form_lead:meta:{forms.ad_id(ad)}")
    if callers:
        yield from _called(made, callers)


def _of_crms(company: Company) -> Iterator[Identity]:
    for account in company.accounts:
        if "hubspot" in account.systems:
            key = hubspot.record_id("company", account.number)
            record = f"company:hubspot:{key}"
            yield "organisation", _truth(account), "hubspot", record
        if "salesforce" in account.systems:
            key = salesforce.sf_id("Account", account.number)
            record = f"company:salesforce:{key}"
            yield "organisation", _truth(account), "salesforce", record
    for person in company.people:
        if "hubspot" in person.systems:
            key = hubspot.record_id("contact", person.number)
            yield "person", _truth(person), "hubspot", f"contact:hubspot:{key}"
        if "salesforce" in person.systems:
            key = salesforce.sf_id("Contact", person.number)
            yield "person", _truth(person), "salesforce", f"contact:salesforce:{key}"


def _of_shop(shop: Shop) -> Iterator[Identity]:
    for person in shop.customers:
        key = f"shopify:{shopify.customer_id(person)}"
        yield from _of(person, "shopify", f"shop_customer:{key}")
    for person in stripe.payers(shop):
        key = f"stripe:{stripe.customer_id(person)}"
        yield from _of(person, "stripe", f"shop_customer:{key}")
        # its payments name the same customer
        yield "person", _truth(person), "stripe", f"buyer:{key}"
    # an order has no number of its customer
    for email, person in {o.person.email: o.person for o in shop.orders}.items():
        yield from _of(person, "shopify", f"buyer:shopify:{email}")


def _truth(thing: Account | Person) -> int:
    return thing.number if thing.same_as is None else thing.same_as


def _of(person: Person, system: str, record: str) -> Iterator[Identity]:
    """A customer or buyer; only the shop's customers name their firm."""
    yield "person", _truth(person), system, record
    firm = person.account
    names_firm = system == "shopify" and record.startswith("shop_customer:")
    if firm and (names_firm or not is_private(person.email)):
        yield "organisation", _truth(firm), system, f"named:{record}"


def _asked(enquiry: Enquiry, system: str, record: str) -> Iterator[Identity]:
    yield "person", enquiry.person, system, record
    # the domain of a firm that nobody names says nothing
    is_known = enquiry.firm is not None and enquiry.firm < STRANGERS["firm"]
    names_firm = enquiry.company or (is_known and not is_private(enquiry.email))
    if enquiry.firm is not None and names_firm:
        yield "organisation", enquiry.firm, system, f"named:{record}"


def _called(made: Enquiries, callers: Leads) -> Iterator[Identity]:
    """Those on the lists of the call centre; strangers are nobody else."""
    people = made.callers()
    seen: dict[str, int] = {}
    for lead in callers.leads:
        if lead.first is not None:
            place = callers.known.get(lead.first)
            stranger = STRANGERS["call"] + lead.first
            number = stranger if place is None else people[place].number
            yield "person", number, "leads", f"call_centre:{lead.number}"
            seen[lead.email_hash] = seen[lead.phone_hash] = number
    for row in callers.backend:  # of some it has an older address or telephone
        known = seen.get(row["email_hash"], seen.get(row["phone_hash"]))
        if known is not None:
            yield "person", known, "leads", f"backend:{row['lead_UUID']}"
