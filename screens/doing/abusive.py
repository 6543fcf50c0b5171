"""A caller who goes on with abuse after two warnings: the call ends, its record is marked, a lead hears of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent_console.desk.calls import abuse, shift
from agent_console.desk.calls.abuse import Warned
from agent_console.domain.decisions import Decision, Done
from agent_console.resources.rule_books import house
from agent_console.texts import say
from knowledge.scripts.runner import Run

if TYPE_CHECKING:
    from agent_console.desk.opening import OpenDesk
    from screens.seat import SeatScreen

_FIRST = "warn_first"


def warning(run: Run) -> Run:
    """The script at its first warning: what it is about was said by choosing it."""
    key = next(option.key for option in run.step.options if option.next == _FIRST)
    return run.answer(key)


def ends_call(walked: Run) -> bool:
    """Whether this way through the script ended the call for abuse."""
    passed = {entry.partition(":")[0] for entry in walked.path}
    ending = (step.id for step in walked.script.step if step.ends_call == "abuse")
    return walked.outcome == "refused" and not passed.isdisjoint(ending)


async def report(seat: SeatScreen, walked: Run) -> None:
    """Mark the call once its matter was refused for abuse; a lead hears of it."""
    if seat.view is None or seat.view.matter is not None:
        return
    call_id = seat.call_id
    if await seat.command(lambda opened: abuse.report(opened.desk, call_id, _warned(walked))):
        seat.tell(say("abuse.reported"))


async def end(seat: SeatScreen, walked: Run, chosen: str) -> None:
    """End the call where the rule book has no refusal for it."""
    call_id, telling = seat.call_id, seat.telling(say("abuse.words"), chosen)
    reason, reasons = say("abuse.reason"), house().invalid_reasons

    def do(opened: OpenDesk) -> Decision:
        decision = abuse.end(opened.desk, call_id, _warned(walked), telling, reason, reasons)
        if isinstance(decision, Done) and opened.desk.call(call_id).status == "invalid":
            shift.change(opened.desk, "ready")
        return decision

    # A draft that is still waiting to be saved would come back to a call that is over.
    seat.draft_pause.cancel()
    if await seat.command(do):
        seat.tell(say("abuse.ended"))


def _warned(walked: Run) -> Warned:
    return Warned(**walked.trace)
