"""Autoencoders that store latents: dense, sparse, variational, hyperprior. What decoding needs are the latents, as
integers, and the decoder, which gives each value's distribution."""

import numpy as np

from mlp import Dense

from . import mixture
from .axis import Axis
from .training import Constants, loop

HIDDEN = [128, 128]
COMPONENTS = 2
CONSTANT_COMPONENTS = 4
SPARSITY = 0.03  # of L1
NOISE_GAIN = 4.0  # so that latents start with some bits
# Tried for the lattice of the latents: in units of the output's change, of the posterior's sigma, of the noise
COARSE_TO_FINE = 2.0 ** np.arange(4, -6, -1)
STEPS = {
    "dense": COARSE_TO_FINE,
    "sparse": COARSE_TO_FINE,
    "variational": 2.0 ** np.arange(3, -1.5, -0.5),
    "hyperprior": [1.0],
}
FITTED_ROWS = 20000
TRIED_ROWS = 5000


class Latents:
    def __init__(self, kind, table, latents, seconds):
        self.kind, self.columns, self.latents = kind, len(table.names), latents
        self.conditional = kind in ("variational", "hyperprior")
        outputs = self.columns * 3 * COMPONENTS if self.conditional else self.columns
        self.encoder = Dense([self.columns, *HIDDEN, latents * (2 if kind == "variational" else 1)], 1, np.float32)
        self.decoder = Dense([latents, *HIDDEN[::-1], outputs], 2, np.float32)
        if self.conditional:
            bias = self.decoder.parameters[-1].reshape(self.columns, 3, COMPONENTS)
            bias[:, 2] = -np.arange(COMPONENTS)
        self.prior = Constants(latents, COMPONENTS, 4) if kind == "hyperprior" else None
        self.random = np.random.default_rng(5)
        # of the residual where the decoder gives no scale
        self.constants = Constants(self.columns, CONSTANT_COMPONENTS, 6)
        self.table, self.seen = table, table.centres(table.train).astype(np.float32)
        self.low, self.width = (e.astype(np.float32) for e in table.edges(table.train))
        loop(len(self.seen), seconds, self.step, [self.encoder, self.decoder])
        self.choose()

    def step(self, rows, rate):
        """One batch: latents as this kind makes them, their price, and that of the values. Returns the loss per row."""
        x = self.seen[rows]
        inner = self.encoder.layers(x)
        out = inner[-1]
        if self.kind == "variational":
            means, logs = out[:, : self.latents], np.clip(out[:, self.latents :], -9, 3)
            noise = self.random.standard_normal(means.shape, np.float32)
            z = means + np.exp(logs) * noise
        elif self.kind == "hyperprior":
            z = NOISE_GAIN * out + self.random.random(out.shape, np.float32) - np.float32(0.5)
        else:
            z = out
        outer = self.decoder.layers(z)
        if self.conditional:
            parts = mixture.split(outer[-1], self.columns, COMPONENTS)
            nats, slopes = mixture.cost(self.low[rows], self.width[rows], *parts)
            slope, loss = mixture.join(*slopes), nats.sum()
        else:
            slope, loss = 2 * (outer[-1] - x), ((outer[-1] - x) ** 2).sum()
        gradients, slope = self.decoder.gradient(outer, slope)
        if self.kind == "variational":
            loss += 0.5 * (means**2 + np.exp(2 * logs) - 1 - 2 * logs).sum()
            slope = np.concatenate([slope + means, slope * noise * np.exp(logs) + np.exp(2 * logs) - 1], axis=1)
        elif self.kind == "hyperprior":
            nats, dearer = self.prior.cost(z - np.float32(0.5), np.ones_like(z))
            loss, slope = loss + nats.sum(), NOISE_GAIN * (slope + dearer)
        elif self.kind == "sparse":
            loss, slope = loss + SPARSITY * np.abs(z).sum(), slope + SPARSITY * np.sign(z)
        if rate:
            if self.kind == "hyperprior":
                self.prior.improve(len(rows), rate)
            self.decoder.adam([g / len(rows) for g in gradients], rate)
            if self.kind == "sparse":  # L1 would otherwise only make latents smaller and weights larger
                self.decoder.parameters[0] /= np.linalg.norm(self.decoder.parameters[0], axis=1, keepdims=True)
            self.encoder.adam(self.encoder.gradient(inner, slope / len(rows))[0], rate)
        return loss / len(rows)

    def means(self, k):
        """Latents before they are rounded."""
        out = self.encoder(self.table.centres(k).astype(np.float32))[:, : self.latents]
        return NOISE_GAIN * out if self.kind == "hyperprior" else out

    def spread(self, k):
        """Logarithms of the posterior's sigmas."""
        return np.clip(self.encoder(self.table.centres(k).astype(np.float32))[:, self.latents :], -9, 3)

    def unit(self, k, means):
        """Steps of the latents, up to a common factor: those that change the decoder's output equally."""
        if self.kind == "hyperprior":
            return np.ones(self.latents)
        if self.kind == "variational":
            return np.exp(self.spread(k)).mean(axis=0)
        before, moved = self.decoder(means), []
        for i in range(self.latents):
            shift = np.zeros(self.latents, np.float32)
            shift[i] = 0.1 * means[:, i].std() + 1e-6
            moved.append(np.sqrt(((self.decoder(means + shift) - before) ** 2).mean()) / shift[i])
        return 1 / np.maximum(moved, 1e-3 * np.max(moved))

    def choose(self):
        """The lattice of the latents that costs least in all, and the distributions on it."""
        k = self.table.train[:FITTED_ROWS]
        low, width = self.table.edges(k)
        means, least = self.means(k), np.inf
        unit = self.unit(k, means)
        for factor in STEPS[self.kind]:
            self.steps = (factor * unit).astype(np.float32)
            whole = np.round(means / self.steps).astype(np.int64)
            self.first = whole.min(axis=0)
            self.axes = [Axis(whole[:, i] - self.first[i], int(np.ptp(whole[:, i])) + 1) for i in range(self.latents)]
            whole -= self.first
            if not self.conditional:
                self.constants.fit(low - self.decoder((whole + self.first) * self.steps), width)
            paid = slice(0, TRIED_ROWS)
            nats, _ = mixture.cost(low[paid], width[paid], *self.distribution(whole[paid]))
            bits = self.bits(whole[paid]) + nats.sum() / np.log(2)
            if bits < least:
                constants = [p.copy() for p in self.constants.net.parameters]
                least, chosen = bits, (self.steps, self.first, self.axes, constants)
        self.steps, self.first, self.axes, self.constants.net.parameters = chosen

    def bits(self, whole):
        """Bits of all stored latents."""
        return sum(axis.bits(whole[:, i]).sum() for i, axis in enumerate(self.axes))

    def stored(self, k):
        """The latents of these rows, integers from 0. What training did not reach is cut off: a worse prediction, no
        error.
        """
        whole = np.round(self.means(k) / self.steps).astype(np.int64) - self.first
        return np.clip(whole, 0, [axis.size - 1 for axis in self.axes])

    def distribution(self, whole, _=None):
        """Of the values, from stored latents."""
        # In one memory order, so that writing and reading take the same sums.
        latents = np.ascontiguousarray((whole + self.first) * self.steps, np.float32)
        out = self.decoder(latents).astype(np.float64)
        if self.conditional:
            return mixture.split(out, self.columns, COMPONENTS)
        logits, means, logs = (part.astype(np.float64) for part in self.constants.parts())
        shape = len(out), self.columns, CONSTANT_COMPONENTS
        return np.broadcast_to(logits, shape), out[..., None] + means, np.broadcast_to(logs, shape)

    def bits_back(self, k):
        """Bits of a variational model if the noise of its latents carried data too: minus the ELBO."""
        means, logs = self.means(k), self.spread(k)
        z = means + np.exp(logs) * self.random.standard_normal(means.shape, np.float32)
        parts = mixture.split(self.decoder(z).astype(np.float64), self.columns, COMPONENTS)
        nats, _ = mixture.cost(*self.table.edges(k), *parts)
        return (nats.sum() + 0.5 * (means**2 + np.exp(2 * logs) - 1 - 2 * logs).sum()) / np.log(2)

    def parameters(self):
        """All that decoding needs besides the data."""
        fitted = [] if self.conditional else self.constants.net.parameters
        return [*self.decoder.parameters, *fitted, self.steps, self.first, *(axis.stored() for axis in self.axes)]
