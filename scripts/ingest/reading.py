"""Reading one file, whatever becomes of its rows."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

from .alternatives import Alternatives
from .currencies import RULE, Currencies
from .errors import Refusal
from .files import opened, state
from .inbox import Delivery
from .memory import bounded
from .preview import SMALL, Looker, Preview, called
from .readers import Reader, Reject, open_reader
from .times import utc_text

Write = Callable[[Iterable[Sequence[Any]], int], "list[Reject] | None"]
"""Takes rows (the values of the columns, then record, line and delivery time), and
how many characters they are, about. Returns those that the place cannot hold."""
Sink = Callable[[list[str]], Write]
"""Takes the names of the columns that the rows will fill."""
Progress = Callable[[int], None]
"""Gets the bytes of the file read so far."""
UNREAD = "no record can be read"


@dataclass
class Reading:
    """What a file turned out to be."""

    state: tuple[int, ...]
    """Of the file, before it was read."""
    format: str | None = None
    encoding: str | None = None
    delivered_at: str | None = None
    landed: int = 0
    rejected: int = 0
    separators: int = 0
    first_reject: Reject | None = None
    undated: int = 0
    extra: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    """Headers kept in `_extra` that its system is known to export."""
    missing: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    """Those of `missing` that are not optional: what is reported."""
    renamed: dict[str, str] = field(default_factory=dict)
    cut_reason: str | None = None
    apart: list[dict[str, object]] = field(default_factory=list)
    faults: list[dict[str, object]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    preview: Preview | None = None


def read(
    delivery: Delivery,
    sink: Sink,
    reject: Callable[[list[Reject]], None],
    progress: Progress,
    looks: bool = False,
) -> Reading:
    """Hand every row of a file to `sink`, every unreadable one to `reject`.

    `looks`: preview the file however large it is.

    Raises Refusal if the file cannot be landed at all.
    """
    reading = Reading(state(delivery.path))
    table, form = delivery.known_table, cast(str, delivery.format)
    with bounded() as check, opened(delivery.path, delivery.inner) as content:
        reader = open_reader(content, table, form, delivery.sheet)
        times = _Times(delivery, reader)
        write = sink(reader.columns)
        is_small = delivery.size <= SMALL
        looker = Looker(table, reader.columns) if looks or is_small else None
        alternatives = Alternatives(table, reader)
        currencies = Currencies(table, reader.columns)
        for batch in reader.batches():
            rows = currencies.watch(alternatives.fill(batch.rows))
            rows = looker.look(rows) if looker else rows
            refused = write(times.add_to(rows), batch.size) or []
            check()
            reading.landed += batch.landed - len(refused)
            reading.separators += batch.separators
            if rejects := sorted(batch.rejects + refused):
                reading.rejected += len(rejects)
                reading.first_reject = reading.first_reject or rejects[0]
                reject(rejects)
            progress(_position(content.raw))
        reader.check_totals()
        if currencies.unsaid:
            _note_currency(reader, currencies.unsaid)
    if table.register and not reading.landed + reading.rejected:
        raise Refusal("empty: a header, and no record below it")
    reading.format, reading.encoding = reader.format, reader.encoding
    reading.delivered_at = delivery.delivered_at or times.latest
    reading.undated = times.unknown
    reading.extra, reading.known = table.sorted_extras(reader.extras)
    reading.missing = reader.missing
    optional = {column.name for column in table.columns if column.optional}
    reading.absent = [name for name in reader.missing if name not in optional]
    reading.renamed = reader.renamed
    reading.preview = (
        looker.finish(reader.renamed)
        if looker
        else Preview(called(table), is_looked=False)
    )
    # a page of a feed may hold one record, and that be a bad one
    is_part = delivery.is_page or delivery.position is not None
    is_unread = reading.rejected and not reading.landed and not is_part
    unread = UNREAD if is_unread else None
    reading.cut_reason = content.cut_reason or reader.cut_reason or unread
    reading.apart, reading.notes = reader.apart, reader.notes
    reading.faults = reader.faults
    return reading


def _note_currency(reader: Reader, column: str) -> None:
    """Say that amounts of the file are in a currency that nothing shows."""
    header = reader.renamed.get(column, column)
    reader.note_fault(RULE, column, header, None)
    reader.notes.append(
        f"nothing says the currency of {header}: name it as `currency` in the "
        "settings of config/systems"
    )


class _Times:
    """Delivery times out of a column, where one is declared to hold them."""

    def __init__(self, delivery: Delivery, reader: Reader) -> None:
        self.table = delivery.known_table
        self.column = self.table.delivery_column
        self.latest: str | None = None
        self.unknown = 0
        self._at: int | None = None
        if self.column in reader.columns:
            self._at = reader.columns.index(self.column)
        self._seen: dict[str | None, str | None] = {None: None}  # so None is never read

    def add_to(self, rows: Iterable[Any]) -> Iterable[Any]:
        return self._added(rows) if self.column else rows

    def _added(self, rows: Iterable[Any]) -> Iterator[list[Any]]:
        for row in rows:
            text = None if self._at is None else row[self._at]
            if text not in self._seen:
                if len(self._seen) > 10_000:
                    self._seen = {None: None}
                self._seen[text] = utc_text(
                    cast(str, text), self.table.time_zone, self.table.date_order
                )
            time = self._seen[text]
            if time is None:
                self.unknown += 1
            elif self.latest is None or time > self.latest:
                self.latest = time
            yield [*row, time]


def _position(raw: BinaryIO) -> int:
    return 0 if raw.closed else raw.tell()
