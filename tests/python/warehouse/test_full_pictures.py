"""What full pictures delete, against a model of it in plain Python."""

from __future__ import annotations

import csv
import gzip
import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from scripts.ingest.clock import VARIABLE

from .deliveries import activity, contact, opportunity
from .history_oracle import moment
from .test_increments import ON_EACH
from .warehouse import Warehouse, differences

NEVER = moment("0001-01-01")
SEQUENCES = 24
ROUNDS = 6
TICK = timedelta(microseconds=1)
HEADERS = ("Prospect No", "Prospect Title", "Prospect Changed")
FULL = """
system: portal
evidence: seen
settings: {delivery: full}
tables:
  prospects:
    into: crm.leads
    key: [id]
    recognised_by: [[Prospect No, Prospect Title]]
    columns:
      id: [Prospect No]
      title: [Prospect Title]
      last_modified: [Prospect Changed]
"""
SHEETS = """
system: sheets
evidence: seen
settings: {delivery: full}
tables:
  prospects:
    into: crm.leads
    key: [id]
    recognised_by: [[Prospect Id, Prospect Name]]
    columns: {id: [Prospect Id], full_name: [Prospect Name]}
  answers:
    into: marketing.form_leads
    recognised_by: [[Answer Id, Answer Name]]
    columns: {lead_id: [Answer Id], full_name: [Answer Name], email: [Answer Mail]}
  members:
    into: marketing.list_members
    recognised_by: [[Member Id, Member Name]]
    columns: {member_id: [Member Id], full_name: [Member Name], email: [Member Mail]}
"""
HUBSPOT = """
system: hubspot
settings: {delivery: full, currency: USD}
"""
HISTORY = """
select
    lead_id, valid_from, row_status = 'current', title, last_modified,
    coalesce(is_deleted, false)
from int_crm_leads__versioned
where row_status in ('current', 'superseded')
order by lead_id, version_number
"""
BUILT = (
    "stg_ingest__files", "stg_crm__*", "int_crm__pictures", "int_crm__absences",
    "int_crm__row_findings", "int_crm_leads__versioned",
)  # fmt: skip
HELD_BACK = """
select picture_group, missing_count, known_count
from int_crm__absences as pictures
where
    picture_status = 'held_back'
    and unit_number = (
        select max(unit_number) from int_crm__absences as others
        where others.picture_group = pictures.picture_group
    )
group by picture_group, missing_count, known_count
"""
State = tuple[str, datetime | None, bool]
"""The title of a lead, when it was changed, and whether it is deleted."""


@dataclass
class Delivery:
    """What came for one instance in one run: all of it, or what was whole."""

    clock: datetime
    is_whole: bool
    rows: list[tuple[str, str, datetime | None]]
    """Identifier, title, and when it was changed."""


@dataclass
class Expected:
    """What is known of the leads of an instance."""

    history: dict[str, list[tuple[datetime, State]]] = field(default_factory=dict)
    held_back: tuple[int, int] | None = None
    """Missing and known records of the newest delivery, if it was held back."""


def expected(deliveries: list[Delivery]) -> Expected:
    """Work out key by key what is deleted and when: all by brute force."""
    found = Expected()
    living: set[str] = set()
    timelines: dict[str, list[tuple[Delivery, str, datetime | None] | Delivery]] = {}
    for delivery in deliveries:
        found.held_back = None
        present = {key for key, *_ in delivery.rows}
        missing, kept = living - present, living & present
        for key, name, changed in delivery.rows:
            timelines.setdefault(key, []).append((delivery, name, changed))
        living |= present
        if not delivery.is_whole or not missing:
            continue
        if len(missing) > (len(missing) + len(kept)) / 5:
            found.held_back = len(missing), len(missing) + len(kept)
            continue
        living -= missing
        for key in missing:
            timelines[key].append(delivery)
    found.history = {key: _versions(each) for key, each in timelines.items()}
    return found


