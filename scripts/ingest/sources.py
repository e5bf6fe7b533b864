"""The declared sources: one YAML per source, read once for every change of it.

The files are dbt's own source files; what concerns the files of a source
stands under `config.meta` of the source, the table or the column.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, Literal

from . import kept
from .declared import Api, Bucket, Database
from .errors import UsageError
from .headers import normal

PROJECT = Path(__file__).resolve().parents[2]
DECLARATIONS = PROJECT / "models" / "staging"
LEDGER = "ingest"  # the source that ingestion itself writes
KEPT = PROJECT / "target" / "declarations.pickle"
Format = Literal["csv", "tsv", "json", "parquet"]
DateOrder = Literal["mdy", "dmy"]
Meaning = Literal["changes", "append", "full", "period"]
_IDENTIFIER = re.compile(r"(?:^|_)(?:id|number|reference|sku)$")
_SETTING = re.compile(r"`(\w+): ")


@dataclass(frozen=True)
class Column:
    """One declared column of a source table."""

    name: str
    data_type: str = "text"
    required: bool = False
    optional: bool = False
    """Its absence from a file is not reported."""
    aliases: tuple[str, ...] = ()
    headers: tuple[str, ...] | None = None
    """In files of a system: what it comes under, best first, and nothing else."""
    is_first_filled: bool = False
    """A row without a value under the best of these has that of another one."""
    primary_key: bool = False
    references: str | None = None
    index: bool = False

    @property
    def is_identifier(self) -> bool:
        """Whether it holds what a record, or one that it refers to, is known by."""
        is_named = self.required or bool(_IDENTIFIER.search(self.name))
        return self.data_type == "text" and is_named


@dataclass(frozen=True)
class Constant:
    """A column that has one value in all rows of a file."""

    column: str
    value: str | None = None
    pattern: str | None = None
    """For the file's name: its group is the value."""

    def of(self, file_name: str) -> str | None:
        """The value for a file of this name."""
        if self.pattern is None:
            return self.value
        found = re.search(self.pattern, file_name, re.IGNORECASE)
        return found[1] if found else None


