"""Outlines of vehicles against the meshes that are rendered."""

import numpy as np
import pytest

from scenes.image_box import image_box
from scenes.outline import hull, outline_of
from scenes.spec.vehicle import Vehicle
from scenes.spec.view import Camera
from scenes.stage.vehicle import model_of
from scenes.vehicle import FLEET, draw_body

EYE = Camera(name="eye", x_m=0, y_m=0, z_m=1.4, yaw_deg=0, pitch_deg=-2, roll_deg=0, hfov_deg=70)


def test_a_tetrahedron_has_its_corners_and_six_edges():
    found = hull(np.array([(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (0.1, 0.1, 0.1)], dtype=float))
    assert found.points_m.shape == (4, 3)
    assert {tuple(edge) for edge in found.edges} == {(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)}


@pytest.mark.parametrize("kind", FLEET)
def test_boxes_of_outlines_are_those_of_the_meshes(kind):
    rng, ratios = np.random.default_rng(4), []
    for model in (0, 7, 19):
        body = {**draw_body(kind, rng, models=[model]), "load": "none"}
        vehicle = Vehicle(actor_id=1, x_m=0, y_m=0, heading_deg=0, **body)
        shapes = outline_of(vehicle), hull(model_of(vehicle).points())
        for _ in range(25):
            place = (vehicle.length_m / 2 + rng.uniform(5, 30), rng.uniform(-5, 5))
            heading = rng.choice([0, 90, 180]) + rng.normal(0, 6)
            ours, true = (image_box(EYE, place, heading, shape, taller_by=0.6) for shape in shapes)
            if ours and true:
                ratios.append(ours.area / true.area)
    assert len(ratios) > 30
    assert np.median(ratios) == pytest.approx(1.0, abs=0.05)
    assert np.quantile(ratios, [0.1, 0.9]) == pytest.approx([1.0, 1.0], abs=0.25)
