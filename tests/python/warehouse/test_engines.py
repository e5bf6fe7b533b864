"""The same deliveries on each engine give the same warehouse, cell for cell."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from marshal import dumps
from pathlib import Path
from typing import Any

import pytest

from scripts.clauses import whole
from scripts.dashboards import names, read
from scripts.morning.figures import cell
from scripts.share import pseudonyms
from scripts.share.copy import share
from scripts.share.declared import declared
from scripts.warehouse import opened
from tests.python.hostile import UNSTORABLE
from tools.generate.company.files import write as write_company
from tools.generate.company.truth import Company
from tools.generate.deliveries import deliveries
from tools.generate.files import write
from tools.generate.leads import Leads
from tools.generate.leads import write as write_leads
from tools.generate.sales import Shop
from tools.generate.sales_files import write as write_sales

from . import (
    hostile_files,
    test_mrr,
    test_notations,
    test_shop_money,
    test_shop_overlaps,
    test_shop_sales,
    test_untidy_values,
)
from .conftest import at_home
from .deliveries import company, contact
from .exports import EXPORTS
from .notations import note
from .registers import as_csv as as_csv_of_registers
from .registers import changing, nevada
from .test_faulty_deliveries import FAULTS, as_csv, good
from .warehouse import Project, Warehouse

Rows = list[dict[str, Any]]


def first_difference(one: dict[str, Rows], other: dict[str, Rows]) -> str | None:
    """Name the first cell in which two warehouses differ; None if there is none.

    A row is compared with the one most like it among those that have no equal.
    """
    if one.keys() != other.keys():
        return f"relations: {sorted(one.keys() ^ other.keys())}"
    for name in sorted(one):
        # bytes tell 2 from 2.0, as `repr` does in twice the time
        here, there = ({dumps(row, 2): row for row in w[name]} for w in (one, other))
        left = [here[key] for key in sorted(here.keys() - there.keys())]
        right = [there[key] for key in sorted(there.keys() - here.keys())]
        if not left and not right and len(one[name]) == len(other[name]):
            continue
        if not left or not right:
            counts = f"{len(one[name])} and {len(other[name])} rows"
            return f"{name}: {counts}, as {(left or right or one[name])[0]}"
        row = left[0]
        like = max(right, key=lambda r: sum(r.get(c) == row[c] for c in row))
        if row.keys() != like.keys():
            return f"{name}: columns {sorted(row.keys() ^ like.keys())}"
        column = next(c for c in row if repr(row[c]) != repr(like[c]))
        return f"{name}.{column}: {row[column]!r} and {like[column]!r} in {row}"
    return None


def test_first_difference_is_named() -> None:
    rows = [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]
    changed = [rows[0], {"id": 2, "name": "B"}]
    typed = [rows[0], {"id": 2.0, "name": "b"}]
    assert first_difference({"t": rows}, {"t": rows[::-1]}) is None
    assert first_difference({"t": rows}, {"t": changed}).startswith("t.name: 'b' and")
    assert first_difference({"t": rows}, {"t": typed}).startswith("t.id: 2 and 2.0")
    assert first_difference({"t": rows}, {"t": rows[:1]}).startswith("t: 2 and 1 rows")
    assert first_difference({"t": rows}, {"t": [*rows, rows[0]]}).startswith("t: 2 and")
    assert first_difference({"t": rows}, {"u": rows}) == "relations: ['t', 'u']"


def dirty(inbox: Path, every_second_from: int) -> None:
    """Deliver half of the faults of the tests for faults, each in its own file."""
    for number, fault in enumerate(FAULTS):
        if number % 2 != every_second_from:
            continue
        if fault.name == "field of 10 MB":
            continue  # in every message and comparison
        content = fault.content(good()[fault.table])
        if content is None:
            continue
        content = content.encode() if isinstance(content, str) else content
        suffix = "json" if content[:1] == b"[" else "csv"
        (inbox / f"{fault.table}_{number:02}.{suffix}").write_bytes(content)


def later(inbox: Path) -> None:
    """Deliver changes, a stale row, a new company and what could not be read."""
    rows = [
        contact("P1", title="CTO", last_modified="2024-06-01T00:00:00"),
        contact("P2", title="Clerk", last_modified="2023-01-02T00:00:00"),
        contact("P3", phone="030 123456", company_id="C77"),
        contact("P4", email="Zo\u00eb <zo\u00eb@example.com>", last_modified="3/4/24"),
    ]
    (inbox / "contacts_later.csv").write_text(as_csv(rows))
    (inbox / "companies_later.csv").write_text(as_csv([company("C77", country="DE")]))


def systems(inbox: Path) -> None:
    """Deliver two weeks of a company's HubSpot, Salesforce, Shopify and Stripe."""
    for _ in write_company(Company(seed=1, scale=0.5), inbox):
        pass


