"""What a rule answered, in words."""

from __future__ import annotations

from agent_console.domain.decisions import Blocked, Decision, Missing, NeedsOverride
from agent_console.texts import say, sentence


def told(decision: Decision) -> str:
    """Why a step was not taken, on which clause, and what would unblock it."""
    match decision:
        case Missing(fields=fields, clause=clause):
            names = "、".join(say(f"field.{name}") for name in fields)
            key = "decision.missing_by" if clause else "decision.missing"
            return say(key, fields=names, clause=clause)
        case Blocked(clauses=clauses, message=why, unblock=unblock):
            text = sentence(why)
            if clauses:
                text = say("decision.cited", clauses="、".join(clauses), why=text)
            return text + ("\n" + sentence(unblock) if unblock else "")
        case NeedsOverride(role=role, clause=clause, message=why):
            cited = say("decision.cited", clauses=clause, why=sentence(why))
            return cited + "\n" + say("decision.override_by", role=say(f"role.{role}"))
        case _:
            return ""
