"""Rows that are no records: those of totals, and what reports end with.

Reports put totals, counts and means among or below the records. A row is one of
them if its only text is a word for that, all else are numbers, no key holds
anything, and either a required value is missing or the numbers are what the word
says of the records above. The last row needs no word if its numbers are sums.
A word for totals alone is one, too.
A company that is called Total has a key, and lands. Of several texts each is such a
word; a key may be the number of the records above, if theirs are longer or no numbers.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from ..sources import Table
from .labels import (
    DRESS,
    MONEY,
    count_said,
    counted,
    heading,
    is_footer,
    kind_of,
    makes,
    perhaps_counted,
    stem,
)
from .sums import Records, Sums, number

TOTALS = "totals"
FOOTER = "report footer"
BLANK = "empty row"
GROUP = "group heading"

_FIGURE = re.compile(r"\(\s*\d|[:=]\s*[-+]?\d")
_KEY = re.compile(r"(?:^|[_\s-])(?:id|ID|Id)$|[a-z](?:Id|ID)$")
_UNSUMMED = re.compile(r"(?i:phone|tel|fax|mobile|zip|post|plz|iban|birth|code)")
_CURRENCY = re.compile(r"(?i:curr|währ|devise|moneda|valuta)")
_NUMBER = re.compile(
    rf"[-+(]*(?:{MONEY}\s*)?\W{{0,2}}\d[\d.,'’\s\u00a0\u202f]*\W{{0,2}}[)%]?\w{{0,3}}"
)
_DAY = re.compile(r"\d{1,2}\.\s?\d{1,2}\.\s?(?:\d{4}|\d\d)\.?")
_TYPED = ("date", "timestamp", "money", "integer", "number", "boolean")
"""Types of columns in which no record has a word."""
_ALONE = ("sum", "mean", "count")
"""Kinds of words that, without anything else in their row, name no record."""
_BLANKS = ("", "-", "–", "—", "n/a", "na", "null", "none", "nan", "\\n")

Difference = dict[str, str]
"""A column, the figure that a row of totals gives, and that of the records."""
Above = Callable[[Sequence[str]], Records]
"""Gives the records of a file once more: position, and the cells of some headers."""


class Totals:
    """What rows of totals look like below one header."""

    def __init__(
        self,
        header: Sequence[str],
        columns: Mapping[str, int],
        table: Table,
        above: Above,
    ) -> None:
        required = {column.name for column in table.columns if column.required}
        self._required = {at for name, at in columns.items() if name in required}
        names = {at: name for name, at in columns.items()}
        self._width = len(header)
        typed = {column.name for column in table.columns if column.data_type in _TYPED}
        self._typed = {at for name, at in columns.items() if name in typed}
        titles = [(at, t.strip(), names.get(at, "")) for at, t in enumerate(header)]
        self._names = [name or title for _, title, name in titles]
        self.keys = {at for at, *both in titles if any(map(_KEY.search, both))}
        self._unsummed = {
            at for at, *both in titles if any(map(_UNSUMMED.search, both))
        }
        self._currency = {
            at for at, *both in titles if any(map(_CURRENCY.search, both))
        }
        self._sums = Sums(lambda: above(header))

    def kind(self, row: Sequence[str], at: int, is_last: bool = False) -> str | None:
        """What a row of the file, the one at position `at`, is if it is no record.

        The last row needs no word if its numbers, two or more, are all it has.
        """
        if _is_footer(row):
            self._sums.leave_out(at)
            return FOOTER
        cells, texts = self._sorted(row)
        if not cells:
            return None
        if len(texts) == 1 and self._is_heading(cells, texts[0]):
            self._sums.leave_out(at)
            return GROUP
        if len(texts) > 1:
            found = self._is_worded(cells, texts)
        else:
            found = bool(texts) and self._is_named(row, dict(cells), texts[0], at)
        if not texts and is_last and not row[0].strip():
            found = self._is_sum_of_all(cells, at)
        if found:
            self._sums.leave_out(at)
        return TOTALS if found else None

    @property
    def is_tired(self) -> bool:
        """Whether so much was compared that further rows are not."""
        return self._sums.is_tired

    def differing(self, row: Sequence[str], at: int) -> list[Difference]:
        """Columns in which a row of totals is not what the records above add up to."""
        cells, label = self._figures(row)
        text = row[label] if label is not None else ""
        kind = kind_of(text)
        if kind == "extreme":
            return []
        of = (label, stem(text)) if label is not None and kind == "tail" else None
        found = [
            {"column": self._names[n], "value": cells[n].strip(), "sum": f"{given:f}"}
            for n, given in self._sums.differing(cells, of, at).items()
        ]
        said = count_said(text)
        count = self._sums.other_count(said, at) if said and not of else None
        if said and count is not None:
            column = {"column": "records", "value": said.strip(), "sum": str(count)}
            found.append(column)
        return found

    def add_up(self, rows: Iterable[Sequence[str]]) -> None:
        """Be ready to say in which columns these rows of totals differ, in order."""
        self._sums.anew({n for row in rows for n in self._figures(row)[0]})

    def _figures(self, row: Sequence[str]) -> tuple[dict[int, str], int | None]:
        """The figures of a row of totals, and where its word is."""
        cells, texts = self._sorted(row)
        figures = {
            n: cell
            for n, cell in cells.items()
            if n not in texts and n not in self._currency
        }
        return figures, texts[0] if texts else None

    def _sorted(self, row: Sequence[str]) -> tuple[dict[int, str], list[int]]:
        """The cells that hold something, and which of them hold a text."""
        cells = {
            n: cell for n, cell in enumerate(row) if cell.strip().lower() not in _BLANKS
        }
        return cells, [n for n, cell in cells.items() if not self._is_number(n, cell)]

    def _is_number(self, n: int, cell: str) -> bool:
        text = cell.strip()
        if n in self._currency and re.fullmatch("[A-Z]{3}", text):
            return True
        is_number = _NUMBER.fullmatch(text) and not _DAY.fullmatch(text)
        return bool(is_number) and kind_of(text) is None

    def _is_worded(self, cells: dict[int, str], texts: list[int]) -> bool:
        """Whether all texts are words for totals, such as `Subtotal` and `Count`."""
        for at, n in enumerate(texts):  # most rows end at their first text
            if kind_of(cells[n]) in (None, "tail" if at else "extreme"):
                return False
        figures = cells.keys() - set(texts)
        lacks = bool(self._required - cells.keys())
        return not figures & self.keys and (lacks or bool(self.keys & set(texts)))

    def _is_heading(self, cells: dict[int, str], label: int) -> bool:
        """Whether a row is what reports write above a group, perhaps with its sums."""
        found = heading(cells[label])
        others = cells.keys() - {label}
        if found is None or others & self.keys:
            return False
        is_short = bool(self._required - {label} - cells.keys())
        if not found.is_sure:
            return is_short and not others
        is_short |= label in self.keys
        return is_short or (not others and self._width > 2)

    def _is_number_of(
        self, cells: dict[int, str], kind: str | None, label: int, at: int
    ) -> bool:
        """Whether the identifier of a row is how many records are above."""
        key, *more = cells.keys() & self.keys
        text = cells[key].strip()
        if more or kind not in ("sum", "count") or not text.isdigit():
            return False
        lacks = bool(self._required - {label} - cells.keys())
        if not lacks and 2 * (len(cells) + 1) > self._width:
            return False
        return self._sums.is_unlike(key, text, at) and self._sums.counts(
            number(text), at
        )

    def _is_named(
        self, row: Sequence[str], cells: dict[int, str], label: int, at: int
    ) -> bool:
        text = cells.pop(label)
        kind = kind_of(text)
        if cells.keys() & self.keys:
            return self._is_number_of(cells, kind, label, at)
        lacks = bool(self._required - {label} - cells.keys())
        is_key = label in self.keys
        is_sparse = 2 * (len(cells) + 1) <= len(row)
        if kind is None:  # `2 cases`: a word that is not known, and their number
            many = perhaps_counted(text)
            is_likely = bool(many) and is_sparse and (lacks or is_key)
            return is_likely and self._sums.counts(number(many or ""), at)
        if not cells:
            return len(row) > 1 and self._is_alone(text, kind, label, lacks, at)
        is_like_a_record = any(
            n in self._unsummed and sum(map(str.isdigit, cell)) > 4
            for n, cell in cells.items()
        )
        if not is_like_a_record and kind in ("sum", "mean", "count", "counted"):
            if is_key and is_sparse:
                return True
            if lacks and (kind in ("sum", "counted") or is_key):
                return True
            if is_key and kind == "sum" and self._sums.have_numbers(label, at):
                return True
        if kind == "tail":
            is_one = self._sums.are_of_group({*cells}, label, stem(text), at)
            return is_one and (lacks or self._sums.fit("sum", cells, at))
        return self._sums.fit("sum" if kind == "counted" else kind, cells, at)

    def _is_alone(
        self, word: str, kind: str, label: int, is_short: bool, at: int
    ) -> bool:
        """Whether a word alone in its row, perhaps with a figure, names none."""
        if kind in _ALONE and not any(map(str.isdigit, word)):
            return True
        if kind == "tail":
            return False
        if label in self._typed:
            return is_short or bool(self.keys)
        is_figure = bool(_FIGURE.search(word) or counted(word))
        is_short |= label in self.keys
        return is_figure and (is_short or self._sums.counts(number(word), at))

    def _is_sum_of_all(self, cells: dict[int, str], at: int) -> bool:
        lacks = self._required - cells.keys()
        is_all = len(cells) > 1 and bool(lacks)
        is_all = is_all and not cells.keys() & self.keys
        return is_all and self._sums.fit("sum", cells, at, least=2)


def _is_footer(row: Sequence[str]) -> bool:
    """Whether a row is one of those with which reports end: who made it, whose it is.

    It has one text alone, or the name of something and few cells with what it is.
    """
    if len(row) < 2:
        return False
    filled = [cell for cell in row if cell.strip().lower() not in _BLANKS]
    if len(filled) == 1:
        return is_footer(filled[0])
    few = 0 < len(filled) <= 3 and 2 * len(filled) <= len(row)
    return few and makes(filled[0]) and not row[0].strip(DRESS + filled[0])
