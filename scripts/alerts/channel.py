"""Sends one message, as a process of its own: `python -m scripts.alerts.channel`.

It reads URL, title, text and the path of a page to attach as JSON, so that no list of
processes shows the URL.
"""

from __future__ import annotations

import json
import sys

SENT, NOT_UNDERSTOOD, NOT_SENT = 0, 10, 11
"""What it ends with."""


def main() -> int:
    """Send it; return the exit code."""
    import apprise

    told = json.load(sys.stdin)
    channel = apprise.Apprise()
    if not channel.add(told["url"]):
        return NOT_UNDERSTOOD
    words = {"title": told["title"], "body": told["text"], "body_format": "text"}
    page = told["page"]
    # without the page rather than not at all, as where it is too big for a mailbox
    sent = bool(page and channel.notify(**words, attach=page)) or channel.notify(
        **words
    )
    return SENT if sent else NOT_SENT


if __name__ == "__main__":
    sys.exit(main())
