"""Types of arguments, for argparse: faults are reported before anything is done."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable
from pathlib import Path


def whole_number(lowest: int, highest: int | None = None) -> Callable[[str], int]:
    """Return a type: a whole number within bounds."""
    bounds = f"from {lowest} to {highest}" if highest else f"of {lowest} or more"

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = lowest - 1
        if value < lowest or (highest and value > highest):
            raise ArgumentTypeError(f"{text!r} is no whole number {bounds}")
        return value

    return read


port = whole_number(0, 65_535)


def place(text: str) -> str:
    """A file, folder or URL: an empty name would be the working folder."""
    if not text.strip():
        raise ArgumentTypeError("the name is empty")
    return text


def folder(text: str) -> Path:
    """A folder, as `place`."""
    return Path(place(text))
