"""The `rareblend` command: the main job, each stage of it alone, and one clear line when something is wrong.

Exit codes: 0 done (and every gate passed), 1 a gate said no, 2 could not run, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module, resources
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar

from eval.verbs import VERBS
from scenes.errors import InputError, RareblendError, TraceError

if TYPE_CHECKING:  # the command loads only what it runs
    from render.agenda import Wish
    from scenes.atlas import Atlas
    from scenes.likeness import Likeness
    from scenes.ordinary_traffic import Style

T = TypeVar("T")
Step = Callable[[], int]
"""A stage whose settings have been checked; it runs and returns an exit code."""


@dataclass(frozen=True, kw_only=True)
class Round:
    """What every command is told: see `conf/round.yaml`."""

    out: Path
    seed: int
    count: int
    looks: int
    workers: int
    device: Literal["auto", "cpu", "gpu"]
    port: int = 5151

    def __post_init__(self) -> None:
        for name in ("count", "looks", "workers"):
            if getattr(self, name) < 1:
                raise InputError(name, "must be at least 1", got=getattr(self, name))
        if not 1 <= self.port <= 65535:
            raise InputError("port", "must lie in [1, 65535]", got=self.port)


@dataclass(frozen=True, kw_only=True)
class Mix:
    """The `scenario` section: relative weight of each scenario, >= 0; a `script` of the user's own replaces them."""

    mix: dict[str, float]
    script: Path | None = None
    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        from scenes.draws import check_weights

        check_weights("scenario.mix", self.mix)


@dataclass(frozen=True, kw_only=True)
class Job:
    """A command with its resolved config; `section` turns a part of it into checked settings."""

    command: str
    config: Mapping[str, Any]
    round: Round

    def section(self, name: str, kind: type[T]) -> T:
        """Return a config section as its settings dataclass."""
        from scenes.settings import validated

        return validated(name, kind, self.config[name])

    def atlas(self) -> Atlas:
        """Return the lightings and weathers of the config, each of which makes a look."""
        from render.develop.atlas import check
        from scenes.atlas import chosen

        atlas = chosen(self.config["lighting"], self.config["weather"])
        check(atlas)
        return atlas


def _render(job: Job) -> Step:
    from eval.lineage import note
    from render import cutouts, ledger, tracing_device
    from render.agenda import agenda
    from render.farm import trace
    from render.settings import RenderSettings
    from scenes.camera import CameraSettings
    from scenes.cells import CoverageSettings
    from scenes.clip import ClipSettings
    from scenes.own import OwnSettings, load, with_users_own

    clip, cameras = job.section("clip", ClipSettings), job.section("camera", CameraSettings)
    told, settings, own = job.round, job.section("render", RenderSettings), job.section("own", OwnSettings)
    library = job.section("cutouts", cutouts.CutoutSettings)
    catalogue, coverage = load(own.assets) if own.assets else None, job.section("coverage", CoverageSettings)
    ledger.spaces(coverage.impossible, cameras)  # a rule that cannot be is told before hours of tracing
    ledger.check(told.out)
    tracing_device.check(told.device)
    drawn = agenda(told.out, _wish(job))
    specs = [*drawn.begun, *(with_users_own(spec, own, catalogue, seed=told.seed) for spec in drawn.new)]
    refused = dict(catalogue.left_out) if catalogue else {}

    def go() -> int:
        from render.clips import flow

        print(*drawn.lines, sep="\n", end="\n" if drawn.lines else "")
        done = trace(specs, told.out, settings=settings, workers=told.workers, device=told.device, own=own, clip=clip)
        left_out = {**refused, **{view.name: view.reason for view in (*done.unfit, *done.failed)}}
        for name, reason in left_out.items():
            print(f"left out: {name}: {reason}")
        missed = {what: f"not understood ({times})" for what, times in drawn.missed.items()}
        note(told.out, left_out={**missed, **left_out}, licences=catalogue.licences if catalogue else {})
        shared = f", {done.shared} frames share a bundle" if done.shared else ""
        print(
            f"render: {done.traced} views traced{shared}, {done.resumed} were here{done.device and f'; {done.device}'}"
        )
        if not done.traced and not done.resumed:
            raise TraceError("no view could be traced; the reasons stand above")
        print(f"coverage: {ledger.line(ledger.write(told.out, coverage.impossible, cameras=cameras)['scenes'])}")
        if library.count:
            print(cutouts.make(told.out, library, seed=told.seed, workers=told.workers, device=told.device))
        if clip.flow:
            print(f"flow: {flow.write_all(told.out)} pictures written")
        return 0

    return go


