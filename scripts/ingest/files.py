"""Opening a delivered file: gzip or not, read once, unchanged meanwhile."""

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from .errors import Refusal

CHUNK = 1 << 18
GZIP_MAGIC = b"\x1f\x8b"
CHANGED = "the file changed while it was read; the next run tries again"


class Fingerprint(NamedTuple):
    """What identifies the content of a file."""

    content_hash: str
    byte_count: int
    state: tuple[int, ...]
    """Inode, size and time of the file when reading began."""


class Content(NamedTuple):
    """An open file: `stream` gives its content, `raw` its bytes on disk."""

    stream: BinaryIO
    raw: BinaryIO
    is_gzip: bool


@contextmanager
def opened(path: Path) -> Iterator[Content]:
    """Open `path` for reading, decompressed; faults of the file are Refusals."""
    try:
        with path.open("rb") as raw:
            magic = raw.read(2)
            raw.seek(0)
            is_gzip = magic == GZIP_MAGIC
            if path.suffix.lower() == ".gz" and magic and not is_gzip:
                raise Refusal("named .gz, but the content is not gzip")
            if is_gzip:
                with gzip.GzipFile(fileobj=raw) as unzipped:
                    yield Content(io.BufferedReader(unzipped), raw, True)
            else:
                yield Content(raw, raw, False)
    except EOFError:
        raise Refusal("the gzip file is truncated") from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise Refusal(f"the gzip file is corrupt: {error}") from None
    except OSError as error:
        raise Refusal(f"cannot be read: {error.strerror or error}", True) from None


def state(path: Path) -> tuple[int, ...]:
    """Inode, size and time of change: equal as long as nobody writes."""
    try:
        found = path.stat()
    except OSError as error:
        raise Refusal(f"cannot be read: {error.strerror}", True) from None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def fingerprint(path: Path) -> Fingerprint:
    """Hash and size of the content (decompressed)."""
    before = state(path)
    digest = hashlib.sha256()
    size = 0
    with opened(path) as content:
        while chunk := content.stream.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Fingerprint(digest.hexdigest(), size, before)
