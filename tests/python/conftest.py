"""What tests of several folders share."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.run.lean import slim
from scripts.settings import PROJECT

slim()


@pytest.fixture(scope="session")
def real_exports() -> Path:
    """Return the folder of real exports beside the checkout, or skip the test."""
    folder = PROJECT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"needs the real exports in {folder}")
    return folder


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """Return the address of a local server that talks as S3 does."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return an empty bucket, with the environment set to reach it."""
    import boto3

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "someone")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_server)
    bucket = boto3.resource("s3").create_bucket(Bucket=f"b-{uuid.uuid4().hex}")
    yield bucket
    bucket.objects.delete()
