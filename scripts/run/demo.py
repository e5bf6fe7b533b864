"""Sample deliveries for whoever has no files yet, in a database of their own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from scripts.settings import Settings

SEED = 0


def demo_settings(settings: Settings) -> Settings:
    """Return the settings of a run on samples: same data folder, other database."""
    return replace(settings, database=settings.data / "demo.db")


def demo_inbox(settings: Settings) -> Path:
    """Return the folder of samples, written at the first call."""
    inbox = settings.data / "demo" / "inbox"
    if not inbox.exists():
        # Renamed into place when complete: a killed run leaves no half of it.
        from scripts.generate.deliveries import deliveries
        from scripts.generate.files import write

        draft = inbox.with_name("inbox.part")
        for delivery in deliveries(seed=SEED):
            write(delivery, draft / "crm")
        draft.rename(inbox)
    return inbox
