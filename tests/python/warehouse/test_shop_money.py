# ruff: noqa: E501  - rows of files, as they are
"""Orders, refunds and payouts of shops: each counted once, by what its files say.

What is expected is worked out by hand from the rows below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scripts.ingest import ingest

from .conftest import at_home
from .warehouse import ENGINES, Project, Warehouse

SHOPIFY = (
    "Name,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Cancelled at,Refunded Amount,Id\n"
    # two partial refunds, of which the transactions know one
    "#1,partially_refunded,2026-01-05 09:00:00 +0000,EUR,90.00,5.00,0.00,95.00,10.00,2026-01-05 09:00:00 +0000,2,Mug,50.00,M-1,,30.00,9001\n"
    # refunded whole, and by two transactions
    "#2,refunded,2026-01-06 09:00:00 +0000,USD,40.00,0.00,0.00,40.00,0.00,2026-01-06 09:00:00 +0000,1,Mug,20.00,M-1,,40.00,9002\n"
    "#2,,,,,,,,,,1,Bowl,20.00,B-1,,,\n"
    # paid, then cancelled and given back: sold, and refunded
    "#3,refunded,2026-02-01 09:00:00 +0000,USD,15.00,0.00,0.00,15.00,0.00,2026-02-01 09:00:00 +0000,1,Bowl,15.00,B-1,2026-02-03 09:00:00 +0000,15.00,9003\n"
    # cancelled before anything was paid, only authorised, and expired
    "#4,voided,,USD,15.00,0.00,0.00,15.00,0.00,2026-02-02 09:00:00 +0000,1,Bowl,15.00,B-1,2026-02-03 09:00:00 +0000,0.00,9004\n"
    "#5,authorized,,USD,15.00,0.00,0.00,15.00,0.00,2026-02-04 09:00:00 +0000,1,Bowl,15.00,B-1,,0.00,9005\n"
    "#6,expired,,USD,15.00,0.00,0.00,15.00,0.00,2026-02-05 09:00:00 +0000,1,Bowl,15.00,B-1,,0.00,9006\n"
    # refunded by the payment system, which knows one of two payments
    "#7,partially_refunded,2026-03-01 09:00:00 +0000,JPY,9000,0,0,9000,0,2026-03-01 09:00:00 +0000,1,Bowl,9000,B-1,,1500,9007\n"
    # a state that nobody knows
    "#8,half_paid,,USD,15.00,0.00,0.00,15.00,0.00,2026-02-06 09:00:00 +0000,1,Bowl,15.00,B-1,,0.00,9008\n"
)
TRANSACTIONS = (
    "Order,Name,Kind,Gateway,Created At,Status,Amount,Currency\n"
    "9001,#1,authorization,shopify_payments,2026-01-05 09:00:00 +0000,success,95.00,EUR\n"
    "9001,#1,capture,shopify_payments,2026-01-05 09:01:00 +0000,success,60.00,EUR\n"
    "9001,#1,capture,shopify_payments,2026-01-06 09:01:00 +0000,success,35.00,EUR\n"
    "9001,#1,refund,shopify_payments,2026-01-20 09:00:00 +0000,success,12.00,EUR\n"
    "9001,#1,refund,shopify_payments,2026-01-21 09:00:00 +0000,failure,18.00,EUR\n"
    "9002,#2,sale,shopify_payments,2026-01-06 09:00:00 +0000,success,40.00,USD\n"
    "9002,#2,refund,shopify_payments,2026-01-22 09:00:00 +0000,success,25.00,USD\n"
    "9002,#2,refund,gift_card,2026-02-22 09:00:00 +0000,success,15.00,USD\n"
)
STRIPE = (
    "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Converted Amount,Converted Currency,Fee,Mode,PaymentIntent ID,Status,Refunded date (UTC),Transfer,order_id (metadata)\n"
    "ch_1,2026-01-05 09:14:00,129.00,29.00,usd,true,129.00,usd,4.04,Live,pi_1,Paid,2026-01-30 10:00:00,po_1,\n"
    "ch_2,2026-01-11 12:56:00,49.50,49.50,eur,true,53.90,usd,1.74,Live,pi_2,Refunded,2026-02-14 14:47:00,po_1,\n"
    "ch_3,2026-02-11 12:56:00,10.00,10.00,usd,true,10.00,usd,0.59,Live,pi_3,Refunded,2026-02-15 14:47:00,po_9,\n"
    "ch_4,2026-02-12 12:56:00,10.00,10.00,usd,false,10.00,usd,0.00,Live,pi_4,Failed,2026-02-15 14:47:00,,\n"
    # the same refunds as those of the order 7 of the shop, which has one more
    "ch_7,2026-03-01 09:00:00,9000,1000,jpy,true,60.00,usd,2.00,Live,pi_7,Paid,2026-03-09 10:00:00,,7\n"
    # all that the shop knows of order 2, and nothing beyond it
    "ch_8,2026-01-06 09:00:00,40.00,40.00,usd,true,40.00,usd,1.46,Live,pi_8,Refunded,2026-02-22 09:00:00,,2\n"
)
STRIPE_REFUNDS = (
    "id,Charge,Created (UTC),Status,Currency,Amount,Reason\n"
    "re_1,ch_1,2026-01-29 10:00:00,succeeded,usd,9.00,duplicate\n"
    "re_2,ch_1,2026-01-30 10:00:00,failed,usd,7.00,duplicate\n"
)
BALANCE = (
    "balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,reporting_category,source_id,charge_id,automatic_payout_id\n"
    "txn_1,2026-01-05 09:14:00,2026-01-07 00:00:00,usd,129.00,4.04,124.96,charge,ch_1,ch_1,po_1\n"
    "txn_2,2026-01-11 12:56:00,2026-01-13 00:00:00,usd,53.90,1.74,52.16,charge,ch_2,ch_2,po_1\n"
    # known from the file of refunds
    "txn_3,2026-01-29 10:00:00,2026-01-29 10:00:00,usd,-9.00,0.00,-9.00,refund,re_1,ch_1,po_1\n"
    # one of several, dated here alone
    "txn_4,2026-01-30 10:00:00,2026-01-30 10:00:00,usd,-12.00,0.00,-12.00,refund,re_3,ch_1,po_1\n"
    # in another currency than its payment, which reports it
    "txn_5,2026-02-14 14:47:00,2026-02-14 14:47:00,usd,-53.90,0.00,-53.90,refund,re_4,ch_2,po_2\n"
    # of which the payment is not named: its own file counts
    "txn_6,2026-02-15 14:47:00,2026-02-15 14:47:00,usd,-10.00,0.00,-10.00,refund,re_5,,po_2\n"
    "txn_7,2026-02-20 00:00:00,2026-02-20 00:00:00,usd,-15.00,15.00,-30.00,dispute,du_1,ch_1,po_2\n"
    "txn_8,2026-02-01 00:00:00,2026-02-03 00:00:00,usd,-156.12,0.00,-156.12,payout,po_1,,po_1\n"
    "txn_9,2026-02-02 00:00:00,2026-02-03 00:00:00,usd,-1.00,0.00,-1.00,payout,po_3,,po_3\n"
    "txn_10,2026-02-05 00:00:00,2026-02-05 00:00:00,usd,1.00,0.00,1.00,payout_reversal,po_3,,po_3\n"
)
PAYOUTS = (
    "id,Created (UTC),Arrival Date (UTC),Type,Status,Balance Transaction,Currency,Amount\n"
    "po_1,2026-02-01 00:00:00,2026-02-03 00:00:00,bank_account,paid,txn_8,usd,156.12\n"
    "po_4,2026-02-01 00:00:00,2026-02-03 00:00:00,bank_account,failed,txn_99,usd,5.00\n"
)
SQUARE = (
    "Date,Time,Time Zone,Gross Sales,Tip,Total Collected,Fees,Net Total,Transaction ID,Payment ID,Event Type,Deposit ID\n"
    '2026-01-05,09:14:00,Eastern Time (US & Canada),"$1,240.00",$2.00,"$1,242.00",-$32.59,"$1,209.41",T1,P1,Payment,D1\n'
    "2026-07-06,09:14:00,Eastern Time (US & Canada),-$10.72,$0.00,-$10.72,$0.00,-$10.72,T2,P1,Refund,D1\n"
)
ITEMS = (
    "Date,Time,Time Zone,Item,Qty,Gross Sales,Discounts,Net Sales,Tax,Transaction ID,Payment ID,Event Type\n"
    "1/5/2026,09:14:00,Eastern Time (US & Canada),Green,0.25,$10.00,-$1.00,$9.00,$0.72,T1,P1,Payment\n"
    "1/5/2026,09:14:00,Eastern Time (US & Canada),Black,1,$1230.00,$0.00,$1230.00,$0.28,T1,P1,Payment\n"
    # what is given back of a sale, in the file of transactions as well
    "7/6/2026,09:14:00,Eastern Time (US & Canada),Green,-0.25,-$10.00,$0.00,-$10.00,-$0.72,T1,P1,Refund\n"
)
WOO = (
    "Date,Order #,N. Revenue (formatted),Status,Customer,Product(s),Items sold,Net Sales\n"
    "2026-01-05 09:14:00,301,€45.00,completed,Mara,1× Mug,1,45\n"
    "2026-01-06 09:14:00,302,€20.00,refunded,Jonas,1× Mug,1,20\n"
    # two partial refunds of one order, and a state that says that all was given back
    "2026-01-09 09:14:00,302,€-5.00,refunded,Jonas,1× Mug,1,-5\n"
    "2026-02-09 09:14:00,302,€-8.00,refunded,Jonas,1× Mug,1,-8\n"
    "2026-01-07 09:14:00,303,€30.00,pending,Lu,1× Mug,1,30\n"
    "2026-01-08 09:14:00,304,€31.00,failed,Lu,1× Mug,1,31\n"
)
ETSY = (
    "Sale Date,Order ID,Buyer User ID,Number of Items,Currency,Order Value,Discount Amount,Shipping,Sales Tax,Order Total,Adjusted Order Total\n"
    '01/05/26,310,mara1,2,USD,"1,040.00",0.00,5.00,0.00,"1,045.00",900.00\n'
    "01/06/26,311,mara1,1,USD,40.00,0.00,5.00,0.00,45.00,0.00\n"
)
ETSY_ITEMS = (
    "Sale Date,Item Name,Buyer,Quantity,Price,Discount Amount,Order Shipping,Item Total,Currency,Transaction ID,Listing ID,Order ID\n"
    "01/05/26,Bowl,Mara,1,520.00,0.00,5.00,520.00,USD,4101,1701,310\n"
    "01/05/26,Vase,Mara,1,520.00,0.00,5.00,520.00,USD,4102,1702,310\n"
    "01/07/26,Vase,Lu,2,20.00,3.00,5.00,40.00,USD,4103,1702,312\n"
)
AMAZON = (
    "settlement-id\tdeposit-date\ttotal-amount\tcurrency\ttransaction-type\torder-id\tamount-type\tamount-description\tamount\tposted-date-time\tsku\n"
    "18\t2026-03-17T00:00:00+00:00\t-11.40\tUSD\t\t\t\t\t\t\t\n"
    "18\t\t\t\tOrder\t112-1\tItemPrice\tPrincipal\t29.99\t2026-03-02T14:23:00+00:00\tW-0\n"
    "18\t\t\t\tOrder\t112-1\tItemFees\tCommission\t-4.50\t2026-03-02T14:23:00+00:00\tW-0\n"
    "18\t\t\t\tRefund\t112-0\tItemPrice\tPrincipal\t-33.99\t2026-03-06T14:23:00+00:00\tW-4\n"
    "18\t\t\t\tRefund\t112-0\tItemPrice\tTax\t-2.40\t2026-03-06T14:23:00+00:00\tW-4\n"
    "18\t\t\t\tRefund\t112-0\tItemFees\tCommission\t4.50\t2026-03-06T14:23:00+00:00\tW-4\n"
    "18\t\t\t\tother-transaction\t\tother-transaction\tReserve\t-5.00\t2026-03-10T00:00:00+00:00\t\n"
)
ALL_ORDERS = (
    "amazon-order-id\tpurchase-date\torder-status\tproduct-name\tsku\tasin\tquantity\tcurrency\titem-price\titem-tax\tshipping-price\n"
    "112-1\t2026-01-05T09:14:00+00:00\tShipped\tWidget\tW-0\tB0\t2\tUSD\t59.98\t4.80\t3.00\n"
    "112-1\t2026-01-05T09:14:00+00:00\tShipped\tGadget\tW-1\tB1\t1\tUSD\t10.00\t0.80\t1.00\n"
    "112-2\t2026-01-06T09:14:00+00:00\tPending\tWidget\tW-1\tB1\t1\t\t\t\t\n"
    "112-3\t2026-01-06T09:14:00+00:00\tCancelled\tWidget\tW-1\tB1\t0\tUSD\t\t\t\n"
)
PAYPAL = (
    '"Date","Time","TimeZone","Name","Type","Status","Currency","Gross","Fee","Net","Transaction ID","Reference Txn ID","Invoice Number","Balance Impact"\n'
    '"01/05/2026","09:14:00","PST","Mara","Express Checkout Payment","Completed","USD","1,250.00","-44.12","1,205.88","1A","","WC-700","Credit"\n'
    '"01/12/2026","13:33:00","PST","Mara","Payment Refund","Completed","USD","-500.00","5.00","-495.00","1B","1A","","Debit"\n'
    '"01/13/2026","13:33:00","PST","Mara","Payment Refund","Denied","USD","-50.00","0.00","-50.00","1C","1A","","Memo"\n'
    '"02/03/2026","02:30:00","PST","","General Withdrawal","Completed","USD","-700.00","0.00","-700.00","1D","","","Debit"\n'
    # a state that nothing knows, twice
    '"02/03/2026","02:31:00","PST","","Order","Quantum-Held","USD","-1.00","0.00","-1.00","1F","","","Memo"\n'
    '"02/03/2026","02:32:00","PST","","Order","quantum held","USD","-2.00","0.00","-2.00","1G","","","Memo"\n'
    '"02/03/2026","02:30:00","PST","","General Currency Conversion","Completed","USD","-10.00","0.00","-10.00","1E","","","Debit"\n'
)
FILES = {
    "shopify/orders_export_1.csv": SHOPIFY,
    "shopify/transactions_export.csv": TRANSACTIONS,
    "stripe/unified_payments.csv": STRIPE,
    "stripe/refunds.csv": STRIPE_REFUNDS,
    "stripe/balance.csv": BALANCE,
    "stripe/payouts.csv": PAYOUTS,
    "square/transactions.csv": SQUARE,
    "square/items.csv": ITEMS,
    "woocommerce/orders.csv": WOO,
    "etsy/EtsySoldOrders2026.csv": ETSY,
    "etsy/EtsySoldOrderItems2026.csv": ETSY_ITEMS,
    "amazon/18.txt": AMAZON,
    "amazon/All_Orders.txt": ALL_ORDERS,
    "paypal/Download.CSV": PAYPAL,
}
LAYERS = ("staging", "intermediate", "marts")


def build(warehouse: Warehouse) -> None:
    warehouse.land()
    warehouse.build(
        "--select", *(f"{layer}.commerce" for layer in LAYERS),
        *("stg_ingest__batches", "stg_ingest__files"),
        *("fct_ingest_batches", "fct_ingest_files"),
    )  # fmt: skip


def put(warehouse: Warehouse, place: str, text: str) -> None:
    path = warehouse.inbox / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@contextmanager
def delivered(
    folder: Path, project: Project, files: dict[str, str]
) -> Iterator[Warehouse]:
    """Give a warehouse with some files, by place, built at once."""
    with at_home():
        made = Warehouse(folder, project, "crm")
        for place, text in files.items():
            put(made, place, text)
        build(made)
        yield made


@pytest.fixture(scope="module", params=ENGINES)
def warehouse(
    request: pytest.FixtureRequest,
    project: Callable[[str], Project],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Warehouse]:
    """All of these files, built at once."""
    folder = tmp_path_factory.mktemp("shops") / "warehouse"
    with delivered(folder, project(request.param), FILES) as made:
        yield made


def test_an_order_counts_once_with_its_own_total(warehouse: Warehouse) -> None:
    found = warehouse.query(
        "select order_id, currency_code, total_minor, total_evidence, line_count,"
        " is_sale from fct_orders order by order_id"
    )
    assert found == sorted([
        ("amazon:112-1", "USD", 5998 + 480 + 300 + 1000 + 80 + 100, "lines", 2, 1),
        ("amazon:112-2", None, None, None, 1, 0),
        ("amazon:112-3", "USD", None, None, 1, 0),
        ("etsy:310", "USD", 104500, "order", 2, 1),  # orders and items
        ("etsy:311", "USD", 4500, "order", 0, 1),
        ("etsy:312", "USD", 4000 - 300 + 500, "lines", 1, 1),
        ("shopify:9001", "EUR", 9500, "order", 1, 1),
        ("shopify:9002", "USD", 4000, "order", 2, 1),
        ("shopify:9003", "USD", 1500, "order", 1, 1),
        ("shopify:9004", "USD", 1500, "order", 1, 0),
        ("shopify:9005", "USD", 1500, "order", 1, 1),
        ("shopify:9006", "USD", 1500, "order", 1, 0),
        ("shopify:9007", "JPY", 9000, "order", 1, 1),
        ("shopify:9008", "USD", 1500, "order", 1, 1),
        ("square:T1", "USD", 900 + 72 + 123000 + 28, "lines", 2, 1),
        ("woocommerce:301", "EUR", 4500, "order", 0, 1),
        ("woocommerce:302", "EUR", 2000, "order", 0, 1),
        ("woocommerce:303", "EUR", 3000, "order", 0, 0),
        ("woocommerce:304", "EUR", 3100, "order", 0, 0),
    ])  # fmt: skip
    states = dict(warehouse.query("select order_id, order_state from fct_orders"))
    assert states["shopify:9004"] == "cancelled"
    assert states["shopify:9008"] == "half_paid"  # shown as it is
    assert states["etsy:310"] is None


REFUNDS = [
    # payment or order, currency, month, amount, evidence
    ("shopify:9001", "EUR", "2026-01", 1200, "refund"),
    ("shopify:9001", "EUR", None, 3000 - 1200, "order"),
    ("shopify:9002", "USD", "2026-01", 2500, "refund"),
    ("shopify:9002", "USD", "2026-02", 1500, "refund"),
    ("shopify:9003", "USD", None, 1500, "order"),
    ("shopify:9007", "JPY", "2026-03", 1000, "payment"),
    ("shopify:9007", "JPY", None, 500, "order"),
    ("stripe:ch_1", "USD", "2026-01", 900, "refund"),
    ("stripe:ch_1", "USD", "2026-01", 1200, "balance"),
    ("stripe:ch_1", "USD", None, 2900 - 900 - 1200, "payment"),
    ("stripe:ch_1", "USD", "2026-02", 1500, "balance"),  # taken back by the bank
    ("stripe:ch_2", "EUR", "2026-02", 4950, "payment"),
    ("stripe:ch_3", "USD", "2026-02", 1000, "payment"),
    ("square:T1", "USD", "2026-07", 1072, "refund"),
    ("woocommerce:302", "EUR", "2026-01", 500, "lines"),
    ("woocommerce:302", "EUR", "2026-02", 800, "lines"),
    ("woocommerce:302", "EUR", None, 2000 - 500 - 800, "order"),
    ("etsy:310", "USD", None, 104500 - 90000, "order"),
    ("amazon:112-0", "USD", "2026-03", 3399 + 240, "balance"),
    ("paypal:1A", "USD", "2026-01", 50000, "refund"),
]


def test_a_refund_counts_once_however_many_files_report_it(
    warehouse: Warehouse,
) -> None:
    found = warehouse.query(
        "select coalesce(order_id, payment_id), currency_code,"
        " substr(cast(refunded_at as text), 1, 7), amount_minor, evidence"
        " from fct_refunds"
    )
    assert sorted(found, key=repr) == sorted(REFUNDS, key=repr)
    kinds = "select amount_minor from fct_refunds where refund_kind = 'chargeback'"
    assert warehouse.query(kinds) == [(1500,)]


def test_a_payout_counts_once_and_is_explained(warehouse: Warehouse) -> None:
    found = warehouse.query(
        "select payout_id, currency_code, amount_minor, evidence, is_paid,"
        " charges_minor, refunds_minor, fees_minor, other_minor, unexplained_minor"
        " from fct_payouts order by payout_id"
    )
    assert found == [
        ("amazon:18", "USD", -1140, "payout", 1, 2999, -3639, 450 - 450, -500, 0),
        ("paypal:1D", "USD", 70000, "payout", 1, None, None, None, None, None),
        ("square:D1", "USD", 120941 - 1072, "payments", 1, 124200, -1072, 3259, 0, None),
        # 129.00 + 53.90 - 9.00 - 12.00 less the fees 5.78
        ("stripe:po_1", "USD", 15612, "payout", 1, 18290, -2100, 578, 0, 0),
        ("stripe:po_2", "USD", -9390, "entries", 1, 0, -7890, 1500, 0, None),
        ("stripe:po_3", "USD", 0, "balance", 1, None, None, None, None, None),
        ("stripe:po_4", "USD", 500, "payout", 0, None, None, None, None, None),
        ("stripe:po_9", "USD", 1000 - 59, "payments", 1, 1000, 0, 59, 0, None),
    ]  # fmt: skip


def test_fees_are_costs_whatever_sign_their_system_writes(
    warehouse: Warehouse,
) -> None:
    fees = dict(
        warehouse.query(
            "select payment_id, fee_minor from fct_payments where payment_id in"
            " ('stripe:ch_1', 'square:P1', 'paypal:1A', 'paypal:1B')"
        )
    )
    assert fees == {
        "stripe:ch_1": 404, "square:P1": 3259, "paypal:1A": 4412, "paypal:1B": -500,
    }  # fmt: skip


def test_an_unknown_state_of_payments_is_reported_once(warehouse: Warehouse) -> None:
    assert warehouse.query(
        "select source_value from int_commerce__findings"
        " where rule = 'code_unknown' and column_name = 'status'"
    ) == [("Quantum-Held",)]


def test_money_by_month_never_crosses_currencies(warehouse: Warehouse) -> None:
    columns = "sold_minor, refunded_minor, paid_minor, fees_minor, paid_out_minor"
    found = {
        (month, currency): tuple(amounts)
        for month, currency, *amounts in warehouse.query(
            f"select money_month, currency_code, {columns} from rpt_money_monthly"
        )
    }
    refunded: dict[tuple[str | None, str], int] = {}
    for _, currency, month, amount, _ in REFUNDS:
        key = (month, currency)
        refunded[key] = refunded.get(key, 0) + amount
    assert {key: row[1] for key, row in found.items() if row[1]} == refunded
    # the shop's order 2 is paid once, though its payment system reports it as well;
    # fees of a payment in euros or yen are kept in dollars
    assert found["2026-01", "USD"] == (
        6478 + 1480 + 104500 + 4500 + 4200 + 4000 + 124000,
        refunded["2026-01", "USD"],
        12900 + 4000 + 124200 + 125000,
        404 + 174 + 146 + 3259 + 4412 - 500,
        0,
    )  # fmt: skip
    assert found["2026-01", "EUR"] == (9500 + 4500 + 2000, 1700, 9500 + 4950, 0, 0)
    assert found["2026-02", "USD"] == (
        3 * 1500, 1500 + 1000 + 1500, 1000, 59 + 1500, 15612 + 70000 - 9390 + 941,
    )  # fmt: skip
    assert found["2026-03", "JPY"] == (9000, 1000, 9000, 0, 0)
    assert found["2026-03", "USD"] == (0, 3639, 0, 200, -1140)
    assert warehouse.query(
        "select sold, paid from rpt_money_monthly"
        " where money_month = '2026-03' and currency_code = 'JPY'"
    ) == [(9000.0, 9000.0)]
    # without a reporting currency nothing is converted, and no part of a sum is one
    assert not warehouse.query(
        "select * from rpt_money_monthly where"
        " (sold_minor <> 0 and sold_reporting_minor is not null)"
        " or (refunded_minor <> 0 and refunded_reporting_minor is not null)"
    )


def reconciled(warehouse: Warehouse, place: str, measure: str) -> dict[str, dict]:
    """What is reported of a measure of a file, by currency, without zeros."""
    names = ("file", "error", "superseded", "repeated", "deleted", "no_money")
    names += ("sign", "worked_out", "currency_unknown", "mart", "remainder")
    return {
        currency: {n: v for n, v in zip(names, amounts, strict=True) if v}
        for currency, *amounts in warehouse.query(
            f"select currency_code, {', '.join(f'{name}_minor' for name in names)}"
            " from rpt_reconciliation where file_name like ? and measure = ?",
            f"%{place}",
            measure,
        )
    }


def test_every_difference_of_a_mart_has_its_reason(warehouse: Warehouse) -> None:
    assert reconciled(warehouse, "unified_payments.csv", "amount") == {
        "USD": {
            "file": 12900 + 1000 + 1000 + 4000, "no_money": 1000,
            "mart": 12900 + 1000 + 4000,
        },
        "EUR": {"file": 4950, "mart": 4950},
        "JPY": {"file": 9000, "mart": 9000},
    }  # fmt: skip
    assert reconciled(warehouse, "transactions_export.csv", "amount") == {
        # authorised 95.00, a refund that failed 18.00; refunds have no minus
        "EUR": {"file": 22000, "no_money": 11300, "sign": 2400, "mart": 8300},
        "USD": {"file": 8000, "sign": 8000},
    }
    assert reconciled(warehouse, "Download.CSV", "fee")["USD"] == {
        "file": -4412 + 500, "sign": 2 * (-4412 + 500), "mart": 4412 - 500,
    }  # fmt: skip
    assert reconciled(warehouse, "EtsySoldOrderItems2026.csv", "order_shipping") == {
        "USD": {"file": 1500, "repeated": 500, "mart": 1000}
    }
    assert not warehouse.query(
        "select * from rpt_reconciliation where remainder_minor <> 0"
    )


MEASURES = {
    **dict.fromkeys(("Total", "Order Total"), "order_total"),
    **dict.fromkeys(("Amount", "Gross", "gross", "amount"), "amount"),
    **dict.fromkeys(("price-amount", "Total Collected"), "amount"),
    **dict.fromkeys(("Fee", "Fees", "fee", "item-related-fee-amount"), "fee"),
    **dict.fromkeys(("Refunded Amount", "Amount Refunded"), "refunded_amount"),
    **dict.fromkeys(("Shipping", "Order Shipping"), "order_shipping"),
    **dict.fromkeys(("Taxes", "Sales Tax"), "order_tax"),
    **{"Item Total": "gross_amount", "item-tax": "tax", "total-amount": "total"},
}
"""Header → what rpt_reconciliation calls it."""


def dry_run_differs(warehouse: Warehouse) -> tuple[int, list[str]]:
    """Compare what a dry run says of the files with what their mart has of them."""
    found, compared = [], 0
    rows = warehouse.query(
        "select files.instance_name || '/' || files.file_name, measure,"
        " currency_code, file_minor - case"
        " when measure like 'order%' or measure = 'refunded_amount'"
        " then repeated_minor else 0 end from rpt_reconciliation"
        " join fct_ingest_files as files using (file_id) where value_count > 0"
    )
    dry = ingest(warehouse.inbox, warehouse.folder / "x.db", dry_run=True)
    for outcome in dry.outcomes:
        found_there = outcome.preview.totals if outcome.preview else {}
        for header, totals in found_there.items():
            measure = MEASURES.get(header)
            if "payouts" in outcome.label and header == "Amount":
                measure = "total"
            if "woocommerce" in outcome.label and header == "Net Sales":
                measure = "order_total"
            if measure is None or outcome.status != "landed":
                continue
            decimals = {"JPY": 0, "KWD": 3, "BHD": 3}
            said = {
                code: int(total.scaleb(decimals.get(code, 2)))
                for code, total in totals.items()
            }
            held = {
                code or "": units
                for name, what, code, units in rows
                if name == outcome.label and what == measure
            }
            compared += 1
            if said != held:
                found.append(f"{outcome.label} {header}: {said}, not {held}")
    return compared, found


def test_a_dry_run_adds_up_a_file_as_its_mart_does(warehouse: Warehouse) -> None:
    compared, differing = dry_run_differs(warehouse)
    assert compared >= 20
    assert not differing, "\n".join(differing)


@pytest.mark.long
def test_later_files_change_what_they_have_and_nothing_else(
    warehouse: Warehouse,
) -> None:
    """An order with more refunds, a late payment."""
    later = SHOPIFY.replace("0.00,9005", "5.00,9005").replace(",authorized,", ",paid,")
    put(warehouse, "shopify/orders_export_2.csv", later)
    put(warehouse, "woocommerce/orders (1).csv", "".join(
        line for n, line in enumerate(WOO.splitlines(keepends=True)) if n in (0, 3)
    ))  # fmt: skip
    put(warehouse, "stripe/subscriptions.csv", SUBSCRIPTIONS)
    put(warehouse, "amazon/All_Orders_2.txt", LATE_ORDERS[0])
    # again with a line more, in files that have no column of the currency
    put(warehouse, "square/transactions (2).csv", SQUARE + (
        "2026-07-07,09:14:00,Eastern Time (US & Canada),$5.00,$0.00,$5.00,$0.00,$5.00,T9,P9,Payment,D9\n"
    ))  # fmt: skip
    put(warehouse, "square/items (2).csv", ITEMS + (
        "7/7/2026,09:14:00,Eastern Time (US & Canada),Green,1,$5.00,$0.00,$5.00,$0.00,T9,P9,Payment\n"
    ))  # fmt: skip
    with at_home():
        build(warehouse)
        for mart, key in (
            ("fct_payments", "payment_id"),
            ("fct_order_lines", "line_id"),
        ):
            assert warehouse.query(
                f"select distinct currency_code from {mart} where {key} like 'square:%'"
            ) == [("USD",)]
        assert (
            warehouse.value(
                "select sum(amount_minor) from fct_refunds"
                " where order_id = 'shopify:9005'"
            )
            == 500
        )
        # a file with a refund alone neither replaces its order nor counts it again
        assert warehouse.query(
            "select sum(amount_minor), count(*) from fct_refunds"
            " where order_id = 'woocommerce:302'"
        ) == [(2000, 3)]
        assert (
            warehouse.value(
                "select total_minor from fct_orders where order_id = 'woocommerce:302'"
            )
            == 2000
        )
        # two states of most orders, and lines that went with the later file
        totals = reconciled(warehouse, "orders_export_1.csv", "order_total")
        assert totals["USD"] == {
            "file": 4000 + 5 * 1500, "superseded": 1500, "mart": 4000 + 4 * 1500,
        }  # fmt: skip
        assert not warehouse.query(
            "select * from rpt_reconciliation where remainder_minor <> 0"
        )


SUBSCRIPTIONS = (
    "id,Customer ID,Plan,Quantity,Currency,Interval,Amount,Status,Created (UTC),Start Date (UTC),Current Period Start (UTC),Canceled At (UTC),Ended At (UTC)\n"
    "sub_1,cus_1,Basic,1,usd,month,10.00,canceled,2025-10-01 00:00,2025-10-01 00:00,2025-11-01 00:00,2025-11-20 00:00,2025-12-01 00:00\n"
    "sub_2,cus_2,Basic,2,jpy,month,1000,active,2025-10-01 00:00,2025-10-01 00:00,2025-11-01 00:00,,\n"
)
DATE_RANGE = (
    '"Includes Amazon Marketplace transactions"\n"All amounts in USD"\n\n'
    '"date/time","settlement id","type","order id","sku","description","quantity","marketplace","product sales","product sales tax","shipping credits","promotional rebates","marketplace withheld tax","selling fees","fba fees","other transaction fees","other","total"\n'
    # 50.00 and tax that Amazon keeps, less 7.50 and 3.00
    '"Jul 8, 2027 10:23:05 PM PDT","88","Order","113-1","A","Lamp","1","amazon.com","50.00","4.00","0","0","-4.00","-7.50","-3.00","0","0","39.50"\n'
    '"Jul 9, 2027 10:23:05 PM PDT","88","Refund","113-1","A","Lamp","1","amazon.com","-20.00","0","0","0","0","2.00","0","0","0","-18.00"\n'
    '"Jul 10, 2027 10:23:05 PM PDT","88","Service Fee","","","Subscription","","amazon.com","0","0","0","0","0","0","0","-39.99","0","-39.99"\n'
    '"Jul 11, 2027 10:23:05 PM PDT","88","Adjustment","","","Reimbursement","","amazon.com","0","0","0","0","0","0","0","0","8.00","8.00"\n'
)  # fmt: skip
ORDERS_AT = "amazon-order-id\tpurchase-date\tlast-updated-date\torder-status\tproduct-name\tsku\tasin\tquantity\tcurrency\titem-price\titem-tax\tshipping-price\n"
LATE_ORDERS = [
    ORDERS_AT
    + "119-1\t2025-12-05T09:14:00+00:00\t2025-12-09T09:14:00+00:00\tShipped\tWidget\tW-0\tB0\t1\tUSD\t20.00\t0.00\t0.00\n"
    "119-1\t2025-12-05T09:14:00+00:00\t2025-12-09T09:14:00+00:00\tShipped\tGadget\tW-1\tB1\t1\tUSD\t5.00\t0.00\t0.00\n",
    # of the day before, delivered late
    ORDERS_AT
    + "119-1\t2025-12-05T09:14:00+00:00\t2025-12-08T09:14:00+00:00\tPending\tWidget\tW-0\tB0\t1\t\t\t\t\n",
]  # fmt: skip
NARROW = {
    "amazon/All_Orders_1.txt": LATE_ORDERS[1],
    "amazon/2027JulMonthlyTransaction.csv": DATE_RANGE,
    # no column of lines, and none of the currency
    "shopify/orders_states.csv": (
        "Name,Financial Status,Total,Id\n"
        "#5,partially_refunded,15.00,9005\n"
        "#6,partially_refunded,15.00,9006\n"
        "#7,partially_refunded,9000,9007\n"
        # what had been given back when it was half paid says nothing now
        "#8,refunded,15.00,9008\n"
    ),
    # lines that other columns distinguish than before
    "shopify/orders_few_columns.csv": (
        "Name,Financial Status,Currency,Total,Lineitem quantity,Lineitem name,Lineitem price,Id\n"
        "#1,partially_refunded,EUR,95.00,2,Mug,50.00,9001\n"
        "#2,refunded,USD,40.00,1,Mug,20.00,9002\n"
    ),
    "stripe/payments_states.csv": (
        "id,Created date (UTC),Amount,Captured,Status\n"
        "ch_1,2026-01-05 09:14:00,129.00,true,Refunded\n"
        "ch_7,2026-03-01 09:00:00,9000,true,Paid\n"
    ),
    "stripe/subscriptions_states.csv": (
        "id,Customer ID,Plan,Interval,Status,Amount\n"
        "sub_1,cus_1,Basic,month,active,10.00\n"
        "sub_2,cus_2,Basic,month,active,1000\n"
    ),
}  # fmt: skip


@pytest.mark.long
def test_a_file_with_fewer_columns_says_nothing_of_the_others(
    warehouse: Warehouse,
) -> None:
    """Neither lines, shipping and currencies, nor what went with another state."""
    for place, text in NARROW.items():
        put(warehouse, place, text)
    with at_home():
        build(warehouse)
        marts = (
            *("fct_orders", "fct_refunds", "fct_payouts", "fct_order_lines"),
            *("fct_payments", "dim_subscriptions", "fct_mrr_changes"),
        )
        shown = {name: warehouse.rows(name) for name in marts}
        assert warehouse.query(
            "select order_number, order_state, is_sale, currency_code, line_count,"
            " quantity, total_minor, shipping_minor, discount_minor, refunded_minor,"
            " substr(cast(ordered_at as text), 1, 10) from fct_orders"
            " where order_number in ('#1', '#2', '#5', '#6', '#7', '#8') order by 1"
        ) == [
            ("#1", "partially_refunded", 1, "EUR", 1, 2, 9500, 500, -1000, 3000, "2026-01-05"),
            # a file with lines has all of an order
            ("#2", "refunded", 1, "USD", 1, 1, 4000, 0, 0, 4000, "2026-01-06"),
            # at least what was known, unless that was nothing
            ("#5", "partially_refunded", 1, "USD", 1, 1, 1500, 0, 0, 500, "2026-02-04"),
            ("#6", "partially_refunded", 1, "USD", 1, 1, 1500, 0, 0, None, "2026-02-05"),
            ("#7", "partially_refunded", 1, "JPY", 1, 1, 9000, 0, 0, 1500, "2026-03-01"),
            ("#8", "refunded", 1, "USD", 1, 1, 1500, 0, 0, 1500, "2026-02-06"),
        ]  # fmt: skip
        assert warehouse.query(
            "select order_state, line_count, total_minor from fct_orders"
            " where order_id = 'amazon:119-1'"
        ) == [("completed", 2, 2500)]
        assert warehouse.query(
            "select record_id from int_commerce__findings where rule = 'refund_unsaid'"
        ) == [("shopify:9006",)]
        assert warehouse.query(
            "select payment_id, currency_code, amount_minor, refunded_minor"
            " from fct_payments where payment_id in ('stripe:ch_1', 'stripe:ch_7')"
            " order by 1"
        ) == [
            ("stripe:ch_1", "USD", 12900, 12900),
            ("stripe:ch_7", "JPY", 9000, 1000),
        ]
        given_back = (
            "select sum(amount_minor) from fct_refunds where refund_kind = 'refund'"
        )
        assert warehouse.value(f"{given_back} and payment_id = 'stripe:ch_1'") == 12900
        assert warehouse.value(f"{given_back} and order_id = 'shopify:9008'") == 1500
        assert warehouse.query(
            "select subscription_id, currency_code, amount_minor, source_status,"
            " ended_at, canceled_at from dim_subscriptions order by 1"
        ) == [
            ("stripe:sub_1", "USD", 1000, "active", None, None),
            ("stripe:sub_2", "JPY", 1000, "active", None, None),
        ]
        assert warehouse.query(
            "select currency_code, change_kind, change_minor from fct_mrr_changes"
            " order by currency_code, mrr_month"
        ) == [
            ("JPY", "new", 2000),
            ("USD", "new", 1000), ("USD", "churn", -1000),
            ("USD", "reactivation", 1000),
        ]  # fmt: skip
        assert not warehouse.query(
            "select * from rpt_reconciliation where remainder_minor <> 0"
        )
        # Amazon's totals are what was left after its fees
        assert warehouse.query(
            "select entry_kind, amount_minor, net_minor, coalesce(cost_minor, 0)"
            " from fct_balance_entries where payout_id = 'amazon:88' order by created_at"
        ) == [
            ("charge", 5000, 3950, 1050), ("refund", -2000, -1800, -200),
            ("fee", -3999, -3999, 3999), ("other", 800, 800, 0),
        ]  # fmt: skip
        assert warehouse.query(
            "select amount_minor, charges_minor, refunds_minor, fees_minor, other_minor"
            " from fct_payouts where payout_id = 'amazon:88'"
        ) == [(3950 - 1800 - 3999 + 800, 5000, -2000, 1050 - 200 + 3999, 800)]
        assert warehouse.query(
            "select fees_minor, refunded_minor from rpt_money_monthly"
            " where money_month = '2027-07' and currency_code is null"
        ) == [(1050 - 200 + 3999, 2000)]
        assert reconciled(warehouse, "payments_states.csv", "amount")["JPY"] == {
            "file": 9000, "repeated": 9000,
        }  # fmt: skip
        warehouse.build(
            "--select", *(f"{layer}.commerce" for layer in LAYERS), "--full-refresh"
        )

        def rows(made: list[dict]) -> list[str]:
            return sorted(repr(sorted(row.items())) for row in made)

        for name in marts:
            assert rows(warehouse.rows(name)) == rows(shown[name]), name
