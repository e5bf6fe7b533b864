"""Writes deliveries as the CRM exports them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from tools.generate.crm import Record
from tools.generate.deliveries import Delivery

FORMATS = {
    "companies": "csv",
    "contacts": "json",
    "opportunities": "csv",
    "activities": "json",
}


def write(delivery: Delivery, folder: Path) -> list[Path]:
    """Write one file per table into the folder and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    suffix = "" if delivery.number == 1 else f"_{delivery.number}"
    paths = []
    for table, rows in delivery.tables.items():
        path = folder / f"{table}{suffix}.{FORMATS[table]}"
        if FORMATS[table] == "csv":
            _write_csv(path, rows)
        else:
            _write_json(path, rows)
        paths.append(path)
    return paths


def _write_csv(path: Path, rows: list[Record]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _write_json(path: Path, rows: list[Record]) -> None:
    """Write an array with one record per line, so that lines can be named."""
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("[" + ",\n".join(map(encode, rows)) + "]\n")
