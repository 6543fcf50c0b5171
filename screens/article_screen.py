"""全文: one entry of the knowledge base to read aloud, portion by portion, and to copy from."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from agent_console.desk.opening import OpenDesk
from agent_console.domain.instants import local_date
from agent_console.domain.intake.outcomes import Answered
from agent_console.texts import say
from screens.desk_screen import DeskScreen
from screens.dialogs.ask import AskDialog
from screens.doing.feedback import complain
from screens.doing.outcomes import conclude, owes_outcome
from screens.list_screen import back_to_seat
from screens.portions import portions, seconds
from screens.widgets.banner import Banner
from screens.widgets.note import NoteArea

if TYPE_CHECKING:
    from knowledge.article import Article
    from knowledge.reading import Habit
    from screens.seat import SeatScreen


class Opened(msgspec.Struct, frozen=True):
    """An entry and what this seat did with it."""

    article: Article
    habit: Habit
    lapse: str = ""


class ArticleScreen(DeskScreen):
    """The portion that is read next is marked; the place is kept for the next time."""

    def __init__(self, seat: SeatScreen, entry: str) -> None:
        """Opened from the seat or from the list of entries; nothing is read yet."""
        super().__init__("article")
        self.seat = seat
        self.entry = entry
        self.opened: Opened | None = None
        self.here = 0
        self._portions: tuple[str, ...] = ()
        for name, keys in seat.keymap.article_keys.items():
            self.bind_keys(keys, f"read('{name}')")

    def compose(self) -> ComposeResult:
        yield Static("", id="list-title", markup=False)
        yield Banner(self.seat.keymap)
        yield Static("", id="article-pace", markup=False)
        yield VerticalScroll(id="article-body", can_focus=False)
        yield Static("", id="article-facts", markup=False)
        yield Static(self._keys(), id="keys", markup=False)

    def _keys(self) -> str:
        shown = {name: self.seat.keymap.first_of_article(name) for name in self.seat.keymap.article_keys}
        return say("article_screen.keys", **shown)

    async def on_mount(self) -> None:
        now = self.app.clock.now()

        def read(opened: OpenDesk) -> Opened:
            # Late: the first frame does not wait for the knowledge base.
            from knowledge.reading import Reading

            reading = Reading(opened.store.connection)
            habit = reading.habit(self.entry)
            reading.keep(self.entry, msgspec.structs.replace(habit, opened_at=now))
            lapse = reading.library.lapsed(local_date(now)).get(self.entry, "")
            return Opened(reading.library.get(self.entry), habit, lapse)

        self.opened = await self.desk(read)
        if self.opened is None:
            self.dismiss(None)
            return
        self._portions = portions(self.opened.article.body)
        self.here = min(self.opened.habit.portion, len(self._portions) - 1)
        body = self.query_one("#article-body")
        await body.mount(*(Static(text, classes="portion", markup=False) for text in self._portions))
        self.query_one("#article-facts", Static).update(_facts(self.opened.article))
        self._show()

    def _show(self) -> None:
        assert self.opened is not None
        article = self.opened.article
        pinned = say("article_screen.pinned") if self.opened.habit.pinned_at else ""
        lapse = say(f"answers.{self.opened.lapse}") if self.opened.lapse else ""
        check = say("answers.local_check") if article.local_check else ""
        self.query_one("#list-title", Static).update(f"{pinned}{lapse}{article.title}")
        pace = say(
            "article_screen.pace",
            here=self.here + 1,
            count=len(self._portions),
            left=_span(seconds("".join(self._portions[self.here :]))),
            whole=_span(seconds(article.body)),
        )
        self.query_one("#article-pace", Static).update(f"{pace}　{check}".rstrip("　"))
        for place, portion in enumerate(self.query(".portion").results(Static)):
            portion.set_class(place == self.here, "here")
            portion.set_class(place < self.here, "read")
            if place == self.here:
                self.call_after_refresh(portion.scroll_visible, animate=False)

    def action_read(self, name: str) -> None:
        """One of the keys of `article_keys`."""
        if name == "back":
            self.dismiss(None)
        elif self.opened is not None:
            doing: dict[str, Callable[[], None]] = {
                "next": partial(self._move, 1),
                "previous": partial(self._move, -1),
                "first": partial(self._move, -len(self._portions)),
                "note": lambda: self._copy(self._portions[self.here]),
                "note_all": lambda: self._copy("\n".join(self._portions)),
                "reply": partial(self.act, self._reply),
                "pin": self._pin,
                "complain": partial(self.act, self._complain),
            }
            doing[name]()

    def _move(self, step: int) -> None:
        self.here = max(0, min(len(self._portions) - 1, self.here + step))
        self._remember(portion=self.here)

    def _pin(self) -> None:
        assert self.opened is not None
        pinned = self.opened.habit.pinned_at
        self._remember(pinned_at=0 if pinned else self.app.clock.now())
        self.tell(say("article_screen.unpinned_now" if pinned else "article_screen.pinned_now"))

    def _remember(self, **changes: int) -> None:
        assert self.opened is not None
        habit = msgspec.structs.replace(self.opened.habit, opened_at=self.app.clock.now(), **changes)
        self.opened = msgspec.structs.replace(self.opened, habit=habit)
        self._show()

        def keep(opened: OpenDesk) -> None:
            from knowledge.reading import Reading

            Reading(opened.store.connection).keep(self.entry, habit)

        self.app.desk_thread.submit(keep)

    def _copy(self, text: str) -> None:
        if copied(self.seat, text):
            self.tell(say("copy.done"))

    async def _reply(self) -> None:
        """Give the matter in hand its outcome from this entry, in these words."""
        assert self.opened is not None
        if not self.seat.in_call or not owes_outcome(self.seat):
            self.tell(say("copy.no_call"), warning=True)
            return
        words = await self.app.push_screen_wait(
            AskDialog(say("ask.answer"), self._portions[self.here], may_be_empty=False)
        )
        article = self.opened.article
        if words and await conclude(self.seat, Answered(article.id, article.version), words, "accept"):
            back_to_seat(self)

    async def _complain(self) -> None:
        assert self.opened is not None
        article = self.opened.article
        await complain(self.seat, article.id, article.title, article.version)


def copied(seat: SeatScreen, text: str) -> bool:
    """Put a text into the note of the call in hand, where its cursor stands; says so where there is none."""
    if seat.view is None or seat.view.matter is None:
        seat.app.screen.notify(say("copy.no_call"), severity="warning", markup=False)
        return False
    seat.query_one(NoteArea).insert(text)
    return True


def _facts(article: Article) -> str:
    from knowledge.checking import source_name

    facts = {
        "class": article.class_,
        "chapter": article.chapter,
        "sources": " ".join(map(source_name, article.sources)),
        "owner": article.owner or say("kb.line_itself"),
        "updated_on": str(article.updated_on or ""),
        "valid_until": str(article.valid_until or ""),
        "id": say("article_screen.version", id=article.id, version=article.version),
    }
    told = (say("kb.show.fact", name=say(f"kb.column.{name}"), value=value) for name, value in facts.items() if value)
    return "　".join(told)


def _span(length: int) -> str:
    minutes, rest = divmod(length, 60)
    return (
        say("article_screen.minutes", minutes=minutes, seconds=rest)
        if minutes
        else say("article_screen.seconds", seconds=rest)
    )
