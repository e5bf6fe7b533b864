"""Keys that say something of a person, and are no mere identifiers."""

from __future__ import annotations

import re

PERSONAL = re.compile(
    r"@|%40|^\[|\+[0-9]{7}"
    r"|[-. )/][0-9]{3}[-. /][0-9]{4}"
    r"|[^0-9][ \t\u00a0][^0-9]"
    r"|^[^0-9]+\Z"
)
"""An address, several values, a number of a telephone as people write it, words, or
what has no digit: where an export names somebody, the name is the key."""
_THREE, _FOUR, _SEVEN = ("[0-9]" * count for count in (3, 4, 7))
_GLOBS = (
    *("*%40*", "[[]*", f"*+{_SEVEN}*"),
    f"*[-. )/]{_THREE}[-. /]{_FOUR}*",
    "*[^0-9][ \t\u00a0][^0-9]*",
)


def is_personal(text: str) -> bool:
    """Return whether a key may say something of a person.

    >>> is_personal("hubspot:ann lee"), is_personal("salesforce:005Lu01")
    (True, False)
    """
    return bool(PERSONAL.search(text))


def condition(column: str) -> str:
    """Return the same in SQLite, of a column as SQL takes it, but for words alone."""
    globs = " or ".join(f"{column} glob '{glob}'" for glob in _GLOBS)
    return f"(instr({column}, '@') > 0 or {globs})"


def has_no_digit(column: str) -> str:
    """Return whether a key has no digit, in SQLite."""
    return f"({column} <> '' and {column} not glob '*[0-9]*')"
