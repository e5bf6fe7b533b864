"""Sales: totals to the cent, late and repeated deliveries, several sources."""

from __future__ import annotations

import csv
import io
import random
import shutil
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from scripts.ingest.clock import VARIABLE
from scripts.settings import PROJECT
from tools.demo_api import Handler
from tools.demo_api import generated as generated_sales
from tools.generate.sales import Shop
from tools.generate.sales_files import write

from .sales_oracle import (
    cents,
    day,
    growth,
    incentives,
    month,
    product,
    sold_once,
    totals,
)
from .test_increments import ON_EACH
from .warehouse import CLOCK, ENGINES, Project, Warehouse, differences

COLUMNS = (
    "customer_id", "store_id", "product_name", "sales_date", "sales_person_id",
    "price", "quantity", "total_cost",
)  # fmt: skip


def sale(**changes: Any) -> dict[str, Any]:
    """Return a sale without a fault."""
    return {
        "customer_id": "1",
        "store_id": "121",
        "product_name": "Green Tea",
        "sales_date": "2025-01-05",
        "sales_person_id": "7",
        "price": "2.50",
        "quantity": "3",
        "total_cost": "7.50",
    } | changes


KEYS = (
    sale(),
    sale(customer_id="99", store_id="", sales_person_id="[1, 2, 3]"),
    sale(product_name=" GREEN  tea "),
    sale(product_name="Mystery Box", total_cost="8.00"),
    sale(price="free", quantity="-2", total_cost="-5.00"),
    sale(price="1" * 14, quantity="1" * 17, total_cost="9" * 16),
    sale(quantity="20000", price="2000000", total_cost="0", sales_date="1812-01-01"),
)
INCENTIVES = [  # what sellers of a store sold, and what they earn in cents
    ({"7": ["100.49"], "8": ["0.50"]}, {"7": 100, "8": 0}),
    ({"7": ["100.50"], "8": ["0.50"]}, {"7": 101, "8": 0}),  # half up
    ({"7": ["60.00", "40.00"], "8": ["100.00"]}, {"7": 100, "8": 100}),  # a tie
    ({"7": ["-5.00"], "8": ["-6.00"]}, {"7": 0, "8": 0}),
    ({"7": ["10.00"], "[1, 2]": ["99.00"]}, {"7": 10, "[1, 2]": 0}),
    ({"7": ["10.00"], "": ["99.00"]}, {"7": 10, None: 0}),
]
GROWTH = {"2024-11": "10", "2024-12": "15", "2025-01": "12", "2025-03": "1"}
FAR_DAYS = ["1997-05-05", "2099-01-01"]
PRICES = [("2.00", "2025-03-01"), ("1.00", "2025-01-01")]


def sales_of(cases: list[tuple[dict, dict]]) -> Iterator[dict[str, Any]]:
    for number, (amounts, _) in enumerate(cases):
        for person, sold in amounts.items():
            for amount in sold:
                yield sale(
                    store_id=f"1{number}", sales_person_id=person, total_cost=amount
                )


def deliver(shop: Warehouse, name: str, *rows: dict[str, Any]) -> None:
    """Deliver a file of sales, in a folder of its own source or in none."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]) if rows else COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    (shop.inbox / "sales" / name).parent.mkdir(parents=True, exist_ok=True)
    shop.deliver(name, text.getvalue())


def deliver_dimensions(shop: Warehouse) -> None:
    """Deliver one or a few records of each dimension."""
    shop.deliver("customers.csv", "customer_id,first_name,last_name\n1,Ann,Ray\n")
    shop.deliver("products.csv", "id,name,current_price\n1,Green Tea,2.50\n")
    shop.deliver("stores.csv", "id,address\n121,1 High Street\n")
    shop.deliver(
        "sales_team.csv",
        "id,first_name,last_name,manager_id,is_manager\n"
        "1,Max,Head,,Y\n7,Sue,Low,1,N\n8,Tom,Lee,99,N\n",
    )


@pytest.fixture
def shop(new_warehouse: Callable[..., Warehouse]) -> Warehouse:
    """Return an empty warehouse that files of the shops are delivered to."""
    return new_warehouse(domain="sales")


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the sales of three months, a sixth of them spoilt."""
    folder = tmp_path_factory.mktemp("generated")
    for _ in write(Shop(5, customers=30), folder, 600, dirt=0.16, extra=1):
        pass
    return folder


