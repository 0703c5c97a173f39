"""Contact sheets: every vehicle, person, place, tree and material, developed like any other frame."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from render.develop.camera import SensorSettings
from render.develop.device import Wish, choose
from render.develop.preset import LookSettings
from render.develop.round import develop
from render.durable import write_bytes
from render.farm import trace
from render.settings import RenderSettings
from scenes.camera import CameraSettings
from scenes.camera_exhibit import camera_cells
from scenes.crash_exhibit import crash_cells
from scenes.errors import InputError
from scenes.exhibit import atlas_cells, decoy_cells, light_cells
from scenes.showcase import EVERY_LOOK, Cell, cells

STAGE = "scenes.stage.showcase"
_COLUMNS = 4
_CAPTION_PX = 18
_GAP_PX = 4
_QUALITY = 80
_INK, _PAPER = (60, 60, 60), 246
_FAMILIES = ("showcase", "looks", "weather", "snow")
Image = npt.NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class GalleryReport:
    """Sheets written, and cells that are missing with the reason."""

    sheets: tuple[Path, ...]
    missing: dict[str, str]


def draw(
    out: Path,
    *,
    settings: RenderSettings,
    looks: LookSettings,
    sensor: SensorSettings,
    workers: int,
    device: Wish,
    seed: int,
    cameras: CameraSettings,
    sheets: Collection[str] = (),
) -> GalleryReport:
    """Trace and develop all cells that are missing, and write `<out>/<sheet>.jpg`.

    Args:
        out: the gallery's folder; its traces stay in it, so that a second call draws only what changed.
        settings: how to trace.
        looks: must have the families `showcase` (with the presets `showcase_day` and `showcase_night`), `looks`,
            `weather` and `snow`.
        sensor: the camera.
        workers: processes.
        device: `auto`, `cpu` or `gpu`.
        seed: of the looks.
        cameras: rigs, each of which has a picture.
        sheets: which; all if empty.

    Raises:
        InputError: there is no such sheet.
    """
    wanted = cells_on(sheets, cameras)
    specs = [cell.spec for cell in wanted]
    traced = trace(specs, out, settings=settings, workers=workers, device=device, stage=STAGE)
    for family in dict.fromkeys(cell.spec.lighting for cell in wanted):
        count = len(looks.presets(family)) if family in _FAMILIES else 1  # one look of a lighting that was chosen
        develop(
            out,
            looks=looks,
            sensor=sensor,
            count=count,
            seed=seed,
            workers=workers,
            lighting=family,
            place=choose(device),
        )
    order = [preset.name for family in _FAMILIES for preset in looks.presets(family)]
    place = {name: number for number, name in enumerate(order)}
    frames = dict(sorted(_frames(out).items(), key=lambda found: place.get(found[0][1], len(order))))
    reasons = {failure.name.partition("-")[0]: failure.reason for failure in (*traced.unfit, *traced.failed)}
    missing = {
        cell.caption: reasons.get(cell.spec.scene_id, "was not developed")
        for cell in wanted
        if cell.sheets and not any(scene == cell.spec.scene_id for scene, _ in frames)
    }
    return GalleryReport(sheets=tuple(_write_sheets(out, wanted, frames, sheets)), missing=missing)


def cells_on(sheets: Collection[str], cameras: CameraSettings) -> list[Cell]:
    """Return the cells of some sheets, of all if none is named.

    Raises:
        InputError: there is no such sheet.
    """
    everything = [*cells(), *light_cells(), *atlas_cells(), *crash_cells(), *decoy_cells(), *camera_cells(cameras)]
    known = list(dict.fromkeys(sheet for cell in everything for sheet in cell.sheets.values()))
    if unknown := [sheet for sheet in sheets if sheet not in known]:
        raise InputError("sheets", f"must be some of {', '.join(known)}", got=unknown[0])
    return [cell for cell in everything if not sheets or set(sheets) & set(cell.sheets.values())]


def _frames(out: Path) -> dict[tuple[str, str], Path]:
    """Map scene and look name to the developed picture."""
    found = {}
    for record in sorted((out / "frames").glob("*.json")):
        told: Mapping[str, Any] = json.loads(record.read_text())
        found[told["scene"], told["look"]["name"]] = out / told["image"]
    return found


def _write_sheets(
    out: Path, wanted: Iterable[Cell], frames: Mapping[tuple[str, str], Path], sheets: Collection[str]
) -> list[Path]:
    tiles: dict[str, list[Image]] = {}
    for cell in wanted:
        for (scene, name), path in frames.items():
            sheet = cell.sheets.get(name) or cell.sheets.get(EVERY_LOOK)
            if scene == cell.spec.scene_id and sheet and (not sheets or sheet in sheets):
                tiles.setdefault(sheet, []).append(_tile(path, cell.caption or name.replace("_", " ")))
    written = []
    for sheet, pictures in tiles.items():
        path = out / f"{sheet}.jpg"
        fine, data = cv2.imencode(".jpg", contact_sheet(pictures), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
        assert fine
        write_bytes(path, data.tobytes())
        written.append(path)
    return written


def _tile(path: Path, caption: str) -> Image:
    picture = cv2.imread(str(path))
    assert picture is not None
    label = np.full((_CAPTION_PX, picture.shape[1], 3), _PAPER, np.uint8)
    cv2.putText(label, caption, (2, 13), cv2.FONT_HERSHEY_SIMPLEX, 0.40, _INK, 1, cv2.LINE_AA)
    return np.vstack([picture, label]).astype(np.uint8)


def contact_sheet(pictures: list[Image]) -> Image:
    """Lay pictures of one size out in rows of four, HxWx3 uint8."""
    height, width = pictures[0].shape[:2]
    columns = min(_COLUMNS, len(pictures))
    rows = -(-len(pictures) // columns)
    sheet = np.full(
        (rows * (height + _GAP_PX) - _GAP_PX, columns * (width + _GAP_PX) - _GAP_PX, 3), _PAPER, dtype=np.uint8
    )
    for number, picture in enumerate(pictures):
        y, x = (number // columns) * (height + _GAP_PX), (number % columns) * (width + _GAP_PX)
        sheet[y : y + height, x : x + width] = picture
    return sheet
