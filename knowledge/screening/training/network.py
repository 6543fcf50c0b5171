"""Fitting the network: the slope of every parameter by hand, steps by AdamW, in plain numpy.

Only training needs this; the seat never does. Shapes as in `network`: B notes, N characters, D columns, C classes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from knowledge.screening.network import (
    COLUMNS,
    HEADS,
    REACHES,
    Batch,
    Floats,
    Network,
    Numbers,
    Parameters,
    Vocabulary,
    add_rows,
    batch_of,
    beside,
    evened,
    gated,
    pooled,
    scored,
    taken_in,
)
from knowledge.screening.training.examples import Example

WIDTH = 48
ROUNDS = 16
_LEAST = 2
"""A character, sound or word group must occur in so many statements."""
_AT_ONCE = 64
_SORTED = 16
"""Batches drawn together and sorted by length, so that little is padding."""
_PEAK = 3e-3
_DECAY = 0.02
_WARM = 0.3
_MOMENTS = (0.9, 0.99)
_LONGEST_STEP = 2.0
_SMOOTH = 0.03
"""Taken from the right answer and given to all possible ones."""
_URGENCY = 0.7
_FORGET_CHARACTER, _FORGET_SOUND = 0.12, 0.05
_DROP_IN, _DROP_LAYER, _DROP_OUT = 0.3, 0.1, 0.5


def vocabulary_of(examples: Sequence[Example]) -> Vocabulary:
    """What occurs often enough in the examples to have a row of its own."""
    notes = [example.note for example in examples if example.weight == 1]
    groups = sorted({name for note in notes for name in note.groups})
    return Vocabulary(
        _common([note.characters for note in notes]),
        _common([note.sounds for note in notes]),
        {name: row for row, name in enumerate(groups, 1)},
        {name: row for row, name in enumerate(sorted(set().union(*(note.traits for note in notes))))},
    )


def _common(codes: list[Numbers]) -> Numbers:
    known, counted = np.unique(np.concatenate([np.unique(part) for part in codes]), return_counts=True)
    return known[counted >= _LEAST]


def first_parameters(vocabulary: Vocabulary, chance: np.random.Generator, width: int = WIDTH) -> Parameters:
    """Where learning begins."""

    def drawn(rows: int, columns: int, spread: float) -> Floats:
        return (chance.standard_normal((rows, columns)) * spread).astype(np.float32)

    pooled_width = width * (1 + HEADS)
    parameters = {
        "characters": drawn(len(vocabulary.characters) + 1, width, 0.3),
        "sounds": drawn(len(vocabulary.sounds) + 1, width, 0.3),
        "groups": drawn(len(vocabulary.groups) + 1, width, 0.05),
        "heads": drawn(width, HEADS, width**-0.5),
        "out": drawn(pooled_width, COLUMNS, pooled_width**-0.5),
        "bias": np.zeros(COLUMNS, dtype=np.float32),
        "traits": np.zeros((len(vocabulary.traits), COLUMNS), dtype=np.float32),
    }
    for layer in range(len(REACHES)):
        parameters[f"kernel{layer}"] = drawn(3 * width, 2 * width, (3 * width) ** -0.5)
        parameters[f"offset{layer}"] = np.zeros(2 * width, dtype=np.float32)
    return parameters


class Aim(msgspec.Struct, frozen=True):
    """What is right for a batch: (B, C) shares and possibilities, (B,) urgency."""

    shares: Floats
    possible: NDArray[np.bool_]
    urgent: Floats


Dropping = Callable[[tuple[int, ...], float], Floats]
"""Makes a mask of the given shape: nought with the given probability, else what keeps the mean."""


def keep_all(shape: tuple[int, ...], _share: float) -> Floats:
    """Nothing is dropped."""
    return np.ones(shape, dtype=np.float32)


class _Layer(msgspec.Struct, frozen=True):
    even: Floats
    spread: Floats
    wide: Floats
    offered: Floats
    gate: Floats
    mask: Floats


def slopes(parameters: Parameters, batch: Batch, aim: Aim, drop: Dropping = keep_all) -> tuple[float, Parameters]:
    """The mean loss of a batch and its slope for every parameter."""
    masked_in = drop((*batch.there.shape, parameters["heads"].shape[0]), _DROP_IN)
    values = taken_in(parameters, batch) * masked_in
    layers = []
    for layer, reach in enumerate(REACHES):
        even, spread = evened(values)
        even *= batch.there[..., None]
        wide = beside(even, reach)
        offered, gate = gated(parameters, layer, wide)
        mask = drop(values.shape, _DROP_LAYER)
        layers.append(_Layer(even, spread, wide, offered, gate, mask))
        values = values + offered * gate * mask
    found, heed = pooled(parameters, values, batch.there)
    mask_out = drop(found.shape, _DROP_OUT)
    found *= mask_out
    loss, felt = _missed(scored(parameters, batch, found), aim)
    slope: Parameters = {
        "out": found.T @ felt,
        "bias": felt.sum(axis=0),
        "traits": batch.traits.T @ felt,
    }
    back = _through_pool(parameters, values, heed, (felt @ parameters["out"].T) * mask_out, batch, slope)
    for layer in reversed(range(len(REACHES))):
        back = _through_layer(parameters, layer, layers[layer], back, batch, slope)
    _through_rows(parameters, batch, back * masked_in, slope)
    return loss, slope


def _missed(scores: Floats, aim: Aim) -> tuple[float, Floats]:
    """The mean loss and its slope by score: classes against what is right, smoothed; urgency by itself."""
    notes, classes = aim.shares.shape
    barred = np.where(aim.possible, scores[:, :classes], np.float32(-1e4))
    barred -= barred.max(axis=1, keepdims=True)
    logs = barred - np.log(np.exp(barred).sum(axis=1, keepdims=True))
    even = aim.possible / aim.possible.sum(axis=1, keepdims=True)
    right = (1 - _SMOOTH) * aim.shares + _SMOOTH * even
    urgent = scores[:, classes]
    sure = 1 / (1 + np.exp(-urgent))
    loss = -float((right * logs).sum()) / notes
    loss += _URGENCY * float((np.logaddexp(0, urgent) - aim.urgent * urgent).sum()) / notes
    felt = np.empty_like(scores)
    felt[:, :classes] = (np.exp(logs) - right) / notes
    felt[:, classes] = _URGENCY * (sure - aim.urgent) / notes
    return loss, felt


def _through_pool(
    parameters: Parameters, values: Floats, heed: Floats, felt: Floats, batch: Batch, slope: Parameters
) -> Floats:
    """The slope by (B, N, D) values from that by what was pooled."""
    width = values.shape[-1]
    apart = felt[:, width:].reshape(len(felt), HEADS, width)
    back: Floats = heed @ apart
    by_heed = values @ apart.transpose(0, 2, 1)
    by_heed = heed * (by_heed - (heed * by_heed).sum(axis=1, keepdims=True))
    slope["heads"] = np.tensordot(values, by_heed, axes=([0, 1], [0, 1]))
    back += by_heed @ parameters["heads"].T
    strongest = np.where(batch.there[..., None], values, np.float32(-1e4)).argmax(axis=1)
    notes, columns = np.ogrid[: len(values), :width]
    back[notes, strongest, columns] += felt[:, :width]
    return back


def _through_layer(
    parameters: Parameters, number: int, layer: _Layer, back: Floats, batch: Batch, slope: Parameters
) -> Floats:
    reach, width = REACHES[number], back.shape[-1]
    felt = back * layer.mask
    both = np.concatenate([felt * layer.gate, felt * layer.offered * layer.gate * (1 - layer.gate)], axis=-1)
    flat = both.reshape(-1, 2 * width)
    slope[f"kernel{number}"] = layer.wide.reshape(-1, 3 * width).T @ flat
    slope[f"offset{number}"] = flat.sum(axis=0)
    by_wide = both @ parameters[f"kernel{number}"].T
    by_even = by_wide[..., width : 2 * width].copy()
    if reach < by_even.shape[1]:
        by_even[:, :-reach] += by_wide[:, reach:, :width]
        by_even[:, reach:] += by_wide[:, :-reach, 2 * width :]
    by_even *= batch.there[..., None]
    even = layer.even
    lean = by_even.mean(axis=-1, keepdims=True) + even * (by_even * even).mean(axis=-1, keepdims=True)
    whole: Floats = back + layer.spread * (by_even - lean) * batch.there[..., None]
    return whole


def _through_rows(parameters: Parameters, batch: Batch, back: Floats, slope: Parameters) -> None:
    back = back * batch.there[..., None]
    flat = back.reshape(-1, back.shape[-1])
    for name, rows in (("characters", batch.characters), ("sounds", batch.sounds)):
        slope[name] = np.zeros_like(parameters[name])
        add_rows(slope[name], rows.ravel(), flat)
    slope["groups"] = np.zeros_like(parameters["groups"])
    if len(batch.groups):
        add_rows(slope["groups"], batch.groups, flat[batch.places])


class _Steps:
    """AdamW with a warm-up and a slow end."""

    def __init__(self, parameters: Parameters, count: int) -> None:
        self._parameters = parameters
        self._count = count
        self._done = 0
        self._first = {name: np.zeros_like(values) for name, values in parameters.items()}
        self._second = {name: np.zeros_like(values) for name, values in parameters.items()}

    def _pace(self) -> float:
        warm = _WARM * self._count
        if self._done < warm:
            return _PEAK * (0.04 + 0.96 * (1 - math.cos(math.pi * self._done / warm)) / 2)
        return _PEAK * (1 + math.cos(math.pi * (self._done - warm) / (self._count - warm))) / 2

    def step(self, slope: Parameters) -> None:
        length = math.sqrt(sum(float(np.vdot(values, values)) for values in slope.values()))
        shrink = np.float32(min(1.0, _LONGEST_STEP / (length + 1e-9)))
        pace = self._pace()
        self._done += 1
        fast, slow = _MOMENTS
        steady = math.sqrt(1 - slow**self._done) / (1 - fast**self._done)
        for name in self._parameters:
            felt = slope[name] * shrink
            first, second = self._first[name], self._second[name]
            first += np.float32(1 - fast) * (felt - first)
            second += np.float32(1 - slow) * (felt * felt - second)
            self._parameters[name] *= np.float32(1 - pace * _DECAY)
            self._parameters[name] -= np.float32(pace * steady) * first / (np.sqrt(second) + np.float32(1e-8))


def learn_network(
    examples: Sequence[Example],
    rounds: int = ROUNDS,
    seed: int = 0,
    width: int = WIDTH,
    tell: Callable[[int, int], None] | None = None,
) -> Network:
    """A network learnt from the examples in so many rounds; the same examples and seed give the same network.

    tell: called before every round with its number and how many there are.
    """
    chance = np.random.default_rng(seed)
    vocabulary = vocabulary_of(examples)
    parameters = first_parameters(vocabulary, chance, width)
    each_round = max(1, 2 * sum(example.weight == 1 for example in examples) // _AT_ONCE)
    steps = _Steps(parameters, rounds * each_round)

    def drop(shape: tuple[int, ...], share: float) -> Floats:
        return (chance.random(shape, dtype=np.float32) >= share).astype(np.float32) / np.float32(1 - share)

    for number in range(1, rounds + 1):
        if tell is not None:
            tell(number, rounds)
        for drawn in _drawn(examples, each_round, chance):
            batch = _forgetful(batch_of([example.note for example in drawn], vocabulary), chance)
            steps.step(slopes(parameters, batch, aim_of(drawn), drop)[1])
    return Network(vocabulary, parameters)


def _drawn(examples: Sequence[Example], batches: int, chance: np.random.Generator) -> Iterator[list[Example]]:
    """Batches of examples of about the same length, drawn by weight."""
    weights = np.array([example.weight for example in examples])
    order = chance.choice(len(examples), batches * _AT_ONCE, p=weights / weights.sum())
    for begin in range(0, len(order), _AT_ONCE * _SORTED):
        part = sorted(order[begin : begin + _AT_ONCE * _SORTED], key=lambda index: len(examples[index].note))
        parts = [part[start : start + _AT_ONCE] for start in range(0, len(part), _AT_ONCE)]
        for place in chance.permutation(len(parts)):
            yield [examples[index] for index in parts[place]]


def _forgetful(batch: Batch, chance: np.random.Generator) -> Batch:
    """The batch with some characters and sounds as if they were not known."""
    return msgspec.structs.replace(
        batch,
        characters=np.where(chance.random(batch.there.shape) < _FORGET_CHARACTER, 0, batch.characters),
        sounds=np.where(chance.random(batch.there.shape) < _FORGET_SOUND, 0, batch.sounds),
    )


def aim_of(examples: Sequence[Example]) -> Aim:
    """What is right for these examples."""
    return Aim(
        np.stack([example.shares for example in examples]),
        np.stack([example.possible for example in examples]),
        np.array([example.case.urgent for example in examples], dtype=np.float32),
    )
