"""Whether this process holds what a confidential stream asks for."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from agent_console.desk.desk import Desk
from agent_console.domain.confidentiality.secrecy_facts import CLOSING
from agent_console.store.seat_file import Store


def keys_are_here(desk: Desk, store: Store, happened: Iterable[msgspec.Struct | None]) -> bool:
    """Whether facts that make a stream confidential can be kept: for one of its readers at least the key is here."""
    if not any(isinstance(fact, CLOSING) for fact in happened):
        return True
    return reader_key_is_here(desk, store)


def reader_key_is_here(desk: Desk, store: Store) -> bool:
    """Whether this process holds the key of a role that reads confidential orders."""
    rule = desk.rule_book.confidentiality.secret
    return rule is not None and any(store.sealing.has_key(role) for role in rule.readers)
