"""A screen that has things done beside the keys, and says how they went without taking the focus."""

from __future__ import annotations

from collections.abc import Callable, Coroutine

from textual.screen import Screen
from textual.worker import Worker, WorkerState, WorkType

from agent_console.domain.errors import ConsoleError
from agent_console.texts import say, sentence


class WorkingScreen(Screen[None]):
    """Messages and work in the background."""

    def beside(self, work: Callable[[], Coroutine[None, None, None]], group: str, *, exclusive: bool = False) -> None:
        """Have it done beside the keys; `exclusive` drops what of the group is still under way."""
        unbegun: WorkType[None] = work
        self.run_worker(unbegun, group=group, exclusive=exclusive, exit_on_error=False)

    def tell(self, text: str, *, warning: bool = False) -> None:
        """Say something without taking the focus."""
        self.notify(text, severity="warning" if warning else "information", timeout=6, markup=False)

    def tell_error(self, error: ConsoleError) -> None:
        """Say what failed and what to do about it."""
        advice = f"\n{sentence(error.advice)}" if error.advice else ""
        self.notify(sentence(error.message) + advice, severity="error", timeout=15, markup=False)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A step that failed in a way nobody foresaw is told, not swallowed."""
        if event.state is WorkerState.ERROR:
            self.notify(say("error.step_failed", reason=repr(event.worker.error)), severity="error", markup=False)
