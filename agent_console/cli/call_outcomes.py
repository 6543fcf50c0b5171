"""The outcome of a call as options of the command line: one of them is given, and only one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from agent_console.cli.options import pairs
from agent_console.domain.intake.outcomes import Answered, FollowedUp, Interrupted, Outcome, Refused, Transferred
from agent_console.texts import say

_TRANSFER = "transfer"


def _told(kind: Any, key: str, panel: str, flag: str, metavar: str | None = None) -> Any:
    option = typer.Option(flag, metavar=metavar, help=say(key), rich_help_panel=say(f"help.panel.{panel}"))
    return Annotated[kind | None, option]


OUTCOMES = {
    "answered": _told(str, "help.answered", "outcome", "--answered", "ENTRY"),
    "refused": _told(str, "help.refused", "outcome", "--refused", "CLAUSE"),
    "transferred": _told(str, "help.transferred", "outcome", "--transferred", "TARGET"),
    "way": _told(str, "help.way", "outcome", "--way", "WAY"),
    "follow_up": _told(str, "help.follow_up", "outcome", "--follow-up", "NUMBER"),
    "interrupted": _told(bool, "help.interrupted", "outcome", "--interrupted"),
    "invalid": _told(str, "help.invalid", "outcome", "--invalid", "REASON"),
    "explained": _told(bool, "help.explained", "refusal", "--explained"),
    "guided": _told(bool, "help.guided", "refusal", "--guided"),
    "reason": _told(str, "help.refusal_reason", "refusal", "--reason"),
    "earlier_order": _told(str, "help.earlier_order", "refusal", "--earlier-order", "NUMBER"),
    "field": _told(list[str], "help.refusal_field", "refusal", "--field", "NAME=VALUE"),
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
