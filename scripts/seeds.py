"""The seeds as the user has them: those that ship, with the user's own lines.

A file `<seed>.csv` in the user's folder adds to the seed of its name; a line with the
key of one that ships takes its place. Tracked files are left alone: dbt reads copies
in `target/`, and the tracked ones where the user has none.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from scripts.command import CommandError, did_you_mean
from scripts.seed_lines import (
    ALIASES,
    CHECKS,
    CURRENCIES,
    KNOWN,
    SHIPPED,
    Line,
    faults,
    no_number,
)
from scripts.yaml_text import read_yaml

PROJECT = Path(__file__).resolve().parent.parent
TRACKED = "seeds"
VARIABLE = "WAREHOUSE_SEEDS"
"""Where dbt finds the seeds, from the project folder: for dbt_project.yml."""
SAMPLES = "demo"
"""Name, without suffix, of the database that samples go into, and of their folder."""
NOT_OWN = {"register_mappings": "registers are declared with their source"}
"""Seeds that ingestion reads as well, and why a user has none of them."""


class SeedError(CommandError):
    """A file of the user's is no addition to a seed; the message says why."""

    exit_code = 2


def folder() -> Path:
    """The user's own folder: `WAREHOUSE_CONFIG`, without it `config/`.

    Samples take lines from a folder of their own in it alone, so that what is tried
    with them changes nothing else, and nothing else changes their figures.
    """
    own = PROJECT / (os.environ.get("WAREHOUSE_CONFIG") or "config")
    return own / SAMPLES if _is_of_samples() else own


def _is_of_samples() -> bool:
    """Whether the database that was chosen is the one that samples go into."""
    data = PROJECT / (os.environ.get("WAREHOUSE_DATA") or "data")
    database = PROJECT / (os.environ.get("WAREHOUSE_DB") or "")
    return database.stem == SAMPLES and database.parent == data


def prepare(own: Path | None = None, project: Path = PROJECT) -> str:
    """Return where dbt finds the seeds, with the user's lines brought up to date.

    Raises SeedError in one line.
    """
    own = own or folder()
    files = sorted(own.glob("*.csv")) if own.is_dir() else []
    _check_reporting_currency(own, project)
    if not files:
        return TRACKED
    shipped = {path.stem: path for path in (project / TRACKED).rglob("*.csv")}
    for path in files:
        if path.stem not in shipped:
            known = ", ".join(sorted(shipped.keys() - NOT_OWN))
            hint = did_you_mean(path.stem, shipped)
            raise SeedError(f"{path}: no seed has this name (known: {known}){hint}")
        if why := NOT_OWN.get(path.stem):
            raise SeedError(f"{path}: cannot be added to: {why}")
    mark = hashlib.sha256(str(own.resolve()).encode()).hexdigest()[:8]
    place = project / "target" / f"{TRACKED}-{mark}"
    wanted = {
        path.relative_to(project / TRACKED): path.read_bytes()
        for path in (project / TRACKED).rglob("*")
        if path.suffix in (".csv", ".yml")
    }
    declared = _declared(text for name, text in wanted.items() if name.suffix == ".yml")
    codes = currencies(own, project)
    for path in files:
        name = shipped[path.stem].relative_to(project / TRACKED)
        rules = declared.get(path.stem, _Declared())
        others = {
            column: values(seed, column, own, project)
            for column, seed in KNOWN.get(path.stem, ())
        }
        merged = _merged(path, wanted[name], rules, codes, others)
        wanted[name] = merged.encode("utf-8")
    for path in place.rglob("*"):
        if path.is_file() and path.relative_to(place) not in wanted:
            path.unlink()
    for name, content in wanted.items():
        _write(place / name, content)
    return place.relative_to(project).as_posix()


def currencies(own: Path | None = None, project: Path = PROJECT) -> set[str]:
    """The codes of the seed `currencies` as the user has it."""
    return values("currencies", "code", own, project)


def values(
    seed: str, column: str, own: Path | None = None, project: Path = PROJECT
) -> set[str]:
    """The values of a column of a seed as the user has it."""
    found: set[str] = set()
    name = f"{seed}.csv"
    places = [*(project / TRACKED).rglob(name), (own or folder()) / name]
    for path in filter(Path.is_file, places):
        text = _text(path)
        delimiter = max(",;\t", key=text.partition("\n")[0].count)
        lines = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
        found.update((line.get(column) or "").strip() for line in lines)
    return found


def _check_reporting_currency(own: Path, project: Path) -> None:
    """Raise SeedError if amounts are to be converted to what is no currency."""
    name = "WAREHOUSE_REPORTING_CURRENCY"
    code = os.environ.get(name) or ""
    if not code:
        name = "reporting_currency of dbt_project.yml"
        declared = project / "dbt_project.yml"
        if declared.is_file():
            read = read_yaml(declared.read_text(encoding="utf-8")) or {}
            code = str((read.get("vars") or {}).get("reporting_currency") or "")
    if code and (known := currencies(own, project)) and code not in known:
        meant = code.strip().upper()
        is_close = meant in known
        hint = f"; did you mean {meant}?" if is_close else did_you_mean(meant, known)
        raise SeedError(
            f"{name}: {code!r} is no currency of ISO 4217 (seeds/reference/"
            f"currencies.csv; {own}/currencies.csv adds some){hint}"
        )


def tracked(name: str) -> str:
    """The path of a seed as it ships, for that of its copy."""
    found = os.environ.get(VARIABLE) or TRACKED
    if found != TRACKED and name.startswith(f"{found}/"):
        return TRACKED + name.removeprefix(found)
    return name


