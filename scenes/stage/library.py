"""What a stage builds from besides the spec: the people pack, meshes that were made before, and the user's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from scenes.errors import MissingPieceError
from scenes.own import Catalogue
from scenes.stage.mesh_cache import MeshCache


@dataclass(frozen=True, kw_only=True)
class Library:
    """Folders and caches of one process.

    Args:
        people_dir: the unpacked people pack; may be None where no spec has people.
        meshes: geometry that was built before.
        own: the user's assets.
        script: the user's scene script.
        cc_textures: BlenderProc's ambientCG download.
    """

    people_dir: Path | None = None
    meshes: MeshCache = field(default_factory=MeshCache)
    own: Catalogue | None = None
    script: Path | None = None
    cc_textures: Path | None = None

    @property
    def people(self) -> Path:
        """The people pack.

        Raises:
            MissingPieceError: it is not there.
        """
        if self.people_dir is None:
            raise MissingPieceError("the people pack", "the scene has people", "python -m packs fetch people")
        return self.people_dir
