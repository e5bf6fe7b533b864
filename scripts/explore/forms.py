"""Forms of the desk's pages: what they send, and who does."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote

from scripts.desk.typed import LONGEST_NAME
from scripts.explore import access

if TYPE_CHECKING:
    from scripts.explore.framework import Request

LONGEST = 200_000
MOST_FIELDS = 2_000
DECIDED_BY = "review_by"
"""The cookie with the name of who decided last."""

Fields = dict[str, list[str]]


async def form(request: Request) -> Fields | None:
    """Return the fields of a form; None if it is larger than any of ours."""
    body, more = b"", True
    while more:
        message = await request.receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > LONGEST:
            return None
    try:
        return parse_qs(body.decode("utf-8", "replace"), max_num_fields=MOST_FIELDS)
    except ValueError:
        return None


def first(fields: Fields, name: str) -> str:
    """Return the first value of a field, empty if there is none."""
    return fields.get(name, [""])[0]


def whole(text: str | None) -> int:
    """Return the number of a page, 1 for what is none."""
    return int(text) if text and text.isdecimal() and 0 < len(text) < 7 else 1


def around(page: int, last: int) -> list[tuple[str, int]]:
    """Return the pages before and after one, each with its label, if there are any."""
    before = [("Previous", page - 1)] if page > 1 else []
    return before + ([("Next", page + 1)] if page < last else [])


def who(request: Request) -> str:
    """Return who decides: as at the last decision, else the name of the login.

    That is nobody's but of who sits at this machine.
    """
    if by := unquote(request.cookies.get(DECIDED_BY, "")).strip():
        return by[:LONGEST_NAME]
    if access.token():
        return ""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
