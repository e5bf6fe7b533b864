"""Files of every format, damaged: none stops a run, no record goes missing."""

from __future__ import annotations

import csv
import gzip
import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from scripts.settings import PROJECT
from tests.python.ingest.lakeside import mirror
from tools.torture import bombs, landing
from tools.torture.mutations import LINES, Record, damaged_line, mutated, written
from tools.torture.packed import PACKED, packed, repacked
from tools.torture.place import Failure, Place, last_lines
from tools.torture.report import Report
from tools.torture.samples import write

COUNT = 10_000
BATCH = 400
"""Files that one process lands."""
MEGABYTES = 400
SECONDS, SECONDS_PER_MEGABYTE = 1, 5
"""Of the processor, for any file."""
FORMATS = ("csv", "tsv", "json", "ndjson", "parquet", *PACKED)
UNKNOWN = "not in the ledger"
Expected = dict[str, set[str]]
"""By file: the identifiers on lines that nothing has happened to."""


def torture(
    report: Report, place: Place, work: Path, seed: int, count: int = COUNT
) -> None:
    """Land damaged files, a few hundred at a time."""
    samples, _ = write(work / "samples", seed)
    tables = dict(_records(samples))
    folder = work / "fuzz"
    for start in range(0, count, BATCH):
        size = min(BATCH, count - start)
        random = Random(f"{seed} {place.engine} {start}")
        expected = _deliver(folder, tables, random, size)
        row = report.row("damaged files")
        one = partial(_landed, report, folder, place.engine, expected)
        row.tried += size - 1  # before it is counted, and the table kept
        report.attempt("damaged files", f"seed {seed}, from {start}", one)
    shutil.rmtree(folder, ignore_errors=True)


def swell(report: Report, place: Place, work: Path, seed: int, count: int = 0) -> None:
    """Land small files that swell; there is one of each, whatever the count."""
    folder = work / "swelling"
    for name, make in bombs.ALL.items():
        one = partial(_swelling, report, folder, place.engine, make)
        report.attempt(name, f"seed {seed}, count {count}", one)
    shutil.rmtree(folder, ignore_errors=True)


def _records(folder: Path) -> Iterator[tuple[str, list[Record]]]:
    """Give name and records of each sample that has lines, all values as text."""
    for path in sorted(folder.rglob("*")):
        source = path.parent.name
        if path.suffix not in (".csv", ".json") or source == "prospects":
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".csv":
            records = list(csv.DictReader(text.splitlines()))
        else:
            records = [
                {k: v if v is None else str(v) for k, v in record.items()}
                for record in json.loads(text)
            ]
        for number, record in enumerate(records):
            record[next(iter(record))] = f"r{number}-{path.stem}"
        if len(records) > 3:
            yield f"{source}/{path.stem}", records[:30]


def _deliver(
    folder: Path, tables: dict[str, list[Record]], random: Random, count: int
) -> Expected:
    """Write damaged files to `folder/inbox`; return what must land of them."""
    shutil.rmtree(folder, ignore_errors=True)
    expected: Expected = {}
    for number in range(count):
        kind = random.choice(FORMATS)
        name, records = random.choice(list(tables.items()))
        is_packed = kind in PACKED
        content = (
            packed(records, kind, Path(name).name)
            if is_packed
            else written(records, kind)
        )
        label = f"{name}_{number + 1:04}.{kind}"
        if kind in LINES and random.random() < 0.4:
            content, damaged = damaged_line(content, random)
            at = damaged - (kind in ("csv", "tsv"))
            first = next(iter(records[0]))
            expected[label] = {r[first] for n, r in enumerate(records) if n != at}
        elif is_packed and random.random() < 0.7:
            content = repacked(content, random)
        else:
            content = mutated(content, random)
        if random.random() < 0.25 and not is_packed:
            content, plain = gzip.compress(content, mtime=0), label
            label += ".gz"
            if plain in expected:
                expected[label] = expected.pop(plain)
        path = folder / "inbox" / label
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return expected


