"""How feeds are declared, under `config.meta` of a table or a source.

Read by pydantic as part of `schema`, but loaded without it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from annotated_types import Ge, Gt

VARIABLE = re.compile(r"\$\{(\w+)\}")
NEEDED = {"page": {"parameter"}, "cursor": {"parameter", "next"}, "link": set()}
ALLOWED = {**NEEDED, "page": {"parameter", "size", "size_parameter"}}

AtLeast0 = Annotated[float, Ge(0)]
Above0 = Annotated[float, Gt(0)]
Count = Annotated[int, Gt(0)]


class _Keys:
    """Keys of which no other is allowed; what follows a key describes it."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {
        "extra": "forbid",
        "strict": True,
        "use_attribute_docstrings": True,
    }


@dataclass(frozen=True, kw_only=True)
class _Feed(_Keys):
    name: str
    url: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_.-]+", self.name):
            raise ValueError(f"name: expected letters and digits, not {self.name!r}")

    def address(self, environment: Mapping[str, str]) -> str | None:
        """The address, or None while a variable in it is not set."""
        names = VARIABLE.findall(self.url)
        if not all(environment.get(name) for name in names):
            return None
        return VARIABLE.sub(lambda found: environment[found[1]], self.url)


@dataclass(frozen=True, kw_only=True)
class Window(_Keys):
    """Days that are requested at once."""

    begin: str
    """parameter for the first day"""
    end: str
    """parameter for the last day"""
    first: date
    """first day of all"""
    days: Count = 31
    """days of one window"""
    settle: Annotated[int, Ge(0)] = 31
    """days for which late records may still come, so that they are requested again"""
    is_end_exclusive: bool = False
    """whether the last day is the one after"""


@dataclass(frozen=True, kw_only=True)
class Paging(_Keys):
    """How one page leads to the next."""

    kind: Literal["cursor", "link", "page"] = "link"
    """`link` follows the header `Link`, `cursor` a value in it; `page` counts"""
    parameter: str | None = None
    """parameter for the cursor or the number of the page"""
    next: str | None = None
    """where in the answer the next cursor is"""
    size: Count | None = None
    """records of a page"""
    size_parameter: str | None = None
    """parameter for `size`, `per_page` by default"""

    def __post_init__(self) -> None:
        given = {key for key, value in vars(self).items() if value is not None}
        if unknown := given - ALLOWED[self.kind] - {"kind"}:
            raise ValueError(f"{min(unknown)} is not known for {self.kind}")
        if missing := NEEDED[self.kind] - given:
            raise ValueError(f"{min(missing)} is missing")


@dataclass(frozen=True, kw_only=True)
class Api(_Feed):
    """A REST API that gives records as JSON, page by page."""

    extra: ClassVar[str] = "api"
    name: str
    """folder that its pages seem to lie in, `api/2025-01-01/00001.json`; the
    `source_name` of its sales"""
    url: str
    """address, with variables of the environment as `${NAME}`"""
    table: str = ""
    bearer: str | None = None
    """variable that holds a bearer token"""
    key: str | None = None
    """variable that holds an API key"""
    key_header: str = "X-API-Key"
    """header that the API key goes into"""
    records: str | None = None
    """where in the answer the list of records is, as `data.items`; without it the
    answer is the list"""
    paging: Paging = Paging()
    """`{kind: link}`; `{kind: cursor, parameter: …, next: …}`, `next` being its place
    in the answer; or `{kind: page, parameter: …}`, perhaps with `size` and
    `size_parameter`"""
    parameters: dict[str, Any] = field(default_factory=dict)
    """further parameters of every request"""
    window: Window | None = None
    """requests days: the parameters `begin` and `end` for the first and last of them,
    `first` day of all, `days` at once (31), and for how many days late records may
    come (`settle`, 31). `is_end_exclusive` if the last day is the one after"""
    requests_per_minute: Count = 300
    """at most so many requests"""
    timeout: Above0 = 30
    """seconds until an answer has to be there as a whole"""
    attempts: Count = 6
    """how often to request a page"""
    max_megabytes: Above0 = 32
    """what an answer may be long at most, decompressed"""
    max_idle_pages: Annotated[int, Ge(0)] = 10
    """pages in a row that may bring nothing new while each leads to another one; 0:
    the first empty page is the end"""


@dataclass(frozen=True, kw_only=True)
class Database(_Feed):
    """A table of a database, read in the order of a column that grows."""

    extra: ClassVar[str] = "database"
    name: str
    """as of an API"""
    url: str
    """any [SQLAlchemy
    URL](https://docs.sqlalchemy.org/en/20/core/engines.html#database-urls), such as
    `postgresql+psycopg://reader@host/shop`"""
    relation: str
    """table or view there, perhaps with its schema: `public.sales`"""
    table: str = ""
    cursor: str = "id"
    """column whose values grow: an identity, a time of change"""
    rows: Count = 50_000
    """rows of one window, which is one transaction; they are streamed"""
    lag: AtLeast0 = 0
    """how far below its last value, in numbers or seconds, a row may still come"""


@dataclass(frozen=True, kw_only=True)
class Bucket(_Feed):
    """A place in a bucket that holds the files of a source."""

    extra: ClassVar[str] = "s3"
    name: Literal["bucket"] = "bucket"
    url: str
    """address, such as `s3://shop/inbox/sales`"""
