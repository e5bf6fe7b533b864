"""Files in a bucket of an S3-compatible server."""

import gzip
import re
import sys
from collections import Counter

import botocore.client
import botocore.exceptions
import pytest
from botocore.exceptions import IncompleteReadError
from botocore.response import StreamingBody

from scripts.ingest.feeds import bucket as feeds
from scripts.printable import printable

from .conftest import Shop

pytestmark = pytest.mark.long

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
    """The keys below the prefix, hashes left out."""
    names = (o.key.removeprefix("in/shop/") for o in bucket.objects.all())
    return sorted(re.sub(r"(\.\d{6})\.[0-9a-f]{16}", r"\1", name) for name in names)


def contents(bucket):
    """What lies below the prefix, by the first part of its name."""
    found = Counter()
    for item in bucket.objects.filter(Prefix="in/shop/"):
        if not item.key.endswith(".reason.txt"):
            folder = item.key.removeprefix("in/shop/").partition("/")[0]
            is_kept = folder in ("processed", "refused")
            found[folder if is_kept else "", item.get()["Body"].read()] += 1
    return found


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
        "processed/sales_9.000002.csv.gz",
        "processed/till/sales.000005.json",
        "refused/sales_bad.000004.csv",
        "refused/sales_bad.000004.csv.reason.txt",
        "refused/unknown.000006.csv",
        "refused/unknown.000006.csv.reason.txt",
    ]
    kept = dict(shop.files("file_name, archived_as"))
    start = f"s3://{bucket.name}/"
    assert {name for name, place in kept.items() if place} == {
        *("sales_10.csv", "sales_9.csv.gz", "till/sales.json"),
        *("sales_bad.csv", "unknown.csv"),
    }
    at = kept["sales_10.csv"].removeprefix(start)
    assert bucket.Object(at).get()["Body"].read() == b"id,note\n3,c\n"
    at = kept["sales_bad.csv"].removeprefix(start)
    reason = bucket.Object(f"{at}.reason.txt").get()
    assert b"id" in reason["Body"].read()
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


@pytest.mark.parametrize("moment", ["put_away", "_copy", "_check"])
def test_an_object_that_changes_meanwhile_stays(
    shop, bucket, fetch, monkeypatch, moment
):
    """Before it is copied, after it, and after the last look at it."""
    put(bucket, "sales.csv", "id\n1\n")
    done = getattr(feeds.BucketFeed, moment)
    calls = []

    def late(self, *of):
        calls.append(of)
        if moment == "put_away":
            put(bucket, "sales.csv", "id\n22\n")
        try:
            return done(self, *of)
        finally:
            if moment == "_copy" or len(calls) == 2:
                put(bucket, "sales.csv", "id\n22\n")

    with monkeypatch.context() as patch:
        patch.setattr(feeds.BucketFeed, moment, late)
        (outcome,) = fetch().outcomes
    assert outcome.status == "landed" and "changed" in outcome.archive_problem
    assert contents(bucket)["", b"id\n22\n"] == 1
    fetch()
    assert [row for (row,) in shop.rows("sales", "id")] == ["1", "22"]
    assert contents(bucket)["processed", b"id\n22\n"] == 1
    assert not [folder for folder, _ in contents(bucket) if not folder]


NAMES = [
    "sales_1.csv", "sales_2.csv", "till/sales_3.csv",  # which a pattern would meet
    "*", "sales*", "sales*.csv", "till/*", "**/sales.csv", "sales_?.csv",
    "sales_[12].csv", "[a-z]*/sales_{1,2}.csv", "/sales.csv", "//sales.csv",
    "a//sales_4.csv", "sales.csv?versionId=null", "sales_6.csv?versionId=3.csv",
    "sales #%+&= ä€.csv", "sales%2Fa.csv",
    "sales_\t8.csv", "sales_9.csv/", "processed.csv", "a/processed/sales_5.csv",
    f"sales_{'x' * 600}.csv", f"sales_{'ä' * 480}.csv",
]  # fmt: skip


@pytest.mark.parametrize("start", ["in/shop/", "in/[s]*/"])
def test_a_key_means_itself_whatever_is_in_it(shop, bucket, fetch, monkeypatch, start):
    """Each object lands, or is refused, and is kept; once, byte for byte."""
    monkeypatch.setenv("SHOP_BUCKET", f"s3://{bucket.name}/{start}")
    body = {name: f"id\n{n}\n".encode() for n, name in enumerate(NAMES)}
    for name in NAMES:
        bucket.put_object(Key=f"{start}{name}", Body=body[name])
    for name in ("", "till/", "a//", "till_$folder$"):
        bucket.put_object(Key=f"{start}{name}", Body=b"")
    others = ["in/shop", "in/shop2/sales.csv", "in/s/sales.csv", "sales.csv"]
    for name in others:
        bucket.put_object(Key=name, Body=b"id\nother\n")
    found = fetch()
    landed = {name for name in NAMES if re.search(r"(^|/)sales[^/]*/?$", name)}
    statuses = {o.label.removeprefix("shop/"): o.status for o in found.outcomes}
    said = {name: statuses[printable(name)] for name in NAMES}
    assert {name for name in NAMES if said[name] == "landed"} == landed
    assert [o.archive_problem for o in found.outcomes] == [None] * len(NAMES)
    wanted = Counter(body[name][3:-1].decode() for name in landed)
    assert Counter(row for (row,) in shop.rows("sales", "id")) == wanted
    kept = {o.key: o.get()["Body"].read() for o in bucket.objects.all()}
    for name in NAMES:
        folder = "processed/" if name in landed else "refused/"
        at = [key for key in kept if key.startswith(start) and kept[key] == body[name]]
        assert len(at) == 1 and at[0].startswith(start + folder), name
    assert {key for key in kept if not key.startswith(start)} >= set(others)
    again = fetch()
    assert not again.outcomes and again.exit_code == 0


