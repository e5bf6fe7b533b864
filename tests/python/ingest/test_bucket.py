"""Files in a bucket of an S3-compatible server."""

import gzip
import sys

import pytest

from scripts.ingest.feeds import bucket as feeds

from .conftest import Shop

DECLARED = """
sources:
  - name: shop
    config: {meta: {bucket: {url: '${SHOP_BUCKET}'}}}
    tables:
      - name: sales
        identifier: bronze_shop__sales
        config: {meta: {files: sales*}}
        columns:
          - {name: id, config: {meta: {required: true}}}
          - {name: note}
"""


@pytest.fixture
def shop(tmp_path, request):
    is_lake = getattr(request, "param", "tables") == "lake"
    return Shop(tmp_path, tmp_path / "lake" if is_lake else None)


@pytest.fixture
def fetch(shop, bucket, monkeypatch):
    monkeypatch.setenv("SHOP_BUCKET", f"s3://{bucket.name}/in/shop/")
    shop.declare(DECLARED)
    return shop.run


def put(bucket, name, content):
    bucket.put_object(Key=f"in/shop/{name}", Body=content)


def keys(bucket):
    return sorted(o.key.removeprefix("in/shop/") for o in bucket.objects.all())


@pytest.mark.parametrize("shop", ["tables", "lake"], indirect=True)
def test_objects_land_and_move(shop, bucket, fetch):
    put(bucket, "sales_10.csv", "id,note\n3,c\n")
    put(bucket, "sales_9.csv.gz", gzip.compress("id,note\n1,ä\n2,\n".encode()))
    put(bucket, "till/sales.json", '[{"id": 4}]')
    put(bucket, "sales_bad.csv", "note\nx\n")
    put(bucket, "unknown.csv", "id\n9\n")
    bucket.put_object(Key="other/sales.csv", Body="id\n8\n")
    shop.put("sales_0.csv", "id,note\n0,local\n")
    found = fetch()
    assert found.exit_code == 1
    assert [row for (row,) in shop.rows("sales", "id")] == ["0", "1", "2", "3", "4"]
    shop.check_counts()
    assert keys(bucket) == [
        "other/sales.csv",
        "processed/sales_10.000003.csv",
        "processed/sales_9.csv.000002.gz",
        "processed/till/sales.000005.json",
        "refused/sales_bad.csv",
        "refused/sales_bad.csv.reason.txt",
        "refused/unknown.csv",
        "refused/unknown.csv.reason.txt",
    ]
    reason = bucket.Object("in/shop/refused/sales_bad.csv.reason.txt").get()
    assert b"id" in reason["Body"].read()
    kept = dict(shop.files("file_name, archived_as"))
    url = f"s3://{bucket.name}/in/shop"
    assert kept["sales_10.csv"] == f"{url}/processed/sales_10.000003.csv"
    assert not fetch().outcomes[1:]  # nothing is left in the bucket
    put(bucket, "sales_10.csv", "id,note\n3,c\n")  # the same again
    assert fetch().outcomes[1].status == "skipped"
    put(bucket, "sales_10.csv", "id,note\n3,new\n")
    assert fetch().outcomes[1].status == "landed"
    assert not [key for key in keys(bucket) if key.startswith("sales")]


def test_what_a_killed_run_left_is_finished(shop, bucket, fetch, monkeypatch):
    for number in range(3):
        put(bucket, f"sales_{number}.csv", f"id\n{number}\n")

    def killed(self, *of):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(feeds.BucketFeed, "put_away", killed)  # landed, not yet moved
        with pytest.raises(KeyboardInterrupt):
            fetch()
    assert len(keys(bucket)) == 3
    assert [o.status for o in fetch().outcomes] == ["skipped", "landed", "landed"]
    assert [row for (row,) in shop.rows("sales", "id")] == ["0", "1", "2"]
    assert all(key.startswith("processed/") for key in keys(bucket))


def test_an_object_that_changes_meanwhile_stays(shop, bucket, fetch, monkeypatch):
    put(bucket, "sales.csv", "id\n1\n")
    moved = feeds.BucketFeed.put_away

    def late(self, delivery, outcome):
        put(bucket, "sales.csv", "id\n22\n")
        return moved(self, delivery, outcome)

    with monkeypatch.context() as patch:
        patch.setattr(feeds.BucketFeed, "put_away", late)
        (outcome,) = fetch().outcomes
    assert outcome.status == "landed" and "changed" in outcome.archive_problem
    fetch()
    assert [row for (row,) in shop.rows("sales", "id")] == ["1", "22"]
    assert keys(bucket) == ["processed/sales.000002.csv"]


@pytest.mark.parametrize(
    ("url", "said"),
    [("s3://no-bucket-of-this-name/x", "no-bucket"), ("nowhere://x", "nowhere")],
)
def test_a_place_that_cannot_be_read_is_one_line(fetch, monkeypatch, url, said):
    monkeypatch.setenv("SHOP_BUCKET", url)
    found = fetch()
    assert found.exit_code == 1
    (remark,) = found.outcomes[0].remarks
    assert said in remark and "\n" not in remark


def test_without_its_packages_it_says_what_to_install(fetch, monkeypatch):
    monkeypatch.delitem(sys.modules, "scripts.ingest.feeds.bucket", False)
    monkeypatch.setitem(sys.modules, "fsspec", None)
    (outcome,) = fetch().outcomes
    assert outcome.reason == (
        "needs more packages (fsspec): pip install -r requirements-s3.txt"
    )