def _versions(
    timeline: list[tuple[Delivery, str, datetime | None] | Delivery],
) -> list[tuple[datetime, State]]:
    """The versions of a lead from its rows and deletions in order of arrival."""
    epoch, newest, begun, placed = 0, NEVER, None, []
    for number, each in enumerate(timeline):
        if isinstance(each, Delivery):
            time = max(each.clock, newest)
            placed.append((epoch, time, number, each.clock))
            epoch, begun = epoch + 1, None
            continue
        delivery, _, changed = each
        begun = begun or delivery.clock
        newest = max(newest, changed or NEVER)
        time = changed or newest
        if epoch:
            time = max(time, begun)
        placed.append((epoch, time, number, delivery.clock))
    placed.sort()
    versions: list[tuple[datetime, State]] = []
    known: tuple[str, datetime | None] = ("", None)
    for place, (_, time, number, received) in enumerate(placed):
        row = timeline[number]
        if not isinstance(row, Delivery):
            known = row[1:]
        state = (*known, isinstance(row, Delivery))
        if versions and versions[-1][1] == state:
            continue
        begin = time
        if not isinstance(row, Delivery) and row[2] is None:
            # when it was received, between the known times around it
            others = [other for _, other, *_ in placed[place:] if other != time]
            later = [other for other in others[:1] if other > time]
            begin = max(time, min([received, *later]))
        if versions:
            begin = max(begin, versions[-1][0] + TICK)
        versions.append((begin, state))
    return versions


class Instance:
    """One portal: leads that come and go, and what was delivered of them."""

    def __init__(self, number: int, random_: random.Random) -> None:
        self.folder = f"portal-{number}"
        self.random = random_
        self.deliveries: list[Delivery] = []
        self.keys = [str(100 + n) for n in range(random_.choice([0, 4, 9, 10, 12]))]

    def deliver(self, inbox: Path, number: int, clock: datetime) -> None:
        """Put the files of one run into the inbox, or none."""
        choice = self.random.random
        if choice() < 0.15:
            return
        keys = list(self.keys)
        for _ in range(self.random.choice([0, 0, 1, 1, 2, 3, 8])):
            if keys:
                keys.remove(self.random.choice(keys))
        keys += [str(100 + n) for n in range(14) if choice() < 0.1]
        keys = list(dict.fromkeys(keys))
        self.keys = keys if choice() < 0.8 else self.keys
        rows = [
            (
                key,
                self.random.choice(["CEO", "CTO"]),
                self.random.choice([None, moment(f"2025-0{number}-15"), clock]),
            )
            for key in keys
        ]
        kind = self.random.choice(
            ["whole"] * 5 + ["parts", "cut", "rejected", "nameless"]
        )
        folder = inbox / self.folder
        folder.mkdir(exist_ok=True)
        name = self.random.choice(["all", f"all-2026-01-0{number}"])
        if kind == "parts" and len(rows) > 1:
            half = len(rows) // 2
            (folder / f"{name}_1.csv").write_text(_csv(rows[:half]))
            (folder / f"{name}_2.csv").write_text(_csv(rows[half:]))
        elif kind == "cut" and rows:
            torn = gzip.compress(_csv(rows).encode())[:-6]
            (folder / f"{name}.csv.gz").write_bytes(torn)
        elif kind == "rejected":
            (folder / f"{name}.csv").write_text(_csv(rows) + "1,2,3,4,5\n")
        elif kind == "nameless":
            (folder / f"{name}.csv").write_text(_csv(rows) + ",CEO,\n")
        else:
            kind = "whole"
            (folder / f"{name}.csv").write_text(_csv(rows))
        rows = [(f"{self.folder}:{key}", *rest) for key, *rest in rows]
        is_whole = kind in ("whole", "parts")
        self.deliveries.append(Delivery(clock, is_whole, rows))


