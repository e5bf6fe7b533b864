"""Delivered rows: views over the Parquet files that the ledger names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dbt.adapters.spark_strict import dialect, names
from dbt.adapters.spark_strict.sizes import Sizes

META = ("_record", "_line", "_delivered_at")


def show(session: Any, name: str, folder: str, files: Sequence[Sequence[Any]]) -> None:
    """Make a temporary view: number, batch, time of loading and rows of each file.

    Rows are numbered in the order of files and, within a file, of records: as they are
    in an SQLite warehouse that got the same deliveries.
    """
    paths = [f"{folder}/{number}.parquet" for number in (0, *(f[0] for f in files))]
    # the first one has no rows, and each declared column
    schema = session.read.parquet(paths[0]).schema
    frame = session.read.schema(schema).parquet(*paths)
    rest = [f"`{column}`" for column in frame.columns if column not in META]
    # one task reads what is small: then rows are not sorted out among several
    is_small = Sizes.is_small(frame)
    frame = frame.selectExpr(
        "*",
        "split_part(_metadata.file_name, '.', 1) as _number",
        "_metadata.row_index as _place",
    )
    frame = frame.coalesce(1) if is_small else frame
    frame.createOrReplaceTempView(f"{name}__files")
    first = 1
    known = []
    for number, batch, loaded_at, count in files:
        known.append(f"('{number}', {number}L, {batch}L, '{loaded_at}', {first}L)")
        first += count
    known = known or ["('', 0L, 0L, '', 0L)"]
    dialect.TEMPORARY.add(name)
    session.sql(
        names.ours(f"""
        create or replace temporary view {name} as
        select
            files.first_row + rows._place as _row_id,
            files.file_id as _file_id,
            rows._record,
            rows._line,
            files.batch_id as _batch_id,
            files.loaded_at as _loaded_at,
            rows._delivered_at,
            {", ".join(f"rows.{column}" for column in rest)}
        from {name}__files as rows
        inner join (
            select {"/*+ coalesce(1) */" if is_small else ""} *
            from values {", ".join(known)}
            as known (number, file_id, batch_id, loaded_at, first_row)
        ) as files
            on rows._number = files.number
        """)
    )


def show_ledger(session: Any, name: str, path: str) -> None:
    """Make a temporary view of a table of the ledger, in one part."""
    session.read.parquet(path).coalesce(1).createOrReplaceTempView(name)
    dialect.TEMPORARY.add(name)
