"""Records within an object, as interfaces answer: `{"results": [{…}, {…}], …}`."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, cast

from ..headers import match
from ..sources import Column

CONTAINERS = {"records", "results", "rows", "data", "value", "values", "hits"}
"""Keys under which records come even if the object has an identifier of its own."""
DEEPEST = 3
_gap = cast("Callable[[str, int], re.Match[str]]", re.compile(r"[ \t\r\n]*").match)
"""Matches always, if only what is empty."""
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_decode = cast(Any, json.JSONDecoder()).scan_once


class Within(NamedTuple):
    """Where the records begin, and what closes the objects around them."""

    start: int
    closing: str


class _List(NamedTuple):
    start: int
    closing: str
    key: str
    keys: Sequence[str]


def records_within(
    text: str, start: int, columns: Sequence[Column], is_all: bool
) -> Within | None:
    """Find the records within the object that begins at `start`, if it is no record.

    `is_all` says that the text goes to the end of the file. A record may hold a list
    of its own, such as its lines: it has more of the declared columns, or one that is
    required.
    """
    lists: list[_List] = []
    keys, end = _scan(text, start + 1, "}", 1, lists)
    outer = match(keys, columns).columns
    required = {column.name for column in columns if column.required}
    is_alone = end is None or (is_all and not text[end:].strip())
    for found in lists:
        inner = match(found.keys, columns).columns
        if len(inner) <= len(outer):
            continue
        lacks = (required & inner.keys()) - outer.keys()
        if not outer or lacks or (found.key.lower() in CONTAINERS and is_alone):
            return Within(found.start, found.closing)
    return None


def other_lists(found: dict[str, Any], columns: Iterable[Column]) -> list[str]:
    """The keys under which there are more records."""
    return [
        key
        for key, value in found.items()
        if isinstance(value, list)
        and any(isinstance(v, dict) and match(tuple(v), columns).columns for v in value)
    ]


def _scan(
    text: str, at: int, closing: str, depth: int, lists: list[_List]
) -> tuple[list[str], int | None]:
    """The keys of an object and where it ends, if it does; note lists of objects."""
    keys: list[str] = []
    while key := _STRING.match(text, at := _gap(text, at).end()):
        at = _gap(text, key.end()).end()
        if text[at : at + 1] != ":":
            break
        at = _gap(text, at + 1).end()
        name = _text(key.group())
        keys.append(name)
        opens = text[at : at + 1]
        if opens == "[":
            first = _gap(text, at + 1).end()
            if text[first : first + 1] == "{":
                inner, _ = _scan(text, first + 1, "", DEEPEST, [])
                lists.append(_List(at + 1, closing, name, inner))
        elif opens == "{" and depth < DEEPEST:
            _scan(text, at + 1, closing + "}", depth + 1, lists)
        try:
            _, at = _decode(text, at)
        except (StopIteration, json.JSONDecodeError, RecursionError):
            return keys, None
        at = _gap(text, at).end()
        if text[at : at + 1] != ",":
            break
        at += 1
    return keys, at + 1 if text[at : at + 1] == "}" else None


def _text(string: str) -> str:
    try:
        return json.loads(string)
    except json.JSONDecodeError:
        return string[1:-1]
