"""What an ended script is recorded as: the outcome of the matter, its way, what was told, and the hand-over note."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from agent_console.desk.calls import intake
from agent_console.desk.calls.proposals import place_in
from agent_console.domain.intake.admission import is_telephone_number
from agent_console.domain.intake.calls import Call, DescribeCaller
from agent_console.domain.intake.matters import content_may_be_kept
from agent_console.domain.intake.outcomes import (
    HAND_OVER_NOTE,
    Ended,
    Interrupted,
    Outcome,
    Refused,
    Transferred,
)
from agent_console.domain.rule_book import Refusal
from agent_console.texts import say
from agent_console.texts.wording import name_of
from knowledge.scripts.runner import Run
from screens.dialogs.ask import AskDialog
from screens.dialogs.choice import Choice, ChoiceDialog
from screens.doing import abusive
from screens.doing.grounds import Ground
from screens.doing.outcomes import conclude, follow_up
from screens.widgets.note import NoteArea

if TYPE_CHECKING:
    from screens.seat import SeatScreen

_NAMED_BY_CLASS = ("institution", "route", "told_channel")
_REPEATED = "in_progress_or_duplicate"
_CONTACT = "contact_number"


async def record(seat: SeatScreen, walked: Run, name: str, ground: Ground | None) -> None:
    """Give the matter the outcome its script came to; `name` is the class, "" where there is none."""
    item = ground.item if ground else None
    match walked.outcome:
        case "interrupted":
            await _interrupted(seat, walked, name, ground)
        case "transferred":
            await conclude(seat, _handed_over(seat, walked, name), _words(walked), name)
        case "followed_up":
            await follow_up(seat, walked)
        case "refused" if item is not None:
            await _refuse(seat, walked, name, item)
            if abusive.ends_call(walked):
                await abusive.report(seat, walked)
        case "refused":
            await _end_beside(seat, walked, name, ground)
        case "resume":
            await _resume(seat, walked)
        case None:
            # The window gives back only what has ended.
            return


def _words(walked: Run) -> str:
    return "；".join(walked.answers.values())


async def _interrupted(seat: SeatScreen, walked: Run, name: str, ground: Ground | None) -> None:
    gone, last = Interrupted(**walked.trace, clause=ground.clause if ground else ""), walked.script.hang_up
    if await _conclude_keeping(seat, gone, _words(walked), name) and last:
        seat.tell(last, warning=True)


def _handed_over(seat: SeatScreen, walked: Run, name: str) -> Transferred:
    target = walked.target or say(f"class.{name}")
    note = {found: value for found, value in _hand_over_note(seat, walked).items() if value}
    return Transferred(target, walked.way or "number_given", **walked.trace, told=note)


def _hand_over_note(seat: SeatScreen, walked: Run) -> dict[str, str]:
    """Where to call back and where to go, without anybody writing it twice."""
    call = seat.view.call if seat.view else None
    place = walked.answers.get("place", "") or place_in(seat.query_one(NoteArea).text)
    number = (call.number or call.contact) if call else ""
    return dict(zip(HAND_OVER_NOTE, (number, place), strict=True))


async def _end_beside(seat: SeatScreen, walked: Run, name: str, ground: Ground | None) -> None:
    """The list has no item for it: a repeat joins its order, abuse ends the call, anything else ends explained."""
    if name == _REPEATED:
        await follow_up(seat, walked)
    elif abusive.ends_call(walked):
        await abusive.end(seat, walked, name)
    else:
        await conclude(seat, Ended(**walked.record, clause=ground.clause if ground else ""), _words(walked), name)


async def _resume(seat: SeatScreen, walked: Run) -> None:
    """The matter is ours after all: what the caller answered stands in the note, a number with the caller."""
    answers, call = dict(walked.answers), seat.view.call if seat.view else None
    if call is not None and is_telephone_number(answers.get(_CONTACT, "")):
        who = _reached_at(call, answers.pop(_CONTACT))
        await seat.command(lambda opened: intake.describe_caller(opened.desk, call.id, who))
    if answers:
        note = seat.query_one(NoteArea)
        told = (say("script.told", field=name_of("field", name), answer=answer) for name, answer in answers.items())
        note.insert("\n".join(("", *told)) if note.text.strip() else "\n".join(told), note.document.end)
    seat.tell(say("script.resumed"))


def _reached_at(call: Call, contact: str) -> DescribeCaller:
    """The caller with the number they left; where their own does not show it stands for that, too."""
    who = DescribeCaller(**{name: getattr(call, name) for name in DescribeCaller.__struct_fields__})
    number = call.number if is_telephone_number(call.number) else contact
    return msgspec.structs.replace(who, number=number, contact=contact)


async def _refuse(seat: SeatScreen, walked: Run, name: str, item: Refusal) -> None:
    told = await _needed(seat, item, walked.answers, name)
    if told is None:
        return
    outcome = Refused(
        **walked.record,
        clause=item.clause,
        screening_class=name,
        earlier_order=told.pop("earlier_order", ""),
        reason=told.pop("reason", ""),
        told=told,
    )
    await _conclude_keeping(seat, outcome, _words(walked), name)


async def _conclude_keeping(seat: SeatScreen, outcome: Outcome, words: str, name: str = "") -> bool:
    """Conclude, and where no content may be kept take it off the screen and out of the draft, too."""
    forgotten = not content_may_be_kept(outcome, seat.book)
    if forgotten:
        # A draft that is still waiting to be saved would bring the note back.
        seat.draft_pause.cancel()
    done = await conclude(seat, outcome, words, name)
    if done and forgotten:
        await seat.forget_note()
    return done


async def _needed(seat: SeatScreen, item: Refusal, answers: dict[str, str], name: str) -> dict[str, str] | None:
    """What the item asks the record to carry, from the script or asked for now; None where the operator went back."""
    told: dict[str, str] = {}
    for need in (*item.needs, *item.by_class.get(name, ()), *seat.book.refusing.told):
        value = answers.get(need, "")
        if need in item.values:
            choices = [Choice(allowed, allowed) for allowed in item.values[need]]
            title = say("ask.needed", field=say(f"field.{need}"))
            picked = await seat.app.push_screen_wait(ChoiceDialog(title, choices))
            value = picked or ""
        elif not value:
            proposed = say(f"class.{name}") if need in _NAMED_BY_CLASS and name else ""
            title = say("ask.needed", field=say(f"field.{need}"))
            answer = await seat.app.push_screen_wait(AskDialog(title, proposed, may_be_empty=False))
            value = answer or ""
        if not value:
            return None
        told[need] = value
    return told


async def refuse_by_hand(seat: SeatScreen, item: Refusal) -> None:
    """An item without a script: the reason in writing, and both duties ticked one by one."""
    told = await _needed(seat, item, {}, "")
    if told is None:
        return
    done = {}
    for duty in ("explained", "guided"):
        choices = [Choice("yes", say(f"choose.{duty}_yes")), Choice("no", say("choose.not_yet"))]
        done[duty] = await seat.app.push_screen_wait(ChoiceDialog(say(f"choose.{duty}"), choices)) == "yes"
    reason = told.pop("reason", "")
    outcome = Refused(
        clause=item.clause,
        screening_class=next(iter(item.classes), ""),
        explained=done["explained"],
        guided=done["guided"],
        earlier_order=told.pop("earlier_order", ""),
        reason=reason,
        told=told,
    )
    await _conclude_keeping(seat, outcome, reason)
