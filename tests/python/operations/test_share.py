"""A shared copy: what a delivery holds is in none of its bytes, and it still works."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

import pytest

from scripts import settings
from scripts.clauses import whole
from scripts.dashboards import DASHBOARDS, names, read
from scripts.morning.masks import SHOWN, VARIABLE
from scripts.morning.write import write
from scripts.run.__main__ import main as run
from scripts.share.__main__ import main
from scripts.share.copy import ShareError, share
from scripts.share.declared import STAYS, declared
from scripts.share.pseudonyms import Pseudonyms

from .planted import LIKE_LOOKUPS, Planted, inbox

RELATIONS = "select name from sqlite_master where type in ('table', 'view')"


@pytest.fixture(scope="module")
def planted() -> Planted:
    return Planted()


@pytest.fixture(scope="module")
def planted_warehouse(planted, morning, tmp_path_factory):
    """Sources full of values that are nowhere else, and files with faults."""
    folder = tmp_path_factory.mktemp("planted")
    database = folder / "warehouse.db"
    deliveries = inbox(folder / "inbox", planted)
    assert run(["--inbox", str(deliveries), "--db", str(database)]) == 1
    return database


@pytest.fixture(scope="module")
def shared(morning, manifest, tmp_path_factory):
    path = tmp_path_factory.mktemp("share") / "copy.db"
    share(morning.settings, path, declared(manifest))
    assert [file.name for file in path.parent.iterdir()] == ["copy.db"]
    return path


def rows(path, sql):
    with closing(sqlite3.connect(path)) as db:
        return db.execute(sql).fetchall()


def found(planted, path) -> set[str]:
    """The planted values of which any form is in the bytes of a file."""
    text = path.read_bytes().decode("utf-8", "replace").casefold()
    beginnings = {text[at : at + 6] for at in range(len(text))}
    return {
        value
        for value, form in planted.forms()
        if form[:6] in beginnings and form in text
    }


@pytest.mark.long
def test_no_byte_of_a_copy_is_of_a_delivery(
    planted, planted_warehouse, tmp_path, capsys
):
    copy = tmp_path / "copy.db"
    assert main(["--db", str(planted_warehouse), str(copy)]) == 0
    assert re.search(r"\d+ tables, [\d,]+ rows; \d+ columns", capsys.readouterr().out)
    assert copy.stat().st_mode & 0o777 == 0o600
    there = found(planted, planted_warehouse)
    assert len(there) > 1000
    assert there >= set(LIKE_LOOKUPS)
    assert found(planted, copy) == set()
    assert rows(copy, "pragma foreign_key_check") == []
    assert rows(copy, "pragma integrity_check") == [("ok",)]


@pytest.mark.long
def test_no_byte_of_the_morning_page_is_of_a_delivery(
    planted, planted_warehouse, tmp_path, monkeypatch
):
    """But what the dashboards declare to show: names of files, stages and the like."""
    chosen = settings.Settings("dev", tmp_path, planted_warehouse)
    page = write(chosen)
    named = [c for path in names() for c in read(path)["shown"]]
    there = {name for (name,) in rows(planted_warehouse, RELATIONS)}
    shown = {
        str(value).casefold()
        for table, _, column in (name.partition(".") for name in named)
        if table in there
        for (value,) in rows(planted_warehouse, f"select {column} from {table}")
    }
    left = found(planted, page)
    assert left == {
        value
        for value, form in planted.forms()
        if value in left and any(form in text for text in shown)
    }
    monkeypatch.setenv(VARIABLE, SHOWN)
    assert len(found(planted, write(chosen)) - left) > 20


@pytest.mark.long
def test_a_column_stays_when_it_is_named(planted, planted_warehouse, tmp_path):
    copy = tmp_path / "copy.db"
    named = ["--keep", "fct_activities.notes", "--keep", "dim_products.product_name"]
    assert main(["--db", str(planted_warehouse), str(copy), *named]) == 0
    for sql in (
        "select notes from fct_activities order by _row_id",
        "select product_name from dim_products order by _file_id, _row_id",
    ):
        assert rows(copy, sql) == rows(planted_warehouse, sql)
    left = found(planted, copy)
    assert len(left) < 200
    assert not left & {
        v for (v,) in rows(planted_warehouse, "select email from dim_contacts")
    }


def test_a_column_that_is_not_there_cannot_be_named(morning, tmp_path, capsys):
    for name, hint in (
        ("dim_contacts.emial", "; did you mean dim_contacts.email?"),
        ("bronze_crm__contacts.email", ""),
        ("notes", ""),
    ):
        target = tmp_path / "copy.db"
        assert main(["--db", str(morning.database), "--keep", name, str(target)]) == 2
        assert f"--keep {name}: no mart has it{hint}" in capsys.readouterr().err
        assert not target.exists()


def test_marts_work_on_the_copy(morning, manifest, shared):
    """Each has its rows, what is not personal in them, and no inner table is there."""
    tables = dict(rows(shared, "select name, type from sqlite_master"))
    marts = declared(manifest).marts
    assert len(marts) > 40
    for table, pii in marts.items():
        assert tables[table] == "table"
        names = ", ".join(name for name, kind in pii.items() if kind is STAYS)
        sql = f"select {names or 1} from {table}"
        after, before = rows(shared, sql), rows(morning.database, sql)
        assert sorted(after, key=str) == sorted(before, key=str), table
    assert not [name for name in tables if name.startswith(("stg_", "int_", "ingest"))]
    assert rows(shared, "pragma integrity_check") == [("ok",)]
    assert rows(shared, "pragma foreign_key_check") == []


def test_indexes_and_keys_are_there(morning, shared):
    sql = "select name from sqlite_master where tbl_name like 'dim\\_%' escape '\\'"
    sql += " order by name"
    assert len(rows(shared, sql)) > 20
    assert rows(shared, sql) == rows(morning.database, sql)
    keys = "select * from pragma_foreign_key_list('fct_activities')"
    assert rows(shared, keys) == rows(morning.database, keys)


@pytest.mark.parametrize(
    "sql",
    [
        # who is linked to whom
        "select count(*) from fct_opportunities join dim_contacts using (contact_id)"
        " join dim_companies on dim_contacts.company_id = dim_companies.company_id",
        "select count(*) from dim_contacts_history join dim_contacts"
        " using (contact_id)",
        "select count(*) from fct_row_errors join dim_contacts"
        " on record_id = contact_id",
        "select count(*) from rpt_data_quality join fct_row_errors"
        " on example_finding_id = finding_id",
        "select count(*) from dim_contacts join dim_contacts_history using (email)",
        # an address and the domain of its company
        "select count(*) from dim_contacts join dim_companies"
        " on substr(email, instr(email, '@') + 1) = domain",
        "select email_hash is null, count(distinct email_hash), count(*)"
        " from fct_lead_snapshots group by 1",
        # the way to the line
        "select _file_id, _line from dim_contacts join bronze_crm__contacts"
        " using (_row_id, _file_id) order by _row_id",
    ],
)
def test_equal_values_stay_equal(morning, shared, sql):
    expected = rows(morning.database, sql)
    assert expected not in ([], [(0,)])
    assert rows(shared, sql) == expected


@pytest.mark.parametrize("path", sorted(DASHBOARDS.glob("*.yml")), ids=lambda p: p.stem)
def test_dashboards_show_the_same_figures(morning, shared, path):
    declared = read(path)
    there = {name for (name,) in rows(shared, RELATIONS)}
    missing = set(declared["tables"]) - there
    # a copy has no intermediate tables, which rows behind figures alone read
    missing = {name for name in missing if not name.startswith("int_")}
    if missing:
        assert missing == {"identity_overrides"}  # who decided is no part of a copy
        return
    charts = declared["charts"].values()
    for query in (whole(chart["query"]) for chart in charts):
        after, before = rows(shared, query), rows(morning.database, query)
        assert numbers(after) == numbers(before), query


def numbers(found) -> list:
    return sorted(
        [cell for cell in row if isinstance(cell, (int, float))] for row in found
    )


def test_names_of_the_project_stay_and_those_of_a_delivery_do_not(morning, shared):
    """`shoe_size` is a header that nobody declared."""
    sql = "select rule, column_name from fct_row_errors where source_name = 'crm'"
    before, after = rows(morning.database, sql), rows(shared, sql)
    assert ("column_unexpected", "shoe_size") in before
    assert set(before) - set(after) == {("column_unexpected", "shoe_size")}
    assert len(after) == len(before)


def test_what_is_not_declared_is_masked(morning, manifest, tmp_path):
    known = declared(manifest)
    del known.marts["dim_companies"]["annual_revenue_cents"]
    del known.marts["rpt_data_quality"]["worst_rule"]
    del known.marts["rpt_lead_quality_daily"]
    share(morning.settings, tmp_path / "copy.db", known)
    for sql in (
        "select distinct annual_revenue_cents from dim_companies",
        "select distinct worst_rule from rpt_data_quality where worst_rule is not null",
    ):
        before, after = rows(morning.database, sql), rows(tmp_path / "copy.db", sql)
        assert len(before) == len(after) > 0
        assert not set(before) & set(after)
    ((tables,),) = rows(
        tmp_path / "copy.db",
        "select count(*) from sqlite_master where name = 'rpt_lead_quality_daily'",
    )
    assert tables == 0


def test_every_copy_has_a_key_of_its_own(morning, manifest, shared, tmp_path):
    share(morning.settings, tmp_path / "copy.db", declared(manifest))
    sql = "select email_hash from fct_lead_snapshots union"
    sql += " select contact_id from dim_contacts"
    one, other = rows(shared, sql), rows(tmp_path / "copy.db", sql)
    assert len(one) == len(other) > 70
    assert not set(one) & set(other)
    assert not set(one) & set(rows(morning.database, sql))


def test_a_copy_with_a_broken_key_is_not_made(morning, manifest, tmp_path):
    known = declared(manifest)
    known.seeds["size_bands"]["size_band"] = True  # its marts keep theirs
    with pytest.raises(ShareError, match=r"^\w+ refers to rows that size_bands"):
        share(morning.settings, tmp_path / "copy.db", known)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(morning, tmp_path, capsys):
    target = tmp_path / "there.db"
    target.write_text("mine")
    assert main(["--db", str(morning.database), str(target)]) == 3
    assert "exists already" in capsys.readouterr().err
    assert target.read_text() == "mine"


@pytest.mark.parametrize(
    "value, form",
    [
        ("Ann", r"[A-Z][a-z]{13}"),
        ("ann@example.com", r"[a-z]{14}@[a-z]{14}\.example"),
        ("www.example.com", r"[a-z]{14}\.example"),
        ("+12024561111", r"\+999\d{12}"),
        ("a" * 40, r"[0-9a-f]{40}"),
        ("123e4567-e89b-12d3-a456-426614174000", r"[0-9a-f]{8}-([0-9a-f]{4}-){3}.{12}"),
        ("+", r"[A-Z][a-z]{13}"),
        ("12-04 ann @ home", r"[A-Z][a-z]{13}"),
        ("Zoe\u0301 \ud800", r"[A-Z][a-z]{13}"),
    ],
)
def test_pseudonyms_keep_a_form(value, form):
    one, other = Pseudonyms(), Pseudonyms()
    assert re.fullmatch(form, one.of(value))
    assert one.of(value) == one.of(value) != other.of(value) != value
    assert one.of(value) != one.of(f"{value}1")
    assert (one.of(None), one.of("")) == (None, "")
    assert isinstance(one.of(7), int)
    assert one.of(7) != 7
