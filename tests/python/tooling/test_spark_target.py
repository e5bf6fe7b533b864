"""What the target spark needs, and where it keeps what."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from scripts import settings, spark
from scripts.run.built import Built
from scripts.settings import DatabaseFileError, Settings, check_file, samples


@pytest.mark.parametrize(
    ("release", "version"),
    [
        ('JAVA_VERSION="17.0.9"', 17),
        ('IMPLEMENTOR="X"\nJAVA_VERSION="21"\n', 21),
        ('JAVA_VERSION="1.8.0_392"', 8),
    ],
)
def test_the_version_of_java_is_read_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, release: str, version: int
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "java").touch()
    (tmp_path / "release").write_text(release)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert spark.java_version() == version


def test_without_java_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spark.importlib.util, "find_spec", lambda name: object())
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert spark.lacking().startswith("Java 17 or later, and there is none (")
    monkeypatch.setattr(spark, "java_version", lambda: 11)
    assert spark.lacking().startswith("Java 17 or later, not 11 (")
    monkeypatch.setattr(spark, "java_version", lambda: 21)
    assert spark.lacking() == ""
    monkeypatch.setattr(spark.importlib.util, "find_spec", lambda name: None)
    assert spark.lacking() == "pyspark: pip install -r requirements-spark.txt"


def test_its_file_is_none_of_sqlite(tmp_path: Path) -> None:
    of_spark, of_sqlite = tmp_path / "one.spark", tmp_path / "one.db"
    for path, mark in ((of_spark, int.from_bytes(b"RWsp", "big")), (of_sqlite, 0)):
        with closing(sqlite3.connect(path)) as made:
            made.execute(f"pragma application_id = {mark}")
            made.execute("create table t (x)")
    check_file(of_spark, "spark")
    check_file(of_sqlite, "sqlite")
    with pytest.raises(DatabaseFileError, match="not an SQLite database but a Spark"):
        check_file(of_spark, "sqlite")
    with pytest.raises(DatabaseFileError, match="not a Spark database but an SQLite"):
        check_file(of_sqlite, "spark")


@pytest.mark.parametrize(
    ("tables", "of_samples"),
    [
        ("/data/warehouse.tables", "/data/demo.tables"),
        ("s3://bucket/marts/", "s3://bucket/marts_demo"),
    ],
)
def test_samples_have_tables_of_their_own(tables: str, of_samples: str) -> None:
    data = Path("/data")
    chosen = Settings(
        "spark", data, data / "w.spark", "spark", data / "lake", "", tables
    )
    made = samples(chosen)
    assert (made.tables, made.database, made.lake) == (
        of_samples,
        data / "demo.spark",
        data / "demo.lake",
    )


def test_a_named_database_has_its_tables_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "_check_engine", lambda *_: None)
    monkeypatch.setenv("WAREHOUSE_TABLES", "s3://others")
    assert settings.load("spark").tables == "s3://others"
    chosen = settings.load("spark", tmp_path / "own.spark")
    assert chosen.tables == str(tmp_path / "own.tables")
    assert chosen.lake == tmp_path / "own.lake"


def test_without_its_tables_nothing_is_built(tmp_path: Path) -> None:
    tables = tmp_path / "one.tables"
    path = tmp_path / "one.spark"
    chosen = Settings("spark", tmp_path, path, "spark", None, "", str(tables))
    tables.mkdir()
    Built(total=3, summary={"Findings": ["none"]}).write(chosen)
    assert Built.read(chosen).summary == {"Findings": ["none"]}
    check_file(path, "spark")
    tables.rmdir()
    assert Built.read(chosen) == Built()


def test_settings_of_a_file_win_over_those_of_the_adapter(tmp_path: Path) -> None:
    session = pytest.importorskip("dbt.adapters.spark_strict.session")
    own = session.configured("warehouse", "/tables", {})
    assert own["spark.sql.catalog.warehouse.type"] == "jdbc"
    assert own["spark.sql.catalog.warehouse.warehouse"] == "/tables"
    assert own["spark.sql.catalog.warehouse.uri"].startswith(
        "jdbc:sqlite:/tables/catalogue.db?"
    )
    bucket = session.configured("warehouse", "s3://b/t", {}, "/data/one.spark")
    assert bucket["spark.sql.catalog.warehouse.warehouse"] == "s3://b/t"
    assert bucket["spark.sql.catalog.warehouse.uri"].startswith(
        "jdbc:sqlite:/data/one.spark.catalogue?"
    )
    path = tmp_path / "spark.conf"
    path.write_text(
        "# a server\n"
        "spark.sql.catalog.warehouse.type  rest\n"
        "spark.sql.catalog.warehouse.uri=https://catalogue.example\n"
        "spark.sql.shuffle.partitions 64\n"
        "spark.jars.packages org.apache.iceberg:iceberg-aws-bundle:1.12.0\n"
    )
    made = session.configured("warehouse", "s3://b/t", session.conf_of(str(path)))
    place = "spark.sql.catalog.warehouse"
    assert made[f"{place}.type"] == "rest"
    assert made[f"{place}.uri"] == "https://catalogue.example"
    assert f"{place}.warehouse" not in made
    assert f"{place}.jdbc.schema-version" not in made
    assert made["spark.sql.shuffle.partitions"] == "64"
    assert made["spark.jars.packages"].endswith(
        ",org.apache.iceberg:iceberg-aws-bundle:1.12.0"
    )
    assert "iceberg-spark-runtime" in made["spark.jars.packages"]
