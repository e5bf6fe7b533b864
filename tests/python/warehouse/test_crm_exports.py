"""Exports of real CRM systems: sums per currency, links, what is deleted or merged.

Expectations are read from the files by Python alone.
"""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from collections import defaultdict
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

import pytest

from scripts.ingest.clock import VARIABLE
from scripts.settings import PROJECT

from .warehouse import ENGINES, Warehouse

EXPORTS = PROJECT.parent / "shared" / "data" / "exports"
SYSTEMS = ("hubspot", "pipedrive", "salesforce", "zoho_crm")
pytestmark = pytest.mark.skipif(not EXPORTS.exists(), reason="without real exports")

# per system: its deals' files, and their headers for id, amount, currency, probability
DEALS: dict[str, tuple[str, tuple[str, str, str, str], int]] = {
    "hubspot": (
        "deals",
        ("Record ID", "Amount", "Currency", "Deal Stage Probability"),
        100,
    ),
    "pipedrive": (
        "deals",
        ("Deal - ID", "Deal - Value", "Deal - Currency", "Deal - Probability"),
        1,
    ),
    "salesforce": (
        "Opportunity.csv",
        ("Id", "Amount", "CurrencyIsoCode", "Probability"),
        1,
    ),
    "zoho_crm": ("Deals", ("Record Id", "Amount", "Currency", "Probability (%)"), 1),
}


def rows_of(system: str, part: str) -> list[dict[str, str]]:
    """Return the rows of the files, or members of archives, with this in their name."""
    found: list[dict[str, str]] = []
    for path in sorted((EXPORTS / system).iterdir()):
        if path.suffix == ".ZIP":
            with zipfile.ZipFile(path) as archive:
                texts = [archive.read(n) for n in archive.namelist() if part in n]
        else:
            texts = [path.read_bytes()] if part in path.name else []
        for text in texts:
            found += csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline=""))
    return found


def fill(warehouse: Warehouse) -> None:
    for system in SYSTEMS:
        shutil.copytree(
            EXPORTS / system,
            warehouse.inbox / system,
            copy_function=shutil.copyfile,
        )
        for path in [warehouse.inbox / system, *(warehouse.inbox / system).iterdir()]:
            path.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, "2026-12-01T00:00:00Z")  # after all that they hold
        warehouse.land()
        warehouse.build_models()


@pytest.fixture(scope="module", params=ENGINES)
def built(
    request: pytest.FixtureRequest, looked_at: Callable[[Any, str], Warehouse]
) -> Warehouse:
    """Return a warehouse of all these exports, for tests that only look."""
    return looked_at(fill, request.param)


def living(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row for row in rows if row.get("IsDeleted", "0") == "0"]


@pytest.mark.parametrize("system", SYSTEMS)
def test_money_per_currency_is_that_of_the_file(built: Warehouse, system: str) -> None:
    part, (_, amount, currency, _), _ = DEALS[system]
    expected: dict[str | None, int] = defaultdict(int)
    for row in living(rows_of(system, part)):
        if row[amount]:
            expected[row.get(currency) or None] += int(Decimal(row[amount]) * 100)
    assert expected
    assert dict(
        built.query(
            "select currency_code, cast(sum(amount_cents) as bigint)"
            " from fct_opportunities"
            f" where opportunity_id like '{system}:%' and amount_cents is not null"
            " group by currency_code"
        )
    ) == dict(expected)


