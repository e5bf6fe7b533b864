"""Sending messages by Apprise, to whatever its URLs name."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterable
from contextlib import closing

from scripts.alerts.faults import Fault, faults, ingestion_failed
from scripts.alerts.told import Told
from scripts.ingest.database import connect
from scripts.settings import Settings
from scripts.warehouse import opened

VARIABLE = "WAREHOUSE_ALERTS"
SHOWN = 20


def after_run(settings: Settings, failures: Iterable[str] = ()) -> None:
    """Tell every channel what is newly wrong; silent if nothing is.

    `failures` are the lines of what failed in the build. Raises nothing: what
    goes wrong here is one line on stderr.
    """
    if urls := channels():
        _guarded(_after_run, settings, urls, failures)


def after_failure(settings: Settings, reason: object) -> None:
    """Tell every channel that ingestion failed; raises nothing."""
    if urls := channels():
        _guarded(_tell, settings, urls, [ingestion_failed(reason)])


def channels() -> list[str]:
    """Return the URLs of the environment, separated by blanks."""
    return os.environ.get(VARIABLE, "").split()


def _guarded(work, *arguments: object) -> None:
    try:
        work(*arguments)
    except ImportError:
        needs = "pip install -r requirements-alerts.txt"
        _warn(f"Apprise is not installed: {needs}, or unset {VARIABLE}")
    except Exception as error:  # whatever it is, the run went as it went
        _warn(f"{type(error).__name__}: {error}")


def _after_run(settings: Settings, urls: list[str], failures: Iterable[str]) -> None:
    with opened(settings) as warehouse:
        found = faults(warehouse, failures)
    _tell(settings, urls, found, is_whole=True)


def _tell(
    settings: Settings, urls: list[str], found: list[Fault], is_whole: bool = False
) -> None:
    """Tell each channel what is new to it; `is_whole`: nothing else is wrong."""
    with closing(connect(settings.ledger)) as conn:
        for url in urls:
            told = Told(conn, url)
            if is_whole:
                told.forget_all_but(found)
            new = told.new(found)
            if new and send(url, *message(settings.target, new, len(found))):
                told.remember(new)


def message(target: str, new: list[Fault], total: int) -> tuple[str, str]:
    """Return title and text of a message; `total` counts the known faults too."""
    plural = "" if len(new) == 1 else "s"
    title = f"Revenue warehouse ({target}): {len(new)} new fault{plural}"
    lines = [f"- {fault.text}" for fault in new[:SHOWN]]
    if len(new) > SHOWN:
        lines.append(f"- and {len(new) - SHOWN} more, see rpt_data_quality")
    if total > len(new):
        lines += ["", f"{total - len(new)} told of before are still there."]
    return title, "\n".join(lines)


def send(url: str, title: str, text: str) -> bool:
    """Send one message; return whether it went."""
    import apprise

    # Its words can hold the URL, and the URL a password.
    log = logging.getLogger("apprise")
    log.propagate = False
    log.addHandler(logging.NullHandler())
    channel = apprise.Apprise()
    scheme = url.partition(":")[0]
    if not channel.add(url):
        _warn(f"not a URL that Apprise understands: {scheme}://…")
        return False
    if not channel.notify(title=title, body=text, body_format="text"):
        _warn(f"{scheme}://… could not be reached; the next run tells again")
        return False
    return True


def _warn(text: str) -> None:
    print(f"warning: alerts: {text}", file=sys.stderr)
