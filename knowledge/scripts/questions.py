"""The one question to the caller that decides whether a proposal is right: per class, in a rule book's own words."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec

from agent_console.domain.messages import Message, message
from agent_console.resources.paths import read_toml

LONGEST = 40
"""Characters of a question: what can be said in twenty seconds and read beside the note at a glance."""
_FILE = Path(__file__).parent / "questions.toml"


class Questions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Questions by class; `wording` holds, by jurisdiction, what is asked there instead."""

    ask: dict[str, str]
    wording: dict[str, dict[str, str]] = {}


@cache
def stored_questions() -> Questions:
    """What the file holds. Raises BadInput where it cannot be read."""
    return read_toml(_FILE, Questions)


def questions(jurisdiction: str = "", parent: str = "") -> dict[str, str]:
    """The question for every class in a jurisdiction; what its parent asks serves where it has nothing of its own."""
    stored = stored_questions()
    return {**stored.ask, **stored.wording.get(parent, {}), **stored.wording.get(jurisdiction, {})}


def check_questions(stored: Questions, classes: tuple[str, ...], jurisdictions: tuple[str, ...]) -> list[Message]:
    """What is wrong with the questions: a class without one, one without a class or city, one too long to say."""
    return [message(key, place=place) for key, place in _faults(stored, classes, jurisdictions)]


def _faults(stored: Questions, classes: tuple[str, ...], jurisdictions: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name in classes:
        if name not in stored.ask:
            yield "script.fault.no_question", name
    for code in stored.wording:
        if code not in jurisdictions:
            yield "script.fault.question_class", code
    for part in (stored.ask, *stored.wording.values()):
        for name, question in part.items():
            if name not in classes:
                yield "script.fault.question_class", name
            if not 0 < len(question) <= LONGEST:
                yield "script.fault.question_length", name
