"""Whether a script can be walked to an end by every way, and keeps what a refusal owes the caller."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from agent_console.domain.messages import Message, message
from knowledge.scripts.model import Script, Step

_OWED = frozenset({"explained", "guided"})
_HANDED_OVER = frozenset({"refused", "transferred"})
State = tuple[str, frozenset[str]]


def check(script: Script, clause_ids: frozenset[str] | None = None) -> list[Message]:
    """Everything wrong with a script; clauses are looked up where the IDs of the rule books are given."""
    faults: list[Message] = []
    for jurisdiction in script.jurisdictions:
        steps = script.steps(jurisdiction)
        broken = [*_broken(script, steps)]
        faults += broken or _walk_faults(script, steps)
    faults = [fault for number, fault in enumerate(faults) if fault not in faults[:number]]
    unknown = [clause for clause in script.clauses if clause_ids is not None and clause not in clause_ids]
    faults += [_fault("script.fault.clause", script, clause) for clause in unknown]
    return faults


def _fault(key: str, script: Script, place: str) -> Message:
    return message(key, script=script.id, place=place)


def _broken(script: Script, steps: dict[str, Step]) -> Iterator[Message]:
    if len(steps) != len(script.step):
        yield _fault("script.fault.twice", script, "")
    if script.start not in steps:
        yield _fault("script.fault.start", script, script.start)
    for step in steps.values():
        if step.kind == "end" and step.outcome is None:
            yield _fault("script.fault.outcome", script, step.id)
        if step.kind != "end" and (not step.exits or any(goal not in steps for goal in step.exits.values())):
            yield _fault("script.fault.dead_end", script, step.id)
    options = {f"{step.id}:{option.key}" for step in script.step for option in step.options}
    for named, known in ((script.wording, set(steps)), (script.leads, options)):
        for name in sorted({name for own in named.values() for name in own} - known):
            yield _fault("script.fault.wording", script, name)


def _walk_faults(script: Script, steps: dict[str, Step]) -> Iterator[Message]:
    states = _states(script, steps)
    reached = {name for name, _ in states}
    for name in steps:
        if name not in reached:
            yield _fault("script.fault.unreachable", script, name)
    endless = reached - _can_end(steps)
    for name in sorted(endless):
        yield _fault("script.fault.dead_end", script, name)
    for name in sorted(_ticked_too_little(steps, states)):
        yield _fault("script.fault.owed", script, name)


def _ticked_too_little(steps: dict[str, Step], states: Iterable[State]) -> set[str]:
    return {name for name, marks in states if steps[name].outcome in _HANDED_OVER and not marks >= _OWED}


def _states(script: Script, steps: dict[str, Step]) -> set[State]:
    """Every step together with what has been ticked on some way to it."""
    found: set[State] = set()
    waiting: list[State] = [(script.start, frozenset())]
    while waiting:
        state = waiting.pop()
        if state in found:
            continue
        found.add(state)
        step = steps[state[0]]
        waiting.extend((goal, state[1] | frozenset(step.marks)) for goal in step.exits.values())
    return found


def _can_end(steps: dict[str, Step]) -> set[str]:
    ending = {name for name, step in steps.items() if step.kind == "end"}
    while True:
        more = {name for name, step in steps.items() if name not in ending and set(step.exits.values()) & ending}
        if not more:
            return ending
        ending |= more
