"""Signing in at the seat, before anything of anybody stands on the screen: a small form, no function keys."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from agent_console.clock import Clock
from agent_console.desk.signing_in import sign_in_at, unlock_at
from agent_console.domain.errors import ConsoleError
from agent_console.settings import Settings
from agent_console.sync.people import SignedIn
from agent_console.sync.session import SignInUnheard
from agent_console.texts import say, sentence


class SignInApp(App[SignedIn | None]):
    """Account and password; Enter signs in, or unlocks the seat where the server is away. Escape leaves."""

    CSS_PATH = "styles/seat.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("down", "next_field", show=False, priority=True),
        Binding("up", "previous_field", show=False, priority=True),
    ]

    def __init__(self, home: Path, settings: Settings, clock: Clock, *, may_go_on: bool = False) -> None:
        """Sign in at the settings' server. may_go_on: Escape goes on without."""
        super().__init__()
        self._home = home
        self._settings = settings
        self._clock = clock
        self._may_go_on = may_go_on

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="sign-in"):
            seat = say("sign_in.title", seat=self._settings.seat, server=self._settings.server)
            yield Static(seat, classes="dialog-title", markup=False)
            yield Static(say("sign_in.account"), markup=False)
            yield Input(compact=True, id="account")
            yield Static(say("sign_in.password"), markup=False)
            yield Input(compact=True, password=True, id="password")
            yield Static("", id="sign-in-message", markup=False)
            keys = "sign_in.keys_or_go_on" if self._may_go_on else "sign_in.keys"
            yield Static(say(keys), classes="dialog-keys", markup=False)

    def on_mount(self) -> None:
        for line in self.query(Input):
            line.cursor_blink = False
        self.query_one("#account").focus()

    @on(Input.Submitted, "#account")
    def _named(self) -> None:
        self.query_one("#password").focus()

    @on(Input.Submitted, "#password")
    def _asked(self) -> None:
        account, password = (self.query_one(f"#{name}", Input).value for name in ("account", "password"))
        if account.strip() and password:
            self._say(say("sign_in.asking"))
            self._sign_in(account.strip(), password)

    @work(thread=True, exclusive=True, group="sign-in", exit_on_error=False)
    def _sign_in(self, account: str, password: str) -> None:
        try:
            signed = self._let_in(account, password)
        except ConsoleError as error:
            self.call_from_thread(self._refused, error)
            return
        self.call_from_thread(self.exit, signed)

    def _let_in(self, account: str, password: str) -> SignedIn:
        """Sign in; the seat unlocks itself with the same password where nobody of ours answers."""
        try:
            return sign_in_at(self._home, self._settings, self._clock, account, password)
        except SignInUnheard:
            return unlock_at(self._home, self._settings, self._clock, account, password)

    def _refused(self, error: ConsoleError) -> None:
        advice = f"\n{sentence(error.advice)}" if error.advice else ""
        self._say(sentence(error.message) + advice)
        line = self.query_one("#password", Input)
        line.value = ""
        line.focus()

    def _say(self, text: str) -> None:
        self.query_one("#sign-in-message", Static).update(Content(text))

    def action_next_field(self) -> None:
        """To the line below."""
        self.screen.focus_next()

    def action_previous_field(self) -> None:
        """To the line above."""
        self.screen.focus_previous()

    def action_leave(self) -> None:
        """Nobody signs in."""
        self.exit(None)
