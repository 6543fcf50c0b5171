"""The live answers beside the note."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from agent_console.texts import say

if TYPE_CHECKING:
    from screens.lookups import Answer


class Answers(Vertical):
    """A search line, the list, and the chosen entry in full.

    While the list has the focus, or one of its entries is selected, it does not change; a line above it says that newer
    results wait. Going back to the search line, or typing there, lets them in.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "into_list", show=False),
        Binding("escape", "screen.do('to_note')", show=False),
    ]

    class Searched(Message):
        """Somebody typed into the search line on purpose."""

        def __init__(self, query: str) -> None:
            """`query` as it stands."""
            super().__init__()
            self.query = query

    class Picked(Message):
        """An answer was chosen with Enter."""

        def __init__(self, answer: Answer) -> None:
            """The chosen one."""
            super().__init__()
            self.answer = answer

    def __init__(self) -> None:
        """No answers yet."""
        super().__init__(id="answers")
        self.found: tuple[Answer, ...] = ()
        self._waiting: tuple[Answer, ...] | None = None
        self._searched: list[str] = []

    def compose(self) -> ComposeResult:
        search = Input(placeholder=say("answers.search"), compact=True, id="search")
        search.cursor_blink = False
        yield search
        yield OptionList(id="hits", compact=True)
        yield Static("", id="preview", markup=False)

    @property
    def typed(self) -> str:
        """What stands in the search line."""
        return self.query_one("#search", Input).value.strip()

    @property
    def searched(self) -> tuple[str, ...]:
        """What was typed into the search line on purpose since the matter began."""
        return tuple(dict.fromkeys((*self._searched, self.typed) if self.typed else self._searched))

    @property
    def marked(self) -> Answer | None:
        """The answer the list stands on; None while nobody chose one."""
        index = self.query_one("#hits", OptionList).highlighted
        return self.found[index] if index is not None and index < len(self.found) else None

    def focus_search(self) -> None:
        """Put the cursor into the search line."""
        self._let_in()
        self.query_one("#search", Input).focus()

    def reset(self) -> None:
        """Begin a new matter."""
        with self.prevent(Input.Changed):
            self.query_one("#search", Input).value = ""
        self._waiting = None
        self.query_one("#hits", OptionList).highlighted = None
        self._searched.clear()
        self._fill(())

    def show_making(self, read_so_far: int | None) -> None:
        """How far the index is that is being made; None: it is there."""
        search = self.query_one("#search", Input)
        search.placeholder = say("answers.search" if read_so_far is None else "answers.making", count=read_so_far or 0)

    def offer(self, answers: tuple[Answer, ...]) -> None:
        """Newer results; they wait while the operator is in the list or has selected an entry."""
        hits = self.query_one("#hits", OptionList)
        if hits.has_focus or hits.highlighted is not None:
            self._waiting = answers if answers != self.found else None
            self.set_class(self._waiting is not None, "newer")
            return
        self._fill(answers)

    def _fill(self, answers: tuple[Answer, ...]) -> None:
        self.remove_class("newer")
        if answers == self.found:
            return
        self.found = answers
        hits = self.query_one("#hits", OptionList)
        hits.clear_options()
        hits.add_options([Option(_line(index, answer)) for index, answer in enumerate(answers)])
        hits.highlighted = None
        self._preview(answers[0] if answers else None)

    def _preview(self, answer: Answer | None) -> None:
        preview = self.query_one("#preview", Static)
        if answer is None:
            preview.update("")
            return
        check = say("answers.local_check") + "\n" if answer.local_check else ""
        check = say(f"answers.{answer.lapse}") + "\n" + check if answer.lapse else check
        preview.update(Content(f"{check}{answer.body}\n{answer.sources}"))

    @on(Input.Changed, "#search")
    def _search_typed(self, event: Input.Changed) -> None:
        event.stop()
        self._let_in()
        self.post_message(self.Searched(event.value.strip()))

    @on(Input.Submitted, "#search")
    def _search_done(self, event: Input.Submitted) -> None:
        event.stop()
        if self.typed:
            self._searched.append(self.typed)
        self.action_into_list()

    @on(OptionList.OptionHighlighted, "#hits")
    def _moved(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self._preview(self.found[event.option_index])

    @on(OptionList.OptionSelected, "#hits")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Picked(self.found[event.option_index]))

    def action_into_list(self) -> None:
        """From the search line into the list."""
        hits = self.query_one("#hits", OptionList)
        if self.found:
            hits.focus()
            hits.highlighted = 0

    def on_descendant_blur(self) -> None:
        """Leaving the list lets newer results in."""
        if self._waiting is not None:
            self._let_in()

    def _let_in(self) -> None:
        """Nothing is selected any more, and what waits is shown."""
        waiting, self._waiting = self._waiting, None
        self.query_one("#hits", OptionList).highlighted = None
        if waiting is not None:
            self._fill(waiting)


def titled(answer: Answer) -> str:
    """The title, with a mark before it where the entry does not hold today."""
    return (say(f"answers.{answer.lapse}") if answer.lapse else "") + answer.title


def _line(index: int, answer: Answer) -> Content:
    number = f"{index + 1} " if index < 9 else "  "
    title = Content(answer.title)
    for mark in answer.marks:
        title = title.stylize("underline", *mark)
    if answer.lapse:
        return Content(number) + Content(say(f"answers.{answer.lapse}")).stylize("$text-warning") + title
    return Content(number) + title
