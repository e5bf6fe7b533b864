"""The desk of findings: to be accepted, codes to be mapped, files to be recognised.

A plugin of Datasette. It reads the warehouse by connections of its own, which write
nothing, and writes lines of the user's own files alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from datasette import NotFound
from datasette.utils import tilde_encode

from scripts.command import CommandError
from scripts.desk import accepted, codes, findings, unknown_files
from scripts.desk.base import opened
from scripts.desk.lines import LineError
from scripts.desk.veil import Veil
from scripts.explore import access
from scripts.explore.answers import answered, database, database_name
from scripts.explore.faults import plain
from scripts.explore.forms import around, first, who, whole
from scripts.explore.framework import hookimpl
from scripts.ingest.clock import now
from scripts.morning.keys import is_personal
from scripts.morning.masks import are_shown, without_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.desk.base import Base, Row
    from scripts.desk.findings import Group
    from scripts.explore.answers import Done, Filled
    from scripts.explore.forms import Fields
    from scripts.explore.framework import Datasette, Request, Response, Routes
    from scripts.seed_lines import Line

PER_PAGE = 50
MOST_WAITING = 100
NEEDED = ("rpt_findings", "rpt_accepted_findings", "accepted_findings")
NOT_BUILT = "this warehouse has no rpt_findings yet: make run builds it"


@hookimpl
def register_routes() -> Routes:
    """Answer before Datasette's own pages do."""
    return [
        (r"^/findings/?$", overview),
        (r"^/findings/group/?$", group),
        (r"^/findings/accepted/?$", accepted_ones),
        (r"^/findings/codes/?$", unknown_codes),
        (r"^/findings/files/?$", files),
    ]


# -- all groups ----------------------------------------------------------------


async def overview(datasette: Datasette, request: Request) -> Response:
    """Show what is wrong, in groups."""
    return await answered(datasette, request, _overview)


