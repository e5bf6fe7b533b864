"""What a declaration of a source may say: keys, types, defaults and meanings.

The one list of them: files are validated by it, editors read its JSON schema, and
docs/sources.md has its tables. Loading pydantic takes as long as half an ingestion
without files, so that only a declaration that has changed imports this module.
"""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import is_dataclass
from datetime import date
from types import UnionType
from typing import (
    Annotated,
    Any,
    ClassVar,
    Literal,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WrapValidator,
    model_validator,
)
from pydantic.json_schema import models_json_schema
from pydantic_core import ErrorDetails

from scripts.command import did_you_mean

from .declared import Api, Bucket, Database
from .sources import DateOrder, Format, Meaning, Table
from .times import offset

DAY = {"year", "month", "day"}


# -- values -------------------------------------------------------------------


def _between(low: int, high: int) -> WrapValidator:
    """Say the whole range, whichever bound is broken."""

    def check(value: Any, inner: Any) -> Any:
        try:
            return inner(value)
        except ValidationError:
            raise ValueError(f"expected {low} to {high}, not {value!r}") from None

    return WrapValidator(check)


def _currency(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{3}", text):
        raise ValueError(f"expected a code of three letters such as EUR, not {text!r}")
    return text


def _encoding(name: str) -> str:
    try:
        "".encode(name)
    except LookupError:
        raise ValueError(f"{name} is not known") from None
    return codecs.lookup(name).name


def _time_zone(zone: str) -> str:
    if offset(zone) is None:
        raise ValueError(f"expected UTC or an offset such as '+02:00', not {zone}")
    return zone


def _delimiter(text: Any) -> Any:
    if not isinstance(text, str) or len(text) != 1 or text in '"\r\n\0':
        raise ValueError(f"expected one character, not {text!r}")
    return text


def _separator(text: Any) -> Any:
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"expected a text, not {text!r}")
    return text


def _as_text(value: Any) -> Any:
    """YAML reads 2024 as a number."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else value


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _pattern(text: str) -> str:
    try:
        groups = set(re.compile(text).groupindex)
    except re.error as error:
        raise ValueError(str(error)) from None
    if not groups & {"date", "number"} and not groups >= DAY:
        raise ValueError(
            "the pattern needs the groups year, month and day, or date, or number"
        )
    return text


def _day(value: Any) -> Any:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"expected YYYY-MM-DD, not {value!r}") from None


def _state(code: Any) -> Any:
    if not re.fullmatch("[A-Z]{2}", str(code)):
        raise ValueError(f"expected two capitals, such as NV, not {code!r}")
    return code


def _listed(value: list[Any]) -> list[Any]:
    if not value:
        raise ValueError("expected a pattern or a list of patterns")
    return value


Text = Annotated[str, BeforeValidator(_as_text)]
OneOrMore = BeforeValidator(_as_list, json_schema_input_type=str | list[str])
Texts = Annotated[list[Text], OneOrMore, AfterValidator(_listed)]
Percent = Annotated[float, Field(ge=0, le=100), _between(0, 100)]
Share = Annotated[float, Field(ge=0, le=1), _between(0, 1)]
Patterns = Annotated[
    list[Annotated[Text, AfterValidator(_pattern)]],
    OneOrMore,
    AfterValidator(_listed),
]


# -- keys ---------------------------------------------------------------------


class _Keys(BaseModel):
    """Keys of which no other is allowed; what follows a key describes it."""

    model_config = ConfigDict(
        extra="forbid", strict=True, use_attribute_docstrings=True
    )


class Quality(_Keys):
    """Limits of the scores, in percent."""

    warn_below: Percent | None = None
    """score below which `rpt_data_quality` warns"""
    fail_below: Percent | None = None
    """score below which it fails"""


class DeliveryTime(_Keys):
    """Where the time of a delivery is written: in the file's name or in a column."""

    file_name: Patterns | None = None
    """pattern or list of patterns, of which the first that fits counts"""
    first_day: Annotated[date, BeforeValidator(_day)] | None = None
    """the day of the file with number 1"""
    column: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _is_one_of_three(cls, raw: Any) -> Any:
        if isinstance(raw, cls):
            return raw
        if raw in ("arrival", {}):
            return {}
        keys = set(raw) if isinstance(raw, dict) else set()
        if keys in ({"file_name"}, {"file_name", "first_day"}, {"column"}):
            return raw
        raise ValueError(
            f"expected arrival, {{file_name: pattern}} or {{column: name}}, not {raw!r}"
        )

    @model_validator(mode="after")
    def _counts_from_a_day(self) -> DeliveryTime:
        numbered = any("(?P<number>" in text for text in self.file_name or ())
        if numbered and self.first_day is None:
            raise ValueError("a pattern with the group number needs first_day")
        return self


