"""Header rows of real exports: whole, shuffled, and with a third left out."""

import json
import random
from functools import cache
from pathlib import Path

import pytest

from scripts.ingest.files import opened
from scripts.ingest.headers import normal
from scripts.ingest.readers import open_reader
from scripts.ingest.readers.peek import peek
from scripts.ingest.sources import load_sources
from scripts.ingest.systems import SHIPPED, load_shapes
from scripts.ingest.systems.recognise import Catalogue
from scripts.settings import PROJECT

from .workbooks import book

HEADERS = PROJECT.parent / "shared" / "data" / "exports" / "headers.json"
TIMES = 40
FOUND = 0.95
"""Share of the header rows with a third left out that are found at least."""
UNKNOWN = {("hubspot", "tickets"), ("hubspot", "property_history")}
"""Kinds of file that are known and not read."""
ANOTHER = {
    ("suitecrm", "accounts"),
    ("espocrm", "accounts"),
    ("freshsales", "contacts"),
}
"""Guessed ones, so like a confirmed one that a part of their headers is taken for it
where the folder does not name them."""

pytestmark = pytest.mark.skipif(not HEADERS.exists(), reason="no header rows")


@cache
def catalogue() -> Catalogue:
    sources = load_sources()
    return Catalogue(sources, load_shapes(sources, [SHIPPED]))


def rows() -> list[tuple[str, str, list[str], bool]]:
    if not HEADERS.exists():
        return []
    found = json.loads(HEADERS.read_text(encoding="utf-8"))
    return [
        (system, kind, each["headers"], bool(each.get("headers_are_guesses")))
        for system, kinds in found.items()
        for kind, each in kinds.items()
        if (system, kind) not in UNKNOWN
    ]


ROWS = rows()


def _is_of(shape, system: str) -> bool:
    return shape is not None and normal(system).startswith(normal(shape.system or "-"))


@pytest.mark.parametrize(
    ("system", "kind", "headers", "is_guess"),
    ROWS,
    ids=[f"{r[0]}-{r[1]}" for r in ROWS],
)
def test_a_header_row_is_recognised(system, kind, headers, is_guess):
    find = catalogue().find
    shape = find(headers, system, "export").shape
    assert _is_of(shape, system)
    elsewhere = find(headers, "any", "1").shape
    assert elsewhere is (None if shape.is_guessed else shape)
    if not is_guess:
        assert not shape.is_guessed
    own = {
        normal(header)
        for column in shape.columns
        if column.name in shape.key
        for header in column.headers or ()
    }
    rng = random.Random(f"{system} {kind}")
    named = unnamed = 0
    for _ in range(TIMES):
        dropped = set(rng.sample(range(len(headers)), len(headers) // 3))
        some = [
            header
            for at, header in enumerate(headers)
            if at not in dropped or normal(header) in own
        ]
        rng.shuffle(some)
        by_folder = find(some, f"{shape.system}-emea", "export (2)").shape
        by_header = find(some, rng.choice([None, "x", "Neuer Ordner"]), "2").shape
        named += by_folder is shape
        unnamed += by_header is shape
        # nothing lands in a wrong table
        if (system, kind) not in ANOTHER:
            assert by_header in (None, shape)
            assert by_folder is None or by_folder.system == shape.system
    assert named >= FOUND * TIMES
    if not shape.is_guessed:
        assert unnamed >= FOUND * TIMES


def test_every_folder_of_samples_is_of_a_known_system():
    folders = {path.name for path in HEADERS.parent.iterdir() if path.is_dir()}
    known = {path.stem for path in Path(SHIPPED).glob("*.yml")}
    unknown = {f for f in folders if not any(f.startswith(name) for name in known)}
    assert unknown <= {"excel_habits"}


@pytest.mark.parametrize(
    ("upper", "lower", "shape", "wanted"),
    [
        # a wrapped header
        (
            ["Record", "Deal", "Deal", "Close", "Amount"],
            ["ID", "Name", "Stage", "Date", ""],
            "deals",
            ["Record ID", "Deal Name", "Deal Stage", "Close Date", "Amount"],
        ),
        # wide cells above groups of columns
        (
            ["Deal", "", "", "Organization", ""],
            ["ID", "Title", "Value", "ID", "Name"],
            "deals",
            ["Deal ID", "Deal Title", "Deal Value"]
            + ["Organization ID", "Organization Name"],
        ),
        # groups that say nothing: the second line is the header
        (
            ["Who", "", "What", "", ""],
            ["Record ID", "Deal Name", "Deal Stage", "Amount", "Currency"],
            "deals",
            ["Record ID", "Deal Name", "Deal Stage", "Amount", "Currency"],
        ),
        # a record below the header is none of it
        (
            ["Record ID", "Deal Name", "Deal Stage", "Amount", "Currency"],
            ["1", "Name", "Stage", "Date", "EUR"],
            "deals",
            ["Record ID", "Deal Name", "Deal Stage", "Amount", "Currency"],
        ),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_header_of_two_lines_is_one(tmp_path, kind, upper, lower, shape, wanted):
    rows = [["Report of May"], [], upper, lower, ["1", "x", "y", "2026-01-05", "7"]]
    path = tmp_path / f"x.{kind}"
    if kind == "csv":
        path.write_text("".join(";".join(row) + "\n" for row in rows))
    else:
        path.write_bytes(book([[cell or None for cell in row] for row in rows]))
    with opened(path) as content:
        (head,) = peek(content, catalogue().score)
    assert list(head.headers) == wanted
    found = catalogue().find(head.headers, "any", "x").shape
    assert found.shape == shape
    with opened(path) as content:
        reader = open_reader(content, found, head.kind, head.sheet)
        rows = [list(row) for batch in reader.batches() for row in batch.rows]
    assert len(rows) == (2 if lower[0] == "1" else 1)
    assert rows[-1][0] == "1"
