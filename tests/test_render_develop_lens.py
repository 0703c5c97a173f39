from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from render.develop import chromatic, defocus, lens, motion
from render.develop.distortion import Distortion, Lens, lens_of
from render.develop.sampling import Sampling
from render.develop.warped_labels import warp_labels, with_damage
from scenes.errors import InputError

TRACED = (520.0, 530.0, 311.0, 196.5)
WH = (640, 384)
BARREL = Distortion(model="brown_conrady", k=(-0.28, 0.08, -0.01), p=(0.001, -0.0007))
PINCUSHION = Distortion(model="brown_conrady", k=(0.12,))
FISHEYE = Distortion(model="fisheye", k=(0.03, -0.01, 0.004, -0.001))
LENSES = pytest.mark.parametrize("distortion", [BARREL, PINCUSHION, FISHEYE], ids=["barrel", "pincushion", "fisheye"])
K = np.array([[500.0, 0, 47.5], [0, 500.0, 31.5], [0, 0, 1]])
STILL = np.zeros((64, 96), np.uint16)


def grid(step: int = 32) -> np.ndarray:
    x, y = np.meshgrid(np.arange(0, WH[0], step, dtype=float), np.arange(0, WH[1], step, dtype=float))
    return np.stack([x, y], axis=-1).reshape(-1, 2)


def test_no_distortion_changes_nothing() -> None:
    camera = lens_of(Distortion(), TRACED, WH)
    assert camera.zoom == pytest.approx(1)
    assert np.allclose(camera.distort_points(grid()), grid())


@LENSES
def test_points_go_there_and_back(distortion: Distortion) -> None:
    camera = lens_of(distortion, TRACED, WH)
    assert np.abs(camera.undistort_points(camera.distort_points(grid())) - grid()).max() < 0.05


def opencv(camera: Lens, traced_px: np.ndarray) -> np.ndarray:
    rays = (traced_px - TRACED[2:]) / TRACED[:2]
    k, none = camera.distortion.k, np.zeros(3)
    solid = np.concatenate([rays, np.ones((len(rays), 1))], axis=1)[None]
    if camera.distortion.model == "fisheye":
        return np.asarray(cv2.fisheye.projectPoints(solid, none, none, camera.K, np.array(k))[0][0])
    k1, k2, k3 = (*k, 0, 0, 0)[:3]
    coefficients = np.array([k1, k2, *(*camera.distortion.p, 0, 0)[:2], k3])
    return np.asarray(cv2.projectPoints(solid[0], none, none, camera.K, coefficients)[0][:, 0])


@LENSES
def test_points_land_where_opencv_puts_them(distortion: Distortion) -> None:
    camera = lens_of(distortion, TRACED, WH)
    assert np.abs(camera.distort_points(grid()) - opencv(camera, grid())).max() < 1e-6


@LENSES
@pytest.mark.parametrize("wh", [(640, 384), (300, 500)])
def test_every_pixel_has_a_source_and_the_field_is_used_up(distortion: Distortion, wh: tuple[int, int]) -> None:
    camera = lens_of(distortion, (520.0, 530.0, wh[0] / 2 - 5, wh[1] / 2 + 3), wh)
    source = camera.sampling()
    gaps = [source.x.min() + 0.5, source.y.min() + 0.5, wh[0] - 0.5 - source.x.max(), wh[1] - 0.5 - source.y.max()]
    assert min(gaps) > -0.01
    assert min(gaps) < 1.5


def test_a_barrel_needs_a_longer_focal_length_and_a_pincushion_a_shorter_one() -> None:
    assert lens_of(BARREL, TRACED, WH).zoom > 1 > lens_of(PINCUSHION, TRACED, WH).zoom


def test_a_distortion_that_folds_the_picture_is_refused() -> None:
    with pytest.raises(InputError, match="fold"):
        lens_of(Distortion(model="brown_conrady", k=(-0.9,)), TRACED, WH)


