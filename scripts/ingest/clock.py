"""The one clock of a run; REVENUE_WAREHOUSE_NOW freezes it."""

import os
from datetime import datetime, timedelta, timezone

from .errors import UsageError

VARIABLE = "REVENUE_WAREHOUSE_NOW"


def iso(moment: datetime) -> str:
    """UTC as fixed-width text, so that text order is time order."""
    moment = moment.astimezone(timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def now() -> str:
    """The time now as `YYYY-MM-DDTHH:MM:SS.ffffffZ`."""
    frozen = os.environ.get(VARIABLE)
    if not frozen:
        return iso(datetime.now(timezone.utc))
    try:
        moment = datetime.fromisoformat(frozen.replace("Z", "+00:00"))
    except ValueError:
        raise UsageError(f"{VARIABLE} is not an ISO time: {frozen!r}") from None
    return iso(moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc))


def later_than(newest: str | None) -> str:
    """The time now, or a microsecond after `newest` if the clock was set back."""
    time = now()
    if newest is None or time > newest:
        return time
    last = datetime.fromisoformat(newest.replace("Z", "+00:00"))
    return iso(last + timedelta(microseconds=1))
