"""Whatever was said to be saved is there after a SIGKILL at any moment."""

from __future__ import annotations

import random
import time
from pathlib import Path

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
        if drafts:
            draft = store.drafts.load(CALL)
            assert draft is not None
            assert int(draft.fields["note"]) >= drafts[-1]
            assert draft.cursor == (0, int(draft.fields["note"]))
        store.log.append([Noted("电话", "又来")], stream=CALL, expected_version=len(saved), context=CONTEXT)


def _check_numbers(store: Store, events: list[str]) -> None:
    given = [int(line.split()[2]) for line in events]
    assert len(set(given)) == len(given)
    assert store.numbers.draw().running > max(given, default=0)
