"""An order of another seat of which this one has the outline only: what that tells, and who is shown the rest."""

from __future__ import annotations

import msgspec

from agent_console.desk.listing import sight
from agent_console.desk.opening import OpenDesk
from agent_console.domain.confidentiality.sight import sight_of
from agent_console.domain.errors import BadInput, UnknownName
from agent_console.domain.people import OPERATOR, Actor
from agent_console.domain.time_limits.rule_due import Deadline
from agent_console.domain.units.directory import Directory
from agent_console.domain.work_order.order_clocks import dispatching
from agent_console.domain.work_order.order_numbers import grouped
from agent_console.domain.work_order.orders import Order, OrderDetails
from agent_console.store.mirror import KeptOutline
from agent_console.texts import say
from agent_console.texts.explain import due_text
from agent_console.texts.wording import moment, name_of


class Elsewhere(msgspec.Struct, frozen=True):
    """What is known of it. dispatch: until when it has to be handed to a unit, None once it was: later clocks rest on
    what happened to it since, which is not here. readers: names of the roles that are told the whole of every order.
    """

    outline: KeptOutline
    dispatch: Deadline | None
    readers: tuple[str, ...]


def look_up(opened: OpenDesk, name: str) -> Elsewhere | None:
    """The outline of an order by its number or the last five digits of it.

    None where the order is here, nobody told of it, or whoever asks is not to know of all orders. Raises BadInput where
    several fit.
    """
    desk, records = opened.desk, opened.records
    try:
        records.order(name)
    except UnknownName:
        known = records.outlines(name)
    else:
        return None
    rule = desk.rule_book.roles.get(desk.actor.role)
    if not known or rule is None or rule.of_unit or not sight(desk).everything:
        return None
    if len(known) > 1:
        raise BadInput("error.order_ambiguous", "advice.order", name=name, count=len(known))
    return Elsewhere(known[0], _dispatch(opened, known[0]), _readers(opened))


def _dispatch(opened: OpenDesk, known: KeptOutline) -> Deadline | None:
    if known.status != "raised":
        return None
    details = OrderDetails(kind=known.kind, urgency=known.urgency, lead=known.lead)
    clock = dispatching(Order(raised_at=known.raised_at, details=details), opened.desk.context())
    return clock if clock.due is not None else None


def _readers(opened: OpenDesk) -> tuple[str, ...]:
    book = opened.desk.rule_book
    return tuple(
        rule.name
        for role, rule in book.roles.items()
        if role != OPERATOR and not rule.of_unit and sight_of(Actor("", role), book, Directory()).everything
    )


def outline_lines(known: Elsewhere) -> list[str]:
    """It as a person reads it, the number first, with the sentence that the rest is not here last."""
    outline, clock = known.outline, known.dispatch
    told = {
        name_of("field", "lead"): outline.lead or say("elsewhere.no_unit"),
        name_of("field", "kind"): outline.kind,
        say("elsewhere.topic"): outline.topic,
        name_of("field", "place"): outline.place,
        name_of("field", "urgency"): name_of("urgency", outline.urgency) if outline.urgency else "",
        say("elsewhere.since"): moment(outline.raised_at),
    }
    due = say("elsewhere.dispatch", due=due_text(clock), clause=clock.clause) if clock else say("elsewhere.no_clock")
    return [
        say("order.step_done", number=grouped(outline.number), status=name_of("order_status", outline.status)),
        *(say("elsewhere.field", name=name, value=value) for name, value in told.items() if value),
        due,
        say("elsewhere.as_of", at=moment(outline.as_of)),
        say("elsewhere.rest", readers=say("sign.list").join(known.readers)),
    ]
