"""A lake, copied into SQLite tables: what a test sees of it is what bronze is."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq

LEDGER = ("ingest_batches", "ingest_files", "ingest_rejects")


def mirror(lake: Path, db: Path) -> None:
    """Write ledger and bronze of the lake to `db`, as ingestion into SQLite would.

    Rows are numbered by the files that the ledger names, in their order; a file
    that it does not name, or names and is not there, shows itself.
    """
    db.unlink(missing_ok=True)
    with closing(sqlite3.connect(db)) as conn:
        conn.execute("attach ? as lake", (str(lake / "ledger.db"),))
        for (sql,) in conn.execute(
            "select sql from lake.sqlite_master where sql is not null"
            " and name not like 'sqlite_%'"
        ).fetchall():
            conn.execute(sql)
        for table in LEDGER:
            conn.execute(f"insert into {table} select * from lake.{table}")
            published = pq.read_table(lake / "ledger" / f"{table}.parquet").to_pylist()
            rows = conn.execute(f"select * from {table} order by 1")
            names = [column[0] for column in rows.description]
            assert published == [dict(zip(names, row, strict=True)) for row in rows]
        for folder in sorted(lake.glob("*/*/")):
            if folder.parent.name == "ledger":
                continue
            _copy(conn, folder)
        conn.commit()


def _copy(conn: sqlite3.Connection, folder: Path) -> None:
    source, table = folder.parent.name, folder.name
    schema = [n for n in pq.read_schema(folder / "0.parquet").names if n[0] != "_"]
    columns = [
        *("_row_id", "_file_id", "_record", "_line", "_batch_id", "_loaded_at"),
        *("_delivered_at", *schema, "_extra"),
    ]
    name = f'"bronze_{source}__{table}"'
    quoted = ", ".join(f'"{column}"' for column in columns)
    conn.execute(f"create table {name} ({quoted})")
    files = conn.execute(
        "select file_id, batch_id, loaded_at from ingest_files"
        " where status = 'landed' and source_name = ? and table_name = ?"
        " order by file_id",
        (source, table),
    ).fetchall()
    found = {p.name for p in folder.iterdir()}
    assert found == {"0.parquet", *(f"{file_id}.parquet" for file_id, *_ in files)}
    number = 0
    for file_id, batch_id, loaded_at in files:
        for row in pq.read_table(folder / f"{file_id}.parquet").to_pylist():
            number += 1
            row |= {"_row_id": number, "_file_id": file_id, "_batch_id": batch_id}
            row["_loaded_at"] = loaded_at
            conn.execute(
                f"insert into {name} values ({', '.join('?' * len(columns))})",
                [row.get(column) for column in columns],
            )
