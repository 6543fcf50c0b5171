"""What somebody sees: lists and single orders through the eyes of a person at a desk."""

from __future__ import annotations

from agent_console.desk.leaving.seeing import Looked, look_at
from agent_console.desk.listing import newest_orders, orders_containing
from agent_console.desk.opening import OpenDesk
from agent_console.domain.decisions import Blocked
from agent_console.domain.people import Actor

from ..clauses.conftest import Case


def listed(order: Case, actor: Actor, status: str = "") -> set[str]:
    """Ids of the orders in this person's list."""
    return {one.id for one in newest_orders(_opened(order, actor), 100, status=status)}


def found(order: Case, actor: Actor, text: str) -> set[str]:
    """Ids of the orders this person finds by a piece of text."""
    return {one.id for one in orders_containing(_opened(order, actor), text, 100)}


def looked(order: Case, actor: Actor, *, unmask: bool = False, ground: str = "") -> Looked:
    """The order as this person sees it."""
    seen = _look(order, actor, unmask=unmask, ground=ground)
    assert isinstance(seen, Looked), seen
    return seen


def kept_out(order: Case, actor: Actor, *, unmask: bool = False, ground: str = "") -> tuple[tuple[str, ...], str]:
    """Clauses and key of the sentence by which this person does not see it."""
    refused = _look(order, actor, unmask=unmask, ground=ground)
    assert isinstance(refused, Blocked), refused
    return refused.clauses, refused.message.key


def _look(order: Case, actor: Actor, *, unmask: bool, ground: str) -> Looked | Blocked:
    desk = order.desk(actor)
    return look_at(desk, desk.order(order.id), unmask=unmask, ground=ground)


def _opened(order: Case, actor: Actor) -> OpenDesk:
    return OpenDesk(order.desk(actor), order.opened.records, order.opened.store)
