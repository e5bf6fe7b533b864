"""Dashboards in the browser: the list, each with filters, and the rows of charts."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote, urlencode

from scripts import settings
from scripts.clauses import bound
from scripts.dashboards import (
    CHOSEN,
    FIGURE,
    DeclarationError,
    Declared,
    behinds,
    name_of,
    names,
)
from scripts.dashboards import read as read_declared
from scripts.explore import filters
from scripts.morning import masks
from scripts.morning.encoding import Row
from scripts.morning.figures import cell, head, number, words
from scripts.morning.section import Choice, Section, is_filled
from scripts.morning.tables import table
from scripts.morning.ways import Ways, linked, value_of
from scripts.warehouse import QueryError, Warehouse, opened

SECONDS = 20
"""Time of all queries of a page; what comes later says so in its place."""
PAGE = 100
"""Rows of a page."""
MOST = 1_000_000
"""Rows of which a median is taken."""
KEY = secrets.token_hex()
"""Of pseudonyms, which stay while the server runs: addresses have them."""
FILE = "fct_ingest_files.file_name"
"""Shown with each row, as the morning page shows it."""
LINE = ("_file_id", "_row_id")
"""The columns that say which line a row is from."""


class UnknownError(Exception):
    """There is no such page."""


@dataclass(frozen=True)
class Listed:
    """A dashboard in the list."""

    name: str
    title: str
    description: str
    note: str = ""
    """Why there is nothing to see, if there is not."""


@dataclass(frozen=True)
class Page:
    """A page to be put into a template; all but `title` is HTML."""

    title: str
    body: str
    form: str = ""
    description: str = ""
    problems: tuple[str, ...] = ()
    """Plain text."""


def listed(database: Path) -> list[Listed]:
    """Return the dashboards in their order; raises QueryError."""
    found = []
    with _opened(database) as warehouse:
        for path in names():
            name = name_of(path)
            try:
                declared = _declared(path)
            except DeclarationError as error:
                found.append(Listed(name, name, "", str(error)))
                continue
            note = "" if is_filled(warehouse, declared) else "Nothing yet."
            text = " ".join(str(declared.get("description") or "").split())
            found.append(Listed(name, str(declared.get("title") or name), text, note))
    return found


def board(database: Path, name: str, base: str, asked: Mapping[str, str]) -> Page:
    """Return a dashboard; `base` is the path of the list.

    Raises UnknownError, DeclarationError, QueryError.
    """
    path, declared = _found(name)
    address = f"{base}/{quote(name)}"
    with _opened(database) as warehouse:
        hidden = _masks(warehouse, declared)
        chosen = filters.read(declared, warehouse, hidden, asked)
        choice = Choice(chosen.values, chosen.chosen, address)
        section = Section(warehouse, hidden, path, declared, choice, level=2)
        body, has_rows = section.body(), is_filled(warehouse, declared)
    return Page(
        title=str(declared.get("title") or name),
        body=body,
        form=chosen.form(address) if has_rows else "",
        description=section.description(),
        problems=(*chosen.problems, *section.warnings),
    )


def rows(
    database: Path,
    name: str,
    chart: str,
    base: str,
    asked: Mapping[str, str],
    row_path: Callable[[str, str], str],
) -> Page:
    """Return the rows behind a figure; `row_path` gives the address of a row.

    Raises UnknownError, DeclarationError, QueryError.
    """
    _, declared = _found(name)
    known = declared["charts"].get(chart) or {}
    behind, figures = _behind(known, asked.get(FIGURE, ""))
    if not behind:
        raise UnknownError(f"{name} has no rows of {chart}")
    with _opened(database) as warehouse:
        hidden = _masks(warehouse, declared)
        chosen = filters.read(declared, warehouse, hidden, asked)
        parts = {key: text for key, text in asked.items() if key.startswith(CHOSEN)}
        values = {key: value_of(text) for key, text in parts.items()}
        query, given = bound(behind["query"], {**chosen.values, **values})
        if hidden:
            hidden.hide(query)
        listing = _Listing(warehouse, hidden, query, given, row_path)
        page = _page_of(asked)
        facts = listing.facts(figures)
        body = listing.table(page)
        address = f"{base}/{quote(name)}"
        state = {**chosen.chosen, **{k: parts[k] for k in sorted(parts)}}
        more = listing.pages(f"{address}/{quote(chart)}/rows", state, page)
    said = [f"{_column(key)}: {_value(text)}" for key, text in sorted(parts.items())]
    said += chosen.words
    of = f"<p>Of {words('; '.join(said))}.</p>" if said else ""
    back = f"{address}?{urlencode(chosen.chosen)}" if chosen.chosen else address
    title = str(declared.get("title") or name)
    return Page(
        title=f"{known.get('title') or chart}: the rows",
        body=f"{facts}{body}{more}",
        description=f'<p><a href="{back}">{words(title)}</a></p>{of}',
        problems=tuple(chosen.problems),
    )


def _behind(chart: Declared, figure: str) -> tuple[Declared, Declared]:
    """Return the rows of a figure as declared, and what they add up to."""
    found = behinds(chart)
    for behind in found:
        if figure in behind["figures"]:
            return behind, {figure: behind["figures"][figure]}
    return (found[0], found[0]["figures"]) if found else ({}, {})


class _Listing:
    """Rows as a table, each with the line that it came from."""

    def __init__(
        self,
        warehouse: Warehouse,
        hidden: masks.Masks | None,
        query: str,
        given: Mapping[str, object],
        row_path: Callable[[str, str], str],
    ) -> None:
        self._warehouse, self._hidden = warehouse, hidden
        self._query, self._given = query, given
        self._row_path = row_path
        self._files: dict[object, tuple[str, str]] = {}
        self.count = 0

    def _ask(self, sql: str, limit: int, **more: object) -> tuple[list[str], list[Row]]:
        given = {**self._given, **more}
        columns, found = self._warehouse.named_rows(sql, limit, given)
        return columns, [dict(zip(columns, row, strict=True)) for row in found]

    def facts(self, figures: Mapping[str, Any]) -> str:
        """Return how many rows there are, and what they add up to, by currency."""
        columns, _ = self._ask(f"select * from ({self._query}) limit 0", 0)
        sums = list(dict.fromkeys(w for w in figures.values() if w in columns))
        by = "coalesce(currency, 'unknown')" if "currency" in columns else "''"
        sql = ", ".join([by, "count(*)", *(f"sum({_quoted(c)})" for c in sums)])
        found = self._warehouse.named_rows(
            f"select {sql} from ({self._query}) group by 1 order by 2 desc, 1",
            1_000,
            self._given,
        )[1]
        self.count = sum(count for _, count, *_ in found)
        parts = [f"{self.count:,} row{'s' * (self.count != 1)}"]
        for place, column in enumerate(sums, 2):
            amounts = " + ".join(
                f"{words(row[0])} {number(row[place])}".strip()
                for row in found
                if row[place] is not None
            )
            parts.append(f"{head(column)} {amounts or '–'}")
        measured = [what for what in figures.values() if isinstance(what, dict)]
        for place, what in enumerate(measured):
            if what not in measured[:place]:
                parts.append(self._measure(what))
        return f'<p class="sum"><strong>{", ".join(parts)}</strong></p>'

    def _measure(self, what: Mapping[str, str]) -> str:
        """Return a share, a mean, a median or a number of different values."""
        kind, column = next(iter(what.items()))
        name = _quoted(column)
        if kind == "share":
            whole = f"sum({_quoted(what['of'])})" if "of" in what else "count(*)"
            (part, total), *_ = self._values(f"sum({name}), {whole}")
            if not total or part is None:
                return f"{head(column)} –"
            share = number(100 * part / total, 1)
            return f"{head(column)} {number(part)} of {number(total)}: {share} %"
        if kind == "distinct":
            ((found,),) = self._values(f"count(distinct {name})")
            return f"different {head(column)} {number(found)}"
        if kind == "mean":
            ((found,),) = self._values(f"avg({name})")
        else:
            known = [value for (value,) in self._values(name) if value is not None]
            found = median(known) if known else None
        return f"{kind} {head(column)} {'–' if found is None else number(found, 1)}"

    def _values(self, sql: str) -> list[tuple[Any, ...]]:
        query = f"select {sql} from ({self._query})"
        return self._warehouse.named_rows(query, MOST, self._given)[1]

    def table(self, page: int) -> str:
        """Return the rows of a page, a hundred at most."""
        columns, rows = self._ask(
            f"select * from ({self._query}) limit {PAGE} offset {PAGE * (page - 1)}",
            PAGE,
        )
        if not rows:
            return "<p>No rows.</p>"
        last = self._line if set(LINE) <= set(columns) else None
        return table("Rows", columns, rows, PAGE, Ways(), last)

    def _line(self, row: Row) -> str:
        """Return the file and line of a row, as a link to its record."""
        file_id, row_id = (row[column] for column in LINE)
        if file_id is None or row_id is None:
            return cell(None)
        if file_id not in self._files:
            self._files[file_id] = self._file(file_id)
        name, table = self._files[file_id]
        try:
            sql = f"select _line from {_quoted(table)} where _row_id = :row"
            _, found = self._warehouse.named_rows(sql, 1, {"row": row_id})
        except QueryError:  # of a table that is gone
            return words(name)
        text = f"{name} line {found[0][0]}" if found else name
        return linked(words(text), self._row_path(table, str(row_id)))

    def _file(self, file_id: object) -> tuple[str, str]:
        """Return the name of a file, masked if it has to be, and its bronze table."""
        sql = (
            "select file_name, source_name, table_name from fct_ingest_files"
            " where file_id = :file"
        )
        if self._hidden:
            self._hidden.hide(sql)
        _, found = self._warehouse.named_rows(sql, 1, {"file": file_id})
        ((name, source, table),) = found or [("", "", "")]
        return str(name), f"bronze_{source}__{table}"

    def pages(self, address: str, state: Mapping[str, str], page: int) -> str:
        """Return the links to the pages before and after."""
        links = []
        if page > 1:
            links.append((page - 1, "Previous page"))
        if page * PAGE < self.count:
            links.append((page + 1, "Next page"))
        found = " ".join(
            linked(text, f"{address}?{urlencode({**state, '_page': number_})}")
            for number_, text in links
        )
        return f"<p>{found}</p>" if found else ""


def _found(name: str) -> tuple[Path, Declared]:
    for path in names():
        if name_of(path) == name:
            return path, _declared(path)
    raise UnknownError(f"no dashboard {name}")


def _declared(path: Path) -> Declared:
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=100)
def _read(path: Path, changed: int) -> Declared:
    """Return a dashboard as declared; read again when it has `changed`."""
    return read_declared(path)


@contextmanager
def _opened(database: Path) -> Iterator[Warehouse]:
    chosen = settings.load(None, database, is_open=True)
    with opened(chosen) as warehouse:
        warehouse.limit(SECONDS)
        yield warehouse


def _masks(warehouse: Warehouse, declared: Declared) -> masks.Masks | None:
    if masks.are_shown():
        return None
    return masks.Masks(warehouse, [*declared["shown"], FILE], KEY)


def _page_of(asked: Mapping[str, str]) -> int:
    text = asked.get("_page", "")
    return max(1, int(text)) if text.isdecimal() and len(text) < 9 else 1


def _column(key: str) -> str:
    return key.removeprefix(CHOSEN).replace("_", " ").strip()


def _value(text: str) -> str:
    return text.replace("_", " ") or "none"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
