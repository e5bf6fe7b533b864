"""Rows of totals, which reports put among or below the records.

A row is one if its first value is a word for a total, the others are numbers, no
key holds anything, and either a required value is missing or the numbers are the
sums of those above. The last row needs no word if both hold. A company that is
called Total has a key, and lands.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

from ..errors import Refusal
from ..files import Content, opened
from ..sources import Table

WORDS = (
    "grand total", "sub-?total", "sub total", "totals?", "total general",
    "total général", "totale", "totaal", "totaux", "sum", "sums", "summe", "gesamt",
    "gesamtsumme", "gesamtbetrag", "endsumme", "zwischensumme", "suma", "somma",
    "somme", "soma", "razem", "toplam", "yhteensä", "összesen", "итого", "всего",
    "合計", "小計", "总计", "總計",
    "report total", "page total", "overall total", "net total", "daily total",
    "monthly total", "sum total", "gesamtergebnis", "teilsumme", "insgesamt",
    "sous-?total", "sous total", "total global", "total general[e]?", "total geral",
    "totale generale", "totale complessivo", "subtotale", "totales", "subtotales",
    "sub-?totaal", "eindtotaal", "totalt", "i alt", "summa", "delsumma", "celkem",
    "spolu", "mezisoučet", "ukupno", "skupaj", "łącznie", "ogółem", "suma częściowa",
    "genel toplam", "ara toplam", "végösszeg", "общий итог", "промежуточный итог",
    "разом", "усього", "σύνολο", "합계", "총계", "소계", "総計", "总和", "合计", "小计",
    "المجموع", "tổng", "tổng cộng", "jumlah",
)  # fmt: skip
CHECKS = 5  # rows of a file whose numbers are added up
_WORD = "(?i:" + "|".join(sorted(WORDS, key=len, reverse=True)) + ")"
_LINE = re.compile(rf"[\r\n][\s\"',;|=]*{_WORD}(?!\w)")
_MONEY = r"(?:[A-Z]{3}|(?i:s?fr|kr|zł|kč|ft|rs|lei)\.?|(?:US|[ACR]|NZ|HK)?[^\w\s])"
_OF = r"(?:for|of|per|on|für|vom|pour|del?)\s.{1,60}|net|gross"
_SCOPE = rf"\(\d+[^)]*\)|\(?{_MONEY}\)?|{_OF}"
_TOTAL = re.compile(rf"{_WORD}\s*:?\s*(?:{_SCOPE})?\s*:?")
_KEY = re.compile(r"(?:^|[_\s-])(?:id|ID|Id)$|[a-z](?:Id|ID)$")
_NUMBER = re.compile(
    rf"[-+(]*(?:{_MONEY}\s*)?\W{{0,2}}\d[\d.,'’\s\u00a0\u202f]*\W{{0,2}}[)%]?\w{{0,3}}"
)

_BLANKS = ("", "-", "–", "—", "n/a", "na", "null", "none", "nan", "\\n")
_DIGITS = re.compile(r"-?\d[\d.,'’\s\u00a0\u202f]*")

SIGN = 3
"""Characters of the first value of a line by which others are left alone."""
_BEGIN = {"", *(word.replace("-?", "")[:SIGN] for word in WORDS)}
SIGNS = frozenset(
    sign[:SIGN]
    for begin in _BEGIN
    for text in (begin.lower(), begin.capitalize(), begin.upper())
    for sign in (text, f" {text}", f"'{text}", f"  {text}")
)


def may_hold(block: str) -> bool:
    """Whether a line of the text may be a row of totals."""
    return _LINE.search("\n" + block) is not None


class Totals:
    """What rows of totals look like below one header."""

    def __init__(
        self, header: Sequence[str], columns: Mapping[str, int], table: Table
    ) -> None:
        self._header = header
        self._table = table
        required = {column.name for column in table.columns if column.required}
        self._required = {at for name, at in columns.items() if name in required}
        names = {at: name for name, at in columns.items()}
        self._keys = {
            at
            for at, title in enumerate(header)
            if _KEY.search(title.strip()) or _KEY.search(names.get(at, ""))
        }
        self._checks = 0

    def is_one(
        self, row: Sequence[str], content: Content, is_last: bool = False
    ) -> bool:
        """Whether a row of the file is one of totals.

        The last row needs no word if its numbers, two or more, are all it has.
        """
        others = {
            at: cell
            for at, cell in enumerate(row)
            if cell.strip().lower() not in _BLANKS
        }
        first = next(iter(others), None)
        if first is None:
            return False
        is_named = _TOTAL.fullmatch(row[first].strip()) is not None
        if is_named:
            del others[first]
        if not others or others.keys() & self._keys:
            return False
        if not all(_NUMBER.fullmatch(cell.strip()) for cell in others.values()):
            return False
        if not is_named:
            lacks = self._required - others.keys()
            return (
                is_last
                and first > 0
                and len(others) > 1
                and bool(lacks)
                and self._are_sums(row, others, content, 2)
            )
        if self._required - {first} - others.keys():
            return True
        if first in self._keys and 2 * (len(others) + 1) <= len(row):
            return True
        return self._are_sums(row, others, content)

    def _are_sums(
        self,
        row: Sequence[str],
        cells: Mapping[int, str],
        content: Content,
        least: int = 1,
    ) -> bool:
        """Whether the numbers are the sums of those above, read once more."""
        self._checks += 1
        name = getattr(content.raw, "name", None)
        if self._checks > CHECKS or not isinstance(name, str):
            return False
        sums = dict.fromkeys(cells, Decimal(0))
        rows = 0
        try:
            for above in self._above(row, name):
                rows += 1
                for at in sums:
                    sums[at] += _number(above[at]) or 0
        except (OSError, Refusal, csv.Error):
            return False
        given = {at: _number(cell) for at, cell in cells.items()}
        fits = [given[at] in (sums[at], Decimal(rows)) for at in cells]
        return rows >= least and all(fits) and any(given[a] == sums[a] for a in cells)

    def _above(self, row: Sequence[str], path: str) -> Iterator[list[str]]:
        with opened(Path(path)) as again:
            text = io.TextIOWrapper(
                again.stream, self._table.encoding, errors="replace", newline=""
            )
            delimiter = self._table.delimiter or (
                "\t" if "\t" in text.readline() else ","
            )
            for other in csv.reader(text, delimiter=delimiter):
                if other == row:
                    return
                if len(other) == len(row) and other != self._header:
                    yield other


def _number(text: str) -> Decimal | None:
    found = _DIGITS.search(text)
    if not found:
        return None
    digits = re.sub(r"[^\d.,-]", "", found[0]).rstrip(".,")
    mark = max(".,", key=digits.rfind)
    whole, _, part = digits.rpartition(mark)
    if digits.count(mark) > 1 or (mark == "," and len(part) == 3):  # thousands
        whole, part = digits, ""
    elif mark not in digits:
        whole, part = part, ""
    whole = re.sub(r"[.,]", "", whole)
    try:
        return Decimal(f"{whole}.{part}" if part else whole)
    except InvalidOperation:
        return None
