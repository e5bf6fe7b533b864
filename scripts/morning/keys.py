"""Keys that say something of a person, and are no mere identifiers."""

from __future__ import annotations

import re

TELEPHONE = re.compile(r"\+[0-9]{7}|[-. )/][0-9]{3}[-. /][0-9]{4}")
"""A number as people and machines write it."""
WORDS = re.compile(r"[^0-9:][ \t\u00a0][^0-9:]")
DIGIT = re.compile("[0-9]")


def grade(text: str) -> int:
    """Return how surely a key says something of a person: 2, 1 or 0.

    It holds an address, several values, a number of a telephone, or ends with words:
    where an export names somebody, the name is the key. What has no digit is such a
    name as a rule, or stands for nothing, such as `UNKNOWN`.

    >>> grade("hubspot:ann lee"), grade("ann"), grade("salesforce:005Lu01")
    (2, 1, 0)
    """
    if "@" in text or "%40" in text or text[:1] == "[" or TELEPHONE.search(text):
        return 2
    last = text.rpartition(":")[2]
    if not DIGIT.search(last) and WORDS.search(last):
        return 2
    return int(bool(text) and not DIGIT.search(text))


def is_personal(text: str) -> bool:
    """Return whether a key may say something of a person."""
    return grade(text) > 0
