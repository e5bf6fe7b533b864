"""How a command ends that cannot do its work: one line on stderr, and a code."""

from __future__ import annotations

import argparse
import sqlite3
import sys
import traceback
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import wraps
from pathlib import Path
from typing import NoReturn

from scripts.discreet import hidden
from scripts.printable import printable
from scripts.private import SettingError, private

TRACEBACK = Path(__file__).resolve().parent.parent / "logs" / "traceback.log"
INTERRUPTED = 130


class CommandError(Exception):
    """What stops a command: one line for the user."""

    exit_code = 3
    """What the command ends with: 2 for wrong usage, 3 for what lies elsewhere."""


class Parser(argparse.ArgumentParser):
    """Shows no password of a URL that it does not understand."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and end."""
        super().error(printable(hidden(message)))


def command(name: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Let a `main` end in one line, begun with the command's name.

    What nobody has foreseen keeps its traceback in a file.
    """

    def wrapped(main: Callable[..., int]) -> Callable[..., int]:
        @wraps(main)
        def ending(arguments: list[str] | None = None) -> int:
            try:
                with private():
                    return main(arguments)
            except CommandError as error:
                return fail(name, str(error), error.exit_code)
            except SettingError as error:
                return fail(name, str(error), 2)
            except sqlite3.Error as error:
                return fail(name, f"database: {error}", 3)
            except OSError as error:
                return fail(name, _of_a_file(error), 3)
            except KeyboardInterrupt:
                problem = "interrupted; the next run goes on from here"
                return fail(name, problem, INTERRUPTED)
            except Exception as error:
                return fail(name, _keep_traceback(error), 3)

        return ending

    return wrapped


def fail(name: str, problem: str, code: int) -> int:
    """Say what stops a command; return the exit code given."""
    print(f"{name}: {printable(hidden(problem))}", file=sys.stderr)
    return code


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a question to add to a line about an unknown name, or nothing."""
    names = {k.casefold(): k for k in map(str, known)}
    close = get_close_matches(str(name).casefold(), names, n=1, cutoff=0.7)
    if not close or names[close[0]] == str(name):  # what is known is not the fault
        return ""
    return f"; did you mean {names[close[0]]}?"


def _of_a_file(error: OSError) -> str:
    """Say what is wrong with a file or folder; some errors name none."""
    if isinstance(error, FileExistsError | NotADirectoryError):
        return f"{error.filename}: a file is in the place of a folder"
    if error.filename is None:
        return error.strerror or str(error) or type(error).__name__
    return f"{error.filename}: {error.strerror}"


def _keep_traceback(error: Exception) -> str:
    """Write what only a developer can read to a file; return the line for people."""
    text = hidden("".join(traceback.format_exception(error)))
    with private():
        TRACEBACK.parent.mkdir(exist_ok=True)
        TRACEBACK.unlink(missing_ok=True)  # of another user, or readable by others
        TRACEBACK.write_text(text, encoding="utf-8", errors="backslashreplace")
    return f"unexpected {type(error).__name__}: {error} (more in {TRACEBACK})"
