"""How well pairs and clusters agree with the labels."""

from __future__ import annotations

import resource
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

THRESHOLD = 200


def measure(database: Path) -> dict[str, Any]:
    with closing(sqlite3.connect(database)) as db:
        (rows,) = db.execute("select count(*) from labelled_records").fetchone()
        (true,) = db.execute(
            "select coalesce(sum(n * (n - 1) / 2), 0) from"
            " (select count(*) as n from labelled_records group by truth)"
        ).fetchone()
        scored = db.execute(
            "select weight, sum(one.truth = other.truth), count(*)"
            " from labelled__pairs"
            " join labelled_records as one on record_a = one.record_number"
            " join labelled_records as other on record_b = other.record_number"
            " group by weight order by weight desc"
        ).fetchall()
        sizes = db.execute(
            "select sum(n * (n - 1) / 2) from (select count(*) as n"
            " from labelled__clusters group by cluster_id)"
        ).fetchone()[0]
        both = db.execute(
            "select sum(n * (n - 1) / 2) from (select count(*) as n"
            " from labelled__clusters as c join labelled_records as r"
            " on r.record_number = c.record_number"
            " group by cluster_id, truth)"
        ).fetchone()[0]
    best, best_f1 = None, -1.0
    right = found = 0
    at_default = (0, 0)
    for weight, matching, count in scored:
        right += matching
        found += count
        if weight >= THRESHOLD:
            at_default = (right, found)
        f1 = scores(right, found, true)[2]
        if f1 > best_f1:
            best, best_f1 = weight, f1
    pairs = scores(*at_default, true)
    clusters = scores(both, sizes, true)
    keys = ("precision", "recall", "f1")
    return {
        "rows": rows,
        **{f"pairs_{k}": round(v, 4) for k, v in zip(keys, pairs, strict=True)},
        "best_threshold": best,
        "best_pairs_f1": round(best_f1, 4),
        **{f"clusters_{k}": round(v, 4) for k, v in zip(keys, clusters, strict=True)},
    }


def scores(right: int, found: int, true: int) -> tuple[float, float, float]:
    precision = right / found if found else 1.0
    recall = right / true if true else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return precision, recall, f1


def peak_megabytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (2**20 if sys.platform == "darwin" else 2**10))
