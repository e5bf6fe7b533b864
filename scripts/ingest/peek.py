"""The header of a file, read ahead of the file itself."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import NamedTuple

from .errors import Refusal
from .files import opened
from .readers.text import Text
from .sources import Table

ENOUGH = 200_000  # characters that hold a header
DELIMITERS = ",;\t|"


class Peek(NamedTuple):
    """What a file looks like."""

    format: str
    headers: list[str]
    delimiter: str | None = None


def peek(path: Path, table: Table | None = None) -> Peek | None:
    """Format and headers of a file, None if it has none that can be read.

    `table` says how its files are written, if it is known.
    """
    try:
        with opened(path) as content:
            if content.stream.peek(4)[:4] == b"PAR1":  # type: ignore[attr-defined]
                return _parquet(path)
            encoding = table.encoding if table else Table.encoding
            text = ""
            for chunk in Text(content.stream, encoding).chunks():
                text += chunk
                if len(text) > ENOUGH:
                    break
    except (Refusal, OSError, UnicodeError, LookupError):
        return None
    if text.lstrip()[:1] in ("{", "["):
        return _json(text)
    return _delimited(text, table.delimiter if table else None)


def _delimited(text: str, delimiter: str | None) -> Peek | None:
    lines = text.splitlines(keepends=True)
    while lines and not lines[0].strip():
        del lines[0]
    if lines and lines[0].lower().startswith(("sep=", '"sep=')):
        delimiter = lines[0].strip().strip('"')[4:5] or delimiter
        del lines[0]
    if not lines:
        return None
    rows = {}
    for mark in delimiter or DELIMITERS:
        try:
            rows[mark] = next(csv.reader(lines, delimiter=mark), [])
        except csv.Error:
            continue
    if not rows:
        return None
    best = max(rows, key=lambda mark: len(rows[mark]))
    return Peek("tsv" if best == "\t" else "csv", rows[best], best)


def _json(text: str) -> Peek | None:
    """The keys of the first record."""
    start = text.find("{")
    try:
        record, _ = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    return Peek("json", list(record)) if isinstance(record, dict) else None


def _parquet(path: Path) -> Peek | None:
    import pyarrow.parquet as pq

    try:
        return Peek("parquet", pq.read_schema(path).names)
    except (OSError, ValueError):
        return None
