"""What the seat's screen shows, read in one go from the seat's file."""

from __future__ import annotations

import msgspec

from agent_console.desk.calls import intake, shift
from agent_console.desk.listing import visible
from agent_console.desk.opening import OpenDesk
from agent_console.desk.records import History
from agent_console.domain.confidentiality.sight import takes_no_calls
from agent_console.domain.instants import Instant
from agent_console.domain.intake.calls import Call
from agent_console.domain.intake.matters import Matter
from agent_console.domain.intake.seats import Seat
from agent_console.store.drafts import Draft


class SeatView(msgspec.Struct, frozen=True):
    """State of the seat, the call in hand with its draft and history, and the counts of the header."""

    seat: Seat
    call: Call | None
    draft: Draft | None
    history: History
    parked: tuple[Call, ...]
    unsent: int
    callbacks: int
    oldest: Instant | None = None
    tray: int = 0
    oldest_parked: Instant = 0

    @property
    def matter(self) -> Matter | None:
        """The matter that is being told; None between matters."""
        return self.call.open_matter if self.call else None


def look(opened: OpenDesk, call_id: str = "") -> SeatView:
    """Read what is to be shown; `call_id` is the call in hand, none while idle. No calls for those who take none."""
    desk, records = opened.desk, opened.records
    if takes_no_calls(desk.actor, desk.rule_book) is not None:
        return SeatView(Seat(), None, None, History(), (), records.unsent(), 0)
    call = desk.call(call_id) if call_id else None
    if call is not None and call.status != "live":
        call = None
    unfinished = shift.unfinished_calls(desk, records)
    return SeatView(
        seat=desk.seat_state(),
        call=call,
        draft=intake.load_draft(desk, call.id) if call else None,
        history=_history(opened, call) if call else History(),
        parked=tuple(waiting for waiting in unfinished if call is None or waiting.id != call.id),
        unsent=records.unsent(),
        callbacks=records.callbacks_owed(),
        oldest=opened.store.outbox.oldest(),
        tray=opened.store.outbox.in_tray(),
        oldest_parked=shift.oldest_parked(opened.desk, unfinished),
    )


def _history(opened: OpenDesk, call: Call) -> History:
    """What the number brought before, as far as whoever works here sees it."""
    history = opened.records.history(call.number, without_call=call.id)
    return msgspec.structs.replace(history, open_orders=tuple(visible(opened.desk, list(history.open_orders))))


def unfinished_at_start(opened: OpenDesk) -> str:
    """Id of the call that was live when the console was last left, the newest; "" where there is none."""
    live = [call for call in shift.unfinished_calls(opened.desk, opened.records) if call.status == "live"]
    return live[-1].id if live else ""
