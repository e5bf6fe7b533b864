"""Opening a delivered file, or a member of a ZIP file: unpacked, read once."""

import errno
import hashlib
import io
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from lzma import LZMAError
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, NamedTuple, cast

from .errors import Refusal
from .limits import limit

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

CHUNK = 1 << 18
GZIP_MAGIC = b"\x1f\x8b"
ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
SWELLING_LIMIT = "WAREHOUSE_SWELLING_LIMIT"
MAY_SWELL = 200_000_000  # bytes that any file may hold
MEMBER_LIMIT = "WAREHOUSE_MEMBER_LIMIT"
_CORRUPT = (None, errno.EINVAL)
"""Of errors that come from places which a file names, or of unpacking it."""
CUT_GZIP = "the gzip file is truncated"
LEFT = "{:,} bytes after the gzip data are no gzip, and were not read"
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
    again: "Callable[[], AbstractContextManager[Content]] | None" = None
    """Opens the same once more, from its start."""

    @property
    def cut_reason(self) -> str | None:
        """What is missing from what was read so far, if the file is not whole."""
        if self.unzipped and self.unzipped.left:
            return LEFT.format(self.unzipped.left)
        return CUT_GZIP if self.is_cut else None

    @property
    def is_cut(self) -> bool:
        """Whether it ends early, perhaps within a record."""
        return self.unzipped is not None and self.unzipped.is_cut


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


def begins(content: Content) -> bytes:
    """The first bytes of a content, which stay unread."""
    stream: Any = content.stream
    return stream.peek(16)[:16]


class Unzipped(io.RawIOBase):
    """The content of a gzip file, as far as it goes; faults in it raise."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._pending = b""
        self._member: zlib._Decompress | None = None
        self._swelling = Swelling()
        self._is_begun = False
        self.is_cut = False
        self.left = 0
        """Bytes below the last member that are none: they are not read."""

    def readable(self) -> bool:
        """As any file that is read."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Fill a buffer, as files do; raises zlib.error."""
        buffer = memoryview(buffer)
        if self.left:
            return 0
        text = b""
        while not text:
            data = self._pending or self._raw.read(CHUNK)
            if self._member is None:
                if not data:
                    return 0
                self._pending = data.lstrip(b"\0")  # zeros may follow a member
                if len(self._pending) == 1:
                    self._pending += self._raw.read(CHUNK)
                if self._pending and not self._begin():
                    return 0
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

    def _begin(self) -> bool:
        """Begin a member; False if what follows the one before is none."""
        if self._is_begun and not self._pending.startswith(GZIP_MAGIC):
            self.left = len(self._pending)
            while data := self._raw.read(CHUNK):
                self.left += len(data)
            self._pending = b""
            return False
        self._is_begun = True
        self._member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        return True


