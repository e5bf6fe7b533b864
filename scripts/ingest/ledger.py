"""The ledger: every batch, file and reject, in tables made as declared."""

import json
import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from scripts.printable import printable

from . import clock
from .bronze import Bronze
from .containers import BETWEEN
from .database import catalogue, connect_to_look, transaction
from .dating import amendment, date_anew
from .errors import IngestError
from .headers import match
from .inbox import Delivery, dates_in, without_gz
from .readers.base import dumps
from .repairs import Kept, repairs
from .sources import Source, Table, load_ledger

_TYPES = {"text": str, "integer": int}
_COUNTS = (
    "seen_file_count", "landed_file_count", "refused_file_count",
    "skipped_file_count", "record_count", "landed_count", "rejected_count",
    "separator_count",
)  # fmt: skip
FEW = "far fewer records than usual"
"""What a reason begins with that is drawn from other files alone."""
_FEWEST = re.compile(r"had ([\d,]+) at least")
_KEYS = {
    "ingest_batches": "batch_id", "ingest_files": "file_id",
    "ingest_rejects": "reject_id", "run_results": "result_id",
}  # fmt: skip
_AS_JSON = (
    "extra_columns", "known_columns", "missing_columns", "renamed_columns",
    "set_apart", "faults", "notes",
)  # fmt: skip


@dataclass(frozen=True)
class Landed:
    """What the ledger knows of a delivery."""

    file_id: int
    content_hash: str
    archived_as: str | None
    cut_reason: str | None = None
    batch_id: int | None = None


@dataclass(frozen=True)
class Elsewhere:
    """What the ledger knows of a file that landed from another folder."""

    file_id: int
    instance: str
    file_name: str
    archived_as: str | None


