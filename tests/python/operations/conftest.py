"""One warehouse for all that is shown of a morning: a good day, then a bad one."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

from scripts import settings
from scripts.alerts.send import VARIABLE
from scripts.ingest.clock import VARIABLE as CLOCK
from scripts.run.__main__ import main
from scripts.run.build import load
from tests.python.conftest import one_at_a_time, settings_taken_back

from . import mornings
from .channels import mailbox, webhook


@dataclass
class Told:
    """What came of the two days beside the warehouse."""

    exit_codes: list[int]
    alerts_of_good_day: int
    scores_of_good_day: list[float]
    posted: list[dict[str, Any]]
    mailed: list[dict[str, str]]
    webhook: str


@dataclass
class Morning:
    """The warehouse after the two days, and what was told of them."""

    database: Path
    told: Told

    @property
    def settings(self) -> settings.Settings:
        return settings.load(None, self.database)

    def query(self, sql: str, *values: Any) -> list[tuple]:
        with closing(sqlite3.connect(self.database)) as db:
            return db.execute(sql, values).fetchall()


@pytest.fixture(scope="package")
def morning(
    tmp_path_factory: pytest.TempPathFactory,
    made_once: Path,
    parsed: Callable[[Path], Path],
) -> Iterator[Morning]:
    """Give a copy of the warehouse."""
    made, own = made_once / "morning", tmp_path_factory.mktemp("own")
    with settings_taken_back(), pytest.MonkeyPatch.context() as patch:
        for name in ("WAREHOUSE_TARGET", "WAREHOUSE_DB", "WAREHOUSE_LAKE"):
            patch.setenv(name, "")
        patch.chdir(settings.PROJECT)
        with one_at_a_time(made):
            if not (made / "told.json").exists():
                parsed(made / "target")
                told = two_days(made, patch)
                (made / "told.json").write_text(json.dumps(asdict(told)))
        shutil.copytree(made, own, dirs_exist_ok=True)
        patch.setenv(CLOCK, f"{mornings.BAD_DAY}T06:30:00Z")
        patch.setenv("WAREHOUSE_DATA", str(own / "data"))
        patch.setenv("DBT_TARGET_PATH", str(own / "target"))
        patch.setenv("DBT_LOG_PATH", str(own / "logs"))
        told = Told(**json.loads((own / "told.json").read_text()))
        yield Morning(own / "warehouse.db", told)


@pytest.fixture(scope="package")
def manifest(morning: Morning) -> Any:
    """Return the parsed project; who changes it, or builds by it, takes a copy."""
    morning.settings.export()
    return load()


def two_days(folder: Path, patch: pytest.MonkeyPatch) -> Told:
    """Run the main job on a good delivery and the next day on a bad one."""
    database = folder / "warehouse.db"
    patch.setenv("WAREHOUSE_DATA", str(folder / "data"))
    patch.setenv("DBT_TARGET_PATH", str(folder / "target"))
    patch.setenv("DBT_LOG_PATH", str(folder / "logs"))
    codes = []

    def run(day: str, inbox: Path) -> None:
        patch.setenv(CLOCK, f"{day}T06:30:00Z")
        codes.append(main(["--inbox", str(inbox), "--db", str(database)]))

    with webhook() as hook, mailbox() as box:
        patch.setenv(VARIABLE, f"{hook.url} {box.url}")
        run(mornings.GOOD_DAY, mornings.good(folder / "good"))
        sent = len(hook.messages) + len(box.messages)
        with closing(sqlite3.connect(database)) as db:
            rows = db.execute("select score from rpt_data_quality").fetchall()
        run(mornings.BAD_DAY, mornings.bad(folder / "bad"))
        patch.setenv(VARIABLE, "")
        mails = [
            {
                "subject": str(mail["subject"]),
                "text": mail.get_body(("plain",)).get_content(),
                **{
                    f"attached {part.get_filename()}": part.get_payload(
                        decode=True
                    ).decode()
                    for part in mail.iter_attachments()
                },
            }
            for mail in box.messages
        ]
    scores = [score for (score,) in rows]
    return Told(codes, sent, scores, hook.messages, mails, hook.url)
