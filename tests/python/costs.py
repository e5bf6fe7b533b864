"""What modules cost that `make test` runs: the dearest are printed after the tests.

Seconds of CPU, for they hardly depend on what else the machine does. What modules
share is counted where it is made. Nothing fails: it is for who adds a test.
"""

from __future__ import annotations

import os
from collections import Counter

import pytest

SHOWN = 8
DEAR = 60
"""Seconds from which a module is named as one with tests to be marked `long`."""
BEGAN = pytest.StashKey[float]()


def cpu() -> float:
    """Return the seconds of this process, and of the children it has waited for."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Begin to count."""
    item.stash[BEGAN] = cpu()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Let the last report of a test say what it took, whichever process runs it."""
    if call.when == "teardown" and not item.get_closest_marker("long"):
        item.user_properties.append(("cpu", round(cpu() - item.stash[BEGAN], 2)))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter,
) -> None:
    """Print the sums."""
    took: Counter[str] = Counter()
    for report in (r for rs in terminalreporter.stats.values() for r in rs):
        if getattr(report, "when", "") == "teardown":
            module = report.nodeid.partition("::")[0]
            took[module] += dict(report.user_properties).get("cpu", 0)
    if took.total() < DEAR:
        return
    terminalreporter.section("seconds of CPU, without tests marked long")
    for module, seconds in took.most_common(SHOWN):
        advice = "  too many: mark what is long" if seconds > DEAR else ""
        terminalreporter.line(f"{seconds:6.1f}  {module}{advice}")
    terminalreporter.line(f"{took.total():6.1f}  in all")
