"""Personal data are hidden, unless the setting shows them, and every page says so.

A plugin of Datasette: each of its queries goes through a guard, for pages,
custom SQL, exports and facets alike.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette.database import Database as Catalogue
from datasette.database import connections
from markupsafe import Markup

from scripts.explore.answers import database
from scripts.explore.framework import hookimpl
from scripts.explore.guard import Guard, refused, words_of
from scripts.explore.sight import Sight
from scripts.morning.masks import are_shown
from scripts.share.copy import is_copy

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import Environment

    from scripts.explore.framework import Database, Datasette

MASKED = Markup('<span class="masked">masked</span>')
HIDDEN = (
    "Personal data are masked. To see them on this machine: make explore"
    " ARGS=--personal, or WAREHOUSE_PERSONAL=shown in .env."
)
SHOWN = (
    "Personal data are shown, by --personal or WAREHOUSE_PERSONAL=shown;"
    " without it they are masked."
)

_sights: dict[str, Sight | None] = {}
"""By database: what is hidden in it, None if nothing is."""
_guards: dict[int, Guard] = {}
"""By connection, which stays open to the end."""
_inodes: dict[int, int] = {}
"""By connection, the file that it reads: a copy may take its place."""
_unread: dict[str, str] = {}
"""Views that cannot be read, each with what SQLite says."""


@hookimpl
def startup(datasette: Datasette) -> None:
    """Let the guard see each query first."""
    for name, db in datasette.databases.items():
        if name == "_internal":
            continue
        _sights[name] = _sight(datasette, db) if not are_shown() else None
        _watch(datasette, db, _sights[name])
        _look_up(datasette, db)


@hookimpl
def prepare_connection(conn: sqlite3.Connection, database: str) -> None:
    """Put the guard before a connection."""
    if database in _sights:
        _guards[id(conn)] = Guard(conn, _sights[database])


@hookimpl
def prepare_jinja2_environment(env: Environment, datasette: Datasette) -> None:
    """Say on every page whether personal data are masked, and that a copy is one."""
    env.globals["is_copy"] = lambda: is_copy(database(datasette))
    env.globals["unread_views"] = _unread
    env.globals["personal_note"] = SHOWN if are_shown() else HIDDEN


@hookimpl
def render_cell(
    value: Any, column: str, table: str | None, database: str
) -> Markup | None:
    """Say in the place of a value that it is masked."""
    sight = _sights.get(database)
    if value is not None or not sight:
        return None
    if sight.hides(table, column, stood_in=True) if table else column in sight.personal:
        return MASKED
    return None


def _sight(datasette: Datasette, db: Database) -> Sight:
    known = datasette.plugin_config("explore")
    return Sight(Path(db.path), known["pii"], known["shown"], known["names"])


def _look_up(datasette: Datasette, db: Database) -> None:
    """Let Datasette read keys where they are declared, behind views that hide them."""
    catalogue = Catalogue(datasette, db.path)
    catalogue.name = f"{db.name} (catalogue)"
    _renew(datasette, catalogue)
    db.primary_keys = catalogue.primary_keys
    db.table_columns = catalogue.table_columns
    db.table_column_details = catalogue.table_column_details
    db.foreign_keys_for_table = catalogue.foreign_keys_for_table
    db.get_all_foreign_keys = catalogue.get_all_foreign_keys


def _renew(datasette: Datasette, db: Database) -> None:
    """Let a connection be opened anew when another file has taken the place of its."""
    execute_fn = db.execute_fn

    def inode() -> int | None:
        try:
            return Path(db.path).stat().st_ino
        except FileNotFoundError:
            return None

    async def renewed_fn(fn: Callable[[sqlite3.Connection], Any]) -> Any:
        def with_file_of_today(conn: sqlite3.Connection) -> Any:
            there = inode()
            if there and _inodes.setdefault(id(conn), there) != there:
                _guards.pop(id(conn), None)
                conn.close()  # the database keeps it, so nothing else gets its id
                conn = db.connect()
                _inodes[id(conn)] = there
                datasette._prepare_connection(conn, db.name)
                setattr(connections, db.name, conn)
            return fn(conn)

        return await execute_fn(with_file_of_today)

    db.execute_fn = renewed_fn


def _watch(datasette: Datasette, db: Database, sight: Sight | None) -> None:
    """Let a guard see the queries of a database, and its views before each time."""
    _renew(datasette, db)
    execute_fn, execute = db.execute_fn, db.execute

    async def guarded_fn(fn: Callable[[sqlite3.Connection], Any]) -> Any:
        def with_views_of_today(conn: sqlite3.Connection) -> Any:
            guard = _guards[id(conn)]
            guard.renew()
            if guard.unread != _unread:
                _unread.clear()
                _unread.update(guard.unread)
            return fn(conn)

        return await execute_fn(with_views_of_today)

    async def guarded(sql: str, *arguments: Any, **named: Any) -> Any:
        for why, column in refused(sql) if sight else ():
            names = {word.casefold() for word, _ in words_of(sql)}
            if not column or not sight or sight.hides_of(names, column):
                raise sqlite3.OperationalError(why)
        return await execute(sql, *arguments, **named)

    db.execute_fn, db.execute = guarded_fn, guarded
