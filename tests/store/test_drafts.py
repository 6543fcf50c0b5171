"""The unfinished call comes back with text, cursor and clock."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from agent_console.domain.errors import StoreError
from agent_console.store.drafts import Draft
from agent_console.store.seat_file import Store

from .facts import CALL, NOON, ORDER, SettableClock, mishap_at_the_end

DRAFT = Draft(CALL, {"note": "井盖丢了\n在鼓楼", "title": ""}, "note", cursor=(1, 3), scroll=(0, 0), opened_at=NOON - 9)


def test_a_draft_comes_back_after_the_file_was_closed(path: Path, clock: SettableClock) -> None:
    with Store.open(path, clock) as store:
        saved = store.drafts.save(DRAFT)
    assert saved == msgspec.structs.replace(DRAFT, saved_at=NOON)
    with Store.open(path, clock) as store:
        assert store.drafts.load(CALL) == saved


def test_there_is_one_draft_per_call_and_the_last_saved_comes_first(store: Store, clock: SettableClock) -> None:
    store.drafts.save(DRAFT)
    clock.instant += 1
    store.drafts.save(Draft(ORDER))
    clock.instant += 1
    store.drafts.save(Draft(CALL, {"note": "改"}))
    assert [(draft.owner, draft.fields) for draft in store.drafts.list()] == [(CALL, {"note": "改"}), (ORDER, {})]
    assert store.drafts.count() == 2
    store.drafts.delete(CALL)
    assert store.drafts.load(CALL) is None
    assert [draft.owner for draft in store.drafts.list()] == [ORDER]


def test_a_draft_goes_in_the_same_transaction_or_stays(store: Store) -> None:
    store.drafts.save(DRAFT)
    with mishap_at_the_end(store):
        store.drafts.delete(CALL)
    assert store.drafts.count() == 1


def test_the_text_of_a_draft_is_nowhere_on_the_disk(store: Store, path: Path) -> None:
    store.drafts.save(DRAFT)
    assert "井盖".encode() not in b"".join(file.read_bytes() for file in path.parent.iterdir())


def test_a_draft_of_an_unknown_form_is_named(store: Store) -> None:
    store.drafts.save(DRAFT)
    sealed = store.sealing.seal(CALL, b'{"owner": 1}', "draft")
    store.connection.execute("UPDATE draft SET sealed = ?", (sealed,))
    with pytest.raises(StoreError) as raised:
        store.drafts.load(CALL)
    assert raised.value.message.key == "error.store_draft"
