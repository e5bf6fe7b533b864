"""Delivery times of landed files, brought to what the declaration says now.

The ledger keeps by which rule the time of each file was found. Where that is
another than today's, the file is dated anew, and what was built from it follows.
"""

import sqlite3
from collections.abc import Iterable
from pathlib import PurePosixPath

from . import clock
from .bronze import Bronze
from .containers import BETWEEN
from .inbox import named_time, takes
from .sources import Source, Table
from .times import utc_text


def date_anew(
    conn: sqlite3.Connection,
    bronze: Bronze,
    tables: Iterable[Table],
    source: Source | None = None,
) -> list[str]:
    """Date the files of a source's tables, or of systems, whose rule has changed.

    Returns the names of the tables in which they are.
    """
    asked = {feed.name for feed in source.feeds} if source else set()
    changed = []
    for table in tables:
        files = conn.execute(
            """
            select file_id, file_name, delivered_at, dated_by
            from ingest_files
            where
                status = 'landed' and source_name = ? and table_name = ?
                and system_name is ? and shape_name is ?
            """,
            (table.source, table.name, table.system, table.shape),
        ).fetchall()
        for file_id, file_name, known, rule in files:
            folder, _, rest = file_name.partition("/")
            shape = _shape(table, file_name)
            if shape is None or shape.dating == rule or (rest and folder in asked):
                continue
            time, is_same = _dated(bronze, shape, file_id, file_name, known)
            conn.execute(
                """
                update ingest_files
                set
                    delivered_at = ?,
                    dated_by = ?,
                    amended_at = case when ? then amended_at else ? end
                where file_id = ?
                """,
                (time, shape.dating, is_same, amendment(conn), file_id),
            )
            if not is_same and table.identifier not in changed:
                changed.append(table.identifier)
    return changed


def amendment(conn: sqlite3.Connection) -> str:
    """A time for `amended_at` that no file has: by it builds see what is amended."""
    (newest,) = conn.execute("select max(amended_at) from ingest_files").fetchone()
    return clock.later_than(newest)


def _dated(
    bronze: Bronze, shape: Table, file_id: int, file_name: str, known: str | None
) -> tuple[str | None, bool]:
    """The delivery time of a file by its rule, and whether it was that before."""
    column = shape.delivery_column
    if column:

        def read(text: str | None) -> str | None:
            if not text:
                return None
            return utc_text(text, shape.time_zone, shape.date_order)

        return bronze.date(shape, file_id, column, read), False
    time = None
    if shape.delivery_patterns:
        time = named_time(_bare(file_name), shape) or named_time(file_name, shape)
    bronze.date(shape, file_id, None, lambda text: time)
    return time, time == known


def _shape(table: Table, file_name: str) -> Table | None:
    """What a file was matched with; None if nothing takes its name any more."""
    if not table.registers:
        return table
    stem = PurePosixPath(_bare(file_name)).stem
    shapes = [shape for shape in table.registers if takes(shape, stem)]
    return shapes[0] if len(shapes) == 1 else None


def _bare(file_name: str) -> str:
    name = PurePosixPath(file_name.rpartition(BETWEEN)[2]).name
    return name[:-3] if name.lower().endswith(".gz") else name
