"""A crash from above as a reconstruction draws it: ways, positions at each phase, impacts, forces and speeds."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from itertools import pairwise
from math import hypot
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Polygon

from render import durable
from scenes.checks import footprint
from scenes.crashes.registry import CRASH_TYPES
from scenes.errors import InputError
from scenes.friction import tyre_friction
from scenes.scenario import SCENARIOS, sample
from scenes.site.layout import layout
from scenes.spec.living import Animal, Person
from scenes.spec.party import CrashParty, Track
from scenes.spec.scene import SceneSpec, loads
from scenes.spec.vehicle import Vehicle
from scenes.trajectory import moment

COLOURS = ("#d1495b", "#2e6fbb", "#3a9a5b", "#b7791f", "#7a4fb5", "#4a5560")
_ROAD, _LINE, _VERGE, OTHER = "#e4e5e7", "#a9adb3", "#f4f6f1", "#c9ccd1"
SIZE_INCH, DPI, KMH = (10.0, 5.6), 100, 3.6
_ASPECT = 1.95
_MARGIN_M, _PATH_S, _PDOF_M = 6.0, 0.05, 3.2
_HALF_WALKER_M = 0.35
_PHASES = (("start", ":", 0.10), ("brakes", "--", 0.16), ("impact", "-", 0.45), ("rest", "-", 0.85))
Actor = Vehicle | Person | Animal


def write(told: str, out: Path, *, seed: int) -> Path:
    """Draw the diagram of a scenario's first scene, or of a spec file, into `<out>/diagrams`.

    Args:
        told: a key of `SCENARIOS`, or the path of a `spec.json`.
        out: the folder.
        seed: of the draw.

    Raises:
        InputError: neither a scenario nor a file; or the scene has no crash.
    """
    spec = sample(told, seed=seed, index=0, tracked=True) if told in SCENARIOS else _read(Path(told))
    if not _parties(spec):
        raise InputError(told, "must be a crash", fix=f"one of {', '.join(CRASH_TYPES)}")
    path = out / "diagrams" / f"{told if told in SCENARIOS else spec.scene_id}.png"
    durable.write_bytes(path, picture(spec))
    return path


def _read(path: Path) -> SceneSpec:
    if not path.is_file():
        names = ", ".join(SCENARIOS)
        raise InputError("render diagram", "must name a scenario or a spec file", got=str(path), fix=f"one of {names}")
    return loads(path.read_text(), where=str(path))


def picture(spec: SceneSpec) -> bytes:
    """Return the PNG of a crash's diagram; one without tracks shows where everybody is."""
    figure = Figure(figsize=SIZE_INCH, dpi=DPI, layout="constrained")
    axes = figure.add_subplot()
    parties = _parties(spec)
    ground(axes, spec)
    for vehicle in spec.vehicles:
        if vehicle not in parties:
            box(axes, vehicle, (vehicle.x_m, vehicle.y_m, vehicle.heading_deg), fill=OTHER, alpha=0.9)
    for number, party in enumerate(parties):
        _party(axes, party, COLOURS[number % len(COLOURS)])
    frame(axes, _places(parties))
    _words(axes, spec, parties)
    return png(figure)


def _parties(spec: SceneSpec) -> list[Actor]:
    actors: list[Actor] = [*spec.vehicles, *spec.people, *spec.animals]
    return [actor for actor in actors if actor.crash or actor.track]


def ground(axes: Any, spec: SceneSpec) -> None:
    """Draw the place: roads, stripes, kerbs, tyre marks, posts."""
    axes.set_facecolor(_VERGE)
    plan = layout(spec.street)
    for road in plan.roads:
        path = np.array(road.path_m if not road.closed else (*road.path_m, road.path_m[0]))
        for first, last in pairwise(path):
            along = (last - first) / max(float(np.hypot(*(last - first))), 1e-9)
            across = np.array([-along[1], along[0]]) * road.half_width_m
            corners = [first + across, last + across, last - across, first - across]
            axes.add_patch(Polygon(corners, facecolor=_ROAD, edgecolor="none", zorder=1))
    for stripe in plan.stripes:
        style = "-" if not stripe.dash_m else (0, (stripe.dash_m, stripe.gap_m))
        axes.plot(*np.array(stripe.path_m).T, color="white", linewidth=1.0, linestyle=style, zorder=2)
    for row in plan.rows:
        axes.plot(*np.array(row.path_m).T, color=_LINE, linewidth=1.4, zorder=2)
    for mark in spec.skid_marks:
        axes.plot(*np.array(mark.points_m).T, color="#3b3f45", linewidth=0.8, alpha=0.55, zorder=3)
    for post in spec.obstacles:
        axes.add_patch(Circle((post.x_m, post.y_m), 0.45, facecolor="#4e6b3f", zorder=6))
        axes.annotate(
            post.kind.replace("_", " "), (post.x_m, post.y_m), (5, -10), textcoords="offset points", fontsize=7
        )


