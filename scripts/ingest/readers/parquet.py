"""Parquet: read in batches, every value written as text."""

import tempfile
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ..errors import Refusal
from ..files import CHUNK, Content
from ..headers import match
from ..sources import Table
from .base import EMPTY, Batch, Reader, Reject, cut, dumps

BATCH = 10_000  # records


class ParquetReader(Reader):
    """Reads Parquet files; they have records but no lines."""

    format = "parquet"

    def __init__(self, content: Content, table: Table) -> None:
        super().__init__(table)
        source: Any = content.stream
        if content.is_gzip:  # Parquet is read from its end
            source = tempfile.TemporaryFile()  # noqa: SIM115 (lives as the reader)
            while chunk := content.stream.read(CHUNK):
                source.write(chunk)
        if source.seek(0, 2) == 0:
            raise Refusal(EMPTY)
        source.seek(0)
        try:
            self._file = pq.ParquetFile(source, pre_buffer=False)
            headers = self._file.schema_arrow.names
        except (pa.ArrowException, OSError, ValueError) as error:
            raise _corrupt(error) from None
        found = match(headers, table.columns)
        self.learn(found)
        self.check_columns(headers)
        self._columns = found.columns
        self._extras = found.extras
        self.columns = [*found.columns] + (["_extra"] if found.extras else [])

    def batches(self) -> Iterator[Batch]:
        """Batches of rows."""
        try:
            for batch in self._file.iter_batches(BATCH):
                yield self._batch(batch)
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise _corrupt(error) from None

    def _batch(self, batch: pa.RecordBatch) -> Batch:
        columns = [as_texts(column) for column in batch.columns]
        values = [columns[at] for at in self._columns.values()]
        if self._extras:
            extras = zip(*(columns[at] for at in self._extras.values()), strict=True)
            values.append([_object(self._extras, row) for row in extras])
        first, self.record = self.record + 1, self.record + batch.num_rows
        records = range(first, self.record + 1)
        rows = list(zip(*values, records, [None] * len(records), strict=True))
        bad = {n for texts in columns for n in _with_nul(texts)}
        if not bad:
            return Batch(rows, len(rows), [], 0)
        rejects = []
        for n in sorted(bad):
            raw = cut(_object(self.columns, rows[n][:-2]))
            rejects.append(Reject(first + n, None, None, "NUL character", raw))
        rows = [row for n, row in enumerate(rows) if n not in bad]
        return Batch(rows, len(rows), rejects, 0)


def _object(names: Iterable[str], values: Iterable[str | None]) -> str:
    return dumps(dict(zip(names, values, strict=True)))


def as_texts(column: pa.Array) -> list[str | None]:
    """The values of a column as text; times in ISO form, numbers as written."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return as_texts(column.dictionary_decode())
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return column.to_pylist()
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


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
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


def _plain(value: Any) -> Any:
    """A nested value with nothing in it but what JSON knows."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return _as_text(value)


def _with_nul(texts: list[str | None]) -> list[int]:
    if "\0" not in "".join(filter(None, texts)):
        return []
    return [n for n, text in enumerate(texts) if text and "\0" in text]


def _corrupt(error: Exception) -> Refusal:
    return Refusal(f"the Parquet file is corrupt: {str(error).splitlines()[0]}")
