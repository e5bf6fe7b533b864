"""SQL functions of a session: what those of all adapters have in common."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar


@dataclass(eq=False)
class SqlFunction:
    """An expression over so many arguments, `_1`, `_2` and so on."""

    name: str
    arguments: int
    expression: str

    @cached_property
    def definition(self) -> str:
        """Another text for every other function."""
        digest = hashlib.md5(self.expression.encode(), usedforsecurity=False)
        return f"{self.name}: {digest.hexdigest()}"

    @cached_property
    def called(self) -> frozenset[str]:
        """Names of functions that it may call."""
        return called(self.expression)


Made = TypeVar("Made", bound=SqlFunction)


def called(query: str) -> frozenset[str]:
    """Return names behind which a query has a bracket."""
    return frozenset(re.findall(r"\b\w+(?=\()", query))


def behind(query: str, defined: Mapping[str, Made]) -> list[Made]:
    """Return the functions that a query calls, and those that they call.

    They are in the order of `defined`: each behind those that it calls.
    """
    found: set[str] = set()
    left = called(query) & defined.keys()
    while left:
        found |= left
        left = frozenset().union(*(defined[name].called for name in left))
        left = (left & defined.keys()) - found
    return [made for name, made in defined.items() if name in found]


def write_function(target: str | Path, name: str, expression: str) -> None:
    """Write what an SQL function of the session is, as `functions/<name>.sql`."""
    written = Path(target) / "functions" / f"{name}.sql"
    written.parent.mkdir(parents=True, exist_ok=True)
    written.write_text(expression + "\n", encoding="utf-8")
