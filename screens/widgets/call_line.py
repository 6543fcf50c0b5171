"""The call in hand: number, channel, its clock, and what the number brought before."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from agent_console.domain.instants import Instant
from agent_console.domain.rule_book import RuleBook
from agent_console.texts import say
from screens.seat_view import SeatView
from screens.timing import span


class CallLine(Static):
    """One line over the note."""

    def __init__(self) -> None:
        """No call."""
        super().__init__("", markup=False, id="call-line")
        self._shown = ""

    def show(self, view: SeatView, book: RuleBook, now: Instant) -> None:
        """Say who is on the line and for how long."""
        call = view.call
        if call is None:
            text = ""
        else:
            channel = next((known.name for known in book.channels if known.id == call.channel), call.channel)
            end = call.ended_at or now
            position = len(call.matters)
            parts = [
                say("call_line.ended" if call.ended_at else "call_line.live", time=span(end - call.taken_at)),
                call.number or say("call_line.hidden"),
                call.caller_name,
                channel,
                say("call_line.matter", number=position),
            ]
            text = "  ".join(part for part in parts if part)
        if text != self._shown:
            self._shown = text
            self.update(Content(text), layout=False)
