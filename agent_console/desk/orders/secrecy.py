"""Confidential orders and calls: their keys change hands in the transaction of the event."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from agent_console.domain.confidentiality.secrecy_facts import CLOSING, OPENING
from agent_console.domain.decisions import Blocked
from agent_console.domain.messages import message
from agent_console.domain.rule_book import RuleBook

if TYPE_CHECKING:
    from agent_console.desk.ports import SeatStore

Facts = tuple[msgspec.Struct, ...]


def change_keys(store: SeatStore, stream: str, happened: Facts, book: RuleBook) -> None:
    """Inside a transaction, before these facts are appended: wrap the keys of the stream, or put them back.

    Raises StoreError where this process holds none of the role keys it takes.
    """
    rule = book.confidentiality.secret
    if any(isinstance(fact, CLOSING) for fact in happened) and not store.is_secret(stream):
        store.make_secret(stream, rule.readers if rule is not None else ())
    elif any(isinstance(fact, OPENING) for fact in happened) and store.is_secret(stream):
        store.make_open(stream)


def not_for(book: RuleBook) -> Blocked:
    """What is said to somebody who may not read a confidential order."""
    rule = book.confidentiality.secret
    if rule is None:
        return Blocked((), message("secret.not_for_you"))
    readers = message("secret.readers", roles="、".join(rule.readers))
    return Blocked((rule.clause,), message("secret.not_for_you"), readers)
