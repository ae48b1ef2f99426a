"""Writes a new tree with RootBaler from Python: two steps more than for any other tree, marked (1) and (2).

    . build/env.sh
    python3 root_macros/write_compressed.py written.root                  # bounds alone
    rootbaler train written.root --bound abs=0.01 -o jets.model           # learn from it ...
    python3 root_macros/write_compressed.py fewer_bytes.root jets.model   # ... and write less

A file that is there is not replaced.
"""

import math
import os
import sys
from array import array

import ROOT

ROOT.gSystem.Load("libRootBaler")

MAX_JETS = 12


class Event:
    """One made-up collision: jets in falling order of pt, and what follows from them. The same as in the macro."""

    def __init__(self):
        self.number, self.n_jet = array("i", [0]), array("i", [0])
        self.pt, self.eta, self.phi, self.energy = (array("f", [0] * MAX_JETS) for _ in range(4))
        self.met_pt, self.met_phi, self.ht = array("f", [0]), array("f", [0]), array("d", [0])

    def generate(self, number, random):
        self.number[0] = number
        n = self.n_jet[0] = min(random.Poisson(4), MAX_JETS)
        x, y = random.Gaus(0, 12), random.Gaus(0, 12)
        self.ht[0] = 0
        for i, pt in enumerate(sorted((20 + random.Exp(40) for _ in range(n)), reverse=True)):
            eta, phi = random.Gaus(0, 1.5), random.Uniform(-math.pi, math.pi)
            mass = pt * random.Uniform(0.08, 0.15)
            self.pt[i], self.eta[i], self.phi[i] = pt, eta, phi
            self.energy[i] = math.sqrt((pt * math.cosh(eta)) ** 2 + mass * mass)
            self.ht[0] += pt
            x -= 0.2 * pt * math.cos(phi)
            y -= 0.2 * pt * math.sin(phi)
        self.met_pt[0], self.met_phi[0] = math.hypot(x, y), math.atan2(y, x)


def write_compressed(output="written.root", model="", entries=20000):
    if os.path.exists(output):
        sys.exit(f"{output} exists: name another file, or remove it")
    codec = ROOT.RootBaler.Codec()
    if model:
        codec.AddModelFile(model)
    with ROOT.TFile.Open(output, "CREATE") as file:
        # The tree as always.
        event = Event()
        tree = ROOT.TTree("Events", "made-up jets")
        tree.Branch("event", event.number, "event/I")
        tree.Branch("nJet", event.n_jet, "nJet/I")
        tree.Branch("Jet_pt", event.pt, "Jet_pt[nJet]/F")
        tree.Branch("Jet_eta", event.eta, "Jet_eta[nJet]/F")
        tree.Branch("Jet_phi", event.phi, "Jet_phi[nJet]/F")
        tree.Branch("Jet_energy", event.energy, "Jet_energy[nJet]/F")
        tree.Branch("MET_pt", event.met_pt, "MET_pt/F")
        tree.Branch("MET_phi", event.met_phi, "MET_phi/F")
        tree.Branch("HT", event.ht, "HT/D")

        # (1) The codec says how far values may move. A model has learned from such a tree, and knows the bounds of its
        # branches. Of the others, those that are named here have a bound; the rest, and all integers, stay exact.
        for pattern, bound in (("*_pt", 0.01), ("*_energy", 0.01), ("*_eta", 0.001), ("*_phi", 0.001)):
            codec.SetBound(pattern, f"abs={bound}")
        codec.Attach(tree)

        # (2) The compression setting hands the baskets of a branch to RootBaler.
        for branch in tree.GetListOfBranches():
            branch.SetCompressionSettings(ROOT.RootBaler.Setting())

        random = ROOT.TRandom3(1)
        for number in range(entries):
            event.generate(number, random)
            tree.Fill()
        file.Write()
        print(f"{output}: {tree.GetTotBytes()} bytes became {tree.GetZipBytes()}")


if __name__ == "__main__":
    if len(sys.argv) > 3:
        sys.exit(__doc__)
    write_compressed(*sys.argv[1:])
