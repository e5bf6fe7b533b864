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
from typing import Any
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
"""What gives rows and may be read."""
STATES = {"database_list", "schema_version", "page_count", "page_size"}
CATALOGUES = {
    *("foreign_key_list", "function_list", "index_info", "index_list", "index_xinfo"),
    *("table_info", "table_xinfo"),
}
"""Pragmas that only read; those of `STATES` as long as they are given no value."""
WHOLE = "whole_"
NOT_JOINED = "masked data cannot be joined by {}"
TOKEN = re.compile(
    r"--[^\n]*|/\*.*?(?:\*/|\Z)|0[xX][0-9a-fA-F]+|\d+"
    r"|(?P<variable>[$@#:](?:[\w$:]|[^\x00-\x7f])+\()"
    r"|(?P<quoted>'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`(?:[^`]|``)*`|\[[^\]]*\])"
    r"|(?P<word>(?!\ufeff)(?:[A-Za-z_]|[^\x00-\x7f])(?:[\w$]|[^\x00-\x7f])*)"
    r"|(?P<mark>[(),;])",
    re.DOTALL,
)
"""What SQLite takes for one token: all that is no ASCII is part of a name, but for
the mark of the byte order in front. A variable may have brackets with any signs in."""
MOST_BYTES = 50_000_000
"""Bytes of the texts and blobs of one answer, which Python keeps whole."""
MOST_MEMORY = 500_000_000
"""Bytes that SQLite may take, of which Python 3.10 can limit no single value."""
LIMITS = {"LENGTH": 1_000_000, "LIKE_PATTERN_LENGTH": 2_000}
"""Bytes of one value and of one pattern (views have some of 613): SQLite ends no single
comparison half way."""
SECRET = re.compile(WHOLE + "[0-9a-f]{64}")
"""What views read by, and the functions that they call: one that gives a key its
pseudonym would confirm a guess."""


class Guard:
    """Stands before one connection; without a Sight nothing is hidden."""

    def __init__(self, connection: sqlite3.Connection, sight: Sight | None) -> None:
        self._connection = connection
        self._sight = sight
        self._is_off = True
        self._whole = WHOLE + secrets.token_hex()
        self._seen: object = None
        self._views: dict[str, str] = {}
        self._bytes = 0
        self.unread: dict[str, str] = {}
        """Views that cannot be read, each with what SQLite says."""
        if hasattr(connection, "setlimit"):  # from Python 3.11 on
            for limit, number in LIMITS.items():
                connection.setlimit(getattr(sqlite3, f"SQLITE_LIMIT_{limit}"), number)
        connection.execute(f"pragma hard_heap_limit = {MOST_MEMORY}")
        connection.text_factory = self._text
        self._made = connection.row_factory
        connection.row_factory = self._row
        connection.set_authorizer(self._decide)
        for function in FUNCTIONS:  # which SQLite makes at the first use
            connection.execute(f"select 1 from {function} limit 0")
        if sight:
            name = f"file:{quote(str(sight.database))}?mode=ro"
            connection.execute(f"attach ? as {self._whole}", [name])
            define = connection.create_function
            define(f"{self._whole}_code", 1, sight.code, deterministic=True)
            define(f"{self._whole}_key", 1, sight.key, deterministic=True)
        self._is_off = False

    def renew(self) -> None:
        """Show tables and views as they are now; the bytes of an answer count anew."""
        self._bytes = 0
        if self._sight is None or self._seen == (state := self._sight.state()):
            return
        self._is_off = True
        try:
            self._stand_in(self._sight)
            # Python keeps statements, and SQLite checks those of before anew
            self._connection.set_authorizer(self._decide)
            self._seen = state
        finally:
            self._is_off = False

    def _text(self, value: bytes) -> str:
        self._count(len(value))
        return value.decode("utf-8", "replace")

    def _row(self, cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> Any:
        for value in values:
            if type(value) is bytes:
                self._count(len(value))
        return self._made(cursor, values) if self._made else values

    def _count(self, more: int) -> None:
        self._bytes += more
        if self._bytes > MOST_BYTES:
            raise sqlite3.OperationalError(
                f"the answer has more than {MOST_BYTES // 1_000_000} MB"
            )

    def _stand_in(self, sight: Sight) -> None:
        """Put views in the place of what holds codes and keys."""
        run = self._connection.execute
        sql = "select name from main.sqlite_master where type in ('table', 'view')"
        views = {}
        self.unread = {}
        for (name,) in run(sql).fetchall():
            try:
                if shown := sight.stand_in(name, self._whole):
                    whole = f"{self._whole}.{quoted(name)}"
                    views[name] = f"select {shown} from {whole}"
            except sqlite3.Error as error:
                self.unread[name] = str(error).replace(f"{self._whole}.", "")
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


def words_of(sql: str) -> list[tuple[str, str]]:
    """Return the words of a query without comments, each with the kind of token it is.

    A text is one, too: SQLite takes it for a name where it expects one.
    """
    return [
        (_unquoted(found[0]) if kind == "quoted" else found[0], kind)
        for found in TOKEN.finditer(sql)
        if (kind := found.lastgroup)
    ]


def _unquoted(text: str) -> str:
    return text[1:-1].replace(text[-1] * 2, text[-1])


def refused(sql: str) -> Iterator[tuple[str, str]]:
    """Give what hides from SQLite's own questions, each with the column it compares.

    SQLite calls no guard for the columns of `using` and `natural`; for the latter the
    column is an empty text. It is one of what nobody may write, too.
    """
    if SECRET.search(sql.casefold()):
        yield "this name is not known", ""
    words = words_of(sql)
    for number, (word, kind) in enumerate(words):
        if kind == "variable":
            yield f"a parameter has no brackets: {word}", ""
        if kind != "word":
            continue
        if word.casefold() == "natural":
            yield NOT_JOINED.format("natural"), ""
        if word.casefold() == "using":
            for column, kind_of_column in words[number + 1 :]:
                if column == ")" and kind_of_column == "mark":
                    break
                if kind_of_column != "mark":
                    yield NOT_JOINED.format(f"using ({column})"), column.casefold()
