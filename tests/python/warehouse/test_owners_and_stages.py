"""Owners by identifier and by name, and stages that no synonym knows."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.ingest.clock import VARIABLE

from .deliveries import activity, company, contact, opportunity
from .test_increments import edit_seed
from .warehouse import ENGINES, Warehouse, differences


def deal(number: int, stage: str, **columns: Any) -> dict[str, Any]:
    """Return a deal of which the system says no more than the columns."""
    said = {"is_closed": None, "is_won": None, "status": None, "probability": None}
    return opportunity(f"O{number}", **{**said, "stage": stage, **columns})


# stage: (what its deals say, is_closed, is_won, evidence), by hand
STAGES: dict[str, tuple[list[dict[str, Any]], int | None, int | None, str | None]] = {
    "Erstgespräch": ([{"is_closed": False, "is_won": False}] * 2, 0, 0, "flags"),
    "Unterschrift": ([{"is_closed": True, "is_won": True}], 1, 1, "flags"),
    "Abgesagt": ([{"is_closed": True, "is_won": False}], 1, 0, "flags"),
    "Angebot raus": (
        [
            {"status": "open", "lead_source": "Mondbasis"},
            {"status": "lost", "lead_source": "MONDBASIS"},
        ],
        *(0, 0, "status"),
    ),
    # a status ends the deal: the stage is that in which it was
    "Kunde": ([{"status": "won"}], 0, 0, "status"),
    # what the system says of the stage itself
    "Kundschaft": ([{"stage_type": "Won"}], 1, 1, "flags"),
    "Im Lauf": ([{"stage_type": "active"}], 0, 0, "flags"),
    "Verhandlung": ([{"status": "won", "probability": 100}] * 2, 0, 0, "status"),
    "Signed": ([{"status": "won"}], 1, 1, "words"),
    "Vertrag": ([{"probability": 100}, {"probability": 100}], 1, 1, "probability"),
    "Beerdigt": ([{"probability": 0}], 1, 0, "probability"),
    "Deal dead": ([{"probability": 35}], 1, 0, "words"),
    "Leider verloren": ([{"lead_source": "web-site"}], 1, 0, "words"),
    # contradictions, which are findings
    "Deal gewonnen": ([{"probability": 20}], 1, 1, "words"),
    "Closed Lost": ([{"probability": 100}], 1, 0, "words"),
    "Closed": ([{}], 1, None, "words"),
    "Negotiation": ([{"probability": 0}], 0, 0, "shipped"),
    "closed-won": ([{}], 1, 1, "words"),
    "Demo": ([{"probability": 40}, {"probability": 60}], 0, 0, "probability"),
    "Irgendwo": ([{}], None, None, None),
}


def deals_of_stages() -> list[dict[str, Any]]:
    said = [(stage, says) for stage, (deals, *_) in STAGES.items() for says in deals]
    return [deal(number, stage, **says) for number, (stage, says) in enumerate(said)]


def meanings(warehouse: Warehouse) -> dict[str, tuple[Any, ...]]:
    return {
        name: (is_closed, is_won, evidence)
        for name, is_closed, is_won, evidence in warehouse.query(
            "select stage_name, is_closed, is_won, evidence from dim_deal_stages"
        )
    }


def owners(warehouse: Warehouse) -> tuple[dict[str, str], dict[str, str]]:
    """Return the owners by identifier, and the owner of each deal that has one."""
    return (
        dict(warehouse.query("select owner_id, owner_name from dim_owners")),
        dict(
            warehouse.query(
                "select opportunity_id, owner_id from fct_opportunities"
                " where owner_id is not null"
            )
        ),
    )


def unknown_codes(warehouse: Warehouse, column: str) -> dict[str, int]:
    """Return the values that are reported as unknown, with how many records have it."""
    rows = warehouse.query(
        "select source_value, occurrence_count from fct_row_errors"
        " where rule = 'code_unknown' and column_name = ?",
        column,
    )
    assert len({value for value, _ in rows}) == len(rows), rows
    return dict(rows)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_stage_means_what_its_system_says(warehouse: Warehouse) -> None:
    warehouse.deliver(
        "companies.json",
        [company(), *(company(f"C{n}", industry="Space Mining") for n in (7, 8))],
    )
    warehouse.deliver("contacts.json", [contact(), contact("P2", status="VIP")])
    warehouse.deliver("opportunities.json", deals_of_stages())
    warehouse.run()
    warehouse.deliver("companies_2.json", [company("C9", industry="space-mining")])
    warehouse.run()
    known = {"Negotiation", "closed-won", "Closed Lost"}
    assert dict(
        warehouse.query(
            "select source_status, min(cast(is_won as integer))"
            " from fct_opportunities where source_stage in ('Kunde', 'Verhandlung')"
            " and is_closed group by 1"
        )
    ) == {"won": 1}
    assert unknown_codes(warehouse, "stage") == {
        stage: len(deals) for stage, (deals, *_) in STAGES.items() if stage not in known
    }
    assert unknown_codes(warehouse, "industry") == {"Space Mining": 3}
    assert unknown_codes(warehouse, "status") == {"VIP": 1}
    assert unknown_codes(warehouse, "lead_source") == {"Mondbasis": 2}
    assert dict(
        warehouse.query(
            "select source_lead_source, lead_source from fct_opportunities"
            " where lead_source is not null"
        )
    ) == {"Mondbasis": "Mondbasis", "MONDBASIS": "MONDBASIS", "web-site": "Web"}
    contradicting = warehouse.query(
        "select deals.source_stage from fct_row_errors as errors"
        " inner join fct_opportunities as deals"
        " on errors.record_id = deals.opportunity_id"
        " where errors.rule = 'probability_contradicts_stage'"
    )
    assert set(contradicting) == {
        ("Deal gewonnen",),
        ("Closed Lost",),
        ("Deal dead",),
    }
    assert dict(
        warehouse.query(
            "select industry, count(*) from dim_companies_history group by 1"
        )
    ) == {"Retail": 1, "Space Mining": 2, "space-mining": 1}
    assert dict(warehouse.query("select contact_id, status from dim_contacts")) == {
        "P1": "Lead",
        "P2": "VIP",
    }
    assert meanings(warehouse) == {
        stage: tuple(meaning) for stage, (_, *meaning) in STAGES.items()
    }
    assert not warehouse.query(
        "select stage from fct_opportunities where stage is null or stage_id is null"
    )
    own = dict(
        warehouse.query(
            "select source_stage, max(cast(is_closed as integer))"
            " from fct_opportunities where source_status is null group by 1"
        )
    )
    assert own == {stage: STAGES[stage][1] for stage in own if stage != "Angebot raus"}
    orders = warehouse.query(
        "select stage_name from dim_deal_stages where is_closed order by stage_order"
    )
    ends = [
        place
        for place, (is_closed,) in enumerate(
            warehouse.query(
                "select coalesce(is_closed, false) from dim_deal_stages"
                " order by stage_order"
            )
        )
        if is_closed
    ]
    assert ends == list(range(len(STAGES) - len(orders), len(STAGES)))


@pytest.mark.long
def test_owners_by_name_become_those_of_a_file_of_users(
    editable_project: Path, new_warehouse: Callable[[], Warehouse]
) -> None:
    """At every step as after a full build, and back again where a name is of two."""
    warehouse = new_warehouse()
    os.chdir(editable_project)
    warehouse.reparse()
    steps: list[tuple[str, list[dict[str, Any]]]] = [
        (
            "opportunities.json",
            [
                deal(1, "Vertrag", owner="Jane Doe", probability=100),
                deal(2, "Vertrag", owner="JANE DOE", probability=100),
                deal(3, "Neu", owner="U7", pipeline="Bestand", probability=10),
                deal(4, "Neu"),
                deal(5, "Neu", owner="Old.Hand@example.com"),
            ],
        ),
        (
            "owners.json",
            [
                {"id": "U7", "name": "Max Muster", "is_active": False},
                {"id": "U9", "name": "Jane Doe", "email": "jane@example.com"},
            ],
        ),
        ("owners_2.json", [{"id": "U10", "name": "Jane Doe"}]),
        ("opportunities_2.json", [deal(6, "Vertrag", probability=50)]),
    ]
    mail = "old.hand@example.com"
    given = {"O3": "U7", "O5": mail}
    by_name = {"O1": "jane doe", "O2": "jane doe", **given}
    expected = [
        ({"jane doe": "Jane Doe", "U7": "U7", mail: "Old.Hand@example.com"}, by_name),
        (
            {"U7": "Max Muster", "U9": "Jane Doe", mail: "Old.Hand@example.com"},
            {"O1": "U9", "O2": "U9", **given},
        ),
    ]
    expected += [
        (
            {
                **{"U7": "Max Muster", "U9": "Jane Doe", "U10": "Jane Doe"},
                **{"jane doe": "Jane Doe", mail: "Old.Hand@example.com"},
            },
            by_name,
        )
    ] * 2
    won = [{"O1": 1, "O2": 1, "O3": 0}] * 3 + [{"O1": 0, "O2": 0, "O3": 0, "O6": 0}]
    warehouse.deliver("companies.json", [company(owner="Jane Doe")])
    warehouse.deliver("contacts.json", [contact(owner="Jane Doe")])
    warehouse.deliver("activities.json", [activity(owner="Jane Doe")])
    for (name, rows), people, ends in zip(steps, expected, won, strict=True):
        warehouse.deliver(name, rows)
        warehouse.run_with_seeds()
        assert owners(warehouse) == people, name
        for table in ("dim_companies", "dim_contacts", "fct_activities"):
            found = warehouse.value(f"select owner_id from {table}")
            assert found == people[1]["O1"], (name, table)
        assert (
            dict(
                warehouse.query(
                    "select opportunity_id, cast(is_won as integer)"
                    " from fct_opportunities where is_won is not null"
                )
            )
            == ends
        ), name
    edit_seed(
        editable_project / "seeds" / "crm" / "deal_stages.csv",
        lambda rows: rows.extend(
            [["", "vertrag", "7", "1", "1"], ["Bestand", "Neu", "2", "1", "0"]]
        ),
    )
    # lines that differ from shipped ones by their case, or say otherwise
    edit_seed(
        editable_project / "seeds" / "crm" / "lead_sources.csv",
        lambda rows: rows.append(["direct TRAFFIC"]),
    )
    edit_seed(
        editable_project / "seeds" / "crm" / "code_synonyms.csv",
        lambda rows: rows.append(["lead_source", "referral", "Partner"]),
    )
    warehouse.reparse()
    warehouse.run_with_seeds()
    assert warehouse.query(
        "select source_value, code from int_crm__codes where lookup = 'lead_source'"
        " and source_value in ('direct traffic', 'referral') order by 1"
    ) == [("direct traffic", "Direct Traffic"), ("referral", "Partner")]
    assert warehouse.query(
        "select pipeline_id, stage, stage_order, is_closed, is_won, evidence"
        " from dim_deal_stages order by pipeline_id, stage"
    ) == [
        ("bestand", "Neu", 2, 1, 0, "user"),
        ("default", "Neu", 2, None, None, None),
        ("default", "Vertrag", 7, 1, 1, "user"),
    ]
    assert dict(
        warehouse.query("select opportunity_id, is_won from fct_opportunities")
    ) == {"O1": 1, "O2": 1, "O3": 0, "O4": None, "O5": None, "O6": 1}
    changed = warehouse.lasting()
    warehouse.run_with_seeds("--full-refresh")
    assert not differences(changed, warehouse.lasting())


ENDING = ("Closed Won", "Closed Lost")
PROPOSAL = ("Proposal/Price Quote", "Negotiation/Review")
# in the order of each system, as it begins with: HubSpot by name and by identifier
FIRST_STAGES = {
    "HubSpot": [
        *("Appointment Scheduled", "Qualified To Buy", "Presentation Scheduled"),
        *("Decision Maker Bought-In", "Contract Sent", *ENDING),
    ],
    "HubSpot by identifier": [
        *("appointmentscheduled", "qualifiedtobuy", "presentationscheduled"),
        *("decisionmakerboughtin", "contractsent", "closedwon", "closedlost"),
    ],
    "Salesforce": [
        *("Prospecting", "Qualification", "Needs Analysis", "Value Proposition"),
        *("Id. Decision Makers", "Perception Analysis", *PROPOSAL, *ENDING),
    ],
    "Pipedrive": [
        *("Qualified", "Contact Made", "Demo Scheduled", "Proposal Made"),
        "Negotiations Started",
    ],
    "Zoho": [
        *("Qualification", "Needs Analysis", "Value Proposition"),
        *("Identify Decision Makers", *PROPOSAL, *ENDING),
    ],
}
ENDS = {"Closed Won": 1, "closedwon": 1, "Closed Lost": 0, "closedlost": 0}
HELD = ["Connected", "f240bbac-87c9-4f6e-bf70-924b57d47db7", "COMPLETED", "answered"]
NOT_HELD = [
    *("Busy", "No answer", "Left voicemail", "Left live message", "Wrong number"),
    *("73a0d17f-1163-4015-bdd5-ec830791da20", "RESCHEDULED", "CANCELED", "vm-left"),
]
TYPES = ["Lunch", "deadline", "Event", "INCOMING_EMAIL", "NOTE", "SMS", "Meetings"]


def test_what_systems_begin_with_is_known(warehouse: Warehouse) -> None:
    """A name alone says no more than that a deal is open, won or lost."""
    warehouse.deliver("companies.json", [company()])
    warehouse.deliver("contacts.json", [contact()])
    stages = {name: [] for name in FIRST_STAGES}
    deals = []
    for system, names in FIRST_STAGES.items():
        for name in names:
            deals.append(deal(len(deals), name, pipeline=system))
            stages[system].append((name, ENDS.get(name)))
    deals.append(deal(len(deals), "Closed Lost to Competition", pipeline="Other"))
    warehouse.deliver("opportunities.json", deals)
    calls = enumerate([*HELD, *NOT_HELD, "SCHEDULED", "NO_SHOW"])
    warehouse.deliver(
        "activities.json",
        [activity(f"A{n}", type="call", outcome=said) for n, said in calls]
        + [activity(f"T{n}", type=kind) for n, kind in enumerate(TYPES)],
    )
    warehouse.run()
    assert unknown_codes(warehouse, "stage") == {}
    assert unknown_codes(warehouse, "outcome") == {}
    assert unknown_codes(warehouse, "type") == {}
    found: dict[str, list[tuple[str, Any]]] = {}
    for pipeline, name, is_closed, is_won in warehouse.query(
        "select source_pipeline, source_stage, is_closed, is_won from"
        " (select deals.*, stages.stage_order, stages.stage_name"
        " from fct_opportunities as deals join dim_deal_stages as stages"
        " using (stage_id)) order by pipeline_id, stage_order"
    ):
        found.setdefault(pipeline, []).append((name, is_won if is_closed else None))
    assert found.pop("Other") == [("Closed Lost to Competition", 0)]
    assert found == stages
    states = dict(
        warehouse.query(
            "select conversation_state, count(*) from rpt_conversations"
            " where activity_id like 'A%' group by 1"
        )
    )
    assert states == {
        **{"held": len(HELD), "not_held": len(NOT_HELD)},
        **{"unknown": 1, "no_show": 1},
    }


OWNERS = {
    "deals_1.json": [
        deal(1, "Neu", owner="U1", owner_name="Jane Doe", pipeline="Sales"),
        deal(2, "Neu", owner="U2", pipeline="Sales"),
        deal(3, "Neu", owner="Max Muster", pipeline=None),
        deal(4, "Neu", owner="Max Muster (Deactivated User)", pipeline="Sales"),
    ],
    # neither identifiers of owners nor pipelines; O2 has moved on, O9 is new
    "deals_2.json": [
        {k: v for k, v in row.items() if k not in ("pipeline", "owner")}
        for row in [
            deal(1, "Neu", owner_name="JANE DOE"),
            deal(2, "Unterschrift", owner_name="Bob"),
            deal(4, "Neu", owner_name="Max Muster (Inactive)"),
        ]
    ],
}
UNKNOWN = {
    k: v for k, v in deal(2, "Erstkontakt", owner="U2").items() if k != "pipeline"
}
STAGES_OF = """
select stage_id, stage_name, pipeline_id from dim_deal_stages order by stage_id
"""
BROKEN = """
select count(*) from fct_opportunities as deals
left join dim_owners using (owner_id)
left join dim_pipelines using (pipeline_id)
left join dim_deal_stages as stages on deals.stage_id = stages.stage_id
where stages.stage_id is null or dim_pipelines.pipeline_name is null
    or (deals.owner_id is not null and dim_owners.owner_name is null)