def _party(axes: Any, party: Actor, colour: str) -> None:
    track = party.track
    if track is None:
        box(axes, party, (party.x_m, party.y_m, party.heading_deg), fill=colour, alpha=0.85)
        return
    times = np.arange(track.times_s[0], track.times_s[-1] + _PATH_S, _PATH_S)
    way = np.array([moment(track, float(time))[:2] for time in times])
    axes.plot(*way.T, color=colour, linewidth=1.2, zorder=4)
    for (phase, line, alpha), time in zip(_PHASES, _times(track), strict=True):
        if phase == "brakes" and track.brakes_s >= track.contact_s:
            continue
        at = moment(track, time)
        box(axes, party, (at.x_m, at.y_m, at.heading_deg), fill=colour, alpha=alpha, line=line)
        speed = hypot(*moment(track, min(time, track.contact_s)).velocity_mps) * KMH
        if phase in ("start", "impact"):
            words = f"{speed:.0f} km/h"
            axes.annotate(
                words, (at.x_m, at.y_m), (0, 9), textcoords="offset points", fontsize=7, color=colour, zorder=9
            )
    if party.crash:
        _force(axes, party.crash, moment(track, track.contact_s), colour)


def _times(track: Track) -> tuple[float, float, float, float]:
    return track.times_s[0], track.brakes_s, track.impact_s, track.times_s[-1]


def _force(axes: Any, crash: CrashParty, at: Any, colour: str) -> None:
    """Draw the impact point and, into it, the principal direction of force."""
    angle = np.deg2rad(at.heading_deg)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    point = np.array([at.x_m, at.y_m]) + turn @ np.array(crash.impact_point_m)
    source = angle - np.deg2rad(crash.pdof_deg)
    tail = point + _PDOF_M * np.array([np.cos(source), np.sin(source)])
    axes.annotate("", point, tail, arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 1.8}, zorder=10)
    axes.plot(*point, marker="*", color="#f2b705", markeredgecolor="black", markersize=11, zorder=11)


def box(axes: Any, actor: Actor, at: tuple[float, float, float], *, fill: str, alpha: float, line: str = "-") -> None:
    """Draw a body at x, y and heading in degrees, with a line to its nose."""
    size = (actor.length_m, actor.width_m) if isinstance(actor, Vehicle) else (2 * _HALF_WALKER_M,) * 2
    body = footprint(*at, *size)
    style: dict[str, Any] = {"facecolor": fill, "alpha": alpha, "edgecolor": "black", "linestyle": line, "zorder": 5}
    axes.add_patch(Polygon(body.corners_m(), **style))
    (c, s), reach = body.along, body.half_length_m
    nose = (body.x_m + reach * c, body.y_m + reach * s)
    axes.plot((body.x_m, nose[0]), (body.y_m, nose[1]), color="black", linewidth=0.7, alpha=max(alpha, 0.4), zorder=6)


def frame(axes: Any, points_m: Sequence[tuple[float, float]]) -> None:
    """Show all points with a margin, with equal scales and a metre grid."""
    low, high = np.array(points_m).min(axis=0) - _MARGIN_M, np.array(points_m).max(axis=0) + _MARGIN_M
    middle, (wide, high_m) = (low + high) / 2, high - low
    wide = max(wide, high_m * _ASPECT)
    axes.set_xlim(middle[0] - wide / 2, middle[0] + wide / 2)
    axes.set_ylim(middle[1] - wide / _ASPECT / 2, middle[1] + wide / _ASPECT / 2)
    axes.set_aspect("equal")
    axes.set_xlabel("metres along the road; the ego looks to the right from x = 0", fontsize=8)
    axes.tick_params(labelsize=7)


def png(figure: Figure) -> bytes:
    """Return a figure as a PNG, the same bytes for the same figure."""
    made = BytesIO()
    figure.savefig(made, format="png", metadata={"Software": None})
    return made.getvalue()


def _places(parties: list[Actor]) -> list[tuple[float, float]]:
    points = [(party.x_m, party.y_m) for party in parties]
    for party in parties:
        points += list(zip(party.track.x_m, party.track.y_m, strict=True)) if party.track else []
    return points


def _words(axes: Any, spec: SceneSpec, parties: list[Actor]) -> None:
    kind = CRASH_TYPES.get(spec.scenario)
    typed = f"NHTSA {kind.nhtsa}: " if kind else ""
    axes.set_title(f"{typed}{spec.scenario.replace('_', ' ')}. {spec.sentence}", fontsize=9, loc="left")
    lines = [f"road friction {tyre_friction(spec.street):.2f}, {spec.lighting.replace('_', ' ')}"]
    for number, party in enumerate(parties):
        if party.crash:
            lines.append(f"{number + 1} {_kind(party)}: {_figures(party.crash)}")
    axes.text(0.008, 0.985, "\n".join(lines), transform=axes.transAxes, fontsize=7, va="top", zorder=12,
              bbox={"facecolor": "white", "alpha": 0.85, "edgecolor": "none"})  # fmt: skip


def _kind(party: Actor) -> str:
    return party.kind.replace("_", " ") if not isinstance(party, Person) else "person"


def _figures(crash: CrashParty) -> str:
    told = f"delta-v {crash.delta_v_mps * KMH:.0f} km/h, PDOF {crash.pdof_deg:.0f}°"
    if crash.throw_m:
        return f"{told}, thrown {crash.throw_m:.1f} m"
    return f"{told}, {crash.absorbed_energy_j / 1000:.0f} kJ, crush {crash.crush_m:.2f} m"
