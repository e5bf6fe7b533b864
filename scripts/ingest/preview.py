"""What a file holds, to be held against the screen of its system.

Period, currencies and totals of money are read for people alone, as the models read
them. Values that are not understood, or could be read two ways, are counted.
"""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from .amounts import BY_FILE, Sums, written
from .records import Records
from .sources import Table

SMALL = 1_000_000
"""Bytes up to which a run looks into a file; a dry run always does."""
_MANY = 100_000
"""Different dates that are kept in mind."""
_ISO = re.compile(r"(\d{4})[-/.]?(\d\d)[-/.]?(\d\d)(?!\d)")
_PARTS = re.compile(r"'?(\d{1,2})([-/. ])(\d{1,2})[-/. ](\d{2}|\d{4})(?!\d)")
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
    """Whether day and month of the dates cannot be separated."""
    totals: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    """Header of money → currency → total."""
    unread: Counter[str] = field(default_factory=Counter)
    """Header → values that are not understood."""
    undecided: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Header → amounts that have thousands or decimals, and the first of them."""
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
                written(total, currency) for currency, total in sorted(totals.items())
            )
            said.append(f"{header} {each}")
        for header, (count, example) in self.undecided.items():
            said.append(
                f"{header}: {_counted(count, 'amount')} undecided, "
                f"thousands or decimals in {example}?"
            )
        for header, count in self.unread.items():
            if count:
                said.append(f"{header}: {_counted(count, 'value')} not understood")
        if not self.is_looked:
            said.append("not totalled, for it is large: a dry run does it")
        return said


class Looker:
    """Looks at rows as they pass."""

    def __init__(self, table: Table, columns: Sequence[str]) -> None:
        at = {name: position for position, name in enumerate(columns)}
        declared = [column for column in table.columns if column.name in at]
        given = dict(table.notation)
        currency = str(given.get("currency") or table.currency or "")
        self._said = str(given.get("date_order") or "")
        self._is_by_file = table.source in BY_FILE
        is_declared = not table.system and not self._is_by_file
        self._order = self._said or (table.date_order if is_declared else "")
        self._money = []
        for name in (c.name for c in declared if c.data_type == "money"):
            is_own = _currency_of(name) == "currency" and not self._is_by_file
            sums = Sums(table, currency if is_own else "", is_own)
            self._money.append((name, at[name], at.get(_currency_of(name), -1), sums))
        self._records = Records(table, columns) if self._is_by_file else None
        dates = [c.name for c in declared if c.data_type in ("timestamp", "date")]
        self._days: list[tuple[int, set[str]]] = [(at[name], set()) for name in dates]
        needed = [c.name for c in table.columns if c.required and c.name in at]
        is_key = len(needed) == 1 or needed[:1] == ["id"]  # else no one is
        self.preview = Preview(
            called(table), needed[0] if is_key else "", dates[0] if dates else ""
        )
        self._unread: Counter[str] = Counter()

    def look(
        self, rows: Iterable[Sequence[str | None]]
    ) -> Sequence[Sequence[str | None]]:
        """Take note of rows, and give them back."""
        rows = rows if isinstance(rows, list) else list(rows)
        for at, days in self._days:
            if len(days) < _MANY:
                days.update([row[at] or "" for row in rows])
        if self._records:
            self._records.add(rows, ((name, at, s) for name, at, _, s in self._money))
            return rows
        for _, at, currency_at, sums in self._money:
            by_currency: dict[str, list[str]] = {}
            for row in rows:
                text = row[at]
                if text and not text.isspace():
                    given = row[currency_at] if currency_at >= 0 else None
                    by_currency.setdefault(given or "", []).append(text)
            for given, texts in by_currency.items():
                sums.add(given, texts)
        return rows

    def finish(self, headers: dict[str, str]) -> Preview:
        """What was seen, once all rows have passed, by the headers of columns."""
        made = self.preview
        days, made.is_undecided = self._read_days()
        if days:
            made.first, made.last = min(days).isoformat(), max(days).isoformat()
        if self._records:
            self._records.finish()
        columns = [sums for *_, sums in self._money]
        for name, *_, sums in self._money:
            found, header = sums.decided(columns), headers.get(name, name)
            if found.totals:
                made.totals[header] = found.totals
            if found.undecided:
                made.undecided[header] = found.undecided, found.example
            self._unread[name] += found.unread
        made.unread = Counter({headers.get(c, c): n for c, n in self._unread.items()})
        made.key = headers.get(made.key, made.key)
        made.dated = headers.get(made.dated, made.dated)
        return made

    def _read_days(self) -> tuple[list[date], bool]:
        """The days of the first date, and whether day and month are undecided."""
        if not self._days:
            return [], False
        texts = [text.strip() for text in self._days[0][1] if text and text.strip()]
        orders = {order for text in texts if (order := _shown_order(text))}
        if self._is_by_file and self._said:
            orders = {self._said}
        elif self._is_by_file or not orders:
            others = (text for _, days in self._days[1:] for text in days)
            orders |= {order for text in others if (order := _shown_order(text))}
        order = orders.pop() if len(orders) == 1 else self._order
        days = [day(text, order) for text in texts]
        unread = [text for text, found in zip(texts, days, strict=True) if not found]
        undecided = sum(1 for text in unread if not order and day(text, "mdy"))
        self._unread[self.preview.dated] += len(unread) - undecided
        return [found for found in days if found], undecided > 0


def _shown_order(text: str) -> str:
    """The order of day and month that a date shows, empty if it shows none."""
    found = _PARTS.match(text)
    if found is None or found[2] not in "/-":
        return ""
    if found[2] == "-" and len(found[4]) < 4:
        return ""
    one, other = int(found[1]), int(found[3])
    if 12 < one <= 31 and 1 <= other <= 12:
        return "dmy"
    return "mdy" if 12 < other <= 31 and 1 <= one <= 12 else ""


def day(text: str, order: str = "") -> date | None:
    """The day of a date or time as people write it, None if it is none."""
    year: int
    try:
        if found := _ISO.match(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _PARTS.match(text):
            if found[2] == "-" and len(found[4]) < 4:  # may begin with the year
                return None
            one, other, year = int(found[1]), int(found[3]), int(found[4])
            year += 2000 if year < 70 else 1900 if year < 100 else 0
            if found[2] == "." or one > 12:
                order = "dmy"
            elif other > 12 or one == other:
                order = "mdy"
            if order not in ("mdy", "dmy"):
                return None
            return date(year, *((other, one) if order == "dmy" else (one, other)))
        if _SERIAL.fullmatch(text):
            return _EPOCH + timedelta(int(float(text)))
        if found := _NAMED.search(text):
            month = _MONTHS.index(found[1].lower()) + 1
            return date(int(found[3]), month, int(found[2]))
    except ValueError:
        return None
    return None


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _currency_of(money: str) -> str:
    """The column with the currency of a column of money."""
    front = money.partition("_")[0]
    return f"{front}_currency" if front in OTHERS else "currency"


def called(table: Table) -> str:
    """What the records of a table are, in words."""
    if table.system:
        return f"{table.system_title} {table.title}"
    return f"{table.name.replace('_', ' ')} of {table.source}"
