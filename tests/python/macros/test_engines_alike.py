"""Each macro gives the same on both engines, for hostile and for made values."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from tests.python.hostile import STORABLE
from tests.python.macros.conftest import DuckdbEngine, SqliteEngine
from tests.python.macros.test_cases import ALL

COUNT = 300
"""Made values for each macro, besides those of its table and the hostile ones."""

PARTS = [*"0123456789.,-+()'’ /:%$€£&;@#xKıßé–\u00a0", "12", "2024", "kr", "jr", "Ł"]


def like(values: Iterable[Any], made: random.Random) -> list[str]:
    """Values much like others: with a slip, two in one, or of the same parts."""
    pool = [str(value)[:2_000] for value in values if value is not None]
    found = []
    for _ in range(COUNT):
        value = made.choice(pool)
        kind = made.random()
        if kind < 0.6:
            at = made.randint(0, len(value))
            value = value[:at] + made.choice([*PARTS, ""]) + value[at + 1 :]
        elif kind < 0.8:
            value += made.choice([" ", "", " - ", ", "]) + made.choice(pool)
        elif kind < 0.9:
            value = "".join(made.choices(PARTS, k=made.randint(1, 12)))
        else:
            value = value.swapcase()
        found.append(value)
    return found


@pytest.mark.long
def test_engines_agree_on_every_macro(
    engines: Callable[[type], Any], renderers: Callable[[Any], Callable[..., str]]
) -> None:
    calls = {}
    for macro, settings, cases in ALL:
        given = [None if value is None else str(value) for value, _ in cases]
        made = random.Random(macro)  # whatever cases the others have
        values = [*given, *STORABLE, *like([*given, *STORABLE], made)]
        calls[macro, repr(settings)] = (macro, settings, values)
    outputs = []
    for engine in map(engines, (SqliteEngine, DuckdbEngine)):
        render = renderers(engine)
        part = render("json_value", "x", key="a")  # may stand beside any operator
        texts = engine.evaluate(f"{part} || ', ' || {part}", [['{"a": "1"}']], ["x"])
        assert texts == ["1, 1"]
        outputs.append(
            {
                call: engine.evaluate(
                    render(macro, "x", **settings), ([v] for v in values), ["x"]
                )
                for call, (macro, settings, values) in calls.items()
            }
        )
    wrong = [
        (*call, value[:60], one, other)
        for call, (_, _, values) in calls.items()
        for value, one, other in zip(
            values, *(output[call] for output in outputs), strict=True
        )
        if one != other
    ]
    assert wrong == []
