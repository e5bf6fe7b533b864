"""dbt without work whose result nobody sees: a quarter of a node's cost."""

from __future__ import annotations

import gc
from typing import Any

from dbt_common.events.base_types import BaseEvent, EventLevel
from dbt_common.events.event_manager import EventManager
from dbt_common.events.event_manager_client import ctx_set_event_manager

READ = {"NodeFinished"}
"""The debug events that somebody listens to."""


def slim() -> None:
    """Spare dbt, in this process, debug events and looks for garbage."""
    ctx_set_event_manager(_WithoutDebug())
    # dbt keeps what it makes; looking through it for garbage again and again
    # takes a tenth of the time
    gc.set_threshold(100_000, 20, 20)


class _WithoutDebug(EventManager):
    """Drops debug events, some fifty a node, before they become messages."""

    def fire_event(
        self,
        e: BaseEvent,
        level: EventLevel | None = None,
        node: Any = None,
        force_warn_or_error_handling: bool = False,
    ) -> None:
        if (level or e.level_tag()) != EventLevel.DEBUG or type(e).__name__ in READ:
            super().fire_event(e, level, node, force_warn_or_error_handling)
