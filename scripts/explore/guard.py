"""Lets a connection read what may be seen of a warehouse, and nothing else.

SQLite puts NULL in the place of what is hidden, in whatever query, filter, view or
export. Views take the place of views, which compute their columns from what is there,
and of tables with codes and keys: they read the same file under a name that nobody can
guess.
"""

from __future__ import annotations

import re
import secrets
import sqlite3
from collections.abc import Iterator
from urllib.parse import quote

from scripts.explore.sight import Sight, quoted

ALLOWED = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_PRAGMA,
    sqlite3.SQLITE_RECURSIVE,
    sqlite3.SQLITE_TRANSACTION,
}
FORBIDDEN = {"load_extension", "fts3_tokenizer"}
FUNCTIONS = (
    *("json_each('')", "json_tree('')", "pragma_foreign_key_list"),
    *("pragma_function_list", "pragma_index_info", "pragma_index_list"),
    *("pragma_index_xinfo", "pragma_page_count", "pragma_page_size"),
    *("pragma_schema_version", "pragma_table_info", "pragma_table_xinfo"),
)
"""What gives rows and may be asked."""
STATES = {"database_list", "schema_version", "page_count", "page_size"}
CATALOGUES = {
    *("foreign_key_list", "function_list", "index_info", "index_list", "index_xinfo"),
    *("table_info", "table_xinfo"),
}
"""Pragmas that only read; those of `STATES` as long as they are given no value."""
WHOLE = "whole_"
TOKEN = re.compile(
    r"--[^\n]*|/\*.*?(?:\*/|\Z)|(?P<quoted>'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\""
    r"|`(?:[^`]|``)*`|\[[^\]]*\])|(?P<word>[^\W\d][\w$]*)|(?P<mark>[(),;])",
    re.DOTALL,
)


class Guard:
    """Stands before one connection; without a Sight nothing is hidden."""

    def __init__(self, connection: sqlite3.Connection, sight: Sight | None) -> None:
        self._connection = connection
        self._sight = sight
        self._is_off = True
        self._whole = WHOLE + secrets.token_hex()
        self._seen: object = None
        self._views: dict[str, str] = {}
        connection.set_authorizer(self._decide)
        for function in FUNCTIONS:  # which SQLite makes at the first use
            connection.execute(f"select 1 from {function} limit 0")
        if sight:
            name = f"file:{quote(str(sight.database))}?mode=ro"
            connection.execute(f"attach ? as {self._whole}", [name])
            define = connection.create_function
            define("known_code", 1, sight.code, deterministic=True)
            define("known_key", 1, sight.key, deterministic=True)
        self._is_off = False

    def renew(self) -> None:
        """Show tables and views as they are now."""
        if self._sight is None or self._seen == (state := self._sight.state()):
            return
        self._is_off = True
        try:
            self._stand_in(self._sight)
            self._seen = state
        finally:
            self._is_off = False

    def _stand_in(self, sight: Sight) -> None:
        """Put views in the place of what holds codes and keys."""
        run = self._connection.execute
        sql = "select name from main.sqlite_master where type in ('table', 'view')"
        views = {}
        for (name,) in run(sql).fetchall():
            if shown := sight.stand_in(name):
                whole = f"{self._whole}.{quoted(name)}"
                views[name] = f"select {shown} from {whole}"
        for name in self._views.keys() - views.keys():
            run(f"drop view temp.{quoted(name)}")
        for name, query in views.items():
            if self._views.get(name) != query:
                run(f"drop view if exists temp.{quoted(name)}")
                run(f"create temp view {quoted(name)} as {query}")
        self._views = views

    def _decide(
        self,
        action: int,
        first: str | None,
        second: str | None,
        schema: str | None,
        source: str | None,
    ) -> int:
        if self._is_off:
            return sqlite3.SQLITE_OK
        if action not in ALLOWED:
            return sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_FUNCTION and second in FORBIDDEN:
            return sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_PRAGMA:
            reads = first in CATALOGUES or (first in STATES and second is None)
            return sqlite3.SQLITE_OK if reads else sqlite3.SQLITE_DENY
        if action != sqlite3.SQLITE_READ or schema == self._whole:
            return sqlite3.SQLITE_OK
        return self._may_read((first or "").casefold(), second or "", schema)

    def _may_read(self, table: str, column: str, schema: str | None) -> int:
        if table == "pragma_database_list" or table == "sqlite_temp_master":
            return sqlite3.SQLITE_IGNORE  # they name files, and what is secret
        if self._sight is None:
            return sqlite3.SQLITE_OK
        if schema == "main" and self._sight.is_view(table):
            return sqlite3.SQLITE_DENY  # figures of what is hidden would be wrong
        hidden = self._sight.hides(table, column, stood_in=schema == "temp")
        return sqlite3.SQLITE_IGNORE if hidden else sqlite3.SQLITE_OK


def words_of(sql: str) -> list[tuple[str, bool]]:
    """Return the words of a query without comments, each with whether it is quoted.

    A text is one, too: SQLite takes it for a name where it expects one.
    """
    return [
        (found["word"] or found["mark"], False)
        if found.lastgroup != "quoted"
        else (found["quoted"][1:-1].replace('""', '"').replace("''", "'"), True)
        for found in TOKEN.finditer(sql)
        if found.lastgroup
    ]


def compared(words: list[tuple[str, bool]]) -> Iterator[str]:
    """Give what a query compares without naming it in an expression.

    SQLite asks nobody about the columns of `using` and `natural`; for the latter it
    is an empty text.
    """
    for number, (word, is_quoted) in enumerate(words):
        if word.casefold() == "natural" and not is_quoted:
            yield ""
        if word.casefold() == "using" and not is_quoted:
            for column, is_name in words[number + 1 :]:
                if column == ")" and not is_name:
                    break
                if is_name or column not in "(,":
                    yield column.casefold()
