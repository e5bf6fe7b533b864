"""The generator: same seed same bytes, sound without dirt, dirt as declared."""

import csv
import json
import os
import subprocess
import sys
from random import Random

import phonenumbers
import pytest
from email_validator import validate_email

from scripts.settings import PROJECT
from tools.generate.__main__ import main
from tools.generate.deliveries import deliveries
from tools.generate.people import (
    REGIONS,
    international,
    national,
    notations,
    phone,
)
from tools.generate.registers import write_registers

TABLES = ("companies", "contacts", "opportunities", "activities")


def read(folder, suffix=""):
    """Return the rows of each table as they stand in the files."""
    tables = {}
    for table in TABLES:
        (path,) = (folder / "crm").glob(f"{table}{suffix}.*")
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".json":
            tables[table] = json.loads(text)
        else:
            tables[table] = list(csv.DictReader(text.splitlines()))
    return tables


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clean")
    assert main(["--out", str(folder), "--dirt", "0", "--seed", "7"]) == 0
    return read(folder)


def by_id(rows):
    return {row["id"]: row for row in rows}


def test_equal_seeds_give_equal_bytes(tmp_path):
    for name, hash_seed in (("first", "1"), ("second", "2")):
        subprocess.run(
            [
                *(sys.executable, "-m", "tools.generate", "--out", tmp_path / name),
                *("--scale", "0.2", "--deliveries", "2"),
            ],
            cwd=PROJECT,
            env=os.environ | {"PYTHONHASHSEED": hash_seed},
            check=True,
            capture_output=True,
        )
    first, second = (
        sorted((tmp_path / n / "crm").iterdir()) for n in ("first", "second")
    )
    assert [path.name for path in first] == [path.name for path in second]
    for left, right in zip(first, second, strict=True):
        assert left.read_bytes() == right.read_bytes()


def test_another_seed_gives_other_records(tmp_path, clean):
    main(["--out", str(tmp_path), "--dirt", "0", "--seed", "8"])
    other = read(tmp_path)
    assert all(other[table] != clean[table] for table in TABLES)


def test_scale_multiplies_the_sample(tmp_path, clean):
    assert [len(clean[table]) for table in TABLES] == [100, 500, 200, 1000]
    main(["--out", str(tmp_path), "--scale", "0.1"])
    small = read(tmp_path)
    assert [len(small[table]) for table in TABLES] == [10, 50, 20, 100]


def test_identifiers_are_unique(clean):
    for table in TABLES:
        assert len(by_id(clean[table])) == len(clean[table])
    emails = [contact["email"] for contact in clean["contacts"]]
    assert len(set(emails)) == len(emails)


def test_references_and_their_order_are_sound(clean):
    companies, contacts = by_id(clean["companies"]), by_id(clean["contacts"])
    opportunities = by_id(clean["opportunities"])
    for contact in clean["contacts"]:
        company = companies[contact["company_id"]]
        assert contact["email"].endswith("@" + company["domain"])
        assert company["created_date"] <= contact["created_date"]
        assert contact["created_date"] <= contact["last_modified"]
    for opportunity in clean["opportunities"]:
        contact = contacts[opportunity["contact_id"]]
        assert opportunity["company_id"] == contact["company_id"]
        assert contact["created_date"] <= opportunity["created_date"]
        assert opportunity["created_date"] < opportunity["close_date"]
        is_closed = opportunity["stage"].startswith("Closed")
        assert opportunity["is_closed"] == str(is_closed)
        assert (opportunity["forecast_category"] == "Closed") == is_closed
    linked = 0
    for activity in clean["activities"]:
        since = contacts[activity["contact_id"]]["created_date"]
        if activity["opportunity_id"] is not None:
            linked += 1
            opportunity = opportunities[activity["opportunity_id"]]
            assert activity["contact_id"] == opportunity["contact_id"]
            since = opportunity["created_date"]
        assert since <= activity["timestamp"] <= "2025-06-30T18:00:00.000000"
    assert 50 < linked < 200


def test_nobody_real_can_be_reached(clean):
    for contact in clean["contacts"]:
        assert contact["email"].endswith(".example")
    for company in clean["companies"]:
        assert company["domain"].endswith(".example")


def test_emails_and_phones_are_valid_and_of_their_country(clean):
    companies = by_id(clean["companies"])
    notations = set()
    for contact in clean["contacts"]:
        validate_email(contact["email"], check_deliverability=False)
        country = companies[contact["company_id"]]["country"]
        number = phonenumbers.parse(contact["phone"], country)
        assert phonenumbers.is_valid_number_for_region(number, country)
        notations.add(contact["phone"][:2])
    countries = {company["country"] for company in companies.values()}
    assert countries == {"US", "CA", "GB", "DE", "FR", "AU"}
    assert len(notations) > 5


