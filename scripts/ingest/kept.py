"""What was read of the declarations last, so that only a change costs reading them.

Checking them takes pydantic, whose loading takes longer than a small file. The file is
in target/ and as trustworthy as the code beside it, which is part of its key.
"""

import hashlib
import os
import pickle
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
CODE = [
    *(FOLDER / f"{name}.py" for name in ("declarations", "declared", "schema")),
    *(FOLDER / f"{name}.py" for name in ("headers", "sources")),
    *(FOLDER / "systems" / f"{name}.py" for name in ("read", "schema", "zones")),
]


def find(file: Path, listed: list[Path]) -> Any:
    """What was kept in `file`, if its declarations are those listed, all unchanged."""
    try:
        digests, declared, found = pickle.loads(file.read_bytes())  # noqa: S301
        if declared == listed and digests == _digests(digests):
            return found
    except Exception:  # whatever is wrong with it, the declarations say the same
        return None
    return None


def keep(file: Path, listed: list[Path], read: Iterable[Path], found: Any) -> None:
    """Put what was read in place of `file` at once, for others may read it."""
    new = file.with_name(f"{file.name}.{os.getpid()}")
    with suppress(OSError):  # it saves time, and is no reason to fail
        digests = _digests([*listed, *read, *CODE])
        file.parent.mkdir(exist_ok=True)
        try:
            new.write_bytes(pickle.dumps((digests, listed, found)))
            new.replace(file)
        finally:
            new.unlink(missing_ok=True)


def _digests(files: Iterable[Path]) -> dict[Path, str]:
    return {file: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
