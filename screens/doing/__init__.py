"""What each action of the registry does on the seat's screen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from screens.doing import calls, outcomes, refusing, shift, showing
from screens.seat import SeatScreen

DOING: dict[str, Callable[[SeatScreen], Awaitable[None]]] = {
    "take": calls.take,
    "finish": calls.finish,
    "next_matter": calls.next_matter,
    "park": calls.park,
    "resume": calls.resume,
    "invalid": calls.invalid,
    "caller": calls.caller,
    "answer": outcomes.answer,
    "order": outcomes.order,
    "transfer": outcomes.transfer,
    "follow_up": outcomes.follow_up,
    "interrupted": outcomes.interrupted,
    "refuse": refusing.refuse,
    "script": refusing.script,
    "conduct": calls.conduct,
    "dispatch": showing.dispatch,
    "today": showing.today,
    "why": showing.why,
    "search": showing.search,
    "to_note": showing.to_note,
    "help": showing.help_,
    "palette": showing.palette,
    "state": shift.state,
    "sign_out": shift.sign_out,
}
"""By action id; a test holds it against the registry."""
