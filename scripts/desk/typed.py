"""What people type into forms, as lines of files keep it."""

from __future__ import annotations

from unicodedata import category

from scripts.desk.lines import LineError

LONGEST_NAME, LONGEST_REASON = 100, 1000
FORMULA = ("=", "+", "-", "@")
"""What a spreadsheet would compute from."""


def typed(text: str, longest: int, what: str) -> str:
    """Return a text without blanks at its ends; raises LineError for too long a one."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > longest:
        raise LineError(f"the {what} has more than {longest:,} characters")
    if any(category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in text):
        raise LineError(f"the {what} has signs that no text has")
    return text


def name(text: str) -> str:
    """Return the name of who decides, in one line; it may be empty."""
    return " ".join(typed(text, LONGEST_NAME, "name").split())


def reason(text: str) -> str:
    """Return why somebody decides; it may be empty."""
    return typed(text, LONGEST_REASON, "reason")


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    The blank in front is none of the text: who reads the line takes it away.
    """
    return f" {text}" if text.startswith(FORMULA) else text
