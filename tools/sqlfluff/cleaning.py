"""Stand-ins for sqlfluff: a call is its macro's name, unless it is no expression."""

from __future__ import annotations

from collections.abc import Callable


def computed_once() -> str:
    """Return what the macro ends a select with."""
    return "limit 1"


def read_columns(relation: str, *_: object) -> str:
    """Return a select, which the macro is."""
    return f"select * from {relation}"


def __getattr__(name: str) -> Callable[..., str]:
    return lambda *_, **__: name
