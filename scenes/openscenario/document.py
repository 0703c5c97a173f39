"""An XML file that a stranger may have written, and which of its elements were understood.

Why lxml and no ready reader: `scenariogeneration` 0.16.7 reads storyboards but no roads, and passes over in silence
what it does not know; here that is the list that the user wants.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from typing import Any

from lxml import etree

from scenes.errors import InputError
from scenes.openscenario.expression import valued

Node = Any
"""An element of lxml, which ships no types."""
_LARGEST_BYTES = 50_000_000


class Document:
    """A parsed file; asking for elements marks them as understood, and `missed` counts the others.

    Args:
        path: the file.
        root: the name of its root element.

    Raises:
        InputError: there is no such file, it is no XML, has a DOCTYPE (which entities need) or another root.
    """

    def __init__(self, path: Path, root: str) -> None:
        self.path = path
        self.root: Node = _parsed(path)
        self._understood: set[Node] = {self.root}
        self._noted: Counter[str] = Counter()
        if self.root.tag != root:
            raise InputError(path, f"must be a file with the root element {root}", got=str(self.root.tag))
        told: dict[str, str] = {}
        for node in self.every(root, _DECLARED):  # a parameter may stand on those before it
            told[str(node.get("name"))] = valued(str(node.get("value", "")), told)
        for node in self.root.iter():
            for key, value in node.attrib.items():
                node.set(key, valued(value, told))

    def first(self, at: Node, way: str) -> Node | None:
        """Return the first element on a way of names from an element, or None."""
        for name in way.split("/"):
            at = at.find(name)
            if at is None:
                return None
            self._understood.add(at)
        return at

    def every(self, at: Node, way: str) -> list[Node]:
        """Return all elements on a way of names from an element; a root's name stands for the root."""
        found = [self.root if isinstance(at, str) else at]
        for name in way.split("/"):
            found = [child for node in found for child in node.findall(name)]
            self._understood.update(found)
        return found

    def number(self, node: Node, key: str, default: float | None = None) -> float:
        """Return an attribute as a finite number.

        Raises:
            InputError: it is none, or is not there and there is no default.
        """
        told = node.get(key)
        if told is None and default is not None:
            return default
        try:
            value = float(told)
        except (TypeError, ValueError):
            value = float("nan")
        if not isfinite(value):
            raise InputError(f"{self.path}: line {node.sourceline}: {node.tag}.{key}", "must be a number", got=told)
        return value

    def note(self, what: str) -> None:
        """Add something to the list of what was not understood."""
        self._noted[what] += 1

    def missed(self) -> Counter[str]:
        """Count what was not understood: of an element that was not, only its own name, not what lies in it."""
        return self._noted + Counter(_left(self.root, self._understood))


_DECLARED = "ParameterDeclarations/ParameterDeclaration"


def _parsed(path: Path) -> Node:
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise InputError(path, f"must be at most {_LARGEST_BYTES // 1_000_000} MB", got=path.stat().st_size)
        root = etree.fromstring(path.read_bytes(), parser)
    except OSError as missing:
        raise InputError(path, "must be a file", got=missing.strerror or "nothing") from missing
    except etree.XMLSyntaxError as broken:
        raise InputError(path, f"is no XML: {broken.msg}") from broken
    if root.getroottree().docinfo.doctype:
        raise InputError(path, "must have no DOCTYPE: entities are not read", fix="take the DOCTYPE out")
    for node in root.iter():
        node.tag = etree.QName(node).localname
    return root


def _left(node: Node, understood: set[Node]) -> Iterator[str]:
    for child in node:
        if child in understood:
            yield from _left(child, understood)
        elif len(child) or child.attrib or (child.text or "").strip():  # an empty element says nothing
            yield str(child.tag)
