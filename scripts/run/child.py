"""Work in a child process, so that both cores are used."""

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

from scripts.orphans import die_with_parent

T = TypeVar("T")

_parent: Connection | None = None
"""Where a child answers to; it has nothing to say twice."""


class Answer(Generic[T]):
    """What a child will have made; call it to wait for that."""

    def __init__(self, child: Any, receiver: Connection) -> None:
        self._child, self._receiver = child, receiver
        self._answer: tuple[T, BaseException | None] | None = None

    def is_signalled(self) -> bool:
        """Wait for the child's signal; return False if it ends without any."""
        self._receive()
        return self._answer is None

    def is_over(self) -> bool:
        """Whether the work has ended; does not wait."""
        while self._answer is None and self._receiver.poll():
            self._receive()
        return self._answer is not None

    def __call__(self) -> T:
        """Return what the work returned, or raise what it raised."""
        while self._answer is None:
            self._receive()
        self._child.join()
        outcome, error = self._answer
        if error is not None:
            raise error
        return outcome

    def _receive(self) -> None:
        try:
            self._answer = self._receiver.recv()
        except EOFError:
            self._child.join()
            raise ChildProcessError(
                None,
                f"ingestion was killed (exit code {self._child.exitcode})",
                "inbox",
            ) from None


class Later(Generic[T]):
    """The same where there is no fork (Windows): it is made when it is needed."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work

    def is_signalled(self) -> bool:
        """Nothing is known before."""
        return False

    def is_over(self) -> bool:
        """It has not begun, so nothing else is on the terminal."""
        return True

    def __call__(self) -> T:
        """Do the work."""
        return self._work()


def start(work: Callable[[], T]) -> Answer[T] | Later[T]:
    """Begin `work` in a child; call the answer for what it returned or raised.

    The child is a fork, for it must hold the lock that its parent holds.
    """
    if "fork" not in multiprocessing.get_all_start_methods():
        return Later(work)
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_do, args=(work, sender))
    child.start()
    sender.close()  # the child's copy alone is left: its end is an end of file
    return Answer(child, receiver)


def signal() -> None:
    """In a child, say once that there will be something; elsewhere do nothing."""
    global _parent
    if _parent is not None:
        _parent.send(None)
    _parent = None


def _do(work: Callable[[], Any], sender: Connection) -> None:
    global _parent
    _parent = sender
    die_with_parent()
    answer: tuple[Any, BaseException | None]
    try:
        answer = work(), None
    except BaseException as error:
        answer = None, error
    sender.send(answer)
