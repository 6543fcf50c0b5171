"""Sentences for people, named by key.

The domain never writes a sentence: it names one and gives its fields, and `agent_console.texts` holds the
wording, so that all visible strings stand in one place and a second language can be added.
"""

from __future__ import annotations

import msgspec

Field = str | int


class Message(msgspec.Struct, frozen=True):
    """One sentence: the key of its wording in `agent_console.texts` and the values of its gaps."""

    key: str
    fields: dict[str, Field] = {}


def message(key: str, **fields: Field) -> Message:
    """Name the sentence `key` with its fields."""
    return Message(key, fields)
