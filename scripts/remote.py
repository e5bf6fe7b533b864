"""Folders and S3-compatible URLs alike, as pyarrow's file systems."""

from __future__ import annotations

import re
from pathlib import Path

from pyarrow import fs

from scripts.command import CommandError
from scripts.discreet import address, is_torn


class RemoteError(CommandError):
    """A URL that cannot be used; the message is one line for the user."""


_NAMED = re.compile(r"s3a?://([^/:@?#]+|arn:[\w:-]+/[\w-]+)(?:/(.*))?", re.DOTALL)
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
    if not is_url(place):
        folder = Path(place).expanduser().resolve()
        folder.mkdir(parents=True, exist_ok=True)
        return fs.LocalFileSystem(), folder.as_posix()
    try:
        import fsspec

        found, path = fsspec.core.url_to_fs(place, use_listings_cache=False)
    except ImportError:
        raise RemoteError(
            f"{place} needs more packages: pip install -r requirements-s3.txt"
        ) from None
    except ValueError as error:
        raise RemoteError(f"{place}: {error}") from None
    return fs.PyFileSystem(fs.FSSpecHandler(found)), path.rstrip("/")


def plain(error: Exception, place: str) -> str:
    """Say in one line what is wrong with a place."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return f"{place}: {' '.join(text.split())}"
