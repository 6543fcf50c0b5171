"""What a script rests on in a rule book: an item of the refusal list, or what the book says beside it."""

from __future__ import annotations

import msgspec

from agent_console.domain.intake.call_marks import abuse_mark
from agent_console.domain.rule_book import Refusal, RuleBook
from agent_console.resources.refusals import Beside, load_refusals
from agent_console.resources.rule_books import find_clause
from agent_console.texts import say
from knowledge.screening.model import EMERGENCIES

ABUSE_CLASS = "security_superstition_abuse"


class Ground(msgspec.Struct, frozen=True):
    """The clause, "" where the book is silent, what it is called there, and the item where the list has one."""

    clause: str
    basis: str
    title: str = ""
    item: Refusal | None = None

    @property
    def cited(self) -> str:
        """The clause, or that it is a reading."""
        return self.clause or self.basis

    @property
    def quoted(self) -> str:
        """The clause with its summary, or that it is a reading."""
        return f"{self.clause}  {find_clause(self.clause).summary}" if self.clause else self.basis


def of_item(item: Refusal) -> Ground:
    """The ground an item of the refusal list gives."""
    return Ground(item.clause, item.basis, item.title, item)


def of_emergency(book: RuleBook) -> Ground:
    """What handing over rests on, in every city."""
    return Ground(book.emergency_clause, book.emergency_basis)


def of_class(book: RuleBook, name: str) -> Ground | None:
    """The ground of a screening class; None where the book does not know it."""
    if name in EMERGENCIES:
        return of_emergency(book)
    item = book.refusal_for(name)
    if item is not None:
        return of_item(item)
    return next((_of(found) for found in beside_list(book) if found.screening_class == name), None)


def of_abuse(book: RuleBook) -> Ground:
    """What ending a call for abuse rests on: the list, what stands beside it, the mark of the call, else a reading."""
    found = of_class(book, ABUSE_CLASS)
    if found is not None:
        return found
    rule = book.life.call_marks.get(abuse_mark(book))
    return Ground(rule.clause, rule.basis) if rule else Ground("", say("script.no_clause"))


def beside_list(book: RuleBook) -> tuple[Beside, ...]:
    """Classes the operator is told of although they are no item of the list."""
    return load_refusals(book.code, book.parent).beside


def _of(found: Beside) -> Ground:
    return Ground(found.clause, found.basis, found.title)
