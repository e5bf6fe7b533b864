"""Each fault alone, in an otherwise good delivery of the crm: nothing else is
lost, and the cause is named."""

import bz2
import gzip
import json
import lzma
import sqlite3
from contextlib import closing

import pytest

from scripts.ingest import ingest

from .conftest import write_crm

COMPANIES = "id,name,domain\nC1,One,one.test\nC2,Two,two.test\nC3,Three,three.test\n"
PEOPLE = [{"id": f"P{n}", "email": f"p{n}@one.test"} for n in (1, 2, 3)]
CONTACTS = json.dumps(PEOPLE)
MANY = ",".join(f"n{n}" for n in range(997))

# file, content, ids that land, exit code, words of the remark
CASES = {
    "missing file": ("companies.csv", None, None, 0, ""),
    "empty file": ("companies.csv", "", None, 1, "empty file"),
    "header only": ("companies.csv", "id,name,domain\n", "", 0, "no records in it"),
    "malformed": (
        "contacts.json",
        CONTACTS.replace('"P2",', '"P2"'),
        "P1 P3",
        0,
        "line 1: malformed JSON: expecting ',' delimiter (1 of 3 records rejected)",
    ),
    "another export behind it": (
        "companies.csv",
        COMPANIES + "\ufeff" + COMPANIES.replace("C", "D"),
        "C1 C2 C3 D1 D2 D3",
        0,
        "line 5: repeated header, no record",
    ),
    "another export in quotes behind it": (
        "companies.csv",
        COMPANIES + '\ufeff"id","name","domain"\nD1,One,one.test\n',
        "C1 C2 C3 D1",
        0,
        "line 5: repeated header, no record",
    ),
    "a wrong delimiter in its first line": (
        "companies.csv",
        "sep=;\r\n" + COMPANIES,
        "C1 C2 C3",
        0,
        "",
    ),
    "compressed by bzip2": (
        "companies.csv",
        bz2.compress(COMPANIES.encode()),
        None,
        1,
        "it is a bzip2 file: unpack it",
    ),
    "compressed by xz": (
        "companies.csv",
        lzma.compress(COMPANIES.encode()),
        None,
        1,
        "it is an xz file: unpack it",
    ),
    "compressed twice": (
        "companies.csv.gz",
        gzip.compress(gzip.compress(COMPANIES.encode())),
        None,
        1,
        "it is compressed twice: decompress it once",
    ),
    "no JSON": (
        "contacts.json",
        "<html>",
        None,
        1,
        "it is HTML or XML without a table",
    ),
    "truncated array": (
        "contacts.json",
        CONTACTS[:-5],
        "P1 P2",
        1,
        "line 1: truncated: the file ends inside the record (1 of 3 records rejected)",
    ),
    "missing required column": (
        "contacts.json",
        json.dumps([{"id": p["id"], "phone": "1"} for p in PEOPLE]),
        None,
        1,
        "required column email is missing (headers: id, phone)",
    ),
    "extra column": (
        "companies.csv",
        "id,name,colour\nC1,One,red\n",
        "C1",
        0,
        "not declared, kept in _extra: colour",
    ),
    "renamed column": ("companies.csv", "Company ID,Name\nC1,One\n", "C1", 0, ""),
    "other order": ("companies.csv", "name,id\nOne,C1\nTwo,C2\n", "C1 C2", 0, ""),
    "unknown company": (
        "contacts.json",
        json.dumps([{**p, "company_id": "nobody"} for p in PEOPLE]),
        "P1 P2 P3",
        0,
        "",
    ),
    "dates and amounts": (
        "opportunities.csv",
        "id,company_id,amount,stage,created_date\n"
        "O1,C1,-5,x,2999-01-01\nO2,C1,,x,2021-02-30\n",
        "O1 O2",
        0,
        "",
    ),
    "repeated id": ("companies.csv", COMPANIES + "C1,Uno,x\n", "C1 C2 C3 C1", 0, ""),
    "same e-mail": (
        "contacts.json",
        CONTACTS.replace("p2@", "p1@"),
        "P1 P2 P3",
        0,
        "",
    ),
    "10 MB field": (
        "companies.csv",
        COMPANIES.replace("Two", "x" * 10_000_000),
        "C1 C2 C3",
        0,
        "",
    ),
    "NUL byte": (
        "companies.csv",
        COMPANIES.replace("Two", "T\0o"),
        "C1 C3",
        0,
        "line 3: NUL character (1 of 3 records rejected)",
    ),
    "invalid UTF-8": (
        "companies.csv",
        COMPANIES.replace("One", "Öne").encode().replace(b"Two", b"Tw\xf6"),
        "C1 C3",
        0,
        "line 3: invalid utf-8 (byte 0xf6); is it written in `encoding: cp1252`? "
        "(config.meta of table companies, models/staging/crm/_crm__sources.yml) "
        "(1 of 3 records rejected)",
    ),
    "another encoding in every record": (
        "companies.csv",
        COMPANIES.replace("One", "Ön")
        .replace("Two", "Zwö")
        .replace("Three", "Dré")
        .encode("cp1252"),
        "C1 C2 C3",
        0,
        "no UTF-8: read as cp1252",
    ),
    "no encoding in any record": (
        "companies.csv",
        COMPANIES.encode().replace(b"test", b"t\x81st"),
        "",
        1,
        "not whole: no record can be read",
    ),
    "stray quote": (
        "companies.csv",
        COMPANIES.replace("Two", '"Two'),
        "C1 C3",
        0,
        "line 3: a quote is not closed (1 of 3 records rejected)",
    ),
    "CRLF and LF": (
        "companies.csv",
        COMPANIES.replace("Two,two.test\n", "Two,two.test\r\n"),
        "C1 C2 C3",
        0,
        "",
    ),
    "1,000 columns": (
        "companies.csv",
        f"id,name,domain,{MANY}\nC1,One,x,{MANY}\n",
        "C1",
        0,
        "not declared, kept in _extra: n0, n1, n2, n3, n4, n5, n6, n7 and 989 more",
    ),
}
TABLES = {
    "companies.csv": ("companies", ["C1", "C2", "C3"]),
    "contacts.json": ("contacts", ["P1", "P2", "P3"]),
    "opportunities.csv": ("opportunities", ["O1", "O2", "O3"]),
    "activities.json": ("activities", ["A1", "A2", "A3"]),
}


