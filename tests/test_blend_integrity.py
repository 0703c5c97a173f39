"""The figure that tells whether a pipeline keeps labels on their objects, tried on transforms that do not."""

import json

import albumentations as alb
import numpy as np
import pytest

from blend import integrity, pipeline
from blend.integrity import check
from scenes.errors import InputError


class KeypointsStay(alb.HorizontalFlip):
    def apply_to_keypoints(self, keypoints, **_):
        return keypoints


class AxesSwapped(alb.HorizontalFlip):
    def apply_to_keypoints(self, keypoints, **_):
        return np.column_stack([keypoints[:, 1], keypoints[:, 0], keypoints[:, 2:]])


class MaskAxesSwapped(alb.NoOp):
    def apply_to_mask(self, mask, **_):
        return np.ascontiguousarray(np.rot90(mask, 2))


class MaskStays(alb.HorizontalFlip):
    def apply_to_mask(self, mask, **_):
        return mask


class IdsLost(alb.HorizontalFlip):
    def apply_to_mask(self, mask, **_):
        flipped = np.ascontiguousarray(mask[:, ::-1])
        return np.where(flipped == 3 * integrity.ID_STEP, 0, flipped).astype(mask.dtype)


class KeypointsLost(alb.HorizontalFlip):
    def apply_to_keypoints(self, keypoints, **params):
        return super().apply_to_keypoints(keypoints, **params)[:-1]


class SizeOfMask(alb.NoOp):
    def apply_to_mask(self, mask, **_):
        return mask[:-1]


class Raises(alb.NoOp):
    def apply(self, *_, **__):
        raise RuntimeError("no\nway")


def steps_of(*transforms):
    text = json.dumps(alb.Compose(list(transforms)).to_dict())
    return pipeline.parsed(text, name="mine", where="mine.json")


@pytest.mark.parametrize("name", pipeline.names())
def test_every_shipped_pipeline_passes(name):
    check(pipeline.named(name))


@pytest.mark.parametrize(
    "transform",
    [
        alb.VerticalFlip(p=0.5),
        alb.Transpose(p=0.5),
        alb.RandomRotate90(p=0.5),
        alb.Rotate(limit=(-30, 30), p=0.5),
        alb.RandomResizedCrop(size=(100, 160), scale=(0.5, 1.0), p=0.5),
        alb.Perspective(scale=(0.02, 0.08), p=0.5),
        alb.PadIfNeeded(min_height=160, min_width=240, p=1.0),
        alb.CoarseDropout(fill_mask=0, p=0.5),
    ],
)
def test_spatial_transforms_that_move_everything_together_pass(transform):
    check(steps_of(transform))


@pytest.mark.parametrize(
    ("transform", "fault"),
    [
        (KeypointsStay(p=1.0), r"KeypointsStay must keep labels on their objects; got keypoint 1 is \d+ px off"),
        (AxesSwapped(p=1.0), r"keypoint \d is \d+ px off its object"),
        (MaskAxesSwapped(p=1.0), r"object 1 is in the picture|a mask that shows pixels"),
        (MaskStays(p=1.0), r"a mask that shows pixels|object 1"),
        (IdsLost(p=1.0), r"its id is lost"),
        (KeypointsLost(p=1.0), r"keypoint 8 is lost though its object is whole"),
        (SizeOfMask(p=1.0), r"a mask of \(119, 200\) for a picture of \(120, 200\)"),
        (Raises(p=1.0), r"it cannot run: RuntimeError: no way"),
        (alb.Affine(rotate=(10, 20), mask_interpolation=1, p=0.3), r"ids that no object had"),
        (alb.Affine(translate_percent=0.3, border_mode=4, p=1.0), r"an object twice|keypoint \d"),
        (alb.CoarseDropout(num_holes_range=(6, 9), p=0.2), r"a mask that shows pixels which the object has not"),
    ],
)
def test_a_transform_that_takes_labels_from_their_objects_is_refused_by_name(transform, fault):
    with pytest.raises(InputError, match=fault) as told:
        check(steps_of(transform))
    assert "\n" not in str(told.value)


def test_a_fault_inside_a_choice_is_found_too():
    with pytest.raises(InputError, match="MaskStays"):
        check(steps_of(alb.OneOf([alb.HorizontalFlip(p=0.5), alb.Sequential([MaskStays(p=0.01)])], p=0.1)))


@pytest.mark.parametrize("transform", [alb.Normalize(p=1.0), alb.ToFloat(p=1.0)])
def test_a_pipeline_whose_pictures_are_not_8_bit_is_refused(transform):
    with pytest.raises(InputError, match=r"mine: must give 8-bit RGB; got float32 .*leave Normalize"):
        check(steps_of(transform))


def test_no_mirror_turn_or_swap_maps_the_figure_on_itself():
    _, ids, points = integrity.figure()
    assert len(np.unique(ids)) == len(points) + 1
    for other in (ids[:, ::-1], ids[::-1], ids[::-1, ::-1]):
        assert not ((other > 0) & (ids == other)).any()
