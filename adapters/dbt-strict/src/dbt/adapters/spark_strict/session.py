"""The Spark session of this process, and cursors over it."""

from __future__ import annotations

import logging
import os
import re
import sqlite3
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from dbt.adapters.spark_strict.functions import Registry
from dbt.adapters.spark_strict.kept import Kept
from dbt.adapters.spark_strict.names import ours, theirs
from dbt.adapters.spark_strict.sizes import Sizes
from dbt.adapters.spark_strict.statements import Statement, appended, read
from sqlglot import exp

ICEBERG = "org.apache.iceberg:iceberg-spark-runtime-4.1_2.13:1.12.0"
CATALOGUE = "org.xerial:sqlite-jdbc:3.50.3.0"

SETTINGS = {
    "spark.jars.packages": f"{ICEBERG},{CATALOGUE}",
    "spark.sql.extensions": (
        "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions"
    ),
    "spark.driver.memory": "3g",
    # half of a short run would go into compiling Spark itself for speed
    "spark.driver.extraJavaOptions": (
        "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m -XX:+UseParallelGC"
        " -XX:NewRatio=1 -XX:MetaspaceSize=512m"
    ),
    # each sort takes one, be its rows ever so few: 64 MB by default
    "spark.buffer.pageSize": "2m",
    # a small model does not wait for the tasks of a long one
    "spark.scheduler.mode": "FAIR",
    "spark.sql.session.timeZone": "UTC",
    # what cannot be read is NULL, and so is a division by zero
    "spark.sql.ansi.enabled": "false",
    "spark.sql.caseSensitive": "false",
    "spark.sql.jsonGenerator.ignoreNullFields": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "true",
    # most statements take longer to compile than to run
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.cteRecursionLevelLimit": "10000",
    "spark.sql.cteRecursionRowLimit": "-1",
    # fails for kept rows of a union
    "spark.sql.constraintPropagation.enabled": "false",
    # fails where a column of a union is a subquery
    "spark.sql.optimizer.excludedRules": (
        "org.apache.spark.sql.catalyst.optimizer.PushProjectionThroughUnion"
    ),
    # long chains of WITH are read link by link
    "spark.sql.analyzer.maxIterations": "1000",
    # looks at each plan once more for mistakes of Spark's own rules
    "spark.sql.lightweightPlanChangeValidation": "false",
    "spark.sql.maxPlanStringLength": "1000",
    "spark.sql.debug.maxToStringFields": "3",
    "spark.ui.enabled": "false",
    "spark.sql.ui.retainedExecutions": "1",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "OFF",
    "spark.sql.pyspark.jvmStacktrace.enabled": "false",
    "spark.log.structuredLogging.enabled": "false",
}

MARK = int.from_bytes(b"RWsp", "big")
"""What the file of the state says of itself where SQLite keeps whose file it is."""

ABSURD = 2**63
"""Bytes that no relation has."""

_opening = threading.Lock()


def opened(
    master: str, catalogue: str, warehouse: str, conf: Mapping[str, str], path: str
) -> Any:
    """Return the session, with its catalogue of Iceberg tables."""
    from pyspark.sql import SparkSession

    if "://" not in warehouse:
        Path(warehouse).mkdir(parents=True, exist_ok=True)
    if not re.match(r"spark://(?!localhost|127\.)", master):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    with _opening:
        builder = SparkSession.builder.appName("dbt").master(master)
        for name, value in configured(catalogue, warehouse, conf, path).items():
            builder = builder.config(name, value)
        with _quietly():
            session = builder.getOrCreate()
        session.sparkContext.setLogLevel("OFF")
        logging.getLogger("SQLQueryContextLogger").disabled = True
        return session


@contextmanager
def _quietly() -> Iterator[None]:
    """Start Java without its lines on jars; the error has the last of them."""
    from pyspark import java_gateway

    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        start = java_gateway.Popen
        # locks that may be inherited are held until Java has ended as well
        java_gateway.Popen = partial(start, stdout=said, stderr=said, close_fds=False)
        try:
            yield
        except Exception as error:
            said.seek(0)
            lines = [line.strip() for line in said if re.search("rror|xception", line)]
            if not lines:
                raise
            raise RuntimeError(lines[-1]) from error
        finally:
            java_gateway.Popen = start


