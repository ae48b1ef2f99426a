"""The network, all in integers, the mixture that it gives, and the counts of bins (section 11)."""

import zlib
from dataclasses import dataclass

import numpy


def build_pow2():
    """2^(i / 256), 15 fraction bits."""
    table, p = [], 2**61
    for _ in range(256):
        table.append(p >> 46)
        p = (p * 2312094783834258860) >> 61
    return table


def build_sigmoid():
    """The logistic function from -16 to 16, in 2048 pieces of 1/64, with 19 fraction bits."""
    table, e = [0] * 2049, 2**62
    for i in range(1025):
        s = 2**81 // (2**62 + e)
        table[1024 + i] = min(s, 2**19 - 1)
        table[1024 - i] = 2**19 - s
        e = (e * 4540188453729421604) >> 62
    return table


POW2 = build_pow2()
S = build_sigmoid()
TOTAL = 1 << 24         # sum of the counts of all bins


def tables_are_right():
    """The checksums of section 11."""
    crcs = [zlib.crc32(numpy.array(table, "<i4").tobytes()) for table in (POW2, S)]
    return crcs == [0x61e6b841, 0x9fb5d8e7]


def wrap32(x):
    """The lowest 32 bits, signed."""
    return x.astype(numpy.int32).astype(numpy.int64)


def apply_layer(layer, inputs):
    """Sums of all units in all rows. In 64 bits nothing overflows, and wrapping once at the end is the same."""
    sums = wrap32(inputs @ layer.weights.T + layer.bias)
    for unit, s in enumerate(layer.shift):
        column = sums[:, unit]
        sums[:, unit] = wrap32(column + (1 << (s - 1))) >> s if s > 0 else wrap32(column << -s)
    return sums


def apply_network(net, inputs):
    """The 3 K outputs for each row of inputs."""
    hidden = inputs
    for layer in net.hidden:
        hidden = numpy.clip(apply_layer(layer, hidden), 0, 32767)
    if net.hidden:
        inputs = numpy.concatenate([hidden, inputs], axis=1)    # the output layer sees both
    return apply_layer(net.output, inputs)


@dataclass
class Component:
    """A logistic distribution on the axis, ready for `count_below`."""
    weight: int         # 12 fraction bits
    mean: int
    e: int              # inverse scale: 2^e * m / 1024
    m: int
    reach: int


def components(outputs):
    """The mixture of one row, from its outputs (a list of integers)."""
    k = len(outputs) // 3
    log_weights, means, log_scales = outputs[:k], outputs[k:2 * k], outputs[2 * k:]
    w = []
    for log_weight in log_weights:
        d = max(log_weights) - log_weight
        # As d is not negative, it wraps to a negative number if it is 2^31 or more.
        d = 3840 if d >= 2**31 else min(d, 3840)
        c = (d + 255) >> 8
        w.append(POW2[(256 * c - d) & 255] >> c)
    share = numpy.float32(4096) / numpy.float32(sum(w))
    result = []
    for one, mean, log_scale in zip(w, means, log_scales):
        scale = min(max(log_scale, -1280), 3839)
        result.append(Component(weight=int(numpy.float32(one) * share), mean=min(max(mean, -2**19), 2**19),
                                e=scale >> 8, m=POW2[scale & 255] >> 5, reach=2**20 >> max(scale >> 8, 0)))
    return result


def sigmoid(a):
    a = min(max(a, -2**20), 2**20 - 1) + 2**20
    i = a >> 10
    return S[i] + (((S[i + 1] - S[i]) * (a & 1023)) >> 10)


def count_below(mixture, edges, b):
    """The cumulative count below bin b, of 24 bits. `edges` (a list) has one more item than there are bins."""
    n = len(edges) - 1
    if b == 0:
        return 0
    if b == n:
        return TOTAL
    total = 0
    for one in mixture:
        d = min(max(edges[b] - one.mean, -one.reach), one.reach)
        a = (d * one.m) << (one.e - 9) if one.e > 9 else (d * one.m) >> (9 - one.e)
        total += one.weight * sigmoid(a)
    f = total >> 7
    return f - (((f >> 8) * n) >> 16) + b               # every bin gets 1 at least
