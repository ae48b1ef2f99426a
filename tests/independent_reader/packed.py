"""Numbers and integers packed by pcodec (section 4), and exceptions (section 5)."""

from dataclasses import dataclass

import numpy
from pcodec import standalone, wrapped

from .reading import Corrupt, Incompatible, Reader, unzstd

BLOCK_LIMIT = 1 << 24       # a block claims less than this in three bytes (section 1)


def pcodec_wrapped(reader, count, name):
    """`count` numbers of pcodec's wrapped format: file header, metadata of one chunk, one page."""
    # pcodec says only after decoding where it ends, so each call gets all that is left.
    numbers = numpy.empty(count, numpy.dtype(f"<{name[0]}{int(name[1:]) // 8}"))
    try:
        file, used = wrapped.FileDecompressor.new(reader.data[reader.at:])
        reader.take(used)
        chunk, used = file.chunk_decompressor(reader.data[reader.at:], name)
        reader.take(used)
        progress, used = chunk.read_page_into(reader.data[reader.at:], count, numbers)
        reader.take(used)
    except RuntimeError as error:
        raise Corrupt(f"pcodec: {error}") from error
    if progress.n_processed != count or not progress.finished:
        raise Corrupt("pcodec: not all numbers are there")
    return numbers


def pcodec_standalone(data, name):
    """All numbers of pcodec's self-contained format, which must be of the type `name`."""
    try:
        numbers = standalone.simple_decompress(data)
    except RuntimeError as error:
        raise Corrupt(f"pcodec: {error}") from error
    wanted = numpy.dtype(f"{name[0]}{int(name[1:]) // 8}")
    if numbers is None:
        return numpy.empty(0, wanted)
    if numbers.dtype != wanted:
        raise Corrupt(f"pcodec: {numbers.dtype} where {name} should be")
    return numbers


def read_numbers(reader, count, kind):
    """Section 4, numbers of the value type `kind`."""
    if count == 0:
        return numpy.empty(0, kind.dtype)
    how = reader.u8()
    if how == 0:
        bits = numpy.frombuffer(reader.take(kind.size), kind.bits)
        return numpy.repeat(bits, count).view(kind.dtype)
    if how == 1:
        return pcodec_wrapped(reader, count, kind.name)
    raise Incompatible(f"coding {how} of numbers")


def read_integers(reader, count):
    """Section 4, integers: signed, of 64 bits."""
    if count == 0:
        return numpy.empty(0, numpy.int64)
    width = reader.u8()
    smallest = reader.zigzag()
    if width == 0:
        return numpy.full(count, smallest, numpy.int64)
    if width not in (1, 2, 4, 8):
        raise Incompatible(f"integers of {width} bytes")
    differences = pcodec_wrapped(reader, count, f"u{8 * width}").astype(numpy.uint64)
    return (differences + numpy.uint64(smallest & (2**64 - 1))).view(numpy.int64)       # unsigned, so sums wrap


@dataclass
class Exceptions:
    """Rows whose values are no lattice values, ascending, and these values."""
    rows: numpy.ndarray
    values: numpy.ndarray

    def put_into(self, values):
        values[self.rows] = self.values


def read_exceptions(reader, count, kind):
    """Section 5, for a stream or block of `count` values of the type `kind`."""
    number = reader.varint()
    if number == 0:
        return Exceptions(numpy.empty(0, numpy.int64), numpy.empty(0, kind.dtype))
    if number > count:
        raise Corrupt(f"{number} exceptions of {count} values")
    length = reader.varint()
    body = reader.take(length >> 1)
    body = Reader(unzstd(body, number * (5 + kind.size)) if length & 1 else body)
    rows = []
    row = -1
    for _ in range(number):
        row += 1 + body.varint()
        rows.append(row)
    if row >= count:
        raise Corrupt(f"an exception in row {row} of {count}")
    values = numpy.frombuffer(body.take(number * kind.size), kind.dtype)
    body.done()
    return Exceptions(numpy.array(rows, numpy.int64), values)
