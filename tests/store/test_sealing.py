"""Personal text never stands in clear; a number is looked up by its keyed hash."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent_console.domain.errors import StoreError
from agent_console.store.connection import rows
from agent_console.store.seat_file import Store

from .facts import CALL, CONTEXT, ORDER, Noted, SettableClock


def test_sealed_bytes_open_with_owner_and_context_only(store: Store) -> None:
    sealed = store.sealing.seal(CALL, "井盖".encode(), "a")
    assert store.sealing.unseal(CALL, sealed, "a") == "井盖".encode()
    assert store.sealing.unseal(ORDER, sealed, "a") is None
    store.sealing.seal(ORDER, b"")
    for owner, context in ((ORDER, "a"), (CALL, "b")):
        with pytest.raises(StoreError):
            store.sealing.unseal(owner, sealed, context)
    with pytest.raises(StoreError):
        store.sealing.unseal(CALL, b"short", "a")


def test_the_same_text_is_never_sealed_to_the_same_bytes(store: Store) -> None:
    assert store.sealing.seal(CALL, b"x") != store.sealing.seal(CALL, b"x")


def test_only_personal_fields_of_a_fact_are_sealed(store: Store) -> None:
    store.log.append([Noted("电话", "井盖丢了", "138")], stream=CALL, expected_version=0, context=CONTEXT)
    [(body, sealed)] = rows(store.connection, "SELECT body, sealed FROM event")
    assert body == '{"channel":"电话"}'
    assert "井盖".encode() not in sealed


def test_a_destroyed_key_opens_and_seals_nothing_more(store: Store) -> None:
    sealed = store.sealing.seal(CALL, b"x")
    store.sealing.destroy(CALL)
    assert store.sealing.is_erased(CALL)
    assert store.sealing.unseal(CALL, sealed) is None
    with pytest.raises(StoreError) as raised:
        store.sealing.seal(CALL, b"y")
    assert raised.value.message.key == "error.store_erased"


def test_a_renewed_key_seals_again_but_opens_nothing_old(store: Store) -> None:
    old = store.sealing.seal(CALL, b"x")
    store.sealing.renew(CALL)
    with pytest.raises(StoreError):
        store.sealing.unseal(CALL, old)
    assert store.sealing.unseal(CALL, store.sealing.seal(CALL, b"y")) == b"y"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("13800138000", "+86 138-0013-8000"),
        ("13800138000", "0086 138 0013 8000"),
        ("13800138000", "8613800138000"),
        ("13800138000", "013800138000"),
        ("13800138000", "１３８００１３８０００"),
        ("0591-87654321", "(0591) 8765 4321"),
        ("0591-87654321", "+86 591 8765 4321"),
        ("12345", "12345 "),
    ],
)
def test_one_number_has_one_hash_however_it_is_written(store: Store, one: str, other: str) -> None:
    assert store.sealing.number_hash(one) == store.sealing.number_hash(other)


def test_hashes_differ_by_number_and_by_file(store: Store, tmp_path: Path) -> None:
    assert store.sealing.number_hash("13800138000") != store.sealing.number_hash("13800138001")
    assert store.sealing.number_hash("87654321") != store.sealing.number_hash("0591-87654321")
    assert store.sealing.number_hash("未显示") == ""
    with Store.open(tmp_path / "other.db", SettableClock()) as other:
        assert store.sealing.number_hash("12345") != other.sealing.number_hash("12345")
