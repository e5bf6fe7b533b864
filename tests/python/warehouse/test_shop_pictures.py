# ruff: noqa: E501  - rows of files, as they are
"""Full pictures and periods of shops: what they lack is deleted, and comes back.

What is expected is worked out by hand from the records delivered.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing

import duckdb
import pytest

from scripts.ingest.clock import VARIABLE

from .conftest import at_home
from .test_shop_money import LAYERS, build, put
from .warehouse import ENGINES, Project, Warehouse

pytestmark = pytest.mark.long

MEANINGS = {"stripe": "full", "shopify": "full", "paypal": "period"}


def payments(numbers: Iterable[int]) -> str:
    return (
        "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Fee,Mode,Status\n"
        + "".join(
            f"ch_{n},2026-01-05 09:14:00,10.00,0.00,usd,true,0.00,Live,Paid\n"
            for n in numbers
        )
    )


def orders(numbers: Iterable[int]) -> str:
    return (
        "Name,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Id\n"
        + "".join(
            f"#{n},paid,EUR,20.00,2026-01-05 09:00:00 +0000,1,Mug,20.00,555000000000{n}\n"
            for n in numbers
        )
    )


def subscriptions(numbers: Iterable[int]) -> str:
    return (
        "id,Customer ID,Plan,Quantity,Currency,Interval,Amount,Status,Created (UTC),Start Date (UTC),Ended At (UTC)\n"
        + "".join(
            f"sub_{n},cus_{n},Basic,1,chf,month,10.00,active,2026-01-03 00:00,2026-01-03 00:00,\n"
            for n in numbers
        )
    )


def activity(names: str, month: int) -> str:
    return (
        '"Date","Time","TimeZone","Type","Status","Currency","Gross","Fee","Net","Transaction ID","Balance Impact"\n'
        + "".join(
            f'"0{month}/25/2026","09:14:00","GMT","Express Checkout Payment","Completed","GBP","1.00","0.00","1.00","{month}{name}","Credit"\n'
            for name in names
        )
    )


@pytest.fixture(params=ENGINES)
def warehouse(
    request: pytest.FixtureRequest,
    project: Callable[[str], Project],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Warehouse]:
    """A user whose shops export everything, and PayPal a month in each file."""
    folder = tmp_path_factory.mktemp("pictures")
    systems = folder / "config" / "systems"
    systems.mkdir(parents=True)
    for system, meaning in MEANINGS.items():
        text = f"system: {system}\nsettings: {{delivery: {meaning}}}\n"
        (systems / f"{system}.yml").write_text(text)
    with at_home() as patch:
        patch.setenv("WAREHOUSE_CONFIG", str(folder / "config"))
        yield Warehouse(folder / "warehouse", project(request.param), "crm")


def deliver(warehouse: Warehouse, day: int, files: dict[str, str]) -> None:
    for place, text in files.items():
        put(warehouse, place, text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, f"2026-03-{day:02}T06:00:00Z")
        build(warehouse)


def there(warehouse: Warehouse) -> tuple[str, str, str]:
    """The payments of Stripe and PayPal and the orders that the marts have."""
    found = []
    for column, mart, prefix in (
        ("payment_id", "fct_payments", "stripe:ch_"),
        ("payment_id", "fct_payments", "paypal:"),
        ("order_id", "fct_orders", "shopify:555000000000"),
    ):
        rows = warehouse.query(
            f"select {column} from {mart} where {column} like '{prefix}%' order by 1"
        )
        found.append(" ".join(key.removeprefix(prefix) for (key,) in rows))
    return tuple(found)


def money(warehouse: Warehouse) -> dict[str, tuple[int, int]]:
    rows = warehouse.query(
        "select currency_code, sold_minor, paid_minor from rpt_money_monthly"
        " where sold_minor <> 0 or paid_minor <> 0"
    )
    sums: dict[str, tuple[int, int]] = {}
    for currency, sold, paid in rows:
        before = sums.get(currency, (0, 0))
        sums[currency] = before[0] + sold, before[1] + paid
    return sums


def recurring(warehouse: Warehouse) -> list[tuple[str, int]]:
    return warehouse.query(
        "select mrr_month, closing_minor from rpt_mrr_monthly order by 1"
    )


def confirm(warehouse: Warehouse, content_hash: str) -> None:
    """As a line of `config/confirmed_deletions.csv` does, by the seed's table."""
    sql = f"insert into confirmed_deletions values ('{content_hash}', 'test')"
    if warehouse.engine == "sqlite":
        with closing(sqlite3.connect(warehouse.database)) as db, db:
            db.execute(sql)
    else:
        with closing(duckdb.connect(str(warehouse.database))) as db:
            db.execute(sql)