def _overview(datasette: Datasette, request: Request) -> Filled:
    page = whole(request.args.get("page"))
    filters = {n: v for n in findings.PARTS if (v := request.args.get(n))}
    with opened(database(datasette)) as base:
        _check(base)
        all_groups = findings.groups(base)
        found = findings.chosen(all_groups, filters)
        left = [each for each in found if each.open_count]
        last = max(1, -(-len(left) // PER_PAGE))
        page = min(page, last)
        shown = left[(page - 1) * PER_PAGE : page * PER_PAGE]
        examples = findings.named(base, [g.example_id for g in shown if g.example_id])
        waits = _waiting(base)
        return "findings.html", {
            **_frame(datasette, base, waits, "Open"),
            "groups": [
                {
                    "group": each,
                    "path": _path_of(datasette, each),
                    "example": _row(datasette, base, examples[each.example_id], waits),
                }
                for each in shown
                if each.example_id  # as each with open ones has
            ],
            "choices": _choices(all_groups, filters),
            "total": len(left),
            "open_total": sum(each.open_count for each in left),
            "following": findings.following(base),
            "is_filtered": bool(filters),
            **_pages(page, last, filters),
        }


def _choices(
    groups: list[Group], filters: dict[str, str]
) -> Iterator[tuple[str, str, list[str], str | None]]:
    """The values to choose from, each part with those that the others leave."""
    labels = ("Severity", "Source", "Table", "Rule", "Column")
    for label, part in zip(labels, findings.PARTS, strict=True):
        others = {name: value for name, value in filters.items() if name != part}
        left = [g for g in findings.chosen(groups, others) if g.open_count]
        values = {getattr(each, part) or "-" for each in left}
        ordered = sorted(values)
        if part == "severity":
            ordered = [name for name in findings.SEVERITIES if name in values]
        yield label, part, ordered, filters.get(part)


# -- one group -----------------------------------------------------------------


async def group(datasette: Datasette, request: Request) -> Response:
    """Show the findings of a group, or accept some."""
    return await answered(datasette, request, _group, act=_accept)


def _group(datasette: Datasette, request: Request) -> Filled:
    is_accepted = request.args.get("accepted") == "1"
    page = whole(request.args.get("page"))
    with opened(database(datasette)) as base:
        _check(base)
        each = _asked(base, request)
        count = each.accepted_count if is_accepted else each.open_count
        last = max(1, -(-count // PER_PAGE))
        page = min(page, last)
        start = (page - 1) * PER_PAGE
        rows = findings.of_group(base, each, is_accepted, start, PER_PAGE)
        waits = _waiting(base)
        args = _parts(each) | ({"accepted": "1"} if is_accepted else {})
        return "findings_group.html", {
            **_frame(datasette, base, waits, None),
            "group": each,
            "rows": [_row(datasette, base, row, waits) for row in rows],
            "is_accepted": is_accepted,
            "other_path": _path_of(datasette, each, accepted=not is_accepted),
            "has_table": bool(each.source_name and each.table_name),
            "codes_path": datasette.urls.path("/findings/codes")
            if each.rule in accepted.ONCE_PER_VALUE
            else None,
            "by": who(request),
            "today": now()[:10],
            "action": "?" + urlencode(args | ({"page": page} if page > 1 else {})),
            "start": start + 1,
            "count": count,
            **_pages(page, last, args),
        }


def _asked(base: Base, request: Request) -> Group:
    """The group that the address names."""
    parts = {name: request.args.get(name) or None for name in findings.PARTS[1:]}
    for each in findings.groups(base):
        if all(getattr(each, name) == value for name, value in parts.items()):
            return each
    raise NotFound("no finding is of this kind any more")


def _accept(datasette: Datasette, request: Request, fields: Fields) -> Done:
    with opened(database(datasette)) as base:
        _check(base)
        each = _asked(base, request)
        if first(fields, "action") == "all":
            like = [
                accepted.of_rule(
                    *(each.source_name, each.table_name, each.rule),
                    each.column_name or "",
                )
            ]
        else:
            rows = findings.named(base, fields.get("finding", []))
            like = [accepted.of_finding(row) for row in rows.values()]
    until, by, reason = (first(fields, name) for name in ("until", "by", "reason"))
    count = accepted.accept(like, until, by, reason, now()[:10])
    what = "the rule for this column" if first(fields, "action") == "all" else count
    return f"Accepted: {what}. It takes effect at the next run.", None


# -- what was accepted ---------------------------------------------------------


async def accepted_ones(datasette: Datasette, request: Request) -> Response:
    """Show what was accepted, or take something back."""
    return await answered(datasette, request, _accepted, act=_undo)


def _accepted(datasette: Datasette, request: Request) -> Filled:
    with opened(database(datasette)) as base:
        _check(base)
        waits = _waiting(base)
        veil = Veil(are_shown())
        built = [
            _acceptance(row, veil)
            | {
                "count": row["finding_count"],
                "is_expired": row["is_expired"],
                "is_gone": any(accepted.is_same(row, gone) for gone in waits.gone),
            }
            for row in findings.acceptances(base)
        ]
        page = whole(request.args.get("page"))
        last = max(1, -(-len(built) // PER_PAGE))
        page = min(page, last)
        return "findings_accepted.html", {
            **_frame(datasette, base, waits, "Accepted"),
            "acceptances": built[(page - 1) * PER_PAGE : page * PER_PAGE],
            "total": len(built),
            **_pages(page, last, {}),
        }


def _undo(datasette: Datasette, request: Request, fields: Fields) -> Done:
    if not accepted.undo(first(fields, "line")):
        raise LineError("this line is not in your file any more")
    return "Taken back. It takes effect at the next run.", None


def _acceptance(line: Row, veil: Veil) -> dict[str, Any]:
    """A line as it is shown: what it is about, and what was decided."""
    value = line.get("source_value")
    record = line.get("record_id")
    return {
        "key": accepted.key_of({n: accepted.text(v) for n, v in line.items()}),
        "rule": line.get("rule"),
        "place": ".".join(
            str(part)
            for name in ("source_name", "table_name", "column_name")
            if (part := line.get(name))
        ),
        "record": _identifier(record, veil) if record else None,
        "file": line.get("file_name"),
        "number": line.get("record"),
        "value": _value(line, veil) if value else None,
        "until": line.get("accepted_until"),
        "by": (line.get("accepted_by") or "").strip(),
        "on": line.get("accepted_on"),
        "reason": veil.free(line.get("reason")),
    }


# -- codes ---------------------------------------------------------------------


async def unknown_codes(datasette: Datasette, request: Request) -> Response:
    """Show codes that no list knows, or keep what one of them means."""
    return await answered(datasette, request, _codes, act=_map_code)


def _codes(datasette: Datasette, request: Request) -> Filled:
    page = whole(request.args.get("page"))
    with opened(database(datasette)) as base:
        _check(base)
        waits, veil = _waiting(base), Veil(are_shown())
        found = codes.unknown(base)
        last = max(1, -(-len(found) // PER_PAGE))
        page = min(page, last)
        shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
        listed = [
            _row(datasette, base, each.finding, waits)
            | {
                "options": each.options,
                "chosen": each.chosen,
                "advice": each.advice,
                "seed": each.seed,
                "shown": (said := _value(each.finding, veil)),
                "is_masked": said != each.finding["source_value"],
            }
            for each in shown
        ]
        return "findings_codes.html", {
            **_frame(datasette, base, waits, "Codes"),
            "codes": listed,
            "total": len(found),
            "is_masked": any(each["is_masked"] for each in listed),
            **_pages(page, last, {}),
        }


def _map_code(datasette: Datasette, request: Request, fields: Fields) -> Done:
    with opened(database(datasette)) as base:
        if first(fields, "action") == "undo":
            codes.forget(base, first(fields, "finding"))
            return "Taken back. It takes effect at the next run.", None
        seed = codes.keep(base, first(fields, "finding"), first(fields, "code"))
    return f"Kept in {seed}.csv. It takes effect at the next run.", None


# -- files ---------------------------------------------------------------------


async def files(datasette: Datasette, request: Request) -> Response:
    """Show files that no table takes, or keep what one of them is."""
    return await answered(datasette, request, _files, act=_map_file)


def _files(datasette: Datasette, request: Request) -> Filled:
    page = whole(request.args.get("page"))
    with opened(database(datasette)) as base:
        _check(base)
        waits, veil = _waiting(base), Veil(are_shown())
        found = unknown_files.unknown(base)
        last = max(1, -(-len(found) // PER_PAGE))
        page = min(page, last)
        shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
        return "findings_files.html", {
            **_frame(datasette, base, waits, "Files"),
            "files": [
                unknown_files.looked_at(base, each, veil, not access.token())
                | {
                    "path": datasette.urls.row(
                        *(database_name(datasette), "fct_ingest_files"),
                        tilde_encode(str(each["file_id"])),
                    )
                }
                for each in shown
            ],
            "by": who(request),
            "total": len(found),
            **_pages(page, last, {}),
        }


def _map_file(datasette: Datasette, request: Request, fields: Fields) -> Done:
    with opened(database(datasette)) as base:
        if first(fields, "action") == "undo":
            unknown_files.forget(base, first(fields, "file"))
            return "Taken back.", None
        said = unknown_files.keep(
            *(base, first(fields, "file"), first(fields, "pattern")),
            *(first(fields, "shape"), first(fields, "by"), now()[:10]),
        )
    return said, None


# -- what all do ---------------------------------------------------------------


class _Waiting:
    """What is in the user's file and no run has seen, or that was taken out since."""

    def __init__(self, new: list[Line], gone: list[Line], problem: str | None) -> None:
        self.new, self.gone, self.problem = new, gone, problem


def _waiting(base: Base) -> _Waiting:
    try:
        known = accepted.own()
    except (CommandError, OSError) as error:
        return _Waiting([], [], plain(error))
    return _Waiting(*accepted.waiting(base, known), None)


def _frame(
    datasette: Datasette, base: Base, waits: _Waiting, here: str | None
) -> dict[str, Any]:
    """What every page of the desk has: its tabs, and what waits for the next run."""
    veil = Veil(are_shown())
    counts = {
        "Open": sum(g.open_count for g in findings.groups(base)),
        "Accepted": sum(g.accepted_count for g in findings.groups(base)),
        "Codes": len(codes.unknown(base)),
        "Files": len(unknown_files.unknown(base)),
    }
    paths = {"Open": "", "Accepted": "accepted", "Codes": "codes", "Files": "files"}
    labels = {"Codes": "Unknown codes", "Files": "Unknown files"}
    return {
        "tabs": [
            {
                "name": labels.get(name, name),
                "path": datasette.urls.path(f"/findings/{paths[name]}".rstrip("/")),
                "count": count,
                "is_here": name == here,
            }
            for name, count in counts.items()
        ],
        "waiting": [_acceptance(line, veil) for line in waits.new[:MOST_WAITING]],
        "waiting_count": len(waits.new),
        "gone": [_acceptance(line, veil) for line in waits.gone[:MOST_WAITING]],
        "gone_count": len(waits.gone),
        "problem": waits.problem,
        "accepted_path": datasette.urls.path("/findings/accepted"),
    }


def _row(datasette: Datasette, base: Base, row: Row, waits: _Waiting) -> dict[str, Any]:
    """A finding as it is shown, with its links."""
    veil, warehouse = Veil(are_shown()), database_name(datasette)
    bronze = f"bronze_{row['source_name']}__{row['table_name']}"
    record = row["record_id"]
    line_path = None
    if row["row_id"] is not None and base.has(bronze):
        line_path = datasette.urls.row(
            warehouse, bronze, tilde_encode(str(row["row_id"]))
        )
    return row | {
        "record_id": _identifier(record, veil) if record else None,
        "source_value": _value(row, veil),
        "file_path": datasette.urls.row(
            warehouse, "fct_ingest_files", tilde_encode(str(row["file_id"]))
        ),
        "line_path": line_path,
        "accepted_reason": veil.free(row.get("accepted_reason")),
        "waits": any(accepted.is_like(line, row) for line in waits.new),
    }


def _value(row: Row, veil: Veil) -> str | None:
    """A value of a file: of a column of codes as it is, unless it looks personal."""
    value = row["source_value"]
    if value is None:
        return None
    if row.get("column_name") == "file":  # why it was refused
        return value if veil.is_shown else without_values(value)
    if row["rule"] in accepted.ONCE_PER_VALUE:
        return veil.code(value, row.get("occurrence_count") or 1)
    return veil.text(value)


def _identifier(record: object, veil: Veil) -> str:
    """An identifier, shown to be found elsewhere, unless it is somebody's."""
    text = str(record)
    return veil.text(text) if is_personal(text) else text


def _check(base: Base) -> None:
    if not base.has(*NEEDED):
        raise CommandError(NOT_BUILT)


def _pages(page: int, last: int, args: dict[str, str]) -> dict[str, Any]:
    found = around(page, last)
    links = [(label, "?" + urlencode(args | {"page": n})) for label, n in found]
    return {"page": page, "last": last, "pages": links}


def _parts(each: Group) -> dict[str, str]:
    found = {name: getattr(each, name) for name in findings.PARTS[1:]}
    return {name: value for name, value in found.items() if value}


def _path_of(datasette: Datasette, each: Group, accepted: bool = False) -> str:
    args = _parts(each) | ({"accepted": "1"} if accepted else {})
    return datasette.urls.path("/findings/group") + "?" + urlencode(args)
