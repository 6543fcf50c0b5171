"""Orders as a person reads them in a terminal."""

from __future__ import annotations

import re
from typing import Any

from rich.table import Table

from agent_console.cli.output import console, print_folded
from agent_console.cli.tables import column, print_rows
from agent_console.domain.instants import Instant, local
from agent_console.domain.rule_book import RuleBook
from agent_console.domain.time_limits.rule_due import Deadline
from agent_console.domain.time_limits.working_time import end_of_day
from agent_console.domain.work_order.clock_history import ClockChange
from agent_console.domain.work_order.clock_states import WINDOWS
from agent_console.domain.work_order.order_life import stage_of
from agent_console.domain.work_order.order_numbers import grouped
from agent_console.domain.work_order.order_rules import Duty
from agent_console.domain.work_order.orders import Order
from agent_console.texts import say
from agent_console.texts.clock_text import change_text
from agent_console.texts.explain import due_text, explain
from agent_console.texts.order_text import attached_text, facts_of, way_of
from agent_console.texts.wording import name_of

_STEP, _WHY = 2, 4
_FLAGGED = "order.flagged"
_UNTOLD = ("rule_book", "on", "calendar")
"""Fields of an event that its line says otherwise, or that stand in the head of the order."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d\S*")
Clocks = dict[str, Deadline]


def print_orders(orders: list[Order], clocks: dict[str, Clocks], now: Instant) -> None:
    """A line per order, with what is due next."""
    heads = ("head.order", "head.status", "head.kind", "head.title", "head.lead", "head.due")
    rows = [
        (
            grouped(order.number),
            name_of("order_status", order.status),
            *_about(order),
            _next_due(clocks[order.id], now),
        )
        for order in orders
    ]
    print_rows([column(head, prose=head in ("head.title", "head.lead")) for head in heads], rows)


def _about(order: Order) -> tuple[str, str, str]:
    if order.withheld:
        return "", say("secret.title"), ""
    return order.details.kind, order.details.title, order.lead or order.details.lead


def _next_due(clocks: Clocks, now: Instant) -> str:
    ending = {limit: clock for limit, clock in clocks.items() if limit not in WINDOWS}
    limit = min(ending, key=lambda name: ending[name].due or 0, default="")
    return _due(limit, ending[limit], now, _short(ending[limit])) if limit else ""


def _due(limit: str, clock: Deadline, now: Instant, due: str) -> str:
    is_late = clock.due is not None and clock.due < now and not clock.immediate
    mark = say("order.late", due=due) if is_late and limit not in WINDOWS else due
    return say("order.clock", limit=name_of("limit", limit), due=mark)


def _short(clock: Deadline) -> str:
    if clock.due is None or clock.day is None:
        return ""
    whole = clock.due == end_of_day(clock.day)
    text = f"{clock.day:%m-%d}" if whole else f"{local(clock.due):%m-%d %H:%M}"
    return say("order.provisional", due=text) if clock.provisional else text


def print_order(
    order: Order, clocks: Clocks, history: list[dict[str, Any]], book: RuleBook, now: Instant, *, unmask: bool
) -> None:
    """Everything about one order; `book` names channels and caller types."""
    screen = console()
    screen.print(say("order.step_done", number=grouped(order.number), status=name_of("order_status", order.status)))
    table = Table.grid(padding=(0, 2))
    if stage := stage_of(order, book.life):
        table.add_row(name_of("field", "stage"), say("order.stage", stage=stage, clause=book.life.stages_clause))
    for name, value in facts_of(order, unmask=unmask, book=book).items():
        table.add_row(name_of("field", name), value)
    if files := attached_text(order, book):
        table.add_row(say("head.attachment"), files)
    screen.print(table)
    for line in way_of(order):
        print_folded(line)
    if clocks:
        screen.print(say("order.clocks"), style="bold")
    for limit, clock in clocks.items():
        due = _due(limit, clock, now, due_text(clock))
        print_folded(say("order.clock_by", clock=due, clause=clock.clause), _STEP)
        for line in explain(clock):
            print_folded(say("order.why", line=line), _WHY, "dim")
    screen.print(say("order.history"), style="bold")
    for event in history:
        print_folded(_event_line(event, book), _WHY)


def print_clock_changes(changes: tuple[ClockChange, ...]) -> None:
    """Clocks that moved or started anew; how they began and ended stands in the time line."""
    told = [change_text(change) for change in changes if change.before and change.after]
    if told:
        console().print(say("clock.history"), style="bold")
    for line in told:
        print_folded(say("order.clock_change", line=line), _WHY)


def print_owed(owes: tuple[Duty, ...], book: RuleBook) -> None:
    """What the order still owes, in red where it is urgent."""
    for duty in owes:
        name = book.life.records[duty.record].name
        line = say("order.owes", record=name, clause=duty.clause)
        print_folded(line, _STEP, "bold red" if duty.urgent else "yellow")


def _event_line(event: dict[str, Any], book: RuleBook) -> str:
    told = say("sign.list").join(
        say("order.told", name=name_of("field", name), value=_value(name, value, book))
        for name, value in event["fields"].items()
        if name not in _UNTOLD
    )
    if event["type"] == _FLAGGED and not event["fields"].get("on"):
        told += say("order.flag_off")
    at = event["at"][:16].replace("T", " ")
    what = event["what"] + (say("exchange.mark") if event["imported"] else "")
    return say("order.event", at=at, what=what, who=event["actor"], told=told).rstrip()


def _value(name: str, value: object, book: RuleBook) -> str:
    if value is True:
        return say("sign.yes")
    if isinstance(value, tuple | list):
        return say("sign.list").join(map(str, value))
    text = str(value)
    if name == "field":
        return name_of("field", text)
    if name == "flag" and text in book.life.flags:
        return book.life.flags[text].name
    if name == "record" and text in book.life.records:
        return book.life.records[text].name
    return f"{text[:10]} {text[11:16]}" if _MOMENT.fullmatch(text) else text
