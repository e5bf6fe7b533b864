"""What values of real systems mean: identifiers, money, shares, dates, links."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .deliveries import activity, company, contact, opportunity
from .notations import note
from .warehouse import ENGINES, Warehouse

HUBSPOT = {
    "system_name": "hubspot",
    "id_scope": "hubspot",
    "notation": {
        "probability": "share",
        "list_separator": ";",
        "links": "ids",
        "time_zone": "+02:00",
        "date_order": None,
    },
}
SALESFORCE = {
    "system_name": "salesforce",
    "id_scope": "salesforce-emea",
    "notation": {
        "probability": "percent",
        "links": "ids",
        "null_ids": ["NONE"],
        "id_prefixes": ["sf_", "x:"],
        "date_order": "dmy",
        "decimal_mark": ",",
        "currency": "GBP",
    },
}
PIPEDRIVE = {
    "system_name": "pipedrive",
    "id_scope": "acme.pipedrive",
    "notation": {"links": "names"},
}
NEW_YORK = {
    "system_name": "hubspot",
    "id_scope": "ny",
    "notation": {"time_zone": "America/New_York", "probability": "share"},
}
CALENDLY = {
    "system_name": "calendly",
    "id_scope": "calendly",
    "notation": {"links": "names"},
}
OTHER = {"system_name": None, "id_scope": "acme", "notation": None}


def checksum(identifier: str) -> str:
    """Add the three letters that say which characters are capitals."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    blocks = [identifier[at : at + 5] for at in (0, 5, 10)]
    return identifier + "".join(
        letters[sum(character.isupper() << place for place, character in enumerate(b))]
        for b in blocks
    )


def bare(record: dict[str, Any], **kept: Any) -> dict[str, Any]:
    """Empty all of a record but what is given: a system guarantees its key only."""
    return dict.fromkeys(record, None) | kept


def deal(key: str, **kept: Any) -> dict[str, Any]:
    return bare(opportunity(), id=key, name=f"Deal {key}", **kept)


def usd(key: str, **kept: Any) -> dict[str, Any]:
    return deal(key, amount="1", currency="USD", **kept)


