"""What a frame record must have so that it can be drawn and told; an older one may lack what is not needed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import FiniteFloat, TypeAdapter, ValidationError

from scenes.errors import InputError
from scenes.ontology import CATEGORIES

Point = tuple[FiniteFloat, FiniteFloat]
Place = tuple[FiniteFloat, FiniteFloat, FiniteFloat]
Row4 = tuple[FiniteFloat, FiniteFloat, FiniteFloat, FiniteFloat]


@dataclass(frozen=True, kw_only=True)
class Box3d:
    """An upright box in the world."""

    center_m: Place
    size_m: Place
    heading_deg: FiniteFloat


@dataclass(frozen=True, kw_only=True)
class Keypoint:
    """A named place of an actor."""

    name: str
    visibility: Literal[0, 1, 2]
    xyz_m: Place | None = None
    xy: Point | None = None

    def __post_init__(self) -> None:
        if self.visibility and self.xy is None:
            raise InputError("keypoints.xy", "must be told of what lies in the picture", got=self.name)


@dataclass(frozen=True, kw_only=True)
class Crash:
    """The figures of a crash party."""

    partner: int
    phase: str
    delta_v_mps: FiniteFloat
    pdof_deg: FiniteFloat
    closing_speed_mps: FiniteFloat
    absorbed_energy_j: FiniteFloat
    crush_m: FiniteFloat
    against: str = "vehicle"
    throw_m: FiniteFloat = 0.0


@dataclass(frozen=True, kw_only=True)
class Visibility:
    """How far an object stands out."""

    ignore: bool = False
    contrast_to_noise: FiniteFloat | None = None


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """One object."""

    instance: int
    category: str
    bbox_xyxy: Row4
    amodal_xyxy: Row4 | None = None
    kind: str = ""
    area_px: int = 0
    occlusion: FiniteFloat = 0.0
    truncation: FiniteFloat = 0.0
    distance_m: FiniteFloat = 0.0
    box3d: Box3d | None = None
    velocity_mps: Place | None = None
    keypoints: tuple[Keypoint, ...] = ()
    crash: Crash | None = None
    visibility: Visibility | None = None

    def __post_init__(self) -> None:
        if self.category not in CATEGORIES:
            raise InputError("category", f"must be one of {', '.join(CATEGORIES)}", got=self.category)
        for name in ("bbox_xyxy", "amodal_xyxy"):
            box = getattr(self, name)
            if box is not None and not (box[0] <= box[2] and box[1] <= box[3]):
                raise InputError(name, "must be x0 <= x1, y0 <= y1 in pixels", got=box)


@dataclass(frozen=True, kw_only=True)
class Lane:
    """A polyline; an older one has no height."""

    kind: str
    xyz_m: tuple[Place | Point, ...]
    xy: tuple[Point, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Camera:
    """Where the picture was taken from."""

    K: tuple[Place, Place, Place]
    world_to_camera: tuple[Row4, Row4, Row4, Row4]
    hfov_deg: FiniteFloat = 60.0
    distortion: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class FrameRecord:
    """What is needed of a frame's record."""

    frame: str
    scene: str
    view: str
    image: str
    mask: str
    width: int
    height: int
    camera: Camera
    objects: tuple[Labelled, ...]
    lanes: tuple[Lane, ...] = ()
    maps: dict[str, str] | None = None


_ADAPTER = TypeAdapter(FrameRecord)


def check(path: Path, record: dict[str, Any]) -> None:
    """Refuse a record that cannot be drawn.

    Raises:
        InputError: the first field that is missing or wrong.
    """
    try:
        _ADAPTER.validate_python(record)
    except ValidationError as broken:
        first = broken.errors()[0]
        where, missing = ".".join(str(step) for step in first["loc"]), first["type"] == "missing"
        got = "nothing" if missing else first["input"]
        rule = "must be told" if missing else first["msg"]
        raise InputError(f"{path}: {where}", rule, got=got, fix=_FIX) from broken
    except InputError as refused:
        raise InputError(path, str(refused), fix=_FIX) from refused


_FIX = "delete the record and run: rareblend develop"
