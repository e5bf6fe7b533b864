"""What a file holds, to be held against the screen of its system.

Period, currencies and totals of money are read here for people alone: what counts
is how the models read them. Values that are not understood are counted.
"""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from .sources import Table

SMALL = 1_000_000
"""Bytes up to which a run looks into a file; a dry run always does."""
_MANY = 100_000
"""Different dates that are kept in mind."""
_NUMBER = re.compile(r"\d[\d.,'\u2019\s]*")
_NO_CENTS = re.compile(r"(?<=\d)[.,]\s?[-\u2012-\u2015\u2212]+")
_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?")
_ISO = re.compile(r"(\d{4})[-/.]?(\d\d)[-/.]?(\d\d)(?!\d)")
_PARTS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2}|\d{4})(?!\d)")
_SERIAL = re.compile(r"[2-5]\d{4}(?:\.\d+)?")
_MONTHS = [month.lower() for month in calendar.month_abbr if month]
_NAMED = re.compile(
    rf"({'|'.join(_MONTHS)})[a-z]*\.? (\d{{1,2}}),? (\d{{4}})", re.IGNORECASE
)
OTHERS = ("base", "converted")
"""What columns of money in another currency than the record's begin with."""
_EPOCH = date(1899, 12, 30)


@dataclass
class Preview:
    """What was seen in the rows of a file."""

    what: str
    """Its kind, in words."""
    key: str = ""
    """Header that identifies its records."""
    dated: str = ""
    """Header of the date that `first` and `last` are of."""
    first: str = ""
    last: str = ""
    is_undecided: bool = False
    """Whether day and month of the dates cannot be told apart."""
    totals: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    """Header of money → currency → total."""
    unread: Counter[str] = field(default_factory=Counter)
    """Header → values that are not understood."""
    is_looked: bool = True
    """Whether its rows were looked at."""

    def lines(self, rows: int) -> list[str]:
        """Say it, in parts of one line."""
        said = [f"{self.what}, {rows:,} record{'' if rows == 1 else 's'}"]
        if self.key:
            said[0] += f" by {self.key}"
        if self.first:
            said.append(f"{self.dated} {self.first} to {self.last}")
        if self.is_undecided:
            said.append(f"{self.dated}: day and month cannot be told apart")
        for header, totals in self.totals.items():
            each = ", ".join(
                f"{total:,.2f} {currency}".rstrip()
                for currency, total in sorted(totals.items())
            )
            said.append(f"{header} {each}")
        for header, count in self.unread.items():
            said.append(f"{header}: {count:,} values not understood")
        if not self.is_looked:
            said.append("not totalled, for it is large: a dry run does it")
        return said


