"""Take pictures of the sample's pages: `python -m tools.screenshots`.

Needs Chromium or Chrome on the path, and what `make explore` needs. The figures that
they show are written beside them, for a test to say when the sample has others.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from scripts import settings
from scripts.command import CommandError, command
from scripts.explore.__main__ import command_for
from scripts.ingest.clock import VARIABLE as CLOCK
from scripts.morning.write import place

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"),
    *("--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--hide-scrollbars"),
)
IMAGES = settings.PROJECT / "docs" / "images"
FIGURES = "figures.json"
SETTINGS = [
    f"WAREHOUSE_{name}"
    for name in ("TARGET", "DB", "LAKE", "ALERTS", "PERSONAL", "REPORTING_CURRENCY")
]
"""What `.env` may have, and the sample has not."""
BLOCKS = {"p", "div", "li", "tr", "dl", "h1", "h2", "h3", "caption", "summary"}
CELLS = {"td": "|", "th": "|", "dt": ":"}
HIDDEN = {"style", "script", "svg", "title"}
MORNING_OF_SAMPLE = "2025-06-30T06:30:00Z"
"""Monday after the last Friday on which the sample's company exports."""
MOST = 60
"""Lines with figures that are kept of a page: as many as a picture shows."""


@dataclass(frozen=True)
class Picture:
    """A page to be pictured, and how large."""

    path: str
    """In explore; empty for the morning page."""
    width: int
    height: int
    heading: str = ""
    """Of the morning page: the part that has its figures; empty for the page's own."""


PICTURES = {
    "morning": Picture("", 1200, 1230, "This morning"),
    "pipeline": Picture("/-/dashboards/pipeline", 1200, 1190, "Pipeline"),
    "leads": Picture("/-/dashboards/leads", 1200, 1640, "Lead quality"),
    "sales": Picture("/-/dashboards/sales", 1200, 1290, "Sales"),
    "data-quality": Picture("/-/dashboards/data_quality", 1200, 1650, "Data quality"),
}


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


@contextmanager
def sample() -> Iterator[settings.Settings]:
    """Build the sample as of one morning, in a folder that goes at the end."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder).resolve() / "data"
        (data / "config").mkdir(parents=True)  # nobody's own settings
        ours = {
            "WAREHOUSE_DATA": str(data),
            "WAREHOUSE_CONFIG": str(data / "config"),
            "PYTHONPATH": str(settings.PROJECT),
            CLOCK: MORNING_OF_SAMPLE,
        }
        others = {k: v for k, v in os.environ.items() if not k.startswith("WAREHOUSE_")}
        done = subprocess.run(
            [sys.executable, "-m", "scripts.run"],
            cwd=folder,  # pages show paths as they are from there
            env=others | dict.fromkeys(SETTINGS, "") | ours,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise BrowserError(f"the sample cannot be built: {done.stderr[-300:]}")
        yield settings.Settings("dev", data, data / f"{settings.SAMPLES}.db")


class _Lines(HTMLParser):
    """The lines of a page as people read them, by the heading above them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {"": []}
        self._heading = ""
        self._words: list[str] = []
        self._is_hidden = 0
        self.feed(html)
        self._end()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._is_hidden += tag in HIDDEN
        if tag in BLOCKS or tag == "dt":
            self._end()

    def handle_endtag(self, tag: str) -> None:
        self._is_hidden -= tag in HIDDEN
        if tag == "h2":
            self._heading = " ".join(" ".join(self._words).split())
            self.found.setdefault(self._heading, [])
        if tag in BLOCKS:
            self._end()
        elif tag in CELLS:
            self._words.append(CELLS[tag])

    def handle_data(self, data: str) -> None:
        if not self._is_hidden:
            self._words.append(data)

    def _end(self) -> None:
        line = " ".join(" ".join(self._words).split()).strip(" |")
        if line:
            self.found[self._heading].append(line)
        self._words = []


def figures(html: str, heading: str = "") -> list[str]:
    """Return the lines of a page, or of its part below a heading, that have figures.

    Pseudonyms are other ones on each page. Raises KeyError for an unknown heading.
    """
    found = _Lines(html).found
    parts = [found[heading]] if heading else [*found.values()]
    lines = [re.sub("masked-[0-9a-f]+", "masked", n) for part in parts for n in part]
    return [line for line in lines if re.search("[0-9]", line)][:MOST]


def shown(chosen: settings.Settings, address: str = "") -> dict[str, list[str]]:
    """Return the figures of every picture; explore is served at `address`."""
    morning = place(chosen).read_text("utf-8")
    found = {}
    for name, picture in PICTURES.items():
        html = morning
        if picture.path and not picture.heading:
            url = address + picture.path  # of this machine
            with urlopen(url) as answer:  # noqa: S310
                html = answer.read().decode()
        found[name] = figures(html, picture.heading)
    return found


@command("screenshots")
def main(arguments: list[str] | None = None) -> int:
    """Write the pictures and their figures; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.screenshots",
        description="Take pictures of the sample's morning page and dashboards.",
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        default=IMAGES,
        help="folder to write to (default: docs/images)",
    )
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    with sample() as chosen, served(chosen) as address:
        for name, each in PICTURES.items():
            url = address + each.path if each.path else place(chosen).as_uri()
            path = options.out.resolve() / f"{name}.png"
            picture(url, path, each.width, each.height)
            print(path)
        text = json.dumps(shown(chosen, address), indent=1, ensure_ascii=False)
        (options.out / FIGURES).write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
