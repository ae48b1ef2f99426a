"""Columns that dump.C wrote, as lattice integers: rows for training and rows that are held out."""

import re

import numpy as np

from .axis import Axis

HELD_OUT = 0.2


class Table:
    """Columns of `folder` whose names match; what matches in several trees is stacked. Every value is within `bound`
    sigmas.
    """

    def __init__(self, folder, pattern, bound):
        stacked = {}
        for line in (folder / "columns.txt").read_text().splitlines():
            name = line.split()[0]
            if match := re.fullmatch(pattern, name.removesuffix(".bin")):
                stacked.setdefault(match[1], []).append(np.fromfile(folder / name).astype(np.float32))
        if not stacked:
            raise SystemExit(f"{folder} has no columns {pattern}: write them with benches/dump.C")
        self.names = list(stacked)
        values = np.stack([np.concatenate(parts) for parts in stacked.values()], axis=1)
        order = np.random.default_rng(1).permutation(len(values))
        held_out = int(HELD_OUT * len(values))
        self.test_values, self.train_values = values[order[:held_out]], values[order[held_out:]]
        self.bounds = bound * values.std(axis=0, dtype=np.float64)
        # A little below the bound, so that rounding to float cannot carry a value beyond it.
        self.steps = 2 * self.bounds * (1 - 1e-6)
        self.low = self.integers(values.min(axis=0))
        self.train, self.test = (self.integers(v) - self.low for v in (self.train_values, self.test_values))
        sizes = self.integers(values.max(axis=0)) - self.low + 1
        self.axes = [Axis(self.train[:, j], size) for j, size in enumerate(sizes)]
        back = (self.test + self.low) * self.steps
        if (np.abs(back - self.test_values) > self.bounds).any():
            raise SystemExit(f"{folder}: a value is beyond its bound")

    def integers(self, values):
        return np.round(values / self.steps).astype(np.int64)

    def centres(self, k):
        """Scores of integers, what networks see."""
        return np.stack([axis.centres[k[:, j]] for j, axis in enumerate(self.axes)], axis=1)

    def edges(self, k):
        """Lower edges on the score axis, and widths."""
        low = np.stack([axis.scores[k[:, j]] for j, axis in enumerate(self.axes)], axis=1)
        return low, np.stack([axis.scores[k[:, j] + 1] for j, axis in enumerate(self.axes)], axis=1) - low
