"""Every command on an order, in one place: main steps, records, corrections, endings; duties before all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from agent_console.domain import duties, order_corrections, order_endings, order_records, order_steps
from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done
from agent_console.domain.messages import message
from agent_console.domain.orders import Order

Decide = Callable[[Order, Any, Context], Decision]

_DECIDE: dict[type, Decide] = {
    order_records.WriteRecord: order_records.decide_record,
    order_records.SetFlag: order_records.decide_flag,
    order_corrections.AmendOrder: order_corrections.decide_amendment,
    order_corrections.AddToOrder: order_corrections.decide_supplement,
    order_corrections.ReassignOrder: order_corrections.decide_reassignment,
    order_corrections.JoinCaller: order_corrections.decide_joining,
    order_endings.RateOrder: order_endings.decide_rating,
    order_endings.RedoOrder: order_endings.decide_redo,
    order_endings.ArchiveOrder: order_endings.decide_archive,
    order_endings.ReopenOrder: order_endings.decide_reopening,
    order_endings.WithdrawOrder: order_endings.decide_withdrawal,
    order_endings.VoidOrder: order_endings.decide_voiding,
    order_endings.UndoOrder: order_endings.decide_undo,
    order_endings.MergeOrder: order_endings.decide_merge,
}

_STEPS: dict[type, str] = {
    order_steps.SignOrder: "sign",
    order_steps.ReturnOrder: "return",
    order_steps.ExtendOrder: "extend",
    order_steps.CompleteOrder: "complete",
    order_corrections.ReassignOrder: "reassign",
    order_endings.RateOrder: "rate",
    order_endings.ArchiveOrder: "archive",
}
"""Steps a duty can stand before, by the name the rule books use."""


def decide(order: Order, command: msgspec.Struct, context: Context) -> Decision:
    """What the command leads to; a step that is allowed still waits for the records it owes."""
    decision = _DECIDE.get(type(command), order_steps.decide)(order, command, context)
    step = _STEPS.get(type(command), "")
    if not step or not isinstance(decision, Done):
        return decision
    waiting = duties.blocking(order, context.rule_book.life, step, getattr(command, "fields", None))
    if not waiting:
        return decision
    names = "、".join(context.rule_book.life.records[duty.record].name for duty in waiting)
    clauses = tuple(dict.fromkeys(duty.clause for duty in waiting))
    return Blocked(clauses, message("duty.owed", records=names), message("record.write"))