def test_coefficients_that_a_model_lacks_are_refused() -> None:
    with pytest.raises(InputError, match=r"distortion\.p"):
        Distortion(model="fisheye", p=(0.1, 0.1))


def test_an_even_picture_stays_even_and_a_lamp_gets_no_dark_ring() -> None:
    image = np.full((WH[1], WH[0], 3), 2.0, np.float32)
    image[200, 100] = 1e5
    assert lens_of(BARREL, TRACED, WH).sampling().picture(image).min() >= 2.0


def labelled(instance: int, box: list[int]) -> dict[str, Any]:
    return {
        "instance": instance, "bbox_xyxy": box, "amodal_xyxy": box, "area_px": 1, "truncation": 0.0, "occlusion": 0.0,
    }  # fmt: skip


def test_labels_move_with_the_pixels_and_what_leaves_is_counted() -> None:
    ids = np.zeros((WH[1], WH[0]), np.uint16)
    ids[150:250, 480:600], ids[380:384, 315:325] = 1, 2
    camera = lens_of(BARREL, TRACED, WH)
    objects = [labelled(1, [480, 150, 600, 250]), labelled(2, [315, 380, 325, 384])]
    warped = warp_labels(objects, ids, camera.sampling(), lambda _, points: camera.distort_points(points))
    assert warped.dropped == 1
    (car,) = warped.objects
    x0, y0, x1, y1 = car["bbox_xyxy"]
    assert car["area_px"] == (warped.ids == 1).sum()
    assert (warped.ids[y0:y1, x0:x1] == 1).sum() == car["area_px"]
    assert np.abs(np.subtract(car["amodal_xyxy"], car["bbox_xyxy"])).max() < 1.5


def test_damage_and_seen_keypoints_are_those_of_the_moved_maps() -> None:
    ids = np.zeros((20, 40), np.uint16)
    ids[5:15, 20:30] = 1
    parts = np.where(ids > 0, 7, 0).astype(np.uint8)
    parts[5:10, 20:30] += 128
    x, y = np.meshgrid(np.arange(40, dtype=np.float32) - 5, np.arange(20, dtype=np.float32))
    sampling = Sampling(np.maximum(x, 0), y)
    on_it = {"name": "a", "xy": [25.0, 7.0], "xyz_m": [0, 0, 0], "visibility": 2}
    beside = {**on_it, "name": "b", "xy": [17.5, 7.0]}
    told = {**labelled(1, [20, 5, 30, 15]), "damaged_px": 3, "keypoints": [on_it, beside]}
    warped = warp_labels([told], ids, sampling, lambda _, points: points + np.array([5, 0]))
    (moved,) = with_damage(warped.objects, warped.ids, sampling.nearest(parts))
    assert moved["damaged_px"] == 50
    assert [(point["xy"], point["visibility"]) for point in moved["keypoints"]] == [([30.0, 7.0], 2), ([22.5, 7.0], 1)]


def test_truncation_tells_what_the_crop_cut_off() -> None:
    ids = np.zeros((20, 40), np.uint16)
    ids[5:15, 20:40] = 1
    x, y = np.meshgrid(np.arange(40, dtype=np.float32) - 10, np.arange(20, dtype=np.float32))
    warped = warp_labels(
        [labelled(1, [20, 5, 40, 15])], ids, Sampling(np.maximum(x, 0), y), lambda _, p: p + np.array([10, 0])
    )
    assert warped.objects[0]["truncation"] == pytest.approx(0.5, abs=0.11)
    assert warped.objects[0]["amodal_xyxy"] == [30, 5, 50, 15]


def test_a_parked_camera_sees_no_flow() -> None:
    assert not motion.flow_px(np.full((64, 96), 10, np.float32), STILL, K, motion.Motion(), time_s=1).any()


