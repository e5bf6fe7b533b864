"""Who is answered: this machine alone, or others that have the token of this start.

The command hands names and token to the server by its environment: arguments are
shown to every user of a machine.
"""

from __future__ import annotations

import hmac
import ipaddress
import json
import os
import re
import secrets
import socket
from contextlib import suppress
from urllib.parse import parse_qs

from scripts.command import CommandError
from scripts.explore.asgi import Scope, Send, answer, headers
from scripts.local import HOST

NAMES, TOKEN = "EXPLORE_NAMES", "EXPLORE_TOKEN"
COOKIE = "explore_token"
NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:]+")
ELSEWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
"""Addresses of nobody: a name of this machine often leads to itself alone."""
LOCAL = ("127.0.0.1", "localhost", "::1")
ENTERED = (
    b"<!doctype html><html lang=en><meta charset=utf-8><title>Revenue Warehouse</title>"
    b'<meta http-equiv=refresh content="0; url=/"><p><a href="/">Revenue Warehouse</a>'
)


class AccessError(CommandError):
    """Options that do not fit together; the message is one line."""

    exit_code = 2


def opened_to(host: str, names: list[str]) -> str:
    """Let others in if `host` is no address of this machine alone.

    Returns what the address in a browser has between `//` and the port, and puts names
    and token into the environment. Raises AccessError.
    """
    os.environ.pop(NAMES, None)
    os.environ.pop(TOKEN, None)
    if host in LOCAL:
        if names:
            raise AccessError("--name needs --host: only this machine is answered")
        return _written(host)
    for name in names:
        if not NAME.fullmatch(name):
            raise AccessError(f"--name {name}: expected a name or address, no port")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise AccessError(
            f"--host {host}: expected an address of this machine"
        ) from None
    if not names:
        is_any = address.is_unspecified
        names = [*_own_names(), *LOCAL] if is_any else [str(address)]
    os.environ[NAMES] = json.dumps(names)
    os.environ[TOKEN] = secrets.token_urlsafe(32)
    return _written(names[0])


def token() -> str:
    """Return the token that others need; empty if nobody else is answered."""
    return os.environ.get(TOKEN, "")


def is_named(host: str) -> bool:
    """Return whether a `Host` header is a name under which this server answers."""
    names = json.loads(os.environ.get(NAMES) or "null")
    if names is None:
        return bool(HOST.fullmatch(host))
    found = re.fullmatch(r"(\[[0-9a-f:]+\]|[^:\[\]]+)(:\d+)?", host, re.IGNORECASE)
    known = {_written(name).casefold() for name in names}
    return bool(found) and found[1].casefold() in known  # type: ignore[index]


def has_token(scope: Scope) -> bool:
    """Return whether the browser has the cookie of an earlier visit by the token."""
    cookies = ";".join(headers(scope, b"cookie")).split(";")
    pairs = (cookie.strip().partition("=") for cookie in cookies)
    return any(name == COOKIE and _is_token(value) for name, _, value in pairs)


async def enter(scope: Scope, send: Send) -> None:
    """Answer who has no cookie: with one, if the address holds the token.

    A page that leads on, instead of a redirect: a browser that followed a link of
    another site would not send a strict cookie with that.
    """
    given = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [])
    if scope["method"] == "GET" and len(given) == 1 and _is_token(given[0]):
        cookie = f"{COOKIE}={token()}; Path=/; HttpOnly; SameSite=Strict"
        more = [(b"set-cookie", cookie.encode()), (b"cache-control", b"no-store")]
        await answer(send, 200, b"text/html; charset=utf-8", ENTERED, more)
    else:
        text = b"open the address that make explore has printed, with its token"
        await answer(send, 401, b"text/plain", text)


def _is_token(text: str) -> bool:
    return hmac.compare_digest(text.encode(), token().encode())


def _own_names() -> list[str]:
    """The names and addresses that others know this machine by."""
    name = socket.gethostname()
    addresses = {_outgoing(*to) for to in ELSEWHERE} - {""}
    with suppress(OSError):
        found = socket.getaddrinfo(name, None)
        addresses |= {str(entry[4][0]).partition("%")[0] for entry in found}
    return [name, *sorted(addresses - set(LOCAL))]


def _outgoing(family: int, address: str) -> str:
    """The address that others are reached from; nothing is sent to find it."""
    with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as asked:
        asked.connect((address, 9))
        return str(asked.getsockname()[0]).partition("%")[0]
    return ""


def _written(name: str) -> str:
    """A name as an address in a browser has it."""
    return f"[{name}]" if ":" in name else name
