"""Rows as bytes by a model, and back: latents first, then the values column by column."""

import lzma

import numpy as np

from . import mixture, rans

TOTAL = 1 << rans.BITS


class Counts:
    """Cumulative frequencies of the integers of an axis, for given mixtures; every integer keeps at least one."""

    def __init__(self, axis, logits, means, logs):
        # One is left over, since no interval may be everything.
        self.free, self.edges = TOTAL - axis.size - 1, axis.scores.copy()
        self.edges[[0, -1]] = -np.inf, np.inf
        self.parts = mixture.softmax(logits), means, logs
        self.size = axis.size

    def below(self, k, rows=slice(None)):
        parts = (part[rows] for part in self.parts)
        return (mixture.cumulative(self.edges[k], *parts) * self.free).astype(np.int64) + k

    def find(self, slots, first):
        """The integers whose intervals hold `slots`, by bisection."""
        rows = slice(first, first + len(slots))
        low, high = np.zeros(len(slots), np.int64), np.full(len(slots), self.size)
        while (high - low > 1).any():
            middle = (low + high) // 2
            above = self.below(middle, rows) > slots
            low, high = np.where(above, low, middle), np.where(above, middle, high)
        return low, self.below(low, rows), self.below(low + 1, rows)


def alone(axis, rows):
    """An axis by itself, for latents."""
    zero = np.zeros((rows, 1))
    return Counts(axis, zero, zero, zero)


def column(parts, j):
    return (part[:, j] for part in parts)


def encode(model, table, k):
    encoder, whole = rans.Encoder(), model.stored(k)
    for i, axis in enumerate(model.axes):
        counts = alone(axis, len(k))
        encoder.add(counts.below(whole[:, i]), counts.below(whole[:, i] + 1))
    parts = model.distribution(whole, k)
    for j, axis in enumerate(table.axes):
        counts = Counts(axis, *column(parts, j))
        encoder.add(counts.below(k[:, j]), counts.below(k[:, j] + 1))
    return encoder.bytes()


def decode(model, table, data, rows):
    decoder = rans.Decoder(data)
    whole = [decoder.take(rows, alone(axis, rows).find) for axis in model.axes]
    whole = np.stack(whole, axis=1) if whole else np.zeros((rows, 0), np.int64)
    k, parts = np.zeros((rows, len(table.axes)), np.int64), None
    for j, axis in enumerate(table.axes):
        if parts is None or not model.axes:  # without latents it depends on what was decoded so far
            parts = model.distribution(whole, k)
        k[:, j] = decoder.take(rows, Counts(axis, *column(parts, j)).find)
    return k


def model_bytes(model, table):
    """Parameters as floats, and the columns' axes, LZMA."""
    arrays = [*model.parameters(), *(axis.stored() for axis in table.axes), table.low, table.steps]
    return len(lzma.compress(b"".join(np.asarray(a).astype("<f4").tobytes() for a in arrays)))
