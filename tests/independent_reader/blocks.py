"""Blocks of all kinds (section 2), and their tails (section 3)."""

import struct
import zlib
from dataclasses import dataclass, field
from typing import Optional

import numpy

from .coding import Lanes, decode_column
from .context import Parents, Rows, network_inputs
from .lattice import ABS, BITS, LOSSLESS, Quantiser
from .packed import BLOCK_LIMIT, read_exceptions, read_integers, read_numbers
from .reading import Corrupt, Incompatible, Missing, Reader, ValueType, unzstd

U32 = ValueType(7)


@dataclass
class Beside:
    """What a reader may need beside a block."""
    counts: Optional[numpy.ndarray] = None              # elements of each entry
    models: list = field(default_factory=list)
    parents: dict = field(default_factory=dict)         # bytes of decoded values, by column
    foreign: dict = field(default_factory=dict)         # (bytes of decoded values, counts), by branch


# ---- tail ------------------------------------------------------------------------------------------------------------

def read_tail(reader, decoded_length, counts, element_size=None):
    """The tail's bytes. `element_size` is given in kind 3 only, where the counts are bytes."""
    how = reader.u8()
    if how == 0:
        tail = b""
    elif how == 1:
        tail = tail_from_counts(reader, decoded_length, counts, element_size)
    elif how == 2:
        words = reader.varint()
        if 4 * words > decoded_length:
            raise Corrupt(f"a tail of {words} words")
        tail = U32.to_big_endian(read_numbers(reader, words, U32))
    elif how == 3:
        size, length = reader.varint(), reader.varint()
        tail = unzstd(reader.take(length), BLOCK_LIMIT)
        if len(tail) != size:
            raise Corrupt(f"a tail of {len(tail)} bytes, not {size}")
    else:
        raise Incompatible(f"tail {how}")
    if len(tail) > decoded_length:
        raise Corrupt("the tail is longer than the whole")
    return tail


def tail_from_counts(reader, decoded_length, counts, size):
    first, last = reader.varint(), reader.varint()
    if max(first, last) >> 32:
        raise Corrupt("a word of the tail has more than 32 bits")
    if counts is None:
        raise Missing("counts for the tail")
    n, elements = len(counts), int(counts.sum())
    data_length = decoded_length - 4 * (n + 2)
    if data_length < 0:
        raise Corrupt("no space for the tail")
    if size is None:
        size, rest = divmod(data_length, elements) if elements else (0, data_length)
        if rest:
            raise Corrupt("the data are not whole elements")
    offsets = first + (numpy.cumsum(counts) - counts) * size        # those behind the counts before
    words = numpy.concatenate([[n + 1], offsets, [last]])
    return words.astype(numpy.uint32).astype(">u4").tobytes()


# ---- kinds 1 and 3: streams ------------------------------------------------------------------------------------------

def read_quantiser(reader, head, kind):
    """The quantiser of a stream, whose first byte is `head`."""
    quantiser = Quantiser(head & 3)
    if head & 8:
        raise Incompatible(f"stream with bit 3 set: {head:#x}")
    if quantiser.lattice == ABS:
        reversed_bits = f"{reader.varint():064b}"[::-1]
        step, = struct.unpack("<d", int(reversed_bits, 2).to_bytes(8, "little"))
        quantiser.step, quantiser.dithered = abs(step), step < 0
    elif quantiser.lattice >= BITS:
        quantiser.mantissa = reader.u8()
    if head & 4 and quantiser.lattice == LOSSLESS:
        raise Corrupt("pins of lossless values")
    if head & 4:
        quantiser.pins = [(reader.zigzag(), reader.uint(kind.size)) for _ in range(reader.varint())]
    quantiser.check()
    return quantiser


def read_stream(reader, count_of):
    """(value type, values) of one stream. `count_of` tells how many values there are of a type: only the stream
    itself says what its type is."""
    head = reader.u8()
    kind = ValueType(head >> 4)
    count = count_of(kind)
    quantiser = read_quantiser(reader, head, kind)
    if quantiser.lattice == LOSSLESS and kind.is_float:
        return kind, read_numbers(reader, count, kind)
    if quantiser.lattice == LOSSLESS:
        return kind, quantiser.values(read_integers(reader, count), kind)
    exceptions = read_exceptions(reader, count, kind)
    return kind, quantiser.decoded(read_integers(reader, count), kind, exceptions)


def read_streams(reader, data_length):
    """The data of kind 1."""
    streams = reader.varint()
    if streams == 0:
        return read_short_form(reader, data_length)
    if streams > 4096:
        raise Corrupt(f"{streams} streams")
    row_bytes = reader.varint()
    per_row = [reader.varint() for _ in range(streams)]
    if row_bytes == 0 or data_length % row_bytes or 0 in per_row:
        raise Corrupt("the data are not whole rows")
    rows = data_length // row_bytes
    parts = []
    for values in per_row:
        if values > row_bytes:
            raise Corrupt("the streams do not fill the rows")
        kind, stream = read_stream(reader, lambda kind: rows * values)
        parts.append(numpy.frombuffer(kind.to_big_endian(stream), numpy.uint8).reshape(rows, values * kind.size))
    data = numpy.concatenate(parts, axis=1).tobytes()
    if len(data) != data_length or sum(part.shape[1] for part in parts) != row_bytes:
        raise Corrupt("the streams do not fill the rows")
    return data


