"""What models are compiled to is the same in every build of one project."""

from __future__ import annotations

from .compiled import Kept
from .deliveries import company, contact
from .warehouse import Warehouse


def test_data_do_not_change_the_sql(warehouse: Warehouse) -> None:
    def compiled() -> Kept:
        warehouse._compiled = {}
        warehouse.build_models()
        return warehouse._compiled

    empty = compiled()
    warehouse.deliver("companies.json", [company("C1")])
    warehouse.deliver("contacts.json", [contact("P1"), contact("P2", email="x")])
    warehouse.land()
    assert compiled() == empty
    assert len(empty) > 50
