"""Bronze as a folder of Parquet files, one per landed file.

    <lake>/<source>/<table>/<file id>.parquet   rows of one file
    <lake>/<source>/<table>/0.parquet           no rows: the declared columns
    <lake>/ledger.db                            the ledger
    <lake>/ledger/<table>.parquet               its tables, for other engines

A file holds what was in the delivered file; what the ledger knows of it (number,
batch, time of loading) and the number of a row are joined to it by the view that
reads it. It is renamed into place before the ledger commits: one that the ledger
does not name is left of a crash, never read, and swept by the next run.
"""

import os
import pickle
import sqlite3
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from scripts.orphans import die_with_parent

from .bronze import ReadTime, taken_from
from .inbox import Delivery
from .readers import Reject
from .reading import Progress, Reading, Write, read
from .sources import Table, load_ledger

PARALLEL_FROM = 4_000_000
"""Bytes in all from which starting other processes pays."""
_META = [("_record", pa.int64()), ("_line", pa.int64()), ("_delivered_at", pa.string())]
_ROW_GROUP = 32_768
_MUCH = 16_000_000  # characters of a row group
_UNFINISHED = {".part", ".draft", ".rejects"}
_TYPES = {"text": pa.string(), "integer": pa.int64()}


class Lake:
    """Rows in Parquet files below a folder."""

    def __init__(self, folder: Path, conn: sqlite3.Connection) -> None:
        self.folder = folder
        self.conn = conn
        self._pool: ProcessPoolExecutor | None = None
        self._begun: dict[str, tuple[Path, Future[Reading]]] = {}
        self._declared: dict[Path, list[str]] = {}
        self._sweep()

    def create(self, table: Table) -> list[str]:
        path = self._path(table, 0)
        names = [column.name for column in table.columns]
        known = pq.read_schema(path).names if path.exists() else []
        added = [name for name in names if name not in known]
        if not known or added:
            columns = [n for n in known if n not in dict([*_META, ("_extra", None)])]
            self._declared[path] = [*columns, *added, "_extra"]
        return added if known else []

    def complete(self, table: Table, file_id: int, headers: dict[str, str]) -> None:
        path = self._path(table, file_id)
        with pq.ParquetFile(path) as old:
            names = [n for n in old.schema_arrow.names if n not in dict(_META)]
            columns = list(dict.fromkeys([*names, *headers]))
            new = _Writer(path, columns, None)
            for group in old.iter_batches(_ROW_GROUP):
                rows = group.to_pylist()
                for row in rows:
                    values = [*taken_from(row["_extra"] or "{}", headers.values())]
                    # what an earlier attempt moved is not in `_extra` any more
                    for name, value in zip(headers, values, strict=False):
                        row[name] = row.get(name) if value is None else value
                    row["_extra"] = values[-1]
                new.write_columns([[row[n] for row in rows] for n in new.schema.names])
        new.close()

    def date(
        self, table: Table, file_id: int, column: str | None, read: ReadTime
    ) -> str | None:
        path = self._path(table, file_id)
        latest: str | None = None
        with pq.ParquetFile(path) as old:
            names = [n for n in old.schema_arrow.names if n not in dict(_META)]
            new = _Writer(path, names)
            for group in old.iter_batches(_ROW_GROUP):
                columns = group.to_pydict()
                texts = columns.get(column, [None] * group.num_rows)
                known = {text: read(text) for text in set(texts)}
                columns["_delivered_at"] = [known[text] for text in texts]
                new.write_columns([columns[n] for n in new.schema.names])
                latest = max(filter(None, [latest, *known.values()]), default=None)
        new.close()
        return latest

    def prepare(self, deliveries: Iterable[Delivery]) -> None:
        # not before the ledger has committed what follows from a new column
        for path, columns in self._declared.items():
            _Writer(path, columns).close()
        deliveries = list(deliveries)
        size = sum(delivery.size for delivery in deliveries)
        workers = min(len(deliveries), os.cpu_count() or 1)
        if workers < 2 or size < PARALLEL_FROM:
            return
        self._pool = ProcessPoolExecutor(
            workers, get_context("spawn"), initializer=die_with_parent
        )
        for delivery in deliveries:
            part = self._part(delivery.known_table)
            future = self._pool.submit(_convert, delivery, part)
            self._begun[delivery.label] = part, future

    def land(
        self,
        delivery: Delivery,
        facts: dict[str, object],
        reject: Callable[[list[Reject]], None],
        progress: Progress,
    ) -> Reading:
        begun = self._begun.pop(delivery.label, None)
        if begun is None:
            part = self._part(delivery.known_table)
            reading = _convert(delivery, part, progress)
        else:
            part, future = begun
            reading = future.result()
        rejects = _rejects(part)
        if rejects.exists():
            with rejects.open("rb") as spool:
                while spool.peek(1):
                    reject(pickle.load(spool))  # noqa: S301 (written by us)
            rejects.unlink()
        part.replace(self._path(delivery.known_table, facts["file_id"]))
        return reading

    def count(self, table: Table, file_id: int) -> int | None:
        return pq.read_metadata(self._path(table, file_id)).num_rows

    def publish(self) -> None:
        for table in load_ledger():
            path = self.folder / "ledger" / f"{table.name}.parquet"
            types = [(c.name, _TYPES[c.data_type]) for c in table.columns]
            writer = _Writer(path, types=types)
            columns = ", ".join(name for name, _ in types)
            key = types[0][0]
            rows = self.conn.execute(
                f"select {columns} from {table.name} order by {key}"
            )
            while page := rows.fetchmany(_ROW_GROUP):
                writer.write(page)
            writer.close()

    def close(self) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
        self._sweep()

    def _path(self, table: Table, file_id: object) -> Path:
        return self.folder / table.source / table.name / f"{file_id}.parquet"

    def _part(self, table: Table) -> Path:
        return self._path(table, uuid.uuid4()).with_suffix(".part")

    def _sweep(self) -> None:
        """Remove what a crash, or a delivery that did not land, left behind."""
        try:
            landed = self.conn.execute(
                "select file_id from ingest_files where status = 'landed'"
            )
            named = {"0", *(str(file_id) for (file_id,) in landed)}
        except sqlite3.OperationalError:  # no ledger yet
            return
        for path in self.folder.glob("*/*/*"):
            is_number = path.suffix == ".parquet" and path.stem.isdecimal()
            if (is_number and path.stem not in named) or path.suffix in _UNFINISHED:
                path.unlink()


