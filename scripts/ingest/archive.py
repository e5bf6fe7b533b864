"""What becomes of a file of the inbox afterwards; nothing is ever deleted.

A file is written under a temporary name, renamed into place, read back, and only
then taken from the inbox: a killed run is finished by the next one. Its name holds
its number and a hash of its bytes, so that databases which share a data folder, or
one that was restored, never mean the same name by two files.
"""

import gzip
import hashlib
import os
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain, count
from pathlib import Path
from typing import Any, BinaryIO

from scripts.durable import sync
from scripts.private import own

from .files import CHUNK, GZIP_MAGIC, state
from .inbox import without_gz

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

Tell = Callable[[str], None]
NOTE = ".reason.txt"
LONGEST_NAME = 230
"""Bytes; file systems take 255, and the note beside a file needs a few."""
_LONGEST_SUFFIX = 20
_TAKEN = ".being-archived"
"""Hidden folder for the moment in which a file is taken."""


def archive(
    path: Path,
    root: Path,
    label: str,
    file_id: int,
    before: tuple[Any, ...],
    tell: Tell,
) -> None:
    """Move a landed file, compressed, to `root/archive/<label>`.

    `before` is the state of the file when it was read; one that changed since
    stays (OSError). `tell` takes the path below `root` before the file is taken:
    a killed run that has taken a file has also noted where to.
    """
    with path.open("rb") as source:
        zips = source.read(2) != GZIP_MAGIC
    kept = _named(Path("archive", without_gz(label)), file_id, _hash(path))
    names = _free(root / kept.with_name(kept.name + ".gz"))
    target = _keep(path, names, zips)
    _take_as(target, path, root, before, tell)


def set_aside(
    path: Path,
    root: Path,
    label: str,
    file_id: int,
    before: tuple[Any, ...],
    tell: Tell,
    reason: str,
) -> None:
    """Move a refused file to `root/refused/<label>`, its reason beside it.

    Keeps its name unless another file of this name lies there. For `before` and
    `tell` see `archive`.
    """
    plain = root / "refused" / label
    kept = root / _named(Path("refused", label), file_id, _hash(path))
    names = _free(kept)
    is_fit = kept.parent == plain.parent and not plain.name.endswith(NOTE)
    if is_fit and len(os.fsencode(plain.name)) <= LONGEST_NAME:
        names = chain([plain], names)
    target = _keep(path, names, zips=False, note=reason + "\n")
    _take_as(target, path, root, before, tell)


def put_back(inbox: Path) -> None:
    """Give back what a killed run was about to take from the inbox."""
    for folder in inbox.rglob(_TAKEN):
        with suppress(OSError):  # it may be a file of that name
            for hidden in folder.iterdir():
                _put_back(hidden, folder.parent / hidden.name)
            folder.rmdir()


def _named(label: Path, file_id: int, digest: str) -> Path:
    """`<stem>.<number>.<hash><suffix>`, no part longer than file systems take."""
    *folders, name = (_cut(part, LONGEST_NAME) for part in label.parts)
    stem, suffix = os.path.splitext(name)  # noqa: PTH122
    if len(os.fsencode(suffix)) > _LONGEST_SUFFIX:
        stem, suffix = name, ""
    mark = f".{file_id:06d}.{digest[:16]}{suffix}"
    return Path(*folders, _cut(stem, LONGEST_NAME - len(os.fsencode(mark))) + mark)


def _cut(name: str, limit: int) -> str:
    if name in (".", ".."):
        return "_"
    return os.fsencode(name)[:limit].decode("utf-8", "ignore")


def _keep(
    path: Path, names: Iterator[Path], zips: bool, note: str | None = None
) -> Path:
    """Have the bytes of a file under one of the names.

    Returns where they are. Raises OSError if they cannot be kept.
    """
    first = next(names)
    first.parent.mkdir(parents=True, exist_ok=True)
    with _alone(first.parent):
        names = chain([first], names)
        kept = next(name for name in names if _is_for(name, path, zips))
        if not kept.exists():
            part = kept.with_name(kept.name + ".part")
            try:
                _copy(path, part, zips)
                if not _holds(part, path, zips):
                    raise OSError("its copy was not what it is")
                part.rename(kept)
            finally:
                part.unlink(missing_ok=True)
        if note:
            _add_note(kept.with_name(kept.name + NOTE), note)
        sync(kept.parent)
    return kept


def _take_as(
    kept: Path, path: Path, root: Path, before: tuple[Any, ...], tell: Tell
) -> None:
    """Say where a file is kept, and take it away unless it has changed (OSError)."""
    if state(path) != before:
        raise OSError("it changed after it was read")
    tell(kept.relative_to(root).as_posix())
    _take(path, before)


def _free(target: Path) -> Iterator[Path]:
    """The name, then others for when somebody has damaged what lies there."""
    yield target
    for number in count(2):
        yield target.with_name(f"{number}.{target.name}")


def _add_note(path: Path, note: str) -> None:
    """Write a reason, after others that are there."""
    text = note.encode("utf-8", "backslashreplace")
    if not (path.exists() and path.read_bytes().endswith(text)):
        with path.open("ab") as file:
            file.write(text)


def _is_for(kept: Path, path: Path, zips: bool) -> bool:
    return not os.path.lexists(kept) or _holds(kept, path, zips)


def _take(path: Path, before: tuple[Any, ...]) -> None:
    """Unlink a file, and no other that may have come under its name meanwhile."""
    hidden = path.parent / _TAKEN / path.name
    hidden.parent.mkdir(exist_ok=True)
    with suppress(FileNotFoundError):  # another database on this inbox was as far
        path.rename(hidden)
        if state(hidden) == before:
            hidden.unlink()
        else:
            _put_back(hidden, path)
    with suppress(OSError):
        hidden.parent.rmdir()


def _put_back(hidden: Path, path: Path) -> None:
    """Unless another file has come there: then it waits for the next run."""
    with suppress(OSError):
        path.hardlink_to(hidden)
        hidden.unlink()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep runs on other databases off a folder, where that can be done."""
    if not fcntl:
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network file systems cannot
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _copy(path: Path, part: Path, zips: bool) -> None:
    part.unlink(missing_ok=True)  # of a killed run
    if not (zips or path.is_symlink()):
        with suppress(OSError):  # another file system
            part.hardlink_to(path)
            own(part)
            return
    with path.open("rb") as source, part.open("wb") as raw:
        if zips:
            with gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as zipped:
                shutil.copyfileobj(source, zipped, CHUNK)
        else:
            shutil.copyfileobj(source, raw, CHUNK)
        raw.flush()
        os.fsync(raw.fileno())


def _holds(kept: Path, path: Path, zips: bool) -> bool:
    """Whether a kept file gives the bytes of `path`, zipped or as they are."""
    if not kept.is_file():
        return False
    try:
        with kept.open("rb") as raw, path.open("rb") as source:
            if zips:
                with gzip.GzipFile(fileobj=raw) as unzipped:
                    return _are_equal(unzipped, source)
            return _are_equal(raw, source)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        return False


def _are_equal(one: BinaryIO | gzip.GzipFile, other: BinaryIO) -> bool:
    while True:
        chunk = other.read(CHUNK)
        if one.read(len(chunk) or 1) != chunk:
            return False
        if not chunk:
            return True


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
