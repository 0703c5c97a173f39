"""Pictures as files come: odd ones are converted, broken ones refused by name, none is changed."""

import hashlib
import io
import os
import pickle
import struct
import zlib

import cv2
import numpy as np
import pytest
from fake_round import HEIGHT, WIDTH, backdrop, edit, save, write_coco
from PIL import Image

from blend.decode import decode
from blend.real import RealSettings, read


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("RAREBLEND_CACHE", str(tmp_path / "cache"))


def pixels(seed=1):
    return Image.fromarray(backdrop(seed))


def exif(orientation):
    told = Image.Exif()
    told[0x0112] = orientation
    return told


def png16(path, levels):
    cv2.imwrite(str(path), levels)


def wide_png(width, height):
    """A PNG whose header claims a size that its data does not have."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\x00" * 999))
        + chunk(b"IEND", b"")
    )


def test_a_plain_picture_is_no_oddity(tmp_path):
    save(tmp_path / "a.jpg", backdrop(1))
    Image.fromarray(backdrop(1)).convert("L").save(tmp_path / "grey.png")
    assert decode(tmp_path / "a.jpg").oddities == ()
    grey = decode(tmp_path / "grey.png")
    assert (grey.rgb.shape, grey.oddities) == ((HEIGHT, WIDTH, 3), ())


def test_16_bits_keep_their_high_byte(tmp_path):
    levels = np.arange(0, 65536, 65536 // (HEIGHT * WIDTH))[: HEIGHT * WIDTH].reshape(HEIGHT, WIDTH).astype(np.uint16)
    png16(tmp_path / "grey.png", levels)
    png16(tmp_path / "rgb.png", np.dstack([levels] * 3))
    Image.fromarray(levels).save(tmp_path / "grey.tif")
    for file in ("grey.png", "rgb.png", "grey.tif"):
        found = decode(tmp_path / file)
        assert (found.rgb == (levels >> 8)[..., None]).all(), file
        assert "16 bits a channel" in found.oddities


def test_cmyk_palette_and_alpha_become_rgb(tmp_path):
    pixels().convert("CMYK").save(tmp_path / "cmyk.jpg", quality=98)
    pixels().quantize(250).save(tmp_path / "palette.png")
    solid = pixels().convert("RGBA")
    solid.paste((255, 255, 255, 0), (0, 0, 40, 40))
    solid.save(tmp_path / "alpha.png")
    for file, tolerance in (("cmyk.jpg", 4), ("palette.png", 12)):
        found = decode(tmp_path / file)
        assert np.abs(found.rgb.astype(int) - backdrop(1)).mean() < tolerance, file
        assert found.oddities
    alpha = decode(tmp_path / "alpha.png")
    assert (alpha.rgb[:40, :40] == 0).all()
    assert (alpha.rgb[40:, 40:] == backdrop(1)[40:, 40:]).all()
    assert "transparent" in alpha.oddities


@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_turned_picture_is_turned_upright(tmp_path, orientation):
    turned = pixels()
    inverse = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation]
    turned = turned.transpose(Image.Transpose(inverse))
    turned.save(tmp_path / "a.png", exif=exif(orientation))
    found = decode(tmp_path / "a.png")
    assert (found.rgb == backdrop(1)).all()
    assert found.oddities == ("turned by EXIF",)


def test_odd_pictures_are_used_as_plain_copies_and_stay_as_they_were(tmp_path):
    folder = tmp_path / "real"
    folder.mkdir()
    pixels(1).transpose(Image.Transpose.ROTATE_90).save(folder / "turned.jpg", exif=exif(6))
    pixels(2).convert("CMYK").save(folder / "cmyk.jpg")
    png16(folder / "deep.png", np.full((HEIGHT, WIDTH), 40_000, np.uint16))
    before = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    first, again = (read(RealSettings(kind="folder", images=str(folder)), seed=1) for _ in range(2))
    assert first.pictures == again.pictures
    assert {p.facts["original"]: p.facts["converted"] for p in first.pictures} == {
        "turned.jpg": "turned by EXIF",
        "cmyk.jpg": "colour mode CMYK",
        "deep.png": "16 bits a channel, colour mode I;16",
    }
    for picture in first.pictures:
        assert picture.path.is_relative_to(tmp_path / "cache")
        plain = cv2.imread(str(picture.path), cv2.IMREAD_UNCHANGED)
        assert (plain.shape, plain.dtype) == ((HEIGHT, WIDTH, 3), np.uint8)
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()} == before


def test_boxes_of_a_turned_picture_are_those_of_the_upright_one(tmp_path):
    images, annotations = write_coco(tmp_path, count=6)
    for place in (0, 1):
        upright = Image.fromarray(backdrop(place))
        upright.transpose(Image.Transpose.ROTATE_90).save(images / f"take0-{place}.jpg", exif=exif(6))
    edit(annotations, lambda d: d["images"][1].update(width=HEIGHT, height=WIDTH))
    found = read(RealSettings(kind="coco", images=str(images), annotations=str(annotations)), seed=1)
    upright = next(p for p in found.pictures if p.facts["original"] == "take0-0.jpg")
    assert (upright.width, upright.height, upright.annotations[0].xywh) == (WIDTH, HEIGHT, (20, 20, 30, 20))
    (left_out,) = found.left_out
    assert left_out.reason.startswith("is 160x96 once turned as its EXIF says, but its boxes are for 96x160")


class Malicious:
    def __reduce__(self):
        return os.mkdir, ("pwned",)


def bad_files(good):
    jpeg = io.BytesIO()
    Image.fromarray(good).save(jpeg, "JPEG")
    whole = jpeg.getvalue()
    at = whole.index(b"\xff\xc0") + 5
    return {
        "empty.jpg": (b"", "is empty (0 bytes)"),
        "text.jpg": (b"hello", "is not a picture that can be read"),
        "pickle.jpg": (pickle.dumps(Malicious()), "is not a picture that can be read"),
        "cut.jpg": (whole[: len(whole) // 2], "truncated"),
        "taller.jpg": (
            whole[:at] + struct.pack(">H", 60_000) + whole[at + 2 :],
            "claims 160x60000 pixels, but its data ends before",
        ),
        "lying.png": (wide_png(4000, 3000), "cannot be decoded"),
        "bomb.png": (wide_png(60_000, 60_000), "claims more pixels than the limit"),
        "script.png": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "is not a picture that can be read"),
    }


def test_bad_files_are_listed_by_name_in_one_line_and_nothing_is_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "real"
    save(folder / "good.jpg", backdrop(1))
    bad = bad_files(backdrop(2))
    for name, (data, _) in bad.items():
        (folder / name).write_bytes(data)
    found = read(RealSettings(kind="folder", images=str(folder)), seed=1)
    reasons = {entry.file: entry.reason for entry in found.left_out}
    assert [p.facts["original"] for p in found.pictures] == ["good.jpg"]
    assert reasons.keys() == bad.keys()
    for name, (_, expected) in bad.items():
        assert expected in reasons[name], (name, reasons[name])
        assert "\n" not in reasons[name]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["real"]


def test_links_in_a_circle_end_and_links_to_nowhere_are_listed(tmp_path):
    folder = tmp_path / "real"
    save(folder / "a" / "one.jpg", backdrop(1))
    save(tmp_path / "elsewhere" / "two.jpg", backdrop(2))
    (folder / "a" / "round").symlink_to(folder)
    (folder / "linked").symlink_to(tmp_path / "elsewhere")
    (folder / "gone.jpg").symlink_to(tmp_path / "nothing.jpg")
    (folder / "self.jpg").symlink_to(folder / "self.jpg")
    found = read(RealSettings(kind="folder", images=str(folder)), seed=1)
    assert [p.facts["original"] for p in found.pictures] == ["a/one.jpg", "linked/two.jpg"]
    assert {entry.file: entry.reason for entry in found.left_out} == {
        "a/round": "is a link to a folder that has been read",
        "gone.jpg": "is a link that leads nowhere",
        "self.jpg": "is a link that leads nowhere",
    }


def test_two_pictures_of_one_name_in_two_folders_are_two_pictures(tmp_path):
    for place, folder in enumerate("ab"):
        save(tmp_path / "real" / folder / "x.jpg", backdrop(place))
    found = read(RealSettings(kind="folder", images=str(tmp_path / "real")), seed=1)
    assert len({p.name for p in found.pictures}) == 2
