"""Lattice integers of one column, their frequencies, and the score axis on which networks see them.

The score of a lattice integer is the logit of its rank among the rows of training, as in RootBaler's own models: on
that axis a column by itself is a standard logistic distribution, so that a network without inputs is column-by-column
coding.
"""

import numpy as np

EDGE = 20.0  # scores beyond hold less than 1e-8 of the rows
SEEN = 8.0  # networks see no larger scores
ROWS_PER_KNOT = 500


class Axis:
    """Integers from 0 to `size` - 1; `scores` are those of their edges, size + 1 of them."""

    def __init__(self, train, size):
        self.size = size
        rows, total = len(train), np.concatenate([[0], np.cumsum(np.bincount(train, minlength=size))])
        # Equal shares, finer ones towards the tails, and the edges of all values that are repeated often.
        knots = np.clip(rows // ROWS_PER_KNOT, 32, 128)
        tail = 0.5 ** np.arange(6, 16)
        shares = np.concatenate([np.arange(1, knots) / knots, tail, 1 - tail])
        often = np.flatnonzero(np.diff(total) > rows / knots)
        self.knots = np.unique(np.concatenate([[0, size], np.searchsorted(total, shares * rows), often, often + 1]))
        self.knots = self.knots[self.knots <= size]
        # Half a row more between two knots: what training did not see may still come.
        self.shares = np.diff(total[self.knots]) + 0.5
        rank = np.concatenate([[0], np.cumsum(self.shares)]) / self.shares.sum()
        rank = np.interp(np.arange(size + 1), self.knots, rank)
        self.scores, self.centres = logit(rank, EDGE), logit(0.5 * (rank[1:] + rank[:-1]), SEEN)
        self.rank = rank

    def stored(self):
        """What a file would have to hold."""
        return np.concatenate([np.diff(self.knots), self.shares]).astype("<f4")

    def bits(self, k):
        """Bits of each integer by the column alone."""
        return -np.log2(self.rank[k + 1] - self.rank[k])


def logit(p, limit):
    with np.errstate(divide="ignore"):
        return np.clip(np.log(p) - np.log1p(-p), -limit, limit)
