"""Keys are data: a file of one's own is checked when it is read, and told what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent_console.domain.errors import BadInput
from agent_console.texts import sentence
from screens.actions import ACTIONS
from screens.keymap import load_keymap

TAKEN_BY_TERMINAL_WINDOWS = {"f1", "f10", "f11"}


def own(folder: Path, text: str) -> str:
    path = folder / "keys.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def complaint(folder: Path, text: str) -> str:
    path = own(folder, text)
    with pytest.raises(BadInput) as caught:
        load_keymap(path)
    told = sentence(caught.value.message)
    assert path in told
    return told


def test_a_key_that_terminal_windows_take_is_never_the_only_way() -> None:
    keymap = load_keymap()
    for action in ACTIONS:
        assert set(keymap.keys.get(action.id, ())) - TAKEN_BY_TERMINAL_WINDOWS or action.id in keymap.letters
    assert set(keymap.leader) - TAKEN_BY_TERMINAL_WINDOWS


def test_the_key_that_is_taught_is_the_function_key_or_the_leader_with_its_letter() -> None:
    keymap = load_keymap()
    assert keymap.shown("take") == "F2"
    assert keymap.shown("park") == "^G p"


def test_keys_of_ones_own_replace_those_of_the_console_and_leave_the_rest(tmp_path: Path) -> None:
    keymap = load_keymap(
        own(tmp_path, 'leader = ["ctrl+t"]\n[keys]\ntake = ["f12"]\nnext_matter = ["f2"]\nmonitor = []\n')
    )
    assert keymap.keys["take"] == ("f12",)
    assert keymap.keys["answer"] == ("f3",)
    assert keymap.shown("park") == "^T p"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[keys]\nteleport = ["f2"]\n', "不认识的动作：teleport"),
        ('[letters]\nteleport = "ä"\n', "不认识的动作：teleport"),
        ('[keys]\ntake = ["f3"]\n', "keys 里重复使用了：f3"),
        ('[keys]\ntake = ["ctrl+g"]\n', "keys 里重复使用了：ctrl+g"),
        ('[letters]\ntake = "d"\n', "letters 里重复使用了：d"),
        ('leader = ["f11"]\n', "引导键 f11 在有些终端里收不到"),
    ],
)
def test_what_is_unknown_or_used_twice_is_told_with_file_and_key(tmp_path: Path, text: str, words: str) -> None:
    assert words in complaint(tmp_path, text)


@pytest.mark.parametrize("text", ["[keys\n", "keys = 3\n", "[colours]\nred = 1\n", '[letters]\ntake = ["j"]\n'])
def test_a_file_that_is_no_keymap_is_told_by_name(tmp_path: Path, text: str) -> None:
    complaint(tmp_path, text)


def test_a_file_that_is_not_there_is_told_by_name(tmp_path: Path) -> None:
    path = str(tmp_path / "none.toml")
    with pytest.raises(BadInput) as caught:
        load_keymap(path)
    assert path in sentence(caught.value.message)
