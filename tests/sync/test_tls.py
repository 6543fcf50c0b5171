"""A server with a certificate of its own house: the seat trusts the authority it was told, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from agent_console.domain.errors import BadInput
from agent_console.sync.link import probe
from agent_console.sync.session import SignInUnheard
from agent_console.texts.wording import told

from .certificates import Certificate, certificate
from .conftest import Seat
from .program import WORD, Program


@pytest.fixture
def house(tmp_path: Path) -> Certificate:
    return certificate(tmp_path / "house", "house")


@pytest.fixture
def secured(tmp_path: Path, house: Certificate) -> Iterator[Program]:
    """A server that speaks TLS with the certificate of the house."""
    made = Program(tmp_path / "server", house)
    made.start()
    yield made
    made.kill()


def trusting(seat: Seat, ca_file: Path | None) -> Seat:
    """The seat with that authority in its settings, or none."""
    seat.settings = msgspec.structs.replace(seat.settings, ca_file=str(ca_file or ""))
    return seat


def why_not(seat: Seat) -> str:
    """What the seat says of its link, and of signing in there."""
    link = probe(seat.settings)
    assert link.state == "down"
    assert link.why is not None
    with pytest.raises(SignInUnheard, match="sign_in"):
        seat.sign_in("zhang", WORD)
    return told(link.why)


def test_a_seat_trusts_the_authority_it_was_told_and_no_other(
    secured: Program, house: Certificate, tmp_path: Path
) -> None:
    seat = trusting(Seat(tmp_path / "seat", secured.address), house.authority)
    seat.sign_in("zhang", WORD)
    seat.work()
    done = seat.exchange()
    assert (done.why, done.unsent) == (None, 0)
    for other in (None, certificate(tmp_path / "other", "other").authority):
        stranger = trusting(Seat(tmp_path / f"seat of {other and other.stem}", secured.address), other)
        assert "证书不可信" in why_not(stranger)


def test_a_file_that_is_no_certificate_is_named(secured: Program, tmp_path: Path) -> None:
    path = tmp_path / "no.pem"
    for content in (None, b"", b"something else"):
        if content is not None:
            path.write_bytes(content)
        seat = trusting(Seat(tmp_path / "seat", secured.address), path)
        with pytest.raises(BadInput) as refused:
            seat.sign_in("zhang", WORD)
        assert "no.pem" in told(refused.value.message)


def test_nothing_is_sent_in_the_clear_to_another_machine(tmp_path: Path) -> None:
    seat = Seat(tmp_path / "seat", "http://server.example")
    link = probe(seat.settings)
    assert link.why is not None
    assert "https" in told(link.why)
    with pytest.raises(BadInput) as refused:
        seat.sign_in("zhang", WORD)
    assert "https" in told(refused.value.message)
