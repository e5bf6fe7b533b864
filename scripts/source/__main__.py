"""`python -m scripts.source FILE`: draft the declaration of a file's system."""

from __future__ import annotations

import argparse
import glob
import re
import sys
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from dotenv import load_dotenv

from scripts import settings
from scripts.command import CommandError, Parser, command
from scripts.ingest.contents import contents
from scripts.ingest.errors import Refusal
from scripts.ingest.files import opened
from scripts.ingest.readers import open_reader
from scripts.ingest.sources import Column, Table, declaring, load_sources
from scripts.ingest.systems import folders, load_shapes
from scripts.ingest.systems.recognise import Catalogue, called
from scripts.printable import printable
from scripts.settings import PROJECT, shown

from .columns import MOST, look
from .draft import best, written

EPILOG = """\
exit codes:
  0  a draft was written, or the file is known already
  1  no table takes it, or it cannot be read
  2  wrong usage, or the draft exists already
"""


class NoDraftError(CommandError):
    """There is nothing to draft; the message says why."""

    exit_code = 1


class ExistsError(CommandError):
    """The draft would overwrite a file."""

    exit_code = 2


@command("source")
def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = Parser(
        prog="python -m scripts.source",
        description="Draft the declaration of a system from one of its files, into the "
        "user's own folder. Lands nothing and overwrites nothing.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="an export")
    parser.add_argument(
        "--name", metavar="NAME", help="name of the system (default: that of the file)"
    )
    options = parser.parse_args(arguments)
    load_dotenv(PROJECT / ".env")
    path = _there(options.file.expanduser())
    name = _name(options.name or path.stem)
    for line in _drafted(path, name):
        print(printable(line))
    return 0


def _there(path: Path) -> Path:
    """Return the file that a path names.

    What refuses a file knows its name alone, so a name without folders is looked for
    among what was refused and in the inbox, too.
    """
    if path.is_file():
        return path
    if path.is_dir():
        raise ExistsError(f"{path}: is a folder: name a file of it")
    if path.name != str(path):
        raise ExistsError(f"{path}: no such file")
    data = settings.load(is_open=True).data
    places = (data / "refused", data / "inbox")
    found = {
        at.resolve() for place in places for at in place.rglob(glob.escape(path.name))
    }
    if len(found) == 1:
        return found.pop()
    if found:
        named = " and ".join(shown(at) for at in sorted(found))
        raise ExistsError(f"{path}: there are several, name one of them: {named}")
    looked = " and ".join(shown(place) for place in places)
    raise ExistsError(
        f"{path}: no such file here, in {looked}: name it with its folder"
    )


def _drafted(path: Path, name: str) -> Iterable[str]:
    sources = load_sources()
    places = folders()
    shapes = load_shapes(sources, places, declaring())
    catalogue = Catalogue(sources, shapes)
    try:
        held = contents(path, catalogue.score).found
        found = max(held, key=lambda each: len(each.head.headers) if each.head else 0)
        if found.head is None:
            raise Refusal(found.problem or "holds no table")
        headers = list(dict.fromkeys(h for h in found.head.headers if h.strip()))
        known = catalogue.find(headers, name, path.stem)
        if known.shape:
            yield f"{path.name} is {called(known.shape)}: the inbox takes it as it is"
            return
        rows = _rows(path, found, headers)
    except Refusal as refusal:
        raise NoDraftError(f"{path}: {refusal.reason}") from None
    seen = look(headers, rows)
    draft = best(seen, sources.values(), shapes, path.stem)
    if draft is None:
        raise NoDraftError(
            f"{path}: no table takes it (headers: {', '.join(headers[:12])}): "
            "docs/adding-a-domain.md says how to add one"
        )
    target = places[-1] / f"{name}.yml"
    if target.exists():
        raise ExistsError(f"{target} exists already: another name is given by --name")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(written(name, "records", draft, seen), encoding="utf-8")
    again = load_shapes(sources, places, declaring())
    taken = Catalogue(sources, again).find(headers, name, path.stem).shape
    count = f"{len(rows):,} records" + (" and more" if len(rows) >= MOST else "")
    yield f"{shown(target)}: a draft, from {count} of {path.name}"
    if taken and taken.system == name:
        key = draft.mapped[0].seen.header
        yield f"such files land in {draft.into}, identified by {key}"
    else:
        yield "such files are not recognised by it yet: mend recognised_by"
    for mapped in draft.mapped:
        why = f"({mapped.how}: {mapped.why})"
        yield f"  {mapped.column.name} ← {mapped.seen.header} {why}"
    rest = len(seen) - len(draft.mapped)
    if rest:
        yield f"  {rest} further columns are kept in _extra"
    lacking = [
        column.name
        for column in draft.table.columns
        if column.required
        and column.name not in {mapped.column.name for mapped in draft.mapped}
    ]
    if lacking:
        yield f"  not found: {', '.join(lacking)}"
    yield "read it, mend it, then: make ingest ARGS=--dry-run"


def _rows(path: Path, found: object, headers: list[str]) -> list[list[str | None]]:
    """The first rows of a file, by header."""
    table = Table(
        *("draft", "draft", "draft"), tuple(Column(header) for header in headers)
    )
    taken: list[list[str | None]] = []
    with opened(path, found.inner) as content:  # type: ignore[attr-defined]
        head = found.head  # type: ignore[attr-defined]
        reader = open_reader(content, table, head.kind, head.sheet)
        for batch in reader.batches():
            at = [
                reader.columns.index(header) if header in reader.columns else None
                for header in headers
            ]
            for row in batch.rows:
                taken.append([None if place is None else row[place] for place in at])
            if len(taken) >= MOST:
                break
    return taken[:MOST]


def _name(text: str) -> str:
    """A name of a system out of one that people write."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "_", plain.casefold())
    name = re.sub(r"(_?\d{2,})+$", "", name).strip("_")
    return name if re.match("[a-z]", name) else f"s_{name}".rstrip("_")


if __name__ == "__main__":
    sys.exit(main())
