"""Reads the YAML of systems, and says in one line what is wrong with one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from scripts.yaml_text import read_yaml

from ..declarations import not_acted_on
from ..errors import UsageError
from ..headers import normal
from ..schema import DeliveryTime, checked
from ..sources import PROJECT, Column, Constant, Source, Table
from .schema import FromName, OfShape, OfSystem, OfValues

CONTACTS = {"email", "phone"}
"""Columns whose header may be that of a key as well."""
LAYOUT = {"encoding", "delimiter", "delivery_time"}
"""Settings of files as a whole, not of their values: the ledger has no note of them."""


def read(files: Iterable[Path], sources: dict[str, Source]) -> tuple[Table, ...]:
    """The shapes that these files declare; a later file of a system adds to it."""
    systems: dict[str, _System] = {}
    for path in files:
        declared = parsed(path)
        system = systems.setdefault(declared.system, _System(path, declared.system))
        system.add(path, declared)
    for system in systems.values():
        if not system.tables:
            from scripts.command import did_you_mean

            known = (each.name for each in systems.values() if each.tables)
            hint = did_you_mean(system.name, known)
            raise UsageError(
                f"{system.path}: no system is named {system.name}{hint}; "
                "a further one needs tables"
            )
    tables = {
        f"{source.name}.{table.name}": table
        for source in sources.values()
        for table in source.tables
        if not table.registers
    }
    return tuple(
        shape for system in systems.values() for shape in system.shapes(tables)
    )


def parsed(path: Path) -> OfSystem:
    """What a file declares; raises UsageError naming file and key."""
    try:
        raw = read_yaml(path.read_text(encoding="utf-8"))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = f" line {mark.line + 1}:" if mark else ""
        raise UsageError(f"{path}:{line} {error.problem}") from None
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise UsageError(f"{path}: {error}") from None
    if not isinstance(raw, dict):
        raise UsageError(f"{path}: expected keys and values")
    try:
        return checked(OfSystem, raw)
    except ValueError as error:
        raise UsageError(f"{path}: {error}") from None


class _System:
    """One system, from the file that ships and the user's."""

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self.path = path
        """The first file that names it."""
        self.title = name
        self.evidence = "seen"
        self.settings: dict[str, Any] = {}
        self.tables: dict[str, OfShape] = {}
        self.paths: dict[str, Path] = {}

    def add(self, path: Path, declared: OfSystem) -> None:
        """Take over what a file declares, which wins over what was there."""
        self.title = declared.title or self.title
        if declared.evidence:  # counts for all that was there
            self.evidence = declared.evidence
            for name, shape in self.tables.items():
                self.tables[name] = shape.model_copy(update={"evidence": None})
        self.settings |= _given(declared.settings)
        for name, shape in declared.tables.items():
            known = self.tables.get(name)
            self.tables[name] = _merged(known, shape) if known else shape
            self.paths[name] = path

    def shapes(self, tables: dict[str, Table]) -> Iterable[Table]:
        """Its tables as the shapes of files."""
        for name, declared in self.tables.items():
            yield self._shape(name, declared, tables)

    def _shape(self, name: str, shape: OfShape, tables: dict[str, Table]) -> Table:
        path = self.paths[name]

        def fail(problem: str) -> UsageError:
            return UsageError(f"{path}: {name}: {problem}")

        if shape.not_read and shape.into is None:
            return self._unread(name, shape)
        if shape.into is None:
            raise fail("'into' is missing")
        table = tables.get(shape.into)
        if table is None:
            from scripts.command import did_you_mean

            hint = did_you_mean(shape.into, tables)
            raise fail(f"into: {shape.into} is not a declared table{hint}")
        names = [column.name for column in table.columns]
        for column in (*shape.columns, *shape.values, *(shape.key or ())):
            if column not in names:
                raise fail(f"{shape.into} has no column {column}")
        if both := shape.columns.keys() & shape.values.keys():
            raise fail(f"{min(both)} has both headers and a value")
        key = names[:1] if shape.key is None else shape.key
        for column in key:
            if not shape.columns.get(column):
                raise fail(f"its key {column} has no headers")
        self._check_headers(shape, key, fail)
        settings = self._settings(shape, table, fail)
        dated = _dating(settings, fail)
        return replace(
            table,
            columns=tuple(
                _column(column, shape, key)
                for column in table.columns
                if column.name not in shape.values
            ),
            files=(),
            format=None,
            delimiter=settings.get("delimiter"),
            encoding=settings.get("encoding", Table.encoding),
            time_zone=settings.get("time_zone", Table.time_zone),
            date_order=settings.get("date_order", Table.date_order),
            currency=settings.get("currency"),
            delivery_patterns=tuple(map(re.compile, dated.file_name or ())),
            first_day=dated.first_day,
            delivery_column=None,
            separator=None,
            declared_in=str(path.relative_to(PROJECT))
            if path.is_relative_to(PROJECT)
            else str(path),
            system=self.name,
            system_title=self.title,
            shape=name,
            title=shape.title or name.replace("_", " "),
            key=tuple(key),
            recognised_by=tuple(map(tuple, shape.recognised_by)),
            also_has=tuple(shape.also_has),
            constants=tuple(
                Constant(column, None, value.file_name)
                if isinstance(value, FromName)
                else Constant(column, value)
                for column, value in shape.values.items()
            ),
            notation=tuple(
                (key, tuple(value) if isinstance(value, list) else value)
                for key, value in {**OfValues().model_dump(), **settings}.items()
                if key not in LAYOUT and value not in (None, [])
            ),
            is_guessed=(shape.evidence or self.evidence) == "guessed",
        )

    def _unread(self, name: str, shape: OfShape) -> Table:
        """A kind of file that is known, so that the refusal can name it."""
        columns = (
            Column(column, headers=tuple(headers), required=True)
            for column, headers in shape.columns.items()
        )
        return Table(
            "", name, "", tuple(columns),
            system=self.name,
            system_title=self.title,
            shape=name,
            title=shape.title or name.replace("_", " "),
            recognised_by=tuple(map(tuple, shape.recognised_by)),
            also_has=tuple(shape.also_has),
            not_read=shape.not_read,
            is_guessed=(shape.evidence or self.evidence) == "guessed",
        )  # fmt: skip

    def _settings(self, shape: OfShape, table: Table, fail: Any) -> dict[str, Any]:
        """How values are written; `delivery` of a system is for tables that take it."""
        settings = {**self.settings, **_given(shape.settings)}
        delivery = settings.get("delivery", table.deliveries[0])
        if delivery not in table.deliveries:
            if "delivery" in shape.settings.model_fields_set:
                raise fail(f"settings: {not_acted_on(delivery, table.deliveries)}")
            del settings["delivery"]
        return settings

    def _check_headers(self, shape: OfShape, key: list[str], fail: Any) -> None:
        """Refuse a header that two columns would have, but a key that is an address
        as well, and an identifier and the list of these: `contact_id`, the first of
        `contact_ids`; and a choice of none."""
        for column in shape.first_filled:
            if column in key or len(shape.columns.get(column, ())) < 2:
                raise fail(f"first_filled: {column} is a key, or has one header only")
        owner: dict[str, str] = {}
        for column, headers in shape.columns.items():
            for header in headers:
                other = owner.setdefault(normal(header), column)
                both = {column, other}
                is_shared = bool(both & CONTACTS and both.intersection(key))
                if other != column and f"{other}s" != column and not is_shared:
                    raise fail(f"header {header} of {column} already means {other}")


