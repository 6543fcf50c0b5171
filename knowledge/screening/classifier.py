"""The linear model: a score for each class, and which stretches of the note weighed most.

The weights are made by `make train` and read at the first use; at run time only numpy is needed.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from knowledge.screening.features import Features
from knowledge.screening.keys import Keys, looked_up, once
from knowledge.screening.model import ACCEPT, CLASSES

WEIGHTS_FILE = Path(__file__).parent / "weights" / "screening.npz"
SCALES = (6.0, 3.0, 0.5)
"""Weight of all runs of characters together, of all runs of sounds together, and of each single finding."""
_ACCEPT_COLUMN = CLASSES.index(ACCEPT)
_WEIGHS = 0.04
"""From here on a run of characters speaks for a class."""

Floats = NDArray[np.float32]


class Weights(msgspec.Struct, frozen=True):
    """What training found: for every key a row with a column for each class and one for urgency, in eight bits."""

    keys: Keys
    rows: NDArray[np.int8]
    scale: Floats
    bias: Floats

    def save(self, path: Path) -> None:
        """Write the file the seat reads."""
        np.savez(path, keys=self.keys, rows=self.rows, scale=self.scale, bias=self.bias)


def stored_weights(path: Path) -> Weights:
    """Read what `save` wrote."""
    with np.load(path, allow_pickle=False) as stored:
        return Weights(stored["keys"], stored["rows"], stored["scale"], stored["bias"])


def weighed(features: Features) -> tuple[tuple[Keys, float], ...]:
    """The keys of the characters, of the sounds and of the findings, and what one of each counts; for learning, too."""
    runs = [once([run.keys for run in part]) for part in (features.characters, features.sounds)]
    scales = [scale / max(1.0, len(keys) ** 0.5) for scale, keys in zip(SCALES, runs, strict=False)]
    return (runs[0], scales[0]), (runs[1], scales[1]), (features.findings, SCALES[2])


class Classifier:
    """Weights of a multinomial model over the classes, with one more column for urgency."""

    def __init__(self, weights: Weights) -> None:
        """Take the weights as they are stored."""
        self._keys = weights.keys
        self._weights = weights.rows
        self._scale = weights.scale
        self._bias = weights.bias

    def scores(self, features: Features) -> Floats:
        """A score for every class, and last one for urgency."""
        parts = weighed(features)
        factors = np.repeat([factor for _, factor in parts], [len(keys) for keys, _ in parts]).astype(np.float32)
        places, known = looked_up(self._keys, np.concatenate([keys for keys, _ in parts]))
        summed: Floats = factors[known] @ self._weights[places[known]].astype(np.float32)
        return self._bias + summed * self._scale

    def stretches(self, features: Features, name: str) -> list[tuple[int, int]]:
        """Stretches without a mark that speak most for class `name`, as positions, strongest first."""
        column, found = CLASSES.index(name), []
        last = len(features.origin)
        for run in features.characters[1:]:
            for start, gain in self._gains(run.keys, column):
                if start >= 1 and start + run.length - 1 <= last:
                    found.append((gain * run.length, start - 1, start + run.length - 2))
        origin = features.origin
        places = [(origin[first], origin[end] + 1, end - first + 1) for _, first, end in sorted(found, reverse=True)]
        return [(start, end) for start, end, length in places if end - start == length]

    def _gains(self, keys: Keys, column: int) -> list[tuple[int, float]]:
        places, known = looked_up(self._keys, keys)
        rows = self._weights[places].astype(np.float32) * self._scale
        gains = np.where(known, rows[:, column] - rows[:, _ACCEPT_COLUMN], 0)
        return [(int(start), float(gains[start])) for start in np.flatnonzero(gains > _WEIGHS)]


@cache
def classifier(path: Path = WEIGHTS_FILE) -> Classifier:
    """The trained model, read once."""
    return Classifier(stored_weights(path))
