"""A fact as it is written: what may stand in the open, and what is personal."""

from __future__ import annotations

from functools import cache

import msgspec

from agent_console.domain.events import FactType

_Fields = dict[str, msgspec.Raw]
_EMPTY = b"{}"


def split(entry: FactType, fact: msgspec.Struct, *, secret: bool = False) -> tuple[bytes, bytes | None]:
    """JSON of the open fields, and of the personal ones; None where there are none.

    secret: nothing may stand in the open.
    """
    names = _personal_names(entry)
    if not names and not secret:
        return msgspec.json.encode(fact), None
    if secret:
        whole = msgspec.json.encode(fact)
        return _EMPTY, None if whole == _EMPTY else whole
    plain = _plain_fields(entry)
    fields = {name: getattr(fact, name) for name in plain} if plain else _fields(msgspec.json.encode(fact))
    personal = {name: value for name, value in fields.items() if name in names}
    open_part = {name: value for name, value in fields.items() if name not in names}
    return msgspec.json.encode(open_part), msgspec.json.encode(personal)


def join(entry: FactType, open_part: bytes, personal: bytes | None) -> msgspec.Struct:
    """The fact again. Raises msgspec.ValidationError where the body does not fit its type."""
    fields = _fields(open_part) | (_fields(personal) if personal else {})
    fact: msgspec.Struct = msgspec.json.decode(msgspec.json.encode(fields), type=entry.struct)
    return fact


def _fields(body: bytes) -> _Fields:
    return msgspec.json.decode(body, type=_Fields)


@cache
def _plain_fields(entry: FactType) -> tuple[str, ...]:
    """Fields of a fact that is written as they stand, one by one; none where anything is left out, added or renamed."""
    how, fields = entry.struct.__struct_config__, entry.struct.__struct_fields__
    as_it_stands = not (how.omit_defaults or how.array_like or how.tag_field)
    return fields if as_it_stands and fields == entry.struct.__struct_encode_fields__ else ()


@cache
def _personal_names(entry: FactType) -> frozenset[str]:
    # Asking msgspec for the fields evaluates every annotation: a quarter of the cost of an event.
    written_as = {field.name: field.encode_name for field in msgspec.structs.fields(entry.struct)}
    return frozenset(written_as[name] for name in entry.personal)
