"""JSON: an array of records, or one record after the other, streamed.

Numbers land as written. A malformed record costs itself: reading goes on at
the next place that looks like the start of a record of this file.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence, Set
from itertools import islice
from typing import Any, cast

from ..errors import Refusal
from ..files import Content
from ..headers import match
from ..limits import limit
from ..sources import Table
from . import text as texts
from .base import EMPTY, Batch, Reader, Reject, cut, dumps
from .cells import LONGEST, Lost
from .ends import lost_digits
from .envelope import other_lists, records_within
from .labels import is_blank, is_suspect
from .totals import BLANK, TOTALS, Above, Totals

BATCH = 500  # records
WINDOW = 131_072  # characters searched for the next record in one go
NEAR_END = 16  # an error this near to the end may only be a record cut in two
MUCH = 1_000_000  # characters of records that are enough for a batch
VALUES = 5  # values of a record, for each column that a file may have
MAX_KEYS = 100_000  # of all plans
RECORD_LIMIT = "WAREHOUSE_RECORD_LIMIT"  # what is longer has lost a bracket
REREADING_LIMIT = "WAREHOUSE_REREADING_LIMIT"
FREE = 10_000_000  # characters of a file that may be read again in any case
DEEP = 20_000  # characters that are read, about, until nesting is too deep
COLUMN_LIMIT = "WAREHOUSE_COLUMN_LIMIT"
TOO_DEEP = "nested too deeply"
OVERLAP = 1_000  # characters searched again, a start may be cut in two
MANY = 1_000  # objects that are enough to find out what records look like
FEW = 10  # records that are too few to show what records look like
MAX_PLANS = 1_000
CUT_SHORT = "the file ends inside the record"
UNCLOSED = "truncated: the array is not closed"
EXACT = 2**53
"""Below it every integer is one float."""
ROUNDED = 10**11
"""From it on programs write numbers with an exponent that may have had more digits."""
UNCLOSED_OBJECT = "truncated: the object around the records is not closed"

_gap = cast("Callable[[str, int], re.Match[str]]", re.compile(r"[ \t\r\n,]*").match)
"""Matches always, if only what is empty."""
_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_TOKEN = re.compile(rf"{_STRING}|[{{}}\[\]]", re.DOTALL)
_STRINGS = re.compile(_STRING, re.DOTALL)
_FIRST_KEY = re.compile(rf"\{{\s*({_STRING})\s*:", re.DOTALL)
_ANY_START = re.compile(r'\{\s*"')
_CLOSING = {"{": "}", "[": "]"}
_LINE_OF_RECORD = re.compile(r"(?<=[\r\n])\{")
_LINE = re.compile(r"[\r\n]")
_FOLLOW = re.compile(r"\s*(?:,\s*[{\]]|\{|\]\s*\Z|\Z)")


class Number(str):
    """A number as written."""

    __slots__ = ()


class _Inexact(Lost, Number):
    """A number that was kept as a float, with an exponent or more digits than those."""

    __slots__ = ()


def _fraction(text: str) -> Number:
    """A number with a fraction or an exponent, as written."""
    if len(text) > _DIGITS or "e" in text or "E" in text:
        value = float(text)
        least = ROUNDED if "e" in text or "E" in text else EXACT
        if least <= abs(value) < LONGEST and value.is_integer():
            return _Inexact(text)
    return Number(text)


INNER = ("properties", "fields")
"""Where answers of HubSpot and Airtable hold the fields of a record."""
_PLAIN = {str, Number, type(None)}
_DIGITS = 16  # characters of the least number of which a float has not each digit
_decoder: Any = json.JSONDecoder(
    parse_float=_fraction, parse_int=Number, parse_constant=lambda name: None
)
_decode = _decoder.scan_once


def compact(value: Any) -> str:
    """A nested value as compact JSON text, its numbers as written."""
    if isinstance(value, Number):
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
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return compact(value)


def lifted(record: dict[str, Any], key: str, table: Table) -> dict[str, Any]:
    """A record with the fields that it holds under `key` as its own, if they are any.

    What it has itself counts more; a declared column of that name is left as it is.
    """
    inner = record[key]
    if not isinstance(inner, dict) or match((key,), table.columns).columns:
        return record
    if not match(tuple(inner), table.columns).columns:
        return record
    rest = {name: value for name, value in record.items() if name != key}
    return {**inner, **rest}


class _MalformedError(Exception):
    """What begins at the position is no JSON value."""


class _Plan:
    """Where the values of records with the same keys go."""

    def __init__(self, keys: tuple[str, ...], table: Table, above: Above) -> None:
        found = match(keys, table.columns)
        self.match = found
        self.totals = Totals(keys, found.columns, table, above)
        self.is_known = False
        slots = [found.columns.get(c.name) for c in table.columns]
        self.slots = [None if slot is None else keys[slot] for slot in slots]
        self.extras = [(name, keys[at]) for name, at in found.extras.items()]
        self.are_ids = [column.is_identifier for column in table.columns]
        names = [at for at, column in enumerate(table.columns) if column.required]
        self.keys = [at for at in names[:1] if self.are_ids[at]]

    def row(self, record: dict[Any, Any]) -> list[Any]:
        get = record.get
        row = [get(key) for key in self.slots]
        if not _PLAIN.issuperset(map(type, row)):
            row = [
                value.rounded if is_id and isinstance(value, Lost) else as_text(value)
                for value, is_id in zip(row, self.are_ids, strict=True)
            ]
        row.append(self._extra(record) if self.extras else None)
        return row

    def lost(self, row: list[Any]) -> str | None:
        """Why the key of a row is none."""
        for at in self.keys:
            if (value := row[at]) and "+" in value:
                return lost_digits(value, self.slots[at] or "")
        return None

    def _extra(self, record: dict[str, Any]) -> str:
        extra = {name: as_text(record[key]) for name, key in self.extras}
        if any("\0" in text for text in extra.values() if text):
            return "\0"  # dumps would hide it; the check for NUL finds it here
        return dumps(extra)


class JsonReader(Reader):
    """Reads JSON arrays and newline-delimited (or just adjoining) records."""

    def __init__(self, content: Content, table: Table) -> None:
        super().__init__(table)
        text = texts.Text(content, table.encoding)
        self.encoding = text.encoding
        self.columns = [*(c.name for c in table.columns), "_extra"]
        self._content = content
        self._text = text
        self._chunks = text.chunks()
        self._buffer = ""
        self._position = 0
        self._line = 1  # physical line of the position
        self._ended = False
        self._suspect = False  # the buffer may hold what cannot be stored
        self._limit = limit(RECORD_LIMIT)
        self._most_columns = limit(COLUMN_LIMIT)
        self._held: list[str] = []  # text behind the buffer, the next part last
        self._taken = 0  # characters read from the file
        self._reread = 0  # characters read to find out where records begin
        self._most_reread = limit(REREADING_LIMIT)
        self._plans: dict[tuple[str, ...], _Plan] = {}
        self._planned = 0  # keys of the plans
        self._shape: Set[str] = frozenset()  # keys that records have
        self._last = (1, 0, 0)  # line, start and end of the value read last
        self._separators = 0
        self._closing = ""  # braces of objects around the records
        names = [column.name for column in table.columns if column.required]
        self._key = self.columns.index(names[0]) if names else 0
        if not self._skip_gap():
            raise Refusal(texts.ONLY_NULS if text.padding else EMPTY)
        self._is_array = self._buffer[self._position] == "["
        self._position += self._is_array
        self._is_open = self._is_array
        self._enter_object()
        self.format = "json" if self._is_array else "ndjson"

    def batches(self) -> Iterator[Batch]:
        """Batches of rows; refuses the file in the end if none was a record."""
        landed = 0
        first: Reject | None = None
        rows: list[list[Any]] = []
        rejects: list[Reject] = []
        size = 0
        for line, value in self._values():
            if isinstance(value, Reject):
                rejects.append(value)
            else:
                size += self._last[2] - self._last[1]
                self._add(value, line, rows, rejects)
            self.record += 1
            if len(rows) + len(rejects) >= BATCH or size > MUCH:
                landed, first = landed + len(rows), first or next(iter(rejects), None)
                yield Batch(rows, len(rows), rejects, self._separators, size)
                rows, rejects, size, self._separators = [], [], 0, 0
        landed, first = landed + len(rows), first or next(iter(rejects), None)
        if first and not landed and not self.table.is_paged:
            raise Refusal(f"no record could be read: line {first[1]}: {first.reason}")
        yield Batch(rows, len(rows), rejects, self._separators, size)
        if self._text.padding:
            padded = texts.PADDED.format(self._text.padding)
            self.cut_reason = self.cut_reason or padded
        if landed:
            self.check_columns([*sorted(self.found), *self.extras])

    def _add(
        self,
        value: dict[str, Any],
        line: int,
        rows: list[list[Any]],
        rejects: list[Reject],
    ) -> None:
        for key in INNER:
            if key in value:
                value = lifted(value, key, self.table)
        keys = tuple(value)
        if len(keys) > self._most_columns:
            reason = f"more than {self._most_columns:,} columns ({COLUMN_LIMIT})"
            rejects.append(self._rejected(reason))
            return
        plan = self._plans.get(keys) or self._plan(keys)
        try:
            row = plan.row(value)
        except RecursionError:
            rejects.append(self._rejected(TOO_DEEP))
            return
        if self._suspect and (trouble := self._unfit((*keys, *row))):
            rejects.append(self._rejected(trouble))
            return
        head = row[self._key]
        if is_suspect(head) and self._is_none(value, plan, line):
            self._separators += 1
            return
        if lost := plan.lost(row):
            rejects.append(self._rejected(lost))
            return
        if not plan.is_known:
            self.learn(plan.match)
            plan.is_known = True
            if len(self.extras) > self._most_columns:
                raise Refusal(
                    f"more than {self._most_columns:,} different columns "
                    f"({COLUMN_LIMIT})"
                )
        row += (self.record + 1, line)
        rows.append(row)

    def _unfit(self, values: Sequence[str | None]) -> str | None:
        """Why texts cannot be stored."""
        text = "\n".join(filter(None, values))
        return texts.problem(text, str(self.encoding))

    def _is_none(self, value: dict[str, Any], plan: _Plan, line: int) -> bool:
        """Whether an object is no record; it is set apart."""
        cells = [as_text(cell) or "" for cell in value.values()]
        at = self.record + 1
        kind = BLANK if is_blank(cells) else plan.totals.kind(cells, at)
        if kind is None:
            return False
        _, start, end = self._last
        totals = plan.totals if kind == TOTALS else None
        raw = self._buffer[start:end]
        self.set_apart(kind, {"line": line}, raw, totals, cells, at)
        return True

    def _above(self, keys: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
        """The records of the file once more, each with its number."""
        if self._content.again is None:
            raise OSError
        with self._content.again() as again:
            reader = JsonReader(again, self.table)
            for _, value in reader._values():
                reader.record += 1
                if isinstance(value, dict):
                    yield reader.record, [as_text(value.get(key)) or "" for key in keys]

    def _plan(self, keys: tuple[str, ...]) -> _Plan:
        self._planned += len(keys)
        if len(self._plans) >= MAX_PLANS or self._planned > MAX_KEYS:
            self._plans.clear()
            self._planned = len(keys)
        plan = self._plans[keys] = _Plan(keys, self.table, self._above)
        return plan

    # -- values --------------------------------------------------------------

    def _values(self) -> Iterator[tuple[int, dict[str, Any] | Reject]]:
        """Line and value of each record; a Reject for what is none."""
        while self._skip_gap():
            if self._is_array and self._buffer[self._position] == "]":
                yield from self._close_array()
                continue
            line = self._line
            if self._is_array and self._is_stray_bracket():
                self._position += 1
                yield line, self._reject_at(line, "[", "a stray bracket")
                continue
            try:
                value, end = self._value()
            except _MalformedError as error:
                yield line, self._recover(str(error))
                continue
            start = self._position
            self._move(end)
            self._last = (line, start, end)
            if isinstance(value, dict):
                if self._is_alike(value):
                    self._shape = value.keys()
                yield line, value
            else:
                yield line, self._rejected("not an object")
        if self._is_open:
            self.cut_reason = UNCLOSED
            yield self._line, self._reject_at(self._line, "", UNCLOSED)

    def _value(self) -> tuple[Any, int]:
        """The value at the position and where it ends."""
        self._hold(2 * WINDOW)  # what the search for a record's end has read
        while True:
            problem, at = "", self._position
            most = VALUES * self._most_columns
            if len(self._buffer) - at > MUCH and _is_crowded(self._buffer, at, most):
                self._spend(len(self._buffer) - at)
                raise _MalformedError(f"more than {most:,} values ({COLUMN_LIMIT})")
            try:
                value, end = _decode(self._buffer, at)
                if isinstance(value, dict) or end < len(self._buffer) or self._ended:
                    return value, end
            except StopIteration as stop:
                problem, at = "expecting a value", stop.value
            except json.JSONDecodeError as error:
                problem, at = error.msg[:1].lower() + error.msg[1:], error.pos
            except RecursionError:
                self._spend(DEEP)
                raise _MalformedError(TOO_DEEP) from None
            self._spend(at - self._position)
            in_string = problem.startswith("unterminated string")
            is_cut = in_string or at >= len(self._buffer) - NEAR_END
            if self._ended or (problem and not is_cut):
                break
            size = len(self._buffer) - self._position
            if size > self._limit:
                reason = f"longer than {self._limit:,} characters: not closed?"
                raise _MalformedError(f"{reason} ({RECORD_LIMIT})")
            self._fill(min(size, self._limit + 1 - size))
        opened = self._buffer[self._position] in "{["
        if opened and (in_string or not re.search(r"[}\]]", self._buffer[at:])):
            self._is_open = False  # one reject says it
            reason = f"truncated: {CUT_SHORT}"
            self.cut_reason = reason if self._ended else self.cut_reason
            raise _MalformedError(reason)
        raise _MalformedError(f"malformed JSON: {problem}")

    def _enter_object(self) -> None:
        """Go to the records within an object, if it is around them."""
        if self._is_array or self._buffer[self._position] != "{":
            return
        if len(self._buffer) - self._position < WINDOW:
            self._fill(WINDOW)
        found = records_within(
            self._buffer, self._position, self.table.columns, self._ended
        )
        if found:
            self._move(found.start)
            self._closing = found.closing
            self._is_array = self._is_open = True

    def _leave_object(self) -> Iterator[tuple[int, Reject]]:
        """Skip what an object has after its records."""
        for _ in self._closing:
            found, end = None, 0
            while found is None:
                rest = '{"":0' + self._buffer[self._position :]
                try:
                    found, end = _decode(rest, 0)
                except (StopIteration, json.JSONDecodeError, RecursionError):
                    if self._ended or len(rest) > self._limit:
                        break
                    self._fill(max(len(rest), WINDOW))
            if found is None:
                line, raw = self._line, self._buffer[self._position :]
                self.cut_reason = UNCLOSED_OBJECT if self._ended else self.cut_reason
                yield line, self._reject_at(line, raw, UNCLOSED_OBJECT)
                self._move(len(self._buffer))
                break
            self._move(self._position + end - len('{"":0'))
            for key in other_lists(found, self.table.columns):
                reason = f"a second list of records, {key}, is not read"
                yield (
                    self._line,
                    self._reject_at(self._line, compact(found[key]), reason),
                )
        self._closing = ""

    def _close_array(self) -> Iterator[tuple[int, Reject]]:
        self._position += 1
        self._is_open = False
        is_around = bool(self._closing)
        yield from self._leave_object()
        if not self._skip_gap():
            return
        if is_around and self._buffer[self._position] == "{":  # the next page
            self._is_array = False
            self._enter_object()
            if self._is_array:
                return
            self._is_array = True
        if self._buffer[self._position] == "[":  # one array after the other
            self._position += 1
            self._is_open = True
        else:
            yield self._line, self._recover("text after the end of the array")

    def _is_stray_bracket(self) -> bool:
        """Whether a bracket stands before a record, and would hide the rest."""
        if self._buffer[self._position] != "[" or not self._shape:
            return False
        if not self._ended and len(self._buffer) - self._position < WINDOW:
            self._fill(WINDOW)
        try:
            start = _gap(self._buffer, self._position + 1).end()
            value, _ = self._decoded(start)
        except (ValueError, RecursionError):
            return False
        return isinstance(value, dict) and self._is_alike(value)

    # -- the buffer ----------------------------------------------------------

    def _spend(self, characters: int) -> None:
        """Count what is read again; refuse a file in which that has no end."""
        self._reread += characters
        if self._reread > FREE + self._most_reread * self._taken:
            raise Refusal(
                "broken in so many places that each character would be read more "
                f"than {self._most_reread:,} times ({REREADING_LIMIT})"
            )

    def _decoded(self, at: int) -> tuple[Any, int]:
        """Value and end of what may begin at a place of the buffer.

        Raises ValueError or RecursionError.
        """
        end = at + DEEP
        try:
            value, end = _decode(self._buffer, at)
        except StopIteration as stop:
            end = stop.value
            raise ValueError from None
        except json.JSONDecodeError as error:
            end = error.pos
            raise
        finally:
            self._spend(end - at)
        return value, end

    def _hold(self, size: int) -> None:
        """Keep no more of the text before us in the buffer."""
        end = self._position + size
        if len(self._buffer) > end:
            starts = range(end, len(self._buffer), texts.CHUNK)
            parts = [self._buffer[at : at + texts.CHUNK] for at in starts]
            self._held += reversed(parts)
            self._buffer, self._ended = self._buffer[:end], False

    def _fill(self, size: int = 0) -> None:
        """Forget what was read, append `size` characters or a chunk."""
        parts = [self._buffer[self._position :]]
        wanted = max(size, 1)
        while wanted > 0 and not self._ended:
            if self._held:
                chunk = self._held.pop()
            else:
                chunk = next(self._chunks, "")
                self._ended = not chunk
                self._taken += len(chunk)
            wanted -= len(chunk)
            parts.append(chunk)
        self._buffer = "".join(parts)
        self._position = 0
        self._suspect = "\\u" in self._buffer or not texts.is_clean(self._buffer)

    def _skip_gap(self) -> bool:
        """Go to the next value; False at the end of the file."""
        while True:
            self._move(_gap(self._buffer, self._position).end())
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

    def _reject_at(self, line: int, raw: str, reason: str) -> Reject:
        raw = raw.rstrip(" \t\r\n,")
        last = line + texts.line_breaks(raw, 0, len(raw))
        raw = cut(texts.printable(raw))
        return Reject(self.record + 1, line, last, reason, raw)

    def _recover(self, reason: str) -> Reject:
        """Reject what is at the position, go to the next record."""
        line, raw, is_record = self._line, "", True
        while True:
            if not self._ended and len(self._buffer) - self._position < WINDOW:
                self._fill(WINDOW)
            start = self._position
            found = self._next_record(start, is_record)
            end = len(self._buffer) if found is None else found
            if found is None and self._ended and self._is_open:
                end = _closes_at(self._buffer, self._closing)
            elif found is None and not self._ended:
                end -= OVERLAP
            raw = (raw + self._buffer[start:end])[: 2 * WINDOW]
            # a step at least, or the same would be met for ever
            self._move(max(end, start + is_record))
            if found is not None or self._ended:
                break
            is_record = False
        return self._reject_at(line, raw, reason)

    def _next_record(self, start: int, is_record: bool) -> int | None:
        """Where the next record seems to begin.

        `is_record` is whether a record, and not the middle of something,
        begins at `start`.
        """
        text = self._buffer
        opens = text[start : start + 1] in ("{", "[")
        if not self._is_array:
            next_line = _LINE_OF_RECORD if opens else _LINE
            found = next_line.search(text, start + is_record)
            if found:
                return found.start()
            self._spend(len(text) - start)
        if self.record < FEW:
            likely = self._likely_shape(start + is_record)
            self._shape = max(self._shape, likely, key=len)
        return self._next_object(start, is_record, is_record and opens)

    def _next_object(self, start: int, step: int, is_open: bool) -> int | None:
        """Where an object begins that seems to be a record, or what is open ends."""
        text = self._buffer
        braces = _Braces(text, start) if is_open else None
        near = braces.closed(start + OVERLAP) if braces else None
        if near:  # most are; else the text would be searched for each of them
            for found in _ANY_START.finditer(text, start + 1, near):
                if self._is_plausible(start, found.start()):
                    return found.start()
            if self._goes_on(start, near):
                return near
            braces = None
        for found in _ANY_START.finditer(text, near or start + step):
            at = found.start()
            balanced = braces and braces.closed(at)
            if balanced:
                if self._goes_on(start, balanced):
                    return balanced
                braces = None
            if self._is_plausible(start, at):
                return at
        self._spend(len(text) - start)
        return near or (braces.closed(start + WINDOW) if braces else None)

    def _likely_shape(self, start: int) -> Set[str]:
        """Keys of the object which has the most declared columns."""
        most, shape = 0, self._shape
        starts = _ANY_START.finditer(self._buffer, start, start + WINDOW)
        for found in islice(starts, MANY):
            if not _FIRST_KEY.match(self._buffer, found.start()):
                continue
            try:
                value, _ = self._decoded(found.start())
            except RecursionError:  # and so are those within it
                break
            except ValueError:
                continue
            columns = len(match(tuple(value), self.table.columns).columns)
            if columns > most:
                most, shape = columns, value.keys()
        return shape

    def _goes_on(self, start: int, end: int) -> bool:
        """Whether a record, or the end of the array, follows `end`."""
        at = _gap(self._buffer, end).end()
        if self._buffer[at : at + 1] == "{":
            return self._is_plausible(start, at)
        return _FOLLOW.match(self._buffer, end) is not None

    def _is_plausible(self, start: int, at: int) -> bool:
        """Whether a record, not an object nested in one, begins here."""
        text = self._buffer
        before = text[max(start, at - 200) : at]
        is_value = before.rstrip()[-1:] in (":", "[")
        is_line = before.rstrip(" \t")[-1:] in ("\n", "\r")
        if is_value and not (is_line and self._shape):
            return False
        first = _FIRST_KEY.match(text, at)
        if not first:
            return False
        try:
            value, end = self._decoded(at)
        except (ValueError, RecursionError):  # to be judged by its key
            return not is_value and self._first_key in (None, first.group(1))
        return self._is_alike(value) and _FOLLOW.match(text, end) is not None

    def _is_alike(self, record: dict[str, Any]) -> bool:
        """Whether it has most keys of the records before it."""
        shared = len(self._shape & record.keys())
        return not self._shape or 2 * shared > len(self._shape)

    @property
    def _first_key(self) -> str | None:
        return dumps(next(iter(self._shape))) if self._shape else None


def _closes_at(text: str, closing: str) -> int:
    """Where the brackets at the end of a file begin, or what is blank."""
    body = text.rstrip(" \t\r\n")
    closes = re.search(r"\]\s*" + r"\s*".join(closing) + r"\Z", body)
    return closes.start() if closes else len(body)


def _is_crowded(text: str, start: int, most: int) -> bool:
    """Whether so many values begin here that they would take much memory."""
    if text.count(",", start) + text.count("[", start) <= most:
        return False
    marks = _STRINGS.sub("", text[start:])
    return marks.count(",") + marks.count("[") + marks.count("{") > most


class _Braces:
    """Finds where the braces opened at a place are closed, no further than needed."""

    def __init__(self, text: str, start: int) -> None:
        self._tokens = _TOKEN.finditer(text, start, start + WINDOW)
        self._expected: list[str] = []
        self._read = start
        self._end: int | None = None

    def closed(self, before: int) -> int | None:
        """Where they are closed, if they are before a place."""
        while self._read < before:
            token = next(self._tokens, None)
            if token is None:
                self._read = before
                break
            self._read, mark = token.end(), token.group()
            if mark in _CLOSING:
                self._expected.append(_CLOSING[mark])
            elif mark in ("}", "]"):
                is_wrong = self._expected.pop() != mark
                if is_wrong or not self._expected:
                    self._end = None if is_wrong else token.end()
                    self._tokens = iter(())
        return self._end if self._end and self._end <= before else None
