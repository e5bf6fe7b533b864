"""Measure Spark at scale: `python -m tools.scale`.

A cluster makes sales or contacts by itself, as the files of a lake and their rows in
the ledger, and builds the project's models of them: on one worker with one core, then
on two. All other tables are those of a small warehouse on DuckDB, which is named.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts import dbt_core, settings
from scripts.arguments import place, whole_number
from scripts.command import CommandError, Parser, command
from scripts.ingest.database import connect
from scripts.ingest.lake import Lake
from scripts.settings import PROJECT
from tools.spark import served

ROWS_OF_A_FILE = 1_000_000
CORES, MEMORY = 1, "4g"
"""Of each worker."""
CONF = {
    "spark.executor.memory": "{memory}",
    "spark.sql.shuffle.partitions": "{partitions}",
    # for many rows compiling a query pays
    "spark.sql.codegen.wholeStage": "true",
    "spark.sql.codegen.factoryMode": "FALLBACK",
}


@dataclass(frozen=True)
class Kind:
    """What is made: a table of a source, its columns in Spark's words, its models."""

    source: str
    table: str
    columns: dict[str, str]
    models: tuple[str, ...]
    counted: str
    """The mart that has a row for each."""
    children: tuple[str, ...] = ()
    """Marts that refer to it. They are not built, so they are empty."""


def _pick(words: str, salt: int) -> str:
    """One of some words, by a hash of the row's number."""
    listed = ", ".join(f"'{word}'" for word in words.split())
    count = len(words.split())
    return f"element_at(array({listed}), cast(pmod(hash(n, {salt}), {count}) as int)+1)"


FIRST = (
    "James Mary John Linda Robert Susan Michael Karen William Nancy David Lisa"
    " Richard Betty Joseph Helen Thomas Sandra Charles Donna Daniel Carol Matthew Ruth"
    " Anthony Sharon Mark Michelle Paul Laura Steven Sarah Andrew Kimberly Kenneth"
    " Deborah George Jessica Joshua Shirley"
)
SYLLABLES = "ba ber car da del fer gar har kel lan mar nor os par ros san tor val wes"
KINDS = {
    "sales": Kind(
        "sales",
        "transactions",
        {
            "id": "concat('S', n)",
            "customer_id": "cast(1 + pmod(hash(n, 1), 100) as string)",
            "store_id": "cast(121 + pmod(hash(n, 2), 4) as string)",
            "product_name": _pick("Chickpeas Sugar Rice Milk Bread", 3),
            "sales_date": "cast(date_add(date'2023-01-01',"
            " cast(pmod(hash(n, 4), 730) as int)) as string)",
            "sales_person_id": "cast(1 + pmod(hash(n, 5), 14) as string)",
            "price": "concat(1 + pmod(hash(n, 6), 50), '.',"
            " lpad(cast(pmod(hash(n, 7), 100) as string), 2, '0'))",
            "quantity": "cast(1 + pmod(hash(n, 8), 5) as string)",
            "total_cost": "cast(cast((1 + pmod(hash(n, 6), 50)) * 100"
            " + pmod(hash(n, 7), 100) as decimal(18, 0))"
            " * (1 + pmod(hash(n, 8), 5)) / 100 as decimal(18, 2))",
        },
        (
            *(
                "stg_ingest__files",
                "stg_sales__transactions",
                "int_sales__row_findings",
            ),
            *("int_sales__versioned", "int_sales__pairs", "fct_sales"),
            *("dim_dates", "dim_products", "fct_ingest_batches", "fct_ingest_files"),
            *("stg_ingest__batches", "stg_ingest__rejects"),
            *("rpt_sales_team_monthly", "rpt_product_monthly"),
        ),
        "fct_sales",
    ),
    # n div 5 is a person: every fifth is there once more, with another address
    "contacts": Kind(
        "crm",
        "contacts",
        {
            "id": "concat('C', n)",
            "first_name": _pick(FIRST, 1).replace("hash(n,", "hash(n - n div 5,"),
            "last_name": "initcap(concat("
            + ", ".join(
                _pick(SYLLABLES, salt).replace("hash(n,", "hash(n - n div 5,")
                for salt in (2, 3, 4)
            )
            + "))",
            "email": "concat('p', n - n div 5, if(n % 5 = 0, '@work.example',"
            " '@home.example'))",
            "phone": "concat('+1 202 5', lpad(cast(pmod(hash(n - n div 5, 5),"
            " 1000000) as string), 6, '0'))",
            "created_date": "'2024-01-05T00:00:00'",
            "last_modified": "'2024-01-05T00:00:00'",
        },
        (
            *(
                "stg_ingest__files",
                "stg_crm__contacts",
                "int_crm__row_findings",
                "int_contacts__versioned",
            ),
            *("int_contacts__current", "int_contacts__normalized"),
            *("int_contacts__blocked", "int_contacts__paired"),
            *("int_contacts__compared", "int_contacts__counted"),
            *("int_contacts__learned", "int_contacts__weighted"),
            *("int_contacts__adjusted", "int_contacts__clustered", "dim_contacts"),
            *("fct_ingest_batches", "fct_ingest_files", "stg_ingest__batches"),
            "stg_ingest__rejects",
        ),
        "dim_contacts",
        children=("fct_activities", "fct_leads", "fct_opportunities"),
    ),
}


