# ruff: noqa: E501  - rows of files, as they are
"""Lines of orders are sales: each once, in its currency, and gone with their order.

What is expected is worked out by hand from the rows below.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .warehouse import ENGINES, Project, Warehouse

SHOPIFY_HEADER = (
    "Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem discount,Cancelled at,Refunded Amount,Id\n"
)
SHOPIFY = (
    "#1,ann@example.org,partially_refunded,2026-01-05 09:00:00 +0000,EUR,90.00,5.00,0.00,95.00,10.00,2026-01-05 09:00:00 +0000,2,Mug,50.00,M-1,0.00,,30.00,9000000001\n"
    "#2,ann@example.org,paid,2026-01-06 09:00:00 +0000,USD,35.00,0.00,0.00,35.00,0.00,2026-01-06 09:00:00 +0000,1,Mug,20.00,M-1,5.00,,0.00,9000000002\n"
    "#2,,,,,,,,,,,1,Bowl,20.00,B-1,0.00,,,\n"
    "#4,bob@example.org,voided,,USD,15.00,0.00,0.00,15.00,0.00,2026-02-02 09:00:00 +0000,1,Bowl,15.00,B-1,0.00,2026-02-03 09:00:00 +0000,0.00,9000000004\n"
    "#7,bob@example.org,paid,2026-03-01 09:00:00 +0000,JPY,9000,0,0,9000,0,2026-03-01 09:00:00 +0000,1,Bowl,9000,B-1,0,,0,9000000007\n"
)
CUSTOMERS = (
    "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,Phone,Total Spent,Total Orders,Tags\n"
    "'7001,Ann,Ray,ann@example.org,yes,,,125.00,2,\n"
)
WOO = (
    "Date,Order #,N. Revenue (formatted),Status,Customer,Product(s),Items sold,Net Sales\n"
    "2026-01-05 09:14:00,301,€45.00,completed,Mara,1× Mug,1,45\n"
    "2026-01-08 09:14:00,304,€31.00,failed,Lu,1× Mug,1,31\n"
)
AMAZON_HEADER = "amazon-order-id\tpurchase-date\torder-status\tproduct-name\tsku\tasin\tquantity\tcurrency\titem-price\titem-tax\tshipping-price\n"
AMAZON = (
    "112-5550001-1\t2026-01-05T09:14:00+00:00\tShipped\tWidget\tW-0\tB0\t2\tUSD\t59.98\t4.80\t3.00\n"
    "112-5550002-2\t2026-01-06T09:14:00+00:00\tShipped\tWidget\tW-0\tB0\t1\tUSD\t29.99\t2.40\t1.50\n"
    "112-5550003-3\t2026-01-06T09:14:00+00:00\tCancelled\tWidget\tW-1\tB1\t0\tUSD\t\t\t\n"
)
# the second order again, and one of its own
AGAIN = (
    "112-5550002-2\t2026-01-06T09:14:00+00:00\tShipped\tWidget\tW-0\tB0\t1\tUSD\t29.99\t2.40\t1.50\n"
    "112-5550004-4\t2026-01-07T09:14:00+00:00\tShipped\tGadget\tG-0\tB0\t1\tUSD\t5.00\t0.40\t0.00\n"
)
# the first order of Amazon as a sale, and a number that any shop can have
SALES = (
    "id,customer_id,store_id,product_name,sales_date,sales_person_id,price,quantity,total_cost,currency\n"
    "112-5550001-1,1,121,Widget,2025-01-05,7,29.99,2,59.98,\n"
    "301,1,121,Mug,2025-01-05,7,€45.00,1,€45.00,\n"
    "302,1,121,Mug,2025-01-05,7,1200,1,1200,JPY\n"
    "303,1,121,Mug,2025-01-05,7,1.255,1,1.255,KWD\n"
    "304,1,121,Mug,2025-01-05,7,kr 12,1,kr 12,\n"
)
EXPECTED = {
    # source, order or sale, product, currency: minor units, hundredths of dollars
    ("shopify", "shopify:9000000001", "mug", "EUR"): (10000, None),
    ("shopify", "shopify:9000000002", "mug", "USD"): (1500, 1500),
    ("shopify", "shopify:9000000002", "bowl", "USD"): (2000, 2000),
    ("shopify", "shopify:9000000007", "bowl", "JPY"): (9000, None),
    ("woocommerce", "woocommerce:301", "1× mug", "EUR"): (4500, None),
    ("amazon", "amazon:112-5550002-2", "widget", "USD"): (2999, 2999),
    ("other.amazon", "other.amazon:112-5550004-4", "gadget", "USD"): (500, 500),
    ("files", "112-5550001-1", "widget", "USD"): (5998, 5998),
    ("files", "301", "mug", "EUR"): (4500, None),
    ("files", "302", "mug", "JPY"): (1200, None),
    ("files", "303", "mug", "KWD"): (1255, None),
    ("files", "304", "mug", None): (1200, None),
}
MODELS = (
    *("staging.commerce", "intermediate.commerce", "marts.commerce"),
    *("staging.sales", "intermediate.sales", "marts.sales"),
    *("stg_ingest__batches", "stg_ingest__files", "fct_ingest_batches"),
    *("fct_ingest_files", "sales_totals_are_conserved"),
    *("intermediate.customers", "int_people__*", "int_organisations__*"),
    "marts.customers",
)


def put(shop: Warehouse, folder: str, name: str, text: str) -> None:
    (shop.inbox / folder).mkdir(parents=True, exist_ok=True)
    (shop.inbox / folder / name).write_text(text, encoding="utf-8")


def build(shop: Warehouse, *arguments: str) -> None:
    shop.land()
    shop.build("--select", *MODELS, *arguments, command="build")


FILES = {
    "shopify/orders_export_1.csv": SHOPIFY_HEADER + SHOPIFY,
    "shopify/customers_export.csv": CUSTOMERS,
    "woocommerce/wc-orders-report.csv": WOO,
    "amazon/orders.txt": AMAZON_HEADER + AMAZON,
    "sales/sales_2026.csv": SALES,
}
LATER = {"other/orders.txt": AMAZON_HEADER + AGAIN}


def fill(shop: Warehouse) -> None:
    for files in (FILES, LATER):
        for place, text in files.items():
            put(shop, *place.split("/"), text)
        build(shop)


def sales(shop: Warehouse) -> dict[tuple, tuple]:
    rows = shop.query(
        "select source_name, coalesce(order_id, source_sale_id), product_id,"
        " currency_code, total_cost_minor, total_cost_cents from fct_sales"
    )
    found = {tuple(row[:4]): row[4:] for row in rows}
    assert len(found) == len(rows)
    return found


@pytest.fixture(scope="module", params=ENGINES)
def filled(
    request: pytest.FixtureRequest, filled_once: Callable[..., Project]
) -> Project:
    return filled_once(fill, request.param, "sales")


@pytest.fixture
def shop(filled: Project, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return Warehouse(tmp_path_factory.mktemp("shop") / "w", filled, "sales")


def test_a_sale_is_one_however_many_systems_report_it(shop: Warehouse) -> None:
    assert sales(shop) == EXPECTED
    assert shop.query("select * from bridge_order_reports order by 1") == [
        ("amazon:112-5550001-1", "112-5550001-1", "delivered as a sale"),
        ("other.amazon:112-5550002-2", "amazon:112-5550002-2", "same identifier"),
    ]


def test_people_read_main_units(shop: Warehouse) -> None:
    assert set(
        shop.query("select currency_code, price, total_cost from fct_sales")
    ) >= {("EUR", 50.0, 100.0), ("JPY", 1200.0, 1200.0), ("KWD", 1.255, 1.255)}


def test_buyers_are_known_by_number_or_address(shop: Warehouse) -> None:
    assert shop.query(
        "select distinct order_id, sales.customer_id, full_name from fct_sales as sales"
        " join dim_customers using (customer_id) where order_id is not null order by 1"
    ) == [
        ("shopify:9000000001", "shopify:7001", "Ann Ray"),
        ("shopify:9000000002", "shopify:7001", "Ann Ray"),
    ]


def test_reports_are_in_one_currency_each(shop: Warehouse) -> None:
    expected: dict[str | None, int] = {}
    for (*_, currency), (units, _) in EXPECTED.items():
        expected[currency] = expected.get(currency, 0) + units
    for mart in ("customer_monthly_sales", "sales_daily", "product_monthly"):
        assert expected == dict(
            shop.query(
                "select currency_code, cast(sum(total_minor) as bigint)"
                f" from rpt_{mart} group by 1"
            )
        )
    cents = {"USD": sum(cents or 0 for _, cents in EXPECTED.values())}
    for mart in ("customer_monthly_sales", "sales_daily", "product_monthly"):
        assert cents == dict(
            shop.query(
                "select currency_code, cast(sum(total_cents) as bigint)"
                f" from rpt_{mart} where total_cents is not null group by 1"
            )
        )
    assert {"USD"} == {
        currency
        for (currency,) in shop.query(
            "select currency_code from rpt_sales_team_monthly"
            " where coalesce(total_cents, incentive_cents) is not null"
        )
    }


def test_findings_are_of_the_sales_alone(shop: Warehouse) -> None:
    found = {
        (rule, record, column)
        for rule, record, column in shop.query(
            "select rule, record_id, column_name from int_sales__findings"
        )
        if rule != "reference_unknown"
    }
    assert found == {
        ("currency_other", number, column)
        for number in ("301", "302", "303", "304")
        for column in ("price", "total_cost")
    } | {
        ("amount_ambiguous", "303", "price"),
        ("amount_ambiguous", "303", "total_cost"),
        ("product_not_in_catalogue", None, "product_name"),
    }
    assert shop.value(
        "select count(*) from int_sales__findings where rule = 'product_not_in_catalogue'"
    ) == len({"widget", "mug"})


@pytest.mark.long
def test_changed_orders_change_their_sales(shop: Warehouse) -> None:
    """A line that is gone, an order that is void: as after a full build."""
    changed = (
        "#1,ann@example.org,paid,2026-01-05 09:00:00 +0000,EUR,90.00,5.00,0.00,95.00,10.00,2026-01-05 09:00:00 +0000,2,Mug,45.00,M-1,0.00,,0.00,9000000001\n"
        "#2,ann@example.org,paid,2026-01-06 09:00:00 +0000,USD,20.00,0.00,0.00,20.00,0.00,2026-01-06 09:00:00 +0000,1,Bowl,20.00,B-1,0.00,,0.00,9000000002\n"
        "#7,bob@example.org,voided,,JPY,9000,0,0,9000,0,2026-03-01 09:00:00 +0000,1,Bowl,9000,B-1,0,2026-03-02 09:00:00 +0000,0,9000000007\n"
    )
    put(shop, "shopify", "orders_export_2.csv", SHOPIFY_HEADER + changed)
    put(shop, "shopify", "customers_export_2.csv", CUSTOMERS + "'7002,Bob,Lee,bob@example.org,yes,,,1.00,1,\n")  # fmt: skip
    build(shop)
    after = sales(shop)
    gone = {key for key in EXPECTED if key[1:3] in (
        ("shopify:9000000002", "mug"), ("shopify:9000000007", "bowl"),
    )}  # fmt: skip
    expected = {key: v for key, v in EXPECTED.items() if key not in gone}
    expected["shopify", "shopify:9000000001", "mug", "EUR"] = (9000, None)
    assert after == expected
    columns = "sale_id, customer_id, total_cost_minor, _row_id"
    query = f"select {columns} from fct_sales order by 1"
    before = shop.query(query), shop.query("select * from dim_customers order by 1")
    build(shop, "--full-refresh")
    assert before == (
        shop.query(query),
        shop.query("select * from dim_customers order by 1"),
    )


def test_a_quiet_source_holds_no_other_back(shop: Warehouse) -> None:
    (newest,) = shop.query("select max(file_id) from fct_ingest_files")
    # fct_sales and dim_customers also wait for persons, which are not built here
    for name in ("fct_order_lines", "dim_products", "dim_dates"):
        assert shop.query(
            "select watermark from _build_state where relation = ?", name
        ) == [newest]