def test_flow_is_that_of_points_projected_later() -> None:
    depth_m = np.full((64, 96), 12.0, np.float32)
    drive = motion.Motion(velocity_mps=(0.3, 0.1, 15.0), yaw_rate_radps=0.2)
    flow = motion.flow_px(depth_m, STILL, K, drive, time_s=1e-3)
    point = np.linalg.inv(K) @ (80, 50, 1) * 12.0
    turn = cv2.Rodrigues(np.array([0, -0.2e-3, 0]))[0]
    later = K @ (turn @ (point - np.array(drive.velocity_mps) * 1e-3))
    assert flow[50, 80] == pytest.approx(later[:2] / later[2] - (80, 50), rel=0.01)


def test_a_turn_to_the_right_moves_even_the_sky_to_the_left() -> None:
    flow = motion.flow_px(np.full((64, 96), 1e10, np.float32), STILL, K, motion.Motion(yaw_rate_radps=0.5), time_s=0.1)
    assert flow[..., 0].max() < -20


def test_what_drives_along_stands_still_in_the_picture() -> None:
    ids = STILL.copy()
    ids[20:40, 30:60] = 7
    drive = motion.Motion(velocity_mps=(0, 0, 15.0))
    flow = motion.flow_px(np.full((64, 96), 8, np.float32), ids, K, drive, time_s=0.03, instance_mps={7: (0, 0, 15.0)})
    assert not flow[ids == 7].any()
    assert np.abs(flow[0]).max() > 0.5


def streak(flow_x: float, *, near: bool) -> tuple[np.ndarray, np.ndarray]:
    image, depth_m = np.full((64, 96, 3), 1.0, np.float32), np.full((64, 96), 50.0, np.float32)
    image[:, 48:] = 9.0
    depth_m[:, 48:] = 5.0
    moving = (np.arange(96) >= 48) == near
    flow = np.zeros((64, 96, 2), np.float32)
    flow[..., 0] = np.where(moving, flow_x, 0)
    return image, motion.blur_along(image, depth_m, flow)


def test_half_a_pixel_of_motion_is_left_alone() -> None:
    before, after = streak(0.4, near=True)
    assert after is before


def test_a_sharp_foreground_does_not_bleed_and_a_moving_one_does() -> None:
    before, standing = streak(10.0, near=False)
    assert np.allclose(standing[:, 49:], before[:, 49:], atol=1e-3)
    assert streak(10.0, near=True)[1][30, 46, 0] > 1.5


def test_motion_blur_conserves_light_where_all_moves_alike() -> None:
    image = np.zeros((64, 96, 3), np.float32)
    image[32, 48] = 1000.0
    flow = np.full((64, 96, 2), (9.0, 3.0), np.float32)
    blurred = motion.blur_along(image, np.full((64, 96), 20, np.float32), flow)
    assert blurred.sum() == pytest.approx(3000, rel=0.01)
    assert blurred.max() < 250


def test_a_global_shutter_moves_nothing_and_a_rolling_one_leans_poles() -> None:
    flow = np.full((64, 96, 2), (300.0, 0.0), np.float32)
    assert motion.roll(flow, 0.0) is None
    rolled = motion.roll(flow, 0.03)
    assert rolled is not None
    pole = np.zeros((64, 96), np.uint16)
    pole[:, 48] = 1
    columns = rolled.nearest(pole).argmax(axis=1)
    assert columns[-1] - columns[0] == pytest.approx(9, abs=1)


def test_a_pinhole_is_sharp_everywhere_and_the_focus_of_a_wide_one_is() -> None:
    rng = np.random.default_rng(1)
    image, depth_m = rng.random((64, 96, 3), np.float32), np.full((64, 96), 8.0, np.float32)
    assert defocus.defocus(image, depth_m, defocus.Focus(), focal_px=500) is image
    assert defocus.defocus(image, depth_m, defocus.Focus(aperture_mm=20), focal_px=500) is image


def test_the_circle_of_confusion_is_that_of_the_thin_lens() -> None:
    focus = defocus.Focus(aperture_mm=20, focus_m=10)
    near = defocus.confusion_px(np.array([[2.0]], np.float32), focus, 500)
    assert near == pytest.approx(-20e-3 * 500 * (1 / 2 - 1 / 10))