@pytest.mark.parametrize("system", SYSTEMS)
def test_no_amount_of_a_deal_is_lost(built: Warehouse, system: str) -> None:
    """What a file holds is in the mart, but for what is deleted."""
    part, (_, amount, currency, _), _ = DEALS[system]
    held: dict[str | None, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows_of(system, part):
        minor = int(Decimal(row[amount] or 0) * 100)
        sums = held[row.get(currency) or None]
        sums[0] += minor
        sums[1] += minor if row.get("IsDeleted", "0") != "0" else 0
    found = built.query(
        "select currency_code, sum(file_minor), sum(deleted_minor),"
        " sum(abs(remainder_minor)) from rpt_reconciliation as totals"
        " inner join stg_ingest__files as files using (file_id)"
        f" where files.id_scope = '{system}' and totals.table_name = 'opportunities'"
        " group by currency_code"
    )
    assert {code: tuple(map(int, sums)) for code, *sums in found} == {
        code: (*sums, 0) for code, sums in held.items()
    }


@pytest.mark.parametrize("system", SYSTEMS)
def test_probabilities_are_percents(built: Warehouse, system: str) -> None:
    part, (key, _, _, probability), factor = DEALS[system]
    expected = {
        f"{system}:{row[key].removeprefix('zcrm_')}": float(
            Decimal(row[probability]) * factor
        )
        if row[probability]
        else None
        for row in living(rows_of(system, part))
    }
    assert expected
    assert (
        dict(
            built.query(
                "select opportunity_id, probability from fct_opportunities"
                f" where opportunity_id like '{system}:%'"
            )
        )
        == expected
    )


# per system: headers of a deal's id, stage, owner, pipeline, and its end by hand
NAMED: dict[str, tuple[str, str, str, str, str]] = {
    "hubspot": ("deals", "Record ID", "Deal Stage", "Deal owner", "Pipeline"),
    "pipedrive": (
        *("deals", "Deal - ID", "Deal - Stage", "Deal - Owner"),
        "Deal - Pipeline",
    ),
    "salesforce": ("Opportunity.csv", "Id", "StageName", "OwnerId", "RecordTypeId"),
    "zoho_crm": ("Deals", "Record Id", "Stage", "Deal Owner", "Pipeline"),
}


def end_of(system: str, row: dict[str, str]) -> tuple[bool, bool]:
    """Whether a deal is closed and won, by the system's own columns."""
    if system == "hubspot":
        return row["Is Deal Closed?"].lower() == "true", row["Deal Stage"] == (
            "Closed Won"
        )
    if system == "pipedrive":
        return row["Deal - Status"] != "Open", row["Deal - Status"] == "Won"
    if system == "salesforce":
        return row["IsClosed"] == "1", row["IsWon"] == "1"
    chance = row["Probability (%)"]
    return chance in ("0", "100"), chance == "100"


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_deal_has_the_stage_owner_and_pipeline_of_its_file(
    built: Warehouse, system: str
) -> None:
    part, key, stage, owner, pipeline = NAMED[system]
    users = {row["Id"]: row["Name"] for row in rows_of("salesforce", "User.csv")}
    expected = {
        f"{system}:{row[key].removeprefix('zcrm_')}": (
            row[stage],
            users.get(row[owner], row[owner]) or None,
            "default" if row[pipeline].startswith("000000") else row[pipeline],
            *map(int, end_of(system, row)),
        )
        for row in living(rows_of(system, part))
    }
    assert expected
    found = built.query(
        "select deals.opportunity_id, stages.stage_name, owners.owner_name,"
        " pipelines.pipeline_name, deals.is_closed, deals.is_won,"
        " stages.is_closed, deals.stage, deals.source_stage"
        " from fct_opportunities as deals"
        " left join dim_deal_stages as stages on deals.stage_id = stages.stage_id"
        " left join dim_owners as owners on deals.owner_id = owners.owner_id"
        " left join dim_pipelines as pipelines"
        " on deals.pipeline_id = pipelines.pipeline_id"
        f" where deals.opportunity_id like '{system}:%'"
    )
    assert {row[0]: row[1:6] for row in found} == expected
    for _, name, *_, stage_is_closed, code, given in found:
        assert stage_is_closed is not None
        assert code
        assert name == given


@pytest.mark.parametrize(
    ("system", "part", "key", "owner", "query"),
    [
        ("hubspot", "contacts", "Record ID", "Contact owner", "contact"),
        ("zoho_crm", "Accounts", "Record Id", "Account Owner.id", "company"),
        ("pipedrive", "people", "Person - ID", "Person - Owner", "contact"),
        ("salesforce", "Account.csv", "Id", "OwnerId", "company"),
    ],
)
def test_a_record_has_the_owner_of_its_file(
    built: Warehouse, system: str, part: str, key: str, owner: str, query: str
) -> None:
    plural = {"contact": "contacts", "company": "companies"}[query]
    expected = {
        f"{system}:{row[key].removeprefix('zcrm_')}": (
            f"{system}:{row[owner].removeprefix('zcrm_')}"
            if (row.get(owner) or "")[:5] in ("zcrm_", "005Xy")
            else f"{system}:{row[owner].lower()}"
            if row.get(owner)
            else None
        )
        for row in rows_of(system, part)
    }
    assert expected
    assert (
        dict(
            built.query(
                f"select {query}_id, owner_id from dim_{plural}_history"
                f" where is_current and {query}_id like '{system}:%'"
            )
        )
        == expected
    )


def test_weighted_amounts_are_those_of_the_columns(built: Warehouse) -> None:
    """By hand: the amount times the probability, to the cent."""
    for system in SYSTEMS:
        part, (key, amount, _, chance), factor = DEALS[system]
        expected = {
            f"{system}:{row[key].removeprefix('zcrm_')}": int(
                (Decimal(row[amount]) * Decimal(row[chance]) * factor).quantize(
                    Decimal(1), ROUND_HALF_UP
                )
            )
            for row in living(rows_of(system, part))
            if row[amount] and row[chance]
        }
        assert (
            dict(
                built.query(
                    "select opportunity_id, weighted_amount_minor"
                    " from fct_opportunities"
                    f" where opportunity_id like '{system}:%'"
                    " and weighted_amount_minor is not null"
                )
            )
            == expected
        ), system


def test_a_deal_has_the_contacts_of_its_list(built: Warehouse) -> None:
    records = dict(
        built.query("select contact_record_id, contact_id from bridge_contact_records")
    )
    expected = {
        (
            f"hubspot:{row['Record ID']}",
            records[f"hubspot:{contact.strip()}"],
            int(place == 0),
            place + 1,
        )
        for row in rows_of("hubspot", "deals")
        for place, contact in enumerate(row["Associated Contact IDs"].split(";"))
        if contact
    }
    assert any(place > 1 for *_, place in expected)
    assert (
        set(
            built.query(
                "select opportunity_id, contact_id, is_primary, position"
                " from bridge_opportunity_contacts"
                " where opportunity_id like 'hubspot:%'"
            )
        )
        == expected
    )


def test_leads_lead_to_what_they_became(built: Warehouse) -> None:
    rows = living(rows_of("salesforce", "Lead.csv"))
    records = dict(
        built.query("select contact_record_id, contact_id from bridge_contact_records")
    )

    def scoped(key: str) -> str | None:
        return f"salesforce:{key}" if key.strip("0A") else None

    expected = {
        (
            f"salesforce:{row['Id']}",
            row["Status"],
            f"salesforce:{row['OwnerId']}",
            int(row["IsConverted"]),
            records.get(scoped(row["ConvertedContactId"])),
            scoped(row["ConvertedOpportunityId"]),
        )
        for row in rows
    }
    assert any(row["IsConverted"] == "1" for row in rows)
    assert (
        set(
            built.query(
                "select lead_id, source_status, owner_id, is_converted,"
                " converted_contact_id, converted_opportunity_id"
                " from fct_leads where kind = 'crm_lead'"
            )
        )
        == expected
    )


def test_every_deal_finds_its_company(built: Warehouse) -> None:
    """But those of accounts that have been deleted and not merged."""
    accounts = rows_of("salesforce", "Account.csv")
    dead = {
        f"salesforce:{row['Id']}"
        for row in accounts
        if row["IsDeleted"] == "1" and not row["MasterRecordId"]
    }
    lost = built.query(
        "select source_company_id from fct_opportunities"
        " where company_id is null and source_company_id is not null"
    )
    assert {key for (key,) in lost} <= dead


def test_deleted_and_merged_accounts_are_marked(built: Warehouse) -> None:
    rows = rows_of("salesforce", "Account.csv")
    gone = {row["Id"]: row["MasterRecordId"] for row in rows if row["IsDeleted"] == "1"}
    assert gone
    assert set(
        built.query(
            "select company_id, merged_into from dim_companies_history"
            " where is_deleted and is_current"
        )
    ) == {
        (f"salesforce:{key}", f"salesforce:{into}" if into else None)
        for key, into in gone.items()
    }
    aliases = dict(built.query("select * from bridge_company_aliases"))
    records = dict(
        built.query("select company_record_id, company_id from bridge_company_records")
    )
    for key, into in gone.items():
        if into:
            assert aliases[f"salesforce:{key}"] == records[f"salesforce:{into}"]


def test_a_company_in_the_marts_lives(built: Warehouse) -> None:
    rows = rows_of("salesforce", "Account.csv")
    dead = {f"salesforce:{row['Id']}" for row in rows if row["IsDeleted"] == "1"}
    current = {key for (key,) in built.query("select company_id from dim_companies")}
    assert current
    assert not current & dead


def test_former_ids_of_hubspot_contacts_lead_to_them(built: Warehouse) -> None:
    expected = {
        f"hubspot:{former.strip()}": f"hubspot:{row['Record ID']}"
        for row in rows_of("hubspot", "contacts")
        for former in row["Merged Contact IDs"].split(";")
        if former.strip()
    }
    assert expected
    aliases = dict(built.query("select * from bridge_contact_aliases"))
    records = dict(
        built.query("select contact_record_id, contact_id from bridge_contact_records")
    )
    assert {former: aliases.get(former) for former in expected} == {
        former: records[contact] for former, contact in expected.items()
    }


def test_ids_are_text_as_the_system_means_them(built: Warehouse) -> None:
    for system, part, key in [
        ("hubspot", "companies", "Record ID"),
        ("pipedrive", "people", "Person - ID"),
        ("zoho_crm", "Accounts", "Record Id"),
        ("salesforce", "Contact.csv", "Id"),
    ]:
        table = "contacts" if part in ("people", "Contact.csv") else "companies"
        one = table.removesuffix("s").replace("companie", "company")
        assert {
            record
            for (record,) in built.query(
                f"select distinct {one}_id from dim_{table}_history"
                f" where {one}_id like '{system}:%'"
            )
        } == {
            f"{system}:{row[key].removeprefix('zcrm_')}"
            for row in rows_of(system, part)
        }, system


def test_nothing_of_a_record_is_lost(built: Warehouse) -> None:
    assert (
        built.query(
            "select source_name, table_name from rpt_record_conservation"
            " where landed_count <> error_count + current_count + superseded_count"
            " + unchanged_count"
        )
        == []
    )


# -- stages and pipeline through time -----------------------------------------------


def entries(built: Warehouse, system: str, evidence: str) -> set[tuple[str, str, str]]:
    return set(
        built.query(
            "select opportunity_id, stage, entered_at from fct_deal_stage_changes"
            f" where opportunity_id like '{system}:%' and evidence = '{evidence}'"
        )
    )


def test_columns_of_dates_are_stays_in_stages(built: Warehouse) -> None:
    expected = set()
    for row in rows_of("hubspot", "deals"):
        for header, value in row.items():
            if header.startswith("Date entered ") and value:
                stage = header.split("'")[1].removesuffix(" (Sales Pipeline)")
                at = f"{value[:10]}T{value[11:16]}:00.000000Z"
                expected.add((f"hubspot:{row['Record ID']}", stage, at))
    assert len(expected) > 20
    assert entries(built, "hubspot", "dated_columns") == expected
    times: dict[str, list[str]] = defaultdict(list)
    for key, _, at in sorted(expected, key=lambda entry: entry[2]):
        times[key].append(at)
    following = {
        (key, one): other for key, ats in times.items() for one, other in pairwise(ats)
    }
    left = built.query(
        "select opportunity_id, entered_at, left_at from fct_deal_stage_changes"
        " where evidence = 'dated_columns' and opportunity_id like 'hubspot:%'"
    )
    assert following
    assert {(k, e): at for k, e, at in left if (k, e) in following} == following


def test_the_last_stage_change_is_a_column_of_dates(built: Warehouse) -> None:
    expected, lefts = set(), set()
    for row in rows_of("pipedrive", "deals"):
        key = f"pipedrive:{row['Deal - ID']}"
        at = row["Deal - Last stage change"].replace(" ", "T") + ".000000Z"
        expected.add((key, row["Deal - Stage"], at))
        end = row["Deal - Won time"] or row["Deal - Lost time"]
        lefts.add((key, end[:10] or None, row["Deal - Status"].lower()))
    assert entries(built, "pipedrive", "dated_columns") == expected
    assert lefts == set(
        built.query(
            "select opportunity_id, substr(left_at, 1, 10), outcome"
            " from fct_deal_stage_changes where opportunity_id like 'pipedrive:%'"
        )
    )


def test_the_systems_history_is_merged_without_doubling(built: Warehouse) -> None:
    """Rows of other changes than of the stage are no stays."""
    told: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in rows_of("salesforce", "OpportunityHistory.csv"):
        told[row["OpportunityId"]].append((row["CreatedDate"], row["StageName"]))
    living_ones = {
        row["Id"] for row in living(rows_of("salesforce", "Opportunity.csv"))
    }
    expected = set()
    for key, changes in told.items():
        before = None
        for at, stage in sorted(changes):
            if key in living_ones and stage != before:
                time = at.replace(" ", "T") + ".000000Z"
                expected.add((f"salesforce:{key}", stage, time))
            before = stage
    assert len(expected) > 10
    assert expected <= entries(built, "salesforce", "system_history")
    doubled = built.query(
        "select opportunity_id from (select opportunity_id, stage_id, lag(stage_id)"
        " over (partition by opportunity_id order by change_number) as before,"
        " lag(outcome) over (partition by opportunity_id order by change_number)"
        " as outcome_before from fct_deal_stage_changes) as compared"
        " where stage_id = before and outcome_before = 'open'"
    )
    assert doubled == []


def test_a_single_delivery_moves_by_the_dates_of_its_deals(built: Warehouse) -> None:
    expected: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(
        lambda: defaultdict(Decimal)
    )
    for row in rows_of("pipedrive", "deals"):
        amount, currency = Decimal(row["Deal - Value"] or 0), row["Deal - Currency"]
        expected[row["Deal - Deal created"][:7], currency]["created"] += amount
        for end in ("won", "lost"):
            if day := row[f"Deal - {end.capitalize()} time"]:
                expected[day[:7], currency][end] += amount
    found = built.query(
        "select movement_month, currency_code, sum(created_minor), sum(won_minor),"
        " sum(lost_minor), sum(grown_minor + shrunk_minor + deleted_minor)"
        " from rpt_pipeline_movement where pipeline_id like 'pipedrive:%'"
        " group by movement_month, currency_code"
    )
    assert {
        (month, currency): tuple(map(int, sums))
        for month, currency, *sums in found
        if any(sums)
    } == {
        key: tuple(int(sums[name] * 100) for name in ("created", "won", "lost", "none"))
        for key, sums in expected.items()
    }
    assert all(
        row == (0,)
        for row in built.query(
            "select open_at_start_minor + created_minor + reopened_minor"
            " + moved_in_minor + grown_minor - shrunk_minor - moved_out_minor"
            " - won_minor - lost_minor - closed_otherwise_minor - deleted_minor"
            " - open_at_end_minor from rpt_pipeline_movement"
        )
    )


def test_rates_and_forecast_are_those_of_the_file(built: Warehouse) -> None:
    rows = rows_of("pipedrive", "deals")
    won = sum(row["Deal - Status"] == "Won" for row in rows)
    lost = sum(row["Deal - Status"] == "Lost" for row in rows)
    ((rate,),) = built.query(
        "select win_rate from rpt_win_rate where dimension = 'pipeline'"
        " and dimension_value like 'pipedrive:%'"
    )
    assert rate == pytest.approx(won / (won + lost))
    expected: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in rows:
        if row["Deal - Status"] == "Open":
            month = row["Deal - Expected close date"][:7]
            expected[month, row["Deal - Currency"]] += Decimal(row["Deal - Value"] or 0)
    assert {
        (month, currency): Decimal(int(amount)) / 100
        for month, currency, amount in built.query(
            "select expected_month, currency_code, sum(amount_minor) from rpt_forecast"
            " where pipeline_id like 'pipedrive:%'"
            " group by expected_month, currency_code"
        )
    } == expected
