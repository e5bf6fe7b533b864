"""What people see of a command: lines that fit, bars, and what a step waits for.

Where there is no terminal every line stays whole, for programs to read.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from threading import Event, Thread
from typing import TextIO

GLUE = "\ue000"
"""Stands for a blank at which no line is broken; no text has this character."""
NARROWEST, USUAL = 40, 80
COLOURS = {"critical": "31;1", "error": "31", "warning": "33"}
PAINT = re.compile("\x1b\\[[0-9;]*m")
CLEAR = "\r\x1b[K"
TICK = 0.2
BAR = 12

Tell = Callable[[int, int, str], None]
"""Takes what is done, of how much, and at what it is."""


def columns(stream: TextIO) -> int | None:
    """Return how wide a terminal is, or None if the stream leads to none."""
    if not stream.isatty():
        return None
    try:
        found = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        found = 0
    if os.environ.get("COLUMNS", "").isdecimal():
        found = int(os.environ["COLUMNS"])
    return max(found, NARROWEST) if found else USUAL


def glued(text: str) -> str:
    """Return a text, such as the name of a file, that is never broken in two."""
    return text.replace(" ", GLUE)


def painted(word: str, severity: str, stream: TextIO | None = None) -> str:
    """Return a word in the colour of a severity, where there are colours."""
    stream = stream or sys.stdout
    is_plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    if is_plain or severity not in COLOURS or not stream.isatty():
        return word
    return f"\x1b[{COLOURS[severity]}m{word}\x1b[0m"


def middle(text: str, room: int) -> str:
    """Return a text that is no longer than `room`, without its middle if need be."""
    if len(text) <= room:
        return text
    last = (room - 1) // 2
    return f"{text[: room - 1 - last]}…{text[len(text) - last :]}"


def folded(
    line: str, room: int, indent: int = 0, *, shortens: bool = True
) -> list[str]:
    """Break a line at blanks; of a word that is too long the middle is left out.

    Lines after the first begin with `indent` blanks. Unless it `shortens`, such a word
    stays whole: a path that is to be copied.
    """
    found = [""]
    for word in re.findall(r"\s*\S+", line):
        if _length(found[-1]) + _length(word) > room and found[-1].strip():
            found.append(" " * indent)
            word = word.lstrip()
        found[-1] += middle(word, room - _length(found[-1])) if shortens else word
    return found


def _length(text: str) -> int:
    return len(PAINT.sub("", text))


def show(
    lines: Iterable[str],
    stream: TextIO | None = None,
    indent: int = 2,
    *,
    shortens: bool = True,
) -> None:
    """Print lines, above a bar if there is one; on a terminal none is too wide."""
    stream = stream or sys.stdout
    room = columns(stream)
    with _bars_away(stream):
        for line in lines:
            parts = [line]
            if room:
                parts = folded(line, room, indent, shortens=shortens)
            for part in parts:
                print(part.replace(GLUE, " "), file=stream, flush=True)


@contextmanager
def _bars_away(stream: TextIO) -> Iterator[None]:
    tqdm = sys.modules.get("tqdm")  # if nobody has loaded it there is no bar
    with tqdm.tqdm.external_write_mode(stream) if tqdm else nullcontext():
        yield


@contextmanager
def bar(what: str, begun: str = "") -> Iterator[Tell | None]:
    """A bar, to be called with how far things are; None without a terminal.

    `begun` is what it is at before the first call.
    """
    if not columns(sys.stderr):
        yield None
        return
    from tqdm import tqdm  # loading it takes as long as many a small file

    form = f"{what} {{percentage:3.0f}}% |{{bar:{BAR}}}| {{desc}}"
    room = len(f"{what} 100% || ") + BAR + 1
    with tqdm(
        desc=begun, bar_format=form, leave=False, file=sys.stderr, dynamic_ncols=True
    ) as bar:

        def tell(done: int, total: int, label: str) -> None:
            bar.total = total
            found = (columns(sys.stderr) or USUAL) - room
            bar.set_description_str(middle(label, found), refresh=False)
            bar.update(done - bar.n)

        yield tell


@contextmanager
def step(what: str, is_seen: Callable[[], bool] = lambda: True) -> Iterator[None]:
    """Show what is worked at, on a terminal with the seconds it takes.

    `is_seen`: whether nothing else is on its last line by now.
    """
    if not columns(sys.stderr) or os.environ.get("TERM") == "dumb":
        print(what, file=sys.stderr, flush=True)
        yield
        return
    ended = Event()
    thread = Thread(target=_tick, args=(what, is_seen, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _tick(what: str, is_seen: Callable[[], bool], ended: Event) -> None:
    begun, is_drawn = time.monotonic(), False
    while True:
        if is_drawn or is_seen():
            seconds = f" {time.monotonic() - begun:.0f} s"
            room = (columns(sys.stderr) or USUAL) - len(seconds) - 1
            sys.stderr.write(f"{CLEAR}{middle(what, room)}{seconds}")
            sys.stderr.flush()
            is_drawn = True
        if ended.wait(TICK):
            break
    if is_drawn:
        sys.stderr.write(CLEAR)
        sys.stderr.flush()
