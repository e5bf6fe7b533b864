"""What the newest day changed of deals: the view itself, over states made by hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

YESTERDAY, TODAY = "2025-06-02T06:30:00.000000Z", "2025-06-03T06:30:00.000000Z"
OLD, NEW, NEWER = 1, 2, 3
"""Files: one of the day before, two of the newest day."""
OPEN, OTHER, WON, LOST = "open", "other", "won", "lost"
STAGES = {OPEN: (0, 0), OTHER: (0, 0), WON: (1, 1), LOST: (1, 0)}


def state(file: int, stage: str = OPEN, amount: int | None = 100, **more) -> dict:
    return {"file": file, "stage": stage, "amount": amount, **more}


# states in the order of versions, and what the newest day made of them
CASES = {
    "new": ([state(NEW)], ("new", "open", 100, None)),
    "new and won": ([state(NEW, WON)], ("new", "won", 100, None)),
    "new and lost": ([state(NEW, LOST)], ("new", "lost", 100, None)),
    "new, in two files": ([state(NEW), state(NEWER, WON)], ("new", "won", 100, None)),
    "won": ([state(OLD), state(NEW, WON)], ("won", "won", 100, 100)),
    "lost": ([state(OLD), state(NEW, LOST, 70)], ("lost", "lost", 70, 100)),
    "lost after won": ([state(OLD, WON), state(NEW, LOST)], ("lost", "lost", 100, 100)),
    "won after lost": ([state(OLD, LOST), state(NEW, WON)], ("won", "won", 100, 100)),
    "reopened": ([state(OLD, LOST), state(NEW)], ("reopened", "open", 100, 100)),
    "moved": ([state(OLD), state(NEW, OTHER, 90)], ("moved", "open", 90, 100)),
    "revalued": ([state(OLD), state(NEW, amount=90)], ("revalued", "open", 90, 100)),
    "no amount now": (
        [state(OLD), state(NEW, amount=None)],
        ("revalued", "open", None, 100),
    ),
    "another currency": (
        [state(OLD), state(NEW, currency="EUR")],
        ("revalued", "open", 100, 100),
    ),
    "edited": ([state(OLD), state(NEW, name="x")], ("edited", "open", 100, 100)),
    "there and back on one day": (
        [state(OLD), state(NEW, OTHER), state(NEWER)],
        ("edited", "open", 100, 100),
    ),
    "deleted": ([state(OLD, amount=7), state(NEW, gone=1)], ("gone", None, 7, 7)),
    "merged": ([state(OLD), state(NEW, merged="other deal")], ("gone", None, 100, 100)),
    "came and went on one day": ([state(NEW), state(NEWER, gone=1)], None),
    "deleted twice": ([state(OLD, gone=1), state(NEW, gone=1)], None),
    "returned": (
        [state(OLD, gone=1), state(NEW)],
        ("returned", "open", 100, 100),
    ),
    # what comes late takes its place in the past
    "stale": ([state(NEW, OTHER), state(OLD)], ("edited", "open", 100, 100)),
    "not of the newest day": ([state(OLD), state(OLD, WON)], None),
    "nothing says how it was closed": (
        [state(OLD), state(NEW, "closed")],
        ("closed", "closed", 100, 100),
    ),
}


@pytest.fixture(scope="module")
def changes(morning) -> Iterator[dict[str, tuple]]:
    """What the view says of each case."""
    ((view,),) = morning.query(
        "select sql from sqlite_master where name = 'rpt_deal_changes'"
    )
    columns = {
        name: [column for (column,) in morning.query(
            "select name from pragma_table_info(?)", name)]
        for name in (
            "stg_ingest__files", "fct_opportunities",
            "int_opportunities__versioned", "dim_deal_stages", "currencies",
        )
    }  # fmt: skip
    with closing(sqlite3.connect(":memory:")) as db:
        for name, found in columns.items():
            db.execute(f"create table {name} ({', '.join(found)})")
        db.executemany(
            "insert into stg_ingest__files (file_id, loaded_at) values (?, ?)",
            [(OLD, YESTERDAY), (NEW, TODAY), (NEWER, TODAY)],
        )
        db.executemany("insert into currencies (code, decimals) values (?, 2)", ["x"])
        stages = [(s, *ends, "flags") for s, ends in STAGES.items()]
        db.executemany(
            "insert into dim_deal_stages (stage_id, is_closed, is_won, evidence)"
            " values (?, ?, ?, ?)",
            [*stages, ("closed", 1, None, "flags")],
        )
        for key, (states, _) in CASES.items():
            fill(db, key, states)
        db.execute(view)
        rows = db.execute(
            "select opportunity_id, change_kind, phase, amount_minor,"
            " amount_minor_before, changed_day from rpt_deal_changes"
        ).fetchall()
    assert {row[-1] for row in rows} == {TODAY[:10]}
    yield {key: tuple(found) for key, *found, _ in rows}


def fill(db: sqlite3.Connection, key: str, states: list[dict]) -> None:
    for number, held in enumerate(states, 1):
        is_last = number == len(states)
        db.execute(
            "insert into int_opportunities__versioned (opportunity_id,"
            " version_number, row_status, stage_id, stage, amount_minor,"
            " currency_code, is_gone, merged_into, is_end_earlier, latest_file_id,"
            " _file_id) values (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)",
            [
                *(key, number, "current" if is_last else "superseded"),
                *(held["stage"], held["stage"], held["amount"]),
                *(held.get("currency", "USD"), held.get("gone", 0)),
                *(held.get("merged"), held["file"], held["file"]),
            ],
        )
    if not held.get("gone") and not held.get("merged"):
        is_closed, is_won = STAGES.get(held["stage"], (1, None))
        db.execute(
            "insert into fct_opportunities (opportunity_id, stage_id, stage,"
            " amount_minor, currency_code, is_closed, is_won)"
            " values (?, ?, ?, ?, ?, ?, ?)",
            [
                *(key, held["stage"], held["stage"], held["amount"]),
                *(held.get("currency", "USD"), is_closed, is_won),
            ],
        )


@pytest.mark.parametrize("case", CASES)
def test_each_change_has_its_kind(changes, case):
    assert changes.get(case) == CASES[case][1]
