"""The panels that are one value a pixel: instances, classes, parts, depth, normals."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from render.develop.viewpoint import sky_mask
from render.inspect import colours
from render.inspect.boxes import draw_tags
from render.inspect.canvas import Canvas, text_size
from render.inspect.colours import DAMAGE, DIM, INK, NOTHING, Rgb
from render.inspect.frame import Frame
from render.inspect.panel import Key, Panel, absent, fitted
from render.semantic import ACTORS_FROM
from scenes.ontology import CATEGORIES, PARTS, STUFF

_DAMAGED = 128
_SKY_RGB = colours.SURFACES["sky"]
_SCALE_PX = 34
_TICKS_M = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


def mask_panel(frame: Frame, width_px: int, tallest_px: int) -> Panel:
    """Draw every instance in a colour of its own, with its outline and number."""
    over = np.asarray(frame.rgb * 0.55, np.uint8)
    for labelled in frame.objects:
        mine = frame.ids == labelled["instance"]
        over[mine] = colours.blended(frame.rgb[mine], np.array(colours.of_number(labelled["instance"])), 0.55)
    unlabelled = unmapped(frame.ids, [labelled["instance"] for labelled in frame.objects])
    over[unlabelled] = DAMAGE
    rgb, scale = fitted(over, width_px, tallest_px=tallest_px)
    canvas = Canvas(rgb)
    _outline(canvas, frame, scale)
    numbers = {str(labelled["instance"]): labelled for labelled in reversed(frame.objects)}
    left_out = draw_tags(canvas, numbers, scale, {number: colours.of_number(int(number)) for number in numbers})
    faults = "red: ids that no object has" if unlabelled.any() else ""
    return Panel(
        title="Instance mask: one colour and number each",
        rgb=canvas.rgb,
        note=faults or (f"no room for {left_out} numbers" if left_out else ""),
    )


def semantic_panel(frame: Frame, width_px: int, tallest_px: int) -> Panel:
    """Draw the class of every pixel; without a semantic map, that of the actors."""
    title, semantic = "Semantic map: class of every pixel", frame.geometry.semantic
    if semantic is not None:
        entries = _classes()
        table = np.array([entries[number][0] if number in entries else DAMAGE for number in range(256)], np.uint8)
        rgb, _ = fitted(table[semantic], width_px, tallest_px=tallest_px)
        present = [entries.get(number, (DAMAGE, f"unknown {number}")) for number in np.unique(semantic).tolist()]
        return Panel(title=title, rgb=rgb, keys=[Key(colour=colour, words=words) for colour, words in present])
    grey = cv2.cvtColor(cv2.cvtColor(frame.rgb, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    over = np.asarray(grey // 3, np.uint8)
    for labelled in frame.objects:
        over[frame.ids == labelled["instance"]] = colours.of_class(labelled["category"])
    rgb, _ = fitted(over, width_px, tallest_px=tallest_px)
    names = sorted({labelled["category"] for labelled in frame.objects})
    keys = [Key(colour=colours.of_class(name), words=name.replace("_", " ")) for name in names]
    return Panel(title=title, rgb=rgb, keys=keys, note="not in this record: classes of what is no actor")


def parts_panel(frame: Frame, width_px: int, tallest_px: int) -> Panel:
    """Draw the part of every actor's pixel, damaged surfaces hatched red."""
    title, parts = "Parts of actors; damaged surfaces hatched red", frame.geometry.parts
    if parts is None:
        rgb, _ = fitted(frame.rgb, width_px, tallest_px=tallest_px, smooth=True)
        return Panel(title=title, rgb=absent(rgb, "not in this record: a part map"))
    rgb, _ = fitted(colours.of_parts()[parts & (_DAMAGED - 1)], width_px, tallest_px=tallest_px)
    damaged, _ = fitted(
        np.repeat((parts >= _DAMAGED)[..., None], 3, axis=2).astype(np.uint8), width_px, tallest_px=tallest_px
    )
    rows, columns = np.indices(rgb.shape[:2])
    rgb[(damaged[..., 0] > 0) & ((rows + columns) % 5 < 2)] = DAMAGE
    names = {number: name for name, number in PARTS.items()}
    present = [number for number in np.unique(parts & (_DAMAGED - 1)).tolist() if number]
    keys = [Key(colour=colours.of_number(n), words=names.get(n, str(n)).replace("_", " ")) for n in present]
    if (parts >= _DAMAGED).any():
        keys.append(Key(colour=NOTHING, words="damaged", mark="damaged"))
    return Panel(title=title, rgb=rgb, keys=keys)


