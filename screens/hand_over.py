"""The change of shift: what the one who leaves writes down, and what the one who comes reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent_console.desk.calls import shift
from agent_console.desk.opening import OpenDesk
from agent_console.domain.decisions import Done
from agent_console.domain.intake.seats import HandedOver
from agent_console.texts import say
from screens.dialogs.choice import Choice, ChoiceDialog
from screens.timing import day_and_time

if TYPE_CHECKING:
    from screens.seat import SeatScreen


def waiting_note(opened: OpenDesk) -> HandedOver | None:
    """On the desk's thread: the note of another operator that nobody has read; None where there is none."""
    note = opened.desk.seat_state().hand_over
    return note if note is not None and note.operator != opened.desk.actor.name else None


async def read_hand_over(seat: SeatScreen) -> None:
    """Show the note of the shift before once; it waits while a call is in hand, and never takes the keys from it."""
    note = await seat.desk(waiting_note) if seat.abilities.takes_calls else None
    if note is None or seat.in_call:
        return
    title = say(
        "hand_over.title",
        operator=note.operator,
        time=day_and_time(note.occurred_at, seat.app.clock.now()),
        note=note.note,
        count=len(note.calls),
    )
    read = await seat.app.push_screen_wait(ChoiceDialog(title, [Choice("read", say("hand_over.read"))]))
    if read is not None:
        decision = await seat.desk(lambda opened: shift.take_over(opened.desk))
        if isinstance(decision, Done):
            await seat.command(lambda _: decision)
