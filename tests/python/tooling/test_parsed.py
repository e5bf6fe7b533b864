"""What is kept of the parsed project goes when a macro is newer."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scripts.run import parsed


@pytest.mark.parametrize(
    ("folder", "name", "later", "is_kept"),
    [
        ("macros/quality", "a.sql", 5, False),
        ("packages/cleaning/macros", "a.sql", 5, False),
        ("macros/quality", "a.sql", -5, True),
        ("macros/quality", "_a__macros.yml", 5, True),  # dbt sees these itself
        ("models", "a.sql", 5, True),
    ],
)
def test_a_newer_macro_has_all_read_anew(
    folder: str,
    name: str,
    later: int,
    is_kept: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parsed, "PROJECT", tmp_path)
    monkeypatch.delenv("DBT_TARGET_PATH", raising=False)
    kept = tmp_path / "target/partial_parse.msgpack"
    for path in (kept, tmp_path / folder / name):
        path.parent.mkdir(parents=True)
        path.touch()
    now = kept.stat().st_mtime
    os.utime(tmp_path / folder / name, (now + later, now + later))
    parsed.forget_stale()
    assert kept.exists() == is_kept


def test_nothing_kept_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parsed, "PROJECT", tmp_path)
    parsed.forget_stale()
