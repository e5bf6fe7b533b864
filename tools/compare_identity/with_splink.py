"""Splink, set up as its documentation advises for records without labels.

The ready-made comparison of each kind of field, `u` from random pairs, `m` by
expectation maximisation, clusters from a probability of .5 and of .95 on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas
import splink.comparison_library as compare
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.internals.exceptions import EMTrainingException

from tools.compare_identity.clusters import Clusters
from tools.identity_eval.records import Fields, Record

THRESHOLDS = (0.5, 0.95)
RECALL = 0.7
"""How many of the pairs the certain rules are taken to find, as in the tutorial."""
OWN = ("email", "phone", "date", "identifier", "hash", "domain", "street")
"""Kinds of which one value is that of few persons."""
WIDE = ("city", "postcode", "company", "house_number", "text")
SEED = 1


def clusters(fields: Fields, rows: list[Record]) -> Iterator[tuple[str, Clusters]]:
    """Yield for each threshold the cluster of each record."""
    kinds = {field.kind: field.column for field in fields.compared}
    frame = pandas.DataFrame(
        [(at, *(value or None for value in row[1:])) for at, row in enumerate(rows)],
        columns=["unique_id", *(field.column for field in fields.compared)],
    )
    for field in fields.compared:
        if field.kind not in ("date", "phone"):
            frame[field.column] = frame[field.column].str.lower().str.strip()
        elif field.kind == "phone":
            digits = frame[field.column].str.replace(r"\D", "", regex=True)
            frame[field.column] = digits.str[-9:].where(digits.str.len() > 5)
    if "date" in kinds:
        day = frame[kinds["date"]].str.replace(
            r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3", regex=True
        )
        frame[kinds["date"]] = day
    names = _names(kinds)
    blocks = _blocks(kinds, names)
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=_comparisons(kinds),
        blocking_rules_to_generate_predictions=[block_on(*block) for block in blocks],
    )
    api = DuckDBAPI()
    linker = Linker(api.register(frame), settings, log_level="ERROR")
    training = linker.training
    certain = [block_on(*block) for block in blocks if len(block) > 1] or [
        block_on(*block) for block in blocks
    ]
    training.estimate_probability_two_random_records_match(certain, recall=RECALL)
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=SEED)
    named, others = _trained(kinds, names)
    _learn(linker, named)
    any(_learn(linker, [other]) for other in others)  # until one of them will do
    pairs = linker.inference.predict(threshold_match_probability=0.01)
    for threshold in THRESHOLDS:
        found = linker.clustering.cluster_pairwise_predictions_at_threshold(
            pairs, threshold_match_probability=threshold
        ).as_pandas_dataframe()
        cluster = dict(zip(found["unique_id"], found["cluster_id"], strict=True))
        yield str(threshold), [cluster[at] for at in range(len(rows))]


def _names(kinds: dict[str, str]) -> list[str]:
    return [
        kinds[kind]
        for kind in ("first_name", "last_name", "full_name")
        if kind in kinds
    ]


def _comparisons(kinds: dict[str, str]) -> list[Any]:
    made = []
    both = "first_name" in kinds and "last_name" in kinds
    if both:
        made.append(
            compare.ForenameSurnameComparison(kinds["first_name"], kinds["last_name"])
        )
    for kind, column in kinds.items():
        if kind in ("first_name", "last_name") and both:
            continue
        if kind in ("first_name", "last_name", "full_name"):
            made.append(compare.NameComparison(column))
        elif kind == "email":
            made.append(compare.EmailComparison(column))
        elif kind == "date":
            made.append(compare.DateOfBirthComparison(column, input_is_string=True))
        elif kind in ("street", "company", "text", "domain"):
            made.append(compare.JaroWinklerAtThresholds(column))
        elif kind in ("phone", "identifier", "postcode"):
            made.append(compare.DamerauLevenshteinAtThresholds(column, [1, 2]))
        else:
            exact = compare.ExactMatch(column)
            made.append(exact.configure(term_frequency_adjustments=True))
    return made


def _blocks(kinds: dict[str, str], names: list[str]) -> list[list[str]]:
    blocks = [[kinds[kind]] for kind in OWN if kind in kinds]
    if len(names) == 2:
        blocks.append(names)
    elif names or "company" in kinds:
        blocks.append(names or [kinds["company"]])
    blocks += [
        [name, kinds[kind]]
        for name in names
        for kind in (*WIDE, "date")
        if kind in kinds
    ]
    return blocks


def _trained(kinds: dict[str, str], names: list[str]) -> tuple[list[str], list[str]]:
    """Return a block to learn from, and fields of which one is the other block."""
    others = [kinds[kind] for kind in (*OWN, *WIDE) if kind in kinds]
    return names or [kinds["company"]], others


def _learn(linker: Linker, block: list[str]) -> bool:
    """Return whether there was something to learn within a block."""
    try:
        linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(*block)
        )
    except (ValueError, EMTrainingException):
        return False
    return True
