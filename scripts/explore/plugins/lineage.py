"""Links from a row to the rows it refers to, and to the line that it came from.

A plugin of Datasette, which links foreign keys in lists alone, and not under every
name of a database. `_row_id` is none: the bronze table it points into depends on the
file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from datasette.utils import tilde_encode
from markupsafe import Markup

from scripts.explore.framework import hookimpl

if TYPE_CHECKING:
    from scripts.explore.framework import Database, Datasette

    Parents = dict[str, tuple[str, str | None]]

FILE = "select source_name, table_name from fct_ingest_files where file_id = ?"
BRONZE = (
    "select name from sqlite_master where type = 'table' and name in "
    "('bronze_' || ? || '__' || ?)"
)
MONEY = re.compile(
    r"amount|revenue|price|cost|spend|incentive|budget|(^|_)(mrr|total|paid|refunded|fees?)$"
)
"""Names of columns that are of money, in units of its currency."""

_files: dict[tuple[str, Any], str] = {}
"""By database and file: the bronze table that its records are in."""
_parents: dict[tuple[str, str], Parents] = {}
"""By database and table: column to the table that it refers to, and by which column."""


@hookimpl
def render_cell(
    row: Any,
    value: Any,
    column: str,
    table: str | None,
    database: str,
    datasette: Datasette,
) -> Any:
    """Show a reference as a link, and an amount with its currency."""
    if value is None:
        return None
    if column.endswith("_cents") and isinstance(value, int):
        amount = f"{_currency(row, column)}{value / 100:,.2f}"
        return Markup('<span title="{} cents">{}</span>').format(value, amount)
    if isinstance(value, float):
        currency = _currency(row, column) if MONEY.search(column) else ""
        return currency + _number(column, value)
    if not table:
        return None
    return _linked(row, value, column, table, database, datasette)


def _currency(row: Any, column: str) -> str:
    """The currency of an amount with a blank, '' where the row does not name it."""
    names = row.keys()
    stem = column.removesuffix("_cents")
    if "reporting" in column:  # of another one, which no column names
        return ""
    first = stem.partition("_")[0]
    for name in (
        *(f"{stem}_currency_code", f"{stem}_currency", f"{first}_currency_code"),
        *("currency_code", "currency"),
    ):
        if name in names and row[name]:
            found = row[name]
            return f"{found['label'] if isinstance(found, dict) else found} "
    return ""


def _number(column: str, value: float) -> str:
    """A number as people read it: amounts with two decimals, none with an exponent."""
    if MONEY.search(column) or (abs(value) >= 1000 and not value.is_integer()):
        return f"{value:,.2f}"
    return f"{round(value, 6):,.0f}" if value.is_integer() else f"{value:,.6g}"


async def _linked(
    row: Any, value: Any, column: str, table: str, database: str, datasette: Datasette
) -> Markup | None:
    db, key = datasette.get_database(database), None
    names = row.keys()
    if column in ("_row_id", "row_id"):
        file = next((row[n] for n in ("_file_id", "file_id") if n in names), None)
        parent = await _bronze(db, file)
    elif column == "_file_id":
        parent = "fct_ingest_files"
    else:
        parent, key = (await _parents_of(db, table)).get(column, (None, None))
    if parent is None or parent == table:
        return None
    label = None
    if isinstance(value, dict):  # in a list, with what the other row is called
        value, label = value["value"], value["label"]
    path = datasette.urls.row(database, parent, tilde_encode(str(value)))
    if key:  # of a seed, whose rows have no page by it
        path = datasette.urls.table(database, parent)
        path += "?" + urlencode({f"{key}__exact": value})
    if label in (None, value):
        return Markup('<a href="{}">{}</a>').format(path, value)
    return Markup('<a href="{}">{}</a>&nbsp;<em>{}</em>').format(path, label, value)


async def _bronze(db: Database, file: Any) -> str | None:
    """The bronze table that the records of a file are in."""
    if isinstance(file, dict):
        file = file["value"]
    key = db.name, file
    if key not in _files:
        found = (await db.execute(FILE, [file])).first()
        bronze = found and (await db.execute(BRONZE, list(found))).first()
        if not bronze:
            return None
        _files[key] = bronze[0]  # which never changes
    return _files[key]


async def _parents_of(db: Database, table: str) -> Parents:
    key = db.name, table
    if key not in _parents:
        found: Parents = {}
        for known in await db.foreign_keys_for_table(table):
            parent, other = known["other_table"], known["other_column"]
            has_page = await db.primary_keys(parent) == [other]
            found[known["column"]] = parent, None if has_page else other
        _parents[key] = found
    return _parents[key]