def _wish(job: Job) -> Wish:
    """Return which scenes the config asks for."""
    from render.agenda import Wish
    from scenes.camera import CameraSettings
    from scenes.cells import CoverageSettings
    from scenes.clip import ClipSettings

    told, scenario = job.round, job.section("scenario", Mix)
    return Wish(
        mix=scenario.mix,
        script=scenario.script,
        atlas=job.atlas(),
        cameras=job.section("camera", CameraSettings),
        coverage=job.section("coverage", CoverageSettings),
        seed=told.seed,
        count=told.count,
        workers=told.workers,
        tracked=job.section("clip", ClipSettings).frames > 0,
        like=_style(job),
    )


def _style(job: Job) -> Style | None:
    """Return what ordinary traffic is to be like; ours if None."""
    from scenes.mixed_traffic import MixedTraffic

    if job.config["traffic"].get("kind") == "mixed":
        return job.section("traffic", MixedTraffic)
    return _likeness(job)


def _likeness(job: Job) -> Likeness | None:
    """Return what ordinary traffic is to be like; a fit is written to <out>/traffic.yaml."""
    from blend.real import RealSettings, read
    from eval.review.lent import database_of
    from scenes import likeness

    told, real = job.section("traffic", likeness.TrafficSettings), job.section("real", RealSettings)
    if told.kind == "ours":
        return None
    if told.profile is not None:
        return likeness.read(told.profile)
    if not real.labelled:
        fix = "add real=coco real.images=DIR real.annotations=FILE, or another labelled kind of conf/real"
        raise InputError("traffic=like_real", "needs a labelled real set", got=f"real={real.kind}", fix=fix)
    with database_of(real):
        pictures = [picture for picture in read(real, seed=job.round.seed).pictures if picture.labelled]
    fitted = likeness.fit(
        [
            [
                likeness.labelled(a.category, a.xywh, (picture.width, picture.height))
                for a in picture.annotations
                if a.category in likeness.CLASSES
            ]
            for picture in pictures
        ]
    )
    likeness.write(job.round.out / "traffic.yaml", fitted)
    return fitted


def _develop(job: Job) -> Step:
    from render.develop import device
    from render.develop.camera import SensorSettings
    from render.develop.match.fitted_camera import camera_of
    from render.develop.preset import LookSettings
    from render.develop.round import develop
    from render.frame_checks import checked
    from render.ledger import check, line, spaces, write
    from render.visibility import LabelSettings
    from scenes.cells import CoverageSettings

    told = job.round
    looks, sensor = job.section("look", LookSettings), job.section("sensor", SensorSettings)
    labels, rules = job.section("labels", LabelSettings), job.section("coverage", CoverageSettings).impossible
    spaces(rules)
    check(told.out)
    place = device.choose(told.device)
    atlas = job.atlas()
    images = job.config["real"].get("images")
    real = Path(images) if images else None

    def go() -> int:
        camera = camera_of(told.out, real, looks=looks, sensor=sensor, seed=told.seed)
        done = develop(
            told.out,
            looks=looks,
            sensor=camera,
            count=told.looks,
            seed=told.seed,
            workers=told.workers,
            labels=labels,
            place=place,
            atlas=atlas,
        )
        for view, why in done.quarantined.items():
            print(f"left out: {view}: {why}")
        on_gpu = "; on a GPU" if place == "cuda" else ""
        print(f"develop: {len(done.made)} frames made, {len(done.found)} were here{on_gpu}")
        if not done.made and not done.found:
            raise InputError(told.out / "scenes", "must hold a view that can be developed", got="none")
        print(f"labels: {checked(told.out, pictures=False).line}")
        print(f"coverage: {line(write(told.out, rules)['frames'])}")
        return 0

    return go


