"""What dbt parsed for one evaluation serves the next, and leaves no trace in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.identity_eval import project
from tools.identity_eval.records import Field, Fields

from .conftest import Found

pytestmark = pytest.mark.long

ROWS = [
    ("1", "a", "Ann Vogel", "ann.vogel@quill.org", "Ulm"),
    ("2", "a", "Anne Vogel", "ann.vogel@quill.org", "Bonn"),
    ("3", "b", "Ann Vogel", "vogel@ambit.eu", "Bonn"),
]
UNREAD = shutil.ignore_patterns("integration_tests", "phone_*.csv")
# one names the columns of the other, so that its SQL would run there
KINDS = {
    "people": {"who": "full_name", "mail": "email", "place": "city"},
    "firms": {"who": "company", "mail": "text", "place": "last_name"},
}


def sql(found: Found) -> dict[str, str]:
    """Return what each model was compiled to."""
    folder = found.made.folder / "target" / "compiled"
    return {path.stem: path.read_text() for path in folder.rglob("labelled__*.sql")}


def results(found: Found) -> dict[str, list[tuple]]:
    """Return the rows of each model."""
    return {name: found.query(f"select * from {name}") for name in sql(found)}


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the parsed project will lie; there is none yet."""
    path = tmp_path / "target" / "kept.msgpack"
    monkeypatch.setattr(project, "PARSED", path)
    return path


def was_parsed(found: Found) -> bool:
    """Return whether dbt parsed anything."""
    return (found.made.folder / "target" / "partial_parse.msgpack").exists()


def test_fields_are_those_of_the_evaluation(resolve: Callable, kept: Path) -> None:
    alone = {}
    for name, kinds in KINDS.items():
        kept.unlink(missing_ok=True)
        alone[name] = resolve(kinds, ROWS)
        assert was_parsed(alone[name])
    assert len(sql(alone["people"])) == 8
    assert sql(alone["people"]) != sql(alone["firms"])
    for name, kinds in KINDS.items():
        after = resolve(kinds, ROWS)
        assert not was_parsed(after)
        assert sql(after) == sql(alone[name]), name
        assert results(after) == results(alone[name]), name
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]


def test_seeds_are_read_where_they_are_now(resolve: Callable, kept: Path) -> None:
    """DuckDB reads them itself, from the folder of this evaluation."""
    for _ in range(2):
        found = resolve(KINDS["people"], ROWS, "duckdb")
        assert found.query("select count(*) from labelled__clusters") == [(len(ROWS),)]
        shutil.rmtree(found.made.folder)


def parse(folder: Path, change: tuple[str, str] | None = None) -> str:
    """Return the macro of the settings as dbt has it, in a project with a change."""
    with pytest.MonkeyPatch.context() as patch:
        if change:
            packages = folder / "packages"
            shutil.copytree(project.PACKAGES, packages, ignore=UNREAD)
            path = packages / "identity" / "macros" / "identity_settings.sql"
            path.write_text(path.read_text().replace(*change))
            patch.setattr(project, "PACKAGES", packages)
        made = project.make(folder, "sqlite", Fields("id", (Field("a", "text", "a"),)))
    macros = project._parse(made).result.macros
    return macros["macro.identity.identity_settings"].macro_sql


def test_a_changed_macro_is_parsed_anew(tmp_path: Path, kept: Path) -> None:
    change = "'threshold': 120", "'threshold': 345"
    assert change[0] in parse(tmp_path / "one")
    assert change[1] in parse(tmp_path / "changed", change)
    assert change[0] in parse(tmp_path / "as before")


@pytest.mark.parametrize("broken", [b"", b"no msgpack"])
def test_what_cannot_be_read_is_replaced(
    tmp_path: Path, kept: Path, broken: bytes
) -> None:
    kept.parent.mkdir()
    kept.write_bytes(broken)
    assert parse(tmp_path / "one")
    assert len(kept.read_bytes()) > 100_000


def test_a_folder_that_cannot_be_written_is_no_obstacle(
    tmp_path: Path, kept: Path
) -> None:
    kept.parent.write_text("a file")
    assert parse(tmp_path / "one")
