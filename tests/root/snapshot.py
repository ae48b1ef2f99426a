"""RootBaler.Snapshot from Python: snapshot.py SOURCE OUTPUT group|single FOLDER_OF_MODELS"""
import os
import sys

import ROOT

source, output, mode, models = sys.argv[1:]
ROOT.gInterpreter.Declare(f'#include "{os.path.dirname(os.path.abspath(__file__))}/snapshot.h"')
ROOT.gSystem.Load("libRootBaler")

codec = ROOT.RootBaler.Codec()
for model in "group.rbm", "jagged.rbm":
    codec.AddModelFile(f"{models}/{model}")
codec.SetBound("added", "abs=0.01")
codec.SetMode(mode)

frame = ROOT.RDataFrame("s", source)
for column in range(6):
    kind = "double" if column in (2, 5) else "float"
    frame = frame.Define(f"c{column}", f"{kind}(Value({column}, entry))")
frame = frame.Define(
    "added",
    "ROOT::RVec<float> a(AddedCount(entry)); "
    "for (int k = 0; k < AddedCount(entry); ++k) a[k] = Added(entry, k); return a;"
)
result = ROOT.RootBaler.Snapshot(frame, "snap", output, codec)
assert result.Count().GetValue() == 12000

options = ROOT.RDF.RSnapshotOptions()
options.fMode = "UPDATE"
ROOT.RootBaler.Snapshot(frame.Filter("entry < 5000"), "dir/more", output, codec, ["entry", "c0", "c3"], options)
ROOT.RootBaler.Snapshot(frame.Filter("entry < 0"), "none", output, codec, ["entry", "c0"], options)
try:
    ROOT.RootBaler.Snapshot(frame, "snap", "no/such/folder.root", codec)
except TypeError as error:  # PyROOT wraps what a template throws
    assert "could not create output file" in str(error), error
else:
    sys.exit("a file that cannot be made must throw")
