"""The console: wires the seat's file, the look-ups and the screens together."""

from __future__ import annotations

import asyncio
import gc
import os
import select
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import BindingType

from agent_console.clock import Clock, ServerClock
from agent_console.desk.opening import OpenDesk, open_desk
from agent_console.domain.instants import Instant
from agent_console.domain.people import Actor
from agent_console.domain.rule_book import RuleBook
from agent_console.resources.rule_books import load_book
from agent_console.settings import Settings
from agent_console.texts import say
from screens.background import Worker
from screens.keymap import Keymap, load_keymap
from screens.safe_text import OnlyText
from screens.seat import SeatScreen

if TYPE_CHECKING:
    from textual.filter import LineFilter

    from agent_console.sync.engine import Engine

_ONLY_TEXT = OnlyText()
_HANG_UP_SECONDS = 3.0
"""How long the last save may take once the terminal is gone."""

_SWITCH_SECONDS = 0.0005
"""How long a key waits at most for a thread that computes; Python's own 5 ms are felt while an index is built."""


class SeatApp(App[int]):
    """One seat. Everything it needs is handed in."""

    CSS_PATH = "styles/seat.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(
        self,
        home: Path,
        settings: Settings,
        clock: Clock,
        book: RuleBook,
        keymap: Keymap,
        actor: Actor | None = None,
        *,
        watching: bool = False,
    ) -> None:
        """A seat on the file in `home`; `actor` is who works there, None: the operator of the settings.

        watching: a monitor, at which no calls are taken.
        """
        super().__init__()
        self.home = home
        self.settings = settings
        self.seat_clock = clock
        self.clock = ServerClock(clock, self._clock_offset)
        self.line: Engine | None = None
        self.next_person = False
        self.book = book
        self.keymap = keymap
        self.watching = watching
        self.actor = actor or Actor(settings.operator, self_declared=True)
        self.desk_thread: Worker[OpenDesk] = Worker("desk", lambda: open_desk(home, settings, clock, actor))
        self._hung_up = False

    def _clock_offset(self) -> Instant:
        return (self.line.status.offset if self.line is not None else None) or 0

    def start_line(self) -> None:
        """Begin to send and take in, where the seat has a server; takes a moment, so not on the way of a key."""
        from agent_console.desk.sync.side import open_side
        from agent_console.sync.engine import Engine

        home, settings, clock, actor = self.home, self.settings, self.seat_clock, self.actor
        self.line = Engine(lambda: open_side(home, settings, clock, actor), home, settings, clock)
        self.line.start()

    def close_line(self) -> None:
        """Stop sending and taking in; a second call does nothing."""
        if self.line is not None:
            self.line.close(_HANG_UP_SECONDS)
            self.line = None

    def get_default_screen(self) -> SeatScreen:
        """The seat is the first screen, so that nothing is drawn twice."""
        return SeatScreen(self.book, self.keymap, self.actor, watching=self.watching)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Every line of every screen goes through these."""
        return [*super().get_line_filters(), _ONLY_TEXT]

    def on_mount(self) -> None:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGHUP, self.terminal_gone)
        loop.add_signal_handler(signal.SIGTERM, self._asked_to_end)
        self.set_interval(1.0, self._look_at_terminal)

    def collect_again(self) -> None:
        """All that stays is loaded: keep it out of the collector's way, which stood still since the start."""
        if not gc.isenabled():
            gc.freeze()
            gc.enable()

    def _asked_to_end(self) -> None:
        self._save_now()
        self.exit(0)

    async def action_quit(self) -> None:
        """Leave at once; what was typed is on the disk, and an unfinished call is there at the next start."""
        self._asked_to_end()

    def action_help_quit(self) -> None:
        """Somebody pressed the key that ends other programs: say how this one is left."""
        self.notify(say("quit.how", sign_out=self.keymap.shown("sign_out")), markup=False)

    def terminal_gone(self) -> None:
        """Nobody can see us any more: keep what was typed and end."""
        if self._hung_up:
            return
        self._hung_up = True
        self._save_now()
        # The driver would still try to give back a terminal that is gone, and could hang on it.
        os._exit(0)

    def _save_now(self) -> None:
        screen = self.screen_stack[0] if self.screen_stack else None
        if isinstance(screen, SeatScreen):
            screen.save_last(_HANG_UP_SECONDS)
        self.desk_thread.close()
        self.close_line()

    def _look_at_terminal(self) -> None:
        if self.is_headless:
            return
        poll = select.poll()
        poll.register(sys.__stdin__.fileno() if sys.__stdin__ else 0, select.POLLHUP)
        if any(event & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, event in poll.poll(0)):
            self.terminal_gone()


def run_seat(
    home: Path, settings: Settings, clock: Clock, actor: Actor | None = None, *, watching: bool = False
) -> int:
    """Open the seat, or the monitor where `watching`, and stay until the operator leaves; the exit code."""
    sys.setswitchinterval(_SWITCH_SECONDS)
    book, keymap = load_book(settings.jurisdiction), load_keymap(settings.keymap)
    while True:
        person = _person(home, settings, clock, actor)
        if person is None and settings.server:
            return 0
        app = SeatApp(home, settings, clock, book, keymap, person, watching=watching)
        try:
            code = app.run() or 0
        finally:
            app.desk_thread.close()
            app.close_line()
        if not app.next_person:
            return code


def _person(home: Path, settings: Settings, clock: Clock, actor: Actor | None) -> Actor | None:
    """Who sits down: with a server whoever is signed in or signs in now; None: nobody does, or there is no server."""
    if actor is not None or not settings.server:
        return actor
    from agent_console.desk.at_work import needs_sign_in, signed_in

    signed = signed_in(home, settings, clock)
    if signed is None:
        from screens.sign_in import SignInApp

        must = needs_sign_in(home, settings)
        signed = SignInApp(home, settings, clock, may_go_on=not must).run()
        if signed is None and not must:
            return Actor(settings.operator, self_declared=True)
    return signed.actor if signed is not None else None
