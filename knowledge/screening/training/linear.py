"""Learning the linear model: which features occur often enough, and what each of them weighs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from knowledge.screening.classifier import Weights, weighed
from knowledge.screening.keys import Keys, looked_up
from knowledge.screening.training.examples import Example
from knowledge.screening.training.fitting import Goal, Table, fit

STIFFNESS = 0.7
ROUNDS = 80
_LEAST = 3
"""A feature must occur in so many statements."""
_FAINTEST = 3
"""Of 127, the strongest; a feature whose every weight is less is left out of the file."""


def learn_weights(examples: Sequence[Example]) -> Weights:
    """The weights of the linear model."""
    keys = _common_keys(examples)
    weights = fit(_table(examples, keys), _goal(examples), STIFFNESS, ROUNDS)
    scale = (np.abs(weights[:-1]).max(axis=0) / 127).astype(np.float32)
    rows = np.round(weights[:-1] / scale).astype(np.int8)
    speaks = (np.abs(rows) >= _FAINTEST).any(axis=1)
    return Weights(keys[speaks], rows[speaks], scale, weights[-1].astype(np.float32))


def _common_keys(examples: Sequence[Example]) -> Keys:
    counted: Counter[int] = Counter()
    for example in examples:
        if example.weight == 1.0:
            for keys, _ in weighed(example.features):
                counted.update(keys.tolist())
    return np.array(sorted(key for key, count in counted.items() if count >= _LEAST), dtype=np.uint32)


def _table(examples: Sequence[Example], keys: Keys) -> Table:
    starts, columns, values = [0], [], []
    for example in examples:
        for block, factor in weighed(example.features):
            places, known = looked_up(keys, block)
            kept = places[known].astype(np.int32)
            columns.append(kept)
            values.append(np.full(len(kept), factor, dtype=np.float32))
        starts.append(starts[-1] + sum(len(part) for part in columns[-3:]))
    return Table(np.array(starts, dtype=np.intp), np.concatenate(columns), np.concatenate(values), len(keys))


def _goal(examples: Sequence[Example]) -> Goal:
    return Goal(
        shares=np.stack([example.shares for example in examples]),
        possible=np.stack([example.possible for example in examples]),
        urgent=np.array([example.case.urgent for example in examples], dtype=np.float32),
        weight=np.array([example.weight for example in examples], dtype=np.float32),
    )
