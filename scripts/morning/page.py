"""The page as a whole: of when and of what it is, then a section per dashboard."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from scripts.dashboards import DeclarationError, Declared, names, read
from scripts.morning import masks
from scripts.morning.charts import chart
from scripts.morning.encoding import NotDrawnError, Row
from scripts.morning.figures import LONGEST, cell, is_number, number, words
from scripts.morning.tables import table
from scripts.settings import SAMPLES, Settings, shown
from scripts.warehouse import QueryError, Warehouse

MOST_ROWS, MOST_SHOWN = 5_000, 100
LARGEST = 1_400_000
"""Bytes of a page: what comes after them is left out, and said so."""
NOTHING = "nothing yet"
NEWEST = "select count(*), max(loaded_at) from fct_ingest_files"
FOOTER = """Written by each run. Tables, rows and lines in the browser:
<code>make explore</code>."""
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="stamp" content="{stamp}">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
style-src 'sha256-{style_hash}'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<header>
<h1>{heading}</h1>
{facts}
<nav aria-label="Sections"><ul>{links}</ul></nav>
</header>
<main>
{sections}
</main>
<footer><p>{footer}</p></footer>
</body>
</html>
"""


@dataclass
class Page:
    """What is put into a page, and what was wrong on the way."""

    settings: Settings
    folder: Path
    made_at: str
    """UTC, as the clock of a run writes it."""
    failures: list[str] = field(default_factory=list)
    """What failed in the build."""
    warnings: list[str] = field(default_factory=list)
    """What of the declarations cannot be used, one line each."""

    def html(self, warehouse: Warehouse, stamp: str) -> str:
        """Return the page; raises UsageError for a setting that is none."""
        declared = list(self._declared())
        are_shown = masks.are_shown()
        shown_columns = (c for _, d in declared if d for c in d["shown"])
        hidden = None if are_shown else masks.Masks(warehouse, shown_columns)
        sections, size, links = [], 0, []
        for place, (path, dashboard) in enumerate(declared, 1):
            room = LARGEST - size
            section = _Section(warehouse, hidden, path, dashboard, place, room)
            sections.append(section.html())
            size += _size(sections[-1])
            links.append(f'<li><a href="#{section.id}">{section.title}</a></li>')
            self.warnings += section.warnings
        style = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
        day = datetime.fromisoformat(self.made_at[:10])
        heading = f"{day:%A}, {day.day} {day:%B %Y}"
        newest, facts = self._facts(warehouse, are_shown)
        return PAGE.format(
            stamp=stamp,
            style=style,
            style_hash=b64encode(sha256(style.encode()).digest()).decode(),
            title=escape(f"{heading}: {self.settings.database.name}, {newest}"),
            heading=heading,
            facts="\n".join(facts),
            links="".join(links),
            sections="\n".join(sections),
            footer=FOOTER,
        )

    def _declared(self) -> Iterator[tuple[Path, Declared | None]]:
        """Give the dashboards; None for one that cannot be read."""
        paths = names(self.folder)
        if not paths:
            self.warnings.append(
                f"{shown(self.folder)}: no dashboard is declared there"
            )
        for path in paths:
            try:
                yield path, read(path)
            except DeclarationError as error:
                self.warnings.append(str(error))
                yield path, None

    def _facts(self, warehouse: Warehouse, are_shown: bool) -> tuple[str, list[str]]:
        """Return until when files came, and the lines below the heading."""
        try:
            ((count, loaded_at),) = warehouse.rows(NEWEST)
        except QueryError:
            count, loaded_at = 0, None
        newest = f"files until {_minute(loaded_at)}" if loaded_at else "no files yet"
        what = f"{words(shown(self.settings.database))}, {newest} ({count:,} in all)."
        if self.settings.database.stem == SAMPLES:
            what = f"Samples, not your data: {what}"
        lines = [f"<p>{what} Made {_minute(self.made_at)}.</p>"]
        switch = f"<code>{masks.VARIABLE}="
        if are_shown:
            lines.append(
                f'<p class="soft">Personal data are shown: {switch}{masks.SHOWN}</code>'
                " is set.</p>"
            )
        else:
            lines.append(
                '<p class="soft">Personal data are masked; each page has pseudonyms of '
                f"its own. {switch}{masks.SHOWN}</code> shows them.</p>"
            )
        if self.failures:
            items = "".join(f"<li>{words(line)}</li>" for line in self.failures[:20])
            lines.append(
                '<div class="notice"><p class="wrong"><strong>The last build failed.'
                "</strong> Tables are as they were or as they should be:</p>"
                f"<ul>{items}</ul></div>"
            )
        return newest, lines


