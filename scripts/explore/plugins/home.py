"""The home page: each domain with its dashboards, questions and tables.

A plugin of Datasette, whose own page lists all tables there are; and it spares what
Datasette does with every table before it answers anything.
"""

from __future__ import annotations

import re
import sqlite3
import time
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Response
from datasette.views.database import DatabaseView

from scripts.explore.framework import hookimpl
from scripts.settings import SAMPLES

if TYPE_CHECKING:
    from scripts.explore.framework import Database, Datasette, Request, Routes

ORDER = "crm", "sales", "commerce", "customers", "leads", "marketing", "prospects"
ABOUT = {
    "crm": "Companies, contacts, deals and activities.",
    "sales": "Sales, teams, stores and products.",
    "commerce": "Orders, payments, refunds and recurring revenue.",
    "customers": "People and organisations over all sources.",
    "leads": "Leads by day, their quality and conversion.",
    "marketing": "Campaigns, ads and spend.",
    "prospects": "Organisations of the registers of states.",
    "operations": "Files, findings, quality and runs.",
}
COUNTING = 0.15
"""Seconds that counting all tables may take; what is not counted has no figure."""

_counts: dict[str, tuple[int | None, dict[str, int]]] = {}
"""By database: its state, and the rows of its tables."""


@hookimpl
def startup(datasette: Datasette) -> None:
    """Spare Datasette its catalogue of all columns, which no page reads."""

    async def nothing() -> None:
        pass

    datasette.refresh_schemas = nothing


@hookimpl
def register_routes(datasette: Datasette) -> Routes:
    """Answer `/`, and the page of the warehouse where Datasette would list it all."""
    own = [
        (rf"/(?P<database>{re.escape(path)})(\.(?P<format>json))?$", database)
        for path in (datasette.urls.database(n)[1:] for n, _ in _warehouses(datasette))
    ]
    return [(r"/$", home), *own]


async def home(datasette: Datasette, request: Request) -> Response:
    """The home page."""
    ((name, db),) = _warehouses(datasette)
    known = datasette.metadata("databases")[name]
    counts = await _counted(db)
    sections: dict[str, dict[str, Any]] = {}

    def section(domain: str) -> dict[str, Any]:
        title = {"crm": "CRM"}.get(domain, domain.replace("_", " ").capitalize())
        new: dict[str, Any] = {"dashboards": [], "queries": [], "tables": []}
        new |= {"title": title, "about": ABOUT.get(domain, ""), "name": domain}
        return sections.setdefault(domain, new)

    for dashboard in datasette.plugin_config("explore")["dashboards"]:
        section(dashboard["domain"] or "operations")["dashboards"].append(dashboard)
    for key, query in known["queries"].items():
        section(query["domain"] or "operations")["queries"].append(
            query | {"path": datasette.urls.query(name, key), "name": key}
        )
    for key, table in known["tables"].items():
        if "domain" in table and not table["hidden"]:
            section(table["domain"])["tables"].append(
                {
                    "name": key,
                    "path": datasette.urls.table(name, key),
                    "about": first_sentence(table["description"]),
                    "count": counts.get(key),
                }
            )
    places = {domain: number for number, domain in enumerate(ORDER)}
    ordered = sorted(
        sections.values(), key=lambda s: (places.get(s["name"], 99), s["name"])
    )
    for found in ordered:
        found["tables"].sort(key=lambda table: table["name"])
    context = {"sections": ordered, "database": name, "is_sample": name == SAMPLES}
    context["newest"] = await _newest(db)
    return Response.html(
        await datasette.render_template("home.html", context, request=request)
    )


async def _newest(db: Database) -> str | None:
    """Until when files came, as the morning page says it."""
    try:
        answer = await db.execute("select max(loaded_at) from fct_ingest_files")
    except sqlite3.Error:
        return None
    loaded_at = answer.single_value()
    return loaded_at and f"{loaded_at[:10]} {loaded_at[11:16]} UTC"


async def database(datasette: Datasette, request: Request) -> Response:
    """The page of the warehouse: its tables, and SQL of one's own."""
    if request.args.get("sql"):
        return await DatabaseView(datasette).dispatch_request(request)
    ((name, db),) = _warehouses(datasette)
    known = datasette.metadata("databases")[name]
    counts = await _counted(db)
    views = set(await db.view_names())
    shows_all = bool(request.args.get("_show_hidden"))
    tables = []
    for table in sorted({*await db.table_names(), *views}):
        facts = known["tables"].get(table, {"hidden": True})
        if shows_all or not facts["hidden"]:
            about = first_sentence(facts.get("description", ""))
            kind = "view" if table in views else layer(table, facts)
            tables.append(
                {
                    "name": table,
                    "path": datasette.urls.table(name, table),
                    "about": about,
                    "count": counts.get(table),
                    "kind": kind,
                }
            )
    queries = [
        query | {"path": datasette.urls.query(name, key)}
        for key, query in known["queries"].items()
    ]
    if request.url_vars["format"]:
        facts = [{k: t[k] for k in ("name", "kind", "count")} for t in tables]
        return Response.json({"database": name, "tables": facts})
    context: dict[str, Any] = {"database": name, "tables": tables, "queries": queries}
    context |= {"shows_all": shows_all, "metadata": known}
    return Response.html(
        await datasette.render_template("tables.html", context, request=request)
    )


def layer(table: str, facts: dict[str, Any]) -> str:
    """What kind of table it is, for people."""
    if "domain" in facts:
        return "mart"
    kinds = {"bronze": "bronze", "stg": "staging", "int": "intermediate"}
    return kinds.get(table.partition("_")[0], "seed or ledger")


def first_sentence(text: str) -> str:
    """Return the first sentence of a description, without marks of Markdown."""
    found = re.match(r".*?[.?!](?=\s|$)", text.replace("`", ""))
    return found[0] if found else text.replace("`", "")


def _warehouses(datasette: Datasette) -> list[tuple[str, Database]]:
    return [(n, db) for n, db in datasette.databases.items() if n != "_internal"]


async def _counted(db: Database) -> dict[str, int]:
    """The number of rows of each table, as far as they are quickly counted."""
    state = db.mtime_ns
    if db.name not in _counts or _counts[db.name][0] != state:
        tables = await db.table_names()
        _counts[db.name] = state, await db.execute_fn(lambda c: _count(c, tables))
    return _counts[db.name][1]


def _count(connection: sqlite3.Connection, tables: list[str]) -> dict[str, int]:
    end = time.monotonic() + COUNTING
    connection.set_progress_handler(lambda: time.monotonic() > end, 10_000)
    counts: dict[str, int] = {}
    try:
        for table in tables:
            sql = f'select count(*) from main."{table}"'
            try:
                ((counts[table],),) = connection.execute(sql).fetchall()
            except Exception:  # no time left for it
                break
    finally:
        connection.set_progress_handler(None, 0)
    return counts
