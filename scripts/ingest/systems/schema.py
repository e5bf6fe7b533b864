"""What a system's YAML may say: keys, types, defaults and meanings."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from ..schema import (
    DeliveryTime,
    OneOrMore,
    Text,
    _currency,
    _delimiter,
    _encoding,
    _Keys,
)  # fmt: skip
from ..sources import DateOrder
from .zones import known_zone

Evidence = Literal["seen", "documented", "guessed"]
Headers = Annotated[list[Text], OneOrMore]


def _name(value: Any) -> Any:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", str(value)):
        raise ValueError(f"expected lower case letters, digits and _, not {value!r}")
    return value


def _pattern(text: str) -> str:
    try:
        groups = re.compile(text).groups
    except re.error as error:
        raise ValueError(str(error)) from None
    if groups != 1:
        raise ValueError(f"expected a pattern with one group, not {text!r}")
    return text


class OfValues(_Keys):
    """How values are written in the files of a system or of one of its tables."""

    time_zone: Annotated[Text, AfterValidator(known_zone)] | None = None
    """zone of times that name none: `UTC`, an offset, or a name such as
    `Europe/Berlin`, whose summer times are worked out; without it `UTC`"""
    date_order: DateOrder | None = None
    """of dates such as 05/04/2025: `mdy` or `dmy`. Without it each column is read by
    what the whole file shows"""
    decimal_mark: Literal[".", ","] | None = None
    """without it each column is read by what the whole file shows"""
    currency: Annotated[Text, AfterValidator(_currency)] | None = None
    """code of the currency of all amounts, where no column names it"""
    probability: Literal["share", "percent"] | None = None
    """what 0.2 means: a `share` (20 %) or a `percent` value; without it `percent`"""
    id_prefixes: Headers = Field(default_factory=list)
    """texts that are cut off in front of identifiers, such as `zcrm_`"""
    null_ids: Headers = Field(default_factory=list)
    """identifiers that mean none"""
    list_separator: str | None = None
    """what separates several values in one field"""
    links: Literal["ids", "names"] | None = None
    """whether records refer to others by their identifiers or by their names"""
    delivery: Literal["changes", "append", "full", "period"] = "changes"
    """what a file means: `changes` (states of records, nothing is removed), `full` (all
    records there are: what it lacks is deleted), `period` (all of a period: what it
    lacks of the file before it of its name is deleted) or `append` (each line is new);
    a table takes those that its models act on"""
    delivery_time: DeliveryTime | None = None
    """`{file_name: '<pattern>'}` with the named groups `year`, `month`, `day`, or
    `date`, or `number`: by it files are ordered, whenever they come. Declared later, it
    dates anew what has landed. A file whose name does not fit is as new as its arrival;
    so are all without it"""
    encoding: Annotated[Text, AfterValidator(_encoding)] | None = None
    """encoding of its files, where it is always the same"""
    delimiter: Annotated[str, BeforeValidator(_delimiter)] | None = None
    """delimiter of its files, where it is always the same"""


class FromName(_Keys):
    """A value that the name of the file gives."""

    file_name: Annotated[Text, AfterValidator(_pattern)]
    """pattern with one group, which is the value"""


class OfShape(_Keys):
    """One kind of file of a system."""

    into: Annotated[str, Field(pattern=r"^\w+\.\w+$")] | None = None
    """table that takes its records, as `crm.contacts`. Required without `not_read`"""
    not_read: Text | None = None
    """why such a file, which is recognised all the same, is not read"""
    title: str | None = None
    """what people call it; without it the name of the table, such as `deals`"""
    export: str | None = None
    """how to get the file out of the system, in one sentence"""
    evidence: Evidence | None = None
    """as of the system, where it differs"""
    key: Headers | None = None
    """columns without which a file is refused; without it the first column of the
    table that takes it. `[]` for none"""
    recognised_by: list[list[Text]] = Field(default_factory=list)
    """sets of headers, each of which shows what a file is. A header stands for all of
    its column. Not needed where key and other headers are its own"""
    columns: dict[str, Headers] = Field(default_factory=dict)
    """column of the table: its headers in the languages known, best first"""
    first_filled: list[str] = Field(default_factory=list)
    """columns of which a row takes the first value that it has under any of their
    headers. Without it the best header of the file counts, also where it is empty"""
    also_has: list[Text] = Field(default_factory=list)
    """further headers of such files, by which they are known; kept in `_extra`, and
    not reported. `*` stands for any text: `Date entered *`"""
    values: dict[str, Text | FromName] = Field(default_factory=dict)
    """columns with the same value in all rows: a text, or `{file_name: '<pattern>'}`"""
    settings: OfValues = OfValues()
    """how values are written, where it differs from the system"""


class OfSystem(_Keys):
    """A system whose exports are known."""

    system: Annotated[str, BeforeValidator(_name)]
    """its name, with which the folders of the inbox begin that name it"""
    title: str | None = None
    """its name as people write it"""
    evidence: Evidence | None = None
    """`seen` in real files, `documented` by the vendor, or `guessed`: then recognised
    only where the folder begins with the system's name"""
    export: str | None = None
    """how to get its files, in one sentence"""
    settings: OfValues = OfValues()
    """how values are written in its files"""
    tables: dict[Annotated[str, BeforeValidator(_name)], OfShape] = Field(
        default_factory=dict
    )
    """the kinds of file it exports"""

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """The JSON schema of a system's file."""
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **cls.model_json_schema(),
            "title": "A system whose exports are known",
        }

    @model_validator(mode="after")
    def _has_tables(self) -> OfSystem:
        if not (self.tables or self.settings.model_fields_set or self.evidence):
            raise ValueError("expected tables, settings or evidence")
        return self
