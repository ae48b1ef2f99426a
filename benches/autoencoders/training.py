"""What all networks share: the loop, within a budget of CPU time, and constants that are fitted like a network."""

import time

import numpy as np

from mlp import Dense, batches

from . import mixture

BATCH = 512
RATE = 2e-3
JUDGED_ROWS = 4000
JUDGE_EVERY = 0.04  # of the time
FIT_ROWS = 1000
FIT_STEPS = 100


def loop(rows, seconds, step, nets):
    """Calls step(rows of a batch, rate) until the CPU time is used up; the rate falls to zero with it. step(rows, 0)
    only tells the loss: the parameters of `nets` that are best on the last tenth of the rows win."""
    random, start = np.random.default_rng(3), time.process_time()
    learning, judging = int(0.9 * rows), np.arange(int(0.9 * rows), rows)[:JUDGED_ROWS]
    least, judged, best = np.inf, 0.0, []
    while judged < 1:
        for batch in batches(learning, BATCH, random):
            spent = min(1.0, (time.process_time() - start) / seconds)
            step(batch, RATE * 0.5 * (1 + np.cos(np.pi * spent)) + 1e-9)
            if spent >= min(1.0, judged + JUDGE_EVERY):
                judged, loss = spent, step(judging, 0.0)
                if loss < least:
                    least, best = loss, [[p.copy() for p in net.parameters] for net in nets]
                if spent >= 1:
                    break
    for net, parameters in zip(nets, best):
        net.parameters = parameters


class Constants:
    """A mixture for each column that depends on no row: weights, shifts and scales. Shifts add to means that are
    given.
    """

    def __init__(self, columns, components, seed, narrow=0.0):
        self.columns, self.components = columns, components
        self.net = Dense([1, columns * 3 * components], seed, np.float32)
        weights, bias = self.net.parameters
        weights[:] *= 0.01
        bias.reshape(columns, 3, components)[:, :2] *= 0.1
        bias.reshape(columns, 3, components)[:, 2] = narrow - np.arange(components)

    def parts(self):
        return mixture.split(self.net(np.ones((1, 1), np.float32)), self.columns, self.components)

    def cost(self, low, width):
        """Nats, and slopes in `low`; keeps what `improve` needs."""
        nats, (logits, means, logs) = mixture.cost(low, width, *self.parts())
        self.slope = mixture.join(*(s.sum(axis=0, keepdims=True) for s in (logits, means, logs)))
        return nats, -means.sum(axis=-1)

    def improve(self, rows, rate):
        one = self.net.layers(np.ones((1, 1), np.float32))
        self.net.adam(self.net.gradient(one, (self.slope / rows).astype(np.float32))[0], rate)

    def fit(self, low, width):
        """From where it stands."""
        low, width = low.astype(np.float32), width.astype(np.float32)
        for i in range(FIT_STEPS):
            rows = (np.arange(FIT_ROWS) + i * FIT_ROWS) % len(low)
            self.cost(low[rows], width[rows])
            self.improve(FIT_ROWS, 0.05 * (1 - i / FIT_STEPS))
