"""Due times: what a rule book says about one limit, in one situation, from one start."""

from __future__ import annotations

from agent_console.domain.time_limits.extensions import apply_by, decide_extension
from agent_console.domain.time_limits.limits import LimitTable
from agent_console.domain.time_limits.rule_due import Deadline, ExtensionDecision, Question, rule_due
from agent_console.domain.time_limits.situation import ExtensionRequest, Situation, Start, StatutoryLimit
from agent_console.domain.time_limits.working_time import Calendar

__all__ = ["Deadline", "ExtensionDecision", "ExtensionRequest", "Situation", "Start", "StatutoryLimit", "due"]


def due(table: LimitTable, limit: str, situation: Situation, start: Start, calendar: Calendar) -> Deadline:
    """Deadline of `limit` counted from `start`, Asia/Shanghai, with the clause and every reason.

    A limit the book does not know gives a Deadline without due time. `extension_apply_by` and
    `extension_new_due` take the start of the handling limit.
    """
    question = Question(table, limit, situation, start, calendar)
    match limit:
        case "extension_apply_by":
            return apply_by(question)
        case "extension_new_due":
            return decide_extension(question)
        case _:
            return rule_due(question)