def _dating(settings: dict[str, Any], fail: Any) -> DeliveryTime:
    dated: DeliveryTime = settings.get("delivery_time") or DeliveryTime()
    if dated.column:
        raise fail("settings: delivery_time of a system is found by file_name")
    return dated


def _column(column: Column, shape: OfShape, key: list[str]) -> Column:
    headers = tuple(shape.columns.get(column.name, ()))
    is_key = column.name in key
    return replace(
        column,
        aliases=(),
        headers=headers,
        is_first_filled=column.name in shape.first_filled,
        required=is_key,
        optional=not is_key and not (headers and column.required),
    )


def _given(settings: OfValues) -> dict[str, Any]:
    return {key: getattr(settings, key) for key in settings.model_fields_set}


def _merged(shipped: OfShape, own: OfShape) -> OfShape:
    """A shape with what the user adds to it: their headers count first."""
    mine = {normal(header) for headers in own.columns.values() for header in headers}
    columns = {
        name: [header for header in headers if normal(header) not in mine]
        for name, headers in shipped.columns.items()
        if name not in own.values
    }
    for name, headers in own.columns.items():
        columns[name] = [*headers, *columns.get(name, ())]
    values = {**shipped.values, **own.values}
    settings = {**_given(shipped.settings), **_given(own.settings)}
    return OfShape(
        into=own.into or shipped.into,
        not_read=own.not_read or shipped.not_read,
        title=own.title or shipped.title,
        export=own.export or shipped.export,
        evidence=own.evidence or shipped.evidence,
        key=shipped.key if own.key is None else own.key,
        recognised_by=[*own.recognised_by, *shipped.recognised_by],
        columns=columns,
        first_filled=[
            name
            for name in dict.fromkeys([*own.first_filled, *shipped.first_filled])
            if name not in own.values
        ],
        also_has=[*own.also_has, *shipped.also_has],
        values={k: v for k, v in values.items() if k not in own.columns},
        settings=OfValues(**settings),
    )