def read_short_form(reader, data_length):
    def count(kind):
        if data_length % kind.size:
            raise Corrupt("the data are not whole values")
        return data_length // kind.size

    kind, stream = read_stream(reader, count)
    return kind.to_big_endian(stream)


def decode_columns(reader, decoded_length, beside):
    """Kind 1."""
    tail = read_tail(reader, decoded_length, beside.counts)
    data = read_streams(reader, decoded_length - len(tail))
    reader.done()
    return data + tail


def decode_collections(reader, decoded_length, of_lists):
    """Kinds 3 and 4: entries of unsplit vectors, each with its own header; in kind 4 of lists with their lengths."""
    size = reader.u8()
    if size not in (1, 2, 4, 8):
        raise Corrupt(f"values of {size} bytes")
    version = reader.take(2)
    entries = reader.varint()
    if 10 * entries > decoded_length:
        raise Corrupt(f"{entries} entries in {decoded_length} bytes")
    numbers = read_integers(reader, entries)
    if numbers.min(initial=0) < 0 or numbers.max(initial=0) > decoded_length:
        raise Corrupt("number of values of an entry")
    lists = []
    if of_lists:
        if 4 * int(numbers.sum()) > decoded_length:
            raise Corrupt(f"{int(numbers.sum())} lists in {decoded_length} bytes")
        lengths = read_integers(reader, int(numbers.sum()))
        if lengths.min(initial=0) < 0 or lengths.max(initial=0) > decoded_length:
            raise Corrupt("number of values of a list")
        lists = lengths.tolist()
        ends = numpy.concatenate([[0], numpy.cumsum(4 + lengths * size)])
        last = numpy.cumsum(numbers)
        bodies = ends[last] - ends[last - numbers]
    else:
        bodies = numbers * size
    tail = read_tail(reader, decoded_length, 10 + bodies, element_size=1)
    if 10 * entries + int(bodies.sum()) + len(tail) != decoded_length:
        raise Corrupt("the entries do not fill the data")
    length = int(bodies.sum()) - 4 * len(lists)
    if reader.varint() != 0:
        raise Corrupt("collections not in the short form")
    values = read_short_form(reader, length)
    reader.done()
    data, at, unread = [], 0, iter(lists)
    for number, body in zip(numbers.tolist(), bodies.tolist()):
        data.append(struct.pack(">I", 0x40000000 + 6 + body) + version + struct.pack(">I", number))
        for count in [next(unread) for _ in range(number)] if of_lists else [number]:
            if of_lists:
                data.append(struct.pack(">I", count))
            data.append(values[at:at + count * size])
            at += count * size
    return b"".join(data) + tail


# ---- kind 2 ----------------------------------------------------------------------------------------------------------

def decode_model(reader, decoded_length, beside):
    """Kind 2: a column of a model."""
    wanted = reader.uint(8)
    model = next((model for model in beside.models if model.hash == wanted), None)
    if model is None:
        raise Missing(f"model {wanted:016x}")
    index, without_context = reader.varint(), reader.varint()
    if index >= len(model.columns) or model.columns[index].net is None:
        raise Corrupt(f"column {index} of the model")
    column = model.columns[index]
    tail = read_tail(reader, decoded_length, beside.counts)
    count, rest = divmod(decoded_length - len(tail), column.kind.size)
    if rest or without_context > count or (without_context and not model.parents(index)):
        raise Corrupt("number of rows")
    if model.jagged and beside.counts is None:
        raise Missing("counts of a jagged model")
    rows = Rows(count, beside.counts if model.jagged else None)
    exceptions = read_exceptions(reader, count, column.kind)
    lanes = Lanes(reader)
    reader.done()
    parents = Parents(model, rows, count - without_context, beside.parents, beside.foreign)
    inputs, own = network_inputs(model, index, rows, parents)
    integers = decode_column(column, lanes, rows, inputs, own, exceptions)
    return column.kind.to_big_endian(column.quantiser.decoded(integers, column.kind, exceptions)) + tail


# ---- all kinds -------------------------------------------------------------------------------------------------------

def decode_block(data, beside):
    """(kind, decoded bytes) of one block; its checksum is checked."""
    reader = Reader(data)
    if reader.take(2) != b"RB":
        raise Incompatible("not our magic")
    version = reader.u8()
    if version != 1:
        raise Incompatible(f"block version {version}")
    length, decoded_length = reader.uint(3), reader.uint(3)
    if length != reader.left():
        raise Corrupt(f"{reader.left()} bytes follow, not {length}")
    kind, checksum = reader.u8(), reader.uint(4)
    if kind == 0:
        decoded = unzstd(reader.rest(), decoded_length)
    elif kind == 1:
        decoded = decode_columns(reader, decoded_length, beside)
    elif kind == 2:
        decoded = decode_model(reader, decoded_length, beside)
    elif kind in (3, 4):
        decoded = decode_collections(reader, decoded_length, of_lists=kind == 4)
    else:
        raise Incompatible(f"kind {kind}")
    if len(decoded) != decoded_length:
        raise Corrupt(f"{len(decoded)} bytes decoded, not {decoded_length}")
    if zlib.crc32(decoded) != checksum:
        raise Corrupt("checksum of the decoded bytes")
    return kind, decoded
