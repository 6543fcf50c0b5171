"""Calls that are ringing: put in by a softphone through the command line, taken by the running console."""

from __future__ import annotations

from sqlite3 import Connection

import msgspec

from agent_console.clock import Clock
from agent_console.domain.instants import HOUR, SECOND, Instant
from agent_console.store.connection import ChangeWatch, joined, rows
from agent_console.store.sealing import Sealing

LIFETIME: Instant = 60 * SECOND
"""An offer nobody takes is gone after this."""

_OWNER = "rings"
"""All offers share a key; it is renewed whenever none is left, so that nothing of them can be read later."""

_REMEMBERED: Instant = 24 * HOUR
"""How long a call id is known after its offer is gone: a telephone system may report one call twice."""


class RingOffer(msgspec.Struct, frozen=True):
    """A call that rings.

    number: as it was given, "" where withheld. call_id: the telephone system's own, the offer's where it has
    none.
    """

    id: str
    number: str
    name: str
    line: str
    call_id: str
    offered_at: Instant

    @property
    def expires_at(self) -> Instant:
        """Instant at which the offer is gone."""
        return self.offered_at + LIFETIME


class _Caller(msgspec.Struct, frozen=True):
    number: str
    name: str


class Rings:
    """Offers of incoming calls."""

    def __init__(self, connection: Connection, clock: Clock, sealing: Sealing) -> None:
        """Offer and take in this file."""
        self._connection = connection
        self._clock = clock
        self._sealing = sealing
        self._watch = ChangeWatch(connection)
        self._known: list[RingOffer] | None = None

    def offer(self, number: str, *, name: str = "", line: str = "", call_id: str = "") -> RingOffer:
        """Put in an offer; the same `call_id` again within a day changes nothing."""
        from uuid6 import uuid7

        id_ = str(uuid7())
        fresh = RingOffer(id_, number, name, line, call_id or id_, self._clock.now())
        with joined(self._connection):
            self._sweep()
            earlier = rows(
                self._connection, "SELECT id, line, offered_at FROM ring_offer WHERE call_id = ?", (call_id,)
            )
            if earlier:
                return RingOffer(earlier[0][0], number, name, earlier[0][1], call_id, earlier[0][2])
            sealed = self._sealing.seal(_OWNER, msgspec.json.encode(_Caller(number, name)), id_)
            self._connection.execute(
                "INSERT INTO ring_offer (id, call_id, line, sealed, offered_at) VALUES (?, ?, ?, ?, ?)",
                (id_, fresh.call_id, line, sealed, fresh.offered_at),
            )
        self._known = None
        return fresh

    def poll(self) -> list[RingOffer]:
        """Offers that wait now, oldest first; reads the table only after another connection has written."""
        if self._known is None or self._watch.changed():
            self._known = self._waiting()
        self._known = [offer for offer in self._known if self._lives(offer.offered_at)]
        return self._known

    def take(self, id_: str) -> RingOffer | None:
        """Take an offer; None where somebody else has, or where it is gone. Only one of many gets it."""
        with joined(self._connection):
            taken = [offer for offer in self._waiting() if offer.id == id_]
            if taken:
                self._connection.execute("UPDATE ring_offer SET sealed = NULL WHERE id = ?", (id_,))
            self._sweep()
        self._known = None
        return taken[0] if taken else None

    def _waiting(self) -> list[RingOffer]:
        sql = (
            "SELECT id, line, call_id, offered_at, sealed FROM ring_offer"
            " WHERE sealed IS NOT NULL ORDER BY offered_at, id"
        )
        offers = []
        for id_, line, call_id, offered_at, sealed in rows(self._connection, sql):
            if not self._lives(offered_at):
                continue
            content = self._sealing.unseal(_OWNER, sealed, id_)
            if content is not None:
                caller = msgspec.json.decode(content, type=_Caller)
                offers.append(RingOffer(id_, caller.number, caller.name, line, call_id, offered_at))
        return offers

    def _lives(self, offered_at: Instant) -> bool:
        # A clock set back must not keep an offer ringing for an hour.
        return abs(self._clock.now() - offered_at) < LIFETIME

    def _sweep(self) -> None:
        """Drop what is over, and the key with the last of it."""
        now = self._clock.now()
        over = (now - LIFETIME, now + LIFETIME)
        self._connection.execute(
            "UPDATE ring_offer SET sealed = NULL WHERE sealed IS NOT NULL AND (offered_at <= ? OR offered_at >= ?)",
            over,
        )
        self._connection.execute("DELETE FROM ring_offer WHERE abs(? - offered_at) > ?", (now, _REMEMBERED))
        if not rows(self._connection, "SELECT 1 FROM ring_offer WHERE sealed IS NOT NULL LIMIT 1"):
            self._sealing.renew(_OWNER)
