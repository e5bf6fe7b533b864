"""Pseudonyms in the place of personal data, whatever a query does with them.

Each relation that a page reads is hidden behind a view of its name that shows
pseudonyms, so no query has to know of it. What is personal says `pii` in the YAML of
the marts, as for shared copies; a dashboard may name columns that it shows all the
same (`shown`).
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from dotenv import load_dotenv

from scripts.ingest import kept
from scripts.ingest.errors import UsageError
from scripts.settings import PROJECT
from scripts.warehouse import QueryError, Warehouse
from scripts.yaml_text import read_yaml

VARIABLE = "WAREHOUSE_PERSONAL"
MASKED, SHOWN = "masked", "shown"
MODELS = PROJECT / "models"
LOOKUPS = {
    "activity_outcomes": "outcome",
    "activity_types": "activity_type",
    "contact_statuses": "status",
    "countries": "country_code",
    "currencies": "code",
    "forecast_categories": "forecast_category",
    "industries": "industry",
    "lead_dispositions": "disposition",
    "lead_sources": "lead_source",
    "opportunity_stages": "stage",
    "products": "product",
    "rules": "rule",
    "size_bands": "size_band",
    "us_states": "state",
}
"""Seeds of codes, each with the column that holds them."""
WHOLE_NAME = re.compile(r"""\bmain\b["'`\]]?\s*\.""", re.IGNORECASE)
CURRENCY = re.compile(r"\bcurrency(_code)?\b|_currency(_code)?\b")
"""Columns whose codes are shown, whatever copies for others do with them."""
REASONS = {"fct_ingest_files.reason", "fct_ingest_files.cut_reason"}
"""Columns with sentences of this project, which quote from files."""
QUOTED = (
    r"\(.*\)|'.*'|" r'".*"' r"|\b(?:corrupt|malformed JSON|unexpected \w+|header): .*"
)
"""What may be of a file in such a sentence, on all engines."""
LEFT_OUT = "(…)"
MARK = re.compile(r"masked-([0-9a-f]{6})[0-9a-f]{10}")


def are_shown() -> bool:
    """Whether the setting lets a page show personal data; raises UsageError."""
    load_dotenv(PROJECT / ".env")
    chosen = os.environ.get(VARIABLE) or MASKED
    if chosen not in (MASKED, SHOWN):
        raise UsageError(f"{VARIABLE}: expected {MASKED} or {SHOWN}, not {chosen!r}")
    return chosen == SHOWN


def shortened(text: str) -> str:
    """Return a text with its pseudonyms as people read them."""
    return MARK.sub(r"masked-\1", text)


def without_values(reason: Any) -> Any:
    """Return why a file was refused, without what is quoted from it.

    >>> without_values("no known export (2 columns: Ann, 7): see the guide")
    'no known export (…): see the guide'
    """
    if not isinstance(reason, str):
        return reason
    return re.sub(QUOTED, LEFT_OUT, reason, flags=re.DOTALL)


