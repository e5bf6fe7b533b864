"""The draft of a system: which table takes a file, and which header which column."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from scripts.ingest.headers import normal
from scripts.ingest.records import GROUP
from scripts.ingest.sources import Column as Declared
from scripts.ingest.sources import Source, Table

from .columns import Column
from .words import ALIASES, is_about, meant

SURE, LIKELY, GUESS = "sure", "likely", "a guess"
WEIGHTS = {SURE: 3.0, LIKELY: 1.5, GUESS: 0.5}
DEALS = "opportunities"
"""The table whose records are named by a column of their own, which no other has."""
FITS = {
    "date": {"date", "timestamp"},
    "money": {"money", "number", "integer"},
    "integer": {"integer", "number", "money", "text"},
    "boolean": {"boolean"},
    "email": {"text"},
    "phone": {"text"},
    "text": {"text"},
}
"""Types of columns that values of a kind may go into."""
_CONTACTS = {"email": "e-mail addresses", "phone": "telephone numbers"}
_USUAL = {"id", "name", "type", "title", "date", "created", "status", "at", "email"}
"""Words that say little alone."""
_WORDS = re.compile(r"[^\W\d_]+|\d+")
_HUMP = re.compile(r"(?<=[a-zäöüéèñ])(?=[A-Z])")
_KEYS = re.compile(r"\b(id|no|nr|number|key|code|ref|nummer|uuid|guid)\b", re.I)


@dataclass(frozen=True)
class Mapped:
    """A header for a column."""

    column: Declared
    seen: Column
    how: str
    why: str


@dataclass(frozen=True)
class Draft:
    """A table, and what fills it."""

    table: Table
    mapped: list[Mapped]
    weight: float

    @property
    def into(self) -> str:
        """The table as declarations name it."""
        return f"{self.table.source}.{self.table.name}"


def best(
    seen: Sequence[Column],
    sources: Iterable[Source],
    shapes: Iterable[Table],
    name: str = "",
) -> Draft | None:
    """The draft for the table that fits best; None if none does.

    What the name of the file says it is of comes first, for headers such as `Date`
    and `Amount` are of everything. A header such as `Deal` says it as well.
    """
    known = _known(shapes)
    drafts = [
        draft
        for source in sources
        if source.takes_any_folder
        for table in source.tables
        if not table.registers and (draft := _draft(table, seen, known))
    ]
    named = [draft for draft in drafts if is_about(draft.table.name, _words(name))]
    titles = {each.header.strip().casefold() for each in seen}
    if not named and is_about(DEALS, titles):
        named = [draft for draft in drafts if draft.table.name == DEALS]
    return max(named or drafts, key=lambda draft: draft.weight, default=None)


def _known(shapes: Iterable[Table]) -> dict[tuple[str, str, str], str]:
    """Source, table and header → column, as the systems that ship have them."""
    return {
        (shape.source, shape.name, normal(header)): column.name
        for shape in shapes
        for column in shape.columns
        for header in column.headers or ()
    }


def _draft(
    table: Table, seen: Sequence[Column], known: dict[tuple[str, str, str], str]
) -> Draft | None:
    choices = []
    for column in table.columns:
        for place, each in enumerate(seen):
            if found := _fit(table, column, each, known):
                how, why = found
                choices.append(
                    (-WEIGHTS[how], place, column.name, each.header, why, how)
                )
    columns = {column.name: column for column in table.columns}
    by_header = {each.header: each for each in seen}
    taken: dict[str, Mapped] = {}
    used: set[str] = set()
    for _, _, name, header, why, how in sorted(choices):
        if name not in taken and header not in used:
            taken[name] = Mapped(columns[name], by_header[header], how, why)
            used.add(header)
    _take_only(table, seen, taken, used)
    if not _take_key(table, seen, taken, used):
        return None
    mapped = [taken[c.name] for c in table.columns if c.name in taken]
    weight = sum(WEIGHTS[each.how] for each in mapped)
    lacking = [c for c in table.columns if c.required and c.name not in taken]
    if len(mapped) < 3:
        return None
    return Draft(table, mapped, weight - len(lacking))


def _take_key(
    table: Table, seen: Sequence[Column], taken: dict[str, Mapped], used: set[str]
) -> bool:
    """Take what identifies records; False if nothing does."""
    key = table.columns[0]

    def may_be_key(of: Column) -> bool:
        if table.name in GROUP:  # several rows are of one order
            return of.filled == of.rows
        return of.may_be_key

    numbers = (name for name in taken if name.endswith("_number"))
    number = next((name for name in numbers if may_be_key(taken[name].seen)), None)
    if key.name not in taken and number:
        taken[key.name] = replace(taken.pop(number), column=key)
    mine = taken.get(key.name)
    is_counter = table.name not in GROUP and bool(mine and mine.seen.is_running)
    if mine and may_be_key(mine.seen) and not is_counter:
        return True
    free = [each for each in seen if each.may_be_key and each.header not in used]
    free.sort(key=lambda each: (each.is_running, not _KEYS.search(_plain(each.header))))
    if (free and free[0].is_running) or is_counter:
        better = _better(seen, taken, free)
    else:
        better = free[0] if free else None
    if better:
        taken[key.name] = Mapped(key, better, GUESS, "no value comes twice")
    elif not (mine and may_be_key(mine.seen)):
        if not free:
            return False
        taken[key.name] = Mapped(key, free[0], GUESS, "no value comes twice")
    return True


def _better(
    seen: Sequence[Column], taken: dict[str, Mapped], free: Sequence[Column]
) -> Column | None:
    """What identifies records better than numbers that may begin anew in each file.

    An identifier, else an e-mail address or a telephone number, which stays what it is
    as well, else a text that no other column takes.
    """
    others = [each for each in free if not each.is_running]
    named = [each for each in others if _KEYS.search(_plain(each.header))]
    shared = [
        taken[name].seen
        for name in ("email", "phone")
        if name in taken and taken[name].seen.may_be_key
    ]
    kinds = [
        each
        for kind in ("email", "phone", "text", "integer")
        for each in others
        if each.kind == kind
    ]
    return next(iter([*named, *shared, *kinds]), None)


def _take_only(
    table: Table, seen: Sequence[Column], taken: dict[str, Mapped], used: set[str]
) -> None:
    """Take the only date and the only amount that are left for what lacks one."""
    for kinds, types in ((("date",), FITS["date"]), (("money",), {"money"})):
        free = [c for c in seen if c.kind in kinds and c.header not in used]
        columns = [c for c in table.columns if c.data_type in types]
        if len(free) == 1 and columns and not any(c.name in taken for c in columns):
            why = "the only one of its kind"
            taken[columns[0].name] = Mapped(columns[0], free[0], GUESS, why)
            used.add(free[0].header)


def _fit(
    table: Table,
    column: Declared,
    seen: Column,
    known: dict[tuple[str, str, str], str],
) -> tuple[str, str] | None:
    """How sure it is that a header is of a column, and why."""
    header = normal(seen.header)
    if header in {normal(name) for name in (column.name, *column.aliases)}:
        return SURE, "the name of the column"
    if known.get((table.source, table.name, header)) == column.name:
        return SURE, "a header of a known system"
    if seen.filled and column.data_type not in FITS[seen.kind]:
        return None
    if column.name in ALIASES.get(header, ()):
        return LIKELY, "a name of the column"
    if column.name == seen.kind and column.name in _CONTACTS:
        return LIKELY, f"its values are {_CONTACTS[column.name]}"
    other = meant(_words(seen.header))
    for name in (column.name, *column.aliases):
        own = _words(name)
        if own and own <= other:
            word = " ".join(sorted(own))
            return GUESS if own <= _USUAL else LIKELY, f"has the word {word}"
    if len(_words(seen.header)) > 1:
        return None
    of = _words(column.name) - {"name", "id"}
    is_key = table.name in GROUP and column is table.columns[0]
    if of <= other and (is_key or column.name.endswith("_name")):
        return GUESS, f"seems to name the {' '.join(of)}"
    return None


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORDS.findall(_HUMP.sub(" ", _plain(text)))}


def _plain(text: str) -> str:
    return text.replace("_", " ")


# -- as YAML --------------------------------------------------------------------


def written(name: str, shape: str, draft: Draft, seen: Sequence[Column]) -> str:
    """The declaration, with how sure each line is."""
    settings = _settings(draft)
    key = draft.mapped[0]
    lines = [
        "# A draft: read it, mend it, and remove what is wrong. docs/systems.md",
        f"system: {name}",
        f"title: {_text(name.replace('_', ' ').capitalize())}",
    ]
    if any(not line.startswith("#") for line in settings):
        lines += ["settings:", *(f"  {line}" for line in settings)]
    else:
        lines += settings
    lines += [
        "tables:",
        f"  {shape}:",
        f"    into: {draft.into}",
        f"    recognised_by: [[{', '.join(_text(h) for h in _telling(draft))}]]",
        "    columns:",
    ]
    lines += _warning(draft)
    for mapped in draft.mapped:
        notes = [f"{mapped.how}: {mapped.why}"]
        if mapped is key:
            notes.append(
                "the key" if key.seen.may_be_key else "the key, but not unique"
            )
        if mapped.seen.is_personal:
            notes.append("personal")
        lines.append(
            f"      {mapped.column.name}: [{_text(mapped.seen.header)}]"
            f"  # {', '.join(notes)}"
        )
    used = {mapped.seen.header for mapped in draft.mapped}
    rest = [each for each in seen if each.header not in used]
    if rest:
        lines.append("    also_has:  # of no column: kept in _extra")
        for each in rest:
            hint = "personal, " if each.is_personal else ""
            lines.append(f"      - {_text(each.header)}  # {hint}{each.kind}")
    return "\n".join(lines) + "\n"


def _warning(draft: Draft) -> list[str]:
    """What to say of a key that numbers the rows of its file."""
    key = draft.mapped[0]
    if not key.seen.is_running or draft.table.name in GROUP:
        return []
    lines = (
        f"{_text(key.seen.header)} counts the rows. If it begins anew in each file,",
        "records of the next one take the place of these, without a finding. Then give",
        f"{key.column.name} a header that identifies a record in all files, such as",
        "an e-mail address, which may fill its own column as well. People without any",
        "are known by name and address in `into: marketing.form_leads` with `key: []`.",
    )
    return [f"      # {line}" for line in lines]


def _settings(draft: Draft) -> list[str]:
    """How values are written, or what the user should say of it."""
    dates = [m.seen for m in draft.mapped if m.seen.kind == "date" and m.seen.orders]
    orders = set.intersection(*(each.orders for each in dates)) if dates else set()
    marks = {mark for m in draft.mapped for mark in m.seen.marks}
    settings = []
    if len(orders) == 1:
        settings.append(f"date_order: {min(orders)}  # sure: a part is above 12")
    elif dates:
        settings.append("# date_order: dmy  # or mdy: the file does not show which")
    if len(marks) == 1:
        settings.append(f'decimal_mark: "{min(marks)}"  # likely')
    names = {mapped.column.name for mapped in draft.mapped}
    if any(
        f"{of}_name" in names and f"{of}_id" not in names
        for of in ("company", "contact")
    ):
        settings.append("links: names  # a guess: records name what they refer to")
    has_money = any(m.column.data_type == "money" for m in draft.mapped)
    if has_money and "currency" not in names:
        settings.append("# currency: EUR  # no column says it: name it here")
    if "probability" in names:
        settings.append("# probability: share  # if 0.2 means 20 %")
    return settings


def _telling(draft: Draft) -> list[str]:
    """The key and headers that show what the file is."""
    surest = sorted(draft.mapped[1:], key=lambda mapped: -WEIGHTS[mapped.how])
    headers = [mapped.seen.header for mapped in (draft.mapped[0], *surest)]
    return list(dict.fromkeys(headers))[:3]


def _text(text: str) -> str:
    """A text as YAML has it."""
    return json.dumps(text, ensure_ascii=False)
