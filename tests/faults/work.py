"""What a person does at a seat during the campaign, drawn by a seed, and the paper that says what was saved."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from agent_console.desk.calls import intake
from agent_console.desk.calls.intake import Telling
from agent_console.desk.desk import call_stream, new_id
from agent_console.desk.leaving import retention
from agent_console.desk.opening import OpenDesk
from agent_console.desk.orders import handling
from agent_console.domain.decisions import Decision, Done
from agent_console.domain.intake.calls import CallParked
from agent_console.domain.intake.outcomes import Answered, Refused
from agent_console.domain.work_order.order_corrections import AddToOrder, AmendOrder
from agent_console.domain.work_order.order_records import WriteRecord
from agent_console.domain.work_order.orders import Order
from agent_console.store.connection import rows
from agent_console.store.drafts import Draft
from tests.support.stories import RESULT, RETURNING, SIGNING, form

UNIT = "城市管理局"
_NUMBER = "13800138000"
_REFUSED = {"fujian": "FJ-13.7", "binzhou": "BZ-6.5"}
AT_HAND = 30
_TOO_LONG = 300
"""Characters in the name of a stream that no server takes."""
NOT_TO_BE_TAKEN = "unsendable"
"""Kind of a line on the paper: an entry that no server can swallow."""
SENT_AGAIN = "sent again"
"""Kind of a line on the paper: an entry that was set aside and is put at the end of the queue by hand."""
DRAFT = "draft"


class Entered(msgspec.Struct, frozen=True):
    """An entry of the outbox that was shown as saved, and how many events it brought."""

    id: str
    events: int


class Saved(msgspec.Struct, frozen=True):
    """A line on the paper: what was done, and the entries of it; or a draft with its text.

    file: hash of the content of a file that belongs to the stream `owner`.
    """

    kind: str
    entries: tuple[Entered, ...] = ()
    owner: str = ""
    text: str = ""
    file: str = ""


class Paper:
    """Written outside of the seat's file, and on the disk before the next thing is done."""

    def __init__(self, path: Path) -> None:
        """Go on at the end of what stands there; a line cut off by a kill is ended first."""
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(self._descriptor, b"\n")

    def write(self, line: Saved) -> None:
        """Add a line. Raises OSError where the disk is full."""
        os.write(self._descriptor, msgspec.json.encode(line) + b"\n")
        os.fsync(self._descriptor)


def read_paper(path: Path) -> list[Saved]:
    """Every whole line, in order."""
    if not path.exists():
        return []
    found = []
    for line in path.read_bytes().splitlines():
        try:
            found.append(msgspec.json.decode(line, type=Saved))
        except msgspec.DecodeError:
            continue
    return found


