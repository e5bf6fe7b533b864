"""What was delivered is shown and never run, and to this machine alone.

A plugin of Datasette. A page of another site can make a browser call this server
under a name of its own, so only the names of this machine are answered. It can make
it send a form, too: what may change something is taken from our own pages alone. Of
its time to answer a question another site could learn the answer, so others may open a
page, and send no query.
Scripts run if they are of a template, never what came with the data.
"""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from jinja2.ext import Extension

from scripts.explore import access
from scripts.explore.asgi import answer, headers
from scripts.explore.framework import hookimpl

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from jinja2 import Environment

    from scripts.explore.asgi import Scope, Send

    Message = dict[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'nonce-{nonce}'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
HARMLESS = ("GET", "HEAD", "OPTIONS")
OWN_SITE = ("same-origin", "none")
SETUP = re.compile(r"/(-(/|$)|[/\\])")
OPEN = re.compile(r"/-/(own/|dashboards(\.css$|/|$))")
"""What pages need of `/-/`; the rest says how this server is set up."""

_nonce: ContextVar[str] = ContextVar("nonce", default="")


class Nonces(Extension):
    """Gives the scripts of a template's source the nonce of the answer."""

    def preprocess(
        self, source: str, name: str | None, filename: str | None = None
    ) -> str:
        """Return the source that Jinja shall compile."""
        return source.replace("<script", '<script nonce="{{ csp_nonce() }}"')


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    """Let templates name the nonce."""
    env.add_extension(Nonces)
    env.globals["csp_nonce"] = _nonce.get


@hookimpl
def asgi_wrapper() -> Callable[[App], App]:
    """Stand before all that Datasette answers."""

    def wrap(app: App) -> App:
        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "lifespan":
                await app(scope, receive, send)
            elif scope["type"] == "http":
                await _guard(app, scope, receive, send)

        return guarded

    return wrap


async def _guard(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    hosts = headers(scope, b"host")
    _nonce.set(secrets.token_urlsafe(16))
    added = [
        (name.encode(), value.format(nonce=_nonce.get()).encode())
        for name, value in HEADERS.items()
    ]

    async def send_guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = message | {"headers": [*message["headers"], *added]}
        await send(message)

    if len(hosts) != 1 or not access.is_named(hosts[0]):
        await answer(send_guarded, 421, b"text/plain", b"not a name of this machine")
    elif access.token() and not access.has_token(scope):
        await access.enter(scope, send_guarded)
    elif SETUP.match(_path(scope)) and not OPEN.match(_path(scope)):
        await answer(send_guarded, 404, b"text/plain", b"not shown")
    elif not _is_of_own_page(scope, hosts[0]):
        await answer(send_guarded, 403, b"text/plain", b"not from a page of this site")
    elif any("multipart/" in kind for kind in headers(scope, b"content-type")):
        await answer(send_guarded, 400, b"text/plain", b"no form here has files")
    else:
        await app(scope, receive, send_guarded)


def _is_of_own_page(scope: Scope, host: str) -> bool:
    """Whether a page of this server sent the request, by what the browser says.

    What may change something needs an `Origin`, which browsers send with each form.
    """
    is_own = all(site in OWN_SITE for site in headers(scope, b"sec-fetch-site"))
    if scope["method"] in HARMLESS:
        return is_own or _opens_a_page(scope)
    own = [f"http://{host}".casefold(), f"https://{host}".casefold()]
    origins = headers(scope, b"origin")
    return is_own and len(origins) == 1 and origins[0].casefold() in own


def _opens_a_page(scope: Scope) -> bool:
    """Whether somebody follows a link, to a page as it is without a question."""
    return (
        headers(scope, b"sec-fetch-mode") == ["navigate"]
        and headers(scope, b"sec-fetch-dest") == ["document"]
        and not scope.get("query_string")
    )


def _path(scope: Scope) -> str:
    """The path as Datasette reads it."""
    return (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
