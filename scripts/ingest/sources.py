"""The declarations of the sources: one YAML per source, read and checked.

The files are dbt's own source files; what concerns the files of a source
stands under `config.meta` of the source, the table or the column.
"""

import codecs
import csv
import json
import re
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from scripts.command import did_you_mean

from . import declared
from .errors import UsageError
from .headers import normal
from .times import offset

PROJECT = Path(__file__).resolve().parents[2]
DECLARATIONS = PROJECT / "models" / "staging"
LEDGER = "ingest"  # the source that ingestion itself writes

FORMATS = ("csv", "tsv", "json", "parquet")
DELIVERIES = ("changes", "append", "period")  # what a file of its table means
DATE_ORDERS = ("mdy", "dmy")  # year first is always understood
DECIMAL_MARKS = (".", ",")
NAMED = ({"file_name"}, {"file_name", "first_day"})
DAY = {"year", "month", "day"}
MAX_COLUMNS = 1900  # SQLite allows 2,000 in a table, bronze adds its own

SOURCE_KEYS = {
    "format", "delimiter", "encoding", "time_zone", "currency", "date_order",
    "decimal_mark", "delivery", "delivery_time", "business_time", "separator_rows",
    "quality", "cut_below",
}  # fmt: skip
FEEDS = {"api": declared.Api, "database": declared.Database}
SOURCE_ONLY = {"bucket"}
TABLE_KEYS = SOURCE_KEYS | {"files", "registers", "mappings", *FEEDS}
REGISTER_KEYS = {"files", "state", "encoding", "delimiter", "required"} | {
    "delivery_time",
}  # fmt: skip
REGISTER_COLUMNS = ("register", "record")
QUALITY_KEYS = {"warn_below", "fail_below"}
COLUMN_KEYS = {"required", "optional", "aliases", "pii", "refers_to"}
FLAGS = {"required", "optional", "pii", "primary_key", "index"}
LEDGER_KEYS = {"primary_key", "references", "required", "index"}
CUT_BELOW = 0.3
_SETTING = re.compile(f"`(?:{'|'.join(sorted(TABLE_KEYS | {'files'}))}): ")


@dataclass(frozen=True)
class Column:
    """One declared column of a source table."""

    name: str
    data_type: str = "text"
    required: bool = False
    optional: bool = False
    """Nobody is told that a file does not have it."""
    aliases: tuple[str, ...] = ()
    primary_key: bool = False
    references: str | None = None
    index: bool = False


@dataclass(frozen=True)
class Table:
    """One declared table: how its files look and where their rows go."""

    source: str
    name: str
    identifier: str
    columns: tuple[Column, ...]
    files: tuple[str, ...] = ()
    format: str | None = None
    delimiter: str | None = None
    encoding: str = "utf-8"
    time_zone: str = "UTC"
    date_order: str = "mdy"
    delivery: str = "changes"
    """What a delivery means; models read it from the declaration."""
    delivery_patterns: tuple[re.Pattern[str], ...] = ()
    """For file names, the first that fits counts."""
    first_day: date | None = None
    """The day of the file with number 1."""
    cut_below: float = CUT_BELOW
    """Share of the usual records below which a file is taken for cut; 0 for never."""
    delivery_column: str | None = None
    separator: str | None = None
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

    def with_place(self, reason: str) -> str:
        """A reason, and if it names a setting, where that is written."""
        if not (self.declared_in and _SETTING.search(reason)):
            return reason
        where = f"register {self.register} of " if self.register else ""
        return f"{reason} (config.meta of {where}table {self.name}, {self.declared_in})"

    @property
    def dating(self) -> str | None:
        """The rule that gives delivery times, as JSON; None: order of arrival."""
        if self.delivery_column:
            rule = {"column": self.delivery_column, "order": self.date_order}
        elif self.delivery_patterns:
            patterns = [pattern.pattern for pattern in self.delivery_patterns]
            rule = {"file_name": patterns, "first_day": str(self.first_day)}
            rule["order"] = self.date_order
        else:
            return None
        return json.dumps({**rule, "zone": self.time_zone})

    @property
    def shapes(self) -> tuple["Table", ...]:
        """What its files are matched with: its registers, or itself."""
        return self.registers or (self,)


@dataclass(frozen=True)
class Source:
    """One declared source."""

    name: str
    tables: tuple[Table, ...] = field(default=())
    feeds: tuple[Any, ...] = ()
    """What is asked for its records, as declared."""

    @property
    def shapes(self) -> tuple[Table, ...]:
        """What a file of the source may be."""
        return tuple(shape for table in self.tables for shape in table.shapes)


