"""Bytes, one after the other: the notation at the head of FORMAT.md, and the errors of section 1."""

import struct

import numpy
import zstandard


class FormatError(Exception):
    """What is wrong with bytes, or with what was given beside them."""


class Incompatible(FormatError):
    """A version, kind, lattice, type or coding that this reader does not know."""


class Corrupt(FormatError):
    """A length, count, index, hash or checksum that does not fit."""


class Missing(FormatError):
    """A model, parents or counts that are needed and were not given."""


# Value types by their number. The same names are those of pcodec; little-endian, like all but decoded values.
TYPE_NAMES = ["f32", "f64", "i8", "u8", "i16", "u16", "i32", "u32", "i64", "u64"]


class ValueType:
    """One of the ten value types: its name, its numpy type, and the type of its raw bits."""

    def __init__(self, number):
        if number >= len(TYPE_NAMES):
            raise Incompatible(f"value type {number}")
        self.name = TYPE_NAMES[number]
        self.is_float = self.name[0] == "f"
        self.size = int(self.name[1:]) // 8
        self.dtype = numpy.dtype(f"<{self.name[0]}{self.size}")
        self.bits = numpy.dtype(f"<u{self.size}")
        self.mantissa = {"f32": 23, "f64": 52}.get(self.name, 0)

    def to_big_endian(self, values):
        """Bytes of the values as they are in baskets."""
        return values.astype(self.dtype, copy=False).view(self.bits).byteswap().tobytes()

    def from_big_endian(self, data, count):
        """The first `count` values of a basket. By their bits, as a conversion of floats may change NaNs."""
        if len(data) < count * self.size:
            raise Missing(f"{count} values, of which {len(data) // self.size} are given")
        return numpy.frombuffer(data, self.bits, count).byteswap().view(self.dtype)


class Reader:
    """Takes fields from the front of bytes."""

    def __init__(self, data):
        self.data = bytes(data)
        self.at = 0

    def left(self):
        return len(self.data) - self.at

    def take(self, count):
        if count > self.left():
            raise Corrupt(f"{count} bytes wanted, {self.left()} left")
        self.at += count
        return self.data[self.at - count:self.at]

    def rest(self):
        return self.take(self.left())

    def done(self):
        if self.left():
            raise Corrupt(f"{self.left()} bytes left over")

    def uint(self, count, order="little"):
        return int.from_bytes(self.take(count), order)

    def u8(self):
        return self.uint(1)

    def varint(self):
        value = 0
        for place in range(10):
            byte = self.u8()
            value |= (byte & 127) << (7 * place)
            if byte < 128:
                if value >> 64:
                    raise Corrupt("a varint of more than 64 bits")
                return value
        raise Corrupt("a varint of more than ten bytes")

    def zigzag(self):
        value = self.varint()
        return (value >> 1) ^ -(value & 1)

    def f32(self):
        return struct.unpack("<f", self.take(4))[0]

    def f64(self):
        return struct.unpack("<d", self.take(8))[0]

    def bytes(self):
        return self.take(self.varint())

    def text(self):
        try:
            return self.bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            raise Corrupt("text that is not UTF-8") from error


def unzstd(frame, at_most):
    """What one whole zstd frame holds; it says its size itself, which must not be above `at_most`."""
    try:
        size = zstandard.frame_content_size(frame)
        if not 0 <= size <= at_most:
            raise Corrupt(f"zstd frame of {size} bytes where at most {at_most} may be")
        if size == 0:
            return b""
        return zstandard.ZstdDecompressor().decompress(frame, max_output_size=size, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise Corrupt(f"zstd: {error}") from error
