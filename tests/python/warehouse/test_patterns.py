"""PostgreSQL keeps 32 compiled patterns a connection. A statement that takes its rows
through more of them compiles each anew for each row, which is fifty times as slow."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from .warehouse import Project

pytestmark = pytest.mark.long

MOST = 25
"""Patterns of a statement: some are of the connection's other statements."""
TOKEN = re.compile(r"('(?:[^']|'')*')|(\"[^\"]*\"|\w+)|(!?~\*?)|(--[^\n]*)|(\S)")
READERS = re.compile(r"(?i)(regexp_\w+|substring)")


def patterns(sql: str) -> set[tuple[str, str]]:
    """Return the patterns of a statement, each with what it is given to.

    The server compiles one anew for a function that wants its groups.
    """
    tokens = [match for match in TOKEN.finditer(sql) if not match[4]]
    found = set()
    for place, token in enumerate(tokens):
        if token[3]:
            found.add((token[3], "".join(operand(tokens, place + 1))))
        elif token[2] and READERS.fullmatch(token[2]):
            pattern = "".join(argument(tokens, place + 1))
            if pattern:
                found.add((token[2].lower(), pattern))
    return found


def operand(tokens: list[re.Match[str]], place: int) -> Iterator[str]:
    """Yield the tokens behind an operator: a string, or what is in brackets."""
    depth = 0
    for token in tokens[place:]:
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        yield token[0]
        if depth == 0:
            return


def argument(tokens: list[re.Match[str]], place: int) -> Iterator[str]:
    """Yield the tokens of the second argument, be it behind a comma or behind FROM."""
    depth, number = 0, 1
    for token in tokens[place:]:
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        if depth == 0:
            return
        if depth == 1 and token[0] in (",", "from"):
            number += 1
        elif number == 2:
            yield token[0]


@pytest.fixture(scope="module")
def compiled(project: Callable[[str], Project]) -> dict[str, str]:
    """SQL of each model, as it is compiled for PostgreSQL."""
    kept = project("postgres").compiled
    return {key: kept[key][0] for key in kept if key.startswith("model.")}


def test_no_model_has_more_patterns_than_a_connection_keeps(
    compiled: dict[str, str],
) -> None:
    counts = {key.split(".")[-1]: len(patterns(sql)) for key, sql in compiled.items()}
    assert {key: count for key, count in counts.items() if count > MOST} == {}
    assert counts["stg_crm__companies"] > 10  # it finds them


def test_patterns_are_found() -> None:
    sql = """
        select x ~ 'a''b', x !~* ('c' || 'd'), regexp_replace(f(x, 'e'), 'g', 'h', 'g'),
            case when regexp_match(x, '^i'
                || 'j') is null then substring(x from '(k)') end, x like '%~l%',
            substring(x, 1, 2)  -- ~ 'm'
        from relation where x ~ 'a''b'
    """
    assert {pattern for _, pattern in patterns(sql)} == {
        *("'a''b'", "('c'||'d')", "'g'", "'^i'||'j'", "'(k)'", "1")
    }
    assert patterns("select x ~ 'a', regexp_match(x, 'a')") == {
        *[("~", "'a'"), ("regexp_match", "'a'")]
    }
    many = " or ".join(f"x ~ '^{number}'" for number in range(MOST + 1))
    assert len(patterns(f"select {many}")) > MOST
