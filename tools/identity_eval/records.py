"""Reads labelled records and the description of their fields."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import yaml

from scripts.command import CommandError

KINDS = (
    "first_name", "last_name", "full_name", "company", "company_id", "email",
    "phone", "date", "street", "house_number", "city", "postcode", "region",
    "country", "category", "identifier", "hash", "domain", "text",
)  # fmt: skip

Record = tuple[str | None, ...]


class InputError(CommandError):
    """A file cannot be used; the message names it, the place and the cause."""

    exit_code = 2


@dataclass(frozen=True)
class Field:
    """A column of the file, and what it is to the models."""

    name: str
    kind: str
    column: str
    """Name in the database, which is safe in SQL."""


@dataclass(frozen=True)
class Fields:
    """Which column identifies a record, and which ones are compared."""

    id: str
    compared: tuple[Field, ...]


def read_fields(path: Path) -> Fields:
    """Read the YAML that describes the fields; raises InputError."""
    try:
        with _opened(path) as file:
            given = yaml.safe_load(file)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        cause = " ".join(str(error).split())
        raise InputError(f"{path}: not a YAML file: {cause}") from None
    if not isinstance(given, dict) or not isinstance(given.get("id"), str):
        raise InputError(f"{path}: id: must name a column")
    listed = given.get("fields")
    if not isinstance(listed, list) or not listed:
        raise InputError(f"{path}: fields: must list what to compare")
    return Fields(
        given["id"],
        tuple(_field(path, at, field) for at, field in enumerate(listed, 1)),
    )


def _field(path: Path, at: int, given: Any) -> Field:
    if not isinstance(given, dict) or not {"name", "kind"} <= given.keys():
        raise InputError(f"{path}: fields: number {at} must have a name and a kind")
    name, kind = str(given["name"]), given["kind"]
    if kind not in KINDS:
        known = ", ".join(KINDS)
        raise InputError(f"{path}: kind of {name} is {kind!r}, must be one of {known}")
    safe = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    return Field(name, kind, f"f{at}_{safe}".rstrip("_"))


def records(path: Path, fields: Fields, truth: str) -> Iterator[Record]:
    """Give each record's id, label and compared values, in the file's order.

    A record without a label is another than all others. Raises InputError, for
    the header at once.
    """
    wanted = [fields.id, truth, *(field.name for field in fields.compared)]
    rows = _rows(path)
    header = next(rows, [])
    missing = [name for name in wanted if name not in header]
    if missing:
        raise InputError(f"{path}: no column {missing[0]!r} in its header")
    places = [header.index(name) for name in wanted]
    return (_record(row, places, at) for at, row in enumerate(rows, 1))


def _rows(path: Path) -> Iterator[list[str]]:
    with _opened(path) as file:
        reader = csv.reader(file)
        try:
            yield from (row for row in reader if row)
        except (csv.Error, UnicodeDecodeError) as error:
            raise InputError(f"{path}: line {reader.line_num}: {error}") from None


def _record(row: list[str], places: list[int], at: int) -> Record:
    row += [""] * (max(places) + 1 - len(row))
    values = [row[place] for place in places]
    values[1] = values[1] or f"record {at}"
    return tuple(values)


def _opened(path: Path) -> TextIO:
    try:
        return path.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
