"""Quantise and pcodec, the best of the codes that look at one column at a time, on the columns that settings.C wrote.

usage: pcodec_size.py FOLDER
"""

import pathlib
import sys

import numpy as np
from pcodec import ChunkConfig, standalone


def main(folder: pathlib.Path) -> None:
    packed = raw = 0
    for line in (folder / "columns.txt").read_text().splitlines():
        name, kind, bound = line.split()
        # A little below the bound, so that rounding to float cannot carry a value beyond it.
        step = 2 * float(bound) * (1 - 1e-6)
        values = np.fromfile(folder / name, dtype=np.float64)
        raw += values.size * int(kind[1])
        packed += len(standalone.simple_compress(np.round(values / step).astype(np.int64), ChunkConfig(compression_level=8)))
    print(f"{'quantise + pcodec':<30} {'-':>10} {packed:>10} {raw / packed:>7.3f}")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
