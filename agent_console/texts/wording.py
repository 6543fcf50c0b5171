"""Names and sentences for what the domain says of calls, orders and seats."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable

from agent_console.domain.decisions import Blocked, Missing, NeedsOverride
from agent_console.domain.instants import Instant, local
from agent_console.domain.messages import Field, Message
from agent_console.texts import TEXTS, say

_NAMED = {"event": "event", "given": "event", "unit": "unit", "limit": "limit"}
_LISTED = {"role": "role", "roles": "role"}
_INSTANTS = ("at", "applied")
_ERRNOS = ("ENOENT", "EACCES", "EPERM", "EEXIST", "EISDIR", "ENOTDIR", "ENOSPC", "EROFS", "ENAMETOOLONG", "EIO")
_SYSTEM = {os.strerror(getattr(errno, name)): TEXTS[f"system.{name.lower()}"] for name in _ERRNOS}
"""What the operating system says of a file, in the language of the console."""


def name_of(sort: str, name: str) -> str:
    """Name on the screen of a field, role, status …; one without a wording stands as it is."""
    return TEXTS.get(f"{sort}.{name}", name)


def names_of(sort: str, names: Iterable[str]) -> str:
    """Names on the screen, joined."""
    return say("sign.list").join(name_of(sort, name) for name in names)


def told(message: Message) -> str:
    """Wording of a message that the domain named: instants as times, events, units, limits and roles by name."""
    fields = {name: _field(name, value) for name, value in message.fields.items()}
    if message.fields.get("unit") == "half_working_day" and "amount" in fields:
        fields["amount"] = f"{int(message.fields['amount']) / 2:g}"
    return say(message.key, **fields)


def moment(instant: Instant) -> str:
    """Date and time to the minute, Asia/Shanghai."""
    return f"{local(instant):%Y-%m-%d %H:%M}"


def all_told(messages: Iterable[Message]) -> str:
    """Wording of several messages, joined."""
    return say("sign.list").join(told(message) for message in messages)


def refusal(decision: Missing | Blocked | NeedsOverride) -> str:
    """What a rule says, in one sentence, its clauses named."""
    match decision:
        case Missing(fields):
            return still_missing(decision, [name_of("field", field) for field in fields])
        case Blocked(clauses, message):
            return _cited(say("sign.list").join(filter(None, clauses)), told(message))
        case NeedsOverride(_, clause, message):
            return _cited(clause, told(message))


def still_missing(decision: Missing, named: Iterable[str]) -> str:
    """What is still missing, its fields as they are named here, and the clause that asks for it."""
    key = "decision.missing_by" if decision.clause else "decision.missing"
    return say(key, fields=say("sign.list").join(named), clause=decision.clause)


def way_out(decision: Missing | Blocked | NeedsOverride) -> str:
    """What would unblock it; "" where nothing would, or where the refusal says so itself."""
    match decision:
        case Blocked(unblock=Message() as how):
            return say("decision.unblock", how=told(how))
        case NeedsOverride(role):
            return say("decision.override_by", role=name_of("role", role))
        case _:
            return ""


def _cited(clauses: str, why: str) -> str:
    """The sentence behind its clauses; a reason of a limit names its clause itself."""
    return why if why.startswith(clauses) else say("decision.cited", clauses=clauses, why=why)


def _field(name: str, value: Field) -> Field:
    if name in _LISTED:
        return names_of(_LISTED[name], str(value).split("、"))
    if name in _INSTANTS and isinstance(value, int):
        return moment(value)
    if name == "reason":
        return _SYSTEM.get(str(value), value)
    return name_of(_NAMED[name], str(value)) if name in _NAMED else value
