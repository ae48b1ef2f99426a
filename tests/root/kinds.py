"""Reads a tree of kinds_write.C from Python beside its reference: kinds.py FILE REFERENCE BOUND."""
import sys

import numpy
import ROOT

path, reference, bound = sys.argv[1], sys.argv[2], float(sys.argv[3])
exact = ["us", "l", "ul", "nJet"]
lossy = ["f", "d"]
arrays = ["array", "Jet_pt", "Jet_mass", "Jet_eta", "floats", "rvec"]
exact_arrays = ["Jet_q", "grid", "ints"]


def read(name):
    return ROOT.RDataFrame("k", name).AsNumpy(exact + lossy + arrays + exact_arrays)


values, expected = read(path), read(reference)
for name in exact:
    assert (values[name] == expected[name]).all(), name
for name in lossy:
    assert abs(values[name] - expected[name]).max() <= bound, name
for name in arrays + exact_arrays:
    for value, other in zip(values[name], expected[name]):
        value, other = numpy.asarray(value), numpy.asarray(other)
        assert value.shape == other.shape, name
        assert value.size == 0 or abs(value - other).max() <= (bound if name in arrays else 0), name

with ROOT.TFile(path) as file, ROOT.TFile(reference) as other:
    for entry, (event, truth) in enumerate(zip(file["k"], other["k"])):
        assert event.nJet == truth.nJet and str(event.text) == str(truth.text), entry
        assert all(abs(a - b) <= bound for a, b in zip(event.Jet_mass, truth.Jet_mass)), entry
        if entry == 500:
            break
print("kinds.py: all values right")
