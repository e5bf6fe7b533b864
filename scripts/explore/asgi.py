"""Reading and answering a request before Datasette sees it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

Scope = Mapping[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]


def headers(scope: Scope, name: bytes) -> list[str]:
    """Return the values of a header, of which there may be several."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


async def answer(
    send: Send,
    status: int,
    kind: bytes,
    body: bytes,
    more: Iterable[tuple[bytes, bytes]] = (),
) -> None:
    """Send an answer, with further headers if there are any."""
    start = {"type": "http.response.start", "status": status}
    await send(start | {"headers": [(b"content-type", kind), *more]})
    await send({"type": "http.response.body", "body": body})