class Layout(_Keys):
    """How the files of a source, a table or a register look."""

    delimiter: Annotated[str, BeforeValidator(_delimiter)] | None = None
    """one character, for csv and tsv; without it comma or tab"""
    encoding: Annotated[Text, AfterValidator(_encoding)] = Table.encoding
    """any that Python knows; a byte order mark always wins"""
    delivery_time: DeliveryTime = DeliveryTime()
    """`arrival`; or `{file_name: '<pattern>'}` with the named groups `year`, `month`,
    `day` (and `hour`, `minute`, `second`), or `date`, or `number`, which counts days
    from `first_day`; of a list of patterns the first that fits counts; or `{column:
    <column>}`. Declared later, it dates anew what has landed. Without it `arrival`"""


class SourceSettings(Layout):
    """Settings of a source, for all its tables, or of a table, which wins."""

    format: Format | None = Table.format
    """JSON is an array or one object per line, as the content shows. Without it the
    suffix before `.gz` decides"""
    time_zone: Annotated[Text, AfterValidator(_time_zone)] = Table.time_zone
    """zone of times that name none: `UTC` or an offset such as `'+02:00'`"""
    date_order: DateOrder = Table.date_order
    """For dates such as 05/04/2025; with the year first they are always understood"""
    decimal_mark: Literal[".", ","] = Table.decimal_mark
    """For amounts such as 1.234 that could be read either way; where it is read as
    1.23, `amount_ambiguous` warns"""
    currency: Annotated[Text, AfterValidator(_currency)] | None = None
    """code of the currency of the amounts, such as `EUR`. An amount with the sign or
    code of another is a finding, `currency_other`, and so is a sale whose row names
    another: a sale's is NULL, so that no sum mixes currencies, a deal's is kept in
    `source_amount`, and `currency_code` says in which it is; others stay, and nothing
    sums them. Without it any sign is another"""
    delivery: Meaning = Table.delivery
    """What a file means: `changes` (states of records, nothing is removed), `full` (all
    records there are: what it lacks is deleted), `period` (all of a period: what it
    lacks of the file before it of its name is deleted) or `append` (each line is new):
    [full pictures](deliveries.md#full-pictures). A table takes those in `deliveries`"""
    deliveries: list[Meaning] = list(Table.deliveries)
    """what `delivery` may be: what the models of a table act on; without it all"""
    business_time: str | None = None
    """column that says when the source last changed the record; it orders the
    history"""
    quality: Quality | None = None
    """scores in percent below which `rpt_data_quality` warns and fails, as
    `{warn_below: 98, fail_below: 90}`. Without it those of `dbt_project.yml`"""
    cut_below: Share = Table.cut_below
    """share of the records that the smallest of the last ten files of a kind (names
    that differ in digits alone) had; with fewer a file counts as not whole. Needs
    three such files with 20 records or more; `0` for never"""
    occasional: bool = False
    """that no file came for a table is not reported"""
    one_folder: bool = False
    """that an export of a system which has landed from one folder is skipped in
    another, byte for byte the same: it would be two accounts with the same records"""
    separator_rows: Annotated[str, BeforeValidator(_separator)] | None = Table.separator
    """text that, in every field of a row, marks it as no data: counted, not landed"""


class OfRegister(Layout):
    """Settings of one register, see docs/adding-a-register.md."""

    files: Texts | None = None
    """pattern or list of patterns of file names, as of a table"""
    state: Annotated[str, BeforeValidator(_state)]
    """two capitals, such as NV"""
    required: list[Text] = []
    """headers without which a file is refused"""


