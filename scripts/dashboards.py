"""The pages of `dashboards/`, declared once for the browser and the morning page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from scripts.clauses import names_in, problem_of
from scripts.command import CommandError
from scripts.settings import PROJECT
from scripts.yaml_text import read_yaml

DASHBOARDS = PROJECT / "dashboards"

LIBRARIES = ("metric", "table", "vega-lite", "markdown")
PERIOD = ("from", "to")
"""What a filter of the kind `period` gives to queries."""
CHOSEN = "row_"
"""Before the name of a column: its value in the figure whose rows are wanted."""
FIGURE = CHOSEN + "figure"
"""The name by which rows know the column that was followed."""
MEASURES = ({"share"}, {"share", "of"}, {"mean"}, {"median"}, {"distinct"})
"""What a figure may be of its rows, beside `count`, `explained` and a column's sum."""

Declared = dict[str, Any]


class DeclarationError(CommandError):
    """A dashboard that cannot be read; the message names its file."""


def names(folder: Path = DASHBOARDS) -> list[Path]:
    """Return the files of the dashboards, in their order."""
    return sorted(folder.glob("*.yml"))


def name_of(path: Path) -> str:
    """Return the name of a dashboard, as addresses have it."""
    return path.stem.lstrip("0123456789_")


def read(path: Path) -> Declared:
    """Return a dashboard as declared; raises DeclarationError.

    `tables` and `shown` are lists, `charts` is a mapping of mappings, each with a
    known library and a query that is a text; `layout` names charts only. `filters`
    is a mapping, and clauses of queries name them and nothing else. `morning` says
    whether the morning page has it.
    """
    try:
        declared = read_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise DeclarationError(f"{path}: {' '.join(str(error).split())}") from None
    if not isinstance(declared, dict) or not isinstance(declared.get("charts"), dict):
        raise DeclarationError(f"{path}: expected title, tables and charts")
    for key in ("tables", "shown"):
        if not _is_list_of_text(declared.setdefault(key, [])):
            raise DeclarationError(f"{path}: {key} is no list of names")
    if not isinstance(declared.setdefault("morning", True), bool):
        raise DeclarationError(f"{path}: morning is neither true nor false")
    known = _check_filters(path, declared)
    for name, chart in declared["charts"].items():
        _check_chart(path, name, chart)
        _check_clauses(path, name, chart, known)
    _check_layout(path, declared)
    return declared


def _check_chart(path: Path, name: object, chart: Any) -> None:
    if not isinstance(chart, dict):
        raise DeclarationError(f"{path}: chart {name} is no mapping")
    if not isinstance(chart.get("query", ""), str):
        raise DeclarationError(f"{path}: a query is no text")
    if not isinstance(chart.get("display") or {}, dict):
        raise DeclarationError(f"{path}: display of {name} is no mapping")
    if chart.get("library") not in LIBRARIES:
        raise DeclarationError(
            f"{path}: library {chart.get('library')} is none of " + ", ".join(LIBRARIES)
        )


def behinds(chart: Declared) -> list[Declared]:
    """Return the rows of a chart as declared: none, one, or several."""
    rows = chart.get("rows") or []
    return rows if isinstance(rows, list) else [rows]


def parameters(name: str, declared: Declared) -> tuple[str, ...]:
    """Return the names by which queries use a filter."""
    return PERIOD if declared.get("kind") == "period" else (name,)


def _check_filters(path: Path, declared: Declared) -> set[str]:
    """Return the names that clauses may have."""
    filters = declared.setdefault("filters", {})
    if not isinstance(filters, dict):
        raise DeclarationError(f"{path}: filters is no mapping")
    known: set[str] = set()
    for name, choice in filters.items():
        if not re.fullmatch("[a-z][a-z_]*", str(name)) or str(name).startswith(CHOSEN):
            raise DeclarationError(f"{path}: {name} is no name of a filter")
        if not isinstance(choice, dict) or choice.get("kind") not in (
            "period",
            "choice",
        ):
            raise DeclarationError(f"{path}: filter {name}: no kind, period or choice")
        if choice["kind"] == "choice" and not isinstance(choice.get("query"), str):
            raise DeclarationError(f"{path}: filter {name} has no query of its choices")
        known.update(parameters(name, choice))
    return known


def _check_clauses(path: Path, name: str, chart: Any, known: set[str]) -> None:
    query = chart.get("query", "")
    if problem := problem_of(query, known):
        raise DeclarationError(f"{path}: {name}: {problem}")
    is_list = isinstance(chart.get("rows"), list)
    for rows in behinds(chart):
        _check_rows(path, name, query, rows, known, is_list)


def _check_rows(
    path: Path,
    name: str,
    query: str,
    rows: Any,
    known: set[str],
    is_one_of_several: bool,
) -> None:
    if not isinstance(rows, dict) or not isinstance(rows.get("query"), str):
        raise DeclarationError(f"{path}: {name}: rows has no query")
    if not isinstance(rows.get("figures"), dict) or not rows["figures"]:
        raise DeclarationError(f"{path}: {name}: rows has no figures")
    for figure, what in rows["figures"].items():
        if not isinstance(what, str) and not (
            isinstance(what, dict) and what.keys() in MEASURES
        ):
            raise DeclarationError(f"{path}: {name}: {figure} is nothing of its rows")
    chosen = {n for n in names_in(rows["query"]) if n.startswith(CHOSEN)}
    if problem := problem_of(rows["query"], known | chosen):
        raise DeclarationError(f"{path}: {name}: rows: {problem}")
    others = names_in(query) ^ names_in(rows["query"]) - chosen
    # of several rows some may follow fewer filters, as their figures do
    if others and not (is_one_of_several and others <= names_in(query)):
        raise DeclarationError(f"{path}: {name}: its rows have other filters")


def _check_layout(path: Path, declared: Declared) -> None:
    layout = declared.get("layout")
    if layout is None:
        return
    if not isinstance(layout, list) or not all(map(_is_list_of_text, layout)):
        raise DeclarationError(f"{path}: layout is no list of lists of charts")
    for name in (name for row in layout for name in row if name != "."):
        if name not in declared["charts"]:
            raise DeclarationError(f"{path}: layout names {name}, which is no chart")


def _is_list_of_text(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)
