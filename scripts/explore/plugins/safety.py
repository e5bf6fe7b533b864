"""What was delivered is shown and never run, and to this machine alone.

A plugin of Datasette. A page of another site can make a browser ask this server
under a name of its own, so only the names of this machine are answered. Scripts
run if they are of a template, never what came with the data.
"""

import secrets
from contextvars import ContextVar

from datasette import hookimpl
from jinja2.ext import Extension

from scripts.local import HOST

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'nonce-{nonce}'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}

_nonce = ContextVar("nonce", default="")


class Nonces(Extension):
    """Gives the scripts of a template's source the nonce of the answer."""

    def preprocess(self, source, name, filename=None):
        """Return the source that Jinja shall compile."""
        return source.replace("<script", '<script nonce="{{ csp_nonce() }}"')


@hookimpl
def prepare_jinja2_environment(env):
    """Let templates name the nonce."""
    env.add_extension(Nonces)
    env.globals["csp_nonce"] = _nonce.get


@hookimpl
def asgi_wrapper():
    """Stand before all that Datasette answers."""

    def wrap(app):
        async def guarded(scope, receive, send):
            if scope["type"] == "http":
                await _guard(app, scope, receive, send)
            else:
                await app(scope, receive, send)

        return guarded

    return wrap


async def _guard(app, scope, receive, send):
    hosts = [v.decode("latin-1") for k, v in scope["headers"] if k == b"host"]
    _nonce.set(secrets.token_urlsafe(16))
    added = [
        (name.encode(), value.format(nonce=_nonce.get()).encode())
        for name, value in HEADERS.items()
    ]

    async def send_guarded(message):
        if message["type"] == "http.response.start":
            message = message | {"headers": [*message["headers"], *added]}
        await send(message)

    if len(hosts) != 1 or not HOST.fullmatch(hosts[0]):
        await _answer(send_guarded, 421, b"text/plain", b"not a name of this machine")
    else:
        await app(scope, receive, send_guarded)


async def _answer(send, status, kind, body):
    headers = [(b"content-type", kind)]
    start = {"type": "http.response.start", "status": status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": body})
