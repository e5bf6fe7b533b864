"""Lines of the user's file that decide nothing, as the last run found them."""

from __future__ import annotations

from pathlib import Path

from scripts.run.decisions import SEED, named
from scripts.seeds import place_of
from scripts.settings import Settings
from scripts.warehouse import opened

MOST = 50
"""Faults that are named."""


def faults(database: Path, is_personal_shown: bool) -> list[str]:
    """Return a line for each wrong line, without the values where they are masked.

    Raises QueryError or SeedError.
    """
    with opened(Settings("", database.parent, database)) as warehouse:
        if "rpt_identity_faults" not in warehouse.tables() | warehouse.views():
            return []
        if is_personal_shown:
            return named(warehouse, MOST)[0]
        rows = warehouse.rows(
            f"select line, fault from rpt_identity_faults order by 1, 2 limit {MOST}"
        )
        found = []
        for line, fault in rows:
            path, number = place_of(SEED, line)
            found.append(f"{path.name}: line {number}: {fault}")
        return found
