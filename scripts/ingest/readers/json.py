"""JSON: an array of records, or one record after the other, streamed.

Numbers land as written. A malformed record costs itself: reading goes on at
the next place that looks like the start of a record of this file.
"""

import json
import re
from collections.abc import Iterator, Set
from typing import Any

from ..errors import Refusal
from ..files import Content
from ..headers import match
from ..sources import Table
from . import text as texts
from .base import EMPTY, Batch, Reader, Reject, cut, dumps

BATCH = 500  # records
WINDOW = 131_072  # characters searched for the next record in one go
NEAR_END = 16  # an error this near to the end may only be a record cut in two
OVERLAP = 1_000  # characters searched again, a start may be cut in two
MAX_PLANS = 1_000
CUT_SHORT = "the file ends inside the record"
UNCLOSED = "truncated: the array is not closed"

_GAP = re.compile(r"[ \t\r\n,]*")
_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_TOKEN = re.compile(rf"{_STRING}|[{{}}\[\]]", re.DOTALL)
_FIRST_KEY = re.compile(rf"\{{\s*({_STRING})\s*:", re.DOTALL)
_CUT_START = re.compile(r'\{\s*"\s*\Z')
_ANY_START = re.compile(r'\{\s*"')
_CLOSING = {"{": "}", "[": "]"}
_FOLLOW = re.compile(r"\s*(?:,\s*[{\]]|\{|\]\s*\Z|\Z)")


class Number(str):
    """A number as written."""

    __slots__ = ()


_PLAIN = {str, Number, type(None)}
_decode = json.JSONDecoder(
    parse_float=Number, parse_int=Number, parse_constant=str
).scan_once


def compact(value: Any) -> str:
    """A nested value as compact JSON text, its numbers as written."""
    if value.__class__ is Number:
        return value
    if isinstance(value, dict):
        inner = ",".join(f"{dumps(k)}:{compact(v)}" for k, v in value.items())
        return f"{{{inner}}}"
    if isinstance(value, list):
        return f"[{','.join(map(compact, value))}]"
    return dumps(value)


def as_text(value: Any) -> str | None:
    """A value of a record as the text that is stored."""
    if value.__class__ in _PLAIN:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return compact(value)


