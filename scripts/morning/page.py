"""The page as a whole: of when and of what it is, then a section per dashboard."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from html import escape
from pathlib import Path

from scripts.dashboards import DeclarationError, Declared, names, read
from scripts.morning import masks
from scripts.morning.figures import words
from scripts.morning.section import Section, size_of
from scripts.settings import SAMPLES, Settings, shown
from scripts.warehouse import QueryError, Warehouse

STYLES = ("charts.css", "page.css")
LARGEST = 1_400_000
"""Bytes of a page: what comes after them is left out, and a line says so."""
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
<main class="board">
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
            section = Section(warehouse, hidden, path, dashboard, room=LARGEST - size)
            key, title = f"page-{place}", section.title
            html = (
                f'<section aria-labelledby="{key}"><h2 id="{key}">{title}</h2>'
                f"{section.description()}{section.body()}</section>"
            )
            sections.append(html)
            size += size_of(html)
            links.append(f'<li><a href="#{key}">{title}</a></li>')
            self.warnings += section.warnings
        style = "".join(
            Path(__file__).with_name(name).read_text(encoding="utf-8")
            for name in STYLES
        )
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
        """Give the dashboards of the page; None for one that cannot be read."""
        paths = names(self.folder)
        if not paths:
            self.warnings.append(
                f"{shown(self.folder)}: no dashboard is declared there"
            )
        for path in paths:
            try:
                declared = read(path)
            except DeclarationError as error:
                self.warnings.append(str(error))
                yield path, None
                continue
            if declared["morning"]:
                yield path, declared

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


def _minute(moment: str) -> str:
    return f"{moment[:16].replace('T', ' ')} UTC"
