"""Take pictures of the morning page and the dashboards: `python -m tools.screenshots`.

Needs Chromium or Chrome on the path, and what `make explore` needs.
"""

from __future__ import annotations

import argparse
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from scripts import settings
from scripts.command import CommandError, command
from scripts.explore.__main__ import command_for
from scripts.morning.write import write

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"),
    *("--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--hide-scrollbars"),
)
PAGES = {
    "pipeline": ("/-/dashboards/pipeline", 1200, 1190),
    "leads": ("/-/dashboards/leads", 1200, 1640),
    "sales": ("/-/dashboards/sales", 1200, 1290),
    "data-quality": ("/-/dashboards/data_quality", 1200, 1650),
}
MORNING = (1200, 1230)


class BrowserError(CommandError):
    """There is no browser, or it shows nothing; the message is one line."""


def browser() -> str | None:
    """Return the path of a browser, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@contextmanager
def served(chosen: settings.Settings) -> Iterator[str]:
    """Serve the warehouse while the block runs; gives the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        command_for(chosen, port),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(100):
            try:
                urlopen(address).close()
                break
            except URLError:
                if process.poll() is not None:
                    raise BrowserError("Datasette did not start") from None
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait()


def look(url: str, *options: str) -> bytes:
    """Open a page in a browser without a window; return what it prints.

    Raises BrowserError.
    """
    program = browser()
    if program is None:
        raise BrowserError(f"no browser on the path: {' or '.join(BROWSERS)}")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        done = subprocess.run(
            [
                *(program, *OPTIONS, f"--user-data-dir={folder}"),
                *("--virtual-time-budget=15000", *options, url),
            ],
            capture_output=True,
            check=False,
            timeout=120,
        )
    if done.returncode:
        raise BrowserError(f"{program} ended with {done.returncode} for {url}")
    return done.stdout


def picture(url: str, path: Path, width: int, height: int) -> None:
    """Write a picture of a page; raises BrowserError."""
    look(url, f"--window-size={width},{height}", f"--screenshot={path}")
    if not path.exists():
        raise BrowserError(f"{url} gave no picture")


@command("screenshots")
def main(arguments: list[str] | None = None) -> int:
    """Write the pictures; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.screenshots",
        description="Take pictures of the morning page and the dashboards.",
    )
    settings.add_options(parser)
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        default=settings.PROJECT / "docs" / "images",
        help="folder to write to (default: docs/images)",
    )
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    chosen = settings.load(options.target, options.db, existing=True)
    with served(chosen) as address, tempfile.TemporaryDirectory() as folder:
        pages = {name: (address + page, *size) for name, (page, *size) in PAGES.items()}
        if page := write(replace(chosen, data=Path(folder))):
            pages["morning"] = (page.as_uri(), *MORNING)
        for name, (url, width, height) in pages.items():
            path = options.out.resolve() / f"{name}.png"
            picture(url, path, width, height)
            print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
