"""XML in pieces, parsed in C: the tree so far is seen while the rest comes."""

import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from ..errors import Refusal
from ..files import member

PIECE = 1 << 15  # elements of so little die before Python looks for garbage


class _BegunError(Exception):
    """The root has begun, so no DOCTYPE can follow."""


class Tree:
    """A document as far as it was fed; a DOCTYPE, which could bring bombs, refuses."""

    def __init__(self) -> None:
        self._builder = ElementTree.TreeBuilder()
        self._parser = ElementTree.XMLParser(target=self._builder)  # noqa: S314
        self._guard: Any = expat.ParserCreate()
        self._guard.StartDoctypeDeclHandler = self._refuse
        self._guard.StartElementHandler = self._begin

    def feed(self, data: bytes) -> ElementTree.Element | None:
        """Take more of the document; return its root, once it has begun."""
        if self._guard:
            try:
                self._guard.Parse(data)
            except _BegunError:
                self._guard = None
        self._parser.feed(data)
        return None if self._guard else self._builder.close()

    def _refuse(self, *declared: object) -> None:
        raise Refusal("its XML has a DOCTYPE, which workbooks never have")

    def _begin(self, *element: object) -> None:
        raise _BegunError


def grown(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo
) -> Iterator[ElementTree.Element]:
    """The root of a member again and again, each time with more of it."""
    tree = Tree()
    try:
        with member(archive, info) as stream:
            while data := stream.read(PIECE):
                root = tree.feed(data)
                if root is not None:
                    yield root
        tree._parser.close()
    except (ElementTree.ParseError, expat.ExpatError) as error:
        raise Refusal(f"the workbook is corrupt: {info.filename}: {error}") from None


def whole(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> ElementTree.Element:
    """The root of a member that is small."""
    root = None
    for found in grown(archive, info):
        root = found
    if root is None:
        raise Refusal(f"the workbook is corrupt: {info.filename} is empty")
    return root


def bare(tag: str) -> str:
    """The name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2]
