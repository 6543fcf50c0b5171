"""Why it is due then: the rule, the days counted and the days skipped."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from agent_console.domain.rule_due import Deadline
from agent_console.texts import say
from agent_console.texts.explain import due_text, explain, named


class WhyDialog(ModalScreen[None]):
    """The reasons of one or more deadlines."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f9,enter", "back", show=False)]

    def __init__(self, deadlines: tuple[Deadline, ...]) -> None:
        """Explain these."""
        super().__init__()
        self._deadlines = deadlines

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(say("why.title"), classes="dialog-title", markup=False)
            with VerticalScroll(classes="scroll"):
                yield Static(Content("\n\n".join(_lines(due) for due in self._deadlines)))
            yield Static(say("help.keys"), classes="dialog-keys", markup=False)

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def action_back(self) -> None:
        """Back."""
        self.dismiss(None)


def _lines(due: Deadline) -> str:
    head = say("why.head", limit=named("limit", due.limit), due=due_text(due), clause=due.clause)
    return "\n".join([head, *explain(due)])
