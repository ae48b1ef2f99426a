"""Functions of formulas (section 10), by the operations that the format prescribes, so that all machines agree.

numpy's operations on arrays of f64 are the plain ones of IEEE 754: each is rounded, none is fused with another."""

import numpy


def constants(*bits):
    return numpy.array(bits, numpy.uint64).view(numpy.float64)


R = 1.5 * 2.0**52       # adding it rounds to an integer, which is then in the lowest bits of the sum
TWO_BY_PI, LOG2_E = constants(0x3fe45f306dc9c883, 0x3ff71547652b82fe)
H0, H1, H2 = constants(0x3ff921fb54400000, 0x3dd0b4611a600000, 0x3ba3198a2e037073)      # pi / 2 in three parts
L0, L1 = constants(0x3fe62e42fee00000, 0x3dea39ef35793c76)                              # ln(2) in two parts
SIN = constants(0xbfc5555555555549, 0x3f8111111110f8a6, 0xbf2a01a019c161d5,
                0x3ec71de357b1fe7d, 0xbe5ae5e68a2b9ceb, 0x3de5d93a5acfd57c)
COS = constants(0x3fa555555555554c, 0xbf56c16c16c15177, 0x3efa01a019cb1590,
                0xbe927e4f809c52ad, 0x3e21ee9ebdb4b1c4, 0xbda8fae9be8838d4)
EXP = constants(0x3ff0000000000000, 0x3ff0000000000000, 0x3fe0000000000000, 0x3fc5555555555555,
                0x3fa5555555555555, 0x3f81111111111111, 0x3f56c16c16c16c17, 0x3f2a01a01a01a01a,
                0x3efa01a01a01a01a, 0x3ec71de3a556c734, 0x3e927e4fb7789f5d, 0x3e5ae64567f544e4,
                0x3e21eed8eff8d898, 0x3de6124613a86d0a)


def polynomial(coefficients, x):
    total = numpy.zeros_like(x)
    for c in coefficients[::-1]:
        total = total * x + c
    return total


def sine(x, quarters):
    t = x * TWO_BY_PI + R
    n = t - R
    r = ((x - n * H0) - n * H1) - n * H2
    s = r * r
    sin = r + (r * s) * polynomial(SIN, s)
    cos = (1.0 - 0.5 * s) + (s * s) * polynomial(COS, s)
    i = t.view(numpy.int64) + quarters
    y = numpy.where(i & 1, cos, sin)
    return numpy.where(i & 2, -y, y)


def exp(x):
    x = numpy.where(x > 700.0, 700.0, x)
    x = numpy.where(x < -700.0, -700.0, x)
    t = x * LOG2_E + R
    n = t - R
    r = (x - n * L0) - n * L1
    power = ((t.view(numpy.uint64) + numpy.uint64(1023)) << numpy.uint64(52)).view(numpy.float64)
    return polynomial(EXP, r) * power


def inverse_root(x):
    return numpy.where(x > 0.0, 1.0 / numpy.sqrt(x), 0.0)


# By their numbers in models.
FUNCTIONS = [
    lambda x: x,
    lambda x: x * x,
    lambda x: sine(x, 1),
    lambda x: sine(x, 0),
    lambda x: (0.5 * exp(x)) - (0.5 * exp(-x)),
    lambda x: (0.5 * exp(x)) + (0.5 * exp(-x)),
    numpy.abs,
    inverse_root,
]
