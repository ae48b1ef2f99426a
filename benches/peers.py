#!/usr/bin/env python3
"""Codecs outside ROOT on the columns that dump.C wrote, each value within the bound that stands beside its column.

usage: peers.py FOLDER FILE BOUND [--keep-shape A,B]    (FILE and BOUND only name the rows)

Prints CSV rows: file,bound,method,raw bytes,bytes,encode MB/s,decode MB/s,largest error / bound. Blocks of 2^18 values,
one thread, CPU time. Every value is decoded and checked; what a codec cannot hold (NaN, infinities, values that
rounding to float carries beyond the bound) is stored raw and counted, 12 bytes each. With --keep-shape the only column
is an array of A x B x anything, which SZ3 and zfp may exploit.
"""

import argparse
import importlib
import os
import pathlib
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")
import numpy as np  # noqa: E402

BLOCK = 1 << 18
EXCEPTION_BYTES = 12
COLUMN_BYTES = 16  # name of the column's parameters: step, count


def quantised(pcodec):
    """Rounding to multiples of twice the bound, then pcodec: the best code that looks at one column at a time."""

    def encode(x, bound):
        # A little below the bound, so that rounding to float cannot carry a value beyond it.
        return pcodec.standalone.simple_compress(
            np.round(x / (2 * bound * (1 - 1e-6))).astype(np.int64), pcodec.ChunkConfig(compression_level=8)
        )

    def decode(data, bound, _):
        return pcodec.standalone.simple_decompress(data) * (2 * bound * (1 - 1e-6))

    return encode, decode


def sz3(algorithm):
    def make(pysz):
        def encode(x, bound):
            config = pysz.szConfig()
            config.errorBoundMode, config.absErrorBound = pysz.szErrorBoundMode.ABS, bound * (1 - 1e-6)
            config.cmprAlgo, config.openmp = getattr(pysz.szAlgorithm, algorithm), False
            return pysz.sz.compress(x, config)[0].tobytes()

        def decode(data, _, like):
            return pysz.sz.decompress(np.frombuffer(data, np.uint8), like.dtype.type, like.shape)[0]

        return encode, decode

    return make


def zfp(zfpy):
    """zfp keeps far from its tolerance; the largest multiple that still holds the bound is found before the clock
    runs.
    """
    chosen = {}

    def tolerance(x, bound):
        if bound not in chosen:
            chosen[bound] = bound
            for factor in (32, 16, 8, 4, 2):
                tried = bound * factor
                if np.abs(zfpy.decompress_numpy(zfpy.compress_numpy(x, tolerance=tried)) - x).max() <= 0.97 * bound:
                    chosen[bound] = tried
                    break
        return chosen[bound]

    def encode(x, bound):
        return zfpy.compress_numpy(x, tolerance=tolerance(x, bound))

    return encode, lambda data, _bound, _like: zfpy.decompress_numpy(data)


METHODS = {
    "quantise + pcodec": ("pcodec", quantised),
    "SZ3 (no predictor)": ("pysz", sz3("NOPRED")),
    "SZ3 (interpolation)": ("pysz", sz3("INTERP_LORENZO")),
    "zfp (tuned)": ("zfpy", zfp),
}


def load(module, make):
    try:
        loaded = importlib.import_module(module)
        for name in ("standalone", "sz"):  # submodules
            try:
                importlib.import_module(f"{module}.{name}")
            except ImportError:
                pass
        return make(loaded)
    except ImportError as error:
        print(f"SKIPPED: the peer {module} cannot be imported ({error})", file=sys.stderr)
        return None


def columns(folder):
    """Values, as the branch's type, and bounds; what has no absolute bound is left out."""
    for line in (folder / "columns.txt").read_text().splitlines():
        name, kind, bound = line.split()
        values = np.fromfile(folder / name, dtype=np.float64)
        if float(bound) > 0 and values.size:
            yield values.astype(kind), float(bound)


def measure(codec, folder, shape):
    encode, decode = codec
    raw = packed = 0
    times, worst = [0.0, 0.0], 0.0
    for values, bound in columns(folder):
        finite = np.isfinite(values)
        safe = np.where(finite, values, values.dtype.type(0))
        blocks = [safe.reshape(*shape, -1)] if shape else [safe[i : i + BLOCK] for i in range(0, len(safe), BLOCK)]
        encode(blocks[0][:2] if shape else blocks[0], bound)  # warms up, tunes
        start = time.process_time()
        coded = [encode(block, bound) for block in blocks]
        middle = time.process_time()
        decoded = [np.asarray(decode(data, bound, block)) for data, block in zip(coded, blocks)]
        times[0] += middle - start
        times[1] += time.process_time() - middle
        after = np.concatenate([block.ravel() for block in decoded]).astype(values.dtype)
        error = np.abs(after.astype(np.float64) - safe.astype(np.float64)) / bound
        kept = finite & (error <= 1)
        worst = max(worst, float(error[kept].max(initial=0)))
        raw += values.nbytes
        packed += sum(map(len, coded)) + EXCEPTION_BYTES * int((~kept).sum()) + COLUMN_BYTES
    return raw, packed, raw / times[0] / 1e6, raw / times[1] / 1e6, worst


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("file")
    parser.add_argument("bound")
    parser.add_argument("--keep-shape", default="")
    args = parser.parse_args()
    shape = [int(n) for n in args.keep_shape.split(",")] if args.keep_shape else []
    for method, (module, make) in METHODS.items():
        if shape and module == "pcodec":  # knows no grids
            continue
        codec = load(module, make)
        if codec:
            raw, packed, encode, decode, worst = measure(codec, args.folder, shape)
            method += " on the grid" if shape else ""
            print(f"{args.file},{args.bound},{method},{raw},{packed},{encode:.1f},{decode:.1f},{worst:.4f}", flush=True)


if __name__ == "__main__":
    main()
