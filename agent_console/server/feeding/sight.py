"""Who has a stream in sight, as words that stand in the table `sight`, and which of these words a reader goes by.

`device:<id>` wrote into the stream; `unit:<name>` has the order, `flag:<name>` is a flag on it. A unit's word says how
far the order is put away (`unit:1:<name>` archived, `unit:2:<name>` among the confidential ones). An order that is
confidential has the same words behind `secret:`, and the word `secret` itself.
"""

from __future__ import annotations

import msgspec

from agent_console.domain.confidentiality.sight import FILED_CONFIDENTIAL, Sight, filing_of, sight_of, units_on
from agent_console.domain.people import OPERATOR, Actor
from agent_console.domain.rule_book import RuleBook
from agent_console.domain.units.directory import Directory
from agent_console.domain.upkeep.article_imports import STREAM as IMPORTS
from agent_console.domain.work_order.orders import Order

SECRET = "secret"
_BEHIND = "secret:"
_PUBLIC = (
    "directory:", "article:", IMPORTS, "answer_task:", "line:", "line_data:", "report:", "hot:", "alarm:", "entry:",
)  # fmt: skip
"""Streams everybody of the line reads, those of units only as far as `_FOR_UNITS` goes."""
_FOR_UNITS = ("directory:", "article:", IMPORTS, "answer_task:")

Words = frozenset[str]


def words_of(state: object, devices: Words, *, secret: bool) -> Words:
    """Who has a stream in sight now, devices that wrote into it among them."""
    if not isinstance(state, Order) and not secret:
        return devices
    words = set(devices)
    if isinstance(state, Order):
        filed = filing_of(state)
        level = f"{filed}:" if filed else ""
        words |= {f"unit:{level}{unit}" for unit in units_on(state)}
        words |= {f"flag:{level}{flag}" for flag in state.flags}
    return frozenset({_BEHIND + word for word in words} | {SECRET}) if secret else frozenset(words)


def device_word(device: str) -> str:
    """The word of a device."""
    return f"device:{device}"


class Reader(msgspec.Struct, frozen=True):
    """What one token may be told.

    full: everything of every order, and of every call where the role reads calls. outlines: of orders that are not
    theirs, number and state. words: those the reader goes by. closed: the role reads confidential orders as well.
    of_unit: belongs to a unit, not to the line.
    """

    jurisdiction: str
    device: str
    actor: Actor
    words: Words
    full: bool = False
    outlines: bool = False
    closed: bool = False
    of_unit: bool = False
    calls: bool = False

    def sees(self, words: Words, *, full: bool) -> bool:
        """Whether a stream with these words is in sight; full: it is one of those the reader is told all of."""
        if full and (SECRET not in words or self.closed):
            return True
        return not self.words.isdisjoint(words)

    def is_told_all(self, stream: str) -> bool:
        """Whether it is one of those the reader is told from the first event on, whoever wrote it."""
        return self.full and (stream.startswith("order:") or (self.calls and stream.startswith("call:")))

    def may_look(self, stream: str, words: Words) -> bool:
        """Whether the reader is shown a stream when asking for it by name."""
        if self.reads_public(stream):
            return True
        whole_line = self.outlines if stream.startswith("order:") else self.calls and stream.startswith("call:")
        return self.sees(words, full=whole_line)

    def reads_public(self, stream: str) -> bool:
        """Whether a stream of the whole line is told to the reader."""
        return stream.startswith(_FOR_UNITS if self.of_unit else _PUBLIC)


def reader_of(actor: Actor, jurisdiction: str, device: str, book: RuleBook, directory: Directory) -> Reader:
    """What this person may be told by the rule book; nothing where the book has no such role."""
    seen, rule, secret = sight_of(actor, book, directory), book.roles.get(actor.role), book.confidentiality.secret
    closed = secret is not None and actor.role in secret.readers
    of_unit = rule is None or rule.of_unit
    words = _words_of_sight(seen)
    if not of_unit:
        words.add(device_word(device))
    if closed:
        words |= {_BEHIND + word for word in words}
    return Reader(
        jurisdiction=jurisdiction,
        device=device,
        actor=actor,
        words=frozenset(words),
        full=seen.everything and actor.role != OPERATOR,
        outlines=seen.everything and not of_unit,
        closed=closed,
        of_unit=of_unit,
        calls=rule is not None and rule.calls,
    )


def _words_of_sight(seen: Sight) -> set[str]:
    levels = ("", *(f"{filed}:" for filed in range(1, FILED_CONFIDENTIAL + 1) if filed <= seen.filed))
    units = {f"unit:{level}{unit}" for unit in seen.units for level in levels}
    return units | {f"flag:{level}{flag}" for flag in seen.flags for level in levels}