FILES: dict[str, tuple[list[dict[str, Any]], dict[str, Any] | None]] = {
    # -- HubSpot: shares, lists of ids, records merged into others, one zone
    "companies_hs.json": (
        [
            bare(company(), id="9001", name="Alder Freight", annual_revenue="1000",
                 currency="eur"),
            bare(company(), id="9002", name="Birch", country="DE"),
        ],
        HUBSPOT,
    ),
    "contacts_hs.json": (
        [
            bare(contact(), id="701", full_name="Mara van Lindqvist",
                 company_id="9001;9002", merged_ids="651;664",
                 mobile_phone="'+4930555010"),
            bare(contact(), id="702.0", first_name="Bo", last_name="Ek",
                 email="bo@ek.example.com, bo@other.example.com", company_name="Birch"),
        ],
        HUBSPOT,
    ),
    "opportunities_hs.json": (
        [
            deal("1", amount="1000.50", currency="EUR", probability="0.2",
                 contact_id="'651", company_id='="9001"', stage="1177041",
                 is_closed="false", created_date="2025-03-07 22:14"),
            deal("2", amount="$ 700", currency="EUR", probability="1",
                 contact_id="664;702", stage="closedwon", is_closed="true",
                 created_date="03/05/2025"),
            deal("3", amount="50", currency="US Dollar", probability="40",
                 company_id="7777", stage="Contract signed", is_closed="true"),
            deal("4", amount="80", currency="Taler", probability="15%",
                 company_id="1.20256E+17", stage="Our own"),
            deal("5", amount="81", currency="taler"),
            deal("6", amount="82", currency="TALER "),
            deal("7", amount="83", currency="Dukaten"),
        ],
        HUBSPOT,
    ),
    # -- Salesforce: 15 and 18 characters, deleted and merged, null ids
    "companies_sf.json": (
        [
            bare(company(), id=checksum("001D000000IRFma"), name="Cedar"),
            bare(company(), id=checksum("001D000000IRFmA"), name="Other case"),
            bare(company(), id=checksum("001D000000IRFmb"), name="Cedar Ltd",
                 is_deleted="1", merged_into=checksum("001D000000IRFmc")),
            bare(company(), id=checksum("001D000000IRFmc"), name="Cedars",
                 is_deleted="1", merged_into=checksum("001D000000IRFma")),
            bare(company(), id=checksum("001D000000IRFmd"), name="Gone",
                 is_deleted="true", merged_into="000000000000000AAA"),
        ],
        SALESFORCE,
    ),
    "contacts_sf.json": (
        [
            bare(contact(), id="003D000000QV9n2", first_name="Una", last_name="Moe",
                 company_id="001D000000IRFma"),
        ],
        SALESFORCE,
    ),
    "opportunities_sf.json": (
        [
            deal("006D000000CwxYZ", amount="1.234", company_id="001D000000IRFmb",
                 stage="Negotiation", is_closed="0", is_won="0", probability="0.5",
                 close_date="03/05/2026"),
            deal("sf_006D000000CwxYA", amount="2,5", company_id="NONE",
                 contact_id="000000000000000AAA", stage="Contract", is_closed="1",
                 is_won="1", probability="100", close_date="45231"),
            deal("006D000000CwxYB", amount="9000", company_id="001D000000IRFmd",
                 stage="Closed Won", is_closed="1", is_won="1", is_deleted="1"),
            deal("006D000000CwxYC", amount="70", currency="USD", stage="Lost deal",
                 company_id="001D000000IRFmd"),
        ],
        SALESFORCE,
    ),
    "activities_sf.json": (
        [
            bare(activity(), id="00T1", contact_id="00QD000000AAAAA",
                 related_id="006D000000CwxYZ", due_date="2026-02-01",
                 duration_seconds="90"),
            bare(activity(), id="00T2", contact_id="003D000000QV9n2",
                 related_id="001D000000IRFma"),
            bare(activity(), id="00T3", contact_id="003D000000QV9n2",
                 related_id="006D000000CwxYB"),
            bare(activity(), id="00T4", is_deleted="1"),
        ],
        SALESFORCE,
    ),
    # -- Pipedrive: links are names, states beside the stage
    "companies_pd.json": (
        [
            bare(company(), id="1", name="Delta Freight"),
            bare(company(), id="2", name="Twin"),
            bare(company(), id="3", name="Twin"),
            bare(company(), id="9001", name="MÜLLER"),
        ],
        PIPEDRIVE,
    ),
    "opportunities_pd.json": (
        [
            deal("1", company_name="delta freight", amount="5", currency="JPY",
                 stage="Negotiation", status="Lost", lost_date="2026-03-01",
                 close_date="2026-09-01"),
            deal("2", company_name="Twin", amount="6", stage="Lead In",
                 status="Won"),
            deal("3", company_name="Müller", amount="7", stage="Lead In",
                 status="Open", close_date="04/05/2026"),
            deal("4", company_name="Nobody", amount="€8", stage="Lead In"),
        ],
        PIPEDRIVE,
    ),
    # -- the declared source's own files, and those of another folder
    "opportunities_dmy.json": (
        [
            opportunity("D1", close_date="13/05/2024", created_date="01/04/2024",
                        probability="0.5"),
            opportunity("D2", close_date="04-05-2024", created_date="02.04.2024",
                        probability="1"),
            opportunity("D3", close_date="06/06/2024", probability="0,25"),
        ],
        None,
    ),
    "opportunities_mixed.json": (
        [
            opportunity("M1", close_date="13/05/2024", probability="0.5"),
            opportunity("M2", close_date="05/13/2024", probability="20"),
            opportunity("M3", close_date="04/05/2024", probability="50",
                        currency="EUR"),
            opportunity("M4", id="1.2E+17"),
            opportunity("M5", contact_id="1E+5"),
        ],
        None,
    ),
    "opportunities_comma.json": (
        [
            opportunity("K1", amount="1.234"),
            opportunity("K2", amount="1.234,56"),
            opportunity("K3", amount="¥99"),
        ],
        None,
    ),
    "opportunities_acme.json": ([opportunity("D1", amount="1")], OTHER),
    # -- a time zone with summer times
    "opportunities_ny.json": (
        [
            usd("1", created_date="2025-01-05 09:14"),
            usd("2", created_date="2025-07-05 09:14"),
            usd("3", created_date="07/15/2025 9:14 PM"),
            usd("4", created_date="03/09/2025 01:59"),
            usd("5", created_date="03/09/2025 12:30 AM"),
            usd("6", created_date="03/09/2025 3:00 AM"),
            usd("7", created_date="45658.5"),
            usd("8", created_date="2025-01-05T09:14:00Z"),
            usd("9", created_date="05.07.2025 09:14"),
            usd("10", created_date="Jan 5, 2025 9:14 AM"),
            usd("11", created_date="2025-01-05", closed_date="2025-01-07 09:14"),
            usd("12", created_date="2025-01-05 09:14 EST"),
        ],
        NEW_YORK,
    ),
    # -- marks that nothing shows, and that something shows
    "opportunities_open.json": (
        [deal("1", amount="1,234"), deal("2", amount="2.500"), deal("3", amount="7")],
        HUBSPOT | {"id_scope": "open"},
    ),
    "opportunities_point.json": (
        [deal("1", amount="1,234"), deal("2", amount="1,234,567")],
        HUBSPOT | {"id_scope": "point"},
    ),
    "opportunities_comma_2.json": (
        [deal("1", amount="1.234"), deal("2", amount="0,500"),
         deal("3", amount="1,250")],
        HUBSPOT | {"id_scope": "comma"},
    ),
    # -- links by e-mail, into another system
    "activities_cal.json": (
        [
            bare(activity(), id="1", contact_email="Bo@ek.example.com",
                 contact_name="Somebody", timestamp="2025-01-05 09:14 am",
                 end_time="2025-01-05 09:44 am"),
            bare(activity(), id="2", contact_email="no@ek.example.com"),
            bare(activity(), id="3", contact_id="hubspot:702",
                 duration_text="00:03:31"),
            bare(activity(), id="4", duration_text="95000", end_time="soon"),
            bare(activity(), id="5", duration_text="3 min"),
        ],
        CALENDLY,
    ),
    # -- two systems in the folder of the source, whose identifiers it does not scope
    "activities_own_1.json": (
        [bare(activity(), id="1")], HUBSPOT | {"id_scope": None}),
    "activities_own_2.json": (
        [bare(activity(), id="2")], PIPEDRIVE | {"id_scope": None}),
}  # fmt: skip