class ScaleError(CommandError):
    """What cannot be measured; the message is one line for the user."""


def generate(session: Any, kind: Kind, rows: int, lake: Path) -> float:
    """Let Spark write the files of a delivery into a lake; return the seconds."""
    folder, draft = lake / kind.source / kind.table, lake / "made"
    parts = max(2, -(-rows // ROWS_OF_A_FILE))
    session.range(1).count()  # or the executors' start would be measured
    start = time.monotonic()
    given = kind.columns.items()
    columns = [f"cast({sql} as string) as {name}" for name, sql in given]
    made = session.range(0, rows, 1, parts).withColumnRenamed("id", "n")
    made.selectExpr(
        *columns,
        "n + 1 as _record",
        "n + 2 as _line",
        "cast(null as string) as _delivered_at",
    ).write.mode("overwrite").option("compression", "zstd").parquet(str(draft))
    took = time.monotonic() - start
    with closing(connect(lake / "ledger.db")) as ledger:
        _land(ledger, kind, sorted(draft.glob("part-*.parquet")), folder)
        with closing(Lake(lake, ledger)) as bronze:
            bronze.publish()
    shutil.rmtree(draft)
    return took


def _land(
    ledger: sqlite3.Connection, kind: Kind, parts: list[Path], folder: Path
) -> None:
    """Give each file a number, and its row of the ledger."""
    import pyarrow.parquet as pq

    ledger.row_factory = sqlite3.Row
    like = ledger.execute(
        "select * from ingest_files where status = 'landed' and source_name = ?"
        " and table_name = ? limit 1",
        (kind.source, kind.table),
    ).fetchone()
    if like is None:
        raise ScaleError(f"the warehouse has no {kind.source}/{kind.table} to be like")
    (number,) = ledger.execute("select max(file_id) from ingest_files").fetchone()
    for part in parts:
        number += 1
        count = pq.read_metadata(part).num_rows
        facts = dict(like) | {
            "file_id": number,
            "file_name": f"{kind.table}-made-{number}.parquet",
            "content_hash": f"{number:064x}",
            "byte_count": part.stat().st_size,
            "record_count": count,
            "landed_count": count,
            "name_dates": None,
        }
        marks = ", ".join("?" * len(facts))
        ledger.execute(
            f"insert into ingest_files ({', '.join(facts)}) values ({marks})",
            list(facts.values()),
        )
        part.rename(folder / f"{number}.parquet")
    ledger.row_factory = None


def give(
    session: Any, base: settings.Settings, made: settings.Settings, empty: Sequence[str]
) -> None:
    """Make the tables of a warehouse on DuckDB, and a state that knows none of them."""
    import duckdb

    names = "select table_name from duckdb_tables() where schema_name = 'main'"
    folder = Path(made.tables) / "given"
    made.database.unlink(missing_ok=True)
    folder.mkdir(parents=True)
    with closing(duckdb.connect(str(base.database), read_only=True)) as source:
        found = [name for (name,) in source.execute(names).fetchall() if name[0] != "_"]
        for name in found:
            source.execute(f"copy \"{name}\" to '{folder / name}.parquet'")
    for name in found:
        frame = session.read.parquet(str(folder / f"{name}.parquet"))
        if "_row_id" in frame.columns:  # which Iceberg keeps for itself
            frame = frame.withColumnRenamed("_row_id", "_row_no")
        for column, kind in frame.dtypes:
            if kind.startswith(("decimal", "int")):
                frame = frame.withColumn(column, frame[column].cast("bigint"))
        if name in empty:
            frame = frame.limit(0)
        frame.coalesce(1).createOrReplaceTempView("given")
        session.sql(
            f"create or replace table {name} using iceberg as select * from given"
        )
    shutil.rmtree(folder)
    (Path(made.tables) / "given.done").touch()


def session_of_dbt(url: str, made: settings.Settings) -> Any:
    """Return a session with the catalogue that dbt will find."""
    os.environ["WAREHOUSE_SPARK"] = url
    made.choose()
    return dbt_core.session_of_spark(PROJECT)


def build(url: str, kind: Kind, made: settings.Settings, conf: Path) -> Any:
    """Build the models of what was made, anew; return dbt's own results."""
    target = conf.with_suffix(".target")
    made.choose()
    given = {
        "WAREHOUSE_SPARK": url,
        "WAREHOUSE_SPARK_CONF": str(conf),
        "DBT_TARGET_PATH": str(target),
    }
    words = ["run", "--full-refresh", "--quiet", "--select", *kind.models]
    done = subprocess.run(
        [sys.executable, "-m", "scripts.dbt", "--target", "spark", *words],
        cwd=PROJECT,
        env=os.environ | given,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ScaleError((done.stdout or done.stderr)[-1500:])
    return json.loads((target / "run_results.json").read_text("utf-8"))


def _set(conf: Path, memory: str, parts: int) -> None:
    """Write the settings of Spark for so many rows."""
    conf.write_text(
        "".join(
            f"{name} {value.format(memory=memory, partitions=parts)}\n"
            for name, value in CONF.items()
        ),
        "utf-8",
    )


def measure(
    base: settings.Settings, kind: Kind, rows: int, workers: list[int], folder: Path
) -> None:
    """Make rows, and print what building them takes with so many workers."""
    if base.lake is None:
        raise ScaleError(f"{base.database} has no lake: name a warehouse on DuckDB")
    name = folder / f"{kind.table}_{rows}"
    lake, conf = name.with_suffix(".lake"), name.with_suffix(".conf")
    database, tables = folder / "scale.spark", folder / "scale.tables"
    made = settings.Settings(
        "spark", folder, database, "spark", lake, tables=str(tables)
    )
    shutil.rmtree(lake, ignore_errors=True)
    shutil.copytree(base.lake, lake)
    _set(conf, MEMORY, max(2, 2 * -(-rows // ROWS_OF_A_FILE)))
    for number, count in enumerate(workers):
        if number == 0:
            with served(count, CORES, MEMORY) as url:
                is_given = (tables / "given.done").exists()
                if not is_given:
                    shutil.rmtree(tables, ignore_errors=True)
                session = session_of_dbt(url, made)
                if not is_given:
                    give(session, base, made, kind.children)
                took = generate(session, kind, rows, lake)
                dbt_core.stop_spark()
            size = sum(f.stat().st_size for f in lake.rglob("*.parquet"))
            print(f"{rows:,} {kind.table} made in {took:.1f} s, {size:,} bytes")
        before = _cpu()
        with served(count, CORES, MEMORY) as url:
            start = time.monotonic()
            found = build(url, kind, made, conf)
            whole = time.monotonic() - start
        took = found["elapsed_time"]
        print(
            f"{rows:,} {kind.table}, workers: {count}: {took:.1f} s of building"
            f" ({whole:.1f} s with the start), {rows / took:,.0f} rows/s,"
            f" {_cpu() - before:,.0f} s of CPU",
            flush=True,
        )
        for result in found["results"]:
            model = result["unique_id"].rpartition(".")[2]
            print(f"    {result['execution_time']:>8.1f} s  {model}", flush=True)


def _cpu() -> float:
    """Seconds of CPU of all processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@command("scale")
def main(arguments: list[str] | None = None) -> int:
    """Measure; return the exit code."""
    parser = Parser(prog="python -m tools.scale", description="Measure Spark at scale.")
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--rows", type=whole_number(1), nargs="+", default=[100_000])
    parser.add_argument("--workers", type=whole_number(1), nargs="+", default=[1, 2])
    parser.add_argument("--folder", type=place, required=True, help="to work in")
    settings.add_options(parser)
    options = parser.parse_args(arguments)
    base = settings.load(options.target or "duckdb", options.db, existing=True)
    folder = Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    for rows in options.rows:
        measure(base, KINDS[options.kind], rows, options.workers, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