def load_sources(folder: Path = DECLARATIONS) -> dict[str, Source]:
    """All declared sources below `folder`, by name, the ledger left out.

    Raises UsageError naming file and key for whatever is not understood.
    """
    if not folder.is_dir():
        raise UsageError(f"no folder of declarations: {folder}")
    sources: dict[str, Source] = {}
    identifiers: set[str] = set()
    for path in sorted(folder.glob("*/_*__sources.yml")):
        for raw in _sources_of(path):
            name = str(raw.get("name"))
            if name == LEDGER:
                continue
            if name in sources:
                raise UsageError(f"{path}: source {name} is declared twice")
            sources[name] = source = _Reader(path, raw).source()
            for table in source.tables:
                if table.identifier.casefold() in identifiers:
                    raise UsageError(
                        f"{path}: {name}.{table.name}: identifier "
                        f"{table.identifier} is already taken"
                    )
                identifiers.add(table.identifier.casefold())
    return sources


@cache
def load_ledger() -> tuple[Table, ...]:
    """The ledger's own tables, declared like any other source."""
    path = DECLARATIONS / LEDGER / f"_{LEDGER}__sources.yml"
    (raw,) = _sources_of(path)
    return _Reader(path, raw, ledger=True).source().tables


def _sources_of(path: Path) -> list[dict[str, Any]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # both are safe
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = f" line {mark.line + 1}:" if mark else ""
        raise UsageError(f"{path}:{line} {error.problem}") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UsageError(f"{path}: {error}") from None
    sources = (document or {}).get("sources") if isinstance(document, dict) else None
    if not isinstance(sources, list) or not all(isinstance(s, dict) for s in sources):
        raise UsageError(f"{path}: expected a list under `sources`")
    return sources


class _Reader:
    """Turns one parsed source into dataclasses, complaining with file and key."""

    def __init__(self, path: Path, raw: dict[str, Any], ledger: bool = False) -> None:
        self.path = path
        self.raw = raw
        self.ledger = ledger
        self.where = str(raw.get("name"))

    def fail(self, problem: str) -> UsageError:
        return UsageError(f"{self.path}: {self.where}: {problem}")

    def _place(self) -> str:
        path = self.path.resolve()
        is_inside = path.is_relative_to(PROJECT)
        return str(path.relative_to(PROJECT) if is_inside else self.path)

    def source(self) -> Source:
        name = self._name(self.raw)
        defaults = self._meta(
            self.raw, set() if self.ledger else SOURCE_KEYS | SOURCE_ONLY
        )
        bucket = defaults.pop("bucket", None)
        feeds = [self._feed(declared.Bucket, bucket, name="bucket")] if bucket else []
        tables = []
        for raw in self._list(self.raw, "tables"):
            self.where = f"{name}.{raw.get('name')}"
            tables.append(self._table(name, raw, defaults))
            meta = (raw.get("config") or {}).get("meta") or {}
            feeds += [
                self._feed(kind, meta[key], table=tables[-1].name)
                for key, kind in FEEDS.items()
                if key in meta
            ]
        names = [table.name for table in tables]
        for table_name in names:
            if names.count(table_name) > 1:
                raise self.fail(f"table {table_name} is declared twice")
        return Source(name, tuple(tables), tuple(feeds))

    def _feed(self, kind: type, raw: Any, **given: Any) -> Any:
        try:
            return declared.read(kind, raw, **given)
        except ValueError as error:
            raise self.fail(f"{kind.__name__.lower()}: {error}") from None

    def _table(self, source: str, raw: dict, defaults: dict) -> Table:
        name = self._name(raw)
        where = self.where
        own = self._meta(raw, set() if self.ledger else TABLE_KEYS)
        columns = []
        for column in self._list(raw, "columns"):
            self.where = f"{where}.{column.get('name')}"
            columns.append(self._column(column))
        self.where = where
        self._check_columns(columns)
        identifier = str(raw.get("identifier") or name)
        if self.ledger:
            return Table(source, name, identifier, tuple(columns))
        if "registers" in own:
            return self._registers(source, name, identifier, columns, defaults, own)
        settings = self._settings({**defaults, **own}, columns)
        place = self._place()
        return Table(
            source, name, identifier, tuple(columns), declared_in=place, **settings
        )

    def _registers(
        self,
        source: str,
        name: str,
        identifier: str,
        columns: list[Column],
        defaults: dict,
        own: dict,
    ) -> Table:
        """A table of registers: one declaration each, and the seed that maps them."""
        if tuple(column.name for column in columns) != REGISTER_COLUMNS:
            wanted = " and ".join(REGISTER_COLUMNS)
            raise self.fail(f"a table of registers has the columns {wanted}")
        registers = own.pop("registers")
        if not isinstance(registers, dict) or not registers:
            raise self.fail("registers: expected a mapping of names to settings")
        mapped = self._mapped(own.pop("mappings", None))
        place = self._place()
        table = Table(source, name, identifier, tuple(columns), declared_in=place)
        where, shapes = self.where, []
        for register, settings in registers.items():
            self.where = f"{where}: register {register}"
            if not isinstance(settings, dict):
                raise self.fail("expected settings")
            for key in settings:
                if key not in REGISTER_KEYS:
                    known = ", ".join(sorted(REGISTER_KEYS))
                    hint = did_you_mean(key, REGISTER_KEYS)
                    raise self.fail(f"key {key} is not known (known: {known}){hint}")
            if not re.fullmatch("[A-Z]{2}", str(settings.get("state"))):
                raise self.fail("state: expected two capitals, such as NV")
            required = settings.get("required", [])
            if not isinstance(required, list):
                raise self.fail("required: expected a list of headers")
            meta = {**defaults, **own, **settings, "format": "csv"}
            shape = replace(
                table,
                **self._settings(meta, []),
                register=str(register),
                required_headers=tuple(map(str, required)),
                mapped=mapped.get(str(register), ()),
            )
            shapes.append(shape)
        self.where = where
        return replace(table, registers=tuple(shapes))

    def _mapped(self, seed: Any) -> dict[str, tuple[Column, ...]]:
        """The headers that the seed of mappings names, by register."""
        path = self.path.parents[3] / str(seed)
        found: dict[str, dict[str, Column]] = {}
        try:
            with path.open(encoding="utf-8", newline="") as rows:
                for row in csv.DictReader(rows):
                    columns = found.setdefault(row["register"], {})
                    for source_column in row["source_columns"].split(";"):
                        name, *aliases = map(str.strip, source_column.split("|"))
                        known = columns.get(name, Column(name)).aliases
                        columns[name] = Column(name, aliases=(*known, *aliases))
        except (OSError, UnicodeDecodeError, csv.Error, KeyError) as error:
            raise self.fail(f"mappings: {path} cannot be read: {error!r}") from None
        return {register: tuple(each.values()) for register, each in found.items()}

    def _column(self, raw: dict) -> Column:
        name = self._name(raw)
        if name.startswith("_") and not self.ledger:
            raise self.fail("names beginning with _ are kept for ingestion")
        keys = LEDGER_KEYS if self.ledger else COLUMN_KEYS
        meta = self._meta(raw, keys)
        meta.pop("pii", None)  # read by what makes copies for others
        if not isinstance(meta.pop("refers_to", ""), str):  # read by models
            raise self.fail("refers_to: expected the name of a table")
        if meta.get("required") and meta.get("optional"):
            raise self.fail("required and optional exclude each other")
        aliases = meta.get("aliases", [])
        if not isinstance(aliases, list) or not all(
            isinstance(alias, str) for alias in aliases
        ):
            raise self.fail("aliases: expected a list of names")
        if len(set(aliases)) < len(aliases):
            raise self.fail("aliases: one is given twice")
        data_type = str(raw.get("data_type", "text"))
        return Column(name, data_type, **{**meta, "aliases": tuple(aliases)})

    def _check_columns(self, columns: list[Column]) -> None:
        if not columns:
            raise self.fail("no columns are declared")
        if len(columns) > MAX_COLUMNS:
            raise self.fail(f"more than {MAX_COLUMNS} columns")
        owner: dict[str, str] = {}
        for column in columns:
            if normal(column.name) in owner:
                raise self.fail(f"column {column.name} is declared twice")
            owner[normal(column.name)] = column.name
        for column in columns:
            for alias in column.aliases:
                other = owner.setdefault(normal(alias), column.name)
                if other != column.name:
                    raise self.fail(
                        f"alias {alias} of {column.name} already means {other}"
                    )

    def _settings(self, meta: dict, columns: list[Column]) -> dict[str, Any]:
        names = {column.name for column in columns}
        files = meta.get("files")
        files = [files] if isinstance(files, str) else files
        if not isinstance(files, list) or not files:
            raise self.fail("files: expected a pattern or a list of patterns")
        settings: dict[str, Any] = {"files": tuple(map(str, files))}
        settings["format"] = self._choice(meta, "format", FORMATS)
        settings["delivery"] = self._choice(meta, "delivery", DELIVERIES, "changes")
        settings["date_order"] = self._choice(meta, "date_order", DATE_ORDERS, "mdy")
        self._choice(meta, "decimal_mark", DECIMAL_MARKS, ".")
        self._check_quality(meta.get("quality", {}))
        share = settings["cut_below"] = meta.get("cut_below", CUT_BELOW)
        if isinstance(share, bool) or not (
            isinstance(share, int | float) and 0 <= share <= 1
        ):
            raise self.fail(f"cut_below: expected 0 to 1, not {share!r}")
        if meta.get("business_time") not in names | {None}:
            raise self.fail(f"business_time: no column {meta['business_time']}")
        delimiter = settings["delimiter"] = meta.get("delimiter")
        if delimiter is not None and (
            not isinstance(delimiter, str)
            or len(delimiter) != 1
            or delimiter in '"\r\n\0'
        ):
            raise self.fail(f"delimiter: expected one character, not {delimiter!r}")
        separator = settings["separator"] = meta.get("separator_rows")
        if separator is not None and not (
            isinstance(separator, str) and separator.strip()
        ):
            raise self.fail(f"separator_rows: expected a text, not {separator!r}")
        settings["encoding"] = encoding = str(meta.get("encoding", "utf-8"))
        settings["time_zone"] = zone = str(meta.get("time_zone", "UTC"))
        try:
            "".encode(encoding)
        except LookupError:
            raise self.fail(f"encoding: {encoding} is not known") from None
        settings["encoding"] = codecs.lookup(encoding).name
        if offset(zone) is None:
            raise self.fail(
                f"time_zone: expected UTC or an offset such as '+02:00', not {zone}"
            )
        settings.update(self._delivery(meta.get("delivery_time", "arrival"), names))
        return settings

    def _check_quality(self, raw: Any) -> None:
        if not isinstance(raw, dict) or not set(raw) <= QUALITY_KEYS:
            known = " and ".join(sorted(QUALITY_KEYS))
            raise self.fail(f"quality: expected {known}, not {raw!r}")
        for key, value in raw.items():
            if not isinstance(value, (int, float)) or not 0 <= value <= 100:
                raise self.fail(f"quality: {key}: expected 0 to 100, not {value!r}")

    def _delivery(self, raw: Any, names: set[str]) -> dict[str, Any]:
        if raw == "arrival":
            return {}
        if isinstance(raw, dict) and list(raw) == ["column"]:
            if raw["column"] not in names:
                raise self.fail(f"delivery_time: no column {raw['column']}")
            return {"delivery_column": raw["column"]}
        if isinstance(raw, dict) and set(raw) in NAMED:
            return self._named_delivery(raw["file_name"], raw.get("first_day"))
        raise self.fail(
            "delivery_time: expected arrival, {file_name: pattern} or "
            f"{{column: name}}, not {raw!r}"
        )

    def _named_delivery(self, raw: Any, first_day: Any) -> dict[str, Any]:
        patterns = []
        for text in raw if isinstance(raw, list) and raw else [raw]:
            try:
                patterns.append(re.compile(str(text)))
            except re.error as error:
                raise self.fail(f"delivery_time: {error}") from None
            groups = set(patterns[-1].groupindex)
            if "number" in groups and first_day is None:
                raise self.fail(
                    "delivery_time: a pattern with the group number needs first_day"
                )
            if not groups & {"date", "number"} and not groups >= DAY:
                raise self.fail(
                    "delivery_time: the pattern needs the groups year, month "
                    "and day, or date, or number"
                )
        try:
            day = date.fromisoformat(str(first_day)) if first_day else None
        except ValueError:
            raise self.fail(
                f"delivery_time: first_day: expected YYYY-MM-DD, not {first_day!r}"
            ) from None
        return {"delivery_patterns": tuple(patterns), "first_day": day}

    def _choice(self, meta: dict, key: str, allowed: tuple, default=None) -> Any:
        value = meta.get(key, default)
        if value is not None and value not in allowed:
            raise self.fail(f"{key}: expected {', '.join(allowed)}, not {value!r}")
        return value

    def _meta(self, raw: dict, allowed: set[str]) -> dict[str, Any]:
        if "meta" in raw:
            raise self.fail("meta: move it under config")
        config = raw.get("config") or {}
        meta = config.get("meta") or {} if isinstance(config, dict) else None
        if not isinstance(meta, dict):
            raise self.fail("config.meta: expected keys and values")
        for key, value in meta.items():
            if key not in allowed:
                known = ", ".join(sorted(allowed)) or "none"
                hint = did_you_mean(key, allowed)
                raise self.fail(f"meta key {key} is not known (known: {known}){hint}")
            if key in FLAGS and not isinstance(value, bool):
                raise self.fail(f"{key}: expected true or false, not {value!r}")
        return dict(meta)

    def _name(self, raw: dict) -> str:
        name = raw.get("name")
        if not isinstance(name, str) or not name.strip():
            raise self.fail("a name is missing, or is no text")
        return name

    def _list(self, raw: dict, key: str) -> list[dict]:
        items = raw.get(key) or []
        if not isinstance(items, list) or not all(isinstance(i, dict) for i in items):
            raise self.fail(f"{key}: expected a list")
        return items
