"""A small declared source to land files in, and a way to look at the result."""

import io
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from scripts.ingest import Summary, ingest, memory
from scripts.ingest.files import Content
from scripts.ingest.readers import Reject, open_reader
from scripts.ingest.sources import Table, load_sources
from scripts.settings import PROJECT

from .lakeside import mirror

DECLARATION = """
sources:
  - name: shop
    tables:
      - name: sales
        identifier: bronze_shop__sales
        config: {meta: {files: sales*}}
        columns:
          - {name: id, config: {meta: {required: true, aliases: [sale_id]}}}
          - {name: amount, config: {meta: {aliases: [value, total]}}}
          - {name: note}
      - name: days
        identifier: bronze_shop__days
        config:
          meta:
            files: day*
            time_zone: '+02:00'
            delivery_time:
              file_name: '(?P<year>\\d{4})-(?P<month>\\d\\d)-(?P<day>\\d\\d)'
        columns: [{name: id}]
      - name: stamped
        identifier: bronze_shop__stamped
        config:
          meta: {files: stamped*, date_order: mdy, delivery_time: {column: at}}
        columns: [{name: id}, {name: at}]
      - name: numbered
        identifier: bronze_shop__numbered
        config:
          meta:
            files: list*
            delivery_time:
              file_name: ['(?P<date>\\d{4}-\\d\\d-\\d\\d)', '(?P<number>\\d+)']
              first_day: '2024-02-28'
        columns: [{name: id}]
      - name: marked
        identifier: bronze_shop__marked
        config: {meta: {files: marked*, separator_rows: '-----'}}
        columns: [{name: id}, {name: note}]
      - name: western
        identifier: bronze_shop__western
        config:
          meta: {files: [western*, west*], format: csv, encoding: cp1252, delimiter: ;}
        columns: [{name: id}, {name: note}]
      - name: single
        identifier: bronze_shop__single
        config: {meta: {files: single*}}
        columns: [{name: id}]
"""


