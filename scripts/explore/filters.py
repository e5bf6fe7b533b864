"""Filters of a dashboard: what an address has chosen, and the form to choose by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import Any

from scripts.dashboards import CHOSEN, PERIOD, Declared
from scripts.morning.figures import words
from scripts.morning.masks import Masks
from scripts.warehouse import QueryError, Warehouse

MOST = 500
"""Choices of one filter that a form lists."""
ENDS = {"from": "from", "to": "until"}

Options = list[tuple[Any, str]]
"""Values with what people read."""


@dataclass
class Filters:
    """The filters of a dashboard, with what was chosen of them."""

    declared: Mapping[str, Declared]
    options: dict[str, Options] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    """What is bound in queries."""
    chosen: dict[str, str] = field(default_factory=dict)
    """The same, as addresses have it."""
    problems: list[str] = field(default_factory=list)
    """What an address wants and cannot be chosen, a line each."""

    @property
    def words(self) -> list[str]:
        """What was chosen, as people read it."""
        found = []
        for name, filter_ in self.declared.items():
            title = _title(name, filter_)
            for key in PERIOD if filter_["kind"] == "period" else (name,):
                if key in self.chosen:
                    what = f"{title} {ENDS[key]}" if key in ENDS else title
                    found.append(f"{what}: {self._label(key)}")
        return found

    def _label(self, name: str) -> str:
        for value, label in self.options.get(name, ()):
            if str(value) == self.chosen[name]:
                return label
        return self.chosen[name]

    def form(self, address: str) -> str:
        """Return the form, which works without a script; '' without filters."""
        if not self.declared:
            return ""
        clear = f'<a href="{escape(address)}">Clear</a>' if self.chosen else ""
        return (
            f'<form class="filters" method="get" action="{escape(address)}">'
            f'<div class="fields">{"".join(self._fields())}'
            f'<div class="does"><button>Filter</button> {clear}</div></div></form>'
        )

    def _fields(self) -> Iterator[str]:
        for name, filter_ in self.declared.items():
            title = _title(name, filter_)
            if filter_["kind"] == "period":
                for key in PERIOD:
                    given = escape(self.chosen.get(key, ""))
                    yield (
                        f'<div><label for="by-{key}">{words(title)} {ENDS[key]}</label>'
                        f'<input type="date" id="by-{key}" name="{key}"'
                        f' value="{given}"></div>'
                    )
                continue
            yield (
                f'<div><label for="by-{name}">{words(title)}</label>'
                f'<select id="by-{name}" name="{name}"><option value="">all</option>'
                f"{''.join(self._options(name))}</select></div>"
            )

    def _options(self, name: str) -> Iterator[str]:
        for value, label in self.options[name]:
            mark = " selected" if str(value) == self.chosen.get(name) else ""
            yield (
                f'<option value="{escape(str(value))}"{mark}>{words(label)}</option>'
            )


def read(
    declared: Declared,
    warehouse: Warehouse,
    hidden: Masks | None,
    asked: Mapping[str, str],
) -> Filters:
    """Return the filters of a dashboard with what an address chooses."""
    found = Filters(declared["filters"])
    for name, filter_ in found.declared.items():
        if filter_["kind"] == "period":
            _read_period(found, filter_, asked)
        else:
            found.options[name] = _choices(warehouse, hidden, filter_)
            _read_choice(found, name, filter_, asked.get(name, ""))
    known = {*found.declared, *PERIOD}
    for name in asked:
        if name not in known and not name.startswith((CHOSEN, "_")):
            found.problems.append(f"{name} is no filter of this page: it is not used.")
    return found


def _read_period(found: Filters, filter_: Declared, asked: Mapping[str, str]) -> None:
    title = _title("period", filter_)
    for key in PERIOD:
        if not (text := asked.get(key, "").strip()):
            continue
        try:
            day = date.fromisoformat(text)
        except ValueError:
            problem = f"{title} {ENDS[key]}: {text} is no day as 2025-01-31: not used."
            found.problems.append(problem)
            continue
        found.values[key] = found.chosen[key] = day.isoformat()
    start, end = (found.chosen.get(key) for key in PERIOD)
    if start and end and start > end:
        found.problems.append(f"{title}: {end} is before {start}: not used.")
        for key in PERIOD:
            del found.values[key], found.chosen[key]


def _read_choice(found: Filters, name: str, filter_: Declared, text: str) -> None:
    if not text:
        return
    for value, _ in found.options[name]:
        if str(value) == text:
            found.values[name], found.chosen[name] = value, text
            return
    title = _title(name, filter_)
    found.problems.append(f"{title}: {text} is none of the choices: not used.")


def _choices(warehouse: Warehouse, hidden: Masks | None, filter_: Declared) -> Options:
    """Return the choices of a filter; none if there is no such table.

    Labels that several have get the value beside them.
    """
    query = filter_["query"]
    try:
        if hidden:
            hidden.hide(query)
        _, rows = warehouse.named_rows(query, MOST)
    except QueryError:
        return []
    found = [(row[0], str(row[-1])) for row in rows if row[0] is not None]
    counts = Counter(label for _, label in found)
    found = [
        (value, f"{label} ({value})" if counts[label] > 1 else label)
        for value, label in found
    ]
    return found + ([(None, str(filter_["none"]))] if filter_.get("none") else [])


def _title(name: str, filter_: Declared) -> str:
    return str(filter_.get("title") or name.replace("_", " ").capitalize())
