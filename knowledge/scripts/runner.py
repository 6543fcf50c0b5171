"""Walking a script: a value that knows the step it is at, the way it came, and what has been done."""

from __future__ import annotations

from typing import Literal, TypedDict

import msgspec

from agent_console.domain.errors import BadInput
from knowledge.scripts.model import EndOutcome, Script, Step

HANG_UP = "hangup"
RunOutcome = EndOutcome | Literal["interrupted"]


class Trace(TypedDict):
    """What the record of every outcome by a script carries."""

    script: str
    script_version: int
    path: tuple[str, ...]


class Record(Trace):
    """What it carries where explaining and guiding are owed."""

    explained: bool
    guided: bool


class Run(msgspec.Struct, frozen=True):
    """A script being walked. `path` holds `step:key` for every answer, so that the record shows the branch taken.

    known: what the call already tells, by field of a question; it stands in the answer line.
    """

    script: Script
    current: str
    jurisdiction: str = ""
    parent: str = ""
    path: tuple[str, ...] = ()
    answers: dict[str, str] = {}
    explained: bool = False
    guided: bool = False
    way: str = ""
    called: str = ""
    gone: bool = False
    known: dict[str, str] = {}

    @property
    def step(self) -> Step:
        """The step to be said now."""
        return self.script.steps(self.jurisdiction, self.parent)[self.current]

    @property
    def target(self) -> str:
        """To whom the caller is handed over."""
        return self.called or self.script.target

    @property
    def keys(self) -> tuple[str, ...]:
        """The answers this step takes; the caller may hang up at any of them."""
        return () if self.outcome else (*self.step.exits, HANG_UP)

    @property
    def outcome(self) -> RunOutcome | None:
        """How it ended, or None while it goes on.

        A caller who is gone after the hand-over was handed over, unless the script has more to be done at once.
        """
        if not self.gone:
            return self.step.outcome
        return "transferred" if self._handed_over and not self.script.hang_up else "interrupted"

    @property
    def trace(self) -> Trace:
        """Which script in which version, and the way through it."""
        return Trace(script=self.script.id, script_version=self.script.version, path=self.path)

    @property
    def record(self) -> Record:
        """The same with the duties that were done."""
        return Record(**self.trace, explained=self.explained, guided=self.guided)

    @property
    def _handed_over(self) -> bool:
        """Whether the way taken was gone to its end; a number is said only after the one question."""
        return bool(self.way) and not (self.way == "number_given" and self.step.kind == "ask")

    def answer(self, key: str, text: str = "") -> Run:
        """Go on by `key`, keeping `text` as the answer to a question. Raises BadInput for a key it does not take."""
        if key == HANG_UP and self.outcome is None:
            return self.hang_up()
        step = self.step
        option = next((option for option in step.options if option.key == key), None)
        if key not in step.exits or self.outcome is not None:
            raise BadInput("error.script_key", None, choice=key, choices="、".join(self.keys))
        return msgspec.structs.replace(
            self,
            current=step.exits[key],
            path=(*self.path, f"{step.id}:{key}"),
            answers={**self.answers, step.field: text} if step.field and text else self.answers,
            explained=self.explained or "explained" in step.marks,
            guided=self.guided or "guided" in step.marks,
            way=(option.way if option else "") or self.way,
            called=(option.target if option else "") or self.called,
        )

    def hang_up(self) -> Run:
        """The caller is gone: the step was not finished, so it ticks nothing."""
        return msgspec.structs.replace(self, gone=True, path=(*self.path, f"{self.current}:{HANG_UP}"))


def begin(script: Script, jurisdiction: str = "", parent: str = "", known: dict[str, str] | None = None) -> Run:
    """The script at its first step, worded for the jurisdiction; `known` answers stand in the answer line."""
    return Run(script=script, current=script.start, jurisdiction=jurisdiction, parent=parent, known=known or {})