class OfSource(SourceSettings):
    """Settings of a source."""

    bucket: Bucket | None = None
    """a second inbox in a bucket: [how](connectors.md#a-bucket). Sources only"""
    any_folder: bool = False
    """its files are taken from any folder of the inbox, by their header: its models
    scope identifiers by `id_scope` of the ledger. Sources only"""


class OfTable(SourceSettings):
    """Settings of a table."""

    files: Texts | None = None
    """pattern or list of patterns of file names, without suffix, in any case; a file
    must fit one table only. Required. Tables only"""
    api: Api | None = None
    """an interface that is polled, too: [how](connectors.md#a-rest-api).
    Tables only"""
    database: Database | None = None
    """a database that is read, too: [how](connectors.md#a-source-database).
    Tables only"""
    registers: dict[str, dict[str, Any]] | None = None
    """files of many shapes for one table, a declaration for each: [adding a
    register](adding-a-register.md). Tables only"""
    mappings: str | None = None
    """path of the seed that maps the registers. Tables only"""


EmailForm = Literal["lower", "upper", "google", "uid2"]
PhoneForm = Literal["e164", "digits", "national", "trunk"]
HashForm = Literal[EmailForm, PhoneForm]
HASH_FORMS = {"email": get_args(EmailForm), "phone": get_args(PhoneForm)}


class Hashed(_Keys):
    """How the values of a column were hashed before they were delivered."""

    of: Literal["email", "phone"]
    """what was hashed"""
    algorithm: Literal["md5", "sha1", "sha256", "sha512"]
    """how"""
    form: Annotated[
        list[HashForm],
        BeforeValidator(_as_list, json_schema_input_type=HashForm | list[HashForm]),
    ]
    """in which form, or a list of forms that may be it"""

    @model_validator(mode="after")
    def _has_forms_of_its_kind(self) -> Hashed:
        known = HASH_FORMS[self.of]
        wrong = [form for form in self.form if form not in known]
        if wrong or not self.form:
            listed, given = ", ".join(known), wrong[0] if wrong else "[]"
            raise ValueError(f"form: expected {listed} for {self.of}, not {given}")
        return self


class OfColumn(_Keys):
    """Settings of a column."""

    required: bool = False
    """without this column a file is refused; without a value a row gets a finding"""
    optional: bool = False
    """its absence from a file is not reported"""
    aliases: list[str] = []
    """other headers it comes under. Case, blanks and punctuation never matter:
    `E-Mail` is `email`"""
    pii: bool = False
    """holds personal data: its values are not compared for `rpt_schema_drift`. Shared
    copies leave out every value of a source in any case"""
    refers_to: str | None = None
    """table of the source, or `source.table`, whose identifiers it holds: what a cut
    file of that table lacks is then reported as its consequence"""
    by_name: bool = False
    """holds a name by which records of some systems refer to another table: that a
    file lacks it counts only where its system refers by names"""
    hash: Hashed | None = None
    """its values are hashes, as `{of: email, algorithm: sha1, form: lower}`, by which
    its records are joined to the clear ones of other sources: [hashed
    lists](#hashed-lists)"""

    @model_validator(mode="after")
    def _agrees(self) -> OfColumn:
        if self.required and self.optional:
            raise ValueError("required and optional exclude each other")
        if len(set(self.aliases)) < len(self.aliases):
            raise ValueError("aliases: one is given twice")
        return self


# -- what is wrong, in one line -----------------------------------------------

Model = TypeVar("Model", bound=BaseModel)
WANTED = {
    "bool": "true or false",
    "dataclass": "keys and values",
    "date": "a day such as 2025-01-31",
    "dict": "keys and values",
    "float": "a number",
    "int": "a whole number",
    "list": "a list",
    "model": "keys and values",
    "string": "a text",
}


