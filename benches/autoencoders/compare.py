#!/usr/bin/env python3
"""The classic autoencoders beside the masked one: bits per row at the same bounds, on rows that were not trained on.

usage: compare.py OUTPUT.csv [--seconds 40] [--bounds 1e-3,1e-2] NAME=FOLDER=PATTERN...
       FOLDER: columns that dump.C wrote; PATTERN: which, a regular expression with one group, the name

scripts/autoencoders.sh runs it on three tables.

Every method stores the same lattice integers, so every value is within the same bound, and all networks see the same
axis (axis.py), have two layers of 128 units and the same CPU time. What is counted is really coded (rans.py), read
again and compared; RootBaler's own are the bytes of its branches in a file, keys included. Models are apart: they are
paid once.
"""

import argparse
import os
import pathlib
import sys
import tempfile

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(variable, "1")
import numpy as np  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from autoencoders import coding, ours  # noqa: E402
from autoencoders.latents import Latents  # noqa: E402
from autoencoders.masked import Alone, Masked  # noqa: E402
from autoencoders.table import Table  # noqa: E402

LEVEL = 5  # the default


def methods(table, seconds):
    """Names, and what makes the model. Latents without a price in bits while training: half as many as columns did
    best.
    """
    n = len(table.names)
    return {
        "column by column": lambda: Alone(table),
        "dense": lambda: Latents("dense", table, (n + 1) // 2, seconds),
        "sparse": lambda: Latents("sparse", table, (n + 1) // 2, seconds),
        "variational": lambda: Latents("variational", table, n, seconds),
        "hyperprior": lambda: Latents("hyperprior", table, n, seconds),
        "masked": lambda: Masked(table, seconds),
    }


def measure(make, table):
    """Bits per row of the latents and in all, bytes of the model, and bits if the noise of latents carried data, or
    0.
    """
    model = make()
    data = coding.encode(model, table, table.test)
    if not (coding.decode(model, table, data, len(table.test)) == table.test).all():
        raise SystemExit("what was decoded differs from what was encoded")
    rows = len(table.test)
    latents = model.bits(model.stored(table.test)) / rows if model.axes else 0
    ideal = model.bits_back(table.test) / rows if getattr(model, "kind", "") == "variational" else 0
    return latents, 8 * len(data) / rows, coding.model_bytes(model, table), ideal


def write(path, bounds, results):
    """A row for each table and method, as far as they are measured."""
    quantities = ("bits", "of them latents", "model bytes")
    with open(path, "w") as file:
        file.write("table,method," + ",".join(f"{q} at {b}" for b in bounds for q in quantities) + "\n")
        for names, cells in results.items():
            file.write(",".join([*names, *(cells.get(b, "-,-,-") for b in bounds)]) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("tables", nargs="+")
    parser.add_argument("--seconds", type=int, default=40)
    parser.add_argument("--bounds", default="1e-3,1e-2")
    args = parser.parse_args()
    results, bounds = {}, args.bounds.split(",")
    for argument in args.tables:
        name, folder, pattern = argument.split("=", 2)
        for bound in bounds:

            def note(method, bits, latents, size):
                results.setdefault((name, method), {})[bound] = f"{bits:.2f},{latents},{size}"
                write(args.output, bounds, results)

            table = Table(pathlib.Path(folder), pattern, float(bound))
            for method, make in methods(table, args.seconds).items():
                latents, bits, size, ideal = measure(make, table)
                note(method, bits, f"{latents:.2f}" if latents else "0", size)
                if ideal:
                    note(method + " (ideal bits back)", ideal, "-", size)
            for method, level in (("RootBaler single", 0), ("RootBaler", LEVEL)):
                with tempfile.TemporaryDirectory() as scratch:
                    size, model = ours.bytes_of(table, pathlib.Path(scratch), level, args.seconds)
                note(method, 8 * size / len(table.test), "0", model)


if __name__ == "__main__":
    main()
