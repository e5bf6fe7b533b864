"""Answers of our own pages: a page that a thread prepares, or what a form wants."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from datasette import Response

from scripts.command import CommandError
from scripts.desk.typed import LONGEST_NAME
from scripts.explore.faults import plain
from scripts.explore.forms import DECIDED_BY, Fields, first, form

if TYPE_CHECKING:
    from scripts.explore.framework import Datasette, Request

FAULTS = (CommandError, sqlite3.Error, OSError)
A_YEAR = 365 * 24 * 3600

Filled = tuple[str, dict[str, Any]]
"""A template, and what fills it."""
Done = tuple[str, str | None]
"""What to say of what was done, and where to go, if not back."""


def database_name(datasette: Datasette) -> str:
    """Return the name by which Datasette knows the warehouse."""
    return next(name for name in datasette.databases if not name.startswith("_"))


def database(datasette: Datasette) -> Path:
    """Return the file of the warehouse."""
    return Path(datasette.get_database(database_name(datasette)).path).resolve()


async def answered(
    datasette: Datasette,
    request: Request,
    prepare: Callable[..., Filled],
    *rest: Any,
    act: Callable[[Datasette, Request, Fields], Done] | None = None,
) -> Response:
    """Answer with a page, or do what its form says and lead back.

    `prepare(datasette, request, *rest)` returns a template and what fills it.
    `act(datasette, request, fields)` returns what to say of it and where to go, if not
    back. Both run in a thread, and what they raise is shown in one line.
    """
    if request.method == "POST" and act:
        return await _posted(datasette, request, act)
    if request.method not in ("GET", "HEAD"):
        return Response.text("method not allowed", status=405)
    try:
        template, context = await asyncio.to_thread(prepare, datasette, request, *rest)
    except FAULTS as error:
        return Response.text(f"{plain(error)}\n", status=500)
    body = await datasette.render_template(template, context, request=request)
    return Response.html(body)


async def _posted(
    datasette: Datasette,
    request: Request,
    act: Callable[[Datasette, Request, Fields], Done],
) -> Response:
    fields = await form(request)
    if fields is None:
        return Response.text("the form is too large", status=413)
    problem, to = None, None
    try:
        said, to = await asyncio.to_thread(act, datasette, request, fields)
    except FAULTS as error:
        problem = plain(error)
    datasette.add_message(
        request, problem or said, datasette.ERROR if problem else datasette.INFO
    )
    here = datasette.urls.path(request.path)
    if request.query_string:
        here += f"?{request.query_string}"
    response = Response.redirect(to or here, status=303)
    if by := first(fields, "by").strip():
        response.set_cookie(
            DECIDED_BY,
            quote(by[:LONGEST_NAME]),
            max_age=A_YEAR,
            path="/",
            httponly=True,
        )
    return response
