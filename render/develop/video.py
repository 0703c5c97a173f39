"""What a block-based video codec leaves of a picture: flat quantisation of a prediction's error, then deblocking.

An approximation of H.264 without its bit stream (no encoder with a free licence comes with our packages): luma and
4:2:0 colour are predicted from a coarse picture, the error goes through an 8x8 cosine transform with one step for all
frequencies and a dead zone, and edges between blocks are smoothed where the step explains them. So faint texture
vanishes, flat areas become smooth and colour bleeds, and there is none of JPEG's ringing of single frequencies.

Source: ITU-T H.264 (2021), 8.5 (step doubles per 6 QP) and 8.7 (deblocking); Richardson, The H.264 Advanced Video
Compression Standard (2010), ch. 7; rounding offsets of 1/3 (intra) as in the reference encoder JM.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import fft

Image = NDArray[np.float32]
Bytes = NDArray[np.uint8]
BLOCK_PX = 8
_ROUNDING = 1 / 3
_CHROMA_QP_OFFSET = 2  # colour is stored a little finer than luma at high QP (H.264 table 8-15)


def step(qp: float) -> float:
    """Return the quantiser's step in 8-bit values: 0.625 at QP 0, doubled per 6."""
    return float(0.625 * 2 ** (qp / 6))


def _quantised(error: Image, width: float) -> Image:
    """Return a plane's error after transform, dead-zone quantisation and back; sides are multiples of the block."""
    rows, columns = error.shape
    blocks = error.reshape(rows // BLOCK_PX, BLOCK_PX, columns // BLOCK_PX, BLOCK_PX)
    coded = fft.dctn(blocks, axes=(1, 3), norm="ortho")
    levels = np.trunc(coded / np.float32(width) + np.copysign(np.float32(_ROUNDING), coded))
    return np.asarray(fft.idctn(levels * np.float32(width), axes=(1, 3), norm="ortho"), np.float32).reshape(error.shape)


def _deblocked(plane: Image, qp: float) -> Image:
    """Smooth across vertical block edges, where the step is too small to be the scene's."""
    alpha, beta = 0.8 * (2 ** (qp / 6) - 1), 0.5 * qp - 7  # table 8-16, as curves
    if beta <= 0:
        return plane
    out = plane.copy()
    p1, p0 = plane[:, BLOCK_PX - 2 : -BLOCK_PX : BLOCK_PX], plane[:, BLOCK_PX - 1 : -BLOCK_PX : BLOCK_PX]
    q0, q1 = plane[:, BLOCK_PX::BLOCK_PX], plane[:, BLOCK_PX + 1 :: BLOCK_PX]
    weak = (np.abs(p0 - q0) < alpha) & (np.abs(p1 - p0) < beta) & (np.abs(q1 - q0) < beta)
    most = np.float32(max(0.12 * step(qp), 1.0))
    move = np.clip(((q0 - p0) * 4 + (p1 - q1)) / 8, -most, most) * weak
    out[:, BLOCK_PX - 1 : -BLOCK_PX : BLOCK_PX] += move
    out[:, BLOCK_PX::BLOCK_PX] -= move
    return out


def _plane(plane: Image, qp: float) -> Image:
    rows, columns = plane.shape
    padded = cv2.copyMakeBorder(plane, 0, -rows % BLOCK_PX, 0, -columns % BLOCK_PX, cv2.BORDER_REPLICATE)
    height, width = padded.shape
    means = cv2.resize(padded, (width // BLOCK_PX, height // BLOCK_PX), interpolation=cv2.INTER_AREA)
    coarse = np.round(means / np.float32(step(qp) / BLOCK_PX)) * np.float32(step(qp) / BLOCK_PX)
    guess = np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
    coded = guess + _quantised(np.asarray(padded - guess, np.float32), step(qp))
    smooth = _deblocked(np.ascontiguousarray(_deblocked(coded, qp).T), qp).T
    return np.asarray(smooth[:rows, :columns], np.float32)


def frame(rgb: Bytes, qp: float) -> Bytes:
    """Return a picture after the codec.

    Args:
        rgb: HxWx3 uint8.
        qp: quantiser in [0, 51]; 20 is hard to see, 28 is a good dashcam, 38 a starved surveillance stream.
    """
    luma, red, blue = cv2.split(cv2.cvtColor(rgb, cv2.COLOR_RGB2YCrCb))
    half = (max(rgb.shape[1] // 2, 1), max(rgb.shape[0] // 2, 1))
    colour_qp = qp - _CHROMA_QP_OFFSET * max(0.0, (qp - 29) / 10)
    planes = [_plane(luma.astype(np.float32), qp)]
    for plane in (red, blue):
        small = cv2.resize(plane.astype(np.float32), half, interpolation=cv2.INTER_AREA)
        coded = _plane(np.asarray(small, np.float32), colour_qp)
        planes.append(np.asarray(cv2.resize(coded, (rgb.shape[1], rgb.shape[0]), interpolation=cv2.INTER_LINEAR)))
    whole = np.round(np.clip(cv2.merge(planes), 0, 255)).astype(np.uint8)
    return np.asarray(cv2.cvtColor(whole, cv2.COLOR_YCrCb2RGB), np.uint8)
