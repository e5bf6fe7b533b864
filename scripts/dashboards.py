"""The pages of `dashboards/`, declared once for the browser and the morning page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from scripts.command import CommandError
from scripts.settings import PROJECT
from scripts.yaml_text import read_yaml

DASHBOARDS = PROJECT / "dashboards"

# A map would fetch its tiles from elsewhere and write its cells as HTML.
LIBRARIES = ("metric", "table", "vega", "vega-lite", "markdown")

Declared = dict[str, Any]


class DeclarationError(CommandError):
    """A dashboard that cannot be read; the message names its file."""


def names(folder: Path = DASHBOARDS) -> list[Path]:
    """Return the files of the dashboards, in their order."""
    return sorted(folder.glob("*.yml"))


def read(path: Path) -> Declared:
    """Return a dashboard as declared; raises DeclarationError.

    `tables` and `shown` are lists, `charts` is a mapping of mappings, each with a
    known library and a query that is a text; `layout` names charts only.
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
    for name, chart in declared["charts"].items():
        _check_chart(path, name, chart)
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