def rows_of(folder: Path, pattern: str = "sales_2*.csv") -> list[dict[str, str]]:
    return [
        row
        for path in sorted(folder.glob(pattern))
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    ]


def found(shop: Warehouse, sql: str) -> dict[tuple, Any]:
    """Return the answer of a query as a dict by all but the last column."""
    rows = shop.query(sql)
    answer = {tuple(key): value for *key, value in rows}
    assert len(answer) == len(rows)
    return answer


def check_totals(shop: Warehouse, rows: list[dict[str, str]]) -> None:
    """Compare every mart with the rows of the files, to the cent."""
    assert shop.query(
        "select count(*), coalesce(sum(total_cost_cents), 0) from fct_sales"
    ) == [(len(rows), sum(cents(row["total_cost"]) for row in rows))]
    assert found(
        shop,
        "select sales_month, source_customer_id, total_cents"
        " from rpt_customer_monthly_sales",
    ) == totals(rows, month, "customer_id")
    team = "select sales_month, source_store_id, source_salesperson_id"
    assert found(shop, f"{team}, total_cents from rpt_sales_team_monthly") == totals(
        rows, month, "store_id", "sales_person_id"
    )
    assert found(
        shop, f"{team}, incentive_cents from rpt_sales_team_monthly"
    ) == incentives(rows)
    assert found(
        shop, "select sales_date, source_store_id, total_cents from rpt_sales_daily"
    ) == totals(rows, day, "store_id")
    products = "from rpt_product_monthly"
    assert found(
        shop, f"select sales_month, product_id, total_cents {products}"
    ) == totals(rows, month, product)
    assert found(
        shop, f"select sales_month, product_id, growth_cents {products}"
    ) == growth(rows)
    # and nothing that a file holds is lost on the way to them
    assert shop.query(
        "select sum(mart_minor), sum(abs(remainder_minor)) from rpt_reconciliation"
        " where source_name = 'sales'"
    ) == [(sum(cents(row["total_cost"]) for row in rows), 0)]


def test_totals_of_dirty_deliveries(
    new_warehouse: Callable[..., Warehouse], generated: Path
) -> None:
    """Dimensions come late, a month is sent again, the tills tell of a month, too."""
    contents = []
    for engine in ENGINES:
        shop = new_warehouse(engine, domain="sales")
        inbox = shop.inbox / "sales"
        for name in ("sales_2025-05.csv", "sales_2025-04.csv"):
            shutil.copy(generated / name, inbox)
        shop.run()
        check_totals(shop, rows_of(inbox))
        assert not shop.value("select count(*) from dim_customers")
        shutil.copytree(generated, inbox, dirs_exist_ok=True)
        name = "sales_2025-05.csv"
        gone = rows_of(inbox, name)[:5]
        deliver(shop, name, *rows_of(inbox, name)[5:])
        again = rows_of(inbox, "sales_2025-04.csv")
        more = sale(sales_date="2025-04-30")
        deliver(shop, "pos/sales.csv", *again, more)
        shop.run()
        rows = [*rows_of(inbox), *gone]  # no delivery takes away
        check_totals(shop, [*rows, more])
        known = [row["customer_id"] not in ("999999", "") for row in rows]
        assert shop.value(
            "select count(*) from fct_sales where customer_id is not null"
        ) == sum([*known, True])
        contents.append(shop.content())
    for other in contents[1:]:
        assert differences(contents[0], other)[:5] == []
    assert {rule for rule, *_ in shop.findings()} >= {
        "amount_negative", "date_in_future", "date_unreadable", "key_is_list",
        "number_unreadable", "product_not_in_catalogue", "quantity_not_positive",
        "reference_unknown", "required_missing", "total_inconsistent",
        "value_implausible", "column_unexpected",
    }  # fmt: skip


