"""A process of its own that reads a workbook with python-calamine.

`python -m scripts.ingest.readers.calamine FILE MEGABYTES [ROWS] [SHEET]` writes JSON,
a line each: the sheets, or a row. An odd file can abort it, so it has no other work.
"""

import json
import sys
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from scripts.ingest.readers.cell_errors import Errors, errors

EXACT = 10**15
SPARE = 300_000_000  # bytes that Python itself and its libraries map


def main(path: str, megabytes: str, rows: str = "0", sheet: str | None = None) -> None:
    """Write the sheets with their first rows, or all rows of one sheet."""
    _limit(int(megabytes) * 1_000_000 + SPARE)
    import python_calamine as calamine

    try:
        with Path(path).open("rb") as file:  # by a path its suffix would count
            book = calamine.load_workbook(file)
        if sheet is not None:
            faulty = errors(Path(path), sheet)
            _write_rows(book.get_sheet_by_name(sheet).iter_rows(), faulty)
            return
        for facts in book.sheets_metadata:
            is_table = facts.typ == calamine.SheetTypeEnum.WorkSheet
            is_visible = facts.visible == calamine.SheetVisibleEnum.Visible
            _write({"sheet": facts.name, "visible": is_table and is_visible})
            if is_table and is_visible:
                found = book.get_sheet_by_name(facts.name)
                _write_rows(islice(found.iter_rows(), int(rows)))
    except calamine.PasswordError:
        _write({"error": "protected by a password: save it without one"})
    except (calamine.CalamineError, OSError, ValueError) as error:
        _write({"error": f"the workbook is corrupt: {error}"})


def _write_rows(rows: Any, faulty: Errors | None = None) -> None:
    of_row: dict[int, dict[int, str]] = {}
    for (at, column), text in (faulty or {}).items():
        of_row.setdefault(at, {})[column] = text
    for number, row in enumerate(rows, 1):
        for column, text in of_row.get(number - 1, {}).items():
            if column < len(row):
                row[column] = {"error": text}
        if any(cell != "" for cell in row):
            _write([number, *map(text_of, row)])


def text_of(value: object) -> Any:
    """A cell as text; a number that has lost digits as a list of its text.

    An error is an object that names it.
    """
    if isinstance(value, dict):
        return value
    if value == "" or value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < EXACT:
            return str(int(value))
        return [repr(value)] if abs(value) >= EXACT else format(value, ".15g")
    if isinstance(value, datetime):
        return value.isoformat(timespec="auto")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
    return str(value)


def _write(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")


def _limit(size: int) -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    if most == resource.RLIM_INFINITY or most > size:
        resource.setrlimit(resource.RLIMIT_AS, (size, most))


if __name__ == "__main__":
    main(*sys.argv[1:])