def test_what_is_kept_is_never_overwritten(shop, bucket, fetch):
    """Neither by another database, nor by the next of its name."""
    put(bucket, "sales.csv", "id\n1\n")
    put(bucket, "other.csv", "id\n1\n")
    fetch()
    put(bucket, "other.csv", "id\n2\n")
    fetch()
    shop.db.unlink()
    put(bucket, "sales.csv", "id\n3\n")
    put(bucket, "other.csv", "id\n4\n")
    fetch()
    assert contents(bucket) == Counter(
        {
            ("processed", b"id\n1\n"): 1, ("processed", b"id\n3\n"): 1,
            ("refused", b"id\n1\n"): 1, ("refused", b"id\n2\n"): 1,
            ("refused", b"id\n4\n"): 1,
        }
    )  # fmt: skip


def refusing(monkeypatch, operation, key, code):
    """Let the server refuse one operation on one key; return what was asked."""
    asked = []
    call = botocore.client.BaseClient._make_api_call

    def answer(self, name, parameters):
        if name == operation and parameters["Key"].endswith(key):
            asked.append(parameters)
            if code not in ("NotImplemented",) or "IfMatch" in parameters:
                said = {"Error": {"Code": code, "Message": "as planned"}}
                raise botocore.exceptions.ClientError(said, name)
        return call(self, name, parameters)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", answer)
    return asked


def test_an_object_that_cannot_be_fetched_stops_no_other(
    shop, bucket, fetch, monkeypatch
):
    for number in range(3):
        put(bucket, f"sales_{number}.csv", f"id\n{number}\n")
    with monkeypatch.context() as patch:
        refusing(patch, "GetObject", "sales_1.csv", "AccessDenied")
        found = fetch()
    assert found.exit_code == 1
    assert [o.status for o in found.outcomes] == ["landed", "refused", "landed"]
    assert "AccessDenied" in found.outcomes[1].reason
    assert contents(bucket)["", b"id\n1\n"] == 1
    assert fetch().exit_code == 0
    assert len(shop.rows("sales")) == 3


@pytest.mark.parametrize("fault", ["raised", "silent"])
def test_an_object_that_ends_early_stops_no_other_and_stays(
    shop, bucket, fetch, monkeypatch, fault
):
    long = "id\n" + "7\n" * 1000
    put(bucket, "sales_1.csv", long)
    put(bucket, "sales_2.csv", "id\n2\n")

    def short(body, size):
        content = body.read()
        yield content[:500]
        if fault == "raised" and len(content) > 500:
            raise IncompleteReadError(actual_bytes=500, expected_bytes=len(content))

    with monkeypatch.context() as patch:
        patch.setattr(StreamingBody, "iter_chunks", short)
        found = fetch()
    assert (found.exit_code, shop.rows("sales", "id")) == (1, [("2",)])
    assert "sales_1.csv" in keys(bucket)
    assert fetch().exit_code == 0
    assert len(shop.rows("sales", "id")) == 1001


def test_what_is_no_delivery_in_an_inbox_is_none_in_a_bucket(shop, bucket, fetch):
    left = [".sales.csv", "~$sales.csv", "a/.git/sales.csv", "__MACOSX/sales.csv"]
    waiting = ["sales.csv.part", "sales_2.parts.tmp/sales.csv"]
    for name in left + waiting:
        put(bucket, name, "id\n1\n")
    found = fetch()
    assert (found.exit_code, found.outcomes) == (0, [])
    assert found.notes == [f"shop/{name}: still being uploaded" for name in waiting]
    assert keys(bucket) == sorted(left + waiting)


@pytest.mark.parametrize("name", ["processed", "refused"])
def test_an_object_of_the_name_of_a_folder_is_a_delivery(bucket, fetch, name):
    put(bucket, name, "id\n1\n")
    (outcome,) = fetch().outcomes
    assert outcome.status == "refused"
    assert f"refused/{name}.000001" in keys(bucket)


def test_a_key_with_dots_is_said_and_another_object_is_left_alone(
    shop, bucket, fetch, monkeypatch
):
    """On the way through HTTP `in/shop/../x` becomes `in/x`."""
    bucket.put_object(Key="in/sales.csv", Body=b"id\n1\n")
    names = ["../sales.csv", "a/./sales.csv", "."]
    monkeypatch.setattr(feeds.BucketFeed, "_names", lambda self: iter(names))
    found = fetch()
    assert found.exit_code == 1
    assert ["key is . or .." in o.reason for o in found.outcomes] == [True] * 3
    assert [item.key for item in bucket.objects.all()] == ["in/sales.csv"]


