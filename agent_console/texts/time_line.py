"""What happened to an order, one line each, as the screens show it: names and numbers masked unless they are asked for.

Times are Asia/Shanghai to the minute.
"""

from __future__ import annotations

from typing import Any

import msgspec

from agent_console.domain.events import Event
from agent_console.domain.instants import iso, local
from agent_console.domain.rule_book import RuleBook
from agent_console.domain.work_order.exchange import IMPORTED
from agent_console.texts import say
from agent_console.texts.clock_text import ENDS
from agent_console.texts.masking import masked_name, masked_number
from agent_console.texts.wording import name_of

_LEFT_OUT = (
    "details", "occurred_at", "order", "number", "call", "matter", "by", "role", "record", "fields", "about",
    "rule_book", "book_version", "flag", "on", "field", "unit", "sha256",
)  # fmt: skip
_NAMES = ("caller_name",)
_NUMBERS = ("caller_number", "contact_number", "contact")


class Happening(msgspec.Struct, frozen=True):
    """One line: when, what, by whom in which role, and what was told with it."""

    at: str
    what: str
    who: str
    role: str
    told: tuple[str, ...] = ()


def happening(event: Event, book: RuleBook, *, unmask: bool = False) -> Happening:
    """One event as a line; `book` names records and flags."""
    envelope = event.envelope
    fields: dict[str, Any] = {} if event.fact is None else msgspec.to_builtins(event.fact)
    amended = fields.get("field", "")
    flat = {**fields, **fields.get("fields", {})}
    told = tuple(
        say("order.told", name=name_of("field", name), value=_shown(name, value, amended, unmask=unmask))
        for name, value in flat.items()
        if name not in _LEFT_OUT and value not in ("", [], (), False, None)
    )
    return Happening(
        at=f"{local(envelope.occurred_at):%m-%d %H:%M}",
        what=_what(envelope.type, fields, book) + (say("exchange.mark") if envelope.authority == IMPORTED else ""),
        who=envelope.actor,
        role=name_of("role", envelope.role),
        told=told,
    )


def _what(kind: str, fields: dict[str, Any], book: RuleBook) -> str:
    name = name_of("fact", kind)
    record = book.life.records.get(fields.get("record", ""))
    if record is not None:
        return say("time_line.of", what=name, name=record.name, clause=record.clause or record.basis)
    flag = book.life.flags.get(fields.get("flag", ""))
    if flag is not None:
        sign = say("time_line.on" if fields.get("on") else "time_line.off")
        return say("time_line.of", what=sign, name=flag.name, clause=flag.clause or flag.basis)
    field = fields.get("field", "")
    return say("time_line.field", what=name, field=name_of("field", field)) if field else name


def _shown(name: str, value: object, amended: str, *, unmask: bool) -> str:
    if value is True:
        return say("sign.yes")
    if isinstance(value, list | tuple):
        return say("sign.list").join(map(str, value))
    if name in ENDS and isinstance(value, int):
        return iso(value)[:16].replace("T", " ")
    text = str(value)
    concerned = amended if name in ("old", "new") else name
    if concerned in _NAMES and not unmask:
        return masked_name(text)
    if concerned in _NUMBERS and not unmask:
        return masked_number(text)
    return name_of("value", text)
