"""The dashboards, drawn as on the morning page: `/-/dashboards`.

A plugin of Datasette. Queries run in a thread, on a connection of their own that may
only read, and are ended after some time.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from datasette import NotFound, Response
from datasette.utils import tilde_encode
from markupsafe import Markup

from scripts.command import CommandError
from scripts.explore import boards
from scripts.explore.answers import database, database_name
from scripts.explore.faults import plain, without_folders
from scripts.explore.framework import hookimpl
from scripts.morning import section

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripts.explore.framework import Datasette, Request, Routes

P = ParamSpec("P")
T = TypeVar("T")

BASE = "/-/dashboards"
STYLE = Path(section.__file__).with_name("charts.css")


@hookimpl
def register_routes() -> Routes:
    """The list, a dashboard, the rows behind a chart, and how charts look."""
    return [
        (rf"^{BASE}/?$", _list),
        (rf"^{BASE}\.css$", _style),
        (rf"^{BASE}/(?P<name>[^/]+)$", _board),
        (rf"^{BASE}/(?P<name>[^/]+)/(?P<chart>[^/]+)/rows$", _rows),
    ]


async def _style() -> Response:
    headers = {"cache-control": "max-age=60"}
    text = STYLE.read_text(encoding="utf-8")
    return Response(text, 200, headers, "text/css; charset=utf-8")


async def _list(request: Request, datasette: Datasette) -> Response:
    found = await _asked(boards.listed, database(datasette))
    if isinstance(found, boards.Page):
        return await _shown(datasette, request, found)
    context = {"boards": found, "base": datasette.urls.path(BASE)}
    return await _answer(datasette, request, "boards.html", context)


async def _board(request: Request, datasette: Datasette) -> Response:
    found = await _asked(
        boards.board,
        database(datasette),
        request.url_vars["name"],
        datasette.urls.path(BASE),
        _arguments(request),
    )
    return await _shown(datasette, request, found)


async def _rows(request: Request, datasette: Datasette) -> Response:
    name = database_name(datasette)

    def path_of(table: str, key: str) -> str:
        return datasette.urls.row(name, table, tilde_encode(key))

    found = await _asked(
        boards.rows,
        database(datasette),
        request.url_vars["name"],
        request.url_vars["chart"],
        datasette.urls.path(BASE),
        _arguments(request),
        path_of,
    )
    return await _shown(datasette, request, found)


async def _asked(
    function: Callable[P, T], *arguments: P.args, **named: P.kwargs
) -> T | boards.Page:
    """Return what a function answers, called in a thread."""
    try:
        return await asyncio.to_thread(function, *arguments, **named)
    except boards.UnknownError as error:
        raise NotFound(str(error)) from None
    except CommandError as error:
        return boards.Page("Dashboard", "", problems=(plain(error),))


async def _shown(datasette: Datasette, request: Request, page: boards.Page) -> Response:
    context = {
        "title": page.title,
        "body": Markup(page.body),  # noqa: S704 (escaped where it is made)
        "form": Markup(page.form),  # noqa: S704
        "about": Markup(page.description),  # noqa: S704
        "problems": [without_folders(problem) for problem in page.problems],
        "base": datasette.urls.path(BASE),
    }
    return await _answer(datasette, request, "board.html", context)


async def _answer(
    datasette: Datasette, request: Request, template: str, context: dict[str, Any]
) -> Response:
    html = await datasette.render_template(template, context, request=request)
    return Response.html(html)


def _arguments(request: Request) -> dict[str, str]:
    """The first value of each name in the address."""
    return {name: request.args[name] for name in request.args}
