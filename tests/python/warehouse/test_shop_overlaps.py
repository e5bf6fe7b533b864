# ruff: noqa: E501  - rows of files, as they are
"""One event in files of several systems: counted once where an identifier leads there,
and shown as open where none does.

What is expected is worked out by hand from the rows below.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from scripts.clauses import bound
from scripts.dashboards import read
from scripts.settings import PROJECT

from .test_shop_money import delivered, dry_run_differs
from .warehouse import ENGINES, Project, Warehouse

SHOPIFY = (
    "Name,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Cancelled at,Refunded Amount,Id\n"
)


def order(
    name: str, number: str, total: str, refunded: str, currency: str = "EUR"
) -> str:
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
PAYPAL = (
    '"Date","Time","TimeZone","Name","Type","Status","Currency","Gross","Fee","Net","Transaction ID","Reference Txn ID","Balance Impact"\n'
    '"01/05/2026","09:14:00","GMT","Mara","Express Checkout Payment","Completed","GBP","100.00","-3.00","97.00","1A","","Credit"\n'
    '"01/10/2026","09:14:00","GMT","Mara","Chargeback","Completed","GBP","-100.00","0.00","-100.00","1B","1A","Debit"\n'
    '"01/10/2026","09:14:00","GMT","","Chargeback Fee","Completed","GBP","-14.00","0.00","-14.00","1C","1A","Debit"\n'
    # taken back, and given again
    '"02/02/2026","09:14:00","GMT","Lu","Chargeback","Completed","GBP","-40.00","0.00","-40.00","1D","1X","Debit"\n'
    '"02/10/2026","09:14:00","GMT","Lu","Chargeback Reversal","Completed","GBP","40.00","0.00","40.00","1E","1X","Credit"\n'
    '"02/11/2026","09:14:00","GMT","","Hold on Balance for Dispute Investigation","Completed","GBP","-50.00","0.00","-50.00","1F","","Debit"\n'
    '"02/11/2026","09:14:00","GMT","","Cancellation of Hold for Dispute Resolution","Completed","GBP","50.00","0.00","50.00","1G","","Credit"\n'
    '"02/22/2026","09:14:00","GMT","Jo","Payment Reversal","Completed","GBP","-20.00","0.00","-20.00","1H","","Debit"\n'
)
DISPUTED = (
    "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Fee,Mode,Status,Disputed Amount,Dispute Date (UTC),Dispute Status\n"
    "ch_a,2026-01-05 09:14:00,100.00,0.00,cad,true,3.20,Live,Paid,100.00,2026-01-20 10:00:00,needs_response\n"
    "ch_b,2026-01-05 09:14:00,50.00,0.00,cad,true,2.00,Live,Paid,50.00,2026-01-20 10:00:00,won\n"
    # those that the balance has, of which one came back
    "ch_c,2026-01-05 09:14:00,60.00,0.00,cad,true,2.00,Live,Paid,60.00,2026-01-20 10:00:00,lost\n"
    "ch_d,2026-01-05 09:14:00,70.00,0.00,cad,true,2.00,Live,Paid,70.00,2026-01-20 10:00:00,\n"
)
BALANCE = (
    "balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,reporting_category,source_id,charge_id,automatic_payout_id\n"
    # its fee is in the file of payments; that of the next one is not
    "txn_1,2026-01-05 09:14:00,2026-01-07 00:00:00,cad,100.00,3.20,96.80,charge,ch_a,ch_a,\n"
    "txn_2,2026-01-05 09:14:00,2026-01-07 00:00:00,cad,30.00,1.10,28.90,charge,ch_z,ch_z,\n"
    "txn_3,2026-01-31 09:14:00,2026-01-31 00:00:00,cad,-2.00,0.00,-2.00,fee,fee_1,,\n"
    "txn_4,2026-02-01 00:00:00,2026-02-01 00:00:00,cad,-60.00,15.00,-75.00,dispute,du_c,ch_c,\n"
    "txn_5,2026-03-01 00:00:00,2026-03-01 00:00:00,cad,-70.00,15.00,-85.00,dispute,du_d,ch_d,\n"
    "txn_6,2026-03-09 00:00:00,2026-03-09 00:00:00,cad,70.00,-15.00,85.00,dispute_reversal,du_d,ch_d,\n"
    "txn_7,2026-03-10 00:00:00,2026-03-10 00:00:00,cad,-10.00,0.10,-10.10,payout,po_1,,po_1\n"
)
ETSY = (
    "Sale Date,Order ID,Buyer User ID,Number of Items,Currency,Order Value,Shipping,Order Total,Card Processing Fees,Adjusted Order Total,Adjusted Card Processing Fees\n"
    "01/05/26,310,mara1,2,AUD,40.00,5.00,45.00,1.60,0.00,0.00\n"
    "01/06/26,311,mara1,1,AUD,85.00,5.00,90.00,3.00,80.00,2.70\n"
)
AMAZON = (
    "settlement-id\tdeposit-date\ttotal-amount\tcurrency\ttransaction-type\torder-id\tamount-type\tamount-description\tamount\tposted-date-time\tsku\n"
    "19\t2026-03-17T00:00:00+00:00\t60.00\tMXN\t\t\t\t\t\t\t\n"
    "19\t\t\t\tOrder\t200-1\tItemPrice\tPrincipal\t100.00\t2026-03-02T14:23:00+00:00\tW-0\n"
    "19\t\t\t\tOrder\t200-1\tItemFees\tCommission\t-15.00\t2026-03-02T14:23:00+00:00\tW-0\n"
    "19\t\t\t\tother-transaction\t\tother-transaction\tSubscription Fee\t-25.00\t2026-03-03T14:23:00+00:00\t\n"
)
# the same settlement in the older report, and another one
AMAZON_V1 = (
    "settlement-id\tdeposit-date\ttotal-amount\tcurrency\ttransaction-type\torder-id\tprice-type\tprice-amount\titem-related-fee-type\titem-related-fee-amount\tshipment-fee-amount\tother-amount\tposted-date\tsku\n"
    "19\t2026-03-17T00:00:00+00:00\t60.00\tMXN\t\t\t\t\t\t\t\t\t\t\n"
    "19\t\t\t\tOrder\t200-1\tPrincipal\t100.00\tCommission\t-15.00\t\t\t2026-03-02T14:23:00+00:00\tW-0\n"
    "19\t\t\t\tSubscription Fee\t\t\t\t\t\t\t-25.00\t2026-03-03T14:23:00+00:00\t\n"
    "20\t2026-03-31T00:00:00+00:00\t35.50\tMXN\t\t\t\t\t\t\t\t\t\t\n"
    "20\t\t\t\tOrder\t200-2\tPrincipal\t50.00\tCommission\t-7.50\t-3.00\t\t2026-03-20T14:23:00+00:00\tW-0\n"
    "20\t\t\t\tStorage Fee\t\t\t\t\t\t\t-4.00\t2026-03-21T14:23:00+00:00\t\n"
)
XERO = (
    "*ContactName,EmailAddress,*InvoiceNumber,*InvoiceDate,Total,*Quantity,*UnitAmount,Type,Currency,Status\n"
    "Mara,mara@example.org,INV-1,05/01/2026,100.00,1,100.00,ACCREC,CHF,PAID\n"
    "Mara,mara@example.org,CN-1,15/01/2026,30.00,1,30.00,ACCRECCREDIT,CHF,PAID\n"
)
# an order of the first shop in another file and folder
AGAIN = SHOPIFY + order("#1002", "5551000000002", "60.00", "10.00")
CODES = SHOPIFY + (
    order("#1", "5553000000001", "10.00", "0.00", "xyz")
    + order("#2", "5553000000002", "20.00", "0.00", "QQQ")
    + order("#3", "5553000000003", "30.00", "0.00", "sek")
    + order("#4", "5553000000004", "40.00", "0.00", "US$")
)
# signs of WooCommerce, two of them with a mark for the direction of writing
WOO = "Date,Order #,N. Revenue (formatted),Status,Customer,Product(s),Items sold,Net Sales\n" + "".join(
    f"2026-01-05 09:14:00,{number},{formatted},completed,Mara,1× Mug,1,45.5\n"
    for number, formatted in [
        (301, "45.500 د.ك"), (302, "د.إ\u00a045.50"), (303, "\u200f45.50 ر.س\u200f"), (304, "45.50 ر.ق"),
        (305, ".د.ب45.500"), (306, "45.50 ج.م"), (307, "45.50 تومان"),
    ]
)  # fmt: skip
DOLLARS = "Date,Order #,N. Revenue (formatted),Status,Customer,Product(s),Items sold,Net Sales\n" + (
    '2026-01-05 09:14:00,401,"$1,215.00",completed,Mara,1× Mug,1,"$1,215.00"\n'
    "2026-01-05 09:14:00,402,$0.50,completed,Mara,1× Tea,1,$0.50\n"
)  # fmt: skip
# what PayPal has of WooCommerce's orders: their numbers with a prefix
INVOICED = (
    '"Date","Time","TimeZone","Name","Type","Status","Currency","Gross","Fee","Net","Transaction ID","Invoice Number","Balance Impact"\n'
    '"01/05/2026","09:14:00","GMT","Mara","Express Checkout Payment","Completed","QAR","45.50","0.00","45.50","2A","WC-304","Credit"\n'
    '"01/05/2026","09:14:00","GMT","Mara","Express Checkout Payment","Completed","QAR","9.00","0.00","9.00","2B","WC-999","Credit"\n'
    '"01/05/2026","09:14:00","GMT","Mara","Express Checkout Payment","Completed","QAR","9.00","0.00","9.00","2C","INV-304","Credit"\n'
)
POSTED = (
    "Acme LLC,,,,,\nTransaction List by Date,,,,,\n,,,,,\n"
    "Date,Transaction Type,Num,Posting,Amount,Currency\n"
    '01/15/2026,Payment,7,Yes,"1,200.00",NOK\n'
    "01/16/2026,Payment,8,No,300.00,NOK\n"
    # its own numbers, which orders of another system have: one of the same amount
    "01/17/2026,Payment,304,Yes,45.50,QAR\n"
    "01/18/2026,Payment,302,Yes,30.00,AED\n"
    "01/19/2026,Payment,305,Yes,45.50,NOK\n"
    "01/20/2026,Payment,303,Yes,45.50,\n"
)
FILES = {
    "dollar_woocommerce/orders.csv": DOLLARS,
    "paypal_wc/Download.CSV": INVOICED,
    "quickbooks/list.csv": POSTED,
    "north_shopify/orders_export_1.csv": NORTH,
    "south_shopify/orders_export_1.csv": SOUTH,
    "stripe/unified_payments.csv": STRIPE,
    "paypal/Download.CSV": PAYPAL,
    "stripe_ca/unified_payments.csv": DISPUTED,
    "stripe_ca/balance.csv": BALANCE,
    "etsy/EtsySoldOrders2026.csv": ETSY,
    "amazon/19.txt": AMAZON,
    "amazon/flat.txt": AMAZON_V1,
    "xero/SalesInvoices.csv": XERO,
    "codes_shopify/orders_export_1.csv": CODES,
    "woocommerce/orders.csv": WOO,
    "zz_again/orders_export_1.csv": AGAIN,
    # the same export as that of the first shop
    "zz_copy/orders_export.csv": NORTH,
}


@pytest.fixture(scope="module", params=ENGINES)
def warehouse(
    request: pytest.FixtureRequest,
    project: Callable[[str], Project],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Warehouse]:
    """All of these files, built at once."""
    folder = tmp_path_factory.mktemp("overlaps") / "warehouse"
    with delivered(folder, project(request.param), FILES) as made:
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
        " from rpt_money_monthly where currency_code in ('EUR', 'USD')"
        " group by 1 order by 1"
    ) == [
        ("EUR", 2000 + 1000 + 700 + 500 + 500 + 400 + 300 + 250, 500 + 400 + 300 + 250),
        ("USD", 200, 0),
    ]
    # and the dashboard says so above its sum: 14.50, which rounds to 15
    if warehouse.engine == "sqlite":
        charts = read(PROJECT / "dashboards" / "7_money.yml")["charts"]
        chosen = {"currency": "EUR"}
        with closing(sqlite3.connect(warehouse.database)) as db:
            query = bound(charts["refunded"]["query"], chosen)
            assert db.execute(*query).fetchall() == [
                ("EUR 57", "of it EUR 15 perhaps counted twice")
            ]
            query = bound(charts["refunded"]["rows"]["query"], chosen)
            rows = db.execute(*query).fetchall()
            query = bound(charts["refunds"]["query"], chosen)
            (said,) = {row[-1] for row in db.execute(*query)}
        assert said == "without EUR 12 of no known day"  # 7 and 5 of two orders
        perhaps = [amount for *_, amount, twice, _, _ in rows if twice]
        assert sorted(perhaps) == [2.5, 3, 4, 5]
        assert sum(amount for *_, amount, _, _, _ in rows) == 56.5
    # a payment that several orders could be of pays none of them
    assert warehouse.query(
        "select payment_id, order_id from bridge_payment_orders"
        " where payment_id not like 'quickbooks%' order by 1"
    ) == [
        ("paypal_wc:2A", "woocommerce:304"),
        ("stripe:ch_1", "north_shopify.shopify:5551000000001"),
        ("stripe:ch_2", "north_shopify.shopify:5551000000002"),
        ("stripe:ch_3", None),
    ]
    assert warehouse.query(
        "select source_value, record_id from int_commerce__findings"
        " where rule = 'payment_unlinked'"
    ) == [("1001", "stripe:ch_3")]


def test_a_document_of_an_order_s_number_pays_it_with_its_amount_alone(
    warehouse: Warehouse,
) -> None:
    assert warehouse.query(
        "select document_number, bridged.order_id from fct_payments"
        " left join bridge_payment_orders as bridged using (payment_id)"
        " where document_number is not null and is_money order by 1"
    ) == [
        ("302", None),
        ("303", "woocommerce:303"),  # its currency is not known
        ("304", "woocommerce:304"),
        ("305", None),
        ("7", None),
    ]


def test_two_shops_that_number_alike_keep_their_orders(warehouse: Warehouse) -> None:
    assert warehouse.query(
        "select sum(order_count), sum(sold_minor) from rpt_money_monthly"
        " where currency_code = 'EUR'"
    ) == [(4, 5000 + 6000 + 7000 + 8000)]


def test_one_export_in_two_folders_counts_once(warehouse: Warehouse) -> None:
    """That of the shop above, byte for byte, and one of its orders in another file."""
    assert not warehouse.query(
        "select * from fct_orders where order_id like 'zz_copy%'"
    )
    assert warehouse.query("select order_id, counted_id from bridge_order_reports") == [
        ("zz_again.shopify:5551000000002", "north_shopify.shopify:5551000000002")
    ]


def test_fees_count_once_whoever_keeps_them(warehouse: Warehouse) -> None:
    found = {
        (month, currency): fees
        for month, currency, fees in warehouse.query(
            "select money_month, currency_code, fees_minor from rpt_money_monthly"
            " where fees_minor <> 0"
        )
    }
    assert found == {
        ("2026-01", "EUR"): 6 * 100,
        ("2026-01", "USD"): 100,
        ("2026-01", "GBP"): 300 + 1400,
        ("2026-01", "CAD"): 320 + 3 * 200 + 110 + 200,
        ("2026-02", "CAD"): 1500,
        ("2026-03", "CAD"): 1500 - 1500 + 10,
        ("2026-01", "AUD"): 160 + 270,
        ("2026-03", "MXN"): (1500 + 2500) + (750 + 300 + 400),
    }
    assert warehouse.query(
        "select payout_id, amount_minor, fees_minor, unexplained_minor"
        " from fct_payouts where currency_code = 'MXN' order by 1"
    ) == [
        ("amazon:19", 6000, 4000, 0),  # 100.00 - 15.00 - 25.00
        ("amazon:20", 3550, 1450, 0),  # 50.00 - 7.50 - 3.00 - 4.00
    ]


def test_what_a_bank_took_back_is_no_payment(warehouse: Warehouse) -> None:
    kinds = dict(
        warehouse.query(
            "select payment_id, payment_kind from fct_payments"
            " where currency_code = 'GBP'"
        )
    )
    assert {key.removeprefix("paypal:"): kind for key, kind in kinds.items()} == {
        "1A": "payment", "1B": "chargeback", "1C": "fee", "1D": "chargeback",
        "1E": "chargeback", "1F": "transfer", "1G": "transfer", "1H": "chargeback",
    }  # fmt: skip
    assert warehouse.query(
        "select currency_code, substr(cast(refunded_at as text), 1, 7),"
        " coalesce(payment_id, refund_id), amount_minor, evidence from fct_refunds"
        " where refund_kind = 'chargeback' order by 1, 2, 3"
    ) == [
        ("CAD", "2026-01", "stripe_ca:ch_a", 10000, "payment"),
        ("CAD", "2026-02", "stripe_ca:ch_c", 6000, "balance"),
        ("GBP", "2026-01", "paypal:1A", 10000, "refund"),
        ("GBP", "2026-02", "paypal:1H", 2000, "refund"),
    ]
    assert warehouse.query(
        "select sum(paid_minor) from rpt_money_monthly where currency_code = 'GBP'"
    ) == [(10000,)]


def test_a_credit_note_lowers_what_its_customer_bought(warehouse: Warehouse) -> None:
    """By the analysis of the best customers, of which this has the SQL alone."""
    text = (PROJECT / "analyses" / "top_customers.sql").read_text(encoding="utf-8")
    text = re.sub(r"{{ ref\('(\w+)'\) }}", r"\1", text)
    text = re.sub(r"{{ main_units\('([\w.]+)', '[\w.]+'\) }}", r"\1", text)
    found = warehouse.query(f"select currency, email, kept from ({text}) as best")
    assert [row for row in found if row[0] == "CHF"] == [
        ("CHF", "mara@example.org", 10000 - 3000)
    ]


def test_the_money_of_every_file_is_explained(warehouse: Warehouse) -> None:
    assert not warehouse.query(
        "select * from rpt_reconciliation where remainder_minor <> 0"
    )


def test_a_currency_that_nothing_knows_is_none(warehouse: Warehouse) -> None:
    found = warehouse.query(
        "select order_number, currency_code, total_minor from fct_orders"
        " where order_id like 'codes_shopify%' or order_id like 'woo%' order by 1"
    )
    assert found == [
        ("#1", None, 1000), ("#2", None, 2000), ("#3", "SEK", 3000), ("#4", "USD", 4000),
        ("301", "KWD", 45500), ("302", "AED", 4550), ("303", "SAR", 4550),
        ("304", "QAR", 4550), ("305", "BHD", 45500), ("306", "EGP", 4550),
        ("307", None, 4550),
    ]  # fmt: skip
    assert warehouse.query(
        "select column_name, source_value from int_commerce__findings"
        " where rule = 'currency_unknown' order by 2"
    ) == [("currency", "45.50 تومان"), ("currency", "QQQ"), ("currency", "xyz")]


def test_amounts_with_a_dollar_sign_are_those_of_the_file(warehouse: Warehouse) -> None:
    assert warehouse.query(
        "select order_number, currency_code, total_minor from fct_orders"
        " where order_id like 'dollar%' order by 1"
    ) == [("401", "USD", 121500), ("402", "USD", 50)]


def test_what_is_not_posted_is_no_money(warehouse: Warehouse) -> None:
    assert warehouse.query(
        "select document_number, amount_minor, is_money from fct_payments"
        " where currency_code = 'NOK' order by 1"
    ) == [("305", 4550, 1), ("7", 120000, 1), ("8", 30000, 0)]
    assert not warehouse.query(
        "select * from int_commerce__findings"
        " where rule = 'code_unknown' and source_value in ('Yes', 'No')"
    )


def test_a_dry_run_adds_up_these_files_as_their_mart_does(warehouse: Warehouse) -> None:
    compared, differing = dry_run_differs(warehouse)
    assert compared >= 20
    assert not differing, "\n".join(differing)
