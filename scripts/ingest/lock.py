"""One run at a time: a lock file beside the database.

The operating system holds the lock and drops it with the process, so a
killed run never leaves one behind.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .database import SERVERS
from .errors import BusyError, IngestError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]
    import msvcrt

_held: set[Path] = set()


@contextmanager
def lock(db: Path) -> Iterator[None]:
    """Keep other runs off `db`; nested use in one process is allowed.

    Raises IngestError naming the process that holds the lock.
    """
    real = db.resolve()
    path = real.with_name(real.name + ".lock")
    if path in _held:
        yield
        return
    descriptor = _acquire(path, db)
    _held.add(path)
    try:
        with _elsewhere(db):
            yield
    finally:
        _held.discard(path)
        if fcntl:  # Windows cannot remove an open file; it may stay
            path.unlink(missing_ok=True)
        os.close(descriptor)


@contextmanager
def _elsewhere(db: Path) -> Iterator[None]:
    """Keep runs of other machines off, where the database is on a server."""
    if db.suffix != SERVERS:
        yield
        return
    from .postgres import locked

    with locked(db):
        yield


def _acquire(path: Path, db: Path) -> int:
    while True:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise IngestError(f"{path} cannot be written: {error.strerror}") from None
        try:
            _lock_now(descriptor)
        except OSError:
            holder = os.read(descriptor, 20).decode("ascii", "replace").strip()
            os.close(descriptor)
            who = f"process {holder}" if holder else "another process"
            raise BusyError(f"{db} is in use by another run ({who})") from None
        if _is_current(path, descriptor):
            with suppress(OSError):  # on a full disk it stays unsaid who we are
                os.ftruncate(descriptor, 0)
                os.write(descriptor, b"%d\n" % os.getpid())
            # for what goes on writing when this process is killed: Spark's Java
            os.set_inheritable(descriptor, True)
            return descriptor
        os.close(descriptor)  # the holder before us removed it meanwhile


def _lock_now(descriptor: int) -> None:
    if fcntl:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    else:
        os.lseek(descriptor, 1 << 20, os.SEEK_SET)  # beyond the text, for readers
        msvcrt.locking(  # type: ignore[attr-defined]
            descriptor,
            msvcrt.LK_NBLCK,  # type: ignore[attr-defined]
            1,
        )
        os.lseek(descriptor, 0, os.SEEK_SET)


def _is_current(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except OSError:
        return False
