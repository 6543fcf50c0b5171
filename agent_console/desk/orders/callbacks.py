"""Calling citizens back: whom, and how many of a hundred."""

from __future__ import annotations

from agent_console.desk.desk import Desk
from agent_console.desk.listing import sight, visible
from agent_console.desk.records import Records
from agent_console.domain.decisions import Decision
from agent_console.domain.work_order.callback_queue import (
    SetShare,
    Share,
    decide_share,
    evolve_share,
    is_chosen,
    waiting,
)
from agent_console.domain.work_order.order_rules import CallbackRule
from agent_console.domain.work_order.orders import Order
from agent_console.store.projections.work import Finished

_STREAM = "line:callback"
_AT_ONCE = 500


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


def queue(desk: Desk, records: Records, most: int = -1) -> list[Order]:
    """Orders to be called back, a unit's own where somebody of a unit asks; at most so many, -1 for all.

    They are told from the open columns; only those that may be chosen are opened.
    """
    rule = desk.rule_book.life.callback
    if rule is None:
        return []
    percent = share(desk)
    may_be = [one for one in records.work.not_reached(sight(desk), desk.actor.unit) if _may_be(one, rule, percent)]
    may_be.sort(key=lambda one: rule.dissatisfied_first and not one.is_dissatisfied)
    found: list[Order] = []
    for start in range(0, len(may_be), _AT_ONCE):
        streams = [one.stream for one in may_be[start : start + _AT_ONCE]]
        found += waiting(visible(desk, records.orders_of(streams)), rule, percent)
        if 0 <= most <= len(found):
            return found[:most]
    return found


def _may_be(one: Finished, rule: CallbackRule, percent: int) -> bool:
    """Whether an order is chosen, told by its open columns as `waiting` would."""
    return is_chosen(one.stream.removeprefix("order:"), rule, percent, is_dissatisfied=one.is_dissatisfied)
