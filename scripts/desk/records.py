"""Records as the desk shows them: their fields, side by side, and their lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from scripts.desk.base import Base, Row
from scripts.desk.entities import Entity
from scripts.desk.facts import money
from scripts.settings import PROJECT
from scripts.yaml_text import read_yaml

HIDDEN = frozenset(
    {"record_number", "latest_file_id", "touched_file_id", "_row_id", "_file_id"}
    | {"unit_id", "one_each", "trust", "email_domain", "mail_domain"}
    | {"organisation_record_id", "source_record_id", "annual_revenue_cents"}
    | {"source_company_id", "source_status", "source_lead_source", "source_industry"}
    | {"source_size", "annual_revenue_currency"}
)
"""Columns of records that say nothing of whom they are, or what others say, too."""
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?")
MARKS = {"same": "=", "alike": "≈", "differs": "≠", "one side": "·"}
CLEANED = "same after cleaning"
"""The word for values that are equal, though they are written differently."""
"""Per finding on two sides: its sign, as colour alone says nothing to some."""


@dataclass(frozen=True)
class Field:
    """A field of two sides, with all values of either."""

    name: str
    ones: tuple[str, ...]
    others: tuple[str, ...]
    mark: str
    """A key of MARKS."""
    finding: str
    """What the comparison of records says of it, or nothing."""
    is_compared: bool
    """Whether it is one of those that records are compared by."""


@dataclass(frozen=True)
class Origin:
    """The line of a file that a record comes from."""

    file_name: str
    line: int | None
    bronze: str | None
    """The table that the line is in."""
    row_id: int


def read(base: Base, entity: Entity, records: list[str]) -> dict[str, Row]:
    """Return records as they are now, by their identifiers."""
    if not base.has(entity.current):
        return {}
    rows = base.rows(
        f"""
        select * from {entity.current}
        where {entity.id} in (select value from json_each(:ids))
        """,
        records,
    )
    return {str(row[entity.id]): row for row in rows}


def cluster_of(base: Base, entity: Entity, record: str) -> list[str]:
    """Return the records of the golden record that a record is part of.

    The first gives it its identifier. There are none if the record is unknown.
    """
    if not base.has(entity.clustered):
        return []
    rows = base.rows(
        f"""
        select record_id from {entity.clustered}
        where cluster_id in (
            select cluster_id from {entity.clustered} where record_id = :record)
        order by record_id <> cluster_id, record_id
        """,
        record=record,
    )
    return [str(row["record_id"]) for row in rows]


def named(base: Base, entity: Entity, text: str) -> str | None:
    """Return the identifier that people mean: as it is, or in other letters.

    None if there is no such record, or several in other letters.
    """
    if not base.has(entity.clustered):
        return None
    rows = base.rows(
        f"""
        select record_id from {entity.clustered}
        where record_id = :text or lower(record_id) = lower(:text)
        order by record_id <> :text limit 3
        """,
        text=text.strip(),
    )
    found = [str(row["record_id"]) for row in rows]
    return found[0] if found[:1] == [text.strip()] or len(found) == 1 else None


def origins(base: Base, rows: dict[str, Row]) -> dict[str, Origin]:
    """Return the lines that records come from, by their identifiers."""
    if not base.has("fct_ingest_files"):
        return {}
    files = {
        row["file_id"]: row
        for row in base.rows(
            """
            select file_id, file_name, source_name, table_name from fct_ingest_files
            where file_id in (select value from json_each(:ids))
            """,
            [*{row["_file_id"] for row in rows.values()}],
        )
    }
    found = {}
    for record, row in rows.items():
        if file := files.get(row["_file_id"]):
            bronze = f"bronze_{file['source_name']}__{file['table_name']}"
            lines = (
                base.rows(
                    f'select _line from "{bronze}" where _row_id = :row_id',
                    row_id=row["_row_id"],
                )
                if base.has(bronze)
                else []
            )
            found[record] = Origin(
                file["file_name"],
                lines[0]["_line"] if lines else None,
                bronze if lines else None,
                row["_row_id"],
            )
    return found


def fields(
    entity: Entity, ones: list[Row], others: list[Row], evidence: str = ""
) -> list[Field]:
    """Return the fields of two sides; first come those that records are compared by."""
    findings, first = _findings(evidence), compared(entity.name)
    found = []
    for name in columns(entity, [*ones, *others]):
        left, right = _values(ones, name), _values(others, name)
        if not left and not right:
            continue
        finding = findings.get(name.replace("_", " "), "")
        mark = _mark(left, right, finding)
        if mark == "one side":
            finding = ""
        elif finding.startswith("equal") and mark == "alike":
            finding = CLEANED
        found.append(Field(name, left, right, mark, finding, name in first))
    return found


def columns(entity: Entity, rows: list[Row]) -> list[str]:
    """Return the columns of records that people are shown, in their order."""
    there = dict.fromkeys(name for row in rows for name in row)
    first = [name for name in compared(entity.name) if name in there]
    rest = [name for name in there if name not in first]
    return [n for n in first + rest if n not in HIDDEN and n != entity.id]


@lru_cache(maxsize=16)
def compared(entity: str) -> list[str]:
    """Return the fields by which records of an entity are compared."""
    declared = read_yaml((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    known = declared["vars"]["identity"].get(entity) or {}
    return [field["name"] for field in known.get("fields", ())]


def _values(rows: list[Row], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for row in rows if (text := value(row, name))))


def value(row: Row, name: str) -> str:
    """Return a value of a record as people read it; empty if there is none."""
    found = row.get(name)
    if found is None or found == "":
        return ""
    if name.startswith("is_"):
        return "yes" if found else "no"
    if name == "annual_revenue_minor":
        return money(found, row.get("annual_revenue_currency") or "")
    text = str(found)
    return f"{text[:10]} {text[11:16]}" if _TIME.fullmatch(text) else text


def _mark(ones: tuple[str, ...], others: tuple[str, ...], finding: str) -> str:
    if not ones or not others:
        return "one side"
    if finding.startswith("equal"):
        return "same" if {*ones} & {*others} else "alike"
    if finding not in ("", "different"):
        return "alike"
    if not {*ones} & {*others}:
        return "differs"
    return "same" if {*ones} == {*others} else "alike"


def _findings(evidence: str) -> dict[str, str]:
    """Return the finding of each field that a summary of identity_review names."""
    names = {name.replace("_", " ") for entity in _ALL for name in compared(entity)}
    found = {}
    for part in evidence.split(";"):
        text = part.strip()
        known = [name for name in names if text.startswith(f"{name} ")]
        if known:
            name = max(known, key=len)
            found[name] = text.removeprefix(name).strip()
    return found


_ALL = ("contacts", "companies", "leads", "people", "organisations")
