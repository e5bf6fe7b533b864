"""What a file is and which headers it has, before its table is known."""

import gzip
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from scripts.ingest.contents import contents
from scripts.ingest.errors import Refusal
from scripts.settings import PROJECT

KNOWN = {"id", "name", "amount"}


def score(headers):
    return len(KNOWN & {header.strip().lower() for header in headers})


def zipped(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.fixture
def look(tmp_path: Path):
    def look(content: bytes | str, name: str = "some file"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return contents(path, score)

    return look


CSV = "id,name,amount\n1,a,2\n2,b,3\n"
TITLES = "Sales report\nAs of 2026-01-31\n\n"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (CSV, ("csv", 1, ",", "utf-8")),
        (CSV.replace(",", ";"), ("csv", 1, ";", "utf-8")),
        (CSV.replace(",", "\t"), ("tsv", 1, "\t", "utf-8")),
        (CSV.replace(",", "|"), ("csv", 1, "|", "utf-8")),
        ("sep=;\n" + CSV.replace(",", ";"), ("csv", 2, ";", "utf-8")),
        ("\ufeffsep=|\r\n" + CSV.replace(",", "|"), ("csv", 2, "|", "utf-8")),
        (TITLES + CSV, ("csv", 4, ",", "utf-8")),
        ("A,B;C,D\n" * 8 + CSV.replace(",", ";"), ("csv", 9, ";", "utf-8")),
        (CSV.encode("utf-8-sig"), ("csv", 1, ",", "utf-8")),
        (CSV.encode("utf-16"), ("csv", 1, ",", "utf-16-le")),
        (CSV.encode("utf-16-le"), ("csv", 1, ",", "utf-16-le")),
        (CSV.encode("utf-16-be"), ("csv", 1, ",", "utf-16-be")),
        (CSV.replace("a", "Ä").encode(), ("csv", 1, ",", "utf-8")),
        (gzip.compress(CSV.encode(), mtime=0), ("csv", 1, ",", "utf-8")),
        ("".join(f'"{line}"\n' for line in CSV.split()), ("csv", 1, ",", "utf-8")),
    ],
)
def test_text_is_found_by_its_content(look, content, expected):
    ((found,), notes) = (look(content).found, look(content).notes)
    head = found.head
    assert (head.kind, head.line, head.delimiter, head.encoding) == expected
    headers = [header.replace("Ä", "a") for header in head.headers]
    assert (headers, notes) == (["id", "name", "amount"], [])
    assert (found.label, found.inner, found.problem) == ("", (), None)


def test_a_western_encoding_is_found(look):
    (found,) = look("id;größe\n1;ä\n".encode("cp1252")).found
    assert (found.head.encoding, found.head.headers) == ("cp1252", ("id", "größe"))


@pytest.mark.parametrize(
    "content",
    [
        '[{"id": 1, "name": "a"}, {"id": 2, "amount": "3"}]',
        '{"id": 1, "name": "a"}\n{"id": 2, "amount": "3"}\n',
        '{"results": [{"id": 1, "name": "a"}, {"amount": 2}], "more": true}',
        '{"lines": [{"sku": 1}], "records": [{"id": 1, "name": "", "amount": 1}]}',
        '{"data": {"items": [{"id": 1, "name": "", "amount": 1}]}}',
        '[{"id": 1, "properties": {"name": "a", "amount": null}}]',
    ],
)
def test_the_keys_of_json(look, content):
    ((found,), _) = (look(content).found, None)
    assert found.head.kind == "json"
    assert set(found.head.headers) - {"properties"} == KNOWN


def test_without_any_known_header_the_first_row_of_names(look, tmp_path):
    path = tmp_path / "x"
    path.write_text("Report\n\nNr.;Kunde;Betrag\n1;A;2\n2;B;3\n")
    (found,) = contents(path).found
    assert (found.head.line, found.head.delimiter) == (3, ";")


