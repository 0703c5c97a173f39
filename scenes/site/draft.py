"""A place's plan under construction: drawn for traffic on the right, mirrored for traffic on the left."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from scenes.site.plan import Item, Lane, Layout, Path, Pose, Road, Row, Stripe, Structure
from scenes.spec.place import Street

_ONE_SIDED = ("signal_gantry",)  # its arm reaches to one side: its mirror image is another piece


@dataclass(kw_only=True)
class Draft:
    """A plan under construction, for traffic on the right."""

    street: Street
    rng: np.random.Generator
    lanes: list[Lane] = field(default_factory=list)
    roads: list[Road] = field(default_factory=list)
    islands: list[Path] = field(default_factory=list)
    walks: list[Path] = field(default_factory=list)
    crossings: list[Path] = field(default_factory=list)
    bays: list[Pose] = field(default_factory=list)
    stripes: list[Stripe] = field(default_factory=list)
    patches: list[Path] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    structures: list[Structure] = field(default_factory=list)
    blocked_m: list[tuple[float, float, float, float]] = field(default_factory=list)
    open_ended: bool = False

    @property
    def half_m(self) -> float:
        """Distance from the centre line to the kerb."""
        return self.street.road_half_width_m

    @property
    def feature_m(self) -> float:
        """Where the place's feature stands."""
        return self.street.feature_x_m or 0.0

    def item(self, name: str, x_m: float, y_m: float, heading_deg: float = 0.0, **fields: object) -> None:
        """Add a piece of furniture; its variant is drawn unless given."""
        told = {"variant": int(self.rng.integers(64)), **fields}
        self.items.append(Item(name=name, x_m=x_m, y_m=y_m, heading_deg=heading_deg, **told))  # type: ignore[arg-type]

    def quad(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Add a filled rectangle of paint between two opposite corners."""
        x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
        self.patches.append(((x0, y0), (x1, y0), (x1, y1), (x0, y1)))

    def arrow(self, x_m: float, y_m: float, way: int, turns: tuple[int, ...] = (0,)) -> None:
        """Paint a lane arrow of 4 m that points along `way` * x; `turns`: 0 ahead, 1 to its left, -1 to its right."""
        shapes = [[(0.0, -0.08), (2.6, -0.08), (2.6, 0.08), (0.0, 0.08)]]
        for turn in turns:
            if turn:
                arm = [(2.2, 0.08), (2.2, 0.45), (2.45, 0.45), (2.45, 0.08)]
                head = [(1.8, 0.45), (2.325, 1.05), (2.85, 0.45), (2.325, 0.45)]
                shapes += [[(x, y * turn) for x, y in part] for part in (arm, head)]
            else:
                shapes.append([(2.6, -0.28), (4.0, 0.0), (2.6, 0.28), (2.6, 0.0)])
        self.patches += [tuple((x_m + way * x, y_m + way * y) for x, y in shape) for shape in shapes]

    def done(self) -> Layout:
        """Return the plan, mirrored if traffic keeps to the left."""
        if self.street.drive_on == "left":
            return self._mirrored()
        return Layout(
            lanes=tuple(self.lanes),
            roads=tuple(self.roads),
            islands=tuple(self.islands),
            walks=tuple(self.walks),
            crossings=tuple(self.crossings),
            bays=tuple(self.bays),
            stripes=tuple(self.stripes),
            patches=tuple(self.patches),
            items=tuple(self.items),
            rows=tuple(self.rows),
            structures=tuple(self.structures),
            blocked_m=tuple(self.blocked_m),
            open_ended=self.open_ended,
        )

    def _mirrored(self) -> Layout:
        return Layout(
            lanes=tuple(Lane(path_m=_path(i.path_m), width_m=i.width_m, role=i.role) for i in self.lanes),
            roads=tuple(Road(path_m=_path(i.path_m), half_width_m=i.half_width_m, closed=i.closed) for i in self.roads),
            islands=tuple(_path(ring) for ring in self.islands),
            walks=tuple(_path(line) for line in self.walks),
            crossings=tuple(_path(line) for line in self.crossings),
            bays=tuple(Pose(x, -y, -heading) for x, y, heading in self.bays),
            stripes=tuple(replace(i, path_m=_path(i.path_m)) for i in self.stripes),
            patches=tuple(_path(ring) for ring in self.patches),
            items=tuple(_flipped(item) for item in self.items),
            rows=tuple(
                Row(
                    name=i.name,
                    path_m=_path(i.path_m),
                    step_m=i.step_m,
                    turn_deg=i.turn_deg + 180.0,
                    variant=i.variant,
                )
                for i in self.rows
            ),
            structures=tuple(self.structures),
            blocked_m=tuple((x0, -y1, x1, -y0) for x0, y0, x1, y1 in self.blocked_m),
            open_ended=self.open_ended,
        )


def _path(path: Path) -> Path:
    return tuple((x, -y) for x, y in path)


def _flipped(item: Item) -> Item:
    mirrored = item.mirrored != (item.name in _ONE_SIDED)
    return replace(item, y_m=-item.y_m, heading_deg=-item.heading_deg, mirrored=mirrored)
