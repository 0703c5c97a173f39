"""A user's scenario from above, before anything is traced: who goes where, what happens when, what the camera sees."""

from __future__ import annotations

from collections.abc import Iterator
from math import hypot
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Wedge

from render import durable
from render.agenda import imported
from render.inspect.diagram import COLOURS, DPI, KMH, OTHER, SIZE_INCH, box, frame, ground, png
from scenes.drive import Drive
from scenes.scenario import rehearse
from scenes.script import Script
from scenes.spec.scene import SceneSpec
from scenes.spec.vehicle import Vehicle
from scenes.staging import Staged

SUFFIXES = (".yaml", ".yml", ".xosc")
_STEPS, _SEES_M, _SAME_M = 41, 25.0, 0.05
_BESIDE_PX = (-21, 16)
"""Labels stand below and above by turns, so that those of neighbours keep apart."""
_CARRIED = ("riding", "cycling", "driving")


def write(told: str, out: Path, *, seed: int) -> Path:
    """Draw the first scene of a scenario file into `<out>/diagrams`.

    Args:
        told: path of the file, YAML or OpenSCENARIO.
        out: the folder.
        seed: of the draw, as `render` takes it.

    Raises:
        InputError: the file breaks a rule.
        RareblendError: no draw of it is valid.
    """
    script = imported(Path(told)).script
    path = out / "diagrams" / f"{script.name}.png"
    durable.write_bytes(path, picture(script, rehearse(script, seed=seed)))
    return path


def picture(script: Script, staged: Staged) -> bytes:
    """Return the PNG of a staged script: dotted at time 0, full when the picture is taken, events along the way."""
    scene, figure = staged.scene, Figure(figsize=SIZE_INCH, dpi=DPI, layout="constrained")
    axes = figure.add_subplot()
    ground(axes, scene)
    _camera(axes, scene, "" if script.ego else f"camera, {scene.cameras[0].speed_mps * KMH:.0f} km/h")
    cast = {drive.name: _body(scene, drive, staged.moment_s) for drive in staged.drives}
    for vehicle in scene.vehicles:
        if vehicle not in cast.values():
            box(axes, vehicle, (vehicle.x_m, vehicle.y_m, vehicle.heading_deg), fill=OTHER, alpha=0.9)
    for person in (person for person in scene.people if person.pose not in _CARRIED):
        box(axes, person, (person.x_m, person.y_m, person.heading_deg), fill=OTHER, alpha=0.9)
    points = [(0.0, 0.0), (_SEES_M, 0.0)]
    for number, drive in enumerate(staged.drives):
        points += _course(axes, staged, drive, cast[drive.name], number)
    frame(axes, points)
    _words(axes, script, staged)
    return png(figure)


def _body(scene: SceneSpec, drive: Drive, moment_s: float) -> Vehicle | None:
    """Return the vehicle of the scene that a course leads to; the ego's is the camera's own."""
    at = drive.at(scene.street, moment_s)
    near = [vehicle for vehicle in scene.vehicles if hypot(vehicle.x_m - at.x_m, vehicle.y_m - at.y_m) < _SAME_M]
    return near[0] if near else None


def _camera(axes: Any, scene: SceneSpec, words: str) -> None:
    camera = scene.cameras[0]
    half = camera.hfov_deg / 2
    reach = Wedge((camera.x_m, camera.y_m), _SEES_M, camera.yaw_deg - half, camera.yaw_deg + half)
    reach.set(facecolor="#f2b705", alpha=0.18, zorder=3)
    axes.add_patch(reach)
    here = (camera.x_m, camera.y_m)
    axes.annotate(words, here, (-4, -14), textcoords="offset points", fontsize=7, ha="center", zorder=9)


def _course(axes: Any, staged: Staged, drive: Drive, body: Vehicle | None, number: int) -> list[tuple[float, float]]:
    """Draw a vehicle at time 0, its way, its events and where it is at the moment; return the way's points."""
    street, moment_s, colour = staged.scene.street, staged.moment_s, COLOURS[number % len(COLOURS)]
    way = [drive.at(street, float(time)) for time in np.linspace(0.0, moment_s, _STEPS)]
    points = [(at.x_m, at.y_m) for at in way]
    axes.plot(*np.array(points).T, color=colour, linewidth=1.2, zorder=4)
    if body is not None:
        if hypot(points[0][0] - points[-1][0], points[0][1] - points[-1][1]) > _SAME_M:
            box(axes, body, (*points[0], way[0].heading_deg), fill=colour, alpha=0.15, line=":")
        box(axes, body, (*points[-1], way[-1].heading_deg), fill=colour, alpha=0.85)
    for onset in drive.onsets:
        if onset.begins_s <= moment_s:
            at = drive.at(street, onset.begins_s)
            axes.plot(at.x_m, at.y_m, marker="o", color=colour, markeredgecolor="black", markersize=4, zorder=8)
    words = f"{drive.name.replace('_', ' ')}, {way[-1].speed_mps * KMH:.0f} km/h"
    offset = (0, _BESIDE_PX[number % 2])
    style: dict[str, Any] = {"textcoords": "offset points", "fontsize": 7, "color": colour, "ha": "center", "zorder": 9}
    axes.annotate(words, points[-1], offset, **style)
    return points


def _words(axes: Any, script: Script, staged: Staged) -> None:
    axes.set_title(f"{script.name.replace('_', ' ')}. {script.sentence}", fontsize=9, loc="left")
    low, high = script.moment_s_range
    kind = staged.scene.street.kind.replace("_", " ")
    first = f"picture at {staged.moment_s:.1f} s of [{low:g}, {high:g}]; {kind}, {script.light.replace('_', ' ')}"
    axes.text(0.008, 0.985, "\n".join([first, *_events(script, staged)]), transform=axes.transAxes, fontsize=7,
              va="top", zorder=12, bbox={"facecolor": "white", "alpha": 0.85, "edgecolor": "none"})  # fmt: skip


def _events(script: Script, staged: Staged) -> Iterator[str]:
    """Yield what happens in order of time, and what comes too late for the picture."""
    onsets = [(onset.begins_s, drive.name, onset.event) for drive in staged.drives for onset in drive.onsets]
    names = {id(event): name for name, event in script.events.items()}
    for begins_s, actor, event in sorted(onsets, key=lambda told: told[0]):
        late = "" if begins_s <= staged.moment_s else " (after the picture)"
        deed = f"{actor} {event.does.replace('_', ' ')}"
        yield f"{begins_s:.1f} s  {names[id(event)]}: {deed}{late}"
