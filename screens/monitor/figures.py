"""本班数字: this hour beside other days and today, or one's own pace beside the median; nobody is ranked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from agent_console.desk.monitor.shift_figures import Figures, Pace, ShiftFigures
from agent_console.domain.instants import SECOND, local
from agent_console.domain.rule_book import RuleBook
from agent_console.texts import say
from screens.columns import columns
from screens.timing import span

_WIDTH = 74
_OUTCOMES = ("ordered", "transferred", "followed_up", "interrupted")
Told = Callable[[Figures], float | None]


class FiguresDialog(ModalScreen[None]):
    """Read and gone again."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f9,f8,enter,q", "back", show=False)]

    def __init__(self, figures: ShiftFigures, book: RuleBook, *, of_line: bool) -> None:
        """of_line: all figures of the line; else the own pace only."""
        super().__init__()
        self._figures = figures
        self._book = book
        self._of_line = of_line

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(self._title(), classes="dialog-title", markup=False)
            with VerticalScroll(classes="scroll"):
                yield Static(Content("\n".join(self._lines())))
            yield Static(say("dialog.back_keys"), classes="dialog-keys", markup=False)

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def _title(self) -> str:
        figures = self._figures
        if not self._of_line:
            return say("figures.pace_title")
        start, end = (f"{local(moment):%H:%M}" for moment in (figures.hour.start, figures.hour.end))
        return say("figures.title", start=start, end=end, days=len(figures.others))

    def _lines(self) -> list[str]:
        lines = list(line_figures(self._figures, self._book)) if self._of_line else []
        return [*lines, *([""] if lines else []), *pace_lines(self._figures)]

    def action_back(self) -> None:
        """Back to where it was opened."""
        self.dismiss(None)


def line_figures(found: ShiftFigures, book: RuleBook) -> Iterator[str]:
    """Every figure of the line: this hour, other days, today."""
    yield _row("", *(say(f"figures.column.{name}") for name in ("hour", "usual", "today")))

    def row(name: str, told: Told, shown: Callable[[float | None], str]) -> str:
        return _row(name, shown(told(found.hour)), shown(found.usual(told)), shown(told(found.today)))

    yield row(say("figures.taken"), lambda one: one.taken, number)
    yield row(say("figures.direct"), lambda one: one.direct.percent, percent)
    yield row(say("figures.handling"), lambda one: one.handling, seconds)
    yield row(say("figures.wrap_up"), lambda one: one.wrap_up, seconds)
    yield from _standard(found, row)
    for outcome in _OUTCOMES:
        yield row(say(f"figures.outcome.{outcome}"), partial(_of_outcome, outcome), number)
    yield row(say("figures.invalid"), lambda one: one.invalid, number)
    yield row(say("figures.refused"), lambda one: sum(one.refused.values()), number)
    for clause in sorted(found.today.refused, key=lambda name: -found.today.refused[name]):
        item = book.refusal(clause)
        name = say("figures.clause", clause=clause, title=item.title if item else "")
        yield row(name, partial(_of_clause, clause), number)
    yield row(say("figures.orders"), lambda one: sum(one.orders.values()), number)
    for kind in found.today.orders:
        yield row(say("figures.kind", kind=kind), partial(_of_kind, kind), number)
    yield row(say("figures.satisfied"), lambda one: one.satisfied.percent, percent)


def _of_outcome(name: str, one: Figures) -> float:
    return one.outcomes.get(name, 0)


def _of_clause(clause: str, one: Figures) -> float:
    return one.refused.get(clause, 0)


def _of_kind(kind: str, one: Figures) -> float:
    return one.orders.get(kind, 0)


def _standard(found: ShiftFigures, row: Callable[[str, Told, Callable[[float | None], str]], str]) -> Iterator[str]:
    yield row(
        say("figures.in_standard", seconds=found.seconds, percent=found.percent),
        lambda one: one.in_standard.percent,
        percent,
    )
    of = found.today.in_standard.of
    told = say("figures.in_standard_of", of=of) if of else say("figures.in_standard_unknown")
    yield f"  {told}"


def pace_lines(found: ShiftFigures) -> Iterator[str]:
    """The own pace of today beside the median of all who worked."""
    yield _row("", say("figures.column.own"), say("figures.column.team"))
    told: tuple[tuple[str, Callable[[Pace], float | None], Callable[[float | None], str]], ...] = (
        ("taken", lambda pace: pace.calls, number),
        ("handling", lambda pace: pace.handling, seconds),
        ("wrap_up", lambda pace: pace.wrap_up, seconds),
        ("direct", lambda pace: pace.direct, percent),
    )
    for name, value, shown in told:
        both = (value(pace) if pace is not None else None for pace in (found.own, found.team))
        yield _row(say(f"figures.{name}"), *map(shown, both))
    yield say("figures.people", people=found.people)


def _row(name: str, *values: str) -> str:
    return columns([(name, 0), *((value, 9) for value in values)], _WIDTH)


def number(value: float | None) -> str:
    """A count, or a mean of counts."""
    return say("figures.unknown") if value is None else f"{value:g}"


def percent(value: float | None) -> str:
    """A rate."""
    return say("figures.unknown") if value is None else say("figures.percent", value=f"{value:g}")


def seconds(value: float | None) -> str:
    """A span of time."""
    return say("figures.unknown") if value is None else span(int(value * SECOND))
