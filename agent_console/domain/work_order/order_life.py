"""Every command on an order, in one place: main steps, records, corrections, endings; duties before all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from agent_console.domain.confidentiality import sight
from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done
from agent_console.domain.messages import message
from agent_console.domain.units import routing_steps
from agent_console.domain.units.directory_steps import right_refused
from agent_console.domain.work_order import (
    attachments,
    duties,
    order_clocks,
    order_corrections,
    order_endings,
    order_records,
    order_secrecy,
    order_steps,
)
from agent_console.domain.work_order.order_life_facts import Archived
from agent_console.domain.work_order.order_records import WriteRecord
from agent_console.domain.work_order.order_rules import OrderRules
from agent_console.domain.work_order.orders import Order, OrderDispatched, evolve

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
    order_secrecy.ClassifyOrder: order_secrecy.decide_classifying,
    order_secrecy.DeclassifyOrder: order_secrecy.decide_declassifying,
    routing_steps.HandBackOrder: routing_steps.decide_handing_back,
    attachments.AttachFile: attachments.decide_attaching,
    attachments.WithdrawAttachment: attachments.decide_withdrawing,
    routing_steps.PassOnOrder: routing_steps.decide_passing_on,
}

_STEPS: dict[type, str] = {
    order_steps.DispatchOrder: "dispatch",
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
    """What the command leads to for somebody who may write, on an order in their sight."""
    return sight.guarded(order, command, context, _decide)


def _decide(order: Order, command: msgspec.Struct, context: Context) -> Decision:
    """What the command leads to; a step that is allowed still waits for the records it owes."""
    step = f"record.{command.record}" if isinstance(command, WriteRecord) else _STEPS.get(type(command), "")
    refused = right_refused(step, context)
    decision = refused or _DECIDE.get(type(command), order_steps.decide)(order, command, context)
    if not step or not isinstance(decision, Done):
        return decision
    rules = context.rule_book.life
    fields = {**getattr(command, "fields", {}), **order_clocks.lateness(order, context), **_joint(decision)}
    waiting = waits_for(order, rules, step, fields)
    return waiting or _with_redo(order, command, _not_yet_archived(order, decision, rules), context)


def waits_for(order: Order, rules: OrderRules, step: str, fields: dict[str, str]) -> Blocked | None:
    """What `step` says while the order still owes records it waits for; None where it owes none."""
    waiting = duties.blocking(order, rules, step, fields)
    if not waiting:
        return None
    names = "、".join(rules.records[duty.record].name for duty in waiting)
    clauses = tuple(dict.fromkeys(duty.clause for duty in waiting))
    return Blocked(clauses, message("duty.owed", records=names), message("record.write"))


def _not_yet_archived(order: Order, decision: Done, rules: OrderRules) -> Done:
    """A step that would archive the order at once leaves it to be archived by hand while a record is owed for that."""
    if not any(isinstance(body, Archived) for body in decision.facts) or not duties.blocking(order, rules, "archive"):
        return decision
    return Done(tuple(body for body in decision.facts if not isinstance(body, Archived)))


def _joint(decision: Done) -> dict[str, str]:
    """Whether the step hands the order to several units."""
    given = next((body for body in decision.facts if isinstance(body, OrderDispatched)), None)
    return {} if given is None else {"joint": "true" if given.supporting else "false"}


def _with_redo(order: Order, command: msgspec.Struct, decision: Done, context: Context) -> Done:
    """A record that sends the order back by itself carries the redo with it."""
    rule = context.rule_book.life.redo
    ground = rule.at_once.get(command.record, "") if rule is not None and isinstance(command, WriteRecord) else ""
    if not ground:
        return decision
    written = order
    for happened in decision.facts:
        written = evolve(written, happened)
    redo = order_endings.decide_redo(written, order_endings.RedoOrder(ground), context)
    return Done((*decision.facts, *redo.facts)) if isinstance(redo, Done) else decision


def stage_of(order: Order, rules: OrderRules) -> str:
    """The stage the rule book would say the order is in, "" where it knows no stages."""
    return next((stage for stage, facts in rules.stages.items() if duties.holds(facts, order, {})), "")
