"""Source databases: SQLite, and PostgreSQL where one can be started."""

import json
import os
import random
import shutil
import socket
import sqlite3
import subprocess
import sys
import tracemalloc
import uuid
from collections import Counter
from contextlib import closing
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from scripts.ingest.clock import VARIABLE
from scripts.ingest.feeds import database
from scripts.ingest.land import Lander

from .conftest import Shop

pytestmark = pytest.mark.long

DECLARED = """
sources:
  - name: shop
    tables:
      - name: sales
        identifier: bronze_shop__sales
        config:
          meta:
            files: sales*
            database: {database}
        columns:
          - {{name: id}}
          - {{name: at}}
          - {{name: price}}
          - {{name: note}}
"""


@pytest.fixture
def shop(tmp_path, request):
    is_lake = getattr(request, "param", "tables") == "lake"
    return Shop(tmp_path, tmp_path / "lake" if is_lake else None)


@pytest.fixture(scope="module")
def postgres(tmp_path_factory):
    """The address of a server of its own, or a skip that says why there is none."""
    # Debian keeps them off the path
    places = [os.environ.get("PATH", ""), *Path("/usr/lib/postgresql").glob("*/bin")]
    path = os.pathsep.join(map(str, places))
    initdb, control = (shutil.which(name, path=path) for name in ("initdb", "pg_ctl"))
    if not (initdb and control):
        pytest.skip("needs PostgreSQL: initdb and pg_ctl are not on the path")
    folder = tmp_path_factory.mktemp("postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    user = None
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # it does not run as root
        user = "nobody"
        for place in (folder, *folder.parents):
            if place.owner() == "root" and place.stat().st_mode & 0o077 == 0:
                place.chmod(0o711)
        shutil.chown(folder, user)
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c fsync=off -k {folder}"
    quiet = {"capture_output": True, "text": True, "user": user, "cwd": folder}
    control = [control, "-D", str(folder / "data")]
    try:
        for command in (
            [initdb, "-D", str(folder / "data"), "-U", "shop", "-A", "trust", "-N"],
            [*control, "-w", "-o", options, "-l", str(folder / "log"), "start"],
        ):
            done = subprocess.run(command, **quiet)
            if done.returncode:
                said = (done.stderr or done.stdout).strip().partition("\n")[0]
                pytest.skip(f"needs PostgreSQL, which cannot be started: {said}")
    except OSError as error:
        pytest.skip(f"needs PostgreSQL, which cannot be started: {error}")
    yield f"postgresql+psycopg://shop@127.0.0.1:{port}/postgres"
    subprocess.run([*control, "-m", "immediate", "stop"], **quiet)


class Till:
    """A table of sales in a database."""

    def __init__(self, url: str, cursor_type: sa.types.TypeEngine) -> None:
        self.url = url
        self.engine = sa.create_engine(url)
        self.sales = sa.Table(
            "sales",
            sa.MetaData(),
            sa.Column("id", sa.Integer),
            sa.Column("at", cursor_type),
            sa.Column("price", sa.Numeric(12, 2) if "postgres" in url else sa.Text),
            sa.Column("note", sa.Text),
        )
        self.sales.drop(self.engine, checkfirst=True)
        self.sales.create(self.engine)

    def sell(self, *rows: dict) -> None:
        with self.engine.begin() as connection:
            connection.execute(self.sales.insert(), list(rows))

    def sold(self) -> Counter:
        with self.engine.connect() as connection:
            return Counter(
                (str(number), note)
                for number, note in connection.execute(
                    sa.select(self.sales.c.id, self.sales.c.note)
                )
            )


@pytest.fixture(params=["sqlite", "postgres"])
def till(request, tmp_path):
    """Return a way to make the table with a type of cursor."""
    url = f"sqlite:///{tmp_path}/till.db"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres")
    made = []

    def till(cursor_type=None):
        made.append(Till(url, cursor_type or sa.Integer()))
        return made[-1]

    yield till
    for one in made:
        one.engine.dispose()


@pytest.fixture
def read(shop, monkeypatch):
    """Declare the database of a till, and run."""

    def read(url: str, **changes):
        monkeypatch.setenv("TILL_URL", url)
        declared = {
            "name": "till", "url": "${TILL_URL}", "relation": "sales",
            "cursor": "at", "rows": 4, **changes,
        }  # fmt: skip
        shop.declare(DECLARED.format(database=json.dumps(declared)))
        return shop.run()

    return read


def landed(shop) -> Counter:
    """The landed sales; of those without a cursor the newest."""
    shop.check_counts()
    newest = (
        "select max(file_id) from ingest_files where status = 'landed'"
        " group by file_name"
    )
    return Counter(
        shop.query(
            f"select id, note from bronze_shop__sales where _file_id in ({newest})"
        )
    )


CURSORS = {
    "number": (sa.Integer(), lambda n: n),
    "time": (sa.DateTime(), lambda n: datetime(2025, 1, 1) + timedelta(seconds=n)),
    "text": (sa.Text(), lambda n: f"{n:03}'"),
}


@pytest.mark.parametrize("kind", CURSORS)
def test_windows_lose_and_double_nothing(shop, till, read, kind):
    """Many rows share a value of the cursor, some have none; more come later."""
    chance = random.Random(kind)
    kind, made = CURSORS[kind]
    till = till(kind)
    rows = [
        {"id": n, "at": made(chance.randrange(12)), "note": chance.choice("äb")}
        for n in range(40)
    ]
    till.sell(*rows, {"id": 98, "at": None, "note": None})
    assert read(till.url).exit_code == 0
    assert landed(shop) == till.sold()
    assert len(shop.files("file_id")) > 5
    before = shop.files("file_id")
    read(till.url)
    assert shop.files("file_id") == before
    till.sell({"id": 50, "at": made(12)}, {"id": 51, "at": made(12)})
    till.sell({"id": 99, "at": None})
    read(till.url)
    assert landed(shop) == till.sold()
    with till.engine.begin() as connection:
        connection.execute(till.sales.delete().where(till.sales.c.at.is_(None)))
    read(till.url)
    assert landed(shop) == till.sold()


def in_bronze(shop) -> Counter:
    """All that ever landed, by number and note."""
    shop.check_counts()
    return Counter(shop.rows("sales", "id, note"))


GROWING = {
    **CURSORS,
    "day": (sa.Date(), lambda n: date(2025, 1, 1) + timedelta(days=n)),
    "digits": (sa.Text(), str),
    "stamp": (sa.Text(), lambda n: f"{datetime(2025, 1, 1) + timedelta(hours=n)}Z"),
    "decimal": (sa.Numeric(12, 2), lambda n: Decimal(n) / 4),
    "float": (sa.Float(), lambda n: n / 3),
    "uneven": (sa.Text(), lambda n: f"A{n}"),
    "random": (sa.Text(), lambda n: str(uuid.uuid5(uuid.NAMESPACE_OID, str(n)))),
    "several forms": (sa.Text(), lambda n: f"2025-01-{n + 1:02}{' 10:00' * (n % 2)}"),
    "day first": (sa.Text(), lambda n: f"{31 - n:02}.{n % 12 + 1:02}.2025"),
}
WITHOUT_ORDER = {"uneven", "random", "several forms", "day first"}


@pytest.mark.parametrize("kind", GROWING)
@pytest.mark.filterwarnings("ignore:Dialect sqlite.*Decimal")
def test_rows_that_share_the_last_value_and_come_later_land_once(
    shop, till, read, kind
):
    """Values grow from run to run, or stay; rows may be equal in all they hold."""
    chance = random.Random(kind)
    column, made = GROWING[kind]
    till = till(column)
    for run in range(6):
        last = 7 + run  # or the value before it was the last
        till.sell(
            *(
                {
                    "id": chance.randrange(3),
                    "at": made(last + chance.randrange(2) * (n > 3)),
                    "note": "ä",
                }
                for n in range(1 + chance.randrange(9))
            )
        )
        found = read(till.url)
        assert found.exit_code == 0
        assert in_bronze(shop) == till.sold(), run
        assert not found.notes or kind in WITHOUT_ORDER
    before = shop.files("*")
    found = read(till.url)
    assert (found.exit_code, bool(found.notes)) == (0, kind in WITHOUT_ORDER)
    assert shop.files("*") == before
    positions = [json.loads(row[0]) for row in shop.files("position")]
    assert ["seen" in kept for kept in positions] == [False] * (len(before) - 1) + [
        True
    ]


LAGS = {
    "number": (sa.Integer(), lambda n: n, 5),
    "time": (sa.DateTime(), lambda n: datetime(2025, 3, 1) + timedelta(seconds=n), 5),
    "day": (sa.Date(), lambda n: date(2025, 3, 1) + timedelta(days=n), 5 * 86_400),
    "digits": (sa.Text(), str, 5),
    "stamp": (sa.Text(), lambda n: f"2025-03-01T{n // 60:02}:{n % 60:02}:00Z", 300),
}


@pytest.mark.parametrize("kind", LAGS)
def test_rows_may_come_below_the_last_value_within_the_lag(shop, till, read, kind):
    column, made, lag = LAGS[kind]
    till = till(column)
    till.sell(*({"id": n, "at": made(n), "note": "a"} for n in range(0, 22, 3)))
    read(till.url, lag=lag)
    assert in_bronze(shop) == till.sold()
    till.sell({"id": 50, "at": made(16), "note": "b"})  # 21 was the last
    read(till.url, lag=lag)
    assert in_bronze(shop) == till.sold()
    till.sell(*({"id": n, "at": made(n), "note": "c"} for n in (17, 22, 30)))
    read(till.url, lag=lag)
    assert in_bronze(shop) == till.sold()
    till.sell({"id": 60, "at": made(10), "note": "too late"})
    read(till.url, lag=lag)
    assert in_bronze(shop) + Counter({("60", "too late"): 1}) == till.sold()


def test_a_lag_needs_a_number_or_a_time(till, read):
    till = till(sa.Text())
    till.sell({"id": 1, "at": "A1"}, {"id": 2, "at": "A2"})
    (outcome,) = read(till.url, lag=5).outcomes
    assert "lag" in outcome.reason


def test_a_row_that_comes_between_two_windows_is_not_missed(
    shop, till, read, monkeypatch
):
    till = till()
    till.sell(*({"id": n, "at": n // 4} for n in range(20)))
    land, came = Lander.land, []

    def late(self, delivery, progress):
        found = land(self, delivery, progress)
        if len(came) < 3:  # with the last value of the window that has just landed
            came.append(len(came))
            till.sell({"id": 90 + came[-1], "at": came[-1], "note": "late"})
        return found

    monkeypatch.setattr(Lander, "land", late)
    read(till.url)
    assert in_bronze(shop) == till.sold()
    assert len(came) == 3


def test_what_an_earlier_version_has_read_is_not_read_again(shop, till, read):
    till = till()
    till.sell(*({"id": n, "at": n // 2} for n in range(9)))
    read(till.url)
    with closing(sqlite3.connect(shop.ledger)) as ledger, ledger:
        ledger.execute(
            "update ingest_files set position"
            " = json_remove(position, '$.seen', '$.kind')"
        )
    till.sell({"id": 20, "at": 5})
    read(till.url)
    assert in_bronze(shop) == till.sold()


@pytest.mark.parametrize("start", ["A8", "8", "2025-01-08"])
def test_a_cursor_may_lose_its_order_and_find_another(shop, till, read, start):
    """Nothing lands twice, and nothing is missed, when it does."""
    till = till(sa.Text())
    till.sell({"id": 1, "at": start}, {"id": 2, "at": start, "note": "x"})
    assert not read(till.url).notes
    till.sell({"id": 3, "at": f"{start}0 and more"}, {"id": 4, "at": "A"})
    assert read(till.url).notes
    assert in_bronze(shop) == till.sold()
    with till.engine.begin() as connection:
        connection.execute(till.sales.update().values(at=till.sales.c.id + 100))
    read(till.url)  # each row has changed
    assert len(shop.rows("sales")) == 8
    till.sell({"id": 5, "at": "105"}, {"id": 6, "at": "106"})
    assert not read(till.url).notes
    assert len(shop.rows("sales")) == 10


@pytest.mark.parametrize("till", ["sqlite"], indirect=True)
def test_a_column_may_hold_values_of_several_types(shop, till, read):
    """In SQLite the number 10 comes before the text '9'."""
    till = till()
    with till.engine.begin() as connection:
        connection.execute(sa.text("alter table sales add column any_at blob"))
    for values in (["9", 8], [10], ["1"]):
        for value in values:
            with till.engine.begin() as connection:
                statement = "insert into sales (id, note, any_at) values (7, 'n', :at)"
                connection.execute(sa.text(statement), {"at": value})
        found = read(till.url, cursor="any_at")
        assert "any_at has no order to rely on" in found.notes[0]
        assert in_bronze(shop) == till.sold()


@pytest.mark.parametrize("till", ["sqlite"], indirect=True)
@pytest.mark.parametrize("is_alone", [True, False])
def test_a_text_that_is_none_costs_its_row_alone(shop, till, read, is_alone):
    till = till()
    till.sell({"id": 2, "at": 2, "note": "b"})
    with till.engine.begin() as connection:
        connection.execute(
            sa.text("insert into sales (id, at, note) values (1, 1, cast(:t as text))"),
            {"t": b"caf\xe9"},
        )
    for _ in range(2):
        assert read(till.url, rows=1 if is_alone else 4).exit_code == 0
        assert in_bronze(shop) == Counter({("2", "b"): 1})
        ((_, _, reason, _),) = shop.rejects()
        assert "invalid utf-8 (byte 0xe9)" in reason


@pytest.mark.parametrize("till", ["postgres"], indirect=True)
def test_times_that_python_does_not_know_are_values(shop, till, read):
    till = till()
    with till.engine.begin() as connection:
        for column in ("on_day date", "clock timestamp", "moment timestamptz"):
            connection.execute(sa.text(f"alter table sales add column {column}"))
        connection.execute(
            sa.text(
                "insert into sales (id, at, on_day, clock, moment) values"
                " (1, 1, 'infinity', '20000-01-02 03:04:05', '-infinity'),"
                " (2, 2, '2025-01-02', '2025-01-02 03:04:05', '0044-03-15 BC')"
            )
        )
    assert read(till.url).exit_code == 0
    extras = [json.loads(extra) for (extra,) in shop.rows("sales", "_extra")]
    assert [extra["on_day"] for extra in extras] == ["infinity", "2025-01-02"]
    assert extras[0]["clock"] == "20000-01-02 03:04:05"
    assert extras[1]["clock"] == "2025-01-02T03:04:05"
    assert extras[0]["moment"] == "-infinity" and "BC" in extras[1]["moment"]


@pytest.mark.parametrize("till", ["postgres"], indirect=True)
def test_midnight_at_the_end_of_a_day_and_ages_are_values(shop, till, read):
    till = till()
    with till.engine.begin() as connection:
        connection.exec_driver_sql(
            "alter table sales add column t time, add column z timetz,"
            " add column i interval"
        )
        connection.exec_driver_sql(
            "insert into sales (id, at, t, z, i) values"
            " (1, 1, '24:00', '24:00+02', '100000000 years'),"
            " (2, 2, '10:00', null, '1 h')"
        )
    assert read(till.url).exit_code == 0
    extras = [json.loads(extra) for (extra,) in shop.rows("sales", "_extra")]
    assert [extra["t"] for extra in extras] == ["24:00:00", "10:00:00"]
    assert extras[0]["i"] == "100000000 years"
    assert extras[0]["z"].startswith("24:00:00+02")


@pytest.mark.parametrize("till", ["postgres"], indirect=True)
def test_a_number_that_is_none_lands_as_it_is_written(shop, till, read):
    till = till()
    with till.engine.begin() as connection:
        connection.exec_driver_sql("alter table sales add f float8, add n numeric")
        connection.exec_driver_sql(
            "insert into sales (id, at, f, n) values (1, 1, 'NaN', 'NaN'),"
            " (2, 2, '-Infinity', '-Infinity'), (3, 3, 1.5, 1.5)"
        )
    assert read(till.url).exit_code == 0
    extras = [json.loads(extra) for (extra,) in shop.rows("sales", "_extra")]
    assert [(extra["f"], extra["n"]) for extra in extras] == [
        ("NaN", "NaN"),
        ("-Infinity", "-Infinity"),
        ("1.5", "1.5"),
    ]


AFTER_ALL = {
    "infinite": ("sqlite", "real", ["1.5", "9e999", "-9e999"], "2.5"),
    "number": ("postgres", "numeric", ["1.5", "'NaN'", "'Infinity'"], "2.5"),
    "float": ("postgres", "float8", ["1.5", "'NaN'", "'-Infinity'"], "2.5"),
    "ever": (
        "postgres",
        "timestamp",
        [
            "'infinity'",
            "'2025-01-01'",
            "'-infinity'",
            "'20000-01-01'",
            "'0044-03-15 BC'",
        ],
        "'2025-01-02'",
    ),
    "zone": (
        "postgres",
        "timestamptz",
        ["'2025-01-01 00:30+02'", "'9999-12-31 23:59-12'"],
        "'2025-01-02'",
    ),
    "day": ("postgres", "date", ["'2099-01-01'", "'2025-01-01'"], "'2025-01-02'"),
    "stamp": (
        "sqlite",
        "text",
        ["'9999-12-31T00:00:00Z'", "'2025-01-01T00:00:00Z'"],
        "'2025-01-02T00:00:00Z'",
    ),
    "none but these": ("sqlite", "text", ["'9999-12-31'"], "'2025-01-02'"),
    "no finite one": ("postgres", "float8", ["'NaN'"], "1"),
}


@pytest.mark.parametrize("kind", AFTER_ALL)
@pytest.mark.parametrize("rows", [1, 50])
def test_a_value_after_which_nothing_would_follow_hides_no_row(
    shop, request, tmp_path, read, kind, rows
):
    engine, column, first, later = AFTER_ALL[kind]
    url = f"sqlite:///{tmp_path}/till.db"
    if engine == "postgres":
        url = request.getfixturevalue("postgres")
    till = Till(url, sa.Integer())

    def sell(number: int, value: str) -> None:
        with till.engine.begin() as connection:
            connection.exec_driver_sql(
                f"insert into sales (id, note, c) values ({number}, 'n', {value})"
            )

    with till.engine.begin() as connection:
        connection.exec_driver_sql(f"alter table sales add column c {column}")
    for number, value in enumerate(first):
        sell(number, value)
    for number in range(50, 53):
        found = read(url, cursor="c", rows=rows)
        assert (found.exit_code, found.notes) == (0, [])
        assert in_bronze(shop) == landed(shop) == till.sold()
        before = shop.files("*")
        read(url, cursor="c", rows=rows)
        assert shop.files("*") == before
        sell(number, later)
    till.engine.dispose()


def test_a_time_to_come_is_read_in_order_once_it_has_come(
    shop, till, read, monkeypatch
):
    till = till(sa.DateTime())
    till.sell(*({"id": n, "at": datetime(2025, 1, n)} for n in (1, 2, 3, 9)))
    for day, apart in ((2, 1), (10, 0)):
        monkeypatch.setenv(VARIABLE, f"2025-01-{day:02}T12:00:00Z")
        assert read(till.url).exit_code == 0
        assert landed(shop) == till.sold()
        counts = dict(shop.files("file_name, record_count"))
        assert counts["till/without.json"] == apart


@pytest.mark.parametrize("values", [["a1", "B1", "b1", "C1"], ["-a1", "a-1", "1a-"]])
def test_an_order_that_is_the_databases_own_is_not_relied_on(shop, till, read, values):
    """Where cases are equal, or signs count last, it is not that of the characters."""
    till = till()
    kind = "text collate nocase"
    if "postgres" in till.url:
        kind = 'text collate "en-US-x-icu"'
    with till.engine.begin() as connection:
        connection.exec_driver_sql(f"alter table sales add column c {kind}")
    for number in range(3):
        for value in values:
            with till.engine.begin() as connection:
                statement = "insert into sales (id, note, c) values (:n, 'n', :c)"
                more = {"n": number, "c": value.replace("1", str(number))}
                connection.execute(sa.text(statement), more)
        found = read(till.url, cursor="c", rows=2)
        assert "c has no order to rely on" in found.notes[0]
        assert in_bronze(shop) == till.sold()


def test_values_that_begin_anew_are_said(shop, till, read):
    till = till()
    till.sell(*({"id": n, "at": n} for n in (1, 5)))
    assert not read(till.url).notes
    for rows, now in (([], "none is there now"), ([3], "the last one is 3 now")):
        with till.engine.begin() as connection:
            connection.execute(till.sales.delete())
        till.sell(*({"id": n, "at": n} for n in rows)) if rows else None
        found = read(till.url)
        assert found.exit_code == 0
        (note,) = found.notes
        assert f"at was read up to 5, and {now}" in note
    till.sell({"id": 6, "at": 6})
    assert not read(till.url).notes
    assert sum(in_bronze(shop).values()) == 3


@pytest.mark.parametrize("till", ["postgres"], indirect=True)
def test_a_time_that_loses_its_zone_is_one_line(shop, till, read):
    till = till(sa.DateTime(timezone=True))
    till.sell({"id": 1, "at": datetime(2025, 1, 1, tzinfo=timezone.utc)})
    assert read(till.url).exit_code == 0
    with till.engine.begin() as connection:
        connection.exec_driver_sql("alter table sales alter column at type timestamp")
    (outcome,) = read(till.url).outcomes
    assert "declare it under another name" in outcome.reason


def test_a_table_without_order_may_be_so_long(till, read, monkeypatch):
    monkeypatch.setattr(database, "WHOLE", 5)
    till = till(sa.Text())
    till.sell(*({"id": n, "at": f"A{n}"} for n in range(5, 11)))
    (outcome,) = read(till.url).outcomes
    assert "more than 5 rows" in outcome.reason


@pytest.mark.parametrize("shop", ["lake"], indirect=True)
def test_a_killed_run_is_gone_on_with(shop, till, read, monkeypatch):
    till = till()
    till.sell(*({"id": n, "at": n // 2} for n in range(20)))
    land, done = Lander.land, []

    def killed(self, delivery, progress):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(delivery)
        return land(self, delivery, progress)

    with monkeypatch.context() as patch:
        patch.setattr(Lander, "land", killed)
        with pytest.raises(KeyboardInterrupt):
            read(till.url)
    assert sum(landed(shop).values()) == 8
    found = read(till.url)
    assert sum(outcome.landed for outcome in found.outcomes) == 12
    assert landed(shop) == till.sold()


def test_values_land_as_text(shop, till, read):
    till = till()
    till.sell({"id": 1, "at": 1, "price": "12345678.90", "note": 'a "b"\n\u2028ü'})
    read(till.url)
    assert shop.rows("sales", "id, price, note") == [
        ("1", "12345678.90", 'a "b"\n\u2028ü')
    ]


def test_it_is_read_only(shop, till, read, monkeypatch):
    till = till()
    till.sell({"id": 1, "at": 1})
    feeds = []
    forbid = database.DatabaseFeed._forbid_writing
    monkeypatch.setattr(
        database.DatabaseFeed,
        "_forbid_writing",
        lambda self, *of: (feeds.append(self), forbid(self, *of)),
    )
    read(till.url)
    with (
        pytest.raises(sa.exc.DBAPIError, match=r"read-?only"),
        feeds[0]._engine.begin() as connection,
    ):
        connection.execute(till.sales.delete())
    feeds[0]._engine.dispose()


@pytest.mark.long
@pytest.mark.parametrize("till", ["sqlite"], indirect=True)
def test_rows_take_no_more_memory_than_a_file(shop, till, read, monkeypatch):
    till = till()
    till.sell(*({"id": n, "at": n, "note": "x" * 10_000_000} for n in range(12)))
    monkeypatch.setattr(shop, "run", lambda: shop.run_apart(50))
    assert "memory (WAREHOUSE_MEMORY_LIMIT)" in read(till.url, rows=100)
    monkeypatch.setattr(shop, "run", lambda: shop.run_apart(150))
    assert "None" in read(till.url, rows=1)
    assert sum(in_bronze(shop).values()) == 12


def test_rows_are_streamed(shop, till, read, monkeypatch):
    """Neither here nor in the driver are all rows of a window in memory."""
    till = till()
    till.sell(*({"id": n, "at": n, "note": "x" * 1_000} for n in range(9_000)))
    cursors = set()

    @sa.event.listens_for(sa.engine.Engine, "before_cursor_execute")
    def note(connection, cursor, *of):
        cursors.add(type(cursor).__name__)

    tracemalloc.start()
    try:
        read(till.url, rows=10_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        sa.event.remove(sa.engine.Engine, "before_cursor_execute", note)
    assert landed(shop) == till.sold()
    assert peak < 6_000_000
    assert "sqlite" in till.url or "ServerCursor" in cursors


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:////nowhere/till.db", "does not exist"),
        ("nonsense", "could not parse"),
        ("strange://somewhere/x", "strange"),
        ("postgresql+psycopg://u:secret@127.0.0.1:1/x", "127.0.0.1"),
        ("postgresql+psycopg://u:p@secret@127.0.0.1:1/x", "%40"),
        ("postgresql+psycopg://u:p@secret:secret@127.0.0.1:1/x", "%40"),
        ("postgresql+psycopg://u:p:secret@127.0.0.1:1/x", "127.0.0.1"),
        ("postgresql+psycopg://u:p/secret?@127.0.0.1:1/x", "127.0.0.1"),
        ("postgresql+psycopg://127.0.0.1:1/x?password=secret", "127.0.0.1"),
        ("postgresql+psycopg://u:p@127.0.0.1:secret/x", "port"),
        ("postgresql+psycopg://u@corp:secret@127.0.0.1:1/x", "127.0.0.1"),
    ],
)
def test_what_cannot_be_read_is_one_line(shop, read, url, said):
    shop.put("sales.csv", "id,at,price,note\n1,2,3,4\n")
    found = read(url)
    assert [outcome.status for outcome in found.outcomes] == ["landed", "refused"]
    reason = found.outcomes[1].reason
    assert said.lower() in reason.lower()
    assert "\n" not in reason
    assert "secret" not in f"{reason} {found.outcomes[1].remarks} {shop.files('*')}"


def test_no_such_table_or_column(till, read):
    till = till()
    for change in ({"relation": "sale"}, {"cursor": "wen"}):
        (outcome,) = read(till.url, **change).outcomes
        assert "sale" in outcome.reason or "wen" in outcome.reason


def test_without_its_packages_it_says_what_to_install(read, monkeypatch):
    monkeypatch.delitem(sys.modules, "scripts.ingest.feeds.database", False)
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    (outcome,) = read("sqlite:///till.db").outcomes
    assert outcome.reason == (
        "needs more packages (sqlalchemy): pip install -r requirements-database.txt"
    )
