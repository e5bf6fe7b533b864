"""Words for people: one line, nothing secret, nothing that moves a cursor."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote, unquote_plus

from scripts.printable import printable

HIDDEN = "***"
SHORTEST = 3
"""Characters of a secret that is looked for; a shorter one would be found anywhere."""
_USER = re.compile(r"([A-Za-z][\w+.-]*:/+)\S*@")
"""Of a URL, also of one that was taken for a path, which has one slash."""
_SECRET = re.compile(r"pass|pwd|secret|token|key|credential|sig(?:nature)?\b", re.I)


def hidden(text: str) -> str:
    """Return a text without the users and passwords of URLs in it."""
    return _USER.sub(rf"\1{HIDDEN}@", text)


def discreet(text: object, secrets: Iterable[str] = ()) -> str:
    """Return a text as one line, without the secrets given and users of URLs."""
    line = str(text)
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= SHORTEST:
            line = line.replace(secret, HIDDEN)
    return printable(" ".join(hidden(line).split()))


def address(url: str) -> str:
    """Return a URL as messages show it: without user and parameters."""
    scheme, mark, rest = url.partition("://")
    if not mark:
        return HIDDEN
    user, _, place = rest.rpartition("@")
    place = re.split(r"[?#]", place, maxsplit=1)[0]
    return discreet(f"{scheme}://{HIDDEN + '@' if user else ''}{place}")


def secrets_of(url: str) -> set[str]:
    """Return what a URL holds of secrets, as written and as meant."""
    rest = url.partition("://")[2]
    user, _, place = rest.rpartition("@")
    found = {user, user.partition(":")[2]}
    for pair in re.split(r"[?&#;]", place)[1:]:
        name, _, value = pair.partition("=")
        if _SECRET.search(name):
            found.add(value)
    return {
        form for text in found for form in (text, unquote(text), unquote_plus(text))
    }


def is_torn(url: str, by: str = "@/?#") -> bool:
    """Return whether the password of a URL may end elsewhere than its writer meant.

    `by` are the characters that end it for who reads the URL.
    """
    user, mark, _ = url.partition("://")[2].rpartition("@")
    name, colon, password = user.partition(":")
    if not (mark and colon) or re.search(r"[/?#]", name):  # it is in a path
        return False
    return bool(set(by) & set(password)) and not re.match(r"\d+[/?#]", password)


TORN = (
    "the address cannot be told from the password in it: write @ : / ? # in a "
    "password as %40 %3A %2F %3F %23"
)
