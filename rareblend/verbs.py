"""The words that may follow a command, what each does and where it is; they load nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Verb:
    """A word after a command.

    Args:
        what: what it does, in a sentence.
        module: where the function of its name is.
        config: the file in conf that tells its keys, where they are not its command's.
        usage: what follows the word.
    """

    what: str
    module: str
    config: str = ""
    usage: str = ""


VERBS: Mapping[str, Mapping[str, Verb]] = MappingProxyType(
    {
        "render": {
            "inspect": Verb(
                "Draw every label of a frame into <out>/inspect/<frame>.jpg, tell its record in words.",
                "rareblend.render_verbs",
                usage="FRAME",
            ),
            "diagram": Verb(
                "Draw a crash or a scenario file from above into <out>/diagrams, untraced.",
                "rareblend.render_verbs",
                usage="SCENARIO|FILE|SPEC",
            ),
            "check": Verb(
                "Check all labels of a round again, and its pictures and files; exit code 1 if there is a fault.",
                "rareblend.render_verbs",
            ),
            "export": Verb(
                "Write clips as films or for trackers: format=mp4 | mot | coco_video, labels=true burns them in.",
                "rareblend.render_verbs",
                "export",
            ),
        },
        "blend": {
            "plan": Verb(
                "Tell what the blend would hold, target by target, and write nothing.", "rareblend.blend_verbs"
            ),
            "classes": Verb(
                "Count the class names of a labelled set, write a map to edit to <out>/classes_map.yaml.",
                "rareblend.blend_verbs",
            ),
            "profile": Verb(
                "Tell a set's sizes, light, boxes, near-duplicates and faults; a sheet in <out>/profile.",
                "rareblend.blend_verbs",
            ),
            "export": Verb(
                "Write a blend in more formats: formats=[voc,kitti]. Nothing is blended again.",
                "rareblend.blend_verbs",
                "blend_export",
            ),
            "blur": Verb(
                "Write copies of real pictures with faces and plates blurred to <out>/blur.",
                "rareblend.blend_verbs",
                "blend_blur",
            ),
        },
        "eval": {
            "drift": Verb(
                "Judge windows of real pictures in time against the real set: drift.windows=[DIR,'inbox/2026-*'].",
                "eval.drift.verb",
                "eval_drift",
            ),
            "parity": Verb(
                "Train detectors on real, synthetic and blended pictures; parity=quick | fine, resumes.",
                "eval.parity.verb",
                "eval_parity",
            ),
            "privacy": Verb(
                "Attack a head trained on the real pictures, release with noise under a ledger, certify.",
                "eval.privacy.verb",
                "eval_privacy",
            ),
        },
        "review": {
            "decisions": Verb(
                "Write the decisions made in the App to <out>/eval/decisions.json.", "eval.review.decisions"
            ),
        },
    }
)
"""What a command does besides its main job, by the word after it."""
