"""The note of the call in hand: its draft on the disk, and what is looked up and screened while it grows."""

from __future__ import annotations

import asyncio
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from agent_console.desk.calls import intake
from agent_console.desk.calls.intake import Telling
from agent_console.desk.desk import call_stream
from agent_console.domain.errors import ConsoleError
from agent_console.domain.rule_book import RuleBook
from agent_console.domain.work_order.orders import OrderDetails
from agent_console.store.drafts import Draft
from agent_console.texts import say
from screens.background import Worker
from screens.debounce import Debounce
from screens.desk_screen import DeskScreen
from screens.form_draft import filled_in, with_filled_in
from screens.seat_view import SeatView
from screens.timing import clock_time
from screens.widgets.answers import Answers
from screens.widgets.history import HistoryPane
from screens.widgets.hot_line import HotLine
from screens.widgets.note import NoteArea
from screens.widgets.screening_line import ScreeningLine

if TYPE_CHECKING:
    from agent_console.desk.calls.earlier import Alike, Earlier
    from agent_console.domain.oversight.hot_events import HotEvent
    from knowledge.screening.model import Screening
    from screens.lookups import Found, Lookups

_WHILE_MAKING = 1.0
"""Seconds between looks while the index is being made."""
_LOOKUPS_LATER = 1.0
"""Seconds from the open seat until answers and screening are made ready."""
_FOR_A_MONITOR = 5
"""So many times later where nobody takes calls."""


def marked_words(screening: Screening) -> tuple[tuple[int, int], ...]:
    """Where the words stand on which something is proposed or heard."""
    heard = [word for threat in screening.threats for word in threat.words]
    heard += [word for proposal in screening.proposals for word in proposal.words]
    return tuple(dict.fromkeys((word.start, word.end) for word in heard))


