# ruff: noqa: E501  - rows of files, as they are
"""One event in files of several systems: counted once where an identifier leads there,
and shown as open where none does.

What is expected is worked out by hand from the rows below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from .conftest import at_home
from .test_shop_money import build, put
from .warehouse import Project, Warehouse

SHOPIFY = (
    "Name,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Cancelled at,Refunded Amount,Id\n"
)


def order(name: str, number: str, total: str, refunded: str, currency: str = "EUR") -> str:
    return (
        f"{name},partially_refunded,2026-01-05 09:00:00 +0000,{currency},{total},0.00,0.00,{total},0.00,"
        f"2026-01-05 09:00:00 +0000,1,Mug,{total},M-1,,{refunded},{number}\n"
    )  # fmt: skip


NORTH = SHOPIFY + (
    order("#1001", "5551000000001", "50.00", "20.00")
    + order("#1002", "5551000000002", "60.00", "10.00")
    + order("#1003", "5551000000003", "70.00", "7.00")
)
SOUTH = SHOPIFY + order("#1001", "5552000000001", "80.00", "5.00")
STRIPE = (
    "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Converted Amount,Converted Currency,Fee,Mode,PaymentIntent ID,Status,Refunded date (UTC),Transfer,order_id (metadata)\n"
    # the identifier of an order of the first shop, as a number and as its API writes it
    "ch_1,2026-01-05 09:14:00,50.00,20.00,eur,true,50.00,eur,1.00,Live,pi_1,Paid,2026-01-30 10:00:00,,5551000000001\n"
    "ch_2,2026-01-05 09:14:00,60.00,10.00,eur,true,60.00,eur,1.00,Live,pi_2,Paid,2026-01-30 10:00:00,,gid://shopify/Order/5551000000002\n"
    # a number that two shops have: of the second one, but nothing says so
    "ch_3,2026-01-05 09:14:00,80.00,5.00,eur,true,80.00,eur,1.00,Live,pi_3,Paid,2026-01-30 10:00:00,,1001\n"
    # an order that nobody delivered, one without a number, and one of a currency that
    # no shop gave back
    "ch_4,2026-01-05 09:14:00,90.00,4.00,eur,true,90.00,eur,1.00,Live,pi_4,Paid,2026-01-30 10:00:00,,X-77\n"
    "ch_5,2026-01-05 09:14:00,90.00,3.00,eur,true,90.00,eur,1.00,Live,pi_5,Paid,2026-01-30 10:00:00,,\n"
    "ch_6,2026-01-05 09:14:00,90.00,2.50,eur,true,90.00,eur,1.00,Live,pi_6,Paid,2026-01-30 10:00:00,,\n"
    "ch_7,2026-01-05 09:14:00,90.00,2.00,usd,true,90.00,usd,1.00,Live,pi_7,Paid,2026-01-30 10:00:00,,X-78\n"
)
FILES = {
    "north_shopify/orders_export_1.csv": NORTH,
    "south_shopify/orders_export_1.csv": SOUTH,
    "stripe/unified_payments.csv": STRIPE,
}


@pytest.fixture(scope="module", params=["sqlite", "duckdb"])
def warehouse(
    request: pytest.FixtureRequest,
    project: Callable[[str], Project],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Warehouse]:
    """All of these files, built at once."""
    folder = tmp_path_factory.mktemp("overlaps") / "warehouse"
    with at_home():
        made = Warehouse(folder, project(request.param), "crm")
        for place, text in FILES.items():
            put(made, place, text)
        build(made)
        yield made


def test_a_refund_is_linked_by_the_identifier_of_its_order(
    warehouse: Warehouse,
) -> None:
    found = warehouse.query(
        "select order_id, payment_id, amount_minor, evidence, is_unlinked"
        " from fct_refunds where currency_code = 'EUR'"
    )
    north, south = "north_shopify.shopify:5551", "south_shopify.shopify:5552"
    assert sorted(found, key=repr) == sorted([
        (f"{north}000000001", "stripe:ch_1", 2000, "payment", 0),
        (f"{north}000000002", "stripe:ch_2", 1000, "payment", 0),
        (f"{north}000000003", None, 700, "order", 0),
        # the same as that of ch_3, but nothing leads from one to the other
        (f"{south}000000001", None, 500, "order", 0),
        (None, "stripe:ch_3", 500, "payment", 1),
        (None, "stripe:ch_4", 400, "payment", 1),
        (None, "stripe:ch_5", 300, "payment", 1),
        (None, "stripe:ch_6", 250, "payment", 1),
    ], key=repr)  # fmt: skip


def test_what_can_be_in_sums_twice_is_shown(warehouse: Warehouse) -> None:
    assert warehouse.query(
        "select source_value, record_id from int_commerce__findings"
        " where rule = 'refund_unlinked' order by 2"
    ) == [
        ("1001", "stripe:ch_3:refunded"),
        ("X-77", "stripe:ch_4:refunded"),
        (None, "stripe:ch_5:refunded"),  # the first of those that name none
    ]
    assert warehouse.query(
        "select currency_code, sum(refunded_minor), sum(refunded_unlinked_minor)"
        " from rpt_money_monthly group by 1 order by 1"
    ) == [
        ("EUR", 2000 + 1000 + 700 + 500 + 500 + 400 + 300 + 250, 500 + 400 + 300 + 250),
        ("USD", 200, 0),
    ]
    # a payment that several orders could be of pays none of them
    assert warehouse.query(
        "select payment_id, order_id from bridge_payment_orders order by 1"
    ) == [
        ("stripe:ch_1", "north_shopify.shopify:5551000000001"),
        ("stripe:ch_2", "north_shopify.shopify:5551000000002"),
        ("stripe:ch_3", None),
    ]


def test_two_shops_that_number_alike_keep_their_orders(warehouse: Warehouse) -> None:
    assert warehouse.query(
        "select sum(order_count), sum(sold_minor) from rpt_money_monthly"
        " where currency_code = 'EUR'"
    ) == [(4, 5000 + 6000 + 7000 + 8000)]
