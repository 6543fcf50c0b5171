"""Calling citizens back: whom, and how many of a hundred."""

from __future__ import annotations

from agent_console.desk.desk import Desk
from agent_console.desk.listing import visible
from agent_console.desk.records import Records
from agent_console.domain.callback_queue import SetShare, Share, decide_share, evolve_share, waiting
from agent_console.domain.decisions import Decision
from agent_console.domain.orders import Order

_STREAM = "line:callback"
_MOST = 100_000


def set_share(desk: Desk, percent: int) -> Decision:
    """Call back so many of a hundred finished orders from now on."""
    with desk.transaction():
        return desk.step(_STREAM, Share(), evolve_share, decide_share, SetShare(percent))


def share(desk: Desk) -> int:
    """How many of a hundred are called back; 0 while nobody has said."""
    state = Share()
    for event in desk.store.log.load(_STREAM):
        state = evolve_share(state, event.fact)
    return state.percent


def queue(desk: Desk, records: Records) -> list[Order]:
    """Orders to be called back, a unit's own where somebody of a unit asks."""
    rule = desk.rule_book.life.callback
    if rule is None:
        return []
    unit = desk.actor.unit
    finished = visible(desk, records.orders(_MOST, status="completed"))
    return waiting([order for order in finished if unit in ("", order.lead)], rule, share(desk))
