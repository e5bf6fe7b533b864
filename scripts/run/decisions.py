"""Says in the user's own file which decisions on duplicates decide nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from scripts.command import did_you_mean
from scripts.printable import printable
from scripts.seeds import SeedError, place_of
from scripts.settings import Settings, shown
from scripts.warehouse import QueryError, Warehouse, opened

TEST = "test identity_decisions_are_followed: "
"""How the warning begins that counts such lines."""
SEED = "identity_overrides"
MOST = 5
"""Lines that are named, if one more would not do."""
FAULTS = """
select line, fault, entity, record_id, other_record_id, decision
from rpt_identity_faults
order by line, fault
"""
MEANT = """
select distinct record_id
from {bridge}
where substr(record_id, instr(record_id, ':') + 1) = '{identifier}'
order by record_id
limit 3
"""
BRIDGES = {
    "people": "bridge_people_records",
    "organisations": "bridge_organisation_records",
}
"""Per entity whose records have their kind in front: the table of these."""


def explained(settings: Settings, warnings: list[str]) -> list[str]:
    """Return warnings, that of wrong decisions as one line for each of these."""
    return [
        line
        for warning in warnings
        for line in (_lines(settings, warning) if warning.startswith(TEST) else ())
        or (warning,)
    ]


def _lines(settings: Settings, warning: str) -> list[str]:
    """Return a line for each of the first wrong decisions; none if unreadable."""
    try:
        with opened(settings) as warehouse:
            said, count = named(warehouse, MOST)
    except (QueryError, SeedError):
        return []
    if rest := count - len(said):
        said.append(f"and {rest:,} more: rpt_identity_faults")
    return said


def named(warehouse: Warehouse, most: int) -> tuple[list[str], int]:
    """Return a text for each of the first wrong lines, and how many there are.

    One more than `most` is no more than a line that says so.
    Raises QueryError or SeedError.
    """
    by_line: dict[int, list[tuple[Any, ...]]] = {}
    for line, *fault in warehouse.rows(FAULTS):
        by_line.setdefault(line, []).append(tuple(fault))
    first = [*by_line][: most if len(by_line) > most + 1 else None]
    return [_line(warehouse, line, by_line[line]) for line in first], len(by_line)


def _line(warehouse: Warehouse, line: int, faults: list[tuple[Any, ...]]) -> str:
    path, number = place_of(SEED, line)
    what = "; ".join(_words(warehouse, *fault) for fault in faults)
    return printable(f"{shown(path)}: line {number}: {what}")


def _words(
    warehouse: Warehouse, fault: str, entity: str, one: str, other: str, decision: str
) -> str:
    """Return what is wrong, with the value that is."""
    if fault == "entity unknown":
        found = (re.fullmatch(r"int_(\w+)__clustered", t) for t in warehouse.tables())
        known = sorted(name[1] for name in found if name)
        listed = ", ".join(known)
        hint = did_you_mean(entity or "", known)
        return f"entity {entity or ''!r} is unknown (known: {listed}){hint}"
    if fault == "decision unknown":
        return f"decision {decision or ''!r} is neither same nor different"
    if fault in ("record unknown", "other record unknown"):
        identifier = (one if fault == "record unknown" else other) or ""
        column = "record_id" if fault == "record unknown" else "other_record_id"
        meant = " or ".join(_meant(warehouse, entity, identifier))
        hint = f"; did you mean {meant}?" if meant else ""
        return f"{column} {identifier!r} is unknown{hint}"
    if fault == "record named twice":
        return f"names the record {one!r} twice"
    if fault == "day unreadable":
        return "decided_on is no day such as 2025-07-01, so the line counts as oldest"
    return fault


def _meant(warehouse: Warehouse, entity: str, identifier: str) -> Iterator[str]:
    """Give the records of an identifier without its kind."""
    if not identifier or entity not in BRIDGES:
        return
    quoted = identifier.replace("'", "''")
    query = MEANT.format(bridge=BRIDGES[entity], identifier=quoted)
    for (record_id,) in warehouse.rows(query):
        yield record_id
