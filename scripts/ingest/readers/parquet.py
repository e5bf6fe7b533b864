"""Parquet: read in batches, every value written as text."""

import math
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ..errors import Refusal
from ..files import CHUNK, Content, Swelling
from ..headers import match
from ..limits import limit
from ..sources import Table
from .base import EMPTY, Batch, Reader, Reject, cut, dumps
from .cells import LONGEST, Lost
from .ends import lost_digits
from .labels import is_blank, is_suspect
from .text import KEEP, is_clean, printable, problem
from .totals import BLANK, TOTALS, Totals

# What the system gives is bounded; an arena that Arrow keeps is not.
pa.set_memory_pool(pa.system_memory_pool())

BATCH = 256  # records read at once: a value may be large, and repeated
MUCH = 1_000_000  # characters of records that are enough for a batch
EXACT = 2**53
"""Below it every integer is one float."""
_PRECISION = {16: 2**11, 32: 2**24, 64: EXACT}
"""Bits of a float → the least integer that shares its float with another one."""
FOOT = b"PAR1"
_COLUMN_LIMIT = "WAREHOUSE_COLUMN_LIMIT"


class ParquetReader(Reader):
    """Reads Parquet files; they have records but no lines."""

    format = "parquet"

    def __init__(self, content: Content, table: Table) -> None:
        super().__init__(table)
        self._file = _opened(content)
        headers = self._file.schema_arrow.names
        if len(headers) > limit(_COLUMN_LIMIT):
            most = limit(_COLUMN_LIMIT)
            raise Refusal(
                f"{len(headers):,} columns, more than {most:,} ({_COLUMN_LIMIT})"
            )
        found = match(headers, table.columns)
        self.learn(found)
        self.check_columns(headers)
        self._swelling = Swelling()
        self._on_disk = content.raw.seek(0, os.SEEK_END)
        self._headers = headers
        self._columns = found.columns
        self._totals = Totals(headers, found.columns, table, self._above)
        names = [column.name for column in table.columns if column.required]
        self._key = found.columns[names[0] if names else next(iter(found.columns))]
        ids = {column.name for column in table.columns if column.is_identifier}
        self._keys = {
            place: headers[at]
            for place, (name, at) in enumerate(found.columns.items())
            if name in ids.intersection(names[:1])
        }
        kinds = self._file.schema_arrow.types
        self._floats = [
            (place, _PRECISION[kinds[at].bit_width])
            for place, (name, at) in enumerate(found.columns.items())
            if name in ids and pa.types.is_floating(kinds[at])
        ]
        self._extras = found.extras
        self.columns = [*found.columns] + (["_extra"] if found.extras else [])

    def batches(self) -> Iterator[Batch]:
        """Batches of rows."""
        try:
            for batch in self._file.iter_batches(BATCH, use_threads=False):
                yield from self._batches(batch)
        except MemoryError:
            raise
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise _corrupt(error) from None

    def _batches(self, batch: pa.RecordBatch) -> Iterator[Batch]:
        """The rows of a batch, in parts if they are large as text."""
        columns = [as_texts(column) for column in batch.columns]
        size = sum(len(text) for texts in columns for text in texts if text)
        self._swelling.add(size, self._on_disk)
        step = max(1, batch.num_rows * MUCH // max(size, MUCH))
        for start in range(0, batch.num_rows, step):
            part = columns
            if step < batch.num_rows:
                part = [texts[start : start + step] for texts in columns]
            rows = min(step, batch.num_rows - start)
            yield self._batch(part, rows, size * rows // batch.num_rows)

    def _batch(self, columns: list[list[str | None]], rows: int, size: int) -> Batch:
        values = [columns[at] for at in self._columns.values()]
        for place, precision in self._floats:
            values[place] = [_rounded(text, precision) for text in values[place]]
        if self._extras:
            extras = zip(*(columns[at] for at in self._extras.values()), strict=True)
            values.append([_object(self._extras, row) for row in extras])
        first, self.record = self.record + 1, self.record + rows
        records = range(first, self.record + 1)
        found = list(zip(*values, records, [None] * rows, strict=True))
        bad = {
            n: why
            for place, title in self._keys.items()
            for n, text in enumerate(values[place])
            if text and "+" in text and (why := lost_digits(text, title))
        }
        bad |= {n: why for texts in columns for n, why in _unfit(texts)}
        apart = set(self._no_records(columns, first)) - bad.keys()
        if not bad and not apart:
            return Batch(found, rows, [], 0, size)
        rejects = []
        for n, why in sorted(bad.items()):
            raw = cut(printable(_object(self.columns, found[n][:-2])))
            rejects.append(Reject(first + n, None, None, why, raw))
        found = [row for n, row in enumerate(found) if n not in bad.keys() | apart]
        return Batch(found, len(found), rejects, len(apart), size)

    def _no_records(self, columns: list[list[str | None]], first: int) -> Iterator[int]:
        """The rows that are no records; they are set apart."""
        for n, head in enumerate(columns[self._key]):
            if not is_suspect(head):
                continue
            row = [texts[n] or "" for texts in columns]
            at = first + n
            kind = BLANK if is_blank(row) else self._totals.kind(row, at)
            if kind is None:
                continue
            totals = self._totals if kind == TOTALS else None
            raw = _object(self._headers, row)
            self.set_apart(kind, {"record": at}, raw, totals, row, at)
            yield n

    def _above(self, headers: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
        """The records of the file once more, each with its number."""
        record = 0
        for batch in self._file.iter_batches(BATCH, use_threads=False):
            columns = [as_texts(column) for column in batch.columns]
            for row in zip(*columns, strict=True):
                record += 1
                yield record, [text or "" for text in row]


def schema_of(content: Content) -> list[str]:
    """The names of the columns."""
    return _opened(content).schema_arrow.names


def _opened(content: Content) -> pq.ParquetFile:
    source: Any = content.stream
    if not source.seekable():  # Parquet is read from its end
        source = tempfile.TemporaryFile()  # noqa: SIM115 (lives as the reader)
        while chunk := content.stream.read(CHUNK):
            source.write(chunk)
    if source.seek(0, 2) == 0:
        raise Refusal(EMPTY)
    _check_foot(source)
    source.seek(0)
    try:
        file = pq.ParquetFile(source, pre_buffer=False)
        file.schema_arrow  # noqa: B018 (it may be corrupt)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _corrupt(error) from None
    return file


def _check_foot(source: Any) -> None:
    """Refuse a file that ends too early: what is where stands at its end."""
    source.seek(0)
    head = source.read(4)
    source.seek(-min(4, source.seek(0, 2)), 2)
    if head == FOOT and source.read(4) != FOOT:
        raise _corrupt(ValueError("truncated, it has no footer"))


def _object(names: Iterable[str], values: Iterable[str | None]) -> str:
    return dumps(dict(zip(names, values, strict=True)))


def as_texts(column: pa.Array) -> list[str | None]:
    """The values of a column as text; times in ISO form, numbers as written."""
    kind = column.type
    if pa.types.is_dictionary(kind):  # a value that many rows name is read once
        places = column.indices.to_pylist()
        used = sorted({at for at in places if at is not None})
        texts = as_texts(column.dictionary.take(pa.array(used, pa.int64())))
        known = dict(zip(used, texts, strict=True))
        return [known.get(at) for at in places]
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        try:
            return column.to_pylist()
        except UnicodeDecodeError:
            large = pa.types.is_large_string(kind)
            raw = column.cast(pa.large_binary() if large else pa.binary()).to_pylist()
            return [None if v is None else v.decode("utf-8", KEEP) for v in raw]
    if pa.types.is_timestamp(kind):
        zone = "Z" if kind.tz else ""
        plain = column.cast(pa.timestamp(kind.unit))  # an instant is kept in UTC
        texts = pc.cast(plain, pa.string()).to_pylist()
        return [t and t.replace(" ", "T") + zone for t in texts]
    if pa.types.is_integer(kind) or pa.types.is_date(kind) or pa.types.is_time(kind):
        return pc.cast(column, pa.string()).to_pylist()
    if pa.types.is_duration(kind):
        return pc.cast(pc.cast(column, pa.int64()), pa.string()).to_pylist()
    return [None if value is None else _as_text(value) for value in column.to_pylist()]


def _as_text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        return str(int(value))  # a null among integers has made them floats
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value.hex()
    if isinstance(value, list | dict):
        return dumps(_plain(value))
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return format(value, "f") if hasattr(value, "as_tuple") else str(value)


def _rounded(text: str | None, precision: int) -> str | None:
    """A float among identifiers, in the form of a rounded number if it is one."""
    value = float(text) if text else 0.0
    is_lost = value.is_integer() and precision <= abs(value) < LONGEST
    return Lost(text).rounded if is_lost else text


def _plain(value: Any) -> Any:
    """A nested value with nothing in it but what JSON knows."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return _as_text(value)


def _unfit(texts: list[str | None]) -> list[tuple[int, str]]:
    """Which values cannot be stored, and why."""
    together = "".join(filter(None, texts))
    if "\0" not in together and is_clean(together):
        return []
    found = ((n, problem(text, "utf-8")) for n, text in enumerate(texts) if text)
    return [(n, why) for n, why in found if why]


def _corrupt(error: Exception) -> Refusal:
    return Refusal(f"the Parquet file is corrupt: {str(error).splitlines()[0]}")
