"""A webhook and a mail server on this machine, which keep what they get."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer

from aiosmtpd.controller import Controller


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Webhook(HTTPServer):
    """Gives its URL, as Apprise writes it, and the messages it got."""

    def __init__(self, status: int = 200) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status = status
        self.drips = False
        self.messages: list[dict] = []
        self.url = f"json://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.messages.append(json.loads(content))
        if self.server.drips:
            self.drip()
            return
        self.send_response(self.server.status)
        self.end_headers()

    def drip(self) -> None:
        """Answer without end, a byte at a time."""
        try:
            while True:
                self.wfile.write(b"H")
                time.sleep(0.1)
        except OSError:  # nobody reads any more
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def webhook(status: int = 200) -> Iterator[Webhook]:
    server = Webhook(status)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Mailbox:
    """Gives its URL and the mails it got."""

    def __init__(self, port: int) -> None:
        self.messages: list = []
        self.url = (
            f"mailto://127.0.0.1:{port}?from=warehouse@example.com"
            "&to=morning@example.com&mode=insecure"
        )

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        self.messages.append(
            message_from_bytes(envelope.content, policy=policy.default)
        )
        return "250 OK"


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    port = free_port()
    box = Mailbox(port)
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
