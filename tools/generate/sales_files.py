"""Files of the shops: sales by day or month, and exports of what they name."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from tools.generate.sales import LAST_DAY, Record, Shop, cents_of, money

DAYS = 91
LETTERS = {"month": 7, "day": 10}
"""Letters of a date that name the file of a sale."""

# Kind of fault: the column it spoils, and with what.
Fault = tuple[str, Callable[[Record, Random], Any]]
FAULTS: dict[str, Fault] = {
    "unknown_customer": ("customer_id", lambda row, random: "999999"),
    "missing_customer": ("customer_id", lambda row, random: ""),
    "unknown_store": ("store_id", lambda row, random: "999"),
    "list_of_sellers": ("sales_person_id", lambda row, random: "[1, 2, 3]"),
    "unknown_product": ("product_name", lambda row, random: "Mystery Box"),
    "product_spelling": (
        "product_name",
        lambda row, random: f" {row['product_name'].upper()} ",
    ),
    "missing_product": ("product_name", lambda row, random: "N/A"),
    "impossible_date": ("sales_date", lambda row, random: "2025-02-30"),
    "future_date": ("sales_date", lambda row, random: "2099-01-01"),
    "negative_total": ("total_cost", lambda row, random: f"-{row['total_cost']}"),
    "inconsistent_total": (
        "total_cost",
        lambda row, random: money(
            cents_of(row["total_cost"]) + random.randrange(1, 10_000)
        ),
    ),
    "unreadable_total": ("total_cost", lambda row, random: "free"),
    "missing_price": ("price", lambda row, random: "nan"),
    "price_notation": ("price", lambda row, random: f"${row['price']}"),
    "negative_quantity": ("quantity", lambda row, random: -row["quantity"]),
    "absurd_quantity": ("quantity", lambda row, random: 1_000_000),
}


def write(
    shop: Shop,
    folder: Path,
    sales: int,
    *,
    dirt: float = 0.03,
    days: int = DAYS,
    by: str = "month",
    fewer: int = 0,
    extra: int = 0,
) -> Iterator[Path]:
    """Write the sales of the `days` up to LAST_DAY and the dimensions.

    `by` is `day` or `month`: what a file holds. A share `dirt` of the sales has
    a fault each. The last `fewer` files lack a mandatory column, the `extra`
    before them have columns that nobody declared.
    """
    folder.mkdir(parents=True, exist_ok=True)
    random = Random(f"sales-files-{shop.seed}")
    files: dict[str, list[Record]] = {}
    for row in _sales(shop, sales, days):
        files.setdefault(row["sales_date"][: LETTERS[by]], []).append(row)
    for left, (period, rows) in zip(
        range(len(files) - 1, -1, -1), files.items(), strict=True
    ):
        rows = [_spoilt(row, random) if random.random() < dirt else row for row in rows]
        if left < fewer:
            rows = [_without(row, "total_cost") for row in rows]
        elif left < fewer + extra:
            rows = [{**row, "payment": random.choice(("card", "cash"))} for row in rows]
        yield _write_csv(folder / f"sales_{period}.csv", rows)
    for table, rows in shop.tables.items():
        yield _write_csv(folder / f"{table}.csv", rows)


def _sales(shop: Shop, sales: int, days: int) -> Iterator[Record]:
    """The sales in order of their days, without the identifiers they have."""
    for day in range(days):
        count = sales * (day + 1) // days - sales * day // days
        for row in shop.sales(LAST_DAY - timedelta(days=days - 1 - day), count):
            yield _without(row, "id")


def _spoilt(row: Record, random: Random) -> Record:
    column, change = FAULTS[random.choice(tuple(FAULTS))]
    return {**row, column: change(row, random)}


def _without(row: Record, column: str) -> Record:
    return {name: value for name, value in row.items() if name != column}


def _write_csv(path: Path, rows: list[Record]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path
