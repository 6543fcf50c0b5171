"""The JSON schema of the form in which orders are exchanged, made from what the program itself reads and writes."""

from __future__ import annotations

from typing import Any

import msgspec

from agent_console.domain.work_order.exchange import FORMAT, VERSION, ExchangedEvent, ExchangedOrders, exchanged_types

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def exchange_schema() -> dict[str, Any]:
    """Draft 2020-12: the document, and for each type of event the fields of its fact."""
    types = exchanged_types()
    (document, *facts), parts = msgspec.json.schema_components(
        (ExchangedOrders, *(entry.struct for entry in types)), ref_template="#/$defs/{name}"
    )
    event = parts[ExchangedEvent.__name__]
    event["properties"]["type"] = {"enum": [entry.name for entry in types]}
    event["allOf"] = [
        {"if": {"properties": {"type": {"const": entry.name}}}, "then": {"properties": {"fact": fact}}}
        for entry, fact in zip(types, facts, strict=True)
    ]
    whole = parts[ExchangedOrders.__name__]["properties"]
    whole["format"] = {"const": FORMAT}
    whole["version"] = {"const": VERSION}
    return {"$schema": _DRAFT, "title": FORMAT, **document, "$defs": dict(sorted(parts.items()))}