def write_file(path: Path, columns: list[str], rows: Iterable[tuple[Any, ...]]) -> int:
    """Write the Parquet file of a delivery; return how many rows that is.

    A row has the values of the columns, then its record, line and delivery time.
    """
    writer, count = _Writer(path, columns), 0
    for row in rows:
        writer.write([row], sum(len(v) for v in row if isinstance(v, str)))
        count += 1
    writer.close()
    return count


class _Writer:
    """Writes a Parquet file under another name, and renames it when complete."""

    def __init__(
        self,
        path: Path,
        columns: Iterable[str] = (),
        delivered_at: str | None = None,
        types: list[tuple[str, pa.DataType]] | None = None,
    ) -> None:
        self.schema = pa.schema(types or [(c, pa.string()) for c in columns] + _META)
        self._path = path
        self._draft = path.with_name(f"{path.stem}.draft")
        self._delivered_at = delivered_at
        self._rows: list[Iterable[Any]] = []
        self._size = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = pq.ParquetWriter(self._draft, self.schema, compression="zstd")

    def write(self, rows: Iterable[Any], size: int = 0) -> None:
        self._rows.extend(rows)
        self._size += size
        if len(self._rows) >= _ROW_GROUP or self._size >= _MUCH:
            self._flush()

    def write_columns(self, columns: Iterable[Iterable[Any]]) -> None:
        arrays = [
            pa.array(values, field.type)
            for values, field in zip(columns, self.schema, strict=True)
        ]
        self._file.write_batch(pa.RecordBatch.from_arrays(arrays, schema=self.schema))

    def close(self) -> None:
        self._flush()
        self._file.close()
        with self._draft.open("rb") as written:
            os.fsync(written.fileno())
        self._draft.replace(self._path)

    def _flush(self) -> None:
        if not self._rows:
            return
        columns: list[Iterable[Any]] = list(zip(*self._rows, strict=True))
        if len(columns) < len(self.schema):
            columns.append([self._delivered_at] * len(self._rows))
        self.write_columns(columns)
        self._rows, self._size = [], 0


def _convert(
    delivery: Delivery, part: Path, progress: Progress = lambda done: None
) -> Reading:
    """Write the rows of a delivered file to `part`, its rejects beside it."""
    writers: list[_Writer] = []

    def sink(columns: list[str]) -> Write:
        constants = delivery.known_table.constants
        names = [constant.column for constant in constants]
        values = [constant.of(delivery.name) for constant in constants]
        writer = _Writer(part, [*names, *columns], delivery.delivered_at)
        writers.append(writer)
        if not constants:
            return writer.write
        return lambda rows, size: writer.write(([*values, *row] for row in rows), size)

    def reject(rejects: list[Reject]) -> None:
        with _rejects(part).open("ab") as spool:
            pickle.dump(rejects, spool)

    reading = read(delivery, sink, reject, progress)
    writers[0].close()
    return reading


def _rejects(part: Path) -> Path:
    return part.with_suffix(".rejects")
