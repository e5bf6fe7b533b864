"""The Salesforce organisation: its weekly Data Export, two archives of CSV files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from tools.generate.company.catalogue import CAMPAIGNS, FORECASTS
from tools.generate.company.enquiries import Enquiries, Enquiry
from tools.generate.company.headers import SALESFORCE
from tools.generate.company.truth import (
    COUNTRIES,
    CRMS,
    INDUSTRIES,
    Account,
    Change,
    Deal,
    Owner,
    Person,
)
from tools.generate.company.truth import Company as Truth
from tools.generate.people import notations

SYSTEM = "salesforce"
NOTHING = "000000000000000AAA"
PARTS = (
    ("Account", "Contact", "Lead", "Opportunity", "User"),
    ("OpportunityHistory", "OpportunityFieldHistory", "OpportunityLineItem", "Task",
     "Campaign", "User"),
)  # fmt: skip
"""Members of each archive; the list of users is in both."""
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
CHECKS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
PREFIXES = {
    "Account": "001", "Contact": "003", "User": "005", "Opportunity": "006",
    "OpportunityHistory": "008", "OpportunityFieldHistory": "017", "Lead": "00Q",
    "OpportunityLineItem": "00k", "Task": "00T", "Campaign": "701", "Product": "01t",
    "PricebookEntry": "01u", "Organization": "00D",
}  # fmt: skip
Row = dict[str, object]


def sf_id(kind: str, number: int) -> str:
    """An identifier of 18 characters: prefix, place, number and checksum."""
    digits = ""
    number = number * 7919 + 1_234_567
    for _ in range(6):
        number, digit = divmod(number, len(DIGITS))
        digits = DIGITS[digit] + digits
    short = f"{PREFIXES[kind]}Lu0000{digits}"
    checks = ""
    for block in (short[:5], short[5:10], short[10:]):
        bits = (1 << place for place, letter in enumerate(block) if letter.isupper())
        checks += CHECKS[sum(bits)]
    return short + checks


def archive_name(part: int) -> str:
    """Name of an archive, from 1."""
    return f"WE_{sf_id('Organization', 0)}_{part}.ZIP"


def headers(name: str) -> list[str]:
    """Headers of an object."""
    return SALESFORCE[name]


def rows(enquiries: Enquiries, name: str, moment: datetime) -> Iterator[Row]:
    """The records of an object at a moment, deleted ones too."""
    if name == "Lead":
        return leads(enquiries, moment)
    return {
        "Account": _accounts,
        "Contact": _contacts,
        "Opportunity": _opportunities,
        "OpportunityHistory": _history,
        "OpportunityFieldHistory": _field_history,
        "OpportunityLineItem": _line_items,
        "Task": _tasks,
        "Campaign": _campaigns,
        "User": _users,
    }[name](enquiries.company, moment)


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d} 00:00:00"


def _number(cents: int) -> str:
    return str(cents / 100)


def _owner(owner: Owner | None) -> str:
    return sf_id("User", owner.number) if owner else NOTHING


def _audit(created: datetime, changed: datetime, owner: str) -> Row:
    return {
        "CreatedDate": _time(created),
        "CreatedById": owner,
        "LastModifiedDate": _time(changed),
        "LastModifiedById": owner,
        "SystemModstamp": _time(changed),
    }


def _fate(kind: str, thing: Account | Person | Deal, moment: datetime) -> Row:
    """Whether it is deleted, and into which record it went."""
    row: Row = {"IsDeleted": int(thing.is_deleted(SYSTEM, moment))}
    if kind != "Opportunity":
        master = thing.master(SYSTEM, moment)
        row["MasterRecordId"] = NOTHING if master is None else sf_id(kind, master)
    return row


def _changed(thing: Account | Person | Deal, since: datetime, at: datetime) -> datetime:
    ends = [thing.gone.get(SYSTEM), thing.merged.get(SYSTEM, (None,))[0]]
    return max([since, *(end for end in ends if end is not None and end <= at)])


def _accounts(truth: Truth, moment: datetime) -> Iterator[Row]:
    for account in truth.accounts:
        if not account.is_in(SYSTEM, moment):
            continue
        country, city, state, currency = COUNTRIES[account.country]
        owner = _owner(account.owners.get(SYSTEM))
        changed = _changed(account, account.created + timedelta(days=2), moment)
        yield {
            "Id": sf_id("Account", account.number),
            **_fate("Account", account, moment),
            "Name": f"{account.name} {account.legal_form}",
            "Type": "Customer",
            "ParentId": NOTHING,
            "BillingStreet": f"{account.number + 1} High Street\nUnit 2",
            "BillingCity": city,
            "BillingState": state,
            "BillingCountry": country,
            "Phone": account.phone,
            "Website": f"www.{account.domain}",
            "Industry": INDUSTRIES[account.trade],
            "AnnualRevenue": _number(account.revenue * 100),
            "NumberOfEmployees": account.employees,
            "CurrencyIsoCode": currency,
            "OwnerId": owner,
            **_audit(account.created, changed, owner),
        }


def _contacts(truth: Truth, moment: datetime) -> Iterator[Row]:
    for person in truth.people:
        if not person.is_in(SYSTEM, moment):
            continue
        country, city, state, currency = COUNTRIES[person.country]
        owner = _owner(person.firm.owners.get(SYSTEM))
        changed = _changed(person, person.created + timedelta(hours=5), moment)
        text = person.phone
        if person.systems == CRMS and person.number % 12 == 3:  # typed by another
            text = notations(text, person.country)[0]
        yield {
            "Id": sf_id("Contact", person.number),
            **_fate("Contact", person, moment),
            "AccountId": sf_id("Account", person.firm.number),
            "LastName": person.last,
            "FirstName": person.first,
            "MailingCity": city,
            "MailingState": state,
            "MailingCountry": country,
            "Phone": text,
            "ReportsToId": NOTHING,
            "Email": person.email,
            "Title": person.title,
            "LeadSource": ("Web", "Trade Show")[person.number % 2],
            "CurrencyIsoCode": currency,
            "OwnerId": owner,
            "HasOptedOutOfEmail": 0,
            "DoNotCall": 0,
            **_audit(person.created, changed, owner),
            "IsEmailBounced": 0,
        }


def leads(enquiries: Enquiries, moment: datetime) -> Iterator[Row]:
    """The leads at a moment; one of eleven has been deleted."""
    owners = enquiries.company.owners
    for lead in enquiries.leads:
        if lead.at > moment:
            continue
        deal = lead.deal if lead.deal and lead.deal.created <= moment else None
        status = ("Open - Not Contacted", "Working - Contacted")[lead.number % 2]
        owner = _owner(owners[lead.number % 2 * 3])
        yield {
            "Id": sf_id("Lead", lead.number),
            "IsDeleted": int(is_deleted(lead)),
            "MasterRecordId": NOTHING,
            "LastName": lead.last,
            "FirstName": lead.first,
            "Title": lead.title,
            "Company": lead.company,
            "Country": COUNTRIES[lead.country][0],
            "Phone": lead.phone,
            "Email": lead.email,
            "LeadSource": ("Web", "Trade Show", "Purchased List")[lead.number % 3],
            "Status": "Closed - Converted" if deal else status,
            "CurrencyIsoCode": COUNTRIES[lead.country][3],
            "OwnerId": owner,
            "HasOptedOutOfEmail": 0,
            "IsConverted": int(deal is not None),
            "ConvertedDate": _day(deal.created) if deal else "",
            "ConvertedAccountId": (
                sf_id("Account", deal.account.number) if deal else NOTHING
            ),
            "ConvertedContactId": (
                sf_id("Contact", deal.people[0].number) if deal else NOTHING
            ),
            "ConvertedOpportunityId": (
                sf_id("Opportunity", deal.number) if deal else NOTHING
            ),
            "IsUnreadByOwner": 0,
            **_audit(lead.at, deal.created if deal else lead.at, owner),
        }


def is_deleted(lead: Enquiry) -> bool:
    """Whether a lead has been deleted."""
    return lead.number % 11 == 10 and lead.deal is None


def _opportunities(truth: Truth, moment: datetime) -> Iterator[Row]:
    for deal in truth.deals:
        if not deal.is_in(SYSTEM, moment):
            continue
        states = deal.until(moment)
        last = states[-1]
        stage_since = [
            now.at
            for before, now in zip([None, *states], states, strict=False)
            if before is None or before.stage != now.stage
        ][-1]
        category = _category(last)
        quarter = (last.close.month - 1) // 3 + 1
        yield {
            "Id": sf_id("Opportunity", deal.number),
            **_fate("Opportunity", deal, moment),
            "AccountId": sf_id("Account", deal.account.number),
            "RecordTypeId": NOTHING,
            "IsPrivate": 0,
            "Name": deal.name,
            "StageName": last.stage.name,
            "Amount": _number(last.cents),
            "Probability": f"{last.stage.probability}.0",
            "ExpectedRevenue": _number(
                round(last.cents * last.stage.probability / 100)
            ),
            "CloseDate": _day(last.close),
            "Type": "New Customer",
            "LeadSource": deal.source,
            "IsClosed": int(last.stage.is_closed),
            "IsWon": int(last.stage.is_won),
            "ForecastCategory": category,
            "ForecastCategoryName": {"BestCase": "Best Case", "Forecast": "Commit"}.get(
                category, category
            ),
            "CurrencyIsoCode": deal.currency,
            "CampaignId": (
                NOTHING if deal.campaign is None else sf_id("Campaign", deal.campaign)
            ),
            "HasOpportunityLineItem": int(bool(deal.lines)),
            "Pricebook2Id": NOTHING,
            "OwnerId": _owner(deal.owner),
            **_audit(deal.created, _changed(deal, last.at, moment), _owner(deal.owner)),
            "FiscalQuarter": quarter,
            "FiscalYear": last.close.year,
            "LastStageChangeDate": _time(stage_since),
            "ContactId": sf_id("Contact", deal.people[0].number),
        }


def _category(state: Change) -> str:
    if state.stage.is_closed:
        return "Closed" if state.stage.is_won else "Omitted"
    return FORECASTS[state.stage.probability]


def _states(
    truth: Truth, moment: datetime
) -> Iterator[tuple[Deal, int, Change | None, Change]]:
    """Each state of each deal, with its number and the state before."""
    number = 0
    for deal in truth.deals:
        if deal.is_in(SYSTEM, moment):
            before = None
            for number_in_deal, state in enumerate(deal.until(moment)):
                number = deal.number * 16 + number_in_deal
                yield deal, number, before, state
                before = state


def _history(truth: Truth, moment: datetime) -> Iterator[Row]:
    for deal, number, before, state in _states(truth, moment):
        yield {
            "Id": sf_id("OpportunityHistory", number),
            "OpportunityId": sf_id("Opportunity", deal.number),
            "CreatedById": _owner(deal.owner),
            "CreatedDate": _time(state.at),
            "StageName": state.stage.name,
            "Amount": _number(state.cents),
            "ExpectedRevenue": _number(
                round(state.cents * state.stage.probability / 100)
            ),
            "CloseDate": _day(state.close),
            "Probability": f"{state.stage.probability}.0",
            "ForecastCategory": _category(state),
            "CurrencyIsoCode": deal.currency,
            "SystemModstamp": _time(state.at),
            "IsDeleted": int(deal.is_deleted(SYSTEM, moment)),
            "PrevAmount": _number(before.cents) if before else "",
            "PrevCloseDate": _day(before.close) if before else "",
        }


def _field_history(truth: Truth, moment: datetime) -> Iterator[Row]:
    for deal, number, before, state in _states(truth, moment):
        row: Row = {
            "IsDeleted": int(deal.is_deleted(SYSTEM, moment)),
            "OpportunityId": sf_id("Opportunity", deal.number),
            "CreatedById": _owner(deal.owner),
            "CreatedDate": _time(state.at),
        }
        if before is None:
            yield row | {
                "Id": sf_id("OpportunityFieldHistory", number * 2),
                "Field": "created",
                "DataType": "Text",
            }
            continue
        yield row | {
            "Id": sf_id("OpportunityFieldHistory", number * 2),
            "Field": "StageName",
            "DataType": "DynamicEnum",
            "OldValue": before.stage.name,
            "NewValue": state.stage.name,
        }
        if before.cents != state.cents:
            yield row | {
                "Id": sf_id("OpportunityFieldHistory", number * 2 + 1),
                "Field": "Amount",
                "DataType": "Currency",
                "OldValue": _number(before.cents),
                "NewValue": _number(state.cents),
            }


def _line_items(truth: Truth, moment: datetime) -> Iterator[Row]:
    for deal in truth.deals:
        if not deal.is_in(SYSTEM, moment):
            continue
        for place, line in enumerate(deal.lines):
            number = deal.number * 8 + place
            yield {
                "Id": sf_id("OpportunityLineItem", number),
                "OpportunityId": sf_id("Opportunity", deal.number),
                "SortOrder": place + 1,
                "PricebookEntryId": sf_id("PricebookEntry", len(line.sku)),
                "Product2Id": sf_id("Product", len(line.sku)),
                "ProductCode": line.sku,
                "Name": line.product,
                "CurrencyIsoCode": deal.currency,
                "Quantity": f"{line.quantity}.0",
                "TotalPrice": _number(line.quantity * line.cents),
                "UnitPrice": _number(line.cents),
                "ListPrice": _number(line.cents),
                **_audit(deal.created, deal.created, _owner(deal.owner)),
                "IsDeleted": int(deal.is_deleted(SYSTEM, moment)),
            }


def _tasks(truth: Truth, moment: datetime) -> Iterator[Row]:
    for touch in truth.touches:
        if touch.system != SYSTEM or touch.at > moment:
            continue
        is_call = touch.kind == "call"
        yield {
            "Id": sf_id("Task", touch.number),
            "WhoId": sf_id("Contact", touch.person.number),
            "WhatId": sf_id("Opportunity", touch.deal.number)
            if touch.deal
            else NOTHING,
            "Subject": "Call" if is_call else "E-Mail: Re: Offer",
            "ActivityDate": _day(touch.at),
            "Status": "Completed",
            "Priority": "Normal",
            "IsHighPriority": 0,
            "OwnerId": _owner(touch.owner),
            "Description": 'Line one\nLine two, "quoted"',
            "IsDeleted": 0,
            "AccountId": sf_id("Account", touch.person.firm.number),
            "IsClosed": 1,
            **_audit(touch.at, touch.at, _owner(touch.owner)),
            "IsArchived": 0,
            "CallDurationInSeconds": touch.seconds if is_call else "",
            "CallType": "Outbound" if is_call else "",
            "CallDisposition": touch.outcome if is_call else "",
            "TaskSubtype": "Call" if is_call else "Email",
            "CompletedDateTime": _time(touch.at),
        }


def _campaigns(truth: Truth, moment: datetime) -> Iterator[Row]:
    owner = _owner(truth.owners[0])
    for number, name in enumerate(CAMPAIGNS):
        start = datetime(2025, 1 + number * 2, 3)
        yield {
            "Id": sf_id("Campaign", number),
            "IsDeleted": 0,
            "Name": name,
            "ParentId": NOTHING,
            "Type": "Trade Show",
            "Status": "Completed",
            "StartDate": _day(start),
            "EndDate": _day(start + timedelta(days=3)),
            "CurrencyIsoCode": "EUR",
            "BudgetedCost": _number(1_000_000 + number * 50_000),
            "ActualCost": _number(950_050 + number * 40_000),
            "IsActive": int(start > moment - timedelta(days=90)),
            "OwnerId": owner,
            **_audit(start, start, owner),
        }


def _users(truth: Truth, moment: datetime) -> Iterator[Row]:
    for owner in truth.owners:
        if SYSTEM not in owner.systems:
            continue
        name = owner.name_at(moment)
        first, _, last = name.partition(" ")
        created = datetime(2024, 1, 8, 9)
        yield {
            "Id": sf_id("User", owner.number),
            "Username": owner.email,
            "LastName": last,
            "FirstName": first,
            "Name": name,
            "Email": owner.email,
            "Alias": first.lower(),
            "IsActive": int(owner.is_active),
            "TimeZoneSidKey": "Europe/Berlin",
            "LocaleSidKey": "en_GB",
            "UserType": "Standard",
            "LanguageLocaleKey": "en_US",
            "ManagerId": NOTHING,
            **_audit(created, created, ""),
        }
