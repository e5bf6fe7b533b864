"""Opening a delivered file: gzip or not, read once, unchanged meanwhile."""

import hashlib
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from .errors import Refusal
from .limits import limit

CHUNK = 1 << 18
GZIP_MAGIC = b"\x1f\x8b"
SWELLING_LIMIT = "WAREHOUSE_SWELLING_LIMIT"
MAY_SWELL = 200_000_000  # bytes that any file may hold
CUT_GZIP = "the gzip file is truncated"
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
    unzipped: "Unzipped | None" = None

    @property
    def cut_reason(self) -> str | None:
        """What is missing from what was read so far, if the file is cut."""
        return CUT_GZIP if self.unzipped and self.unzipped.is_cut else None


class Swelling:
    """Refuses a file that holds many times what it takes on the disk."""

    def __init__(self) -> None:
        self._size = 0
        self._most = limit(SWELLING_LIMIT)

    def add(self, size: int, read: int) -> None:
        """Count what was unpacked of so many bytes; raises Refusal."""
        self._size += size
        if self._size > max(MAY_SWELL, self._most * read):
            raise Refusal(
                f"unpacked it is more than {self._most:,} times as large "
                f"({SWELLING_LIMIT})"
            )


class Unzipped(io.RawIOBase):
    """The content of a gzip file, as far as it goes; faults in it raise."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._pending = b""
        self._member: zlib._Decompress | None = None
        self._swelling = Swelling()
        self.is_cut = False

    def readable(self) -> bool:
        """As any file that is read."""
        return True

    def readinto(self, buffer: bytearray) -> int:
        """Fill a buffer, as files do; raises zlib.error."""
        text = b""
        while not text:
            data = self._pending or self._raw.read(CHUNK)
            if self._member is None:
                if not data:
                    return 0
                self._pending = data.lstrip(b"\0")  # zeros may follow a member
                if self._pending:
                    self._member = zlib.decompressobj(zlib.MAX_WBITS | 16)
                continue
            text = self._member.decompress(data, len(buffer))
            if not data and not text:
                self.is_cut = not self._member.eof
                return 0
            self._pending = self._member.unconsumed_tail
            if self._member.eof:
                self._pending, self._member = self._member.unused_data, None
        self._swelling.add(len(text), self._raw.tell())
        buffer[: len(text)] = text
        return len(text)


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
                unzipped = Unzipped(raw)
                stream = io.BufferedReader(unzipped, CHUNK)
                try:
                    yield Content(stream, raw, True, unzipped)
                except Refusal as refusal:
                    if not unzipped.is_cut:
                        raise
                    reason = f"{CUT_GZIP}: {refusal.reason}"
                    raise Refusal(reason, refusal.retry) from None
            else:
                yield Content(raw, raw, False)
    except zlib.error as error:
        reason = "CRC check failed" if "check" in str(error) else str(error)
        raise Refusal(f"the gzip file is corrupt: {reason}") from None
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
