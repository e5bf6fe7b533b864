"""Write marts as Parquet files: `python -m scripts.export [DEST]`.

    <DEST>/manifest.json                 names the folder that counts
    <DEST>/<export>/<mart>/<column>=<value>/…/part-0.parquet

A mart is exported if its YAML has `export_by`: the columns its files are sorted
into. Every export is a new folder, and counts once the manifest, which is written
last and in one step, names it; a reader who starts from there never sees half of
one. The export before stays for those who are still reading it.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
import yaml
from pyarrow import fs

from scripts import settings
from scripts.command import command, fail
from scripts.ingest import clock, lock
from scripts.remote import filesystem, plain
from scripts.warehouse import Warehouse, opened

MANIFEST = "manifest.json"
NOTHING = "__HIVE_DEFAULT_PARTITION__"
"""What Hive calls the folder of rows without a value."""
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
_READ = {"boolean": bool, "date": date.fromisoformat}
"""How the text and numbers of the warehouse become values of Parquet."""

Columns = dict[str, str]
"""Logical types by the names of columns."""


def marts(folder: Path = settings.PROJECT / "models" / "marts") -> Iterator[dict]:
    """Return the declarations of all marts that are exported."""
    for path in sorted(folder.glob("*/*.yml")):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", []):
            if model.get("config", {}).get("meta", {}).get("export_by"):
                yield model


def export(chosen: settings.Settings, destination: str) -> dict[str, Any]:
    """Write all exported marts below a folder or URL; return the manifest.

    Raises QueryError if there is no warehouse, RemoteError or OSError if the
    destination cannot be written, IngestError while a run is at work.
    """
    files, root = filesystem(destination)
    moment = clock.now()
    name = f"{re.sub('[-:]|[.].*', '', moment)}Z-{uuid.uuid4().hex[:8]}"
    before = _manifest(files, root)
    manifest = {"exported_at": moment, "folder": name, "tables": {}}
    with opened(chosen) as warehouse, lock(chosen.database):
        try:
            for model in marts():
                folder = f"{root}/{name}/{model['name']}"
                manifest["tables"][model["name"]] = _table(
                    warehouse, model, files, folder
                )
            _switch(files, f"{root}/{MANIFEST}", manifest)
        except BaseException:
            with suppress(OSError):
                files.delete_dir(f"{root}/{name}")
            raise
    _sweep(files, root, {name, before.get("folder")})
    return manifest


def _table(
    warehouse: Warehouse, model: dict, files: fs.FileSystem, folder: str
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
    written = []
    for key, group in groupby(flat, lambda row: row[: len(by)]):
        place = "/".join(
            f"{name}={_shown(value)}" for name, value in zip(by, key, strict=True)
        )
        if _is_local(files):  # in a bucket it would make the bucket, too
            files.create_dir(f"{folder}/{place}")
        path = f"{place}/part-0.parquet"
        found = (row[len(by) :] for row in group)
        count = _write(files, f"{folder}/{path}", inside, found)
        written.append({"path": path, "row_count": count})
    return {
        "partitioned_by": by,
        "columns": columns,
        "row_count": sum(file["row_count"] for file in written),
        "files": written,
    }


def _write(
    files: fs.FileSystem, path: str, columns: Columns, rows: Iterable[tuple]
) -> int:
    schema = pa.schema([(name, _TYPES[kind]) for name, kind in columns.items()])
    count = 0
    with (
        files.open_output_stream(path) as stream,
        pq.ParquetWriter(stream, schema, compression="zstd") as writer,
    ):
        batch: list[tuple] = []
        for row in rows:
            batch.append(row)
            if len(batch) == ROWS:
                writer.write_table(_arrow(batch, schema, columns))
                count += len(batch)
                batch = []
        if batch:
            writer.write_table(_arrow(batch, schema, columns))
    return count + len(batch)


def _arrow(rows: list[tuple], schema: pa.Schema, columns: Columns) -> pa.Table:
    arrays = []
    for values, kind, field in zip(
        zip(*rows, strict=True), columns.values(), schema, strict=True
    ):
        if read := _READ.get(kind):
            values = [None if value is None else read(value) for value in values]
        arrays.append(pa.array(values, field.type))
    return pa.Table.from_arrays(arrays, schema=schema)


def _shown(value: object) -> str:
    return NOTHING if value is None else quote(str(value), safe="")


def _manifest(files: fs.FileSystem, root: str) -> dict[str, Any]:
    try:
        with files.open_input_stream(f"{root}/{MANIFEST}") as stream:
            return json.loads(stream.read())
    except FileNotFoundError:
        return {}


def _switch(files: fs.FileSystem, path: str, manifest: dict[str, Any]) -> None:
    """Put the manifest into its place: an object is there whole or not at all."""
    draft = f"{path}.part" if _is_local(files) else path
    with files.open_output_stream(draft) as stream:
        stream.write(json.dumps(manifest, indent=1).encode())
    if draft != path:
        files.move(draft, path)


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
    parser = argparse.ArgumentParser(
        prog="python -m scripts.export",
        description="Write the sales and their marts as Parquet files.",
    )
    parser.add_argument(
        "destination",
        nargs="?",
        metavar="DEST",
        help="folder or S3 URL to write to (default: data/export)",
    )
    settings.add_options(parser)
    options = parser.parse_args(arguments)
    chosen = settings.load(options.target, options.db, existing=True)
    destination = options.destination or str(chosen.data / "export")
    try:
        manifest = export(chosen, destination)
    except OSError as error:  # of a store, which names no file
        return fail("export", plain(error, destination), 3)
    for table, facts in manifest["tables"].items():
        print(f"{facts['row_count']:>12,}  {table}  ({len(facts['files'])} files)")
    print(f"{destination}/{MANIFEST} names {manifest['folder']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
