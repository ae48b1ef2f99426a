"""Asymmetric numeral systems over numpy arrays: LANES coders side by side, so that a step is one operation on
arrays.
"""

import numpy as np

BITS = 28  # probabilities are multiples of 2^-28
LANES = 32
LOWEST = np.uint64(1 << 32)
WORD = np.uint64(32)


class Encoder:
    """Takes columns in the order in which they will be decoded."""

    def __init__(self):
        self.columns = []

    def add(self, starts, ends):
        """Intervals of a column of symbols, in multiples of 2^-BITS."""
        self.columns.append((starts.astype(np.uint64), (ends - starts).astype(np.uint64)))

    def bytes(self):
        state, words, bits = np.full(LANES, LOWEST), [], np.uint64(BITS)
        for starts, sizes in reversed(self.columns):
            for i in reversed(range(0, len(starts), LANES)):
                start, size = starts[i : i + LANES], sizes[i : i + LANES]
                now = state[: len(start)]
                full = now >= size << np.uint64(64 - BITS)
                words.append((now[full] & np.uint64(0xFFFFFFFF)).astype("<u4"))
                now[full] >>= WORD
                now[:] = ((now // size) << bits) + now % size + start
        return state.astype("<u8").tobytes() + np.concatenate(words[::-1]).astype("<u4").tobytes()


class Decoder:
    def __init__(self, data):
        self.state = np.frombuffer(data[: 8 * LANES], "<u8").astype(np.uint64)
        self.words, self.at = np.frombuffer(data[8 * LANES :], "<u4").astype(np.uint64), 0

    def take(self, rows, find):
        """A column of symbols; find(slots, first row) gives symbols and their intervals."""
        symbols = np.empty(rows, np.int64)
        for i in range(0, rows, LANES):
            now = self.state[: min(LANES, rows - i)]
            slots = now & np.uint64((1 << BITS) - 1)
            symbols[i : i + len(now)], starts, ends = find(slots.astype(np.int64), i)
            now[:] = (ends - starts).astype(np.uint64) * (now >> np.uint64(BITS)) + slots - starts.astype(np.uint64)
            empty = now < LOWEST
            n = int(empty.sum())
            now[empty] = (now[empty] << WORD) | self.words[self.at : self.at + n]
            self.at += n
        return symbols
