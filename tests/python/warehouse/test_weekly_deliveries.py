"""Exports of known systems a week apart: history has what changed, and no more.

The second file is the first with three values changed, two rows left out and two
added; the third is the second without a third of its columns.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from scripts.ingest.clock import VARIABLE
from scripts.ingest.headers import normal
from scripts.ingest.sources import load_sources
from scripts.ingest.systems import SHIPPED, load_shapes
from scripts.settings import PROJECT

from .exports import EXPORTS as TRUE_SHAPES
from .warehouse import ENGINES, Project, Warehouse

EXPORTS = PROJECT.parent / "shared" / "data" / "exports"
WEEKS = ("2026-12-01T00:00:00Z", "2026-12-08T00:00:00Z", "2026-12-15T00:00:00Z")
CHANGING = {
    # columns of which a value changes, the first that the file has
    "companies": ["name"], "contacts": ["first_name", "full_name", "last_name"],
    "opportunities": ["name"], "activities": ["subject"], "owners": ["name"],
    "leads": ["company", "title"], "stage_changes": ["stage"],
    "opportunity_contacts": ["role"],
    "order_lines": ["payment_method", "quantity", "tax"],
    "payments": ["status", "method", "fee"],
    "balance_entries": ["status", "net", "fee", "channel"], "deal_lines": ["quantity"],
    "customers": ["city", "status", "orders_count"],
    "products": ["vendor", "price", "status"], "subscriptions": ["status"],
    "form_leads": ["campaign", "title", "city", "platform"], "campaigns": ["status"],
    "list_members": ["title", "city", "last_name"],
}  # fmt: skip
TOLD_BY = {"order_lines": ["order_number", "order_id", "sku"],
           "balance_entries": ["order_id", "sku"], "customers": ["email"],
           "form_leads": ["email"], "list_members": ["email"],
           "payments": ["description", "amount"], "products": ["sku"]}  # fmt: skip
"""What is new of a new record, where the system gives no identifier."""
KEYS = {"crm.companies": "company_id", "crm.contacts": "contact_id",
        "crm.opportunities": "opportunity_id", "crm.activities": "activity_id",
        "crm.owners": "owner_id", "crm.leads": "lead_id"}  # fmt: skip


@dataclass
class Sheet:
    """A file of rows, as it is written."""

    system: str
    name: str
    raw: bytes
    encoding: str = ""
    delimiter: str = ""
    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    beside: list[list[str]] = field(default_factory=list)
    """Lines that are none of its records, below these."""

    def __post_init__(self) -> None:
        is_wide = self.raw[:2] in (b"\xff\xfe", b"\xfe\xff")
        self.encoding = "utf-16" if is_wide else "utf-8-sig"
        text = self.raw.decode(self.encoding)
        first = text.splitlines()[0]
        self.delimiter = max(",;\t", key=first.count)
        rows = list(csv.reader(io.StringIO(text), delimiter=self.delimiter))
        self.header = rows[0]
        for row in rows[1:]:
            whole = len(row) == len(self.header)
            (self.rows if whole else self.beside).append(row)

    def written(self, rows: list[list[str]], but: set[int] = frozenset()) -> bytes:  # type: ignore[assignment]
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=self.delimiter, lineterminator="\r\n")
        for row in (self.header, *rows):
            writer.writerow([c for n, c in enumerate(row) if n not in but])
        return text.getvalue().encode(self.encoding)


def sheets() -> list[Sheet]:
    """The files of all systems, real ones first."""
    found = []
    for path in sorted(EXPORTS.glob("*/*")) if EXPORTS.exists() else []:
        if path.suffix.lower() == ".zip":
            with zipfile.ZipFile(path) as archive:
                found += [
                    Sheet(path.parent.name, Path(name).name, archive.read(name))
                    for name in archive.namelist()
                    if name.endswith(".csv")
                ]
        elif path.parent.name != "excel_habits":
            found.append(Sheet(path.parent.name, path.name, path.read_bytes()))
    real = {(sheet.system, sheet.name) for sheet in found}
    known = {system for system, _ in real}
    for export in TRUE_SHAPES:
        name = export.name
        if (export.system, name) in real or export.system in known or export.beside:
            continue
        made = Sheet(export.system, name, export.text.encode(export.encoding))
        made.rows = [_again(made.rows[0], n) for n in range(8)] if made.rows else []
        found.append(made)
    return [sheet for sheet in found if len(sheet.rows) >= 7]


def _again(row: list[str], number: int) -> list[str]:
    """A row with other numbers in its first cells, which hold its key."""
    return [
        re.sub(r"\d(?=\D*$)", str(number), cell) if re.search(r"\d{3}", cell)
        and not re.search(r"\d[-/.:]\d", cell) else cell
        for cell in row
    ]  # fmt: skip


SHEETS = sheets()
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not EXPORTS.exists(), reason="without the real exports"),
]


class Weeks:
    """The deliveries of one file."""

    def __init__(
        self, sheet: Sheet, columns: dict[str, int], table: str, required: set[int]
    ) -> None:
        rows, self.sheet = sheet.rows, sheet
        at = next((columns[c] for c in CHANGING[table] if c in columns), None)
        key = columns.get("_key")
        new_at = [columns[c] for c in TOLD_BY.get(table, []) if c in columns]
        new_at = [key] if key is not None else new_at
        assert new_at, (sheet.system, sheet.name)
        later = [columns[c] for c in ("last_modified", "changed_at") if c in columns]
        # rows whose identifier comes once and has the value that changes
        firsts = [tuple(row[n] for n in new_at) for row in rows]
        able = [
            n for n, row in enumerate(rows) if (at is None or row[at].strip())
            and firsts.count(firsts[n]) == 1
        ]  # fmt: skip
        # without an identifier, what a change would leave is another record
        self.changed = able[:3] if at is not None else []
        self.dropped = [
            n for n in range(len(rows) - 1, -1, -1) if n not in self.changed
        ][:2]
        second = []
        for n, row in enumerate(rows):
            if n in self.dropped:
                continue
            row = list(row)
            if at is not None and n in self.changed:
                row[at] = "7" if re.fullmatch(r"\D{0,2}[\d.,]+", row[at]) else "Other"
                for time in later:
                    row[time] = re.sub(r"^20\d\d-\d\d-\d\d", "2026-12-05", row[time])
            second.append(row)
        self.added = []
        for n in range(2):
            row = list(rows[able[0] if able else 0])
            for place in new_at:
                row[place] = _new(row[place], n)
            self.added.append(len(second))
            second.append(row)
        self.second = sheet.written(second)
        kept = {at or 0, *new_at, *columns.values(), 0}
        spare = [n for n in range(len(sheet.header)) if n not in kept]
        spare += [
            n for c, n in columns.items()
            if c not in ("_key", "last_modified") and n not in (at, *new_at, 0)
            and n not in required
            and c not in TOLD_BY.get(table, [])
        ][::3]  # fmt: skip
        self.third = sheet.written(second, set(spare[: len(sheet.header) // 3]))


def _new(value: str, number: int) -> str:
    """Another identifier of the same form."""
    digits = re.sub(r"\d(?=\D*$)", "", value)
    head, sep, tail = digits.rpartition("@")
    if sep:
        return f"new{number}{head}@{tail}"
    if re.search(r"\d", value):
        return re.sub(r"(\d)(\D*)$", rf"\g<1>9{number}\2", value)
    return f"{value}9{number}"


def fill(warehouse: Warehouse) -> None:
    shapes = {
        (shape.system, shape.shape): shape
        for shape in load_shapes(load_sources(), [SHIPPED])
    }
    facts: dict[str, Any] = {"versions": [], "files": {}}

    def deliver(week: int, contents: dict[tuple[str, str], bytes]) -> None:
        for (system, name), content in contents.items():
            folder = warehouse.inbox / system
            folder.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(VARIABLE, WEEKS[week])
            outcomes = warehouse.land().outcomes
            refused = [(o.label, o.reason) for o in outcomes if o.status == "refused"]
            assert not refused
            warehouse.build(
                "--select", *(f"staging.{s}" for s in ("crm", "commerce", "marketing")),
                *(f"intermediate.{s}" for s in ("crm", "commerce", "marketing")),
                "staging.ingest", "path:seeds", "--exclude-resource-type", "test",
                command="build",
            )  # fmt: skip
        facts["versions"].append(versions(warehouse))

    deliver(0, {(s.system, s.name): s.written(s.rows) for s in SHEETS})
    second, third = {}, {}
    for sheet in SHEETS:
        found = warehouse.query(
            "select source_name, table_name, system_name, shape_name from ingest_files"
            " where instance_name = ? and file_name = ?", sheet.system, sheet.name,
        )  # fmt: skip
        if not found:
            continue
        source, table, system, shape = found[0]
        columns: dict[str, int] = {}
        titles = {normal(title): n for n, title in reversed([*enumerate(sheet.header)])}
        required: set[int] = set()
        for column in shapes[system, shape].columns:
            for header in column.headers or ():
                if normal(header) in titles:
                    columns.setdefault(column.name, titles[normal(header)])
                    if column.required:
                        required.add(titles[normal(header)])
                    if column.name == load_key(source, table):
                        columns["_key"] = titles[normal(header)]
                    break
        weeks = Weeks(sheet, columns, table, required)
        second[sheet.system, sheet.name] = weeks.second
        third[sheet.system, sheet.name] = weeks.third
        facts["files"][f"{sheet.system}/{sheet.name}"] = {
            "table": f"{source}.{table}", "changed": weeks.changed,
            "added": weeks.added, "dropped": weeks.dropped,
        }  # fmt: skip
    deliver(1, second)
    deliver(2, third)
    (warehouse.folder / "facts.json").write_text(json.dumps(facts))


FIRST = {
    "order_lines": "line_id", "products": "variant_id", "balance_entries": "entry_id",
}  # fmt: skip


def load_key(source: str, table: str) -> str:
    """The column with a record's identifier."""
    if table in FIRST:
        return FIRST[table]
    (found,) = (
        t.columns[0].name for t in load_sources()[source].tables if t.name == table
    )
    return str(found)


