"""Lets a connection read what may be seen of a warehouse, and nothing else.

SQLite puts NULL in the place of what is hidden, in whatever query, filter, view or
export. A view computes its columns from what is there, of which the reader sees what
its own columns show: it reads the same file under a name that nobody can guess.
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
    r"--[^\n]*|/\*.*?(?:\*/|\Z)|'(?:[^']|'')*'|(?P<quoted>\"(?:[^\"]|\"\")*\""
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
        self._version = -1
        connection.set_authorizer(self._decide)
        for function in FUNCTIONS:  # which SQLite makes at the first use
            connection.execute(f"select 1 from {function} limit 0")
        if sight:
            name = f"file:{quote(str(sight.database))}?mode=ro"
            connection.execute(f"attach ? as {self._whole}", [name])
            connection.create_function("known_code", 1, sight.code)
        self._is_off = False

    def renew(self) -> None:
        """Show the views as they are now."""
        if self._sight is None:
            return
        self._is_off = True
        try:
            sql = "pragma main.schema_version"
            ((version,),) = self._connection.execute(sql).fetchall()
            if version != self._version:
                self._show_views(self._sight)
                self._version = version
        finally:
            self._is_off = False

    def _show_views(self, sight: Sight) -> None:
        run = self._connection.execute
        for (name,) in run("select name from temp.sqlite_master").fetchall():
            run(f"drop view temp.{quoted(name)}")
        sql = "select name from main.sqlite_master where type = 'view'"
        for (name,) in run(sql).fetchall():
            columns = run("select name from pragma_table_info(?)", [name]).fetchall()
            shown = ", ".join(
                f"known_code({quoted(c)}) as {quoted(c)}"
                if sight.as_known(name, c)
                else quoted(c)
                for (c,) in columns
            )
            whole = f"{self._whole}.{quoted(name)}"
            run(f"create temp view {quoted(name)} as select {shown} from {whole}")

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
        hidden = self._sight.hides(table, column)
        return sqlite3.SQLITE_IGNORE if hidden else sqlite3.SQLITE_OK


def compared(sql: str) -> Iterator[str]:
    """Give what a query compares without naming it in an expression.

    SQLite asks nobody about the columns of `using` and `natural`; for the latter it
    is an empty text.
    """
    words = [
        (found["word"] or found["mark"] or found["quoted"])
        for found in TOKEN.finditer(sql)
        if found.lastgroup
    ]
    for number, word in enumerate(words):
        if word.casefold() == "natural":
            yield ""
        if word.casefold() == "using":
            for column in words[number + 1 :]:
                if column == ")":
                    break
                if column not in "(,":
                    yield column.strip('"`[]').replace('""', '"').casefold()
