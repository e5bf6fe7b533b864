"""What can go wrong, sorted by who has to act on it."""

from scripts.command import CommandError
from scripts.printable import printable


class IngestError(CommandError):
    """The run cannot go on; `exit_code` is what the command ends with."""


class BusyError(IngestError):
    """Another run is at work."""


class UsageError(IngestError):
    """The command, the inbox folder or a declaration is wrong."""

    exit_code = 2


class Refusal(Exception):  # noqa: N818 (a verdict on a file)
    """One file cannot be landed; the others go on.

    `retry` says that the file itself may be fine (it was still being written,
    or could not be opened), so it stays where it is for the next run.
    """

    def __init__(self, reason: str, retry: bool = False) -> None:
        super().__init__(reason)
        self.reason = printable(reason)
        self.retry = retry
