"""Reads labelled records and the description of their fields."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml


class InputError(Exception):
    """A file cannot be used; the message names it, the line and the cause."""


@dataclass(frozen=True)
class Fields:
    """Which column identifies a record, and the kind of each other one."""

    id: str
    kinds: dict[str, str]

    def of(self, columns: list[str]) -> list[dict[str, str]]:
        """Return the fields as the models know them, under other names."""
        return [
            {"name": column, "kind": kind}
            for column, kind in zip(columns, self.kinds.values(), strict=True)
        ]


def read_fields(path: Path) -> Fields:
    given = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Fields(given["id"], {f["name"]: f["kind"] for f in given["fields"]})


def read_records(path: Path, fields: Fields, truth: str):
    columns = [
        re.sub(r"\W+", "_", name).strip("_").lower() or "field" for name in fields.kinds
    ]
    columns = [f"{column}_{at}" for at, column in enumerate(columns, 1)]

    def rows() -> Iterator[list[str | None]]:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for record in csv.DictReader(file):
                yield [record[fields.id], record[truth]] + [
                    record[name] for name in fields.kinds
                ]

    return columns, rows()
