"""Registers: files of many shapes in one table, each row as JSON by header."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from scripts.ingest import UsageError, ingest
from scripts.ingest.bronze import Tables
from scripts.ingest.sources import load_sources

DECLARATION = """
sources:
  - name: states
    tables:
      - name: rolls
        identifier: bronze_states__rolls
        config:
          meta:
            mappings: seeds/mappings.csv
            registers:
              one:
                files: [one*]
                state: NV
                required: [Name]
              two:
                files: [two*]
                state: OK
                encoding: cp1252
                delimiter: ";"
        columns:
          - {name: register}
          - {name: record}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project with two registers, of which the seed maps both."""
    folder = tmp_path / "models/staging/states"
    folder.mkdir(parents=True)
    (folder / "_states__sources.yml").write_text(DECLARATION)
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/mappings.csv").write_text(
        "register,source_columns\none,Name | Label; Name\ntwo,Name\n"
    )
    (tmp_path / "inbox/states").mkdir(parents=True)
    return tmp_path


def land(project: Path, **files: bytes) -> dict[str, str]:
    """Ingest files; return what became of each."""
    for name, content in files.items():
        (project / "inbox/states" / f"{name}.csv").write_bytes(content)
    summary = ingest(
        project / "inbox", project / "w.db", declarations=project / "models/staging"
    )
    return {o.label[7:-4]: o.reason or o.status for o in summary.outcomes}


def records(project: Path) -> list[tuple]:
    """Return the rows of bronze: register, line, record."""
    with closing(sqlite3.connect(project / "w.db")) as db:
        rows = db.execute(
            "select register, _line, record from bronze_states__rolls order by 1, 2"
        ).fetchall()
    return [(register, line, json.loads(record)) for register, line, record in rows]


def test_each_row_is_json_by_its_own_headers(project: Path) -> None:
    content = 'Name , "Say ""Hi""",Name\nAnn,"a\n""b""",x\nBo,,\n'
    assert land(
        project, one=content.encode(), two="Straße;Nr\nÄpfel;7\n".encode("cp1252")
    ) == {"one": "landed", "two": "landed"}
    assert records(project) == [
        (
            "one",
            2,
            {"Name": "Ann", 'Say "Hi"'.replace('"', ""): 'a\n"b"', "Name_2": "x"},
        ),
        ("one", 4, {"Name": "Bo", "Say Hi": "", "Name_2": ""}),
        ("two", 2, {"Straße": "Äpfel", "Nr": "7"}),
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty file"),
        (b"Name\n", "empty: a header, and no record below it"),
        (b"Title\na\n", "required column Name is missing (headers: Title)"),
    ],
)
def test_a_bad_file_is_refused(project: Path, content: bytes, reason: str) -> None:
    assert land(project, one=content, two=b"a;b\n1;2\n") == {
        "one": reason,
        "two": "landed",
    }


def test_a_row_that_cannot_be_read_is_set_aside(project: Path) -> None:
    land(project, one=b"Name,Zip\na,1\nb,2,3\nc,4\n")
    assert [row[2]["Name"] for row in records(project)] == ["a", "c"]


def test_a_count_that_differs_is_refused(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Tables, "count", lambda self, table, file_id: 1)
    found = land(project, one=b"Name\na\nb\n", two=b"a;b\n1;2\n")
    assert found == {"one": "2 records were read, but 1 are there", "two": "landed"}
    assert [row[0] for row in records(project)] == ["two"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("state: NV", "state: Nevada", "register one: state: expected two capitals"),
        ("required: [Name]", "needed: [Name]", "register one: key needed is not known"),
        ("required: [Name]", "required: Name", "register one: required: expected"),
        ("- {name: record}", "- {name: text}", "has the columns register and record"),
        ("seeds/mappings.csv", "seeds/none.csv", "mappings: .* cannot be read"),
        ("files: [one*]", "encoding: utf-8", "register one: files: expected"),
    ],
)
def test_a_faulty_declaration_is_named(
    project: Path, old: str, new: str, problem: str
) -> None:
    path = project / "models/staging/states/_states__sources.yml"
    path.write_text(DECLARATION.replace(old, new))
    with pytest.raises(UsageError, match=problem):
        load_sources(project / "models/staging")


def test_a_required_header_may_come_under_a_mapped_name(project: Path) -> None:
    assert land(project, one=b"LABELS,b\n1,2\n", one_2=b"label,b\n1,2\n") == {
        "one": "required column Name is missing (headers: LABELS, b)",
        "one_2": "landed",
    }
