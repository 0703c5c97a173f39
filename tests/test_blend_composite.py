"""Composites: the ground of a picture, places and refusals, exact labels, nothing real touched."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import painted_road as painted
import pytest
from fake_round import write_round
from hypothesis import given, settings
from hypothesis import strategies as st

from blend.augment import AugmentSettings
from blend.composite import cutout as cutouts
from blend.composite.batch import composites
from blend.composite.canvas import Canvas
from blend.composite.colour import to_display, to_linear
from blend.composite.compositing import Sources, compose
from blend.composite.horizon import camera_of, estimate
from blend.composite.instance import blended, donors, harmonic
from blend.composite.labels import mended
from blend.composite.light import Light, check_soft, edge_spread_px, noise_of
from blend.composite.lines import segments, vanishing_column, vanishing_point
from blend.composite.paste import paste
from blend.composite.place import Scene, bearing_deg, fitted
from blend.composite.refusal import RefusalError
from blend.composite.road import road_mask
from blend.composite.settings import CompositeSettings
from blend.loader import BlendDataset
from blend.mix import build
from blend.picture import KINDS, Annotation, decode_mask, decode_rgb, encode_mask, kind_of, tight_xywh
from blend.real import RealSettings, read
from blend.settings import BlendSettings
from scenes.errors import InputError

DHAKA = Path(__file__).parents[2] / "shared" / "real" / "dev_dhaka_drive"
ALL = CompositeSettings(share=1.0)
GREY = Light(white=(0.6, 0.6, 0.6), haze=(0.0, 0.0, 0.0), blur_px=0.3, noise=0.0)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return cutouts.library(painted.write_library(tmp_path_factory.mktemp("library")))


@pytest.fixture(scope="module")
def actors(tmp_path_factory, library):
    people = painted.write_library(tmp_path_factory.mktemp("people"), ("person",))
    return {"cars": library, "people": cutouts.library(people)}


@pytest.fixture(scope="module")
def scene():
    rgb = painted.road_picture()
    camera = camera_of(rgb, painted.boxes())
    return Scene(camera=camera, road=road_mask(rgb, camera, []), boxes=[])


@given(st.floats(90, 210), st.floats(1.0, 4.0))
@settings(max_examples=20)
def test_the_horizon_and_the_camera_height_are_found_from_boxes(horizon, camera_m):
    boxes = [b for b in painted.boxes(horizon=horizon, camera_m=camera_m) if b.xywh[1] + b.xywh[3] < painted.HEIGHT - 2]
    camera = estimate(boxes, None, painted.WIDTH, painted.HEIGHT)
    assert abs(camera.horizon_px - horizon) < 0.03 * painted.HEIGHT
    assert abs(np.log(camera.px_per_m(horizon + 60) / (60 / camera_m))) < 0.12


def test_one_box_that_floats_does_not_move_the_horizon():
    floating = replace(painted.box_at(12.0, 0.0), xywh=(300.0, 20.0, 60.0, 50.0))
    camera = estimate([*painted.boxes(), floating], None, painted.WIDTH, painted.HEIGHT)
    assert abs(camera.horizon_px - painted.HORIZON) < 6
    assert camera.evidence["agree"] == 5


@pytest.mark.parametrize("vanish_x", [250.0, 320.0, 400.0])
def test_lines_of_a_road_meet_where_it_vanishes(vanish_x):
    lines = segments(painted.road_picture(vanish_x=vanish_x))
    point = vanishing_point(lines, painted.WIDTH, painted.HEIGHT)
    assert point is not None
    assert abs(point.x - vanish_x) < 15
    assert abs(point.y - painted.HORIZON) < 10
    column = vanishing_column(lines, painted.WIDTH, painted.HORIZON)
    assert column is not None
    assert abs(column - vanish_x) < 15


def test_a_picture_without_boxes_takes_a_dashcams_height_and_the_lines_horizon():
    camera = camera_of(painted.road_picture(), [])
    assert abs(camera.horizon_px - painted.HORIZON) < 8
    assert 1.1 < camera.height_m < 1.7
    assert camera.road_known


def test_pictures_that_tell_no_ground_are_refused_with_the_reason():
    flat = np.full((painted.HEIGHT, painted.WIDTH, 3), 120, np.uint8)
    with pytest.raises(RefusalError, match="neither boxes nor lines"):
        camera_of(flat, [])
    with pytest.raises(RefusalError, match="leaves it open"):
        camera_of(flat, [painted.box_at(20.0, 2.0)])
    point = vanishing_point(segments(painted.road_picture(horizon=220)), painted.WIDTH, painted.HEIGHT)
    with pytest.raises(RefusalError, match="no horizon"):
        estimate(painted.boxes(horizon=110.0), point, painted.WIDTH, painted.HEIGHT)


def test_night_and_hard_light_are_refused(scene):
    free = np.ones_like(scene.road)
    linear = to_linear(painted.road_picture())
    check_soft(linear, scene.road, free)
    with pytest.raises(RefusalError, match="too dark"):
        check_soft(0.05 * linear, scene.road, free)
    with pytest.raises(RefusalError, match="in the sun"):
        check_soft(np.minimum(6 * linear, 1), scene.road, free)
    shaded = linear.copy()
    shaded[:, ::2] *= 0.2
    with pytest.raises(RefusalError, match="hard shadows"):
        check_soft(shaded, scene.road, free)


def test_blur_and_noise_are_measured():
    rng = np.random.default_rng(3)
    board = np.kron(rng.integers(40, 220, (9, 16)), np.ones((40, 40))).astype(np.float32)
    soft = [
        edge_spread_px(np.repeat(cv2.GaussianBlur(board, (0, 0), s)[..., None], 3, axis=-1).astype(np.uint8))
        for s in (0.7, 1.2, 2.0)
    ]
    assert soft == pytest.approx([0.7, 1.2, 2.0], abs=0.25)
    flat = np.clip(np.rint(120 + 4 * rng.normal(size=(200, 200, 1))), 0, 255).astype(np.uint8).repeat(3, axis=-1)
    assert noise_of(flat, np.ones((200, 200), bool)) == pytest.approx(4, abs=0.5)


@pytest.mark.parametrize(
    ("foot", "change", "reason"),
    [
        ((320, 100), {}, "above the horizon"),
        ((320, 330), {}, "too near"),
        ((320, 157), {}, "too far away"),
        ((4, 240), {"people": True}, "cut by the edge"),
        ((115, 190), {"people": True}, "off the road"),
        ((320, 200), {"boxes": [painted.box_at(12.5, 0.4)]}, "stands in or against a real object"),
        ((320, 200), {"camera": "blind"}, "direction of the road"),
    ],
)
def test_absurd_places_are_refused_with_the_reason(actors, scene, foot, change, reason):
    library = actors["people" if change.pop("people", False) else "cars"]
    if change.get("camera"):
        change = {"camera": replace(scene.camera, road_known=False)}
    with pytest.raises(RefusalError, match=reason):
        fitted(replace(scene, **change), library, foot, ALL, np.random.default_rng(1))


def test_an_actor_has_the_size_that_the_ground_asks_for(library, scene):
    placed = fitted(scene, library, (320, 200), ALL, np.random.default_rng(1))
    rgb = painted.road_picture()
    shrunk = cutouts.sprite(placed.cutout, placed.scale)
    nothing = np.zeros_like(scene.road)
    done = paste(
        rgb, to_linear(rgb), shrunk, foot_px=(320, 200), light=GREY, nearer=nothing, rng=np.random.default_rng(1)
    )
    x, y, w, h = tight_xywh(done.masks[1])
    assert h == pytest.approx(1.5 * scene.camera.px_per_m(200), abs=1.5)
    assert w == pytest.approx(1.6 * scene.camera.px_per_m(200), abs=1.5)
    assert (x + w / 2, y + h) == pytest.approx((320.5, 200.5), abs=1.5)
    assert done.hidden < 0.05


def test_only_the_actor_and_its_shade_change_and_what_is_nearer_stays_before_it(library, scene):
    placed = fitted(scene, library, (320, 200), ALL, np.random.default_rng(1))
    rgb = painted.road_picture()
    before = rgb.copy()
    nearer = np.zeros_like(scene.road)
    nearer[:, 320:] = True
    shrunk = cutouts.sprite(placed.cutout, placed.scale)
    done = paste(
        rgb, to_linear(rgb), shrunk, foot_px=(320, 200), light=GREY, nearer=nearer, rng=np.random.default_rng(1)
    )
    assert (rgb == before).all()
    assert (done.rgb[nearer] == rgb[nearer]).all()
    changed = (done.rgb != rgb).any(axis=-1)
    rows, columns = np.nonzero(changed)
    assert columns.min() >= placed.xyxy[0] - 25
    assert rows.max() <= 200 + 25
    assert not (done.masks[1] & nearer).any()
    assert changed[done.masks[1]].mean() > 0.99
    assert done.hidden == pytest.approx(0.5, abs=0.05)
    below = done.rgb[202, 312].astype(int)
    assert below.mean() < rgb[202, 312].mean() - 10, "it throws no shade"


def test_display_values_survive_linear_light():
    ramp = np.arange(256, dtype=np.uint8)[:, None].repeat(3, axis=1)
    assert (np.rint(to_display(to_linear(ramp))) == ramp).all()


def test_labels_lose_what_is_hidden_and_go_when_too_much_is():
    cover = np.zeros((100, 100), bool)
    cover[:, :50] = True
    half = Annotation(category="car", xywh=(40, 10, 20, 20), area_px=400, key="half")
    gone = Annotation(category="car", xywh=(30, 10, 22, 20), area_px=440, key="gone")
    before = Annotation(category="car", xywh=(10, 60, 20, 20), area_px=400, key="before")
    mask = np.zeros((100, 100), bool)
    mask[20:30, 45:60] = True
    masked = Annotation(category="bus", xywh=tight_xywh(mask), area_px=150.0, key="mask", rle=encode_mask(mask))
    kept, dropped = mended([half, gone, before, masked], cover, [True, True, False, True], 0.7)
    assert dropped == 1
    assert [box.key for box in kept] == ["half", "before", "mask"]
    assert kept[0].xywh == (50, 10, 10, 20)
    assert kept[1] == before
    assert (decode_mask(kept[2].rle) == (mask & ~cover)).all()
    assert kept[2].xywh == (50, 20, 10, 10)


def test_an_outline_that_is_not_known_hides_nobody():
    rgb = painted.road_picture()
    camera = camera_of(rgb, painted.boxes())
    canvas = Canvas(rgb=rgb, camera=camera, boxes=[painted.box_at(8.0, 0.0)])
    with pytest.raises(RefusalError, match="unknown outline"):
        canvas.nearer((300, 150, 340, 200), 20.0)
    canvas = Canvas(rgb=rgb, camera=camera, boxes=[painted.box_at(8.0, 0.0, rle=True)])
    assert (canvas.nearer((300, 150, 340, 200), 20.0) == decode_mask(canvas.boxes[0].rle)).all()
    assert not canvas.nearer((300, 150, 340, 200), 5.0).any()


def test_a_vehicle_is_seen_from_the_side_that_its_place_asks_for(scene):
    right = bearing_deg(scene.camera, 520, 220, ALL)
    assert 140 < right < 180, "one to the right shows its left rear"
    assert bearing_deg(scene.camera, 120, 220, ALL) == pytest.approx(360 - right, abs=3)
    oncoming = bearing_deg(scene.camera, 620, 220, replace(ALL, drive_on="left"))
    assert oncoming > 320, "one on the other side comes towards the camera"


def test_a_composite_is_the_same_every_time_and_touches_nothing_real(tmp_path, library):
    background = painted.picture(tmp_path)
    before = background.path.read_bytes()
    made = []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        made.append(compose(background, Sources(cutouts=library), tmp_path / folder, ALL, seed=3))
    assert made[0].path.read_bytes() == made[1].path.read_bytes()
    assert replace(made[0], path=made[1].path) == made[1]
    assert background.path.read_bytes() == before
    assert made[0].source == "synthetic"
    assert made[0].group == background.group
    assert made[0].parents[0] == background.name
    assert made[0].parents[1] in {cutout.name for cutout in library}
    assert made[0].augment["actors"][0]["cutout"] == made[0].parents[1]
    assert made[0].augment["camera"]["horizon_px"] == pytest.approx(painted.HORIZON, abs=6)
    added = [box for box in made[0].annotations if box.key.startswith("composite")]
    assert added
    for box in added:
        assert box.xywh == tight_xywh(decode_mask(box.rle))
        red = decode_rgb(made[0].path)[decode_mask(box.rle)].mean(axis=0)
        assert red[0] > 1.5 * red[2], "the label lies on the red board"


@pytest.mark.parametrize("seam", ["poisson", "pyramid"])
def test_a_real_instance_is_blended_in_and_the_rest_stays(seam):
    here, there = painted.road_picture(1), painted.road_picture(2)
    mask = np.zeros(here.shape[:2], bool)
    mask[200:260, 300:380] = True
    there[mask] = (190, 30, 30)
    there[220:240, 320:340] = (20, 20, 200)
    made = blended(here, there, mask, seam)
    far = np.ones_like(mask)
    far[192:268, 292:388] = False
    assert (made[far] == here[far]).all()
    middle, body = made[230, 330].astype(int), made[210, 365].astype(int)
    assert middle[2] > middle[0] + 60
    assert body[0] > body[2] + 60
    assert (blended(here, there, mask, seam) == made).all()


def test_a_membrane_is_flat_between_equal_sides_and_sloped_between_others():
    area = np.zeros((21, 41), bool)
    area[1:-1, 1:-1] = True
    slope = np.broadcast_to(np.linspace(0, 8, 41)[None, :, None], (21, 41, 2)).copy()
    spoilt = slope.copy()
    spoilt[area] = 99
    assert harmonic(spoilt, area) == pytest.approx(slope)


def test_real_instances_are_lent_by_other_pictures_only(tmp_path):
    lender = painted.picture(tmp_path, 1, annotations=[*painted.boxes(rle=True), painted.box_at(11.0, 1.0, rle=True)])
    taker = painted.picture(tmp_path, 2)
    assert len(donors([lender, taker])) == len([b for b in lender.annotations if b.xywh[3] >= 24])
    alone = Sources(donors=donors([lender]))
    made = compose(taker, alone, tmp_path, replace(ALL, pasted_share=1.0, tries=400, least_px=14), seed=1)
    assert made.parents[:2] == (taker.name, lender.name)
    assert made.augment["actors"][0]["seam"] == "pyramid"
    with pytest.raises(RefusalError, match="no place: no cut-out"):
        compose(lender, alone, tmp_path, ALL, seed=1)


def test_a_batch_makes_its_share_or_says_why_not(tmp_path):
    pictures = [painted.picture(tmp_path, seed) for seed in range(4)]
    folder = painted.write_library(tmp_path / "library", ("car", "person"))
    (tmp_path / "images").mkdir()
    made, told = composites(pictures, folder, tmp_path / "images", replace(ALL, share=0.5), held=(), seed=5)
    assert (len(made), told.wanted, told.made, told.why) == (2, 2, 2, "")
    held = {picture.name for picture in made}
    again, _ = composites(pictures, folder, tmp_path / "images", replace(ALL, share=0.5), held=held, seed=5)
    assert not held & {picture.name for picture in again}
    none, told = composites(pictures, tmp_path / "empty", tmp_path / "images", ALL, held=(), seed=5)
    assert not none
    assert told.why.startswith("no cut-outs")
    blank = [painted.picture(tmp_path, 9, annotations=[], rgb=np.full((360, 640, 3), 90, np.uint8))]
    none, told = composites(blank, folder, tmp_path / "images", ALL, held=(), seed=5)
    assert told.refused == {"no horizon: neither boxes nor lines of a road": 1}


def real_set(folder):
    """Write twelve labelled painted roads as COCO."""
    for seed in range(12):
        painted.picture(folder / "real", seed, name=f"take{seed}", rgb=varied(seed))
    images = [
        {"id": i, "file_name": f"take{i}.jpg", "width": painted.WIDTH, "height": painted.HEIGHT} for i in range(12)
    ]
    labels = [
        {"id": 10 * i + n, "image_id": i, "category_id": 1, "bbox": list(box.xywh)}
        for i in range(12)
        for n, box in enumerate(painted.boxes())
    ]
    document = {"images": images, "annotations": labels, "categories": [{"id": 1, "name": "car"}]}
    (folder / "real.json").write_text(json.dumps(document))
    return RealSettings(kind="coco", images=str(folder / "real"), annotations=str(folder / "real.json"))


def blend_of(folder, *, real, share=0.5, pipeline="none", **settings):
    """Blend a fake round, whose library of cut-outs is painted; return the report and the images of its COCO file."""
    write_round(folder / "round", scenes=2)
    painted.write_library(folder / "round" / "cutouts")
    report = build(
        folder / "round",
        real=real,
        blend=BlendSettings(**settings),
        augment=AugmentSettings(pipeline=pipeline, probability=1.0),
        composite=replace(ALL, share=share),
        seed=2,
    )
    return report, json.loads((folder / "round" / "blend" / "annotations.json").read_text())


def test_a_blend_composites_into_training_pictures_only(tmp_path):
    report, told = blend_of(tmp_path, real=real_set(tmp_path))
    of_name = {image["frame"]: image for image in told["images"]}
    made = [image for image in told["images"] if (image["augment"] or {}).get("pipeline") == "composite"]
    assert report.record["composites"]["made"] == len(made) > 0
    assert report.record["leaks"] == 0
    for image in made:
        assert image["split"] == of_name[image["parents"][0]]["split"] == "train"
        assert image["group"] == of_name[image["parents"][0]]["group"]


@pytest.mark.parametrize(
    ("share", "ratio", "said"),
    [
        (0.0, 0.15, "; 0 composites of 0 wanted; "),
        (0.0, 0.0, "; 0 composites of 0 wanted; "),
        (0.5, 0.0, " composites of 6 wanted: no synthetic pictures were asked for; "),
        (0.5, 0.15, "; 6 composites of 6 wanted; "),
    ],
)
def test_the_line_and_the_record_have_one_shape_with_composites_and_without(tmp_path, share, ratio, said):
    report, _ = blend_of(tmp_path, real=real_set(tmp_path), share=share, ratio=ratio)
    assert said in report.line
    assert report.record["composites"].keys() == {"wanted", "made", "why", "refused"}
    assert report.record["counts"].keys() == {*KINDS, "earlier"}


def test_varieties_and_composites_are_counted_apart(tmp_path):
    report, told = blend_of(tmp_path, real=real_set(tmp_path), pipeline="light", ratio=0.3)
    kinds = Counter(kind_of(image["source"], image["augment"]) for image in told["images"])
    assert min(kinds[kind] for kind in KINDS) > 0
    assert {kind: report.record["counts"][kind] for kind in KINDS} == kinds
    assert {kind: sum(split[kind] for split in report.record["splits"].values()) for kind in KINDS} == kinds
    assert (
        f"{kinds['real']} real, {kinds['synthetic']} synthetic, {kinds['augmented']} varied and "
        f"{kinds['composite']} composite pictures" in report.line
    )


def test_actors_in_unlabelled_pictures_are_recorded_and_nobody_trains_on_them(tmp_path):
    for seed in range(12):
        painted.picture(tmp_path / "real", seed, name=f"take{seed}", annotations=[], rgb=varied(seed))
    real = RealSettings(kind="folder", images=str(tmp_path / "real"))
    report, told = blend_of(tmp_path, real=real, formats=("coco", "yolo", "webdataset"))
    made = {i["id"]: i for i in told["images"] if kind_of(i["source"], i["augment"]) == "composite"}
    assert len(made) == report.record["counts"]["composite"] > 0
    assert not any(image["labelled"] for image in made.values())
    known = [box for box in told["annotations"] if box["image_id"] in made]
    assert {box["image_id"] for box in known} == made.keys()
    assert all(box["key"].startswith("composite-") and box["segmentation"] for box in known)
    folder = tmp_path / "round" / "blend"
    names = {Path(image["file_name"]).stem for image in made.values()}
    assert not names & {Path(line).stem for line in (folder / "train.txt").read_text().split()}
    for place in (folder, folder / "webdataset"):
        assert not names & {sample.name for sample in BlendDataset(place).samples}
    labelled = {image["id"] for image in told["images"] if image["labelled"]}
    boxes = sum(box["image_id"] in labelled for box in told["annotations"])
    assert sum(split["boxes"] for split in report.record["splits"].values()) == boxes


def varied(seed):
    """Return a painted road with a sky of its own, so that no two are near-duplicates."""
    rgb = painted.road_picture(seed)
    blotches = np.random.default_rng(seed).integers(60, 230, (4, 10, 3), dtype=np.uint8)
    rgb[:120] = np.kron(blotches, np.ones((30, 64, 1), np.uint8))
    return rgb


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"share": 1.5}, "share"),
        ({"actors": 0}, "actors"),
        ({"most_hidden": -0.1}, "most_hidden"),
        ({"library": Path("nowhere")}, "library"),
    ],
)
def test_settings_that_break_a_rule_are_refused_by_key(settings, key):
    with pytest.raises(InputError, match=rf"composite\.{key}"):
        CompositeSettings(**settings)


def test_a_broken_cutout_is_named(tmp_path):
    folder = painted.write_library(tmp_path / "library")
    path = next(folder.glob("*.json"))
    path.with_suffix(".npz").write_bytes(b"no archive")
    broken = next(cutout for cutout in cutouts.library(folder) if cutout.path == path.with_suffix(".npz"))
    with pytest.raises(InputError, match="must hold the arrays of a cut-out"):
        cutouts.load(broken)
    path.write_text("{}")
    with pytest.raises(InputError, match="must be the record of a cut-out"):
        cutouts.library(folder)


@pytest.mark.skipif(not DHAKA.is_dir(), reason="the development set dev_dhaka_drive is not beside the repository")
def test_real_pictures_are_composited_or_refused_and_stay_as_they_are(tmp_path, library):
    paths = {"images": str(DHAKA / "images"), "annotations": str(DHAKA / "annotations.json")}
    real = read(RealSettings(kind="coco", count=16, **paths), seed=7)
    before = {picture.name: picture.path.read_bytes() for picture in real.pictures}
    (tmp_path / "images").mkdir()
    made, told = composites(real.pictures, library[0].path.parent, tmp_path / "images", ALL, held=(), seed=7)
    assert len(made) + sum(told.refused.values()) == len(real.pictures)
    assert all(picture.path.read_bytes() == before[picture.name] for picture in real.pictures)
