"""Write marts as Parquet files: `python -m scripts.export [DEST]`.

    <DEST>/manifest.json                 names the folder that counts, and its files
    <DEST>/<export>/<mart>/<column>=<value>/…/part-0.parquet

A mart is exported if its YAML has `export_by`: the columns its files are sorted
into. Every export is a new folder, and counts once the manifest, which is written
last and in one step, names it; a reader who starts from there never sees half of
one. The export before stays for those who are still reading it. A place belongs to
one database, which the manifest names.
"""

from __future__ import annotations

import json
import re
import sys
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, nullcontext, suppress
from datetime import date
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import fs

from scripts import settings
from scripts.arguments import place
from scripts.command import CommandError, Parser, command, fail
from scripts.ingest import clock, lock
from scripts.ingest.database import connect
from scripts.remote import (
    ChangedError,
    filesystem,
    plain,
    read,
    replace,
    store_errors,
    synced,
)
from scripts.warehouse import Warehouse, opened
from scripts.yaml_text import read_yaml

MANIFEST = "manifest.json"
NOTHING = "__HIVE_DEFAULT_PARTITION__"
"""What Hive calls the folder of rows without a value."""
HASHED = "__sha256__"
"""What begins the folder of a value that goes by its hash."""
LONGEST = 200
"""Characters of a folder's value; file systems take names of 255 bytes."""
READERS = 8
ROWS = 32_768
_EXPORT = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")
_TYPES = {
    "text": pa.string(),
    "bigint": pa.int64(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.string(),
}
_READ: dict[str, Callable[[Any], Any]] = {"boolean": bool, "date": date.fromisoformat}
"""How the text and numbers of the warehouse become values of Parquet."""

Columns = dict[str, str]
"""Logical types by the names of columns."""


class ExportError(CommandError):
    """An export that does not count; the one before it does."""


def marts(
    folder: Path = settings.PROJECT / "models" / "marts",
) -> Iterator[dict[str, Any]]:
    """Return the declarations of all marts that are exported."""
    for path in sorted(folder.glob("*/*.yml")):
        for model in read_yaml(path.read_text(encoding="utf-8")).get("models", []):
            if model.get("config", {}).get("meta", {}).get("export_by"):
                yield model


def export(
    chosen: settings.Settings, destination: str, take_over: bool = False
) -> dict[str, Any]:
    """Write all exported marts below a folder or URL; return the manifest.

    `take_over`: in the place of another database's exports. Raises QueryError if
    there is no warehouse, RemoteError, ExportError or OSError if the destination
    cannot be written, IngestError while a run is at work.
    """
    with opened(chosen):  # before a folder is made for nothing
        pass
    files, root = filesystem(destination)
    moment = clock.now()
    name = f"{re.sub('[-:]|[.].*', '', moment)}Z-{uuid.uuid4().hex[:8]}"
    place = f"{root}/{MANIFEST}"
    alone = lock(Path(place)) if _is_local(files) else nullcontext()
    with opened(chosen) as warehouse, lock(chosen.database), alone:
        found = read(files, place)
        before = _known(found[0])
        ours = _database_id(chosen.ledger)
        owner = (before or {}).get("database", ours)
        if owner != ours and not take_over:
            raise ExportError(
                f"{destination} holds the exports of another database ({owner}): "
                "name another place, or take this one over by --take-over"
            )
        tables: dict[str, Any] = {}
        manifest = {
            "exported_at": moment, "database": ours, "folder": name, "tables": tables
        }  # fmt: skip
        try:
            for model in marts():
                folder = f"{root}/{name}/{model['name']}"
                facts = _table(warehouse, model, files, folder)
                _check(warehouse, model["name"], facts, files, folder)
                tables[model["name"]] = facts
            if not any(facts["row_count"] for facts in tables.values()):
                names = ", ".join(tables)
                raise ExportError(f"nothing to export: {names} have no rows")
            _switch(files, place, manifest, found)
        except BaseException:
            with suppress(OSError):
                files.delete_dir(f"{root}/{name}")
            raise
        if before is None:
            print(f"export: {MANIFEST} was damaged, and is replaced", file=sys.stderr)
        else:  # else nobody knows which one is being read
            _sweep(files, root, {name, before.get("folder")})
    return manifest


def _database_id(ledger: Path) -> str:
    """What identifies a database among others that export, made at its first export."""
    with closing(connect(ledger)) as conn:
        conn.execute(
            "create table if not exists _database (database_id text not null) strict"
        )
        conn.execute(
            "insert into _database select ? where not exists (select 1 from _database)",
            [str(uuid.uuid4())],
        )
        return conn.execute("select database_id from _database").fetchone()[0]


def _table(
    warehouse: Warehouse, model: dict[str, Any], files: fs.FileSystem, folder: str
) -> dict[str, Any]:
    """Write one mart; return what the manifest says of it."""
    columns = {column["name"]: column["data_type"] for column in model["columns"]}
    by = model["config"]["meta"]["export_by"]
    inside = {name: kind for name, kind in columns.items() if name not in by}
    order = ", ".join(str(n + 1) for n in range(len(by)))
    rows = warehouse.batches(
        f"select {', '.join([*by, *inside])} from {model['name']} order by {order}",
        ROWS,
    )
    flat = (row for batch in rows for row in batch)
    written, names = [], [_Names(name) for name in by]
    for key, group in groupby(flat, lambda row: row[: len(by)]):
        place = "/".join(part.of(value) for part, value in zip(names, key, strict=True))
        if _is_local(files):  # in a bucket it would make the bucket, too
            files.create_dir(f"{folder}/{place}")
        path = f"{place}/part-0.parquet"
        found = (row[len(by) :] for row in group)
        count = _write(files, f"{folder}/{path}", inside, found)
        values = dict(zip(by, key, strict=True))
        written.append({"path": path, "row_count": count, "values": values})
    return {
        "partitioned_by": by,
        "columns": columns,
        "row_count": sum(file["row_count"] for file in written),
        "files": written,
    }


def _write(
    files: fs.FileSystem, path: str, columns: Columns, rows: Iterable[tuple[Any, ...]]
) -> int:
    schema = pa.schema([(name, _TYPES[kind]) for name, kind in columns.items()])
    count = 0
    with (
        files.open_output_stream(path) as stream,
        pq.ParquetWriter(stream, schema, compression="zstd") as writer,
    ):
        batch: list[tuple[Any, ...]] = []
        for row in rows:
            batch.append(row)
            if len(batch) == ROWS:
                writer.write_table(_arrow(batch, schema, columns))
                count += len(batch)
                batch = []
        if batch:
            writer.write_table(_arrow(batch, schema, columns))
    if _is_local(files):
        synced(Path(path))
    return count + len(batch)


def _arrow(
    rows: list[tuple[Any, ...]], schema: pa.Schema, columns: Columns
) -> pa.Table:
    arrays = []
    for values, kind, field in zip(
        zip(*rows, strict=True), columns.values(), schema, strict=True
    ):
        made: Iterable[Any] = values
        if read := _READ.get(kind):
            made = [None if value is None else read(value) for value in values]
        arrays.append(pa.array(made, field.type))
    return pa.Table.from_arrays(arrays, schema=schema)


class _Names:
    """Folders for the values of one column, each for one value alone.

    A value is percent-encoded. One that would be too long so, that begins as the
    names of ours do, or whose folder some file systems take for another one's
    (`a` and `A`) goes by its hash; the manifest gives the values themselves.
    """

    def __init__(self, column: str) -> None:
        self._column = column
        self._taken: dict[str, object] = {}

    def of(self, value: object) -> str:
        """The folder of a value."""
        text = NOTHING if value is None else quote(str(value), safe="")
        is_ours = value is not None and text.startswith("__")
        folded = text.casefold()
        is_taken = self._taken.setdefault(folded, value) != value
        if value == "" or is_ours or is_taken or len(text) > LONGEST:
            text = f"{HASHED}{sha256(str(value).encode()).hexdigest()}"
        return f"{self._column}={text}"


def _check(
    warehouse: Warehouse,
    mart: str,
    facts: dict[str, Any],
    files: fs.FileSystem,
    folder: str,
) -> None:
    """Raise ExportError if the files do not hold the rows of the mart."""
    paths = [file["path"] for file in facts["files"]]
    with ThreadPoolExecutor(READERS) as pool:
        counts = list(pool.map(lambda p: _rows(files, f"{folder}/{p}"), paths))
    for file, count in zip(facts["files"], counts, strict=True):
        if count != file["row_count"]:
            wanted = f"{file['row_count']:,}"
            raise ExportError(f"{mart}/{file['path']}: {count:,} rows, not {wanted}")
    ((count,),) = warehouse.rows(f"select count(*) from {mart}")
    if not count == facts["row_count"] or len(set(paths)) < len(paths):
        raise ExportError(f"{mart}: {facts['row_count']:,} rows written of {count:,}")


def _rows(files: fs.FileSystem, path: str) -> int:
    """The rows of a file, read back from it."""
    try:
        with files.open_input_file(path) as file:
            return pq.read_metadata(file).num_rows
    except pa.ArrowInvalid as error:
        raise ExportError(f"{path} cannot be read back: {error}") from None


def _known(content: bytes | None) -> dict[str, Any] | None:
    """The manifest before; empty if there is none, None if it is damaged."""
    if content is None:
        return {}
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not isinstance(found.get("folder"), str):
        return None
    return found if isinstance(found.get("database", ""), str) else None


def _switch(
    files: fs.FileSystem,
    path: str,
    manifest: dict[str, Any],
    before: tuple[bytes | None, Any],
) -> None:
    """Put the manifest into its place: it is there whole or not at all."""
    try:
        replace(files, path, json.dumps(manifest, indent=1).encode(), before)
    except ChangedError:
        raise ExportError(f"{path}: another export came in between") from None


def _is_local(files: fs.FileSystem) -> bool:
    return isinstance(files, fs.LocalFileSystem)


def _sweep(files: fs.FileSystem, root: str, kept: set[str | None]) -> None:
    """Remove exports of long ago, and what killed ones have left."""
    for found in files.get_file_info(fs.FileSelector(root)):
        name = found.path.rstrip("/").rpartition("/")[2]
        if _EXPORT.fullmatch(name) and name not in kept:
            files.delete_dir(found.path)


@command("export")
def main(arguments: list[str] | None = None) -> int:
    """Export; return the exit code."""
    parser = Parser(
        prog="python -m scripts.export",
        description="Write the sales and their marts as Parquet files.",
    )
    parser.add_argument(
        "destination",
        nargs="?",
        type=place,
        metavar="DEST",
        help="folder or S3 URL to write to (default: data/export)",
    )
    parser.add_argument(
        "--take-over",
        action="store_true",
        help="write to a place that holds the exports of another database",
    )
    settings.add_options(parser)
    options = parser.parse_args(arguments)
    chosen = settings.load(options.target, options.db, existing=True)
    destination = options.destination or str(chosen.data / "export")
    try:
        manifest = export(chosen, destination, options.take_over)
    except store_errors() as error:  # of a store, which names no file
        return fail("export", plain(error, destination), 3)
    for table, facts in manifest["tables"].items():
        print(f"{facts['row_count']:>12,}  {table}  ({len(facts['files'])} files)")
    print(f"{destination}/{MANIFEST} names {manifest['folder']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
