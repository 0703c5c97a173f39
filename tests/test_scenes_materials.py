"""Every surface that a finish names is a recipe with arguments it takes; no Blender is asked."""

import ast
from pathlib import Path

import numpy as np
import pytest

from scenes.showcase import cells
from scenes.spec.vehicle import Vehicle
from scenes.stage.buildings import house, structures
from scenes.stage.furniture.catalogue import FURNITURE
from scenes.stage.nature import tree
from scenes.stage.samples import SAMPLES
from scenes.stage.vehicle import FAMILIES
from scenes.stage.wrecks.wreck import wrecked_finish
from scenes.vehicle import draw_body

MATERIALS = Path(__file__).parent.parent / "scenes/stage/materials"


def parameters():
    """Recipe name to the names of its arguments and of those without default, read from the source."""
    functions = {}
    for path in MATERIALS.glob("*.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef):
                functions[f"{path.stem}.{node.name}"] = node.args
    table = {}
    for node in ast.walk(ast.parse((MATERIALS / "recipes.py").read_text())):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                table[key.value] = functions[f"{value.value.id}.{value.attr}"]
    return table


@pytest.fixture(scope="module")
def recipes():
    return parameters()


def finishes():
    for cell in cells():
        for vehicle in cell.spec.vehicles:
            yield wrecked_finish(FAMILIES[vehicle.kind].finish(vehicle), vehicle)
    for kind in FAMILIES:
        for seed in range(12):
            body = draw_body(kind, np.random.default_rng(seed))
            yield FAMILIES[kind].finish(Vehicle(actor_id=1, x_m=0, y_m=0, heading_deg=0, **body))
    for item in FURNITURE.values():
        yield from (item.finish(variant) for variant in range(item.variants))
    for style in house.STYLES:
        yield from (house.finish(style, model) for model in range(8))
    for name in structures.NAMES:
        yield from (structures.finish(name, model) for model in range(4))
    for kind in tree.KINDS:
        yield tree.finish(kind, 1)
    yield SAMPLES


def test_every_surface_gives_its_recipe_what_it_takes(recipes):
    seen = {surface for finish in finishes() for surface in finish.values()}
    assert len(seen) > 200
    for surface in seen:
        arguments = recipes[surface.recipe]
        names = [argument.arg for argument in (*arguments.args, *arguments.kwonlyargs)][1:]
        given = dict(surface.values)
        assert set(given) <= set(names), surface
        optional = {argument.arg for argument in arguments.args[len(arguments.args) - len(arguments.defaults) :]}
        keyword_only = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        optional |= {argument.arg for argument, default in keyword_only if default is not None}
        assert set(names) - optional <= set(given), surface