class Shop:
    """Inbox, declarations, data folder and database of one test."""

    def __init__(self, folder: Path, lake: Path | None = None) -> None:
        self.folder = folder
        self.lake = lake
        self.inbox = folder / "inbox"
        self.data = folder / "data"
        self.db = folder / "shop.db"
        self.declarations = folder / "declarations"
        (self.inbox / "shop").mkdir(parents=True)
        self.declare(DECLARATION)

    @property
    def ledger(self) -> Path:
        return self.lake / "ledger.db" if self.lake else self.db

    def declare(self, text: str) -> None:
        path = self.declarations / "shop" / "_shop__sources.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def put(self, name: str, content: bytes | str, source: str = "shop") -> Path:
        path = self.inbox / source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def run(self, **options) -> Summary:
        options.setdefault("declarations", self.declarations)
        if self.lake is None:
            return ingest(self.inbox, self.db, **options)
        other = self.folder / "shop.duckdb"
        try:
            return ingest(self.inbox, other, lake=self.lake, **options)
        finally:
            if (self.lake / "ledger").exists():
                mirror(self.lake, self.db)

    def run_apart(self, megabytes: int) -> str:
        """Run in a process that may take so much memory; the last reason.

        A process of many tests has free memory that no limit counts.
        """
        program = (
            "import sys; from pathlib import Path\n"
            "from scripts.ingest import ingest, memory\n"
            f"memory.LEAST = {megabytes}\n"
            "inbox, db, declared = map(Path, sys.argv[1:])\n"
            "summary = ingest(inbox, db, declarations=declared)\n"
            "print(summary.outcomes[-1].reason)"
        )
        done = subprocess.run(
            [sys.executable, "-c", program, self.inbox, self.db, self.declarations],
            cwd=PROJECT,
            env={**os.environ, memory.VARIABLE: "1"},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def land(self, name: str, content: bytes | str):
        """Land one file; its outcome."""
        path = self.put(name, content)
        outcomes = {o.label: o for o in self.run().outcomes}
        path.unlink()
        return outcomes[f"shop/{name}"]

    def query(self, sql: str, *values) -> list[tuple]:
        with closing(sqlite3.connect(self.db)) as conn:
            return conn.execute(sql, values).fetchall()

    def rows(self, table: str, columns: str = "*") -> list[tuple]:
        return self.query(
            f"select {columns} from bronze_shop__{table} order by _row_id"
        )

    def rejects(self) -> list[tuple]:
        """Lines, reason and raw text of each reject."""
        return self.query(
            "select first_line, last_line, reason, raw_text "
            "from ingest_rejects order by reject_id"
        )

    def files(self, columns: str) -> list[tuple]:
        return self.query(f"select {columns} from ingest_files order by file_id")

    def check_counts(self) -> None:
        """Delivered is landed + rejected + separators, in the ledger and in fact."""
        for file_id, table, *counts in self.query(
            "select file_id, table_name, record_count, landed_count, rejected_count, "
            "separator_count from ingest_files where status = 'landed'"
        ):
            assert counts[0] == sum(counts[1:])
            (landed,) = self.query(
                f"select count(*) from bronze_shop__{table} where _file_id = ?", file_id
            )[0]
            (rejected,) = self.query(
                "select count(*) from ingest_rejects where file_id = ?", file_id
            )[0]
            assert (landed, rejected) == (counts[1], counts[2])


class Read:
    """A file read by its reader alone, without a database."""

    def __init__(self, table: Table, content: bytes | str, kind: str) -> None:
        content = content.encode() if isinstance(content, str) else content
        stream = io.BytesIO(content)
        self.reader = open_reader(Content(stream, stream, False), table, kind)
        self.rows: list[dict] = []
        self.rejects: list[Reject] = []
        self.separators = 0
        names = [*self.reader.columns, "_record", "_line"]
        for batch in self.reader.batches():
            rows = [dict(zip(names, row, strict=True)) for row in batch.rows]
            assert len(rows) == batch.landed
            self.rows += rows
            self.rejects += batch.rejects
            self.separators += batch.separators
        numbers = [r["_record"] for r in self.rows] + [r.record for r in self.rejects]
        assert len(set(numbers)) == len(numbers)
        total = len(numbers) + self.separators
        assert not numbers or (min(numbers) >= 1 and max(numbers) <= total)

    def values(self, columns: str = "id, amount, note, _line") -> list[tuple]:
        names = columns.split(", ")
        return [tuple(row.get(name) for name in names) for row in self.rows]

    @property
    def ids(self) -> list[str]:
        return [row["id"] for row in self.rows]

    @property
    def rejected(self) -> list[tuple]:
        """Lines, reason and raw text of each reject."""
        return [reject[1:] for reject in self.rejects]


@pytest.fixture
def read(tmp_path: Path):
    """Read content as a table of the shop: `read(content, kind, table)`."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "_shop__sources.yml").write_text(DECLARATION)
    tables = {t.name: t for t in load_sources(tmp_path)["shop"].tables}

    def read(content: bytes | str, kind: str = "csv", table: str = "sales") -> Read:
        return Read(tables[table], content, kind)

    return read


@pytest.fixture(params=["tables", "lake"])
def shop(tmp_path: Path, request: pytest.FixtureRequest) -> Shop:
    """A shop that lands in SQLite tables, and one that lands in a lake."""
    return Shop(tmp_path, tmp_path / "lake" if request.param == "lake" else None)


@pytest.fixture
def shop_in_tables(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


@pytest.fixture
def command(tmp_path: Path):
    """Run `python -m scripts.ingest` in a process of its own."""

    def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-m", "scripts.ingest", *map(str, arguments)],
            cwd=PROJECT,
            env={**os.environ, "WAREHOUSE_DATA": str(tmp_path / "data"), **environment},
            capture_output=True,
            text=True,
        )

    return run


def write_crm(folder: Path) -> None:
    """A good delivery of every crm table, three records each."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "companies.csv").write_text(
        "id,name,domain\nC1,One,one.test\nC2,Two,two.test\nC3,Three,three.test\n"
    )
    (folder / "contacts.json").write_text(
        json.dumps([{"id": f"P{n}", "email": f"p{n}@one.test"} for n in (1, 2, 3)])
    )
    (folder / "opportunities.csv").write_text(
        "id,name,company_id,amount,stage\n"
        "O1,a,C1,10,Won\nO2,b,C2,20,Lost\nO3,c,C3,30,Open\n"
    )
    (folder / "activities.json").write_text(
        json.dumps(
            [{"id": f"A{n}", "contact_id": "P1", "type": "call"} for n in (1, 2, 3)]
        )
    )
