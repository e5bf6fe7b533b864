"""Which files of a folder are one full picture, where nothing dates them."""

from pathlib import Path

import pytest

from .conftest import Shop

SYSTEM = """
system: acme
title: Acme CRM
settings: {delivery: full}
tables:
  sold:
    into: shop.sales
    recognised_by: [[Record ID, Worth]]
    columns: {id: [Record ID], amount: [Worth]}
"""
ROWS = "Record ID,Worth\na,1\nb,2\n"
OTHER = "Record ID,Worth\na,1\nc,3\n"


@pytest.fixture
def systems(shop: Shop) -> Path:
    text = (shop.declarations / "shop" / "_shop__sources.yml").read_text("utf-8")
    shop.declare(
        text.replace("{files: sales*}", "{files: sales*, deliveries: [changes, full]}")
    )
    folder = shop.folder / "systems"
    folder.mkdir()
    (folder / "acme.yml").write_text(SYSTEM, encoding="utf-8")
    return folder


def _run(shop: Shop, systems: Path, **files: str) -> dict[str, tuple[str, list[str]]]:
    """Deliver files; return for each of the folder its status and what is said."""
    for name, text in files.items():
        shop.put(f"{name}.csv", text, "acme")
    outcomes = shop.run(systems=(systems,)).outcomes
    return {
        o.label.removeprefix("acme/"): (
            o.status, [note for note in o.notes if "picture" in note]
        )
        for o in outcomes
    }  # fmt: skip


def test_a_file_that_landed_before_is_a_picture_of_its_own(shop: Shop, systems: Path):
    assert _run(shop, systems, deals=ROWS) == {"deals.csv": ("landed", [])}
    assert _run(shop, systems, deals_new=OTHER) == {
        "deals.csv": ("skipped", []),
        "deals_new.csv": ("landed", ["a full picture of its own, after deals.csv"]),
    }


def test_what_a_browser_saves_again_is_a_picture_of_its_own(shop: Shop, systems: Path):
    _run(shop, systems, **{"deals (1)": ROWS})
    assert _run(shop, systems, **{"deals (2)": OTHER}) == {
        "deals (1).csv": ("skipped", []),
        "deals (2).csv": ("landed", ["a full picture of its own, after deals (1).csv"]),
    }


@pytest.mark.parametrize(
    ("one", "two"), [("deals_1", "deals_2"), ("deals-part1", "deals-part2"),
                     ("deals 1 of 2", "deals 2 of 2")],
)  # fmt: skip
def test_parts_with_numbers_are_one_picture(
    shop: Shop, systems: Path, one: str, two: str
):
    both = {
        f"{one}.csv": ("landed", [f"one full picture with {two}.csv"]),
        f"{two}.csv": ("landed", [f"one full picture with {one}.csv"]),
    }
    assert _run(shop, systems, **{one: ROWS, two: OTHER}) == both
    # one of them alone has changed
    assert _run(shop, systems, **{two: ROWS}) == both


def test_files_of_one_run_are_one_picture_and_stay_it(shop: Shop, systems: Path):
    both = {
        "apac.csv": ("landed", ["one full picture with emea.csv"]),
        "emea.csv": ("landed", ["one full picture with apac.csv"]),
    }
    assert _run(shop, systems, apac=ROWS, emea=OTHER) == both
    assert _run(shop, systems, emea=ROWS) == both
    assert _run(shop, systems, late="Record ID,Worth\nz,1\n") == {
        "apac.csv": ("skipped", []),
        "emea.csv": ("skipped", []),
        "late.csv": ("landed", ["a full picture of its own, after apac.csv, emea.csv"]),
    }


def test_numbers_in_other_folders_are_no_parts(shop: Shop, systems: Path):
    _run(shop, systems, **{"march/deals_1": ROWS})
    found = _run(shop, systems, **{"april/deals_2": OTHER})
    assert found["march/deals_1.csv"][0] == "skipped"
