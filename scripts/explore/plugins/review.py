"""The steward's desk: doubtful pairs and merged records, to be decided by a person.

A plugin of Datasette. It reads the warehouse by connections of its own, which write
nothing, and writes lines of the user's own file alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from datasette import NotFound
from datasette.utils import tilde_decode, tilde_encode
from markupsafe import Markup

from scripts.command import CommandError
from scripts.desk import decisions, golden, pages, questions, records
from scripts.desk.base import opened
from scripts.desk.entities import ENTITIES, TABLES
from scripts.desk.faults import faults
from scripts.desk.veil import Veil, known_codes, referred
from scripts.explore.answers import answered, database, database_name
from scripts.explore.faults import plain, without_folders
from scripts.explore.forms import around, first, who, whole
from scripts.explore.framework import hookimpl
from scripts.ingest.clock import now
from scripts.morning.masks import are_shown

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from scripts.desk.base import Base
    from scripts.desk.decisions import Decision, Pair
    from scripts.desk.entities import Entity
    from scripts.desk.questions import Question
    from scripts.explore.answers import Done, Filled
    from scripts.explore.forms import Fields
    from scripts.explore.framework import Datasette, Request, Response, Routes

PER_PAGE = 10
MOST_WAITING = 100
POSTED = (
    *("decision", "by", "reason", "page", "question"),
    *("line", "other", "action", "at", "entity"),
)


@hookimpl
def register_routes() -> Routes:
    """Answer before Datasette's own pages do."""
    return [
        (r"^/review/?$", review),
        (r"^/review/(?P<entity>[a-z]+)/?$", review),
        (r"^/review/(?P<entity>[a-z]+)/(?P<record>[^/]+)/?$", record),
    ]


@hookimpl(trylast=True)
def render_cell(
    row: Any, value: Any, column: str, table: str | None, datasette: Datasette
) -> Markup | None:
    """Lead from a golden record to the records that it was made of."""
    entity = TABLES.get(table) if table else None
    if entity is None or column != entity.golden or not isinstance(value, str):
        return None
    if value.startswith("masked-"):  # which record it is only its row knows
        return None
    path = _path(datasette, entity, value)
    return Markup('{} <a class="records" href="{}">records</a>').format(value, path)


# -- the list ------------------------------------------------------------------


async def review(datasette: Datasette, request: Request) -> Response:
    """Show the doubtful pairs of an entity, or keep a decision."""
    name = request.url_vars.get("entity")
    if name is not None and name not in ENTITIES:
        raise NotFound("no such entity")
    return await answered(datasette, request, _list, name, act=_decide)


