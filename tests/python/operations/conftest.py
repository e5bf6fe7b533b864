"""One warehouse for all that is shown of a morning: a good day, then a bad one."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from scripts import settings
from scripts.alerts.send import VARIABLE
from scripts.ingest.clock import VARIABLE as CLOCK
from scripts.run.__main__ import main

from . import mornings
from .channels import Mailbox, Webhook, mailbox, webhook


@dataclass
class Morning:
    """What came of the two days."""

    database: Path
    webhook: Webhook
    mailbox: Mailbox
    exit_codes: list[int]
    alerts_of_good_day: int
    scores_of_good_day: list[tuple]

    @property
    def settings(self) -> settings.Settings:
        return settings.load(None, self.database)

    def query(self, sql: str, *values: Any) -> list[tuple]:
        with closing(sqlite3.connect(self.database)) as db:
            return db.execute(sql, values).fetchall()


@pytest.fixture(scope="session")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Morning]:
    folder = tmp_path_factory.mktemp("morning")
    database = folder / "warehouse.db"
    before = dict(os.environ)
    with pytest.MonkeyPatch.context() as patch, webhook() as hook, mailbox() as box:
        for name in ("WAREHOUSE_TARGET", "WAREHOUSE_DB", "WAREHOUSE_LAKE"):
            patch.setenv(name, "")
        patch.setenv("WAREHOUSE_DATA", str(folder / "data"))
        patch.setenv("DBT_TARGET_PATH", str(folder / "target"))
        patch.setenv("DBT_LOG_PATH", str(folder / "logs"))
        patch.setenv(VARIABLE, f"{hook.url} {box.url}")
        patch.chdir(settings.PROJECT)
        codes = []

        def run(day: str, inbox: Path) -> None:
            patch.setenv(CLOCK, f"{day}T06:30:00Z")
            codes.append(main(["--inbox", str(inbox), "--db", str(database)]))

        run(mornings.GOOD_DAY, mornings.good(folder / "good"))
        sent = len(hook.messages) + len(box.messages)
        shown = Morning(database, hook, box, codes, sent, [])
        shown.scores_of_good_day = shown.query("select score from rpt_data_quality")
        run(mornings.BAD_DAY, mornings.bad(folder / "bad"))
        yield shown
    os.environ.clear()
    os.environ.update(before)
