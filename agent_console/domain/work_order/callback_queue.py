"""Which finished orders are called back: all of them, or a share that a lead sets, drawn by chance.

The draw is a function of the order alone: asked twice it gives the same answer, and nobody can choose.
"""

from __future__ import annotations

from hashlib import blake2b

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done, Missing
from agent_console.domain.events import fact
from agent_console.domain.instants import Instant
from agent_console.domain.messages import message
from agent_console.domain.work_order import duties
from agent_console.domain.work_order.order_endings import called_back
from agent_console.domain.work_order.order_rules import CallbackRule
from agent_console.domain.work_order.orders import Order

WHOLE = 100
DISSATISFIED = "dissatisfied"


@fact("callback.share_set")
class ShareSet(msgspec.Struct, frozen=True):
    """So many of a hundred finished orders are called back from now on."""

    percent: int
    occurred_at: Instant


class Share(msgspec.Struct, frozen=True):
    """The share in force; nothing is drawn before a lead has set one."""

    percent: int = 0


class SetShare(msgspec.Struct, frozen=True):
    """Call back so many of a hundred."""

    percent: int


def decide_share(_share: Share, command: SetShare, context: Context) -> Decision:
    """A share is set by those the book names, where it draws samples at all."""
    rule = context.rule_book.life.callback
    if rule is None:
        return Blocked((), message("life.no_callback", book=context.rule_book.short_title))
    if rule.mode == "all":
        return Blocked((rule.clause,), message("callback.all"))
    if context.actor.role not in rule.rate_roles:
        roles = "、".join(rule.rate_roles)
        return Blocked((rule.clause,), message("order.not_your_step", role=context.actor.role, roles=roles))
    if not 0 < command.percent <= WHOLE:
        return Missing(("percent",), rule.clause)
    return Done((ShareSet(command.percent, context.now),))


def evolve_share(share: Share, happened: msgspec.Struct | None) -> Share:
    """The share after a fact."""
    return Share(happened.percent) if isinstance(happened, ShareSet) else share


def drawn(order_id: str, percent: int) -> bool:
    """Whether the order is in a sample of that share."""
    number = int.from_bytes(blake2b(order_id.encode(), digest_size=8).digest())
    return number % WHOLE < percent


def waiting(orders: list[Order], rule: CallbackRule, percent: int) -> list[Order]:
    """Finished orders whose citizen has to be called back, in the order of the rule."""
    open_ones = [order for order in orders if order.status == "completed" and not called_back(order, rule)]
    chosen = [
        order
        for order in open_ones
        if duties.holds(rule.only, order, {})
        and is_chosen(order.id, rule, percent, is_dissatisfied=order.rating == DISSATISFIED)
    ]
    return sorted(chosen, key=lambda order: rule.dissatisfied_first and order.rating != DISSATISFIED)


def is_chosen(order_id: str, rule: CallbackRule, percent: int, *, is_dissatisfied: bool) -> bool:
    """Whether an order is called back: all are, or the dissatisfied first, or the draw falls on it."""
    return rule.mode == "all" or (rule.dissatisfied_first and is_dissatisfied) or drawn(order_id, percent)
