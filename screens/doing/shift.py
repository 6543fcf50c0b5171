"""The state of the seat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent_console.desk.calls import shift
from agent_console.domain.decisions import Done
from agent_console.domain.intake.seats import Activity
from agent_console.texts import say
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
        seat.app.exit(0)
        return
    decision = await seat.desk(lambda opened: shift.change(opened.desk, "signed_out", records=opened.records))
    if decision is None:
        return
    if isinstance(decision, Done):
        seat.app.exit(0)
    else:
        seat.tell(told(decision), warning=True)
