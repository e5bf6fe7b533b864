"""A table of another database, read window by window of a column that grows."""

from __future__ import annotations

import json
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import partial
from hashlib import blake2b
from itertools import chain
from math import inf
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from scripts.discreet import TORN, is_torn

from ..declared import Database
from ..errors import Refusal
from ..inbox import Delivery
from ..ledger import Ledger
from ..memory import bounded
from ..outcome import Outcome
from ..sources import Source
from .base import Note, Position, table_of
from .cursor import Order, UnknownTime, has_place, order_of

NOTHING = "[]\n"
PLACE = "place_of_cursor_"
STREAMED = 1_000
"""Rows that are in memory at once."""
READ_ONLY = {
    "sqlite": "pragma query_only = on",
    "postgresql": "set session characteristics as transaction read only",
    "mysql": "set session transaction read only",
    "mariadb": "set session transaction read only",
}


WHOLE = 500_000
"""Rows of a table that is read whole in every run; of more, too much would be kept."""


class DatabaseFeed:
    """The rows of one table, in the order of its cursor column.

    A window begins with the last value of the one before it, or as far below it as
    rows may still come, and ends with all rows of its last value. What has landed
    of it is known by a digest of each row. Where the cursor has no order that can
    be relied on, the table is one window, read again in every run. Rows without a
    value, or with one after which nothing would follow (`infinity`, a time that is
    yet to come), are a window of their own, read again in every run.
    """

    stops = True

    def __init__(self, source: Source, declared: Database) -> None:
        self.source = source
        self.declared = declared
        self.notes: list[str] = []
        self._table = table_of(source, declared.table)
        self._order = Order("none")
        self._may_be_infinite = False
        self._bounds: tuple[Any, Any] | None = None
        """Between which the values of the cursor are relied on."""
        if is_torn(declared.url, by="@"):
            raise Refusal(TORN, retry=True)
        try:
            self._engine = sa.create_engine(declared.url, pool_pre_ping=True)
        except SQLAlchemyError as error:
            raise Refusal(_plain(error), retry=True) from None
        except ValueError:  # its words hold a part of the address
            raise Refusal("the port in its address is no number", retry=True) from None
        url = self._engine.url
        if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
            raise Refusal(f"{url.database} does not exist", retry=True)
        sa.event.listen(self._engine, "connect", self._forbid_writing)

    def deliveries(self, ledger: Ledger, folder: Path) -> Iterator[Delivery]:
        position = Position(ledger, self._table, self.declared.name)
        try:
            yield from self._following(position, folder)
            yield from self._without(position, folder)
        except SQLAlchemyError as error:
            raise Refusal(_plain(error), retry=True) from None
        finally:
            self._engine.dispose()

    def put_away(self, delivery: Delivery, outcome: Outcome, note: Note) -> str | None:
        return None

    def _forbid_writing(self, connection: Any, record: Any) -> None:
        statement = READ_ONLY.get(self._engine.dialect.name)
        if self._engine.dialect.name == "sqlite":  # a bad byte costs its row alone
            connection.text_factory = lambda text: text.decode("utf-8", "ingest.keep")
        if self._engine.dialect.driver == "psycopg":
            _read_any_time(connection)
        if statement:
            cursor = connection.cursor()
            cursor.execute(statement)
            cursor.close()
            connection.commit()

    # -- windows -------------------------------------------------------------

    def _following(self, position: Position, folder: Path) -> Iterator[Delivery]:
        """The windows after what is kept, each without what has landed of it."""
        kept = {"page": 0, "after": None, **(position.read() or {})}
        self._order = self._found_order()
        self._bounds = self._found_bounds()
        if self._order.problem:
            self.notes.append(
                f"{self.source.name}/{self.declared.name}: {self.declared.cursor} has "
                f"no order to rely on ({self._order.problem}): read whole in every run"
            )
        if self._order == Order("none"):  # no row has a value
            self._note_going_back(kept["after"])
            return
        page, rows = kept["page"], _Rows(kept.get("seen", ()))
        before = Order(kept.get("kind") or self._order.kind)
        is_whole = self._order.kind == "none" or before.kind == "none"
        after = None if is_whole else self._order.value(kept["after"])
        if kept["after"] is not None and "seen" not in kept:  # of an earlier version
            last = kept["after"] if is_whole else after
            rows.know(lambda value: _is_up_to(value, last))
        elif is_whole:  # what was read in order stays read
            last = before.value(kept["after"])
            rows.know(lambda value: before.was_read(value, last, self.declared.lag))
        while True:
            follows = self._upper(after, is_whole)
            top = after if follows is None else follows
            if follows is None and not is_whole:
                self._note_going_back(after)
            if top is None and self._order.kind != "none":
                return
            start = self._order.before(after, self.declared.lag)
            still = self._order.before(top, self.declared.lag)
            rows.turn(partial(_is_from, still))
            path = self._write(folder, self._between(start, top), rows)
            if rows.written:
                page += 1
                state = {
                    "page": page,
                    "after": None if top is None else _kept(top),
                    "kind": self._order.kind,
                    "seen": rows.seen,
                }
                name = f"{self.declared.name}/{page:06}.json"
                yield self._delivery(path, name, json.dumps(state))
                position.forget("seen")
            if follows is None or is_whole:
                return
            after = top

    def _found_order(self) -> Order:
        """The order of the cursor's values: of all texts, else of one value."""
        query = sa.select(self._cursor).select_from(self._relation)
        query = query.where(self._cursor.is_not(None))
        with self._engine.connect() as connection:
            if self._engine.dialect.name == "sqlite":  # each value has its own type
                kinds = sa.select(sa.func.typeof(self._cursor)).distinct()
                found: set[str] = set(
                    connection.scalars(kinds.select_from(self._relation))
                )
                is_number = found <= {"integer", "real", "null"}
                self._may_be_infinite = "real" in found
            else:
                is_number = True
            rows = connection.execution_options(yield_per=STREAMED).execute(query)
            values: Iterator[Any] = filter(has_place, rows.scalars())
            first = next(values, None)
            if first is None:
                return Order("none")
            self._may_be_infinite |= isinstance(first, float | Decimal)
            if is_number and not isinstance(first, str):
                values = iter(())
            return order_of(chain([first], values))

    def _found_bounds(self) -> tuple[Any, Any] | None:
        """Between which values the cursor has to lie, if not all can be relied on."""
        if self._order.kind != "number":
            return self._order.bounds()
        if not self._may_be_infinite:
            return None
        ends = sa.select(sa.func.min(self._cursor), sa.func.max(self._cursor))
        with self._engine.connect() as connection:
            found = connection.execute(ends.select_from(self._relation)).one()
        return None if all(map(has_place, found)) else (-inf, inf)

    @property
    def _is_placed(self) -> sa.ColumnElement[bool]:
        """Whether a row has a value that is relied on."""
        if self._bounds is None:
            return self._cursor.is_not(None)
        first, last = map(_given, self._bounds)
        return sa.and_(self._cursor > first, self._cursor < last)

    @property
    def _is_unplaced(self) -> sa.ColumnElement[bool]:
        """Whether it has none."""
        if self._order == Order("none"):
            return sa.true()
        if self._bounds is None:
            return self._cursor.is_(None)
        first, last = map(_given, self._bounds)
        cursor = self._cursor
        return sa.or_(cursor.is_(None), cursor <= first, cursor >= last)

    def _note_going_back(self, after: Any) -> None:
        """Say that the table has lost the values that were read last."""
        last = None
        if self._order.kind != "none":
            ends = sa.select(sa.func.max(self._place)).select_from(self._relation)
            with self._engine.connect() as connection:
                last = connection.scalar(ends.where(self._is_placed))
        if after is not None and (last is None or last < after):
            now = "none is there now" if last is None else f"the last one is {last} now"
            self.notes.append(
                f"{self.source.name}/{self.declared.name}: {self.declared.cursor} was "
                f"read up to {after}, and {now}: rows that come up to it again are "
                "not seen"
            )

    @property
    def _relation(self) -> sa.TableClause:
        schema, _, name = self.declared.relation.rpartition(".")
        return sa.table(name, schema=schema or None)

    @property
    def _cursor(self) -> sa.ColumnClause[Any]:
        return sa.column(self.declared.cursor)

    @property
    def _place(self) -> sa.ColumnElement[Any]:
        """The cursor as it is compared."""
        if self._order.kind == "digits":
            return sa.cast(self._cursor, sa.BigInteger)
        return self._cursor

    def _upper(self, after: Any, is_whole: bool = False) -> Any:
        """The value that the next window ends with; None if nothing follows."""
        if self._order.kind == "none":
            return None
        ordered = (
            sa.select(self._place.label("place"))
            .select_from(self._relation)
            .where(self._is_placed)
            .where(sa.true() if after is None else self._place > _given(after))
            .order_by(self._place)
        )
        if not is_whole:
            ordered = ordered.limit(self.declared.rows)
        following = ordered.subquery()
        with self._engine.connect() as connection:
            upper = connection.scalar(sa.select(sa.func.max(following.c.place)))
        if upper is not None and after is not None and not upper > after:
            raise Refusal(f"{self.declared.cursor} is finer than it can be read")
        return upper

    def _between(self, start: Any, top: Any) -> sa.ColumnElement[bool]:
        if top is None:
            return self._is_placed
        is_within = sa.and_(self._is_placed, self._place <= _given(top))
        if start is None:
            return is_within
        return sa.and_(self._place >= _given(start), is_within)

    def _without(self, position: Position, folder: Path) -> Iterator[Delivery]:
        name = f"{self.declared.name}/without.json"
        rows = _Rows()
        rows.turn(lambda value: False)
        path = self._write(folder, self._is_unplaced, rows)
        if rows.written or position.pages(name).get(name):
            yield self._delivery(path, name, None)

    def _write(
        self, folder: Path, condition: sa.ColumnElement[bool], rows: _Rows
    ) -> Path:
        """Write the new rows of a window to a file, a few at a time."""
        relation = self._relation.alias("rows_")
        query = (
            sa.select(sa.literal_column("rows_.*"), self._place.label(PLACE))
            .select_from(relation)
            .where(condition)
        )
        if self._order.kind != "none":
            query = query.order_by(self._place)
        path = folder / "window.ndjson"
        with (
            bounded(),
            self._engine.connect() as connection,
            # a lone surrogate costs the row that holds it
            path.open("w", encoding="utf-8", errors="backslashreplace") as file,
        ):
            found = connection.execution_options(yield_per=STREAMED).execute(query)
            *names, _ = found.keys()
            for *values, place in found:
                row = dict(zip(names, values, strict=True))
                line = _line(row)
                if rows.is_new(line, place):
                    file.write(f"{line}\n")
                if self._order.kind == "none" and len(rows) > WHOLE:
                    raise Refusal(
                        f"more than {WHOLE:,} rows, and {self.declared.cursor} has no "
                        f"order to rely on ({self._order.problem})",
                        retry=True,
                    )
            if not rows.written:
                file.write(NOTHING)
        return path

    def _delivery(self, path: Path, name: str, kept: str | None) -> Delivery:
        return Delivery(
            path, name, self.source.name, self._table, "json", position=kept
        )


