"""What a rule answered, as the screens show it: the refusal, and below it what would unblock it."""

from __future__ import annotations

from agent_console.domain.decisions import Blocked, Decision, Done
from agent_console.texts import wording


def told(decision: Decision) -> str:
    """Why a step was not taken, on which clause, and what would unblock it; "" where it was."""
    if isinstance(decision, Done):
        return ""
    if isinstance(decision, Blocked):
        way_out = wording.told(decision.unblock) if decision.unblock else ""
    else:
        way_out = wording.way_out(decision)
    return "\n".join(filter(None, (wording.refusal(decision), way_out)))
