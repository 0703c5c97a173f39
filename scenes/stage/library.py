"""What a stage builds from besides the spec: the people pack and the meshes that were made before."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from scenes.errors import MissingPieceError
from scenes.stage.mesh_cache import MeshCache


@dataclass(frozen=True, kw_only=True)
class Library:
    """Folders and caches of one process.

    Args:
        people_dir: the unpacked people pack; may be None where no spec has people.
        meshes: geometry that was built before.
    """

    people_dir: Path | None = None
    meshes: MeshCache = field(default_factory=MeshCache)

    @property
    def people(self) -> Path:
        """The people pack.

        Raises:
            MissingPieceError: it is not there.
        """
        if self.people_dir is None:
            raise MissingPieceError("the people pack", "the scene has people", "python -m packs fetch people")
        return self.people_dir
