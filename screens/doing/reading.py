"""Reading an answer in full, and copying it into the note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent_console.texts import say
from screens.portions import portions
from screens.widgets.answers import Answers

if TYPE_CHECKING:
    from screens.lookups import Answer
    from screens.seat import SeatScreen


def _at_hand(seat: SeatScreen) -> Answer | None:
    """The answer that is marked, or the first; says so where there is none."""
    pane = seat.query_one(Answers)
    answer = pane.marked or next(iter(pane.found), None)
    if answer is None:
        seat.tell(say("feedback.none"), warning=True)
    return answer


async def read(seat: SeatScreen) -> None:
    """Open it in full, portion by portion."""
    from screens.article_screen import ArticleScreen

    answer = _at_hand(seat)
    if answer is not None:
        await seat.save_now()
        seat.app.push_screen(ArticleScreen(seat, answer.id))


async def copy(seat: SeatScreen) -> None:
    """Put its first portion into the note."""
    from screens.article_screen import copied

    answer = _at_hand(seat)
    if answer is not None and copied(seat, portions(answer.body)[0]):
        seat.tell(say("copy.done"))
