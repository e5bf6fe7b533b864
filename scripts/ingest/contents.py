"""Which tables a file of the inbox holds: itself, members of a ZIP file, sheets."""

from dataclasses import dataclass
from pathlib import Path

from .containers import BETWEEN, is_zip, unpacked
from .errors import Refusal
from .files import Inner, opened
from .memory import bounded
from .readers.layout import Score
from .readers.peek import Head, peek


@dataclass(frozen=True)
class Found:
    """A table within a file; with a problem it is refused."""

    label: str = ""
    """What stands after the name of the file: `!Account.csv`, `!Sheet2`; or nothing."""
    inner: Inner = ()
    """For `files.opened`."""
    head: Head | None = None
    problem: str | None = None
    size: int | None = None
    """Bytes that a member takes in its ZIP file."""


@dataclass(frozen=True)
class Contents:
    """What a file holds."""

    found: list[Found]
    notes: list[str]
    """What a person should know of it besides."""


def contents(path: Path, score: Score | None = None) -> Contents:
    """The tables that a file holds, in the order of the file.

    `score` counts how many of some headers are known, see `readers.peek`. Raises
    Refusal if the file cannot be read now, and may be later.
    """
    try:
        if not is_zip(path):
            return Contents(_heads(path, (), "", None, score), [])
        held = unpacked(path)
    except Refusal as refusal:
        if refusal.retry:
            raise
        return Contents([Found(problem=refusal.reason)], [])
    found: list[Found] = []
    for member in held.members:
        label, inner, size = member.label, member.inner, member.size
        if member.problem:
            found.append(Found(label, inner, problem=member.problem, size=size))
        else:
            found += _heads(path, inner, label, size, score)
    notes = []
    if held.attachments:
        notes.append(f"{held.attachments:,} attachments, which are not read")
    if not found:
        problem = "the ZIP file holds no file that could have records"
        found.append(Found(problem=problem))
    return Contents(found, notes)


def _heads(
    path: Path, inner: Inner, label: str, size: int | None, score: Score | None
) -> list[Found]:
    try:
        with bounded(), opened(path, inner) as content:
            heads = peek(content, score)
    except Refusal as refusal:
        if refusal.retry and not inner:
            raise
        return [Found(label, inner, problem=refusal.reason, size=size)]
    if len(heads) == 1:
        return [Found(label, inner, heads[0], size=size)]
    return [
        Found(f"{label}{BETWEEN}{head.sheet}", inner, head, size=size) for head in heads
    ]
