"""A guided dialogue as a small graph: what to say, what to ask, where each answer leads."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from agent_console.domain.errors import UnknownName
from agent_console.resources.paths import read_toml

CHARACTERS_PER_MINUTE = 120
"""Speed at which an operator speaks so that a caller can follow."""

StepKind = Literal["say", "ask", "choice", "check", "end"]
Mark = Literal["explained", "guided"]
EndOutcome = Literal["refused", "transferred", "followed_up", "resume"]
"""How a script ends; `resume` goes back to the note, because the matter can be taken after all."""

NEXT, YES, NO = "next", "yes", "no"
_NOTE = re.compile("（[^）]*）")
_CONTENT = Path(__file__).parent / "content"


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One answer of a choice: its key, what it says, where it leads; `way` is how an emergency is handed over, `target`
    to whom where that is not the one the script names."""

    key: str
    label: str
    next: str
    way: Literal["", "transfer", "three_way", "number_given", "reported"] = ""
    target: str = ""


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One step. `marks` are what has been done once the step is left; `field` names what an answer is kept as.

    `needed`: the answer may not be left empty; what cannot be found out is written down as that.
    `ends_call` says for what the operator ends the call with this step; a lead hears of it.
    """

    id: str
    kind: StepKind
    text: str
    next: str = ""
    options: tuple[Option, ...] = ()
    yes: str = ""
    no: str = ""
    field: str = ""
    needed: bool = False
    marks: tuple[Mark, ...] = ()
    outcome: EndOutcome | None = None
    local_check: bool = False
    ends_call: Literal["", "abuse"] = ""

    @property
    def exits(self) -> dict[str, str]:
        """The step each key leads to."""
        match self.kind:
            case "say" | "ask":
                return {NEXT: self.next}
            case "choice":
                return {option.key: option.next for option in self.options}
            case "check":
                return {YES: self.yes, NO: self.no}
            case "end":
                return {}

    @property
    def seconds(self) -> int:
        """How long it takes to say, at hotline speed; a step that is all note takes the time to read it."""
        return -(-len(self.spoken or self.text) * 60 // CHARACTERS_PER_MINUTE)

    @property
    def spoken(self) -> str:
        """What the caller hears: the text without its notes to the operator, which stand in （…）."""
        return _NOTE.sub("", self.text).strip()


class Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A guided dialogue; `wording` holds, by jurisdiction and step, what is said there instead.

    `leads` holds, by jurisdiction and `step:key`, where an option of a choice leads there instead. A script for a
    `threat` serves no class of its own. `hang_up` is what the operator must do at once when the caller is gone.
    """

    id: str
    version: int
    title: str
    classes: tuple[str, ...]
    start: str
    step: tuple[Step, ...]
    clauses: tuple[str, ...] = ()
    target: str = ""
    threat: Literal["", "suicide", "violence"] = ""
    hang_up: str = ""
    wording: dict[str, dict[str, str]] = {}
    leads: dict[str, dict[str, str]] = {}

    @property
    def jurisdictions(self) -> tuple[str, ...]:
        """Those that have words or ways of their own here; the empty one stands for all others."""
        return ("", *sorted({*self.wording, *self.leads}))

    def steps(self, jurisdiction: str = "", parent: str = "") -> dict[str, Step]:
        """The steps by id as they are in the jurisdiction; what its parent has serves where it has nothing."""
        worded = {**self.wording.get(parent, {}), **self.wording.get(jurisdiction, {})}
        leads = {**self.leads.get(parent, {}), **self.leads.get(jurisdiction, {})}
        return {step.id: _localised(step, worded, leads) for step in self.step}


def _localised(step: Step, worded: dict[str, str], leads: dict[str, str]) -> Step:
    options = tuple(
        msgspec.structs.replace(option, next=leads.get(f"{step.id}:{option.key}", option.next))
        for option in step.options
    )
    return msgspec.structs.replace(step, text=worded.get(step.id, step.text), options=options)


@cache
def scripts() -> dict[str, Script]:
    """Every script by id. Raises BadInput naming the file that cannot be read."""
    return {path.stem: read_toml(path, Script) for path in sorted(_CONTENT.glob("*.toml"))}


def script_for_threat(threat: str) -> Script:
    """The script for a threat of suicide or of violence. Raises UnknownName."""
    return script_for(next((script.id for script in scripts().values() if script.threat == threat), threat))


def script_for(name: str) -> Script:
    """The script of that id, or the one that serves the screening class. Raises UnknownName."""
    known = scripts()
    found = known.get(name) or next((script for script in known.values() if name in script.classes), None)
    if found is None:
        raise UnknownName("error.script", "advice.script", name=name, known="、".join(known))
    return found
