"""A REST API, fetched page by page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import httpx

from .. import clock
from ..declared import Api
from ..errors import Refusal
from ..inbox import Delivery
from ..ledger import Ledger
from ..outcome import Outcome
from ..readers.json import compact
from ..sources import Source
from .base import Note, Position, table_of
from .client import Client, Passing

RESTARTS = 3


@dataclass(frozen=True)
class Page:
    """One answer: its number in the window, its records, where the next is."""

    number: int
    records: list[Any]
    at: Any
    """What it was fetched with: number, cursor or address."""
    next: Any
    size: int
    """Records of the first page: what a full one has."""


class Resized(Exception):  # noqa: N818 (it starts the window over)
    """The size of pages has changed, so numbers mean other records than before."""


class Endless(Exception):  # noqa: N818 (one of a window)
    """Page follows on page, and none brings anything."""


class _Idle:
    """Counts the pages in a row that bring nothing new."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._row = 0
        self._brought: set[int] = set()

    def count(self, records: list[Any]) -> None:
        """Take note of a page."""
        content = hash(repr(records))
        is_new = bool(records) and content not in self._brought
        self._row = 0 if is_new else self._row + 1
        self._brought.add(content)

    def check(self, follows: Any) -> None:
        """Raise Endless if there were too many, and more are to follow."""
        if follows is not None and self._row > self.limit > 0:
            raise Endless(
                f"{self._row} pages in a row brought nothing new, and each led to "
                "another one (max_idle_pages); the next run asks again"
            )


