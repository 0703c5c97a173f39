"""Clips of a round in the formats of others: MP4 films, MOT Challenge folders, COCO with videos and tracks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import ConfigDict

from render import durable
from render.clips import film, tracks
from render.clips.sequences import sequences

Format = Literal["mp4", "mot", "coco_video"]


@dataclass(frozen=True, kw_only=True)
class ExportSettings:
    """The `export` section of the config.

    Args:
        format: `mp4` films, `mot` folders or one `coco_video` document.
        labels: whether boxes, names and times are burnt into films.
    """

    format: Format = "mp4"
    labels: bool = False
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")


@dataclass(frozen=True, kw_only=True)
class ExportReport:
    """Clips that were written and where, and those that were left out, each with the reason."""

    written: tuple[str, ...]
    folder: Path
    left_out: dict[str, str]


def export(out: Path, settings: ExportSettings) -> ExportReport:
    """Write the clips of a round into `clips/<format>/`.

    Raises:
        InputError: the round has no clip that is whole, or a file cannot be written.
    """
    found, left_out = sequences(out)
    folder = out / "clips" / settings.format
    for sequence in found if settings.format != "coco_video" else ():
        if settings.format == "mot":
            tracks.write_mot(out, folder, sequence)
        else:
            film.write(out, folder / f"{sequence.name}.mp4", sequence, labels=settings.labels)
    if settings.format == "coco_video" and found:
        durable.write_json(folder / "annotations.json", tracks.coco_video(out, found))
    return ExportReport(written=tuple(sequence.name for sequence in found), folder=folder, left_out=left_out)
