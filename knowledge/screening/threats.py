"""Threats of suicide and of violence, heard beside whatever class a matter is in; each has a script of its own.

Their cues stand apart from those of the classes: they open a script and weigh nothing.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from agent_console.resources.paths import read_toml
from knowledge.screening.cues import CueFile, CueTable, tabled
from knowledge.screening.matcher import Place, WordIndex, normalise
from knowledge.screening.model import Span, ThreatHeard
from knowledge.scripts.model import script_for_threat

_FILE = Path(__file__).parent / "threats.toml"
_MOST_WORDS = 4


def threats_in(text: str, plain: str) -> tuple[ThreatHeard, ...]:
    """What is threatened in the note `text`, whose normalised form is `plain`; the surest first."""
    table, index, weighty = _cues()
    if weighty.search(plain) is None:
        return ()
    heard: dict[str, tuple[int, str, set[Place]]] = {}
    for cue, places in table.matches(plain, index.find(plain)):
        for threat in cue.classes:
            score, why, before = heard.get(threat, (0, "", set()))
            stronger = (cue.score, cue.why) if cue.score > score else (score, why)
            heard[threat] = (*stronger, before | set(places))
    ranked = sorted(heard.items(), key=lambda item: -item[1][0])
    return tuple(
        ThreatHeard(threat, script_for_threat(threat).id, _spans(text, places), why)
        for threat, (_, why, places) in ranked
    )


@cache
def _cues() -> tuple[CueTable, WordIndex, re.Pattern[str]]:
    """The cues, their words, and a quick look whether the note has any of the words they hang on."""
    table = tabled([read_toml(_FILE, CueFile)])
    words = {normalise(word) for anchor in table.by_anchor for word in table.groups[anchor]}
    return table, WordIndex(table.groups), re.compile("|".join(map(re.escape, sorted(words))))


def _spans(text: str, places: set[Place]) -> tuple[Span, ...]:
    return tuple(Span(start, end, text[start:end]) for start, end in sorted(places)[:_MOST_WORDS])
