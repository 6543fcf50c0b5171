"""Named migrations, each applied once; every part of the house brings its own set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agent_console.domain.errors import StoreIsNewer
from agent_console.store.connection import rows
from agent_console.store.migrations import Migration, migrate
from agent_console.store.seat_file import Store

if TYPE_CHECKING:
    from sqlite_utils import Database


def _shelf(db: Database) -> None:
    db.table("shelf").create({"title": str}, strict=True)


def _filled(db: Database) -> None:
    db.table("shelf").insert({"title": "福建"})


def _broken(_db: Database) -> None:
    raise RuntimeError


FIRST, SECOND = Migration("0001_shelf", _shelf), Migration("0002_filled", _filled)


def _titles(store: Store) -> list[str]:
    return [title for (title,) in rows(store.connection, "SELECT title FROM shelf")]


def test_a_set_of_another_part_is_applied_once_each(store: Store) -> None:
    assert migrate(store.connection, "knowledge", [FIRST])
    assert migrate(store.connection, "knowledge", [FIRST, SECOND])
    assert not migrate(store.connection, "knowledge", [FIRST, SECOND])
    assert _titles(store) == ["福建"]


def test_a_migration_that_fails_leaves_nothing_behind(store: Store) -> None:
    with pytest.raises(RuntimeError):
        migrate(store.connection, "knowledge", [FIRST, Migration("0002_broken", _broken)])
    assert rows(store.connection, "SELECT 1 FROM sqlite_master WHERE name = 'shelf'") == []
    assert migrate(store.connection, "knowledge", [FIRST, SECOND])


def test_a_set_with_a_migration_the_program_does_not_know_is_newer(store: Store) -> None:
    migrate(store.connection, "knowledge", [FIRST, SECOND])
    with pytest.raises(StoreIsNewer) as raised:
        migrate(store.connection, "knowledge", [FIRST])
    assert raised.value.message.fields["name"] == "knowledge/0002_filled"


def test_sets_do_not_know_each_other(store: Store) -> None:
    migrate(store.connection, "knowledge", [FIRST])
    assert migrate(store.connection, "words", [Migration("0001_shelf", lambda _db: None)])
