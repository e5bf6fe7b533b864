"""Folders and S3-compatible URLs alike, as pyarrow's file systems."""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from pyarrow import fs

from scripts.command import CommandError
from scripts.discreet import address, is_torn


class RemoteError(CommandError):
    """A URL that cannot be used; the message is one line for the user."""


_NAMED = re.compile(r"s3a?://([^/:@?#]+|arn:[\w:-]+/[\w-]+)(?:/(.*))?", re.DOTALL)
_PATTERN = re.compile(r"[*?\[\]]")
_KEYS = re.compile(r"[?&][\w-]*(?:key|secret|token|credential|sig)[\w-]*=", re.I)


def bucket_of(url: str) -> tuple[str, str]:
    """Return bucket and folder of a URL, as `s3://bucket/folder`.

    Raises ValueError, whose words hold nothing secret, for anything else.
    """
    place = url.partition("://")[2].partition("/")[0]
    if "@" in place or is_torn(url) or _KEYS.search(url):
        raise ValueError(
            "its URL holds keys: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        )
    found = _NAMED.fullmatch(url)
    if not found:
        raise ValueError(
            f"{address(url)} is no bucket: expected s3://<bucket>/<folder>"
        )
    return found[1], (found[2] or "").rstrip("/")


def is_url(place: str) -> bool:
    """Whether a place is a URL and not a path."""
    return "://" in place


def filesystem(place: str) -> tuple[fs.FileSystem, str]:
    """Return the file system of a folder or URL, and the path in it.

    A local folder is made. Raises RemoteError for a URL that nobody can open.
    """
    if place.startswith("file://"):
        place = url2pathname(urlsplit(place).path)
    if not is_url(place):
        here = Path(place).expanduser().resolve()
        here.mkdir(parents=True, exist_ok=True)
        return fs.LocalFileSystem(), here.as_posix()
    try:
        bucket, folder = bucket_of(place)
    except ValueError as error:
        raise RemoteError(str(error)) from None
    if _PATTERN.search(folder):
        raise RemoteError(f"{place}: a folder to write to may not hold * ? [ or ]")
    try:
        from s3fs import S3FileSystem
    except ImportError:
        raise RemoteError(
            f"{place} needs more packages: pip install -r requirements-s3.txt"
        ) from None
    found = S3FileSystem(use_listings_cache=False, skip_instance_cache=True)
    return fs.PyFileSystem(fs.FSSpecHandler(found)), f"{bucket}/{folder}".rstrip("/")


class ChangedError(Exception):
    """A file is no longer the one that was read."""


def read(files: fs.FileSystem, path: str) -> tuple[bytes | None, str | None]:
    """Return the content of a file and what a later one of its name has not."""
    try:
        version = None
        if not isinstance(files, fs.LocalFileSystem):
            version = files.handler.fs.info(path)["ETag"]
        with files.open_input_stream(path) as stream:
            return stream.read(), version
    except FileNotFoundError:
        return None, None


def replace(
    files: fs.FileSystem, path: str, content: bytes, before: tuple[bytes | None, Any]
) -> None:
    """Write a file whole or not at all, in the place of the one that was read.

    Raises ChangedError if another one has come there meanwhile.
    """
    if isinstance(files, fs.LocalFileSystem):
        if read(files, path) != before:
            raise ChangedError
        draft = Path(f"{path}.part")
        draft.write_bytes(content)
        synced(draft)
        draft.replace(path)
        synced(draft.parent)
        return
    there, version = before
    only = {"mode": "create"} if there is None else {"IfMatch": version}
    try:
        files.handler.fs.pipe_file(path, content, **only)
    except FileExistsError:
        raise ChangedError from None
    except OSError as error:
        code = getattr(error.__cause__, "response", {}).get("Error", {}).get("Code")
        if code in ("PreconditionFailed", "412", "ConditionalRequestConflict"):
            raise ChangedError from None
        if code not in ("NotImplemented", "501"):
            raise
        if read(files, path) != before:  # a server without conditions
            raise ChangedError from None
        files.handler.fs.pipe_file(path, content)


def synced(path: Path) -> None:
    """Wait until what is written of a local file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        with suppress(OSError):  # of file systems that know no such thing
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def store_errors() -> tuple[type[Exception], ...]:
    """Return what a place can raise that cannot be written."""
    store = sys.modules.get("botocore.exceptions")  # of S3, once it is loaded
    return (OSError, store.BotoCoreError) if store else (OSError,)


def plain(error: Exception, place: str) -> str:
    """Say in one line what is wrong with a place."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return f"{place}: {' '.join(text.split())}"
