"""Reads from Python: entries of a tree, AsNumpy of all kinds of branches, RDataFrame over several files.
usage: frames.py TRUTH FILE...; TRUTH is an ordinary file with the same tree"""
import sys

import numpy
import ROOT

bound = 0.01
floats = [f"c{i}" for i in range(6)]
others = ["number", "counted", "fixed"]
truth = sys.argv[1]
true = ROOT.RDataFrame("t", truth).AsNumpy(floats + others)

for path in sys.argv[2:]:
    read = ROOT.RDataFrame("t", path).AsNumpy(floats + others)
    for name in floats:
        assert read[name].dtype == true[name].dtype and len(read[name]) == len(true[name]) == 20000
        assert numpy.abs(read[name].astype("f8") - true[name].astype("f8")).max() <= bound, name
    assert (read["number"] == true["number"]).all()
    for name in "counted", "fixed":
        assert all(numpy.array_equal(a, b) for a, b in zip(read[name], true[name])), name

    with ROOT.TFile(path) as file:
        tree = file["t"]
        tree.SetBranchStatus("*", False)
        for name in "c3", "c5":
            tree.SetBranchStatus(name, True)
        for i, entry in enumerate(tree):
            assert abs(entry.c3 - true["c3"][i]) <= bound and abs(entry.c5 - true["c5"][i]) <= bound, i
        assert i == 19999

    both = ROOT.RDataFrame("t", [path, truth]).Define("d", "c5 - c3").AsNumpy(["d"])["d"]
    assert len(both) == 40000 and numpy.abs(both[:20000] - both[20000:]).max() <= 2 * bound + 1e-6
