"""Personal data on the desk: as it is, or as pseudonyms that show what is equal.

Whether values differ is always judged by the values themselves.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from typing import Any

from scripts.desk.base import Base
from scripts.desk.entities import Entity
from scripts.morning.keys import is_personal
from scripts.morning.masks import LOOKUPS, declared

_key = secrets.token_bytes()
_tokens: dict[tuple[str, str], str] = {}
"""By entity and pseudonym, the identifier of a record that was shown."""
NOT_PERSONAL = frozenset(
    {"record_kind", "source_name", "created_at", "changed_at", "updated_at"}
    | {"entry_date", "is_gone", "country_code", "field", "rule"}
)
"""Columns of records that say nothing of anybody, beside those that the marts name."""
LIKE_A_PERSONS = re.compile(r"@|%40|://|[\r\n]|(?:\D*\d){7}|.{61}", re.DOTALL)
"""What no code has: an address, a number of somebody, a sentence."""
NAME = re.compile(r"[^\W\d_][^\W\d_.'’-]*[.,]?(?:[ '’-][^\W\d_]+[.,]?){1,3}")
CODES = "select {} as code from {}"


class Veil:
    """What a page shows of personal data."""

    def __init__(self, is_shown: bool, codes: Iterable[str] = ()) -> None:
        self.is_shown = is_shown
        self._codes = frozenset(codes)

    def text(self, value: Any, pii: Any = True) -> str:
        """Return a value as it is shown; `pii` as in the YAML of the marts."""
        text = str(value)
        is_plain = pii is False or (pii == "codes" and text in self._codes)
        return text if self.is_shown or is_plain else digest(text)[:13]

    def code(self, value: Any, count: int) -> str:
        """Return a value of a column of codes, which `count` records have.

        What no list knows is a code of the source as a rule, and says nothing of
        anybody. Not so what looks like it, or like the name of somebody where but one
        record has it: its line may have slipped.
        """
        text = str(value)
        is_name = NAME.fullmatch(text) and text == text.title()
        is_personal_ = LIKE_A_PERSONS.search(text) or (is_name and count < 2)
        return digest(text)[:13] if is_personal_ and not self.is_shown else text

    def free(self, text: Any) -> str:
        """Return what a person has written, where anybody may be named."""
        said = str(text or "").strip()
        return said if self.is_shown or not said else "(masked)"

    def reference(self, entity: Entity, record: str) -> str:
        """Return the reference to a record, on a page and in the address of its own.

        Identifiers are shown, so that they are found elsewhere, but not those that say
        something of somebody.
        """
        if self.is_shown or not is_personal(record):
            return record
        token = digest(f"{entity.name} {record}")
        _tokens[entity.name, token] = record
        return token


def referred(entity: Entity, reference: str) -> str:
    """Return the record that an address of a page refers to."""
    return _tokens.get((entity.name, reference), reference)


def digest(text: str) -> str:
    """Return the pseudonym of a text, by a key of this process."""
    return f"masked-{hmac.new(_key, text.encode(), sha256).hexdigest()[:16]}"


def known_codes(base: Base) -> frozenset[str]:
    """Return the codes of the seeds, which say nothing of anybody."""
    found: set[str] = set()
    for table, column in LOOKUPS.items():
        if base.has(table):
            found.update(
                str(row["code"]) for row in base.rows(CODES.format(column, table))
            )
    return frozenset(found)


@lru_cache(maxsize=1024)
def personal(entity: Entity, column: str) -> Any:
    """Return what the marts declare as `pii` of a column of records."""
    if column in NOT_PERSONAL:
        return False
    return _known().get(entity.table or "dim_leads", {}).get(column, True)


@lru_cache(maxsize=1)
def _known() -> dict[str, dict[str, Any]]:
    return dict(declared())