def _csv(rows: list[tuple[str, str, datetime | None]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADERS)
    for key, title, changed in rows:
        at = changed.strftime("%Y-%m-%d %H:%M:%S") if changed else ""
        writer.writerow((key, title, at))
    return text.getvalue()


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the user's folder, which knows a system that exports full pictures."""
    folder = tmp_path / "config"
    (folder / "systems").mkdir(parents=True)
    (folder / "systems" / "portal.yml").write_text(FULL)
    (folder / "systems" / "hubspot.yml").write_text(HUBSPOT)
    (folder / "systems" / "sheets.yml").write_text(SHEETS)
    monkeypatch.setenv("WAREHOUSE_CONFIG", str(folder))
    return folder


@pytest.mark.long
@ON_EACH
def test_random_sequences(
    new_warehouse: Callable[[str], Warehouse],
    engine: str,
    config: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Full, partial, shrunken, cut and empty pictures of many portals at once."""
    warehouse = new_warehouse(engine)
    random_ = random.Random(7)
    instances = [Instance(number, random_) for number in range(SEQUENCES)]
    for number in range(1, ROUNDS + 1):
        clock = moment(f"2026-01-0{number}T06:00:00")
        monkeypatch.setenv(VARIABLE, f"2026-01-0{number}T06:00:00Z")
        for instance in instances:
            for path in (warehouse.inbox / instance.folder).glob("*"):
                path.unlink()
            instance.deliver(warehouse.inbox, number, clock)
        warehouse.land()
        if number in (1, ROUNDS) or random_.random() < 0.6:
            warehouse.build("--select", *BUILT)

    wanted: dict[str, list[tuple[datetime, State]]] = {}
    held_back = {}
    for instance in instances:
        known = expected(instance.deliveries)
        wanted.update(known.history)
        if known.held_back:
            held_back[instance.folder] = known.held_back
    found: dict[str, list[tuple[datetime, State]]] = {}
    current: dict[str, list[bool]] = {}
    for key, begin, is_current, title, at, is_deleted in warehouse.query(HISTORY):
        changed = at and moment(at.removesuffix("Z"))
        state = title, changed, bool(is_deleted)
        found.setdefault(key, []).append((moment(begin.removesuffix("Z")), state))
        current.setdefault(key, []).append(bool(is_current))
    assert any(len(each) > 3 and each[-1][1][-1] for each in wanted.values())
    for key, versions in wanted.items():
        assert _in_milliseconds(found.get(key, [])) == _in_milliseconds(versions), (
            key,
            delivered_to(key, instances),
        )
    assert found.keys() == wanted.keys()
    for each in current.values():
        assert each == [False] * (len(each) - 1) + [True]
    assert held_back
    assert {
        group.split("|")[1]: (missing, known)
        for group, missing, known in warehouse.query(HELD_BACK)
    } == held_back
    incremental = warehouse.lasting()
    warehouse.build("--select", *BUILT, "--full-refresh")
    assert not differences(incremental, warehouse.lasting())


def _in_milliseconds(
    versions: list[tuple[datetime, State]],
) -> list[tuple[datetime, State]]:
    """Versions that began together are told apart by some microseconds."""
    return [(t.replace(microsecond=t.microsecond // 1000), s) for t, s in versions]


def delivered_to(key: str, instances: list[Instance]) -> list[Delivery]:
    """Return what was delivered of the portal of a lead, for a failure's message."""
    folder = key.partition(":")[0]
    return next(i.deliveries for i in instances if i.folder == folder)


MARKETING = (
    *("staging.marketing", "intermediate.marketing", "fct_form_leads", "fct_leads"),
)
KINDS = ("crm_lead", "form_lead", "list")
NAMES = ("Ahrens", "Okafor", "Lindqvist", "Moreau", "Tanaka", "Vlk", "Szabo", "Quill")


def _portal(warehouse: Warehouse, **kept: str) -> None:
    """Deliver full pictures of a portal: of each kind the records named."""
    folder = warehouse.inbox / "hubspot"
    folder.mkdir(exist_ok=True)
    tables = {
        "companies": (
            "Record ID,Company name,Company Domain Name",
            "{0},{1} Works,{1}.com",
        ),
        "contacts": (
            "Record ID,First Name,Last Name,Email,Associated Company IDs",
            "{0},A{0},{1},{0}@{1}.com,{0}",
        ),
        "deals": (
            "Record ID,Deal Name,Deal Stage,Amount,Associated Contact IDs,"
            "Associated Company IDs",
            "{0},D{0},Proposal,100,{0},{0}",
        ),
    }
    for name, (header, line) in tables.items():
        if name in kept:
            lines = [line.format(key, NAMES[int(key) - 1]) for key in kept[name]]
            (folder / f"{name}.csv").write_text("\n".join([header, *lines, ""]))


def _sheets(warehouse: Warehouse, prospects: str, answers: str, members: str) -> None:
    """Deliver full pictures of leads of each kind; answer 9 tries the form."""
    folder = warehouse.inbox / "sheets"
    folder.mkdir(exist_ok=True)
    kinds = {"Prospect": prospects, "Answer": answers, "Member": members}
    for kind, kept in kinds.items():
        lines = [f"{kind} Id,{kind} Name,{kind} Mail"]
        for key in kept:
            name = "<test lead: dummy data>" if key == "9" else f"Ada {NAMES[int(key)]}"
            lines.append(f"{key},{name},{key}@{kind.lower()}s.example")
        (folder / f"{kind.lower()}s.csv").write_text("\n".join([*lines, ""]))


def _leads(warehouse: Warehouse) -> set[tuple[str, str, bool]]:
    rows = warehouse.query("select kind, lead_id, is_test from fct_leads")
    return {(kind, key.rpartition(":")[2], bool(tried)) for kind, key, tried in rows}


def _ids(warehouse: Warehouse, sql: str) -> set[str]:
    return {str(value) for (value,) in warehouse.query(sql)}


@pytest.mark.long
def test_what_is_gone_leaves_the_marts_and_its_children_follow(
    new_warehouse: Callable[[str], Warehouse], engine: str, config: Path
) -> None:
    """Absence, held-back pictures, and merges by chain, circle, list and undone."""
    warehouse = new_warehouse(engine)
    everything = "12345678"
    _portal(warehouse, companies=everything, contacts=everything, deals=everything)
    merged = {"A": "B", "B": "C", "X": "Y", "S": "S", "N": "M"}
    deals = [
        opportunity(key, merged_into=merged.get(key), contact_id=None, company_id=None)
        for key in "ABCXYSNDEFG"
    ]
    listed = {"D": "E", "F": "G"}  # the survivor names who went into it
    deals = [row | {"merged_ids": listed.get(row["id"])} for row in deals]
    warehouse.deliver("opportunities_1.json", deals)
    warehouse.deliver(
        "activities.json",
        [
            activity(f"T{key}", opportunity_id=key, contact_id=None)
            for key in "ABCXYSNEG"
        ],
    )
    warehouse.run()
    assert _ids(warehouse, "select opportunity_id from fct_opportunities") == {
        *"CYSDF",
        *(f"hubspot:{key}" for key in everything),
    }
    children = "select activity_id, opportunity_id from fct_activities"
    assert dict(warehouse.query(children)) == {
        **{
            "TA": "C",
            "TB": "C",
            "TC": "C",
            "TX": "Y",
            "TY": "Y",
            "TS": "S",
            "TN": None,
        },
        **{"TE": "D", "TG": "F"},
    }

    # the other way round, a list without the record, and a chain that goes on
    _portal(warehouse, companies="1235678", contacts="1345678", deals="1245678")
    warehouse.deliver(
        "opportunities_2.json",
        [
            opportunity("Y", merged_into="X", contact_id=None, company_id=None),
            opportunity("F", merged_ids=None, contact_id=None, company_id=None),
            opportunity("C", merged_into="D", contact_id=None, company_id=None),
        ],
    )
    warehouse.run()
    own = (
        "select opportunity_id from fct_opportunities"
        " where opportunity_id not like '%:%'"
    )
    assert _ids(warehouse, own) == {*"XSDFG"}
    assert dict(warehouse.query(children)) == {
        **{
            "TA": "D",
            "TB": "D",
            "TC": "D",
            "TX": "X",
            "TY": "X",
            "TS": "S",
            "TN": None,
        },
        **{"TE": "D", "TG": "G"},
    }
    assert ("merged_in_circle", "X", "merged_into") in warehouse.findings()
    links = (
        "select opportunity_id, company_id, contact_id from fct_opportunities"
        " where opportunity_id like 'hubspot:%'"
    )
    assert {
        tuple((part or "-").removeprefix("hubspot:") for part in row)
        for row in warehouse.query(links)
    } == {
        *[(key, key, key) for key in "15678"],
        ("2", "2", "-"),
        ("4", "-", "4"),
    }
    assert _ids(warehouse, "select contact_id from dim_contacts") == {
        f"hubspot:{key}" for key in "1345678"
    }
    history = (
        "select version_number, coalesce(is_deleted, false), valid_to is null"
        " from dim_opportunities_history where opportunity_id = 'hubspot:3' order by 1"
    )
    assert warehouse.query(history) == [(1, 0, 0), (2, 1, 1)]

    # a deal comes back; contacts shrink by more than a fifth
    _portal(warehouse, companies="1235678", contacts="134567", deals="12345678")
    warehouse.run()
    assert warehouse.query(history) == [(1, 0, 0), (2, 1, 0), (3, 0, 1)]
    assert len(_ids(warehouse, "select contact_id from dim_contacts")) == 6
    _portal(warehouse, contacts="134", deals="")
    warehouse.run()
    assert len(_ids(warehouse, "select contact_id from dim_contacts")) == 6
    assert len(_ids(warehouse, links.replace(", company_id, contact_id", ""))) == 8
    held = {
        name: text.split(" records")[0]
        for name, text in warehouse.query(
            "select file_name, source_value from fct_row_errors"
            " where rule = 'picture_held_back'"
        )
    }
    assert held == {"contacts.csv": "3 of 6", "deals.csv": "8 of 8"}
    # a file of another name beside it, which stays in the folder as it is
    later = "".join(f"{key},D{key},Proposal,100,{key},{key}\n" for key in "1234567")
    (warehouse.inbox / "hubspot" / "deals_later.csv").write_text(
        "Record ID,Deal Name,Deal Stage,Amount,Associated Contact IDs,"
        "Associated Company IDs\n" + later
    )
    warehouse.run()
    assert _ids(warehouse, links.replace(", company_id, contact_id", "")) == {
        f"hubspot:{key}" for key in "1234567"
    }
    conserved = (
        "select landed_count = error_count + current_count + superseded_count"
        " + unchanged_count from rpt_record_conservation where source_name = 'crm'"
        " and landed_count > 0"
    )
    assert _ids(warehouse, conserved) == {"1"}
    incremental = warehouse.lasting()
    warehouse.build_models("--full-refresh")
    assert not differences(incremental, warehouse.lasting())


@pytest.mark.long
@ON_EACH
def test_leads_of_each_kind_that_are_gone_leave_their_mart(
    new_warehouse: Callable[[str], Warehouse], engine: str, config: Path
) -> None:
    """Of a CRM, a form and a list; by a delta as by a full build."""
    warehouse = new_warehouse(engine)
    built = ("--select", *BUILT, *MARKETING, "stg_ingest__*", "fct_ingest_*")
    everything = {(kind, key) for kind in KINDS for key in "123456"}
    _sheets(warehouse, prospects="123456", answers="1234569", members="123456")
    warehouse.land()
    warehouse.build(*built)
    tried = ("form_lead", "9", True)
    assert _leads(warehouse) == {tried} | {(*lead, False) for lead in everything}
    gone = {("crm_lead", "6"), ("form_lead", "5"), ("list", "4")}
    _sheets(warehouse, prospects="12345", answers="123469", members="12356")
    warehouse.land()
    for anew in ((), ("--full-refresh",)):
        warehouse.build(*built, *anew)
        left = {(*lead, False) for lead in everything - gone}
        assert _leads(warehouse) == {tried} | left
    # the form's own mart says the same
    assert warehouse.query(
        "select lead_id, is_test from fct_form_leads order by lead_id"
    ) == warehouse.query(
        "select lead_id, is_test from fct_leads where kind = 'form_lead'"
        " order by lead_id"
    )


def test_files_that_seem_to_show_all_records_are_pointed_out(
    warehouse: Warehouse,
) -> None:
    """Where nothing is declared; of each account alone, and its newest delivery."""

    def deliver(name: str, keys: range, day: int) -> None:
        rows = [opportunity(f"O{key}", amount=str(day)) for key in keys]
        warehouse.deliver(name, rows)

    def found() -> list[tuple[str, str]]:
        warehouse.run()
        return [
            (name, text.split(" records")[0])
            for name, text in warehouse.query(
                "select file_name, source_value from fct_row_errors"
                " where rule = 'picture_likely'"
            )
        ]

    deliver("opportunities_1.json", range(20), 1)
    assert found() == []  # the first
    deliver("opportunities_2.json", range(3, 22), 2)
    assert found() == [("opportunities_2.json", "3 of 20")]
    deliver("opportunities_3.json", range(22), 3)
    assert found() == []  # lacks nothing
    deliver("opportunities_4.json", range(12), 4)
    assert found() == []  # lacks so many that it holds changes
    deliver("opportunities_5.json", range(30, 52), 5)
    assert found() == []  # as many, but others
    assert len(_ids(warehouse, "select opportunity_id from fct_opportunities")) == 44
    # too few to judge
    for day in (1, 2):
        warehouse.deliver(
            f"contacts_{day}.json", [contact(f"P{key}") for key in range(day, 9)]
        )
        assert found() == []
