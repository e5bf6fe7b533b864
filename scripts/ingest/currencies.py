"""Whether a file says in which currency its amounts are."""

from collections.abc import Iterable, Sequence
from typing import Any

from .preview import OTHERS
from .sources import Table

RULE = "currency_unsaid"
_PLAIN = frozenset("0123456789.,'+-() \t\u00a0\u202f\u2009\u2019\u2212")
"""What an amount without a currency is written with."""


class Currencies:
    """Watches the rows of a file until it shows a currency, or an amount of none."""

    def __init__(self, table: Table, columns: Sequence[str]) -> None:
        given = dict(table.notation).get("currency") or table.currency
        self._amounts = [
            columns.index(column.name)
            for column in table.columns
            if column.data_type == "money"
            and column.name in columns
            and column.name.partition("_")[0] not in OTHERS
        ]
        self._names = columns
        self._code = columns.index("currency") if "currency" in columns else None
        self.is_watching = bool(self._amounts) and not given
        self.unsaid: str | None = None
        """The first column with an amount of no currency, if none is shown."""

    def watch(self, rows: Iterable[Any]) -> Iterable[Any]:
        """Take note of rows, and give them back."""
        if not self.is_watching:
            return rows
        rows = rows if isinstance(rows, list) else list(rows)
        if self._code is not None and any(row[self._code] for row in rows):
            self.is_watching, self.unsaid = False, None
            return rows
        if self.unsaid is None:
            self.unsaid = next(
                (
                    self._names[at]
                    for row in rows
                    for at in self._amounts
                    if row[at] and _is_bare(row[at])
                ),
                None,
            )
        if self.unsaid and self._code is None:
            self.is_watching = False
        return rows


def _is_bare(text: str) -> bool:
    """Whether it is an amount with neither sign nor code of a currency."""
    return _PLAIN.issuperset(text) and not text.isspace() and text.strip("0.,") != ""
