"""Deliveries in any order and form, by any clock: as one build from nothing."""

from __future__ import annotations

import csv
import gzip
import io
import json
import shutil
from functools import partial
from pathlib import Path
from random import Random

from scripts.ingest.clock import VARIABLE
from scripts.ingest.sources import load_sources
from tools.torture.place import Place, compare, running
from tools.torture.report import Report
from tools.torture.samples import write

COUNT = 5
STEPS = 3
CODES = (0, 1)
"""A file that lacks what is required is refused."""


def torture(
    report: Report, place: Place, work: Path, seed: int, count: int = COUNT
) -> None:
    """Deliver `count` histories, each built step by step and then anew."""
    for number in range(count):
        random = Random(f"{seed} {number}")
        one = partial(_history, place, work, random, f"{seed}-{number}")
        report.attempt("step by step and anew", f"seed {seed}, history {number}", one)


def _history(place: Place, work: Path, random: Random, name: str) -> None:
    place.clear()
    before = dict(place.environment)
    place.environment["WAREHOUSE_CONFIG"] = str(_config(work))
    try:
        for number, folder in enumerate(_steps(work, random)):
            day = random.randint(1, 28)  # so that it may be set back
            place.environment[VARIABLE] = f"2026-0{1 + number % 2}-{day:02}T06:00:00Z"
            place.deliver(folder)
            place.do(running(), CODES)
            place.check_files()
        found = place.lasting()
        place.do(running("--full-refresh"), CODES)
        compare(place.lasting(), found)
    finally:
        place.environment = before
    _compare_engines(work.parent / "histories" / name, place.engine, found)


def _compare_engines(folder: Path, engine: str, found: dict[str, list[str]]) -> None:
    """Compare with what the other engine made of it, if it was there before."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {name: rows for name, rows in found.items() if name != "schema"}
    draft = folder / f"{engine}.part"
    draft.write_text(json.dumps(found), encoding="utf-8")
    draft.rename(folder / f"{engine}.json")
    for path in folder.glob("*.json"):
        if path.stem != engine:
            compare(json.loads(path.read_text(encoding="utf-8")), found)


def _steps(work: Path, random: Random) -> list[Path]:
    """Write the deliveries of one history; return a folder for each step."""
    samples = work / "samples"
    shutil.rmtree(samples, ignore_errors=True)
    write(samples, random.randrange(1_000_000))
    files = sorted(path for path in samples.rglob("*") if path.is_file())
    required = _required()
    steps = [samples / f"step {number}" for number in range(STEPS)]
    for path in files:
        source, times = path.parent.name, random.choice((1, 1, 1, 2))
        for again in range(times):
            name = f"{path.stem}{'_again' * again}{path.suffix}"
            target = random.choice(steps) / source / name
            target.parent.mkdir(parents=True, exist_ok=True)
            content = path.read_bytes()
            if random.random() < 0.2 and path.suffix in (".csv", ".json"):
                content = _narrower(content, path.suffix, required, random)
            target.write_bytes(content)
    _pictures(steps, random)
    return [step for step in steps if step.exists()]


def _config(work: Path) -> Path:
    """Write a user's folder that takes HubSpot's files for full pictures."""
    folder = work / "config" / "systems"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "hubspot.yml").write_text("system: hubspot\nsettings: {delivery: full}\n")
    return folder.parent


def _pictures(steps: list[Path], random: Random) -> None:
    """Add full pictures of two portals: growing, shrinking, in parts, torn."""
    for portal in ("hubspot-one", "hubspot-two"):
        keys = list(range(1, random.randint(4, 25)))
        for step in steps:
            if random.random() < 0.2:
                continue
            lost = random.choice((0, 1, 2, len(keys) // 2))
            keys = random.sample(keys, max(len(keys) - lost, 0))
            keys += [k for k in range(1, 30) if k not in keys and random.random() < 0.1]
            lines = [f"{k},A{k},Person{k},{k}@{portal}.com" for k in keys]
            parts = [lines[: len(lines) // 2], lines[len(lines) // 2 :]]
            for number, part in enumerate(random.choice(([lines], parts))):
                text = "\n".join(["Record ID,First Name,Last Name,Email", *part, ""])
                content = gzip.compress(text.encode())
                torn = content[:-6] if random.random() < 0.15 else content
                folder = step / portal
                folder.mkdir(parents=True, exist_ok=True)
                (folder / f"contacts_{number}.csv.gz").write_bytes(torn)


def _required() -> set[str]:
    """Return the columns without which a file is refused, of any table."""
    return {
        column.name
        for source in load_sources().values()
        for table in source.tables
        for column in table.columns
        if column.required
    }


def _narrower(content: bytes, suffix: str, kept: set[str], random: Random) -> bytes:
    """Leave out a column that is not required."""
    text = content.decode()
    records = (
        json.loads(text)
        if suffix == ".json"
        else list(csv.DictReader(io.StringIO(text, newline="")))
    )
    names = [name for name in records[0] if name not in kept]
    if len(names) < 3:
        return content
    left_out = random.choice(names[1:])
    records = [
        {name: value for name, value in record.items() if name != left_out}
        for record in records
    ]
    if suffix == ".json":
        return ("[" + ",\n".join(map(json.dumps, records)) + "]\n").encode()
    narrower = io.StringIO()
    writer = csv.DictWriter(narrower, list(records[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return narrower.getvalue().encode()