def models(warehouse: Warehouse) -> dict[str, tuple[str, str]]:
    """Staging model → the one with its versions, and the key of both."""
    names = {
        name
        for (name,) in warehouse.query(
            "select name from sqlite_master where type in ('table', 'view')"
        )
    }
    other = {"stg_commerce__customers": "int_shop_customers__versioned",
             "stg_commerce__products": "int_shop_products__versioned",
             "stg_crm__leads": "int_crm_leads__versioned"}  # fmt: skip
    found = {}
    for name in names:
        if not re.match("stg_(crm|commerce|marketing)__", name):
            continue
        versioned = other.get(name) or f"int_{name.split('__')[1]}__versioned"
        if versioned in names:
            key = warehouse.query(f"pragma table_info('{versioned}')")[0][1]
            found[name] = (versioned, key)
    return found


def versions(warehouse: Warehouse) -> dict[str, Any]:
    """Of each table the versions of each record, and the records of each file."""
    found: dict[str, Any] = {"count": {}, "gone": [], "keys": {}}
    for staging, (versioned, key) in sorted(models(warehouse).items()):
        found["count"][staging] = dict(
            warehouse.query(
                f"select {key}, count(*) from {versioned}"
                " where row_status in ('current', 'superseded') group by 1"
            )
        )
        found["gone"] += warehouse.query(f"select {key} from {versioned} where is_gone")
        for name, record, value in warehouse.query(
            "select files.instance_name || '/' || files.file_name, rows._record,"
            f" rows.{key} from {staging} as rows inner join ("
            "select instance_name, file_name, max(file_id) as file_id from ingest_files"
            " where status = 'landed' group by 1, 2) as files"
            " on rows._file_id = files.file_id order by 1, 2"
        ):
            found["keys"].setdefault(name, []).append(value)
            del record
    return found


