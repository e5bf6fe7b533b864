"""What CONTRIBUTING says of words, as far as a search can tell."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator

import pytest

from scripts.settings import PROJECT

BANNED = re.compile(
    r"""\b(
        told | tells? | asked | asks? | whoever | who\ is\ who | stands?\ in
        | references?\ to\ nothing
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
PAGES = ["*.md", "docs/*.md", "docs/decisions/*.md", "models/*.md"]
PAGES += ["packages/*/*.md", "adapters/*/*.md"]
DESCRIPTIONS = [
    f"{folder}/**/*.yml"
    for folder in ("models", "macros", "seeds", "tests/generic", "packages")
]
SQL = [
    f"{folder}/**/*.sql"
    for folder in ("models", "macros", "packages", "analyses", "tests")
]
SQL.append("adapters/*/src/**/*.sql")
PYTHON = ["scripts/**/*.py", "tools/**/*.py", "orchestration/*.py", "adapters/**/*.py"]
AMERICAN = re.compile(r"\b(normaliz|organiz|recogniz|summariz|color\b|behavior)", re.I)


def comments(sql: str) -> str:
    """Keep the comments of SQL, each on its lines."""
    parts = re.split(r"(\{#.*?#\}|--[^\n]*)", sql, flags=re.DOTALL)
    return "".join(
        part if at % 2 else "\n" * part.count("\n") for at, part in enumerate(parts)
    )


def words_of(python: str) -> str:
    """Keep comments and docstrings of Python, each on its lines."""
    lines = python.splitlines()
    kept = dict[int, str]()
    for token in tokenize.generate_tokens(io.StringIO(python).readline):
        if token.type == tokenize.COMMENT:
            kept[token.start[0]] = token.string
    for node in ast.walk(ast.parse(python)):
        match node:
            case ast.Expr(value=ast.Constant(value=str())):
                numbers = range(node.lineno, (node.end_lineno or 0) + 1)
                kept |= {number: lines[number - 1] for number in numbers}
    return "\n".join(kept.get(number, "") for number in range(1, len(lines) + 1))


KINDS = {str: PAGES + DESCRIPTIONS, comments: SQL, words_of: PYTHON}
"""Which part of a file is prose, and the files of which it is."""


def lines() -> Iterator[tuple[str, str]]:
    """Give lines of prose, without code and without the history of changes."""
    listed = [(prose, p) for prose, patterns in KINDS.items() for p in patterns]
    for prose, pattern in listed:
        for path in PROJECT.glob(pattern):
            name = str(path.relative_to(PROJECT))
            if name in ("CHANGELOG.md", "CONTRIBUTING.md") or "integration" in name:
                continue
            text = prose(path.read_text(encoding="utf-8"))
            # code, and the name of an argument before what it is
            text = re.sub("`[^`]*`", lambda code: "\n" * code[0].count("\n"), text)
            for number, line in enumerate(text.split("\n"), 1):
                yield f"{name}:{number}", re.sub(r"^\s*\w+: ", "", line)


@pytest.mark.parametrize("pattern", [BANNED, AMERICAN], ids=["banned", "American"])
def test_house_style_is_kept(pattern):
    found = [f"{place}: {line}" for place, line in lines() if pattern.search(line)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "words",
    ["a sale that several tell of", "Who is who", "it stands in it", "Whoever reads"],
)
def test_the_search_finds_them(words):
    assert BANNED.search(words)
    assert AMERICAN.search("Normalized for the organization")


def test_comments_alone_are_searched():
    sql = "select told -- it asks\n{#- which\n    tells -#}\nfrom asks"
    assert comments(sql) == "-- it asks\n{#- which\n    tells -#}\n"
    python = 'def ask():\n    """Ask it."""\n    return "told"  # asked\n'
    assert words_of(python) == '\n    """Ask it."""\n# asked'
