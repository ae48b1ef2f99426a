#!/usr/bin/env python3
"""A signal-background classifier on the HIGGS events, trained on the original, applied before and after compression.

usage: classifier.py OUTPUT ORIGINAL=FOLDER BOUND=FOLDER...   (folders that dump.C wrote)

Even events train, odd events test. Writes classifier.csv (areas under the ROC curve, with bootstrap errors of the area
and of the difference on the same events) and roc.csv (the curves) into the folder OUTPUT.
"""

import csv
import pathlib
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from mlp import Dense, batches  # noqa: E402

EPOCHS = 15


def read(folder):
    """Inputs and labels of all events; the class itself ("Type") is no input."""
    samples = []
    for tree in ("sig_tree", "bkg_tree"):
        names = sorted(p for p in pathlib.Path(folder).glob(f"{tree}_*.bin") if p.stem != f"{tree}_Type")
        samples.append(np.stack([np.fromfile(name) for name in names], axis=1))
    labels = np.repeat([1.0, 0.0], [len(samples[0]), len(samples[1])])
    return np.concatenate(samples), labels


def train(inputs, labels):
    mean, sigma = inputs.mean(axis=0), inputs.std(axis=0)
    network, random = Dense([inputs.shape[1], 64, 32, 1]), np.random.default_rng(1)
    for epoch in range(EPOCHS):
        for rows in batches(len(inputs), 128, random):
            activations = network.layers((inputs[rows] - mean) / sigma)
            slope = (1 / (1 + np.exp(-activations[-1])) - labels[rows, None]) / len(rows)
            network.adam(network.gradient(activations, slope)[0], 2e-3 * (1 - epoch / EPOCHS), decay=1e-2)
    return lambda x: network((x - mean) / sigma)[:, 0]


def area(scores, labels, weights=None):
    """Area under the ROC curve; weights are how often an event counts."""
    weights = np.ones(len(scores)) if weights is None else weights
    order = np.argsort(scores, kind="stable")
    signal, background = (weights * labels)[order], (weights * (1 - labels))[order]
    return np.sum(signal * (np.cumsum(background) - 0.5 * background)) / signal.sum() / background.sum()


def curve(scores, labels, efficiencies):
    """Background efficiency at each signal efficiency."""
    cuts = np.quantile(scores[labels == 1], 1 - efficiencies)
    background = np.sort(scores[labels == 0])
    return 1 - np.searchsorted(background, cuts) / len(background)


def main():
    output = pathlib.Path(sys.argv[1])
    data = {bound: read(folder) for bound, folder in (argument.split("=") for argument in sys.argv[2:])}
    inputs, labels = data["ORIGINAL"]
    learning = np.arange(len(labels)) % 2 == 0
    classify = train(inputs[learning], labels[learning])
    test = labels[~learning]
    before = classify(inputs[~learning])
    random = np.random.default_rng(2)
    resampled = [np.bincount(random.integers(0, len(test), len(test)), minlength=len(test)) for _ in range(200)]
    efficiencies = np.linspace(0.05, 0.95, 46)
    table, curves = [], [efficiencies]
    for bound, (changed, _) in data.items():
        scores = classify(changed[~learning])
        trials = np.array([[area(scores, test, w), area(before, test, w)] for w in resampled])
        retrained = train(changed[learning], labels[learning])(changed[~learning])
        table.append([
            "0" if bound == "ORIGINAL" else bound,
            area(scores, test), trials[:, 0].std(), area(scores, test) - area(before, test),
            (trials[:, 0] - trials[:, 1]).std(), np.abs(scores - before).mean() / before.std(), area(retrained, test),
        ])
        curves.append(curve(scores, test, efficiencies))
    with open(output / "classifier.csv", "w") as file:
        file.write("bound,AUC,AUC error,difference,difference error,mean change of the score / its sigma,"
                   "AUC trained and applied after\n")
        file.writelines(row[0] + "".join(f",{x:.6g}" for x in row[1:]) + "\n" for row in table)
    with open(output / "roc.csv", "w") as file:
        writer = csv.writer(file)
        writer.writerow(["signal efficiency"] + [f"background efficiency {row[0]}" for row in table])
        writer.writerows([[f"{x:.6g}" for x in row] for row in zip(*curves)])


if __name__ == "__main__":
    main()
