"""The state of the seat."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from agent_console.desk.calls import shift
from agent_console.desk.opening import OpenDesk
from agent_console.domain.decisions import Decision, Done
from agent_console.domain.errors import ConsoleError
from agent_console.domain.intake.seats import Activity
from agent_console.texts import say
from screens.dialogs.ask import AskDialog
from screens.dialogs.choice import Choice, ChoiceDialog
from screens.refusals import told

if TYPE_CHECKING:
    from screens.seat import SeatScreen

_BREAK = "break:"


async def state(seat: SeatScreen) -> None:
    """Ready, wrap-up, a break with its reason, offline work."""
    choices = [Choice("ready", say("activity.ready")), Choice("wrap_up", say("activity.wrap_up"))]
    choices += [
        Choice(_BREAK + reason, f"{say('activity.break')}：{reason}") for reason in seat.app.settings.break_reasons
    ]
    choices.append(Choice("offline_work", say("activity.offline_work")))
    chosen = await seat.app.push_screen_wait(ChoiceDialog(say("choose.state"), choices))
    if chosen is None:
        return
    reason = chosen.removeprefix(_BREAK) if chosen.startswith(_BREAK) else ""
    activities: dict[str, Activity] = {
        "ready": "ready",
        "wrap_up": "wrap_up",
        "offline_work": "offline_work",
    }
    activity = activities.get(chosen, "break")
    await seat.command(lambda opened: shift.change(opened.desk, activity, reason))


async def sign_out(seat: SeatScreen) -> None:
    """Leave the seat; blocked while calls are unfinished."""
    if not seat.abilities.takes_calls:
        await _leave(seat, Done(()))
        return
    decision = await seat.desk(lambda opened: shift.change(opened.desk, "signed_out", records=opened.records))
    await _leave(seat, decision)


async def hand_over(seat: SeatScreen) -> None:
    """Leave a note for the next operator, hand the unfinished calls over, and leave the seat to them."""
    if seat.in_call:
        seat.tell(say("hand_over.in_call", park=seat.keymap.shown("park")), warning=True)
        return
    note = await seat.app.push_screen_wait(AskDialog(say("hand_over.ask"), may_be_empty=False))
    if not note:
        return

    def leave(opened: OpenDesk) -> Decision:
        handed = shift.hand_over(opened.desk, opened.records, note)
        if not isinstance(handed, Done):
            return handed
        return shift.change(opened.desk, "signed_out", records=opened.records)

    await _leave(seat, await seat.desk(leave), next_person=bool(seat.app.settings.server))


async def _leave(seat: SeatScreen, decision: Decision | None, *, next_person: bool = False) -> None:
    """Leave where the rules let; with a server the session ends with the shift."""
    if decision is None:
        return
    if not isinstance(decision, Done):
        seat.tell(told(decision), warning=True)
        return
    app, unsent = seat.app, None
    if app.settings.server:
        from agent_console.desk.signing_in import sign_out_at

        seat.tell(say("sync.last_sending"))
        await asyncio.to_thread(app.close_line)
        with suppress(ConsoleError):
            done = await asyncio.to_thread(sign_out_at, app.home, app.settings, app.seat_clock)
            unsent = say("sync.signed_out_unsent", count=done.unsent) if done.unsent else None
    app.next_person = next_person
    app.exit(0, message=unsent)