SCENARIOS = {
    "money": test_shop_money.FILES,
    "overlaps": test_shop_overlaps.FILES,
    "sales": test_shop_sales.FILES,
    "mrr": {"stripe/subscriptions-1.csv": test_mrr.FIRST},
}
LATER = {
    "sales": test_shop_sales.LATER,
    "mrr": {"stripe/subscriptions-2.csv": test_mrr.SECOND},
}


def scenarios(inbox: Path, files: dict[str, dict[str, str]]) -> None:
    """Deliver files of other tests, which ask what becomes of them on SQLite alone."""
    for scenario, texts in files.items():
        for place, text in texts.items():
            folder, _, name = place.partition("/")
            path = inbox / f"{folder}_{scenario}" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")


def other_domains(folder: Path) -> None:
    """Write sales, lists of leads, and registers that change."""
    for _ in write_sales(Shop(5, customers=30), folder / "sales", 200, dirt=0.16):
        pass
    for _ in write_leads(Leads(seed=4, per_list=30), folder / "leads"):
        pass
    (folder / "prospects").mkdir()
    for day, rows in changing(seed=3, days=4):
        faults = [nevada(50, Address="somewhere"), nevada(51), nevada(51)]
        text = as_csv_of_registers([*rows, *faults])
        (folder / "prospects" / f"nv_{day}.csv").write_text(text, "utf-8")


def half(inbox: Path, made: Path, part: int) -> None:
    """Deliver every second of the files that were made, so that days come late."""
    for path in sorted(path for path in made.rglob("*") if path.is_file())[part::2]:
        to = inbox / path.relative_to(made)
        to.parent.mkdir(exist_ok=True)
        shutil.copy(path, to)


def exports(inbox: Path) -> None:
    """Deliver the exports of all systems, each in a folder of its own."""
    for number, export in enumerate(EXPORTS):
        path = inbox / f"{export.system}_export{number}" / export.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(export.text.encode(export.encoding))


def answers(warehouse: Warehouse) -> dict[str, list[str]]:
    """What each chart of the dashboards shows, figures as people read them."""
    found = {}
    warehouse.choose()
    with opened(warehouse.settings) as there:
        for path in names():
            for name, chart in read(path)["charts"].items():
                columns, rows = there.named_rows(whole(chart["query"]), 100_000)
                cells = [[cell(surely(value)) for value in row] for row in rows]
                found[f"{path.stem} {name}"] = [str(columns), *sorted(map(str, cells))]
    return found


def shared(warehouse: Warehouse, patch: pytest.MonkeyPatch) -> dict[str, Rows]:
    """The tables of a shared copy, with pseudonyms of one key."""
    patch.setattr(pseudonyms.secrets, "token_bytes", bytes)
    target = warehouse.folder / "shared.db"
    warehouse.choose()
    share(warehouse.settings, target, declared(warehouse.manifest))
    copy = Warehouse.__new__(Warehouse)
    copy.engine, copy.database = "sqlite", target
    return copy.relations()


