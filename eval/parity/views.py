"""What of a picture the body looks at: the whole of it, its mirror image too, or crops at a random zoom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from eval.parity import canvas
from eval.parity.canvas import Boxes, Rgb, Window
from eval.parity.pictures import Picture
from eval.parity.settings import ParitySettings
from scenes.seeds import generator

Labels = NDArray[np.int64]


class Views(Protocol):
    """Views of pictures, all of one size: a function of the picture, its boxes and what stands here, and no more."""

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height of a view, px."""

    @property
    def count(self) -> int:
        """Views of a picture."""

    def key(self, picture: Picture) -> str:
        """Name all that the views of a picture depend on."""

    def shown(self, picture: Picture) -> list[Rgb]:
        """Return the views, uint8 RGB (H, W, 3) each.

        Raises:
            InputError: the picture cannot be decoded.
        """

    def taught(self, picture: Picture, view: int) -> tuple[Boxes, Labels]:
        """Return what one view teaches: boxes (n x 4, xyxy px of the view) and labels (n,), places in the classes."""


def views_of(settings: ParitySettings, classes: Sequence[str], sizes_wh: list[tuple[int, int]]) -> tuple[Views, Whole]:
    """Return what trainings and what tests look at.

    Args:
        settings: of the study.
        classes: names of what is taught.
        sizes_wh: of the test pictures, px.
    """
    told, names = settings, tuple(classes)
    if told.mode == "quick":
        whole = Whole(size_wh=canvas.canvas_wh(sizes_wh, told.long_side_px), classes=names, mirrored=True)
        return whole, whole
    crops = Crops(size_wh=told.crop_wh, classes=names, count=told.crops, long_side_px=told.long_side_px, zoom=told.zoom)
    return crops, Whole(size_wh=canvas.canvas_wh(sizes_wh, told.test_long_side_px), classes=names)


@dataclass(frozen=True, kw_only=True)
class Whole:
    """The whole picture.

    Args:
        size_wh: of the view, px; the picture is fitted into it.
        classes: names of what is taught.
        mirrored: its mirror image is a second view.
    """

    size_wh: tuple[int, int]
    classes: tuple[str, ...]
    mirrored: bool = False

    @property
    def count(self) -> int:
        """Views of a picture."""
        return 1 + self.mirrored

    def key(self, picture: Picture) -> str:
        """Name all that the views of a picture depend on."""
        return f"{self.size_wh} {self.count} {picture.sha256}"

    def scale(self, picture: Picture) -> np.float32:
        """Return px of the view over px of the picture."""
        return np.float32(min(self.size_wh[0] / picture.size_wh[0], self.size_wh[1] / picture.size_wh[1]))

    def shown(self, picture: Picture) -> list[Rgb]:
        """Return the views."""
        rgb = canvas.load(picture.file)
        return [canvas.fitted(rgb[:, ::step], self.size_wh)[0] for step in (1, -1)[: self.count]]

    def taught(self, picture: Picture, view: int) -> tuple[Boxes, Labels]:
        """Return what one view teaches."""
        (xyxy, labels), scale = picture.arrays(self.classes), self.scale(picture)
        seen = xyxy * scale
        return (canvas.mirrored(seen, float(scale * picture.size_wh[0])) if view else seen).astype(np.float32), labels


@dataclass(frozen=True, kw_only=True)
class Crops:
    """Crops at random places and zooms, mirrored in half of the cases, their light and colour changed a little.

    Args:
        size_wh: of a crop, px.
        classes: names of what is taught.
        count: crops of each picture.
        long_side_px: of the picture before the zoom.
        zoom: least and largest factor on it.
    """

    size_wh: tuple[int, int]
    classes: tuple[str, ...]
    count: int
    long_side_px: int
    zoom: tuple[float, float]

    def key(self, picture: Picture) -> str:
        """Name all that the views of a picture depend on."""
        return f"{self} {picture.sha256} {picture.boxes}"

    def shown(self, picture: Picture) -> list[Rgb]:
        """Return the views."""
        rgb = canvas.load(picture.file)
        windows = (self._window(picture, view) for view in range(self.count))
        return [canvas.cut(rgb, window, self.size_wh, rng) for window, rng in windows]

    def taught(self, picture: Picture, view: int) -> tuple[Boxes, Labels]:
        """Return what one view teaches."""
        window, _ = self._window(picture, view)
        return window.xyxy, picture.arrays(self.classes)[1][window.kept]

    def _window(self, picture: Picture, view: int) -> tuple[Window, np.random.Generator]:
        rng = generator(0, "parity", "crops", picture.sha256, view)
        zoom = float(np.exp(rng.uniform(*np.log(self.zoom))))
        scale = self.long_side_px / max(picture.size_wh) * zoom
        xyxy, _ = picture.arrays(self.classes)
        return canvas.window(picture.size_wh, xyxy, size_wh=self.size_wh, scale=scale, rng=rng), rng
