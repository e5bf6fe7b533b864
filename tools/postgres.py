"""A PostgreSQL server for trying and for tests, gone when it stops.

`make postgres` starts one in a folder of its own, reached by a socket in it alone.
"""

from __future__ import annotations

import argparse
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from scripts.command import CommandError, command
from tools.staying import stay

PLACES = "/usr/lib/postgresql"
"""Where Debian keeps the programs, by version; they are not on the path there."""
DATABASE = "warehouse"
# What it holds may be lost, so it need not wait for the disk.
OPTIONS = {
    "listen_addresses": "''",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
}
PACKAGES = (
    "no PostgreSQL server on this machine: apt install postgresql, brew install"
    " postgresql, or what your system calls it"
)


class NoServerError(CommandError):
    """There is no PostgreSQL on this machine, or it does not start."""


def programs() -> Path:
    """Return the folder of initdb and pg_ctl; raises NoServerError."""
    found = [Path(PLACES, version, "bin") for version in _versions()]
    if on_path := shutil.which("initdb"):
        found.insert(0, Path(on_path).resolve().parent)
    for folder in found:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise NoServerError(PACKAGES)


def _versions() -> list[str]:
    with suppress(OSError):
        found = (place.name for place in Path(PLACES).iterdir())
        return sorted(found, key=float, reverse=True)
    return []


@contextmanager
def served() -> Iterator[str]:
    """Run a server; gives the URL of a database that ingestion will make."""
    where = programs()
    # a short name: that of a socket has no room for more than 107 characters
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    user = _user()
    data, log = folder / "data", folder / "log"
    try:
        if user:
            shutil.chown(folder, user.pw_name)
        made = ["-A", "trust", "-U", "warehouse", "-E", "UTF8", "--no-sync"]
        _run([where / "initdb", "-D", data, *made, "--locale=C"], user)
        given = " ".join(f"-c {name}={value}" for name, value in OPTIONS.items())
        start = ["-D", data, "-l", log, "-w", "-o", f"-k {folder} {given}", "start"]
        _run([where / "pg_ctl", *start], user)
        try:
            yield f"postgresql://warehouse@{quote(str(folder), safe='')}/{DATABASE}"
        finally:
            _run([where / "pg_ctl", "-D", data, "-m", "immediate", "stop"], user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _user() -> pwd.struct_passwd | None:
    """Return whom the server runs as, if it cannot be us: it refuses root."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise NoServerError("PostgreSQL refuses to run as root, and there is no other user")


def _run(command: list[Any], user: pwd.struct_passwd | None) -> None:
    # a server keeps what it inherits open, so its output goes to no pipe
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            list(map(str, command)),
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            cwd="/",
            check=False,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
        )
        if done.returncode:
            output.seek(0)
            said = output.read().strip().splitlines() or ["it does not start"]
            raise NoServerError(f"{Path(command[0]).name}: {said[-1]}")


@command("postgres")
def main(arguments: list[str] | None = None) -> int:
    """Run a server until Ctrl-C."""
    argparse.ArgumentParser(
        prog="python -m tools.postgres",
        description="Run a PostgreSQL server for trying; what it holds goes with it.",
    ).parse_args(arguments)
    with served() as url:
        stay(
            "A server is running, until Ctrl-C. In another terminal:\n\n"
            f"  export WAREHOUSE_POSTGRES='{url}'\n"
            "  make run TARGET=postgres\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