def configured(
    catalogue: str, warehouse: str, conf: Mapping[str, str], path: str = ""
) -> dict[str, str]:
    """Return all settings of a session; those of `conf` win.

    Jars are added to those of the adapter. A catalogue of another kind (`type` or
    `catalog-impl`) has all its settings from `conf`. The adapter's own is a file among
    the tables, or beside `path` where they are in a bucket.
    """
    place = f"spark.sql.catalog.{catalogue}"
    settings = SETTINGS | {
        place: "org.apache.iceberg.spark.SparkCatalog",
        # of each session, which would not see what another one commits
        f"{place}.cache-enabled": "false",
        "spark.sql.defaultCatalog": catalogue,
    }
    if not {f"{place}.type", f"{place}.catalog-impl"} & conf.keys():
        in_bucket = "://" in warehouse
        file = f"{path}.catalogue" if in_bucket else f"{warehouse}/catalogue.db"
        settings |= {
            f"{place}.type": "jdbc",
            f"{place}.uri": f"jdbc:sqlite:{file}?busy_timeout=60000",
            f"{place}.jdbc.schema-version": "V1",
            f"{place}.warehouse": warehouse,
        }
    jars = "spark.jars.packages"
    more = {jars: f"{settings[jars]},{conf[jars]}"} if jars in conf else {}
    return settings | dict(conf) | more


def conf_of(path: str) -> dict[str, str]:
    """Return the settings of a file as Spark's own `spark-defaults.conf` has them."""
    found = {}
    for line in Path(path).read_text(encoding="utf-8").splitlines() if path else ():
        parts = re.split(r"[\s=]+", line.strip(), maxsplit=1)
        if len(parts) == 2 and not line.lstrip().startswith("#"):
            found[parts[0]] = parts[1]
    return found


def plain(master: str, warehouse: str) -> Any:
    """Return a session without Iceberg, its tables in a folder."""
    from pyspark.sql import SparkSession

    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    builder = SparkSession.builder.appName("dbt").master(master)
    builder = builder.config("spark.sql.warehouse.dir", warehouse)
    for name, value in SETTINGS.items():
        if name not in ("spark.jars.packages", "spark.sql.extensions"):
            builder = builder.config(name, value)
    return builder.getOrCreate()


