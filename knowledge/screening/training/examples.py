"""Labelled statements as the models learn from them: what is read of each, and what is right for it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from agent_console.resources.rule_books import load_book
from knowledge.screening.evaluation import Labelled, labelled
from knowledge.screening.features import Features, read_features
from knowledge.screening.model import CLASSES
from knowledge.screening.network import Note, read_note
from knowledge.screening.rules import Rules
from knowledge.screening.training.augment import variants

ANY = "any"
_ALSO = 0.3
"""What the answers that are not wrong either share between them."""
_VARIANT_WEIGHT = 0.35


class Example(msgspec.Struct, frozen=True):
    """A statement as it is learnt from.

    shares: how right each class is, together one. possible: the classes its book knows. weight: how much it counts.
    """

    case: Labelled
    features: Features
    note: Note
    shares: NDArray[np.float32]
    possible: NDArray[np.bool_]
    weight: float


class Reader:
    """Reads statements by the rule book of each."""

    def __init__(self) -> None:
        """No book was opened yet."""
        self._rules: dict[str, Rules] = {}

    def rules(self, jurisdiction: str) -> Rules:
        """The cues by the book of `jurisdiction`."""
        if jurisdiction not in self._rules:
            self._rules[jurisdiction] = Rules(None if jurisdiction == ANY else load_book(jurisdiction))
        return self._rules[jurisdiction]

    def example(self, case: Labelled, text: str, weight: float) -> Example:
        """`text` with the label of `case`."""
        rules = self.rules(case.jurisdiction)
        reading = rules.read(text)
        return Example(
            case=case,
            features=read_features(reading, rules.leaves_out),
            note=read_note(reading, rules.leaves_out),
            shares=_shares(case, rules.known),
            possible=np.array([name in rules.known for name in CLASSES]),
            weight=weight,
        )

    def examples(self, cases: Iterable[Labelled]) -> list[Example]:
        """Every statement and its variants."""
        found = []
        for case in cases:
            found.append(self.example(case, case.text, 1.0))
            found += [self.example(case, text, _VARIANT_WEIGHT) for text in variants(case)]
        return found


def _shares(case: Labelled, known: frozenset[str]) -> NDArray[np.float32]:
    shares = np.zeros(len(CLASSES), dtype=np.float32)
    also = [name for name in case.also_ok if name in known]
    shares[CLASSES.index(case.expected)] = 1 - _ALSO if also else 1
    for name in also:
        shares[CLASSES.index(name)] += _ALSO / len(also)
    return shares


def corpus(folder: Path) -> list[Labelled]:
    """All labelled statements of a folder, in the order of the file names. Raises BadInput naming file and line."""
    return [case for path in sorted(folder.glob("*.jsonl")) for case in labelled(path)]
