"""Where the header of a table is, below which titles, and how its lines are split."""

import csv
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ..headers import normal
from ..sources import Table
from .labels import is_blank

Score = Callable[[Sequence[str]], int]
"""How many of the headers are known."""
DELIMITERS = (",", ";", "\t", "|")
TITLE = "title above the header"
TITLES = 20
"""Lines above a header, at most, that hold anything."""
LOOKED = 200
"""Lines among which the header is."""
_VALUE = re.compile(r"[\W\d_]*")
_HINT = re.compile(r'"?sep=(.)\1*"?[\r\n]*', re.IGNORECASE)  # spreadsheets write it

csv.field_size_limit(2**31 - 1)  # a field may be as long as the limit of a record


class Layout(NamedTuple):
    """How a text begins."""

    start: int
    """Lines above the header."""
    header: list[str]
    delimiter: str
    is_wrapped: bool = False
    """Each line is one quoted field, which holds the whole record."""
    quote: str = '"'
    """What values are quoted with; single quotes where all of the header are."""


def known_of(table: Table) -> Score:
    """Counts the columns of a table that some headers name."""
    columns = {normal(header): header for header in table.required_headers}
    for column in (*table.mapped, *table.columns):
        own = (*column.aliases, column.name)
        for name in own if column.headers is None else column.headers:
            columns[normal(name)] = column.name
    return lambda headers: len({columns.get(normal(h)) for h in headers} - {None})


def header_at(
    rows: Sequence[Sequence[str | None]], score: Score | None
) -> tuple[int, int] | None:
    """Which row is the header, and how many of its cells are known.

    It is the row with the most known headers; if none is known, the first in which
    most cells are filled, with texts that differ. None without any row.
    """
    likely = [n for n, row in enumerate(rows) if not is_blank(row)][: TITLES + 1]
    if not likely:
        return None
    if score:
        best, most = 0, 0
        for n in likely:
            known = score([cell or "" for cell in rows[n]])
            if known > most:
                best, most = n, known
            if known > 1 and 2 * known > _filled(rows[n]):
                break
        if most:
            return best, most
    most = max(_filled(rows[n]) for n in likely)
    for n in likely:
        if 2 * _filled(rows[n]) > most and are_names(rows[n]):
            return n, 0
    return likely[0], 0


def header_of(
    rows: Sequence[Sequence[str | None]], score: Score | None
) -> tuple[int, int, list[str]] | None:
    """The last row of the header, how many cells are known, and its cells.

    A header of two lines, such as `Deal` above `Name` and `Stage`, is read as one
    where more of it is known so.
    """
    at = header_at(rows, score)
    if at is None:
        return None
    n, known = at
    found = n, known, [cell or "" for cell in rows[n]]
    if score is None:
        return found
    for lower in (n, n + 1):
        # a title is one text alone
        if 0 < lower < len(rows) and _filled(rows[lower - 1]) > 1:
            cells = _joined(rows[lower - 1], rows[lower], score)
            if (more := score(cells)) > max(found[1], 1):
                found = lower, more, cells
    return found


def _joined(
    upper: Sequence[str | None], lower: Sequence[str | None], score: Score
) -> list[str]:
    """Two lines of a header as one: of each column what is known of both."""
    found, above = [], ""
    for n in range(max(len(upper), len(lower))):
        over = ((upper[n] if n < len(upper) else "") or "").strip()
        under = ((lower[n] if n < len(lower) else "") or "").strip()
        above = over or above  # a wide cell is written in its first column
        whole = f"{over} {under}".strip()
        likely = (f"{above} {under}".strip(), whole, under)
        found.append(next((c for c in likely if c and score([c])), whole))
    return found


def named_delimiter(lines: Sequence[str]) -> tuple[str, ...] | None:
    """The delimiter that a first line such as `sep=;` names; None without such a line.

    Empty if no line below it has that delimiter: it is wrong.
    """
    hint = _HINT.fullmatch(lines[0]) if lines else None
    if hint is None:
        return None
    return (hint[1],) if any(hint[1] in line for line in lines[1:]) else ()