def place_of(name: str, line: int, project: Path = PROJECT) -> tuple[Path, int]:
    """Where a line of a seed comes from, by the line at which dbt read it.

    For seeds without a key, of which the user's lines follow those that ship.
    """
    (shipped,) = (project / TRACKED).rglob(f"{name}.csv")
    own = folder() / shipped.name
    reader = csv.reader(io.StringIO(_text(shipped), newline=""))
    columns = next(reader)
    at = 2
    for row in filter(None, reader):
        at += 1 + sum(value.count("\n") for value in row)
    if line < at or not own.is_file():
        return shipped, line
    for number, values in _read(own, columns, ()):
        breaks = sum(value.count("\n") for value in values.values())
        if line <= at:
            return own, number - breaks
        at += 1 + breaks
    return own, line


class _Declared(NamedTuple):
    """What the YAML beside a seed says of it."""

    key: tuple[str, ...] = ()
    """The columns that identify its lines: those of its unique index."""
    types: Mapping[str, str] = MappingProxyType({})
    """The types of columns."""


def _declared(declarations: Iterable[bytes]) -> dict[str, _Declared]:
    found = {}
    for text in declarations:
        for seed in read_yaml(text).get("seeds", ()):
            config = seed.get("config") or {}
            unique = [i for i in config.get("indexes", ()) if i.get("unique")]
            key = tuple(unique[-1]["columns"]) if unique else ()
            found[seed["name"]] = _Declared(key, config.get("column_types") or {})
    return found


def _merged(
    path: Path,
    shipped: bytes,
    rules: _Declared,
    codes: set[str],
    others: dict[str, set[str]],
) -> str:
    """The lines of a seed that ships, the user's in place of those of their key."""
    reader = csv.DictReader(io.StringIO(shipped.decode("utf-8-sig"), newline=""))
    columns = list(reader.fieldnames or ())
    lines = list(reader)
    own = _read(path, columns, rules.key)
    _check(path, own, lines, rules, codes, others)
    if key := rules.key:
        taken = {tuple(line[name] for name in key) for _, line in own}
        lines = [line for line in lines if tuple(line[n] for n in key) not in taken]
    text = io.StringIO(newline="")
    # by its line end csv knows what to quote
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows([*lines, *(line for _, line in own)])
    return text.getvalue()


def _read(
    path: Path, columns: list[str], key: tuple[str, ...]
) -> list[tuple[int, Line]]:
    return own_lines(path, _text(path), columns, key)


def own_lines(
    path: Path, text: str, columns: list[str], key: tuple[str, ...] = ()
) -> list[tuple[int, Line]]:
    """Return the lines of the text of a user's file with their numbers.

    Raises SeedError naming file and line.
    """
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        aliases = ALIASES.get(path.stem, {})
        given = [aliases.get(n.strip(), n.strip()) for n in next(reader, [])]
        for name in given:
            if name not in columns:
                listed = ", ".join(columns)
                hint = did_you_mean(name, columns)
                raise SeedError(f"{path}: no column {name} (known: {listed}){hint}")
        if key and (lacking := [name for name in key if name not in given]):
            raise SeedError(f"{path}: column {lacking[0]} is missing")
        lines = []
        for row in reader:
            if not any(map(str.strip, row)):
                continue
            if len(row) != len(given):
                raise SeedError(
                    f"{path}: line {reader.line_num}: "
                    f"expected {len(given)} fields, found {len(row)}"
                )
            lines.append((reader.line_num, dict(zip(given, row, strict=True))))
    except csv.Error as error:
        raise SeedError(f"{path}: line {reader.line_num}: {error}") from None
    return lines


def _check(
    path: Path,
    lines: list[tuple[int, Line]],
    shipped: list[Line],
    rules: _Declared,
    codes: set[str],
    others: dict[str, set[str]],
) -> None:
    """Raise SeedError naming file and line, if a line is wrong."""
    if check := CHECKS.get(path.stem):
        for number, fault in faults(check, lines, rules.key):
            raise SeedError(f"{path}: line {number}: {fault}")
    known = {
        column: {line[column] for line in shipped}
        for column in SHIPPED.get(path.stem, ())
    }
    _check_named(path, lines, others)
    for number, line in lines:
        if wrong := no_number(line, rules.types):
            raise SeedError(f"{path}: line {number}: {wrong}")
        for column, values in known.items():
            if (value := line[column]) not in values:
                raise SeedError(
                    f"{path}: line {number}: {column} must be one of "
                    f"{', '.join(sorted(values))}, found {value!r}"
                    f"{did_you_mean(value, values)}"
                )
        for column in CURRENCIES.get(path.stem, ()):
            code = line.get(column, "").strip()
            if code and codes and code not in codes:
                raise SeedError(
                    f"{path}: line {number}: {column} {code} is no currency of ISO "
                    f"4217{did_you_mean(code, codes)}; currencies.csv adds some"
                )


def _text(path: Path) -> str:
    try:
        return text_of(path.read_bytes())
    except OSError as error:
        raise SeedError(f"{path} cannot be read: {error.strerror}") from None


def _check_named(
    path: Path, lines: list[tuple[int, Line]], others: dict[str, set[str]]
) -> None:
    """Raise SeedError naming file and line, if a line names what no seed has."""
    for column, listed in others.items():
        for number, line in lines:
            if (value := line.get(column, "")) not in listed:
                raise SeedError(
                    f"{path}: line {number}: {column} {value!r} is unknown"
                    f"{did_you_mean(value, listed)}"
                )


def text_of(content: bytes) -> str:
    """Return the text of a user's file: UTF-8, or as older spreadsheets write it."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _write(path: Path, content: bytes) -> None:
    """Put content in place at once, if it is another one."""
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{os.getpid()}")
    new.write_bytes(content)
    new.replace(path)
