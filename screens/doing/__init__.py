"""What each action of the registry does on the seat's screen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from agent_console.texts import say
from screens.actions import BY_ID
from screens.doing import calls, feedback, opening, outcomes, reading, refusing, shift, showing
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
    "hot": outcomes.hot,
    "dispatch": showing.dispatch,
    "today": showing.today,
    "why": showing.why,
    "search": showing.search,
    "feedback": feedback.feedback,
    "read": reading.read,
    "copy": reading.copy,
    "knowledge": opening.knowledge,
    "to_note": showing.to_note,
    "help": showing.help_,
    "palette": showing.palette,
    "my_orders": opening.my_orders,
    "callbacks": opening.callbacks,
    "ledger": opening.ledger,
    "open_order": opening.open_order,
    "rules": opening.rules,
    "watch": opening.watch,
    "monitor": opening.monitor,
    "pace": showing.pace,
    "state": shift.state,
    "hand_over": shift.hand_over,
    "sign_out": shift.sign_out,
    "tray": opening.tray,
}
"""By action id; a test holds it against the registry."""


def why_not_now(seat: SeatScreen, action_id: str) -> str:
    """Why an action cannot be done now, and what to do first."""
    if action_id == "take":
        return say("call.in_hand", finish=seat.keymap.shown("finish"), park=seat.keymap.shown("park"))
    return say("action.not_now", name=BY_ID[action_id].name)
