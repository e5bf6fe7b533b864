"""Measure time, CPU and memory: `python -m tools.bench`.

Everything happens in temporary folders. The figures of one table come from one
run on one machine: read the ratios, not the seconds.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from scripts.arguments import whole_number
from scripts.command import CommandError, command
from scripts.settings import PROJECT
from tools import node_growth
from tools.identity_eval.metrics import pooled, shares
from tools.node_growth import Node

SCALES = (1, 10, 100)
IMPORT_ROWS = 1_000_000
LEADS = 3_700
SALES, SALES_DAYS = 400_000, 730
CONTACTS = (100_000, 1_000_000)
LIMITS = {
    ("sqlite", 100_000): (18, 280),
    ("sqlite", 1_000_000): (180, 900),
    ("duckdb", 100_000): (18, 460),
    ("duckdb", 1_000_000): (180, 1_100),
}
"""The most CPU seconds and megabytes that matching so many contacts may take."""
KNOWN = {
    "contacts": 20_000,
    "persons": 10_000,
    "historical": 10_000,
    "addresses": 10_000,
}
"""Labelled sets in which many stand several times."""
SCORES = ("precision", "recall", "f1")
STRANGERS = {
    "one_firm": 5_000, "franchises": 6_000, "families": 6_000, "world": 8_000,
    "one_day": 5_000, "hospital": 5_000, "university": 5_000, "couples": 2_000,
    "twins": 2_000, "office": 5_000, "call_centre": 3_000, "placeholders": 3_000,
    "namesakes": 3_000,
    "business": 50_000, "countries": 3_000, "platforms": 3_000, "branches": 3_000,
    "alike": 3_000,
    "school": 3_000, "nursing_home": 3_000, "franchisees": 3_000, "few_surnames": 3_000,
    "partners": 3_000, "extensions": 3_000, "direct_lines": 3_000, "generations": 3_000,
    "no_mail": 3_000, "tags": 3_000, "dots": 3_000, "siblings": 3_000,
    "user_numbers": 3_000, "flats": 3_000, "swapped": 3_000,
}  # fmt: skip
"""Sets in which nobody stands twice, see tools/generate/labelled."""


class BenchError(CommandError):
    """A measured command failed; the message says which and how."""


@dataclass(frozen=True)
class Usage:
    """What a command used: seconds, seconds of CPU and peak megabytes."""

    seconds: float
    cpu: float
    megabytes: float

    def __str__(self) -> str:
        return f"{self.seconds:8.2f} {self.cpu:8.2f} {self.megabytes:8.0f}"


def measure(command: list[str], folder: Path) -> Usage:
    """Run a command to its end in the project folder and return what it used.

    `folder` takes the place of the data folder and of dbt's target folder.
    Raises BenchError unless the command ends with 0.
    """
    log = folder / "bench.log"
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("WAREHOUSE_")},
        "WAREHOUSE_DATA": str(folder),
        "DBT_TARGET_PATH": str(folder / "target"),
    }
    start = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=PROJECT, env=environment, stdout=output, stderr=output
        )
        # Only wait4 knows what this child alone has used.
        _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        text = log.read_text(errors="replace").strip()
        raise BenchError(
            f"{' '.join(command)} ended with {process.returncode}:\n{text}"
        )
    # Linux counts kilobytes, macOS bytes.
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return Usage(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / unit)


def _module(name: str, *arguments: object) -> list[str]:
    return [sys.executable, "-m", name, *map(str, arguments)]


def generate(folder: Path, *arguments: object) -> Path:
    """Write samples and return the inbox.

    By a process of its own: a child's peak memory is never less than what its
    parent held when it was started.
    """
    inbox = folder / "given"
    measure(_module("tools.generate", "--out", inbox, *arguments), folder)
    return inbox


def bench_scale(
    scale: int, target: str, folder: Path
) -> tuple[dict[str, Usage], dict[str, Node]]:
    """Print a line for each step at one size of the sample; return them.

    With the nodes of the whole run.
    """
    inbox = generate(folder, "--scale", scale, "--deliveries", 2, "--delta", 0.01)
    later = folder / "later"
    later.mkdir()
    for path in inbox.glob("crm/*_2.*"):
        path.rename(later / path.name)
    first, second = _rows(inbox / "crm"), _rows(later)

    suffix = "duckdb" if target == "duckdb" else "db"
    place = ("--target", target, "--db", folder / f"whole.{suffix}")
    run = _module("scripts.run", "--inbox", inbox, *place)
    apart = ("--target", target, "--db", folder / f"apart.{suffix}")
    steps = [
        ("ingest", first, _module("scripts.ingest", "--inbox", inbox, *apart)),
        ("build", first, _module("scripts.dbt", *apart, "build")),
        ("whole run", first, run),
        ("again, unchanged", 0, run),
        ("again, 1 % delta", second, run),
    ]
    ledger = folder / ("whole.lake/ledger.db" if suffix == "duckdb" else "whole.db")
    found = {}
    for step, rows, measured in steps:
        if step.endswith("delta"):
            for path in later.iterdir():
                path.rename(inbox / "crm" / path.name)
        found[step] = measure(measured, folder)
        _line(f"{scale}x {target}", step, rows, found[step])
        if step == "whole run":
            nodes = node_growth.last_build(ledger)
    return found, nodes


def bench_leads(per_list: int, target: str, folder: Path) -> None:
    """Print a whole run over 21 daily lists of leads, and what one more costs."""
    inbox = generate(folder, "--scale", 0.01, "--leads", per_list)
    shutil.rmtree(inbox / "crm")
    last = (inbox / "leads" / "data_22.csv").rename(folder / "data_22.csv")
    suffix = "duckdb" if target == "duckdb" else "db"
    place = ("--target", target, "--db", folder / f"leads.{suffix}")
    run = _module("scripts.run", "--inbox", inbox, *place)
    whole = measure(run, folder)
    _line(target, "21 lists of leads", 21 * per_list, whole)
    unchanged = measure(run, folder)
    _line(target, "again, unchanged", 0, unchanged)
    last.rename(inbox / "leads" / last.name)
    more = measure(run, folder)
    _line(target, "one list more", per_list, more)
    share = (more.cpu - unchanged.cpu) / (whole.cpu - unchanged.cpu)
    print(f"{target}: one list more costs {share:.0%} of what 21 do, start-up aside")


def bench_sales(sales: int, target: str, folder: Path) -> None:
    """Print a whole run over two years of sales, a month more, and the export."""
    inbox = generate(
        folder, "--scale", 0.01, "--sales", sales, "--sales-days", SALES_DAYS
    )
    shutil.rmtree(inbox / "crm")
    last = max((inbox / "sales").glob("sales_2*.csv"))
    later = last.rename(folder / last.name)
    suffix = "duckdb" if target == "duckdb" else "db"
    place = ("--target", target, "--db", folder / f"sales.{suffix}")
    run = _module("scripts.run", "--inbox", inbox, *place)
    first = _rows(inbox / "sales")
    _line(target, "sales, whole run", first, measure(run, folder))
    later.rename(last)
    _line(target, "one month more", _rows(last.parent) - first, measure(run, folder))
    export = _module("scripts.export", folder / "export", *place)
    _line(target, "export", sales, measure(export, folder))


def bench_contacts(contacts: int, target: str, folder: Path) -> list[str]:
    """Print what matching contacts uses; return which limits that is above."""
    used, figures = _judge("contacts", contacts, target, folder)
    scores = (f"{s} {figures[f'clusters_{s}']:.4f}" for s in SCORES)
    print(f"contacts: {figures['false_merges']} merged away, {', '.join(scores)}")
    return excess(target, contacts, used)


def excess(target: str, contacts: int, used: Usage) -> list[str]:
    """Return a line for each limit that matching went above."""
    cpu, megabytes = LIMITS.get((target, contacts), (math.inf, math.inf))
    found = ((used.cpu, cpu, "s of CPU"), (used.megabytes, megabytes, "MB"))
    return [
        f"{target}: {contacts:,} contacts took {value:,.0f} {unit}, more than {most:,}"
        for value, most, unit in found
        if value > most
    ]


def bench_identity(target: str, folder: Path) -> None:
    """Print how well records are matched that are known, and how sure it is of it.

    Of the sets in which nobody stands twice, how many records are merged away.
    """
    calibrations = []
    for kind, records in {**KNOWN, **STRANGERS}.items():
        _, figures = _judge(kind, records, target, folder)
        calibrations.append(figures["calibration"])
        scores = (f"{s} {figures[f'clusters_{s}']:.4f}" for s in SCORES)
        matched = f", {', '.join(scores)}" if kind in KNOWN else ""
        print(f"{kind}: {figures['false_merges']} merged away{matched}")
    print("\n".join(["", "all sets together", *shares(pooled(calibrations))]))


def _judge(
    kind: str, records: int, target: str, folder: Path
) -> tuple[Usage, dict[str, Any]]:
    """Print what matching a labelled set uses; return that and its figures."""
    made = folder / f"{kind}.csv"
    making = ("--kind", kind, "--records", records, "--out", made)
    measure(_module("tools.generate.labelled", *making), folder)
    place = ("--csv", made, "--fields", made.with_suffix(".yml"))
    judging = (*place, "--truth", "person", "--target", target)
    used = measure(_module("tools.identity_eval", *judging), folder)
    _line(target, kind, records, used)
    return used, json.loads((folder / "bench.log").read_text().splitlines()[-1])


def _growth(found: dict[tuple[str, int], dict[str, Usage]]) -> None:
    """Print how the seconds of each step grow from one size to the next."""
    for target in dict.fromkeys(target for target, _ in found):
        scales = [scale for name, scale in found if name == target]
        for one, other in pairwise(scales):
            grown = (
                f"{step} {found[target, other][step].seconds / usage.seconds:.1f}"
                for step, usage in found[target, one].items()
            )
            print(f"{target}, {one}x to {other}x, times: {'; '.join(grown)}")


def bench_nodes(nodes: dict[tuple[str, int], dict[str, Node]]) -> int:
    """Print what each node takes at each size; return how many grow too fast."""
    made_from = node_growth.parents()
    count = 0
    for target in dict.fromkeys(target for target, _ in nodes):
        sizes = {
            scale: found for (name, scale), found in nodes.items() if name == target
        }
        named = {
            name: f"  GROWS FASTER THAN ITS ROWS from {small}x to {large}x"
            for name, small, large in node_growth.growth(sizes, made_from)
        }
        heads = " ".join(f"{f'{scale}x':>8}" for scale in sorted(sizes))
        print(f"\n{target}, whole run, milliseconds by node\n{heads} {'rows':>11}")
        print("\n".join(node_growth.lines(sizes, named)))
        count += len(named)
    if count:
        print(f"{count} nodes grow faster than their rows")
    return count


def _rows(folder: Path) -> int:
    """Count records: the generator writes one per line, and a header in CSV."""
    return sum(
        path.read_bytes().count(b"\n") - (path.suffix == ".csv")
        for path in folder.iterdir()
    )


def _line(scale: object, step: str, rows: int, usage: Usage) -> None:
    print(f"{scale!s:>12} {step:<18} {rows:>10,} {usage}", flush=True)


def bench_import(rows: int, folder: Path) -> None:
    """Print ingestion of one large CSV beside the sqlite3 shell's own import."""
    shell = shutil.which("sqlite3")
    if shell is None:
        print("no sqlite3 shell on the path: its import is not compared")
        return
    path = _large_csv(folder, rows)
    statement = f".import --csv '{path}' opportunities"
    floor = measure([shell, str(folder / "shell.db"), statement], folder)
    ingest = measure(
        _module(
            "scripts.ingest",
            "--inbox",
            path.parent.parent,
            "--db",
            folder / "ingest.db",
        ),
        folder,
    )
    _line("", "sqlite3 .import", rows, floor)
    _line("", "ingest", rows, ingest)
    print(
        f"ingest uses {ingest.cpu / floor.cpu:.2f} times the CPU and "
        f"{ingest.seconds / floor.seconds:.2f} times the time of sqlite3's .import"
    )