class ApiFeed:
    """The pages of one interface, landed one by one.

    Their names are the window and the number of the page. A window that is
    fetched again lands under the same names, and so replaces itself.
    """

    stops = True

    def __init__(
        self,
        source: Source,
        declared: Api,
        environment: Mapping[str, str],
    ) -> None:
        self.source = source
        self.declared = declared
        self.notes: list[str] = []
        self._table = table_of(source, declared.table)
        self._client = Client(declared, environment)
        self._endless: dict[str | None, str] = {}
        """Windows that did not end, and why."""

    def deliveries(self, ledger: Ledger, folder: Path) -> Iterator[Delivery]:
        position = Position(ledger, self._table, self.declared.name)
        kept = position.read() or {}
        endless = self._endless
        try:
            for window in self._windows(kept):
                is_open = kept.get("window") == window and kept.get("next") is not None
                start = kept if is_open or not self.declared.window else {}
                try:
                    yield from self._window(window, start, position, folder)
                    position.note(next=None)
                except Endless as problem:  # the windows after it are none the worse
                    endless[window] = str(problem)
                    if window:
                        position.note(next=None)
                position.note(again=self._again(position, window))
        except Refusal as refusal:
            reasons = [refusal.reason, *_told(endless)]
            raise Refusal("; ".join(reasons), refusal.retry) from None
        finally:
            self._client.close()
        if endless:
            raise Refusal("; ".join(_told(endless)), retry=True)

    def _again(self, position: Position, window: str | None) -> list[str]:
        """The windows that the next run has to fetch once more."""
        left = set(position.get("again")) - {window} | set(self._endless)
        return sorted(filter(None, left))

    def put_away(self, delivery: Delivery, outcome: Outcome, note: Note) -> str | None:
        return None

    # -- windows -------------------------------------------------------------

    def _windows(self, kept: dict[str, Any]) -> Iterator[str | None]:
        """The first days of the windows to fetch; None where there are none."""
        window = self.declared.window
        if window is None:
            yield None
            return
        today = date.fromisoformat(clock.now()[:10])
        start = window.first
        if kept:
            newest = date.fromisoformat(kept["newest"])
            start = min(newest, today - timedelta(days=window.settle))
            if kept["next"] is not None:
                start = date.fromisoformat(kept["window"])
        passed = max(0, (start - window.first).days // window.days)
        day = window.first + timedelta(days=passed * window.days)
        for earlier in kept.get("again", ()):  # they did not end
            if earlier < day.isoformat():
                yield earlier
        while day <= today:
            yield day.isoformat()
            day += timedelta(days=window.days)

    def _parameters(self, window: str | None) -> dict[str, Any]:
        declared = self.declared.window
        parameters = dict(self.declared.parameters)
        if declared and window:
            first = date.fromisoformat(window)
            days = declared.days - (not declared.is_end_exclusive)
            parameters[declared.begin] = window
            parameters[declared.end] = (first + timedelta(days=days)).isoformat()
        return parameters

    def _window(
        self,
        window: str | None,
        start: dict[str, Any],
        position: Position,
        folder: Path,
    ) -> Iterator[Delivery]:
        prefix = "/".join(filter(None, (self.declared.name, window))) + "/"
        newest = max(
            filter(None, (window, (position.read() or {}).get("newest"))), default=None
        )
        for _ in range(RESTARTS):
            last = 0
            try:
                for page in self._pages(window, start):
                    last = page.number
                    kept = {
                        "window": window,
                        "newest": newest,
                        "page": page.number,
                        "at": page.at,
                        "next": page.next,
                        "size": page.size,
                        "again": self._again(position, None),
                    }
                    name = f"{prefix}{last:05}.json"
                    yield self._delivery(folder, name, page.records, kept)
                break
            except Resized:
                start = {}
        else:
            raise Refusal("the size of its pages changes again and again", retry=True)
        for name, count in position.pages(prefix).items():
            if count and int(Path(name).stem) > last:  # fewer pages than there were
                yield self._delivery(folder, name, [], None)

    def _delivery(
        self, folder: Path, name: str, records: list[Any], kept: dict[str, Any] | None
    ) -> Delivery:
        path = folder / "page.json"
        lines = ",\n".join(map(compact, records))
        # a lone surrogate goes on as it came, and costs the record that holds it
        path.write_text(f"[{lines}]\n", encoding="utf-8", errors="backslashreplace")
        return Delivery(
            path,
            name,
            self.source.name,
            self._table,
            "json",
            position=json.dumps(kept) if kept else None,
        )

    # -- pages ---------------------------------------------------------------

    def _pages(self, window: str | None, start: dict[str, Any]) -> Iterator[Page]:
        """The pages of a window, or those that follow what was kept."""
        kind = self.declared.paging.kind
        number = start.get("page", 1)
        at: Any = start.get("at", 1 if kind == "page" else None)
        if start.get("next") is not None:
            number, at = number + 1, start["next"]
        size = start.get("size", 0)
        seen, before = {at}, None
        idle = _Idle(self.declared.max_idle_pages)
        was_short = False
        while True:
            records, response, answer = self._page(window, at, before)
            size = size or len(records)
            idle.count(records)
            if kind == "page":
                if records and (was_short or len(records) > size):
                    raise Resized
                was_short = len(records) < size
                follows = None if was_short else at + 1
            else:
                follows = self._next(kind, response, answer)
                if not records and (follows in seen or not idle.limit):
                    return
                if follows is not None and follows in seen:
                    yield Page(number, records, at, None, size)
                    raise Endless(f"page {number} leads back to an earlier one")
                seen.add(follows)
            idle.check(follows)
            if records:
                yield Page(number, records, at, follows, size)
            if kind == "page" and records:
                follows = at + 1  # an empty page is the end, a short one is not
            if follows is None or (kind == "page" and not records):
                return
            number, at, before = number + 1, follows, records or before

    def _page(
        self, window: str | None, at: Any, before: list[Any] | None
    ) -> tuple[list[Any], httpx.Response, Any]:
        paging, url = self.declared.paging, self.declared.url
        parameters = self._parameters(window)
        is_link = paging.kind == "link" and at is not None  # which has them all
        if is_link:
            url = at
        elif at is not None:
            parameters[cast(str, paging.parameter)] = at
        if paging.size:
            parameters[paging.size_parameter or "per_page"] = paging.size

        def check(answer: Any) -> None:
            if before and self._records(answer) == before:
                raise Passing("a page repeats the one before it")

        answer, response = self._client.ask(url, None if is_link else parameters, check)
        return self._records(answer), response, answer

    def _records(self, answer: Any) -> list[Any]:
        place = self.declared.records
        found = _inside(answer, place) if place else answer
        if not isinstance(found, list):
            where = f" at {place}" if place else ""
            raise Refusal(f"the answer has no list of records{where}")
        return found

    def _next(self, kind: str, response: httpx.Response, answer: Any) -> Any:
        if kind == "cursor":
            found = _inside(answer, cast(str, self.declared.paging.next))
            if isinstance(found, dict | list) and found:
                raise Refusal(
                    f"no cursor at {self.declared.paging.next}: {found!r:.40}"
                )
            return str(found) if found not in (None, "", False, {}, []) else None
        link = response.links.get("next", {}).get("url")
        if not link:
            return None
        try:
            url = httpx.URL(self.declared.url).join(link)
        except httpx.InvalidURL:
            raise Refusal("the address of the next page cannot be read") from None
        ours = httpx.URL(self.declared.url)
        if (url.scheme, url.host, url.port) != (ours.scheme, ours.host, ours.port):
            raise Refusal(f"the next page is said to be on {url.host}")  # with our key
        return str(url)


def _inside(answer: Any, place: str) -> Any:
    """The value at a dotted place of an answer, or None."""
    for name in place.split("."):
        answer = answer.get(name) if isinstance(answer, dict) else None
    return answer


def _told(endless: dict[str | None, str]) -> list[str]:
    """A line on windows without end: on the first, and how many there are."""
    for window, problem in endless.items():
        more = f" (and of {len(endless) - 1} windows more)" if len(endless) > 1 else ""
        return [f"{window}: {problem}{more}" if window else problem]
    return []
