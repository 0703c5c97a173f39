"""What the App opens with: saved views that answer the first questions, and a workspace of pictures and map."""

from __future__ import annotations

from typing import Any


def save(dataset: Any) -> None:
    """Save the views, also those that are empty in this round."""
    from fiftyone import ViewField

    source, lighting = ViewField("source"), ViewField("lighting")
    near = dataset.match(source == "synthetic").exists("nearest_real_cosine")
    saved = {
        "night crash": (dataset.match((lighting == "night") & ViewField("crash")), "after or before a crash, at night"),
        "low sun": (dataset.match(lighting == "low_sun"), "the sun low over the road"),
        "real": (dataset.match(source == "real"), "pictures that a camera took"),
        "augmented": (dataset.match(ViewField("augmented")), "varied copies that the blend made"),
        "composites": (dataset.match(ViewField("composite")), "real pictures into which actors were put"),
        "closest to real": (
            near.sort_by("nearest_real_cosine", reverse=True),
            "synthetic pictures, the one most like a real picture first: copies would stand here",
        ),
    }
    for name, (view, description) in saved.items():
        dataset.save_view(name, view, description=description)


def workspace(*, map_key: str | None) -> Any:
    """Return pictures on the left and, if there is one, the map of features on the right.

    Args:
        map_key: brain key of the map; None if features were not measured.
    """
    import fiftyone as fo

    leaves = [_leaf(fo.Panel(type="Samples", pinned=True))]
    if map_key is None:
        return leaves[0]
    state = {"brainResult": map_key, "colorByField": "source"}
    leaves.append(_leaf(fo.Panel(type="Embeddings", state=state)))
    return fo.Space(children=leaves, orientation="horizontal", sizes=[0.6, 0.4])


def _leaf(panel: Any) -> Any:
    import fiftyone as fo

    return fo.Space(children=[panel], active_child=panel.component_id)  # a leaf without it stays blank
