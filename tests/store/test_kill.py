"""Whatever was said to be saved is there after a SIGKILL at any moment."""

from __future__ import annotations

import random
import time
from pathlib import Path

import msgspec

from agent_console.store.connection import rows
from agent_console.store.seat_file import Store

from .facts import CALL, CONTEXT, Noted, SettableClock
from .writers import Writers

ROUNDS = 24


def test_everything_said_to_be_saved_survives_kill_at_random_moments(writers: Writers, path: Path) -> None:
    chance = random.Random(12345)
    events: list[str] = []
    for _ in range(ROUNDS):
        process = writers.start("write_for_ever", path)
        said = [writers.line() for _ in range(chance.randrange(1, 25))]
        time.sleep(chance.random() / 100)  # the moment of death is meant to be random
        said += writers.kill(process)
        events += [line for line in said if line.startswith("event ")]
        drafts = [int(line.split()[1]) for line in said if line.startswith("draft ")]
        _check(path, events, drafts)
    assert len(events) > ROUNDS


def test_a_kill_during_the_very_first_start_leaves_a_file_that_opens(writers: Writers, tmp_path: Path) -> None:
    chance = random.Random(54321)
    for number in range(12):
        path = tmp_path / str(number) / "seat.db"
        process = writers.start("write_for_ever", path)
        time.sleep(chance.random() / 25)  # the first start takes about this long
        events = [line for line in writers.kill(process) if line.startswith("event ")]
        _check(path, events, [])


def _check(path: Path, events: list[str], drafts: list[int]) -> None:
    with Store.open(path, SettableClock()) as store:
        assert rows(store.connection, "PRAGMA integrity_check") == [("ok",)]
        saved = store.log.load(CALL)
        assert [event.envelope.n for event in saved] == list(range(1, len(saved) + 1))
        assert all(isinstance(event.fact, Noted) for event in saved)
        assert {line.split()[1] for line in events} <= {event.envelope.id for event in saved}
        _check_numbers(store, events)
        _check_outbox(store, [event.envelope.id for event in saved])
        if drafts:
            draft = store.drafts.load(CALL)
            assert draft is not None
            assert int(draft.fields["note"]) >= drafts[-1]
            assert draft.cursor == (0, int(draft.fields["note"]))
        by_hand = msgspec.structs.replace(CONTEXT, cause="by hand")
        store.log.append([Noted("电话", "又来")], stream=CALL, expected_version=len(saved), context=by_hand)


def _check_outbox(store: Store, saved: list[str]) -> None:
    """Every event that was appended with an entry has that entry, in one order without a gap."""
    entries = store.outbox.queued(1 << 30)
    assert [entry.n for entry in entries] == list(range(1, len(entries) + 1))
    told = [id_ for entry in entries for step in entry.steps for id_ in step.events]
    assert told == [id_ for id_ in saved if id_ in set(told)]
    assert len(saved) - len(told) == store.connection.execute(_WITHOUT).fetchone()[0]


_WITHOUT = "SELECT count(*) FROM event WHERE cause = 'by hand'"


def _check_numbers(store: Store, events: list[str]) -> None:
    given = [int(line.split()[2]) for line in events]
    assert len(set(given)) == len(given)
    assert store.numbers.draw().running > max(given, default=0)
