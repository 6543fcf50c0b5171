"""What stands in the tray, in words: what was done here beside what the server has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from agent_console.domain.events import Event
from agent_console.domain.messages import Message
from agent_console.store.outbox import KeptEntry
from agent_console.sync.wire import Reason, Verdict
from agent_console.texts import TEXTS, say, sentence
from agent_console.texts.wording import moment, name_of

_HIDDEN = {"occurred_at", "recorded_at", "id"}
"""Fields of a fact that its line says already."""
_TAIL = 12
"""Characters of an id that are shown; the beginning tells the time only."""


def item_line(entry: KeptEntry, verdict: Verdict | None) -> str:
    """One entry on one line."""
    return say(
        "sync.tray_line",
        id=entry.id[-_TAIL:],
        time=moment(entry.at),
        state=say(f"sync.state.{entry.state}"),
        what=done_text(entry),
        why=why_text(entry, verdict),
    ).rstrip()


def item_lines(entry: KeptEntry, verdict: Verdict | None, theirs: Sequence[Event]) -> list[str]:
    """One entry in full: reason, what was done here, what the server has."""
    reason = verdict.reason if verdict is not None else None
    lines = [item_line(entry, verdict)]
    if reason is not None and reason.clauses:
        lines.append(say("sync.clauses", clauses=say("sign.list").join(reason.clauses)))
    if reason is not None and reason.unblock:
        lines.append(_worded(reason.unblock, reason.values))
    return [*lines, "", say("sync.mine"), *mine_lines(entry), "", say("sync.theirs"), *theirs_lines(theirs)]


def done_text(entry: KeptEntry) -> str:
    """What somebody did in an entry, by the names of its steps."""
    names = (name_of("command", step.command) for step in entry.steps)
    return say("sign.list").join(dict.fromkeys(names)) or say("sync.content_gone")


def mine_lines(entry: KeptEntry) -> list[str]:
    """What was typed here."""
    lines: list[str] = []
    for step in entry.steps:
        lines.append(f"{moment(entry.at)} {entry.actor} {name_of('command', step.command)}")
        told = msgspec.json.decode(step.body) if step.body else None
        lines += [f"  {line}" for line in (_fields(told) if told is not None else [say("sync.content_gone")])]
    return lines or [say("sync.content_gone")]


def theirs_lines(theirs: Sequence[Event]) -> list[str]:
    """What was there first."""
    lines: list[str] = []
    for event in theirs:
        envelope = event.envelope
        lines.append(f"{moment(envelope.occurred_at)} {envelope.actor} {name_of('fact', envelope.type)}")
        told = msgspec.to_builtins(event.fact) if event.fact is not None else None
        lines += [f"  {line}" for line in (_fields(told) if told is not None else [say("sync.content_gone")])]
    return lines or [say("sync.no_theirs")]


def why_text(entry: KeptEntry, verdict: Verdict | None) -> str:
    """Why an entry stands in the tray, in one sentence."""
    if entry.state == "held":
        return say("sync.held_why")
    return reason_text(verdict.reason if verdict is not None else None)


def reason_text(reason: Reason | None) -> str:
    """Why the server said no, in one sentence."""
    return _worded(reason.key, reason.values) if reason is not None else ""


def _worded(key: str, values: dict[str, str | int]) -> str:
    """A newer server may name a reason this program has no words for."""
    if key not in TEXTS:
        return key
    try:
        return sentence(Message(key, dict(values)))
    except KeyError:
        return TEXTS[key]


def _fields(told: Any, prefix: str = "") -> Iterator[str]:
    if not isinstance(told, dict):
        yield say("sync.field", name=prefix or "-", value=str(told))
        return
    for name, value in told.items():
        if value in ("", None, [], {}, False, 0) or name in _HIDDEN:
            continue
        if isinstance(value, dict):
            yield from _fields(value)
        else:
            shown = say("sign.list").join(str(one) for one in value) if isinstance(value, list) else str(value)
            yield say("sync.field", name=name_of("field", name), value=shown)
