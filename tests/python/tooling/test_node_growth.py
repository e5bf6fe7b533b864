"""Nodes whose time grows faster than their rows are named."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tools.bench import bench_nodes
from tools.node_growth import Node, growth, last_build, lines, parents

MADE_FROM = {"child": ["shown"], "shown": ["parent"], "test": ["parent"]}


@pytest.mark.parametrize(
    ("before", "after", "is_named"),
    [
        ({"parent": Node(20, 10)}, {"parent": Node(260, 100)}, False),  # 13 times
        ({"parent": Node(20, 10)}, {"parent": Node(261, 100)}, True),
        ({"parent": Node(1, 10)}, {"parent": Node(100, 100)}, False),  # within 100 ms
        ({"parent": Node(0, 10)}, {"parent": Node(101, 100)}, True),
        ({"parent": Node(50, 0)}, {"parent": Node(500, 0)}, False),  # it has no rows
        ({"parent": Node(20, 10)}, {"other": Node(900, 10)}, False),
    ],
)
def test_a_node_may_grow_as_its_rows_do(before, after, is_named):
    found = list(growth({1: before, 10: after}, {}))
    assert found == ([("parent", 1, 10)] if is_named else [])


@pytest.mark.parametrize("name", ["child", "test"])
def test_rows_are_those_that_a_node_reads_also_through_views(name):
    """One row made of a hundred may take a hundred times as long."""
    sizes = {
        1: {"parent": Node(1, 10), "shown": Node(1, None)},
        10: {"parent": Node(1, 1000), "shown": Node(1, None)},
    }
    own = 1 if name == "child" else None
    for took, is_named in ((1000, False), (2000, True)):
        sizes[1][name], sizes[10][name] = Node(10, own), Node(took, own)
        named = {found for found, _, _ in growth(sizes, MADE_FROM)}
        assert named == ({name} if is_named else set())


def test_sizes_are_compared_with_the_next_smaller_one():
    sizes = {
        scale: {"a": Node(took, scale)}
        for scale, took in ((100, 900), (1, 5), (10, 60))
    }
    assert list(growth(sizes, {})) == [("a", 10, 100)]


def test_the_last_build_of_a_ledger_is_read(tmp_path):
    with closing(sqlite3.connect(tmp_path / "x.db")) as db:
        db.executescript(
            """
            create table run_results (
                run_id, node_type, node_name, milliseconds, row_count
            );
            insert into run_results values
                (1, 'model', 'a', 5, 1), (2, 'model', 'a', 7, 2),
                (2, 'test', 'b', 3, null), (2, 'source', 'c', null, null),
                (2, 'run', 'dev', 99, null);
            create table ingest_files (source_name, table_name, status, landed_count);
            insert into ingest_files values
                ('crm', 'contacts', 'landed', 3), ('crm', 'contacts', 'landed', 4),
                ('crm', 'contacts', 'refused', 0), ('crm', 'deals', 'landed', 2);
            """
        )
    found = last_build(tmp_path / "x.db")
    assert found == {
        "a": Node(7, 2),
        "b": Node(3, None),
        "crm.contacts": Node(0, 7),
        "crm.deals": Node(0, 2),
        "ingest.ingest_files": Node(0, 9),
    }


def test_every_node_has_what_it_is_made_from(parsed, tmp_path, monkeypatch):
    monkeypatch.setenv("DBT_TARGET_PATH", str(parsed(tmp_path / "target")))
    found = parents()
    assert found["stg_crm__contacts"][0] == "crm.contacts"
    assert "stg_crm__contacts" in found["int_contacts__versioned"]
    assert found["rules"] == []


def test_the_longest_come_first_and_what_is_named_is_shown():
    sizes = {
        1: {"a": Node(2, 1), "b": Node(9, None)},
        10: {"a": Node(49, 1), "b": Node(50, None), "c": Node(1200, 12000)},
    }
    assert list(lines(sizes, {"a": " !"})) == [
        "       -     1200      12,000  c",
        "       9       50           -  b",
        "       2       49           1  a !",
    ]
    assert len(list(lines(sizes, {}))) == 2


def test_bench_counts_what_it_names(monkeypatch, capsys):
    monkeypatch.setattr("tools.node_growth.parents", dict)
    nodes = {("dev", 1): {"a": Node(10, 1)}, ("dev", 10): {"a": Node(200, 10)}}
    assert bench_nodes(nodes) == 1
    assert "a  GROWS FASTER THAN ITS ROWS from 1x to 10x" in capsys.readouterr().out
    nodes["dev", 10] = {"a": Node(130, 10)}
    assert bench_nodes(nodes) == 0
