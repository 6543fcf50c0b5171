"""What both models together make of a note: the mean of their scores, by what the rule book knows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import msgspec
import numpy as np
from numpy.typing import NDArray

from knowledge.screening.classifier import Classifier, classifier
from knowledge.screening.features import Features
from knowledge.screening.model import ACCEPT, CLASSES, EMERGENCIES
from knowledge.screening.network import Network, network, read_note
from knowledge.screening.rules import Reading, Rules


class Opinion(msgspec.Struct, frozen=True):
    """What is made of one note: a share of one for every class, and how probable it is that it is urgent."""

    shares: dict[str, float]
    urgent: float

    @property
    def emergency(self) -> float:
        """How probable it is that the note tells of an emergency of whatever class."""
        return sum(self.shares[name] for name in EMERGENCIES)

    def without(self, names: frozenset[str]) -> Opinion:
        """The same where `names` are ordinary matters in this rule book."""
        if not names:
            return self
        moved = sum(self.shares[name] for name in names)
        shares = {name: 0.0 if name in names else share for name, share in self.shares.items()}
        return Opinion(shares | {ACCEPT: self.shares[ACCEPT] + moved}, self.urgent)

    def strongest(self, names: Sequence[str]) -> str:
        """The most probable of `names`."""
        return max(names, key=lambda name: self.shares[name])


class Judges(msgspec.Struct, frozen=True):
    """The two models: one that can say on which words, and one that knows their order."""

    linear: Classifier
    network: Network

    def judge(self, rules: Rules, reading: Reading, features: Features) -> Opinion:
        """Shares of the classes the book of `rules` knows; the others have none."""
        by_order = self.network.scores(read_note(reading, rules.leaves_out))
        return opinion((self.linear.scores(features) + by_order) / np.float32(2), rules.known).without(reading.barred)


@cache
def _barred(known: frozenset[str]) -> NDArray[np.bool_]:
    return np.array([name not in known for name in CLASSES])


def opinion(scores: NDArray[np.float32], known: frozenset[str]) -> Opinion:
    """Scores as shares of the classes in `known` and a probability of urgency."""
    classes = np.where(_barred(known), -np.inf, scores[: len(CLASSES)])
    shares = np.exp(classes - classes.max())
    shares /= shares.sum()
    urgent = 1 / (1 + np.exp(-scores[len(CLASSES)]))
    return Opinion(dict(zip(CLASSES, shares.tolist(), strict=True)), float(urgent))


@cache
def judges() -> Judges:
    """The shipped models, read once."""
    return Judges(classifier(), network())