class _Rows:
    """What has landed of the rows that are read again, by digests."""

    def __init__(self, seen: Iterable[str] = ()) -> None:
        self._now = Counter(seen)
        self._is_known: Callable[[Any], bool] = lambda value: False
        self.turn(lambda value: True)
        self._now = Counter(seen)

    def turn(self, may_come_again: Callable[[Any], bool]) -> None:
        """Begin a window; of its values those are named that are read again."""
        self._before, self._now = self._now, Counter()
        self._may_come_again = may_come_again
        self.written = 0

    def know(self, is_known: Callable[[Any], bool]) -> None:
        """Take the rows of these values for landed, whatever is in them."""
        self._is_known = is_known

    def is_new(self, line: str, place: Any) -> bool:
        """Take note of a row; return whether it has to land."""
        digest = blake2b(line.encode("utf-8", "surrogatepass"), digest_size=9)
        key = b64encode(digest.digest()).decode()
        try:
            if self._may_come_again(place):
                self._now[key] += 1
            if self._before[key] > 0:
                self._before[key] -= 1
                return False
            if self._is_known(place):
                return False
        except TypeError:
            raise Refusal(
                f"values of the cursor cannot be compared: {place!r}", retry=True
            ) from None
        self.written += 1
        return True

    def __len__(self) -> int:
        return self._now.total()

    @property
    def seen(self) -> list[str]:
        """The digests to keep, one for each row."""
        return list(self._now.elements())


