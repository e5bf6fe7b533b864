"""Header rows of real exports: whole, shuffled, and with a third left out."""

import json
import random
from functools import cache
from pathlib import Path

import pytest

from scripts.ingest.headers import normal
from scripts.ingest.sources import load_sources
from scripts.ingest.systems import SHIPPED, load_shapes
from scripts.ingest.systems.recognise import Catalogue
from scripts.settings import PROJECT

HEADERS = PROJECT.parent / "shared" / "data" / "exports" / "headers.json"
TIMES = 40
FOUND = 0.95
"""Share of the header rows with a third left out that are found at least."""
UNKNOWN = {("hubspot", "tickets"), ("hubspot", "property_history")}
"""Kinds of file that no table takes."""
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
