"""What the pages of the desk show, as plain texts for their templates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from scripts.desk import records
from scripts.desk.base import Base, Row
from scripts.desk.decisions import Decision
from scripts.desk.entities import Entity
from scripts.desk.facts import facts, last_facts, money
from scripts.desk.questions import Question
from scripts.desk.veil import Veil, digest, personal

TABLES = {
    "deal": "fct_opportunities",
    "order": "fct_orders",
    "sale": "fct_sales",
    "activity": "fct_activities",
}
MOST_RECORDS = 200
"""Records of one golden record that its page lists."""
Shown = dict[str, Any]


@dataclass(frozen=True)
class Links:
    """The addresses of pages."""

    record: Callable[[Entity, str], str]
    row: Callable[[str, Any], str]
    """Of a row of a table, by its key."""


class Pages:
    """Prepares what is shown of one state of the warehouse."""

    def __init__(self, base: Base, entity: Entity, veil: Veil, links: Links) -> None:
        self._base = base
        self._entity = entity
        self._veil = veil
        self._links = links

    def questions(self, asked: list[Question]) -> list[Shown]:
        """Return questions as they are shown, side by side."""
        wanted = {name for q in asked for side in q.sides for name in side}
        rows = records.read(self._base, self._entity, sorted(wanted))
        origins = records.origins(self._base, rows)
        golden = sorted({name for question in asked for name in question.golden})
        hanging = self._hanging(golden)
        return [self._question(q, rows, origins, hanging) for q in asked]

    def _question(
        self,
        question: Question,
        rows: dict[str, Row],
        origins: dict[str, records.Origin],
        hanging: dict[str, Shown],
    ) -> Shown:
        ones, others = (
            [rows[name] for name in side if name in rows] for side in question.sides
        )
        known = records.fields(self._entity, ones, others, question.evidence)
        low, high = min(question.probabilities), max(question.probabilities)
        return {
            "key": key_of(question),
            "is_merged": question.is_merged,
            "probability": percent(low)
            if percent(low) == percent(high)
            else f"{percent(low)} to {percent(high)}",
            "pair_count": len(question.pairs),
            "whole_count": len(question.whole),
            "worth": [money(amount, code) for code, amount in question.worth],
            "fields": [self._field(field) for field in known if field.is_compared],
            "more": [self._field(field) for field in known if not field.is_compared],
            "sides": [
                [self._record(name, rows, origins) for name in side]
                for side in question.sides
            ],
            "hanging": [hanging[name] for name in question.golden],
        }

    def _field(self, field: records.Field) -> Shown:
        hidden = personal(self._entity, field.name)
        return {
            "name": _head(field.name),
            "sides": [
                [self._veil.text(value, hidden) for value in side]
                for side in (field.ones, field.others)
            ],
            "mark": field.mark,
            "sign": records.MARKS[field.mark],
            "finding": field.finding or field.mark,
        }

    def _record(
        self, name: str, rows: dict[str, Row], origins: dict[str, records.Origin]
    ) -> Shown:
        origin = origins.get(name)
        return {
            "name": self._veil.reference(self._entity, name),
            "path": self._links.record(self._entity, name),
            "is_there": name in rows,
            "file": origin and self._veil.text(origin.file_name),
            "line": origin and origin.line,
            "line_path": origin
            and origin.bronze
            and self._links.row(origin.bronze, origin.row_id),
        }

    def _hanging(self, golden: list[str]) -> dict[str, Shown]:
        """Return what hangs on golden records, in words."""
        counted = facts(self._base, self._entity, golden)
        last = last_facts(self._base, self._entity, golden)
        return {
            name: {
                "words": counted[name].words(),
                "last": [self._fact(row) for row in last[name]],
            }
            for name in golden
        }

    def _fact(self, row: Row) -> Shown:
        amount, code = row["amount_minor"], row["currency_code"] or ""
        return {
            "day": (row["at"] or "")[:10],
            "what": " ".join(filter(None, (row["state"], row["kind"]))),
            "title": row["title"] and self._veil.text(row["title"]),
            "amount": "" if amount is None else money(amount, code),
            "path": self._links.row(TABLES[row["kind"]], row["id"])
            if self._veil.is_shown
            else None,
        }

    def decision(self, decision: Decision, together: int = 1) -> Shown:
        """Return a decision as it is shown."""
        return {
            "key": key_of_decision(decision),
            "entity": decision.entity,
            "names": [
                self._veil.reference(self._entity, name)
                for name in (decision.record_id, decision.other_record_id)
            ],
            "decision": decision.decision,
            "by": decision.decided_by,
            "on": decision.decided_on,
            "reason": self._veil.free(decision.reason),
            "together": together,
        }

    def golden(self, members: list[str]) -> Shown:
        """Return a golden record: its records, why they are one, whose values won."""
        listed = members[:MOST_RECORDS]
        rows = records.read(self._base, self._entity, listed)
        origins = records.origins(self._base, rows)
        names = records.columns(self._entity, [*rows.values()])
        names = [n for n in names if any(records.value(r, n) for r in rows.values())]
        return {
            "name": self._veil.reference(self._entity, members[0]),
            "count": len(members),
            "columns": [_head(name) for name in names],
            "records": [
                {
                    **self._record(name, rows, origins),
                    "key": key_of_record(self._entity, name),
                    "values": [self._value(rows.get(name, {}), n) for n in names],
                }
                for name in listed
            ],
            "hanging": self._hanging([members[0]])[members[0]],
            "merges": self._merges(members[0]),
            "winners": self._winners(members[0]),
        }

    def _value(self, row: Row, column: str) -> str:
        text = records.value(row, column)
        return self._veil.text(text, personal(self._entity, column)) if text else ""

    def _merges(self, golden: str) -> list[Shown]:
        """Return the pairs of a golden record that were compared, with the evidence."""
        report, record = self._entity.report("merges"), self._entity.record
        if not self._base.has(report):
            return []
        rows = self._base.rows(
            f"""
            select * from {report} where {self._entity.golden} = :golden
            order by probability desc, {record}, other_{record},
                abs(weight_bits) desc nulls first, field
            limit 1000
            """,
            golden=golden,
        )
        pairs: dict[tuple[str, str], Shown] = {}
        for row in rows:
            key = str(row[record]), str(row[f"other_{record}"])
            pair = pairs.setdefault(
                key,
                {
                    "names": [self._veil.reference(self._entity, name) for name in key],
                    "probability": percent(row["probability"]),
                    "why": [],
                },
            )
            pair["why"].append(self._why(row))
        return [*pairs.values()]

    def _why(self, row: Row) -> str:
        """Return one sentence of the evidence; of masked data without the values."""
        if self._veil.is_shown:
            return str(row["explanation"])
        if row["field"] == "decision":
            return "decided"
        held = (
            f" (held by {row['value_count']:,} of {row['of_count']:,})"
            if row["value_count"] is not None
            else ""
        )
        return f"{row['field'].replace('_', ' ')} {row['finding']}{held}"

    def _winners(self, golden: str) -> list[Shown]:
        """Return which value of a golden record comes from which record."""
        report = self._entity.report("winners")
        if not self._base.has(report):
            return []
        rows = self._base.rows(
            f"select * from {report} where {self._entity.golden} = :golden",
            golden=golden,
        )
        return [
            {
                "field": _head(row["field"]),
                "value": self._value({row["field"]: row["value"]}, row["field"]),
                "record": self._veil.reference(
                    self._entity, str(row[self._entity.record])
                ),
                "rule": row["rule"],
            }
            for row in rows
        ]


def key_of(question: Question) -> str:
    """Return the key of a question in a form."""
    return digest(f"{question.entity}\0{question.pairs!r}")


def key_of_decision(decision: Decision) -> str:
    """Return the key of a decision in a form."""
    return digest(repr(decision))


def key_of_record(entity: Entity, record: str) -> str:
    """Return the key of a record in a form."""
    return digest(f"{entity.name}\0{record}")


def percent(share: float) -> str:
    """Return a probability as people read it; only what is certain is 0 or 100 %.

    >>> percent(0.0584), percent(0.99999), percent(1), percent(0.001)
    ('6 %', '> 99 %', '100 %', '< 1 %')
    """
    rounded = round(share * 100)
    if rounded == 0 and share > 0:
        return "< 1 %"
    if rounded == 100 and share < 1:
        return "> 99 %"
    return f"{rounded} %"


def _head(column: str) -> str:
    """Return the name of a column as people read it."""
    return column.removeprefix("is_").removesuffix("_minor").replace("_", " ")