@dataclass(frozen=True)
class Table:
    """One declared table: how its files look and where their rows go."""

    source: str
    name: str
    identifier: str
    columns: tuple[Column, ...]
    files: tuple[str, ...] = ()
    format: Format | None = None
    delimiter: str | None = None
    encoding: str = "utf-8"
    time_zone: str = "UTC"
    date_order: DateOrder = "mdy"
    decimal_mark: Literal[".", ","] = "."
    currency: str | None = None
    delivery: Meaning = "changes"
    """What a delivery means; models read it from the declaration."""
    deliveries: tuple[Meaning, ...] = ("changes", "full", "period", "append")
    """What a delivery may mean: what the models of the table act on."""
    delivery_patterns: tuple[re.Pattern[str], ...] = ()
    """For file names, the first that fits counts."""
    first_day: date | None = None
    """The day of the file with number 1."""
    cut_below: float = 0.3
    """Share of the usual records below which a file is taken for cut; 0 for never."""
    delivery_column: str | None = None
    separator: str | None = None
    is_occasional: bool = False
    """That no file came for it is not reported."""
    is_of_one_folder: bool = False
    """An export that has landed from one folder is skipped in another."""
    registers: tuple["Table", ...] = ()
    """Files of many shapes for one table: a declaration for each shape."""
    register: str | None = None
    """The shape that this is; its rows land whole, as JSON by header."""
    required_headers: tuple[str, ...] = ()
    is_paged: bool = False
    """Comes page by page: one page may hold nothing but rejects."""
    mapped: tuple[Column, ...] = ()
    """The headers of a register that the seed of mappings names."""
    declared_in: str = ""
    """The YAML file of its declaration."""
    system: str | None = None
    """The system whose files these are; None for a source's own."""
    system_title: str = ""
    shape: str | None = None
    """Its name in the declaration of the system."""
    title: str = ""
    key: tuple[str, ...] = ()
    """Columns without which a file of a system is refused."""
    recognised_by: tuple[tuple[str, ...], ...] = ()
    """Sets of headers, each of which shows what a file is."""
    also_has: tuple[str, ...] = ()
    """Headers of such files that go to `_extra`."""
    constants: tuple[Constant, ...] = ()
    notation: tuple[tuple[str, str | tuple[str, ...]], ...] = ()
    """How values of a system are written: what the ledger says of its files."""
    not_read: str | None = None
    """Why such a file, recognised all the same, is not read."""
    is_guessed: bool = False
    """Recognised only where the folder names the system."""

    def with_place(self, reason: str) -> str:
        """A reason, and if it names a setting, where that is written."""
        named = set(_SETTING.findall(reason))
        if not (self.declared_in and named):
            return reason
        from .schema import OfTable

        if named.isdisjoint(OfTable.model_fields):
            return reason
        where = f"register {self.register} of " if self.register else ""
        return f"{reason} (config.meta of {where}table {self.name}, {self.declared_in})"

    @property
    def dating(self) -> str | None:
        """The rule that gives delivery times, as JSON; None: order of arrival."""
        if self.delivery_column:
            rule: dict[str, Any] = {
                "column": self.delivery_column,
                "order": self.date_order,
            }
        elif self.delivery_patterns:
            patterns = [pattern.pattern for pattern in self.delivery_patterns]
            rule = {"file_name": patterns, "first_day": str(self.first_day)}
            rule["order"] = self.date_order
        else:
            return None
        return json.dumps({**rule, "zone": self.time_zone})

    @property
    def meaning(self) -> str:
        """What a delivery means: by its system's declaration, else by its own."""
        return str(dict(self.notation).get("delivery", self.delivery))

    @property
    def notation_json(self) -> str | None:
        """How values of a system are written, as JSON; None of a source's own."""
        return json.dumps(dict(self.notation)) if self.system else None

    def sorted_extras(self, extras: Iterable[str]) -> tuple[list[str], list[str]]:
        """Headers that fill no column: those not declared, and those known besides.

        Among them is the second header of a column that came under two.
        """
        known = {normal(header) for header in self.also_has if "*" not in header} | {
            normal(header)
            for column in (self.columns if self.system else ())
            for header in column.headers or ()
        }
        patterns = [header.casefold() for header in self.also_has if "*" in header]
        found: tuple[list[str], list[str]] = [], []
        for name in extras:
            names = name, re.sub(r"_\d+$", "", name)  # one of several alike
            is_known = any(normal(each) in known for each in names) or any(
                fnmatchcase(name.casefold(), pattern) for pattern in patterns
            )
            found[is_known].append(name)
        return found

    @property
    def shapes(self) -> tuple["Table", ...]:
        """What its files are matched with: its registers, or itself."""
        return self.registers or (self,)


@dataclass(frozen=True)
class Source:
    """One declared source."""

    name: str
    tables: tuple[Table, ...] = field(default=())
    feeds: tuple[Api | Bucket | Database, ...] = ()
    """What is polled for its records, as declared."""
    takes_any_folder: bool = False
    """Whether its files may lie in any folder, for its models scope identifiers."""

    @property
    def shapes(self) -> tuple[Table, ...]:
        """What a file of the source may be."""
        return tuple(shape for table in self.tables for shape in table.shapes)


Declared = tuple[dict[str, Source], tuple[Table, ...]]


def load_sources(folder: Path = DECLARATIONS) -> dict[str, Source]:
    """All declared sources below `folder`, by name, the ledger left out.

    Raises UsageError naming file and key for whatever is not understood.
    """
    if not folder.is_dir():
        raise UsageError(f"no folder of declarations: {folder}")
    return _load(folder)[0]


@cache
def load_ledger() -> tuple[Table, ...]:
    """The ledger's own tables, declared like any other source."""
    return _load(DECLARATIONS)[1]


def declaring(folder: Path = DECLARATIONS) -> list[Path]:
    """The files that declare sources."""
    return sorted(folder.glob("*/_*__sources.yml"))


def _load(folder: Path) -> Declared:
    """The sources and the ledger: as kept or, if anything has changed, read anew."""
    listed = declaring(folder)
    found: Declared | None = kept.find(KEPT, listed)
    if found is None:
        from .declarations import read

        found, others = read(listed)
        if folder == DECLARATIONS:
            kept.keep(KEPT, listed, others, found)
    return found