class Looker:
    """Looks at rows as they pass."""

    def __init__(self, table: Table, columns: Sequence[str]) -> None:
        at = {name: position for position, name in enumerate(columns)}
        declared = [column for column in table.columns if column.name in at]
        given = dict(table.notation)
        self._mark = str(given.get("decimal_mark") or "")
        self._currency = str(given.get("currency") or table.currency or "")
        self._order = str(given.get("date_order") or "") or (
            "" if table.system else table.date_order
        )
        money = [c.name for c in declared if c.data_type == "money"]
        self._money = [
            (name, at[name], at.get(_currency_of(name), -1)) for name in money
        ]
        dates = [c.name for c in declared if c.data_type in ("timestamp", "date")]
        self._date = at[dates[0]] if dates else -1
        self._days: set[str] = set()
        keys = [c.name for c in table.columns if c.required and c.name in at][:1]
        self.preview = Preview(
            called(table), keys[0] if keys else "", dates[0] if dates else ""
        )
        self._unread: Counter[str] = Counter()

    def look(
        self, rows: Iterable[Sequence[str | None]]
    ) -> Sequence[Sequence[str | None]]:
        """Take note of rows, and give them back."""
        rows = rows if isinstance(rows, list) else list(rows)
        if self._date >= 0 and len(self._days) < _MANY:
            self._days.update(row[self._date] or "" for row in rows)
        for name, at, currency_at in self._money:
            sums = self.preview.totals.setdefault(name, {})
            by_currency: dict[str, list[str]] = {}
            for row in rows:
                text = row[at]
                if text and not text.isspace():
                    given = row[currency_at] if currency_at >= 0 else None
                    by_currency.setdefault(given or "", []).append(text)
            for given, texts in by_currency.items():
                values = [amount(text, self._mark) for text in texts]
                known = [value for value in values if value is not None]
                if len(known) < len(values):
                    self._unread[name] += len(values) - len(known)
                if known:
                    currency = given.strip().upper() or self._fixed(name)
                    sums[currency] = sums.get(currency, Decimal(0)) + sum(known)
        return rows

    def _fixed(self, money: str) -> str:
        """The currency of a column of money where no column says it."""
        return "" if _currency_of(money) != "currency" else self._currency

    def finish(self, headers: dict[str, str]) -> Preview:
        """What was seen, once all rows have passed, by the headers of columns."""
        made = self.preview
        days, made.is_undecided = self._read_days()
        if days:
            made.first, made.last = min(days).isoformat(), max(days).isoformat()
        made.totals = {
            headers.get(c, c): sums for c, sums in made.totals.items() if sums
        }
        made.unread = Counter({headers.get(c, c): n for c, n in self._unread.items()})
        made.key = headers.get(made.key, made.key)
        made.dated = headers.get(made.dated, made.dated)
        return made

    def _read_days(self) -> tuple[list[date], bool]:
        texts = [text.strip() for text in self._days if text and text.strip()]
        parts = [found for text in texts if (found := _PARTS.match(text))]
        order = self._order
        if not order and parts:
            if any(int(found[1]) > 12 for found in parts):
                order = "dmy"
            elif any(int(found[2]) > 12 for found in parts):
                order = "mdy"
            else:
                order = "?"
        days = [day(text, order) for text in texts]
        if wrong := days.count(None):
            self._unread[self.preview.dated] += 0 if order == "?" else wrong
        return [found for found in days if found], order == "?"


def amount(text: str, mark: str = "") -> Decimal | None:
    """An amount as people write it, None if it is none."""
    if _PLAIN.fullmatch(text) and (mark != "," or "." not in text):
        return Decimal(text)
    if no_cents := _NO_CENTS.search(text):
        mark = no_cents.group()[0]
        text = _NO_CENTS.sub("", text)
    found = _NUMBER.search(text)
    if found is None:
        return None
    digits = re.sub(r"['\u2019\s]", "", found.group()).rstrip(".,")
    if re.search(r"\d", text[found.end() :]):
        return None
    decimal = mark or _mark_of(digits)
    whole, _, part = digits.partition(decimal) if decimal else (digits, "", "")
    whole = re.sub("[.,]", "", whole)
    if not whole.isdecimal() or (part and not part.isdecimal()):
        return None
    value = Decimal(f"{whole}.{part or 0}")
    is_negative = "-" in text or "\u2212" in text or ("(" in text and ")" in text)
    return -value if is_negative else value


def _mark_of(digits: str) -> str:
    """The decimal mark of a number, if it has one."""
    comma, point = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and point >= 0:
        return "," if comma > point else "."
    if comma >= 0:
        is_grouped = re.fullmatch(r"\d{1,3}(,\d{3})+", digits)
        return "" if is_grouped else ","
    return "" if digits.count(".") > 1 else "."


def day(text: str, order: str = "") -> date | None:
    """The day of a date or time as people write it, None if it is none."""
    year: int
    try:
        if found := _ISO.match(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _PARTS.match(text):
            if order not in ("mdy", "dmy"):
                return None
            one, other, year = int(found[1]), int(found[2]), int(found[3])
            year += 2000 if year < 70 else 1900 if year < 100 else 0
            return date(year, *((other, one) if order == "dmy" else (one, other)))
        if _SERIAL.fullmatch(text):
            return _EPOCH + timedelta(int(float(text)))
        if found := _NAMED.search(text):
            month = _MONTHS.index(found[1].lower()) + 1
            return date(int(found[3]), month, int(found[2]))
    except ValueError:
        return None
    return None


def _currency_of(money: str) -> str:
    """The column with the currency of a column of money."""
    front = money.partition("_")[0]
    return f"{front}_currency" if front in OTHERS else "currency"


def called(table: Table) -> str:
    """What the records of a table are, in words."""
    if table.system:
        return f"{table.system_title} {table.title}"
    return f"{table.name.replace('_', ' ')} of {table.source}"
