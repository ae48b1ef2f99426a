#!/usr/bin/env python3
"""Baler's published autoencoder beside RootBaler: at equal error and at equal bytes, models counted.

usage: baler.py OUTPUT.csv FILE.root=COLUMNS...    (COLUMNS: folders that dump.C wrote)

Baler (PyPI baler-compressor 0.0.6, and its CMS_project_v1 configuration) is a dense autoencoder n-200-100-50-z with
leaky ReLU, in double precision, on columns scaled to [0, 1]; z = ceil(n / 1.6); 25 epochs of Adam at 1e-3, batches of
512 in the order of the file, the summed squared error over the number of columns. It is written here in numpy, since
the package needs all of PyTorch; mathematics, initial weights and data are the same. Files of few rows get more epochs,
for at least 5000 steps. It stores latents and model in double precision; what is counted as "kindly" is latents and
decoder as floats, the latents' bytes shuffled, LZMA.
"""

import lzma
import pathlib
import sys
import tempfile

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from files import compress, float_bytes  # noqa: E402
from mlp import Dense  # noqa: E402

EPOCHS = 25
STEPS = 5000
BATCH = 512
SECONDS = 30  # of our training


def read(folder):
    """Names, values and types of the columns."""
    names, values, sizes = [], [], []
    for line in (folder / "columns.txt").read_text().splitlines():
        name, kind, _ = line.split()
        names.append(name.removesuffix(".bin").split("_", 1)[1])
        values.append(np.fromfile(folder / name))
        sizes.append(int(kind[1]))
    return names, np.stack(values, axis=1), sum(sizes) * len(values[0])


def train(x, z):
    """Encoder and decoder."""
    n = x.shape[1]
    encoder, decoder = Dense([n, 200, 100, 50, z], seed=1), Dense([z, 50, 100, 200, n], seed=2)
    for _ in range(max(EPOCHS, int(np.ceil(STEPS * BATCH / len(x))))):
        for i in range(0, len(x), BATCH):
            batch = x[i : i + BATCH]
            inner = encoder.layers(batch)
            outer = decoder.layers(inner[-1])
            gradients, slope = decoder.gradient(outer, 2 * (outer[-1] - batch) / n)
            decoder.adam(gradients, 1e-3)
            encoder.adam(encoder.gradient(inner, slope)[0], 1e-3)
    return encoder, decoder


def packed(latents, decoder, n):
    """Bytes of latents, decoder and scaling, as floats."""
    shuffled = latents.astype("<f4").view(np.uint8).reshape(len(latents), -1, 4).transpose(1, 2, 0).tobytes()
    model = np.concatenate([p.ravel() for p in decoder.parameters]).astype("<f4").tobytes()
    return len(lzma.compress(shuffled)) + len(lzma.compress(model)) + 2 * 4 * n


def ours(source, config_or_bound, scratch, modes):
    """Bytes of the floats at these bounds, with the model; of the smaller file if there are several modes."""
    reports = []
    for mode in modes:
        report = compress(source, scratch / "out.root", mode, config_or_bound, SECONDS)
        if report is None:
            raise SystemExit(f"{source} could not be compressed: see the line above")
        reports.append(float_bytes(report))
    return min(reports)


def main():
    rows = []
    for argument in sys.argv[2:]:
        source, folder = map(pathlib.Path, argument.split("="))
        names, x, raw = read(folder)
        low, high, sigma = x.min(axis=0), x.max(axis=0), x.std(axis=0)
        scaled, z = (x - low) / (high - low), int(np.ceil(x.shape[1] / 1.6))
        encoder, decoder = train(scaled, z)
        latents = encoder(scaled).astype(np.float32).astype(np.float64)
        error = (decoder(latents) * (high - low) + low) - x
        rms, worst = np.sqrt((error**2).mean(axis=0)), np.abs(error).max(axis=0)
        written = latents.size * 8 + 8 * sum(p.size for net in (encoder, decoder) for p in net.parameters)
        kind = packed(latents, decoder, x.shape[1])
        with tempfile.TemporaryDirectory() as name:
            scratch = pathlib.Path(name)
            # Errors of a quantiser are flat, so a bound of rms * sqrt(3) gives the same rms, branch by branch.
            config = scratch / "bounds.toml"
            bounds = (f'"{n}" = "abs={r * np.sqrt(3):.8g}"\n' for n, r in zip(names, rms))
            config.write_text("[bounds]\n" + "".join(bounds))
            equal_error = ours(source, config, scratch, ("group", "single"))
            # Single mode needs no training; group mode would be smaller still.
            fine = "-", 0
            for bound in ("lossless", "1e-7", "1e-6", "1e-5", "1e-4"):
                if (size := ours(source, bound, scratch, ("single",))) <= kind:
                    fine = bound, size
                    break
        mean = float((rms / sigma).mean())
        rows += [
            [source.stem, "floats before", raw, "0", "0"],
            [source.stem, "Baler as written (doubles; whole model)", written, mean, float((worst / sigma).max())],
            [source.stem, "Baler (kindly counted)", kind, mean, float((worst / sigma).max())],
            [source.stem, "RootBaler at the same rms of each branch", equal_error, mean,
             float((rms / sigma).max() * np.sqrt(3))],
            [source.stem, "RootBaler at no more bytes; single: " + fine[0], fine[1],
             "0" if fine[0] == "lossless" else float(fine[0]) / np.sqrt(3), "0" if fine[0] == "lossless" else fine[0]],
        ]
    with open(sys.argv[1], "w") as file:
        file.write("file,what,bytes,mean rms error / sigma,largest error / sigma\n")
        for row in rows:
            file.write(",".join(f"{x:.6g}" if isinstance(x, float) else str(x) for x in row) + "\n")


if __name__ == "__main__":
    main()
