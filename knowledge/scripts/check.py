"""Whether a script can be walked to an end by every way, and keeps what a refusal owes the caller."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from agent_console.domain.messages import Message, message
from knowledge.scripts.model import Script, Step

_OWED = frozenset({"explained", "guided"})
_HANDED_OVER = frozenset({"refused", "transferred"})
_WAY, _TARGET = "way", "target"
_NAMED = frozenset({_WAY, _TARGET})
State = tuple[str, frozenset[str]]
"""A step, with what was ticked and named on some way to it."""


def check_coverage(scripts: Iterable[Script], classes: Iterable[str]) -> list[Message]:
    """Classes no script serves."""
    served = {name for script in scripts for name in script.classes}
    return [message("script.fault.no_script", place=name) for name in classes if name not in served]


def check(
    script: Script,
    clause_ids: frozenset[str] | None = None,
    classes: Collection[str] | None = None,
    cities: Collection[str] | None = None,
) -> list[Message]:
    """Everything wrong with a script; clauses, classes and cities are looked up where those there are are given."""
    faults = [_fault(f"script.fault.{key}", script, place) for key, place in _written(script, classes, cities)]
    reached: set[str] = set()
    for jurisdiction in script.jurisdictions:
        steps = script.steps(jurisdiction)
        broken = [*_broken(script, steps)]
        states: set[State] = set() if broken else _states(script, steps)
        faults += broken or _walk_faults(script, steps, states)
        reached |= {name for name, _ in states}
    # A city's leads may go past a step that serves the others; one that no city reaches serves nobody.
    faults += [
        _fault("script.fault.unreachable", script, step.id)
        for step in script.step
        if reached and step.id not in reached
    ]
    faults = [fault for number, fault in enumerate(faults) if fault not in faults[:number]]
    unknown = [clause for clause in script.clauses if clause_ids is not None and clause not in clause_ids]
    faults += [_fault("script.fault.clause", script, clause) for clause in unknown]
    return faults


def _fault(key: str, script: Script, place: str) -> Message:
    return message(key, script=script.id, place=place)


def _written(
    script: Script, classes: Collection[str] | None, cities: Collection[str] | None
) -> Iterator[tuple[str, str]]:
    """What is wrong with the words and names as they stand, before any way is gone."""
    for name in script.classes:
        if classes is not None and name not in classes:
            yield "class", name
    for code in sorted({*script.wording, *script.leads}):
        if cities is not None and code not in cities:
            yield "city", code
    for step in script.step:
        keys = Counter(option.key for option in step.options)
        yield from (("option_twice", f"{step.id}:{key}") for key, times in keys.items() if times > 1)
    yield from (("empty", place) for place, text in _texts(script) if not text.strip())


def _texts(script: Script) -> Iterator[tuple[str, str]]:
    """Everything that is read out or shown, by its place."""
    yield "title", script.title
    for step in script.step:
        yield step.id, step.text
        yield from ((f"{step.id}:{option.key}", option.label) for option in step.options)
    for code, worded in script.wording.items():
        yield from ((f"{code}:{name}", text) for name, text in worded.items())


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


def _walk_faults(script: Script, steps: dict[str, Step], states: set[State]) -> Iterator[Message]:
    endless = {name for name, _ in states} - _can_end(steps)
    for name in sorted(endless):
        yield _fault("script.fault.dead_end", script, name)
    for name in sorted(_ticked_too_little(steps, states)):
        yield _fault("script.fault.owed", script, name)
    for name in sorted(_to_nobody(script, steps, states)):
        yield _fault("script.fault.handed_over", script, name)


def _ticked_too_little(steps: dict[str, Step], states: Iterable[State]) -> set[str]:
    return {name for name, marks in states if steps[name].outcome in _HANDED_OVER and not marks >= _OWED}


def _to_nobody(script: Script, steps: dict[str, Step], states: Iterable[State]) -> set[str]:
    """Ends that hand over although no way, or nobody to hand over to, was named before."""
    named = frozenset({_TARGET} if script.target else ())
    handing = ((name, marks | named) for name, marks in states if steps[name].outcome == "transferred")
    return {name for name, marks in handing if not marks >= _NAMED}


def _states(script: Script, steps: dict[str, Step]) -> set[State]:
    """Every step together with what has been ticked and named on some way to it."""
    found: set[State] = set()
    waiting: list[State] = [(script.start, frozenset())]
    while waiting:
        state = waiting.pop()
        if state in found:
            continue
        found.add(state)
        step = steps[state[0]]
        waiting.extend((goal, state[1] | frozenset(step.marks) | named) for goal, named in _onward(step))
    return found


def _onward(step: Step) -> Iterator[tuple[str, frozenset[str]]]:
    """Where a step leads, and what its option names of the hand-over."""
    if step.kind != "choice":
        yield from ((goal, frozenset()) for goal in step.exits.values())
        return
    for option in step.options:
        named = {_WAY: option.way, _TARGET: option.target}
        yield option.next, frozenset(name for name, value in named.items() if value)


def _can_end(steps: dict[str, Step]) -> set[str]:
    ending = {name for name, step in steps.items() if step.kind == "end"}
    while True:
        more = {name for name, step in steps.items() if name not in ending and set(step.exits.values()) & ending}
        if not more:
            return ending
        ending |= more
