"""Orders as a person reads them in a terminal."""

from __future__ import annotations

from typing import Any

import msgspec
from rich.table import Table

from agent_console.cli.forms import shown_name, shown_number
from agent_console.cli.output import console
from agent_console.domain.clock_history import ClockChange
from agent_console.domain.instants import Instant, local
from agent_console.domain.order_life import stage_of
from agent_console.domain.order_numbers import grouped
from agent_console.domain.order_rules import Duty
from agent_console.domain.orders import Order, OrderDetails
from agent_console.domain.rule_book import RuleBook
from agent_console.domain.rule_due import Deadline
from agent_console.domain.working_time import end_of_day
from agent_console.texts import say
from agent_console.texts.clock_text import change_text
from agent_console.texts.explain import due_text, explain, moment
from agent_console.texts.order_text import way_of
from agent_console.texts.wording import name_of, names_of

Clocks = dict[str, Deadline]
_INSTANTS = ("received_at", "superior_due")
_NAMED = ("urgency", "complexity", "form")
_BY_BOOK = ("channel", "caller_type")
_NAMES = ("caller_name",)
_WINDOWS = ("return", "extension_apply_by")
"""Clocks whose end closes a door; nobody is late then."""

_NUMBERS = ("caller_number", "contact_number")


def print_orders(orders: list[Order], clocks: dict[str, Clocks], now: Instant) -> None:
    """A line per order, with what is due next."""
    table = Table(box=None, pad_edge=False)
    for head in ("head.order", "head.status", "head.kind", "head.title", "head.lead", "head.due"):
        table.add_column(say(head), no_wrap=head == "head.order", overflow="fold")
    for order in orders:
        table.add_row(
            grouped(order.number),
            name_of("order_status", order.status),
            *_about(order),
            _next_due(clocks[order.id], now),
        )
    console().print(table if orders else say("cli.none"))


def _about(order: Order) -> tuple[str, str, str]:
    if order.withheld:
        return "", say("secret.title"), ""
    return order.details.kind, order.details.title, order.lead or order.details.lead


def _next_due(clocks: Clocks, now: Instant) -> str:
    ending = {limit: clock for limit, clock in clocks.items() if limit not in _WINDOWS}
    limit = min(ending, key=lambda name: ending[name].due or 0, default="")
    return _due(limit, ending[limit], now, _short(ending[limit])) if limit else ""


def _due(limit: str, clock: Deadline, now: Instant, due: str) -> str:
    is_late = clock.due is not None and clock.due < now and not clock.immediate
    mark = say("order.late", due=due) if is_late and limit not in _WINDOWS else due
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
    names = {named.id: named.name for named in (*book.channels, *book.caller_types)}
    screen = console()
    screen.print(say("order.step_done", number=grouped(order.number), status=name_of("order_status", order.status)))
    table = Table.grid(padding=(0, 2))
    if stage := stage_of(order, book.life):
        table.add_row(name_of("field", "stage"), say("order.stage", stage=stage, clause=book.life.stages_clause))
    for name, value in facts_of(order, unmask=unmask).items():
        table.add_row(name_of("field", name), names.get(value, value) if name in _BY_BOOK else value)
    screen.print(table)
    for line in way_of(order):
        screen.print(line)
    if clocks:
        screen.print(say("order.clocks"), style="bold")
    for limit, clock in clocks.items():
        screen.print(say("order.clock_by", clock=_due(limit, clock, now, due_text(clock)), clause=clock.clause))
        for line in explain(clock):
            screen.print(say("order.why", line=line), style="dim")
    screen.print(say("order.history"), style="bold")
    for event in history:
        screen.print(_event_line(event))


def print_clock_changes(changes: tuple[ClockChange, ...]) -> None:
    """Clocks that moved or started anew; how they began and ended stands in the time line."""
    told = [change_text(change) for change in changes if change.before and change.after]
    if told:
        console().print(say("clock.history"), style="bold")
    for line in told:
        console().print(say("order.why", line=line))


def print_owed(owes: tuple[Duty, ...], book: RuleBook) -> None:
    """What the order still owes, in red where it is urgent."""
    for duty in owes:
        name = book.life.records[duty.record].name
        line = say("order.owes", record=name, clause=duty.clause)
        console().print(line, style="bold red" if duty.urgent else "yellow")


def facts_of(order: Order, *, unmask: bool) -> dict[str, str]:
    """What stands on the form, as text; nothing of a confidential order for those who may not read it."""
    if order.withheld:
        return {"title": say("secret.title")}
    details = msgspec.structs.replace(
        order.details, lead=order.lead or order.details.lead, supporting=order.supporting or order.details.supporting
    )
    told = {
        field: _shown(field, getattr(details, field), unmask=unmask)
        for field in OrderDetails.__struct_fields__
        if getattr(details, field)
    }
    return {field: text for field, text in told.items() if text}


def _shown(field: str, value: object, *, unmask: bool) -> str:
    match value:
        case bool():
            return say("sign.yes")
        case int():
            return moment(value) if field in _INSTANTS else str(value)
        case tuple():
            return names_of("unit", value)
    text = str(value)
    if field in _NAMES:
        return shown_name(text, unmask=unmask)
    if field in _NUMBERS:
        return shown_number(text, unmask=unmask)
    return name_of(field, text) if field in _NAMED else text


def _event_line(event: dict[str, Any]) -> str:
    told = say("sign.list").join(
        say("order.told", name=name_of("field", name), value=_value(value)) for name, value in event["fields"].items()
    )
    at = event["at"][:16].replace("T", " ")
    return say("order.event", at=at, what=event["what"], who=event["actor"], told=told).rstrip()


def _value(value: object) -> str:
    if value is True:
        return say("sign.yes")
    return say("sign.list").join(map(str, value)) if isinstance(value, tuple) else str(value)
