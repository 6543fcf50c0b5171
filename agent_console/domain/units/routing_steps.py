"""Who may hand an order to which unit, and the ways that are no dispatch: pushed upwards, handed back, passed on."""

from __future__ import annotations

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done, Missing
from agent_console.domain.messages import message
from agent_console.domain.units.routing import fallback_of, gateway
from agent_console.domain.units.routing_rules import FallbackRule, ReservedTier
from agent_console.domain.work_order.order_life_facts import Flagged, OrderHandedBack, OrderPassedOn, OrderPushed
from agent_console.domain.work_order.orders import Order

_PASSABLE = ("dispatched", "signed")
DEPARTMENTS, REGIONS = "跨部门", "跨区域"
"""Causes of the flag of orders that cross a boundary."""


class HandBackOrder(msgspec.Struct, frozen=True):
    """The agency above leaves a pushed order to the line again."""

    reason: str


class PassOnOrder(msgspec.Struct, frozen=True):
    """A unit lets one right under it do the work; naming the lead itself takes it back."""

    unit: str


def refused(order: Order, lead: str, supporting: tuple[str, ...], context: Context) -> Decision | None:
    """Why these units cannot get the order from this person; None where they can, or where it is pushed instead."""
    return (
        _not_the_fallback(order, lead, context)
        or _past_its_parent((lead, *supporting), context)
        or _with_the_agency(order, context)
    )


def leads_to(lead: str, unit: str, context: Context) -> bool:
    """Whether an order that goes to `lead` reaches that unit: straight away, or by way of `lead`."""
    rule = context.rule_book.routing.through_parent
    return lead == unit or (rule is not None and lead == gateway(unit, rule, context.directory))


def _not_the_fallback(order: Order, lead: str, context: Context) -> Decision | None:
    rule = context.rule_book.routing.fallback
    if rule is None or rule.flag not in order.flags:
        return None
    unit = _fallback(order, rule, context)
    if leads_to(lead, unit, context):
        return None
    name = context.rule_book.life.records[rule.record].name
    why = message("routing.fallback_only", unit=unit) if unit else message("routing.no_fallback")
    return Blocked((rule.clause,), why, message("routing.name_fallback", record=name))


def _fallback(order: Order, rule: FallbackRule, context: Context) -> str:
    named = order.recorded(rule.record)
    if named:
        return named[-1].fields.get(rule.unit, "")
    return fallback_of(order.details, context.directory) if rule.from_list else ""


def _past_its_parent(units: tuple[str, ...], context: Context) -> Decision | None:
    rule = context.rule_book.routing.through_parent
    ways = {unit: gateway(unit, rule, context.directory) for unit in units if rule is not None}
    below = next((unit for unit, way in ways.items() if way), "")
    if rule is None or not below:
        return None
    parent = ways[below]
    how = message("routing.dispatch_to_parent", parent=parent)
    return Blocked((rule.clause,), message("routing.through_parent", name=below, parent=parent), how)


def _with_the_agency(order: Order, context: Context) -> Decision | None:
    rule = context.rule_book.routing.reserved
    if rule is None:
        return None
    is_agency = context.actor.role in rule.roles
    if order.agency and not is_agency:
        return Blocked(
            (rule.push_clause,), message("routing.is_pushed", agency=order.agency), message("routing.wait_for_agency")
        )
    if is_agency and not order.agency and not _escalated(order, context):
        return Blocked((rule.clause,), message("routing.not_pushed", agency=rule.agency))
    return None


def _escalated(order: Order, context: Context) -> bool:
    rule = context.rule_book.routing.crossing
    return rule is not None and bool(order.recorded(rule.record))


def pushed(lead: str, supporting: tuple[str, ...], context: Context) -> tuple[OrderPushed, ...]:
    """The fact that stands in place of a dispatch where a unit is reserved for the agency above; none where not."""
    rule = context.rule_book.routing.reserved
    if rule is None or context.actor.role in rule.roles or not _reserved((lead, *supporting), rule, context):
        return ()
    return (OrderPushed(rule.agency, lead, supporting, context.now),)


def _reserved(units: tuple[str, ...], rule: ReservedTier, context: Context) -> bool:
    return any(context.directory.tier_of(unit) == rule.tier for unit in units)


def crossing(order: Order, lead: str, supporting: tuple[str, ...], context: Context) -> tuple[Flagged, ...]:
    """The flag of an order whose units belong to several departments or regions; none where it carries it already."""
    rule = context.rule_book.routing.crossing
    if rule is None or rule.flag in order.flags or not supporting:
        return ()
    listed = [found for unit in (lead, *supporting) if (found := context.directory.unit(unit))]
    regions = {unit.region for unit in listed if unit.region}
    cause = REGIONS if len(regions) > 1 else DEPARTMENTS
    return (Flagged(rule.flag, on=True, cause=cause, occurred_at=context.now),)


def decide_handing_back(order: Order, command: HandBackOrder, context: Context) -> Decision:
    """The agency above does not take a pushed order; the line dispatches it itself then."""
    rule = context.rule_book.routing.reserved
    if rule is None or not order.agency:
        return Blocked((rule.push_clause,) if rule else (), message("routing.nothing_pushed"))
    if context.actor.role not in rule.roles:
        roles = "、".join(rule.roles)
        return Blocked((rule.clause,), message("order.not_your_step", role=context.actor.role, roles=roles))
    if not command.reason.strip():
        return Missing(("reason",), rule.push_clause)
    return Done((OrderHandedBack(order.agency, command.reason, context.now),))


def decide_passing_on(order: Order, command: PassOnOrder, context: Context) -> Decision:
    """A unit passes an order on to one right under it; both stay in the chain, and no clock moves."""
    rule = context.rule_book.routing.passing_on
    if rule is None:
        return Blocked((), message("routing.no_passing_on", book=context.rule_book.short_title))
    if order.status not in _PASSABLE:
        why, how = message(f"order.step_not_now.{order.status}"), message(f"order.next_step.{order.status}")
        return Blocked((rule.clause,), why, how)
    actor = context.actor
    if actor.role not in rule.roles:
        return Blocked((rule.clause,), message("order.not_your_step", role=actor.role, roles="、".join(rule.roles)))
    if actor.unit not in order.handlers:
        return Blocked((rule.clause,), message("order.not_your_order", unit=order.lead))
    holder = order.handlers[-1]
    listed = context.directory.unit(command.unit)
    takes_back = command.unit == order.lead == actor.unit and bool(order.passed)
    if not takes_back and (listed is None or listed.parent != holder):
        return Blocked((rule.clause,), message("routing.not_under", name=command.unit, parent=holder))
    return Done((OrderPassedOn(holder, command.unit, context.now),))
