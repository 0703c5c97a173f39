"""The loader: targets as torchvision's detectors take them, from a folder and from shards, the same for a seed."""

import json
import math
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from fake_round import HEIGHT, WIDTH, backdrop, edit, save, write_coco, write_round
from PIL import Image
from torchvision.transforms import v2

from blend.augment import AugmentSettings
from blend.loader import BlendDataset, WeightedDraws, batches, collate, decoded
from blend.mix import BlendSettings, build
from blend.picture import decode_mask, decode_rgb
from blend.real import RealSettings
from scenes.errors import InputError
from scenes.ontology import CATEGORIES


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Blend a painted round with a real set, without masks, and write shards too."""
    out = write_round(tmp_path_factory.mktemp("loader") / "round")
    boxes = {number: [[20, 20, 30, 20]] for number in range(24)} | {0: []}
    images, annotations = write_coco(out.parent / "real", boxes=boxes)
    build(
        out,
        real=RealSettings(kind="coco", images=str(images), annotations=str(annotations)),
        blend=BlendSettings(ratio=0.4, formats=("webdataset",)),
        augment=AugmentSettings(pipeline="none"),
        seed=7,
    )
    return out / "blend"


@pytest.fixture
def folder(made, tmp_path):
    return Path(shutil.copytree(made, tmp_path / "blend"))


def entries(folder, split="train"):
    document = json.loads((folder / "annotations.json").read_text())
    boxes = {image["id"]: [] for image in document["images"]}
    for box in document["annotations"]:
        boxes[box["image_id"]].append(box)
    return {image["id"]: (image, boxes[image["id"]]) for image in document["images"] if image["split"] == split}


def same(one, other):
    (image, target), (image_2, target_2) = one, other
    return torch.equal(image, image_2) and all(
        torch.equal(torch.as_tensor(value), torch.as_tensor(target_2[key])) for key, value in target.items()
    )


def test_what_is_no_blend_is_refused_with_what_to_give(tmp_path):
    with pytest.raises(InputError, match=r"must be a blend or hold shards of train; give the folder that holds"):
        BlendDataset(tmp_path)
    (tmp_path / "annotations.json").write_text("{}")
    with pytest.raises(InputError, match="must be a blend as rareblend writes it; got KeyError"):
        BlendDataset(tmp_path)
    (tmp_path / "train-000000.tar").write_bytes(b"no tar")
    with pytest.raises(InputError, match="must be a blend as rareblend writes it; got ReadError"):
        BlendDataset(tmp_path)


def test_a_split_in_which_nobody_has_labelled_anything_is_refused(folder):
    edit(folder / "annotations.json", lambda d: [image.update(labelled=False) for image in d["images"]])
    with pytest.raises(InputError, match=r"must hold a labelled picture of val; got \d+ without labels"):
        BlendDataset(folder, split="val")


@pytest.mark.parametrize("split", ["train", "val", "test"])
def test_boxes_pictures_and_ids_are_those_of_coco(made, split):
    data, wanted = BlendDataset(made, split=split), entries(made, split)
    assert len(data) == len(wanted)
    for image, target in (data[place] for place in range(len(data))):
        told, boxes = wanted[target["image_id"]]
        assert image.dtype == torch.float32
        assert np.allclose(image.numpy().transpose(1, 2, 0) * 255, decode_rgb(made / told["file_name"]), atol=4)
        xywh = np.array([box["bbox"] for box in boxes]).reshape(-1, 4)
        assert np.allclose(target["boxes"].numpy(), np.hstack([xywh[:, :2], xywh[:, :2] + xywh[:, 2:]]))
        assert target["labels"].tolist() == [box["category_id"] for box in boxes]
        assert target["area"].tolist() == pytest.approx([box["area"] for box in boxes])
        assert target["iscrowd"].tolist() == [0] * len(boxes)


def test_transforms_that_change_nothing_change_nothing(made):
    plain, moved = BlendDataset(made), BlendDataset(made, transforms=v2.Identity())
    assert len(plain) == len(moved)
    assert all(same(plain[place], moved[place]) for place in range(len(plain)))


def test_boxes_are_clipped_to_the_picture_and_those_beyond_it_dropped(folder):
    with_one = [key for key, (_, boxes) in entries(folder).items() if len(boxes) == 1]

    def push(document):
        for box in document["annotations"]:
            if box["image_id"] == with_one[0]:
                box.update(bbox=[WIDTH - 10, 20, 40, 20], area=400)
            if box["image_id"] == with_one[1]:
                box.update(bbox=[WIDTH + 5, 20, 40, 20])

    edit(folder / "annotations.json", push)
    for transforms in (None, v2.Identity()):
        data = BlendDataset(folder, transforms=transforms)
        targets = {target["image_id"]: target for _, target in (data[place] for place in range(len(data)))}
        assert targets[with_one[0]]["boxes"].tolist() == [[WIDTH - 10, 20, WIDTH, 40]]
        assert targets[with_one[0]]["area"].tolist() == [100]  # a quarter of the box, and so of the object
        assert targets[with_one[1]]["boxes"].shape == (0, 4)


def test_pictures_come_as_bytes_or_scaled_as_torchvision_scales_them(made):
    raw, unit = BlendDataset(made, dtype="uint8"), BlendDataset(made)
    for place in range(3):
        image = raw[place][0]
        assert image.dtype == torch.uint8
        assert torch.equal(v2.functional.to_dtype(image, torch.float32, scale=True), unit[place][0])
    floats = BlendDataset(made, transforms=v2.ToDtype(torch.float32, scale=True))
    assert torch.equal(floats[0][0], unit[0][0])


def test_shards_give_the_same_items_as_the_folder(made):
    from_folder, from_shards = BlendDataset(made), BlendDataset(made / "webdataset")
    by_id = {item[1]["image_id"]: item for item in map(from_shards.__getitem__, range(len(from_shards)))}
    assert len(from_folder) == len(from_shards) == len(by_id)
    assert all(same(from_folder[place], by_id[from_folder[place][1]["image_id"]]) for place in range(len(from_folder)))


def test_masks_move_with_their_boxes_and_pictures_without_masks_are_counted(made):
    data = BlendDataset(made, masks=True, transforms=v2.RandomHorizontalFlip(p=1.0))
    told = entries(made)
    unmasked = [boxes for _, boxes in told.values() if not all(box["segmentation"] for box in boxes)]
    assert data.left_out == len(unmasked) > 0
    for _, target in (data[place] for place in range(len(data))):
        boxes = told[target["image_id"]][1]
        masks = np.array([decode_mask(box["segmentation"])[:, ::-1] for box in boxes]).reshape(-1, HEIGHT, WIDTH)
        assert (target["masks"].numpy() == masks).all()
        for (x0, y0, x1, y1), mask in zip(target["boxes"].int().tolist(), masks, strict=True):
            rows, columns = np.nonzero(mask)
            assert (x0, y0, x1, y1) == (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)


class CropRight(torch.nn.Module):
    """Keep the right part from a column on."""

    def forward(self, image, target):
        cut = v2.functional.crop
        return cut(image, 0, 100, HEIGHT, 60), {
            key: cut(value, 0, 100, HEIGHT, 60) if key != "labels" else value for key, value in target.items()
        }


@pytest.mark.parametrize("sanitized", [False, True])
def test_boxes_that_a_crop_leaves_outside_are_dropped_with_all_that_belongs_to_them(made, sanitized):
    crop = v2.Compose([CropRight(), v2.SanitizeBoundingBoxes()]) if sanitized else CropRight()
    data, told = BlendDataset(made, transforms=crop), entries(made)
    counts = Counter()
    for image, target in (data[place] for place in range(len(data))):
        assert image.shape == (3, HEIGHT, 60)
        kept = [box for box in told[target["image_id"]][1] if box["bbox"][0] + box["bbox"][2] > 100]
        assert len(target["boxes"]) == len(target["labels"]) == len(target["iscrowd"]) == len(kept)
        assert target["area"].tolist() == pytest.approx([box["area"] for box in kept], rel=1e-5)
        counts[len(kept)] += 1
    assert counts.keys() == {0, 1}


def test_marked_boxes_are_dropped_for_training_and_kept_as_crowds_for_scoring(folder):
    def mark(document):
        for box in document["annotations"][::2]:
            box["iscrowd" if box["id"] % 2 else "ignore"] = 1

    edit(folder / "annotations.json", mark)
    told = entries(folder)
    for ignored in ("drop", "keep"):
        data = BlendDataset(folder, ignored=ignored)
        for target in (data[place][1] for place in range(len(data))):
            marks = [int(bool(box.get("iscrowd") or box.get("ignore"))) for box in told[target["image_id"]][1]]
            assert target["iscrowd"].tolist() == (marks if ignored == "keep" else [0] * marks.count(0))


@pytest.mark.parametrize("source", ["folder", "shards"])
def test_the_same_seed_gives_the_same_batches_whatever_the_workers(made, source):
    def run(workers, seed):
        chosen = made if source == "folder" else made / "webdataset"
        data = BlendDataset(chosen, transforms=v2.RandomPhotometricDistort(p=1.0), seed=seed)
        return [pair for batch in batches(data, size=3, workers=workers) for pair in zip(*batch, strict=True)]

    first = run(0, seed=7)
    assert all(same(one, other) for one, other in zip(first, run(2, seed=7), strict=True))
    assert not all(same(one, other) for one, other in zip(first, run(0, seed=8), strict=True))


def test_a_picture_drawn_again_gets_another_variety_and_the_callers_chance_is_untouched(made):
    data = BlendDataset(made, transforms=v2.RandomPhotometricDistort(p=1.0), seed=7)
    state = torch.random.get_rng_state()
    assert same(data[0, 3], data[0, 3])
    assert not same(data[0, 3], data[0, 4])
    assert torch.equal(torch.random.get_rng_state(), state)


def test_pictures_are_drawn_by_their_weight_and_every_epoch_is_another_series(folder):
    def weigh(document):
        for image in document["images"]:
            if image["source"] == "synthetic":
                image["weight"] = 3.0

    edit(folder / "annotations.json", weigh)
    data = BlendDataset(folder)
    heavy = data.weights() == 3.0
    assert 0 < heavy.sum() < len(data)
    draws = WeightedDraws(data, size=20_000)
    one, other = [place for place, _ in draws], [place for place, _ in draws]
    assert one != other
    share = float(heavy[one].double().mean())
    wanted = float(3 * heavy.sum() / data.weights().sum())
    assert abs(share - wanted) < 4 * math.sqrt(wanted * (1 - wanted) / 20_000)
    numbers = [number for _, number in draws]
    assert numbers == list(range(40_000, 60_000))


@pytest.mark.parametrize("weight", [-1.0, 0.0])
def test_weights_that_draw_nothing_are_refused(folder, weight):
    edit(folder / "annotations.json", lambda d: [image.update(weight=weight) for image in d["images"]])
    with pytest.raises(InputError, match="weight: must be finite and at least 0"):
        BlendDataset(folder).weights()


def test_grey_cmyk_alpha_and_sixteen_bits_become_rgb(tmp_path):
    rgb = Image.fromarray(backdrop(3))
    for name, mode in (("grey.jpg", "L"), ("cmyk.jpg", "CMYK"), ("alpha.png", "RGBA")):
        rgb.convert(mode).save(tmp_path / name)
        image = decoded(np.fromfile(tmp_path / name, np.uint8))
        assert (image.dtype, image.shape) == (torch.uint8, (3, HEIGHT, WIDTH))
        assert np.abs(image.numpy().transpose(1, 2, 0).astype(int) - decode_rgb(tmp_path / name)).max() <= 4
    Image.fromarray(np.full((4, 5), 200, np.uint16)).save(tmp_path / "deep.png")
    assert decoded(np.fromfile(tmp_path / "deep.png", np.uint8)).shape == (3, 4, 5)


def test_a_picture_that_has_become_unreadable_is_told_by_name(folder):
    data = BlendDataset(folder)
    Path(data.samples[0].path).write_bytes(b"")
    with pytest.raises(InputError, match=rf"{data.samples[0].name} in .*: must be one that can be decoded"):
        data[0]


def test_torchvisions_detectors_take_a_step_on_what_the_loader_gives(made):
    from torchvision.models.detection import ssdlite320_mobilenet_v3_large

    data = BlendDataset(made, transforms=v2.RandomHorizontalFlip(), seed=7)
    assert data.num_classes == len(CATEGORIES) + 1
    torch.manual_seed(0)
    model = ssdlite320_mobilenet_v3_large(weights=None, weights_backbone=None, num_classes=data.num_classes)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
    before = [parameter.detach().clone() for parameter in model.parameters()]
    images, targets = next(iter(batches(data, size=4)))
    loss = sum(model(images, targets).values())
    loss.backward()
    optimizer.step()
    assert torch.isfinite(loss)
    assert any(not torch.equal(old, new) for old, new in zip(before, model.parameters(), strict=True))


def test_mask_r_cnn_takes_masks_and_empty_pictures(made):
    from torchvision.models.detection import maskrcnn_resnet50_fpn

    data = BlendDataset(made, masks=True)
    torch.manual_seed(0)
    model = maskrcnn_resnet50_fpn(weights=None, weights_backbone=None, num_classes=9, min_size=96, max_size=160)
    empty = next(place for place in range(len(data)) if not len(data[place][1]["boxes"]))
    full = next(place for place in range(len(data)) if len(data[place][1]["boxes"]))
    losses = model(*collate([data[empty], data[full]]))
    assert set(losses) == {"loss_classifier", "loss_box_reg", "loss_mask", "loss_objectness", "loss_rpn_box_reg"}
    assert all(torch.isfinite(loss) for loss in losses.values())


def test_a_shard_that_lacks_the_json_of_a_picture_is_refused(tmp_path):
    import tarfile

    save(tmp_path / "one.jpg", backdrop(1))
    save(tmp_path / "two.jpg", backdrop(2))
    with tarfile.open(tmp_path / "train-000000.tar", "w") as tar:
        tar.add(tmp_path / "one.jpg", "one.jpg")
        tar.add(tmp_path / "two.jpg", "two.jpg")
    with pytest.raises(InputError, match=r"train-000000\.tar: must hold each picture with its JSON; got one\.jpg"):
        BlendDataset(tmp_path)
