"""Databases on a server of our own, one for each database file of a test."""

from __future__ import annotations

import uuid
from contextlib import closing
from pathlib import Path

import psycopg2
from psycopg2.extensions import make_dsn

from scripts.ingest.postgres import VARIABLE, Connection

__all__ = ["VARIABLE", "Connection", "copied"]


def copied(server: str, file: Path) -> str:
    """Return the URL of a new database for a file; a copy of its old one, if any.

    The file was copied from a folder of another warehouse: it names the database.
    """
    name = f"w_{uuid.uuid4().hex[:12]}"
    url = str(make_dsn(server, dbname=name))
    if not file.exists():
        return url  # made when something lands
    template = file.read_text("utf-8").strip().rpartition("/")[2]
    with closing(psycopg2.connect(make_dsn(server, dbname="postgres"))) as conn:
        conn.autocommit = True
        conn.cursor().execute(f"create database {name} template {template}")
    file.unlink()  # it is written anew, with the new name
    return url