def test_members_of_a_zip_file(look):
    inner = zipped({"deep/deals.csv": CSV.encode()})
    content = zipped(
        {
            "Account.CSV": CSV.encode(),
            "no suffix": CSV.replace(",", ";").encode(),
            "Attachments/00P1": b"%PDF-1.7",
            "logo.png": b"\x89PNG",
            "__MACOSX/._Account.CSV": b"",
            "inner.zip": inner,
            "empty.csv": b"",
        }
    )
    looked = look(content, "WE_1.ZIP")
    assert [(f.label, f.inner, f.problem) for f in looked.found] == [
        ("!Account.CSV", (0,), None),
        ("!no suffix", (1,), None),
        ("!inner.zip!deep/deals.csv", (5, 0), None),
        ("!empty.csv", (6,), "empty file"),
    ]
    assert [f.head and f.head.delimiter for f in looked.found] == [",", ";", ",", None]
    assert looked.notes == ["2 attachments, which are not read"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_members_that_are_refused_and_why(look):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("../up.csv", "/etc/abs.csv", "C:\\x.csv", "same.csv", "same.csv"):
            archive.writestr(zipfile.ZipInfo(name), CSV)
        link = zipfile.ZipInfo("link.csv")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    found = {f.label: f.problem for f in look(file.getvalue()).found}
    assert found.pop("!same.csv") is None
    assert found.pop("!same.csv#2") is None
    assert {label: problem.split()[-1] for label, problem in found.items()} == {
        "!../up.csv": "(..)",
        "!/etc/abs.csv": "path",
        "!C:\\x.csv": "path",
        "!link.csv": "file",
    }


def test_members_that_are_encrypted_or_packed_in_an_unknown_way(look):
    for at, value, words in ((8, 1, "encrypted"), (10, 99, "method 99")):
        raw = bytearray(zipped({"a.csv": CSV.encode(), "b.csv": CSV.encode()}))
        directory = raw.index(b"PK\x01\x02")
        raw[directory + at] = value
        one, other = look(bytes(raw)).found
        assert words in one.problem
        assert other.head.headers == ("id", "name", "amount")


def test_limits_of_a_zip_file(look, monkeypatch):
    content = zipped({f"{n}.csv": CSV.encode() for n in range(4)})
    monkeypatch.setenv("WAREHOUSE_UNPACKED_LIMIT", "60")
    problems = [found.problem for found in look(content).found]
    assert problems[:2] == [None, None]
    assert all("WAREHOUSE_UNPACKED_LIMIT" in problem for problem in problems[2:])
    monkeypatch.setenv("WAREHOUSE_MEMBER_LIMIT", "5")
    assert "WAREHOUSE_MEMBER_LIMIT" in look(content).found[0].problem
    monkeypatch.setenv("WAREHOUSE_ZIP_LIMIT", "3")
    (found,) = look(content).found
    assert "WAREHOUSE_ZIP_LIMIT" in found.problem


def test_nesting_has_an_end(look):
    content = CSV.encode()
    for name in ("a.csv", "b.zip", "c.zip", "d.zip"):
        (found,) = look(content).found
        assert found.problem is None
        content = zipped({name: content})
    (found,) = look(content).found
    assert (found.label, found.problem) == (
        "!d.zip!c.zip!b.zip",
        "ZIP files are opened 2 deep, this one is deeper",
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty file"),
        (b"\n\n", "empty file"),
        (b"\0\0\0", "NUL"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x05\x06" + bytes(18), "no file that could have records"),
        (b"PK\x03\x04 broken", "corrupt"),
    ],
)
def test_what_is_no_table(look, content, words):
    (found,) = look(content).found
    assert words in found.problem


def test_what_cannot_be_read_now_is_tried_again(tmp_path):
    with pytest.raises(Refusal) as caught:
        contents(tmp_path / "gone.csv")
    assert caught.value.retry


def test_a_long_first_field_is_a_header_also_in_a_new_process(tmp_path):
    """The limit of Python's csv counts for a process, so it is set before all."""
    path = tmp_path / "long.csv"
    path.write_text("id,name," + "x" * 200_000 + "\n1,a,2\n", encoding="utf-8")
    code = (
        "import sys; from pathlib import Path\n"
        "from scripts.ingest.contents import contents\n"
        "(only,) = contents(Path(sys.argv[1])).found\n"
        "print([len(name) for name in only.head.headers])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=PROJECT,
    )
    assert done.stdout == "[2, 4, 200000]\n"
