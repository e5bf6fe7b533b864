"""What a command does that runs something for trying."""

from __future__ import annotations

import time
from contextlib import suppress


def stay(text: str) -> None:
    """Say what is running, and stay until Ctrl-C."""
    print(text, flush=True)
    with suppress(KeyboardInterrupt):
        while True:
            time.sleep(3600)
