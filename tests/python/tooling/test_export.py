"""The export: what a reader finds, while it is made and after it has failed."""

import json
import sqlite3
import subprocess
import sys
from collections import Counter
from hashlib import sha256

import pyarrow.dataset as ds
import pyarrow.fs
import pyarrow.parquet as pq
import pytest

from scripts import export as exporting
from scripts.export import main, marts
from scripts.remote import filesystem
from scripts.settings import PROJECT

pytestmark = pytest.mark.long

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
    return filled(tmp_path / "shop.db")


@pytest.fixture
def other(tmp_path):
    """Return another database, with other sales."""
    return filled(tmp_path / "other.db", [(f"o{row[0]}", *row[1:]) for row in ROWS])


@pytest.fixture(params=["folder", "bucket"])
def out(request, tmp_path):
    """Return a place to export to."""
    if request.param == "folder":
        return str(tmp_path / "out")
    return f"s3://{request.getfixturevalue('bucket').name}/shop/out"


def filled(path, rows=ROWS):
    with sqlite3.connect(path) as db:
        for model in marts():
            columns = ", ".join(column["name"] for column in model["columns"])
            db.execute(f"create table {model['name']} ({columns})")
        db.executemany(
            f"insert into {SOLD} (sale_id, sales_month, sales_date, store_id,"
            " total_cost_cents) values (?, ?, ?, ?, ?)",
            rows,
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


def test_nothing_to_export_is_said_and_leaves_what_is_there(shop, out, capsys):
    assert main([out, "--db", str(shop)]) == 0
    with sqlite3.connect(shop) as db:
        db.execute(f"delete from {SOLD}")
    assert main([out, "--db", str(shop)]) != 0
    said = capsys.readouterr().err
    assert said.startswith("export: nothing to export: ") and SOLD in said
    assert said.count("\n") == 1
    assert read(out) == ROWS
    assert len(exports(out)) == 1


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


@pytest.mark.parametrize("failing", ["_write", "_check", "_switch", "_sweep"])
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


IDS = [
    None, "", "__HIVE_DEFAULT_PARTITION__", "__hive_default_partition__",
    "%5F%5FHIVE_DEFAULT_PARTITION__", "a", "A", "x" * 300, "x" * 301, "ä" * 100,
    "__sha256__", "__sha256__" + sha256(b"").hexdigest(), ".", "..", "a/b", "a%2Fb",
    "a=b/store_id=c", "a\nb", "Ä", "ä", "NULL", "part-0.parquet",
]  # fmt: skip


def test_each_value_has_a_folder_of_its_own(tmp_path, out):
    """Whatever an identifier is; the manifest gives it as it is."""
    rows = [
        (f"{n}-{k}", month, None, value, n)
        for n, value in enumerate(IDS)
        for k in range(n % 3 + 1)
        for month in ("2025-01", None)
    ]
    shop = filled(tmp_path / "ids.db", rows)
    assert main([out, "--db", str(shop)]) == 0
    files, root = filesystem(out)
    with files.open_input_stream(f"{root}/manifest.json") as stream:
        manifest = json.loads(stream.read())
    facts = manifest["tables"][SOLD]
    found = []
    for file in facts["files"]:
        path = f"{root}/{manifest['folder']}/{SOLD}/{file['path']}"
        with files.open_input_file(path) as stream:
            for row in pq.read_table(stream).to_pylist():
                values = file["values"]
                found.append(
                    (row["sale_id"], values["sales_month"], values["store_id"])
                )
    wanted = [(row[0], row[1], row[3]) for row in rows]
    assert Counter(found) == Counter(wanted)
    assert facts["row_count"] == len(rows)
    paths = [file["path"] for file in facts["files"]]
    assert len({path.casefold() for path in paths}) == len(paths) == 2 * len(IDS)
    parts = [part for path in paths for part in path.split("/")]
    assert max(len(part.encode()) for part in parts) < 255
    # a reader who knows folders alone takes nothing for missing that is not
    missing = "store_id=__HIVE_DEFAULT_PARTITION__"
    sold = [f["values"]["store_id"] for f in facts["files"] if missing in f["path"]]
    assert sold == [None, None]


def test_a_place_belongs_to_one_database(shop, other, out, capsys):
    assert main([out, "--db", str(shop)]) == 0
    before = exports(out)
    assert main([out, "--db", str(other)]) == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert "another database" in line and "--take-over" in line
    assert exports(out) == before and read(out) == ROWS
    assert main([out, "--db", str(shop)]) == 0
    assert main([out, "--db", str(other), "--take-over"]) == 0
    assert [row[0] for row in read(out)] == [f"o{row[0]}" for row in ROWS]
    assert main([out, "--db", str(shop)]) == 3
    assert main([out, "--db", str(other)]) == 0


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("moment", ["_table", "_switch"])
def test_of_two_exports_at_once_one_counts_whole(
    shop, other, out, monkeypatch, capsys, moment, is_first
):
    if not is_first:
        assert main([out, "--db", str(shop)]) == 0
    work, calls = getattr(exporting, moment), []

    def late(*arguments):
        calls.append(moment)
        if len(calls) == 1:
            assert main([out, "--db", str(other), "--take-over"]) == 0
        return work(*arguments)

    monkeypatch.setattr(exporting, moment, late)
    assert main([out, "--db", str(shop)]) == 3
    assert "another export came in between" in capsys.readouterr().err
    assert [row[0] for row in read(out)] == [f"o{row[0]}" for row in ROWS]


def test_a_folder_has_one_exporter_at_a_time(tmp_path, shop):
    out = tmp_path / "out"
    holder = subprocess.Popen(
        [
            sys.executable, "-c",
            "import sys, pathlib; from scripts.ingest import lock\n"
            "with lock(pathlib.Path(sys.argv[1])): print(flush=True); input()",
            str(out / "manifest.json"),
        ],
        cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    holder.stdout.readline()
    try:
        assert main([str(out), "--db", str(shop)]) == 3
        assert exports(out) == []
    finally:
        holder.communicate("\n")
    assert main([str(out), "--db", str(shop)]) == 0


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"7", b"\xff\xfe", b"{}", b'{"folder": ["x"]}',
     b'{"folder": "x", "database": {}}', b"[" * 5000],
)  # fmt: skip
def test_a_damaged_manifest_is_replaced(shop, tmp_path, capsys, content):
    out = str(tmp_path / "out")
    assert main([out, "--db", str(shop)]) == 0
    kept = exports(out)
    files, root = filesystem(out)
    with files.open_output_stream(f"{root}/manifest.json") as stream:
        stream.write(content)
    capsys.readouterr()
    assert main([out, "--db", str(shop)]) == 0
    assert "manifest.json was damaged" in capsys.readouterr().err
    assert read(out) == ROWS
    assert set(kept) < set(exports(out))  # somebody may be reading it


