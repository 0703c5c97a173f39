"""A frame's record in words: its conditions, its objects in a table, its crash parties in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from render.inspect.frame import Frame, ignored
from render.inspect.solids import rolled_px

Record = Mapping[str, Any]
_MARGIN = 2
_CLEAR_M = 20_000
_KMH = 3.6
_WETNESS = ((0.2, "dry"), (0.6, "damp"), (1.01, "wet"))
_TABLE = (
    ("id", ">"), ("class", "<"), ("kind", "<"), ("dist. m", ">"), ("box x0 y0 x1 y1", "<"), ("area px", ">"),
    ("hidden", ">"), ("cut off", ">"), ("m/s", ">"), ("keypoints", "<"), ("contrast/noise", "<"),
)  # fmt: skip


def words(frame: Frame) -> str:
    """Return the whole record in words, several lines."""
    parts = [
        f"{frame.record['frame']}: {frame.record.get('sentence', '')}".rstrip(": "),
        *("  " + line for line in conditions(frame)),
        "",
        *table(frame),
        *(["", *crash_sentences(frame)] if any(labelled.get("crash") for labelled in frame.objects) else []),
        *(["", reprojection(frame)] if reprojection(frame) else []),
    ]
    return "\n".join(parts)


def conditions(frame: Frame) -> list[str]:
    """Return place, light, weather and camera, a line each; what the record does not say is left out."""
    lines = {
        "Scene": _scene(frame),
        "Light": _light(frame),
        "Weather": _weather(frame),
        "Camera": _camera(frame),
    }
    return [f"{name}: {', '.join(told)}." for name, told in lines.items() if told]


def table(frame: Frame) -> list[str]:
    """Return the objects as a table, the nearest first."""
    if not frame.objects:
        return ["No object is labelled."]
    rows = [_row(labelled) for labelled in reversed(frame.objects)]
    widths = [max(len(row[column]) for row in (*rows, [head for head, _ in _TABLE])) for column in range(len(_TABLE))]
    kept = [column for column in range(len(_TABLE)) if any(row[column] not in ("", "-") for row in rows)]

    def line(cells: list[str]) -> str:
        told = [f"{cells[column]:{_TABLE[column][1]}{widths[column]}}" for column in kept]
        return ("  " + "  ".join(told)).rstrip()

    return [line([head for head, _ in _TABLE]), *(line(row) for row in rows)]


def crash_sentences(frame: Frame) -> list[str]:
    """Return a sentence for each crash party."""
    parties = [labelled for labelled in frame.objects if labelled.get("crash")]
    return [_crash(labelled) for labelled in sorted(parties, key=lambda labelled: int(labelled["instance"]))]


def clock(pdof_deg: float) -> int:
    """Return a principal direction of force as the hour of the clock that it comes from, 12 from ahead."""
    return round(pdof_deg / 30) % 12 or 12


def reprojection(frame: Frame) -> str:
    """Say how far recorded keypoints and lanes lie from where their points in the world project."""
    apart: list[float] = []
    for labelled in frame.objects:
        points = [point for point in labelled.get("keypoints") or () if point["visibility"] and "xyz_m" in point]
        if points:
            placed = frame.projection.px(np.array([point["xyz_m"] for point in points], np.float64))
            told = np.array([point["xy"] for point in points], np.float64)
            apart += np.hypot(*(placed + rolled_px(frame, labelled["instance"]) - told).T).tolist()
    apart = [distance for distance in apart if np.isfinite(distance)]
    if not apart:
        return ""
    return f"{len(apart)} keypoints projected again from the world: at most {max(apart):.2f} px from the record."


def _scene(frame: Frame) -> list[str]:
    record = frame.record
    told = [str(record["scenario"]).replace("_", " ")] if "scenario" in record else []
    if frame.spec is not None:
        street = frame.spec.street
        told.append(f"{street.kind.replace('_', ' ')} in {street.surroundings} surroundings")
    told += _road(frame)
    if record.get("time_s"):
        told.append(f"{record['time_s']:.2f} s into the clip")
    return told


def _road(frame: Frame) -> list[str]:
    """Return the state of the road by the record, else by the scene."""
    road = (frame.record.get("conditions") or {}).get("road")
    if road is None and frame.spec is not None:
        road = {name: getattr(frame.spec.street, name) for name in ("wetness", "puddles", "snow", "ice")}
    if road is None:
        return []
    state = next(word for limit, word in _WETNESS if road["wetness"] < limit)
    cover = [f"{name} on {share(road[name])}" for name in ("puddles", "snow", "ice") if road.get(name)]
    return [f"road {state} (wetness {road['wetness']:.2f})", *cover]


def _light(frame: Frame) -> list[str]:
    look, facts = frame.record.get("look") or {}, frame.record.get("develop") or {}
    told = [f"look {str(look['name']).replace('_', ' ')}"] if "name" in look else []
    named = frame.record.get("conditions") or {}
    told += [f"{key} {str(named[key]).replace('_', ' ')}" for key in ("lighting", "weather") if key in named]
    lux = facts.get("ground_lux")
    if lux:
        told.append(f"{_short(lux[1])} lx on the road ({_short(lux[0])} to {_short(lux[2])})")
    if "open_sky_lux" in facts:
        told.append(f"{_short(facts['open_sky_lux'])} lx in the open")
    elif "sky_lux" in look:
        told.append(f"sky {_short(look['sky_lux'])} lx and sun {_short(look['sun_lux'])} lx face on")
    if "ev100" in facts:
        told.append(f"EV100 {facts['ev100']:.1f}")
    return [*told, *_sun(frame)]


def _sun(frame: Frame) -> list[str]:
    look = frame.record.get("look") or {}
    if frame.spec is None or not look.get("sun_lux"):
        by_day = frame.spec is not None and frame.spec.lighting != "night"
        return ["the sun is behind cloud" if by_day else "no sun or moon"] if look.get("sun_lux") == 0 else []
    sun = frame.spec.sun
    elevation, azimuth = np.radians([sun.elevation_deg, sun.azimuth_deg])
    towards = np.array([np.cos(elevation) * np.cos(azimuth), np.cos(elevation) * np.sin(azimuth), np.sin(elevation)])
    right, down, ahead = frame.projection.world_to_camera[:3, :3] @ towards
    name = "sun" if look["sun_lux"] > 1 else "moon"
    told = f"{name} {sun.elevation_deg:.0f}° high, {_aside(float(np.degrees(np.arctan2(right, ahead))))}"
    if ahead <= 0.05:
        return [told]
    x, y = frame.projection.picture_px(np.array([[right, down, ahead]]))[0]
    inside = 0 <= x < frame.record["width"] and 0 <= y < frame.record["height"]
    share = (frame.record.get("develop") or {}).get("sun_share")
    shown = f", {share:.0%} of its disc unhidden" if share is not None else ""
    return [told + (f", in the picture at ({x:.0f}, {y:.0f}){shown}" if inside else ", outside the picture")]


def _aside(degrees: float) -> str:
    return f"{abs(degrees):.0f}° to the {'right' if degrees > 0 else 'left'} of the camera's axis"


def _weather(frame: Frame) -> list[str]:
    look = frame.record.get("look") or {}
    told = []
    if look.get("overcast"):
        told.append(f"{look['overcast']:.0%} closed cloud")
    visibility = (look.get("air") or look).get("visibility_m")
    if visibility is not None:
        told.append(f"meteorological visibility {_metres(float(visibility))}")
    falls = look.get("precipitation") or {}
    if falls.get("kind", "none") != "none":
        told.append(f"{falls['kind']} {falls['rate_mm_h']:.3g} mm/h")
    elif falls:
        told.append("no rain or snow")
    glass = look.get("windscreen") or {}
    on_glass = [name for name in ("drops", "crumbs", "smear", "spots", "haze", "fog") if glass.get(name)]
    if on_glass:
        told.append("on the windscreen " + " and ".join(f"{name} {glass[name]:.2g}" for name in on_glass))
    return told


def _camera(frame: Frame) -> list[str]:
    record = frame.record
    camera, sensor = record["camera"], record.get("sensor") or {}
    exposure = (record.get("develop") or {}).get("exposure") or {}
    rig = camera.get("rig") or {}
    told = [f"rig {str(rig['name']).replace('_', ' ')} ({rig['station']})"] if rig else []
    told += [str(sensor["name"]).replace("_", " ")] if "name" in sensor else []
    told.append(f"{record['width']}x{record['height']}, f = {camera['K'][0][0]:.1f} px")
    if "hfov_deg" in camera:
        told.append(f"{camera['hfov_deg']:.1f}° wide")
    bent = camera.get("distortion") or {}
    if bent.get("model", "none") != "none":
        told.append(f"{bent['model']} distortion k = {', '.join(f'{value:g}' for value in bent['k'])}")
    else:
        told.append("no distortion")
    if "f_number" in (sensor.get("chip") or {}):
        told.append(f"f/{sensor['chip']['f_number']:g}")
    if "shutter_s" in exposure:
        told.append(f"1/{1 / exposure['shutter_s']:.0f} s" if exposure["shutter_s"] else "no exposure")
    if "iso" in exposure:
        told.append(f"ISO {exposure['iso']:.0f}")
    return told


def _row(labelled: Record) -> list[str]:
    points = labelled.get("keypoints") or ()
    velocity = labelled.get("velocity_mps")
    visibility = labelled.get("visibility") or {}
    ratio = visibility.get("contrast_to_noise")
    seen = f"{sum(point['visibility'] == 2 for point in points)} of {len(points)} seen" if points else "-"
    told = "-" if ratio is None else f"{ratio:.1f}" + (" ignored" if ignored(labelled) else "")
    return [
        str(labelled["instance"]),
        str(labelled["category"]),
        str(labelled.get("kind", "-")),
        _number(labelled.get("distance_m"), ".1f"),
        " ".join(f"{edge:.0f}" for edge in labelled["bbox_xyxy"]),
        str(labelled.get("area_px", "-")),
        share(labelled.get("occlusion")),
        share(labelled.get("truncation")),
        "-" if velocity is None else f"{float(np.linalg.norm(velocity)):.1f}",
        seen,
        told,
    ]


def _crash(labelled: Record) -> str:
    crash = labelled["crash"]
    kind = labelled.get("kind", labelled["category"])
    damaged = f", {labelled['damaged_px']} px of it damaged in the picture" if labelled.get("damaged_px") else ""
    other = crash["partner"] or f"a {crash.get('against', 'thing')}"
    done = (
        f"{crash['absorbed_energy_j'] / 1000:.1f} kJ absorbed, crushed {crash['crush_m'] * 100:.0f} cm{damaged}"
        if "throw_m" not in crash
        else f"thrown {crash['throw_m']:.1f} m"
    )
    return (
        f"  {str(kind).replace('_', ' ').capitalize()} {labelled['instance']} against {other}, "
        f"{_PHASES.get(crash['phase'], crash['phase'])}: closing speed {crash['closing_speed_mps'] * _KMH:.0f} km/h, "
        f"delta-v {crash['delta_v_mps'] * _KMH:.1f} km/h, force from {clock(crash['pdof_deg'])} o'clock "
        f"(PDOF {crash['pdof_deg']:.0f}°), {done}."
    )


_PHASES = {
    "approach": "before the impact",
    "braking": "braking before the impact",
    "impact": "at the impact",
    "after": "after the impact",
    "aftermath": "at rest, help has come",
}


def _number(value: float | None, how: str) -> str:
    return "-" if value is None else f"{value:{how}}"


def share(value: float | None) -> str:
    """Return a share in per cent that says 0 and 100 only where it is."""
    if value is None:
        return "-"
    if 0 < value < 0.01:
        return "<1%"
    return ">99%" if 0.99 < value < 1 else f"{value:.0%}"


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _metres(metres: float) -> str:
    return f"{metres / 1000:.0f} km" if metres >= _CLEAR_M / 4 else f"{metres:,.0f} m"
