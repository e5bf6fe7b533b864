"""A run by plan leaves what a build of everything leaves, after each kind of change.

A short form of `python -m tools.torture --only plans`, which takes random steps.
"""

from __future__ import annotations

from random import Random

import pytest

from tools.torture.plans import History

pytestmark = pytest.mark.long

STEPS = (
    ("files", "a file that is refused"),
    (
        *("an edited model", "an edited seed", "an edited description"),
        *("a model and a test that come and go", "another day"),
        *("a broken model", "a test that fails", "files"),
    ),
    (
        *("a project that cannot be parsed", "all is mended"),
        *("an edited macro, variable or declaration", "a killed run"),
        "another dbt command",
    ),
    ("nothing new",),
)
LEFT = {"another target", "--all", "--full-refresh", "a dbt build"}
"""Steps that take long, and that random ones of the torture take."""


def test_runs_by_plan_leave_what_builds_of_everything_leave(tmp_path):
    history = History("sqlite", tmp_path / "history", Random(0))
    assert {*history.kinds} - LEFT == {name for names in STEPS for name in names}
    try:
        for names in STEPS:
            history.take(*names)
    finally:
        history.close()
