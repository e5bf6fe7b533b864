"""Decisions of the desk in a real browser, and what the next run makes of them."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing

import pytest

from scripts import settings
from scripts.desk import decisions, golden, pages, records
from scripts.desk.base import opened
from scripts.desk.entities import ENTITIES
from scripts.desk.facts import facts
from scripts.desk.questions import questions
from scripts.desk.veil import Veil
from scripts.run.__main__ import main
from tools import screenshots

from .keyboard import browsing

CONTACTS = ENTITIES["contacts"]
TODAY = "2025-06-03"
PAIRS = [("P5", "P6"), ("P7", "P8"), ("P9", "P10")]


@pytest.fixture
def copy(morning, tmp_path, monkeypatch):
    """A copy of the warehouse with doubtful pairs, and a folder for decisions."""
    database = tmp_path / "warehouse.db"
    morning.query("vacuum into ?", str(database))
    with closing(sqlite3.connect(database)) as db:
        numbers = dict(
            db.execute("select contact_id, record_number from int_contacts__current")
        )
        for pair in PAIRS:
            one, other = sorted(numbers[name] for name in pair)
            row = (one, other, "-ed-dee", 0, 0, 0.5, "")
            db.execute("insert into int_contacts__paired values (?,?,?,?,?,?,?)", row)
        db.commit()
    monkeypatch.setenv("WAREHOUSE_CONFIG", str(tmp_path / "config"))
    monkeypatch.setattr(decisions, "_steps", [])
    return database


def written(tmp_path):
    path = tmp_path / "config" / "identity_overrides.csv"
    if not path.exists():
        return []
    with path.open(newline="") as file:
        return [tuple(row[1:4]) for row in csv.reader(file)][1:]


@pytest.mark.long
def test_the_desk_is_worked_by_keys(copy, tmp_path):
    if screenshots.browser() is None:
        pytest.skip("no Chromium or Chrome on the path")
    chosen = settings.load(None, copy)
    with screenshots.served(chosen) as address, browsing(tmp_path / "profile") as page:
        page.open(f"{address}/review/contacts")
        here = "document.querySelector('.question[aria-current] h2').textContent"
        records = "document.querySelector('.question[aria-current] thead').innerText"
        assert "Apart now" in page.evaluate(here)
        first = page.evaluate(records).split()
        page.press_and_wait("2")
        assert [line[2] for line in written(tmp_path)] == ["different"]
        assert {*written(tmp_path)[0][:2]} <= {*first}
        assert page.evaluate(records).split() != first, "the next one is there"
        second = page.evaluate(records).split()
        page.press("ArrowRight")
        assert page.evaluate("document.activeElement.id") == "q2"
        page.press("ArrowLeft")
        page.press("r", "s", "d")  # a reason, not two answers
        assert page.evaluate("document.activeElement.value") == "sd"
        page.press("Enter")  # sends nothing
        page.press("Escape")
        page.press_and_wait("s")
        assert [line[2] for line in written(tmp_path)] == ["different", "same"]
        assert {*written(tmp_path)[1][:2]} <= {*second}
        assert decisions.own()[1].reason == "sd"
        page.press_and_wait("l")
        assert [line[2] for line in written(tmp_path)][2:] == ["later"]
        page.press_and_wait("u")
        assert [line[2] for line in written(tmp_path)] == ["different", "same"]
        page.press_and_wait("u")
        assert [line[2] for line in written(tmp_path)] == ["different"]


@pytest.mark.long
def test_a_double_click_is_one_answer(copy, tmp_path):
    if screenshots.browser() is None:
        pytest.skip("no Chromium or Chrome on the path")
    chosen = settings.load(None, copy)
    with screenshots.served(chosen) as address, browsing(tmp_path / "profile") as page:
        page.open(f"{address}/review/contacts")
        page.click_twice_and_wait("#q1 button[value=same]")
        said = page.evaluate("document.querySelector('.message').innerText")
        assert said == "Kept: same. It takes effect at the next run."
        assert len(written(tmp_path)) == 1


def clusters(database, *names):
    with opened(database) as base:
        return [{*records.cluster_of(base, CONTACTS, name)} for name in names]


@pytest.mark.long
def test_a_split_is_apart_after_the_next_run_and_together_once_it_is_undone(
    copy, tmp_path
):
    """So are two that are joined; what is put off decides nothing, nor a wrong line."""
    (inbox := tmp_path / "inbox").mkdir()
    with opened(copy) as base:
        members = records.cluster_of(base, CONTACTS, "P3")
        assert len(members) == 2
        split = golden.to_split(members, {members[1]})
        join = golden.to_join(base, CONTACTS, ["P11"], "P12", [])
    by = ("Ann", TODAY, "")
    decisions.decide("contacts", split, "different", *by)
    decisions.decide("contacts", join, "same", *by)
    decisions.decide("contacts", [("P13", "P14")], "later", *by)
    decisions.decide("contacts", [("P15", "P-none")], "same", *by)
    assert main(["--inbox", str(inbox), "--db", str(copy)]) == 0
    together = {"P11", "P12"}
    found = clusters(copy, *members, "P11", "P12", "P13")
    assert found == [{members[0]}, {members[1]}, together, together, {"P13"}]
    with closing(sqlite3.connect(copy)) as db:
        faults = db.execute("select line, fault from rpt_identity_faults").fetchall()
        shown = db.execute("select contact_id from dim_contacts").fetchall()
    assert faults == [(5, "other record unknown")]
    assert {(members[1],), ("P13",), ("P14",)} <= {*shown}
    with opened(copy) as base:
        assert decisions.waiting(decisions.all_lines(), base) == ([], [])

    for decision in decisions.own():
        decisions.undo(decision)
    assert main(["--inbox", str(inbox), "--db", str(copy)]) == 0
    found = clusters(copy, *members, "P11", "P12")
    assert found == [{*members}, {*members}, {"P11"}, {"P12"}]


@pytest.mark.parametrize(
    "entity, record, line",
    [
        ("contacts", "P6", 8),
        ("companies", "C6", 1),
        ("people", "contact:P6", 8),
        ("organisations", "company:C6", 1),
    ],
)
def test_deals_and_activities_of_every_entity_are_found(morning, entity, record, line):
    """By hand: a deal of 1,500.50 USD and an activity are of P6 of C6, and of nobody
    else. P6 is the seventh of a CSV, C6 one of a JSON file of one line.
    """
    with opened(morning.database) as base:
        known = ENTITIES[entity]
        golden_id, *_ = records.cluster_of(base, known, record)
        found = facts(base, known, [golden_id])[golden_id]
        assert found.counts == {("deal", "open"): 1, ("activity", ""): 1}
        assert found.sums == {("deal", "open", "USD"): 150_050}
        links = pages.Links(lambda entity, name: name, lambda table, key: table)
        shown = pages.Pages(base, known, Veil(True), links).golden([golden_id])
        (there,) = shown["records"]
        assert (there["name"], there["line"]) == (record, line)
        assert questions(base, known) == []


def test_leads_have_a_page_and_no_deals(morning):
    with opened(morning.database) as base:
        known = ENTITIES["leads"]
        assert facts(base, known, ["1005"])["1005"].words() == []
        links = pages.Links(lambda entity, name: name, lambda table, key: table)
        shown = pages.Pages(base, known, Veil(False), links).golden(["1005"])
        assert shown["records"][0]["name"] == "1005"
        assert "Springfield" not in str(shown) and questions(base, known) == []
