"""How feeds are declared, under `config.meta` of a table or a source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, ClassVar

from scripts.command import did_you_mean

VARIABLE = re.compile(r"\$\{(\w+)\}")
PAGING = {
    "page": {"parameter", "size", "size_parameter"},
    "cursor": {"parameter", "next"},
    "link": set(),
}


@dataclass(frozen=True)
class _Feed:
    name: str
    """Folder of its deliveries; what the ledger and the marts call it."""
    url: str
    """Address, with variables of the environment as `${NAME}`."""

    def address(self, environment: Mapping[str, str]) -> str | None:
        """The address, or None while a variable in it is not set."""
        names = VARIABLE.findall(self.url)
        if not all(environment.get(name) for name in names):
            return None
        return VARIABLE.sub(lambda found: environment[found[1]], self.url)


@dataclass(frozen=True)
class Window:
    """Days that are asked for at once."""

    begin: str
    """Parameter for the first day."""
    end: str
    """Parameter for the last day."""
    first: date
    days: int = 31
    settle: int = 31
    """Days for which late records may still come, so that they are asked again."""
    is_end_exclusive: bool = False


@dataclass(frozen=True)
class Api(_Feed):
    """A REST interface that gives records as JSON, page by page."""

    extra: ClassVar[str] = "api"
    table: str = ""
    bearer: str | None = None
    """Variable that holds a bearer token."""
    key: str | None = None
    """Variable that holds an API key."""
    key_header: str = "X-API-Key"
    records: str | None = None
    """Where in the answer the records are; None if the answer is the list."""
    paging: dict[str, Any] = field(default_factory=lambda: {"kind": "link"})
    parameters: dict[str, Any] = field(default_factory=dict)
    window: Window | None = None
    requests_per_minute: int = 300
    timeout: float = 30
    """Seconds until an answer has to be there as a whole."""
    attempts: int = 6
    max_megabytes: float = 32
    """What an answer may be long at most, decompressed."""
    max_idle_pages: int = 10
    """Pages in a row that may bring nothing new; after 0 an empty one is the end."""


@dataclass(frozen=True)
class Database(_Feed):
    """A table of a database, read in the order of a column that grows."""

    extra: ClassVar[str] = "database"
    table: str = ""
    relation: str = ""
    """Table or view there, perhaps with its schema."""
    cursor: str = "id"
    rows: int = 50_000
    lag: float = 0
    """How far below its last value, in numbers or seconds, a row may still come."""


@dataclass(frozen=True)
class Bucket(_Feed):
    """A place in a bucket that holds the files of a source."""

    extra: ClassVar[str] = "s3"


def read(kind: type[_Feed], raw: Any, **given: Any) -> Any:
    """Return the declaration as an object; raises ValueError saying what is wrong."""
    if not isinstance(raw, dict):
        raise ValueError("expected keys and values")
    values = {**raw, **given}
    if kind is Api:
        if "window" in raw:
            values["window"] = _window(raw["window"])
        _check_paging(raw.get("paging", {"kind": "link"}))
    found = _made(kind, values)
    if not re.fullmatch(r"[A-Za-z0-9_.-]+", str(found.name)):
        raise ValueError(f"name: expected letters and digits, not {found.name!r}")
    for number in ("rows", "requests_per_minute", "timeout", "attempts"):
        _check_number(number, getattr(found, number, 1), above=0)
    _check_number("max_megabytes", getattr(found, "max_megabytes", 1), above=0)
    for number in ("max_idle_pages", "lag"):
        _check_number(number, getattr(found, number, 1))
    return found


def _check_number(name: str, value: Any, above: int | None = None) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or value < 0 or value == above:
        wanted = "a number" if above is None else f"a number above {above}"
        raise ValueError(f"{name}: expected {wanted}, not {value!r}")


def _made(kind: type, values: dict[str, Any]) -> Any:
    known = {field.name for field in fields(kind)}
    if unknown := set(values) - known:
        hint = did_you_mean(min(unknown), known)
        raise ValueError(f"{min(unknown)} is not known (known: {_listed(known)}){hint}")
    try:
        return kind(**values)
    except TypeError as error:  # "... missing 1 required positional argument: 'url'"
        raise ValueError(f"{str(error).partition(': ')[2]} is missing") from None


def _window(raw: Any) -> Window:
    if not isinstance(raw, dict):
        raise ValueError("window: expected keys and values")
    window = _made(Window, raw)
    if not isinstance(window.first, date):
        raise ValueError(f"window: first: expected a day, not {window.first!r}")
    if not (isinstance(window.days, int) and window.days > 0):
        raise ValueError(f"window: days: expected a number above 0, not {window.days}")
    return window


def _check_paging(raw: Any) -> None:
    kind = raw.get("kind") if isinstance(raw, dict) else None
    if kind not in PAGING:
        raise ValueError(f"paging: kind: expected {_listed(PAGING)}, not {kind!r}")
    if unknown := set(raw) - PAGING[kind] - {"kind"}:
        raise ValueError(f"paging: {min(unknown)} is not known for {kind}")
    needed = PAGING[kind] - {"size", "size_parameter"}
    if missing := needed - set(raw):
        raise ValueError(f"paging: {min(missing)} is missing")


def _listed(names: Any) -> str:
    return ", ".join(sorted(names))