@pytest.mark.parametrize("country", REGIONS)
def test_a_number_is_the_same_in_all_notations(country):
    random = Random(country)
    for _ in range(50):
        text = phone(random, country)
        number = phonenumbers.parse(text, country)
        e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        assert international(text, country) == e164
        significant = phonenumbers.national_significant_number(number)
        assert national(text, country) == significant
        others = notations(text, country)
        assert len(others) == len(REGIONS[country].notations) - 1
        assert {international(other, country) for other in others} == {e164}


@pytest.mark.parametrize("rate", [0.05, 1])
def test_dirt_is_what_it_declares_and_nothing_else(tmp_path, clean, rate):
    faults_file = tmp_path / "faults.csv"
    main(
        [
            *("--out", str(tmp_path), "--dirt", str(rate), "--seed", "7"),
            *("--faults", str(faults_file)),
        ]
    )
    dirty = read(tmp_path)
    declared = {
        (fault["table"], fault["record_id"], fault["column"])
        for fault in csv.DictReader(faults_file.read_text().splitlines())
    }
    found = {
        (table, before["id"], column)
        for table in TABLES
        for before, after in zip(clean[table], dirty[table], strict=True)
        for column in before
        if before[column] != after[column]
    }
    assert found == declared
    for table in TABLES:
        share = [fault for fault in found if fault[0] == table]
        assert len(share) == len(clean[table]) * rate


def test_later_deliveries_hold_new_changed_unchanged_and_stale_rows():
    first, second, third = deliveries(3, scale=1, seed=3, dirt=0, delta=0.1)
    for table in TABLES:
        state = by_id(first.tables[table])
        for delivery in (second, third):
            rows = by_id(delivery.tables[table])
            new = rows.keys() - state.keys()
            assert {i for i in rows if rows[i] == state.get(i)} == set(
                delivery.unchanged[table]
            )
            changed = set(delivery.changed[table])
            stale = set(delivery.stale.get(table, []))
            assert changed and new and bool(stale) == (table == "contacts")
            assert rows.keys() == new | changed | stale | set(delivery.unchanged[table])
            for i in changed | stale:
                assert rows[i] != state[i]
                if table == "contacts":
                    later = rows[i]["last_modified"] > state[i]["last_modified"]
                    assert later == (i in changed)
            state.update({i: rows[i] for i in new | changed})


@pytest.mark.parametrize(
    "wrong",
    [["--scale", "0"], ["--dirt", "2"], ["--deliveries", "0"], ["--seed", "x"]],
)
def test_wrong_options_are_usage_errors(tmp_path, capsys, wrong):
    with pytest.raises(SystemExit) as stop:
        main(["--out", str(tmp_path), *wrong])
    assert stop.value.code == 2
    assert wrong[0] in capsys.readouterr().err


def test_an_unwritable_folder_is_one_line(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert main(["--out", str(tmp_path / "file")]) == 3
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_registers_are_the_same_for_the_same_seed(tmp_path):
    """Three states, twice, of as many rows as asked for; some of them change."""
    one, other = (
        write_registers(tmp_path / name, rows=20, deliveries=2, seed=1)
        for name in ("one", "other")
    )
    assert [p.read_text() for p in one] == [p.read_text() for p in other]
    assert [p.name[:2] for p in one] == ["nv", "nv", "ok", "ok", "tx", "tx", "sa"]
    known = list(csv.DictReader(one.pop().open(newline="")))
    assert [row["state"] for row in known] == ["NV", "NV", "NV", "OK", "OK", "OK"] + [
        "TX", "TX", "TX",
    ]  # fmt: skip
    for first, second in zip(one[::2], one[1::2], strict=True):
        rows = [list(csv.DictReader(p.open(newline=""))) for p in (first, second)]
        assert len(rows[0]) == len(rows[1]) == 20
        assert 0 < sum(a != b for a, b in zip(*rows, strict=True)) <= 2


def test_some_are_entered_twice(clean, tmp_path):
    """Under an identifier and with a date of their own; nothing else changes."""
    argv = ["--out", str(tmp_path), "--dirt", "0", "--seed", "7", "--twice", "0.1"]
    assert main(argv) == 0
    found = read(tmp_path)
    for table, again in (("companies", 10), ("contacts", 50)):
        first, second = found[table][:-again], found[table][-again:]
        assert first == clean[table]
        for row in second:
            original = by_id(first)[row["id"].rsplit("-", 1)[0]]
            differing = {name for name in row if row[name] != original[name]}
            assert {"id", "created_date"} < differing
            assert row["created_date"] > original["created_date"]
    assert found["opportunities"] == clean["opportunities"]
