"""What cannot be answered is one line that names no folder, and whose fault it is.

A plugin of Datasette, which takes questions that it cannot read for faults of its own.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from datasette.handle_exception import handle_exception as page
from datasette.utils.asgi import BadRequest
from datasette.views.base import DatasetteError

from scripts.explore.faults import plain
from scripts.explore.framework import hookimpl

if TYPE_CHECKING:
    from scripts.explore.framework import Datasette, Request

NOT_READ = "null character"
"""What Python says of SQL that ends half way."""


@hookimpl(tryfirst=True)
def handle_exception(
    datasette: Datasette, request: Request, exception: Exception
) -> Any:
    """Answer a question that is wrong by 400; of a file say its name alone."""
    if isinstance(exception, DatasetteError) and exception.status == 500:
        exception.status = 400
        return None
    if _is_asked_wrongly(request, exception):
        return page(datasette, request, BadRequest(f"cannot be read: {exception}"))
    if isinstance(exception, MemoryError):
        return page(datasette, request, BadRequest("it takes too much memory"))
    if isinstance(exception, OSError):
        error = DatasetteError(plain(exception), status=500)
        return page(datasette, request, error)
    return None


def _is_asked_wrongly(request: Request, exception: Exception) -> bool:
    if isinstance(exception, (sqlite3.ProgrammingError, ValueError)):
        return NOT_READ in str(exception) or _is_through(request)
    return isinstance(exception, (KeyError, TypeError, AttributeError)) and (
        _is_through(request)
    )


def _is_through(request: Request) -> bool:
    """Whether it filters by a table between, in JSON that may be anything."""
    return "_through" in request.args
