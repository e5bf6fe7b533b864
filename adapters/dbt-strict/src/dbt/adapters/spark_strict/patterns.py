"""Regular expressions of DuckDB as Java reads them."""

from __future__ import annotations

import re

END = r"\z"
"""The end of a text; Java's `$` would also stand before a last line break."""


def java_pattern(pattern: str, *, whole: bool = False, flags: str = "") -> str:
    """Return a pattern that finds in Java what `pattern` finds in DuckDB.

    `whole` is for one that has to match the whole text; `flags` are DuckDB's options.
    """
    parts, at, in_set, is_first = [], 0, False, False
    while at < len(pattern):
        character = pattern[at]
        if character == "\\":
            parts.append(pattern[at : at + 2])
            at, is_first = at + 2, False
            continue
        if in_set:
            if character == "]" and not is_first:
                in_set = False
            elif character in "[]&":  # sets within sets, and their intersection
                character = "\\" + character
            is_first = False
        elif character == "[":
            in_set = is_first = True
            if pattern.startswith("[^", at):
                character, at = "[^", at + 1
        elif character == "$":
            character = END
        parts.append(character)
        at += 1
    found = "".join(parts)
    if whole:
        found = rf"\A(?:{found}){END}"
    # d: a dot is all but a line feed; u: letters of all scripts have a case
    return f"(?d{'iu' if 'i' in flags else ''}{'s' if 's' in flags else ''}){found}"


def glob_pattern(glob: str) -> str:
    """Return a pattern that matches in Java what GLOB matches."""
    parts = re.split(r"(\[\^?\]?[^]]*\]|\*|\?)", glob)
    found = "".join(
        {"*": "(?s:.*)", "?": "(?s:.)"}.get(part, part)
        if place % 2
        else re.escape(part)
        for place, part in enumerate(parts)
    )
    return java_pattern(found, whole=True)


def java_replacement(text: str, shift: int = 0) -> str:
    """Return what replaces a match, its groups named as Java names them.

    `shift` is for a pattern with a group of its own in front, which stays.
    """
    parts = re.split(r"\\(\d)", text)
    return ("$1" if shift else "") + "".join(
        f"${int(part) + shift}"
        if place % 2
        else part.replace("\\", r"\\").replace("$", r"\$")
        for place, part in enumerate(parts)
    )


def first_pattern(pattern: str) -> tuple[str, int]:
    """Return a pattern that Spark, which replaces all, replaces once, and its groups.

    One that begins where the text does matches once. Any other gets a group for what
    is in front of its first match.
    """
    if _is_anchored(pattern):
        return pattern, 0
    return rf"\A((?s:.*?))(?:{pattern})", 1


def _is_anchored(pattern: str) -> bool:
    depth, in_set, at = 0, False, 0
    starts = [0]
    while at < len(pattern):
        character = pattern[at]
        if character == "\\":
            at += 1
        elif in_set:
            in_set = character != "]" or pattern[at - 1] == "["
        elif character == "[":
            in_set = True
        elif character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
        elif character == "|" and not depth:
            starts.append(at + 1)
        at += 1
    return all(re.match(r"(\(\?[a-z]+\))?\^", pattern[start:]) for start in starts)
