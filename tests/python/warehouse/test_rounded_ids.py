# ruff: noqa: E501  - rows of files, as they are
"""Identifiers that a spreadsheet has rounded: they join nothing, and merge nothing.

What is expected is worked out by hand from the rows below.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from .conftest import at_home
from .test_shop_money import LAYERS, put
from .warehouse import ENGINES, Project, Warehouse

ORDERS = (
    "Name,Financial Status,Currency,Subtotal,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Id\n"
    "#1001,paid,EUR,10.00,10.00,2026-11-02 09:00:00 +0100,1,Mug,10.00,4.01E+12,{}\n"
    "#1002,paid,EUR,30.00,30.00,2026-11-03 09:00:00 +0100,1,Mug,10.00,4.01E+12,{}\n"
    "#1002,,,,,2026-11-03 09:00:00 +0100,2,Bowl,10.00,B-1,\n"
    "#1003,paid,EUR,50.00,50.00,2026-11-04 09:00:00 +0100,5,Mug,10.00,M-1,{}\n"
)
# without numbers the identifier groups the rows
UNNUMBERED = (
    "Id;Financial Status;Currency;Subtotal;Total;Created at;Lineitem quantity;Lineitem name;Lineitem price\n"
    "6,40E+12;paid;EUR;30,00;30,00;2026-11-03 09:00:00 +0100;1;Mug;10,00\n"
    ";;;;;2026-11-03 09:00:00 +0100;2;Bowl;10,00\n"
    "6400000000009;paid;EUR;7,00;7,00;2026-11-04 09:00:00 +0100;1;Cup;7,00\n"
    "6,40E+12;paid;EUR;50,00;50,00;2026-11-04 09:00:00 +0100;5;Mug;10,00\n"
)
# a payment without an identifier is known by its order
TRANSACTIONS = (
    "Order,Name,Kind,Gateway,Created At,Status,Amount,Currency\n"
    "6.40E+12,#1001,sale,cash,2026-11-02 09:00:00 +0100,success,10.00,EUR\n"
    "6400000000003,#1003,sale,cash,2026-11-04 09:00:00 +0100,success,50.00,EUR\n"
)
CUSTOMERS = (
    "Customer ID,Email,First Name,Last Name,Accepts Email Marketing,Total Spent,Total Orders\n"
    "7.12E+12,ann@x.example,Ann,Alder,yes,10.00,1\n"
    "7.12E+12,bob@x.example,Bob,Birch,yes,20.00,1\n"
    "7120000000003,eve@x.example,Eve,Elm,yes,30.00,1\n"
)
PAYMENTS = (
    "id,Created date (UTC),Amount,Currency,Status,Captured,Mode,PaymentIntent ID,order_id (metadata)\n"
    "ch_1,2026-01-05 09:14:00,129.00,eur,Paid,true,Live,pi_1,6.40E+12\n"
)
FORM_LEADS = (
    "id,created_time,ad_id,ad_name,campaign_id,campaign_name,form_id,form_name,platform,email,full_name\n"
    "l:1,2026-01-05T09:14:00+00:00,1.20E+17,A,1.20256E+17,C,9,F,fb,ann@x.example,Ann Alder\n"
)
SALES = (
    "id,customer_id,store_id,product_name,sales_person_id,sales_date,price,quantity,total_cost\n"
    "1.20E+12,1,1,Mug,1,2026-01-05,10.00,1,10.00\n"
    "2,1,1,Mug,1,2026-01-05,10.00,1,10.00\n"
)
# of another program: a number of JSON with an exponent, and a text
LINES = [
    {
        "line_id": line_id, "order_id": order_id, "currency": "EUR", "product": "Mug",
        "quantity": 1, "unit_price": 5, "order_date": "2026-01-05",
    }
    for line_id, order_id in [(6.4e17, "A-1"), ("11", 6.4e17), ("12", "A-2")]
]  # fmt: skip
FILES = {
    "shopify/orders.csv": ORDERS.format("6.40E+12", "6.40E+12", "6.40E+12"),
    "unnumbered/orders.csv": UNNUMBERED,
    "shopify/transactions.csv": TRANSACTIONS,
    "shopify/customers.csv": CUSTOMERS,
    "stripe/payments.csv": PAYMENTS,
    "meta/leads.csv": FORM_LEADS,
    "sales/sales.csv": SALES,
    "commerce/order_lines.json": json.dumps(LINES),
}


def build(warehouse: Warehouse) -> None:
    warehouse.land()
    warehouse.build(
        "--select", *(f"{layer}.commerce" for layer in LAYERS),
        *("stg_ingest__batches", "stg_ingest__files", "stg_ingest__rejects"),
        *("fct_ingest_batches", "fct_ingest_files"),
        *("stg_marketing__form_leads", "stg_sales__transactions"),
    )  # fmt: skip


@pytest.fixture(scope="module", params=ENGINES)
def warehouse(
    request: pytest.FixtureRequest,
    project: Callable[[str], Project],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Warehouse]:
    """All of these files, built at once."""
    folder = tmp_path_factory.mktemp("rounded") / "warehouse"
    with at_home():
        made = Warehouse(folder, project(request.param), "crm")
        for place, text in FILES.items():
            put(made, place, text)
        build(made)
        yield made


TOTALS = (
    "select order_id, order_number, total_minor, lines_minor, line_count"
    " from fct_orders order by order_id"
)


def test_orders_that_their_numbers_tell_apart_stay_apart(warehouse: Warehouse) -> None:
    assert warehouse.query(TOTALS) == [
        ("A-2", None, 500, 500, 1),
        ("shopify:#1001", "#1001", 1000, 1000, 1),
        ("shopify:#1002", "#1002", 3000, 3000, 2),
        ("shopify:#1003", "#1003", 5000, 5000, 1),
        # of the others no row, not the one without an identifier either
        ("unnumbered.shopify:6400000000009", None, 700, 700, 1),
    ]
    assert warehouse.query("select distinct sku from fct_order_lines order by 1") == [
        *((None,), ("B-1",), ("M-1",))
    ]


FINDINGS = {
    ("shopify", "order_lines", "reference_rounded", "order_id", "6.40E+12"): 4,
    ("shopify", "order_lines", "reference_rounded", "sku", "4.01E+12"): 2,
    ("unnumbered", "order_lines", "id_rounded", "order_id", "6,40E+12"): 3,
    ("shopify", "payments", "id_rounded", "order_id", "6.40E+12"): 1,
    ("shopify", "customers", "id_rounded", "customer_id", "7.12E+12"): 2,
    ("stripe", "payments", "reference_rounded", "order_number", "6.40E+12"): 1,
    # a number of JSON; the order of another line is a key, which is not landed
    ("commerce", "order_lines", "id_rounded", "line_id", "6.4E+17"): 1,
}


def test_what_is_rounded_is_a_finding(warehouse: Warehouse) -> None:
    found = warehouse.query(
        "select files.instance_name, findings.table_name, findings.rule,"
        " findings.column_name, findings.source_value, count(*)"
        " from int_commerce__row_findings as findings"
        " inner join stg_ingest__files as files on findings._file_id = files.file_id"
        " where findings.rule like '%rounded' group by 1, 2, 3, 4, 5"
    )
    assert {tuple(key): count for *key, count in found} == FINDINGS
    assert warehouse.query("select reason from stg_ingest__rejects") == [
        ("order_id 6.4E+17 has lost digits: export it again as text",)
    ]


def test_nothing_is_joined_by_it(warehouse: Warehouse) -> None:
    assert warehouse.query("select shop_customer_id from dim_shop_customers") == [
        ("shopify:7120000000003",)
    ]
    assert warehouse.query(
        "select amount_minor, order_id from fct_payments order by 1"
    ) == [(5000, "shopify:6400000000003"), (12900, None)]
    assert warehouse.query(
        "select lead_key, campaign_id, ad_id, form_id from stg_marketing__form_leads"
    ) == [("meta:1", None, None, "meta:9")]
    sales = warehouse.query(
        "select source_sale_id, coalesce(_findings, '') like '%id_rounded%'"
        " from stg_sales__transactions order by _line"
    )
    assert sales == [(None, 1), ("2", 0)]


def test_an_export_as_text_takes_the_place_of_the_rounded_one(
    warehouse: Warehouse,
) -> None:
    ids = ("6400000000001", "6400000000002", "6400000000003")
    put(warehouse, "shopify/orders_2.csv", ORDERS.format(*ids))
    put(warehouse, "unnumbered/orders_2.csv", UNNUMBERED.replace("6,40E+12", ids[0], 1))
    build(warehouse)
    assert warehouse.query(TOTALS) == [
        ("A-2", None, 500, 500, 1),
        ("shopify:6400000000001", "#1001", 1000, 1000, 1),
        ("shopify:6400000000002", "#1002", 3000, 3000, 2),
        ("shopify:6400000000003", "#1003", 5000, 5000, 1),
        ("unnumbered.shopify:6400000000001", None, 3000, 3000, 2),
        ("unnumbered.shopify:6400000000009", None, 700, 700, 1),
    ]
    assert warehouse.query(
        "select order_id from fct_payments where amount_minor = 5000"
    ) == [("shopify:6400000000003",)]
