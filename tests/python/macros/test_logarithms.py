"""Weights are logarithms in hundredths, the same ones on every engine."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from tests.python.macros.conftest import Engine, SparkEngine

BEGIN = re.compile(r"create (or replace )?temp table step_powers as")


def hundredths(x: int, y: int) -> int:
    """Return the last n of which 2^n is at most (x / y)^100, in whole numbers."""
    over, under = x**100, y**100
    n = over.bit_length() - under.bit_length()
    reached = over >= under << n if n >= 0 else over << -n >= under
    return max(-4000, min(4000, n if reached else n - 1))


def test_a_logarithm_is_the_last_power_that_a_number_reaches(
    engine: Engine, render: Callable[..., str]
) -> None:
    [made] = [s for s in render("step_powers").split("-- step") if BEGIN.search(s)]
    if isinstance(engine, SparkEngine):
        query = engine.translated(BEGIN.sub("", made))
        engine.session.sql(query).createOrReplaceTempView("step_powers")
    else:
        engine.connection.execute("drop table if exists step_powers")
        engine.connection.execute(made)
    numbers = random.Random(3)
    given = [(None, 1), (0, 1), (-5, 2), (10**18, 1), (1, 10**18), (1, 1)]
    given += [(2**n, 1) for n in range(50)] + [(1, 2**n) for n in range(50)]
    given += [
        (numbers.randint(1, 10**9), numbers.randint(1, 10**9)) for _ in range(300)
    ]

    found = engine.evaluate(
        render("centibits_of", "(cast(x as double precision) / y)"), given, ["x", "y"]
    )

    expected = [-4000 if x is None or x <= 0 else hundredths(x, y) for x, y in given]
    assert found == expected
