"""A Spark cluster on this machine for trying and for tests, gone when it stops.

`make spark` starts a master and workers with a core each. pyspark brings the programs,
but not the scripts that Spark's own distribution starts them by.
"""

from __future__ import annotations

import argparse
import ctypes
import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

from scripts import spark
from scripts.command import CommandError, command
from tools.staying import stay

HOST = "127.0.0.1"
PATIENCE = 90
"""Seconds that a cluster may take to start."""
MASTER = "org.apache.spark.deploy.master.Master"
WORKER = "org.apache.spark.deploy.worker.Worker"


class NoClusterError(CommandError):
    """There is no Spark on this machine, or it does not start."""


@contextmanager
def served(workers: int = 2, cores: int = 1, memory: str = "2g") -> Iterator[str]:
    """Run a cluster; gives its URL. Raises NoClusterError."""
    if needs := spark.lacking():
        raise NoClusterError(f"a cluster needs {needs}")
    folder = Path(tempfile.mkdtemp(prefix="spark"))
    port, pages = _free_port(), _free_port()
    url = f"spark://{HOST}:{port}"
    try:
        with ExitStack() as running:
            place = ["--host", HOST, "--port", str(port)]
            running.enter_context(
                _started(folder, "master", MASTER, *place, "--webui-port", str(pages))
            )
            _wait(folder, "master", pages, 0)
            size = ["--cores", str(cores), "--memory", memory, "--webui-port", "0"]
            for number in range(workers):
                name = f"worker{number}"
                own = ["--host", HOST, "--work-dir", str(folder / name), *size]
                running.enter_context(_started(folder, name, WORKER, *own, url))
            _wait(folder, "worker0", pages, workers)
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _started(folder: Path, name: str, program: str, *options: str) -> Iterator[None]:
    """Run a program of Spark meanwhile; it does not outlive this process."""
    found = importlib.util.find_spec("pyspark")
    home = Path(str(found and found.origin)).parent
    environment = os.environ | {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": HOST,
        "SPARK_DAEMON_MEMORY": "512m",
    }
    with (folder / f"{name}.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [str(home / "bin" / "spark-class"), program, *options],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            env=environment,
            preexec_fn=_die_with_parent,
        )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _die_with_parent() -> None:
    """Let the kernel end a program when this process does, however that ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def _free_port() -> int:
    with socket.socket() as tried:
        tried.bind((HOST, 0))
        return int(tried.getsockname()[1])


def _wait(folder: Path, name: str, pages: int, workers: int) -> None:
    """Wait until the master knows so many workers."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with (
            suppress(OSError, ValueError),
            urlopen(f"http://{HOST}:{pages}/json/", timeout=5) as page,
        ):
            if json.load(page)["aliveworkers"] >= workers:
                return
        time.sleep(0.2)
    said = (folder / f"{name}.log").read_text("utf-8").strip().splitlines()
    raise NoClusterError(f"no cluster after {PATIENCE} s: {(said or ['no log'])[-1]}")


@command("spark")
def main(arguments: list[str] | None = None) -> int:
    """Run a cluster until Ctrl-C."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.spark",
        description="Run a Spark cluster on this machine, for trying.",
    )
    parser.add_argument("--workers", type=int, default=2, help="default: 2")
    parser.add_argument("--cores", type=int, default=1, help="of each (default: 1)")
    parser.add_argument("--memory", default="2g", help="of each (default: 2g)")
    options = parser.parse_args(arguments)
    with served(options.workers, options.cores, options.memory) as url:
        stay(
            "A cluster is running, until Ctrl-C. In another terminal:\n\n"
            f"  WAREHOUSE_SPARK={url} make run TARGET=spark\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