def _large_csv(folder: Path, rows: int) -> Path:
    """Write opportunities (12 columns), the same thousand again and again."""
    inbox = generate(folder, "--scale", 5, "--dirt", 0)
    path = inbox / "crm" / "opportunities.csv"
    for other in path.parent.iterdir():
        if other != path:
            other.unlink()
    header, *lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(header)
        for start in range(0, rows, len(lines)):
            file.writelines(lines[: rows - start])
    return path


@command("bench")
def main(arguments: list[str] | None = None) -> int:
    """Print the table; return 1 if a node's time grows faster than its rows."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.bench",
        description="Measure time, CPU and memory of ingestion, build and whole run.",
    )
    parser.add_argument(
        "--scales",
        type=whole_number(1),
        nargs="*",
        default=SCALES,
        metavar="N",
        help="sizes, in times of the sample (default: 1 10 100)",
    )
    parser.add_argument(
        "--import-rows",
        type=whole_number(0),
        default=IMPORT_ROWS,
        metavar="N",
        help="rows of the file compared with sqlite3's .import; 0 leaves it out",
    )
    parser.add_argument(
        "--leads",
        type=whole_number(0),
        default=LEADS,
        metavar="N",
        help=f"leads in a daily list (default: {LEADS:,}); 0 leaves them out",
    )
    parser.add_argument(
        "--sales",
        type=whole_number(0),
        default=SALES,
        metavar="N",
        help=f"sales of two years (default: {SALES:,}); 0 leaves them out",
    )
    parser.add_argument(
        "--contacts",
        type=whole_number(1),
        nargs="*",
        default=CONTACTS,
        metavar="N",
        help="contacts to match, by how many (default: 100000 1000000)",
    )
    parser.add_argument(
        "--no-identity",
        action="store_true",
        help="leave out the labelled sets of identity",
    )
    parser.add_argument(
        "--target", choices=("dev", "duckdb"), help="one engine instead of both"
    )
    targets = ["dev"]
    if importlib.util.find_spec("dbt.adapters.duckdb"):
        targets.append("duckdb")
    else:
        print("DuckDB is left out: make install TARGET=duckdb")
    options = parser.parse_args(arguments)
    targets = [options.target] if options.target else targets
    heads = f"{'rows':>10} {'seconds':>8} {'cpu':>8} {'MB':>8}"
    print(f"{'scale':>12} {'step':<18} {heads}")
    found, nodes = {}, {}
    for target in targets:
        for scale in options.scales:
            with tempfile.TemporaryDirectory(prefix="bench-") as folder:
                made = bench_scale(scale, target, Path(folder))
                found[target, scale], nodes[target, scale] = made
    _growth(found)
    for target in targets if options.leads else ():
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            bench_leads(options.leads, target, Path(folder))
    for target in targets if options.sales else ():
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            bench_sales(options.sales, target, Path(folder))
    over: list[str] = []
    for target in targets:
        for contacts in options.contacts:
            with tempfile.TemporaryDirectory(prefix="bench-") as folder:
                engine = "sqlite" if target == "dev" else target
                over += bench_contacts(contacts, engine, Path(folder))
    for target in () if options.no_identity else targets:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            bench_identity("sqlite" if target == "dev" else target, Path(folder))
    if options.import_rows:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            bench_import(options.import_rows, Path(folder))
    print("".join(f"above its limit: {line}\n" for line in over), end="")
    return int(bench_nodes(nodes) > 0 or bool(over))


if __name__ == "__main__":
    sys.exit(main())
