"""Rows that are no records: those of totals, and those in which every cell is blank.

Reports put totals, counts and means among or below the records. A row is one of
them if its only text is a word for that, all else are numbers, no key holds
anything, and either a required value is missing or the numbers are what the word
says of the records above. The last row needs no word if its numbers are sums.
A company that is called Total has a key, and lands.
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from ..errors import Refusal
from ..sources import Table

TOTALS = "totals"
BLANK = "empty row"
SUMS = (
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
    "المجموع", "tổng", "tổng cộng", "jumlah", "gesamttotal", "grand totals?",
    "sub-?totals?", "overall", "ergebnis", "teilergebnis", "total cumulé", "totalsumma",
)  # fmt: skip
MEANS = (
    "average", "avg", "mean", "median", "grand average", "durchschnitt", "mittelwert",
    "mittel", "moyenne", "promedio", "media", "média", "gemiddelde", "gennemsnit",
    "gjennomsnitt", "genomsnitt", "medel", "keskiarvo", "średnia", "průměr", "priemer",
    "átlag", "ortalama", "среднее", "середнє", "μέσος όρος", "平均", "평균",
)  # fmt: skip
COUNTS = (
    "count", "counts", "grand count", "row count", "record count", "number of records",
    "anzahl", "nombre", "recuento", "cuenta", "conteggio", "contagem", "aantal",
    "antal", "antall", "lukumäärä", "liczba", "počet", "darabszám", "sayı",
    "количество", "кількість", "件数", "개수", "计数", "数量",
)  # fmt: skip
EXTREMES = ("min", "max", "minimum", "maximum", "mín", "máx", "minimo", "massimo")
SIGN = 3
"""Characters of the first value of a line by which others are left alone."""
CHECKS = 5
"""Times a file is read again from its start, to add up what is above a row."""

_WORD = re.compile(r"[^\W\d_]+")
_ALL = (*SUMS, *MEANS, *COUNTS, *EXTREMES)


def _either(words: Sequence[str]) -> str:
    return "(?i:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


_MONEY = r"(?:[A-Z]{3}|(?i:s?fr|kr|zł|kč|ft|rs|lei)\.?|(?:US|[ACR]|NZ|HK)?[^\w\s])"
_OF = r"(?:for|of|per|on|für|vom|pour|del?)\s.{1,60}|net|gross|netto|brutto"
_COUNT = r"[:=]?\s*[-+]?\d[\d.,'’\s\u00a0\u202f]*(?:\s?[^\W\d_]{1,12}){0,2}"
_SCOPE = rf"\(\d+[^)]*\)|\(?{_MONEY}\)?|{_COUNT}|{_OF}"
_DRESS = " \t\r\n\u00a0'\"*_=~#|<>«»[]–—-.:"
"""What words for totals are set in, such as `*Total*` or `--- Total ---`."""
_LABELS = {
    kind: re.compile(rf"{_either(words)}\s*:?\s*(?:{_SCOPE})?\s*:?")
    for kind, words in
    {"sum": SUMS, "mean": MEANS, "count": COUNTS, "extreme": EXTREMES}.items()
}  # fmt: skip
_FIRST_WORDS = {
    _WORD.match(form)[0]
    for word in _ALL
    for form in (
        word.replace("-?", ""),
        word.replace("-?", " "),
        word.replace("s?", ""),
    )
}
_TAIL = re.compile(
    r"(?P<of>.{1,60}?)[\s:–-]+(?i:sub-?total|totale?|totaal|ergebnis|summe)",
    re.DOTALL,
)
"""What spreadsheets write below a group: `North Total`."""
TAILS = (" total", " totale", " totaal", " ergebnis", " summe")
ENDS = frozenset(
    (form + dress)[-SIGN:]
    for tail in TAILS
    for form in (tail, tail.upper())
    for dress in ("", " ", ":", ": ", " :", "*", "**")
)
"""What first values of lines end with, so that the lines deserve a look."""
_FIGURE = re.compile(r"\(\s*\d|[:=]\s*[-+]?\d")
_KEY = re.compile(r"(?:^|[_\s-])(?:id|ID|Id)$|[a-z](?:Id|ID)$")
_UNSUMMED = re.compile(r"(?i:phone|tel|fax|mobile|zip|post|plz|iban|birth|code)")
_CURRENCY = re.compile(r"(?i:curr|währ|devise|moneda|valuta)")
_NUMBER = re.compile(
    rf"[-+(]*(?:{_MONEY}\s*)?\W{{0,2}}\d[\d.,'’\s\u00a0\u202f]*\W{{0,2}}[)%]?\w{{0,3}}"
)
_DAY = re.compile(r"\d{1,2}\.\s?\d{1,2}\.\s?(?:\d{4}|\d\d)\.?")

_BLANKS = ("", "-", "–", "—", "n/a", "na", "null", "none", "nan", "\\n")
_DIGITS = re.compile(r"-?\d[\d.,'’\s\u00a0\u202f]*")

WHITE = " \t\r\n\v\f\u00a0\u2007\u202f\u3000\u200b\u2060\ufeff"


def _signs() -> Iterator[str]:
    for word in _ALL:
        begin = word.replace("-?", "")[:SIGN]
        for text in (begin.lower(), begin.capitalize(), begin.upper()):
            yield text
            for mark in _DRESS:
                yield mark + text[: SIGN - 1]
                yield 2 * mark + text[: SIGN - 2]
                yield 3 * mark
    yield ""
    for one in WHITE:
        yield one
        for two in WHITE:
            yield one + two
            yield from (one + two + three for three in (*WHITE, *_DRESS))


SIGNS = frozenset(_signs())


def is_blank(row: Sequence[str | None]) -> bool:
    """Whether no cell of the row holds anything but blanks."""
    return not any(cell and cell.strip(WHITE) for cell in row)


def is_suspect(cell: str | None) -> bool:
    """Whether a row in whose first or key column this is deserves a look."""
    if not cell or cell[:SIGN] in SIGNS:
        return True
    return cell[-SIGN:] in ENDS and cell.strip(_DRESS).lower().endswith(TAILS)


def may_be_one(cell: str) -> bool:
    """Whether a cell may be the word of a row of totals."""
    text = cell.strip(_DRESS)
    word = _WORD.match(text)
    if word and word[0].lower() in _FIRST_WORDS:
        return _kind(text) is not None
    return text.lower().endswith(TAILS)


def _kind(cell: str) -> str | None:
    text = cell.strip(_DRESS)
    for kind, pattern in _LABELS.items():
        if pattern.fullmatch(text):
            return kind
    return "tail" if _TAIL.fullmatch(text) else None


Above = Callable[[Sequence[str]], Iterator[tuple[int, Sequence[str | None]]]]
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
        titles = [(at, t.strip(), names.get(at, "")) for at, t in enumerate(header)]
        self.keys = {at for at, *both in titles if any(map(_KEY.search, both))}
        self._unsummed = {
            at for at, *both in titles if any(map(_UNSUMMED.search, both))
        }
        self._currency = {
            at for at, *both in titles if any(map(_CURRENCY.search, both))
        }
        self._sums = _Sums(lambda: above(header))

    def is_one(self, row: Sequence[str], at: int, is_last: bool = False) -> bool:
        """Whether a row of the file, the one at position `at`, is one of totals.

        The last row needs no word if its numbers, two or more, are all it has.
        """
        cells = {
            n: cell for n, cell in enumerate(row) if cell.strip().lower() not in _BLANKS
        }
        texts = [n for n, cell in cells.items() if not self._is_number(n, cell)]
        if len(texts) > 1 or not cells:
            return False
        found = bool(texts) and self._is_named(row, cells, texts[0], at)
        if not texts and is_last and not row[0].strip():
            found = self._is_sum_of_all(cells, at)
        if found:
            self._sums.leave_out(at)
        return found

    def _is_number(self, n: int, cell: str) -> bool:
        text = cell.strip()
        if n in self._currency and re.fullmatch("[A-Z]{3}", text):
            return True
        is_number = _NUMBER.fullmatch(text) and not _DAY.fullmatch(text)
        return bool(is_number) and not (text[0].isalpha() and _kind(text))

    def _is_named(
        self, row: Sequence[str], cells: dict[int, str], label: int, at: int
    ) -> bool:
        text = cells.pop(label)
        kind = _kind(text)
        if kind is None or cells.keys() & self.keys:
            return False
        lacks = bool(self._required - {label} - cells.keys())
        is_key = label in self.keys
        if not cells:
            is_figure = len(row) > 1 and _FIGURE.search(text) and kind != "tail"
            return bool(is_figure) and (
                lacks or is_key or self._sums.counts(_number(text), at)
            )
        is_like_a_record = any(
            n in self._unsummed and sum(map(str.isdigit, cell)) > 4
            for n, cell in cells.items()
        )
        if not is_like_a_record and kind in ("sum", "mean", "count"):
            if is_key and 2 * (len(cells) + 1) <= len(row):
                return True
            if lacks and (kind == "sum" or is_key):
                return True
        if kind == "tail":
            return self._sums.are_of_group(cells, label, text, at, lacks)
        return self._sums.fit(kind, cells, at)

    def _is_sum_of_all(self, cells: dict[int, str], at: int) -> bool:
        lacks = self._required - cells.keys()
        is_all = len(cells) > 1 and bool(lacks)
        is_all = is_all and not cells.keys() & self.keys
        return is_all and self._sums.fit("sum", cells, at, least=2)


class _Column:
    """What the records above a row have in one column."""

    def __init__(self) -> None:
        self.sum = Decimal(0)
        self.filled = self.numbers = 0
        self.least: Decimal | None = None
        self.most: Decimal | None = None

    def add(self, cell: str | None) -> None:
        if not cell or not cell.strip():
            return
        self.filled += 1
        number = _number(cell)
        if number is None:
            return
        self.numbers += 1
        self.sum += number
        self.least = number if self.least is None else min(self.least, number)
        self.most = number if self.most is None else max(self.most, number)

    def is_sum(self, given: Decimal) -> bool:
        return bool(self.numbers) and _is_near(given, self.sum)

    def is_mean(self, given: Decimal) -> bool:
        if not self.numbers:
            return False
        step = Decimal(1).scaleb(given.as_tuple().exponent)
        return abs(given - self.sum / self.numbers) <= step / 2


class _Sums:
    """Adds up the records above a row, read once more and no further than to it."""

    def __init__(self, above: Callable[[], Iterator]) -> None:
        self._open = above
        self._starts = 0
        self._records: Iterator | None = None
        self._apart: set[int] = set()
        self._all: dict[int, _Column] = {}
        self._group: dict[int, _Column] = {}
        self._rows = self._group_rows = 0
        self._before: Sequence[str | None] = ()
        self._waiting: tuple[int, Sequence[str | None]] | None = None

    def leave_out(self, at: int) -> None:
        """The row at a position is no record; a new group begins below it."""
        self._apart.add(at)

    def counts(self, number: Decimal | None, at: int) -> bool:
        """Whether there are so many records above."""
        return self._advance(set(), at) and number in (self._rows, self._group_rows)

    def are_of_group(
        self, cells: Mapping[int, str], label: int, text: str, at: int, lacks: bool
    ) -> bool:
        """Whether the row says a total of the records above with one value."""
        if not self._advance(cells.keys() | {label}, at) or not self._before:
            return False
        stem = _TAIL.fullmatch(text.strip(_DRESS))["of"].strip(_DRESS).casefold()
        if stem != (self._before[label] or "").strip(_DRESS).casefold():
            return False
        return lacks or self.fit("sum", cells, at)

    def fit(self, kind: str, cells: Mapping[int, str], at: int, least: int = 1) -> bool:
        """Whether the numbers are what a word says of the records above."""
        if not self._advance(cells.keys(), at) or self._rows < least:
            return False
        given = {n: _number(cell) for n, cell in cells.items()}
        given = {n: number for n, number in given.items() if number is not None}
        return bool(given) and any(
            self._are(kind, given, columns, rows)
            for columns, rows in (
                (self._all, self._rows),
                (self._group, self._group_rows),
            )
        )

    def _are(
        self, kind: str, given: dict[int, Decimal], columns: dict, rows: int
    ) -> bool:
        of = {n: columns.get(n) or _Column() for n in given}
        if kind == "mean":
            return rows > 1 and all(of[n].is_mean(g) for n, g in given.items())
        if kind == "count":
            return all(g in (rows, of[n].filled) for n, g in given.items())
        if kind == "extreme":
            return rows > 1 and (
                all(g == of[n].least for n, g in given.items())
                or all(g == of[n].most for n, g in given.items())
            )
        sums = [of[n].is_sum(g) for n, g in given.items()]
        return any(sums) and all(
            is_sum or g == rows for is_sum, g in zip(sums, given.values(), strict=True)
        )

    def _advance(self, wanted: set[int], at: int) -> bool:
        """Add up what is above a position; False if it cannot be read again."""
        if self._records is None or wanted - self._all.keys():
            if self._starts >= CHECKS:
                return False
            self._starts += 1
            self._records, self._waiting = self._open(), None
            self._all = {n: _Column() for n in wanted | self._all.keys()}
            self._rows, self._before = 0, ()
            self._begin_group()
        try:
            while (found := self._waiting or next(self._records, None)) is not None:
                self._waiting = found
                if found[0] >= at:
                    break
                self._waiting = None
                self._add(*found)
        except (OSError, Refusal, ValueError, csv.Error, MemoryError):
            self._records, self._starts = None, CHECKS
            return False
        return True

    def _begin_group(self) -> None:
        self._group = {n: _Column() for n in self._all}
        self._group_rows = 0

    def _add(self, position: int, row: Sequence[str | None]) -> None:
        if position in self._apart:
            self._begin_group()
            return
        self._rows += 1
        self._group_rows += 1
        self._before = row
        for n, column in self._all.items():
            column.add(row[n])
            self._group[n].add(row[n])


def _is_near(given: Decimal, wanted: Decimal) -> bool:
    """Whether they are equal but for what sums of binary fractions are off."""
    return abs(given - wanted) <= max(abs(wanted), 1) * Decimal("1e-9")


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
