"""Real pictures without labels: a folder with its subfolders."""

from __future__ import annotations

from pathlib import Path

from blend.candidate import Candidate, Listing, group_of
from blend.readers.tree import scan


def read(*, images: Path) -> Listing:
    """List the pictures of a folder.

    Raises:
        InputError: the folder is missing or holds no picture.
    """
    tree = scan(images, "real.images")
    candidates = tuple(Candidate(file=file, path=path, group=group_of(file)) for file, path in tree.files.items())
    return Listing(candidates=candidates, left_out=tree.left_out, file=images.name)
