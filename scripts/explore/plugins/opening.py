"""Opens the browser as soon as the server answers.

A plugin of Datasette, which opens it before, at a page of its own.
"""

import os
import socket
import threading
import time
import webbrowser
from urllib.parse import urlsplit

from datasette import hookimpl

from scripts.explore.__main__ import OPENED

TRIES = 100


@hookimpl
def startup():
    """Wait for the server beside it."""
    address = os.environ.pop(OPENED, "")
    if address:
        threading.Thread(target=_open, args=[address], daemon=True).start()


def _open(address):
    place = urlsplit(address)
    for _ in range(TRIES):
        try:
            socket.create_connection((place.hostname, place.port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            webbrowser.open(address)
            return