def layout_of(
    lines: Sequence[str], delimiters: Sequence[str], score: Score | None
) -> Layout | None:
    """How the lines at the beginning of a text are split, and where its header is.

    Where nothing is known the first delimiter wins that gives the most fields in
    line with those below.
    """
    lines = lines[:LOOKED]
    text = "".join(lines)
    found: list[tuple[tuple[int, int, int], Layout]] = []
    for delimiter in delimiters:
        if delimiter != delimiters[0] and delimiter not in text:
            continue
        for is_wrapped in (False, True):
            if is_wrapped and not _is_wrapped(lines, delimiter):
                continue
            given = list(map(unwrapped, lines)) if is_wrapped else lines
            starts, rows = _rows(given, delimiter)
            at = header_of(rows, score)
            if at is None:
                continue
            quote = '"'
            if _is_in(at[2], "'"):
                other = _rows(given, delimiter, "'")
                as_other = header_of(other[1], score)
                if as_other and _alike(other[1], as_other) >= _alike(rows, at):
                    quote, (starts, rows), at = "'", other, as_other
            n, known, header = at
            alike = _alike(rows, at)
            rank = (known, alike if len(header) > 1 else 0, len(header))
            layout = Layout(starts[n], header, delimiter, is_wrapped, quote)
            found.append((rank, layout))
    return max(found, key=lambda each: each[0])[1] if found else None


def unwrapped(line: str) -> str:
    """A line that is one quoted field, without its quotes."""
    body = line.rstrip("\r\n")
    if len(body) < 2 or not body.startswith('"') or not body.endswith('"'):
        return line
    return body[1:-1].replace('""', '"') + line[len(body) :]


def _is_wrapped(lines: Sequence[str], delimiter: str) -> bool:
    """Whether each line is one quoted field with delimiters in it."""
    full = [line.strip() for line in lines if line.strip()]
    if not full or not all(line[0] == line[-1] == '"' for line in full):
        return False
    rows = list(csv.reader(full, delimiter=delimiter))
    return len(rows) == len(full) and all(
        len(row) == 1 and delimiter in row[0] for row in rows
    )


def _alike(rows: Sequence[Sequence[str | None]], at: tuple[int, int, list[str]]) -> int:
    """How many rows have as many fields as the header."""
    return sum(len(row) == len(at[2]) for row in rows[at[0] :])


def _is_in(header: Sequence[str], quote: str) -> bool:
    """Whether each title is set in a mark."""
    return len(header) > 1 and all(
        len(title) > 1 and title[0] == title[-1] == quote
        for title in map(str.strip, header)
    )


def _rows(
    lines: Sequence[str], delimiter: str, quote: str = '"'
) -> tuple[list[int], list[list[str]]]:
    starts, rows = [], []
    start = 0
    reader = csv.reader(lines, delimiter=delimiter, quotechar=quote)
    try:
        for row in reader:
            starts.append(start)
            rows.append(row)
            start = reader.line_num
    except csv.Error:
        pass
    return starts, rows


def _filled(row: Sequence[str | None]) -> int:
    return sum(bool(cell and cell.strip()) for cell in row)


def is_header_again(row: Sequence[str], header: Sequence[str]) -> bool:
    """Whether a row is the header once more, in whatever case and blanks, or some of
    it in its places. The header is given in its normal form."""
    if normal(row[0]) != header[0] or len(row) > len(header):
        return False
    again = [(normal(cell), at) for at, cell in enumerate(row) if cell.strip()]
    if len(again) < min(2, len(header)):
        return False
    return all(name == header[at] for name, at in again)


def are_names(row: Sequence[str | None]) -> bool:
    """Whether the cells could be headers: texts, no two alike."""
    cells = [cell.strip() for cell in row if cell and cell.strip()]
    texts = [cell for cell in cells if not _VALUE.fullmatch(cell)]
    return len(set(cells)) == len(cells) and 2 * len(texts) > len(cells)