def deliver(warehouse: Warehouse) -> list[tuple[str, dict[str, Any]]]:
    """Write these files; return what is to be noted of some."""
    for name, (records, _) in FILES.items():
        warehouse.deliver(name, records)
    return [(name, facts) for name, (_, facts) in FILES.items() if facts]


def fill(warehouse: Warehouse) -> None:
    warehouse.deliver("companies.json", [company()])
    warehouse.deliver("contacts.json", [contact()])
    noted = deliver(warehouse)
    warehouse.land()
    for name, facts in noted:
        note(warehouse, name, **facts)
    warehouse.build_models()


@pytest.fixture(scope="module", params=ENGINES)
def built(
    request: pytest.FixtureRequest, looked_at: Callable[[Any, str], Warehouse]
) -> Warehouse:
    """Return a warehouse of all these files, for tests that only look."""
    return looked_at(fill, request.param)


SF = "salesforce-emea:"
DEALS = {
    # id: amount, currency, probability, closed, won, company, contact, close date
    "hubspot:1": (100050, "EUR", 20.0, 0, 0, "hubspot:9001", "hubspot:701", None),
    "hubspot:2": (70000, "EUR", 100.0, 1, 1, None, "hubspot:701", None),
    "hubspot:3": (5000, "USD", None, 1, 1, None, None, None),
    "hubspot:4": (8000, None, 15.0, 0, 0, None, None, None),
    "hubspot:5": (8100, None, None, None, None, None, None, None),
    "hubspot:6": (8200, None, None, None, None, None, None, None),
    "hubspot:7": (8300, None, None, None, None, None, None, None),
    SF + checksum("006D000000CwxYZ"): (
        123400, "GBP", 0.5, 0, 0, SF + checksum("001D000000IRFma"), None,
        "2026-05-03"),
    SF + checksum("006D000000CwxYA"): (
        250, "GBP", 100.0, 1, 1, None, None, "2023-11-01"),
    SF + checksum("006D000000CwxYC"): (7000, "USD", None, 1, 0, None, None, None),
    "acme.pipedrive:1": (
        500, "JPY", None, 1, 0, "acme.pipedrive:1", None, "2026-03-01"),
    "acme.pipedrive:2": (600, None, None, 1, 1, None, None, None),
    "acme.pipedrive:3": (700, None, None, 0, 0, "acme.pipedrive:9001", None, None),
    "acme.pipedrive:4": (800, "EUR", None, 0, 0, None, None, None),
    "D1": (150050, "USD", 50.0, 0, 0, "C1", "P1", "2024-05-13"),
    "D2": (150050, "USD", 100.0, 0, 0, "C1", "P1", "2024-05-04"),
    "D3": (150050, "USD", 25.0, 0, 0, "C1", "P1", "2024-06-06"),
    "M1": (150050, "USD", 0.5, 0, 0, "C1", "P1", "2024-05-13"),
    "M2": (150050, "USD", 20.0, 0, 0, "C1", "P1", "2024-05-13"),
    "M3": (150050, "EUR", 50.0, 0, 0, "C1", "P1", "2024-04-05"),
    "M5": (150050, "USD", 40.0, 0, 0, "C1", None, "2024-06-30"),
    "K1": (123400, "USD", 40.0, 0, 0, "C1", "P1", "2024-06-30"),
    "K2": (123456, "USD", 40.0, 0, 0, "C1", "P1", "2024-06-30"),
    "K3": (9900, "JPY", 40.0, 0, 0, "C1", "P1", "2024-06-30"),
    "acme:D1": (100, "USD", 40.0, 0, 0, None, None, "2024-06-30"),
    **{
        f"ny:{n}": (100, "USD", None, None, None, None, None, None)
        for n in range(1, 13)
    },
    "ny:11": (100, "USD", None, None, None, None, None, "2025-01-07"),
    "open:1": (None, None, None, None, None, None, None, None),
    "open:2": (None, None, None, None, None, None, None, None),
    "open:3": (700, None, None, None, None, None, None, None),
    "point:1": (123400, None, None, None, None, None, None, None),
    "point:2": (123456700, None, None, None, None, None, None, None),
    "comma:1": (123400, None, None, None, None, None, None, None),
    "comma:2": (50, None, None, None, None, None, None, None),
    "comma:3": (125, None, None, None, None, None, None, None),
}  # fmt: skip


