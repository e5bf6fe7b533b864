"""Explore hides personal data from whatever is asked, and says so."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from contextlib import closing
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from scripts import settings
from scripts.explore.__main__ import main
from scripts.explore.guard import Guard, refused
from scripts.explore.lacking import lacking
from scripts.explore.sight import Sight
from scripts.morning import masks
from tools import screenshots

ADDRESS = "zz.quince@example.org"


@pytest.fixture(scope="module")
def known(morning, tmp_path_factory):
    """A copy in which each column that is personal holds one text."""
    database = tmp_path_factory.mktemp("personal") / "personal.db"
    morning.query("vacuum into ?", str(database))
    with closing(sqlite3.connect(database)) as db:
        db.execute("update dim_contacts set email = ?, first_name = ?", [ADDRESS] * 2)
        db.execute("update bronze_crm__contacts set email = ?", [ADDRESS])
        db.execute("update dim_companies set industry = ?", [ADDRESS])
        sql = (
            "update {} set person_id = ? where person_id = (select min(person_id) from"
        )
        for table in ("fct_activities", "dim_people"):
            db.execute(f"{sql} dim_people)".format(table), [f"buyer:{ADDRESS}"])
        db.commit()
    return settings.load(None, database)


@pytest.fixture(scope="module")
def served(known):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(masks.VARIABLE, masks.MASKED)
        with screenshots.served(known) as address:
            yield f"{address}/personal"


@pytest.fixture(scope="module")
def sight(known):
    shown = ("fct_leads.campaign",)
    return Sight(known.database, dict(masks.declared()), shown, ["file", "crm"])


@pytest.fixture(scope="module")
def guarded(known, sight):
    with closing(sqlite3.connect(f"{known.database.as_uri()}?mode=ro", uri=True)) as db:
        Guard(db, sight).renew()
        yield db


def read(address: str) -> str:
    with urlopen(address) as answer:  # noqa: S310 (our own)
        return answer.read().decode()


@pytest.mark.parametrize(
    "path",
    [
        *("/dim_contacts", "/dim_contacts.json?_shape=array", "/dim_contacts.csv"),
        *("/dim_contacts.csv?_stream=on&_size=max", "/dim_contacts?_facet=email"),
        *("/dim_contacts?_sort=email", "/dim_contacts?_facet_size=max&_facet=email"),
        *("/dim_contacts?_where=email+like+'zz%25'", "/dim_contacts?email__contains=z"),
        *("/bronze_crm__contacts", "/bronze_crm__contacts/1", "/stg_crm__contacts"),
        *("/dim_companies?_facet=industry", "/active_contacts_without_deal"),
        *("/dim_companies.json?_labels=on", "/fct_opportunities?_labels=on"),
    ],
)
def test_no_page_or_export_shows_them(served, path):
    assert re.sub(r"zz%|__contains", "", read(served + path)).count("zz.") == 0


@pytest.mark.parametrize(
    "sql",
    [
        "select email from dim_contacts",
        "select * from main.dim_contacts",
        'select "email" as x from "main"."dim_contacts" as y',
        "with x as (select email from dim_contacts) select * from x",
        "with rpt_company_review as (select email from dim_contacts)"
        " select * from rpt_company_review",
        "select group_concat(email) over () from dim_contacts",
        "select max(email), min(first_name), hex(email) from dim_contacts",
        "select (select email from bronze_crm__contacts limit 1)",
        "select a.email from dim_contacts as a, dim_people as b where 1 = b.email",
        "select json_group_array(email) from bronze_crm__contacts",
        "select email from dim_contacts union select email from stg_crm__contacts",
        "select contact, other_contact from rpt_contact_review",
        "select industry from dim_companies",
    ],
)
def test_no_sql_shows_them(served, guarded, sql):
    rows = guarded.execute(sql).fetchall()
    assert ADDRESS not in repr(rows)
    assert ADDRESS.encode().hex().upper() not in repr(rows)
    answer = json.loads(read(f"{served}.json?sql={quote(sql)}"))
    assert ADDRESS not in json.dumps(answer["rows"])


@pytest.mark.parametrize(
    "sql, found",
    [
        ("select count(*) from dim_contacts where email = :guess", 0),
        ("select count(email) from dim_contacts", 0),
        ("select count(*) from dim_contacts where length(email) > 3", 0),
        ("select count(*) from dim_contacts where email in (:guess)", 0),
        ("select count(distinct email) from dim_contacts", 0),
    ],
)
def test_nor_does_a_guess(guarded, sql, found):
    assert guarded.execute(sql, {"guess": ADDRESS}).fetchall() == [(found,)]


@pytest.mark.parametrize(
    "sql",
    [
        "select count(*) from dim_contacts join (select 'x' as email) using (email)",
        'select 1 from dim_contacts join (select 1 as email) using /* */ ( "email" )',
        "select 1 from 'dim_contacts' join (select 1 as email) using ('email')",
        "select 1 from [dim_contacts] join (select 1 as email) using (`email`)",
        "select 1 from dim_contacts natural join (select 'x' as email)",
        "select 1 from dim_contacts NATURAL LEFT JOIN (select 'x' as email)",
        "with a as (select 'zz' as email) select email from a"
        " full join dim_contacts using ('email') where email is not null",
    ],
)
def test_sqlite_asks_nobody_about_some_joins(served, sql):
    """So they are refused, with what is wrong."""
    request = f"{served}?sql={quote(sql)}"
    with pytest.raises(OSError, match="400") as error:
        urlopen(request)  # noqa: S310 (our own)
    assert "masked data cannot be joined" in error.value.read().decode()
    fine = (
        "select count(*) from fct_opportunities join dim_companies using (company_id)"
    )
    assert "masked data cannot be joined" not in read(f"{served}?sql={quote(fine)}")


def test_nor_does_it_in_a_condition_of_an_address(served):
    rows = "select contact_id from (select 'x' as email) join dim_contacts"
    condition = quote(f"contact_id in ({rows} using ('email'))")
    with pytest.raises(OSError, match="400"):
        read(f"{served}/dim_contacts?_where={condition}")


@pytest.mark.parametrize(
    "sql, columns",
    [
        ("select 'using (a)' -- using (b)\n/* natural */ from c", []),
        ("select 'natural', time(:a), '12:30(x)', \"$a(\" from c", []),
        ("select $a from b where c in (:d, @e)", []),
        ('a join b using(x, [y z]) join c using ("p""q", \'r\')', 'x|y z|p"q|r'),
        ("a join b using (`p``q`, \"r''s\", 't''u')", "p`q|r''s|t'u"),
        ("from a natural join b", [""]),
        ("from a\ufeffnatural join b", []),
        ("from a \ufeffnatural join b", [""]),
        ("from a \ufeffjoin b using(\ufeffe)", ["e"]),
        ("limit 0x1natural", [""]),
        ("limit ?1natural", [""]),
        ("from é€natural join b", []),
        ("select $a(--) from a natural join b", [""]),
        ("select :a('), @b::c(/*), #d(x", ["", ""]),
        ("select $€(/*) from a", [""]),
        (f"select * from [whole_{'0a' * 32}].a", [""]),
    ],
)
def test_what_a_query_compares_is_read_from_its_text(sql, columns):
    wanted = columns.split("|") if isinstance(columns, str) else columns
    assert [column for _, column in refused(sql)] == wanted


def test_brackets_of_a_parameter_hide_nothing(served):
    sql = "select count(*), $a(--) from (select 'x' as email) natural join dim_contacts"
    with pytest.raises(OSError, match="400"):
        read(f"{served}?sql={quote(sql)}&{quote('a(--)')}=1")


def test_a_column_is_asked_about_again_once_it_holds_something(known, tmp_path):
    database = tmp_path / "other.db"
    with closing(sqlite3.connect(database)) as db:
        db.execute("create table bronze_prospects__registers (register, record)")
        address = f"{database.as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as reader:
            guard = Guard(reader, Sight(database, {}))
            sql = "select record from bronze_prospects__registers"
            guard.renew()
            assert reader.execute(sql).fetchall() == []
            db.execute(
                "insert into bronze_prospects__registers values (1, ?)", [ADDRESS]
            )
            db.commit()
            guard.renew()
            assert reader.execute(sql).fetchall() == [(None,)]


# -- what stays --------------------------------------------------------------------


def test_keys_stay_and_links_lead_on(served):
    text = read(f"{served}/fct_opportunities?_size=5")
    assert re.search(r'href="/personal/dim_companies/[^"]+"', text)
    assert 'class="masked">masked<' in text
    line = json.loads(read(f"{served}/bronze_crm__contacts.json?_shape=array"))[0]
    assert line["_line"] is not None
    assert line["id"].startswith("P")


def test_a_code_leads_to_its_row_in_a_seed(served):
    """Whose rows have no page by their code."""
    page = read(f"{served}/dim_companies?country_code__notblank=1&_size=1")
    links = re.findall(r'href="(/personal/countries[^"]+)"', page)
    assert len(links) == 1
    row = read(served.rpartition("/")[0] + links[0])
    assert re.search(r"<p>\s*1 row\b", row)


def test_a_key_that_is_an_address_has_a_pseudonym_that_leads_on(known, served):
    person = json.loads(read(f"{served}/dim_people.json?_shape=array&_size=max"))
    (key,) = {row["person_id"] for row in person if row["person_id"][:7] == "masked-"}
    assert "contact" in {row["person_id"].partition(":")[0] for row in person}
    page = read(f"{served}/dim_people/{key}")
    assert f"<h1>dim_people: {key}" in page
    assert 'class="records"' not in page  # the desk has another pseudonym
    with pytest.raises(OSError, match="404"):
        read(f"{served}/dim_people/{quote(f'buyer:{ADDRESS}')}")
    whole = "select count(*) from dim_people where person_id = 'buyer:" + ADDRESS + "'"
    for table in ("dim_people", "main.dim_people"):
        sql = whole.replace("dim_people", table)
        answer = json.loads(read(f"{served}.json?sql={quote(sql)}"))
        assert answer["rows"] == [[0]]


@pytest.mark.parametrize(
    "key, is_kept",
    [
        *(("C1", True), ("salesforce:001A", True), ("order:12", True), (7, True)),
        *((None, True), ("a@b.example", False), ('["Ann",1]', False)),
        *(("lead:+17025550100", False), ("2024-05", True), ("", True)),
        *(("hubspot:ann lee", False), ("hubspot:ann\u00a0lee", False), ("ann", False)),
        *(
            ("ann%40b.example 1", False),
            ("x365:ann lee", False),
            ("1 (702) 555-0100", False),
            ("crm", True),
        ),
        *(("7f9c-1234-5678", True), ("2024-05-17 18:28:33", True), ("GB 12", True)),
        ("order:#1|Gift card|1", True),
    ],
)
def test_keys_that_are_personal(sight, key, is_kept, tmp_path):
    """One by one, and by the column where nothing is declared."""
    assert (sight.key(key) == key) is is_kept
    assert sight.key(key) == sight.key(key)
    database = tmp_path / "keys.db"
    with closing(sqlite3.connect(database)) as db:
        db.execute("create table bronze_crm__deals (owner_id text)")
        db.execute("insert into bronze_crm__deals values (?)", [key])
        db.commit()
    seen = Sight(database, {}, names=["crm"])
    assert seen.hides("bronze_crm__deals", "owner_id") is not is_kept


def test_a_few_keys_that_stand_for_nothing_hide_not_the_rest(tmp_path):
    database = tmp_path / "keys.db"
    with closing(sqlite3.connect(database)) as db:
        db.execute("create table bronze_crm__deals (deal_id text, owner_id text)")
        rows = [
            (f"D{n}" if n else "UNKNOWN", "ann lee" if n else "1") for n in range(40)
        ]
        db.executemany("insert into bronze_crm__deals values (?, ?)", rows)
        db.commit()
    sight = Sight(database, {})
    assert not sight.hides("bronze_crm__deals", "deal_id")
    assert sight.hides("bronze_crm__deals", "owner_id")


def test_owners_whose_names_are_their_keys_have_pseudonyms(known, tmp_path):
    """And what a dashboard shows is a key that stays."""
    database = tmp_path / "owners.db"
    with closing(sqlite3.connect(known.database)) as db:
        db.execute("vacuum into ?", [str(database)])
    with closing(sqlite3.connect(database)) as db:
        db.execute("update fct_opportunities set owner_id = 'hubspot:zoe quince'")
        db.commit()
    shown = ["fct_opportunities.pipeline_id"]
    sight = Sight(database, dict(masks.declared()), shown)
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as db:
        Guard(db, sight).renew()
        sql = "select distinct owner_id, pipeline_id from {}fct_opportunities"
        ((owner, pipeline),) = db.execute(sql.format("")).fetchall()
        assert (owner[:7], pipeline) == ("masked-", "default")
        assert db.execute(sql.format("main.")).fetchall()[0][0] is None


def test_no_guess_is_turned_into_a_pseudonym(served):
    sql = "select name from pragma_function_list where name like 'whole%'"
    rows = json.loads(read(f"{served}.json?sql={quote(sql)}"))["rows"]
    assert {name[-4:] for (name,) in rows} == {"_key", "code"}
    for (name,) in rows:
        guess = f"person_id = \"{name.upper()}\"('buyer:{ADDRESS}')"
        sql = f"select count(*) from dim_people where {guess}"
        with pytest.raises(OSError, match="400") as error:
            read(f"{served}?sql={quote(sql)}")
        assert "this name is not known" in error.value.read().decode()
    assert "<h1>" in read(f"{served}/int_operations__unknown_codes")


def test_figures_of_views_are_those_of_the_whole(morning, known, guarded):
    """A view joins by what is hidden; the reader sees its own columns."""
    with closing(sqlite3.connect(known.database)) as db:
        declared = dict(masks.declared())
        views = db.execute("select name from sqlite_master where type = 'view'")
        compared_views = 0
        for (view,) in views.fetchall():
            columns = [c for c, pii in declared.get(view, {}).items() if pii is False]
            if columns:
                counts = ", ".join(f'count("{column}")' for column in columns)
                sql = f"select count(*), {counts} from {view}"
                expected = db.execute(sql).fetchone()
                assert guarded.execute(sql).fetchone() == expected, view
                compared_views += bool(expected[0])
    assert compared_views > 20


def test_a_view_that_is_named_with_its_schema_is_refused(guarded):
    with pytest.raises(sqlite3.DatabaseError, match="prohibited"):
        guarded.execute("select * from main.rpt_win_rate")


@pytest.mark.parametrize(
    "table, column, is_hidden",
    [
        ("dim_contacts", "email", True),  # pii: true
        ("DIM_CONTACTS", "Email", True),
        ("dim_contacts", "contact_id", False),
        ("fct_activities", "notes", True),  # pii: drop
        ("fct_opportunities", "amount_minor", False),
        ("fct_leads", "campaign", False),  # a dashboard shows it
        ("fct_opportunities", "currency_code", False),  # known codes alone
        ("dim_companies", "industry", True),  # not only
        ("bronze_crm__contacts", "email", True),
        ("bronze_crm__contacts", "_line", False),
        ("bronze_crm__contacts", "company_id", False),
        ("stg_crm__contacts", "email", True),
        ("stg_crm__contacts", "is_deleted", False),  # figures alone
        ("int_contacts__clustered", "cluster_id", False),
        ("ingest_files", "file_name", True),
        ("countries", "country_name", False),
        ("no_such_table", "email", True),
        ("sqlite_master", "sql", False),
        ("pragma_database_list", "file", True),
    ],
)
def test_what_is_hidden(sight, table, column, is_hidden):
    assert sight.hides(table, column) is is_hidden


def test_codes_are_looked_at_again_after_a_change(morning, tmp_path):
    database = tmp_path / "changed.db"
    morning.query("vacuum into ?", str(database))
    sight = Sight(database, {"dim_companies": {"industry": "codes"}})
    with closing(sqlite3.connect(database)) as db:
        db.execute("update dim_companies set industry = null")
        db.commit()
        assert not sight.hides("dim_companies", "industry")
        db.execute("update dim_companies set industry = 'Ann of 12 High Street'")
        db.commit()
        assert sight.hides("dim_companies", "industry")


def test_a_view_shows_the_codes_that_are_known(morning, tmp_path):
    database = tmp_path / "codes.db"
    morning.query("vacuum into ?", str(database))
    with closing(sqlite3.connect(database)) as db:
        db.execute("create view v as select 'EUR' as currency_code union select 'Ann'")
        db.commit()
    sight = Sight(database, {"v": {"currency_code": "codes"}})
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as reader:
        guard = Guard(reader, sight)
        guard.renew()
        assert set(reader.execute("select * from v")) == {("EUR",), ("masked",)}
        with closing(sqlite3.connect(database)) as db:
            db.execute("drop view v")
            db.execute("create view v as select 'USD' as currency_code, 1 as n")
            db.commit()
        guard.renew()
        assert reader.execute("select currency_code from v").fetchall() == [("USD",)]


@pytest.mark.parametrize(
    "sql",
    [
        *("attach ':memory:' as other", "create temp table t as select 1"),
        *(
            "delete from dim_contacts",
            "pragma writable_schema = on",
            "drop table rules",
        ),
        "select load_extension('x')",
    ],
)
def test_the_guard_lets_nothing_be_changed(known, sql):
    with closing(sqlite3.connect(known.database)) as db:  # which may write
        Guard(db, None)
        with pytest.raises(sqlite3.DatabaseError):
            db.execute(sql).fetchall()


def test_what_the_guard_reads_by_has_no_name_to_guess(guarded):
    for table in ("sqlite_temp_master", "temp.sqlite_master", "sqlite_temp_schema"):
        assert "whole_" not in repr(
            guarded.execute(f"select * from {table}").fetchall()
        )
    with pytest.raises(sqlite3.DatabaseError, match="not authorized"):
        guarded.execute("select * from pragma_database_list").fetchall()
    plan = guarded.execute("explain query plan select * from rpt_win_rate").fetchall()
    assert "whole_" not in repr(plan)


# -- the switch --------------------------------------------------------------------


def test_every_page_says_that_it_masks_and_how_not_to(served):
    base = served.rpartition("/")[0]
    paths = ("/", "/personal", "/personal/dim_contacts", "/personal/stalled_deals")
    for path in (*paths, "/personal?sql=select+1", "/-/dashboards"):
        text = read(base + path)
        assert "Personal data are masked." in text
        assert "make explore ARGS=--personal" in text
        assert "WAREHOUSE_PERSONAL=shown" in text


def test_the_option_shows_them(known, parsed, tmp_path, monkeypatch):
    def execute(*command):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.execv", execute)
    monkeypatch.setenv(masks.VARIABLE, "")
    monkeypatch.setenv("DBT_TARGET_PATH", str(parsed(tmp_path / "target")))
    assert main(["--db", str(known.database), "--personal", "--port", "0"]) == 130
    assert masks.are_shown()
    with screenshots.served(known) as address:
        text = read(f"{address}/personal/dim_contacts?_size=5")
    assert ADDRESS in text
    assert "Personal data are shown" in text
    assert "masked<" not in text


def test_a_setting_that_is_none_is_one_line(known, monkeypatch, capsys):
    monkeypatch.setenv(masks.VARIABLE, "perhaps")
    assert main(["--db", str(known.database)]) == 2
    assert "expected masked or shown" in capsys.readouterr().err


def test_a_csv_has_the_columns_and_nothing_in_them(served):
    rows = list(csv.DictReader(io.StringIO(read(f"{served}/dim_contacts.csv"))))
    assert rows
    assert {row["email"] for row in rows} == {""}
    assert "" not in {row["contact_id"] for row in rows}


@pytest.mark.parametrize(
    "sql, columns",
    [
        ("with a as (select * from dim_contacts) select count(email) from a", "email"),
        ("select count(*) from dim_contacts group by lower(Last_Name)", "last_name"),
        ("select contact_id from dim_contacts -- by email", ""),
        ("select contact_id from dim_contacts where contact_id = :id", ""),
        ("select email from", ""),
    ],
)
def test_a_query_is_told_what_it_cannot_see(sight, sql, columns):
    assert lacking(sight, sql) == list(filter(None, [columns]))


def test_the_page_of_a_question_says_what_its_answer_lacks(served):
    page = read(f"{served}/pipeline_by_stage_and_owner")
    (note,) = re.findall(r"this answer is made without ([\w, ]*):", page)
    assert {"owner_name"} <= {*note.split(", ")} and "stage_name" not in note
    page = read(f"{served}?sql=select+count(*)+from+dim_contacts+group+by+email")
    assert "this answer is made without email:" in page
    assert "made without" not in read(f"{served}?sql=select+1")
