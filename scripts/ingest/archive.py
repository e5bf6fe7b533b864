"""What becomes of a file of the inbox afterwards; nothing is ever deleted.

A file is written under a temporary name, renamed into place, and only then
taken from the inbox: a killed run is finished by the next one.
"""

import gzip
import os
import shutil
from pathlib import Path

from .files import GZIP_MAGIC, fingerprint, state
from .ledger import without_gz


def archive(path: Path, root: Path, label: str, file_id: int, before: tuple) -> str:
    """Move a landed file, compressed, to `root/archive/<label>`.

    Its name is made unique with `file_id`. `before` is the state of the file
    when it was read; one that changed since stays (OSError). Returns the path
    below `root`.
    """
    folder, name = os.path.split(without_gz(label))
    stem, suffix = os.path.splitext(name)  # noqa: PTH122
    kept = Path("archive", folder, f"{stem}.{file_id:06d}{suffix}.gz")
    target = root / kept
    if not target.exists():
        _compress(path, target)
    if state(path) != before:
        target.unlink()
        raise OSError("it changed after it was landed")
    path.unlink()
    return kept.as_posix()


def set_aside(path: Path, root: Path, label: str, file_id: int, reason: str) -> str:
    """Move a refused file to `root/refused/<label>`, its reason beside it.

    Keeps its name unless another file of this name lies there. Returns the
    path below `root`.
    """
    kept = Path("refused", label)
    if (root / kept).exists() and not _same(root / kept, path):
        kept = kept.with_name(f"{kept.stem}.{file_id:06d}{kept.suffix}")
    target = root / kept
    target.parent.mkdir(parents=True, exist_ok=True)
    note = target.with_name(target.name + ".reason.txt")
    note.write_text(reason + "\n", encoding="utf-8")
    try:
        path.replace(target)
    except OSError:  # another file system
        part = _part(target)
        shutil.copy2(path, part)
        part.replace(target)
        path.unlink()
    return kept.as_posix()


def _compress(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = _part(target)
    with path.open("rb") as source, part.open("wb") as raw:
        is_gzip = source.read(2) == GZIP_MAGIC
        source.seek(0)
        if is_gzip:
            shutil.copyfileobj(source, raw)
        else:
            with gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as zipped:
                shutil.copyfileobj(source, zipped)
        raw.flush()
        os.fsync(raw.fileno())
    part.replace(target)


def _part(target: Path) -> Path:
    return target.with_name(target.name + ".part")


def _same(one: Path, other: Path) -> bool:
    return fingerprint(one).content_hash == fingerprint(other).content_hash