def test_deals_mean_what_their_systems_say(built: Warehouse) -> None:
    rows = built.query(
        "select opportunity_id, amount_cents, currency_code, probability, is_closed,"
        " is_won, company_id, contact_id, close_date from fct_opportunities"
    )
    assert {key: tuple(rest) for key, *rest in rows} == DEALS


def test_sums_by_the_old_filter_hold_one_currency(built: Warehouse) -> None:
    rows = built.query(
        "select distinct currency_code from fct_opportunities"
        " where source_amount is null"
    )
    assert rows == [("USD",)]


FINDINGS = {
    ("currency_other", "hubspot:2", "amount"),
    ("currency_unknown", "hubspot:4", "currency"),
    ("currency_unknown", "hubspot:7", "currency"),
    ("number_unreadable", "hubspot:3", "probability"),
    ("date_ambiguous", "hubspot:2", "created_date"),
    ("reference_unknown", "hubspot:3", "company_id"),
    ("reference_rounded", "hubspot:4", "company_id"),
    ("reference_ambiguous", "acme.pipedrive:2", "company_id"),
    ("date_ambiguous", "acme.pipedrive:3", "close_date"),
    ("reference_unknown", "acme.pipedrive:4", "company_id"),
    ("probability_is_share", "D1", "probability"),
    ("date_ambiguous", "M3", "close_date"),
    ("row_unreadable", "opportunities_mixed.json", None),
    ("reference_rounded", "M5", "contact_id"),
    ("currency_other", "K3", "amount"),
    ("reference_unknown", "acme:D1", "company_id"),
    ("reference_unknown", "acme:D1", "contact_id"),
    ("systems_in_one_folder", "activities_own_2.json", "file"),
    ("date_unreadable", "ny:10", "created_date"),
    ("date_unreadable", "ny:12", "created_date"),
    ("amount_ambiguous", "open:1", "amount"),
    ("amount_ambiguous", "open:2", "amount"),
    ("amount_ambiguous", "comma:3", "amount"),
    ("reference_unknown", "calendly:2", "contact_id"),
    ("reference_unknown", "calendly:3", "contact_id"),
    ("date_unreadable", "calendly:4", "end_time"),
    ("number_unreadable", "calendly:5", "duration_text"),
}


