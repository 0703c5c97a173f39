"""The events of a storyboard: who does what, and what that waits for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from scenes.openscenario.deed import Driving, deed
from scenes.openscenario.document import Document, Node
from scenes.openscenario.trigger import Trigger, trigger

Fields = dict[str, Any]
_LONGEST_S = 60.0


@dataclass(kw_only=True)
class Storyboard:
    """Events of a script by name, as they are found.

    Args:
        document: where they stand.
        everybody: the vehicles, whose lanes and speeds go on as events are read.
    """

    document: Document
    everybody: dict[str, Driving]
    events: dict[str, Fields] = field(default_factory=dict)
    lasts_s: dict[str, float] = field(default_factory=dict)
    _triggers: dict[str, Trigger] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)

    def read(self) -> None:
        """Read all events, and leave out, with a note, what waits for something that was not understood."""
        for act in self.document.every("OpenSCENARIO", "Storyboard/Story/Act"):
            begun = trigger(self.document, self.document.first(act, "StartTrigger"))
            if begun is None or begun.after:
                self.document.note(f"Act {act.get('name')}")
                continue
            for group in self.document.every(act, "ManeuverGroup"):
                actors = [str(node.get("entityRef")) for node in self.document.every(group, "Actors/EntityRef")]
                for event in self.document.every(group, "Maneuver/Event"):
                    self._add(event, actors, begun.at_s)
        self._tie()

    def _add(self, event: Node, actors: list[str], not_before_s: float) -> None:
        when, name = trigger(self.document, self.document.first(event, "StartTrigger")), str(event.get("name"))
        found = [] if when is None else [*self._deeds(event, actors)]
        if when is None or not found:
            self.document.note(f"Event {name}")
            return
        for label, fields, lasts_s in found:
            key = name if name not in self.events else f"{name}_{len(self.events)}"
            self.events[key], self.lasts_s[key] = fields, lasts_s
            self._triggers[key] = Trigger(**{**vars(when), "at_s": max(when.at_s, not_before_s)})
            self._names.setdefault(name, key)
            self._names.setdefault(label, key)

    def _deeds(self, event: Node, actors: list[str]) -> Iterator[tuple[str, Fields, float]]:
        for action in self.document.every(event, "Action"):
            for actor in actors:
                done = deed(self.document, action, actor, self.everybody) if actor in self.everybody else None
                if done is not None:
                    yield str(action.get("name")), {"actor": actor, **done.fields}, done.lasts_s

    def _tie(self) -> None:
        """Let events follow each other by their names."""
        lost = True
        while lost:
            lost = False
            for key, when in list(self._triggers.items()):
                if when.after and self._names.get(when.after.split("::")[-1]) not in self.events:
                    self.document.note(f"Event {key}, which waits for {when.after}")
                    del self.events[key], self._triggers[key]
                    lost = True
        for key, when in self._triggers.items():
            self.events[key].update(self._times(when))

    def _times(self, when: Trigger) -> Fields:
        if not when.after:
            return {"at_s_range": (when.at_s, when.at_s)}
        other = self._names[when.after.split("::")[-1]]
        delay_s = when.delay_s + (self.lasts_s[other] if when.over else 0.0)
        return {"after": other, "delay_s_range": (delay_s, delay_s)}

    def moment_s(self) -> tuple[float, float]:
        """Return when the picture may be taken: while the events last, and before the storyboard stops."""
        stop = trigger(self.document, self.document.first(self.document.root, "Storyboard/StopTrigger"))
        end_s = stop.at_s if stop and stop.at_s > 0 and not stop.after else _LONGEST_S
        begun = {key: at for key in self.events if (at := self._begun_s(key)) is not None}
        latest = min(max((at + self.lasts_s[key] for key, at in begun.items()), default=2.0), end_s, _LONGEST_S)
        return (min(*begun.values(), latest) if begun else 0.0, latest)

    def _begun_s(self, key: str, waited: int = 0) -> float | None:
        """Return when an event begins; None for events in a circle, which a script refuses."""
        fields = self.events[key]
        if "after" not in fields:
            return float(fields["at_s_range"][0])
        before = self._begun_s(fields["after"], waited + 1) if waited <= len(self.events) else None
        return None if before is None else before + float(fields["delay_s_range"][0])
