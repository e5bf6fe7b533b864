"""Deals through time: stages, and the movement of the pipeline, to the minor unit."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from scripts.ingest.clock import VARIABLE

from .deals_oracle import Group, Seen, State, Told, movement, states, stays
from .deliveries import opportunity
from .history_oracle import Row, history, moment
from .warehouse import ENGINES, Warehouse, differences

STAGES = (
    "Prospecting",
    "Qualification",
    "Proposal",
    "Parked",
    "Closed Won",
    "Closed Lost",
)
NAMED = tuple(stage for stage in STAGES if stage != "Parked")
MEASURES = (
    "open_at_start", "created", "reopened", "moved_in", "grown", "shrunk", "moved_out",
    "won", "lost", "closed_otherwise", "deleted", "pushed_out", "pulled_in",
    "open_at_end",
)  # fmt: skip
UNCOUNTED = ("grown", "shrunk")
CLOCKS = (
    "2026-01-10T06:00:00", "2026-01-25T06:00:00", "2026-02-14T06:00:00",
    "2026-03-02T06:00:00", "2026-03-30T06:00:00", "2026-06-15T06:00:00",
)  # fmt: skip


class Deals:
    """What was delivered, for the oracle to work out what should come of it."""

    def __init__(self) -> None:
        self.deliveries: list[tuple[datetime, list[Row]]] = []
        self.created: dict[str, datetime | None] = {}
        self.told: dict[str, list[Told]] = defaultdict(list)
        self.first_stages: dict[str, tuple[datetime, str]] = {}

    def deliver(self, clock: str, rows: list[dict[str, Any]]) -> None:
        given = []
        for row in rows:
            amount = row["amount"] and round(float(row["amount"]) * 100)
            close = row["close_date"] and date.fromisoformat(row["close_date"][:10])
            is_gone = row["is_deleted"] == "true" or row["merged_into"] is not None
            state = (
                row["stage"], amount, close, row["pipeline"] or "default",
                row["owner"], row["currency"], is_gone, row["created_date"],
            )  # fmt: skip
            changed = row["last_modified"] and moment(row["last_modified"])
            given.append(Row(row["id"], state, changed))
        self.deliveries.append((moment(clock), given))

    def states(self) -> dict[str, list[State]]:
        found = {}
        for key, versions in history(self.deliveries).items():
            created = versions[-1][1][7]
            seen = [
                Seen(at, stage, amount, close, Group(pipeline, owner, currency), gone)
                for at, (stage, amount, close, pipeline, owner, currency, gone, _)
                in versions
            ]  # fmt: skip
            entered = created and moment(created)
            told = list(self.told[key])
            if key in self.first_stages and entered:
                at, stage = self.first_stages[key]
                if entered < at:
                    told.append(Told(entered, stage))
            found[key] = states(entered, seen, told)
        return found


def deal(key: str, random_: random.Random, **given: Any) -> dict[str, Any]:
    """A deal in a random state."""
    stage = random_.choice(STAGES)
    month, day = random_.randint(1, 6), random_.randint(1, 28)
    return (
        opportunity(
            key,
            stage=stage,
            is_closed=str(stage.startswith("Closed")),
            probability="",
            amount=random_.choice(["100.10", "250.25", "99.99", "0", None]),
            currency=random_.choice(["USD", "USD", "EUR", "GBP"]),
            close_date=random_.choice([None, f"2026-0{month}-{day:02}T00:00:00"]),
            created_date=given.pop("created_date"),
            pipeline=random_.choice([None, "sales", "renewals"]),
            owner=random_.choice([None, "ann", "bob"]),
            is_deleted=random_.choice(["false"] * 5 + ["true"]),
            merged_into=random_.choice([None] * 8 + ["D-other"]),
            last_modified=random_.choice(
                [None, None, None, "2025-12-05T10:00:00", "2026-02-20T10:00:00"]
            ),
        )
        | given
    )


def reported(warehouse: Warehouse) -> dict[tuple[str, Group], dict[str, int]]:
    """The report without zeros, as the oracle has it."""
    names = [f"{name}_minor" for name in MEASURES]
    names += [f"{name}_count" for name in MEASURES if name not in UNCOUNTED]
    found = {}
    for month, pipeline, owner, currency, *values in warehouse.query(
        "select movement_month, pipeline_id, owner_id, currency_code, "
        + ", ".join(names)
        + " from rpt_pipeline_movement"
    ):
        pairs = zip(names, values, strict=True)
        found[month, Group(pipeline, owner, currency)] = {
            name.removesuffix("_minor"): value for name, value in pairs if value
        }
    return found


def expected(deals: Deals, month: str) -> dict[tuple[str, Group], dict[str, int]]:
    uncounted = {f"{name}_count" for name in UNCOUNTED}
    return {
        key: {name: value for name, value in row.items() if name not in uncounted}
        for key, row in movement(deals.states().values(), month).items()
    }


def check(warehouse: Warehouse, deals: Deals, month: str) -> None:
    assert reported(warehouse) == expected(deals, month)
    found: dict[str, list[Any]] = defaultdict(list)
    for key, pipeline, stage, entered, left, outcome, evidence in warehouse.query(
        "select opportunity_id, pipeline_id, stage, entered_at, left_at, outcome,"
        " evidence from fct_deal_stage_changes order by opportunity_id, change_number"
    ):
        times = [t and moment(t.removesuffix("Z")) for t in (entered, left)]
        found[key].append((pipeline, stage, *times, outcome, evidence))
    assert found == {
        key: stays(timeline) for key, timeline in deals.states().items() if timeline
    }
    balances(warehouse)


def balances(warehouse: Warehouse) -> None:
    """What the report promises, and that its end is the pipeline of today."""
    rows = warehouse.query(
        "select pipeline_id, owner_id, currency_code, movement_month,"
        " open_at_start_minor, open_at_start_minor + created_minor + reopened_minor"
        " + moved_in_minor + grown_minor - shrunk_minor - moved_out_minor - won_minor"
        " - lost_minor - closed_otherwise_minor - deleted_minor, open_at_end_minor"
        " from rpt_pipeline_movement order by 1, 2, 3, 4"
    )
    before: dict[Any, int] = defaultdict(int)
    for *group, _, start, total, end in rows:
        assert start == before[tuple(group)]
        assert total == end
        before[tuple(group)] = end
    open_now = warehouse.query(
        "select pipeline_id, owner_id, currency_code, sum(amount_cents)"
        " from fct_opportunities where is_closed is not true"
        " group by pipeline_id, owner_id, currency_code"
    )
    assert {k: v for k, v in before.items() if v} == {
        tuple(group): value for *group, value in open_now if value
    }


@pytest.mark.long
@pytest.mark.parametrize(("seed", "engine"), [(1, "sqlite"), (2, ENGINES[-1])])
def test_random_histories(
    new_warehouse: Callable[[str], Warehouse],
    engine: str,
    seed: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """New, changed, reopened, deleted, merged, returned, moved and backdated deals."""
    random_ = random.Random(seed)
    warehouse = new_warehouse(engine)
    deals = Deals()
    keys = [f"D{number}" for number in range(12)]
    born = {
        key: random_.choice(
            [None, "2025-11-20T09:00:00", "2026-01-05T09:00:00", "2026-02-03T09:00:00"]
        )
        for key in keys
    }
    for number, clock in enumerate(CLOCKS, 1):
        monkeypatch.setenv(VARIABLE, f"{clock}Z")
        some = sorted(random_.sample(keys, 9))
        rows = [deal(key, random_, created_date=born[key]) for key in some]
        warehouse.deliver(f"opportunities_{number}.json", rows)
        deals.deliver(clock, rows)
        warehouse.land()
        if number in (1, 3, 6):
            warehouse.build_models()
    check(warehouse, deals, CLOCKS[-1][:7])
    incremental = warehouse.lasting()
    warehouse.build_with_seeds("--full-refresh")
    assert not differences(incremental, warehouse.lasting())


def test_a_change_without_a_time_is_of_the_day_of_its_file(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By hand: never of the last time that was known, which is January."""
    known = opportunity(
        last_modified="2026-01-05T09:00:00", created_date="2026-01-02T09:00:00",
        close_date=None, probability=None, is_closed=None, currency="USD",
    )  # fmt: skip
    brief = {k: v for k, v in known.items() if k != "last_modified"}
    for number, (clock, row) in enumerate(
        [
            ("2026-01-10T06:00:00", known),
            ("2026-03-02T06:00:00", brief | {"amount": "2000"}),
            # changed in March, as a later file says
            ("2026-04-01T06:00:00", brief | {"stage": "Negotiation"}),
            ("2026-04-20T06:00:00", known | {"last_modified": "2026-03-20T09:00:00",
                                             "stage": "Negotiation"}),
            ("2026-05-10T06:00:00", brief | {"stage": "Closed Won"}),
        ]
    ):  # fmt: skip
        monkeypatch.setenv(VARIABLE, f"{clock}Z")
        warehouse.deliver(f"opportunities_{number}.json", [row])
        warehouse.land()
    warehouse.build_models()
    assert warehouse.query(
        "select substr(valid_from, 1, 10), amount_cents, stage"
        " from dim_opportunities_history order by version_number"
    ) == [
        ("2026-01-05", 150050, "Proposal"),
        ("2026-03-02", 200000, "Proposal"),
        ("2026-03-20", 150050, "Negotiation"),
        ("2026-05-10", 150050, "Closed Won"),
    ]
    assert warehouse.query(
        "select stage, substr(entered_at, 1, 10) from fct_deal_stage_changes"
        " order by change_number"
    ) == [
        ("Proposal", "2026-01-05"),
        ("Negotiation", "2026-03-20"),
        ("Closed Won", "2026-05-10"),
    ]
    assert warehouse.query(
        "select movement_month, grown_minor, won_minor from rpt_pipeline_movement"
        " where grown_minor + won_minor > 0 order by 1"
    ) == [("2026-03", 49950, 0), ("2026-05", 0, 150050)]


