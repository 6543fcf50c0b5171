"""The outcome of a call as options of the command line: one of them is given, and only one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import typer

from agent_console.cli.options import pairs, worded
from agent_console.domain.intake.outcomes import Answered, FollowedUp, Interrupted, Outcome, Refused, Transferred
from agent_console.texts import say

_TRANSFER = "transfer"


OUTCOMES = {
    "answered": worded(str, "help.answered", "--answered", "outcome", "ENTRY"),
    "refused": worded(str, "help.refused", "--refused", "outcome", "CLAUSE"),
    "transferred": worded(str, "help.transferred", "--transferred", "outcome", "TARGET"),
    "way": worded(str, "help.way", "--way", "outcome", "WAY"),
    "follow_up": worded(str, "help.follow_up", "--follow-up", "outcome", "NUMBER"),
    "interrupted": worded(bool, "help.interrupted", "--interrupted", "outcome"),
    "invalid": worded(str, "help.invalid", "--invalid", "outcome", "REASON"),
    "explained": worded(bool, "help.explained", "--explained", "refusal"),
    "guided": worded(bool, "help.guided", "--guided", "refusal"),
    "reason": worded(str, "help.refusal_reason", "--reason", "refusal"),
    "earlier_order": worded(str, "help.earlier_order", "--earlier-order", "refusal", "NUMBER"),
    "field": worded(list[str], "help.refusal_field", "--field", "refusal", "NAME=VALUE"),
}
"""Options of `call log` that say what came of the matter."""


def outcome_of(told: Mapping[str, Any]) -> Outcome | None:
    """The one outcome that was told; None for a call without a matter. Raises typer.BadParameter, BadInput."""
    fields = pairs(told["field"])
    refusal = Refused(
        told["refused"] or "",
        explained=bool(told["explained"]),
        guided=bool(told["guided"]),
        reason=told["reason"] or "",
        earlier_order=told["earlier_order"] or "",
        told=fields,
    )
    outcomes: dict[str, Outcome | None] = {
        "answered": Answered(told["answered"] or ""),
        "refused": refusal,
        "transferred": Transferred(told["transferred"] or "", told["way"] or _TRANSFER, told=fields),
        "follow_up": FollowedUp(told["follow_up"] or ""),
        "interrupted": Interrupted(),
        "invalid": None,
    }
    chosen = [name for name in outcomes if told[name] or (name == "answered" and told[name] is not None)]
    if len(chosen) != 1:
        raise typer.BadParameter(say("call.one_outcome"))
    return outcomes[chosen[0]]
