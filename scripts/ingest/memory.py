"""Files that would take too much memory are refused before they take it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import Refusal
from .limits import limit

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

VARIABLE = "WAREHOUSE_MEMORY_LIMIT"
LEAST = 200
"""MB that reading may take at least, however much the process has already."""
_STATUS = Path("/proc/self/status")


@contextmanager
def bounded() -> Iterator[Callable[[], None]]:
    """Refuse a file whose reading needs more memory than the limit leaves.

    Linux refuses to give more. Elsewhere what is given is the function to call after
    each batch of records: it looks at the peak. Windows has neither.
    """
    megabytes = limit(VARIABLE)
    before = _lower(megabytes)
    peak = _peak()
    most = max(megabytes * 1_000_000, peak + LEAST * 1_000_000)
    is_linux = _STATUS.exists()

    def check() -> None:
        if not is_linux and _peak() > most:
            raise MemoryError

    try:
        yield check
    except MemoryError:
        raise Refusal(
            f"reading it takes more than {megabytes:,} MB of memory ({VARIABLE})"
        ) from None
    finally:
        if before:
            resource.setrlimit(resource.RLIMIT_DATA, before)


def _peak() -> int:
    """The most bytes that the process has had so far; 0 if that is unknown."""
    if resource is None:
        return 0
    unit = 1 if sys.platform == "darwin" else 1024
    return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _lower(megabytes: int) -> tuple[int, int] | None:
    """Let no more be allocated than is left; return the limits before."""
    if resource is None or not _STATUS.exists():
        return None
    facts = dict(
        line.split(":", 1) for line in _STATUS.read_text().splitlines() if ":" in line
    )
    resident, data = (1024 * int(facts[k].split()[0]) for k in ("VmRSS", "VmData"))
    left = max(megabytes * 1_000_000 - resident, LEAST * 1_000_000)
    before = resource.getrlimit(resource.RLIMIT_DATA)
    if before[0] != resource.RLIM_INFINITY and before[0] < data + left:
        return None
    resource.setrlimit(resource.RLIMIT_DATA, (data + left, before[1]))
    return before
