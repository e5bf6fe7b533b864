"""Exports of known systems land as they come, and nothing of them is lost or mixed."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .conftest import at_home
from .exports import EXPORTS, Export
from .warehouse import ENGINES, Project, Warehouse

GUESSED = {"linkedin_lead_gen", "google_ads_lead_forms"}
"""Systems of which no real file is known: taken from a folder of their name alone."""
ELSEWHERE = [export for export in EXPORTS if export.system not in GUESSED]
TWIN = "hubspot-crm-exports-all-calls.csv"
"""Lies in a second folder, byte for byte."""
LAYERS = ("staging", "intermediate", "marts")


def turned(export: Export) -> str:
    """The text of a file with its columns in the opposite order."""
    rows = export.rows()
    names = list(rows[0])[::-1]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, names, delimiter=export.delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def put(folder: Path, name: str, text: str, encoding: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(text.encode(encoding))


@pytest.fixture(scope="module", params=ENGINES)
def warehouse(
    request: pytest.FixtureRequest,
    project: Callable[[str], Project],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Warehouse]:
    """All of them, each in a folder of its system, and turned in a folder of others."""
    folder = tmp_path_factory.mktemp("exports") / "warehouse"
    with at_home():
        made = Warehouse(folder, project(request.param), "crm")
        for export in EXPORTS:
            put(made.inbox / export.system, export.name, export.text, export.encoding)
        for number, export in enumerate(ELSEWHERE):
            name = f"file-{number}.csv"
            if "file_name" in export.name or export.system == "mailchimp":
                name = f"mine_{export.name}"  # its name is its status
            put(made.inbox / f"acme{number}", name, turned(export), export.encoding)
        twin = next(e for e in EXPORTS if e.name == TWIN)
        put(made.inbox / "twin", "calls.csv", twin.text, twin.encoding)
        made.land()
        domains = ("commerce", "marketing")
        made.build(
            "--select", *(f"{layer}.{d}" for layer in LAYERS for d in domains),
            *("staging.crm", "int_crm__row_findings"),
            *("+dim_owners", "+dim_pipelines", "+dim_deal_stages"),
            *("fct_opportunities", "stg_ingest__rejects", "int_operations__findings"),
            *("stg_ingest__batches", "stg_ingest__files"),
            *("fct_ingest_batches", "fct_ingest_files"),
        )  # fmt: skip
        yield made


def files(warehouse: Warehouse, export: Export) -> list[tuple[int, str, str]]:
    """Number, scope and table of the files that hold an export."""
    number = ELSEWHERE.index(export) if export in ELSEWHERE else None
    return warehouse.query(
        "select file_id, id_scope, source_name || '.' || table_name"
        " from stg_ingest__files where status = 'landed' and ("
        " (instance_name = ? and file_name like ?) or instance_name = ?)"
        " order by file_id",
        export.system, f"%{export.name}", f"acme{number}",
    )  # fmt: skip


@pytest.mark.parametrize("export", EXPORTS, ids=lambda e: f"{e.system}-{e.name[:20]}")
def test_an_export_lands_whole(warehouse: Warehouse, export: Export) -> None:
    found = files(warehouse, export)
    assert [table for *_, table in found] == [export.table] * len(found)
    assert len(found) == 1 + (export in ELSEWHERE)
    for file_id, scope, _ in found:
        counts = warehouse.query(
            "select landed_count, rejected_count, separator_count"
            " from stg_ingest__files where file_id = ?", file_id,
        )  # fmt: skip
        rows = len(export.rows())
        apart = 0 if scope.startswith("acme") else export.beside
        assert counts == [(rows, 0, apart)], scope


def test_an_export_in_two_folders_is_a_finding(warehouse: Warehouse) -> None:
    found = warehouse.query(
        "select files.instance_name, files.table_name, findings.source_value"
        " from int_operations__findings as findings"
        " inner join stg_ingest__files as files on findings.file_id = files.file_id"
        " where findings.rule = 'export_in_two_folders'"
    )
    assert found == [("twin", "activities", "hubspot")]


KEYS = {
    "payments": "payment_key", "balance_entries": "entry_key", "deal_lines": "line_key",
    "order_lines": "line_key", "customers": "customer_key", "products": "product_key",
    "subscriptions": "subscription_key", "form_leads": "lead_key",
    "campaigns": "campaign_key", "list_members": "member_key",
}  # fmt: skip
CRM_KEYS = {
    "companies": "company_id", "contacts": "contact_id", "activities": "activity_id",
    "opportunities": "opportunity_id", "stage_changes": "stage_change_id",
    "owners": "owner_id", "leads": "lead_id",
}  # fmt: skip
OF_A_ROW = {"crm": "coalesce(row_currency, amount_currency)"}
"""The currency of a record in staging."""


@pytest.mark.parametrize("export", EXPORTS, ids=lambda e: f"{e.system}-{e.name[:20]}")
def test_money_and_identifiers_are_those_of_the_file(
    warehouse: Warehouse, export: Export
) -> None:
    source, table = export.table.split(".")
    currency = OF_A_ROW.get(source, "currency")
    key = (CRM_KEYS if source == "crm" else KEYS)[table]
    for file_id, scope, _ in files(warehouse, export):
        staged = f"from stg_{source}__{table} where _file_id = {file_id}"
        for column, header in export.money.items():
            sums = warehouse.query(
                f"select {currency}, sum({column}) {staged}"
                f" and {column} is not null group by 1"
            )
            assert dict(sums) == export.sums(header), (scope, column)
        keys = warehouse.query(f"select {key} {staged}")
        assert len(set(keys)) == len(export.rows()), "each record has a key of its own"
        if export.key:
            expected = [f"{scope}:{value}" for value in export.identifiers()]
            assert sorted(key for (key,) in keys) == expected
        if source != "crm":
            faulty = f"select _findings {staged} and _findings is not null"
            assert not warehouse.query(faulty)


@pytest.mark.parametrize("export", EXPORTS, ids=lambda e: f"{e.system}-{e.name[:20]}")
def test_the_money_of_a_file_is_reconciled(
    warehouse: Warehouse, export: Export
) -> None:
    """Its sums are those of the file, and no amount is lost on the way to the mart."""
    measured = {
        column.removesuffix("_minor").removesuffix("_cents"): header
        for column, header in export.money.items()
    }
    for file_id, *_ in files(warehouse, export):
        found: dict[str, dict[str | None, int]] = {}
        for measure, currency, amount, count, remainder in warehouse.query(
            "select measure, currency_code, file_minor, value_count, remainder_minor"
            " from rpt_reconciliation where file_id = ?", file_id,
        ):  # fmt: skip
            assert remainder == 0, (measure, currency)
            if count:
                found.setdefault(measure, {})[currency] = amount
        for measure, header in measured.items():
            if (export.table, measure) in RECONCILED:
                assert found[measure] == export.sums(header), measure
        reported = {measure for _, measure in RECONCILED}
        assert (export.table in {t for t, _ in RECONCILED}) == bool(
            found.keys() & reported
        )


RECONCILED = {
    *(("crm.opportunities", measure) for measure in ("amount",)),
    *(
        ("commerce.order_lines", measure)
        for measure in ("gross_amount", "line_amount", "tax", "order_total")
        + ("refunded_amount",)
    ),
    *(("commerce.payments", m) for m in ("amount", "refunded_amount", "fee")),
    *(("commerce.balance_entries", m) for m in ("amount", "fee", "net", "total")),
    ("commerce.subscriptions", "amount"),
}


def test_every_record_is_accounted_for(warehouse: Warehouse) -> None:
    """And none of two files is taken for one of another."""
    for table in KEYS:
        source = "marketing" if table in MARKETING else "commerce"
        states = {"customers": "shop_customers", "products": "shop_products"}
        found = warehouse.query(
            f"select row_status, count(*) from"
            f" int_{states.get(table, table)}__versioned group by row_status"
        )
        rows = [
            (2 if export in ELSEWHERE else 1) * len(export.rows())
            for export in EXPORTS
            if export.table == f"{source}.{table}"
        ]
        assert dict(found) == {"current": sum(rows)}, table


MARKETING = {"form_leads", "campaigns", "list_members"}


def test_what_is_no_money_is_marked(warehouse: Warehouse) -> None:
    kinds = Counter(
        dict(
            warehouse.query(
                "select payment_kind, count(*) from fct_payments"
                " where payment_id not like 'acme%' group by payment_kind"
            )
        )
    )
    # PayPal: two authorisations; Stripe: failed and test; Shopify: authorised;
    # QuickBooks: an invoice and a credit memo
    assert kinds["none"] == 7
    # PayPal: two; Shopify: two; Square: one
    assert kinds["refund"] == 5
    assert dict(
        warehouse.query(
            "select currency_code, sum(amount_minor) from fct_payments"
            " where payment_kind in ('payment', 'refund')"
            " and payment_id like 'paypal%' group by currency_code"
        )
    ) == {"USD": 75000, "EUR": 75000}
    assert warehouse.query(
        "select sum(amount_minor) from fct_payments where payment_id like 'shopify:%'"
        " and payment_kind in ('payment', 'refund')"
    ) == [(5150 - 1250 - 1250,)]


def test_a_stage_is_named_without_its_pipeline(warehouse: Warehouse) -> None:
    assert warehouse.query(
        "select distinct source_stage, source_pipeline"
        " from stg_crm__opportunities"
        " where substr(opportunity_id, -11) in ('30100202282', '30100200300')"
        " order by 1"
    ) == [("Closed won", "Sales Pipeline"), ("Qualified To Buy", "Renewals")]


def test_times_are_utc_by_their_own_zone(warehouse: Warehouse) -> None:
    times = dict(
        warehouse.query(
            "select payment_id, created_at from fct_payments"
            " where payment_id like 'paypal%' or payment_id like 'square%'"
        )
    )
    expected = {
        "paypal:1AB23456CD789012E": "2026-01-05T17:14:00",  # PST
        "paypal:1AB23456CD789012F": "2026-07-12T20:33:00",  # PDT
        "paypal-de:9XY00000000000001": "2026-02-13T09:00:00",  # CET, day first
        "paypal-de:9XY00000000000002": "2026-07-05T08:00:00",  # CEST
        "square:P1": "2026-01-05T14:14:00",  # Eastern, winter
        "square:P1:refund": "2026-07-06T13:14:00",  # Eastern, summer
    }
    assert {key: str(times[key])[:19].replace(" ", "T") for key in expected} == expected


def test_lines_of_an_order_belong_together(warehouse: Warehouse) -> None:
    lines = warehouse.query(
        "select order_id, currency_code, line_number, net_minor, order_total_minor"
        " from fct_order_lines where order_part like 'shopify:%'"
        " order by order_part, line_number"
    )
    first, second = "shopify:6100200300400", "shopify:6100200308319"
    assert lines == [
        (first, "EUR", 1, 1250, 1250),
        (second, "USD", 1, 1250, 5150),
        (second, "USD", 2, 3300, None),
        (second, "USD", 3, 3300, None),
        (second, "USD", 4, 1500, None),  # the row does not even name its order
    ]
    # a total that is repeated on each line counts once
    assert (
        warehouse.value(
            "select sum(order_total_minor) from fct_order_lines"
            " where order_part like 'xero:%'"
        )
        == 33000
    )


def test_products_and_customers_of_shops(warehouse: Warehouse) -> None:
    """A row of a further picture is no product; its name is on the first row."""
    assert warehouse.query(
        "select product_name, variant, sku, price_minor from dim_shop_products"
        " where shop_product_id like 'shopify:%' order by sku"
    ) == [("Mug", "Red", "M-1", 1250), ("Mug", "Blue", "M-2", 1650)]
    assert warehouse.query(
        "select shop_customer_id, email, total_spent_minor from dim_shop_customers"
        " where shop_customer_id like 'shopify:%' or shop_customer_id like 'stripe:%'"
        " order by 1"
    ) == [
        ("shopify:7210448300000", "mara@alder.example.com", 3150),
        ("shopify:7210448300001", "jonas@birch.example.com", 0),
        ("stripe:cus_1", "mara@alder.example.com", 12900),
    ]


def test_a_later_file_replaces_what_it_has(warehouse: Warehouse) -> None:
    """The same records a week later: states change, and nothing counts twice."""
    before = warehouse.value("select count(*) from fct_payments")
    lines = warehouse.value("select count(*) from fct_order_lines")
    stripe = next(e for e in EXPORTS if e.name == "unified_payments.csv")
    orders = next(e for e in EXPORTS if e.name == "orders_export_1.csv")
    changed = stripe.text.replace("129.00,0.00,usd", "129.00,29.00,usd")
    put(warehouse.inbox / "stripe", "unified_payments (1).csv", changed, "utf-8")
    fewer = "".join(orders.text.splitlines(keepends=True)[:4])
    put(warehouse.inbox / "shopify", "orders_export_2.csv", fewer, "utf-8")
    with at_home():
        warehouse.land()
        warehouse.build(
            "--select", *(f"{layer}.commerce" for layer in LAYERS),
            *("fct_ingest_batches", "fct_ingest_files"),
        )  # fmt: skip
    assert warehouse.value("select count(*) from fct_payments") == before
    assert (
        warehouse.value(
            "select refunded_minor from fct_payments where payment_id = 'stripe:ch_1'"
        )
        == 2900
    )
    # two lines of the order went with the later file, which has the order without them
    assert warehouse.value("select count(*) from fct_order_lines") == lines - 2
