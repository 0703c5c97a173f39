"""When an event of a storyboard begins: at a time, or when another one has begun or is over."""

from __future__ import annotations

from dataclasses import dataclass

from scenes.openscenario.document import Document, Node

_BEGINS, _ENDS = ("startTransition", "runningState"), ("endTransition", "completeState")
_RULES = ("greaterThan", "greaterOrEqual", "equalTo")


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """At `at_s`, or `delay_s` after the element `after` has begun (or, with `over`, is over)."""

    at_s: float = 0.0
    after: str = ""
    over: bool = False
    delay_s: float = 0.0


def trigger(document: Document, node: Node | None) -> Trigger | None:
    """Return what a StartTrigger or StopTrigger says, or None if that was not understood.

    Several times must all have come. Alternatives, and times together with other events, are not understood.
    """
    if node is None or len(node) == 0:
        return Trigger()
    groups = document.every(node, "ConditionGroup")
    conditions = document.every(node, "ConditionGroup/Condition")
    told = [_told(document, condition) for condition in conditions]
    known = [one for one in told if one is not None]
    if len(groups) != 1 or not told or len(known) < len(told):
        return None
    if len(known) == 1:
        return known[0]
    return None if any(one.after for one in known) else Trigger(at_s=max(one.at_s for one in known))


def _told(document: Document, condition: Node) -> Trigger | None:
    delay_s = document.number(condition, "delay", 0.0)
    time = condition.find("ByValueCondition/SimulationTimeCondition")
    if time is not None and time.get("rule") in _RULES:
        document.first(condition, "ByValueCondition/SimulationTimeCondition")
        return Trigger(at_s=max(0.0, document.number(time, "value")) + delay_s)
    state = condition.find("ByValueCondition/StoryboardElementStateCondition")
    if state is not None and state.get("state") in (*_BEGINS, *_ENDS):
        document.first(condition, "ByValueCondition/StoryboardElementStateCondition")
        over = state.get("state") in _ENDS
        return Trigger(after=str(state.get("storyboardElementRef")), over=over, delay_s=delay_s)
    document.first(condition, "ByValueCondition")  # so that what lies in it is what is named
    document.first(condition, "ByEntityCondition/EntityCondition")
    return None