class Ledger:
    """The ledger in one open database."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.conn = conn
        self._tables = catalogue(conn)

    @classmethod
    def copy_of(cls, db: Path) -> "Ledger":
        """A ledger in memory with the files known to `db`, for looking ahead."""
        ledger = cls(sqlite3.connect(":memory:", isolation_level=None))
        ledger.create()
        if db.is_dir():
            raise IngestError(f"{db} is a folder, not a database file")
        if not db.exists():
            return ledger
        looked = connect_to_look(db)
        try:
            found = looked.execute("select * from ingest_files")
            names = [name for name, *_ in found.description]
            rows = [dict(zip(names, row, strict=True)) for row in found]
        except sqlite3.OperationalError:  # a database without a ledger yet
            rows = []
        finally:
            looked.close()
        known = ledger._tables.columns("ingest_files")
        for row in rows:
            ledger._insert("ingest_files", {k: row[k] for k in row if k in known})
        return ledger

    # -- tables --------------------------------------------------------------

    def create(self) -> None:
        """Create the ledger, or add the columns it has got since."""
        for table in load_ledger():
            self._create_ledger_table(table)

    def create_bronze(
        self, bronze: Bronze, sources: Iterable[Source], shapes: Iterable[Table] = ()
    ) -> list[str]:
        """Create declared tables and columns; return the names of tables whose
        earlier rows were completed from `_extra`, dated or read anew.

        `shapes` are those of systems, whose files lie in the same tables.
        """
        amended = []
        with transaction(self.conn):
            for source in sources:
                for table in source.tables:
                    for column in bronze.create(table):
                        self._note_missing(table, column)
                    if self._amend(bronze, table) | self._count_anew(table):
                        amended.append(table.identifier)
                amended += date_anew(self.conn, bronze, source.tables, source)
            landed = set(
                self.conn.execute(
                    "select distinct system_name, shape_name from ingest_files "
                    "where system_name is not null and status = 'landed'"
                )
            )
            for shape in shapes:
                if (shape.system, shape.shape) not in landed:
                    continue
                if self._amend(bronze, shape) | self._note_notation(shape):
                    amended.append(shape.identifier)
                amended += date_anew(self.conn, bronze, [shape])
        return list(dict.fromkeys(amended))

    def _note_notation(self, shape: Table) -> bool:
        """Note that a system's values are written otherwise than was declared."""
        changed = self.conn.execute(
            """
            update ingest_files
            set notation = ?, amended_at = ?
            where
                status = 'landed' and system_name = ? and shape_name = ?
                and notation is not ?
            """,
            (
                shape.notation_json,
                amendment(self.conn),
                shape.system,
                shape.shape,
                shape.notation_json,
            ),
        )
        return changed.rowcount > 0

    def _count_anew(self, table: Table) -> bool:
        """Take files as whole that have records enough by the `cut_below` of today."""
        files = self.conn.execute(
            """
            select file_id, record_count, cut_reason from ingest_files
            where
                status = 'landed' and source_name = ? and table_name = ?
                and substr(cut_reason, 1, ?) = ?
            """,
            (table.source, table.name, len(FEW), FEW),
        ).fetchall()
        is_any = False
        for file_id, count, reason in files:
            usual = _FEWEST.search(reason)
            fewest = int(usual[1].replace(",", "")) if usual else 0
            if table.registers or count < table.cut_below * fewest:
                continue
            self._update(
                "ingest_files",
                file_id,
                cut_reason=None,
                amended_at=amendment(self.conn),
            )
            is_any = True
        return is_any

    def _create_ledger_table(self, table: Table) -> None:
        types = {column.name: _TYPES[column.data_type] for column in table.columns}
        if made := self._tables.columns(table.name):
            for name in types.keys() - set(made):
                self._tables.add_column(table.name, name, types[name])
                if name == "name_dates":
                    self._date_names()
            return
        (key,) = [column.name for column in table.columns if column.primary_key]
        self._tables.create(
            table.name,
            types,
            key,
            [column.name for column in table.columns if column.required],
            [
                (column.name, column.references)
                for column in table.columns
                if column.references
            ],
            is_issued=True,
        )
        for column in table.columns:
            if column.index:
                self._tables.index(table.name, column.name)

    def _date_names(self) -> None:
        """Files of a database that is older than the column."""
        files = self.conn.execute("select file_id, file_name from ingest_files")
        for file_id, name in files.fetchall():
            self._update("ingest_files", file_id, name_dates=dates_in(name))

    def _note_missing(self, table: Table, column: str) -> None:
        """Files landed before a column was declared do not have it."""
        files = self.conn.execute(
            """
            select file_id, missing_columns from ingest_files
            where status = 'landed' and source_name = ? and table_name = ?
            """,
            (table.source, table.name),
        ).fetchall()
        for file_id, known in files:
            missing = json.loads(known or "[]")
            if column not in missing:
                self._update(
                    "ingest_files", file_id, missing_columns=_json([*missing, column])
                )

    # -- columns and aliases declared later --------------------------------------

    def _amend(self, bronze: Bronze, table: Table) -> bool:
        """Complete rows of earlier files with what `_extra` kept for them."""
        amended = False
        files = self.conn.execute(
            """
            select
                file_id, extra_columns, known_columns, missing_columns,
                renamed_columns
            from ingest_files
            where
                status = 'landed' and source_name = ? and table_name = ?
                and system_name is ? and shape_name is ?
                and coalesce(extra_columns, known_columns) is not null
            """,
            (table.source, table.name, table.system, table.shape),
        ).fetchall()
        for file_id, *facts in files:
            extras, known, missing, renamed = (json.loads(f or "{}") for f in facts)
            kept = [*extras, *known]
            columns = [column for column in table.columns if column.name in missing]
            found = match(kept, columns)
            left, usual = table.sorted_extras(kept[at] for at in found.extras.values())
            lists = {"extra_columns": _json(left), "known_columns": _json(usual)}
            if not found.columns:
                if set(left) != set(extras):
                    self._update("ingest_files", file_id, **lists)
                continue
            bronze.complete(
                table, file_id, {name: kept[at] for name, at in found.columns.items()}
            )
            self._update(
                "ingest_files",
                file_id,
                **lists,
                missing_columns=_json([m for m in missing if m not in found.columns]),
                renamed_columns=_json({**renamed, **found.renamed}),
                amended_at=amendment(self.conn),
            )
            amended = True
        return amended

    # -- batches -------------------------------------------------------------

    def open_batch(self) -> int:
        """Open a batch; one that was left open was killed."""
        self.conn.execute(
            "update ingest_batches set status = 'interrupted' where status = 'running'"
        )
        row = {"started_at": clock.now(), "status": "running"}
        return self._insert("ingest_batches", row)

    def close_batch(self, batch_id: int, status: str, counts: dict[str, int]) -> None:
        """Close a batch with its counts."""
        facts = {name: counts.get(name, 0) for name in _COUNTS}
        self._update(
            "ingest_batches", batch_id, finished_at=clock.now(), status=status, **facts
        )

    # -- files ---------------------------------------------------------------

    def add_file(self, **facts: Any) -> int:
        """Add a file; its number is issued by the open transaction."""
        counts = dict.fromkeys(_COUNTS[4:], 0)
        return self._insert("ingest_files", {**counts, **facts})

    def update_file(self, file_id: int, **facts: Any) -> None:
        """Change facts of a file; lists and objects are kept as JSON."""
        for name in _AS_JSON:
            if name in facts:
                facts[name] = _json(facts[name])
        self._update("ingest_files", file_id, **facts)

    def latest_landed(self, table: Table, delivery: Delivery) -> Landed | None:
        """The newest landed delivery of this file and delivery time."""
        name = without_gz(delivery.listed_name)
        by_column = table.delivery_column is not None  # known by content alone
        row = self.conn.execute(
            """
            select file_id, content_hash, archived_as, cut_reason, batch_id
            from ingest_files
            where
                status = 'landed' and source_name = ? and table_name = ?
                and coalesce(instance_name, source_name) = ?
                and file_name in (?, ? || '.gz') and (delivered_at is ? or ?)
            order by file_id desc
            limit 1
            """,
            (
                *(table.source, table.name, delivery.instance),
                *(name, name, delivery.delivered_at, by_column),
            ),
        ).fetchone()
        return row and Landed(*row)

    def landed_elsewhere(
        self, delivery: Delivery, content_hash: str
    ) -> Elsewhere | None:
        """The first landed file of another folder that is this export, byte for byte.

        One export is of one account: in two folders it would be two accounts with the
        same records.
        """
        table = delivery.table
        if not table:
            return None
        row = self.conn.execute(
            """
            select
                file_id, coalesce(instance_name, source_name), file_name, archived_as
            from ingest_files
            where
                content_hash = ? and status = 'landed' and landed_count > 0
                and source_name = ? and table_name = ?
                and system_name is ? and shape_name is ?
                and coalesce(instance_name, source_name) <> ?
            order by file_id
            limit 1
            """,
            (
                *(content_hash, table.source, table.name),
                *(table.system, table.shape, delivery.instance),
            ),
        ).fetchone()
        return row and Elsewhere(*row)

    def latest_member(self, table: Table, delivery: Delivery) -> Landed | None:
        """The newest landed member of this name, whatever ZIP file it came in."""
        row = self.conn.execute(
            """
            select file_id, content_hash, archived_as, cut_reason, batch_id
            from ingest_files
            where
                status = 'landed' and source_name = ? and table_name = ?
                and coalesce(instance_name, source_name) = ?
                and system_name is ? and shape_name is ?
                and instr(file_name, ?) > 0
                and substr(file_name, instr(file_name, ?)) = ?
            order by file_id desc
            limit 1
            """,
            (
                *(table.source, table.name, delivery.instance),
                *(table.system, table.shape),
                *(BETWEEN, BETWEEN, printable(delivery.part)),
            ),
        ).fetchone()
        return row and Landed(*row)

    def latest_position(
        self, source: str, table: str, prefix: str
    ) -> tuple[int, str] | None:
        """Number and position of the page of a feed that landed last."""
        return self.conn.execute(
            """
            select file_id, position
            from ingest_files
            where
                status = 'landed' and source_name = ? and table_name = ?
                and substr(file_name, 1, length(?)) = ? and position is not null
            order by file_id desc
            limit 1
            """,
            (source, table, prefix, prefix),
        ).fetchone()

    def latest_counts(self, source: str, table: str, prefix: str) -> dict[str, int]:
        """Landed files whose names begin so → records in the newest of the name."""
        return dict(
            self.conn.execute(
                """
                select file_name, record_count
                from ingest_files
                where
                    status = 'landed' and source_name = ? and table_name = ?
                    and substr(file_name, 1, length(?)) = ?
                order by file_id
                """,
                (source, table, prefix, prefix),
            )
        )

    def usual_counts(self, table: Table, delivery: Delivery, files: int) -> list[int]:
        """Records of the newest files whose names differ in digits alone.

        Those that were cut while they were written are left out.
        """
        kind = _kind(delivery.listed_name)
        rows = self.conn.execute(
            """
            select file_name, record_count
            from ingest_files
            where
                status = 'landed' and source_name = ? and table_name = ?
                and coalesce(instance_name, source_name) = ?
                and (cut_reason is null or cut_reason like ? || '%')
            order by file_id desc
            limit 1000
            """,
            (table.source, table.name, delivery.instance, FEW),
        )
        alike = (count for name, count in rows if _kind(name) == kind)
        return list(islice(alike, files))

    def same_refusal(
        self, delivery: Delivery, content_hash: str | None, reason: str
    ) -> int | None:
        """The number of the newest entry of a file, if it is this refusal."""
        row = self.conn.execute(
            """
            select file_id, status, content_hash, reason
            from ingest_files
            where coalesce(instance_name, source_name) is ? and file_name = ?
            order by file_id desc
            limit 1
            """,
            (delivery.instance, delivery.listed_name),
        ).fetchone()
        same = row and row[1:] == ("refused", content_hash, reason)
        return row[0] if same else None

    def note_repairs(self) -> None:
        """Note which files were repaired: another landed in their place.

        Of those refused, and of those that were cut and have come whole since.
        """
        facts = "file_id, coalesce(instance_name, source_name), file_name, content_hash"
        for broken, good in (
            ("status = 'refused'", "status = 'landed'"),
            (
                "status = 'landed' and cut_reason is not null",
                "status = 'landed' and cut_reason is null",
            ),
        ):
            lacking = self.conn.execute(
                f"select {facts} from ingest_files"
                f" where {broken} and repaired_by is null"
            ).fetchall()
            if not lacking:
                continue
            landed = self.conn.execute(
                f"select {facts} from ingest_files where {good} order by file_id"
            )
            found = repairs(map(Kept._make, lacking), map(Kept._make, landed))
            for file_id, by in found.items():
                self._update("ingest_files", file_id, repaired_by=by)

    def newest_files(self) -> dict[tuple[str, str], str]:
        """When the newest landed file of each source table was read."""
        rows = self.conn.execute(
            """
            select source_name, table_name, max(loaded_at)
            from ingest_files where status = 'landed'
            group by source_name, table_name
            """
        )
        return {(source, table): at for source, table, at in rows}

    # -- builds --------------------------------------------------------------

    def add_results(self, run: dict[str, Any], rows: Iterable[dict[str, Any]]) -> int:
        """Add what became of each node of a build; return its number."""
        (run_id,), (batch_id,) = (
            self.conn.execute(sql).fetchone()
            for sql in (
                "select coalesce(max(run_id), 0) + 1 from run_results",
                "select max(batch_id) from ingest_batches",
            )
        )
        for row in rows:
            facts = {"run_id": run_id, "batch_id": batch_id, **run, **row}
            self._insert("run_results", facts)
        return run_id

    # -- rejects -------------------------------------------------------------

    def add_rejects(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Add rejects: file, record, first line, last line, reason, raw text."""
        names = ["file_id", "record", "first_line", "last_line", "reason", "raw_text"]
        self._tables.insert_all("ingest_rejects", _KEYS["ingest_rejects"], names, rows)

    def _insert(self, table: str, row: dict[str, Any]) -> int:
        return self._tables.insert(table, _KEYS[table], row)

    def _update(self, table: str, key: int, **facts: Any) -> None:
        sets = ", ".join(f"{name} = ?" for name in facts)
        sql = f"update {table} set {sets} where {_KEYS[table]} = ?"
        self.conn.execute(sql, [*facts.values(), key])


def _kind(file_name: str) -> str:
    """What the names of one kind of file have in common."""
    return re.sub(r"\d+", "0", without_gz(file_name))


def _json(value: Any) -> str | None:
    return dumps(value) if value else None
