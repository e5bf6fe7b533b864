"""Runs records through the identity component, in a project of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest

from tools.identity_eval import project
from tools.identity_eval.records import Field, Fields, Record

CONTACT = {
    "first_name": "first_name",
    "last_name": "last_name",
    "company": "company",
    "email": "email",
    "phone": "phone",
    "city": "city",
}


@dataclass
class Found:
    """What the component found in a set of records."""

    made: project.Project

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query on its database."""
        with closing(self.made.connect()) as db:
            return db.execute(sql).fetchall()

    def cluster_of(self) -> dict[str, str]:
        """Return the golden id of each record's id."""
        return dict(self.query("select record_id, cluster_id from labelled__clusters"))


@pytest.fixture(scope="session", autouse=True)
def parsed(tmp_path_factory) -> Iterator[None]:
    """Leave alone what dbt parsed for evaluations outside of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("parsed")
        patch.setattr(project, "PARSED", folder / "target" / "identity_eval.msgpack")
        yield


@pytest.fixture(scope="session")
def resolve(tmp_path_factory) -> Callable[..., Found]:
    """Return what builds the models over records (id, label, value, …)."""

    def run(
        kinds: dict[str, str],
        rows: Iterable[Record],
        engine: str = "sqlite",
        overrides: str = "",
        landed: Callable[[project.Project], None] = lambda _: None,
    ) -> Found:
        compared = tuple(Field(name, kind, name) for name, kind in kinds.items())
        fields = Fields("id", compared)
        made = project.make(tmp_path_factory.mktemp("identity"), engine, fields)
        with (made.folder / "seeds" / "identity_overrides.csv").open("a") as seed:
            seed.write(overrides)
        project.land(made, rows)
        landed(made)
        project.build(made)
        return Found(made)

    return run