@pytest.fixture(scope="module")
def cases(
    project: Callable[[str], Project], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Warehouse]:
    """Return a warehouse with a file for each test that only reads."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(PROJECT)
        patch.setenv(VARIABLE, CLOCK)
        for name in ("WAREHOUSE_TARGET", "WAREHOUSE_DB", "WAREHOUSE_LAKE"):
            patch.setenv(name, "")
        folder = tmp_path_factory.mktemp("cases") / "warehouse"
        shop = Warehouse(folder, project("sqlite"), "sales")
        deliver_dimensions(shop)
        deliver(shop, "sales_keys.csv", *KEYS)
        deliver(shop, "sales_bad.csv", {"customer_id": "1", "store_id": "121"})
        deliver(shop, "sales_incentives.csv", *sales_of(INCENTIVES))
        deliver(
            shop,
            "sales_growth.csv",
            *(
                sale(product_name="Sugar", sales_date=f"{m}-15", total_cost=total)
                for m, total in GROWTH.items()
            ),
        )
        deliver(shop, "sales_calendar.csv", *(sale(sales_date=d) for d in FAR_DAYS))
        for number, street in enumerate(["Old Road", "New Road", "Old Road"]):
            name = f"customers_{number}.csv"
            shop.deliver(name, f"id,address\n21,{street}\n22,Here\n")
        # with a time of change, a stale record takes its place in the past
        for number, (price, when) in enumerate(PRICES):
            name = f"products_{number}.csv"
            head = "id,name,current_price,updated_date\n"
            shop.deliver(name, f"{head}1,Tea,{price},{when}\n")
        shop.run()
        yield shop


def test_keys_are_linked_or_reported(cases: Warehouse) -> None:
    good = ("1", "121", "7", "green tea", 20250105, 0, "1", "7")
    assert cases.query(
        "select customer_id, store_id, salesperson_id, product_id, date_id,"
        " difference_cents, source_customer_id, source_salesperson_id"
        " from fct_sales where sale_id like 'sales_keys%' order by _row_id"
    ) == [
        good,
        (None, None, None, "green tea", 20250105, 0, "99", "[1, 2, 3]"),
        good,
        ("1", "121", "7", "mystery box", 20250105, 50, "1", "7"),
        ("1", "121", "7", "green tea", 20250105, None, "1", "7"),
        ("1", "121", "7", "green tea", 20250105, None, "1", "7"),
        ("1", "121", "7", "green tea", 18120101, -(20000 * 2000000_00), "1", "7"),
    ]
    assert sorted(
        cases.query(
            "select line, rule, column_name from fct_row_errors"
            " where file_name = 'sales_keys.csv' and record is not null"
        )
    ) == [
        (3, "key_is_list", "sales_person_id"),
        (3, "reference_unknown", "customer_id"),
        (3, "required_missing", "store_id"),
        (5, "product_not_in_catalogue", "product_name"),
        (5, "total_inconsistent", "total_cost"),
        (6, "amount_negative", "total_cost"),
        (6, "number_unreadable", "price"),
        (6, "quantity_not_positive", "quantity"),
        (7, "number_unreadable", "price"),
        (7, "number_unreadable", "quantity"),
        (7, "number_unreadable", "total_cost"),
        (8, "total_inconsistent", "total_cost"),
        (8, "value_implausible", "price"),
        (8, "value_implausible", "quantity"),
        (8, "value_implausible", "sales_date"),
    ]
    assert cases.query(
        "select full_name, manager_id, manager_name, is_manager"
        " from dim_salespeople order by salesperson_id"
    ) == [
        ("Max Head", None, None, 1),
        ("Sue Low", "1", "Max Head", 0),
        ("Tom Lee", None, None, 0),
    ]
    assert ("reference_unknown", "8", "manager_id") in cases.findings()
    assert ("file_refused", "sales_bad.csv", "file") in cases.findings()


def test_dimensions_have_a_history(cases: Warehouse) -> None:
    history = cases.query(
        "select entity_id, version_number, is_current, attributes, valid_from"
        " from dim_sales_entities_history"
        " where entity_id in ('21', '22', 'tea') order by entity, 1, 2"
    )
    assert [row[:3] for row in history] == [
        ("21", 1, 0),
        ("21", 2, 0),
        ("21", 3, 1),
        ("22", 1, 1),
        ("tea", 1, 0),
        ("tea", 2, 1),
    ]
    assert ['"New Road"' in row[3] for row in history[:3]] == [False, True, False]
    assert ['"price_cents":100' in row[3] for row in history[4:]] == [True, False]
    assert [row[4][:10] for row in history[4:]] == ["2025-01-01", "2025-03-01"]
    assert cases.query(
        "select address from dim_customers where customer_id > '2' order by customer_id"
    ) == [("Old Road",), ("Here",)]
    assert (
        cases.value("select price_cents from dim_products where product_id = 'tea'")
        == 200
    )


def test_incentives(cases: Warehouse) -> None:
    assert found(
        cases,
        "select source_store_id, source_salesperson_id, incentive_cents"
        " from rpt_sales_team_monthly where source_store_id like '1_'",
    ) == {
        (f"1{number}", person): amount
        for number, (_, paid) in enumerate(INCENTIVES)
        for person, amount in paid.items()
    }


def test_growth_is_against_the_month_before(cases: Warehouse) -> None:
    assert cases.query(
        "select sales_month, previous_month_cents, growth_cents, growth_rate"
        " from rpt_product_monthly where product_id = 'sugar' order by 1"
    ) == [
        ("2024-11", None, None, None),
        ("2024-12", 1000, 500, 0.5),
        ("2025-01", 1500, -300, -0.2),
        ("2025-03", None, None, None),
    ]


def test_the_calendar_is_that_of_python(cases: Warehouse) -> None:
    """From the first likely sale to the last, and the years of all others."""
    expected = []
    for year in (1812, *range(1997, 2026), 2099):
        when = date(year, 1, 1)
        while when.year == year:
            iso = when.isocalendar()
            quarter = (when.month + 2) // 3
            expected.append(
                (
                    int(when.isoformat().replace("-", "")), when.isoformat(),
                    year, quarter, when.month, iso[0], iso[1], when.day,
                    when.strftime("%A"), int(when.weekday() >= 5),
                    when.replace(day=1).isoformat(),
                    when.replace(month=quarter * 3 - 2, day=1).isoformat(),
                )
            )  # fmt: skip
            when += timedelta(days=1)
    assert cases.query("select * from dim_dates order by date_id") == expected


@pytest.mark.long
def test_late_dimensions_and_late_rows(shop: Warehouse) -> None:
    """Late rows change their month and no other, late dimensions are linked."""
    marts = [
        f"select * from {mart} where {column} not like '2025-01%'"
        for mart, column in [
            ("rpt_customer_monthly_sales", "sales_month"),
            ("rpt_sales_team_monthly", "sales_month"),
            ("rpt_sales_daily", "sales_date"),
            ("fct_sales", "sales_date"),
        ]
    ]
    days = [date(2025, 1, 5) + timedelta(days=n) for n in range(0, 90, 3)]
    deliver(shop, "sales_2025.csv", *(sale(sales_date=f"{day}") for day in days))
    shop.run()
    before = [sorted(shop.query(sql)) for sql in marts]
    assert all(before)
    january = "select sum(total_cents) from rpt_sales_daily where date_id < 20250201"
    total = shop.value(january)
    late = sale(sales_date="2025-01-31", sales_person_id="8")
    deliver(shop, "sales_2025-06-01.csv", late)
    shop.run()
    assert [sorted(shop.query(sql)) for sql in marts] == before
    assert shop.value(january) == total + 750
    keys = "select distinct customer_id, store_id, salesperson_id from fct_sales"
    products = "select product_name, source_product_id, is_in_catalogue"
    products += " from dim_products"
    assert shop.query(keys) == [(None, None, None)]
    assert shop.query(products) == [("Green Tea", None, 0)]
    deliver_dimensions(shop)
    shop.run()
    assert sorted(shop.query(keys)) == [("1", "121", "7"), ("1", "121", "8")]
    assert shop.query(products) == [("Green Tea", "1", 1)]
    assert set(shop.query("select full_name from rpt_customer_monthly_sales")) == {
        ("Ann Ray",)
    }
    assert not {f for f in shop.findings() if f[0] == "product_not_in_catalogue"}


@pytest.mark.long
def test_a_file_sent_again_removes_nothing(shop: Warehouse) -> None:
    """Equal lines of one file are different sales; sent again they are the same."""
    deliver(shop, "sales_2025-01.csv", sale(), sale(), sale(total_cost="1.00"))
    deliver(shop, "sales_2025-02.csv", sale(sales_date="2025-02-01"))
    shop.run()
    everything = "select sales_date, total_cost_cents from fct_sales order by _row_id"
    first = [("2025-01-05", 750), ("2025-01-05", 750), ("2025-01-05", 100)]
    second = [("2025-02-01", 750)]
    assert shop.query(everything) == first + second
    deliver(shop, "sales_2025-01.csv", sale(), sale(total_cost="7.00"))
    deliver(shop, "sales_2025-02.csv")
    shop.run()
    assert shop.query(everything) == [*first, *second, ("2025-01-05", 700)]
    assert shop.value("select count(distinct sale_id) from fct_sales") == 5
    assert ("file_name_repeated", "sales_2025-01.csv", "file") in shop.findings()
    assert shop.query(
        "select current_count, superseded_count, unchanged_count"
        " from rpt_record_conservation where table_name = 'transactions'"
    ) == [(5, 0, 1)]
    # a page that is asked for again is all there is of it
    deliver(shop, "api/page.sales.csv", sale(store_id="9"), sale(store_id="10"))
    shop.run()
    deliver(shop, "api/page.sales.csv", sale(store_id="10"))
    shop.run()
    assert shop.query(
        "select source_store_id from fct_sales where source_name = 'api'"
    ) == [("10",)]


OF_ONE_NUMBER = {  # what sources say of it in two steps, and how many sales it is
    "1001": ([("pos", {}), ("web", {"customer_id": "2"})], [], 2),
    "1002": ([("pos", {}), ("web", {"store_id": "122"})], [], 1),
    "1003": ([("pos", {}), ("web", {})], [("web", {"total_cost": "8.00"})], 1),
    "1004": ([("pos", {}), ("web", {"quantity": "4", "total_cost": "1"})],
             [("web", {})], 1),
    "1005": ([("a", {}), ("b", {"total_cost": "1"})],
             [("b", {}), ("c", {"total_cost": "1"})], 1),
    "1006": ([("a", {}), ("b", {"customer_id": "2"})],
             [("c", {"customer_id": "3"}), ("d", {"customer_id": "2"})], 3),
    "pos/1001": ([("web", {"customer_id": "5"})], [], 1),
    "#1007": ([("pos", {}), ("web", {"sales_date": "2025-01-06"})], [], 2),
}  # fmt: skip


@pytest.mark.long
@ON_EACH
def test_a_number_is_that_of_its_source(
    new_warehouse: Callable[..., Warehouse], engine: str
) -> None:
    """Sources that ever agreed mean one sale, all others have one each."""
    shop = new_warehouse(engine, domain="sales")
    for step in (0, 1):
        rows: dict[str, list] = {}
        for number, steps in OF_ONE_NUMBER.items():
            for source, changes in steps[step]:
                rows.setdefault(source, []).append({"id": number} | sale(**changes))
        for source, told in rows.items():
            deliver(shop, f"{source}/sales_{step}.csv", *told)
        shop.run()
    assert found(
        shop,
        "select source_sale_id, count(*) from fct_sales group by 1",
    ) == {(number,): count for number, (*_, count) in OF_ONE_NUMBER.items()}
    assert {row for row, in shop.query(
        "select sale_id from fct_sales where source_sale_id like '%1001'"
    )} == {"1001", "web/1001", "web/pos/1001"}  # fmt: skip
    assert shop.query(
        "select source_sale_id, total_cost_cents from fct_sales"
        " where source_sale_id in ('1003', '1004') order by 1"
    ) == [("1003", 800), ("1004", 750)]
    shared = {f[1] for f in shop.findings() if f[0] == "sale_number_shared"}
    assert shared == {n for n, (*_, count) in OF_ONE_NUMBER.items() if count > 1}
    shop.build("--select", "sales_totals_are_conserved", command="test")
    before = shop.content()
    shop.build_models("--full-refresh")
    assert differences(before, shop.content())[:5] == []


def test_a_sale_that_two_sources_tell_of_is_one(shop: Warehouse) -> None:
    """The first with the first, the second with the second, none with its own."""
    deliver(shop, "sales_1.csv", sale(), sale(), sale(store_id="122"))
    deliver(shop, "api/sales_2.csv", *[{"id": f"A{n}", **sale()} for n in range(3)])
    deliver(
        shop, "pos/sales_3.csv",
        sale(), sale(), sale(), sale(), sale(quantity="4"),
    )  # fmt: skip
    shop.run()
    told = "select source_name, sale_id from fct_sales order by 1, 2"
    # three by id, one more that the tills alone have, and two that are unlike
    assert shop.query(told) == [
        ("api", "A0"), ("api", "A1"), ("api", "A2"),
        ("files", "sales_1.csv#3"),
        ("pos", "pos/sales_3.csv#4"), ("pos", "pos/sales_3.csv#5"),
    ]  # fmt: skip
    sums = "file_name, file_minor, repeated_minor, mart_minor, remainder_minor"
    assert shop.query(f"select {sums} from rpt_reconciliation order by file_name") == [
        ("api/sales_2.csv", 3 * 750, 0, 3 * 750, 0),
        ("pos/sales_3.csv", 5 * 750, 3 * 750, 2 * 750, 0),
        ("sales_1.csv", 3 * 750, 2 * 750, 750, 0),
    ]
    # once the tills name one of the three, it is no longer open to be paired
    deliver(shop, "pos/sales_4.csv", {"id": "A1", **sale()})
    shop.run()
    assert len(shop.query(told)) == 7
    before = shop.query(told)
    deliver(shop, "api/sales_2.csv")  # what has an identifier, stays
    deliver(shop, "pos/sales_3.csv")  # and what no page of an interface holds
    shop.run()
    assert shop.query(told) == before


class Till(Handler):
    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.mark.long
def test_files_an_interface_and_a_database_are_one_star(
    shop: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same sales by three ways count once, and each has some of its own."""
    sales = list(generated_sales(90, 4, 10))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Till, sales[:70]))
    threading.Thread(target=server.serve_forever, args=(0.01,)).start()
    monkeypatch.setenv("SALES_API_URL", f"http://127.0.0.1:{server.server_port}/sales")
    monkeypatch.setenv("SALES_API_TOKEN", "demo")
    url = shop.folder / "till.db"
    with closing(sqlite3.connect(url)) as db:
        db.execute(f"create table sales ({', '.join(sales[0])})")
        marks = ", ".join("?" * len(sales[0]))
        rows = [tuple(row.values()) for row in sales[10:80]]
        db.executemany(f"insert into sales values ({marks})", rows)
        db.commit()
    monkeypatch.setenv("SALES_DATABASE_URL", f"sqlite:///{url}")
    nameless = [{name: row[name] for name in COLUMNS} for row in sales[20:]]
    deliver(shop, "sales_2025.csv", *nameless)
    try:
        shop.land()
        shop.run()
    finally:
        server.shutdown()
        server.server_close()
    check_totals(shop, sales)
    # of an identifier what was said last counts, and files come with none
    assert shop.query(
        "select source_name, count(*) from fct_sales group by 1 order by 1"
    ) == [("api", 70), ("database", 10), ("files", 10)]


