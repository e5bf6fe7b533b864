"""A first delivery and the smaller ones that follow it, day by day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from tools.generate import crm
from tools.generate.crm import Crm, Record, Tables, timestamp
from tools.generate.dirt import Fault, spoil
from tools.generate.twice import entered_twice


@dataclass
class Delivery:
    """The rows of one delivery by table, its faults, and what became of whom.

    `changed`, `unchanged` and `stale` hold the ids of rows delivered before.
    """

    number: int
    tables: Tables = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    changed: dict[str, list[str]] = field(default_factory=dict)
    unchanged: dict[str, list[str]] = field(default_factory=dict)
    stale: dict[str, list[str]] = field(default_factory=dict)


def deliveries(
    count: int = 1,
    scale: float = 1,
    seed: int = 0,
    dirt: float = 0.03,
    delta: float = 0.05,
    twice: float = 0,
) -> Iterator[Delivery]:
    """Yield `count` deliveries: all records first, then shares of `delta`.

    A share `twice` of new companies and contacts is entered a second time.

    A later one is half changed rows, a quarter new ones, the rest unchanged
    and, where a business time allows it, stale; at least one row of each.
    """
    maker = Crm(seed)
    random = Random(f"deliveries-{seed}")
    current: Tables = {}
    for number in range(1, count + 1):
        delivery = Delivery(number)
        day = crm.AS_OF + timedelta(days=number - 1)
        for table, size in crm.SIZES.items():
            first = max(1, round(size * scale))
            new = first if number == 1 else _part(first * delta, 4)
            clean = maker.add(table, new, before=day)
            rows, faults = spoil(random, table, clean, dirt)
            rows += entered_twice(table, clean, twice, seed)
            again = (
                _again(random, delivery, table, current[table], first * delta, day)
                if number > 1
                else []
            )
            current.setdefault(table, []).extend(rows)
            delivery.faults += faults
            delivery.tables[table] = again + rows
        yield delivery


def _part(rows: float, divisor: int) -> int:
    return max(1, round(rows / divisor))


def _again(
    random: Random,
    delivery: Delivery,
    table: str,
    current: list[Record],
    rows: float,
    day: datetime,
) -> list[Record]:
    """Return rows that come again; changed ones become current."""
    changed, unchanged = _part(rows, 2), _part(rows, 8)
    stale = _part(rows, 8) if table == "contacts" else 0
    wanted = min(changed + unchanged + stale, len(current))
    chosen = random.sample(range(len(current)), wanted)
    came = []
    for order, position in enumerate(chosen):
        record = current[position]
        if order < changed:
            record = current[position] = _change(random, table, record, day)
            role = delivery.changed
        elif order < changed + unchanged:
            role = delivery.unchanged
        else:
            record = _older(random, record)
            role = delivery.stale
        role.setdefault(table, []).append(record["id"])
        came.append(record)
    return came


def _other(random: Random, values: tuple[str, ...], value: str) -> str:
    return random.choice([other for other in values if other != value])


def _change(random: Random, table: str, record: Record, day: datetime) -> Record:
    """Return the next state of a record, as of some moment of the last day."""
    moment = timestamp(day - timedelta(seconds=random.randrange(1, 86_400)))
    if table == "companies":
        size = _other(random, tuple(crm.SIZE_BANDS), record["size"])
        return {**record, "size": size}
    if table == "contacts":
        status = _other(random, crm.STATUSES, record["status"])
        return {**record, "status": status, "last_modified": moment}
    if table == "opportunities":
        won = {
            "stage": "Closed Won",
            "probability": 100,
            "close_date": moment,
            "is_closed": True,
            "forecast_category": "Closed",
        }
        if record["stage"] != "Closed Won":
            return {**record, **won}
        return {**record, "stage": "Closed Lost", "probability": 0}
    return {**record, "outcome": _other(random, crm.OUTCOMES, record["outcome"])}


def _older(random: Random, record: Record) -> Record:
    """Return a state of a contact from before the current one, never delivered."""
    moment = datetime.fromisoformat(record["last_modified"]) - timedelta(days=1)
    title = _other(random, crm.TITLES, record["title"])
    return {**record, "title": title, "last_modified": timestamp(moment)}
