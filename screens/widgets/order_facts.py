"""What stands on the form of an order, and what happened to it, oldest first."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from agent_console.desk.orders.order_sight import OrderSight
from agent_console.texts import say
from agent_console.texts.order_text import attached_text, facts_of, way_of
from agent_console.texts.time_line import happening
from agent_console.texts.wording import name_of
from screens.columns import wrapped

_LABEL = 16
_HEADED = ("kind", "title")


class OrderFacts(Static):
    """Facts and time line in one column; name and number are masked until a key shows them."""

    def __init__(self) -> None:
        """Nothing yet."""
        super().__init__("", markup=False, id="facts")

    def show(self, sight: OrderSight, *, unmask: bool, width: int) -> None:
        """Write them at this width."""
        lines = [*_facts(sight, unmask=unmask, width=width), Content("")]
        lines.append(Content(say("time_line.head")).stylize("bold"))
        lines += _time_line(sight, unmask=unmask, width=width)
        self.update(Content("\n").join(lines))


def _facts(sight: OrderSight, *, unmask: bool, width: int) -> list[Content]:
    book = sight.context.rule_book
    facts = facts_of(sight.order, unmask=unmask, book=book)
    told = {name_of("field", name): text for name, text in facts.items() if name not in _HEADED}
    if sight.stage:
        stage = say("order.stage", stage=sight.stage, clause=book.life.stages_clause)
        told = {name_of("field", "stage"): stage, **told}
    if way := way_of(sight.order):
        told[say("order.way")] = say("sign.list").join(way)
    if files := attached_text(sight.order, book):
        told[say("head.attachment")] = files
    flags = [book.life.flags[flag].name if flag in book.life.flags else flag for flag in sight.order.flags]
    if flags:
        told[say("step.flag")] = say("sign.list").join(flags)
    lines = []
    for name, text in told.items():
        label = name + " " * max(1, _LABEL - 2 * len(name))
        lines += [Content(line) for line in wrapped(label + text, width, " " * _LABEL)]
    return lines


def _time_line(sight: OrderSight, *, unmask: bool, width: int) -> list[Content]:
    lines: list[Content] = []
    for event in sight.history:
        one = happening(event, sight.context.rule_book, unmask=unmask)
        head = say("time_line.line", at=one.at, what=one.what, who=one.who, role=one.role)
        lines += [Content(line) for line in wrapped(head, width, " " * _LABEL)]
        for told in one.told:
            lines += [Content(line).stylize("dim") for line in wrapped(" " * _LABEL + told, width, " " * _LABEL)]
    return lines