class Cursor:
    """What dbt expects of a cursor, over a session."""

    def __init__(self, handle: Handle) -> None:
        self.handle = handle
        self.rows: list[tuple[Any, ...]] = []
        self.description: Sequence[tuple[Any, ...]] = []

    def execute(self, sql: str, bindings: Any = None) -> None:
        """Run a statement; its rows are fetched at once."""
        sql = appended(sql, self.handle.temporary)
        statement = read(sql)
        if statement.is_state:
            self._look_up(statement.sql)
            return
        self.handle.functions.ensure(sql)
        self.handle.read_kept(statement)
        prefix = statement.temporary or "_step"
        steps, spark = statement.written(self.handle.known, prefix)
        for name, first, again in steps:
            self.handle.keep(name, ours(first))
            if again:
                self.handle.go_on(name, ours(again))
        if statement.temporary:
            self.handle.keep(statement.temporary, ours(spark))
            return
        frame = self.handle.frame(ours(spark))
        self.description = [
            (
                theirs(field.name),
                field.dataType.simpleString(),
                None,
                None,
                None,
                None,
                True,
            )
            for field in frame.schema.fields
        ]
        self.rows = [tuple(row) for row in frame.collect()] if self.description else []

    def _look_up(self, sql: str) -> None:
        with self.handle.state() as state:
            found = state.execute(sql.replace("main.", ""))
            self.description = [
                (c[0], "string", *[None] * 4, True) for c in found.description or ()
            ]
            self.rows = found.fetchall()

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Return all rows that are left."""
        rows, self.rows = self.rows, []
        return rows

    def fetchone(self) -> tuple[Any, ...] | None:
        """Return the next row, or None."""
        return self.rows.pop(0) if self.rows else None

    def fetchmany(self, size: int = 1) -> list[tuple[Any, ...]]:
        """Return some of the rows that are left."""
        rows, self.rows = self.rows[:size], self.rows[size:]
        return rows

    def close(self) -> None:
        """Forget the rows."""
        self.rows = []


def cloned(session: Any) -> Any:
    """Return a session that has the temporary views of another, and then its own."""
    from pyspark.sql import SparkSession

    return SparkSession(
        session.sparkContext, jsparkSession=session._jsparkSession.cloneSession()
    )


def _without_estimate(frame: Any) -> Any:
    """Return kept rows, their size forgotten if it is an absurd estimate.

    The size of a join is estimated as the product of its sides. Over rounds of joins it
    gets millions of digits, and working out these takes minutes.
    """
    from pyspark.sql import DataFrame

    plan = frame._jdf.queryExecution().analyzed()
    if plan.stats().sizeInBytes() < ABSURD:
        return frame
    session = frame.sparkSession
    made = session._jsparkSession.internalCreateDataFrame(
        plan.rdd(), frame._jdf.schema(), False
    )
    return DataFrame(made, session)


class Handle:
    """A thread's session: temporary views of its own, the tables of all.

    What each relation was last built from is in an SQLite file, beside the ledger of
    ingestion: a commit to a table takes as long as most models.
    """

    closed = False

    def __init__(
        self,
        session: Any,
        path: str,
        ledger: str,
        *,
        is_own: bool = False,
        kept: Kept | None = None,
    ) -> None:
        self.session = session
        self.kept = kept
        self.shown: dict[str, Any] = {}
        """Which rows each view of kept ones has in this session."""
        self.is_own = is_own
        self.temporary: set[str] = set()
        self.functions = Registry(session)
        self.sizes = Sizes(session)
        self.path = path
        self.ledger = ledger
        # or Spark looks through the stack for each step of each plan of this thread
        for form in ("short", "long"):
            session.sparkContext.setLocalProperty(f"callSite.{form}", "dbt")
        # within a pool jobs run in their order
        pool = threading.current_thread().name
        session.sparkContext.setLocalProperty("spark.scheduler.pool", pool)

    def cursor(self) -> Cursor:
        """Return a new cursor."""
        return Cursor(self)

    def frame(self, sql: str) -> Any:
        """Return a query, planned for as much as it reads."""
        if sql.startswith("merge"):
            self.sizes.plan_for(is_small=False)
        frame = self.session.sql(sql)
        self.sizes.plan_for(is_small=self.sizes.is_small(frame))
        return frame

    def read_kept(self, statement: Statement) -> None:
        """Let a query read rows that are kept; what else is run may change them."""
        if self.kept is None:
            return
        if not isinstance(statement.tree, exp.Query):
            self.kept.forget(statement.sql)
            return
        for view, plan in self.kept.read(statement.tree).items():
            if self.shown.get(view) is not plan:
                rows = self.functions.jvm.rows_of(self.session._jsparkSession, plan)
                rows.createOrReplaceTempView(view)
                self.shown[view] = plan

    def keep_written(self, name: str, sql: str) -> None:
        """Keep the rows that a table was just made of, if they are few."""
        if self.kept is not None:
            frame = self.session.sql(ours(sql))
            if self.sizes.is_small(frame):
                self.kept.keep(name, frame)

    def keep(self, name: str, sql: str) -> None:
        """Work out a query now, and once: a view would be worked out at each use."""
        frame = self.frame(sql)
        if self.sizes.is_for_few:
            frame = frame.coalesce(1)
        _without_estimate(frame.localCheckpoint()).createOrReplaceTempView(name)
        self.temporary.add(name)

    def go_on(self, name: str, again: str) -> None:
        """Add what is found from the rows that are new, until nothing is."""
        self.keep(f"{name}__new", f"select * from {name}")
        while True:
            self.keep(f"{name}__found", again)
            if self.session.table(f"{name}__found").isEmpty():
                return
            # columns have the names that the first rows gave them
            new = f"select * from {name} where false union all select * from"
            self.keep(f"{name}__new", f"{new} {name}__found")
            self.keep(
                name, f"select * from {name} union all select * from {name}__found"
            )

    @contextmanager
    def state(self) -> Iterator[sqlite3.Connection]:
        """Open what is known of relations and deliveries, and commit at the end."""
        is_new = not Path(self.path).exists()
        connection = sqlite3.connect(f"file:{self.path}", timeout=60, uri=True)
        try:
            if is_new:
                connection.execute(f"pragma application_id = {MARK}")
            if Path(self.ledger).exists():
                connection.execute(
                    "attach ? as ledger", (f"file:{self.ledger}?mode=ro",)
                )
            yield connection
            connection.commit()
        finally:
            connection.close()

    def known(self, sql: str) -> Any:
        """Return the one value that a query for what is known finds."""
        with self.state() as state:
            found = state.execute(sql.replace("main.", "")).fetchone()
            return found[0] if found else None

    def close(self) -> None:
        """Drop temporary tables; starting another session takes ten seconds."""
        for name in self.temporary if self.is_own else ():
            self.session.catalog.dropTempView(name)
        self.temporary.clear()

    def rollback(self) -> None:
        """Do nothing: each statement is a transaction of its own."""
