"""A masked autoencoder (MADE) with the same layers and the same training as the others: nothing is stored besides the
values. And no network at all, as its limit."""

import numpy as np

from mlp import Dense

from . import mixture
from .latents import COMPONENTS, HIDDEN
from .training import loop


class Masked:
    axes = ()

    def __init__(self, table, seconds):
        self.table, self.columns = table, len(table.names)
        outputs = self.columns * 3 * COMPONENTS
        self.net = Dense([self.columns, *HIDDEN, outputs], 1, np.float32)
        self.net.parameters[-1].reshape(self.columns, 3, COMPONENTS)[:, 2] = -np.arange(COMPONENTS)
        # Column j is seen by units of degree j + 1 and more, and gives way to what only sees less.
        degrees = [np.arange(1, self.columns + 1)]
        degrees += [1 + np.arange(units) % (self.columns - 1) for units in HIDDEN]
        self.masks = [a[:, None] <= b[None] for a, b in zip(degrees, degrees[1:])]
        self.masks.append(degrees[-1][:, None] < np.repeat(degrees[0], 3 * COMPONENTS)[None])
        self.mask()
        seen = table.centres(table.train).astype(np.float32)
        low, width = (e.astype(np.float32) for e in table.edges(table.train))

        def step(rows, rate):
            layers = self.net.layers(seen[rows])
            nats, slopes = mixture.cost(low[rows], width[rows], *mixture.split(layers[-1], self.columns, COMPONENTS))
            if not rate:
                return nats.sum() / len(rows)
            self.net.adam(self.net.gradient(layers, mixture.join(*slopes) / len(rows))[0], rate)
            self.mask()

        loop(len(seen), seconds, step, [self.net])

    def mask(self):
        for weights, mask in zip(self.net.parameters[::2], self.masks):
            weights *= mask

    def stored(self, k):
        return np.zeros((len(k), 0), np.int64)

    def distribution(self, _, k):
        """Of the values; that of a column depends on the columns of `k` before it alone."""
        outputs = self.net(self.table.centres(k).astype(np.float32)).astype(np.float64)
        return mixture.split(outputs, self.columns, COMPONENTS)

    def parameters(self):
        return [p[m] for p, m in zip(self.net.parameters[::2], self.masks)] + self.net.parameters[1::2]


class Alone:
    """Every column by itself: on the score axis the standard logistic distribution."""

    axes = ()

    def __init__(self, table):
        self.columns = len(table.names)

    def stored(self, k):
        return np.zeros((len(k), 0), np.int64)

    def distribution(self, _, k):
        return (np.zeros((len(k), self.columns, 1)),) * 3

    def parameters(self):
        return []
