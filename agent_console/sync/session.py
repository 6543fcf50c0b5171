"""Signing in and out at the server, and keeping the token fresh."""

from __future__ import annotations

import base64

from agent_console.clock import Clock
from agent_console.domain.errors import BadInput
from agent_console.domain.instants import MINUTE, Instant
from agent_console.domain.messages import Message, message
from agent_console.sync.answers import NotServed
from agent_console.sync.client import ServerClient
from agent_console.sync.people import DeviceKeys, PeopleOfSeat, SignedIn
from agent_console.sync.ports import SeatSide
from agent_console.sync.wire import Heard, Refresh, Session, SignIn

_EARLY: Instant = 2 * MINUTE
"""A token is renewed so long before it ends."""


class SignInRefused(BadInput):
    """The server does not let this person in, and says why; unlocking without it would get round that."""


class SignInUnheard(BadInput):
    """Nobody of ours answered: whoever signed in here lately may unlock the seat instead."""


class Sessions:
    """Sessions of one seat at one server."""

    def __init__(self, client: ServerClient, people: PeopleOfSeat, device_keys: DeviceKeys, clock: Clock) -> None:
        """Keep them in `people`."""
        self._client = client
        self._people = people
        self._device_keys = device_keys
        self._clock = clock

    def sign_in(self, seat: SeatSide, asked: SignIn) -> SignedIn:
        """Sign in; a device that is new at the server is enrolled, and its unsent work numbered for it.

        Raises SignInRefused, SignInUnheard.
        """
        try:
            session = self._client.post("/v1/sign-in", asked, Session)
        except NotServed as error:
            raise _not_let_in(error) from error
        self._enrol(seat, session)
        signed = self._people.signed_in(session, asked.account, asked.password, self._client.address)
        for role, key in signed.keys.items():
            seat.store.change_role_key(role, key, signed.earlier_keys.get(role, ()))
        if session.number_key:
            seat.store.share_number_key(base64.b64decode(session.number_key))
        return signed

    def _enrol(self, seat: SeatSide, session: Session) -> None:
        if session.device_key:
            self._device_keys.keep(self._client.address, session.device_key)
        if self._people.enrolled_as(self._device_keys.of(self._client.address)):
            if session.epoch != seat.epoch:
                seat.rewind(session.last_n, session.epoch)
            return
        # The key is kept first and the numbering noted last: whatever dies in between, the next sign-in goes on here.
        seat.enrol(session.last_n, session.epoch)
        self._people.note_enrolment(self._device_keys.of(self._client.address))

    def fresh(self, signed: SignedIn, device: str, now: Instant) -> SignedIn:
        """The session with a token that counts at `now` by the server's clock. Raises NotServed."""
        if signed.token and now < signed.expires_at - _EARLY:
            return signed
        return self.renew(signed, device)

    def renew(self, signed: SignedIn, device: str) -> SignedIn:
        """Fresh tokens. Raises NotServed; where the server takes the session no longer, it is kept without a token."""
        if not signed.refresh:
            raise NotServed("sign_in", Message("link.sign_in"))
        try:
            session = self._client.post("/v1/refresh", Refresh(signed.refresh, device), Session)
        except NotServed as error:
            if error.kind in ("sign_in", "forbidden"):
                self._people.without_token(signed)
            raise
        return self._people.renewed(signed, session)

    def sign_out(self, signed: SignedIn) -> bool:
        """Close the session here, and at the server where it can be reached; True where it could."""
        self._people.sign_out()
        if not signed.token:
            return True
        try:
            self._client.post("/v1/sign-out", None, Heard, token=signed.token)
        except NotServed as error:
            return error.kind == "sign_in"
        return True


_REASONS = {
    "wrong": "sign_in.wrong",
    "wait": "sign_in.wait",
    "locked": "sign_in.locked",
    "device_revoked": "sign_in.device_revoked",
    "device_copied": "sign_in.device_copied",
    "device_unknown": "sign_in.device_unknown",
    "device_key": "sign_in.device_unknown",
}
"""What a person is told for the words by which a server keeps them out."""


def _not_let_in(error: NotServed) -> BadInput:
    from agent_console.texts import sentence

    seconds = int(error.retry_after)
    reason = _REASONS.get(error.code)
    if reason is None and error.kind in ("down", "busy", "broken"):
        return SignInUnheard("error.sign_in", "advice.sign_in_unheard", why=sentence(error.why), seconds=seconds)
    why = error.why if reason is None else message(reason, seconds=seconds)
    advice = "advice.sign_in_refused" if error.code in ("wrong", "wait") else "advice.sign_in_admin"
    return SignInRefused("error.sign_in", advice, why=sentence(why), seconds=seconds)