def _blend(job: Job) -> Step:
    from blend.augment import AugmentSettings
    from blend.composite.settings import CompositeSettings
    from blend.match.settings import MatchSettings
    from blend.mix import build
    from blend.real import RealSettings, read
    from blend.settings import BlendSettings
    from eval.embed import told_vectors
    from eval.review.lent import database_of

    real, blend = job.section("real", RealSettings), job.section("blend", BlendSettings)
    augment, composite = job.section("augment", AugmentSettings), job.section("composite", CompositeSettings)
    match = job.section("match", MatchSettings)
    with database_of(real):  # a real set that cannot be used is told before hours of tracing
        read(replace(real, count=1), seed=job.round.seed)

    def go() -> int:
        embed = told_vectors(job.round.workers) if blend.embed else None
        with database_of(real):
            report = build(
                job.round.out,
                real=real,
                blend=blend,
                augment=augment,
                match=match,
                composite=composite,
                seed=job.round.seed,
                embed=embed,
            )
        print(f"blend: {report.line}", *(written.line for written in report.written), sep="\n  ")
        print(f"blend: look at {report.folder / 'sheet.jpg'} before you train")
        return int(report.record["leaks"] > 0)

    return go


def _eval(job: Job) -> Step:
    from eval.alert import AlertSettings
    from eval.gate import GateSettings
    from eval.history import HistorySettings
    from eval.measure import EvalSettings, measure
    from eval.plugin import EncoderSettings, check
    from eval.publish import publish
    from eval.report import page

    settings, gates = job.section("eval", EvalSettings), job.section("gate", GateSettings)
    kept, alerts, out = job.section("history", HistorySettings), job.section("alert", AlertSettings), job.round.out
    network = job.section("encoder", EncoderSettings)
    check(network)

    def go() -> int:
        code = measure(out, settings=settings, gates=gates, seed=job.round.seed, network=network)
        told = publish(out, remembered=kept, alerts=alerts)
        report = page.write(out, history=kept.path(out))
        print(*told, f"eval: {'a gate said no' if code else 'no gate said no'}; report: {report}", sep="\n")
        return code

    return go


def _load(job: Job) -> Step:
    from eval.review.mongod import URI_SETTING, find_mongod

    if not os.environ.get(URI_SETTING):
        find_mongod()

    def go() -> int:
        from eval.review import dataset

        print(f"dataset: {dataset.load(job.round.out)}; open the App with: rareblend review out={job.round.out}")
        return 0

    return go


def _listed(told: object) -> tuple[str, ...]:
    """Return names that were told as a list, or a single one."""
    return tuple(str(name) for name in (told if isinstance(told, list) else [told]))


def _gallery(job: Job) -> Step:
    from render import gallery, tracing_device
    from render.develop.camera import SensorSettings
    from render.develop.preset import LookSettings
    from render.settings import RenderSettings
    from scenes.camera import CameraSettings

    told, settings = job.round, job.section("render", RenderSettings)
    looks, sensor = job.section("look", LookSettings), job.section("sensor", SensorSettings)
    cameras = job.section("camera", CameraSettings)
    sheets = _listed(job.config["sheets"])
    gallery.cells_on(sheets, cameras)  # a sheet that is not there is told before anything is written
    tracing_device.check(told.device)

    def go() -> int:
        done = gallery.draw(
            told.out,
            settings=settings,
            looks=looks,
            sensor=sensor,
            workers=told.workers,
            device=told.device,
            seed=told.seed,
            cameras=cameras,
            sheets=sheets,
        )
        for caption, why in done.missing.items():
            print(f"left out: {caption}: {why}")
        print(f"gallery: {len(done.sheets)} sheets in {told.out}")
        return 0

    return go


def _run(job: Job) -> Step:
    steps = [stage(job) for stage in (_render, _develop, _blend, _eval, _load)]
    return lambda: max(step() for step in steps)


def _review(job: Job) -> Step:
    def go() -> int:
        from eval.review import app, dataset

        dataset.load(job.round.out)
        app.serve(job.round.out, job.round.port)
        return 0

    return go


