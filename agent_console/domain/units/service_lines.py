"""The service line a call or an order came in on."""

from __future__ import annotations

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision
from agent_console.domain.messages import message
from agent_console.domain.units.directory import Directory, ServiceLine
from agent_console.domain.units.routing_rules import LineRule
from agent_console.domain.work_order.order_details import OrderDetails
from agent_console.domain.work_order.order_life_facts import Flagged


def line_of(name: str, directory: Directory) -> ServiceLine | None:
    """The service line of that name or number."""
    return next((line for line in directory.lines.values() if name and name in (line.name, line.number)), None)


def known_line(name: str, directory: Directory) -> str:
    """The line as the directory writes it; "" where it lists others; as it stands where it lists none."""
    found = line_of(name, directory)
    return found.name if found is not None else "" if directory.lines else name


def by_name(details: OrderDetails, context: Context) -> OrderDetails:
    """The form with the line as the directory writes it."""
    found = line_of(details.line, context.directory)
    return details if found is None else msgspec.structs.replace(details, line=found.name)


def refused(details: OrderDetails, context: Context) -> Decision | None:
    """An order from a line that the directory does not list, once it lists any."""
    rule, lines = context.rule_book.routing.lines, context.directory.lines
    if rule is None or not lines or not details.line or line_of(details.line, context.directory):
        return None
    known = message("routing.lines", lines="、".join(lines))
    return Blocked((rule.clause,), message("routing.unknown_line", line=details.line), known)


def _is_merged(line: ServiceLine | None, rule: LineRule | None) -> bool:
    return rule is not None and line is not None and bool(rule.merged) and line.way == rule.merged_way


def merged(details: OrderDetails, context: Context) -> tuple[Flagged, ...]:
    """The flag of an order from a merged line: what follows from it the rule book says; none where not."""
    rule, line = context.rule_book.routing.lines, line_of(details.line, context.directory)
    if rule is None or line is None or not _is_merged(line, rule):
        return ()
    return (Flagged(rule.merged, on=True, cause=line.name, occurred_at=context.now),)


def transfer_refused(target: str, context: Context) -> Decision | None:
    """A caller is not handed over to a merged line: what came in on it is taken and answered here."""
    rule, line = context.rule_book.routing.lines, line_of(target, context.directory)
    if rule is None or line is None or not _is_merged(line, rule):
        return None
    return Blocked((rule.clause,), message("routing.merged_line", line=line.name), message("routing.take_it"))
