"""A script of every class, walked in a real pseudo-terminal from its first line to its outcome.

Six of them in every run, all of them with AGENT_CONSOLE_ALL_SCRIPTS=1.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from knowledge.scripts.model import NEXT, NO, YES, Script, script_for, scripts
from knowledge.scripts.runner import Run, begin

from ..support.scripts import ANSWER, walks
from .terminal import Terminal

CITY_AND_END = {
    "police_110": ("fujian", "transferred"),
    "litigation": ("fujian", "refused"),
    "in_progress_or_duplicate": ("zhijiang", "followed_up"),
    "hidden_number": ("binzhou", "refused"),
    "suicide_threat": ("hebi", "transferred"),
    "violence_threat": ("fuzhou", "transferred"),
    "fire_119": ("hebi", "transferred"),
    "medical_120": ("zhijiang", "transferred"),
    "traffic_122": ("binzhou", "transferred"),
    "reconsideration_arbitration": ("fujian", "refused"),
    "petition": ("binzhou", "refused"),
    "secret": ("fuzhou", "refused"),
    "privacy": ("zhijiang", "refused"),
    "discipline": ("hebi", "refused"),
    "court_procuratorate": ("fujian", "refused"),
    "congress_cppcc": ("fujian", "refused"),
    "military": ("zhijiang", "refused"),
    "out_of_area": ("binzhou", "refused"),
    "civil_dispute": ("zhijiang", "refused"),
    "vague_unreasonable": ("hebi", "refused"),
    "security_superstition_abuse": ("hebi", "refused"),
}
EVERY_TIME = 6
CHOSEN = list(CITY_AND_END)[: None if os.environ.get("AGENT_CONSOLE_ALL_SCRIPTS") else EVERY_TIME]
SAID = {"refused": "不予受理", "transferred": "转接", "followed_up": "并入原工单"}
TYPED = {YES: "y", NO: "n"}


def longest_way(script: Script, code: str, parent: str, end: str) -> Run:
    """The way with the most steps that ends so."""
    return max((run for run in walks(begin(script, code, parent)) if run.outcome == end), key=lambda run: len(run.path))


def test_every_script_there_is_stands_in_the_list() -> None:
    assert set(CITY_AND_END) == set(scripts())


@pytest.mark.parametrize("name", CHOSEN)
def test_a_script_is_walked_to_its_end(home: Path, name: str) -> None:
    code, end = CITY_AND_END[name]
    parent = "fujian" if code == "fuzhou" else ""
    script = script_for(name)
    steps = script.steps(code, parent)
    with Terminal(home, arguments=("script", name, "--jurisdiction", code)) as terminal:
        for entry in longest_way(script, code, parent, end).path:
            step, _, key = entry.partition(":")
            terminal.wait_for(steps[step].text[:12])
            answer = ANSWER if steps[step].kind == "ask" else ""
            terminal.press(answer if key == NEXT else TYPED.get(key, key), "enter")
        terminal.wait_for(f"结果：{SAID[end]}")
        assert terminal.ended().code == 0
        assert "解释：已做　引导：已做" in terminal.text
