"""The way of write.C and read.C, from Python."""
import sys
import ROOT

path = sys.argv[1]
bound = 0.01
values = [((i * 7919) % 10007) / 100.0 - 50 for i in range(5000)]

codec = ROOT.RootBaler.Codec()
codec.SetBound("x", f"abs={bound}")
try:
    codec.SetBound("x", "abs=-1")
    sys.exit("a negative bound was taken")
except Exception as error:
    assert "abs" in str(error), error

from array import array

x = array("f", [0])
y = array("d", [0])
with ROOT.TFile(path, "RECREATE") as file:
    tree = ROOT.TTree("t", "test")
    codec.Attach(tree)
    tree.Branch("x", x, "x/F").SetCompressionSettings(ROOT.RootBaler.Setting(5))
    tree.Branch("y", y, "y/D").SetCompressionSettings(ROOT.RootBaler.Setting(5))
    for value in values:
        x[0], y[0] = value, value
        tree.Fill()
    tree.Write()

with ROOT.TFile(path) as file:
    tree = file["t"]
    assert tree.GetEntries() == len(values)
    for value, entry in zip(values, tree):
        assert abs(entry.x - array("f", [value])[0]) <= bound, (entry.x, value)
        assert entry.y == value, (entry.y, value)
    assert ROOT.RootBaler.Codec.Of(tree).GetBound("x") == f"abs={bound}"
frame = ROOT.RDataFrame("t", path).AsNumpy(["x"])["x"]
assert max(abs(frame - array("f", values))) <= bound
print("twin.py: all values right")