def test_what_is_not_certain_is_found(built: Warehouse) -> None:
    found = {
        (rule, record, column)
        for rule, record, column in built.findings()
        if rule not in ("column_absent", "code_unknown")
    }
    assert found == FINDINGS


def test_what_could_be_read_both_ways_is_shown_as_delivered(built: Warehouse) -> None:
    assert set(
        built.query(
            "select record_id, source_value from fct_row_errors"
            " where rule = 'amount_ambiguous'"
        )
    ) == {("open:1", "1,234"), ("open:2", "2.500"), ("comma:3", "1,250")}


def test_a_currency_that_nothing_knows_is_one_finding(built: Warehouse) -> None:
    assert built.query(
        "select record_id, occurrence_count from fct_row_errors"
        " where rule = 'currency_unknown' order by record_id"
    ) == [("hubspot:4", 3), ("hubspot:7", 1)]
    # what is not shown counts in the scores all the same
    assert built.query(
        "select count(*) from int_operations__unknown_codes"
        " where rule = 'currency_unknown' and place > 1"
    ) == [(2,)]


def test_times_take_the_zone_of_their_system(built: Warehouse) -> None:
    assert built.query(
        "select opportunity_id, created_at from fct_opportunities"
        " where opportunity_id in ('hubspot:1', 'hubspot:2', 'D1', 'D2')"
        " order by opportunity_id"
    ) == [
        ("D1", "2024-04-01T00:00:00.000000Z"),
        ("D2", "2024-04-02T00:00:00.000000Z"),
        ("hubspot:1", "2025-03-07T20:14:00.000000Z"),
        ("hubspot:2", None),
    ]


def test_times_take_the_summer_times_of_a_zone(built: Warehouse) -> None:
    rows = built.query(
        "select opportunity_id, substr(created_at, 1, 16) from fct_opportunities"
        " where opportunity_id like 'ny:%'"
    )
    assert {int(key[3:]): at for key, at in rows} == {
        1: "2025-01-05T14:14",
        2: "2025-07-05T13:14",
        3: "2025-07-16T01:14",
        4: "2025-03-09T06:59",
        5: "2025-03-09T05:30",
        6: "2025-03-09T07:00",
        7: "2025-01-01T17:00",
        8: "2025-01-05T09:14",
        9: "2025-07-05T13:14",
        10: None,
        11: "2025-01-05T00:00",
        12: None,
    }