def _doctor(job: Job) -> Step:
    def go() -> int:
        from eval import doctor

        findings = doctor.examine(job.round.out)
        doctor.tell(findings)
        return doctor.exit_code(findings)

    return go


COMMANDS: Mapping[str, Callable[[Job], Step]] = MappingProxyType(
    {
        "run": _run,
        "render": _render,
        "develop": _develop,
        "blend": _blend,
        "eval": _eval,
        "review": _review,
        "gallery": _gallery,
        "doctor": _doctor,
    }
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] in ("-h", "--help", "help"):
        print("usage: rareblend COMMAND [KEY=VALUE ...]\n")
        print("\n".join(f"  {command:8} {_purpose(command)}" for command in COMMANDS))
        print("\n`rareblend COMMAND --help` shows its keys, `rareblend --version` the version.")
        return 0 if words else 2
    try:
        return _command(words[0], words[1:])
    except KeyboardInterrupt:
        print("\nrareblend: stopped; the same command goes on where it stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # what read our lines, as `head`, has ended
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except Exception as trouble:  # noqa: BLE001  an uncaught one would end with 1, which means that a gate failed
        return _told(trouble)


def _told(trouble: Exception) -> int:
    if isinstance(trouble, RareblendError):
        line = str(trouble)
    elif isinstance(trouble, OSError) and trouble.errno == errno.ENOSPC:
        line = (
            f"{trouble.filename or 'out'}: the disk is full; make room, and the same command goes on where it stopped"
        )
    elif isinstance(trouble, OSError) and trouble.filename:
        line = f"{trouble.filename}: {trouble.strerror}"
    elif isinstance(trouble, ModuleNotFoundError):
        line = f"the package {trouble.name} is missing; get it with: make setup"
    else:
        traceback.print_exception(trouble)
        line = "this is a fault of rareblend, please report it with the lines above; nothing that was finished is lost"
    print(f"rareblend: {line}", file=sys.stderr)
    return 2


def _command(command: str, words: Sequence[str]) -> int:
    from eval.lineage import record, version
    from render.durable import locked
    from scenes.settings import compose, validated

    if command == "--version":
        print(f"rareblend {version()}")
        return 0
    if command not in COMMANDS:
        raise InputError("command", f"must be one of {', '.join(COMMANDS)}", got=command)
    verb = words[0] if words else ""
    asked = VERBS.get(command, {}).get(verb)
    if "-h" in words or "--help" in words:
        return _help(asked.config if asked and asked.config else command)
    if asked:
        return int(getattr(import_module(asked.module), verb)(words[1:]))
    config = compose(command, words)
    told = {key: config[key] for key in Round.__dataclass_fields__ if key in config}
    job = Job(command=command, config=config, round=validated("", Round, told))
    if command not in ("run", "render", "gallery", "doctor") and not job.round.out.is_dir():
        raise InputError(f"out={job.round.out}", "must be the folder of a round", fix="begin one with: rareblend run")
    step = COMMANDS[command](job)
    if command in ("review", "doctor"):
        return step()
    with locked(job.round.out):
        record(job.round.out, command=command, config=config)
        return step()


def _purpose(command: str) -> str:
    return resources.files("conf").joinpath(f"{command}.yaml").read_text().splitlines()[0].removeprefix("# ")


def _help(command: str) -> int:
    from omegaconf import OmegaConf

    from scenes.settings import compose

    conf = resources.files("conf")
    print(f"usage: rareblend {command.replace('_', ' ')} [KEY=VALUE ...]\n\n{_purpose(command)}\n")
    for name, verb in VERBS.get(command, {}).items():
        print(f"rareblend {command} {name}{verb.usage and f' {verb.usage}'} [KEY=VALUE ...]\n  {verb.what}\n")
    config = compose(command, ())
    for group in sorted(key for key in config if conf.joinpath(key).is_dir()):
        files = sorted(entry.name for entry in conf.joinpath(group).iterdir() if entry.name.endswith(".yaml"))
        print(f"{group}={' | '.join(name.removesuffix('.yaml') for name in files)}")
    print(f"\nkeys and their defaults:\n{OmegaConf.to_yaml(OmegaConf.create(config))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
