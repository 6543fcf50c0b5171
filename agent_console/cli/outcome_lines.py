"""How a matter ended, in lines for a person: to whom and how, on which clause, by which script and which way."""

from __future__ import annotations

from collections.abc import Iterator

from agent_console.cli.forms import shown_number
from agent_console.domain.intake.outcomes import (
    Answered,
    Ended,
    FollowedUp,
    Interrupted,
    Ordered,
    Outcome,
    Refused,
    Transferred,
)
from agent_console.texts import say
from agent_console.texts.wording import name_of
from knowledge.scripts.runner import HANG_UP

_NUMBERS = ("number", "contact_number")


def outcome_lines(outcome: Outcome | None, *, unmask: bool) -> Iterator[str]:
    """Everything the record holds of the outcome, numbers as they may be seen."""
    match outcome:
        case Answered(article=str(article), version=version) if article:
            yield say("call.article", article=article, version=version)
        case Transferred(target=target, way=way, told=told):
            yield say("call.handed", target=target, way=name_of("way", way))
            yield from _told(told, unmask=unmask)
        case Refused(clause=clause, told=told):
            yield say("call.clause", clause=clause, name=name_of("class", outcome.screening_class))
            named = {"earlier_order": outcome.earlier_order, "reason": outcome.reason}
            yield from _told({**told, **named}, unmask=unmask)
        case Ordered(number=number) | FollowedUp(number=number):
            yield say("call.order", number=number)
        case Interrupted(clause=clause) | Ended(clause=clause) if clause:
            yield say("call.clause", clause=clause, name="")
    if isinstance(outcome, Refused | Transferred | FollowedUp | Interrupted | Ended) and outcome.script:
        yield from _script_lines(outcome)


def _told(told: dict[str, str], *, unmask: bool) -> Iterator[str]:
    for name, value in told.items():
        if value:
            shown = shown_number(value, unmask=unmask) if name in _NUMBERS else value
            yield say("call.told", field=_field(name), value=shown)


def _field(name: str) -> str:
    # In an outcome it is where to call back; elsewhere the field of that name is the number of an order.
    return say("field.caller_number") if name == "number" else name_of("field", name)


def _script_lines(outcome: Refused | Transferred | FollowedUp | Interrupted | Ended) -> Iterator[str]:
    yield say("call.script", script=outcome.script, version=outcome.script_version or say("call.version_unknown"))
    if isinstance(outcome, Refused | FollowedUp | Ended):
        done = {True: say("script.done"), False: say("script.not_done")}
        yield say("call.duties", explained=done[outcome.explained], guided=done[outcome.guided])
    if outcome.path:
        hung_up = outcome.path[-1].endswith(f":{HANG_UP}")
        yield say("script.path", path=" → ".join(outcome.path)) + (say("call.hung_up") if hung_up else "")