@pytest.mark.long
def test_pairs_equal_brute_force(shop: Warehouse) -> None:
    """Random rows of three sources, in several steps, some files sent anew."""
    chance = random.Random(3)
    told: dict[str, Counter[tuple[str, str]]] = {}
    for step in range(3):
        for number, folder in enumerate(["", "api/", "pos/"]):
            name = f"{folder}sales_{step % 2}{number}.csv"
            rows = [
                (str(chance.randrange(2)), f"2025-01-0{chance.randrange(1, 4)}")
                for _ in range(chance.randrange(12))
            ]
            deliver(shop, name, *(sale(store_id=s, sales_date=d) for s, d in rows))
            known = told.get(name, Counter()) if folder != "api/" else Counter()
            told[name] = known | Counter(rows)
        shop.run()
        sources: dict[str, list[tuple[str, str]]] = {}
        for name, counts in told.items():
            sources.setdefault(name.rpartition("/")[0], []).extend(counts.elements())
        counts = shop.query(
            "select source_store_id, sales_date, count(*) from fct_sales group by 1, 2"
        )
        assert {(s, d): n for s, d, n in counts} == sold_once(sources.values())
    shop.build("--select", "sales_totals_are_conserved", command="test")
    before = shop.content()
    shop.build_models("--full-refresh")
    assert differences(before, shop.content())[:5] == []