def test_defocus_keeps_an_even_field_even_across_depths() -> None:
    depth_m = np.tile(np.geomspace(1, 60, 96, dtype=np.float32), (64, 1))
    blurred = defocus.defocus(
        np.full((64, 96, 3), 3.0, np.float32), depth_m, defocus.Focus(aperture_mm=20), focal_px=500
    )
    assert np.allclose(blurred, 3.0, rtol=1e-3)


def test_green_never_moves_and_red_moves_outwards() -> None:
    image = np.zeros((384, 640, 3), np.float32)
    assert chromatic.fringed(image, chromatic.Chromatic()) is image
    image[192, 600] = 1.0
    fringed = chromatic.fringed(image, chromatic.Chromatic(red=5, blue=-5))
    column = (fringed.sum(axis=0) * np.arange(640)[:, None]).sum(axis=0) / fringed.sum(axis=(0, 1))
    assert np.array_equal(fringed[..., 1], image[..., 1])
    assert column[0] - 600 == pytest.approx(1.4, abs=0.15)
    assert column[2] - 600 == pytest.approx(-1.4, abs=0.15)


GLARE = lens.Glare(veil=0.03, bloom=0.05, spikes=0.03, wiper=0.02, ghosts=0.01, lines=3)


def test_glare_conserves_the_light_of_a_lamp_in_the_middle() -> None:
    kernel, _ = lens.Spread(GLARE, (192, 320), 0.004).kernel()
    assert kernel.sum(axis=(0, 1)) == pytest.approx(GLARE.spread, rel=0.01)
    image = np.zeros((192, 320, 3), np.float32)
    image[96, 160] = 1.0
    inside = lens.convolve(image, kernel).sum(axis=(0, 1))
    assert (inside <= GLARE.spread * 1.001).all()
    assert (inside > GLARE.spread * 0.8).all()


def test_what_a_lamp_at_the_edge_scatters_out_of_the_picture_is_gone() -> None:
    kernel, _ = lens.Spread(GLARE, (192, 320), 0.004).kernel()
    image = np.zeros((192, 320, 3), np.float32)
    image[96, 0] = 1.0
    scattered = lens.convolve(image, kernel)
    assert scattered.sum() / 3 == pytest.approx(GLARE.spread / 2, rel=0.2)
    assert scattered[:, 200:].max() < scattered[96, :20].min()


@pytest.mark.parametrize("lines", [3, 4])
def test_a_star_has_two_spikes_a_line(lines: int) -> None:
    spread = lens.Spread(lens.Glare(spikes=1.0 - 1e-6, lines=lines), (256, 256), 0.001)
    around = np.linspace(0, 2 * np.pi, 360, endpoint=False)
    star = np.roll(spread.kernel()[0][..., 1], (256, 256), axis=(0, 1))
    ring = star[np.rint(256 + 60 * np.sin(around)).astype(int), np.rint(256 + 60 * np.cos(around)).astype(int)]
    ring = cv2.GaussianBlur(np.tile(ring, 3)[None], (0, 0), 3)[0, 360:720]
    assert ((ring > np.roll(ring, 1)) & (ring >= np.roll(ring, -1)) & (ring > ring.mean())).sum() == 2 * lines


def test_ghosts_mirror_a_lamp_and_carry_their_share() -> None:
    image = np.zeros((192, 320, 3), np.float32)
    image[60:63, 100:103] = 1.0
    ghost = lens.ghosts(image, 0.01, 0.004)
    assert not lens.ghosts(image, 0.0, 0.004).any()
    assert ghost[..., 1].sum() == pytest.approx(0.9 * 0.01 * 9, rel=0.05)  # 0.9: what the coatings pass of green
    rows, columns = np.nonzero(ghost[..., 1] > ghost[..., 1].max() / 10)
    assert rows.mean() > 96
    assert columns.mean() > 160