@pytest.mark.parametrize("fault", ["a row less", "cut"])
def test_rows_are_counted_before_the_manifest_is_switched(
    shop, out, monkeypatch, capsys, fault
):
    assert main([out, "--db", str(shop)]) == 0
    write = exporting._write

    def faulty(files, path, columns, rows):
        rows = list(rows)
        if fault == "a row less":
            return write(files, path, columns, rows[:-1]) + (len(rows) > 1)
        count = write(files, path, columns, rows)
        with files.open_output_stream(path) as stream:
            stream.write(b"PAR1")
        return count

    monkeypatch.setattr(exporting, "_write", faulty)
    assert main([out, "--db", str(shop)]) == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert SOLD in line
    assert read(out) == ROWS and len(exports(out)) == 1


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
        ("s3://bucket/a*", "may not hold"),
        ("s3://AKIA:zzz@bucket/a", "keys"),
        ("s3://AKIA:a/zzz@bucket/a", "keys"),
        ("{tmp_path}/shop.db/out", "shop.db"),
        ("s3://no-such-bucket-here/x", "no-such-bucket-here"),
    ],
)
def test_a_place_that_cannot_be_used_is_one_line(
    tmp_path, shop, bucket, capsys, destination, said
):
    assert main([destination.format(tmp_path=tmp_path), "--db", str(shop)]) == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line and "zzz" not in line


def test_a_url_of_a_folder_is_the_folder(tmp_path, shop):
    out = tmp_path / "the ä out"
    assert main([out.as_uri(), "--db", str(shop)]) == 0
    assert read(out) == ROWS


def test_no_warehouse_is_one_line(tmp_path, capsys):
    assert main([str(tmp_path / "out"), "--db", str(tmp_path / "none.db")]) == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert "none.db" in line
    assert not (tmp_path / "out").exists()


def test_an_export_is_its_owners(shop, tmp_path):
    there = tmp_path / "out"
    assert main([str(there), "--db", str(shop)]) == 0
    found = [there, *there.rglob("*")]
    assert len(found) > 10
    for path in found:
        expected = 0o700 if path.is_dir() else 0o600
        assert path.stat().st_mode & 0o777 == expected, path
