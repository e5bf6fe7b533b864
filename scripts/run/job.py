"""What a run works on: the user's deliveries, or samples kept apart from them."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from scripts.ingest.database import connect_to_look
from scripts.ingest.feeds import configured
from scripts.ingest.inbox import is_junk, is_part
from scripts.ingest.sources import load_sources
from scripts.settings import Settings, SettingsError, holds, samples, shown
from scripts.terminal import step

SAMPLE_SEED = 0
SAMPLE_LEADS = 300
SAMPLE_SALES = 2_000
SAMPLE_ORGS = 40
SAMPLE_TWICE = 0.02


@dataclass(frozen=True)
class Job:
    """One run: settings, inbox, whether to archive what landed, what to say."""

    settings: Settings
    inbox: Path
    archive: bool
    note: str = ""


def choose(settings: Settings, inbox: Path | None, database_named: bool) -> Job:
    """Return the job for the settings and the inbox given, if any.

    Without files and data the job runs on samples in a database of their own;
    if the user named a database, that is refused with a SettingsError.
    """
    if inbox is not None:
        return Job(settings, inbox.expanduser().resolve(), archive=False)
    inbox = settings.inbox
    if has_files(inbox):
        return Job(settings, inbox, archive=True)
    inbox.mkdir(parents=True, exist_ok=True)
    if configured(load_sources().values(), os.environ):
        return Job(settings, inbox, archive=True)
    here, database = shown(inbox), shown(settings.database)
    if has_data(settings.ledger):
        note = f"Nothing new in {here}: building {database} from what it holds."
        return Job(settings, inbox, archive=True, note=note)
    if database_named:
        raise SettingsError(
            f"{here} is empty and {database} holds no data yet: put files into "
            f"{here}/<source>/ or name their folder (INBOX=dir); samples go into "
            "no database that you name"
        )
    made = samples(settings)
    note = (
        f"{here} is empty: running on samples in {shown(made.database)}, apart "
        f"from your data.\nFor your own files: fill {here}/<source>/ or name a "
        "folder (make run INBOX=dir)."
    )
    return Job(made, _sample_inbox(settings.data), archive=False, note=note)


def unbuilt(settings: Settings, inbox: Path | None, named: bool) -> str | None:
    """Return what a first run would do; None if there has been one.

    It looks only: a plan makes neither a folder nor the samples.
    """
    has_own = inbox is not None or has_files(settings.inbox)
    has_own = has_own or bool(configured(load_sources().values(), os.environ))
    what = shown(inbox or settings.inbox)
    if not (has_own or named or holds(settings.ledger)):
        settings, what = samples(settings), "the samples"
    if holds(settings.ledger) or (named and not has_own):  # which `choose` refuses
        return None
    return (
        f"Nothing has been built yet: there is no {shown(settings.database)}. "
        f"A run would ingest {what} and build every node."
    )


def has_files(folder: Path) -> bool:
    """Return whether there is any file below the folder; hidden ones are none."""
    return any(visible_files(folder))


def visible_files(folder: Path) -> Iterator[Path]:
    """Give the files below a folder that may be deliveries."""
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(is_junk(p) or is_part(p) for p in parts):
            yield path


def has_data(database: Path) -> bool:
    """Return whether the ledger in a database knows of any landed file."""
    if not database.exists():
        return False
    with closing(connect_to_look(database)) as db:
        try:
            return bool(
                db.execute(
                    "select exists(select 1 from ingest_files where status = 'landed')"
                ).fetchone()[0]
            )
        except sqlite3.OperationalError:  # no ledger yet
            return False


def _sample_inbox(data: Path) -> Path:
    """Return the folder of samples, written at the first call."""
    inbox = data / "demo" / "inbox"
    if not inbox.exists():
        with step("making the samples"):
            _make_samples(inbox)
    return inbox


def _make_samples(inbox: Path) -> None:
    """Write the files of the samples."""
    # Faker takes its time to load.
    from tools.generate.company.enquiries import called
    from tools.generate.company.files import write as write_company
    from tools.generate.company.truth import Company
    from tools.generate.deliveries import deliveries
    from tools.generate.files import write
    from tools.generate.leads import Leads
    from tools.generate.leads import write as write_leads
    from tools.generate.registers import write_registers
    from tools.generate.sales import Shop
    from tools.generate.sales_files import write as write_sales

    # Renamed when complete, so that a killed run leaves no half of it.
    draft = inbox.with_name("inbox.part")
    for delivery in deliveries(seed=SAMPLE_SEED, twice=SAMPLE_TWICE):
        write(delivery, draft / "crm")
    company = Company(SAMPLE_SEED)
    leads = Leads(SAMPLE_SEED, SAMPLE_LEADS, known=called(company))
    for _ in write_leads(leads, draft / "leads"):
        pass
    for _ in write_sales(Shop(SAMPLE_SEED), draft / "sales", SAMPLE_SALES):
        pass
    for _ in write_registers(draft / "prospects", SAMPLE_ORGS, 2, SAMPLE_SEED):
        pass
    for _ in write_company(company, draft):
        pass
    draft.rename(inbox)
