"""What a file that cannot be read seems to be, and the setting that reads it."""

import csv
from collections.abc import Sequence

from ..headers import match
from ..sources import Column, Table
from .text import NUL

DELIMITERS = (";", "\t", "|", ",")
_MAGIC = {
    "PK\x03\x04": "an Excel workbook or a ZIP file: save as CSV (UTF-8), or unpack",
    "\udcd0\udccf\x11": "an old Excel workbook: save it as CSV (UTF-8)",
    "PAR1": "Parquet: `format: parquet`, or name it .parquet",
    "%PDF": "a PDF file",
}


def of_bytes(raw: str) -> str:
    """A hint for a header whose bytes are no text, or nothing."""
    for magic, what in _MAGIC.items():
        if raw.startswith(magic):
            return f"; it looks like {what}"
    if 3 * raw.count(NUL) >= len(raw):
        order = "be" if raw.startswith(NUL) else "le"
        return f"; it looks like `encoding: utf-16-{order}`"
    return ""


def of_header(header: Sequence[str], delimiter: str, table: Table) -> str:
    """A hint for a header that lacks what is declared, or nothing."""
    text = delimiter.join(header)
    if text.lstrip()[:1] == "<":
        return "; it looks like HTML or XML: save it as CSV (UTF-8)"
    if text.lstrip()[:1] in ("{", "["):
        return "; it looks like JSON: `format: json`, or name it .json"
    had = len(match(header, table.columns).columns)
    for other in DELIMITERS:
        if other == delimiter or other not in text:
            continue
        line = " ".join(text.split("\n")).replace("\r", " ")
        names = next(csv.reader([line], delimiter=other), [])
        found = match(names, table.columns).columns
        if len(found) > had and all(c.name in found for c in _required(table)):
            shown = other.replace("\t", "\\t")
            return f'; it seems to be delimited otherwise: `delimiter: "{shown}"`'
    return ""


def _required(table: Table) -> list[Column]:
    return [column for column in table.columns if column.required]
