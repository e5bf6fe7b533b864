"""Reads the declarations of sources, and says in one line what is wrong with one."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel

from scripts.yaml_text import read_yaml

from .errors import UsageError
from .headers import normal
from .schema import (
    OfColumn,
    OfRegister,
    OfSource,
    OfTable,
    SourceSettings,
    checked,
)
from .sources import LEDGER, PROJECT, Column, Declared, Source, Table

MAX_COLUMNS = 1900  # SQLite allows 2,000 in a table, bronze adds its own
REGISTER_COLUMNS = ("register", "record")
Model = TypeVar("Model", bound=BaseModel)


def read(files: list[Path]) -> tuple[Declared, list[Path]]:
    """The sources and the ledger of these files, and what other files they name.

    Raises UsageError naming file and key for whatever is not understood.
    """
    sources: dict[str, Source] = {}
    ledger: tuple[Table, ...] = ()
    others: list[Path] = []
    identifiers: set[str] = set()
    for path in files:
        for raw in _sources_of(path):
            reader = _Reader(path, raw)
            if reader.name == LEDGER:
                ledger = reader.ledger()
                continue
            if reader.name in sources:
                raise UsageError(f"{path}: source {reader.name} is declared twice")
            sources[reader.name] = source = reader.source()
            others += reader.others
            for table in source.tables:
                if table.identifier.casefold() in identifiers:
                    raise UsageError(
                        f"{path}: {source.name}.{table.name}: identifier "
                        f"{table.identifier} is already taken"
                    )
                identifiers.add(table.identifier.casefold())
    return (sources, ledger), others


def _sources_of(path: Path) -> list[dict[str, Any]]:
    try:
        document = read_yaml(path.read_text(encoding="utf-8"))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = f" line {mark.line + 1}:" if mark else ""
        raise UsageError(f"{path}:{line} {error.problem}") from None
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise UsageError(f"{path}: {error}") from None
    sources = (document or {}).get("sources") if isinstance(document, dict) else None
    if not isinstance(sources, list) or not all(isinstance(s, dict) for s in sources):
        raise UsageError(f"{path}: expected a list under `sources`")
    return sources


def not_acted_on(delivery: str, known: Iterable[str]) -> str:
    """What to say of a meaning of deliveries that no model of a table acts on."""
    return f"delivery: expected {' or '.join(known)} for this table, not {delivery}"


class _Reader:
    """Turns one parsed source into dataclasses, complaining with file and key."""

    def __init__(self, path: Path, raw: dict[str, Any]) -> None:
        self.path = path
        self.raw = raw
        self.where = str(raw.get("name"))
        self.name = self._name(raw)
        self.others: list[Path] = []

    def source(self) -> Source:
        """The source with its tables and feeds."""
        defaults = self._meta(self.raw)
        shared = SourceSettings.model_fields  # checked with those of each table
        own = {key: defaults[key] for key in defaults if key not in shared}
        of_all = self._checked(OfSource, own)
        for key in ("bucket", "any_folder"):
            defaults.pop(key, None)
        feeds: list[Any] = [of_all.bucket] if of_all.bucket else []
        tables: list[Table] = []
        for raw in self._list(self.raw, "tables"):
            self.where = f"{self.name}.{raw.get('name')}"
            name, meta = self._name(raw), self._meta(raw)
            if any(table.name == name for table in tables):
                raise self._fail(f"table {name} is declared twice")
            table = self._bare(raw, [self._column(c) for c in self._columns(raw)])
            settings = self._checked(OfTable, {**defaults, **meta})
            if settings.registers is None:
                tables.append(self._with(table, settings))
            else:
                tables.append(self._with_registers(table, settings, defaults | meta))
            for key in ("api", "database"):
                if feed := getattr(settings, key):
                    if "table" in meta[key]:
                        raise self._fail(f"{key}: key table is not known")
                    feeds.append(replace(feed, table=name))
        return Source(self.name, tuple(tables), tuple(feeds), of_all.any_folder)

    def ledger(self) -> tuple[Table, ...]:
        """The tables of the ledger, which this project declares itself."""
        return tuple(
            self._bare(
                raw,
                [
                    Column(c["name"], c["data_type"], **self._meta(c))
                    for c in self._columns(raw)
                ],
            )
            for raw in self._list(self.raw, "tables")
        )

    # -- parts -----------------------------------------------------------------

    def _bare(self, raw: dict[str, Any], columns: list[Column]) -> Table:
        """A table without settings."""
        self._check_columns(columns)
        identifier = str(raw.get("identifier") or raw["name"])
        path = self.path.resolve()
        is_inside = path.is_relative_to(PROJECT)
        place = str(path.relative_to(PROJECT) if is_inside else self.path)
        return Table(
            self.name, raw["name"], identifier, tuple(columns), declared_in=place
        )

    def _column(self, raw: dict[str, Any]) -> Column:
        where, self.where = self.where, f"{self.where}.{raw.get('name')}"
        name = self._name(raw)
        if name.startswith("_"):
            raise self._fail("names beginning with _ are kept for ingestion")
        meta = self._checked(OfColumn, self._meta(raw))
        self.where = where
        return Column(
            name,
            str(raw.get("data_type", "text")),
            required=meta.required,
            optional=meta.optional,
            aliases=tuple(meta.aliases),
        )

    def _with(self, table: Table, settings: OfTable) -> Table:
        """The table with its settings."""
        names = {column.name for column in table.columns}
        delivery = settings.delivery_time
        for key, column in (
            ("business_time", settings.business_time),
            ("delivery_time", delivery.column),
        ):
            if column is not None and column not in names:
                raise self._fail(f"{key}: no column {column}")
        if settings.delivery not in settings.deliveries:
            raise self._fail(not_acted_on(settings.delivery, settings.deliveries))
        if not settings.files:
            raise self._fail("files: expected a pattern or a list of patterns")
        return replace(
            table,
            files=tuple(settings.files),
            format=settings.format,
            delimiter=settings.delimiter,
            encoding=settings.encoding,
            time_zone=settings.time_zone,
            date_order=settings.date_order,
            decimal_mark=settings.decimal_mark,
            currency=settings.currency,
            delivery=settings.delivery,
            deliveries=tuple(settings.deliveries),
            delivery_patterns=tuple(map(re.compile, delivery.file_name or ())),
            first_day=delivery.first_day,
            delivery_column=delivery.column,
            cut_below=settings.cut_below,
            separator=settings.separator_rows,
            is_occasional=settings.occasional,
            is_of_one_folder=settings.one_folder,
        )

    def _with_registers(
        self, table: Table, settings: OfTable, meta: dict[str, Any]
    ) -> Table:
        """A table of registers: one declaration each, and the seed that maps them."""
        if tuple(column.name for column in table.columns) != REGISTER_COLUMNS:
            wanted = " and ".join(REGISTER_COLUMNS)
            raise self._fail(f"a table of registers has the columns {wanted}")
        if not settings.registers:
            raise self._fail("registers: expected a mapping of names to settings")
        mapped = self._mapped(settings.mappings)
        where, shapes = self.where, []
        for name, raw in settings.registers.items():
            self.where = f"{where}: register {name}"
            own = self._checked(OfRegister, raw)
            layout = {k: v for k, v in raw.items() if k in OfTable.model_fields}
            merged = {**meta, "registers": None, **layout, "format": "csv"}
            shape = replace(
                table,
                register=name,
                required_headers=tuple(own.required),
                mapped=mapped.get(name, ()),
            )
            shapes.append(self._with(shape, self._checked(OfTable, merged)))
        self.where = where
        return replace(table, registers=tuple(shapes))

    def _mapped(self, seed: str | None) -> dict[str, tuple[Column, ...]]:
        """The headers that the seed of mappings names, by register."""
        path = self.path.parents[3] / str(seed)
        self.others.append(path)
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
            raise self._fail(f"mappings: {path} cannot be read: {error!r}") from None
        return {register: tuple(each.values()) for register, each in found.items()}

    # -- checks ----------------------------------------------------------------

    def _fail(self, problem: str) -> UsageError:
        return UsageError(f"{self.path}: {self.where}: {problem}")

    def _checked(self, kind: type[Model], raw: dict[str, Any]) -> Model:
        try:
            return checked(kind, raw)
        except ValueError as error:
            raise self._fail(str(error)) from None

    def _check_columns(self, columns: list[Column]) -> None:
        if not columns:
            raise self._fail("no columns are declared")
        if len(columns) > MAX_COLUMNS:
            raise self._fail(f"more than {MAX_COLUMNS} columns")
        owner: dict[str, str] = {}
        for column in columns:
            if normal(column.name) in owner:
                raise self._fail(f"column {column.name} is declared twice")
            owner[normal(column.name)] = column.name
        for column in columns:
            for alias in column.aliases:
                other = owner.setdefault(normal(alias), column.name)
                if other != column.name:
                    raise self._fail(
                        f"alias {alias} of {column.name} already means {other}"
                    )

    def _meta(self, raw: dict[str, Any]) -> dict[str, Any]:
        if "meta" in raw:
            raise self._fail("meta: move it under config")
        config = raw.get("config") or {}
        meta = config.get("meta") or {} if isinstance(config, dict) else None
        if not isinstance(meta, dict):
            raise self._fail("config.meta: expected keys and values")
        return dict(meta)

    def _name(self, raw: dict[str, Any]) -> str:
        name = raw.get("name")
        if not isinstance(name, str) or not name.strip():
            raise self._fail("a name is missing, or is no text")
        return name

    def _columns(self, raw: dict[str, Any]) -> list[dict[str, Any]]:
        return self._list(raw, "columns")

    def _list(self, raw: dict[str, Any], key: str) -> list[dict[str, Any]]:
        items = raw.get(key) or []
        if not isinstance(items, list) or not all(isinstance(i, dict) for i in items):
            raise self._fail(f"{key}: expected a list")
        return items
