"""What comparisons of two texts find, against brute force."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import zip_longest
from typing import Any

import pytest

from tests.python.macros.conftest import Engine

BY_HAND = [
    ("", "a"),
    ("a", ""),
    ("", ""),
    (" ", "  "),
    ("zoë", "zoe"),
    ("北京", "北海"),
    ("мария", "марія"),
    ("x" * 31, "x" * 31 + "y"),
    ("x" * 40 + "a", "x" * 40 + "b"),
    ("ab", "ba"),
    ("abcdef", "abdcef"),
]


def pairs() -> list[tuple[str, str]]:
    """Texts of few letters, and what one or two changes make of them."""
    made = random.Random(5)
    found = list(BY_HAND)
    for _ in range(1_500):
        one = "".join(made.choices("abé京", k=made.randint(0, 20)))
        letters = list(one)
        for _ in range(made.randint(1, 2)):
            place = made.randint(0, len(letters))
            letters[place : place + made.randint(0, 2)] = made.choices("abé", k=1)
        found.append((one, "".join(letters)))
    return found


@pytest.fixture
def judged(
    engine: Engine, render: Callable[..., str]
) -> Callable[..., list[tuple[str, str, Any]]]:
    """Give each pair with what a macro finds for it."""

    def give(
        macro: str, given: list[tuple[Any, Any]], *more: str
    ) -> list[tuple[Any, Any, Any]]:
        sql = render(macro, "one", "other", *more)
        found = engine.evaluate(sql, given, ["one", "other"])
        return [(*pair, value) for pair, value in zip(given, found, strict=True)]

    return give


def slips(one: str) -> set[str]:
    """All texts that one letter less, another, or a swap of two makes of a text."""
    places = range(len(one))
    less = {one[:i] + one[i + 1 :] for i in places}
    others = {one[:i] + c + one[i + 1 :] for i in places for c in "abé京"}
    swaps = {one[:i] + one[i + 1] + one[i] + one[i + 2 :] for i in places[:-1]}
    return less | others | swaps


def test_common_prefix_is_that_of_python(judged) -> None:
    for one, other, found in judged("common_prefix", pairs()):
        letters = enumerate(zip_longest(one, other))
        shared = next((place for place, (a, b) in letters if a != b), None)
        assert found == (shared and min(shared, 31)), (one, other)


def test_nothing_is_shared_with_null(judged) -> None:
    given = [(None, "a"), ("a", None), (None, None)]
    assert [found for _, _, found in judged("common_prefix", given)] == [None] * 3
    assert not any(found for _, _, found in judged("is_similar", given))


def test_one_slip_is_a_letter_or_a_swap(judged, render) -> None:
    given = [
        (one, other)
        for one, other in pairs()
        if one != other and set(one + other) <= set("abé京")
    ]
    prefix = render("common_prefix", "one", "other")
    judgements = judged("is_one_slip", given, f"({prefix})")
    near = 0
    for one, other, found in judgements:
        expected = other in slips(one) or one in slips(other)
        near += expected
        assert bool(found) == expected, (one, other)
    assert 200 < near < len(given) - 200


def test_similar_texts_share_half_their_pairs_of_letters(judged) -> None:
    alike = 0
    for one, other, found in judged("is_similar", pairs()):
        parts = [one[i : i + 2] for i in range(min(len(one) - 1, 16))]
        shared = sum(part in other for part in parts)
        total = min(len(one), 17) + min(len(other), 17) - 2
        assert bool(found) == (4 * shared >= total), (one, other)
        alike += bool(found)
    assert 100 < alike < len(pairs()) - 100
