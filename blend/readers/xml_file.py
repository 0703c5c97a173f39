"""XML of annotations, without entities, outside files or trees of any depth."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

Element = Any
"""An `lxml.etree._Element`, which has no public name."""

_SAFE: dict[str, bool] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


def root_of(path: Path) -> Element:
    """Read a small file whole.

    Raises:
        ValueError: the file is not XML, or reaches for entities; the text says where.
    """
    try:
        return etree.parse(str(path), etree.XMLParser(**_SAFE)).getroot()
    except (etree.XMLSyntaxError, OSError) as error:  # libxml2 tells a wrong encoding as an OSError
        raise ValueError(f"is not XML that can be read: {error}") from None


def elements(path: Path, tags: tuple[str, ...]) -> Iterator[Element]:
    """Yield the elements of some names as they end; each is emptied once the next is asked for.

    Raises:
        ValueError: the file is not XML, or reaches for entities; the text says where.
    """
    try:
        with path.open("rb") as file:
            for _, element in etree.iterparse(file, events=("end",), tag=tags, **_SAFE):
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except (etree.XMLSyntaxError, OSError) as error:  # libxml2 tells a wrong encoding as an OSError
        raise ValueError(f"is not XML that can be read: {error}") from None


def number(element: Element, path: str) -> float:
    """Return the number in a child element.

    Raises:
        ValueError: it is missing or is no number.
    """
    text = element.findtext(path)
    if text is None:
        raise ValueError(f"has no {path}")
    return as_number(text, path)


def as_number(text: str | None, what: str) -> float:
    """Read a finite number.

    Raises:
        ValueError: it is none; the text says of what.
    """
    try:
        value = float(text or "")
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"{what} must be a number; got {(text or '').strip()[:40]!r}")
    return value
