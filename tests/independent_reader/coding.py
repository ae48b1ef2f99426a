"""From lanes and raw bits to the integers of a column (section 12)."""

from bisect import bisect_right

import numpy

from .network import apply_network, components, count_below
from .reading import Corrupt

LOWEST_STATE = 1 << 32


class Lanes:
    """The states that symbols are taken from, and the words and raw bits that go with them."""

    def __init__(self, reader):
        head = reader.u8()
        self.seeded = head >= 128
        count = head & 127
        if not 1 <= count <= 32:
            raise Corrupt(f"{count} lanes")
        words = reader.varint()
        raw_bytes = reader.varint()
        lengths = reader.take(-(-count // 4))
        sizes = [5 + (lengths[lane // 4] >> (2 * (lane % 4)) & 3) for lane in range(count)]
        self.states = [max(reader.uint(size), LOWEST_STATE) for size in sizes]
        self.words = numpy.frombuffer(reader.take(4 * words), "<u4").tolist()
        self.next_word = 0
        self.raw = reader.take(raw_bytes)
        self.next_bit = 0

    def symbol(self, lane, mixture, edges):
        """The bin of one step."""
        x = self.states[lane]
        q = x & (2**24 - 1)
        # The bin is the last one whose count below is not above q.
        b = bisect_right(range(len(edges)), q, key=lambda b: count_below(mixture, edges, b)) - 1
        left, right = count_below(mixture, edges, b), count_below(mixture, edges, b + 1)
        x = (right - left) * (x >> 24) + q - left
        if x < LOWEST_STATE:
            x = x << 32 | (self.words[self.next_word] if self.next_word < len(self.words) else 0)
            self.next_word += 1
        self.states[lane] = x
        return b

    def append_seeds(self):
        """Behind the last bin: what seeded lanes were started with is raw bits, too."""
        if self.seeded:
            self.raw += b"".join((x & (2**32 - 1)).to_bytes(4, "little") for x in self.states)

    def place(self, k):
        """The next k raw bits; beyond the end they are 0."""
        first, skip = divmod(self.next_bit, 8)
        self.next_bit += k
        some = int.from_bytes(self.raw[first:first + 8], "little")         # k is at most 48, so 8 bytes are enough
        return (some >> skip) & ((1 << k) - 1)

    def finish(self):
        """In intact blocks all is used up, and the states are what coding began with. A reader may leave it to the
        checksum to tell."""
        if self.next_word != len(self.words):
            raise Corrupt(f"{self.next_word} words taken of {len(self.words)}")
        if any(x >> 32 != 1 or (not self.seeded and x != LOWEST_STATE) for x in self.states):
            raise Corrupt("states do not end as they should")


def decode_column(column, lanes, rows, inputs, own, exceptions):
    """All integers of a column, in the order of rows. `inputs` are those of the network; the columns `own` of them
    are *previous* of the column itself, and are filled in here."""
    axis = column.axis
    edges, first, raw_bits = axis.edges.tolist(), axis.first.tolist(), axis.k.tolist()
    integers = numpy.zeros(rows.count, numpy.int64)
    scores = numpy.zeros(rows.count, numpy.int64)       # context scores of the column's own integers
    seen = numpy.zeros(rows.count, numpy.int64)         # for exceptions: the integers that the next rows see
    is_exception = numpy.zeros(rows.count, bool)
    seen[exceptions.rows] = column.quantiser.nearest(exceptions.values, column.kind)
    is_exception[exceptions.rows] = True
    waves = list(rows.waves()) if own else [numpy.arange(rows.count)]
    for number, wave in enumerate(waves):
        if own and number > 0:
            inputs[numpy.ix_(wave, own)] = scores[wave - 1][:, None]
        outputs = apply_network(column.net, inputs[wave]).tolist()
        bins = [lanes.symbol(step % len(lanes.states), components(row), edges) for step, row in enumerate(outputs)]
        if number == len(waves) - 1:
            lanes.append_seeds()
        integers[wave] = [first[b] + lanes.place(raw_bits[b]) for b in bins]
        if own:
            scores[wave] = axis.scores(numpy.where(is_exception[wave], seen[wave], integers[wave]))
    lanes.finish()
    return integers
