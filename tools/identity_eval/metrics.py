"""How well pairs and clusters agree with the labels."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable, Iterable
from contextlib import closing
from typing import Any

DEFAULT_THRESHOLD = 120  # centibits, see identity_settings
LARGEST = 5
DECIDED = 1_000_000  # the weight of what people decided
BANDS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999)
"""Where the rows of the calibration table begin; the last one ends at 1."""

Calibration = list[list[float]]
"""For each band where it begins, its pairs and how many of them are true."""


def measure(connect: Callable[[], Any]) -> dict[str, Any]:
    """Return the figures of a built project.

    Pairs count as found from the threshold on, those of clusters where both
    records ended in one. `best_threshold` is a probability.
    """
    with closing(connect()) as db:

        def number(sql: str) -> int:
            return int(db.execute(sql).fetchone()[0] or 0)

        rows = number("select count(*) from labelled_records")
        true = number(_pairs_within("labelled_records", "truth"))
        clustered = number(_pairs_within("labelled__clusters", "cluster_id"))
        right = number(
            _pairs_within(
                "labelled__clusters as c join labelled_records as r"
                " on r.record_number = c.record_number",
                "cluster_id, truth",
            )
        )
        scored = db.execute(
            "select weight, sum(case when one.truth = other.truth then 1 else 0 end),"
            " count(*) from labelled__pairs"
            " join labelled_records as one on record_a = one.record_number"
            " join labelled_records as other on record_b = other.record_number"
            " group by weight order by weight desc"
        ).fetchall()
        false = number(
            "select sum(n - 1) from (select count(distinct truth) as n"
            " from labelled__clusters as c join labelled_records as r"
            " on r.record_number = c.record_number group by cluster_id) as groups"
        )
        largest = db.execute(
            "select cluster_id, count(*), count(distinct truth)"
            " from labelled__clusters as c join labelled_records as r"
            " on r.record_number = c.record_number group by cluster_id"
            f" having count(*) > 1 order by 2 desc, 1 limit {LARGEST}"
        ).fetchall()
    default, best, threshold = _pairs(scored, true)
    return {
        "rows": rows,
        "true_pairs": true,
        "false_merges": false,
        "largest_clusters": [list(row) for row in largest],
        "calibration": _calibration(scored),
        **_named("pairs", default),
        "best_threshold": threshold,
        "best_pairs_f1": round(best, 4),
        **_named("clusters", _scores(right, clustered, true)),
    }


def table(figures: dict[str, Any]) -> str:
    """Return the figures for people to read."""
    lines = [f"{figures['rows']:,} records in {figures['seconds']} s", ""]
    lines.append(f"{'':10}{'precision':>10}{'recall':>10}{'F1':>10}")
    for kind in ("pairs", "clusters"):
        cells = (figures[f"{kind}_{key}"] for key in ("precision", "recall", "f1"))
        lines.append(f"{kind:10}" + "".join(f"{cell:>10.4f}" for cell in cells))
    lines += [
        "",
        f"False merges (persons of a cluster beyond its first): "
        f"{figures['false_merges']:,}",
    ]
    if figures["largest_clusters"]:
        lines += ["", f"{'largest clusters':30}{'records':>8}{'persons':>8}"]
        lines += [
            f"{name!s:30.30}{size:>8,}{persons:>8,}"
            for name, size, persons in figures["largest_clusters"]
        ]
    lines += ["", *shares(figures["calibration"])]
    lines += [
        "",
        f"Pairs would do best ({figures['best_pairs_f1']:.4f}) from a probability of "
        f"{figures['best_threshold']} on.",
    ]
    return "\n".join(lines)


def shares(calibration: Calibration) -> list[str]:
    """Return for people how many pairs of each probability are true."""
    ends = (*BANDS[1:], 1)
    return [
        f"{'probability':16}{'pairs':>10}{'true':>10}{'share':>8}",
        *(
            f"{f'{start} to {end}':16}{count:>10,}{true:>10,}"
            + (f"{true / count:>8.3f}" if count else f"{'':>8}")
            for (start, count, true), end in zip(calibration, ends, strict=True)
        ),
    ]


def pooled(calibrations: Iterable[Calibration]) -> Calibration:
    """Return the calibration of several sets together."""
    bands = [[start, 0, 0] for start in BANDS]
    for calibration in calibrations:
        for band, (_, count, true) in zip(bands, calibration, strict=True):
            band[1] += count
            band[2] += true
    return bands


def peak_megabytes() -> int:
    """Return the most memory that this process ever held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (2**20 if sys.platform == "darwin" else 2**10))


def _pairs_within(relation: str, columns: str) -> str:
    return (
        "select sum(n * (n - 1) / 2) from (select count(*) as n"
        f" from {relation} group by {columns}) as groups"
    )


def _pairs(
    scored: list[tuple[Any, ...]], true: int
) -> tuple[tuple[float, float, float], float, float]:
    default, best, threshold = _scores(0, 0, true), -1.0, 1.0
    right = found = 0
    for weight, matching, count in scored:
        right += int(matching)
        found += count
        scores = _scores(right, found, true)
        if weight >= DEFAULT_THRESHOLD:
            default = scores
        if scores[2] > best:
            best, threshold = scores[2], _probability(weight)
    return default, max(best, 0.0), threshold


def _calibration(scored: list[tuple[Any, ...]]) -> Calibration:
    """Return for each band where it begins, its pairs and how many are true."""
    bands = {start: [start, 0, 0] for start in BANDS}
    for weight, matching, count in scored:
        starts = [start for start in BANDS if start <= _probability(weight)]
        if starts and abs(weight) < DECIDED:
            bands[starts[-1]][1] += int(count)
            bands[starts[-1]][2] += int(matching)
    return list(bands.values())


def _probability(centibits: float) -> float:
    odds = 2 ** (max(-4000, min(4000, centibits)) / 100)
    return float(f"{odds / (1 + odds):.4g}")


def _scores(right: int, found: int, true: int) -> tuple[float, float, float]:
    precision = right / found if found else 1.0
    recall = right / true if true else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return precision, recall, f1


def _named(kind: str, scores: tuple[float, float, float]) -> dict[str, float]:
    keys = ("precision", "recall", "f1")
    return {
        f"{kind}_{key}": round(score, 4)
        for key, score in zip(keys, scores, strict=True)
    }
