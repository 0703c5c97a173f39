"""Clips as training data for trackers: MOT Challenge folders, and one COCO document with videos and tracks.

Sources: Milan et al., "MOT16: a benchmark for multi-object tracking", arXiv:1603.00831 (frame numbers, ids and pixels
count from 1); Dave et al., "TAO", ECCV 2020, for videos, tracks, `frame_index` and `track_id`.
"""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

from render import coco, durable
from render.clips.sequences import Sequence
from render.coco import stable_id
from render.manifest import Record
from scenes.ontology import CATEGORIES

_MOT_CLASSES = MappingProxyType({"person": 1, "car": 3, "bicycle": 4, "motorcycle": 5})
_ON_A_VEHICLE, _RIDING = 2, ("riding", "cycling", "driving", "wheelchair")
_OTHER_CLASSES_FROM = 20
"""MOT16 has no class for a bus, a truck or an animal: they have our category's number above this."""


def write_mot(out: Path, folder: Path, sequence: Sequence) -> None:
    """Write a clip as MOT Challenge has it: `img1/`, `gt/gt.txt`, `gt/labels.txt` and `seqinfo.ini`, the last one last.

    A row of `gt.txt` is: frame, id, left, top, width, height, 1 to evaluate (0 for a box to ignore), class, share that
    is visible.
    """
    place = folder / sequence.name
    rows = []
    for number, record in enumerate(sequence.records, 1):
        durable.write_bytes(place / "img1" / f"{number:06d}.jpg", (out / record["image"]).read_bytes())
        rows += [_mot_row(number, labelled) for labelled in record["objects"]]
    durable.write_bytes(place / "gt" / "gt.txt", "".join(f"{row}\n" for row in rows).encode())
    classes = {mot_class({"category": name, "kind": ""}): name for name in CATEGORIES} | {_ON_A_VEHICLE: "rider"}
    told = "".join(f"{number} {name}\n" for number, name in sorted(classes.items()))
    durable.write_bytes(place / "gt" / "labels.txt", told.encode())
    first = sequence.records[0]
    info = {
        "name": sequence.name,
        "imDir": "img1",
        "frameRate": f"{sequence.clip.rate_hz:g}",
        "seqLength": len(sequence.records),
        "imWidth": first["width"],
        "imHeight": first["height"],
        "imExt": ".jpg",
    }
    lines = "".join(f"{key}={value}\n" for key, value in info.items())
    durable.write_bytes(place / "seqinfo.ini", f"[Sequence]\n{lines}".encode())


def mot_class(labelled: Record) -> int:
    """Return an object's class: MOT16's where it has one."""
    category = labelled["category"]
    if category == "person" and labelled["kind"] in _RIDING:
        return _ON_A_VEHICLE
    return _MOT_CLASSES.get(category, _OTHER_CLASSES_FROM + CATEGORIES[category])


def _mot_row(number: int, labelled: Record) -> str:
    x0, y0, x1, y1 = labelled["bbox_xyxy"]
    box = ",".join(f"{value:g}" for value in (x0 + 1, y0 + 1, x1 - x0, y1 - y0))
    counts = 0 if labelled.get("visibility", {}).get("ignore") else 1
    seen = round(1 - labelled["occlusion"], 4)
    return f"{number},{labelled['instance']},{box},{counts},{mot_class(labelled)},{seen:g}"


def coco_video(out: Path, found: list[Sequence]) -> Record:
    """Return clips as one COCO document: with `videos`, `tracks`, frames of videos, and annotations of tracks."""
    document = coco.document(out, [record for sequence in found for record in sequence.records])
    images = {image["id"]: image for image in document["images"]}
    owner: dict[int, Sequence] = {}
    for sequence in found:
        for number, record in enumerate(sequence.records):
            image = images[stable_id(record["frame"])]
            owner[image["id"]] = sequence
            image |= {
                "video_id": stable_id(sequence.name),
                "frame_id": number,
                "frame_index": number,
                "time_s": sequence.clip.time_s(number),
            }
    tracks: dict[int, Record] = {}
    for annotation in document["annotations"]:
        sequence = owner[annotation["image_id"]]
        track = stable_id(f"{sequence.name}/{annotation['instance']}")
        video = stable_id(sequence.name)
        annotation |= {"video_id": video, "track_id": track, "instance_id": track}
        tracks[track] = {"id": track, "video_id": video, "category_id": annotation["category_id"]}
    return {
        **document,
        "videos": [_video(sequence) for sequence in found],
        "tracks": [tracks[track] for track in sorted(tracks)],
    }


def _video(sequence: Sequence) -> Record:
    first = sequence.records[0]
    return {
        "id": stable_id(sequence.name),
        "name": sequence.name,
        "width": first["width"],
        "height": first["height"],
        "fps": sequence.clip.rate_hz,
        "length": len(sequence.records),
    }