def _landed(report: Report, folder: Path, engine: str, expected: Expected) -> None:
    """Land the inbox; every file that breaks a promise is a failure of its own."""
    told = _measured(folder, engine)
    for whole, seconds in told["seconds"].items():
        label = whole.partition("!")[0]
        path = folder / "inbox" / label
        size = path.stat().st_size / 2**20 if label else 0
        if label and seconds > SECONDS + SECONDS_PER_MEGABYTE * size:
            _fail(report, path, f"{seconds:.1f} s for {size:.2f} MB")
    for label in told["again"]:
        path = folder / "inbox" / label.partition("!")[0]
        _fail(report, path, "not known at the second run")
    known = {label.partition("!")[0] for label in told["skipped"]}  # of twins
    for label, what in _unaccounted(folder, engine, expected):
        if what != UNKNOWN or label not in known:
            _fail(report, folder / "inbox" / label, what)


def _measured(folder: Path, engine: str) -> dict[str, Any]:
    """Land the inbox in a process of its own; raises Failure if that fails."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.torture.landing", str(folder), engine],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    if done.returncode == -signal.SIGXCPU:
        raise Failure(f"not done after {landing.PATIENCE} s of the processor")
    if done.returncode:
        raise Failure(f"exit code {done.returncode}: {last_lines(done.stderr)}")
    told = json.loads(done.stdout.splitlines()[-1])
    if "trouble" in told:
        raise Failure(last_lines(told["trouble"]))
    if told["megabytes"] > MEGABYTES:
        raise Failure(f"{told['megabytes']:.0f} MB of memory")
    return told


def _fail(report: Report, path: Path, what: str) -> None:
    kept = path.parents[3] / "failed" / f"{report.engine} {path.name}"
    kept.parent.mkdir(exist_ok=True)
    shutil.copy(path, kept)
    report.fail("damaged files", f"{path.parent.name}/{path.name}: {what}")


def _unaccounted(
    folder: Path, engine: str, expected: Expected
) -> Iterator[tuple[str, str]]:
    """Give each file whose records do not add up, or that lost a good one."""
    database = folder / "fuzz.db"
    if engine == "duckdb":
        mirror(folder / "lake", database)
    with closing(sqlite3.connect(database)) as db:
        ledger = _ledger(db)
        rejects = dict(
            db.execute("select file_id, count(*) from ingest_rejects group by 1")
        )
        for path in sorted((folder / "inbox").glob("*/*")):
            label = f"{path.parent.name}/{path.name}"
            if label not in ledger:
                yield label, UNKNOWN
                continue
            for source, file_id, table, status, reason, *counts in ledger[label]:
                if "unexpected" in (reason or ""):
                    yield label, reason
                if status != "landed":
                    if label in expected:
                        yield label, f"refused for one line: {reason}"
                    continue
                landed = db.execute(
                    f'select * from "bronze_{source}__{table}" where _file_id = ?',
                    (file_id,),
                ).fetchall()
                if counts != [sum(counts[1:]), len(landed), *counts[2:]] or counts[
                    2
                ] != rejects.get(file_id, 0):
                    yield label, f"records {counts}, {len(landed)} landed"
                texts = {value for row in landed for value in row}
                missing = expected.get(label, set()) - texts
                if missing:
                    yield label, f"{len(missing)} good records missing: {min(missing)}"


def _ledger(db: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Give what the ledger says of each file, and of all that lies within it."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for folder, name, *facts in db.execute(
        "select coalesce(instance_name, source_name), file_name, source_name,"
        " file_id, table_name, status, reason,"
        " record_count, landed_count, rejected_count, separator_count"
        " from ingest_files"
    ):
        found.setdefault(f"{folder}/{name.partition('!')[0]}", []).append(tuple(facts))
    return found


def _swelling(report: Report, folder: Path, engine: str, make: bombs.Maker) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    inbox = folder / "inbox" / "crm"
    inbox.mkdir(parents=True)
    make(inbox)
    _measured(folder, engine)
    for label, what in _unaccounted(folder, engine, {}):
        raise Failure(f"{label}: {what}")
