"""An operator at the console: the real screens on a real seat's file, driven by keys, looked at through the records."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from textual import events
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import OptionList

from agent_console.clock import Clock
from agent_console.desk.opening import OpenDesk
from agent_console.domain.intake.calls import Call
from agent_console.domain.intake.matters import Matter
from agent_console.domain.intake.outcomes import Outcome
from agent_console.domain.people import Actor
from agent_console.domain.work_order.orders import Order
from agent_console.resources.rule_books import load_book
from agent_console.settings import Settings
from screens.app import SeatApp
from screens.dialogs.choice import ChoiceDialog
from screens.keymap import load_keymap
from screens.order_form import OrderForm
from screens.seat import SeatScreen
from screens.widgets.answers import Answers
from screens.widgets.note import NoteArea
from screens.widgets.screening_line import ScreeningLine

from ..support.quiet_screen import quiet_screens

WIDE, NARROW = (120, 40), (80, 24)
LONGEST = 30
"""Seconds after which something that has not happened will not happen."""
_LOOK_SECONDS = 0.005
PHONE = "13800138000"
ScreenT = TypeVar("ScreenT", bound=Screen[Any])


class Operator:
    """Presses keys and waits until what should follow has followed; `desk` is a second pair of eyes on the file."""

    def __init__(self, app: SeatApp, pilot: Pilot[int], desk: OpenDesk) -> None:
        self.app = app
        self.pilot = pilot
        self.desk = desk

    # hands

    async def press(self, *keys: str) -> None:
        """Press keys and let the screen settle."""
        await self.pilot.press(*keys)
        await self.settle()

    async def key_in(self, text: str) -> None:
        """Type text as a terminal hands it over: one key event for each character, whatever its script."""
        for character in text:
            self.app.post_message(events.Key("enter", "\r") if character == "\n" else events.Key(character, character))
        await self.settle()

    async def lead(self, letter: str) -> None:
        """The leader key and a letter."""
        await self.press("ctrl+g")
        await self.press(letter)

    async def take(self, number: str = PHONE) -> None:
        """Take a call by hand."""
        await self.press("f2")
        await self.key_in(number)
        await self.press("enter")
        await self.until(lambda: self.seat.in_call and self.note.has_focus)

    async def write(self, text: str) -> None:
        """Write into the note and wait for the answers and the screening of what stands there then."""
        await self.key_in(text)
        await self.looked_up()

    async def pick(self, words: str) -> None:
        """Pick the line of the open choice that holds `words`."""
        dialog = await self.screen(ChoiceDialog)
        index = next(index for index, choice in enumerate(dialog._choices) if words in choice.label + choice.detail)
        dialog.query_one(OptionList).highlighted = index
        await self.press("enter")

    async def answered_by_heart(self, words: str = "已当场说明") -> None:
        """Give the matter the quickest outcome there is."""
        await self.press("f3")
        await self.pick("凭经验答复")
        await self.key_in(words)
        await self.press("enter")
        await self.until(lambda: self.seat.view is not None and self.seat.view.matter is None)

    # eyes on the screen

    @property
    def seat(self) -> SeatScreen:
        """The seat's screen, also while a window is over it."""
        screen = self.app.screen_stack[0]
        assert isinstance(screen, SeatScreen)
        return screen

    @property
    def note(self) -> NoteArea:
        """The note of the call."""
        return self.seat.query_one(NoteArea)

    @property
    def answers(self) -> Answers:
        """The answers beside it."""
        return self.seat.query_one(Answers)

    @property
    def screening(self) -> ScreeningLine:
        """The screening line above them."""
        return self.seat.query_one(ScreeningLine)

    def on_top(self, kind: type[ScreenT]) -> bool:
        """Whether such a window is on top."""
        return isinstance(self.app.screen, kind)

    async def screen(self, kind: type[ScreenT]) -> ScreenT:
        """The window of that kind, once it is on top."""
        await self.until(lambda: self.on_top(kind))
        await self.settle()
        top = self.app.screen
        assert isinstance(top, kind)
        return top

    async def form(self) -> OrderForm:
        """Open the order form."""
        await self.press("f4")
        return await self.screen(OrderForm)

    def line(self, selector: str) -> str:
        """What a line of the seat says."""
        return str(self.seat.query_one(selector).render())

    @property
    def screen_text(self) -> str:
        """All that stands on the screen."""
        return shown(self.app)

    @property
    def told(self) -> str:
        """What the console says in its messages now."""
        return "\n".join(notice.message for notice in self.app._notifications)

    # waiting

    async def settle(self) -> None:
        """Until every key and message was dealt with."""
        await self.pilot.pause()

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait for the work behind the screen; fails with what the screen shows where it never comes."""
        try:
            async with asyncio.timeout(LONGEST):
                while not holds():
                    assert "这一步没有办成" not in self.told, self.told
                    await self.pilot.pause(_LOOK_SECONDS)
        except TimeoutError:
            raise AssertionError(f"not within {LONGEST} s:\n{shown(self.app)}\n{self.told}") from None

    async def looked_up(self) -> None:
        """Until the answers and the screening belong to what stands in the note."""
        seat = self.seat
        seat.look_pause.cancel()
        seat.look_up()
        await self._done("look")
        await self._done("earlier")

    async def saved(self) -> None:
        """Until what stands in the note is on the disk and said to be."""
        await self.until(lambda: not self.seat.draft_pause.waiting)
        await self._done("draft")

    async def _done(self, group: str) -> None:
        await self.until(lambda: not [worker for worker in self.app.workers if worker.group == group])

    # eyes on the file

    @property
    def calls(self) -> list[Call]:
        """Every call on the file, in the order in which they were taken."""
        return sorted(self.desk.records.calls(50), key=lambda call: call.id)

    @property
    def call(self) -> Call:
        """The only call on the file."""
        [call] = self.calls
        return call

    @property
    def matter(self) -> Matter:
        """The matter of that call told last."""
        return self.call.matters[-1]

    @property
    def outcome(self) -> Outcome | None:
        """How that matter ended."""
        return self.matter.outcome

    @property
    def orders(self) -> list[Order]:
        """Every order on the file, in the order in which they were raised."""
        return sorted(self.desk.records.orders(50), key=lambda order: order.id)

    @property
    def facts(self) -> int:
        """How many facts the file holds."""
        return len(list(self.desk.store.log.everything()))

    @property
    def draft(self) -> str | None:
        """The note in the draft of the only draft there is."""
        drafts = self.desk.store.drafts.list()
        return drafts[0].fields["note"] if drafts else None


def shown(app: App[int]) -> str:
    """What stands on the screen, as text."""
    width, height = app.size
    lines = app.screen._compositor.render_strips(app.size)[:height] if width else []
    return "\n".join(strip.text.rstrip() for strip in lines)


def seat_app(
    home: Path,
    clock: Clock,
    jurisdiction: str = "fujian",
    keymap: str = "",
    actor: Actor | None = None,
    *,
    watching: bool = False,
) -> SeatApp:
    """The console as the command opens it; the pauses that wait for resting hands are as short as can be."""
    settings = Settings(
        jurisdiction=jurisdiction, seat="12", operator="张三", keymap=keymap, draft_pause_ms=1, search_pause_ms=1
    )
    return SeatApp(home, settings, clock, load_book(jurisdiction), load_keymap(keymap), actor, watching=watching)


@asynccontextmanager
async def seated(
    app: SeatApp, desk: OpenDesk, size: tuple[int, int] = WIDE, *, at_home: bool = False
) -> AsyncIterator[Operator]:
    """Open the console, hand it over once it can be worked on, and close it.

    at_home: where a role starts on a list of its own, leave it there; else go on to the seat.
    """
    try:
        with quiet_screens():
            async with app.run_test(size=size) as pilot:
                operator = Operator(app, pilot, desk)
                await operator.until(lambda: operator.seat._opened.is_set() and operator.seat._lookups)
                await operator.looked_up()
                if not at_home and operator.app.screen is not operator.seat:
                    await operator.press("f9")
                    await operator.until(lambda: operator.app.screen is operator.seat)
                yield operator
    finally:
        app.desk_thread.close()
