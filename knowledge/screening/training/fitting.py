"""Fitting the weights: a masked multinomial model and a yes-or-no column, by L-BFGS, in plain numpy.

Only training needs this; the seat never does.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Wide = NDArray[np.float64]
_MEMORY = 8
_AT_ONCE = 8_192
"""Entries of a table multiplied at once, so that they stay near the processor."""
_SMALLEST_STEP = 1e-4
"""Of the first step tried, below which a direction helps no more."""


class Table(msgspec.Struct, frozen=True):
    """Statements by features, sparse: the places of statement i are `columns[starts[i]:starts[i + 1]]`."""

    starts: NDArray[np.intp]
    columns: NDArray[np.int32]
    values: Floats
    width: int

    def turned(self) -> Table:
        """The same with features as rows; every feature occurs."""
        order = np.argsort(self.columns, kind="stable")
        rows = np.repeat(np.arange(len(self.starts) - 1, dtype=np.int32), np.diff(self.starts))
        starts = np.concatenate([[0], np.cumsum(np.bincount(self.columns, minlength=self.width))])
        return Table(starts, rows[order], self.values[order], len(self.starts) - 1)

    def times(self, dense: Floats) -> Floats:
        """Product with a dense matrix; each row must hold something."""
        whole = np.empty((len(self.starts) - 1, dense.shape[1]), dtype=np.float32)
        row = 0
        while row < len(whole):
            first = self.starts[row]
            after = max(row + 1, int(np.searchsorted(self.starts, first + _AT_ONCE, side="right")) - 1)
            part = slice(first, self.starts[after])
            parts = dense[self.columns[part]]
            parts *= self.values[part, None]
            whole[row:after] = np.add.reduceat(parts, self.starts[row:after] - first, axis=0)
            row = after
        return whole


class Goal(msgspec.Struct, frozen=True):
    """What is right for the statements: shares of the classes, which classes are possible, and urgency."""

    shares: Floats
    possible: NDArray[np.bool_]
    urgent: Floats
    weight: Floats


def fit(table: Table, goal: Goal, stiffness: float, rounds: int) -> Floats:
    """Weights by feature and column, the last row being the bias; the last column is urgency."""
    turned = table.turned()
    classes = goal.shares.shape[1]
    shape = (table.width + 1, classes + 1)
    barred = np.where(goal.possible, 0, -1e9).astype(np.float32)
    sign = np.where(goal.urgent > 0.5, 1, -1).astype(np.float32)

    def loss(flat: Wide) -> tuple[float, Wide]:
        weights = flat.astype(np.float32).reshape(shape)
        scores = table.times(weights[:-1]).astype(np.float64) + weights[-1]
        logs, shares = _softmax(scores[:, :classes] + barred)
        urgent = scores[:, classes]
        missed = -float((goal.weight[:, None] * np.where(goal.shares > 0, goal.shares * logs, 0)).sum())
        missed += float((goal.weight * np.logaddexp(0, -sign * urgent)).sum())
        slope = np.empty_like(scores)
        slope[:, :classes] = goal.weight[:, None] * (shares - goal.shares)
        slope[:, classes] = goal.weight * (1 / (1 + np.exp(-urgent)) - goal.urgent)
        felt = turned.times(slope.astype(np.float32))
        whole = np.vstack([felt + stiffness * weights[:-1], slope.sum(axis=0)])
        held = stiffness / 2 * float((flat[: -(classes + 1)] ** 2).sum())
        return missed + held, whole.ravel().astype(np.float64)

    return _descend(loss, np.zeros(shape[0] * shape[1]), rounds).astype(np.float32).reshape(shape)


def _softmax(scores: Wide) -> tuple[Wide, Wide]:
    scores = scores - scores.max(axis=1, keepdims=True)
    powers = np.exp(scores)
    whole = powers.sum(axis=1, keepdims=True)
    return scores - np.log(whole), powers / whole


def _descend(loss: Callable[[Wide], tuple[float, Wide]], point: Wide, rounds: int) -> Wide:
    """Limited-memory BFGS with halving steps; where no step helps any more it begins anew along the slope."""
    history: deque[tuple[Wide, Wide, float]] = deque(maxlen=_MEMORY)
    value, slope = loss(point)
    for _ in range(rounds):
        direction = -_bent(slope, history)
        fall = float(slope @ direction)
        step = 1.0 if history else 1.0 / max(1.0, float(np.linalg.norm(slope)))
        smallest = step * _SMALLEST_STEP
        while True:
            there = point + step * direction
            lower, steeper = loss(there)
            if lower <= value + 1e-4 * step * fall:
                break
            step /= 2
            if step < smallest:
                break
        if step < smallest:
            if not history:
                return point
            history.clear()
            continue
        moved, turned = there - point, steeper - slope
        curve = float(moved @ turned)
        if curve > 0:
            history.append((moved, turned, curve))
        point, value, slope = there, lower, steeper
    return point


def _bent(slope: Wide, history: deque[tuple[Wide, Wide, float]]) -> Wide:
    direction, shares = slope.copy(), []
    for moved, turned, curve in reversed(history):
        share = float(moved @ direction) / curve
        direction -= share * turned
        shares.append(share)
    if history:
        moved, turned, curve = history[-1]
        direction *= curve / float(turned @ turned)
    for (moved, turned, curve), share in zip(history, reversed(shares), strict=True):
        direction += (share - float(turned @ direction) / curve) * moved
    return direction