"""


@pytest.mark.long
@pytest.mark.parametrize("engine", ENGINES)
def test_what_a_file_has_no_column_for_is_unknown(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither another owner, nor another pipeline; and every reference is declared."""
    clocks = iter(["2026-01-02", "2026-01-03", "2026-01-04"])

    def deliver(name: str, rows: list[dict[str, Any]]) -> None:
        monkeypatch.setenv(VARIABLE, f"{next(clocks)}T06:00:00Z")
        warehouse.deliver(name, rows)
        warehouse.land()

    warehouse.deliver("companies.json", [company(owner="Jane Doe")])
    warehouse.deliver("contacts.json", [contact(owner_name="jane doe")])
    deliver("deals_0.json", [UNKNOWN])
    first, second = OWNERS.items()
    deliver(*first)
    warehouse.build_models()
    assert warehouse.query("select pipeline_id from dim_pipelines order by 1") == [
        ("default",), ("sales",),
    ]  # fmt: skip
    deliver(*second)
    warehouse.build_models()
    assert warehouse.query(
        "select owner_id, owner_name, is_active from dim_owners order by 1"
    ) == [
        ("U1", "Jane Doe", None),
        ("U2", "U2", None),
        ("bob", "Bob", None),
        ("max muster", "Max Muster", 0),
    ]
    assert owners(warehouse)[1] == {
        "O1": "U1",
        "O2": "bob",
        "O3": "max muster",
        "O4": "max muster",
    }
    assert warehouse.query("select owner_id from dim_companies") == [("U1",)]
    assert warehouse.query("select owner_id from dim_contacts") == [("U1",)]
    assert warehouse.query(STAGES_OF) == [
        ("default:neu", "Neu", "default"),
        ("sales:erstkontakt", "Erstkontakt", "sales"),
        ("sales:neu", "Neu", "sales"),
        ("sales:unterschrift", "Unterschrift", "sales"),
    ]
    assert warehouse.query(
        "select opportunity_id, pipeline_id, stage from fct_deal_stage_changes"
        " order by opportunity_id, change_number"
    ) == [
        ("O1", "sales", "Neu"),
        ("O2", "sales", "Erstkontakt"),
        ("O2", "sales", "Neu"),
        ("O2", "sales", "Unterschrift"),
        ("O3", "default", "Neu"),
        ("O4", "sales", "Neu"),
    ]
    assert warehouse.value(BROKEN) == 0
    incremental = warehouse.lasting()
    warehouse.build_with_seeds("--full-refresh")
    assert differences(incremental, warehouse.lasting()) == []


DECLARED = {
    "fct_opportunities": {"owner_id", "pipeline_id", "stage_id"},
    "dim_companies": {"owner_id"},
    "dim_contacts": {"owner_id"},
    "fct_activities": {"owner_id"},
    "fct_leads": {"owner_id"},
}


def test_references_are_keys_of_the_file(warehouse: Warehouse) -> None:
    for table, columns in DECLARED.items():
        found = warehouse.query(
            f"select \"from\" from pragma_foreign_key_list('{table}')"
        )
        assert columns <= {column for (column,) in found}, table
