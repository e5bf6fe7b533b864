"""Says in the user's own file which acceptances accept no finding."""

from __future__ import annotations

from scripts.printable import printable
from scripts.seeds import SeedError, place_of
from scripts.settings import Settings, shown
from scripts.warehouse import QueryError, opened

TEST = "test acceptances_accept_something: "
"""How the warning begins that counts such lines."""
SEED = "accepted_findings"
MOST = 5
"""Lines that are named, if one more would not do."""
FAULTS = """
select
    seed_line, rule, source_name, table_name, column_name, record_id, file_name, record
from rpt_accepted_findings
where finding_count = 0 and not is_expired
order by seed_line
"""
ACCEPTED_FILES = """
select file_id from rpt_findings
where rule in ('file_refused', 'file_cut') and is_accepted
"""


def explained(settings: Settings, warnings: list[str]) -> list[str]:
    """Return warnings, that of such acceptances as one line for each of these."""
    return [
        line
        for warning in warnings
        for line in (_lines(settings) if warning.startswith(TEST) else ()) or (warning,)
    ]


def accepted_files(settings: Settings) -> set[int]:
    """Return the files whose refusal or cut is accepted; none if that is unknown."""
    try:
        with opened(settings) as warehouse:
            return {file_id for (file_id,) in warehouse.rows(ACCEPTED_FILES)}
    except QueryError:
        return set()


def _lines(settings: Settings) -> list[str]:
    """Return a line for each of the first; none if they cannot be read."""
    try:
        with opened(settings) as warehouse:
            found = warehouse.rows(FAULTS)
        most = MOST if len(found) > MOST + 1 else len(found)
        said = [_line(number, *like) for number, *like in found[:most]]
    except (QueryError, SeedError):
        return []
    if rest := len(found) - most:
        said.append(f"and {rest:,} more: rpt_accepted_findings")
    return said


def _line(number: int, *like: object) -> str:
    path, at = place_of(SEED, number)
    words = ", ".join(str(part) for part in like if part is not None)
    return printable(
        f"{shown(path)}: line {at}: accepts nothing, for no finding is like it now"
        f" ({words})"
    )
