"""What tests of several folders share."""

import fcntl
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from dbt.cli.main import dbtRunner

from scripts.dbt_core import slim
from scripts.settings import PROJECT
from tests.python.costs import (
    pytest_runtest_makereport,
    pytest_runtest_setup,
    pytest_terminal_summary,
)
from tools import postgres

__all__ = [
    "pytest_runtest_makereport",
    "pytest_runtest_setup",
    "pytest_terminal_summary",
]

slim()
# without the lines and systems of who runs the tests
os.environ["WAREHOUSE_CONFIG"] = "tests/no_config"

FIRST = (
    "warehouse/test_engines",  # makes what the others start from, meanwhile
    "warehouse/test_runs_by_plan",
    "ingest/test_bad_files",  # needs none of it
    "tooling/test_run",
    "warehouse/test_postgres",
    "warehouse/test_increments",
    "warehouse/test_leads",
    "warehouse/test_prospects",
    "warehouse/test_sales",
    "warehouse/test_crash",
    "warehouse/",
    "operations/test_morning",
    "dbt-strict/tests/test_concurrency",
    "analyses/",
    "identity/test_component",
    "ingest/test_crash",
    "operations/test_dagster",
)
"""The modules that take longest."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that processes side by side end together."""

    def rank(item: pytest.Item) -> int:
        path = item.path.as_posix()
        places = (place for place, name in enumerate(FIRST) if f"/{name}" in path)
        return next(places, len(FIRST))

    items.sort(key=rank)


@contextmanager
def settings_taken_back() -> Iterator[None]:
    """Take back the settings that commands handed to dbt meanwhile."""
    before, here = dict(os.environ), Path.cwd()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        os.chdir(here)


@pytest.fixture(scope="module", autouse=True)
def settings_stay_within() -> Iterator[None]:
    """Let no module see what another one set."""
    with settings_taken_back():
        yield


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for what processes that test side by side make only once."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Let one process in; the others wait."""
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def by_one_process(folder: Path, make: Callable[[Path], None]) -> Path:
    """Return a folder that the first process to ask has filled by `make`."""
    with one_at_a_time(folder):
        if not (folder / "done").exists():
            make(folder)
            (folder / "done").touch()
    return folder


TARGETS = {
    "sqlite": "dev",
    "duckdb": "duckdb",
    "postgres": "postgres",
    "spark": "spark",
}


@pytest.fixture(scope="session")
def parsed(made_once: Path) -> Callable[..., Path]:
    """Return a maker of target folders in which dbt finds the project parsed."""

    def make(target: Path, engine: str = "sqlite") -> Path:
        made = made_once / f"parsed_{engine}"
        with pytest.MonkeyPatch.context() as patch, one_at_a_time(made):
            for name in ("WAREHOUSE_DB", "WAREHOUSE_LAKE"):
                patch.setenv(name, "")
            patch.setenv("WAREHOUSE_TARGET", TARGETS[engine])
            place = [f"--{kind}-dir={PROJECT}" for kind in ("project", "profiles")]
            place += [f"--{kind}-path={made}" for kind in ("target", "log")]
            if not (made / "partial_parse.msgpack").exists():
                outcome = dbtRunner().invoke(
                    ["--quiet", "parse", "--no-write-json", *place]
                )
                assert outcome.success, outcome.exception
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy(made / "partial_parse.msgpack", target)
        return target

    return make


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Return the URL of a database on a PostgreSQL server of our own, or skip."""
    try:
        postgres.programs()
    except postgres.NoServerError as error:
        pytest.skip(str(error))
    with postgres.served() as url:
        yield url


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
