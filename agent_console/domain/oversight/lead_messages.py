"""A word from a lead to one seat or to all of them."""

from __future__ import annotations

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done, Missing
from agent_console.domain.events import fact
from agent_console.domain.instants import Instant
from agent_console.domain.messages import message

_WATCHING = "watch"


@fact("message.sent", personal=("text",))
class MessageSent(msgspec.Struct, frozen=True):
    """Somebody who watches the line told the seats something; device: of the one seat it is for, "" for all."""

    text: str
    device: str
    occurred_at: Instant


class SendMessage(msgspec.Struct, frozen=True):
    """Tell them."""

    text: str
    device: str = ""


def decide(_: None, command: SendMessage, context: Context) -> Decision:
    """Whoever watches the line by the rule book may; with words."""
    rule = context.rule_book.roles.get(context.actor.role)
    if rule is None or rule.home != _WATCHING:
        clauses = (rule.clause,) if rule is not None and rule.clause else ()
        return Blocked(clauses, message("sync.no_messages", role=context.actor.role))
    if not command.text.strip():
        return Missing(("text",))
    return Done((MessageSent(command.text.strip(), command.device, context.now),))