class Masks:
    """Puts pseudonyms into the place of personal data.

    Each has a key of its own, so a value has another pseudonym on each page; who
    wants the same gives the same `key`.
    """

    def __init__(
        self, warehouse: Warehouse, shown: Iterable[str] = (), key: str | None = None
    ) -> None:
        self._warehouse = warehouse
        self._shown = set(shown)
        self._declared = declared()
        relations = warehouse.tables() | warehouse.views()
        self._relations = {name.casefold(): name for name in sorted(relations)}
        self._columns: dict[str, str] = {}
        self._hidden: dict[str, bool] = {}
        codes = sorted(self._codes())
        key = key or secrets.token_hex()
        if warehouse.engine == "sqlite":
            pseudonym = _pseudonyms(key.encode())
            known = frozenset(codes)
            warehouse.define("mask", pseudonym)
            warehouse.define("mask_code", lambda v: v if v in known else pseudonym(v))
            self._mask, self._mask_code = "mask({0})", "mask_code({0})"
            warehouse.define("mask_reason", without_values)
            self._mask_reason = "mask_reason({0})"
        else:
            values = ", ".join(f"({_literal(code)})" for code in codes)
            warehouse.prepare(
                "create temp table mask_codes as select * from"
                f" (values {values}) as listed (code)"
            )
            is_postgres = warehouse.engine == "postgres"
            keyed = f"'{key}' || cast({{0}} as text)"
            digest = f"sha256({keyed})"
            if is_postgres:
                digest = f"encode(sha256(convert_to({keyed}, 'UTF8')), 'hex')"
            self._mask = f"'masked-' || substr({digest}, 1, 16)"
            # \y is the edge of a word there
            quoted = QUOTED.replace(r"\b", r"\y") if is_postgres else QUOTED
            pattern, left = _literal(quoted), _literal(LEFT_OUT)
            flags = "'g'" if is_postgres else "'gs'"
            self._mask_reason = f"regexp_replace({{0}}, {pattern}, {left}, {flags})"
            in_codes = "cast({0} as text) in (select code from mask_codes)"
            self._mask_code = f"case when {in_codes} then {{0}} else {self._mask} end"

    def hide(self, query: str) -> None:
        """Hide the relations that a query may name.

        Raises QueryError, also for a query that names the schema behind the views.
        """
        if WHOLE_NAME.search(query):
            raise QueryError("a table named with its schema cannot be masked")
        words = re.findall(r"\w+", query.casefold())
        named = [name for name in dict.fromkeys(words) if name in self._relations]
        # SQLite joins two views by pseudonyms row by row: one alone is looked through
        through = [name for name in named if words.count(name) == 1][:1]
        for name in named:
            self._hide(self._relations[name], name in through)

    def _hide(self, relation: str, is_through: bool) -> None:
        if relation not in self._columns:
            self._columns[relation] = self._masked_columns(relation)
        columns = self._columns[relation]
        if columns and self._hidden.get(relation) != is_through:
            self._warehouse.shadow(relation, columns, is_through)
            self._hidden[relation] = is_through

    def _masked_columns(self, relation: str) -> str:
        """What is shown of a relation in SQL; nothing if all of it is."""
        columns = self._warehouse.columns(relation)
        known = self._declared.get(relation, {})
        if relation in LOOKUPS:
            return ""
        shown = []
        for name, kind in columns.items():
            place, text = f"{relation}.{name}", _quoted(name)
            if place in REASONS:
                shown.append(f"{self._mask_reason.format(text)} as {text}")
            else:
                pii = False if place in self._shown else known.get(name)
                shown.append(self._column(text, kind, pii))
        return ", ".join(shown) if any(" as " in column for column in shown) else ""

    def _column(self, name: str, kind: str, pii: Any) -> str:
        """The SQL of what is shown of a column; `pii` is None if nobody declared it."""
        if pii is False:
            return name
        if pii == "codes" or CURRENCY.search(name):
            return f"{self._mask_code.format(name)} as {name}"
        masked = self._mask.format(name)
        if pii is None:  # figures are summed, a text may be anything
            if self._warehouse.engine == "sqlite":  # whose columns hold any type
                kept = f"typeof({name}) in ('integer', 'real', 'null')"
                masked = f"case when {kept} then {name} else {masked} end"
            elif kind.upper() not in ("VARCHAR", "TEXT", "BLOB", "JSON"):
                return name
        return f"{masked} as {name}"

    def _codes(self) -> set[str]:
        """Codes and names of this project, which say nothing of anybody."""
        found = {"file", "record", *source_names()}
        for table in LOOKUPS.keys() & self._relations.keys():
            sql = f"select {LOOKUPS[table]} from {table}"
            found.update(str(code) for (code,) in self._warehouse.rows(sql))
        return found


@lru_cache(maxsize=4)
def _pseudonyms(key: bytes) -> Callable[[Any], Any]:
    """Return a function that gives the pseudonym of a value, by one key."""

    @lru_cache(maxsize=65_536, typed=True)
    def pseudonym(value: Any) -> Any:
        if value is None:
            return None
        text = value if isinstance(value, bytes) else str(value).encode()
        return f"masked-{sha256(key + text).hexdigest()[:16]}"

    return pseudonym


@cache
def declared() -> dict[str, dict[str, Any]]:
    """Return each mart with the `pii` of its columns; True where there is none."""
    return _kept("marts", _read_marts, (MODELS / "marts").rglob("*.yml"))


@cache
def source_names() -> frozenset[str]:
    """Return the names of sources, of their tables and of their columns."""
    files = (MODELS / "staging").rglob("*__sources.yml")
    return _kept("sources", _read_sources, files)


def _kept(name: str, read: Callable[[list[Path]], Any], files: Iterable[Path]) -> Any:
    """What `read` finds in files, as long as none of them changes."""
    target = PROJECT / os.environ.get("DBT_TARGET_PATH", "target")
    place, listed = target / f"masks-{name}.pickle", sorted(files)
    found = kept.find(place, listed)
    if found is None:
        found = read(listed)
        kept.keep(place, listed, [Path(__file__)], found)
    return found


def _read_marts(files: list[Path]) -> dict[str, dict[str, Any]]:
    found = {}
    for path in files:
        declared = read_yaml(path.read_bytes()) or {}
        for model in declared.get("models") or ():
            columns = model.get("columns") or ()
            found[model["name"]] = {c["name"]: _pii(c) for c in columns}
    return found


def _read_sources(files: list[Path]) -> frozenset[str]:
    found = set()
    for path in files:
        for source in (read_yaml(path.read_bytes()) or {}).get("sources") or ():
            found.add(source["name"])
            for table in source.get("tables") or ():
                found.add(table["name"])
                found.update(column["name"] for column in table.get("columns") or ())
    return frozenset(found)


def _pii(column: dict[str, Any]) -> Any:
    meta = (column.get("config") or {}).get("meta") or column.get("meta") or {}
    return meta.get("pii", True)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
