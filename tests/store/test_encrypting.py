"""A seat's file encrypted as a whole: the same content, nothing in clear beside it, whole after a kill."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from agent_console.domain.errors import BadInput, StoreError
from agent_console.settings import Settings, save_settings
from agent_console.store import encrypted
from agent_console.store.encrypted import draw_key, is_encrypted
from agent_console.store.encrypting import convert
from agent_console.store.seat_file import Store

from .facts import CALL, CONTEXT, Noted, SettableClock
from .writers import Writers

SAID = "路灯三天不亮"


def _write(path: Path, number: int = 3) -> None:
    with Store.open(path, SettableClock()) as store:
        for version in range(number):
            store.log.append([Noted("电话", SAID)], stream=CALL, expected_version=version, context=CONTEXT)


def _unheard(_: str) -> None:
    """What is told of the work is looked at elsewhere."""


def _said(path: Path) -> list[str]:
    with Store.open(path, SettableClock()) as store:
        return [event.fact.text for event in store.log.load(CALL) if isinstance(event.fact, Noted)]


@pytest.fixture
def kept(path: Path) -> Path:
    """A seat's file in clear with a key named for it."""
    _write(path)
    draw_key(path.parent / "key")
    save_settings(path.parent, Settings(seat_key=str(path.parent / "key")))
    return path


def test_an_encrypted_file_says_the_same_and_can_be_written(kept: Path) -> None:
    before = _said(kept)
    convert(kept, to_encrypted=True, told=_unheard)
    assert is_encrypted(kept)
    assert _said(kept) == before
    with Store.open(kept, SettableClock()) as store:
        store.log.append([Noted("电话", "又来")], stream=CALL, expected_version=3, context=CONTEXT)
        store.rebuild()
        assert store.compact()
    assert _said(kept) == [*before, "又来"]
    convert(kept, to_encrypted=False, told=_unheard)
    assert not is_encrypted(kept)
    assert _said(kept) == [*before, "又来"]


def test_nothing_in_clear_is_left_in_the_folder_and_only_the_owner_reads_it(kept: Path) -> None:
    with Store.open(kept, SettableClock()) as store:
        identity = store.identity.device
    convert(kept, to_encrypted=True, told=_unheard)
    _write_one_more(kept)
    files = [file for file in kept.parent.rglob("*") if file.is_file()]
    assert [file.name for file in files if identity.encode() in file.read_bytes()] == []
    assert {oct(file.stat().st_mode & 0o777) for file in files} == {"0o600"}


def _write_one_more(path: Path) -> None:
    with Store.open(path, SettableClock()) as store:
        store.log.append([Noted("电话", SAID)], stream=CALL, expected_version=3, context=CONTEXT)


def test_the_clear_original_is_overwritten(kept: Path) -> None:
    """Somebody who kept a second name of the original finds zeros under it."""
    second = kept.with_name("second")
    second.hardlink_to(kept)
    convert(kept, to_encrypted=True, told=_unheard)
    assert set(second.read_bytes()) == {0}


def test_without_the_right_key_the_file_is_not_opened(kept: Path) -> None:
    convert(kept, to_encrypted=True, told=_unheard)
    (kept.parent / "key").write_text("00" * 32)
    with pytest.raises(StoreError) as refused:
        Store.open(kept, SettableClock())
    assert refused.value.message.key == "error.store_garbage"


def test_a_key_others_can_read_is_refused(kept: Path) -> None:
    convert(kept, to_encrypted=True, told=_unheard)
    (kept.parent / "key").chmod(0o644)
    with pytest.raises(BadInput) as refused:
        Store.open(kept, SettableClock())
    assert refused.value.message.key == "error.key_file_mode"


def test_a_passphrase_serves_as_key(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(path)
    monkeypatch.setenv(encrypted.VARIABLE, "一句很长的口令，只有这里知道")
    convert(path, to_encrypted=True, told=_unheard)
    assert _said(path) == [SAID] * 3
    monkeypatch.setenv(encrypted.VARIABLE, "另一句")
    with pytest.raises(StoreError):
        Store.open(path, SettableClock())


def test_a_file_somebody_has_open_is_left_alone(writers: Writers, kept: Path) -> None:
    process = writers.start("write_for_ever", kept)
    writers.line()
    with pytest.raises(StoreError) as refused:
        convert(kept, to_encrypted=True, told=_unheard)
    writers.kill(process)
    assert refused.value.message.key == "error.store_busy"
    assert not is_encrypted(kept)


def test_without_the_package_it_is_said_what_to_install(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    convert(kept, to_encrypted=True, told=_unheard)
    monkeypatch.setitem(__import__("sys").modules, "sqlcipher3", None)
    for kept_in_memory in (encrypted.library, encrypted.connection_class):
        kept_in_memory.cache_clear()
    with pytest.raises(BadInput) as refused:
        Store.open(kept, SettableClock())
    assert refused.value.message.key == "error.sqlcipher_missing"


def test_a_kill_at_any_moment_leaves_one_whole_file(writers: Writers, kept: Path) -> None:
    chance = random.Random(20260302)
    seen = set()
    for _ in range(12):
        process = writers.start("convert_for_ever", kept)
        for _ in range(chance.randrange(1, 5)):
            writers.line()
        time.sleep(chance.random() / 10)  # the moment of death is meant to be random
        writers.kill(process)
        seen.add(is_encrypted(kept))
        assert _said(kept) == [SAID] * 3
    assert seen == {True, False}
