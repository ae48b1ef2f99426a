"""The axis of a column: its bins, and the context scores that others see (section 8)."""

import numpy

from .reading import Corrupt

MOST_BINS = 1 << 16


def wrap64(value):
    return ((value + 2**63) & (2**64 - 1)) - 2**63


class Axis:
    """Bins are numbered from 0. `first`: their first integers; `edges`: lower edges, and behind them the last upper
    one; `k`: their raw bits. `last`: the first integer that is in no bin any more."""

    def __init__(self, stored, resolution):
        """`stored`: knots as differences to the knot before."""
        knots = []
        q = s = 0
        for dq, ds in stored:
            q, s = wrap64(q + dq), ((s + ds + 2**31) & (2**32 - 1)) - 2**31
            knots.append((q, s * 256))              # 7 fraction bits become 15
        if len(knots) < 2:
            raise Corrupt("an axis of less than two knots")
        first, edges, raw_bits = [], [], []
        for (q0, s0), (q1, s1) in zip(knots, knots[1:]):
            width, rise = q1 - q0, s1 - s0
            if width <= 0 or rise <= 0:
                raise Corrupt("knots do not ascend")
            fit = min(width * resolution, 2**64 - 1) // rise
            # For integers, floor(log2(n)) is bit_length - 1, and ceil(log2(n)) the bit_length of n - 1.
            k = min(max(fit.bit_length() - 1, 0), (width - 1).bit_length(), 48)
            bins = -(-width >> k)                   # rounded up: the last one may be cut short
            if len(first) + bins > MOST_BINS:
                raise Corrupt("too many bins")
            first += [q0 + (j << k) for j in range(bins)]
            edges += [s0 + (rise * (j << k)) // width for j in range(bins)]     # Python's integers are exact
            raw_bits += [k] * bins
        edges.append(knots[-1][1])
        if abs(edges[0]) > 2**19 or abs(edges[-1]) > 2**19:
            raise Corrupt("scores beyond the axis")
        self.last = knots[-1][0]
        self.first = numpy.array(first, numpy.int64)
        self.edges = numpy.array(edges, numpy.int64)
        self.k = numpy.array(raw_bits, numpy.int64)

    def scores(self, integers):
        """Context scores, 16 bits with 11 fraction bits: of the middle of the integer's part of its bin."""
        below = integers < self.first[0]
        beyond = integers >= self.last
        b = numpy.where(below | beyond, 0, numpy.searchsorted(self.first, integers, "right") - 1)
        place = numpy.where(below | beyond, 0, integers - self.first[b])
        k = self.k[b]
        x = numpy.maximum(k - 40, 0)                # keeps the product below within 64 bits
        rise = self.edges[b + 1] - self.edges[b]
        score = self.edges[b] + ((rise * (2 * (place >> x) + 1)) >> (k - x + 1))
        score = numpy.where(below, self.edges[0], numpy.where(beyond, self.edges[-1], score)) >> 4
        return numpy.clip(score, -32768, 32767)
