"""Who may send: one process of a seat, and it does not write that down over and over."""

from __future__ import annotations

from agent_console.domain.instants import SECOND
from agent_console.store.link_state import LEASE, new_holder
from agent_console.store.seat_file import Store

from .facts import SettableClock


def test_a_lease_is_written_down_again_only_after_a_while(store: Store, clock: SettableClock) -> None:
    mine, another = new_holder(), new_holder()
    watching = Store.open(store.path, clock)
    assert store.link.take_lease(mine)
    watching.changed()
    clock.instant += 9 * SECOND
    assert store.link.take_lease(mine)
    assert not watching.changed()
    clock.instant += 2 * SECOND
    assert store.link.take_lease(mine)
    assert watching.changed()
    clock.instant += LEASE - SECOND
    assert not watching.link.take_lease(another)
    clock.instant += 2 * SECOND
    assert watching.link.take_lease(another)
    assert not store.link.take_lease(mine)
    watching.close()
