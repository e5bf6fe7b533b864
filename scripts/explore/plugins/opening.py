"""Opens the browser as soon as the server answers.

A plugin of Datasette, which opens it before, at a page of its own.
"""

from __future__ import annotations

import os
import socket
import threading
import time
import webbrowser
from typing import cast
from urllib.parse import urlsplit

from scripts.explore.__main__ import OPENED
from scripts.explore.framework import hookimpl

TRIES = 100


@hookimpl
def startup() -> None:
    """Wait for the server beside it."""
    address = os.environ.pop(OPENED, "")
    if address:
        threading.Thread(target=_open, args=[address], daemon=True).start()


def _open(address: str) -> None:
    place = urlsplit(address)
    host, port = place.hostname, cast(int, place.port)
    for _ in range(TRIES):
        try:
            socket.create_connection((host, port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            webbrowser.open(address)
            return