class Person:
    """Somebody at work: each `act` is one thing a person does, with the real commands of the desk."""

    def __init__(self, opened: OpenDesk, paper: Paper, random: Random) -> None:
        """At this desk; what is drawn follows from `random`."""
        self.desk = opened.desk
        self.opened = opened
        self.random = random
        self.line = opened.desk.rule_book.code
        self._paper = paper
        self._last = self._newest()
        self._draft = ("", 0)
        self._acts = self._of_unit() if opened.desk.actor.unit else self._of_line()

    def also(self, acts: dict[Callable[[], None], int]) -> None:
        """Have this person do more than the common things: acts with their share."""
        self._acts |= acts

    def _of_line(self) -> dict[Callable[[], None], int]:
        return {
            self.raise_order: 20, self.answer: 8, self.refuse: 8, self.type_on: 8, self.erase: 4, self.add_note: 12,
            self.amend: 18, self.remind: 10, self.note_what_is_not_to_be_noted: 30, self.write_what_cannot_be_sent: 1,
        }  # fmt: skip

    def _of_unit(self) -> dict[Callable[[], None], int]:
        return {self.sign: 60, self.complete: 30}

    def act(self) -> None:
        """Do one thing. Raises ConsoleError or OSError where it could not be saved."""
        [act] = self.random.choices(tuple(self._acts), tuple(self._acts.values()))
        try:
            act()
        finally:
            self._last = self._newest()

    # at the telephone

    def raise_order(self) -> None:
        """Take a call, make an order of it, hand it to its unit."""
        self.raised()

    def raised(self, **details: object) -> str:
        """The same with these words on the form; id of the order, "" where it was refused."""
        call, matter = self.call()
        told = form(self.line, lead=UNIT, **details)
        raising = intake.raise_order(self.desk, call, matter, told, Telling(note="路灯不亮"))
        self.shown("order", raising.decision)
        if raising.order:
            self.shown("dispatch", handling.dispatch(self.desk, raising.order, UNIT))
        return raising.order

    def answer(self) -> None:
        """Take a call and answer it on the spot."""
        call, matter = self.call()
        self.shown("answer", intake.conclude(self.desk, call, matter, Answered(), Telling(note="已答复")))
        self.shown("close", intake.close(self.desk, call))

    def refuse(self) -> None:
        """Take a call that is not for this line."""
        call, matter = self.call()
        refused = Refused(_REFUSED[self.line], explained=True, guided=True)
        self.shown("refusal", intake.conclude(self.desk, call, matter, refused, Telling()))

    def type_on(self) -> None:
        """Type some more into the note of a call that is never finished."""
        owner, length = self._draft
        if not owner:
            owner = call_stream(self.call()[0])
        self._draft = (owner, length + 1)
        intake.save_draft(self.desk, Draft(owner, fields={"note": str(length + 1)}))
        self._paper.write(Saved(DRAFT, owner=owner, text=str(length + 1)))

    def erase(self) -> None:
        """Destroy what a finished call says, where this person may."""
        if not isinstance(retention.may_erase(self.desk), Done):
            return
        closed = [call for call in self.opened.records.calls(AT_HAND) if call.status == "closed"]
        if closed:
            intake.erase_call(self.desk, self.random.choice(closed).id, "保存期满")
            self.shown("erasure", Done(()))

    # on orders, also those of others

    def add_note(self) -> None:
        """Add what a caller said later."""
        self._on_order("note", AddToOrder(f"补充{self.random.random()}"))

    def amend(self) -> None:
        """Correct the title of an order, while somebody else may be doing the same."""
        self._on_order("amendment", AmendOrder("title", f"路灯{self.random.random()}", "写错"), newest=3)

    def remind(self) -> None:
        """Remind the unit."""
        self._on_order("reminder", WriteRecord("reminder", {"means": "phone"}))

    def sign(self) -> None:
        """The unit takes an order, or sends it back."""
        order = self.some_order("dispatched")
        if order is None:
            return
        if self.random.random() < 0.3:
            self.shown("return", handling.return_(self.desk, order.id, RETURNING[self.line]))
        else:
            self.shown("signing", handling.sign(self.desk, order.id, SIGNING))

    def complete(self) -> None:
        """The unit reports an order as handled."""
        order = self.some_order("signed")
        if order is not None:
            self.shown("completion", handling.complete(self.desk, order.id, RESULT[self.line]))

    # what no seat of ours does

    def note_what_is_not_to_be_noted(self) -> None:
        """A fact without its decision: saved here, turned down by the server."""
        stream = call_stream(self.call()[0])
        with self.desk.transaction():
            self.desk.note(stream, CallParked(self.desk.context().now))
        self.shown("not to be noted", Done(()))

    def write_what_cannot_be_sent(self) -> None:
        """An entry that makes every server turn the whole push down."""
        store = self.opened.store
        with self.desk.transaction():
            self.desk.note(call_stream(new_id()), CallParked(self.desk.context().now))
            store.connection.execute(
                "UPDATE outbox_step SET stream = ? WHERE entry = ?",
                ("call:" + "x" * _TOO_LONG, store.outbox.entry_id()),
            )
        self.shown(NOT_TO_BE_TAKEN, Done(()))

    # the paper

    def call(self) -> tuple[str, str]:
        """Take a call; its id and that of its matter."""
        decision, call = intake.take_call(self.desk, _NUMBER, caller_name="陈女士")
        self.shown("call", decision)
        return call, self.desk.call(call).matters[0].id

    def _on_order(self, kind: str, command: msgspec.Struct, newest: int = AT_HAND) -> None:
        order = self.some_order("", newest)
        if order is not None:
            self.shown(kind, handling.take(self.desk, order.id, command))

    def some_order(self, status: str, newest: int = AT_HAND) -> Order | None:
        """One of the newest orders here."""
        found = self.opened.records.orders(newest, status=status)
        return self.random.choice(found) if found else None

    def _newest(self) -> int:
        return int(rows(self.opened.store.connection, "SELECT coalesce(max(position), 0) FROM outbox")[0][0])

    def shown(self, kind: str, decision: Decision, owner: str = "", file: str = "") -> None:
        """The command returned: what it left in the outbox counts as shown to the person from here on."""
        sql = (
            "SELECT id, (SELECT sum(json_array_length(events)) FROM outbox_step WHERE entry = outbox.id), position"
            " FROM outbox WHERE position > ? ORDER BY position"
        )
        found: list[tuple[Any, ...]] = rows(self.opened.store.connection, sql, (self._last,))
        if not isinstance(decision, Done):
            assert not found, f"{kind} was refused and left something"
            return
        assert found, f"{kind} was shown as saved and left nothing to send"
        self._last = found[-1][2]
        entries = tuple(Entered(id_, count) for id_, count, _ in found)
        self._paper.write(Saved(kind, entries, owner, file=file))
