"""What pages use of Datasette, which declares no types."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, Protocol

import datasette
from pluggy import HookimplMarker

hookimpl: HookimplMarker = datasette.hookimpl

Response = Any
"""`datasette.Response`"""
Routes = list[tuple[str, Callable[..., Awaitable[Response]]]]
"""Patterns of paths, each with the function that answers."""


class Arguments(Protocol):
    """What follows the question mark of an address."""

    def get(self, name: str) -> str | None:
        """Return the first value of a name."""

    def __getitem__(self, name: str) -> str: ...

    def __contains__(self, name: str) -> bool: ...

    def __iter__(self) -> Iterator[str]: ...


class Request(Protocol):
    """A request."""

    method: str
    path: str
    query_string: str
    args: Arguments
    url_vars: Mapping[str, Any]
    """What the pattern of the route names."""
    cookies: Mapping[str, str]
    receive: Callable[[], Awaitable[dict[str, Any]]]


class Urls(Protocol):
    """Addresses of pages."""

    def path(self, path: str) -> str:
        """Return the address of a path."""

    def database(self, database: str) -> str:
        """Return the address of a database."""

    def table(self, database: str, table: str) -> str:
        """Return the address of a table."""

    def query(self, database: str, query: str) -> str:
        """Return the address of a query."""

    def row(self, database: str, table: str, row_path: str) -> str:
        """Return the address of a row."""


class Database(Protocol):
    """A database; a plugin may put functions of its own in the place of these."""

    name: str
    path: str
    mtime_ns: int | None
    connect: Callable[[], sqlite3.Connection]
    execute: Callable[..., Awaitable[Any]]
    execute_fn: Callable[[Callable[[sqlite3.Connection], Any]], Awaitable[Any]]
    table_names: Callable[[], Awaitable[list[str]]]
    view_names: Callable[[], Awaitable[list[str]]]
    primary_keys: Callable[[str], Awaitable[list[str]]]
    table_columns: Callable[[str], Awaitable[list[str]]]
    table_column_details: Callable[[str], Awaitable[list[Any]]]
    foreign_keys_for_table: Callable[[str], Awaitable[list[dict[str, str]]]]
    get_all_foreign_keys: Callable[[], Awaitable[dict[str, Any]]]


class Datasette(Protocol):
    """The server."""

    databases: Mapping[str, Database]
    urls: Urls
    refresh_schemas: Callable[[], Awaitable[None]]
    INFO: int
    ERROR: int

    def get_database(self, name: str) -> Database:
        """Return a database by its name."""

    def metadata(self, key: str) -> dict[str, Any]:
        """Return the settings of the databases of the server."""

    def plugin_config(self, plugin: str) -> dict[str, Any]:
        """Return the settings of a plugin."""

    def add_message(self, request: Request, message: str, kind: int) -> None:
        """Show a message on the next page."""

    async def render_template(
        self, template: str, context: dict[str, Any], request: Request
    ) -> str:
        """Return a page."""

    def _prepare_connection(self, conn: sqlite3.Connection, database: str) -> None: ...