def checked(kind: type[Model], raw: Any) -> Model:
    """Return settings as an object; raises ValueError in one line that names the key.

    By way of JSON, in which a mapping may become an object also where types are strict.
    """
    try:
        return kind.model_validate_json(json.dumps(raw, default=str))
    except ValidationError as error:
        raise ValueError(_line(kind, error.errors()[0])) from None
    except (TypeError, RecursionError) as error:  # keys that are lists, and the like
        raise ValueError(str(error)) from None


def _line(kind: type[BaseModel], error: ErrorDetails) -> str:
    *path, last = [part for part in error["loc"] if isinstance(part, str)] or [""]
    below = "".join(f"{part}: " for part in path)
    at = below + (f"{last}: " if last else "")
    context = error.get("ctx", {})
    match error["type"].partition("_"):
        case ["extra" | "unexpected", *_]:
            known = _keys_at(kind, path) - {"table"}  # the one it is declared at
            hint = did_you_mean(last, known)
            listed = ", ".join(sorted(known))
            return f"{below}key {last} is not known (known: {listed}){hint}"
        case ["missing", *_]:
            return f"{below}'{last}' is missing"
        case ["value", *_]:
            return f"{at}{context['error']}"
        case ["literal", *_]:
            wanted = context["expected"].replace("'", "").replace(" or ", ", ")
        case ["greater", *_]:
            least, above = context.get("ge"), context.get("gt")
            wanted = f"a number above {above}" if above is not None else ""
            wanted = wanted or f"a number of {least} or more"
        case [name, *_]:
            wanted = WANTED.get(name, error["msg"])
    return f"{at}expected {wanted}, not {error['input']!r}"


def _keys_at(kind: Any, path: list[str]) -> set[str]:
    """The keys that may stand at a place of a model."""
    for part in path:
        kind = _fields(kind).get(part) or _value_of(kind)
    return set(_fields(kind))


def _value_of(kind: Any) -> Any:
    """What a mapping holds by names of the user's, as that of tables."""
    if get_origin(kind) in (Union, UnionType, Annotated):
        return next(filter(None, map(_value_of, get_args(kind))), None)
    return get_args(kind)[-1] if get_origin(kind) is dict else None


def _fields(kind: Any) -> dict[str, Any]:
    """Keys of the model or dataclass that an annotation holds, with their own."""
    if get_origin(kind) in (Union, UnionType, Annotated):
        return next(filter(None, map(_fields, get_args(kind))), {})
    if isinstance(kind, type) and (is_dataclass(kind) or issubclass(kind, BaseModel)):
        hints = get_type_hints(kind, include_extras=True).items()
        return {key: hint for key, hint in hints if get_origin(hint) is not ClassVar}
    return {}


# -- for editors and readers --------------------------------------------------


def json_schema() -> dict[str, Any]:
    """The JSON schema of a file of declarations, of which dbt knows further keys."""
    kinds = (OfSource, OfTable, OfRegister, OfColumn)
    schemas, found = models_json_schema(
        [(kind, "validation") for kind in kinds],
        ref_template="#/$defs/{model}",
    )

    def named(kind: type[BaseModel], **more: Any) -> dict[str, Any]:
        meta = schemas[kind, "validation"]
        config = {"type": "object", "properties": {"meta": meta}}
        properties = {"name": {"type": "string"}, "config": config, **more}
        return {"type": "object", "properties": properties, "required": ["name"]}

    def listed(items: dict[str, Any]) -> dict[str, Any]:
        return {"type": "array", "items": items}

    register = schemas[OfRegister, "validation"]
    found["$defs"]["OfTable"]["properties"]["registers"] = {
        "type": "object",
        "additionalProperties": register,
    }
    for feed in ("Api", "Database"):
        del found["$defs"][feed]["properties"]["table"]  # the one it is declared at
    for kind in kinds[:-1]:
        times = found["$defs"][kind.__name__]["properties"]["delivery_time"]
        times["anyOf"] = [{"const": "arrival"}, {"$ref": times.pop("$ref")}]
    table = named(OfTable, columns=listed(named(OfColumn)))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Declaration of a source",
        "type": "object",
        "properties": {"sources": listed(named(OfSource, tables=listed(table)))},
        "required": ["sources"],
        **found,
    }
