"""Says beside an answer what it lacks while personal data are masked.

A plugin of Datasette.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scripts.explore.framework import hookimpl
from scripts.explore.lacking import lacking
from scripts.explore.sight import Sight
from scripts.morning.masks import are_shown

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from scripts.explore.framework import Datasette, Request

_sights: dict[str, Sight] = {}
"""By database: what is hidden in it."""


@hookimpl
def extra_template_vars(
    datasette: Datasette, database: str | None, request: Request | None, template: str
) -> dict[str, Any] | Callable[[], Awaitable[dict[str, Any]]]:
    """Give the page of a query the columns that are hidden from it."""
    if template != "query.html" or database is None or are_shown():
        return {}

    async def found() -> dict[str, Any]:
        asked = (request.args.get("sql") if request else "") or ""
        name = request.url_vars.get("table") if request else None
        query = datasette.metadata("databases").get(database, {}).get("queries", {})
        if name in query:
            asked = query[name]["sql"]
        if not asked:
            return {}
        sight = _sight(datasette, database)
        return {"lacking": await asyncio.to_thread(lacking, sight, asked)}

    return found


def _sight(datasette: Datasette, database: str) -> Sight:
    if database not in _sights:
        known = datasette.plugin_config("explore")
        path = Path(datasette.get_database(database).path)
        _sights[database] = Sight(path, known["pii"], known["shown"], known["names"])
    return _sights[database]