@pytest.fixture(scope="module", params=ENGINES)
def weeks(
    request: pytest.FixtureRequest, filled_once: Callable[[Any, str, str], Project]
) -> dict[str, Any]:
    """What is known after each delivery."""
    made = filled_once(fill, request.param, "crm")
    assert made.template
    return json.loads((made.template / "facts.json").read_text())  # type: ignore[no-any-return]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda s: f"{s.system}/{s.name}")
def test_history_has_what_changed_and_no_more(
    weeks: dict[str, Any], sheet: Sheet
) -> None:
    name = f"{sheet.system}/{sheet.name}"
    if name not in weeks["files"]:
        pytest.skip("a file that is not read")
    of = weeks["files"][name]
    staging = f"stg_{of['table'].replace('.', '__')}"
    first, second, third = (week["count"][staging] for week in weeks["versions"])
    keys = [week["keys"][name] for week in weeks["versions"]]
    assert len(keys[0]) == len(sheet.rows)
    changed = {keys[0][n] for n in of["changed"]}
    added = {keys[1][n] for n in of["added"]}
    assert len(changed) == len(of["changed"])
    assert len(added) == 2
    assert not added & set(keys[0])
    mine = {*keys[0], *keys[1]}
    was = {key: first.get(key, 0) for key in mine}
    assert {key: second[key] for key in mine} == {
        key: was[key] + (key in changed) + (key in added) for key in mine
    }
    # nothing has changed but that a third of the columns is missing
    assert {key: third[key] for key in mine} == {key: second[key] for key in mine}


def test_nothing_is_deleted_but_by_its_own_mark(weeks: dict[str, Any]) -> None:
    marked = {
        row[sheet.header.index("Id")]
        for sheet in SHEETS
        if "IsDeleted" in sheet.header
        for row in sheet.rows
        if row[sheet.header.index("IsDeleted")] == "1"
    }
    for week in weeks["versions"]:
        assert {key.rpartition(":")[2] for (key,) in week["gone"]} == marked


def test_real_exports_are_there() -> None:
    if not EXPORTS.exists():
        pytest.skip(f"without the real exports in {EXPORTS}")
    assert {"hubspot", "salesforce", "shopify"} <= {sheet.system for sheet in SHEETS}
