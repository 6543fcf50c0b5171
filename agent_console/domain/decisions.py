"""What deciding a command can answer: the only four answers a rule gives."""

from __future__ import annotations

import msgspec

from agent_console.domain.messages import Message


class Done(msgspec.Struct, frozen=True):
    """The command is allowed; these facts follow from it, in order."""

    facts: tuple[msgspec.Struct, ...]


class Missing(msgspec.Struct, frozen=True):
    """Fields the rule book asks for are empty; `clause` says where it asks."""

    fields: tuple[str, ...]
    clause: str = ""


class Blocked(msgspec.Struct, frozen=True):
    """A rule forbids the step now: the clauses, why, and what would unblock it."""

    clauses: tuple[str, ...]
    message: Message
    unblock: Message | None = None


class NeedsOverride(msgspec.Struct, frozen=True):
    """Somebody of `role` may allow it, and the record must say so."""

    role: str
    clause: str
    message: Message


Decision = Done | Missing | Blocked | NeedsOverride
