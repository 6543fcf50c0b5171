"""The clocks of an order side by side; under one another where the terminal is narrow."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from agent_console.domain.context import Context
from agent_console.domain.time_limits.rule_due import Deadline
from agent_console.domain.work_order.clock_states import ClockState, left_of, state_of
from agent_console.texts import say
from agent_console.texts.clock_text import cited, left_text, short_due
from agent_console.texts.wording import name_of
from screens.columns import columns, fit
from screens.list_screen import STYLES

_NARROW = 100
_CARD = 18


class ClockRow(Static):
    """Each with its due time, what working time is left, and its clause; late is said in words as well as in red."""

    def __init__(self) -> None:
        """Nothing runs yet."""
        super().__init__("", markup=False, id="clocks")

    def show(self, clocks: dict[str, Deadline], context: Context, extra: tuple[str, ...] = ()) -> None:
        """Show these as of the context's now; `extra` are lines of what has no clock."""
        cards = [_card(limit, clock, context) for limit, clock in clocks.items()]
        if self.app.size.width < _NARROW:
            lines = [_line(card, state, self.app.size.width - 4) for card, state in cards]
        else:
            lines = _side_by_side(cards, (self.app.size.width - 2) // (_CARD + 1))
        lines += [Content(line) for line in extra]
        self.update(Content("\n").join(lines or [Content(say("clock.none"))]))


Card = tuple[str, str, str, str]


def _card(limit: str, clock: Deadline, context: Context) -> tuple[Card, ClockState]:
    state = state_of(limit, clock, context.now, context.calendar)
    left = left_text(left_of(clock, context.now, context.calendar, context.rule_book.limits.hours))
    mark = say(f"clock.state.{state}") if state != "calm" else ""
    name = " ".join(filter(None, (name_of("limit", limit), mark)))
    return (name, short_due(clock), left if state != "closed" else "", cited(clock)), state


def _line(card: Card, state: ClockState, width: int) -> Content:
    name, due, left, clause = card
    text = columns([(name, 15), (due, 16), (left, 22), (clause, 0)], width)
    return Content(text).stylize(STYLES[state] or "none")


def _side_by_side(cards: list[tuple[Card, ClockState]], abreast: int) -> list[Content]:
    lines = []
    for start in range(0, len(cards), abreast):
        for row in range(4):
            parts = [
                Content(fit(card[row], _CARD)).stylize(STYLES[state] or "none")
                for card, state in cards[start : start + abreast]
            ]
            lines.append(Content(" ").join(parts))
    return lines
