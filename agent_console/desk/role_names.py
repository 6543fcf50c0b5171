"""Roles that only one rule book knows, by the name the book gives them."""

from __future__ import annotations

import msgspec

from agent_console.domain.decisions import Blocked, Decision, NeedsOverride
from agent_console.domain.messages import Message
from agent_console.domain.rule_book import RuleBook
from agent_console.texts import TEXTS

_ROLES = ("role", "roles")
_SIGN = "、"


def with_role_names(decision: Decision, book: RuleBook) -> Decision:
    """The decision with the names of the book's own roles in its sentence; roles the console knows stay as they are."""
    if not isinstance(decision, Blocked | NeedsOverride):
        return decision
    return msgspec.structs.replace(decision, message=_named(decision.message, book))


def _named(told: Message, book: RuleBook) -> Message:
    fields = {
        name: _SIGN.join(_name(role, book) for role in str(value).split(_SIGN)) if name in _ROLES else value
        for name, value in told.fields.items()
    }
    return Message(told.key, fields)


def _name(role: str, book: RuleBook) -> str:
    rule = book.roles.get(role)
    return role if rule is None or f"role.{role}" in TEXTS else rule.name
