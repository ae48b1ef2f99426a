"""The same from Python: misfit.py MODEL OUT"""

import sys
from array import array

import ROOT

ROOT.gSystem.Load("libRootBaler")
with ROOT.TFile.Open(sys.argv[2], "RECREATE") as file:
    tree = ROOT.TTree("t", "test")
    ROOT.RootBaler.Codec.FromModelFile(sys.argv[1]).Attach(tree)
    x = array("f", [0])
    tree.Branch("x", x, "x/F").SetCompressionSettings(ROOT.RootBaler.Setting())
    for i in range(3000):
        x[0] = i
        tree.Fill()
    file.Write()
