"""Telling the editor that an entry is wrong or outdated, or what it leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent_console.domain.upkeep.articles import COMPLAINTS
from agent_console.texts import say
from screens.dialogs.ask import AskDialog
from screens.dialogs.choice import Choice, ChoiceDialog
from screens.widgets.answers import Answers

if TYPE_CHECKING:
    from screens.seat import SeatScreen


async def feedback(seat: SeatScreen) -> None:
    """What is wrong with the answer that is marked, or with the first; the call in hand goes with it."""
    pane = seat.query_one(Answers)
    entry = pane.marked or next(iter(pane.found), None)
    if entry is None:
        seat.tell(say("feedback.none"), warning=True)
        return
    await complain(seat, entry.id, entry.title, entry.version)


async def complain(seat: SeatScreen, entry: str, title: str, version: int) -> None:
    """What is wrong with this version of an entry."""
    choices = [Choice(complaint, say(f"kb.complaint.{complaint}")) for complaint in COMPLAINTS]
    picked = await seat.app.push_screen_wait(ChoiceDialog(say("choose.feedback", title=title), choices))
    complaint = next((one for one in COMPLAINTS if one == picked), None)
    if complaint is None:
        return
    words = await seat.app.push_screen_wait(AskDialog(say("ask.feedback")))
    if words is None:
        return
    # Late: the first frame does not wait for the knowledge base.
    from agent_console.desk import articles

    call_id = seat.call_id
    if await seat.command(lambda opened: articles.give_feedback(opened, entry, complaint, words, call_id, version)):
        seat.tell(say("kb.feedback.kept"))
