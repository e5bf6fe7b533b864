"""The sample queries: each runs, says what the files say, and reads indexes."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from statistics import median

import pytest
import yaml

from scripts.settings import PROJECT

from .exports import STAGES, Exports, days, rounded
from .test_company import ANSWERED

pytestmark = pytest.mark.long

ALL = sorted(path.stem for path in (PROJECT / "analyses").glob("*.sql"))
NAMES = [name for name in ALL if name not in ANSWERED]
"""Those that the samples of a CRM answer; the others are in `test_company`."""


@pytest.fixture(scope="module")
def given(inbox):
    return Exports(inbox)


def grouped(rows, key):
    groups = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def keyed(rows, *names):
    """Rows by their grain, which must be unique; floats compare to the cent."""
    result = {
        tuple(row[name] for name in names): {
            column: pytest.approx(value, abs=1e-6)
            if isinstance(value, float)
            else value
            for column, value in row.items()
            if column not in names
        }
        for row in rows
    }
    assert len(result) == len(rows)
    return result


def total(deals):
    return float(sum(deal.amount for deal in deals))


@pytest.mark.parametrize("name", NAMES)
def test_every_analysis_has_an_answer(answer, name):
    assert answer(name)


@pytest.mark.parametrize("name", ALL)
def test_a_comment_states_the_question(name):
    first = (PROJECT / "analyses" / f"{name}.sql").read_text().splitlines()[0]
    assert first.startswith("-- ")
    assert "?" in first


def test_every_analysis_is_described():
    text = (PROJECT / "analyses" / "_analyses.yml").read_text(encoding="utf-8")
    described = {a["name"]: a["description"] for a in yaml.safe_load(text)["analyses"]}
    assert sorted(described) == ALL
    assert all(described.values())


def test_pipeline(answer, given):
    open_deals = [deal for deal in given.deals if not deal.is_closed]
    expected = {
        group: {
            "deal_count": len(deals),
            "amount": total(deals),
            "weighted_amount": rounded(
                sum(deal.amount * deal.probability for deal in deals) / 100, "0.01"
            ),
        }
        for group, deals in grouped(
            open_deals, lambda deal: (deal.stage or "unknown", deal.month, "USD")
        ).items()
    }
    rows = answer("pipeline_by_stage_and_month")
    assert keyed(rows, "stage", "close_month", "currency") == expected
    order = [*STAGES, "Parked", "unknown"]
    places = [(order.index(row["stage"]), row["close_month"]) for row in rows]
    assert places == sorted(places)


def test_win_rate(answer, given):
    ended = [deal for deal in given.deals if deal.is_won is not None and deal.is_closed]
    expected = {}
    for group, deals in grouped(
        ended, lambda d: (given.industry(d), d.company.get("size") or "unknown", "USD")
    ).items():
        won = [deal for deal in deals if deal.is_won]
        expected[group] = {
            "closed_count": len(deals),
            "won_count": len(won),
            "win_rate_percent": rounded(Decimal(100 * len(won)) / len(deals), "0.1"),
            "won_amount": total(won),
        }
    rows = answer("win_rate_by_industry_and_size")
    assert keyed(rows, "industry", "size_band", "currency") == expected


def test_stalled_deals(answer, given):
    last = defaultdict(str)
    for activity in given.activities:
        if activity["timestamp"] <= given.newest:
            deal = activity.get("opportunity_id")
            last[deal] = max(last[deal], activity["timestamp"])
    expected = {}
    for deal in given.deals:
        since = last[deal.id] or deal.created
        idle = days(since, given.newest) if since else 0
        if not deal.is_closed and idle >= 60:
            expected[deal.id] = (last[deal.id][:10] or None, idle)
    rows = answer("stalled_deals")
    assert expected == {
        row["opportunity_id"]: (row["last_activity_on"], row["idle_days"])
        for row in rows
    }
    assert "O-PARKED" in expected  # its only activity is dated 2099
    amounts = [row["amount"] for row in rows]
    assert amounts == sorted(amounts, reverse=True)


def test_active_contacts_without_deal(answer, given):
    with_deal = {deal.contact_id for deal in given.deals}
    activities = grouped(
        [
            activity
            for activity in given.activities
            if activity["contact_id"] in given.contacts
            and activity["contact_id"] not in with_deal
            and activity["timestamp"] <= given.newest
        ],
        lambda activity: activity["contact_id"],
    )
    expected = [
        (-len(rows), -sum(row["duration_minutes"] for row in rows), contact)
        for contact, rows in activities.items()
    ]
    assert sorted(expected)[:25] == [
        (-row["activity_count"], -row["total_minutes"], row["contact_id"])
        for row in answer("active_contacts_without_deal")
    ]


def test_forecast_against_closed(answer, given):
    def part(deal):
        if deal.is_closed:
            return {True: "won", False: "lost", None: "other"}[deal.is_won]
        open_parts = {"Commit": "commit", "Best Case": "best_case"}
        return open_parts.get(
            deal.category, "pipeline" if deal.category == "Pipeline" else "other"
        )

    parts = ("won", "commit", "best_case", "pipeline", "other", "lost")
    expected = {
        (month, "USD"): {
            "deal_count": len(deals),
            "total_amount": total(deals),
            **{
                f"{name}_amount": total(deal for deal in deals if part(deal) == name)
                for name in parts
            },
        }
        for month, deals in grouped(given.deals, lambda deal: deal.month).items()
    }
    rows = answer("forecast_against_closed")
    assert keyed(rows, "close_month", "currency") == expected
    # the case this test must not miss: closed, and nobody knows how
    assert sum(row["other_amount"] for row in rows) >= 200


def test_pipeline_coverage(answer, given):
    expected = {}
    for product, deals in grouped(
        given.deals, lambda deal: deal.product or "unknown"
    ).items():
        still_open = [deal for deal in deals if not deal.is_closed]
        won = [deal for deal in deals if deal.is_closed and deal.is_won]
        expected[product, "USD"] = {
            "open_count": len(still_open),
            "open_amount": total(still_open),
            "weighted_amount": rounded(
                sum(d.amount * d.probability for d in still_open) / Decimal(100),
                "0.01",
            ),
            "won_amount": total(won),
            "coverage": rounded(
                sum(d.amount for d in still_open) / sum(d.amount for d in won), "0.01"
            )
            if won
            else None,
        }
    rows = answer("pipeline_coverage_by_product")
    assert keyed(rows, "product", "currency") == expected


def test_sales_cycle(answer, given):
    ended = [
        deal
        for deal in given.deals
        if deal.is_closed
        and deal.is_won is not None
        and deal.close[:10] >= deal.created[:10]
    ]
    expected = {}
    for group, deals in grouped(
        ended,
        lambda d: (d.company.get("size") or "unknown", "won" if d.is_won else "lost"),
    ).items():
        lengths = [days(deal.created, deal.close) for deal in deals]
        expected[group] = {
            "deal_count": len(deals),
            "median_days": float(median(lengths)),
            "shortest_days": min(lengths),
            "longest_days": max(lengths),
        }
    rows = answer("sales_cycle_by_size_band")
    assert keyed(rows, "size_band", "outcome") == expected
    assert len({row["deal_count"] % 2 for row in rows}) == 2  # both kinds of median


def test_neglected_customers(answer, given):
    last = defaultdict(str)
    for activity in given.activities:
        contact = given.contacts.get(activity["contact_id"])
        if contact and activity["timestamp"] <= given.newest:
            company = contact["company_id"]
            last[company] = max(last[company], activity["timestamp"])
    courted = {deal.company.get("id") for deal in given.deals if not deal.is_closed}
    expected = {}
    for key, company in given.companies.items():
        if company["is_customer"] == "True" and key not in courted:
            idle = days(last[key], given.newest) if last[key] else None
            if idle is None or idle >= 90:
                expected[key] = (last[key][:10] or None, idle)
    assert expected["C-NEW"] == (None, None)  # its only activity is dated 2099
    assert expected == {
        row["company_id"]: (row["last_activity_on"], row["idle_days"])
        for row in answer("neglected_customers")
    }


def test_activity_outcomes(answer, given):
    expected = Counter(
        (row["type"] or "unknown", row.get("outcome") or "unknown")
        for row in given.activities
    )
    assert expected["telepathy", "unknown"] == 1  # a type of no lookup table
    rows = answer("activity_outcomes_by_type")
    assert expected == {
        (row["activity_type"], row["outcome"]): row["activity_count"] for row in rows
    }
    for rows_of_type in grouped(rows, lambda row: row["activity_type"]).values():
        shares = sum(row["share_percent"] for row in rows_of_type)
        assert shares == pytest.approx(100, abs=0.05 * len(rows_of_type) + 1e-6)


def test_deal_stage_history(answer, given):
    stays = defaultdict(list)
    for rows in given.deliveries:
        for row in rows:
            if stays[row["id"]][-1:] != [row["stage"]]:
                stays[row["id"]].append(row["stage"])
    expected = {deal: stages for deal, stages in stays.items() if len(stages) > 1}
    assert sorted(map(len, expected.values())) == [2, 2, 3]
    rows = grouped(answer("deal_stage_history"), lambda row: row["opportunity_id"])
    assert expected == {
        deal: [row["stage"] for row in stays_of_deal]
        for deal, stays_of_deal in rows.items()
    }
    for stays_of_deal in rows.values():
        *left, last = stays_of_deal
        assert last["left_on"] is None
        assert all(row["left_on"] for row in left)


def test_findings_add_up(answer, warehouse):
    rows = answer("findings_by_rule_and_file")
    (findings,) = warehouse.execute("select count(*) from fct_row_errors").fetchone()
    assert sum(row["finding_count"] for row in rows) == findings
    unknown = {
        (row["rule"], row["table_name"]): row["finding_count"]
        for row in rows
        if row["rule"] in ("code_unknown", "reference_unknown")
    }
    assert unknown == {
        ("code_unknown", "companies"): 1,  # Space Mining
        ("code_unknown", "opportunities"): 1,  # Parked, of two deals
        ("code_unknown", "activities"): 1,  # telepathy
        ("reference_unknown", "opportunities"): 1,  # C-LOST
        ("reference_unknown", "activities"): 1,  # P-LOST
    }


# What SQLite's planner says where an index helps: the queries about few of many
# activities must not read all of them. The others sum up whole tables.
INDEXED = {
    "active_contacts_without_deal": [
        "SEARCH fct_activities USING INDEX fct_activities__contact_id__occurred_at",
        "SEARCH fct_opportunities USING COVERING INDEX fct_opportunities__contact_id",
    ],
    "neglected_customers": [
        "SEARCH activities USING COVERING INDEX fct_activities__occurred_at",
        "SEARCH activities USING COVERING INDEX fct_activities__contact_id__occurred",
        "SEARCH fct_opportunities USING INDEX fct_opportunities__company_id",
    ],
    "stalled_deals": [
        "SEARCH activities USING COVERING INDEX fct_activities__occurred_at",
        "INDEX fct_activities__opportunity_id",
    ],
    "deal_stage_history": ["SCAN history USING INDEX"],
}


@pytest.mark.parametrize("name", NAMES)
def test_indexes_serve_the_query(warehouse, queries, name):
    plan = [
        row["detail"].replace("main.", "")
        for row in warehouse.execute(f"explain query plan {queries[name]}")
    ]
    for step in INDEXED.get(name, []):
        assert any(step in line for line in plan), "\n".join(plan)
    # an index made on the fly for a mart is one that the mart lacks
    marts = ("dim_", "fct_", "activities", "opportunities", "companies", "contacts")
    assert not [
        line
        for line in plan
        if "AUTOMATIC" in line and line.split()[1].startswith(marts)
    ]
