"""Refusing, and handing emergencies over, by a guided script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from agent_console.desk.calls.proposals import place_in
from agent_console.domain.errors import UnknownName
from agent_console.domain.intake.admission import refused_by_number
from agent_console.domain.rule_book import Refusal
from agent_console.texts import say
from knowledge.screening.model import ACCEPT, EMERGENCIES, Screening
from knowledge.scripts.model import Script, script_for, scripts
from knowledge.scripts.runner import Run, begin
from screens.dialogs.choice import Choice, ChoiceDialog
from screens.dialogs.script import ScriptDialog
from screens.doing import abusive
from screens.doing.grounds import ABUSE_CLASS, Ground, beside_list, of_abuse, of_class, of_emergency, of_item
from screens.doing.outcomes import owes_outcome
from screens.doing.script_ends import record, refuse_by_hand
from screens.widgets.note import NoteArea
from screens.widgets.screening_line import ScreeningLine

if TYPE_CHECKING:
    from screens.seat import SeatScreen

_ITEM = "item:"
_THREAT = "threat:"
_WARN = "warn:"


async def refuse(seat: SeatScreen) -> None:
    """Choose what it is, proposals first, then walk its script."""
    if not owes_outcome(seat):
        return
    choices = _choices(seat)
    picked = await seat.app.push_screen_wait(ChoiceDialog(say("choose.refusal"), choices))
    if picked is not None:
        await _walk(seat, picked)


async def script(seat: SeatScreen) -> None:
    """Open at once the script of what stands first: a threat, an emergency not dismissed, the first proposal."""
    if not owes_outcome(seat):
        return
    line, screening = seat.query_one(ScreeningLine), seat.screening
    if line.threats:
        await _walk(seat, _THREAT + line.threats[0].script)
        return
    best = line.alarm or (screening.best if screening else None)
    if best is None or best.screening_class == ACCEPT:
        await refuse(seat)
    else:
        await _walk(seat, best.screening_class)


async def warn(seat: SeatScreen) -> None:
    """Warn an abusive caller twice, then end the call, whether or not the book lists that as a refusal."""
    if not owes_outcome(seat):
        return
    guide = script_for(ABUSE_CLASS)
    ground = of_abuse(seat.book)
    run = abusive.warning(begin(guide, seat.book.code, seat.book.parent))
    walked = await seat.app.push_screen_wait(ScriptDialog(run, ground=ground.quoted))
    if walked is not None:
        await record(seat, walked, ABUSE_CLASS, ground)


def _choices(seat: SeatScreen) -> list[Choice]:
    screening: Screening | None = seat.screening
    proposed = [found.screening_class for found in screening.proposals] if screening else []
    names = dict.fromkeys((*_by_number(seat), *proposed, *EMERGENCIES))
    grounds = {name: ground for name in names if name != ACCEPT and (ground := of_class(seat.book, name))}
    heard = [_threat_choice(seat, threat.script) for threat in seat.query_one(ScreeningLine).threats]
    others = [_threat_choice(seat, name) for name, guide in scripts().items() if guide.threat]
    return [
        *heard,
        *(Choice(name, _titled(name, ground), ground.cited) for name, ground in grounds.items()),
        *_rest(seat, {(name, ground.clause) for name, ground in grounds.items()}),
        *(choice for choice in others if choice not in heard),
    ]


def _rest(seat: SeatScreen, shown: set[tuple[str, str]]) -> Iterator[Choice]:
    """Every class of every item that is not shown yet, for each has a script of its own; then what stands beside."""
    listed = [(name, item) for item in seat.book.refusals if not item.emergency for name in item.classes or ("",)]
    for name, item in listed:
        if (name, item.clause) not in shown:
            yield Choice(f"{_ITEM}{item.clause}:{name}", _titled(name, of_item(item)), item.clause)
    for found in beside_list(seat.book):
        if (found.screening_class, found.clause) not in shown:
            yield Choice(found.screening_class, f"{say(f'class.{found.screening_class}')}  {found.title}", found.clause)
    if of_class(seat.book, ABUSE_CLASS) is None:
        yield Choice(_WARN, say("conduct.warn"), of_abuse(seat.book).cited)


def _titled(name: str, ground: Ground) -> str:
    return f"{say(f'class.{name}')}  {ground.title}" if name else ground.title


def _threat_choice(seat: SeatScreen, name: str) -> Choice:
    return Choice(_THREAT + name, script_for(name).title, of_emergency(seat.book).cited)


def _by_number(seat: SeatScreen) -> tuple[str, ...]:
    """The class the caller's number points to by itself."""
    call = seat.view.call if seat.view else None
    item = refused_by_number(call.channel, call.number, seat.book) if call else None
    return item.classes[:1] if item else ()


async def _walk(seat: SeatScreen, picked: str) -> None:
    if picked.startswith(_THREAT):
        await _walk_threat(seat, script_for(picked.removeprefix(_THREAT)))
        return
    name, ground = _picked(seat, picked)
    if name == ABUSE_CLASS and (ground is None or ground.item is None):
        # Of that class such a book knows abuse of the line only.
        await warn(seat)
        return
    guide = _script(name)
    if guide is None and ground is not None and ground.item is not None:
        await refuse_by_hand(seat, ground.item)
    if guide is None or ground is None:
        return
    walked = await _walked(seat, guide, ground, urgent=name in EMERGENCIES)
    if walked is not None:
        await record(seat, walked, name, ground)


def _picked(seat: SeatScreen, picked: str) -> tuple[str, Ground | None]:
    """The class and the ground of a line of the list."""
    if picked == _WARN:
        return ABUSE_CLASS, None
    if not picked.startswith(_ITEM):
        return picked, of_class(seat.book, picked)
    clause, _, name = picked.removeprefix(_ITEM).partition(":")
    item: Refusal | None = seat.book.refusal(clause)
    return name, of_item(item) if item else None


async def _walk_threat(seat: SeatScreen, guide: Script) -> None:
    ground = of_emergency(seat.book)
    walked = await _walked(seat, guide, ground, urgent=True)
    if walked is not None:
        handed = next((name for name in EMERGENCIES if name.endswith(walked.target)), "")
        await record(seat, walked, handed, ground)


async def _walked(seat: SeatScreen, guide: Script, ground: Ground, *, urgent: bool) -> Run | None:
    place = place_in(seat.query_one(NoteArea).text)
    run = begin(guide, seat.book.code, seat.book.parent, {"place": place} if place else {})
    return await seat.app.push_screen_wait(ScriptDialog(run, ground=ground.quoted, urgent=urgent))


def _script(name: str) -> Script | None:
    try:
        return script_for(name)
    except UnknownName:
        return None
