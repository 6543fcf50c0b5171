"""The seat: note in the middle, answers and screening beside it, everything on one key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import OptionList, Static, TextArea

from agent_console.desk import intake
from agent_console.desk.desk import call_stream
from agent_console.desk.intake import Telling
from agent_console.desk.listing import orders_of_day
from agent_console.desk.opening import OpenDesk
from agent_console.domain.context import Context
from agent_console.domain.decisions import Decision, Done
from agent_console.domain.errors import ConsoleError
from agent_console.domain.orders import OrderDetails
from agent_console.domain.people import Actor
from agent_console.domain.rule_book import RuleBook
from agent_console.resources.calendars import load_calendar
from agent_console.store.drafts import Draft
from agent_console.texts import say
from screens.actions import BY_ID, possible
from screens.background import Worker
from screens.debounce import Debounce
from screens.desk_screen import DeskScreen
from screens.form_draft import filled_in, with_filled_in
from screens.keymap import Keymap
from screens.refusals import told
from screens.seat_view import SeatView, look, unfinished_at_start
from screens.timing import clock_time
from screens.widgets.answers import Answers
from screens.widgets.banner import Banner
from screens.widgets.call_line import CallLine
from screens.widgets.day import DayPane
from screens.widgets.header import SeatHeader, Standing
from screens.widgets.history import HistoryPane
from screens.widgets.keys import KeyLine
from screens.widgets.note import NoteArea
from screens.widgets.screening_line import ScreeningLine

if TYPE_CHECKING:
    from knowledge.screening.model import Screening
    from screens.lookups import Found, Lookups

_SHORT = 30
"""Below this many lines the panes that can shrink do."""
_AT_REST_MS = 1500
"""After this pause the note counts as told, and an emergency needs less certainty than in one that still grows."""
_LOOKUPS_LATER = 1.0
"""Seconds from the open seat until answers and screening are made ready."""


class SeatScreen(DeskScreen):
    """One operator, one call in hand, any number of parked ones."""

    def __init__(self, book: RuleBook, keymap: Keymap) -> None:
        """A seat under `book`, with the keys of `keymap`."""
        super().__init__("idle")
        self.book = book
        self.keymap = keymap
        self.view: SeatView | None = None
        self.standing = Standing(region=book.region, mark=book.mark)
        self._lookups: Worker[Lookups] | None = None
        self._look_number = 0
        self._opened = asyncio.Event()
        self._shown_matter = ("", "")
        self._filled_in = ""
        self._typed_ahead = False
        self.screening: Screening | None = None
        for action_id, keys in keymap.keys.items():
            self._bind(keys, f"do('{action_id}')")
        self._bind(keymap.leader, "leader")

    def _bind(self, keys: tuple[str, ...], action: str) -> None:
        for key in keys:
            self._bindings._add_binding(Binding(key, action, show=False, priority=True))

    def compose(self) -> ComposeResult:
        yield SeatHeader()
        yield Banner(self.keymap)
        yield CallLine()
        with Horizontal(id="body"):
            with Vertical(id="left"):
                yield NoteArea(id="note", placeholder=say("note.placeholder"))
                yield DayPane()
                yield HistoryPane()
                yield Static("", id="status", markup=False)
            with Vertical(id="right"):
                yield ScreeningLine()
                yield Answers()
        yield KeyLine(self.keymap)

    # the seat opens

    def on_mount(self) -> None:
        settings = self.app.settings
        self.draft_pause = Debounce(settings.draft_pause_ms, self.save_draft)
        self.look_pause = Debounce(settings.search_pause_ms, self.look_up)
        self.rest_pause = Debounce(_AT_REST_MS, self.look_up)
        self.standing = msgspec.structs.replace(self.standing, seat_number=settings.seat, server=settings.server)
        self.query_one(KeyLine).show(in_call=False)
        self.query_one(SeatHeader).show(self.standing, self.app.clock.now())
        self.call_after_refresh(self._open)

    def on_resize(self) -> None:
        self.set_class(self.size.height < _SHORT, "short")

    def _open(self) -> None:
        self.beside(self._open_seat, "opening")
        self.set_interval(1.0, self.tick)

    async def _open_seat(self) -> None:
        from agent_console.desk import shift

        def start(opened: OpenDesk) -> SeatView:
            shift.sign_in(opened.desk)
            waiting = unfinished_at_start(opened)
            if waiting:
                shift.change(opened.desk, "busy")
            return look(opened, waiting)

        view = await self.desk(start)
        if view is not None:
            self.apply(view)
        self._opened.set()
        await self._start_lookups()
        self.app.collect_again()
        await self._show_link()

    async def _start_lookups(self) -> None:
        """Build the index once the first keys are through: it takes a third of a second of processor time."""
        await asyncio.sleep(_LOOKUPS_LATER)
        home, code = self.app.home, self.book.code

        def build() -> Lookups:
            from screens.lookups import Lookups

            return Lookups(home, code)

        self._lookups = Worker("lookups", build)
        self.look_up()
        with suppress(ConsoleError):
            await self._lookups.run(lambda _: None)

    async def _show_link(self) -> None:
        if not self.app.settings.server:
            return
        from agent_console.sync.link import probe

        link = await asyncio.to_thread(probe, self.app.settings.server)
        self.standing = msgspec.structs.replace(self.standing, link=link.state)
        self.tick()

    def on_unmount(self) -> None:
        if self._lookups is not None:
            self._lookups.close()

    # the seat's file

    async def command(self, work: Callable[[OpenDesk], Decision], call_id: str | None = None) -> bool:
        """Have a command decided, show what it led to; true where it was allowed."""
        shown = self.call_id if call_id is None else call_id

        def do(opened: OpenDesk) -> tuple[Decision, SeatView]:
            return work(opened), look(opened, shown)

        answer = await self.desk(do)
        if answer is None:
            return False
        decision, view = answer
        if not isinstance(decision, Done):
            self.tell(told(decision), warning=True)
            return False
        self.apply(view)
        return True

    @property
    def call_id(self) -> str:
        """The call in hand; "" while idle."""
        return self.view.call.id if self.view and self.view.call else ""

    def context(self) -> Context:
        """What a limit rests on, now."""
        calendar = load_calendar(self.app.home)
        return Context(self.book, calendar, self.app.clock.now(), Actor(self.app.settings.operator))

    @property
    def in_call(self) -> bool:
        """True while a call is in hand."""
        return bool(self.call_id)

    # showing

    def apply(self, view: SeatView) -> None:
        """Show a state of the seat."""
        self.view = view
        in_call = view.call is not None
        self.set_class(not in_call, "idle")
        self.standing = msgspec.structs.replace(
            self.standing, seat=view.seat, parked=len(view.parked), unsent=view.unsent, callbacks=view.callbacks
        )
        self.query_one(KeyLine).show(in_call=in_call)
        self.query_one(HistoryPane).show(view.history, self.app.clock.now())
        matter = (view.call.id if view.call else "", view.matter.id if view.matter else "")
        if matter != self._shown_matter:
            self._shown_matter = matter
            self._begin_matter(view)
        if not in_call:
            self.show_day()
        self.tick()

    def _begin_matter(self, view: SeatView) -> None:
        note = self.query_one(NoteArea)
        self.screening = None
        self.query_one(ScreeningLine).clear_all()
        self.query_one(Answers).reset()
        note.placeholder = say("note.placeholder" if view.matter else "note.concluded")
        self._filled_in = view.draft.fields.get("order", "") if view.draft else ""
        if view.matter and self._typed_ahead:
            self._typed_ahead = False
            self.draft_pause.touch()
            return
        text = view.draft.fields.get("note", "") if view.draft else ""
        with note.prevent(TextArea.Changed):
            note.load_text(text)
        self.query_one("#status", Static).update("", layout=False)
        if view.call is None:
            self.query_one(DayPane).focus()
            return
        if view.draft:
            note.move_cursor(view.draft.cursor)
            self.saved(view.draft)
        note.focus()
        self.look_up()

    def show_day(self) -> None:
        """Read and show today's calls and orders."""
        self.beside(self._show_day, "day", exclusive=True)

    async def _show_day(self) -> None:
        now = self.app.clock.now()
        found = await self.desk(lambda opened: (opened.records.calls_of_day(now), orders_of_day(opened)))
        if found is not None:
            self.query_one(DayPane).show(*found, now)

    def tick(self) -> None:
        """Every second: the clocks, and a call that rings."""
        now = self.app.clock.now()
        self.query_one(SeatHeader).show(self.standing, now)
        if self.view is not None:
            self.query_one(CallLine).show(self.view, self.book, now)
            self.beside(self._look_for_ring, "ring", exclusive=True)

    async def _look_for_ring(self) -> None:
        offers = await self.desk(lambda opened: opened.store.rings.poll())
        self.query_one(Banner).show(offers or [], in_call=self.in_call)

    # typing

    @on(TextArea.Changed, "#note")
    def _note_changed(self) -> None:
        between = self.view is not None and self.view.call is not None and self.view.matter is None
        if between and not self._typed_ahead and self.query_one(NoteArea).text.strip():
            # Whoever goes on writing after an outcome is told the next matter already.
            self._typed_ahead = True
            self.action_do("next_matter")
        self.draft_pause.touch()
        self.look_pause.touch()
        self.rest_pause.touch()

    @on(Answers.Searched)
    def _search_changed(self) -> None:
        self.look_pause.touch()

    @on(Answers.Picked)
    def _answer_picked(self) -> None:
        self.action_do("answer")

    @on(OptionList.OptionSelected, "#day")
    def _line_of_day_picked(self, event: OptionList.OptionSelected) -> None:
        if (event.option_id or "").startswith("order:"):
            self.action_do("why")

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

        def work(lookups: Lookups) -> Found | None:
            return lookups.look(note, query) if number == self._look_number else None

        try:
            found = await self._lookups.run(work)
        except ConsoleError as error:
            self.tell_error(error)
            return
        if found is None or number != self._look_number:
            return
        self.query_one(Answers).offer(found.answers)
        line = self.query_one(ScreeningLine)
        if self.in_call and (note.strip() or line.alarm):
            line.show(found.screening)
            self.screening = found.screening
        else:
            line.clear_all()
            self.screening = None

    # drafts

    def _draft(self) -> Draft | None:
        call = self.view.call if self.view else None
        if call is None:
            return None
        note = self.query_one(NoteArea)
        fields = {"note": note.text} | ({"order": self._filled_in} if self._filled_in else {})
        return Draft(
            owner=call_stream(call.id),
            fields=fields,
            focus="note",
            cursor=note.cursor_location,
            opened_at=call.taken_at,
        )

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
        return Telling(self.query_one(NoteArea).text.strip(), words, proposed, chosen)

    async def forget_note(self) -> None:
        """Take the note off the screen: only category and time may be kept."""
        self.query_one(NoteArea).load_text("")
        await self.save_now()

    async def refresh_view(self) -> None:
        """Read the state of the seat again and show it."""
        call_id = self.call_id
        view = await self.desk(lambda opened: look(opened, call_id))
        if view is not None:
            self.apply(view)

    def proposed_order(self) -> OrderDetails:
        """The order form as far as note, number and screening fill it."""
        view = self.view
        assert view is not None
        assert view.call is not None
        urgent = bool(self.screening and self.screening.urgent)
        # Late: the patterns in it take 4 ms to make, and the form opens long after the first frame.
        from agent_console.desk.proposals import propose

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

    # doing

    def action_leader(self) -> None:
        """Show what the leader key offers."""
        self.act(self._lead)

    async def _lead(self) -> None:
        from screens.dialogs.leader import LeaderMenu

        chosen = await self.app.push_screen_wait(LeaderMenu(self.keymap, in_call=self.in_call))
        if chosen:
            await self.perform(chosen)

    def action_do(self, action_id: str) -> None:
        """Do one of the registered actions."""
        self.act(partial(self.perform, action_id))

    async def perform(self, action_id: str) -> None:
        """Do an action, or say why not now."""
        from screens.doing import DOING

        await self._opened.wait()
        if self.view is None:
            return
        self.app.clear_notifications()
        if not possible(BY_ID[action_id], in_call=self.in_call):
            self.tell(self._why_not_now(action_id), warning=True)
            return
        await DOING[action_id](self)

    def _why_not_now(self, action_id: str) -> str:
        if action_id == "take":
            return say("call.in_hand", finish=self.keymap.shown("finish"), park=self.keymap.shown("park"))
        return say("action.not_now", name=BY_ID[action_id].name)
