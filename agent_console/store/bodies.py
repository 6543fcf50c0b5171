"""A fact as it is written: what may stand in the open, and what is personal."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import msgspec

from agent_console.domain.events import FactType

_Fields = dict[str, msgspec.Raw]
_EMPTY = b"{}"


def split(entry: FactType, fact: msgspec.Struct, *, secret: bool = False) -> tuple[bytes, bytes | None]:
    """JSON of the open fields, and of the personal ones; None where there are none.

    secret: nothing may stand in the open.
    """
    if secret:
        told = msgspec.json.encode(fact)
        return _EMPTY, None if told == _EMPTY else told
    parts = _parts(entry)
    if not parts.personal:
        return msgspec.json.encode(fact), None
    if parts.as_it_stands:
        open_part = {name: getattr(fact, name) for name in parts.open}
        personal = {name: getattr(fact, name) for name in parts.personal}
        return msgspec.json.encode(open_part), msgspec.json.encode(personal)
    fields = _fields(msgspec.json.encode(fact))
    sealed = {name: fields.pop(name) for name in parts.personal if name in fields}
    return msgspec.json.encode(fields), msgspec.json.encode(sealed)


def whole(open_part: bytes, personal: bytes | None) -> bytes:
    """Open and personal fields as one JSON object. Raises msgspec.DecodeError where either part is none."""
    return msgspec.json.encode(_fields(open_part) | _fields(personal)) if personal else open_part


def join(entry: FactType, open_part: bytes, personal: bytes | None) -> msgspec.Struct:
    """The fact again. Raises msgspec.ValidationError where the body does not fit its type."""
    fact: msgspec.Struct = msgspec.json.decode(whole(open_part, personal), type=entry.struct)
    return fact


def _fields(body: bytes) -> _Fields:
    return msgspec.json.decode(body, type=_Fields)


class _Parts(NamedTuple):
    """Names of the open fields and of the personal ones, as they are written, in their order.

    as_it_stands: the struct is written field by field, nothing left out, added or renamed.
    """

    open: tuple[str, ...]
    personal: tuple[str, ...]
    as_it_stands: bool


@cache
def _parts(entry: FactType) -> _Parts:
    # Asking msgspec for the fields evaluates every annotation: a quarter of the cost of an event.
    how, names = entry.struct.__struct_config__, entry.struct.__struct_encode_fields__
    written_as = dict(zip(entry.struct.__struct_fields__, names, strict=True))
    personal = {written_as[name] for name in entry.personal}
    return _Parts(
        open=tuple(name for name in names if name not in personal),
        personal=tuple(name for name in names if name in personal),
        as_it_stands=names == entry.struct.__struct_fields__
        and not (how.omit_defaults or how.array_like or how.tag_field),
    )
