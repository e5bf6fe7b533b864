"""The export: what a reader finds, while it is made and after it has failed."""

import json
import sqlite3
from collections import Counter

import pyarrow.dataset as ds
import pyarrow.fs
import pytest

from scripts import export as exporting
from scripts.export import main, marts
from scripts.remote import filesystem

SOLD = "rpt_sales_enriched"
ROWS = [  # sale, month, day, store, cents
    ("a", "2025-01", "2025-01-31", "A/B 7%", 100),
    ("b", "2025-01", "2025-01-01", None, None),
    ("c", "2025-02", "2025-02-28", "Größe", -5),
    ("d", None, None, "A/B 7%", 2**60),
    ("e", "2025-01", "2025-01-02", "A/B 7%", 7),
]


@pytest.fixture
def shop(tmp_path):
    """Return a database with the exported marts: five sales, the others empty."""
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as db:
        for model in marts():
            columns = ", ".join(column["name"] for column in model["columns"])
            db.execute(f"create table {model['name']} ({columns})")
        db.executemany(
            f"insert into {SOLD} (sale_id, sales_month, sales_date, store_id,"
            " total_cost_cents) values (?, ?, ?, ?, ?)",
            ROWS,
        )
    return path


def read(destination):
    """Read the sales as a reader would: from the manifest on."""
    files, root = filesystem(str(destination))
    with files.open_input_stream(f"{root}/manifest.json") as stream:
        manifest = json.loads(stream.read())
    folder = f"{root}/{manifest['folder']}/{SOLD}"
    table = manifest["tables"][SOLD]
    month = pyarrow.schema([("sales_month", "string"), ("store_id", "string")])
    found = ds.dataset(
        [f"{folder}/{file['path']}" for file in table["files"]],
        filesystem=files,
        partitioning=ds.partitioning(month, flavor="hive"),
        partition_base_dir=folder,
    ).to_table()
    counts = [file["row_count"] for file in table["files"]]
    assert sum(counts) == table["row_count"] == found.num_rows
    return [
        (
            row["sale_id"], row["sales_month"],
            row["sales_date"] and row["sales_date"].isoformat(),
            row["store_id"], row["total_cost_cents"],
        )
        for row in sorted(found.to_pylist(), key=lambda row: row["sale_id"])
    ]  # fmt: skip


def exports(destination):
    files, root = filesystem(str(destination))
    found = files.get_file_info(pyarrow.fs.FileSelector(root))
    return [info.base_name for info in found if info.type.name == "Directory"]


def test_files_hold_the_rows_and_lie_in_folders_by_value(tmp_path, shop, capsys):
    out = tmp_path / "out"
    assert main([str(out), "--db", str(shop)]) == 0
    assert read(out) == ROWS
    (folder,) = exports(out)
    found = {path.parent.relative_to(out / folder) for path in out.rglob("*.parquet")}
    assert Counter(map(str, found)) == Counter(
        f"{SOLD}/{place}"
        for place in (
            "sales_month=2025-01/store_id=A%2FB%207%25",
            "sales_month=2025-01/store_id=__HIVE_DEFAULT_PARTITION__",
            "sales_month=2025-02/store_id=Gr%C3%B6%C3%9Fe",
            "sales_month=__HIVE_DEFAULT_PARTITION__/store_id=A%2FB%207%25",
        )
    )
    assert "5  rpt_sales_enriched  (4 files)" in capsys.readouterr().out


def test_a_large_partition_is_written_in_parts(tmp_path, shop, monkeypatch):
    monkeypatch.setattr(exporting, "ROWS", 2)
    with sqlite3.connect(shop) as db:
        for number in range(5):
            db.execute(
                f"insert into {SOLD} (sale_id, sales_month) values (?, '2024-12')",
                [f"x{number}"],
            )
    assert main([str(tmp_path / "out"), "--db", str(shop)]) == 0
    assert len(read(tmp_path / "out")) == len(ROWS) + 5


@pytest.mark.parametrize("failing", ["_write", "_switch", "_sweep"])
def test_a_reader_never_sees_half_an_export(tmp_path, shop, monkeypatch, failing):
    """Whatever fails, a reader has the rows of before, or after the switch all."""
    out = tmp_path / "out"
    assert main([str(out), "--db", str(shop)]) == 0
    with sqlite3.connect(shop) as db:
        db.execute(f"update {SOLD} set total_cost_cents = 1")
    whole = getattr(exporting, failing)

    def broken(*arguments):
        if failing == "_write":
            whole(*arguments)
        assert read(out) == (after if failing == "_sweep" else ROWS)
        raise OSError(28, "No space left on device")

    after = [(*row[:-1], 1) for row in ROWS]
    with monkeypatch.context() as patch:
        patch.setattr(exporting, failing, broken)
        assert main([str(out), "--db", str(shop)]) == 3
    assert read(out) == (after if failing == "_sweep" else ROWS)
    assert main([str(out), "--db", str(shop)]) == 0
    assert read(out) == after


def test_what_is_old_goes_and_what_is_not_ours_stays(tmp_path, shop):
    out = tmp_path / "out"
    (out / "20250101T000000Z-0123abcd").mkdir(parents=True)  # of a killed export
    (out / "mine").mkdir()
    for _ in range(3):
        assert main([str(out), "--db", str(shop)]) == 0
    names = exports(out)
    assert len(names) == 3  # mine, that which counts, and the one before it
    assert "mine" in names and "20250101T000000Z-0123abcd" not in names


def test_to_a_bucket(tmp_path, shop, bucket):
    url = f"s3://{bucket.name}/shop/out"
    for cents in (None, 1):
        if cents:
            with sqlite3.connect(shop) as db:
                db.execute(f"update {SOLD} set total_cost_cents = 1")
        assert main([url, "--db", str(shop)]) == 0
    assert read(url) == [(*row[:-1], 1) for row in ROWS]
    assert main([url, "--db", str(shop)]) == 0
    assert len(exports(url)) == 2


@pytest.mark.parametrize(
    ("destination", "said"),
    [
        ("nowhere://there", "nowhere"),
        ("{tmp_path}/shop.db/out", "shop.db"),
        ("s3://no-such-bucket-here/x", "no-such-bucket-here"),
    ],
)
def test_a_place_that_cannot_be_used_is_one_line(
    tmp_path, shop, bucket, capsys, destination, said
):
    assert main([destination.format(tmp_path=tmp_path), "--db", str(shop)]) == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


def test_no_warehouse_is_one_line(tmp_path, capsys):
    assert main([str(tmp_path / "out"), "--db", str(tmp_path / "none.db")]) == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert "none.db" in line
