"""A shared copy: what is personal is in none of its cells, nor in its bytes."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

import pytest

from scripts.share import copy
from scripts.share.__main__ import main
from scripts.share.columns import marked
from scripts.share.words import Mask, Vocabulary

PERSONAL = ("email", "first_name", "last_name", "phone", "notes")
TABLES = ("bronze_crm__contacts", "bronze_crm__activities")


@pytest.fixture(scope="module")
def shared(morning, manifest, tmp_path_factory):
    path = tmp_path_factory.mktemp("share") / "copy.db"
    proof = copy.share(morning.database, path, marked(manifest))
    assert proof.values > 40
    assert proof.columns > 100
    assert proof.texts > 1000
    return path


def rows(path, sql):
    with closing(sqlite3.connect(path)) as db:
        return db.execute(sql).fetchall()


def personal(database) -> set[str]:
    """The values as delivered, by the columns that hold them."""
    found = set()
    with closing(sqlite3.connect(database)) as db:
        for table in TABLES:
            there = {row[1] for row in db.execute(f"pragma table_info({table})")}
            for column in there & set(PERSONAL):
                found |= {v for (v,) in db.execute(f"select {column} from {table}")}
    return {value for value in found if value}


def test_no_cell_holds_a_personal_value(morning, shared):
    values = personal(morning.database)
    assert {"Ann", "Person P3", "Went well", "ann at example.com"} <= values
    with closing(sqlite3.connect(shared)) as db:
        text = "\n".join(db.iterdump())
    for value in values:
        # the descriptions in the DDL are ours
        assert not re.search(rf"(?<![a-z]){re.escape(value)}(?![a-z])", text), value
    digits = re.sub(r"[^\d\n]", "", text)
    assert "12024561111" not in digits
    assert "202456" not in digits  # nor what nobody declared, in _extra


def test_no_byte_is_left_in_free_pages(morning, shared):
    content = shared.read_bytes().lower()
    assert b"companies" in content
    for value in (b"@c1.example.com", b"person p3", b"ann at example", b"went well"):
        assert value in morning.database.read_bytes().lower()
        assert value not in content


def test_rejected_lines_and_findings_are_masked_too(morning, shared):
    ((before,), (after,)) = (
        rows(path, "select raw_text from ingest_rejects")[0]
        for path in (morning.database, shared)
    )
    assert "P7" in before
    assert not set(re.findall(r"\w{2,}", before)) & set(re.findall(r"\w{2,}", after))
    ((value,),) = rows(
        shared, "select source_value from fct_row_errors where rule = 'email_malformed'"
    )
    assert re.fullmatch(r"\w+ \w+ \w+\.\w+", value)  # like: ann at example.com


def test_what_is_not_personal_stays(morning, shared):
    for sql in (
        "select company_id, company_name, domain, industry from dim_companies",
        "select contact_id, company_id, title, status from dim_contacts",
        "select opportunity_id, stage, amount_cents from fct_opportunities",
        "select rule, file_name, line, record_id from fct_row_errors",
        "select score_id, score from rpt_data_quality",
    ):
        assert rows(shared, sql) == rows(morning.database, sql)
    assert rows(shared, "pragma integrity_check") == [("ok",)]
    assert rows(shared, "pragma foreign_key_check") == []


def test_equal_values_stay_equal(shared):
    """One person's address is the same in bronze, staging and mart."""
    ((same, all_),) = rows(
        shared,
        """
        select sum(lower(bronze.email) = contacts.email), count(*)
        from dim_contacts as contacts
        join bronze_crm__contacts as bronze on bronze._row_id = contacts._row_id
        where contacts.email is not null
        """,
    )
    assert same == all_ > 30


def test_a_copy_with_anything_left_is_not_made(
    morning, manifest, tmp_path, monkeypatch
):
    monkeypatch.setattr(Mask, "parts", lambda self, text: text)
    target = tmp_path / "copy.db"
    with pytest.raises(copy.ShareError, match=r"^\w+\.\w+ still holds personal data"):
        copy.share(morning.database, target, marked(manifest))
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(morning, tmp_path, capsys):
    target = tmp_path / "there.db"
    target.write_text("mine")
    assert main(["--db", str(morning.database), str(target)]) == 3
    assert "exists already" in capsys.readouterr().err
    assert target.read_text() == "mine"


@pytest.mark.parametrize(
    "text, found",
    [
        ("Call with ANN about it", True),
        ("Annual report", False),
        ("ann.lee@example.org", True),  # by the name in it
        ('{"who": "x\\nAnn"}', True),  # an escape runs into the word as written
        ('{"ann": "x"}', False),  # a key is a header
        ("(202) 456-1111 ext. 5", True),
        ("2024561112", False),
        ("0012024561111", True),
        ("Zoë", True),
        ("ZOË!", True),
        ("Zo", False),
        ("", False),
        ("won", False),  # a word of the project's own lookups
        ("{not json Ann", True),
    ],
)
def test_values_are_found_by_their_words(text, found):
    known = Vocabulary(["Ann", "+1 202 456 1111", "Zoë", "Won", "x"], ["won"])
    assert known.is_in(text) == found
    masked = Mask(b"key", known).parts(text)
    assert not known.is_in(masked)
    assert (masked != text) == found
    assert bool(text) == bool(masked)
