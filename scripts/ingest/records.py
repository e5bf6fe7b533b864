"""Which amounts of a file count, and in which currency, where rows share a record.

It is for the tables that take the files of many systems. What rows have in common say
`record_settings` of macros/records, and which amounts are of the whole order
fct_order_lines. A test holds these against each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .amounts import Sums, currency_shown
from .sources import Table

Row = Sequence[str | None]
Column = tuple[str, int, Sums]
SIGNS = {
    "order_lines": ("order_total", "line_amount", "gross_amount", "unit_price"),
    "balance_entries": ("amount", "total"),
    "deal_lines": ("line_amount",),
    "customers": ("total_spent",),
    "products": ("price",),
    "campaigns": ("budget", "cost"),
    "form_leads": (),
    "list_members": (),
}
"""Per table: amounts of which the first with a sign shows the currency of its row."""
GROUP = {
    "order_lines": ("order_number", "order_id"),
    "balance_entries": ("payout_id",),
}
"""Per table: what the rows of a record have in common."""
OTHER = {"converted_amount", "converted_refunded", "fee"}
"""Amounts of payments in the currency of the account, where it is named."""


class Records:
    """Adds amounts up as the models do: each once, in the currency of its record."""

    def __init__(self, table: Table, columns: Sequence[str]) -> None:
        self._at = {name: place for place, name in enumerate(columns)}
        self._table = table.name
        self._constants = {each.column: each.value for each in table.constants}
        self._usual = str(dict(table.notation).get("currency") or "").upper()
        self._signs = self._places(SIGNS.get(table.name, ("amount",)))
        self._group_at = self._places(GROUP.get(table.name, ()))
        self._group = ""
        self._known: dict[str, str] = {}
        self._waiting: dict[str, list[tuple[Sums, str]]] = {}
        self._seen: set[tuple[str | None, ...]] = set()

    def add(self, rows: Iterable[Row], columns: Iterable[Column]) -> None:
        """Add the amounts of rows."""
        money = list(columns)
        by_currency: dict[tuple[int, str], list[str]] = {}
        for row in rows:
            code, is_first = self._currency(row), self._is_first(row)
            other = self._other(row) if self._table == "payments" else ""
            for place, (name, at, sums) in enumerate(money):
                text = row[at]
                if not text or text.isspace():
                    continue
                if not is_first and self._whole(name):
                    sums.see(text)  # added up before, but it shows its mark
                    continue
                if other and name in OTHER:
                    by_currency.setdefault((place, other), []).append(text)
                elif code is None:
                    self._waiting.setdefault(self._group, []).append((sums, text))
                else:
                    by_currency.setdefault((place, code), []).append(text)
        for (place, code), texts in by_currency.items():
            money[place][2].add(code, texts)

    def finish(self) -> None:
        """Add what waited for the currency of its record."""
        for group, amounts in self._waiting.items():
            for sums, text in amounts:
                sums.add(self._known.get(group, self._usual), [text])
        self._waiting.clear()

    def _currency(self, row: Row) -> str | None:
        """The currency of a row, None if a later row of its record may name it."""
        given = self._value(row, "currency")
        group = next((v for at in self._group_at if (v := (row[at] or "").strip())), "")
        self._group = group or self._group
        if given:
            shown = currency_shown(given, self._usual)
            code = self._usual if shown is None else shown
            self._known.setdefault(self._group, code)
            return code
        if self._group_at and self._group in self._known:
            return self._known[self._group]
        for at in self._signs:
            if (text := row[at]) and text.strip("0123456789.,- "):
                return currency_shown(text.strip(), self._usual) or self._usual
        return None if self._group_at else self._usual

    def _other(self, row: Row) -> str:
        given = self._value(row, "converted_currency")
        return currency_shown(given) or "" if given else ""

    def _whole(self, name: str) -> bool:
        """Whether an amount is one of the whole order."""
        return self._table == "order_lines" and (
            name.startswith(("order_", "adjusted_")) or name == "refunded_amount"
        )

    def _is_first(self, row: Row) -> bool:
        """Whether a row is the first of its order."""
        if self._table != "order_lines" or not self._group:
            return True
        kind = self._value(row, "row_kind")
        total = self._value(row, "order_total")
        if kind == "order" and total.startswith(("-", "(")):
            return True
        key = self._group, self._value(row, "kind"), kind
        if key in self._seen:
            return False
        self._seen.add(key)
        return True

    def _places(self, names: Iterable[str]) -> list[int]:
        return [self._at[name] for name in names if name in self._at]

    def _value(self, row: Row, name: str) -> str:
        at = self._at.get(name)
        text = row[at] if at is not None else self._constants.get(name)
        return (text or "").strip()
