"""Taking, parking, resuming and finishing calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent_console.desk.calls import intake, shift
from agent_console.desk.opening import OpenDesk
from agent_console.domain.decisions import Decision, Done
from agent_console.domain.intake.calls import Call, DescribeCaller
from agent_console.resources.rule_books import house
from agent_console.store.rings import RingOffer
from agent_console.texts import say
from agent_console.texts.masking import masked_number
from screens.dialogs.ask import AskDialog
from screens.dialogs.choice import Choice, ChoiceDialog
from screens.doing.refusing import warn
from screens.refusals import told
from screens.seat_view import SeatView, look
from screens.timing import day_and_time

if TYPE_CHECKING:
    from screens.seat import SeatScreen

_WARN = "warn:"


async def take(seat: SeatScreen) -> None:
    """Take the call that rings; where none does, ask for the number and open one by hand."""
    offers = await seat.desk(lambda opened: opened.store.rings.poll())
    if offers:
        await _take(seat, offers[0])
        return
    number = await seat.app.push_screen_wait(AskDialog(say("ask.number"), hint=say("ask.number_hint")))
    if number is not None:
        await _take(seat, RingOffer("", number, "", "", "", 0))


async def _take(seat: SeatScreen, offer: RingOffer) -> None:
    def do(opened: OpenDesk) -> tuple[Decision | None, SeatView]:
        ringing = opened.store.rings.take(offer.id) if offer.id else offer
        if ringing is None:
            return None, look(opened)
        decision, call_id = intake.take_call(
            opened.desk,
            ringing.number,
            caller_name=ringing.name,
            line=ringing.line,
            pbx_call=ringing.call_id,
            rang_at=ringing.offered_at,
        )
        shift.change(opened.desk, "busy")
        return decision, look(opened, call_id if isinstance(decision, Done) else "")

    answer = await seat.desk(do)
    if answer is None:
        return
    decision, view = answer
    if decision is None:
        seat.tell(say("call.taken_elsewhere"), warning=True)
    elif not isinstance(decision, Done):
        seat.tell(told(decision), warning=True)
    seat.apply(view)


async def finish(seat: SeatScreen) -> None:
    """Finish the call; in wrap-up, be ready again."""
    if not seat.in_call:
        await seat.command(lambda opened: shift.change(opened.desk, "ready"))
        return
    call_id, matter = seat.call_id, seat.view.matter if seat.view else None
    written = bool(seat.telling().note)

    def do(opened: OpenDesk) -> Decision:
        if matter is not None and not written:
            # Opened by a stray key; the first matter cannot be dropped and still owes its outcome.
            intake.drop_matter(opened.desk, call_id, matter.id, written=False)
        decision = intake.close(opened.desk, call_id)
        if isinstance(decision, Done):
            shift.change(opened.desk, "wrap_up")
        return decision

    await seat.command(do)


async def next_matter(seat: SeatScreen) -> None:
    """Begin the next matter of the same call."""
    call_id = seat.call_id
    await seat.command(lambda opened: intake.next_matter(opened.desk, call_id))


async def park(seat: SeatScreen) -> None:
    """Leave the call unfinished; it waits in the header."""
    await seat.save_now()
    call_id = seat.call_id

    def do(opened: OpenDesk) -> Decision:
        decision = intake.park(opened.desk, call_id)
        shift.change(opened.desk, "ready")
        return decision

    await seat.command(do, call_id="")


async def resume(seat: SeatScreen) -> None:
    """Take up a parked call; one in hand is parked."""
    view = seat.view
    parked = view.parked if view else ()
    if not parked:
        seat.tell(say("call.none_parked"))
        return
    now = seat.app.clock.now()
    choices = [Choice(call.id, _parked_line(call, now)) for call in parked]
    chosen = await seat.app.push_screen_wait(ChoiceDialog(say("choose.parked"), choices))
    if chosen is None:
        return
    await seat.save_now()
    in_hand = seat.call_id

    def do(opened: OpenDesk) -> Decision:
        if in_hand:
            intake.park(opened.desk, in_hand)
        decision = intake.resume(opened.desk, chosen)
        shift.change(opened.desk, "busy")
        return decision

    await seat.command(do, call_id=chosen)


def _parked_line(call: Call, now: int) -> str:
    return say(
        "choose.parked_line",
        time=day_and_time(call.taken_at, now),
        number=masked_number(call.number) or say("call_line.hidden"),
        name=call.caller_name,
    )


async def invalid(seat: SeatScreen) -> None:
    """Nobody spoke, or not to us: only a reason."""
    reasons = house().invalid_reasons
    choices = [Choice(reason, reason) for reason in reasons]
    reason = await seat.app.push_screen_wait(ChoiceDialog(say("choose.invalid"), choices))
    if reason is None:
        return
    call_id = seat.call_id

    def do(opened: OpenDesk) -> Decision:
        decision = intake.mark_invalid(opened.desk, call_id, reason, reasons)
        if isinstance(decision, Done):
            shift.change(opened.desk, "ready")
        return decision

    await seat.command(do)


async def caller(seat: SeatScreen) -> None:
    """Write down the caller's name, or a number that was withheld."""
    call = seat.view.call if seat.view else None
    if call is None:
        return
    name = await seat.app.push_screen_wait(AskDialog(say("ask.caller_name"), call.caller_name))
    if name is None:
        return
    number = await seat.app.push_screen_wait(AskDialog(say("ask.caller_number"), call.number))
    if number is None:
        return
    who = DescribeCaller(
        number=number,
        caller_name=name,
        contact=call.contact,
        caller_type=call.caller_type,
        channel=call.channel,
        language=call.language,
        anonymous=call.anonymous,
        confidential=call.confidential,
    )
    await seat.command(lambda opened: intake.describe_caller(opened.desk, call.id, who))


async def conduct(seat: SeatScreen) -> None:
    """What the book has the operator say to who is abusive or tells tales, and the mark; or warning and ending."""
    view = seat.view
    if view is None or view.call is None:
        return
    marks = {name: rule for name, rule in seat.book.life.call_marks.items() if rule.says}
    call_id = view.call.id
    choices = [Choice(name, f"{rule.name}  {rule.clause}", rule.says) for name, rule in marks.items()]
    choices.append(Choice(_WARN, say("conduct.warn"), say("conduct.warn.says")))
    picked = await seat.app.push_screen_wait(ChoiceDialog(say("conduct.title"), choices))
    if picked == _WARN:
        await warn(seat)
    elif picked and await seat.command(lambda opened: intake.mark_call(opened.desk, call_id, picked)):
        seat.tell(say("conduct.marked", mark=marks[picked].name))
