"""Compression by hand of a tree that is there: train a model on it, then copy it with a codec attached to the copy.

    . build/env.sh
    python3 train_and_compress.py Higgs_data.root sig_tree small.root higgs.model [BOUND]

The model is trained if there is no such file yet: once serves all files of a kind. An output that is there is not
replaced.
"""

import os
import subprocess
import sys

import ROOT

ROOT.gSystem.Load("libRootBaler")


def train_and_compress(source, tree_name, output, model, bound="rel-sigma=1e-3"):
    if os.path.exists(output):
        sys.exit(f"{output} exists: name another file, or remove it")
    if not os.path.exists(model):
        subprocess.run(["rootbaler", "train", source, "--tree", tree_name, "--bound", bound, "-o", model], check=True)

    with ROOT.TFile.Open(source) as before, ROOT.TFile.Open(output, "CREATE") as after:
        tree = before.Get(tree_name)
        copy = tree.CloneTree(0)
        ROOT.RootBaler.Codec.FromModelFile(model).Attach(copy)
        for branch in copy.GetListOfBranches():
            branch.SetCompressionSettings(ROOT.RootBaler.Setting())
        for entry in range(tree.GetEntries()):
            tree.GetEntry(entry)
            copy.Fill()
        after.Write()
        print(f"{tree_name}: {copy.GetTotBytes()} bytes became {copy.GetZipBytes()}")


if __name__ == "__main__":
    if len(sys.argv) not in (5, 6):
        sys.exit(__doc__)
    train_and_compress(*sys.argv[1:])
