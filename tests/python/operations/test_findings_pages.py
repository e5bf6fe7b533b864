"""The pages of the desk of findings in a browser: readable, narrow, and safe."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from urllib.parse import urlencode

import pytest

from scripts import settings
from tools import screenshots

from .browsing import too_wide, violations, whole
from .test_explore import HOSTILE

KIND = {"source_name": "crm", "table_name": "contacts", "column_name": "email"}
PAGES = {
    "findings": "/findings",
    "kind": "/findings/group?" + urlencode(KIND | {"rule": "email_shared"}),
    "accepted": "/findings/accepted",
    "codes": "/findings/codes",
    "files": "/findings/files",
}
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        screenshots.browser() is None, reason="no Chromium or Chrome on the path"
    ),
]


@pytest.fixture(scope="module")
def address(morning, tmp_path_factory):
    """Serve a copy of the warehouse with what every page of the desk shows."""
    folder = tmp_path_factory.mktemp("desk")
    database = folder / "warehouse.db"
    morning.query("vacuum into ?", str(database))
    inbox = folder / "inbox" / "misc"
    inbox.mkdir(parents=True)
    header = ",".join(f'"{text.replace(chr(34), chr(34) * 2)}"' for text in HOSTILE)
    (inbox / "x.csv").write_text(f"{header}\n" + "1," * len(HOSTILE[1:]) + "1\n")
    with closing(sqlite3.connect(database)) as db:
        for place, text in enumerate(HOSTILE):
            db.execute(
                "update fct_row_errors set source_value = ?, record_id = ?"
                " where finding_id = (select finding_id from fct_row_errors"
                " order by finding_id limit 1 offset ?)",
                [text, text, place],
            )
        for rule in ("email_shared", "code_unknown"):
            db.execute(
                "update fct_row_errors set source_value = ?, file_name = ?"
                " where rule = ?",
                [HOSTILE[0], HOSTILE[2], rule],
            )
        db.execute(
            "update fct_ingest_files set source_name = null, table_name = null,"
            " instance_name = 'misc', file_name = 'x.csv', reason = ?"
            " where status = 'refused'",
            [HOSTILE[3]],
        )
        db.execute(
            "insert into accepted_findings (rule, source_value, reason, accepted_by)"
            " values ('email_shared', ?, ?, ?)",
            HOSTILE[:3],
        )
        db.commit()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WAREHOUSE_DATA", str(folder))
        patch.setenv("WAREHOUSE_CONFIG", str(folder / "config"))
        patch.setenv("WAREHOUSE_PERSONAL", "shown")
        with screenshots.served(settings.load(None, database)) as address:
            yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing(address, tmp_path, page, scheme):
    text = whole(address, PAGES[page], scheme)
    assert violations(text, 1280 if scheme == "light" else 500, tmp_path) == ""


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_wider_than_a_telephone(address, tmp_path, page):
    assert too_wide(whole(address, PAGES[page]), tmp_path) == "390"


@pytest.mark.parametrize("page", PAGES)
def test_what_files_hold_is_text(address, page):
    text = whole(address, PAGES[page])
    assert "document.title=7" in text
    dom = screenshots.look(address + PAGES[page], "--dump-dom").decode()
    assert re.search("<title>(.*?)</title>", dom, re.DOTALL)[1] != "7"
    assert "<script" not in dom
    assert "<iframe" not in dom