def surely(value: Any) -> Any:
    """A double without its last digits, which sums in another order change."""
    return float(f"{value:.13g}") if isinstance(value, float) else value


@dataclass
class Filled:
    """What a warehouse holds and shows after all deliveries."""

    relations: dict[str, Rows]
    answers: dict[str, list[str]]
    copy: dict[str, Rows]


def fill(warehouse: Warehouse, made: Path) -> None:
    """Deliver all, of which no record is lost; and as many files by increments."""
    samples = list(deliveries(seed=1, count=2))
    inbox = warehouse.inbox
    write(samples[0], inbox / "crm")
    dirty(inbox / "crm", 0)
    systems(inbox)
    scenarios(inbox, SCENARIOS)
    exports(inbox)
    half(inbox, made, 0)
    noted = test_untidy_values.deliver(warehouse)
    noted += test_notations.deliver(warehouse)
    warehouse.land()
    count, blanks = hostile_files.deliver(warehouse)
    warehouse.land()
    for name, facts in noted:
        note(warehouse, name, **facts)
    # with all seeds, models and data tests, none of which hostile values fail
    warehouse.build("--full-refresh", command="build")
    ((landed, rejected, apart, refused),) = warehouse.query(
        "select sum(landed_count), sum(rejected_count), sum(separator_count),"
        " sum(case when status <> 'landed' then 1 else 0 end)"
        " from fct_ingest_files"
        " where batch_id = (select max(batch_id) from fct_ingest_files)"
    )
    assert (landed + rejected + apart, refused) == (count, 0)
    assert apart == blanks > 0
    assert rejected >= len(UNSTORABLE)

    write(samples[1], inbox / "crm")
    dirty(inbox / "crm", 1)
    later(inbox / "crm")
    scenarios(inbox, LATER)
    half(inbox, made, 1)
    warehouse.land()
    for name, facts in noted:  # a lake's ledger is written anew
        note(warehouse, name, **facts)
    warehouse.build("--exclude-resource-type", "test", "seed", command="build")


@pytest.fixture(scope="module")
def filled(
    project: Callable[[str], Project], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Filled]:
    """Return what fills a warehouse of an engine, and looks at it."""
    made = tmp_path_factory.mktemp("made")
    other_domains(made)

    def give(engine: str) -> Filled:
        folder = tmp_path_factory.mktemp("filled") / engine
        with at_home(side_by_side=True) as patch:
            warehouse = Warehouse(folder, project(engine))
            fill(warehouse, made)
            relations = hostile_files.parsed(warehouse.relations())
            return Filled(relations, answers(warehouse), shared(warehouse, patch))

    return give


@pytest.fixture(scope="module")
def of_sqlite(filled: Callable[[str], Filled]) -> Filled:
    return filled("sqlite")


@pytest.mark.long
@pytest.mark.parametrize("other", ["duckdb", "postgres"])
def test_engines_agree(
    of_sqlite: Filled, filled: Callable[[str], Filled], other: str
) -> None:
    """All anew: generated deliveries, faults, scenarios, exports, and hostile values.
    And then by increments: as many of them with changes."""
    here, there = of_sqlite, filled(other)
    assert first_difference(here.relations, there.relations) is None
    for name, shown in here.answers.items():
        assert shown == there.answers[name], name
    assert first_difference(here.copy, there.copy) is None
    assert {"dim_contacts", "size_bands", "bronze_crm__contacts"} <= set(here.copy)
    one = here.relations
    assert len(one["dim_contacts"]) >= 500
    assert len(one["fct_row_errors"]) > 1_000
    assert {row["value"] for row in one["rpt_company_winners"]} >= {"true"}
    # the company's systems are among them
    assert {row["currency_code"] for row in one["fct_opportunities"]} >= {"EUR", "JPY"}
    for name in (
        *("fct_orders", "fct_refunds", "fct_payouts", "dim_subscriptions"),
        *("fct_lead_snapshots", "fct_sales", "dim_prospective_orgs"),
    ):
        assert one[name]