def test_an_object_that_another_run_took_is_nothing(bucket, fetch, monkeypatch):
    put(bucket, "sales_0.csv", "id\n0\n")
    put(bucket, "sales_1.csv", "id\n1\n")
    refusing(monkeypatch, "GetObject", "sales_0.csv", "NoSuchKey")
    found = fetch()
    assert [o.label for o in found.outcomes] == ["shop/sales_1.csv"]


@pytest.mark.parametrize(
    ("operation", "code", "left"),
    [
        ("DeleteObject", "NotImplemented", 0),  # of conditions; without, it deletes
        ("DeleteObject", "AccessDenied", 1),
        ("CopyObject", "AccessDenied", 1),
    ],
)
def test_what_cannot_be_moved_stays_and_lands_once(
    shop, bucket, fetch, monkeypatch, operation, code, left
):
    put(bucket, "sales.csv", "id\n1\n")
    with monkeypatch.context() as patch:
        assert refusing(patch, operation, "sales.csv", code) == []
        refusing(patch, operation, ".csv", code)
        for _ in range(2):
            found = fetch()
            assert found.exit_code == 0
            problems = [o.archive_problem for o in found.outcomes if o.archive_problem]
            assert [code in problem for problem in problems] == [True] * left
            assert contents(bucket)["", b"id\n1\n"] == left
    fetch()
    assert contents(bucket) == Counter({("processed", b"id\n1\n"): 1})
    assert len(shop.rows("sales")) == 1


def test_a_large_object_is_copied_in_parts(bucket, fetch, monkeypatch):
    monkeypatch.setattr(feeds, "LARGEST_COPY", 5 << 20)
    body = b"id\n" + b"".join(b"%07d\n" % n for n in range(700_000))
    put(bucket, "sales.csv", body)
    assert fetch().outcomes[0].archive_problem is None
    assert contents(bucket) == Counter({("processed", body): 1})


def test_a_folder_is_no_bucket(fetch, tmp_path, monkeypatch):
    path = tmp_path / "in" / "sales.csv"
    path.parent.mkdir()
    path.write_text("id\n1\n")
    for url in (path.parent.as_uri(), str(path.parent), f"local://{path.parent}"):
        monkeypatch.setenv("SHOP_BUCKET", url)
        (outcome,) = fetch().outcomes
        assert "expected s3://<bucket>/<folder>" in outcome.reason
    assert path.read_text() == "id\n1\n"


@pytest.mark.parametrize(
    "url",
    [
        "s3://AKIA:zzz@{name}/in", "s3://AKIA:a/zzz+b@{name}/in", "s3://zzz@{name}",
        "s3://{name}/in?access_key=AKIA&secret_key=zzz", "s3://AKIA:zzz@b@c@{name}",
        "file://u:zzz@host/in", "zzz:zzz@{name}/in", "s3:AKIA:zzz@{name}/in",
    ],
)  # fmt: skip
def test_keys_in_a_url_are_refused_and_not_shown(shop, bucket, fetch, monkeypatch, url):
    monkeypatch.setenv("SHOP_BUCKET", url.format(name=bucket.name))
    (outcome,) = fetch().outcomes
    assert outcome.status == "refused"
    assert "zzz" not in f"{outcome.remarks} {shop.files('*')}"


def test_settings_that_cannot_be_used_stop_no_other_source(shop, fetch, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "no address")
    shop.put("sales.csv", "id\n1\n")
    found = fetch()
    assert [o.status for o in found.outcomes] == ["landed", "refused"]


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
    monkeypatch.setitem(sys.modules, "botocore.session", None)
    (outcome,) = fetch().outcomes
    assert outcome.reason == (
        "needs more packages (botocore.session): pip install -r requirements-s3.txt"
    )


@pytest.mark.parametrize("moment", ["copy_object", "delete_object"])
@pytest.mark.parametrize("name", ["sales.csv", "unknown.csv"])
def test_a_killed_run_has_said_where_an_object_is_kept(
    shop, bucket, fetch, monkeypatch, moment, name
):
    """Killed right after it was copied, or after it was deleted."""
    put(bucket, name, "id\n1\n")
    made = feeds.botocore.session.Session.create_client

    def client(self, *of, **options):
        found = made(self, *of, **options)
        done = getattr(found, moment)

        def killed(**request):
            done(**request)
            raise KeyboardInterrupt

        setattr(found, moment, killed)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(feeds.botocore.session.Session, "create_client", client)
        with pytest.raises(KeyboardInterrupt):
            fetch()
    fetch()
    ((place,),) = shop.files("archived_as")
    assert place and place.startswith(f"s3://{bucket.name}/")
    key = place.removeprefix(f"s3://{bucket.name}/")
    assert bucket.Object(key).get()["Body"].read() == b"id\n1\n"
    assert sum(contents(bucket).values()) == 1