def depth_panel(frame: Frame, width_px: int, tallest_px: int) -> Panel:
    """Draw the depth with a scale in metres."""
    title, depth_m = "Depth along the optical axis, m", frame.geometry.depth_m
    if depth_m is None:
        rgb, _ = fitted(frame.rgb, width_px, tallest_px=tallest_px, smooth=True)
        return Panel(title=title, rgb=absent(rgb, "not in this round: the view's bundle"))
    sky = sky_mask(depth_m)
    known = depth_m[~sky]
    nearest, farthest = (float(np.quantile(known, share)) for share in (0.002, 0.99)) if known.size else (1.0, 100.0)
    farthest = max(farthest, nearest * 2)
    over = colours.of_distance(depth_m, nearest, farthest)
    over[sky] = _SKY_RGB
    rgb, _ = fitted(over, width_px, tallest_px=tallest_px)
    return Panel(title=title, rgb=np.concatenate([rgb, _scale(rgb.shape[1], nearest, farthest)]))


def normals_panel(frame: Frame, width_px: int, tallest_px: int) -> Panel:
    """Draw the normals: red, green and blue say how far they point ahead, to the left and up."""
    title, normal = "Normals in the world's frame", frame.geometry.normal
    if normal is None:
        rgb, _ = fitted(frame.rgb, width_px, tallest_px=tallest_px, smooth=True)
        return Panel(title=title, rgb=absent(rgb, "not in this round: the view's bundle"))
    over = np.asarray(np.clip(np.rint(127.5 + 127.5 * normal), 0, 255), np.uint8)
    over[np.abs(normal).max(axis=-1) < 0.01] = NOTHING
    rgb, _ = fitted(over, width_px, tallest_px=tallest_px)
    arrows = {"ahead": (1, 0, 0), "back": (-1, 0, 0), "left": (0, 1, 0), "right": (0, -1, 0), "up": (0, 0, 1)}
    keys = [
        Key(colour=_normal_colour(axis), words=f"to the {name}" if name in ("left", "right") else name)
        for name, axis in arrows.items()
    ]
    return Panel(title=title, rgb=rgb, keys=[*keys, Key(colour=NOTHING, words="none")])


def _normal_colour(axis: tuple[int, int, int]) -> colours.Colour:
    red, green, blue = (round(127.5 + 127.5 * part) for part in axis)
    return red, green, blue


def _classes() -> dict[int, tuple[colours.Colour, str]]:
    """Return colour and name of every value of a semantic map."""
    stuff = {number: (colours.SURFACES[name], name) for name, number in STUFF.items()}
    actors = {ACTORS_FROM + number: (colours.of_class(name), name) for name, number in CATEGORIES.items()}
    return {number: (colour, name.replace("_", " ")) for number, (colour, name) in (stuff | actors).items()}


def _outline(canvas: Canvas, frame: Frame, scale: float) -> None:
    for labelled in frame.objects:
        mine = (frame.ids == labelled["instance"]).astype(np.uint8)
        found, _ = cv2.findContours(mine, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        for contour in found:
            canvas.line((np.concatenate([contour, contour[:1]])[:, 0] + 0.5) * scale, INK)


def _scale(width_px: int, nearest_m: float, farthest_m: float) -> Rgb:
    """Return the bar below a depth map: colours, ticks in metres, and what sky looks like."""
    canvas = Canvas.blank(width_px, _SCALE_PX)
    left, right = 8, width_px - 70
    values = nearest_m * (farthest_m / nearest_m) ** np.linspace(0, 1, right - left)
    canvas.rgb[3:15, left:right] = colours.of_distance(values[None].astype(np.float32), nearest_m, farthest_m)
    canvas.fill((right + 14, 3, right + 26, 15), _SKY_RGB)
    canvas.text(right + 31, 1, "sky")
    for metres in (tick for tick in _TICKS_M if nearest_m <= tick <= farthest_m):
        x = left + (right - left) * float(np.log(metres / nearest_m) / np.log(farthest_m / nearest_m))
        canvas.fill((x, 15, x + 1, 19), DIM)
        words = f"{metres} m"
        canvas.text(min(max(x - text_size(words)[0] / 2, 0), width_px), 18, words, DIM)
    return canvas.rgb


def unmapped(ids: NDArray[np.uint16], instances: list[int]) -> NDArray[np.bool_]:
    """Return the pixels whose id no object has, HxW."""
    return np.asarray((ids > 0) & ~np.isin(ids, instances), np.bool_)
