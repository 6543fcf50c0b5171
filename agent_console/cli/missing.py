"""A refusal because something is still to be given: the command that was called knows which option gives it."""

from __future__ import annotations

from agent_console.domain.decisions import Missing
from agent_console.domain.errors import RuleForbids


class FieldsMissing(RuleForbids):
    """A rule asks for fields that were not given; `how`: what the clause says."""

    def __init__(self, decision: Missing, why: str, how: str) -> None:
        """Say why, and what the clause says."""
        super().__init__("error.rule", "advice.rule" if how else None, why=why, how=how)
        self.decision = decision
        self.how = how