class NoteScreen(DeskScreen):
    """What the seat knows of the note; which call it belongs to stands in `view`."""

    draft_pause: Debounce

    def __init__(self, book: RuleBook) -> None:
        """No call is in hand."""
        super().__init__("idle")
        self.book = book
        self.view: SeatView | None = None
        self.screening: Screening | None = None
        self._lookups: Worker[Lookups] | None = None
        self._look_number = 0
        self._filled_in = ""
        self._alike: tuple[Alike, ...] = ()
        self.earlier: Earlier | None = None
        self.hot: HotEvent | None = None

    @property
    def call_id(self) -> str:
        """The call in hand; "" while idle."""
        return self.view.call.id if self.view and self.view.call else ""

    @property
    def in_call(self) -> bool:
        """True while a call is in hand."""
        return bool(self.call_id)

    # answers and screening

    async def start_lookups(self) -> None:
        """Build the index once the first keys are through: it takes a third of a second of processor time."""
        await asyncio.sleep(_LOOKUPS_LATER * (_FOR_A_MONITOR if self.app.watching else 1))
        home, code, clock = self.app.home, self.book.code, self.app.clock

        def build() -> Lookups:
            from screens.lookups import Lookups

            return Lookups(home, code, clock)

        self._lookups = Worker("lookups", build)
        self.look_up()
        with suppress(ConsoleError):
            await self._lookups.run(lambda _: None)

    def on_unmount(self) -> None:
        if self._lookups is not None:
            self._lookups.close()

    def look_up(self) -> None:
        """Search and screen what stands there now; an older look that is still waiting is dropped."""
        if self._lookups is not None:
            self._look_number += 1
            self.beside(partial(self._look, self._look_number), "look", exclusive=True)

    async def _look(self, number: int) -> None:
        from screens.lookups import last_words

        assert self._lookups is not None
        note = self.query_one(NoteArea).text
        query = self.query_one(Answers).typed or last_words(note)

        call_id, caller = self.call_id, self.view.call.number if self.view and self.view.call else ""

        def work(lookups: Lookups) -> Found | None:
            return lookups.look(note, query, caller, call_id) if number == self._look_number else None

        try:
            found = await self._lookups.run(work)
        except ConsoleError as error:
            self.tell_error(error)
            return
        if found is None or number != self._look_number:
            return
        self.query_one(Answers).offer(found.answers)
        self.query_one(Answers).show_making(found.read_so_far)
        if found.read_so_far is not None:
            self.set_timer(_WHILE_MAKING, self.look_up)
        line = self.query_one(ScreeningLine)
        if self.in_call and (note.strip() or line.alarm):
            line.show(found.screening)
            self.screening = found.screening
            self.query_one(NoteArea).mark(note, marked_words(found.screening))
        else:
            line.clear_all()
            self.screening = None
            self.query_one(NoteArea).mark(note, ())
        self.screened()
        if self.in_call:
            self.beside(partial(self._look_for_hot, note), "hot", exclusive=True)
        if found.alike != self._alike:
            self._alike = found.alike
            self.beside(self._show_earlier, "earlier", exclusive=True)

    def screened(self) -> None:
        """What stands in the note was screened anew."""

    async def _look_for_hot(self, note: str) -> None:
        """The pinned event the note tells of, with its answer."""
        from agent_console.desk.monitor.hot import told_of

        event = await self.desk(lambda opened: told_of(opened, note))
        if note == self.query_one(NoteArea).text:
            self.hot = event
            self.query_one(HotLine).show(event)

    async def _show_earlier(self) -> None:
        """Read again what tells of the same matter, and show it above what the number brought."""
        alike, call_id = self._alike, self.call_id
        # Late: the first frame does not wait for the knowledge base.
        from agent_console.desk.calls.earlier import read_again

        earlier = await self.desk(lambda opened: read_again(opened, alike))
        if earlier is not None and call_id == self.call_id:
            self.earlier = earlier
            self.query_one(HistoryPane).show_earlier(earlier, self.app.clock.now())

    def forget_earlier(self) -> None:
        """Begin a new matter."""
        self._alike, self.earlier, self.hot = (), None, None
        self.query_one(HotLine).show(None)
        self.query_one(HistoryPane).show_earlier(None, self.app.clock.now())

    # drafts

    def _draft(self) -> Draft | None:
        call = self.view.call if self.view else None
        if call is None:
            return None
        note = self.query_one(NoteArea)
        fields = {"note": note.text} | ({"order": self._filled_in} if self._filled_in else {})
        owner, cursor = call_stream(call.id), note.cursor_location
        return Draft(owner=owner, fields=fields, focus="note", cursor=cursor, opened_at=call.taken_at)

    def save_draft(self) -> None:
        """The hands rest: put the note on the disk."""
        self.beside(self._save_draft, "draft")

    async def _save_draft(self) -> None:
        draft = self._draft()
        if draft is None:
            return
        saved = await self.desk(lambda opened: intake.save_draft(opened.desk, draft))
        if saved is not None:
            self.saved(saved)

    def saved(self, draft: Draft) -> None:
        """Say that it is on the disk."""
        self.query_one("#status", Static).update(
            Content(say("status.saved", time=clock_time(draft.saved_at))), layout=False
        )

    async def save_now(self) -> None:
        """Put the note on the disk before something else is opened."""
        self.draft_pause.cancel()
        await self._save_draft()

    def telling(self, words: str = "", chosen: str = "") -> Telling:
        """What is recorded beside an outcome."""
        proposed = tuple(found.screening_class for found in self.screening.proposals) if self.screening else ()
        searched = self.query_one(Answers).searched
        return Telling(self.query_one(NoteArea).text.strip(), words, proposed, chosen, searched=searched)

    async def forget_note(self) -> None:
        """Take the note and all that stood for it off the screen: only category and time may be kept."""
        self._filled_in = ""
        self.screening = None
        self.query_one(NoteArea).load_text("")
        self.query_one(ScreeningLine).clear_all()
        self.query_one(Answers).reset()
        self.forget_earlier()
        await self.save_now()

    def proposed_order(self) -> OrderDetails:
        """The order form as far as note, number and screening fill it."""
        view = self.view
        assert view is not None
        assert view.call is not None
        urgent = bool(self.screening and self.screening.urgent)
        # Late: the patterns in it take 4 ms to make, and the form opens long after the first frame.
        from agent_console.desk.calls.proposals import propose

        return propose(view.call, self.query_one(NoteArea).text, self.book, urgent=urgent)

    def filled_in(self, proposed: OrderDetails) -> OrderDetails:
        """The proposal with what was filled in on the form of this matter before."""
        return with_filled_in(proposed, self._filled_in)

    def keep_form(self, details: OrderDetails, proposed: OrderDetails) -> None:
        """Put what was filled in on the form into the draft, once the hands rest."""
        self._filled_in = filled_in(details, proposed)
        self.draft_pause.touch()

    def save_last(self, seconds: float) -> None:
        """The console ends or the terminal is gone: save what stands in the note, waiting at most so long."""
        draft = self._draft()
        if draft is not None:
            with suppress(ConsoleError, FutureTimeout):
                self.app.desk_thread.submit(lambda opened: intake.save_draft(opened.desk, draft)).result(seconds)
