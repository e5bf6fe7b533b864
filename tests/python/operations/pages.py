"""What a morning page shows, read as a browser would: figures, tables, sections."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

EMPTY = {"meta", "link", "img", "br", "input"}


@dataclass
class Card:
    """A chart or table of a section, with the rows of its tables."""

    title: str
    text: str = ""
    tables: list[list[list[str]]] = field(default_factory=list)

    @property
    def rows(self) -> list[dict[str, str]]:
        """The rows of its first table, by the heads of their columns."""
        heads, *rows = self.tables[0]
        return [dict(zip(heads, row, strict=True)) for row in rows]


@dataclass
class Section:
    """A dashboard as the page shows it."""

    title: str
    text: str = ""
    metrics: dict[str, str] = field(default_factory=dict)
    cards: dict[str, Card] = field(default_factory=dict)


class Shown(HTMLParser):
    """Reads a page; keeps all its tags, to be looked at."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.title = ""
        self.sections: dict[str, Section] = {}
        self._open: list[str] = []
        self._words: list[str] = []
        self._head = ""
        self._section: Section | None = None
        self._card: Card | None = None
        self._depth = 0
        self.feed(path.read_text(encoding="utf-8"))
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in EMPTY:
            return
        self._open.append(tag)
        if tag in ("title", "h2", "h3", "dt", "dd", "th", "td"):
            self._words = []
        elif tag == "div" and (dict(attrs).get("class") or "").startswith("card"):
            self._depth = len(self._open)
        elif tag == "table" and self._card:
            self._card.tables.append([])
        elif tag == "tr" and self._card:
            self._card.tables[-1].append([])

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self._open.pop() == tag
        if len(self._open) < self._depth:
            self._card = None
        if tag == "section":
            self._section = None
        words = " ".join("".join(self._words).split())
        if tag == "title" and "svg" not in self._open:
            self.title = words
        elif tag == "h2":
            self._section = self.sections[words] = Section(words)
            self._card = None
        elif tag == "h3" and self._section:
            self._card = self._section.cards[words] = Card(words)
        elif tag == "dt":
            self._head = words
        elif tag == "dd" and self._section:
            self._section.metrics[self._head] = words
        elif tag in ("th", "td") and self._card:
            self._card.tables[-1][-1].append(words)

    def handle_data(self, data):
        if self._open[-1:] == ["style"]:
            return
        self._words.append(data if self._open[-1:] != ["span"] else f" {data}")
        self.text += data
        if self._section:
            self._section.text += data
        if self._card:
            self._card.text += data
