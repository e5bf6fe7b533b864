"""Sending messages by Apprise, to whatever its URLs name."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

from scripts.alerts.channel import NOT_UNDERSTOOD, SENT
from scripts.alerts.faults import Fault, broken, faults, ingestion_failed
from scripts.alerts.told import Told
from scripts.discreet import discreet
from scripts.ingest.database import connect
from scripts.morning.masks import are_shown
from scripts.morning.write import place
from scripts.printable import printable
from scripts.settings import PROJECT, Settings
from scripts.warehouse import QueryError, opened

VARIABLE = "WAREHOUSE_ALERTS"
SHOWN = 20
MAIL = ("mailto://", "mailtos://")
SECONDS = 30.0
"""In which a message has to be gone, however slowly a channel answers."""


def after_run(settings: Settings, failures: Iterable[str] = ()) -> None:
    """Send every channel what is newly wrong; nothing if nothing is.

    `failures` are the lines of what failed in the build. Raises nothing: what
    goes wrong here is one line on stderr.
    """
    if urls := channels():
        _guarded(_after_run, settings, urls, failures)


def after_failure(settings: Settings, reason: object) -> None:
    """Send every channel that ingestion failed; raises nothing."""
    if urls := channels():
        _guarded(_tell, settings, urls, [ingestion_failed(reason)])


def channels() -> list[str]:
    """Return the URLs of the environment, separated by blanks."""
    return os.environ.get(VARIABLE, "").split()


def _guarded(
    work: Callable[..., None], settings: Settings, urls: list[str], found: object
) -> None:
    try:
        if importlib.util.find_spec("apprise") is None:
            needs = "pip install -r requirements-alerts.txt"
            _warn(f"Apprise is not installed: {needs}, or unset {VARIABLE}")
            return
        work(settings, urls, found)
    except Exception as error:  # whatever it is, the run went as it went
        secrets = {part for url in urls for part in (url, url.partition("://")[2])}
        _warn(discreet(f"{type(error).__name__}: {error}", secrets))


def _after_run(settings: Settings, urls: list[str], failures: Iterable[str]) -> None:
    failures = list(failures)
    try:
        with opened(settings) as warehouse:
            found = faults(warehouse, failures)
    except QueryError:
        if not failures:
            raise
        _tell(settings, urls, broken(failures))  # what else is wrong is not known
        return
    _tell(settings, urls, found, is_whole=True)


def _tell(
    settings: Settings, urls: list[str], found: list[Fault], is_whole: bool = False
) -> None:
    """Send each channel what is new to it; `is_whole`: nothing else is wrong."""
    with closing(connect(settings.ledger)) as conn:
        for url in urls:
            told = Told(conn, url)
            if is_whole:
                told.forget_all_but(found)
            new = told.new(found)
            page = place(settings) if is_whole and place(settings).exists() else None
            words = message(settings.target, new, len(found), page)
            if new and send(url, *words, page):
                told.remember(new)


def message(
    target: str, new: list[Fault], total: int, page: Path | None = None
) -> tuple[str, str]:
    """Return title and text of a message.

    `total` counts the known faults too; `page` shows the whole morning.
    """
    plural = "" if len(new) == 1 else "s"
    title = f"Revenue warehouse ({target}): {len(new)} new fault{plural}"
    lines = [f"- {discreet(printable(fault.text))}" for fault in new[:SHOWN]]
    if len(new) > SHOWN:
        lines.append(f"- and {len(new) - SHOWN} more, see rpt_data_quality")
    if total > len(new):
        lines += ["", f"{total - len(new)} told of before are still there."]
    if page:
        lines += ["", f"The whole morning: {printable(str(page))}"]
    return title, "\n".join(lines)


def send(url: str, title: str, text: str, page: Path | None = None) -> bool:
    """Send one message; return whether it went.

    A mail has the page with it, unless that shows persons. It goes by a process of its
    own: one that takes too long is ended, and nothing that a library says of the URL,
    which may hold a password, is shown.
    """
    scheme = re.match(r"[A-Za-z][\w+.-]*://", url)
    called = scheme[0] if scheme else "a text without ://"
    is_mail = called.lower() in MAIL and page and not are_shown()
    told = {
        "url": url,
        "title": title,
        "text": text,
        "page": str(page) if is_mail else None,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "scripts.alerts.channel"],
            input=json.dumps(told).encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=PROJECT,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        _warn(f"{called}… took longer than {SECONDS:g} s; the next run tells again")
        return False
    if done.returncode == NOT_UNDERSTOOD:
        _warn(f"not a URL that Apprise understands: {called}…")
    elif done.returncode != SENT:
        _warn(f"{called}… could not be reached; the next run tells again")
    return done.returncode == SENT


def _warn(text: str) -> None:
    print(f"warning: alerts: {text}", file=sys.stderr)