def _list(datasette: Datasette, request: Request, name: str | None) -> Filled:
    by = who(request)
    with opened(database(datasette)) as base:
        veil = Veil(are_shown(), known_codes(base))
        known, problem = _decisions()
        open_by_entity = {
            entity.name: _open(base, entity, known) for entity in ENTITIES.values()
        }
        name = name or next((n for n, q in open_by_entity.items() if q), "contacts")
        entity, asked = ENTITIES[name], open_by_entity[name]
        last = max(1, -(-len(asked) // PER_PAGE))
        page = min(whole(request.args.get("page")), last)
        start = (page - 1) * PER_PAGE
        links = _links(datasette)
        put_off = decisions.postponed(known)
        listed = asked[start : start + PER_PAGE]
        shown = pages.Pages(base, entity, veil, links).questions(listed)
        for question, there in zip(listed, shown, strict=True):
            there["is_put_off"] = _is_put_off(question, put_off)
            there["put_off_by"] = _put_off_by(question, known)
        waiting, taken_back = decisions.waiting(known, base)
        last_one = decisions.last(
            [*waiting, *(d for d in known if d.decision == decisions.LATER)]
        )
        context = {
            "entity": entity,
            "tabs": [
                {
                    "name": n,
                    "count": len(q),
                    "path": datasette.urls.path(f"/review/{n}"),
                    "is_here": n == name,
                }
                for n, q in open_by_entity.items()
            ],
            "questions": shown,
            "first": start + 1,
            "total": len(asked),
            "page": page,
            "last": last,
            "pages": [(label, f"?page={n}") for label, n in around(page, last)],
            "put_off_count": sum(_is_put_off(q, put_off) for q in asked),
            **_waiting(datasette, base, veil, waiting, taken_back),
            "last_one": _decision(
                datasette, base, veil, last_one, len(decisions.together(last_one))
            )
            if last_one
            else None,
            "faults": _told(datasette, veil),
            "problem": problem,
            "by": by,
        }
    return "review.html", context


def _open(base: Base, entity: Entity, known: list[Decision]) -> list[Question]:
    """The questions of an entity that nobody has decided, those put off at the end."""
    decided = frozenset(
        pair for name, pair in decisions.counting(known) if name == entity.name
    )
    put_off = decisions.postponed(known)
    left = [q.without(decided) for q in questions.questions(base, entity)]
    found = [question for question in left if question]
    first = [q for q in found if not _is_put_off(q, put_off)]
    rest = [q for q in found if _is_put_off(q, put_off)]
    rest.sort(
        key=lambda q: max(put_off.get((q.entity, frozenset(p)), 0) for p in q.pairs)
    )
    return first + rest


def _is_put_off(question: Question, put_off: Container[tuple[str, Pair]]) -> bool:
    return all((question.entity, frozenset(pair)) in put_off for pair in question.pairs)


def _put_off_by(question: Question, known: list[Decision]) -> str | None:
    """What stands for the newest line that puts a question off, in a form."""
    pairs = {frozenset(pair) for pair in question.pairs}
    for decision in reversed(known):
        is_later = decision.decision == decisions.LATER
        if is_later and decision.entity == question.entity and decision.pair in pairs:
            return pages.key_of_decision(decision)
    return None


def _waiting(
    datasette: Datasette,
    base: Base,
    veil: Veil,
    waiting: list[Decision],
    taken_back: list[Decision],
) -> dict[str, Any]:
    """What no run has seen yet; the newest first, lines of one decision as one."""
    shown: list[dict[str, Any]] = []
    seen: set[Decision] = set()
    for decision in reversed(waiting):
        if decision in seen:
            continue
        lines = decisions.together(decision)
        seen |= {*lines}
        shown.append(_decision(datasette, base, veil, decision, len(lines)))
    return {
        "waiting": shown[:MOST_WAITING],
        "waiting_count": len(shown),
        "taken_back": [
            _decision(datasette, base, veil, d) for d in taken_back[:MOST_WAITING]
        ],
        "taken_back_count": len(taken_back),
    }


def _decision(
    datasette: Datasette, base: Base, veil: Veil, decision: Decision, together: int = 1
) -> dict[str, Any]:
    entity = ENTITIES.get(decision.entity)
    page = pages.Pages(base, entity or ENTITIES["contacts"], veil, _links(datasette))
    shown = page.decision(decision, together)
    names = (decision.record_id, decision.other_record_id)
    shown["paths"] = [
        _path(datasette, entity, name, veil) if entity and name else None
        for name in names
    ]
    return shown


def _decide(datasette: Datasette, request: Request, fields: Fields) -> Done:
    """Keep or take back what the list was sent; return what to say and where to go."""
    form = _form(fields)
    name = request.url_vars.get("entity") or form.get("entity")
    if name not in ENTITIES:
        raise decisions.DecisionError("no such entity")
    page = whole(form.get("page"))
    to = datasette.urls.path(f"/review/{name}" + (f"?page={page}" if page > 1 else ""))
    to += f"#q{whole(form['at'])}" if form.get("at") else ""  # the next one is there
    if form.get("line"):
        return _undo(form["line"]), to
    entity = ENTITIES[name]
    with opened(database(datasette)) as base:
        asked = _open(base, entity, decisions.all_lines())
    wanted = [q for q in asked if pages.key_of(q) == form.get("question")]
    if not wanted:
        raise decisions.DecisionError(
            "this question is not open any more: it was decided, or a run changed it"
        )
    word = form.get("decision", "")
    is_whole = word == decisions.DIFFERENT
    _keep(entity, wanted[0].whole if is_whole else wanted[0].pairs, word, form)
    return _said(word), to


# -- one golden record ---------------------------------------------------------


async def record(datasette: Datasette, request: Request) -> Response:
    """Show a golden record with its records, or split or join it."""
    if request.url_vars["entity"] not in ENTITIES:
        raise NotFound("no such entity")
    return await answered(datasette, request, _golden, act=_change)


def _golden(datasette: Datasette, request: Request) -> Filled:
    with opened(database(datasette)) as base:
        veil = Veil(are_shown(), known_codes(base))
        entity, members = _members(base, request)
        known, problem = _decisions()
        mine = [
            decision
            for decision in known
            if decision.entity == entity.name and decision.pair & {*members}
        ]
        page = pages.Pages(base, entity, veil, _links(datasette))
        context = {
            "entity": entity,
            "golden": page.golden(members),
            **_candidate(base, entity, page, members, request.args.get("other")),
            "decisions": [
                _decision(datasette, base, veil, d)
                for d in reversed(mine[-MOST_WAITING:])
            ],
            "table_path": datasette.urls.row(
                database_name(datasette), entity.table, tilde_encode(members[0])
            )
            if entity.table and base.has(entity.table)
            else None,
            "list_path": datasette.urls.path(f"/review/{entity.name}"),
            "problem": problem,
            "by": who(request),
        }
    return "review_record.html", context


def _candidate(
    base: Base, entity: Entity, page: pages.Pages, members: list[str], asked: str | None
) -> dict[str, Any]:
    """Whom a record is to be joined with, shown before anything is written."""
    if not asked:
        return {}
    other = records.named(base, entity, referred(entity, asked.strip()))
    if other is None or other in members:
        why = "is part of this one already" if other else "is of no record"
        return {"other": asked, "other_problem": f"{asked} {why}"}
    others = records.cluster_of(base, entity, other)
    return {"other": asked, "candidate": page.golden(others)}


def _change(datasette: Datasette, request: Request, fields: Fields) -> Done:
    form = _form(fields)
    with opened(database(datasette)) as base:
        entity, members = _members(base, request)
        to = _path(datasette, entity, members[0], Veil(are_shown()))
        if form.get("line"):
            return _undo(form["line"]), to
        known = decisions.all_lines()
        if form.get("action") == "join":
            other = referred(entity, form.get("other", "").strip())
            pairs = golden.to_join(base, entity, members, other, known)
            decision = decisions.SAME
        else:
            chosen = {*form.get("records", ())}
            by_key = {pages.key_of_record(entity, name): name for name in members}
            pairs = golden.to_split(members, {by_key[k] for k in chosen & {*by_key}})
            decision = decisions.DIFFERENT
    count = _keep(entity, pairs, decision, form)
    return f"{_said(decision)} Lines written: {count:,}.", to


def _members(base: Base, request: Request) -> tuple[Entity, list[str]]:
    """The entity and the records of the golden record that an address names."""
    entity, raw = ENTITIES[request.url_vars["entity"]], request.url_vars["record"]
    for name in dict.fromkeys((tilde_decode(raw), unquote(raw), raw)):
        if members := records.cluster_of(base, entity, referred(entity, name)):
            return entity, members
    raise NotFound(f"no record of {entity.name} has this identifier")


# -- what both do --------------------------------------------------------------


def _form(fields: Fields) -> dict[str, Any]:
    """What is typed in a form of ours, and the records that are ticked."""
    form = {name: first(fields, name) for name in POSTED if name in fields}
    return form | {"records": fields.get("records", [])}


def _keep(
    entity: Entity,
    pairs: Iterable[tuple[str, str]],
    decision: str,
    form: dict[str, Any],
) -> int:
    return decisions.decide(
        entity.name,
        pairs,
        decision,
        form.get("by", ""),
        now()[:10],
        form.get("reason", ""),
    )


def _undo(key: str) -> str:
    for decision in decisions.own():
        if pages.key_of_decision(decision) == key:
            count = decisions.undo(decision)
            if count:
                more = f" with its {count} lines" if count > 1 else ""
                return f"Taken back: {decision.decision}{more}."
    raise decisions.DecisionError("this decision is not in your file any more")


def _said(decision: str) -> str:
    if decision == decisions.LATER:
        return "Put off: it comes again at the end of the list."
    return f"Kept: {decision}. It takes effect at the next run."


def _decisions() -> tuple[list[Decision], str | None]:
    """All decisions, and why they cannot be read."""
    try:
        return decisions.all_lines(), None
    except (CommandError, OSError) as error:
        return [], plain(error)


def _told(datasette: Datasette, veil: Veil) -> list[str]:
    try:
        found = faults(database(datasette), veil.is_shown)
        return [without_folders(fault) for fault in found]
    except (CommandError, OSError):
        return []


def _path(
    datasette: Datasette, entity: Entity, name: str, veil: Veil | None = None
) -> str:
    reference = veil.reference(entity, name) if veil else name
    return datasette.urls.path(f"/review/{entity.name}/{tilde_encode(reference)}")


def _links(datasette: Datasette) -> pages.Links:
    veil, warehouse = Veil(are_shown()), database_name(datasette)
    return pages.Links(
        lambda entity, name: _path(datasette, entity, name, veil),
        lambda table, key: datasette.urls.row(warehouse, table, tilde_encode(str(key))),
    )
