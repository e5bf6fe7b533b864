"""What the sales should add up to, worked out row by row in plain Python."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

Row = Mapping[str, Any]
NO_DAY = "2025-02-30"
"""The one day of the tests that there never was."""


def cents(text: str) -> int:
    """A plain amount, perhaps with a dollar sign, in cents; 0 if it is none."""
    try:
        amount = Decimal(text.strip().replace("$", ""))
    except InvalidOperation:
        return 0
    return half_up(amount * 100) if amount.is_finite() else 0


def half_up(amount: Decimal) -> int:
    return int(amount.to_integral_value(ROUND_HALF_UP))


def given(value: object) -> str | None:
    """A key as it counts: without blanks around, missing as None."""
    text = str(value).strip()
    return None if text.lower() in {"", "nan", "n/a", "none"} else text


def day(row: Row) -> str | None:
    return None if row["sales_date"] == NO_DAY else row["sales_date"]


def month(row: Row) -> str | None:
    return None if row["sales_date"] == NO_DAY else row["sales_date"][:7]


def product(row: Row) -> str | None:
    name = given(row["product_name"])
    return name and " ".join(name.split()).lower()


def totals(rows: Iterable[Row], *keys: Any) -> dict[tuple, int]:
    """Cents by some keys: names of columns, or functions of a row."""
    found: dict[tuple, int] = defaultdict(int)
    for row in rows:
        key = (k(row) if callable(k) else given(row[k]) for k in keys)
        found[tuple(key)] += cents(str(row["total_cost"]))
    return dict(found)


def incentives(rows: Iterable[Row]) -> dict[tuple, int]:
    """The incentive by month, store and person: 1 % for the best of a shop."""
    sold = totals(rows, month, "store_id", "sales_person_id")
    paid = dict.fromkeys(sold, 0)
    for key, amount in sold.items():
        when, store, person = key
        rivals = [
            other
            for (month_, store_, person_), other in sold.items()
            if (month_, store_) == (when, store) and is_key(person_)
        ]
        if when and is_key(store) and is_key(person) and amount == max(rivals):
            paid[key] = max(0, half_up(Decimal(amount) / 100))
    return paid


def is_key(value: str | None) -> bool:
    """Whether a value can be a key: given, and no list."""
    return value is not None and not value.startswith("[")


def growth(rows: Iterable[Row]) -> dict[tuple, int | None]:
    """What each product and month sold more than the month before."""
    sold = totals(rows, month, product)
    found: dict[tuple, int | None] = {}
    for (when, name), amount in sold.items():
        found[when, name] = None
        if when:
            year, number = divmod(int(when[:4]) * 12 + int(when[5:]) - 2, 12)
            before = sold.get((f"{year:04}-{number + 1:02}", name))
            found[when, name] = None if before is None else amount - before
    return found


def sold_once(sources: Iterable[Iterable[tuple]]) -> Counter[tuple]:
    """How often each sale took place that several sources tell of.

    One that stands n times in one and m times in another took place as often
    as the larger of the two.
    """
    found: Counter[tuple] = Counter()
    for rows in sources:
        found |= Counter(rows)
    return found
