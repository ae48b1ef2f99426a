"""Lattices: from integers to values, and from values to the nearest integers (section 6)."""

from dataclasses import dataclass, field

import numpy

from .reading import Corrupt, Incompatible

LOSSLESS, ABS, BITS, TRUNCATED = range(4)       # numbered as in blocks of kind 1


def order(values, kind):
    """The order of values: 64-bit integers that ascend as the values do; +0 is 0, -0 is -1."""
    if not kind.is_float:
        return values.astype(numpy.int64)           # u64 wraps
    bits = values.view(kind.bits).astype(numpy.uint64)
    sign = numpy.uint64(1 << (8 * kind.size - 1))
    magnitude = (bits & ~sign).view(numpy.int64)
    return numpy.where(bits & sign, -1 - magnitude, magnitude)


def inverse_order(integers, kind):
    """Values of the type `kind` with the given order."""
    if not kind.is_float:
        return integers.astype(kind.dtype)          # keeps the lowest bits
    sign = numpy.uint64(1 << (8 * kind.size - 1))
    magnitude = numpy.where(integers < 0, -1 - integers, integers).view(numpy.uint64) & (sign - numpy.uint64(1))
    bits = numpy.where(integers < 0, magnitude | sign, magnitude)
    return bits.astype(kind.bits).view(kind.dtype)


def convert(floats, kind):
    """f64 to the type `kind`: floats to nearest even; integers toward zero, saturating, NaN gives 0."""
    with numpy.errstate(all="ignore"):
        if kind.is_float:
            return floats.astype(kind.dtype)
        limits = numpy.iinfo(kind.dtype)
        # The upper end itself is no f64 for 64 bits, but the power of two above it is.
        above = floats >= float(limits.max + 1)
        below = floats <= float(limits.min)
        inside = numpy.where(above | below | numpy.isnan(floats), 0.0, floats)
        result = numpy.trunc(inside).astype(kind.dtype)
        return numpy.where(above, limits.max, numpy.where(below, limits.min, result)).astype(kind.dtype)


def dither(values, kind, step, pinned, rows):
    """Step 3 of section 6: moves every value in a row by up to half a step, by a hash of value and row."""
    def u64(x):
        return numpy.uint64(x)

    z = values.view(kind.bits).astype(numpy.uint64) + rows.astype(numpy.uint64) * u64(0x9e3779b97f4a7c15)
    z = z + u64(0x9e3779b97f4a7c15)
    z = (z ^ (z >> u64(30))) * u64(0xbf58476d1ce4e5b9)
    z = (z ^ (z >> u64(27))) * u64(0x94d049bb133111eb)
    z = z ^ (z >> u64(31))
    u = (z >> u64(11)).astype(numpy.float64) / 2.0**53 - 0.5
    with numpy.errstate(all="ignore"):
        moved = convert(values.astype(numpy.float64) + u * (step * 0.999), kind)
    # A choice by bits, not by values: it must not touch NaNs and signs of zeros.
    return numpy.where(pinned, values.view(kind.bits), moved.view(kind.bits)).view(kind.dtype)


@dataclass
class Quantiser:
    """A lattice with its pins, for values of one type. Steps are positive."""
    lattice: int
    step: float = 0.0
    mantissa: int = 0
    dithered: bool = False
    pins: list = field(default_factory=list)        # of (integer, raw bits), by ascending integer

    def check(self):
        if self.lattice > TRUNCATED:
            raise Incompatible(f"lattice {self.lattice}")
        # 1 / step must be finite, too.
        if self.lattice == ABS and not (0.0 < self.step < float("inf") and 1.0 / self.step < float("inf")):
            raise Corrupt(f"step {self.step}")
        if self.lattice == LOSSLESS and self.pins:
            raise Corrupt("pins of lossless values")
        if self.mantissa > 52:
            raise Corrupt(f"{self.mantissa} mantissa bits")
        if len(self.pins) > 64 or any(a[0] >= b[0] for a, b in zip(self.pins, self.pins[1:])):
            raise Corrupt("too many pins, or not ascending")

    def _shift(self, kind):
        return max(0, kind.mantissa - self.mantissa)

    def values(self, integers, kind):
        """Steps 1 and 2: table and pins. Formulas take these of the nearest integers (section 10)."""
        if self.lattice == LOSSLESS:
            values = inverse_order(integers, kind)
        elif self.lattice == ABS:
            with numpy.errstate(all="ignore"):
                values = convert(integers.astype(numpy.float64) * self.step, kind)
        else:
            magnitude = numpy.where(integers < 0, -1 - integers, integers) << self._shift(kind) & (2**63 - 1)
            values = inverse_order(numpy.where(integers < 0, -1 - magnitude, magnitude), kind)
        bits = values.view(kind.bits).copy()
        for integer, raw in self.pins:
            bits[integers == integer] = raw
        return bits.view(kind.dtype)

    def decoded(self, integers, kind, exceptions):
        """All four steps: decoded values of integers that are in the order of rows."""
        values = self.values(integers, kind)
        if self.dithered:
            pinned = numpy.isin(values.view(kind.bits), numpy.array([raw for _, raw in self.pins], kind.bits))
            values = dither(values, kind, self.step, pinned, numpy.arange(len(values)))
        exceptions.put_into(values)
        return values

    def nearest(self, values, kind):
        """The integers whose lattice values are nearest; what others see of a column. It knows no pins."""
        if self.lattice == ABS:
            with numpy.errstate(all="ignore"):
                scaled = values.astype(numpy.float64) * (1.0 / self.step)
            scaled = numpy.where(numpy.isnan(scaled), 0.0, scaled)
            return numpy.rint(numpy.clip(scaled, -2.0**50, 2.0**50)).astype(numpy.int64)
        integers = order(values, kind)
        shift = self._shift(kind)
        if self.lattice != LOSSLESS and shift > 0:
            negative = integers < 0
            # Unsigned, as magnitudes of NaNs of f64 come up to 2^63 - 1 and the sum is larger.
            magnitude = numpy.where(negative, -1 - integers, integers).view(numpy.uint64)
            odd = (magnitude >> numpy.uint64(shift)) & numpy.uint64(1)
            rounded = (magnitude + numpy.uint64((1 << (shift - 1)) - 1) + odd) >> numpy.uint64(shift)
            rounded = rounded.view(numpy.int64)
            integers = numpy.where(negative, -1 - rounded, rounded)
        return numpy.maximum(integers, -2**63 + 1)
