"""A ringing call is offered by one process and taken by another, once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_console.domain.instants import HOUR, SECOND
from agent_console.store.connection import rows
from agent_console.store.seat_file import Store

from .facts import SettableClock


@pytest.fixture
def softphone(path: Path, clock: SettableClock) -> Iterator[Store]:
    with Store.open(path, clock) as opened:
        yield opened


def test_an_offer_reaches_the_running_console(store: Store, softphone: Store, clock: SettableClock) -> None:
    assert store.rings.poll() == []
    offered = softphone.rings.offer("13800138000", name="张三", line="2", call_id="sip-1")
    assert store.rings.poll() == [offered]
    assert store.rings.poll() == [offered]
    assert (offered.number, offered.name, offered.line, offered.call_id) == ("13800138000", "张三", "2", "sip-1")
    assert offered.expires_at == clock.instant + 60 * SECOND


def test_an_offer_put_in_by_the_console_itself_is_seen_too(store: Store) -> None:
    assert store.rings.poll() == []
    offered = store.rings.offer("110")
    assert store.rings.poll() == [offered]


def test_only_one_console_takes_it(store: Store, softphone: Store) -> None:
    offered = softphone.rings.offer("13800138000")
    assert store.rings.take(offered.id) == offered
    assert softphone.rings.take(offered.id) is None
    assert store.rings.poll() == softphone.rings.poll() == []


@pytest.mark.parametrize("step", [60 * SECOND, -HOUR])
def test_an_offer_nobody_takes_is_gone_after_a_minute(
    store: Store, softphone: Store, clock: SettableClock, step: int
) -> None:
    offered = softphone.rings.offer("13800138000")
    clock.instant += 59 * SECOND
    assert store.rings.poll() == [offered]
    clock.instant = offered.offered_at + step
    assert store.rings.poll() == []
    assert store.rings.take(offered.id) is None


def test_one_call_reported_twice_rings_once(store: Store, softphone: Store) -> None:
    offered = softphone.rings.offer("13800138000", call_id="sip-1")
    assert softphone.rings.offer("13800138000", call_id="sip-1") == offered
    assert len(store.rings.poll()) == 1
    store.rings.take(offered.id)
    assert softphone.rings.offer("13800138000", call_id="sip-1") == offered
    assert store.rings.poll() == []


def test_offers_of_the_day_before_are_forgotten(store: Store, clock: SettableClock) -> None:
    store.rings.offer("13800138000")
    clock.instant += 25 * HOUR
    store.rings.offer("13800138001")
    assert rows(store.connection, "SELECT count(*) FROM ring_offer") == [(1,)]


def test_nothing_of_a_ring_can_be_read_later(store: Store, path: Path) -> None:
    def key() -> bytes:
        [(found,)] = rows(store.connection, "SELECT key FROM sealing_key WHERE owner = 'rings'")
        assert isinstance(found, bytes)
        return found

    first, second = store.rings.offer("13800138000", name="张三"), store.rings.offer("13800138001")
    while_ringing = key()
    store.rings.take(first.id)
    assert key() == while_ringing
    store.rings.take(second.id)
    assert key() != while_ringing
    on_disk = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"13800138000" not in on_disk
    assert "张三".encode() not in on_disk