@pytest.mark.parametrize("name", CASES)
def test_each_fault_alone(tmp_path, name):
    file, content, ids, exit_code, words = CASES[name]
    folder, db = tmp_path / "inbox" / "crm", tmp_path / "w.db"
    write_crm(folder)
    if content is None:
        (folder / file).unlink()
    else:
        raw = content.encode() if isinstance(content, str) else content
        (folder / file).write_bytes(raw)
    summary = ingest(tmp_path / "inbox", db)
    assert summary.exit_code == exit_code

    remarks = {o.label: o.remarks for o in summary.outcomes}
    if words:
        assert any(words in remark for remark in remarks[f"crm/{file}"])
    if content is None:
        assert summary.undelivered == {"crm": [TABLES[file][0]]}
    with closing(sqlite3.connect(db)) as conn:
        for delivered, (table, good) in TABLES.items():
            expected = good if delivered != file else (ids or "").split()
            rows = conn.execute(f"select id from bronze_crm__{table} order by _row_id")
            assert [id_ for (id_,) in rows] == expected
        assert conn.execute("pragma foreign_key_check").fetchall() == []


def test_a_stray_quote_in_many_rows(tmp_path, shop):
    lines = [f'{n},"{n}",x' if n % 3 else f"{n},{n},x" for n in range(200_000)]
    lines[100_000] = '100000,"100000,x'
    outcome = shop.land("sales.csv", "id,amount,note\n" + "\n".join(lines) + "\n")
    assert (outcome.landed, outcome.rejected) == (199_999, 1)
    assert [r[:2] for r in shop.rejects()] == [(100_002, 100_002)]
    wrong = (
        "select count(*) from bronze_shop__sales "
        "where id <> amount or note <> 'x' or _line <> id + 2 or _record <> id + 1"
    )
    assert shop.query(wrong) == [(0,)]
