"""Work in a child process, so that both cores are used."""

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from scripts.orphans import die_with_parent

T = TypeVar("T")


def start(work: Callable[[], T]) -> Callable[[], T]:
    """Begin `work` in a child; call the answer for what it returned or raised.

    The child is a fork, for it must hold the lock that its parent holds. Where
    there is no fork (Windows) the work is done when it is asked for.
    """
    if "fork" not in multiprocessing.get_all_start_methods():
        return work
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_do, args=(work, sender))
    child.start()
    sender.close()  # the child's copy alone is left: its end is an end of file

    def finish() -> T:
        try:
            outcome, error = receiver.recv()
        except EOFError:
            child.join()
            raise ChildProcessError(
                None, f"ingestion was killed (exit code {child.exitcode})", "inbox"
            ) from None
        child.join()
        if error is not None:
            raise error
        return outcome

    return finish


def _do(work: Callable[[], Any], sender: Connection) -> None:
    die_with_parent()
    try:
        answer = work(), None
    except BaseException as error:
        answer = None, error
    sender.send(answer)
