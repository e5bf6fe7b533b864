"""Judge another tool on labelled records: see `--help`."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import sys
from collections import Counter
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

from tools.compare_identity.clusters import Clusters
from tools.identity_eval.records import Fields, Record, read_fields, records

TOOLS = ("splink", "goldenmatch")


def main() -> int:
    """Print the figures as JSON; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.compare_identity",
        description="Run labelled records through another tool.",
    )
    parser.add_argument("--tool", choices=TOOLS, required=True)
    parser.add_argument("--csv", type=Path, required=True, help="the records")
    parser.add_argument("--fields", type=Path, required=True, help="YAML of fields")
    parser.add_argument("--truth", required=True, help="column that says who is who")
    options = parser.parse_args()
    fields = read_fields(options.fields)
    fields, rows = given(fields, list(records(options.csv, fields, options.truth)))
    module = import_module(f"tools.compare_identity.with_{options.tool}")
    with contextlib.redirect_stdout(sys.stderr):
        for threshold, found in module.clusters(fields, [(r[0], *r[2:]) for r in rows]):
            figures = {"tool": options.tool, "threshold": threshold}
            figures |= {"set": options.csv.stem, **judged(rows, found)}
            print(json.dumps(figures), file=sys.__stdout__)
    return 0


def given(fields: Fields, rows: list[Record]) -> tuple[Fields, list[Record]]:
    """Leave out the fields without any value, which stop other tools."""
    filled = [at for at in range(len(fields.compared)) if any(r[2 + at] for r in rows)]
    kept = Fields(fields.id, tuple(fields.compared[at] for at in filled))
    return kept, [(*row[:2], *(row[2 + at] for at in filled)) for row in rows]


def judged(rows: list[Record], found: Clusters) -> dict[str, object]:
    """Return precision, recall and F1 of the pairs within clusters, and what it took.

    `found` gives the cluster of each record, by its place among `rows`.
    """
    truths = [row[1] for row in rows]
    clustered, true = _pairs(found), _pairs(truths)
    right = _pairs(zip(found, truths, strict=True))
    persons = Counter(cluster for cluster, _ in set(zip(found, truths, strict=True)))
    precision = right / clustered if clustered else 1.0
    recall = right / true if true else 1.0
    both = precision + recall
    used = [
        resource.getrusage(who)
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return {
        "rows": len(rows),
        "clusters_precision": round(precision, 4),
        "clusters_recall": round(recall, 4),
        "clusters_f1": round(2 * precision * recall / both if both else 0.0, 4),
        "false_merges": sum(count - 1 for count in persons.values()),
        "cpu": round(sum(use.ru_utime + use.ru_stime for use in used), 1),
        "peak_mb": round(max(use.ru_maxrss for use in used) / unit),
    }


def _pairs(labels: Iterable[object]) -> int:
    return sum(n * (n - 1) // 2 for n in Counter(labels).values())


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # threads of a tool need not be waited for
