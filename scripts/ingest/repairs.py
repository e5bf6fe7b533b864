"""Which refused files have been repaired since: another has landed in their place."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import NamedTuple

_MARK = re.compile(
    r"[\s_.\-–]*(?:\(\d+\)|\b(?:copy|kopie|copie|copia|kopia)(?: of)?|(?:fixed|fix|"
    r"corrected|correct|correction|repaired|mended|cleaned|clean|new|final|again|resent|"
    r"resend|neu|korrigiert|korrektur|corrig[ée]e?|nouveau|nouvelle|corregid[oa]|nuev[oa]|"
    r"corrett[oa]|nuov[oa]|corrigid[oa]|novo|gecorrigeerd|nieuw|poprawion[ya]|utf-?8|"
    r"v\d{1,2}))$"
)
"""What people and browsers add to the name of a file that they save once more."""


class Kept(NamedTuple):
    """A file as the ledger has it."""

    file_id: int
    source: str | None
    name: str
    content_hash: str | None


def stem(file_name: str) -> str:
    """What the names of a file and of its repaired copies have in common."""
    name = PurePosixPath(file_name.casefold()).name.removesuffix(".gz")
    name = re.sub(r"\.[a-z]{2,8}$", "", name).strip()
    while (shorter := _MARK.sub("", name)) not in (name, ""):
        name = shorter
    return re.sub(r"^copy of ", "", name)


def repairs(refused: Iterable[Kept], landed: Iterable[Kept]) -> dict[int, int]:
    """Number of each refused file that was repaired, and of the one that did it.

    It has the same content, or came later, from the same source and by the same name
    but for what marks a copy.
    """
    by_hash: dict[str | None, int] = {}
    by_name: dict[tuple[str | None, str], int] = {}
    for file in landed:
        by_hash.setdefault(file.content_hash, file.file_id)
        by_name[file.source, stem(file.name)] = file.file_id
    found = {}
    for file in refused:
        by = by_hash.get(file.content_hash) if file.content_hash else None
        later = by_name.get((file.source, stem(file.name)), 0)
        if by or later > file.file_id:
            found[file.file_id] = by or later
    return found