class _MalformedError(Exception):
    def __init__(self, reason: str, position: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.position = position


class _Plan:
    """Where the values of records with the same keys go."""

    def __init__(self, keys: tuple[str, ...], table: Table) -> None:
        found = match(keys, table.columns)
        self.match = found
        self.is_known = False
        slots = [found.columns.get(c.name) for c in table.columns]
        self.slots = [None if slot is None else keys[slot] for slot in slots]
        self.extras = [(name, keys[at]) for name, at in found.extras.items()]

    def row(self, record: dict[str, Any]) -> list[str | None]:
        get = record.get
        row = [get(key) for key in self.slots]
        if not _PLAIN.issuperset(map(type, row)):
            row = list(map(as_text, row))
        row.append(self._extra(record) if self.extras else None)
        return row

    def _extra(self, record: dict[str, Any]) -> str:
        extra = {name: as_text(record[key]) for name, key in self.extras}
        if any("\0" in text for text in extra.values() if text):
            return "\0"  # dumps would hide it; the check for NUL finds it here
        return dumps(extra)


class JsonReader(Reader):
    """Reads JSON arrays and newline-delimited (or just adjoining) records."""

    def __init__(self, content: Content, table: Table) -> None:
        super().__init__(table)
        text = texts.Text(content.stream, table.encoding)
        self.encoding = text.encoding
        self.columns = [*(c.name for c in table.columns), "_extra"]
        self._chunks = text.chunks()
        self._buffer = ""
        self._position = 0
        self._line = 1  # physical line of the position
        self._ended = False
        self._suspect = False  # the buffer may hold what cannot be stored
        self._plans: dict[tuple[str, ...], _Plan] = {}
        self._shape: Set[str] = frozenset()  # keys of the last good record
        self._last = (1, 0, 0)  # line, start and end of the value read last
        if not self._skip_gap():
            raise Refusal(EMPTY)
        self._is_array = self._buffer[self._position] == "["
        self.format = "json" if self._is_array else "ndjson"
        self._position += self._is_array
        self._is_open = self._is_array

    def batches(self) -> Iterator[Batch]:
        """Batches of rows; refuses the file in the end if none was a record."""
        landed = 0
        first: Reject | None = None
        rows: list[list] = []
        rejects: list[Reject] = []
        for line, value in self._values():
            if isinstance(value, Reject):
                rejects.append(value)
            else:
                self._add(value, line, rows, rejects)
            self.record += 1
            if len(rows) + len(rejects) >= BATCH:
                landed, first = landed + len(rows), first or next(iter(rejects), None)
                yield Batch(rows, len(rows), rejects, 0)
                rows, rejects = [], []
        landed, first = landed + len(rows), first or next(iter(rejects), None)
        if first and not landed:
            raise Refusal(f"no record could be read: line {first[1]}: {first.reason}")
        yield Batch(rows, len(rows), rejects, 0)
        if landed:
            self.check_columns([*sorted(self.found), *self.extras])

    def _add(self, value: dict, line: int, rows: list, rejects: list) -> None:
        keys = tuple(value)
        plan = self._plans.get(keys) or self._plan(keys)
        row = plan.row(value)
        if self._suspect:
            reason = texts.problem("\n".join(filter(None, row)), str(self.encoding))
            if reason:
                rejects.append(self._rejected(reason))
                return
        if not plan.is_known:
            self.learn(plan.match)
            plan.is_known = True
        row += (self.record + 1, line)
        rows.append(row)

    def _plan(self, keys: tuple[str, ...]) -> _Plan:
        if len(self._plans) >= MAX_PLANS:
            self._plans.clear()
        plan = self._plans[keys] = _Plan(keys, self.table)
        return plan

    # -- values --------------------------------------------------------------

    def _values(self) -> Iterator[tuple[int, dict | Reject]]:
        """Line and value of each record; a Reject for what is none."""
        while self._skip_gap():
            if self._is_array and self._buffer[self._position] == "]":
                yield from self._close_array()
                continue
            line, start = self._line, self._position
            try:
                value, end = self._value()
            except _MalformedError as error:
                yield line, self._recover(error)
                continue
            start = self._position
            self._move(end)
            self._last = (line, start, end)
            if isinstance(value, dict):
                self._shape = value.keys()
                yield line, value
            else:
                yield line, self._rejected("not an object")
        if self._is_open:
            yield self._line, self._reject_at(self._line, "", UNCLOSED)

    def _value(self) -> tuple[Any, int]:
        """The value at the position and where it ends."""
        while True:
            problem, at = "", self._position
            try:
                value, end = _decode(self._buffer, at)
                if isinstance(value, dict) or end < len(self._buffer) or self._ended:
                    return value, end
            except StopIteration as stop:
                problem, at = "expecting a value", stop.value
            except json.JSONDecodeError as error:
                problem, at = error.msg[:1].lower() + error.msg[1:], error.pos
            except RecursionError:
                raise _MalformedError("nested too deeply", at) from None
            in_string = problem.startswith("unterminated string")
            is_cut = in_string or at >= len(self._buffer) - NEAR_END
            if self._ended or (problem and not is_cut):
                break
            self._fill(len(self._buffer) - self._position)
        opened = self._buffer[self._position] in "{["
        if opened and (in_string or not re.search(r"[}\]]", self._buffer[at:])):
            self._is_open = False  # one reject says it
            raise _MalformedError(f"truncated: {CUT_SHORT}", at)
        raise _MalformedError(f"malformed JSON: {problem}", at)

    def _close_array(self) -> Iterator[tuple[int, Reject]]:
        self._position += 1
        self._is_open = False
        if self._skip_gap():
            if self._buffer[self._position] == "[":  # one array after the other
                self._position += 1
                self._is_open = True
            else:
                error = _MalformedError("text after the end of the array", 0)
                yield self._line, self._recover(error, to_end=True)

    # -- the buffer ----------------------------------------------------------

    def _fill(self, size: int = 0) -> None:
        """Forget what was read, append `size` characters or a chunk."""
        parts = [self._buffer[self._position :]]
        wanted = max(size, 1)
        while wanted > 0 and not self._ended:
            chunk = next(self._chunks, "")
            self._ended = not chunk
            wanted -= len(chunk)
            parts.append(chunk)
        self._buffer = "".join(parts)
        self._position = 0
        self._suspect = "\\u" in self._buffer or not texts.is_clean(self._buffer)

    def _skip_gap(self) -> bool:
        """Go to the next value; False at the end of the file."""
        while True:
            self._move(_GAP.match(self._buffer, self._position).end())
            if self._position < len(self._buffer):
                return True
            if self._ended:
                return False
            self._fill()

    def _move(self, end: int) -> None:
        self._line += texts.line_breaks(self._buffer, self._position, end)
        self._position = end

    # -- what cannot be read ---------------------------------------------------

    def _rejected(self, reason: str) -> Reject:
        """The value read last, as a reject."""
        line, start, end = self._last
        return self._reject_at(line, self._buffer[start:end], reason)

    def _reject_at(
        self, line: int, raw: str, reason: str, last: int | None = None
    ) -> Reject:
        raw = raw.rstrip(" \t\r\n,")
        last = last or line + texts.line_breaks(raw, 0, len(raw))
        raw = cut(texts.printable(raw))
        return Reject(self.record + 1, line, last, reason, raw)

    def _recover(self, error: _MalformedError, to_end: bool = False) -> Reject:
        """Reject what is at the position, go to the next record."""
        line, offset = self._line, error.position - self._position
        raw, is_record = "", not to_end
        while True:
            if len(self._buffer) - self._position < WINDOW:
                self._fill(WINDOW)
            start = self._position
            found = None if to_end else self._next_record(start, offset, is_record)
            end = len(self._buffer) if found is None else found
            if found is None and self._ended and self._is_open:
                body = self._buffer.rstrip()
                end = len(body) - body.endswith("]")
            elif found is None and not self._ended:
                end -= OVERLAP
            raw += self._buffer[start:end]
            if len(raw) > 2 * WINDOW:
                raw = raw[: 2 * WINDOW]
            self._move(max(end, start))
            if found is not None or self._ended:
                break
            offset, is_record = 0, False
        return self._reject_at(line, raw, error.reason)

    def _next_record(self, start: int, offset: int, is_record: bool) -> int | None:
        """Where the next record seems to begin.

        `offset` tells where the error was; `is_record` whether a record, and
        not the middle of something, begins at `start`.
        """
        text = self._buffer
        opens = text[start : start + 1] in ("{", "[")
        if is_record and not opens and not self._is_array:
            line_end = text.find("\n", start)
            if line_end >= 0:
                return line_end
        balanced = _balanced_end(text, start) if is_record and opens else None
        begin, limit = start + max(offset, is_record), balanced or len(text)
        # A string that is not closed reaches into the next record.
        cut_start = _CUT_START.search(text, max(start + 1, begin - 200), begin)
        if cut_start:
            begin = cut_start.start()
        for found in self._record_start(start).finditer(text, begin, limit):
            if self._is_plausible(start, found.start()):
                return found.start()
        if balanced:
            return balanced
        for found in _ANY_START.finditer(text, begin):
            if self._shape and self._is_plausible(start, found.start()):
                return found.start()
        return None

    def _record_start(self, start: int) -> re.Pattern[str]:
        """A record opens with the key the last one opened with, or a line."""
        if self._shape:
            key = dumps(next(iter(self._shape)))
        else:
            own = _FIRST_KEY.match(self._buffer, start)
            key = own.group(1) if own else ""
        return re.compile(rf"\{{\s*{re.escape(key)}|(?<=[\r\n])\{{")

    def _is_plausible(self, start: int, at: int) -> bool:
        """Whether a record, not an object nested in one, begins here."""
        text = self._buffer
        if text[max(start, at - 200) : at].rstrip()[-1:] in (":", "["):
            return False
        try:
            value, end = _decode(text, at)
        except (StopIteration, json.JSONDecodeError, RecursionError):
            return True  # it will be judged as a record of its own
        if not self._is_array and text[at - 1] in "\r\n":
            return True
        alike = (
            2 * len(self._shape & value.keys()) > len(self._shape) or not self._shape
        )
        return alike and _FOLLOW.match(text, end) is not None


def _balanced_end(text: str, start: int) -> int | None:
    """Where the braces opened at `start` are closed, if they are."""
    expected: list[str] = []
    for token in _TOKEN.finditer(text, start, start + WINDOW):
        if token.group() in _CLOSING:
            expected.append(_CLOSING[token.group()])
        elif token.group() in ("}", "]"):
            if expected.pop() != token.group():
                return None
            if not expected:
                return token.end()
    return None