class _Section:
    """What a page shows of one dashboard."""

    def __init__(
        self,
        warehouse: Warehouse,
        hidden: masks.Masks | None,
        path: Path,
        declared: Declared | None,
        place: int,
        room: int,
    ) -> None:
        self._warehouse, self._hidden = warehouse, hidden
        self._path, self._declared, self._room = path, declared or {}, room
        self._is_broken = declared is None
        name = path.stem.lstrip("0123456789_")
        self.id = f"page-{place}"
        self.title = words(self._declared.get("title") or name)
        self.warnings: list[str] = []

    def html(self) -> str:
        """Return the section."""
        description = self._declared.get("description") or ""
        soft = f'<p class="soft">{words(description)}</p>' if description else ""
        return (
            f'<section aria-labelledby="{self.id}"><h2 id="{self.id}">{self.title}</h2>'
            f"{soft}{''.join(self._body())}</section>"
        )

    def _body(self) -> Iterator[str]:
        if self._is_broken:
            name = words(shown(self._path))
            yield f'<p class="wrong">{name} cannot be read.</p>'
            return
        there = self._warehouse.tables() | self._warehouse.views()
        filled = self._declared.get("filled")
        if not set(self._declared["tables"]) <= there or (
            filled and not self._has_rows(str(filled))
        ):
            yield f"<p>{NOTHING.capitalize()}.</p>"
            return
        metrics: list[str] = []
        cards: list[str] = []
        for name, is_whole in _order(self._declared):
            declared = self._declared["charts"][name]
            if declared["library"] == "metric":
                if cards:
                    yield f'<div class="grid">{"".join(cards)}</div>'
                    cards = []
                metrics.append(self._metric(name, declared))
                continue
            if metrics:
                yield f"<dl>{''.join(metrics)}</dl>"
                metrics = []
            card = self._card(name, declared, is_whole)
            self._room -= _size(card)
            if self._room < 0:
                left_out = f"{name} and what follows: the page would be too large"
                yield f'<p class="more">Left out: {words(left_out)}.</p>'
                break
            cards.append(card)
        if metrics:
            yield f"<dl>{''.join(metrics)}</dl>"
        if cards:
            yield f'<div class="grid">{"".join(cards)}</div>'

    def _has_rows(self, relation: str) -> bool:
        name = relation.replace('"', '""')
        try:
            return bool(self._warehouse.rows(f'select 1 from "{name}" limit 1'))
        except QueryError:
            return False

    def _rows(self, declared: Declared) -> tuple[list[str], list[Row]]:
        """Return what a chart shows; raises QueryError."""
        query = declared.get("query", "")
        if self._hidden:
            self._hidden.hide(query)
        columns, rows = self._warehouse.named_rows(query, MOST_ROWS)
        for place, column in enumerate(columns):  # each has a name of its own
            if column in columns[:place]:
                columns[place] = f"{column} {place + 1}"
        return columns, [dict(zip(columns, row, strict=True)) for row in rows]

    def _fails(self, name: str, error: Exception) -> str:
        problem = str(error).removeprefix(f"{self._warehouse.name}: ")[:LONGEST]
        self.warnings.append(f"{shown(self._path)}: {name}: {problem}")
        return f'<span class="wrong">Cannot be answered: {words(problem)}</span>'

    def _metric(self, name: str, declared: Declared) -> str:
        title = words(declared.get("title") or name)
        kind = ""
        try:
            columns, rows = self._rows(declared)
            display = declared.get("display") or {}
            column = display.get("field") or (columns[0] if columns else "")
            value = rows[0].get(column) if rows else None
            text = _figure(value, display, declared)
            kind = ' class="long"' if len(str(value)) > 9 else ""
        except Exception as error:
            text = self._fails(name, error)
        return f"<div><dt>{title}</dt><dd{kind}>{text}</dd></div>"

    def _card(self, name: str, declared: Declared, is_whole: bool) -> str:
        title = str(declared.get("title") or name)
        try:
            body = self._drawn(title, declared)
        except Exception as error:  # whatever one shows, the others are shown
            body = self._fails(name, error)
        kind = "card whole" if is_whole else "card"
        return f'<div class="{kind}"><h3>{words(title)}</h3>{body}</div>'

    def _drawn(self, title: str, declared: Declared) -> str:
        display = declared.get("display") or {}
        if declared["library"] == "markdown":
            text = str(display.get("text") or display.get("content") or "")
            return "".join(
                f"<p>{words(line)}</p>" for line in text.splitlines() if line
            )
        columns, rows = self._rows(declared)
        if not rows:
            return f"<p>{words(_empty(declared))}.</p>"
        if declared["library"] == "vega-lite":
            try:
                return chart(title, display, columns, rows)
            except NotDrawnError:
                pass  # its rows say the same
        return table(title, columns, rows, MOST_SHOWN)


def _order(declared: Declared) -> Iterator[tuple[str, bool]]:
    """Give each chart once, in the order of the layout, and if it takes a row."""
    charts = declared["charts"]
    done = {"."}
    for row in declared.get("layout") or [[name] for name in charts]:
        for name in row:
            if name not in done:
                done.add(name)
                yield name, row.count(name) == len(row)


def _empty(declared: Declared) -> str:
    return str(declared.get("empty") or NOTHING).capitalize()


def _figure(value: Any, display: dict[str, Any], declared: Declared) -> str:
    """Return the value of a metric as HTML; each of several amounts on a line."""
    if value is None or value == "":
        return f'<span class="none">{words(_empty(declared))}</span>'
    before, after = (words(display.get(key) or "") for key in ("prefix", "suffix"))
    if is_number(value):
        return f"{before}{number(value)}{after}"
    parts: Iterable[str] = str(value).split(" + ")
    return "".join(f"<span>{before}{cell(part)}{after}</span>" for part in parts)


def _size(html: str) -> int:
    return len(html.encode(errors="backslashreplace"))


def _minute(moment: str) -> str:
    return f"{moment[:16].replace('T', ' ')} UTC"
