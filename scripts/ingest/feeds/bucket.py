"""Files in an S3-compatible bucket: an inbox that is fetched."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec

from ..declared import Bucket
from ..errors import Refusal
from ..inbox import Delivery, matched, natural
from ..ledger import Ledger
from ..outcome import Outcome
from ..sources import Source

PROCESSED, REFUSED = "processed", "refused"


class BucketFeed:
    """The objects below a URL, each moved to a prefix when it is dealt with."""

    stops = False

    def __init__(self, source: Source, declared: Bucket) -> None:
        self.source = source
        self.declared = declared
        self.notes: list[str] = []
        try:
            self._files, self._root = fsspec.core.url_to_fs(
                declared.url.rstrip("/"), use_listings_cache=False
            )
        except ValueError as error:
            raise Refusal(str(error), retry=True) from None
        self._versions: dict[str, Any] = {}

    def deliveries(self, ledger: Ledger, folder: Path) -> Iterator[Delivery]:
        try:
            names = [self._name(path) for path in self._files.find(self._root)]
            for name in sorted(names, key=natural):
                if name.partition("/")[0] not in (PROCESSED, REFUSED):
                    yield self._fetched(name, folder)
        except Exception as error:  # each store has its own errors
            raise Refusal(f"{self.declared.url}: {_plain(error)}", retry=True) from None

    def put_away(self, delivery: Delivery, outcome: Outcome) -> str | None:
        """Move the object; raises OSError if it stays, to be met again."""
        name = delivery.file_name
        path = f"{self._root}/{name}"
        delivery.path.unlink(missing_ok=True)
        try:
            if self._version(path) != self._versions[name]:
                raise OSError("it changed after it was fetched")
            if outcome.status == "refused":
                kept = f"{REFUSED}/{name}"
                reason = f"{self._root}/{kept}.reason.txt"
                self._files.pipe_file(reason, f"{outcome.reason}\n".encode())
            else:
                stem, suffix = os.path.splitext(name)  # noqa: PTH122
                kept = f"{PROCESSED}/{stem}.{outcome.file_id:06d}{suffix}"
            self._files.mv(path, f"{self._root}/{kept}")
        except OSError:
            raise
        except Exception as error:
            raise OSError(_plain(error)) from None
        return f"{self.declared.url.rstrip('/')}/{kept}"

    def _fetched(self, name: str, folder: Path) -> Delivery:
        path = f"{self._root}/{name}"
        self._versions[name] = self._version(path)
        local = folder / Path(name).name
        self._files.get_file(path, str(local))
        return matched(Delivery(local, name, self.source.name), self.source)

    def _version(self, path: str) -> Any:
        return self._files.ukey(path)

    def _name(self, path: str) -> str:
        return path[len(self._root) :].lstrip("/")


def _plain(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
