"""Files in an S3-compatible bucket: an inbox that is fetched.

Keys are taken as they are, with whatever characters and slashes are in them. An
object is taken away only if it is still the one that was fetched, by its ETag.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import botocore.session
from botocore.exceptions import BotoCoreError, ClientError

from scripts.discreet import discreet
from scripts.printable import printable
from scripts.remote import bucket_of

from ..contents import contents
from ..declared import Bucket
from ..errors import Refusal
from ..files import CHUNK
from ..inbox import Delivery, is_junk, is_part, matched, natural
from ..ledger import Ledger
from ..outcome import Outcome
from ..sources import Source
from .base import Note

PROCESSED, REFUSED = "processed", "refused"
NOTE = ".reason.txt"
LONGEST_KEY = 1024
"""Bytes that S3 takes."""
LARGEST_COPY = 5_000_000_000
"""Bytes that one request copies; more are copied in parts."""
_SUFFIX = re.compile(r"(.+?)((?:\.\w{1,7})?(?:\.gz)?)", re.DOTALL | re.IGNORECASE)
GONE = {"NoSuchKey", "404"}
CHANGED = {"PreconditionFailed", "412", "ConditionalRequestConflict"}
MOVED = "it changed after it was fetched"
UNKNOWN = {"NotImplemented", "501"}
"""Of a server that deletes without conditions only."""


@dataclass(frozen=True)
class _Fetched:
    """An object as it was fetched."""

    key: str
    etag: str
    size: int
    digest: str


class BucketFeed:
    """The objects below a URL, each moved to a prefix when it is dealt with."""

    stops = False

    def __init__(self, source: Source, declared: Bucket) -> None:
        self.source = source
        self.declared = declared
        self.notes: list[str] = []
        try:
            self._bucket, folder = bucket_of(declared.url)
        except ValueError as error:
            raise Refusal(str(error), retry=True) from None
        self._prefix = f"{folder}/" if folder else ""
        self._s3 = botocore.session.get_session().create_client("s3")
        self._fetched: dict[str, _Fetched] = {}

    def deliveries(self, ledger: Ledger, folder: Path) -> Iterator[Delivery]:
        try:
            names = sorted(self._names(), key=natural)
        except (BotoCoreError, ClientError) as error:
            raise Refusal(f"{self._url()}: {_plain(error)}", retry=True) from None
        for name in names:
            if {".", ".."} & set(name.split("/")):  # HTTP would mean another object
                yield self._unreadable(name, "a part of its key is . or ..")
                continue
            try:
                found = self._fetch(name, folder)
            except ClientError as error:  # of this object
                if _code(error) in GONE:  # somebody else has taken it
                    continue
                yield self._unreadable(name, error)
            except BotoCoreError as error:
                raise Refusal(f"{self._url()}: {_plain(error)}", retry=True) from None
            else:
                yield found

    def put_away(self, delivery: Delivery, outcome: Outcome, note: Note) -> str | None:
        """Move the object; raises OSError if it stays, to be met again."""
        delivery.path.unlink(missing_ok=True)
        fetched = self._fetched[delivery.file_name]
        is_refused = outcome.status == "refused"
        folder = REFUSED if is_refused else PROCESSED
        kept = self._kept(folder, delivery.file_name, outcome.file_id or 0, fetched)
        place = f"s3://{self._bucket}/{kept}"
        try:
            if is_refused:
                reason = f"{outcome.reason}\n".encode(errors="backslashreplace")
                self._s3.put_object(Bucket=self._bucket, Key=kept + NOTE, Body=reason)
            self._move(fetched, kept, partial(note, place))
        except (BotoCoreError, ClientError) as error:
            if _code(error) in CHANGED | GONE:
                raise OSError(MOVED) from None
            raise OSError(_plain(error)) from None
        return place

    # -- fetching --------------------------------------------------------------

    def _names(self) -> Iterator[str]:
        """The keys below the prefix, without it."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=self._prefix
        )
        for page in pages:
            for found in page.get("Contents", ()):
                name = found["Key"].removeprefix(self._prefix)
                is_marker = name.endswith(("/", "_$folder$")) or not name
                if is_marker and not found["Size"]:  # stands for a folder
                    continue
                if name.startswith((f"{PROCESSED}/", f"{REFUSED}/")):
                    continue
                parts = set(name.split("/"))
                if any(map(is_part, parts)):
                    label = printable(f"{self.source.name}/{name}")
                    self.notes.append(f"{label}: still being uploaded")
                elif not any(map(is_junk, parts - {".", ".."})):
                    yield name

    def _fetch(self, name: str, folder: Path) -> Delivery:
        key = self._prefix + name
        answer = self._s3.get_object(Bucket=self._bucket, Key=key)
        digest = sha256()
        # the name of an object may be none for a file
        local = folder / ("object.gz" if name.lower().endswith(".gz") else "object")
        try:
            with local.open("wb") as file:
                for chunk in answer["Body"].iter_chunks(CHUNK):
                    digest.update(chunk)
                    file.write(chunk)
        except BotoCoreError as error:  # of this object, as far as is known
            return self._unreadable(name, error)
        if local.stat().st_size != answer["ContentLength"]:
            return self._unreadable(name, "less came than was announced")
        self._fetched[name] = _Fetched(
            key, answer["ETag"], answer["ContentLength"], digest.hexdigest()
        )
        called = Path(name.rstrip("/").rpartition("/")[2])
        delivery = Delivery(called, name, self.source.name)
        held = contents(local).found
        if len(held) > 1 or held[0].inner:
            problem = "a ZIP file or workbook, which no bucket may hold: unpack it"
            return replace(delivery, path=local, problem=problem)
        return replace(matched(delivery, self.source, held[0]), path=local)

    def _unreadable(self, name: str, error: Exception | str) -> Delivery:
        """An object that cannot be fetched; the others can."""
        problem = f"cannot be fetched: {discreet(error)}"
        source = self.source.name
        return Delivery(Path(name), name, source, problem=problem, is_foreign=True)

    # -- moving ----------------------------------------------------------------

    def _kept(self, folder: str, name: str, file_id: int, fetched: _Fetched) -> str:
        """The key to move to: `<folder>/<stem>.<number>.<hash><suffix>`.

        With the hash of its bytes it is the key of nothing else, whichever
        database has given the number.
        """
        place, slash, last = name.rstrip("/").rpartition("/")
        found = _SUFFIX.fullmatch(last or "_")
        stem, suffix = found.groups() if found else (last, "")
        mark = f".{file_id:06d}.{fetched.digest[:16]}{suffix}"
        start = f"{self._prefix}{folder}/{place}{slash}{stem}".encode()
        room = LONGEST_KEY - len((mark + NOTE).encode())
        return start[:room].decode(errors="ignore") + mark

    def _move(self, fetched: _Fetched, kept: str, tell: Callable[[], None]) -> None:
        """Copy, report and delete, only while it is the object that was fetched."""
        self._check(fetched)
        self._copy(fetched, kept)
        try:
            self._check(fetched)
        except (ClientError, OSError):  # what was copied may be another object
            with suppress(ClientError, BotoCoreError):
                self._s3.delete_object(Bucket=self._bucket, Key=kept)
            raise
        tell()
        at = {"Bucket": self._bucket, "Key": fetched.key}
        try:
            self._s3.delete_object(**at, IfMatch=fetched.etag)
        except ClientError as error:
            if _code(error) not in UNKNOWN:
                raise
            self._s3.delete_object(**at)

    def _check(self, fetched: _Fetched) -> None:
        found = self._s3.head_object(Bucket=self._bucket, Key=fetched.key)
        if found["ETag"] != fetched.etag:
            raise OSError(MOVED)

    def _copy(self, fetched: _Fetched, kept: str) -> None:
        to: dict[str, Any] = {"Bucket": self._bucket, "Key": kept}
        of = {
            "CopySource": {"Bucket": self._bucket, "Key": fetched.key},
            "CopySourceIfMatch": fetched.etag,
        }
        if fetched.size <= LARGEST_COPY:
            self._s3.copy_object(**to, **of)
            return
        upload = self._s3.create_multipart_upload(**to)["UploadId"]
        to["UploadId"] = upload
        try:
            parts: list[dict[str, Any]] = []
            for start in range(0, fetched.size, LARGEST_COPY):
                end = min(start + LARGEST_COPY, fetched.size) - 1
                number = len(parts) + 1
                answer = self._s3.upload_part_copy(
                    **to,
                    **of,
                    PartNumber=number,
                    CopySourceRange=f"bytes={start}-{end}",
                )
                etag = answer["CopyPartResult"]["ETag"]
                parts.append({"ETag": etag, "PartNumber": number})
            self._s3.complete_multipart_upload(**to, MultipartUpload={"Parts": parts})
        except BaseException:
            with suppress(ClientError, BotoCoreError):
                self._s3.abort_multipart_upload(**to)
            raise

    def _url(self) -> str:
        return f"s3://{self._bucket}/{self._prefix}".rstrip("/")


def _code(error: Exception) -> str:
    return getattr(error, "response", {}).get("Error", {}).get("Code", "")


def _plain(error: Exception) -> str:
    return discreet(error) or type(error).__name__