def _read_any_time(connection: Any) -> None:
    """Read times that Python has no value for, such as `infinity`, as text."""
    from psycopg import DataError
    from psycopg.types import datetime as known

    def lenient(loader: type) -> type:
        class Lenient(loader):  # type: ignore[misc]
            def load(self, data: Any) -> Any:
                try:
                    return super().load(data)
                except DataError:
                    return UnknownTime(bytes(data).decode())

        return Lenient

    for name, loader in (
        ("date", known.DateLoader),
        ("timestamp", known.TimestampLoader),
        ("timestamptz", known.TimestamptzLoader),
        ("time", known.TimeLoader),
        ("timetz", known.TimetzLoader),
        ("interval", known.IntervalLoader),
    ):
        connection.adapters.register_loader(name, lenient(loader))


def _is_from(start: Any, value: Any) -> bool:
    return start is None or value >= start


def _is_up_to(value: Any, last: Any) -> bool:
    try:
        return value <= last
    except TypeError:  # of another kind
        return False


def _line(row: dict[str, Any]) -> str:
    """A row as JSON, which has no infinity and no NaN: they are text."""
    try:
        return json.dumps(row, ensure_ascii=False, default=_text, allow_nan=False)
    except ValueError:
        row = {n: v if has_place(v) else _text(v) for n, v in row.items()}
        return json.dumps(row, ensure_ascii=False, default=_text)


def _text(value: Any) -> str:
    """A value that JSON has no form for, as text."""
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, float):
        return json.dumps(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _kept(value: Any) -> Any:
    """A value of the cursor as it is kept in the ledger."""
    return value if isinstance(value, int | float | str) else _text(value)


def _given(value: Any) -> sa.ColumnElement[Any]:
    """A value as a parameter; of a text the database finds out the type itself."""
    return sa.literal(value, sa.types.NullType() if isinstance(value, str) else None)


def _plain(error: Exception) -> str:
    """The cause in one line, without statement, parameters and password."""
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().partition("\n")[0]
