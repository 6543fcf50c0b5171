"""Why it is due then: the rule, the days counted and the days skipped."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from agent_console.domain.time_limits.rule_due import Deadline
from agent_console.domain.work_order.clock_history import ClockChange
from agent_console.texts import say
from agent_console.texts.clock_text import change_text
from agent_console.texts.explain import due_text, explain
from agent_console.texts.wording import name_of


class WhyDialog(ModalScreen[None]):
    """The reasons of one or more deadlines."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f9,enter", "back", show=False)]

    def __init__(self, deadlines: tuple[Deadline, ...], changes: tuple[ClockChange, ...] = ()) -> None:
        """Explain these, and what became of them until now."""
        super().__init__()
        self._deadlines = deadlines
        self._changes = changes

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(say("why.title"), classes="dialog-title", markup=False)
            with VerticalScroll(classes="scroll"):
                yield Static(Content("\n\n".join((*map(_lines, self._deadlines), *_history(self._changes)))))
            yield Static(say("dialog.back_keys"), classes="dialog-keys", markup=False)

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def action_back(self) -> None:
        """Back."""
        self.dismiss(None)


def _history(changes: tuple[ClockChange, ...]) -> tuple[str, ...]:
    return ("\n".join((say("clock.history"), *map(change_text, changes))),) if changes else ()


def _lines(due: Deadline) -> str:
    head = say("why.head", limit=name_of("limit", due.limit), due=due_text(due), clause=due.clause)
    return "\n".join([head, *explain(due)])
