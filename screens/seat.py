"""The seat: note in the middle, answers and screening beside it, everything on one key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import OptionList, Static, TextArea

from agent_console.desk.listing import orders_of_day
from agent_console.desk.opening import OpenDesk
from agent_console.domain.context import Context
from agent_console.domain.decisions import Decision, Done
from agent_console.domain.people import Actor
from agent_console.domain.rule_book import RuleBook
from agent_console.resources.calendars import load_calendar
from agent_console.store.drafts import Draft
from agent_console.texts import say
from screens.abilities import Abilities
from screens.actions import BY_ID, possible
from screens.debounce import Debounce
from screens.keymap import Keymap
from screens.note_screen import NoteScreen
from screens.refusals import told
from screens.seat_view import SeatView, look, unfinished_at_start
from screens.widgets.answers import Answers
from screens.widgets.banner import Banner
from screens.widgets.call_line import CallLine
from screens.widgets.day import DayPane
from screens.widgets.header import SeatHeader, Standing
from screens.widgets.history import HistoryPane
from screens.widgets.hot_line import HotLine
from screens.widgets.keys import KeyLine
from screens.widgets.note import NoteArea
from screens.widgets.screening_line import ScreeningLine

_SHORT = 30
"""Below this many lines the panes that can shrink do."""
_MESSAGE_SECONDS = 30
"""How long a message of a lead stays on the screen."""
_AT_REST_MS = 1500
"""After this pause the note counts as told, and an emergency needs less certainty than in one that still grows."""


class SeatScreen(NoteScreen):
    """One person, one call in hand, any number of parked ones; no calls for those who take none."""

    def __init__(self, book: RuleBook, keymap: Keymap, actor: Actor, *, watching: bool = False) -> None:
        """A seat under `book`, with the keys of `keymap`, for what `actor` may do."""
        super().__init__(book)
        self.keymap = keymap
        self.abilities = Abilities(actor, book, watching=watching)
        self.standing = Standing(
            region=book.region, mark=book.mark, who=self.abilities.shown, takes_calls=self.abilities.takes_calls
        )
        self._opened = asyncio.Event()
        self._shown_matter = ("", "")
        self._typed_ahead = False
        self._line_changes = 0
        self._day_is_old = False
        self._last_draft: Draft | None = None
        for key in dict.fromkeys(key for keys in keymap.keys.values() for key in keys):
            self.bind_keys((key,), f"press('{key}')")
        self.bind_keys(keymap.leader, "leader")

    def compose(self) -> ComposeResult:
        yield SeatHeader()
        yield Banner(self.keymap)
        yield CallLine()
        yield HotLine(self.keymap)
        with Horizontal(id="body"):
            with Vertical(id="left"):
                yield NoteArea(id="note", placeholder=say("note.placeholder"))
                yield DayPane()
                yield HistoryPane()
                yield Static("", id="status", markup=False)
            with Vertical(id="right"):
                yield ScreeningLine(self.keymap.shown("script"))
                yield Answers()
        yield KeyLine(self.keymap, self.abilities.actions)

    # the seat opens

    def on_mount(self) -> None:
        settings = self.app.settings
        self.draft_pause = Debounce(settings.draft_pause_ms, self.save_draft)
        self.look_pause = Debounce(settings.search_pause_ms, self.look_up)
        self.rest_pause = Debounce(_AT_REST_MS, self.look_up)
        self.standing = msgspec.structs.replace(self.standing, seat_number=settings.seat, server=settings.server)
        self.query_one(KeyLine).show(in_call=False)
        self.query_one(SeatHeader).show(self.standing, self.app.clock.now())
        if self.abilities.opens_monitor:
            from screens.monitor.screen import MonitorScreen

            # Before the seat is drawn below it: its frame stands there while the file is being opened.
            self.app.push_screen(MonitorScreen(self))
        self.call_after_refresh(self._open)

    def on_resize(self) -> None:
        self.set_class(self.size.height < _SHORT, "short")

    def _open(self) -> None:
        self.beside(self._open_seat, "opening")
        self.set_interval(1.0, self.tick)

    async def _open_seat(self) -> None:
        from agent_console.desk.calls import searches, shift

        def start(opened: OpenDesk) -> SeatView:
            searches.forget_old(opened)
            if not self.abilities.takes_calls:
                return look(opened)
            shift.sign_in(opened.desk)
            waiting = unfinished_at_start(opened)
            if waiting:
                shift.change(opened.desk, "busy")
            return look(opened, waiting)

        view = await self.desk(start)
        if view is not None:
            self.apply(view)
            await self._go_home()
        self._opened.set()
        await self.start_lookups()
        self.app.collect_again()
        await self._start_line()

    async def _go_home(self) -> None:
        """Open what whoever sits here works from, unless a call is in hand."""
        from screens.doing import DOING

        home = self.abilities.home
        if home and not self.in_call and not self.abilities.opens_monitor:
            await DOING[home](self)

    async def _start_line(self) -> None:
        """The seat is open: begin to send and take in, and show what the shift before left."""
        from screens.hand_over import read_hand_over

        if self.app.settings.server:
            await asyncio.to_thread(self.app.start_line)
        await read_hand_over(self)

    def _look_at_line(self) -> None:
        """Every second, from memory: how the line stands; the file is read only after something came in."""
        line = self.app.line
        if line is None or self.view is None:
            return
        from screens.line import seat_now, with_line

        status = line.status
        self.standing = with_line(self.standing, status)
        self.query_one(HistoryPane).cut_off_since(status.cut_off_since)
        if self.abilities.takes_calls:
            draft = self._last_draft if self.in_call else None
            number, offset = self.standing.seat_number, status.offset or 0
            line.say_state(seat_now(number, self.view, self.book, draft, self.screening, offset))
        if line.changes != self._line_changes:
            self._line_changes = line.changes
            self.beside(self._count_anew, "line", exclusive=True)

    async def _count_anew(self) -> None:
        from screens.line import counts, message_text

        found = await self.desk(counts)
        if found is None:
            return
        self.standing = msgspec.structs.replace(
            self.standing, unsent=found.unsent, oldest=found.oldest, tray=found.tray
        )
        for message in found.messages:
            if text := message_text(message, self.app.clock.now()):
                self.notify(text, timeout=_MESSAGE_SECONDS, markup=False)
        if not self.in_call:
            self.show_day()

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

    def context(self) -> Context:
        """What a limit rests on, now."""
        calendar = load_calendar(self.app.home)
        return Context(self.book, calendar, self.app.clock.now(), self.app.actor)

    # showing

    def apply(self, view: SeatView) -> None:
        """Show a state of the seat."""
        self.view = view
        in_call = view.call is not None
        self.set_class(not in_call, "idle")
        self.standing = msgspec.structs.replace(
            self.standing,
            seat=view.seat,
            parked=len(view.parked),
            unsent=view.unsent,
            oldest=view.oldest,
            tray=view.tray,
            callbacks=view.callbacks,
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
        self.screening, self._last_draft = None, view.draft
        self.query_one(ScreeningLine).clear_all()
        self.query_one(Answers).reset()
        self.forget_earlier()
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
        """Read and show today's calls and orders; once it is seen again where another window stands over it."""
        self._day_is_old = self.app.screen is not self
        if not self._day_is_old:
            self.beside(self._show_day, "day", exclusive=True)

    def on_screen_resume(self) -> None:
        if self._day_is_old and not self.in_call:
            self.show_day()

    async def _show_day(self) -> None:
        from agent_console.desk.calls import shift

        now = self.app.clock.now()
        takes_calls = self.abilities.takes_calls
        found = await self.desk(
            lambda opened: (
                shift.calls_of_day(opened.desk, opened.records, now) if takes_calls else None,
                orders_of_day(opened),
            )
        )
        if found is not None:
            self.query_one(DayPane).show(*found, now)

    def tick(self) -> None:
        """Every second: the clocks, and a call that rings."""
        self._look_at_line()
        now = self.app.clock.now()
        self.query_one(SeatHeader).show(self.standing, now)
        if self.view is not None:
            self.query_one(CallLine).show(self.view, self.book, now)
            if self.abilities.takes_calls:
                self.beside(self._look_for_ring, "ring", exclusive=True)

    async def _look_for_ring(self) -> None:
        offers = await self.desk(lambda opened: opened.store.rings.poll())
        for banner in (banner for screen in self.app.screen_stack for banner in screen.query(Banner)):
            banner.show(offers or [], in_call=self.in_call)

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
        sort, _, name = (event.option_id or "").partition(":")
        if sort == "order":
            self.act(partial(self._open_order, name))

    async def _open_order(self, order_id: str) -> None:
        from screens.order_screen import open_order

        await open_order(self, order_id)

    def saved(self, draft: Draft) -> None:
        """Say that it is on the disk, and remember it for the line."""
        super().saved(draft)
        self._last_draft = draft

    def screened(self) -> None:
        """The line is told at once: an emergency does not wait for the next second."""
        self._look_at_line()

    async def refresh_view(self) -> None:
        """Read the state of the seat again and show it."""
        call_id = self.call_id
        view = await self.desk(lambda opened: look(opened, call_id))
        if view is not None:
            self.apply(view)

    # doing

    def action_leader(self) -> None:
        """Show what the leader key offers."""
        self.act(self._lead)

    async def _lead(self) -> None:
        chosen = await self.chosen_in_menu(self.keymap, self.abilities.actions, in_call=self.in_call)
        if chosen:
            await self.perform(chosen)

    def action_press(self, key: str) -> None:
        """Do what a function key means once everything before it is done."""
        self.act(partial(self.perform, "", key))

    def action_do(self, action_id: str) -> None:
        """Do one of the registered actions."""
        self.act(partial(self.perform, action_id))

    async def perform(self, action_id: str, key: str = "") -> None:
        """Do an action, or what `key` means now, or say why not."""
        from screens.doing import DOING, why_not_now

        await self._opened.wait()
        if self.view is None:
            return
        action_id = action_id or self.keymap.meant_by(key, in_call=self.in_call)
        self.app.clear_notifications()
        refused = self.abilities.refused(BY_ID[action_id])
        if refused is not None:
            self.tell(told(refused), warning=True)
            return
        if not possible(BY_ID[action_id], in_call=self.in_call):
            self.tell(why_not_now(self, action_id), warning=True)
            return
        await DOING[action_id](self)
