"""The frame with everything that is flat: visible and amodal boxes, and a tag for each object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from render.inspect.canvas import Canvas, tag_size
from render.inspect.colours import IGNORED, PAPER, Colour, of_class
from render.inspect.frame import Frame, ignored
from render.inspect.panel import Key, Panel, fitted
from render.inspect.placement import Box, Placement, gap, nearest_point

_FAR_PX = 6.0  # a tag that is farther from its box than this is tied to it by a line,
_LOW_PX = 60.0  # and so is one beside a box lower than this, since such boxes stand in crowds


def boxes_panel(frame: Frame, width_px: int, tallest_px: int) -> Panel:
    """Draw the frame's boxes."""
    rgb, scale = fitted(frame.rgb, width_px, tallest_px=tallest_px, smooth=True)
    canvas = Canvas(rgb)
    for labelled in frame.objects:
        if "amodal_xyxy" in labelled:
            canvas.box(scaled(labelled["amodal_xyxy"], scale), colour_of(labelled), dashed=True)
    for labelled in frame.objects:
        canvas.box(scaled(labelled["bbox_xyxy"], scale), colour_of(labelled))
    told = {_words(labelled): labelled for labelled in reversed(frame.objects)}
    left_out = draw_tags(canvas, told, scale, {words: colour_of(labelled) for words, labelled in told.items()})
    return Panel(
        title=f"Frame with boxes: {len(frame.objects)} objects; class, instance, distance",
        rgb=canvas.rgb,
        keys=class_keys(frame),
        note=f"no room for the tags of {left_out} objects" if left_out else "",
    )


def draw_tags(
    canvas: Canvas, words: Mapping[str, Mapping[str, Any]], scale: float, colours: Mapping[str, Colour]
) -> int:
    """Write a tag to each object's visible box, the first ones nearest to theirs; return how many found no place."""
    boxes = {told: scaled(labelled["bbox_xyxy"], scale) for told, labelled in words.items()}
    places = Placement(canvas.size_wh, avoid=list(boxes.values()))
    spots = {told: places.place(tag_size(told), box) for told, box in boxes.items()}
    for told, spot in spots.items():
        if spot is not None and _needs_tie(spot, boxes[told]):
            tie(canvas, spot, boxes[told], colours[told])
    for told, spot in spots.items():
        if spot is not None:
            canvas.tag(spot[0], spot[1], told, colours[told])
    return sum(spot is None for spot in spots.values())


def tie(canvas: Canvas, spot: Box, box: Box, colour: Colour) -> None:
    """Draw a line from a tag to the middle of its box."""
    middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    canvas.line(np.array([nearest_point(spot, *middle), middle]), PAPER, thick=3)
    canvas.line(np.array([nearest_point(spot, *middle), middle]), colour)
    canvas.dot(*middle, 2, colour)


def _needs_tie(spot: Box, box: Box) -> bool:
    apart = gap(spot, box)
    return apart > _FAR_PX or (apart > 0 and box[3] - box[1] < _LOW_PX)


def class_keys(frame: Frame) -> list[Key]:
    """Return the legend of classes and of box styles."""
    present = sorted({labelled["category"] for labelled in frame.objects})
    keys = [Key(colour=of_class(category), words=category.replace("_", " ")) for category in present]
    keys.append(Key(colour=(255, 255, 255), words="visible box", mark="outline"))
    keys.append(Key(colour=(255, 255, 255), words="amodal box (with what is hidden or outside)", mark="dashed"))
    if any(ignored(labelled) for labelled in frame.objects):
        keys.append(Key(colour=IGNORED, words="ignored: not told from its background in this look", mark="outline"))
    return keys


def colour_of(labelled: Mapping[str, Any]) -> Colour:
    """Return the colour that an object is drawn in: its class's, grey if it is ignored."""
    return IGNORED if ignored(labelled) else of_class(labelled["category"])


def scaled(box: list[float], scale: float) -> Box:
    """Return a box in a panel's pixels."""
    x0, y0, x1, y1 = (float(edge) * scale for edge in box)
    return x0, y0, x1, y1


def _words(labelled: Mapping[str, Any]) -> str:
    distance = f" {labelled['distance_m']:.0f} m" if "distance_m" in labelled else ""
    crash = " crash" if labelled.get("crash") else ""
    return f"{labelled['category'].replace('_', ' ')} {labelled['instance']}{distance}{crash}"
