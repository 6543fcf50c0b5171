"""A guided script: read it out, press the answer, and the record keeps the way."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from agent_console.texts import say
from knowledge.scripts.model import NEXT, NO, YES
from knowledge.scripts.runner import HANG_UP, Run


class ScriptDialog(ModalScreen[Run | None]):
    """Walks a run; gives it back at its end, or None where the operator went back.

    Enter goes on, digits choose, y and n or 1 and 2 answer a check, F8 says that the caller has hung up.
    """

    AUTO_FOCUS = ""
    """The answer line takes the keys only where something is asked."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f9", "back", show=False, priority=True),
        Binding("f8", "hang_up", show=False, priority=True),
    ]

    def __init__(self, run: Run, *, ground: str, urgent: bool = False) -> None:
        """Begin at the run's step; `ground` is the clause with its summary, shown in the title."""
        super().__init__(classes="urgent" if urgent else None)
        self._walk = run
        self._ground = ground

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(f"{self._walk.script.title}\n{self._ground}", classes="dialog-title", markup=False)
            yield Static("", id="script-step")
            yield Input(compact=True, id="script-answer")
            yield Static("", id="script-keys", classes="dialog-keys", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False
        self._show()

    def _show(self) -> None:
        step = self._walk.step
        spoken = Content(step.text).stylize("bold")
        lines = [say("script.say", seconds=step.seconds), *([say("answers.local_check")] if step.local_check else [])]
        body = Content("\n".join(lines)).stylize("dim") + Content("\n") + spoken
        for option in step.options:
            body = body + Content(f"\n  {option.key}  {option.label}")
        self.query_one("#script-step", Static).update(body)
        answer = self.query_one(Input)
        answer.display = step.kind == "ask"
        answer.value = self._walk.known.get(step.field, "") if step.kind == "ask" else ""
        if step.kind == "ask":
            answer.focus()
            # Enter takes what the call tells already, typing replaces it.
            answer.select_all()
        else:
            self.set_focus(None)
        keys = "script.keys.needed" if step.needed else f"script.keys.{step.kind}"
        self.query_one("#script-keys", Static).update(Content(say(keys)))

    def on_key(self, event: events.Key) -> None:
        step = self._walk.step
        if step.kind == "ask":
            return
        if step.kind == "end":
            if event.key == "enter":
                # Without this the same Enter would answer whatever is asked next.
                event.stop()
                self.dismiss(self._walk)
            return
        key = self._key_of(event)
        if key is not None:
            event.stop()
            self._answer(key)

    def _key_of(self, event: events.Key) -> str | None:
        exits = self._walk.step.exits
        if event.key == "enter":
            return NEXT if NEXT in exits else (YES if YES in exits else None)
        typed = event.character or ""
        if YES in exits:
            # Digits, too: letters may be caught by an input method that is left on.
            return {"y": YES, "n": NO, "1": YES, "2": NO}.get(typed)
        return typed if typed in exits else None

    @on(Input.Submitted)
    def _told(self, event: Input.Submitted) -> None:
        text = event.value.strip()
        if self._walk.step.kind == "ask" and (text or not self._walk.step.needed):
            self._answer(NEXT, text)

    def _answer(self, key: str, text: str = "") -> None:
        self._walk = self._walk.answer(key, text)
        self._show()

    def action_hang_up(self) -> None:
        """The caller is gone."""
        if HANG_UP in self._walk.keys:
            self.dismiss(self._walk.hang_up())

    def action_back(self) -> None:
        """Back to the note; nothing is recorded."""
        self.dismiss(None)
