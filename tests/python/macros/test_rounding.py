"""Numbers are rounded alike on every engine, to the last digit."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

HALVES = "(cast(x as double precision) / 2)"


def test_halves_go_away_from_zero(evaluate: Callable[..., list]) -> None:
    """PostgreSQL's own round() takes those of floating-point numbers to the even."""
    halves = [5, -5, 1, -1, 3, 4, 0, None]
    assert evaluate("rounded", halves, on=HALVES) == [3, -3, 1, -1, 2, 2, 0, None]


def test_decimals_are_those_of_whole_numbers(evaluate: Callable[..., list]) -> None:
    """The nearest whole number of hundredths, by Python's own arithmetic."""
    numbers = [2675, 1005, -1005, 125, 0, *random.Random(2).sample(range(10**6), 300)]
    found = evaluate(
        "rounded_to", numbers, on="(cast(x as double precision) / 1000)", decimals=2
    )
    for number, value in zip(numbers, found, strict=True):
        hundredths = number / 1000 * 100
        whole = math.copysign(math.floor(abs(hundredths) + 0.5), hundredths)
        assert value == whole / 100, number


def test_a_share_becomes_a_percentage(evaluate: Callable[..., list]) -> None:
    shares = {
        **{"0.5": "50", "1": "100", "0": "0", "1.0": "100", ".07": "7", "0,25": "25"},
        **{"0.333333": "33.3333", "0.00001": "0.001", " 0.125 ": "12.5", "0.1": "10"},
    }
    assert evaluate("as_percent", list(shares)) == list(shares.values())
    assert evaluate("as_percent", [None, "0.2"]) == [None, "20"]
