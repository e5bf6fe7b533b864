"""GoldenMatch, as it sets itself up for a file."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import goldenmatch

from tools.compare_identity.clusters import Clusters
from tools.identity_eval.records import Fields, Record

NAMED = {
    "date": "date_of_birth",
    "postcode": "zip",
    "region": "state",
    "street": "address",
}
"""What it recognises a column by, where that is not our word for its kind."""


os.environ.setdefault("GOLDENMATCH_AUTOCONFIG_DETERMINISTIC", "1")
"""Its search for settings ends after so many rounds, not seconds."""


def clusters(fields: Fields, rows: list[Record]) -> Iterator[tuple[str, Clusters]]:
    """Yield the cluster of each record."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "records.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(_names(fields))
            writer.writerows(row[1:] for row in rows)
        made = goldenmatch.dedupe(str(path))
        found: Clusters = list(range(len(rows)))
        for number, cluster in made.clusters.items():
            for member in cluster["members"]:
                found[member] = f"c{number}"
    yield "its own", found


def _names(fields: Fields) -> list[str]:
    """Return the columns' names: they show it what is in them."""
    names: list[str] = []
    for field in fields.compared:
        name = NAMED.get(field.kind, field.kind)
        names.append(f"{name}_{len(names)}" if name in names else name)
    return names