def test_what_a_shop_no_longer_has_leaves_its_sums(warehouse: Warehouse) -> None:
    held_back = (
        "select source_value from int_commerce__findings"
        " where rule = 'picture_held_back'"
    )
    deliver(warehouse, 1, {
        "stripe/unified_payments.csv": payments(range(1, 7)),
        "shopify/orders_export.csv": orders(range(1, 7)),
        "stripe/subscriptions.csv": subscriptions(range(1, 7)),
        "paypal/Download_2026-01.CSV": activity("ABCDEF", 1),
        "paypal/Download_2026-02.CSV": activity("A", 2),
    })  # fmt: skip
    assert there(warehouse) == ("1 2 3 4 5 6", "1A 1B 1C 1D 1E 1F 2A", "1 2 3 4 5 6")
    assert money(warehouse) == {
        "USD": (0, 6000), "GBP": (0, 700), "EUR": (12000, 0),
    }  # fmt: skip

    # one of six is gone from each; the other month is as it was
    deliver(warehouse, 2, {
        "stripe/unified_payments.csv": payments(range(1, 6)),
        "shopify/orders_export.csv": orders(range(1, 6)),
        "stripe/subscriptions.csv": subscriptions(range(1, 6)),
        "paypal/Download_2026-01.CSV": activity("ABCDE", 1),
    })  # fmt: skip
    assert there(warehouse) == ("1 2 3 4 5", "1A 1B 1C 1D 1E 2A", "1 2 3 4 5")
    assert money(warehouse) == {
        "USD": (0, 5000), "GBP": (0, 600), "EUR": (10000, 0),
    }  # fmt: skip
    assert not warehouse.query(held_back)
    before = [("2026-01", 6000), ("2026-02", 6000)]
    assert recurring(warehouse) == [*before, ("2026-03", 5000)]

    # two of five are too many; what is there again is back
    deliver(warehouse, 3, {
        "stripe/unified_payments.csv": payments(range(1, 4)),
        "shopify/orders_export.csv": orders(range(1, 7)),
        "stripe/subscriptions.csv": subscriptions(range(1, 7)),
        "paypal/Download_2026-01.CSV": activity("ABCDEF", 1),
    })  # fmt: skip
    assert there(warehouse) == ("1 2 3 4 5", "1A 1B 1C 1D 1E 1F 2A", "1 2 3 4 5 6")
    ((said,),) = warehouse.query(held_back)
    assert recurring(warehouse) == [*before, ("2026-03", 6000)]
    missing, _, rest = said.partition("; to delete them, add ")
    content_hash = rest.partition(" ")[0]
    assert missing == "2 of 5 records are missing"
    assert warehouse.query(
        "select file_name from fct_ingest_files where content_hash like ?"
        " and status = 'landed'", f"{content_hash}%",
    ) == [("unified_payments.csv",)]  # fmt: skip

    confirm(warehouse, content_hash[:8])
    warehouse.build(
        "--select", *(f"{layer}.commerce" for layer in LAYERS), "--full-refresh"
    )
    assert there(warehouse) == ("1 2 3", "1A 1B 1C 1D 1E 1F 2A", "1 2 3 4 5 6")
    assert money(warehouse) == {
        "USD": (0, 3000), "GBP": (0, 700), "EUR": (12000, 0),
    }  # fmt: skip
    assert not warehouse.query(held_back)