def test_activities_find_contacts_by_address_and_know_how_long(
    built: Warehouse,
) -> None:
    assert built.query(
        "select activity_id, contact_id, duration_minutes from fct_activities"
        " where activity_id like 'calendly:%' order by activity_id"
    ) == [
        ("calendly:1", "hubspot:702", 30),
        ("calendly:2", None, None),
        ("calendly:3", None, 4),
        ("calendly:4", None, 2),
        ("calendly:5", None, None),
    ]


def test_merged_and_deleted_records_lead_on(built: Warehouse) -> None:
    companies = {key for (key,) in built.query("select company_id from dim_companies")}
    living = {checksum(f"001D000000IRFm{c}") for c in "aA"}
    assert {key for key in companies if key.startswith(SF)} == {SF + k for k in living}
    assert set(
        built.query(
            "select alias_id, company_id from bridge_company_aliases"
            " where alias_id like 'salesforce%'"
        )
    ) == {
        (SF + checksum(f"001D000000IRFm{c}"), SF + checksum("001D000000IRFma"))
        for c in "bc"
    }
    assert set(built.query("select * from bridge_contact_aliases")) == {
        ("hubspot:651", "hubspot:701"),
        ("hubspot:664", "hubspot:701"),
    }
    assert built.query(
        "select company_id, is_deleted from dim_companies_history"
        " where is_deleted order by company_id"
    ) == [(SF + checksum(f"001D000000IRFm{c}"), 1) for c in "bcd"]


def test_contacts_and_activities_find_their_records(built: Warehouse) -> None:
    assert set(
        built.query(
            "select contact_id, first_name, last_name, company_id, source_phone, email"
            " from dim_contacts where contact_id <> 'P1'"
        )
    ) == {
        ("hubspot:701", "Mara van", "Lindqvist", "hubspot:9001", "+4930555010",
         None),
        # the company's name on a HubSpot contact is free text
        ("hubspot:702", "Bo", "Ek", None, None, "bo@ek.example.com"),
        (SF + checksum("003D000000QV9n2"), "Una", "Moe",
         SF + checksum("001D000000IRFma"), None, None),
    }  # fmt: skip
    una = SF + checksum("003D000000QV9n2")
    assert built.query(
        "select activity_id, contact_id, opportunity_id, source_lead_id,"
        " duration_minutes, substr(occurred_at, 1, 10)"
        " from fct_activities where activity_id like 'sales%' order by activity_id"
    ) == [
        (SF + "00T1", None, SF + checksum("006D000000CwxYZ"),
         SF + checksum("00QD000000AAAAA"), 2, "2026-02-01"),
        (SF + "00T2", una, None, None, None, None),
        (SF + "00T3", una, None, None, None, None),
    ]  # fmt: skip


@pytest.mark.long
def test_a_record_deleted_later_goes_and_can_come_back(
    new_warehouse: Callable[..., Warehouse],
) -> None:
    warehouse = new_warehouse("sqlite", filled=fill)
    key = SF + checksum("001D000000IRFmA")
    states = []
    for day, deleted in enumerate(("1", "0")):
        company_name, deal_name = f"companies_{day}.json", f"opportunities_{day}.json"
        warehouse.deliver(
            company_name,
            [bare(company(), id="001D000000IRFmA", name="Other", is_deleted=deleted)],
        )
        warehouse.deliver(
            deal_name,
            [deal("006D000000CwxYC", amount="70", is_deleted=deleted,
                  company_id="001D000000IRFmA")],
        )  # fmt: skip
        warehouse.land()
        note(warehouse, company_name, **SALESFORCE)
        note(warehouse, deal_name, **SALESFORCE)
        warehouse.build_models()
        states.append(
            [
                warehouse.value(
                    f"select count(*) from {table} where company_id = '{key}'"
                )
                for table in ("dim_companies", "fct_opportunities")
            ]
        )
    assert states == [[0, 0], [1, 1]]
    assert warehouse.query(
        "select version_number, is_deleted, valid_to is null from dim_companies_history"
        f" where company_id = '{key}' order by version_number"
    ) == [(1, None, 0), (2, 1, 0), (3, 0, 1)]
