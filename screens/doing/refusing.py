"""Refusing, and handing emergencies over, by a guided script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent_console.domain.errors import UnknownName
from agent_console.domain.intake.admission import refused_by_number
from agent_console.domain.intake.outcomes import Interrupted, Refused, Transferred
from agent_console.domain.rule_book import Refusal
from agent_console.resources.rule_books import find_clause
from agent_console.texts import say
from knowledge.screening.model import ACCEPT, EMERGENCIES, Screening
from knowledge.scripts.model import Script, script_for, scripts
from knowledge.scripts.runner import Run, begin
from screens.dialogs.ask import AskDialog
from screens.dialogs.choice import Choice, ChoiceDialog
from screens.dialogs.script import ScriptDialog
from screens.doing.outcomes import conclude, owes_outcome
from screens.widgets.screening_line import ScreeningLine

if TYPE_CHECKING:
    from screens.seat import SeatScreen

_ITEM = "item:"
_THREAT = "threat:"
_NAMED_BY_CLASS = ("institution", "route", "told_channel")


async def refuse(seat: SeatScreen) -> None:
    """Choose what it is, proposals first, then walk its script."""
    if not owes_outcome(seat):
        return
    choices = _choices(seat)
    picked = await seat.app.push_screen_wait(ChoiceDialog(say("choose.refusal"), choices))
    if picked is not None:
        await _walk(seat, picked)


async def script(seat: SeatScreen) -> None:
    """Open the script of a threat that was heard, else of the first proposal, at once."""
    if not owes_outcome(seat):
        return
    threats = seat.query_one(ScreeningLine).threats
    if threats:
        await _walk(seat, _THREAT + threats[0].script)
        return
    screening: Screening | None = seat.screening
    best = screening.best.screening_class if screening else ACCEPT
    if best == ACCEPT:
        await refuse(seat)
    else:
        await _walk(seat, best)


def _choices(seat: SeatScreen) -> list[Choice]:
    screening: Screening | None = seat.screening
    proposed = [found.screening_class for found in screening.proposals] if screening else []
    ordered = list(dict.fromkeys((*_by_number(seat), *(name for name in proposed if name != ACCEPT))))
    ordered += [name for name in EMERGENCIES if name not in ordered]
    choices = [_class_choice(seat, name) for name in ordered if name in EMERGENCIES or seat.book.refusal_for(name)]
    taken = {name for name in ordered if name not in EMERGENCIES}
    rest = (item for item in seat.book.refusals if not item.emergency and not taken.intersection(item.classes))
    heard = [_threat_choice(seat, threat.script) for threat in seat.query_one(ScreeningLine).threats]
    others = [_threat_choice(seat, name) for name, guide in scripts().items() if guide.threat]
    items = [Choice(_ITEM + item.clause, item.title, item.clause) for item in rest]
    return [*heard, *choices, *items, *(choice for choice in others if choice not in heard)]


def _threat_choice(seat: SeatScreen, name: str) -> Choice:
    return Choice(_THREAT + name, script_for(name).title, seat.book.emergency_clause or seat.book.emergency_basis)


def _by_number(seat: SeatScreen) -> tuple[str, ...]:
    """The class the caller's number points to by itself."""
    call = seat.view.call if seat.view else None
    item = refused_by_number(call.channel, call.number, seat.book) if call else None
    return item.classes[:1] if item else ()


def _class_choice(seat: SeatScreen, name: str) -> Choice:
    item = seat.book.refusal_for(name)
    clause = item.clause if item else seat.book.emergency_clause or seat.book.emergency_basis
    title = f"{say(f'class.{name}')}  {item.title if item and name not in EMERGENCIES else ''}"
    return Choice(name, title, clause)


async def _walk(seat: SeatScreen, picked: str) -> None:
    if picked.startswith(_THREAT):
        await _walk_threat(seat, script_for(picked.removeprefix(_THREAT)))
        return
    item = seat.book.refusal(picked.removeprefix(_ITEM)) if picked.startswith(_ITEM) else seat.book.refusal_for(picked)
    name = picked if not picked.startswith(_ITEM) else next(iter(item.classes), "") if item else ""
    guide = _script(name)
    if guide is None:
        await _by_hand(seat, item)
        return
    clause = item.clause if item else seat.book.emergency_clause
    walked = await _walked(seat, guide, clause, urgent=name in EMERGENCIES)
    if walked is not None:
        await _end(seat, walked, name, item)


async def _walk_threat(seat: SeatScreen, guide: Script) -> None:
    walked = await _walked(seat, guide, seat.book.emergency_clause, urgent=True)
    if walked is not None:
        handed = next((name for name in EMERGENCIES if name.endswith(walked.target)), "")
        await _end(seat, walked, handed, None)


async def _walked(seat: SeatScreen, guide: Script, clause: str, *, urgent: bool) -> Run | None:
    run = begin(guide, seat.book.code, seat.book.parent)
    ground = f"{clause}  {find_clause(clause).summary}" if clause else seat.book.emergency_basis
    return await seat.app.push_screen_wait(ScriptDialog(run, ground=ground, urgent=urgent))


def _script(name: str) -> Script | None:
    try:
        return script_for(name)
    except UnknownName:
        return None


async def _end(seat: SeatScreen, walked: Run, name: str, item: Refusal | None) -> None:
    words = "；".join(walked.answers.values())
    match walked.outcome:
        case "interrupted":
            done = await conclude(seat, Interrupted(walked.script.id, walked.path), words, name)
            if done and walked.script.hang_up:
                seat.tell(walked.script.hang_up, warning=True)
        case "transferred":
            handed = Transferred(
                walked.target or say(f"class.{name}"),
                walked.way or "number_given",
                walked.script.id,
                walked.script.version,
                walked.path,
            )
            await conclude(seat, handed, words, name)
        case "followed_up":
            from screens.doing.outcomes import follow_up

            await follow_up(seat)
        case "refused" if item is not None:
            await _refuse(seat, walked, name, item, words)
        case _:
            seat.tell(say("script.resumed"))


async def _refuse(seat: SeatScreen, walked: Run, name: str, item: Refusal, words: str) -> None:
    told = await _needed(seat, item, walked.answers, name)
    if told is None:
        return
    outcome = Refused(
        clause=item.clause,
        screening_class=name,
        script=walked.script.id,
        script_version=walked.script.version,
        path=walked.path,
        explained=walked.explained,
        guided=walked.guided,
        earlier_order=told.pop("earlier_order", ""),
        reason=told.pop("reason", ""),
        told=told,
    )
    await _conclude_refused(seat, item, outcome, words, name)


async def _conclude_refused(seat: SeatScreen, item: Refusal, outcome: Refused, words: str, name: str = "") -> None:
    if not item.keeps_content:
        # A draft that is still waiting to be saved would bring the note back.
        seat.draft_pause.cancel()
    if await conclude(seat, outcome, words, name) and not item.keeps_content:
        await seat.forget_note()


async def _needed(seat: SeatScreen, item: Refusal, answers: dict[str, str], name: str) -> dict[str, str] | None:
    """What the item asks the record to carry, from the script or asked for now; None where the operator went back."""
    told: dict[str, str] = {}
    for need in (*item.needs, *seat.book.refusing.told):
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


async def _by_hand(seat: SeatScreen, item: Refusal | None) -> None:
    """An item without a script: the reason in writing, and both duties ticked one by one."""
    if item is None:
        return
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
    await _conclude_refused(seat, item, outcome, reason)