class _Bounded(io.RawIOBase):
    """A member of a ZIP file, refused once it is longer than it may be."""

    def __init__(self, file: IO[bytes], packed: int) -> None:
        self._file = file
        self._packed = packed
        self._size = 0

    def readable(self) -> bool:
        """As any file that is read."""
        return True

    def tell(self) -> int:
        """Bytes read so far."""
        return self._size

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Fill a buffer, as files do."""
        buffer = memoryview(buffer)
        data = self._file.read(len(buffer))
        self._size += len(data)
        if reason := too_large(self._size, self._packed):
            raise Refusal(reason)
        buffer[: len(data)] = data
        return len(data)


def too_large(size: int, packed: int) -> str | None:
    """What to say of a member of a ZIP file that is longer than it may be."""
    most, ratio = limit(MEMBER_LIMIT), limit(SWELLING_LIMIT)
    if size > most:
        return f"unpacked it is larger than {most:,} bytes ({MEMBER_LIMIT})"
    if size > max(MAY_SWELL, ratio * packed):
        return f"unpacked it is more than {ratio:,} times as large ({SWELLING_LIMIT})"
    return None


@contextmanager
def archive_of(file: BinaryIO) -> Iterator[zipfile.ZipFile]:
    """An open ZIP file; a directory that cannot be read is a Refusal."""
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
        raise Refusal(_corrupt(error)) from None
    with archive:
        yield archive


Inner = tuple[int, ...]
"""Where in a ZIP file something is: positions in the directories, outermost first."""


class _Archives:
    """ZIP files that are kept open, so that their directories are read once.

    They are those on the way to one member; asking for another one closes the rest.
    """

    def __init__(self) -> None:
        self._way: list[tuple[object, zipfile.ZipFile, ExitStack]] = []

    def find(self, path: Path, inner: Inner) -> zipfile.ZipFile:
        """The open ZIP file whose member is named by the last of `inner`."""
        keys = [(path, state(path), inner[:depth]) for depth in range(len(inner))]
        same = [key == way[0] for key, way in zip(keys, self._way, strict=False)]
        self.close(same.index(False) if False in same else min(len(same), len(keys)))
        for key in keys[len(self._way) :]:
            with ExitStack() as files:
                if key[2]:
                    outer = self._way[-1][1]
                    packed = files.enter_context(
                        member(outer, outer.infolist()[key[2][-1]])
                    )
                    file = files.enter_context(sought(packed))
                else:
                    file = files.enter_context(path.open("rb"))
                archive = files.enter_context(archive_of(file))
                self._way.append((key, archive, files.pop_all()))
        return self._way[-1][1]

    def close(self, depth: int = 0) -> None:
        """Close those within the first `depth`."""
        while len(self._way) > depth:
            self._way.pop()[2].close()


_archives = _Archives()
release = _archives.close
"""Closes what is kept open, so that it can be moved."""


@contextmanager
def opened(path: Path, inner: Inner = ()) -> Iterator[Content]:
    """Open `path`, or what is within it, for reading, decompressed.

    Faults of the file are Refusals.
    """
    again = partial(opened, path, inner)
    try:
        if inner:
            archive = _archives.find(path, inner)
            info = archive.infolist()[inner[-1]]
            raw = cast(BinaryIO, archive.fp)
            with member(archive, info) as stream:
                yield from _unpacked(stream, raw, info.filename, again)
        else:
            with path.open("rb") as raw:
                yield from _unpacked(raw, raw, path.name, again)
    except zlib.error as error:
        reason = "CRC check failed" if "check" in str(error) else str(error)
        what = "member of the ZIP" if inner else "gzip"
        raise Refusal(f"the {what} file is corrupt: {reason}") from None
    except (zipfile.BadZipFile, EOFError, LZMAError) as error:
        raise Refusal(_corrupt(error)) from None
    except (NotImplementedError, RuntimeError) as error:
        raise Refusal(f"the ZIP file cannot be read: {error}") from None
    except OSError as error:
        if error.errno in _CORRUPT:
            raise Refusal(_corrupt(error)) from None
        raise Refusal(f"cannot be read: {error.strerror or error}", True) from None


def _unpacked(
    stream: io.BufferedReader,
    raw: BinaryIO,
    name: str,
    again: Callable[[], AbstractContextManager[Content]],
) -> Iterator[Content]:
    magic = stream.peek(2)[:2]
    is_gzip = magic == GZIP_MAGIC
    if name.lower().endswith(".gz") and magic and not is_gzip:
        raise Refusal("named .gz, but the content is not gzip")
    if not is_gzip:
        yield Content(stream, raw, False, None, again)
        return
    unzipped = Unzipped(stream)
    try:
        buffered = io.BufferedReader(unzipped, CHUNK)
        if buffered.peek(2)[:2] == GZIP_MAGIC:
            raise Refusal("it is compressed twice: decompress it once")
        yield Content(buffered, raw, True, unzipped, again)
    except Refusal as refusal:
        if not unzipped.is_cut:
            raise
        reason = f"{CUT_GZIP}: {refusal.reason}"
        raise Refusal(reason, refusal.retry) from None


@contextmanager
def member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo
) -> Iterator[io.BufferedReader]:
    """What a member of a ZIP file holds, as long as it may be."""
    try:
        packed = archive.open(info)
    except (ValueError, struct.error) as error:  # of the name, or of a place
        raise Refusal(_corrupt(error)) from None
    with packed:
        bounded = _Bounded(packed, info.compress_size)
        yield io.BufferedReader(bounded, CHUNK)


@contextmanager
def sought(stream: BinaryIO) -> Iterator[BinaryIO]:
    """What a stream gives, as a file in which can be sought."""
    if stream.seekable():
        stream.seek(0)
        yield stream
        return
    with tempfile.TemporaryFile() as file:
        while chunk := stream.read(CHUNK):
            file.write(chunk)
        file.seek(0)
        yield file


def state(path: Path) -> tuple[int, ...]:
    """Inode, size and time of change: equal as long as nobody writes."""
    try:
        found = path.stat()
    except OSError as error:
        raise Refusal(f"cannot be read: {error.strerror}", True) from None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def fingerprint(path: Path, inner: Inner = ()) -> Fingerprint:
    """Hash and size of the content (decompressed)."""
    before = state(path)
    digest = hashlib.sha256()
    size = 0
    with opened(path, inner) as content:
        while chunk := content.stream.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
        if content.unzipped and content.unzipped.left:  # unlike the same without it
            digest.update(str(content.cut_reason).encode())
    return Fingerprint(digest.hexdigest(), size, before)


def _corrupt(error: Exception) -> str:
    """What to say of a ZIP file that cannot be opened."""
    why = str(error)
    if why == "File is not a zip file":  # its end, which lists what it holds, is gone
        why = "its end is missing, copy or export it again"
    return f"the ZIP file or workbook is corrupt: {why}"