@pytest.mark.long
def test_the_systems_own_history_overrides(
    new_warehouse: Callable[[str], Warehouse],
    engine: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Deliveries count before and after it; columns of dates for stages they name."""
    random_ = random.Random(7)
    warehouse = new_warehouse(engine)
    deals = Deals()
    keys = [f"D{number}" for number in range(12)]
    born = "2025-12-20T09:00:00"
    for number, clock in enumerate(CLOCKS, 1):
        monkeypatch.setenv(VARIABLE, f"{clock}Z")
        rows = []
        for key in keys:
            row = deal(
                key, random_, created_date=born, is_deleted="false", merged_into=None,
                last_modified=None, currency="USD",
            )  # fmt: skip
            if key < "D5" and number in (2, 4):  # D0 to D4, D10 and D11
                for minute, stage in enumerate(random_.sample(NAMED, 2)):
                    day = random_.randint(1, 9)
                    at = f"2026-0{random_.randint(1, number)}-0{day}"
                    at += f" 11:{number}{minute}"
                    name = stage.lower().replace(" ", "")
                    row[f"hs_v2_date_entered_{name}"] = at
                    told = Told(moment(at + ":00"), stage, evidence="dated_columns")
                    deals.told[key].append(told)
            rows.append(row)
        warehouse.deliver(f"opportunities_{number}.json", rows)
        deals.deliver(clock, rows)
        if number in (2, 5):
            warehouse.deliver(
                f"stage_changes_{number}.json", _changes(deals, number, random_)
            )
        warehouse.land()
        if number in (1, 4, 6):
            warehouse.build_models()
    check(warehouse, deals, CLOCKS[-1][:7])
    incremental = warehouse.lasting()
    warehouse.build_with_seeds("--full-refresh")
    assert not differences(incremental, warehouse.lasting())


def _changes(deals: Deals, number: int, random_: random.Random) -> list[dict[str, Any]]:
    """Changes of two deals with all their values, and of two of the stage alone."""
    rows = []
    for place, key in enumerate(["D4", "D5", "D6", "D7"]):
        for day in sorted(random_.sample(range(10, 29), 3)):
            at = f"2026-0{number - 1}-{day}T15:00:00"
            stage, old = random_.choice(STAGES), random_.choice(STAGES[:3])
            row: dict[str, Any] = {
                "id": f"{number}-{key}-{day}", "opportunity_id": key,
                "stage": stage, "old_stage": None, "changed_at": at, "amount": None,
                "close_date": None, "field": None,
            }  # fmt: skip
            if place < 2:
                amount = random_.choice(["10.10", "20.20", "333.33"])
                close = f"2026-0{random_.randint(1, 9)}-15"
                row |= {"amount": amount, "close_date": close}
                deals.told[key].append(
                    Told(
                        moment(at),
                        stage,
                        round(float(amount) * 100),
                        date.fromisoformat(close),
                        has_amount=True,
                    )
                )
            else:
                row |= {"old_stage": old, "field": "StageName"}
                deals.told[key].append(Told(moment(at), stage))
                first = deals.first_stages.get(key)
                if first is None or moment(at) < first[0]:
                    deals.first_stages[key] = (moment(at), old)
            rows.append(row)
    rows.append(
        {
            "id": f"{number}-other",
            "opportunity_id": "D6",
            "stage": "ann",
            "old_stage": "bob",
            "changed_at": "2026-01-02T00:00:00",
            "amount": None,
            "close_date": None,
            "field": "Owner",
        }
    )
    return rows
