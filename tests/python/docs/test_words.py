"""What CONTRIBUTING says of words, as far as a search can tell."""

from __future__ import annotations

import re

import pytest

from scripts.settings import PROJECT

BANNED = re.compile(
    r"""\b(
        told | tells? | asked | asks? | whoever | who\ is\ who | stands?\ in
        | references?\ to\ nothing
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
PAGES = ["*.md", "docs/*.md", "models/*.md", "packages/*/*.md"]
DESCRIPTIONS = [
    f"{folder}/**/*.yml"
    for folder in ("models", "macros", "seeds", "tests/generic", "packages")
]
AMERICAN = re.compile(r"\b(normaliz|organiz|recogniz|summariz|color\b|behavior)", re.I)


def lines():
    """Lines of prose, without code and without the history of changes."""
    for pattern in PAGES + DESCRIPTIONS:
        for path in PROJECT.glob(pattern):
            name = str(path.relative_to(PROJECT))
            if name in ("CHANGELOG.md", "CONTRIBUTING.md") or "integration" in name:
                continue
            text = path.read_text(encoding="utf-8")
            text = re.sub("`[^`]*`", lambda code: "\n" * code[0].count("\n"), text)
            for number, line in enumerate(text.splitlines(), 1):
                yield f"{name}:{number}", line


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
