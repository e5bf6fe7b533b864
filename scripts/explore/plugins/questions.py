"""Says beside an answer what it lacks while personal data are masked.

A plugin of Datasette.
"""

import asyncio
from pathlib import Path

from datasette import hookimpl

from scripts.explore.lacking import lacking
from scripts.explore.sight import Sight
from scripts.morning.masks import are_shown

_sights = {}
"""By database: what is hidden in it."""


@hookimpl
def extra_template_vars(datasette, database, request, template):
    """Give the page of a query the columns that are hidden from it."""
    if template != "query.html" or database is None or are_shown():
        return {}

    async def found():
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


def _sight(datasette, database):
    if database not in _sights:
        known = datasette.plugin_config("explore")
        path = Path(datasette.get_database(database).path)
        _sights[database] = Sight(path, known["pii"], known["shown"], known["names"])
    return _sights[database]
