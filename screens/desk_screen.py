"""A screen that asks the desk's thread, does one thing after the other, and says what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from textual.binding import Binding
from textual.screen import Screen
from textual.worker import Worker as TextualWorker
from textual.worker import WorkerState, WorkType

from agent_console.desk.opening import OpenDesk
from agent_console.domain.errors import ConsoleError
from agent_console.texts import say, sentence

if TYPE_CHECKING:
    from screens.actions import Action
    from screens.app import SeatApp
    from screens.keymap import Keymap

ResultT = TypeVar("ResultT")
_YES, _NO = "yes", "no"


class DeskScreen(Screen[None]):
    """What every screen of the seat has in common."""

    app: SeatApp

    def __init__(self, classes: str = "") -> None:
        """Nothing is under way."""
        super().__init__(classes=classes)
        self._acting = asyncio.Lock()

    async def desk(self, work: Callable[[OpenDesk], ResultT]) -> ResultT | None:
        """Have the desk's thread do it; an error is told, and None given back."""
        try:
            return await self.app.desk_thread.run(work)
        except ConsoleError as error:
            self.tell_error(error)
            return None

    def beside(self, work: Callable[[], Coroutine[None, None, None]], group: str, *, exclusive: bool = False) -> None:
        """Have it done beside the keys; `exclusive` drops what of the group is still under way."""
        unbegun: WorkType[None] = work
        self.run_worker(unbegun, group=group, exclusive=exclusive, exit_on_error=False)

    def act(self, work: Callable[[], Awaitable[None]]) -> None:
        """One action after the other."""
        self.beside(partial(self._one_at_a_time, work), "acting")

    async def _one_at_a_time(self, work: Callable[[], Awaitable[None]]) -> None:
        async with self._acting:
            await work()

    async def chosen_in_menu(self, keymap: Keymap, actions: tuple[Action, ...], *, in_call: bool = False) -> str | None:
        """Id of the action chosen in the leader menu, None where it was left."""
        from screens.dialogs.leader import LeaderMenu

        return await self.app.push_screen_wait(LeaderMenu(keymap, in_call=in_call, actions=actions))

    async def chosen_in_bar(self, keymap: Keymap, actions: tuple[Action, ...], *, in_call: bool = False) -> str | None:
        """The same by typing what it is called."""
        from screens.dialogs.command_bar import CommandBar

        return await self.app.push_screen_wait(CommandBar(keymap, in_call=in_call, actions=actions))

    async def confirmed(self, title: str, *, urgent: bool = False) -> bool:
        """Whether somebody says yes; `urgent` draws the frame in red."""
        from screens.dialogs.choice import Choice, ChoiceDialog

        choices = [Choice(_YES, say("order_screen.confirm_yes")), Choice(_NO, say("choose.cancel"))]
        return await self.app.push_screen_wait(ChoiceDialog(title, choices, urgent=urgent)) == _YES

    def bind_actions(self, keymap: Keymap, actions: tuple[Action, ...]) -> None:
        """Give them their function keys here, as `do('<id>')`, and the leader key `leader`."""
        for action in actions:
            self.bind_keys(keymap.keys_of(action), f"do('{action.id}')")
        self.bind_keys(keymap.leader, "leader")

    def bind_keys(self, keys: tuple[str, ...], action: str) -> None:
        """Keys that work wherever the focus is."""
        for key in keys:
            self._bindings._add_binding(Binding(key, action, show=False, priority=True))

    def tell(self, text: str, *, warning: bool = False) -> None:
        """Say something without taking the focus."""
        self.notify(text, severity="warning" if warning else "information", timeout=6, markup=False)

    def tell_error(self, error: ConsoleError) -> None:
        """Say what failed and what to do about it."""
        advice = f"\n{sentence(error.advice)}" if error.advice else ""
        self.notify(sentence(error.message) + advice, severity="error", timeout=15, markup=False)

    def on_worker_state_changed(self, event: TextualWorker.StateChanged) -> None:
        """A step that failed in a way nobody foresaw is told, not swallowed."""
        if event.state is WorkerState.ERROR:
            self.notify(say("error.step_failed", reason=repr(event.worker.error)), severity="error", markup=False)
